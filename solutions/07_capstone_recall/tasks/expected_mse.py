import numpy as np

from autograder.authoring import Part, TaskSheet, case

errors = TaskSheet(
    "expected_mse",
    points=4,
    hidden="other n and d for each kind, n below, at and above d, errors above 1, d = 1, and n = 1",
    cases=[
        case("additive, 41 pairs in 16 dimensions", "additive", 41, 16, public=True, part="additive"),
        case("best linear, 8 pairs in 6 dimensions", "best_linear", 8, 6, public=True, part="best linear"),
        case("average of 4 pairs in 16 dimensions", "average", 4, 16, public=True, part="average"),
        case("additive, 5 pairs in 7 dimensions", "additive", 5, 7, public=True, part="additive"),
        case("additive, 29 pairs in 3 dimensions", "additive", 29, 3, public=True, part="additive"),
        case("best linear, 31 pairs in 12 dimensions", "best_linear", 31, 12, public=True, part="best linear"),
        case("best linear, 11 pairs in 3 dimensions", "best_linear", 11, 3, public=True, part="best linear"),
        case("best linear, 5 pairs in 18 dimensions", "best_linear", 5, 18, public=True, part="best linear"),
        case("average of 7 pairs in 4 dimensions", "average", 7, 4, public=True, part="average"),
        case("best linear, 3 pairs in 12 dimensions", "best_linear", 3, 12, public=True, part="best linear"),
        case("best linear, 23 pairs in 5 dimensions", "best_linear", 23, 5, public=True, part="best linear"),
        case("average of 13 pairs in 5 dimensions", "average", 13, 5, public=True, part="average"),
        case("average of one pair", "average", 1, 8, public=True, part="n = 1"),
        case("additive, 53 pairs in 11 dimensions", "additive", 53, 11, part="additive"),
        case("additive, 6 pairs in 40 dimensions", "additive", 6, 40, part="additive"),
        case("additive, 300 pairs in 24 dimensions", "additive", 300, 24, part="additive"),
        case("additive, as many pairs as dimensions", "additive", 12, 12, part="additive"),
        case("additive in one dimension", "additive", 7, 1, part="additive"),
        case("additive, 61 pairs in 9 dimensions", "additive", 61, 9, public=True, part="additive"),
        case("best linear, 300 pairs in 24 dimensions", "best_linear", 300, 24, part="best linear"),
        case("best linear, one pair too many", "best_linear", 33, 32, part="best linear"),
        case("best linear in one dimension", "best_linear", 7, 1, part="best linear"),
        case("best linear, 6 pairs in 40 dimensions", "best_linear", 6, 40, part="best linear"),
        case("best linear, as many pairs as dimensions", "best_linear", 12, 12, part="best linear"),
        case("average of 300", "average", 300, 24, part="average"),
        case("average of 6", "average", 6, 40, part="average"),
        case("average of 2", "average", 2, 3, part="average"),
        case("average of 29 pairs in 6 dimensions", "average", 29, 6, part="average"),
        case("average of 17", "average", 17, 11, part="average"),
        case("additive, one pair", "additive", 1, 8, part="n = 1"),
        case("best linear, one pair", "best_linear", 1, 8, part="n = 1"),
    ],
    parts=[
        Part(
            "additive",
            1,
            "Additive isn't right yet. How many other pairs disturb the one that is asked for, and how strongly each?",
            own_kind=True,
        ),
        Part(
            "best linear",
            1.5,
            "Best linear isn't right yet. How many of n directions can d numbers match, below, at and above n = d?",
            own_kind=True,
        ),
        Part(
            "average",
            1,
            "The average isn't right yet. Write its error for n = 3 as a sum of the values, and square its parts.",
            own_kind=True,
        ),
        Part(
            "n = 1",
            0.5,
            "With a single pair it isn't right yet, in one kind or in more. It has nothing that disturbs it: which "
            "error is left?",
            edge=True,
            own_kind=True,
        ),
    ],
)


