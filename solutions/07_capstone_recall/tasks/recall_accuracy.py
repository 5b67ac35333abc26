"""All arrays are fixed, most of them made by formula: nothing random is graded."""

import numpy as np

from autograder.authoring import Part, TaskSheet, case


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


@accuracy.wrong
def LEAST_SIMILAR(R, V):
    """You took the LEAST similar value. Is a read-out more like the value for which the dot
    product is small, or large?"""
    return np.mean((R @ V.T).argmin(axis=1) == np.arange(len(V)))


@accuracy.wrong
def WRONG_AXIS(R, V):
    """You asked for each stored value which read-out fits it best. It is the read-outs that choose, among the values:
    along which axis do the values stand in your table of dot products?"""
    return np.mean((R @ V.T).argmax(axis=0) == np.arange(len(V)))


@accuracy.wrong
def PERCENT(R, V):
    """You returned percent. A fraction between 0 and 1 is asked for."""
    return 100 * np.mean((R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.wrong
def COUNT_FOR_FRACTION(R, V):
    """This is how many read-outs are right. Which number must it be divided by so that memories with few pairs
    and with many can be compared?"""
    return np.sum((R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.wrong
def EQUALITY(R, V):
    """You count a read-out only if it equals the stored value. A read-out is hardly ever equal to it, as noise is
    added: which of the values is it most similar to?"""
    return np.mean(np.all(R == V, axis=1))


@accuracy.wrong
def ERROR_RATE(R, V):
    """This is the fraction of wrong answers. Try R = V, in which every answer is right: what should come out?"""
    return np.mean((R @ V.T).argmax(axis=1) != np.arange(len(V)))


@accuracy.wrong
def SIGN_AGREEMENT(R, V):
    """This is the fraction of entries with the right sign, another measure. Here a whole row is
    one answer: right or wrong."""
    return np.mean(np.sign(R) == np.sign(V))


@accuracy.wrong
def ALL_SIGNS(R, V):
    """A row counts for you if all of its signs are right. It may have wrong ones and still be most similar to its own
    value: compare it with the other values."""
    return np.mean(np.all(np.sign(R) == np.sign(V), axis=1))


@accuracy.wrong
def SIGN_IGNORED(R, V):
    """You compare sizes of the dot products without their signs. What is the dot product of a value with its
    negative, and are the two similar?"""
    return np.mean(np.abs(R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.wrong
def NO_COMPETITORS(R, V):
    """You looked at each read-out and its own value only. It has to win against all the other stored values, too."""
    return np.mean(np.sum(R * V, axis=1) > 0)


@accuracy.wrong
def MEAN_SIMILARITY(R, V):
    """This is the mean dot product of a read-out with its own value. Asked for is how often
    that one is the largest of all."""
    return np.mean(np.sum(R * V, axis=1))


@accuracy.wrong
def LARGEST_ENTRY(R, V):
    """You compared where the largest entry of each row stands. Two different values may have it in the same place:
    compare the rows as wholes, by their dot product."""
    return np.mean(R.argmax(axis=1) == V.argmax(axis=1))


@accuracy.wrong
def AMONG_READOUTS(R, V):
    """You compared read-outs with read-outs. The candidates for an answer are the stored values, the rows of V."""
    return np.mean((R @ R.T).argmax(axis=1) == np.arange(len(R)))


@accuracy.wrong
def DIVIDES_BY_FEATURES(R, V):
    """You divided by the number of features. One answer per row was given: how many rows are there?"""
    return np.sum((R @ V.T).argmax(axis=1) == np.arange(len(V))) / V.shape[1]


@accuracy.wrong
def INTEGER_DIVISION(R, V):
    """The fraction was cut off to a whole number: // divides without a rest. Which sign divides with one?"""
    return np.sum((R @ V.T).argmax(axis=1) == np.arange(len(V))) // len(V)


@accuracy.wrong
def EACH_CHOSEN_ONCE(R, V):
    """You let each stored value be chosen only once. Every read-out is judged by itself: all values
    are candidates, every time."""
    free, right = list(range(len(V))), 0
    for i, scores in enumerate(R @ V.T):
        best = max(free, key=scores.__getitem__)
        free.remove(best)
        right += best == i
    return right / len(V)


@accuracy.wrong
def NOT_AVERAGED(R, V):
    """These are right and wrong, row by row. One number is asked for: which fraction of the rows is right?"""
    return (R @ V.T).argmax(axis=1) == np.arange(len(V))


@accuracy.wrong
def MUTATES_INPUT(R, V):
    """R or V was changed by your function, as with `/=` on it. The caller still needs both: make a
    new array, as `R / ...` does."""
    R /= np.linalg.norm(R, axis=1, keepdims=True)
    return np.mean((R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.right
def loop_and_count(R, V):
    right = 0
    for i, r in enumerate(R):
        scores = [float(np.dot(r, v)) for v in V]
        right += scores.index(max(scores)) == i
    return right / len(R)


@accuracy.right
def nearest_by_distance(R, V):
    distances = ((R[:, None, :] - V[None, :, :]) ** 2).sum(axis=2)
    return (distances.argmin(axis=1) == np.arange(len(R))).mean()


@accuracy.right
def cosine_similarity(R, V):
    cosine = (R @ V.T) / np.linalg.norm(R, axis=1)[:, None] / np.linalg.norm(V, axis=1)
    return np.count_nonzero(np.argmax(cosine, axis=1) == np.arange(len(V))) / len(V)


@accuracy.right
def diagonal_is_the_largest(R, V):
    scores = np.einsum("ik,jk->ij", R, V)
    return np.mean(np.diag(scores) >= scores.max(axis=1))


@accuracy.right
def values_by_rows(R, V):
    best = np.argsort(V @ R.T, axis=0)[-1]
    hits = [1.0 if b == i else 0.0 for i, b in enumerate(best)]
    return np.array([sum(hits) / len(hits)])[0]
