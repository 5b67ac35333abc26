import numpy as np

from autograder.authoring import Part, TaskSheet, case

from .inputs import COLUMN, FROM_ZERO, INTEGERS, LONG, SEVEN, WIDE

RISING, FALLING = np.array([1.0, 1.0, 2.0]), np.array([3.0, 0.5])
TINY = np.array([[9.0, -3.0], [2.0, 4.0], [1.0, 3.0], [5.0, 0.0]])

weighted = TaskSheet(
    "weighted_moving_average",
    points=3,
    hidden="one weight, as many weights as rows, a single row or column, weights that are 0, rise or fall, integers "
    "in x and beta, 1,000 rows, and that x and beta are unchanged",
    cases=[
        case("three weights", SEVEN, RISING, public=True),
        case("two weights", WIDE, FALLING, public=True),
        case("weights with the sum 1", TINY, np.array([0.1, 0.3, 0.6])),
        case("four weights", SEVEN, np.array([0.5, 0.0, 4.0, 1.5])),
        case("middle weight 0", SEVEN, np.array([2.0, 0.0, 1.0])),
        case("oldest weight 0", WIDE, np.array([0.0, 0.25, 0.5])),
        case("equal weights", SEVEN, np.array([3.0, 3.0, 3.0, 3.0, 3.0])),
        case("as many weights as rows", WIDE, np.array([1.0, 2.0, 0.5, 4.5]), public=True, part="edges"),
        case("one weight", WIDE, np.array([4.0]), part="edges"),
        case("one column", COLUMN, np.array([0.5, 0.0, 4.0, 1.5]), part="edges"),
        case("one column, as many weights as rows", COLUMN, np.array([1.0, 2.0, 3.0, 5.0, 8.0]), part="edges"),
        case("one row", np.array([[2.5, -7.0, 0.0]]), np.array([0.2]), part="edges"),
        case("zeros in x", FROM_ZERO, np.array([1.0, 2.5])),
        case("1,000 rows", LONG[:1_000], np.linspace(0.5, 3.0, 40)),
        case("integers", INTEGERS, np.array([1, 3, 6]), part="integers"),
        case(
            "integers, two weights",
            np.array([[1, 2], [0, -3], [2, 2], [5, 1], [4, 0]]),
            np.array([1, 2]),
            part="integers",
        ),
        case("integers in x only", INTEGERS, np.array([0.5, 1.5, 2.0, 3.5]), part="integers"),
        case("integers in beta only", SEVEN, np.array([0, 2, 5]), part="integers"),
    ],
    parts=[
        Part("values", 1.5),
        Part(
            "edges",
            0.5,
            "At an edge it isn't right yet: with one weight, with as many weights as rows, or with a single row or "
            "column. The result has the shape (n - n_c + 1, d) there too: print yours for `np.array([[2.0, 5.0]])` "
            "and one weight.",
            edge=True,
        ),
        Part(
            "integers",
            0.5,
            "With integers in x or beta it isn't right yet. Compare what comes back for `np.array([[1, 0], [2, 5]])` "
            "and `np.array([1, 2])` with the same numbers as floats.",
            excused_by="arguments unchanged",
        ),
        Part(
            "arguments unchanged",
            0.5,
            "An argument was changed, x or beta. The caller may still need it: build a new array.",
            aspect="unchanged",
        ),
    ],
)


@weighted.wrong
def WEIGHTS_REVERSED(x, beta):
    """The weights run backwards: beta[-1] belongs to the newest row. (np.convolve turns its second argument round.)"""
    n_c = len(beta)
    return np.array([beta[::-1] @ x[end - n_c : end] for end in range(n_c, len(x) + 1)]) / beta.sum()


@weighted.wrong
def DIVIDES_BY_COUNT(x, beta):
    """You divided by the number of weights. Put in a stream that always reads 5 and the weights (1, 1, 2): the result
    must be 5. By what must you divide?"""
    n_c = len(beta)
    return np.array([beta @ x[end - n_c : end] for end in range(n_c, len(x) + 1)]) / n_c


@weighted.wrong
def NORMALISER_FORGOTTEN(x, beta):
    """These are weighted sums: the division is missing. The weights need not sum to 1, so a stream that always reads 5
    comes out as another number."""
    n_c = len(beta)
    return np.array([beta @ x[end - n_c : end] for end in range(n_c, len(x) + 1)])


@weighted.wrong
def OFF_BY_ONE(x, beta):
    """Each result belongs to the window one step earlier: the newest row of the window is missing, and the first window
    begins before row 0. Write the indices of the first window down."""
    n_c = len(beta)
    shifted = np.vstack([np.zeros(x.shape[1]), x])
    return np.array([beta @ shifted[end - n_c : end] for end in range(n_c, len(x) + 1)]) / beta.sum()