@errors.wrong
def NOISE_FROM_ITSELF(kind, n, d):
    """The additive error has one term too many: a pair makes no noise for itself. Of n pairs, how many disturb it?"""
    if kind == "additive":
        return n / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def DIVIDED_TWICE(kind, n, d):
    """Your additive error is (n-1)/d^2: d is in it once too often. The whole value has length 1, so its noise is
    divided by 1, and the mean square of one dot product of keys is 1/d as it stands."""
    if kind == "additive":
        return (n - 1) / d**2
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def ROOT_FOR_SQUARE(kind, n, d):
    """These are roots. The squared error is asked for, as it is the one that adds up: what is the mean square of one
    noise term?"""
    if kind == "additive":
        return np.sqrt((n - 1) / d)
    if kind == "best_linear":
        return np.sqrt(max(0.0, 1 - d / n))
    return np.sqrt(1 - 1 / n)


@errors.wrong
def ROOT_OF_NOISE(kind, n, d):
    """For the additive memory you took the root: the size of the noise, not its square. The squared error is asked for:
    what is the mean square of one noise term?"""
    if kind == "additive":
        return np.sqrt((n - 1) / d)
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def NEGATIVE_ERROR(kind, n, d):
    """For fewer pairs than dimensions your best linear error is negative. A square can't be: what is the error
    if everything can be fitted?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return 1 - d / n
    return 1 - 1 / n


@errors.wrong
def EXPLAINED_FOR_ERROR(kind, n, d):
    """For the average you returned 1/n, the part that it does get right. Check with n = 1, when the average IS the
    value: which error has it?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 / n


@errors.wrong
def FITTED_FOR_ERROR(kind, n, d):
    """For the best linear memory you returned the part that is fitted. The error is what is left of the squared length
    1: what is it for n = d, when all is fitted?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return d / n
    return 1 - 1 / n


@errors.wrong
def INVERSE_SHARE(kind, n, d):
    """The share of the best linear memory is upside down: d of the n directions can be fitted. Does your error grow
    with n, as it must?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - n / d)
    return 1 - 1 / n


@errors.wrong
def RATIO_FOR_ERROR(kind, n, d):
    """For the best linear memory you returned pairs per dimension, n/d. Which share of n directions can d numbers
    fit, and which share is left?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return n / d
    return 1 - 1 / n


@errors.wrong
def BEST_SCALE(kind, n, d):
    """Your additive error is that of a read-out shrunk by the best factor. This memory returns its plain sum: nothing
    shrinks it, and the error has no upper bound."""
    if kind == "additive":
        return (n - 1) / (n - 1 + d)
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def AVERAGE_HAS_KEYS(kind, n, d):
    """For the average you returned max(0, 1 - d/n), as for the best linear memory. It keeps no keys, so d plays no
    part: it has how many rows to fit all?"""
    if kind == "additive":
        return (n - 1) / d
    return max(0.0, 1 - d / n)


@errors.wrong
def ARGUMENTS_SWAPPED(kind, n, d):
    """n and d are exchanged. The arguments come as pairs first, then dimensions: with more pairs, should the error grow
    or shrink?"""
    if kind == "additive":
        return (d - 1) / n
    if kind == "best_linear":
        return max(0.0, 1 - n / d)
    return 1 - 1 / d


@errors.wrong
def INTEGER_DIVISION(kind, n, d):
    """The additive error was cut off to a whole number: // drops the fraction. Which operator keeps it?"""
    if kind == "additive":
        return (n - 1) // d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def ONE_NEIGHBOUR(kind, n, d):
    """Your additive error is the noise of a single other pair. How many others are there, and what does fact B say of
    their sum?"""
    if kind == "additive":
        return 1 / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def OWN_SHARE_ONLY(kind, n, d):
    """For the average you squared what is missing of the value itself. The other values are in the mean too: what do
    their squares add, by fact B?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return ((n - 1) / n) ** 2


@errors.wrong
def SHARE_OF_DIMENSIONS(kind, n, d):
    """For the best linear memory you divided the missed directions by d. The squared length of a column is spread over
    all directions: how many are there?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, (n - d) / d)
    return 1 - 1 / n


