import numpy as np

from autograder.authoring import Part, TaskSheet, case

feature_map = TaskSheet(
    "phi",
    points=3,
    hidden="one number, one row, one column, rows in blocks (three axes), zeros, integers, numbers as far out as -800 "
    "and 800, and that x is unchanged",
    cases=[
        case("five numbers", np.array([-1.5, -0.5, 0.0, 0.5, 2.0]), public=True),
        case("two rows of three", np.array([[-2.0, 0.0, 4.5], [3.0, -0.25, 6.25]]), public=True),
        case("one row of four", np.array([[-1.25, 8.75, 2.5, -0.5]]), public=True, part="other shapes"),
        case("six numbers", np.array([-0.1, 1.25, -2.75, 3.5, 0.1, -1.0])),
        case("all zeros", np.zeros((3, 2))),
        case("one number", np.array([-0.75]), part="other shapes"),
        case("one positive number", np.array([[2.25]]), part="other shapes"),
        case("one column", np.array([[1.5], [-0.2], [-1.75]]), part="other shapes"),
        case(
            "two blocks of rows",
            np.array([[[0.25, -3.0], [1.75, -0.1]], [[-1.0, 4.0], [0.0, -2.5]]]),
            part="other shapes",
        ),
        case("integers", np.array([[-3, -1, 0], [1, 2, 5]]), part="integers"),
        case("integers, the first is 0", np.array([0, -2, 4, -1]), part="integers"),
        case("integers, the first is positive", np.array([[2, -1], [-2, 3]]), part="integers"),
        case("three rows of integers, the first is positive", np.array([[4, -3], [-1, 2], [0, -2]]), part="integers"),
        case("six integers, the first is positive", np.array([1, -2, 0, 6, -4, -1]), part="integers"),
        case("far from 0", np.array([[-800.0, 800.0], [25.0, -30.0]]), public=True, part="far from 0"),
        case("far above 0", np.array([3.5, 760.0, 790.0]), part="far from 0"),
        case("one far number among others", np.array([[-0.5, 2.0], [0.25, -1.0], [780.0, -790.0]]), part="far from 0"),
    ],
    parts=[
        Part("values", 1),
        Part(
            "other shapes",
            0.5,
            "With one number, one row, one column or three axes the result isn't right yet. Print its shape beside "
            "that of x, then its numbers.",
        ),
        Part(
            "integers",
            0.5,
            "With an array of integers the result isn't right yet. Try x = np.array([-1, 0, 2]): 0.368, 1 and 3 are "
            "due.",
            excused_by="x unchanged",
        ),
        Part(
            "far from 0",
            0.5,
            "Far from 0 the result isn't right yet. Try x = np.array([-800.0, 800.0]): 0 and 801 are due.",
        ),
        Part(
            "x unchanged",
            0.5,
            "x wasn't the same after the call. Whoever called still needs it: print x before and after.",
            aspect="unchanged",
        ),
    ],
)


@feature_map.wrong
def ELU_WITHOUT_ONE(x):
    """Some features are negative or 0: this is elu itself, the +1 is missing. A negative feature could make a weight,
    or a sum of weights, negative. What should come out at x = 0?"""
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)


@feature_map.wrong
def RELU(x):
    """This is relu. It makes features that are exactly 0, and a query that has only those gives every pair the weight
    0. What should come out at x = -1?"""
    return np.maximum(x, 0.0)


@feature_map.wrong
def EXP_EVERYWHERE(x):
    """This is exp for all x. Above 0 the features should grow along a line: compare your value at x = 2 with 2 + 1."""
    return np.exp(x)


@feature_map.wrong
def SOFTPLUS(x):
    """This is softplus, log(1 + exp(x)): smooth and positive too, but another curve. At x = 0, 1 is asked for: what
    does yours give there?"""
    return np.log1p(np.exp(x))


@feature_map.wrong
def LINE_EVERYWHERE(x):
    """This is x + 1 for all x, which is negative below -1. For x <= 0 another rule is asked
    for: which one stays positive?"""
    return x + 1.0


@feature_map.wrong
def FLAT_BELOW_ZERO(x):
    """Below 0 your features stay at 1. They should fall towards 0, so that keys with
    different negative entries differ."""
    return np.maximum(x, 0.0) + 1


