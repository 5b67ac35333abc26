import numpy as np

from autograder.authoring import Part, TaskSheet, case

from .inputs import COLUMN, FROM_ZERO, INTEGERS, LONG, SEVEN, WIDE

moving = TaskSheet(
    "moving_average",
    points=4,
    hidden="other windows, among them n_c = 1, n_c = n and n_c > n, negative n_c, a single row or column, rows of "
    "zeros, integers, 1,000 rows, and that x is unchanged",
    cases=[
        case("window of 3", SEVEN, 3, public=True),
        case("window of 2", WIDE, 2, public=True),
        case("window of 4", SEVEN, 4),
        case("window of 5", np.outer([2.0, 7.0, -3.0, 0.0, 4.5, 9.0, 1.0, -8.0], [1.0, -0.5]), 5),
        case("zeros at the start", FROM_ZERO, 2),
        case("1,000 rows", LONG[:1_000], 150),
        case("window of 1", WIDE, 1, part="edges"),
        case("as long as the stream", SEVEN, 7, part="edges"),
        case("longer than the stream", COLUMN, 50, part="edges"),
        case("one column", np.array([[2.0], [7.0], [-3.0], [0.0], [4.5]]), 2, part="edges"),
        case("one row", np.array([[2.5, -7.0, 0.0]]), 1, part="edges"),
        case("one row, window of 3", np.array([[-4.0, 6.0]]), 3, public=True, part="edges"),
        case("integers", INTEGERS, 4, part="integers"),
        case("integers, window of 2", np.array([[1, 4], [0, 1], [0, 0], [5, -2]]), 2, part="integers"),
        case("n_c = 0", WIDE, 0, public=True, part="n_c below 1"),
        case("n_c = -1", SEVEN, -1, part="n_c below 1"),
        case("n_c = -4", WIDE, -4, part="n_c below 1"),
    ],
    parts=[
        Part("values", 2),
        Part(
            "edges",
            0.5,
            "At an edge it isn't right yet: with a window of one row, of all rows, or of more rows than there are, or "
            "with a single row or column. Try `np.array([[2.0, 5.0]])`, and `np.array([[2.0], [5.0]])`, with n_c = 1, "
            "2 and 3.",
        ),
        Part(
            "integers",
            0.5,
            "With integers it isn't right yet. Compare what comes back for `np.array([[1, 0], [2, 5]])` and n_c = 2 "
            "with the same numbers as floats.",
            excused_by="x unchanged",
        ),
        Part(
            "n_c below 1",
            0.5,
            "For an n_c below 1 it isn't right yet. A window without rows has no mean: a ValueError is asked for, with "
            "0 and with every negative n_c.",
        ),
        Part(
            "x unchanged",
            0.5,
            "x was changed. Whoever called you still needs it: build a new array.",
            aspect="unchanged",
        ),
    ],
)


@moving.wrong
def ZERO_PADDED_WARMUP(x, n_c):
    """The first rows are drawn towards 0: they were divided by n_c while fewer rows were there, as if zeros had come
    before. Take row 0 by hand: how many rows are in its window?"""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].sum(axis=0) / n_c for i in range(len(x))])


@moving.wrong
def WINDOW_TOO_LONG(x, n_c):
    """Your window holds n_c+1 rows. Count the indices from i-n_c to i, both included; with n_c =
    1 each row is its own mean."""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def WINDOW_TOO_SHORT(x, n_c):
    """Your window holds n_c-1 rows. Which rows are in it for n_c = 2? The row itself and the
    one before it are asked for."""
    if n_c < 1:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c + 2) : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.wrong
def EXCLUDES_CURRENT(x, n_c):
    """The newest row is missing from its own window: the mean was taken before the row was added, or a slice ends
    before row i. Row 0 of the result must be row 0 of x."""
    if n_c < 1:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c) : i] for i in range(len(x))]
    return np.array([window.sum(axis=0) / max(1, len(window)) for window in windows])


@moving.wrong
def EMPTY_FIRST_WINDOW(x, n_c):
    """The newest row is missing from its own window, and the first window is empty (nan): a slice a:b ends before b.
    Row 0 of the result must be row 0 of x."""
    if n_c < 1:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c) : i] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.wrong
