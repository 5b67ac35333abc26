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


def many_readouts(n, d, seed, first_is_largest):
    """n values of positive numbers, and read-outs that are copies, blurred, of another value, or negative: the dot
    products of those are all negative. The largest dot product of all stands in row 0, which is wrong then, or else in
    a later row, and row 0 is right."""
    random = np.random.default_rng(seed)
    values = np.abs(random.normal(size=(n, d)))
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    kinds = random.integers(0, 10, size=n)
    kinds[0], kinds[-1] = (5, 0) if first_is_largest else (0, 5)
    blur = random.normal(size=(n, d))
    reads = values + 0.15 * blur
    reads[kinds > 4] = np.roll(values, -2, axis=0)[kinds > 4] + 0.3 * blur[kinds > 4]
    reads[kinds > 5] = (0.8 * values - 1 - 0.05 * np.abs(blur))[kinds > 5]
    reads[kinds == 9] = -values[kinds == 9]
    reads = (reads * random.uniform(1, 6, size=(n, 1))).round(4)
    reads[kinds < 2] = values[kinds < 2]
    if first_is_largest:
        reads[0] *= 40
    return reads, values


def readouts(keys, values):
    return keys @ (keys.T @ values)


FIVE = np.array([[-2.0, 1.0], [-1.0, -2.0], [1.0, 2.0], [1.0, -2.0], [2.0, 1.0]])
FIVE_READ = np.array([[-2.0, 1.0], [1.0, -1.5], [0.5, -2.0], [2.0, 1.0], [2.0, 0.5]])
ELEVEN = np.array(
    [
        [1.0, -1.0, 1.0, 1.0],
        [-1.0, -1.0, -1.0, 1.0],
        [-1.0, -1.0, 1.0, 1.0],
        [1.0, -1.0, -1.0, 1.0],
        [1.0, 1.0, 1.0, 1.0],
        [-1.0, 1.0, -1.0, 1.0],
        [-1.0, 1.0, -1.0, -1.0],
        [-1.0, -1.0, 1.0, -1.0],
        [1.0, 1.0, 1.0, -1.0],
        [1.0, 1.0, -1.0, -1.0],
        [1.0, -1.0, -1.0, -1.0],
    ]
)
ELEVEN_READ = np.array(
    [
        [8.0, -3.0, 8.0, 3.0],
        [-3.3, -2.9, 0.1, -0.5],
        [-1.2, -1.8, -0.3, 1.8],
        [0.4, -2.4, -1.5, 1.3],
        [2.7, 0.8, 2.1, 1.8],
        [-2.0, 2.4, -0.8, 3.4],
        [-1.1, 2.7, -1.5, -3.2],
        [-0.6, -1.4, 0.4, -1.0],
        [-0.4, 2.7, 3.9, -2.7],
        [-1.8, -1.3, -0.3, 1.1],
        [2.2, -0.8, -0.2, -3.0],
    ]
)
SEVEN = np.array(
    [
        [-1.0, 1.0, -1.0, 1.0],
        [1.0, 1.0, -1.0, 1.0],
        [1.0, -1.0, 1.0, 1.0],
        [1.0, 1.0, 1.0, -1.0],
        [-1.0, -1.0, 1.0, -1.0],
        [1.0, -1.0, -1.0, 1.0],
        [-1.0, -1.0, 1.0, 1.0],
    ]
)
SEVEN_READ = np.array(
    [
        [-4.8, 10.4, -3.6, -6.0],
        [1.7, 2.2, -0.5, 2.2],
        [1.9, -0.9, -0.6, -0.1],
        [0.5, 0.7, 0.5, -1.5],
        [-2.1, -0.6, 2.4, -0.4],
        [-1.6, 1.7, 1.4, -1.2],
        [-0.2, -1.9, 0.6, 1.5],
    ]
)
# Values of positive numbers, all of length 9: the dot products of a negative read-out are all negative.
POSITIVE = np.array(
    [[4, 1, 8], [1, 8, 4], [8, 1, 4], [9, 0, 0], [4, 7, 4], [7, 4, 4], [1, 4, 8], [4, 8, 1]], dtype=float
)
POSITIVE_READ = np.array(
    [
        [-6.6, -8.7, -1.5],
        [-7.1, -2.3, -4.7],
        [-0.8, -2.6, -0.7],
        [3.0, -1.1, 0.9],
        [-4.8, -4.4, -4.3],
        [3.6, 0.7, 0.7],
        [-7.8, -5.4, -2.2],
        [-6.4, -1.9, -9.0],
    ]
)
FIVE_POSITIVE = np.array([[4, 1, 8], [7, 4, 4], [6, 3, 6], [4, 7, 4], [0, 9, 0]], dtype=float)
FIVE_NEGATIVE_READ = np.array(
    [[-5.8, -7.3, -1.9], [-1.4, -8.2, -6.8], [-0.7, -8.8, -7.7], [0.7, 1.3, 2.7], [-8.0, -2.2, -9.0]]
)
MORE_POSITIVE = np.array(
    [
        [6.0, 3.0, 6.0],
        [6.0, 6.0, 3.0],
        [8.0, 1.0, 4.0],
        [9.0, 0.0, 0.0],
        [3.0, 6.0, 6.0],
        [0.0, 9.0, 0.0],
        [4.0, 8.0, 1.0],
        [8.0, 4.0, 1.0],
        [7.0, 4.0, 4.0],
        [4.0, 7.0, 4.0],
        [4.0, 4.0, 7.0],
        [4.0, 1.0, 8.0],
        [0.0, 0.0, 9.0],
    ]
)
MORE_READ = np.array(
    [
        [9.5, 10.5, 3.5],
        [-0.7, -3.9, -4.0],
        [-1.2, -2.5, -1.5],
        [-1.6, -7.8, -8.3],
        [1.3, 1.4, 2.6],
        [-8.9, -3.7, -8.2],
        [3.2, 1.9, -0.4],
        [-1.2, -0.6, -1.6],
        [4.9, 3.3, 1.1],
        [-4.6, -3.4, -1.2],
        [1.6, 0.7, 0.9],
        [1.4, 0.9, 4.0],
        [-8.2, -8.1, -1.9],
    ]
)
FORTY = waves(40, 12, 1.3)
SIGNS = np.array([[1, 1, -1, 1], [1, -1, 1, 1], [-1, 1, 1, -1], [1, 1, 1, -1], [-1, -1, 1, 1], [-1, 1, -1, 1]])
SIGNS_READ = np.array([[3, 1, -2, 1], [1, 2, 1, 3], [-2, 1, 3, -1], [-1, -2, 1, 1], [-3, -1, 4, 1], [1, -1, 2, 0]])
SQUARES = np.array([[3, 4], [4, 3], [5, 0], [0, 5], [-3, 4]])
SQUARES_READ = np.array([[1, 9], [5, 4], [7, 1], [3, 8], [-2, 1]])