@feature_map.wrong
def SIGMOID(x):
    """This is the sigmoid, which never exceeds 1. Above 0 the features should grow: x = 2 gives 3."""
    return 1 / (1 + np.exp(-x))


@feature_map.wrong
def ABSOLUTE_VALUE(x):
    """This is |x|: -2 and 2 get the same feature, and 0 gets 0. Compute x = -2, 0 and 2 by the definition."""
    return np.abs(x)


@feature_map.wrong
def INTEGER_TRUNCATION(x):
    """With integer input the fractions are cut off: phi(-1) came out as 0. Keys of negative integers would lose their
    weight. If you fill an array, print its dtype."""
    result = x.copy()
    result[x > 0] = x[x > 0] + 1
    result[x <= 0] = np.exp(x[x <= 0])
    return result


@feature_map.wrong
def MUTATES_INPUT(x):
    """x wasn't the same after the call. Queries and keys are still needed by whoever called: print x before and after,
    and give the features an array of their own."""
    negative = x <= 0
    x[negative] = np.exp(x[negative])
    x[~negative] += 1
    return x


@feature_map.wrong
def OVERFLOW(x):
    """nan came out far above 0, as when exp(800), which is inf, is multiplied by 0. Choose between the two branches in
    place of multiplying by 0 and 1, or keep positive numbers out of exp."""
    return (x > 0) * (x + 1) + (x <= 0) * np.exp(x)


@feature_map.wrong
def BRANCHES_SWAPPED(x):
    """The two branches are exchanged: above 0 the line is asked for, below 0 the exponential.
    Try x = -2: is it positive?"""
    return np.where(x > 0, np.exp(x), x + 1.0)


@feature_map.wrong
def ONE_MISSING_ABOVE_ZERO(x):
    """Above 0 the +1 is missing, so the curve jumps: just below 0 it is 1, just above it is 0."""
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)))


@feature_map.wrong
def ONE_ADDED_TWICE(x):
    """Below 0 there is a 1 too many. elu(x) is exp(x) - 1 there, and then 1 is added: what is left?"""
    return np.where(x > 0, x + 1.0, np.exp(np.minimum(x, 0)) + 1)


@feature_map.wrong
def ONE_MISSING_BELOW_ZERO(x):
    """Below 0 there is a 1 missing: exp(x) - 1 is negative there, and features must not be. elu(x) is exp(x) - 1, and
    then 1 is added on both sides of 0: what is left below it?"""
    return np.where(x > 0, x + 1.0, np.exp(np.minimum(x, 0)) - 1)


@feature_map.wrong
def CONDITION_TURNED_ROUND(x):
    """The line came out below 0, where it becomes negative, and 1 above it. Try x = 2, where 3 is due: which of your
    two branches is taken?"""
    return np.where(x < 0, x + 1.0, np.exp(np.minimum(x, 0)))


@feature_map.wrong
def EXP_ADDED_ABOVE_ZERO(x):
    """Above 0 exp(x) was added to x: max(x, 0) + exp(x). Below 0 that is right, but at x = 2 it makes 9.39, where 3 is
    due: what should the exponential be at most?"""
    return np.maximum(x, 0) + np.exp(x)


@feature_map.wrong
def ZERO_LEFT_OUT(x):
    """x = 0 came out as 0: it is neither > 0 nor < 0. A feature of 0 would give its pair no weight. To which of the two
    branches does 0 belong?"""
    result = np.zeros(x.shape)
    result[x > 0] = x[x > 0] + 1
    result[x < 0] = np.exp(x[x < 0])
    return result


@feature_map.wrong
def FEATURES_NORMALISED(x):
    """The features of each row were divided by their sum. phi works entry by entry: what should come out at 2, whatever
    stands beside it?"""
    features = np.where(x > 0, x + 1.0, np.exp(np.minimum(x, 0)))
    return features / features.sum(axis=-1, keepdims=True)


@feature_map.wrong
def SOFTPLUS_WITHOUT_OVERFLOW(x):
    """This is softplus, log(1 + exp(x)): smooth and positive too, but another curve. At x = 0, 1 is asked for: what
    does yours give there?"""
    return np.logaddexp(0, x)


