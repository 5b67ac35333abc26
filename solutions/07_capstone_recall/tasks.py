"""The tasks of notebook 07: how good a memory's read-outs are, and how good they can be expected to be.

All arrays are fixed, most of them made by formula: nothing random is graded.
"""

import numpy as np

from autograder.task import Part, TaskSheet, case


def waves(n, d, speed):
    """n unit rows of d numbers in all directions, made by formula."""
    rows, columns = np.arange(1, n + 1)[:, None], np.arange(1, d + 1)
    x = np.cos(speed * rows * columns + 0.37 * rows**2)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def forty_readouts(values):
    """Of 40: 15 copies and 7 blurred copies (right); 10 negatives and 8 weak copies of the next value (wrong)."""
    kinds = np.array([0, 1, 0, 2, 3, 0, 1, 0, 2, 0, 3, 1, 0, 2, 0, 1, 3, 0, 2, 1] * 2)
    blurred = 0.8 * values + 0.3 * np.roll(values, 5, axis=0)
    choices = np.stack([values, -1.1 * values, blurred, 0.7 * np.roll(values, -1, axis=0)])
    return choices[kinds, np.arange(len(values))]


def readouts(keys, values):
    return keys @ (keys.T @ values)


FIVE = np.array([[-2.0, 1.0], [-1.0, -2.0], [1.0, 2.0], [1.0, -2.0], [2.0, 1.0]])
FIVE_READ = np.array([[-2.0, 1.0], [1.0, -1.5], [0.5, -2.0], [2.0, 1.0], [2.0, 0.5]])
THREE = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]])
THREE_READ = np.array([[-0.3, 0.4, 0.3, 0.4], [0.3, 0.6, -0.3, -0.3], [-0.8, 0.6, -0.8, -0.3]])
FORTY = waves(40, 12, 1.3)
SIGNS = np.array([[1, 1, -1, 1], [1, -1, 1, 1], [-1, 1, 1, -1], [1, 1, 1, -1], [-1, -1, 1, 1], [-1, 1, -1, 1]])
SIGNS_READ = np.array([[3, 1, -2, 1], [1, 2, 1, 3], [-2, 1, 3, -1], [-1, -2, 1, 1], [-3, -1, 4, 1], [1, -1, 2, 0]])
SQUARES = np.array([[3, 4], [4, 3], [5, 0], [0, 5], [-3, 4]])
SQUARES_READ = np.array([[1, 9], [5, 4], [7, 1], [3, 8], [-2, 1]])

accuracy = TaskSheet(
    "recall_accuracy",
    points=5,
    hidden="40 read-outs of many kinds, read-outs of a real memory, none right, all right, more pairs than features "
    "and fewer, a single pair, a single feature, integer arrays, and that R and V are unchanged",
    cases=[
        case("five read-outs of two", FIVE_READ, FIVE, public=True),
        case("three read-outs of four", THREE_READ, THREE, public=True),
        case("forty read-outs", forty_readouts(FORTY), FORTY),
        case("forty read-outs, scaled", 250 * forty_readouts(FORTY), FORTY),
        case("a real memory", readouts(waves(48, 16, 0.7), waves(48, 20, 2.1)), waves(48, 20, 2.1)),
        case("the next value each time", np.roll(FORTY, -1, axis=0), FORTY),
        case("blurred, all right", 0.9 * FORTY + 0.1 * np.roll(FORTY, 3, axis=0), FORTY),
        case(
            "two values of one feature",
            np.array([[0.25], [0.5]]),
            np.array([[-2.0], [2.0]]),
            part="one pair or feature",
        ),
        case("one pair", np.array([[0.5, -0.25, 1.0]]), np.array([[1.0, 1.0, -1.0]]), part="one pair or feature"),
        case("integers", SIGNS_READ, SIGNS, part="integers"),
        case("integers of two features", SQUARES_READ, SQUARES, part="integers"),
    ],
    parts=[
        Part("values", 3),
        Part(
            "one pair or feature",
            0.5,
            "With one pair, or one feature, R and V still have two axes: does one of them get lost on the way?",
        ),
        Part("integers", 0.5, "R and V may hold integers, too."),
        Part(
            "R and V unchanged",
            1,
            "R or V was changed. Whoever called you still needs both: build new arrays.",
            aspect="unchanged",
        ),
    ],
)


@accuracy.misconception(
    "LEAST_SIMILAR",
    "You took the LEAST similar value. Is a read-out more like the value for which the dot product is small, or large?",
)
def recall_accuracy(R, V):
    return np.mean((R @ V.T).argmin(axis=1) == np.arange(len(V)))