accuracy = TaskSheet(
    "recall_accuracy",
    points=5,
    hidden="40 read-outs of many kinds, read-outs of a real memory, none right, all right, dot products that are all "
    "negative, more pairs than features and fewer, a single pair, a single feature, integer arrays, and that R and V "
    "are unchanged",
    cases=[
        case("five read-outs of two", FIVE_READ, FIVE, public=True),
        case("eleven read-outs of four", ELEVEN_READ, ELEVEN, public=True),
        case("eight read-outs, most dot products negative", POSITIVE_READ, POSITIVE, public=True),
        case("41 read-outs of three", *many_readouts(41, 3, 26, True), public=True),
        case("53 read-outs of four", *many_readouts(53, 4, 20, False), public=True),
        case("47 read-outs of three", *many_readouts(47, 3, 33, True), public=True),
        case("43 read-outs of five", *many_readouts(43, 5, 12, False), public=True),
        case("61 read-outs of three", *many_readouts(61, 3, 0, False), public=True),
        case("59 read-outs of five", *many_readouts(59, 5, 36, True)),
        case("67 read-outs of four", *many_readouts(67, 4, 10, False)),
        case("71 read-outs of three", *many_readouts(71, 3, 13, True), public=True),
        case("seven read-outs of four", SEVEN_READ, SEVEN),
        case("five read-outs, most dot products negative", FIVE_NEGATIVE_READ, FIVE_POSITIVE),
        case("thirteen read-outs, many dot products negative", MORE_READ, MORE_POSITIVE),
        case("forty read-outs", forty_readouts(FORTY), FORTY),
        case("forty read-outs of many sizes", 250 / np.arange(1.0, 41)[:, None] * forty_readouts(FORTY), FORTY),
        case("a real memory", readouts(waves(48, 16, 0.7), waves(48, 20, 2.1)), waves(48, 20, 2.1)),
        case("the next value each time", np.roll(FORTY, -1, axis=0), FORTY),
        case("blurred, all right", 0.9 * FORTY + 0.1 * np.roll(FORTY, 3, axis=0), FORTY),
        case(
            "two values of one feature",
            np.array([[0.25], [0.5]]),
            np.array([[-2.0], [2.0]]),
            part="one pair or feature",
        ),
        case(
            "one pair",
            np.array([[0.5, -0.25, 1.0]]),
            np.array([[1.0, 1.0, -1.0]]),
            public=True,
            part="one pair or feature",
        ),
        case(
            "two negative values of one feature",
            np.array([[-0.25], [-0.5]]),
            np.array([[2.0], [-2.0]]),
            part="one pair or feature",
        ),
        case("integers", SIGNS_READ, SIGNS, part="integers"),
        case("integers of two features", SQUARES_READ, SQUARES, part="integers"),
    ],
    parts=[
        Part("values", 3),
        Part(
            "one pair or feature",
            0.5,
            "With one pair, or one feature, the fraction isn't right yet. R and V have two axes even then: print the "
            "shape of your table of dot products.",
        ),
        Part(
            "integers",
            0.5,
            "With arrays of integers the fraction isn't right yet. Call it with integers and with the same numbers as "
            "floats, and compare.",
            excused_by="R and V unchanged",
        ),
        Part(
            "R and V unchanged",
            1,
            "R or V wasn't the same after the call. Whoever called you still needs both: print them before and after.",
            aspect="unchanged",
        ),
    ],
)