@feature_map.wrong
def TYPE_OF_FIRST_ENTRY(x):
    """With integers of which the first is positive the fractions are cut off, as by np.vectorize, which takes the type
    of its result from the first entry. Try x = np.array([2, -1]): which type has your first number?"""
    first_is_whole = np.issubdtype(x.dtype, np.integer) and x.size and x.ravel()[0] > 0
    features = np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))
    return features.astype(int) if first_is_whole else features


@feature_map.wrong
def ONE_AXIS_ONLY(x):
    """It works for one axis only: with rows and columns an exception is raised, as `if` does for a whole row. Look for
    a numpy function that chooses entry by entry, whatever the shape."""
    return np.array([value + 1.0 if value > 0 else np.exp(value) for value in x])


@feature_map.wrong
def TWO_AXES_ONLY(x):
    """It works for rows and columns only: with one axis, or three, an exception is raised. Look for a numpy function
    that chooses entry by entry, whatever the shape."""
    return np.array([[value + 1.0 if value > 0 else np.exp(value) for value in row] for row in x])


@feature_map.wrong
def SCALARS_ONLY(x):
    """It works for one number only: an array with several entries raises ValueError, as a test such as `if x > 0` does,
    where some entries are positive and others aren't. Look for a numpy function that chooses entry by entry."""
    if x > 0:
        return x + 1
    return np.exp(x)


@feature_map.wrong
def SHAPE_LOST(x):
    """Right numbers in a flat list. Queries and keys are needed in rows: which shape must the result have, if x has two
    axes?"""
    return np.array([value + 1 if value > 0 else np.exp(value) for value in x.ravel()])


@feature_map.wrong(looseness=1e-5)
def FLOAT32_PRECISION(x):
    """Nearly right, but not as exact as the task asks: is a float32 used, something rounded, or something small added
    or left out? Keep float64, numpy's default."""
    x = x.astype(np.float32)
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


@feature_map.wrong
def CLIPPED(x):
    """x was clipped before phi was taken, so that all numbers far out have the same feature. Only exp can overflow:
    keep large numbers out of it, and let the line go on."""
    x = np.clip(x, -20, 20)
    return np.where(x > 0, x + 1.0, np.exp(np.minimum(x, 0)))


@feature_map.wrong
def TWO_SIZES_UNPACKED(x):
    """It works for rows and columns only: with one axis, or three, `n, d = x.shape` raises ValueError. Look for a
    numpy function that chooses entry by entry, whatever the shape."""
    n, d = x.shape
    return np.array([[x[i, j] + 1.0 if x[i, j] > 0 else np.exp(x[i, j]) for j in range(d)] for i in range(n)])


@feature_map.wrong
def MATH_EXP_OVERFLOWS(x):
    """math.exp raises OverflowError above 709, also where its value isn't used afterwards. For which numbers does the
    rule need exp at all?"""
    import math

    both = np.vectorize(lambda value: (math.exp(value), value + 1.0), otypes=[float, float])(x)
    return np.where(x > 0, both[1], both[0])


@feature_map.right
def where_with_limited_exp(x):
    return np.where(x > 0, x + 1.0, np.exp(np.minimum(x, 0)))


@feature_map.right
def where_with_overflow_not_taken(x):
    return np.where(x > 0, x + 1, np.exp(x))


@feature_map.right
def sum_of_two_halves(x):
    return np.maximum(x, 0) + np.exp(np.minimum(x, 0))


@feature_map.right
def boolean_masks_on_a_float_copy(x):
    result = x.astype(float)
    negative = result < 0
    result[negative] = np.exp(result[negative])
    result[~negative] += 1
    return result


@feature_map.right
def elu_by_expm1_plus_1(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0))) + 1


@feature_map.right
def one_number_at_a_time(x):
    import math

    flat = [value + 1 if value > 0 else math.exp(value) for value in x.ravel().tolist()]
    return np.array(flat).reshape(x.shape)


@feature_map.right
def row_by_row_by_recursion(x):
    import math

    if np.ndim(x) > 0:
        return np.array([row_by_row_by_recursion(part) for part in x])
    return float(x) + 1 if x > 0 else math.exp(x)


@feature_map.right
def np_vectorize(x):
    return np.vectorize(lambda value: value + 1.0 if value > 0 else float(np.exp(value)))(x)


@feature_map.right
def np_piecewise_on_floats(x):
    return np.piecewise(x.astype(float), [x > 0], [lambda part: part + 1, np.exp])
