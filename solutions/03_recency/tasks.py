"""The tasks of notebook 03: three memories that prefer the recent past, their weights, and a half-life."""

import numpy as np

from autograder.task import Function, Part, TaskSheet, Tolerance, case

SEVEN = np.array([[4.0, 1.0], [0.0, 3.0], [8.0, -2.0], [2.0, 6.0], [-6.0, 0.5], [10.0, 5.0], [1.0, -4.0]])
COLUMN = np.array([[3.0], [-1.0], [0.5], [8.0], [4.0]])
WIDE = np.array([[1.5, -2.0, 0.0, 7.0], [0.5, 4.0, -1.0, 0.0], [3.0, 1.0, 6.5, -4.0], [2.0, 0.0, 5.0, 1.0]])
INTEGERS = np.array([[3, -1, 4], [1, 5, -9], [2, 6, 5], [3, 5, 8], [-9, 7, 9], [0, 0, 2]])
FROM_ZERO = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, -4.0], [7.0, 0.0], [0.0, 1.0]])
LONG = 100 + np.random.default_rng(3).normal(scale=20, size=(2_000, 2)).round(2)

moving = TaskSheet(
    "moving_average",
    points=4,
    hidden="other windows, among them n_c = 1, n_c = n and n_c > n, negative n_c, a single row, rows of zeros, "
    "integers, 1,000 rows, and that x is unchanged",
    cases=[
        case("window of 3", SEVEN, 3, public=True),
        case("window of 2", WIDE, 2, public=True),
        case("window of 4", SEVEN, 4),
        case("window of 5, one column", np.array([[2.0], [7.0], [-3.0], [0.0], [4.5], [9.0], [1.0], [-8.0]]), 5),
        case("zeros at the start", FROM_ZERO, 2),
        case("1,000 rows", LONG[:1_000], 150),
        case("window of 1", WIDE, 1, part="edges"),
        case("as long as the stream", SEVEN, 7, part="edges"),
        case("longer than the stream", COLUMN, 50, part="edges"),
        case("one row", np.array([[2.5, -7.0, 0.0]]), 1, part="edges"),
        case("one row, window of 3", np.array([[-4.0, 6.0]]), 3, part="edges"),
        case("integers", INTEGERS, 4, part="integers"),
        case("integers in one column", np.array([[1], [0], [0], [5]]), 2, part="integers"),
        case("n_c = 0", COLUMN, 0, public=True, part="n_c below 1"),
        case("n_c = -1", SEVEN, -1, part="n_c below 1"),
        case("n_c = -4", WIDE, -4, part="n_c below 1"),
    ],
    parts=[
        Part("values", 2),
        Part("edges", 0.5, "A window of one row, of all rows, or of more rows than there are went wrong."),
        Part("integers", 0.5, "With integer input the result must still hold fractions."),
        Part("n_c below 1", 0.5, "A window without rows has no mean: raise a ValueError for every n_c below 1."),
        Part(
            "x unchanged",
            0.5,
            "x was changed. Whoever called you still needs it: build a new array.",
            aspect="unchanged",
        ),
    ],
)


@moving.misconception(
    "ZERO_PADDED_WARMUP",
    "The first rows are drawn towards 0: they were divided by n_c while fewer rows were there, as if zeros had come "
    "before. Take row 0 by hand: how many rows are in its window?",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].sum(axis=0) / n_c for i in range(len(x))])