@errors.wrong
def SIZE_FOR_SQUARE(kind, n, d):
    """Each noise term counts with 1/sqrt(d) in your additive error: that is its size. The squared error adds up
    squares: what is the mean square of one dot product?"""
    if kind == "additive":
        return (n - 1) / np.sqrt(d)
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def SQUARE_OF_SUM(kind, n, d):
    """Your additive error is ((n-1)/d) squared. The terms are independent, so their squares add up (fact B), and each
    mean square is 1/d already: what is squared once more?"""
    if kind == "additive":
        return ((n - 1) / d) ** 2
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def ROOT_OF_TERMS_SQUARED(kind, n, d):
    """Your additive error is that of n-1 equal terms in one direction, (n-1) squared over d. Independent terms point
    anywhere, so their squares add up (fact B): how many squares are there?"""
    if kind == "additive":
        return (n - 1) ** 2 / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def OWN_VALUE_AS_ERROR(kind, n, d):
    """Your additive error is 1 too large, as if the own value were an error. It comes back whole: what is left of r -
    v?"""
    if kind == "additive":
        return 1 + (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def UPSIDE_DOWN(kind, n, d):
    """Your additive error is upside down: d/(n-1). With more pairs, should it grow or shrink?"""
    if kind == "additive":
        return d / (n - 1) if n > 1 else 0.0
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def ALL_PAIRS_OF_KEYS(kind, n, d):
    """Your additive error counts all n(n-1)/2 pairs of keys. One read-out is asked for: how many other keys disturb
    it?"""
    if kind == "additive":
        return n * (n - 1) / 2 / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def TOTAL_OF_ADDITIVE(kind, n, d):
    """Your additive error is that of all n read-outs together. The error per pair is asked for: by what must it be
    divided?"""
    if kind == "additive":
        return n * (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def TOTAL_FOR_MEAN(kind, n, d):
    """Your errors are those of all n pairs together, in every kind. The error per pair is asked for: by what must they
    be divided?"""
    if kind == "additive":
        return n * (n - 1) / d
    if kind == "best_linear":
        return max(0, n - d)
    return n - 1


@errors.wrong
def ONE_DIMENSION_LESS(kind, n, d):
    """Your additive error divides by d - 1. By fact A the squares of the d coordinates add up to 1, and none is
    preferred: what is one of them on average?"""
    if kind == "additive":
        return (n - 1) / (d - 1) if d > 1 else 0.0
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def ONE_DIMENSION_MORE(kind, n, d):
    """Your additive error divides by d + 1. By fact A the squares of the d coordinates add up to 1, and none is
    preferred: what is one of them on average?"""
    if kind == "additive":
        return (n - 1) / (d + 1)
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def ADDITIVE_PER_PAIR(kind, n, d):
    """Your additive error was divided by n once more. It is the error of one read-out already: how many terms disturb
    it, and how strongly each?"""
    if kind == "additive":
        return (n - 1) / (n * d)
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def FITTED_ABOVE(kind, n, d):
    """For the best linear memory with n > d you returned d/n, the part that is fitted. The error is what is left of the
    squared length 1: what is it for very many pairs, when hardly anything is fitted?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return d / n if n > d else 0.0
    return 1 - 1 / n


@errors.wrong
def ABSOLUTE_VALUE(kind, n, d):
    """For fewer pairs than dimensions your best linear error is d/n - 1, as an absolute value makes it. What is the
    error if everything can be fitted?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return abs(1 - d / n)
    return 1 - 1 / n


@errors.wrong
def ROOT_OF_BEST_LINEAR(kind, n, d):
    """For the best linear memory you took the root: the size of the error, not its square. The share of the squared
    length that is left is asked for: which share of n directions is missed?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return np.sqrt(max(0.0, 1 - d / n))
    return 1 - 1 / n


@errors.wrong
def SQUARE_OF_SHARE(kind, n, d):
    """For the best linear memory you squared the share that is missed. It is a share of the squared length already:
    which share of n directions is missed?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n) ** 2
    return 1 - 1 / n


@errors.wrong
def TOTAL_OF_BEST_LINEAR(kind, n, d):
    """For the best linear memory you returned n - d, the number of directions that are missed. A squared length of 1 is
    spread over how many directions?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0, n - d)
    return 1 - 1 / n


@errors.wrong
def ONE_DIRECTION_MORE(kind, n, d):
    """Your best linear memory matches d + 1 directions. One column of S has d numbers: how many directions does K s
    fill?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - (d + 1) / n)
    return 1 - 1 / n


@errors.wrong
def ONE_DIRECTION_LESS(kind, n, d):
    """Your best linear memory matches d - 1 directions. One column of S has d numbers: how many directions does K s
    fill?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - (d - 1) / n)
    return 1 - 1 / n


@errors.wrong
def PAIRS_LESS_ONE(kind, n, d):
    """Your best linear memory counts n - 1 pairs: max(0, n - 1 - d) of n - 1 directions are missed. It is asked for all
    pairs: how many directions are there?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / (n - 1)) if n > 1 else 0.0
    return 1 - 1 / n