@weighted.wrong
def SOFTMAX_OF_BETA(x, beta):
    """The weights went through a softmax. They are weights already, not scores: use beta as
    it is, and divide by its sum."""
    n_c = len(beta)
    share = np.exp(beta - beta.max())
    share = share / share.sum()
    return np.array([share @ x[end - n_c : end] for end in range(n_c, len(x) + 1)])


@weighted.wrong
def WEIGHTS_IGNORED(x, beta):
    """Only the length of beta has an effect: this is the plain moving average. Each row of a window must be
    multiplied by its own weight."""
    n_c = len(beta)
    return np.array([x[end - n_c : end].mean(axis=0) for end in range(n_c, len(x) + 1)])


@weighted.wrong
def ZERO_PADDED_WARMUP(x, beta):
    """Too many rows: windows that aren't full came back too. Here only full windows are asked for, n-n_c+1 rows."""
    n_c = len(beta)
    padded = np.vstack([np.zeros((n_c - 1, x.shape[1])), x])
    return np.array([beta @ padded[i : i + n_c] for i in range(len(x))]) / beta.sum()


@weighted.wrong
def WARMUP_RENORMALISED(x, beta):
    """Too many rows: the first ones come from windows that aren't full. That was the rule of `moving_average`; here
    only full windows are asked for, n-n_c+1 rows."""
    rows = []
    for i in range(len(x)):
        window = x[max(0, i - len(beta) + 1) : i + 1]
        share = beta[len(beta) - len(window) :]
        rows.append(share @ window / np.float64(share.sum()))
    return np.array(rows)


@weighted.wrong
def MUTATES_INPUT(x, beta):
    """beta or x was changed in place (`beta /= beta.sum()`?). Make a new array with `beta / beta.sum()`."""
    n_c = len(beta)
    beta /= beta.sum()
    return np.array([beta @ x[end - n_c : end] for end in range(n_c, len(x) + 1)])


@weighted.wrong
def STOPS_EARLY(x, beta):
    """The last window is missing. The end of range(...) is not part of it: which window ends with the last row of x?"""
    n_c = len(beta)
    return np.array([beta @ x[end - n_c : end] / beta.sum() for end in range(n_c, len(x))])


@weighted.wrong
def ONLY_FINAL(x, beta):
    """Only the last window came back. One row for each full window is asked for."""
    return beta @ x[len(x) - len(beta) :] / beta.sum()


@weighted.wrong
def FEATURES_MIXED(x, beta):
    """One number per window came back: `mean` without an axis averages the features too. The weighted mean of rows is
    again a row."""
    n_c = len(beta)
    return np.array([(beta @ x[end - n_c : end]).mean() for end in range(n_c, len(x) + 1)]) / beta.sum()


@weighted.wrong
def WINDOW_FIXED(x, beta):
    """Right for three weights only: a number of the example stands in your code where len(beta) belongs."""
    rows = []
    for end in range(3, len(x) + 1):
        rows.append(beta[-3:] @ x[end - len(beta[-3:]) : end] / beta.sum())
    return np.array(rows)


@weighted.wrong
def INTEGER_TRUNCATION(x, beta):
    """With integer input the fractions are cut off. Which dtype has the array you write into?"""
    n_c = len(beta)
    result = np.empty((len(x) - n_c + 1, x.shape[1]), dtype=x.dtype)
    for start in range(len(result)):
        result[start] = beta @ x[start : start + n_c] / beta.sum()
    return result


@weighted.wrong
def INTEGER_DIVISION(x, beta):
    """The fractions are cut off, for floats too: `//` rounds down, and so does a floor. Use `/`."""
    n_c = len(beta)
    return np.array([beta @ x[end - n_c : end] for end in range(n_c, len(x) + 1)]) // beta.sum()


@weighted.wrong
def WEIGHTS_ALONG_FEATURES(x, beta):
    """The weights were laid along the features: numpy lays an array of shape (n_c,) along the last axis. Print the
    shapes of both sides of your product; each ROW of a window has a weight."""
    windows = [x[end - len(beta) : end] for end in range(len(beta), len(x) + 1)]
    return np.array([np.sum(beta * window, axis=0) for window in windows]) / beta.sum()


@weighted.wrong
def ZERO_WEIGHTS_DROPPED(x, beta):
    """Weights equal to 0 were dropped, so the window became shorter and the others moved to other rows. A weight of 0
    keeps its place: its row is in the window and counts for nothing."""
    beta = beta[beta > 0]
    windows = [x[end - len(beta) : end] for end in range(len(beta), len(x) + 1)]
    return np.array([beta @ window for window in windows]) / beta.sum()