def WARMUP_COPIED(x, n_c):
    """During warm-up your rows are those of x, not means. Until the window is full, average all rows so far: row 1
    is the mean of rows 0 and 1."""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[i] * 1.0 if i < n_c - 1 else x[i - n_c + 1 : i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def FUTURE_LEAK(x, n_c):
    """Your window lies around row i, so it reaches into rows that haven't come yet. It must end at row i: cover all
    later rows with your hand, and you must still be able to compute row i."""
    if n_c < 1:
        raise ValueError("n_c")
    before = n_c // 2
    return np.array([x[max(0, i - before) : i - before + n_c].mean(axis=0) for i in range(len(x))])


@moving.wrong
def FORWARD_WINDOW(x, n_c):
    """Your window starts at row i and runs into the future; it must end there. What can be known when row i arrives?"""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[i : i + n_c].mean(axis=0) for i in range(len(x))])


@moving.wrong
def VALID_ROWS_ONLY(x, n_c):
    """Rows are missing at the start: only full windows came back. One row for each input is asked for, also during
    warm-up, where the mean is over the rows that are there."""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[i - n_c + 1 : i + 1].mean(axis=0) for i in range(n_c - 1, len(x))])


@moving.wrong
def WINDOW_IGNORED(x, n_c):
    """n_c has no effect: old rows never leave, so this is the cumulative average. Where does your window begin?"""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[: i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def NEGATIVE_INDEX_WRAP(x, n_c):
    """During warm-up a negative index wrapped round to the END of the array, so rows of the future were averaged in.
    Print the first index of your window for i = 0."""
    if n_c < 1:
        raise ValueError("n_c")
    return sum(np.roll(x, back, axis=0) for back in range(n_c)) / n_c


@moving.wrong
def NEGATIVE_SLICE(x, n_c):
    """During warm-up your slice begins at a negative index, which numpy counts from the END: the window is empty (nan)
    or holds the wrong rows. Where must the window begin while fewer than n_c rows are there?"""
    if n_c < 1:
        raise ValueError("n_c")
    windows = [x[i - n_c + 1 : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.wrong
def OLDEST_NEVER_LEAVES(x, n_c):
    """m + (x - m)/n_c never takes the oldest row out: once the window is full that is an exponential average. Which
    row leaves when row i enters?"""
    if n_c < 1:
        raise ValueError("n_c")
    m, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x):
        m = m + (row - m) / min(i + 1, n_c)
        rows.append(m)
    return np.array(rows)


@moving.wrong
def RECURSION_FROM_FIRST_ROW(x, n_c):
    """m + (x - m)/n_c from the first row on is an exponential average: it never takes a row out, and during warm-up it
    divides by more rows than there are."""
    if n_c < 1:
        raise ValueError("n_c")
    m = x[0] * 1.0
    rows = [m]
    for row in x[1:]:
        m = m + (row - m) / n_c
        rows.append(m)
    return np.array(rows)


@moving.wrong
def SMALL_WINDOW_ACCEPTED(x, n_c):
    """n_c below 1 was accepted. A window without rows has no mean: raise a ValueError before you compute anything."""
    windows = [x[max(0, i - n_c + 1) : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.wrong
def NEGATIVE_WINDOW_ACCEPTED(x, n_c):
    """n_c = 0 is refused, a negative n_c isn't. Every window smaller than 1 must raise a ValueError."""
    if n_c == 0:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c + 1) : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.wrong
def OTHER_EXCEPTION(x, n_c):
    """For n_c below 1 another exception came than the one that was asked for (an `assert` raises AssertionError). A
    caller who catches ValueError would miss it: raise ValueError(...)."""
    assert n_c >= 1
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def RETURNS_NOTHING_BELOW_ONE(x, n_c):
    """For n_c below 1 None came back, and nothing was raised. A caller would go on with None and fail somewhere else:
    stop with `raise ValueError(...)` where the error is."""
    if n_c < 1:
        return None
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def ONE_ROW_WINDOW_REFUSED(x, n_c):
    """n_c = 1 was refused. It is the smallest window that is allowed: each row is then its own mean."""
    if n_c <= 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def LONG_WINDOW_REFUSED(x, n_c):
    """A window longer than the stream was refused. It is allowed: it never gets full, so each
    mean is over all rows so far."""
    if n_c < 1 or n_c > len(x):
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def SUM_FOR_MEAN(x, n_c):
    """These are sums over the window. A stream that always reads 5 must give 5: divide by the
    number of rows in the window."""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].sum(axis=0) for i in range(len(x))])


@moving.wrong
def FEATURES_MIXED(x, n_c):
    """One number per row came back: `mean` without an axis averages the features too. The
    mean of rows is again a row."""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean() for i in range(len(x))])