@errors.wrong
def OTHERS_ONLY(kind, n, d):
    """For the average you counted only the other values, (n-1)/n^2. The own value comes back with the weight 1/n: what
    is missing of it, squared?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return (n - 1) / n**2


@errors.wrong
def WEIGHT_NOT_SQUARED(kind, n, d):
    """For the average the other values count with 1/n each, and the own with (1 - 1/n) squared. By fact B squares are
    added: what is the square of one of the others' weights?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return (1 - 1 / n) ** 2 + (n - 1) / n


@errors.wrong
def HALF_OF_HALF(kind, n, d):
    """For the average you went on from 1/2 and 3/4 with halves: 1 - 2^-(n-1). These examples are n = 2 and n = 4: what
    does n = 3 give by hand?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 0.5 ** (n - 1)


@errors.wrong
def DIMENSIONS_IN_AVERAGE(kind, n, d):
    """Your error of the average was divided by d. Values have length 1 whatever their size: does d stand anywhere in
    v_1 - mean?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return (1 - 1 / n) / d


@errors.wrong
def ROOT_OF_AVERAGE(kind, n, d):
    """For the average you took the root: the size of the error, not its square. What is the squared length of v_1/2 -
    v_2/2?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return np.sqrt(1 - 1 / n)


@errors.wrong
def DIVIDES_BY_ONE_LESS(kind, n, d):
    """For the average you took 1/(n-1). The mean of n values gives each the weight 1/n: what is the error for n = 2 by
    hand?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / (n - 1) if n > 1 else 0.0


@errors.wrong
def DIVIDES_BY_ONE_MORE(kind, n, d):
    """For the average you took 1/(n+1). The mean of n values gives each the weight 1/n: what is the error for n = 2 by
    hand?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / (n + 1)


@errors.wrong
def AVERAGE_IS_ADDITIVE(kind, n, d):
    """For the average you returned (n-1)/d, as for the additive memory. The average divides by n: which weight has each
    of the others in it?"""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return (n - 1) / d


@errors.wrong
def MEAN_OF_OTHERS(kind, n, d):
    """Your error of the average is larger than 1, as if the mean left the asked value out. It holds all n values: write
    v_1 minus the mean of v_1 and v_2, and square it."""
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 + 1 / (n - 1)


@errors.wrong
def ADDITIVE_IS_AVERAGE(kind, n, d):
    """For the additive memory you returned (n-1)/n, as for the average. It returns its plain sum, and keys keep the
    pairs apart: how much noise does each of the others make?"""
    if kind == "additive":
        return (n - 1) / n
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.wrong
def ARGUMENTS_SWAPPED_IN_ADDITIVE(kind, n, d):
    """n and d are exchanged in the additive error: (d-1)/n. With more pairs, should it grow or shrink?"""
    if kind == "additive":
        return (d - 1) / n
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.right
def dictionary_of_kinds(kind, n, d):
    return {"additive": (n - 1) / d, "best_linear": max(0, 1 - d / n), "average": 1 - 1 / n}[kind]


@errors.right
def fractions_of_what_is_left(kind, n, d):
    if kind == "average":
        return (n - 1) / n
    if kind == "best_linear":
        return (n - min(n, d)) / n
    return n / d - 1 / d


@errors.right
def directions_counted(kind, n, d):
    if kind == "additive":
        return sum(1 / d for _ in range(n - 1))
    directions = 1 if kind == "average" else d
    return 0.0 if n <= directions else 1 - directions / n


@errors.right
def exact_fractions(kind, n, d):
    from fractions import Fraction

    match kind:
        case "additive":
            error = Fraction(n - 1, d)
        case "best_linear":
            error = max(Fraction(0), 1 - Fraction(d, n))
        case "average":
            error = (1 - Fraction(1, n)) ** 2 + (n - 1) * Fraction(1, n) ** 2
        case _:
            raise ValueError(kind)
    return float(error)


@errors.right
def numpy_numbers(kind, n, d):
    if kind == "additive":
        return np.divide(n - 1, d)
    return np.clip(1 - np.float64(d if kind == "best_linear" else 1) / n, 0, None)