@weighted.wrong
def WEIGHTS_SORTED(x, beta):
    """The weights were sorted, so that the newest row has the largest one. beta need not rise: take it in the order in
    which it is given."""
    beta = np.sort(beta)
    windows = [x[end - len(beta) : end] for end in range(len(beta), len(x) + 1)]
    return np.array([beta @ window for window in windows]) / beta.sum()


@weighted.wrong
def FEATURES_ADDED_UP(x, beta):
    """One number per window came back: `sum` without an axis adds up the features too. The weighted mean of rows is
    again a row."""
    windows = [x[end - len(beta) : end] for end in range(len(beta), len(x) + 1)]
    return np.array([np.sum(beta[:, None] * window) for window in windows]) / beta.sum()


@weighted.wrong
def BLOCKS(x, beta):
    """Your windows lie side by side, as blocks. They must slide: the next window begins one row later, so there are
    n-n_c+1 of them."""
    ends = range(len(beta), len(x) + 1, len(beta))
    return np.array([beta @ x[end - len(beta) : end] for end in ends]) / beta.sum()


@weighted.wrong
def SUM_NOT_RESET(x, beta):
    """From row 1 on the windows before are still in the sum: set it back to 0 for each window."""
    total, rows = np.zeros(x.shape[1]), []
    for end in range(len(beta), len(x) + 1):
        total = total + beta @ x[end - len(beta) : end]
        rows.append(total / beta.sum())
    return np.array(rows)


@weighted.wrong
def THREE_WEIGHTS(x, beta):
    """Right for three weights only: the number of the worked example stands in your code. How many there are, beta
    itself tells."""
    return (beta[0] * x[:-2] + beta[1] * x[1:-1] + beta[2] * x[2:]) / (beta[0] + beta[1] + beta[2])


@weighted.wrong
def NEWEST_LEFT_OUT(x, beta):
    """The newest row of each window isn't in the sum, though its weight is in the divisor. Which is the last weight
    that your products use?"""
    n_c = len(beta)
    return np.array([beta[:-1] @ x[end - n_c : end - 1] for end in range(n_c, len(x) + 1)]) / beta.sum()


@weighted.wrong
def PRECEDENCE(x, beta):
    """Only the product with the newest row was divided by the sum of the weights. Put brackets round the whole sum of
    products."""
    n_c = len(beta)
    old = np.array([beta[:-1] @ x[end - n_c : end - 1] for end in range(n_c, len(x) + 1)])
    return old + beta[-1] * x[n_c - 1 :] / beta.sum()


@weighted.wrong
def STOPS_AT_ZERO_WEIGHT(x, beta):
    """The rows behind a weight of 0 are missing in the sums: your products end there. A weight of 0 leaves out its own
    row only."""
    used = np.where(np.cumsum(beta == 0) > 0, 0.0, beta)
    n_c = len(beta)
    return np.array([used @ x[end - n_c : end] for end in range(n_c, len(x) + 1)]) / beta.sum()


@weighted.right
def np_average_of_each_window(x, beta):
    return [np.average(x[i : i + len(beta)], axis=0, weights=beta) for i in range(len(x) - len(beta) + 1)]


@weighted.right
def np_convolve_weights_turned_round(x, beta):
    share = beta[::-1] / np.sum(beta)
    return np.stack([np.convolve(column, share, mode="valid") for column in x.T], axis=1)


@weighted.right
def np_correlate(x, beta):
    return np.array([np.correlate(column, beta / beta.sum(), "valid") for column in x.T * 1.0]).T


@weighted.right
def sliding_window_view(x, beta):
    return np.lib.stride_tricks.sliding_window_view(x, len(beta), axis=0) @ (beta / beta.sum())


@weighted.right
def sum_of_shifted_streams(x, beta):
    count = len(x) - len(beta) + 1
    return sum(weight * x[shift : shift + count] for shift, weight in enumerate(beta)) / sum(beta)


@weighted.right
def toeplitz_matrix(x, beta):
    n, n_c = len(x), len(beta)
    band = np.zeros((n - n_c + 1, n))
    for row in range(len(band)):
        band[row, row : row + n_c] = beta
    return band @ x / beta.sum()


@weighted.right
def plain_python_nested_lists(x, beta):
    rows, weights = x.tolist(), beta.tolist()
    total, n_c, d = sum(weights), len(weights), len(rows[0])
    return [
        [sum(weights[m] * rows[start + m][k] for m in range(n_c)) / total for k in range(d)]
        for start in range(len(rows) - n_c + 1)
    ]