@accuracy.wrong
def LEAST_SIMILAR(R, V):
    """You took the LEAST similar value. Is a read-out more like the value for which the dot product is small, or
    large?"""
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
    """This is how many read-outs are right. Memories with few pairs and with many must be comparable: which number must
    it be divided by?"""
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
    """This is the fraction of entries with the right sign, another measure. Here a whole row is one answer, right or
    wrong: how many answers are there?"""
    return np.mean(np.sign(R) == np.sign(V))


@accuracy.wrong
def ALL_SIGNS(R, V):
    """A row counts for you if all of its signs are right. It may have wrong ones and still be most similar to its own
    value: with which other rows must it be compared?"""
    return np.mean(np.all(np.sign(R) == np.sign(V), axis=1))


@accuracy.wrong
def SIGN_IGNORED(R, V):
    """You compare sizes of the dot products without their signs. What is the dot product of a value with its
    negative, and are the two similar?"""
    return np.mean(np.abs(R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.wrong
def NO_COMPETITORS(R, V):
    """A read-out counts for you if its dot product with its own value is positive. It has to win against all the other
    stored values: what are their dot products?"""
    return np.mean(np.sum(R * V, axis=1) > 0)


@accuracy.wrong
def MEAN_SIMILARITY(R, V):
    """This is the mean dot product of a read-out with its own value. Asked for is how often that one is the largest:
    what is it compared with?"""
    return np.mean(np.sum(R * V, axis=1))


@accuracy.wrong
def LARGEST_ENTRY(R, V):
    """You compared where the largest entry of each row stands. Two different values may have it in the same place:
    compare the rows as wholes, by their dot product."""
    return np.mean(R.argmax(axis=1) == V.argmax(axis=1))


@accuracy.wrong
def AMONG_READOUTS(R, V):
    """You compared read-outs with read-outs. The candidates for an answer are the stored values: whose rows stand on
    each side of your dot product?"""
    return np.mean((R @ R.T).argmax(axis=1) == np.arange(len(R)))


@accuracy.wrong
def DIVIDES_BY_FEATURES(R, V):
    """You divided by the number of features. One answer per row was given: how many rows are there?"""
    return np.sum((R @ V.T).argmax(axis=1) == np.arange(len(V))) / V.shape[1]


@accuracy.wrong
def EACH_CHOSEN_ONCE(R, V):
    """Each stored value was chosen only once. Every read-out is judged by itself, and all values are candidates every
    time: may two read-outs name the same one?"""
    free, right = list(range(len(V))), 0
    for i, scores in enumerate(R @ V.T):
        best = max(free, key=scores.__getitem__)
        free.remove(best)
        right += best == i
    return right / len(V)


@accuracy.wrong
def MAXIMUM_STARTS_AT_ZERO(R, V):
    """Where all dot products of a read-out are negative it counts as wrong, as when a running maximum starts at 0. The
    largest of negative numbers counts too: which start is below all of them?"""
    right = 0
    for i, scores in enumerate(R @ V.T):
        best, chosen = 0.0, None
        for j, score in enumerate(scores):
            if score > best:
                best, chosen = score, j
        right += chosen == i
    return right / len(V)


@accuracy.wrong
def MAXIMUM_STARTS_AT_ZERO_ROW_0(R, V):
    """Where all dot products of a read-out are negative it names row 0, as when a running maximum starts at 0. The
    largest of negative numbers counts too: which start is below all of them?"""
    right = 0
    for i, scores in enumerate(R @ V.T):
        best, chosen = 0.0, 0
        for j, score in enumerate(scores):
            if score > best:
                best, chosen = score, j
        right += chosen == i
    return right / len(V)


@accuracy.wrong
def FORGOTTEN_AXIS(R, V):
    """Every read-out was given one and the same answer, the place of the largest of all dot products, as argmax without
    an axis finds it. Each row has an answer of its own: print the shape of your answers."""
    return np.mean((R @ V.T).argmax() == np.arange(len(V)))


@accuracy.wrong
def ENTRY_FOR_ROW(R, V):
    """R * V multiplies entry by entry, so that each row was compared with its own value only, and the largest of its
    products was looked for. A dot product is one number for each pair of rows: which product gives all of them?"""
    return np.mean((R * V).argmax(axis=1) == np.arange(len(V)))


@accuracy.wrong
def DIVIDES_BY_ONE_LESS(R, V):
    """The right read-outs were divided by n - 1. Try R = V, in which every answer is right: what should come out?"""
    return np.sum((R @ V.T).argmax(axis=1) == np.arange(len(V))) / max(len(V) - 1, 1)


@accuracy.wrong
def BEATS_ONE(R, V):
    """A read-out counts for you as soon as its own value beats one other. It must beat all of them: which word, any or
    all, does your loop stand for?"""
    right = 0
    for i, scores in enumerate(R @ V.T):
        right += any(score < scores[i] for score in scores)
    return right / len(V)


@accuracy.wrong
def BEATS_AVERAGE(R, V):
    """A read-out counts for you if its own dot product is above the average of all. It must be above each of the
    others: which one is the hardest to beat?"""
    scores = R @ V.T
    return np.mean(np.diag(scores) > scores.mean(axis=1))


@accuracy.wrong
def ONLY_EARLIER_CANDIDATES(R, V):
    """Read-out i was compared with the values 0..i only. The game is over when the questions are asked: which values
    are candidates then?"""
    return np.mean([(V[: i + 1] @ R[i]).argmax() == i for i in range(len(V))])


@accuracy.wrong
def ROW_0_LEFT_OUT(R, V):
    """Row 0 is never counted as right, though n rows are counted below the line. Where does your loop begin?"""
    return np.sum(((R @ V.T).argmax(axis=1) == np.arange(len(V)))[1:]) / len(V)


@accuracy.wrong
def LAST_ROW_LEFT_OUT(R, V):
    """The last row is never counted as right, though n rows are counted below the line. Where does your loop end?"""
    return np.sum(((R @ V.T).argmax(axis=1) == np.arange(len(V)))[:-1]) / len(V)


@accuracy.wrong
def ROW_1_FOR_ROW_0(R, V):
    """The answers were compared with 1..n, but rows count from 0 in the code: argmax gives 0 for the first. With which
    number does the answer of row 0 agree?"""
    return np.mean((R @ V.T).argmax(axis=1) == np.arange(1, len(V) + 1))


@accuracy.wrong
def SHARE_OF_SOFTMAX(R, V):
    """This is the mean weight that a softmax gives to the right value. Here an answer is right or wrong: which value is
    named, when the weights are 0.5, 0.4 and 0.1?"""
    scores = R @ V.T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.mean(np.diag(weights) / weights.sum(axis=1))


@accuracy.wrong
def SUMS_OF_DIFFERENCES(R, V):
    """The nearest value by the sum of absolute differences was taken, which isn't always the one with the largest dot
    product. Compute both for one row: which does the task ask for?"""
    return np.mean(np.abs(R[:, None] - V[None]).sum(axis=2).argmin(axis=1) == np.arange(len(V)))


@accuracy.wrong
def SQUARED_ERROR(R, V):
    """This is the squared error of a read-out, which section 5 is about. Here it counts how many read-outs name the
    right value: when does row i name row i?"""
    return np.mean(np.sum((R - V) ** 2, axis=1))


@accuracy.wrong
def MEAN_SQUARE_OF_ENTRIES(R, V):
    """This is the mean squared error of the entries. Here it counts how many read-outs name the right value: when does
    row i name row i?"""
    return np.mean((R - V) ** 2)


@accuracy.wrong
def ENTRIES_OF_NAMED_VALUES(R, V):
    """The named values were compared with the read-outs, entry by entry. Right is an answer that names row i for row i:
    which two numbers are to be compared?"""
    return np.mean(V[(R @ V.T).argmax(axis=1)] == R)


@accuracy.wrong
def LARGEST_IN_ITS_COLUMN_TOO(R, V):
    """A read-out counts for you only if its dot product is the largest of its row and of its column. Read-outs don't
    compete with each other: along which axis do the values stand?"""
    scores = R @ V.T
    return np.mean((scores.argmax(axis=1) == np.arange(len(V))) & (scores.argmax(axis=0) == np.arange(len(V))))


@accuracy.wrong
def LARGEST_SO_FAR(R, V):
    """The largest dot product so far was kept from one read-out to the next. Every read-out is judged by itself: where
    does your maximum begin anew?"""
    best, right = -np.inf, 0
    for i, scores in enumerate(R @ V.T):
        chosen = None
        for j, score in enumerate(scores):
            if score > best:
                best, chosen = score, j
        right += chosen == i
    return right / len(V)


@accuracy.wrong
def DIFFERENT_ANSWERS(R, V):
    """This is how many different values were named, divided by n. A value that is named may be the wrong one: with what
    must the answer of row i be compared?"""
    return len(set((R @ V.T).argmax(axis=1).tolist())) / len(V)


@accuracy.wrong
def NOT_AVERAGED(R, V):
    """These are right and wrong, row by row. One number is asked for: which fraction of the rows is right?"""
    return (R @ V.T).argmax(axis=1) == np.arange(len(V))


@accuracy.wrong
def MUTATES_INPUT(R, V):
    """R or V wasn't the same after the call. The caller still needs both: print them before and after (`R /= ...`
    changes the caller's array, `R / ...` makes a new one)."""
    R /= np.linalg.norm(R, axis=1, keepdims=True)
    return np.mean((R @ V.T).argmax(axis=1) == np.arange(len(V)))


@accuracy.wrong
def V_OVERWRITTEN(R, V):
    """Rows of V were overwritten and not put back: V is changed, and later read-outs lack the values before them.
    Which line writes into V, and what is it needed for?"""
    right = 0
    for i, r in enumerate(R):
        own = r @ V[i]
        V[i] = 0
        right += all(own > r @ V[j] for j in range(len(V)) if j != i)
    return right / len(V)


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