@moving.misconception(
    "WINDOW_TOO_LONG",
    "Your window holds n_c+1 rows. Count the indices from i-n_c to i, both included; with n_c = 1 each row is "
    "its own mean.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "WINDOW_TOO_SHORT",
    "Your window holds n_c-1 rows. Which rows are in it for n_c = 2? The row itself and the one before it are "
    "asked for.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c + 2) : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.misconception(
    "EXCLUDES_CURRENT",
    "The newest row is missing from its own window: the mean was taken before the row was added. "
    "Row 0 of the result must be row 0 of x.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c) : i] for i in range(len(x))]
    return np.array([window.sum(axis=0) / max(1, len(window)) for window in windows])


@moving.misconception(
    "EMPTY_FIRST_WINDOW",
    "The newest row is missing from its own window, and the first window is empty (nan): a slice a:b ends before b. "
    "Row 0 of the result must be row 0 of x.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c) : i] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.misconception(
    "WARMUP_COPIED",
    "During warm-up your rows are those of x, not means. Until the window is full, average all rows so far: "
    "row 1 is the mean of rows 0 and 1.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[i] * 1.0 if i < n_c - 1 else x[i - n_c + 1 : i + 1].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "FUTURE_LEAK",
    "Your window lies around row i, so it reaches into rows that haven't come yet. It must end at row i: "
    "cover all later rows with your hand, and you must still be able to compute row i.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    before = n_c // 2
    return np.array([x[max(0, i - before) : i - before + n_c].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "FORWARD_WINDOW",
    "Your window starts at row i and runs into the future; it must end there. What can be known when row i arrives?",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[i : i + n_c].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "VALID_ROWS_ONLY",
    "Rows are missing at the start: only full windows came back. One row for each input is asked for, also during "
    "warm-up, where the mean is over the rows that are there.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[i - n_c + 1 : i + 1].mean(axis=0) for i in range(n_c - 1, len(x))])


@moving.misconception(
    "WINDOW_IGNORED",
    "n_c has no effect: old rows never leave, so this is the cumulative average. Where does your window begin?",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[: i + 1].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "NEGATIVE_INDEX_WRAP",
    "During warm-up a negative index wrapped round to the END of the array, so rows of the future were averaged in. "
    "Print the first index of your window for i = 0.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return sum(np.roll(x, back, axis=0) for back in range(n_c)) / n_c


@moving.misconception(
    "NEGATIVE_SLICE",
    "During warm-up your slice begins at a negative index, which numpy counts from the END: the window is "
    "empty and its mean is nan. Where must the window begin while fewer than n_c rows are there?",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    windows = [x[i - n_c + 1 : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.misconception(
    "OLDEST_NEVER_LEAVES",
    "m + (x - m)/n_c never takes the oldest row out: once the window is full that is an exponential average. "
    "Which row leaves when row i enters?",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    m, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x):
        m = m + (row - m) / min(i + 1, n_c)
        rows.append(m)
    return np.array(rows)


@moving.misconception(
    "RECURSION_FROM_FIRST_ROW",
    "m + (x - m)/n_c from the first row on is an exponential average: it never takes a row out, and during "
    "warm-up it divides by more rows than there are.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    m = x[0] * 1.0
    rows = [m]
    for row in x[1:]:
        m = m + (row - m) / n_c
        rows.append(m)
    return np.array(rows)


@moving.misconception(
    "SMALL_WINDOW_ACCEPTED",
    "n_c below 1 was accepted. A window without rows has no mean: raise a ValueError before you compute anything.",
)
def moving_average(x, n_c):
    windows = [x[max(0, i - n_c + 1) : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.misconception(
    "NEGATIVE_WINDOW_ACCEPTED",
    "n_c = 0 is refused, a negative n_c isn't. Every window smaller than 1 must raise a ValueError.",
)
def moving_average(x, n_c):
    if n_c == 0:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c + 1) : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.misconception(
    "OTHER_EXCEPTION",
    "For n_c below 1 another exception came than the one that was asked for (an `assert` raises AssertionError). "
    "A caller who catches ValueError would miss it: raise ValueError(...).",
)
def moving_average(x, n_c):
    assert n_c >= 1
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "RETURNS_NOTHING_BELOW_ONE",
    "For n_c below 1 None came back, and nothing was raised. A caller would go on with None and fail somewhere else: "
    "stop with `raise ValueError(...)` where the error is.",
)
def moving_average(x, n_c):
    if n_c < 1:
        return None
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "ONE_ROW_WINDOW_REFUSED",
    "n_c = 1 was refused. It is the smallest window that is allowed: each row is then its own mean.",
)
def moving_average(x, n_c):
    if n_c <= 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "LONG_WINDOW_REFUSED",
    "A window longer than the stream was refused. It is allowed: it never gets full, so each mean is over all "
    "rows so far.",
)
def moving_average(x, n_c):
    if n_c < 1 or n_c > len(x):
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "SUM_FOR_MEAN",
    "These are sums over the window. A stream that always reads 5 must give 5: divide by the number of rows "
    "in the window.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].sum(axis=0) for i in range(len(x))])


@moving.misconception(
    "FEATURES_MIXED",
    "One number per row came back: `mean` without an axis averages the features too. The mean of rows is again a row.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean() for i in range(len(x))])


@moving.misconception(
    "WRONG_AXIS",
    "Your window slides along the features. Time is axis 0: each column is a stream of its own.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[:, max(0, i - n_c + 1) : i + 1].mean(axis=1) for i in range(x.shape[1])]).T


@moving.misconception(
    "WINDOW_FIXED",
    "Right for a window of 3 only: a number of the first example stands in your code where n_c belongs.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - 2) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.misconception(
    "INTEGER_TRUNCATION",
    "With integer input the fractions are cut off; the mean of 1 and 2 is 1.5. Which dtype has the array you "
    "write into?",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    result = np.empty_like(x)
    for i in range(len(x)):
        result[i] = x[max(0, i - n_c + 1) : i + 1].mean(axis=0)
    return result


@moving.misconception(
    "MUTATES_INPUT",
    "The argument x was changed. Whoever called you still needs it: work on a copy or build a new array.",
)
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError("n_c")
    for i in range(1, len(x)):
        x[i] += x[i - 1]
    rows = []
    for i in range(len(x)):
        total = x[i] - x[i - n_c] if i >= n_c else x[i]
        rows.append(total / min(i + 1, n_c))
    return np.array(rows)


@moving.accepts("a loop with running sums")
def moving_average(x, n_c):
    if n_c <= 0:
        raise ValueError("a window needs at least one row")
    total, rows = np.zeros(x.shape[1]), []
    for i in range(len(x)):
        total = total + x[i]
        if i >= n_c:
            total = total - x[i - n_c]
        rows.append(total / min(n_c, i + 1))
    return rows


@moving.accepts("a deque")
def moving_average(x, n_c):
    from collections import deque

    if n_c < 1:
        raise ValueError
    window, rows = deque(maxlen=n_c), []
    for row in x:
        window.append(row)
        rows.append(sum(window) / len(window))
    return np.array(rows)


@moving.accepts("differences of cumulative sums")
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError
    total = np.vstack([np.zeros(x.shape[1]), np.cumsum(x, axis=0)])
    end = np.arange(1, len(x) + 1)
    start = np.maximum(0, end - n_c)
    return (total[end] - total[start]) / (end - start)[:, None]


@moving.accepts("np.convolve in each column")
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError
    n = len(x)
    sums = np.column_stack([np.convolve(column, np.ones(n_c))[:n] for column in x.T])
    return sums / np.minimum(np.arange(1, n + 1), n_c)[:, None]


@moving.accepts("sliding_window_view on padded rows")
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError
    padded = np.concatenate([np.full((n_c - 1, x.shape[1]), np.nan), x])
    return np.nanmean(np.lib.stride_tricks.sliding_window_view(padded, n_c, axis=0), axis=-1)


@moving.accepts("a banded matrix")
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError
    n = len(x)
    band = np.tril(np.ones((n, n))) - np.tril(np.ones((n, n)), -n_c)
    return band @ x / band.sum(axis=1, keepdims=True)


@moving.accepts("plain Python, a tuple of tuples")
def moving_average(x, n_c):
    if n_c < 1:
        raise ValueError
    rows = x.tolist()
    windows = [rows[max(0, i + 1 - n_c) : i + 1] for i in range(len(rows))]
    return tuple(tuple(sum(column) / len(column) for column in zip(*window, strict=True)) for window in windows)


RISING, FALLING = np.array([1.0, 1.0, 2.0]), np.array([3.0, 0.5])
TINY = np.array([[9.0, -3.0], [2.0, 4.0], [1.0, 3.0], [5.0, 0.0]])

weighted = TaskSheet(
    "weighted_moving_average",
    points=3,
    hidden="one weight, as many weights as rows, weights that are 0, rise or fall, integers in x and beta, "
    "1,000 rows, and that x and beta are unchanged",
    cases=[
        case("three weights", SEVEN, RISING, public=True),
        case("two weights", WIDE, FALLING, public=True),
        case("weights with the sum 1", TINY, np.array([0.1, 0.3, 0.6])),
        case("four weights, one column", COLUMN, np.array([0.5, 0.0, 4.0, 1.5])),
        case("newest weight 0", SEVEN, np.array([2.0, 1.0, 0.0])),
        case("oldest weight 0", WIDE, np.array([0.0, 0.25, 0.5])),
        case("equal weights", SEVEN, np.array([3.0, 3.0, 3.0, 3.0, 3.0])),
        case("one weight", WIDE, np.array([4.0])),
        case("as many weights as rows", COLUMN, np.array([1.0, 2.0, 3.0, 5.0, 8.0])),
        case("one row", np.array([[2.5, -7.0, 0.0]]), np.array([0.2])),
        case("zeros in x", FROM_ZERO, np.array([1.0, 2.5])),
        case("1,000 rows", LONG[:1_000], np.linspace(0.5, 3.0, 40)),
        case("integers", INTEGERS, np.array([1, 3, 6]), part="integers"),
        case("integers, one column", np.array([[1], [0], [2], [5], [4]]), np.array([1, 2]), part="integers"),
        case("integers in x only", INTEGERS, np.array([0.5, 1.5, 2.0, 3.5]), part="integers"),
        case("integers in beta only", SEVEN, np.array([0, 2, 5]), part="integers"),
    ],
    parts=[
        Part("values", 2),
        Part("integers", 0.5, "With integers in x or beta the result must still hold fractions."),
        Part(
            "arguments unchanged",
            0.5,
            "x or beta was changed. The caller may use the same weights again: build a new array.",
            aspect="unchanged",
        ),
    ],
)


@weighted.misconception(
    "WEIGHTS_REVERSED",
    "The weights run backwards: beta[-1] belongs to the newest row. (np.convolve turns its second argument round.)",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    return np.array([beta[::-1] @ x[end - n_c : end] for end in range(n_c, len(x) + 1)]) / beta.sum()


@weighted.misconception(
    "DIVIDES_BY_COUNT",
    "You divided by the number of weights. Put in a stream that always reads 5 and the weights (1, 1, 2): the result "
    "must be 5. By what must you divide?",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    return np.array([beta @ x[end - n_c : end] for end in range(n_c, len(x) + 1)]) / n_c


@weighted.misconception(
    "NORMALISER_FORGOTTEN",
    "These are weighted sums: the division is missing. The weights need not sum to 1, so a stream that always "
    "reads 5 comes out as another number.",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    return np.array([beta @ x[end - n_c : end] for end in range(n_c, len(x) + 1)])


@weighted.misconception(
    "OFF_BY_ONE",
    "Each result belongs to the window one step earlier: the newest row of the window is missing, and the "
    "first window begins before row 0. Write the indices of the first window down.",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    shifted = np.vstack([np.zeros(x.shape[1]), x])
    return np.array([beta @ shifted[end - n_c : end] for end in range(n_c, len(x) + 1)]) / beta.sum()


@weighted.misconception(
    "SOFTMAX_OF_BETA",
    "The weights went through a softmax. They are weights already, not scores: use beta as it is, and divide "
    "by its sum.",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    share = np.exp(beta - beta.max())
    share = share / share.sum()
    return np.array([share @ x[end - n_c : end] for end in range(n_c, len(x) + 1)])


@weighted.misconception(
    "WEIGHTS_IGNORED",
    "Only the length of beta has an effect: this is the plain moving average. Each row of a window must be "
    "multiplied by its own weight.",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    return np.array([x[end - n_c : end].mean(axis=0) for end in range(n_c, len(x) + 1)])


@weighted.misconception(
    "ZERO_PADDED_WARMUP",
    "Too many rows: windows that aren't full came back too. Here only full windows are asked for, n-n_c+1 rows.",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    padded = np.vstack([np.zeros((n_c - 1, x.shape[1])), x])
    return np.array([beta @ padded[i : i + n_c] for i in range(len(x))]) / beta.sum()


@weighted.misconception(
    "WARMUP_RENORMALISED",
    "Too many rows: the first ones come from windows that aren't full. That was the rule of `moving_average`; here "
    "only full windows are asked for, n-n_c+1 rows.",
)
def weighted_moving_average(x, beta):
    rows = []
    for i in range(len(x)):
        window = x[max(0, i - len(beta) + 1) : i + 1]
        share = beta[len(beta) - len(window) :]
        rows.append(share @ window / np.float64(share.sum()))
    return np.array(rows)


@weighted.misconception(
    "MUTATES_INPUT",
    "beta or x was changed in place (`beta /= beta.sum()`?). Make a new array with `beta / beta.sum()`.",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    beta /= beta.sum()
    return np.array([beta @ x[end - n_c : end] for end in range(n_c, len(x) + 1)])


@weighted.misconception(
    "STOPS_EARLY",
    "The last window is missing. The end of range(...) is not part of it: which window ends with the last row of x?",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    rows = [beta @ x[end - n_c : end] / beta.sum() for end in range(n_c, len(x))]
    return np.array(rows).reshape(len(rows), x.shape[1])


@weighted.misconception(
    "ONLY_FINAL",
    "Only the last window came back. One row for each full window is asked for.",
)
def weighted_moving_average(x, beta):
    return beta @ x[len(x) - len(beta) :] / beta.sum()


@weighted.misconception(
    "FEATURES_MIXED",
    "One number per window came back: a sum or mean without an axis adds the features up too. Each column stays apart.",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    return np.array([(beta @ x[end - n_c : end]).mean() for end in range(n_c, len(x) + 1)]) / beta.sum()


@weighted.misconception(
    "WINDOW_FIXED",
    "Right for three weights only: a number of the example stands in your code where len(beta) belongs.",
)
def weighted_moving_average(x, beta):
    rows = []
    for end in range(3, len(x) + 1):
        rows.append(beta[-3:] @ x[end - len(beta[-3:]) : end] / beta.sum())
    return np.array(rows)


@weighted.misconception(
    "INTEGER_TRUNCATION",
    "With integer input the fractions are cut off. Which dtype has the array you write into?",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    result = np.empty((len(x) - n_c + 1, x.shape[1]), dtype=x.dtype)
    for start in range(len(result)):
        result[start] = beta @ x[start : start + n_c] / beta.sum()
    return result


@weighted.misconception(
    "INTEGER_DIVISION",
    "`//` cuts off the fraction, for floats too. Use `/`.",
)
def weighted_moving_average(x, beta):
    n_c = len(beta)
    return np.array([beta @ x[end - n_c : end] for end in range(n_c, len(x) + 1)]) // beta.sum()


@weighted.accepts("np.average of each window")
def weighted_moving_average(x, beta):
    return [np.average(x[i : i + len(beta)], axis=0, weights=beta) for i in range(len(x) - len(beta) + 1)]


@weighted.accepts("np.convolve, weights turned round")
def weighted_moving_average(x, beta):
    share = beta[::-1] / np.sum(beta)
    return np.stack([np.convolve(column, share, mode="valid") for column in x.T], axis=1)


@weighted.accepts("np.correlate")
def weighted_moving_average(x, beta):
    return np.array([np.correlate(column, beta / beta.sum(), "valid") for column in x.T * 1.0]).T


@weighted.accepts("sliding_window_view")
def weighted_moving_average(x, beta):
    return np.lib.stride_tricks.sliding_window_view(x, len(beta), axis=0) @ (beta / beta.sum())


@weighted.accepts("a sum of shifted streams")
def weighted_moving_average(x, beta):
    count = len(x) - len(beta) + 1
    return sum(weight * x[shift : shift + count] for shift, weight in enumerate(beta)) / sum(beta)


@weighted.accepts("a Toeplitz matrix")
def weighted_moving_average(x, beta):
    n, n_c = len(x), len(beta)
    band = np.zeros((n - n_c + 1, n))
    for row in range(len(band)):
        band[row, row : row + n_c] = beta
    return band @ x / beta.sum()


@weighted.accepts("plain Python, nested lists")
def weighted_moving_average(x, beta):
    rows, weights = x.tolist(), beta.tolist()
    total, n_c, d = sum(weights), len(weights), len(rows[0])
    return [
        [sum(weights[m] * rows[start + m][k] for m in range(n_c)) / total for k in range(d)]
        for start in range(len(rows) - n_c + 1)
    ]


HIGH, THREE_STARTS = np.array([10.0, -5.0]), np.array([4.0, 0.0, -2.0, 1.0])

exponential = TaskSheet(
    "ema",
    points=4,
    hidden="lam = 0 and lam close to 1, a start that is 0 or not, one row, zeros, integers in x and h0, 2,000 rows, "
    "and that x and h0 are unchanged",
    cases=[
        case("lam = 0.8", SEVEN, 0.8, HIGH, public=True),
        case("lam = 0.25", WIDE, 0.25, THREE_STARTS, public=True),
        case("lam = 0.97, one column", COLUMN, 0.97, np.array([-20.0])),
        case("start at 0", SEVEN, 0.6, np.zeros(2)),
        case("zeros in x", FROM_ZERO, 0.9, np.array([0.0, 3.0])),
        case("one row", np.array([[2.5, -7.0, 0.0]]), 0.3, np.array([1.0, 1.0, 8.0])),
        case("lam = 0", SEVEN, 0.0, HIGH, part="lam = 0"),
        case("lam = 0, one row of zeros", np.zeros((1, 2)), 0.0, np.array([3.0, -1.0]), part="lam = 0"),
        case("lam = 0, integers", INTEGERS, 0, np.array([5, -2, 7]), part="lam = 0"),
        case("integers", INTEGERS, 0.5, np.array([5, -2, 7]), part="integers"),
        case("integers, lam = 0.9", np.array([[1], [0], [0], [5]]), 0.9, np.array([10]), part="integers"),
        case("2,000 rows, lam = 0.5", LONG, 0.5, np.array([0.0, 300.0]), part="long streams"),
        case("700 rows, lam = 0.99", LONG[:700], 0.99, np.array([50.0, -40.0]), part="long streams"),
    ],
    parts=[
        Part("values", 2),
        Part(
            "lam = 0", 0.5, "With lam = 0 nothing of the old memory is kept: each state is the input itself.", edge=True
        ),
        Part("integers", 0.5, "With integers in x and h0 the states must still hold fractions."),
        Part(
            "long streams",
            0.5,
            "On 2,000 rows the result is off or not finite. Is something divided by a power of lam?",
        ),
        Part(
            "arguments unchanged",
            0.5,
            "x or h0 was changed. Whoever called you may start from the same h0 again.",
            aspect="unchanged",
        ),
    ],
)


@exponential.misconception(
    "DECAY_REVERSED",
    "lam and 1-lam are exchanged: lam is the share of the OLD memory that is kept. With lam = 0 only the "
    "input is left.",
)
def ema(x, lam, h0):
    h, states = h0, []
    for row in x:
        h = (1 - lam) * h + lam * row
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "INPUT_SHARE_FORGOTTEN",
    "The new input went in with weight 1. Put in a stream that always reads 5, with h0 = 5: it must stay at "
    "5, but yours climbs. Which share is left for the input when lam is kept?",
)
def ema(x, lam, h0):
    h, states = h0, []
    for row in x:
        h = lam * h + row
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "STARTS_AT_FIRST_INPUT",
    "Your first state is x[0] itself: h0 was ignored. The first step is a step like every other one, from h0.",
)
def ema(x, lam, h0):
    h = x[0] * 1.0
    states = [h]
    for row in x[1:]:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "H0_IGNORED",
    "h0 was ignored: your memory starts from 0. Which memory is there before row 0 comes?",
)
def ema(x, lam, h0):
    h, states = np.zeros(x.shape[1]), []
    for row in x:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "BIAS_CORRECTED",
    "You divided by 1 - lam**n, the correction that Adam makes for a start from 0. Here h0 holds that share "
    "of the weight, so the weights sum to 1 already: no division.",
)
def ema(x, lam, h0):
    h, states = h0, []
    for count, row in enumerate(x, start=1):
        h = lam * h + (1 - lam) * row
        states.append(h / (1 - lam**count))
    return np.array(states)


@exponential.misconception(
    "SHRINKING_STEP",
    "The share of the new input shrinks like 1/i, so this is the cumulative average. Here it is 1-lam at each step.",
)
def ema(x, lam, h0):
    h, states = h0, []
    for i, row in enumerate(x, start=1):
        h = h + (row - h) / i
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "OLD_NOT_REDUCED",
    "The old memory is never reduced: inputs are added to it and nothing fades. What must h be multiplied by "
    "at each step?",
)
def ema(x, lam, h0):
    h, states = h0, []
    for row in x:
        h = h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "PRIMACY",
    "The oldest input has the largest weight: the powers of lam run the wrong way. Write h_3 as a sum of x_1, "
    "x_2 and x_3: which one has lam**2 in front of it?",
)
def ema(x, lam, h0):
    states = []
    for i in range(len(x)):
        states.append(lam ** (i + 1) * h0 + (1 - lam) * lam ** np.arange(i + 1) @ x[: i + 1])
    return np.array(states)


@exponential.misconception(
    "LAM_TO_THE_I",
    "lam was raised to a power at each step. The rule uses lam itself; the powers come about as the steps "
    "follow each other.",
)
def ema(x, lam, h0):
    h, states = h0, []
    for i, row in enumerate(x, start=1):
        h = lam**i * h + (1 - lam**i) * row
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "UNDERFLOW_DIVISION",
    "Right on short streams with lam > 0, then inf or nan: you divide by lam**i, which becomes 0. "
    "For lam = 0.5 that happens after 1,075 steps, for lam = 0 at once. Carry the memory on step by step.",
)
def ema(x, lam, h0):
    powers = (lam * 1.0) ** np.arange(1, len(x) + 1)[:, None]
    return powers * (h0 + (1 - lam) * np.cumsum(x / powers, axis=0))


@exponential.misconception(
    "ALIASED_STATE",
    "All rows equal the last state: one array was appended n times and changed in place afterwards. "
    "Append a copy, or make a new array at each step.",
)
def ema(x, lam, h0):
    h, states = np.array(h0, dtype=float), []
    for row in x:
        h *= lam
        h += (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "MUTATES_INPUT",
    "h0 or x was changed in place: after `h = h0`, `h *= lam` changes h0 too. Make a new array, as in `h = "
    "lam * h + ...`.",
)
def ema(x, lam, h0):
    h, states = h0, []
    for row in x:
        h *= lam
        h += (1 - lam) * row
        states.append(h.copy())
    return np.array(states)


@exponential.misconception(
    "INTEGER_TRUNCATION",
    "Right for floats, but with integers the fractions are cut off. Which dtype has the array you write into?",
)
def ema(x, lam, h0):
    h, states = h0, np.zeros_like(x)
    for i, row in enumerate(x):
        h = lam * h + (1 - lam) * row
        states[i] = h
    return states


@exponential.misconception(
    "INTEGER_STATE",
    "Right for floats, but with integers the memory itself is cut off to an integer at each step, and the "
    "error is carried on. Which dtype has the array that holds your states?",
)
def ema(x, lam, h0):
    states = np.zeros_like(x)
    states[0] = lam * h0 + (1 - lam) * x[0]
    for i in range(1, len(x)):
        states[i] = lam * states[i - 1] + (1 - lam) * x[i]
    return states


@exponential.misconception(
    "H0_INCLUDED",
    "n+1 rows came back: h0 is given, not computed. Row 0 of the result is the memory after row 0 of x.",
)
def ema(x, lam, h0):
    states = [h0]
    for row in x:
        states.append(lam * states[-1] + (1 - lam) * row)
    return np.array(states)


@exponential.misconception(
    "OFF_BY_ONE",
    "Each row is one step too old: the result begins with h0 and lacks the last state. Is the memory stored "
    "before or after it has taken in the row?",
)
def ema(x, lam, h0):
    h, states = h0, []
    for row in x:
        states.append(h)
        h = lam * h + (1 - lam) * row
    return np.array(states)


@exponential.misconception(
    "ONLY_FINAL",
    "Only the last state came back. All n states are asked for: collect each one as it is computed.",
)
def ema(x, lam, h0):
    h = h0
    for row in x:
        h = lam * h + (1 - lam) * row
    return h


@exponential.misconception(
    "STARTS_FROM_H0",
    "Every step starts from h0 again, so no state knows of more than one row. Step i starts from the state of "
    "step i-1.",
)
def ema(x, lam, h0):
    return np.array([lam * h0 + (1 - lam) * row for row in x])


@exponential.misconception(
    "MEMORY_OF_INPUTS",
    "Each row mixes x[i] with the INPUT before it. The memory of step i-1, not its input, is what lam multiplies.",
)
def ema(x, lam, h0):
    before = np.vstack([h0, x[:-1]])
    return lam * before + (1 - lam) * x


@exponential.misconception(
    "ZERO_TAKEN_AS_UNSET",
    "lam = 0 was taken as 'not given' and another value put in its place: 0 counts as false in `lam or ...` "
    "and `if lam`. lam = 0 is a memory that keeps only the newest input.",
)
def ema(x, lam, h0):
    lam = lam or 0.9
    h, states = h0, []
    for row in x:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "ZERO_START_TAKEN_AS_UNSET",
    "A start of zeros was taken as 'not given', and x[0] put in its place. h0 is always given, "
    "and a memory may start at 0.",
)
def ema(x, lam, h0):
    h, states = (h0 if np.any(h0) else x[0]), []
    for row in x:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.misconception(
    "LAM_FIXED",
    "Right for lam = 0.8 only: a number of the first example stands in your code where lam belongs.",
)
def ema(x, lam, h0):
    h, states = h0, []
    for row in x:
        h = 0.8 * h + 0.2 * row
        states.append(h)
    return np.array(states)


@exponential.accepts("a step towards the input")
def ema(x, lam, h0):
    h, states = np.array(h0, dtype=float), []
    for row in x:
        h = h + (1 - lam) * (row - h)
        states.append(h)
    return states


@exponential.accepts("into a float array")
def ema(x, lam, h0):
    states = np.empty(x.shape)
    for i in range(len(x)):
        states[i] = lam * (states[i - 1] if i else h0) + (1 - lam) * x[i]
    return states


@exponential.accepts("in place on a copy")
def ema(x, lam, h0):
    h, states = h0.astype(float), []
    for row in x:
        h *= lam
        h += (1 - lam) * row
        states.append(h.copy())
    return np.stack(states)


@exponential.accepts("itertools.accumulate")
def ema(x, lam, h0):
    from itertools import accumulate

    return list(accumulate(x, lambda h, row: lam * h + (1 - lam) * row, initial=h0))[1:]


@exponential.accepts("a matrix of weights by age")
def ema(x, lam, h0):
    n = len(x)
    age = np.arange(n)[:, None] - np.arange(n)
    powers = float(lam) ** np.arange(n + 1)
    weights = np.where(age >= 0, (1 - lam) * powers[np.maximum(age, 0)], 0.0)
    return weights @ x + powers[1:, None] * h0


@exponential.accepts("a convolution with the powers of lam")
def ema(x, lam, h0):
    n = len(x)
    powers = float(lam) ** np.arange(n + 1)
    faded = [np.convolve(column, powers[:n])[:n] for column in x.T]
    return (1 - lam) * np.array(faded).T + np.outer(powers[1:], h0)


@exponential.accepts("a Hillis-Steele scan")
def ema(x, lam, h0):
    kept = np.full((len(x), 1), float(lam))
    added = (1 - lam) * x.astype(float)
    distance = 1
    while distance < len(x):
        new_added, new_kept = added.copy(), kept.copy()
        new_added[distance:] += kept[distance:] * added[:-distance]
        new_kept[distance:] *= kept[:-distance]
        added, kept, distance = new_added, new_kept, 2 * distance
    return added + kept * h0


@exponential.accepts("plain Python, nested lists")
def ema(x, lam, h0):
    h, states = h0.tolist(), []
    for row in x.tolist():
        h = [lam * old + (1 - lam) * new for old, new in zip(h, row, strict=True)]
        states.append(h)
    return states


RAMP = Function("lambda h, x, i: h / 2 + i * x")
FADE = Function("lambda h, x, i: 0.75 * h + 0.25 * x")
MIXED = Function("lambda h, x, i: (0.5 - i) * h + (i * i - 3) * x")
AVERAGE = Function("lambda h, x, i: ((i - 1) * h + x) / i")
SUM = Function("lambda h, x, i: h + x")
LATEST = Function("lambda h, x, i: x")
RESET_AT_3 = Function("lambda h, x, i: (0 if i == 3 else 0.5) * h + 0.5 * x")
ALTERNATING = Function("lambda h, x, i: -h + x if i % 2 else 2 * h - x")
WHOLE = Function("lambda h, x, i: (i % 3) * h + (5 - i) * x")

probe = TaskSheet(
    "effective_weights",
    points=3,
    hidden="rules that change with i, the sum, the cumulative average, exponential averages, a memory of the "
    "last input, a reset, weights that are 0, negative or above 1, and n = 1",
    cases=[
        case("the worked example", RAMP, 3, public=True),
        case("an exponential average", FADE, 5, public=True),
        case("a rule with signs", MIXED, 4, public=True),
        case("the cumulative average", AVERAGE, 6),
        case("the sum", SUM, 7),
        case("the last input only", LATEST, 4),
        case("a reset at step 3", RESET_AT_3, 5),
        case("alternating steps", ALTERNATING, 6),
        case("whole numbers", WHOLE, 5),
        case("twenty steps", FADE, 20),
        case("n = 1", MIXED, 1, part="n = 1"),
        case("n = 1, exponential", FADE, 1, part="n = 1"),
        case("n = 1, average", AVERAGE, 1, part="n = 1"),
    ],
    parts=[
        Part("values", 2.5),
        Part("n = 1", 0.5, "With n = 1 one weight is asked for: the share of x_1 in h_1."),
    ],
)


@probe.misconception(
    "REVERSED_ORDER",
    "Right numbers in reversed order: w[0] belongs to the FIRST input, not to the newest.",
)
def effective_weights(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights[::-1])


@probe.misconception(
    "NORMALISED",
    "You divided by the sum of the weights. They need not sum to 1 (the missing share of an EMA is with h_0): "
    "leave them as they were measured.",
)
def effective_weights(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights) / np.float64(sum(weights))


@probe.misconception(
    "STOPS_AT_IMPULSE",
    "You stopped at the step of the impulse. The steps after it change its share further: go on to step n, "
    "with inputs 0.",
)
def effective_weights(update, n):
    return np.array([update(0.0, 1.0, i) for i in range(1, n + 1)])


@probe.misconception(
    "PREFIX_OF_ONES",
    "These are weights of several inputs together: your streams hold more than one 1. Put a 1 at one step only.",
)
def effective_weights(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i <= impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.misconception(
    "OFF_BY_ONE",
    "update was called with step numbers from 0. It counts from 1: the first input has i = 1, the last one i = n.",
)
def effective_weights(update, n):
    weights = []
    for impulse in range(n):
        h = 0.0
        for i in range(n):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.misconception(
    "STATE_NOT_RESET",
    "Each probe goes on from the state that the one before it left behind. Every impulse needs a fresh start "
    "from h = 0.",
)
def effective_weights(update, n):
    weights, h = [], 0.0
    for impulse in range(1, n + 1):
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.misconception(
    "STARTS_FROM_ONE",
    "Your memory starts from 1, which adds a share of its own to each weight. Start from h = 0.",
)
def effective_weights(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = 1.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.misconception(
    "ONE_IMPULSE",
    "You sent one impulse and read the state at each step. That shows how x_1 fades, not what x_1, ..., x_n "
    "weigh in h_n: send an impulse at each step, and read h_n only.",
)
def effective_weights(update, n):
    h, states = 0.0, []
    for i in range(1, n + 1):
        h = update(h, 1.0 if i == 1 else 0.0, i)
        states.append(h)
    return np.array(states)


@probe.misconception(
    "ONE_IMPULSE_REVERSED",
    "Each impulse was treated as if it came at step 1 (one fading impulse turned round, or step numbers that "
    "start from 1 again). That is right only for rules that are the same at every step; here update may "
    "depend on i.",
)
def effective_weights(update, n):
    h, states = 0.0, []
    for i in range(1, n + 1):
        h = update(h, 1.0 if i == 1 else 0.0, i)
        states.append(h)
    return np.array(states[::-1])


@probe.misconception(
    "STEP_NUMBER_FIXED",
    "update always got the same step number. The rule may change with i: pass the number of the step it is called for.",
)
def effective_weights(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, 1)
        weights.append(h)
    return np.array(weights)


@probe.misconception(
    "ARGUMENTS_SWAPPED",
    "update was called as update(x, h, i). The state comes first: update(h, x, i).",
)
def effective_weights(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(1.0 if i == impulse else 0.0, h, i)
        weights.append(h)
    return np.array(weights)


@probe.misconception(
    "STOPS_EARLY",
    "The last step was not run: range(1, n) ends at n-1, so these are the weights of h_{n-1}.",
)
def effective_weights(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.misconception(
    "SIZE_FOR_SLOPE",
    "Your numbers have lost their signs. A weight can be negative: a larger input then gives a smaller state.",
)
def effective_weights(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(abs(h))
    return np.array(weights)


@probe.misconception(
    "INTEGER_TRUNCATION",
    "The fractions are cut off: the weights were written into an array of integers. Which dtype does it have?",
)
def effective_weights(update, n):
    weights = np.zeros(n, dtype=int)
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights[impulse - 1] = h
    return weights


@probe.misconception(
    "LENGTH_FIXED",
    "Right for n = 3 only: a number of the worked example stands in your code where n belongs.",
)
def effective_weights(update, n):
    weights = []
    for impulse in (1, 2, 3):
        h = 0.0
        for i in (1, 2, 3):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.accepts("from the impulse on")
def effective_weights(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = update(0, 1, impulse)
        for i in range(impulse + 1, n + 1):
            h = update(h, 0, i)
        weights.append(h)
    return weights


@probe.accepts("factors of each step, backwards")
def effective_weights(update, n):
    weights, kept = np.zeros(n), 1.0
    for i in range(n, 0, -1):
        weights[i - 1] = kept * update(0.0, 1.0, i)
        kept *= update(1.0, 0.0, i)
    return weights


@probe.accepts("weights carried forward")
def effective_weights(update, n):
    weights = []
    for i in range(1, n + 1):
        weights = [update(w, 0.0, i) for w in weights] + [update(0.0, 1.0, i)]
    return tuple(weights)


@probe.accepts("all impulses at once, rows of the unit matrix")
def effective_weights(update, n):
    h = np.zeros(n)
    for i, row in enumerate(np.eye(n), start=1):
        h = update(h, row, i)
    return h


@probe.accepts("differences to a base stream")
def effective_weights(update, n):
    def last_state(xs):
        h = 0.0
        for i, x in enumerate(xs, start=1):
            h = update(h, x, i)
        return h

    base = np.linspace(-1.0, 1.0, n)
    return [last_state(base + unit) - last_state(base) for unit in np.eye(n)]


@probe.accepts("recursion over the steps")
def effective_weights(update, n):
    def states(i):
        if i == 0:
            return []
        return [update(h, 0.0, i) for h in states(i - 1)] + [update(0.0, 1.0, i)]

    return np.array(states(n))


@probe.accepts("large impulses, divided again")
def effective_weights(update, n):
    weights = []
    for impulse in range(n):
        stream, h = [0.0] * n, 0.0
        stream[impulse] = 8.0
        for i in range(n):
            h = update(h, stream[i], i + 1)
        weights.append(h / 8.0)
    return np.array(weights)


half_life = TaskSheet(
    "lam_for_half_life",
    points=2,
    hidden="H = 1, H below 1, fractions, integers, and H up to 2,000",
    tolerance=Tolerance(1e-6, "values"),
    cases=[
        case("H = 3", 3, public=True),
        case("H = 5.5", 5.5, public=True),
        case("H = 10", 10),
        case("H = 37.5", 37.5),
        case("H = 2.0", 2.0),
        case("H = 400", 400),
        case("H = 2,000", 2_000),
        case("H = 1", 1, part="short half-lives"),
        case("H = 0.5", 0.5, part="short half-lives"),
        case("H = 0.2", 0.2, part="short half-lives"),
        case("H = 1.25", 1.25, part="short half-lives"),
    ],
    parts=[
        Part("values", 1.5),
        Part("short half-lives", 0.5, "H may be 1 or below: the weight then halves within a single step."),
    ],
)


@half_life.misconception(
    "RULE_OF_THUMB",
    "1 - 1/H is a rule of thumb for another length. Test it: for H = 2 it gives 0.5, and 0.5**2 isn't one half.",
)
def lam_for_half_life(H):
    return 1 - 1 / H


@half_life.misconception(
    "TIME_CONSTANT",
    "With your lam the weight is 1/e (37%) after H steps, not one half. Compute your lam**H, and compare it with 0.5.",
)
def lam_for_half_life(H):
    return np.exp(-1 / H)


@half_life.misconception(
    "MEAN_AGE",
    "With this lam the mean age is H; a mean age is not a half-life. Compute your lam**H, and compare it with 0.5.",
)
def lam_for_half_life(H):
    return H / (1 + H)


@half_life.misconception(
    "INPUT_SHARE_RETURNED",
    "This is 1 - lam, the share of the new input. The share of the old memory is asked for: it grows with H.",
)
def lam_for_half_life(H):
    return 1 - 0.5 ** (1 / H)


@half_life.misconception(
    "SPAN_RULE",
    "2/(H+1) is a convention for the input's share in an average with a given 'span'; a span is not a half-life. "
    "Compute your lam**H, and compare it with 0.5.",
)
def lam_for_half_life(H):
    return 2 / (H + 1)


@half_life.misconception(
    "ONE_MINUS_SPAN_RULE",
    "1 - 2/(H+1) belongs to an average with a given 'span'; a span is not a half-life. "
    "Compute your lam**H, and compare it with 0.5.",
)
def lam_for_half_life(H):
    return 1 - 2 / (H + 1)


@half_life.misconception(
    "EXPONENT_INVERTED",
    "0.5**H falls as H grows: a longer half-life would forget faster. In the equation H is the exponent of "
    "lam. Solve it.",
)
def lam_for_half_life(H):
    return 0.5**H


@half_life.misconception(
    "LINEAR_DECAY",
    "1 - 0.5/H takes the same amount off at each step. The weight is multiplied by lam at each step: what is "
    "it after H?",
)
def lam_for_half_life(H):
    return 1 - 0.5 / H


@half_life.misconception(
    "FIRST_ORDER",
    "Close for long half-lives only: 1 - ln(2)/H is the first piece of a series. Put in H = 1, which must "
    "give one half.",
)
def lam_for_half_life(H):
    return 1 - np.log(2) / H


@half_life.misconception(
    "LAM_AND_H_EXCHANGED",
    "ln(0.5)/ln(lam) turns a lam into its half-life. You put H where lam belongs; solve the equation the "
    "other way round.",
)
def lam_for_half_life(H):
    return np.float64(np.log(0.5)) / np.log(H)


@half_life.misconception(
    "EXPONENTIAL_FORGOTTEN",
    "This is ln(lam): a negative number, and lam lies between 0 and 1. How do you get from a logarithm back "
    "to its number?",
)
def lam_for_half_life(H):
    return np.log(0.5) / H


@half_life.misconception(
    "INTEGER_DIVISION",
    "1 // H is 0 for every H above 1, and your lam is 1: nothing fades any more. Use `/`.",
)
def lam_for_half_life(H):
    return 0.5 ** (1 // H)


@half_life.misconception(
    "HALVES_EACH_STEP",
    "lam = 0.5 halves the weight at every step, which is right for H = 1 only. H has no effect in your function.",
)
def lam_for_half_life(H):
    return 0.5


@half_life.misconception(
    "FRACTION_CUT_OFF",
    "Right for whole H only: the fraction of H was cut off. A half-life may lie between two steps.",
)
def lam_for_half_life(H):
    return 0.5 ** (1 / np.float64(int(H)))


@half_life.misconception(
    "SHORT_HALF_LIFE_CLIPPED",
    "Right from H = 1 on; below, H was raised to 1. H = 0.5 means that the weight halves twice in one step.",
)
def lam_for_half_life(H):
    return 0.5 ** (1 / max(H, 1))


@half_life.misconception(
    "ROUNDED",
    "Right to a few digits only: the result was rounded. For long half-lives lam is so close to 1 that this changes "
    "H a lot. Leave the rounding out.",
    looseness=1e-3,
)
def lam_for_half_life(H):
    return round(0.5 ** (1 / H), 4)


@half_life.accepts("exp and log")
def lam_for_half_life(H):
    return np.exp(np.log(0.5) / H)


@half_life.accepts("a power of two")
def lam_for_half_life(H):
    return 2 ** (-1 / H)


@half_life.accepts("math.pow")
def lam_for_half_life(H):
    import math

    return math.pow(2.0, -1.0 / H)


@half_life.accepts("np.exp2 as an array")
def lam_for_half_life(H):
    return np.exp2(np.array(-1.0 / H))


@half_life.accepts("bisection")
def lam_for_half_life(H):
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if middle**H < 0.5:
            low = middle
        else:
            high = middle
    return low