@moving.wrong
def WRONG_AXIS(x, n_c):
    """Your window slides along the features. Time is axis 0: each column is a stream of its own."""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[:, max(0, i - n_c + 1) : i + 1].mean(axis=1) for i in range(x.shape[1])]).T


@moving.wrong
def WINDOW_FIXED(x, n_c):
    """Right for a window of 3 only: a number of the first example stands in your code where n_c belongs."""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[max(0, i - 2) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def INTEGER_TRUNCATION(x, n_c):
    """With integer input the fractions are cut off; the mean of 1 and 2 is 1.5. Which dtype
    has the array you write into?"""
    if n_c < 1:
        raise ValueError("n_c")
    result = np.empty_like(x)
    for i in range(len(x)):
        result[i] = x[max(0, i - n_c + 1) : i + 1].mean(axis=0)
    return result


@moving.wrong
def MUTATES_INPUT(x, n_c):
    """The argument x was changed. Whoever called you still needs it: work on a copy or build a new array."""
    if n_c < 1:
        raise ValueError("n_c")
    for i in range(1, len(x)):
        x[i] += x[i - 1]
    rows = []
    for i in range(len(x)):
        total = x[i] - x[i - n_c] if i >= n_c else x[i]
        rows.append(total / min(i + 1, n_c))
    return np.array(rows)


@moving.wrong
def FEATURES_MIXED_IN_EACH_ROW(x, n_c):
    """All columns of a row hold the same number: `mean` without an axis averages the features too. Each column is a
    stream of its own."""
    if n_c < 1:
        raise ValueError("n_c")
    result = np.empty(x.shape)
    for i in range(len(x)):
        result[i] = x[max(0, i - n_c + 1) : i + 1].mean()
    return result


@moving.wrong
def CENTRED_CONVOLUTION(x, n_c):
    """`np.convolve` with mode 'same' lays the window around row i, so it reads rows that haven't come yet, and takes
    zeros where there are none. The window must end at row i, and the first rows need smaller divisors."""
    if n_c < 1:
        raise ValueError("n_c")
    return np.stack([np.convolve(column, np.ones(n_c) / n_c, mode="same")[: len(x)] for column in x.T], axis=1)


@moving.wrong
def WARMUP_ZERO(x, n_c):
    """The first rows are still 0, as they were made: only full windows were filled in. During warm-up the mean is over
    the rows that are there."""
    if n_c < 1:
        raise ValueError("n_c")
    result = np.zeros(x.shape)
    for i in range(n_c - 1, len(x)):
        result[i] = x[i - n_c + 1 : i + 1].mean(axis=0)
    return result


@moving.wrong
def BLOCKS(x, n_c):
    """Your window starts anew after every n_c rows. It must slide: at each row one row enters and the oldest one
    leaves. Which rows are in the window of row n_c?"""
    if n_c < 1:
        raise ValueError("n_c")
    return np.array([x[i // n_c * n_c : i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def RESULTS_AVERAGED(x, n_c):
    """Earlier means were averaged in place of earlier rows: the results were written where the rows are read. Read from
    x, and write into another array."""
    if n_c < 1:
        raise ValueError("n_c")
    result = x.astype(float)
    for i in range(len(x)):
        result[i] = result[max(0, i - n_c + 1) : i + 1].mean(axis=0)
    return result


@moving.wrong
def WRITES_INTO_X(x, n_c):
    """The means were written into x itself. Whoever called you still needs x, and an array of integers can't hold
    fractions: build a new array."""
    if n_c < 1:
        raise ValueError("n_c")
    for i in reversed(range(len(x))):
        x[i] = x[max(0, i - n_c + 1) : i + 1].mean(axis=0)
    return x


@moving.wrong
def RECURRENCE_FROM_FIRST_ROW(x, n_c):
    """Mem + (x[i] - x[i-n_c])/n_c holds for full windows only. During warm-up i-n_c is negative, and numpy then reads
    rows from the END. Which row leaves the window while it isn't full?"""
    if n_c < 1:
        raise ValueError("n_c")
    mem, rows = np.zeros(x.shape[1]), []
    for i in range(len(x)):
        mem = mem + (x[i] - x[(i - n_c) % len(x)]) / n_c
        rows.append(mem)
    return np.array(rows)


@moving.wrong
def ZEROS_NOT_COUNTED(x, n_c):
    """Numbers equal to 0 weren't counted in the divisor. 0 is an input like any other: the mean of 4 and 0 is 2."""
    if n_c < 1:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c + 1) : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.maximum((window != 0).sum(axis=0), 1) for window in windows])


@moving.wrong
def EXCEPTION_RETURNED(x, n_c):
    """For n_c below 1 the exception came back as a value. A caller would go on with it: `raise` stops, `return`
    doesn't."""
    if n_c < 1:
        return ValueError("n_c")
    return np.array([x[max(0, i - n_c + 1) : i + 1].mean(axis=0) for i in range(len(x))])


@moving.wrong
def EMPTY_WINDOWS_AS_ZEROS(x, n_c):
    """n_c below 1 was accepted, and rows of 0 came back. A window without rows has no mean: raise a ValueError before
    you compute anything."""
    result = np.zeros(x.shape)
    for i in range(len(x)):
        window = x[max(0, i - n_c + 1) : i + 1]
        if len(window):
            result[i] = window.mean(axis=0)
    return result


@moving.wrong
def ZERO_WINDOW_ACCEPTED(x, n_c):
    """A negative n_c is refused, n_c = 0 isn't. Every window smaller than 1 must raise a ValueError."""
    if n_c < 0:
        raise ValueError("n_c")
    windows = [x[max(0, i - n_c + 1) : i + 1] for i in range(len(x))]
    return np.array([window.sum(axis=0) / np.float64(len(window)) for window in windows])


@moving.wrong
def CENTRED_FROM_ROW_0(x, n_c):
    """Your window lies around row i (at the start it begins at row 0), so it reaches into rows that haven't come yet.
    It must end at row i: cover all later rows with your hand, and you must still be able to compute row i."""
    if n_c < 1:
        raise ValueError("n_c")
    starts = [max(0, i - n_c // 2) for i in range(len(x))]
    return np.array([x[start : start + n_c].mean(axis=0) for start in starts])


@moving.wrong
def PADDED_WITH_FIRST_ROW(x, n_c):
    """The first rows are drawn towards row 0, as if copies of it stood before the stream. While the window isn't full,
    average the rows that are there, each once."""
    if n_c < 1:
        raise ValueError("n_c")
    padded = np.concatenate([np.repeat(x[:1], n_c - 1, axis=0), x])
    return np.array([padded[i : i + n_c].mean(axis=0) for i in range(len(x))])


@moving.right
def running_sums(x, n_c):
    if n_c <= 0:
        raise ValueError("a window needs at least one row")
    total, rows = np.zeros(x.shape[1]), []
    for i in range(len(x)):
        total = total + x[i]
        if i >= n_c:
            total = total - x[i - n_c]
        rows.append(total / min(n_c, i + 1))
    return rows


@moving.right
def bounded_deque(x, n_c):
    from collections import deque

    if n_c < 1:
        raise ValueError
    window, rows = deque(maxlen=n_c), []
    for row in x:
        window.append(row)
        rows.append(sum(window) / len(window))
    return np.array(rows)


@moving.right
def differences_of_cumulative_sums(x, n_c):
    if n_c < 1:
        raise ValueError
    total = np.vstack([np.zeros(x.shape[1]), np.cumsum(x, axis=0)])
    end = np.arange(1, len(x) + 1)
    start = np.maximum(0, end - n_c)
    return (total[end] - total[start]) / (end - start)[:, None]


@moving.right
def np_convolve_in_each_column(x, n_c):
    if n_c < 1:
        raise ValueError
    n = len(x)
    sums = np.column_stack([np.convolve(column, np.ones(n_c))[:n] for column in x.T])
    return sums / np.minimum(np.arange(1, n + 1), n_c)[:, None]


@moving.right
def sliding_window_view_on_padded_rows(x, n_c):
    if n_c < 1:
        raise ValueError
    padded = np.concatenate([np.full((n_c - 1, x.shape[1]), np.nan), x])
    return np.nanmean(np.lib.stride_tricks.sliding_window_view(padded, n_c, axis=0), axis=-1)


@moving.right
def banded_matrix(x, n_c):
    if n_c < 1:
        raise ValueError
    n = len(x)
    band = np.tril(np.ones((n, n))) - np.tril(np.ones((n, n)), -n_c)
    return band @ x / band.sum(axis=1, keepdims=True)


@moving.right
def plain_python_tuples(x, n_c):
    if n_c < 1:
        raise ValueError
    rows = x.tolist()
    windows = [rows[max(0, i + 1 - n_c) : i + 1] for i in range(len(rows))]
    return tuple(tuple(sum(column) / len(column) for column in zip(*window, strict=True)) for window in windows)