@accuracy.misconception(
    "WRONG_AXIS",
    "You asked for each stored value which read-out fits it best. It is the read-outs that choose, among the values: "
    "along which axis do the values stand in your table of dot products?",
)
def recall_accuracy(R, V):
    return np.mean((R @ V.T).argmax(axis=0) == np.arange(len(V)))


@accuracy.misconception("PERCENT", "You returned percent. A fraction between 0 and 1 is asked for.")
def recall_accuracy(R, V):
    return 100 * np.mean((R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.misconception(
    "COUNT_FOR_FRACTION",
    "This is how many read-outs are right. Which number must it be divided by so that memories with few pairs and "
    "with many can be compared?",
)
def recall_accuracy(R, V):
    return np.sum((R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.misconception(
    "EQUALITY",
    "You count a read-out only if it equals the stored value. A read-out is hardly ever equal to it, as noise is "
    "added: which of the values is it most similar to?",
)
def recall_accuracy(R, V):
    return np.mean(np.all(R == V, axis=1))


@accuracy.misconception(
    "ERROR_RATE",
    "This is the fraction of wrong answers. Try R = V, in which every answer is right: what should come out?",
)
def recall_accuracy(R, V):
    return np.mean((R @ V.T).argmax(axis=1) != np.arange(len(V)))


@accuracy.misconception(
    "SIGN_AGREEMENT",
    "This is the fraction of entries with the right sign, another measure. Here a whole row is one answer: right or "
    "wrong.",
)
def recall_accuracy(R, V):
    return np.mean(np.sign(R) == np.sign(V))


@accuracy.misconception(
    "ALL_SIGNS",
    "A row counts for you if all of its signs are right. It may have wrong ones and still be most similar to its own "
    "value: compare it with the other values.",
)
def recall_accuracy(R, V):
    return np.mean(np.all(np.sign(R) == np.sign(V), axis=1))


@accuracy.misconception(
    "SIGN_IGNORED",
    "You compare sizes of the dot products without their signs. What is the dot product of a value with its negative, "
    "and are the two similar?",
)
def recall_accuracy(R, V):
    return np.mean(np.abs(R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.misconception(
    "NO_COMPETITORS",
    "You looked at each read-out and its own value only. It has to win against all the other stored values, too.",
)
def recall_accuracy(R, V):
    return np.mean(np.sum(R * V, axis=1) > 0)


@accuracy.misconception(
    "MEAN_SIMILARITY",
    "This is the mean dot product of a read-out with its own value. Asked for is how often that one is the largest of"
    " all.",
)
def recall_accuracy(R, V):
    return np.mean(np.sum(R * V, axis=1))


@accuracy.misconception(
    "LARGEST_ENTRY",
    "You compared where the largest entry of each row stands. Two different values may have it in the same place: "
    "compare the rows as wholes, by their dot product.",
)
def recall_accuracy(R, V):
    return np.mean(R.argmax(axis=1) == V.argmax(axis=1))


@accuracy.misconception(
    "AMONG_READOUTS",
    "You compared read-outs with read-outs. The candidates for an answer are the stored values, the rows of V.",
)
def recall_accuracy(R, V):
    return np.mean((R @ R.T).argmax(axis=1) == np.arange(len(R)))


@accuracy.misconception(
    "DIVIDES_BY_FEATURES",
    "You divided by the number of features. One answer per row was given: how many rows are there?",
)
def recall_accuracy(R, V):
    return np.sum((R @ V.T).argmax(axis=1) == np.arange(len(V))) / V.shape[1]


@accuracy.misconception(
    "INTEGER_DIVISION",
    "The fraction was cut off to a whole number: // divides without a rest. Which sign divides with one?",
)
def recall_accuracy(R, V):
    return np.sum((R @ V.T).argmax(axis=1) == np.arange(len(V))) // len(V)


@accuracy.misconception(
    "EACH_CHOSEN_ONCE",
    "You let each stored value be chosen only once. Every read-out is judged by itself: all values are candidates, "
    "every time.",
)
def recall_accuracy(R, V):
    free, right = list(range(len(V))), 0
    for i, scores in enumerate(R @ V.T):
        best = max(free, key=scores.__getitem__)
        free.remove(best)
        right += best == i
    return right / len(V)


@accuracy.misconception(
    "NOT_AVERAGED",
    "These are right and wrong, row by row. One number is asked for: which fraction of the rows is right?",
)
def recall_accuracy(R, V):
    return (R @ V.T).argmax(axis=1) == np.arange(len(V))


@accuracy.misconception(
    "MUTATES_INPUT",
    "R or V was changed by your function, as with `/=` on it. The caller still needs both: make a new array, as `R / "
    "...` does.",
)
def recall_accuracy(R, V):
    R /= np.linalg.norm(R, axis=1, keepdims=True)
    return np.mean((R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.accepts("a loop and a count")
def recall_accuracy(R, V):
    right = 0
    for i, r in enumerate(R):
        scores = [float(np.dot(r, v)) for v in V]
        right += scores.index(max(scores)) == i
    return right / len(R)


@accuracy.accepts("nearest by distance, as values have equal length")
def recall_accuracy(R, V):
    distances = ((R[:, None, :] - V[None, :, :]) ** 2).sum(axis=2)
    return (distances.argmin(axis=1) == np.arange(len(R))).mean()


@accuracy.accepts("cosine")
def recall_accuracy(R, V):
    cosine = (R @ V.T) / np.linalg.norm(R, axis=1)[:, None] / np.linalg.norm(V, axis=1)
    return np.count_nonzero(np.argmax(cosine, axis=1) == np.arange(len(V))) / len(V)


@accuracy.accepts("the diagonal is the largest of its row")
def recall_accuracy(R, V):
    scores = np.einsum("ik,jk->ij", R, V)
    return np.mean(np.diag(scores) >= scores.max(axis=1))


@accuracy.accepts("values by rows, read-outs by columns")
def recall_accuracy(R, V):
    best = np.argsort(V @ R.T, axis=0)[-1]
    hits = [1.0 if b == i else 0.0 for i, b in enumerate(best)]
    return np.array([sum(hits) / len(hits)])[0]


errors = TaskSheet(
    "expected_mse",
    points=4,
    hidden="other n and d for each kind, n below, at and above d, errors above 1, d = 1, and n = 1",
    cases=[
        case("additive, 41 pairs in 16 dimensions", "additive", 41, 16, public=True, part="additive"),
        case("best linear, 8 pairs in 6 dimensions", "best_linear", 8, 6, public=True, part="best linear"),
        case("average of 4", "average", 4, 16, public=True, part="average"),
        case("best linear, 3 pairs in 12 dimensions", "best_linear", 3, 12, public=True, part="best linear"),
        case("additive, 6 pairs in 40 dimensions", "additive", 6, 40, part="additive"),
        case("additive, 300 pairs in 24 dimensions", "additive", 300, 24, part="additive"),
        case("additive, as many pairs as dimensions", "additive", 12, 12, part="additive"),
        case("additive in one dimension", "additive", 7, 1, part="additive"),
        case("best linear, 300 pairs in 24 dimensions", "best_linear", 300, 24, part="best linear"),
        case("best linear, one pair too many", "best_linear", 33, 32, part="best linear"),
        case("best linear in one dimension", "best_linear", 7, 1, part="best linear"),
        case("average of 300", "average", 300, 24, part="average"),
        case("average of 6", "average", 6, 40, part="average"),
        case("average of 2", "average", 2, 3, part="average"),
        case("best linear, 6 pairs in 40 dimensions", "best_linear", 6, 40, part="best linear"),
        case("best linear, as many pairs as dimensions", "best_linear", 12, 12, part="best linear"),
        case("additive, one pair", "additive", 1, 8, part="n = 1"),
        case("best linear, one pair", "best_linear", 1, 8, part="n = 1"),
        case("average, one pair", "average", 1, 8, part="n = 1"),
    ],
    parts=[
        Part("additive", 1, "Additive: how many other pairs disturb the one that is asked for, and how strongly each?"),
        Part(
            "best linear", 1.5, "Best linear: how many of n directions can d numbers match, below, at and above n = d?"
        ),
        Part("average", 1, "Average: write the error for n = 3 as a sum of the values, and square its parts."),
        Part(
            "n = 1", 0.5, "A single pair has nothing that disturbs it: which error is left, for each kind?", edge=True
        ),
    ],
)


@errors.misconception(
    "NOISE_FROM_ITSELF",
    "The additive error has one term too many: a pair makes no noise for itself. Of n pairs, how many disturb it?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return n / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.misconception(
    "DIVIDED_TWICE",
    "The additive error was divided by d once more. The noise is compared over the whole value, whose length is 1; "
    "the mean square of one dot product of keys already is 1/d.",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d**2
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.misconception(
    "ROOT_FOR_SQUARE", "These are roots. The squared error is asked for, as it is the one that adds up."
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return np.sqrt((n - 1) / d)
    if kind == "best_linear":
        return np.sqrt(max(0.0, 1 - d / n))
    return np.sqrt(1 - 1 / n)


@errors.misconception(
    "ROOT_OF_NOISE",
    "For the additive memory you took the root: the size of the noise, not its square. The squared error is asked for.",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return np.sqrt((n - 1) / d)
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.misconception(
    "NEGATIVE_ERROR",
    "For fewer pairs than dimensions your best linear error is negative. A square can't be: what is the error if "
    "everything can be fitted?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return 1 - d / n
    return 1 - 1 / n


@errors.misconception(
    "EXPLAINED_FOR_ERROR",
    "For the average you returned the part that it does get right. Check with n = 1, when the average IS the value: "
    "which error has it?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 / n


@errors.misconception(
    "FITTED_FOR_ERROR",
    "For the best linear memory you returned the part that is fitted. The error is what is left of the squared "
    "length, 1.",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return min(1.0, d / n)
    return 1 - 1 / n


@errors.misconception(
    "CAPPED_AT_ONE",
    "You cut the additive error off at 1. It has no such bound: with enough pairs it is worse than reading nothing at"
    " all, whose error is 1.",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return min(1.0, (n - 1) / d)
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.misconception(
    "INVERSE_SHARE",
    "The share of the best linear memory is upside down: d of the n directions can be fitted. "
    "Does your error grow with n, as it must?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - n / d)
    return 1 - 1 / n


@errors.misconception(
    "RATIO_FOR_ERROR",
    "For the best linear memory you returned pairs per dimension, n/d. Which share of n directions can d numbers fit, "
    "and which share is left?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return n / d
    return 1 - 1 / n


@errors.misconception(
    "PERFECT_IF_LONG_ENOUGH",
    "Your best linear memory never errs. With more pairs than dimensions there are more numbers to hit than numbers "
    "to choose: can all be hit?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return 0.0
    return 1 - 1 / n


@errors.misconception(
    "BEST_SCALE",
    "Your additive error is that of a read-out shrunk by the best factor. This memory returns its plain sum: nothing "
    "shrinks it, and the error has no upper bound.",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / (n - 1 + d)
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.misconception(
    "AVERAGE_HAS_KEYS",
    "You treated the average like the best linear memory. It keeps no keys, so d plays no part: it has one row to fit"
    " all.",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    return max(0.0, 1 - d / n)


@errors.misconception(
    "ARGUMENTS_SWAPPED", "n and d are exchanged. Read the order of the arguments again: pairs first, then dimensions."
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (d - 1) / n
    if kind == "best_linear":
        return max(0.0, 1 - n / d)
    return 1 - 1 / d


@errors.misconception(
    "INTEGER_DIVISION",
    "The additive error was cut off to a whole number: // divides without a rest. Which sign divides with one?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) // d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.misconception(
    "ONE_NEIGHBOUR",
    "Your additive error is the noise of a single other pair. How many others are there, and what does fact B say of "
    "their sum?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return 1 / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n


@errors.misconception(
    "OWN_SHARE_ONLY",
    "For the average you squared what is missing of the value itself. The other values are in the mean too: "
    "by fact B their squares are added.",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return ((n - 1) / n) ** 2


@errors.misconception(
    "SHARE_OF_DIMENSIONS",
    "For the best linear memory you divided the missed directions by d. The squared length of a column is spread over "
    "all directions: how many are there?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, (n - d) / d)
    return 1 - 1 / n


@errors.misconception(
    "INTEGER_DIVISION_EVERYWHERE",
    "Fractions were cut off to whole numbers: // divides without a rest. Which sign divides with one?",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) // d
    if kind == "best_linear":
        return max(0, 1 - d // n)
    return 1 - 1 // n


@errors.misconception(
    "MEAN_OF_OTHERS",
    "Your average leaves the asked value out, so the error is larger than 1. Its memory holds all n values: write v_1"
    " minus the mean of v_1 and v_2, and square it.",
)
def expected_mse(kind, n, d):
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 + 1 / (n - 1)


@errors.accepts("a dictionary")
def expected_mse(kind, n, d):
    return {"additive": (n - 1) / d, "best_linear": max(0, 1 - d / n), "average": 1 - 1 / n}[kind]


@errors.accepts("fractions of what is left")
def expected_mse(kind, n, d):
    if kind == "average":
        return (n - 1) / n
    if kind == "best_linear":
        return (n - min(n, d)) / n
    return n / d - 1 / d


@errors.accepts("counts directions")
def expected_mse(kind, n, d):
    if kind == "additive":
        return sum(1 / d for _ in range(n - 1))
    directions = 1 if kind == "average" else d
    return 0.0 if n <= directions else 1 - directions / n


@errors.accepts("exact fractions, turned into floats")
def expected_mse(kind, n, d):
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


@errors.accepts("numpy numbers")
def expected_mse(kind, n, d):
    if kind == "additive":
        return np.divide(n - 1, d)
    return np.clip(1 - np.float64(d if kind == "best_linear" else 1) / n, 0, None)
