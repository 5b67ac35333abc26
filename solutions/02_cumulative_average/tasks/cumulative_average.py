import numpy as np

from autograder.authoring import Part, TaskSheet, case

SIX = np.array([[2.0, 4.0], [4.0, 0.0], [0.0, 5.0], [6.0, 3.0], [-2.0, 8.0], [2.0, -2.0]])
WIDE = np.array([[1.5, -2.0, 0.0, 7.0], [0.75, 4.0, -1.25, 0.0], [3.0, 1.0, 6.0, -4.0]])
INTEGERS = np.array([[3, -1, 4], [1, 5, -9], [2, 6, 5], [3, 5, 8], [-9, 7, 9]])
COLUMN = np.array([[0.5], [-1.25], [3.0], [8.0], [-2.5], [0.75], [4.0]])
FROM_ZERO = np.array([[0.0, 0.0], [0.0, 1.0], [0.0, -4.0], [7.0, 0.0]])
LONG = 10_000 + np.random.default_rng(2).normal(size=(2_000, 2)).round(3)

averages = TaskSheet(
    "cumulative_average",
    points=4,
    hidden="integer input (also integers whose mean is a fraction), a single row, a single column, rows of zeros, "
    "2,000 rows near 10,000, and that x is unchanged",
    cases=[
        case("six rows of two", SIX, public=True),
        case("three rows of four", WIDE, public=True),
        case("one row", np.array([[2.5, -7.0, 0.0]]), public=True, part="edges"),
        case("one column", COLUMN, part="edges"),
        case("one number", np.array([[-3.5]]), part="edges"),
        case("zeros at the start", FROM_ZERO),
        case("integers", INTEGERS, part="integers"),
        case("integers, two columns", np.array([[1, 4], [0, 1], [0, 0], [5, -2]]), part="integers"),
        case("2,000 rows near 10,000", LONG, part="long and large"),
    ],
    parts=[
        Part("values", 2),
        Part(
            "edges",
            0.5,
            "With a single row or a single column it isn't right yet: what comes back must have the shape of x there "
            "too. Print the shape of your result for `np.array([[2.0, 5.0]])` and for `np.array([[2.0], [5.0]])`.",
            edge=True,
        ),
        Part(
            "integers",
            0.5,
            "With integers it isn't right yet. Compare what comes back for `np.array([[1, 0], [2, 5]])` with "
            "the same numbers as floats.",
            excused_by="x unchanged",
        ),
        Part(
            "long and large",
            0.5,
            "On 2,000 rows near 10,000 it isn't right yet. Compare a late row with `x[: i + 1].mean(axis=0)`, to all "
            "digits.",
        ),
        Part(
            "x unchanged",
            0.5,
            "x was changed. Whoever called you still needs it: build a new array.",
            aspect="unchanged",
        ),
    ],
)


@averages.wrong
def SUM_FOR_MEAN(x):
    """These are running sums: they grow with the stream, a mean doesn't. Divide row i by the
    number of rows it contains."""
    return np.cumsum(x, axis=0)


@averages.wrong
def OFF_BY_ONE(x):
    """Off by one: each divisor is one too large. Row 0 contains one row, so its divisor is 1; check row 0 by hand."""
    return np.cumsum(x, axis=0) / np.arange(2, len(x) + 2)[:, None]


@averages.wrong
def DIVISOR_TOO_SMALL(x):
    """Each divisor is one too small, and row 0 was divided by 0. Counting from 0, how many rows are in rows 0..i?"""
    return np.cumsum(x, axis=0) / np.arange(len(x))[:, None]


@averages.wrong
def ONE_BASED_STEP(x):
    """From row 1 on each step is too large: row 1 equals x[1], and x[0] has no share in it. Counting from
    0, x[i] is the (i+1)-th row."""
    mem, rows = x[0], [x[0]]
    for i in range(1, len(x)):
        mem = mem + (x[i] - mem) / i
        rows.append(mem)
    return np.array(rows)


@averages.wrong
def INTEGER_DIVISION(x):
    """The fractions are cut off, for floats too: `//` rounds down, and so does a floor. Use `/`."""
    return np.cumsum(x, axis=0) // np.arange(1, len(x) + 1)[:, None]


@averages.wrong
def STOPS_EARLY(x):
    """The last row is missing: n rows in, n rows out. Which rows does your last slice hold?"""
    return np.array([x[:i].sum(axis=0) / i for i in range(1, len(x))])


@averages.wrong
def DIVIDES_BY_ALL(x):
    """All rows are divided by n, the number of all rows. Row i is a mean of i+1 rows: only the last divisor is n."""
    return np.cumsum(x, axis=0) / len(x)


@averages.wrong
def WRONG_AXIS(x):
    """You averaged along the features. Time is axis 0: each column is a stream of its own
    and must not see the others."""
    return np.cumsum(x, axis=1) / np.arange(1, x.shape[1] + 1)


@averages.wrong
def FEATURES_MIXED(x):
    """One number per row came back: `mean` without an axis averages the features too. A mean of rows is again a row."""
    return np.array([x[: i + 1].mean() for i in range(len(x))])


@averages.wrong
def HALF_AND_HALF(x):
    """Old and new are mixed half and half. The old mean stands for i rows, the new row for one: weigh them so."""
    rows = [x[0] * 1.0]
    for row in x[1:]:
        rows.append((rows[-1] + row) / 2)
    return np.array(rows)


@averages.wrong
def FACTOR_FORGOTTEN(x):
    """The old mean was added as if it were a single row. It stands for i rows: what must it be
    multiplied by before x[i] is added?"""
    mem, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x):
        mem = (row + mem) / (i + 1)
        rows.append(mem)
    return np.array(rows)


@averages.wrong
def EXCLUDES_CURRENT(x):
    """Row i leaves out x[i] itself: the mean was stored before the row was added, or a slice ends before row i. Row 0
    must equal x[0]."""
    mem, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x):
        rows.append(mem)
        mem = (row + i * mem) / (i + 1)
    return np.array(rows)


@averages.wrong
def EMPTY_FIRST_PREFIX(x):
    """Row i leaves out x[i] itself, and row 0 is a mean of nothing (nan): the slice x[:i] ends before row i."""
    return np.array([x[:i].sum(axis=0) / np.float64(i) for i in range(len(x))])


@averages.wrong
def FUTURE_LEAK(x):
    """You averaged from row i to the end. Row i may use only rows 0..i: when it is due, the
    later rows aren't there yet."""
    return np.array([x[i:].mean(axis=0) for i in range(len(x))])


@averages.wrong
def ONLY_FINAL(x):
    """Only the overall mean came back. One row per prefix is asked for: n rows in, n rows out."""
    return x.mean(axis=0)


@averages.wrong
def INTEGER_TRUNCATION(x):
    """With integer input the fractions are cut off; the mean of 1 and 2 is 1.5. If you write into
    an array, look at its dtype."""
    result = np.empty_like(x)
    for i in range(len(x)):
        result[i] = x[: i + 1].mean(axis=0)
    return result


@averages.wrong
def MUTATES_INPUT(x):
    """The argument x was changed. Whoever called you still needs it: work on a copy or build a new array."""
    for i in range(1, len(x)):
        x[i] += x[i - 1]
    return x / np.arange(1, len(x) + 1)[:, None]


@averages.wrong(looseness=1e-4)
def FLOAT32_PRECISION(x):
    """Nearly right, but not as exact as the task asks: is a float32 used, something rounded, or something small added
    or left out? Keep float64, numpy's default."""
    x = x.astype(np.float32)
    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1, dtype=np.float32)[:, None]


@averages.wrong
def ALIASED_STATE(x):
    """All rows equal the mean of the whole stream: either one array was appended n times and changed in
    place afterwards (append a copy, or make a new array at each step), or each row was averaged over all
    rows (row i may use rows 0..i only)."""
    mem, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x):
        mem += (row - mem) / (i + 1)
        rows.append(mem)
    return np.array(rows)


@averages.wrong
def ZERO_TAKEN_AS_UNSET(x):
    """A mean of 0 was taken as 'no mean yet', and the next row put in its place. A mean may be 0 at any row: let the
    number of rows say whether there is one."""
    mem, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x):
        mem = (row + i * mem) / (i + 1) if np.any(mem) else row * 1.0
        rows.append(mem)
    return np.array(rows)


@averages.wrong
def FLATTENED(x):
    """The sums run through the rows from left to right, over all columns: `cumsum` without an axis takes x as one long
    row. Each column is a stream of its own: sum along axis 0."""
    return np.cumsum(x).reshape(x.shape) / np.arange(1, len(x) + 1)[:, None]


@averages.wrong
def COUNTS_ALONG_FEATURES(x):
    """The counts 1, 2, ..., n stand along the features: numpy lays an array of shape (n,) along the last axis. Print
    the shapes of both sides of your division; row i of the sums needs the divisor i+1."""
    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)


@averages.wrong
def FEATURES_MIXED_IN_EACH_ROW(x):
    """All columns of a row hold the same number: `mean` without an axis averages the features too. Each column is a
    stream of its own."""
    result = np.empty(x.shape)
    for i in range(len(x)):
        result[i] = x[: i + 1].mean()
    return result


@averages.wrong
def FIRST_ROW_LEFT_OUT(x):
    """Row 0 is still 0, as it was made: your loop begins at row 1. The mean of one row is that row."""
    result = np.zeros(x.shape)
    for i in range(1, len(x)):
        result[i] = x[: i + 1].mean(axis=0)
    return result


@averages.wrong
def FACTOR_TOO_LARGE(x):
    """The old mean was multiplied by i+1, but it stands for only i rows when x[i] arrives. Do the two weights add up to
    your divisor?"""
    mem = x[0] * 1.0
    rows = [mem]
    for i in range(1, len(x)):
        mem = (x[i] + (i + 1) * mem) / (i + 1)
        rows.append(mem)
    return np.array(rows)


@averages.wrong
def ZEROS_NOT_COUNTED(x):
    """Numbers equal to 0 weren't counted in the divisor. 0 is an input like any other: the mean of 4 and 0 is 2."""
    return np.cumsum(x, axis=0) / np.maximum(np.cumsum(x != 0, axis=0), 1)


@averages.wrong
def COLUMNS_NORMALISED(x):
    """Your matrix of weights was divided by the sums of its columns. In a row of the result the weights must sum to 1:
    divide each row of the matrix by its own sum."""
    weights = np.tril(np.ones((len(x), len(x))))
    return weights / weights.sum(axis=0) @ x


@averages.wrong
def MEAN_OF_MEANS(x):
    """From row 2 on the earlier means were averaged, not the earlier rows, so early rows count several times. Which
    numbers does the mean of rows 0..2 need?"""
    rows = []
    for row in x:
        rows.append(np.mean([*rows, row], axis=0))
    return np.array(rows)


@averages.wrong
def SUM_NOT_RESET(x):
    """From the second column on the sums are too large: your running sum goes on from the column before. Each column is
    a stream of its own and starts at 0."""
    result, total = np.zeros(x.shape), 0
    for k in range(x.shape[1]):
        for i in range(len(x)):
            total = total + x[i, k]
            result[i, k] = total / (i + 1)
    return result


@averages.wrong
def LAST_ROW_LEFT_OUT(x):
    """The last row is missing: n rows in, n rows out. Which is the last row that your loop takes in?"""
    mem = x[0] * 1.0
    rows = [mem]
    for i in range(1, len(x) - 1):
        mem = mem + (x[i] - mem) / (i + 1)
        rows.append(mem)
    return np.array(rows)


@averages.wrong
def SUMS_ALONG_FEATURES(x):
    """Row i was divided by i+1, but the sums run along the features, from left to right. Time is axis 0: which rows
    must be summed for row i?"""
    return np.cumsum(x, axis=1) / np.arange(1, len(x) + 1)[:, None]


@averages.wrong
def COUNTS_OF_COLUMNS(x):
    """Column j was divided by j+1, the same in every row: the counts run along the features. The rows are counted: row
    i of the sums needs the divisor i+1."""
    return np.cumsum(x, axis=0) / np.arange(1, x.shape[1] + 1)


@averages.wrong
def ZERO_ROWS_NOT_COUNTED(x):
    """Rows of zeros weren't counted in the divisor. Such a row is an input like any other, and draws the mean towards
    0."""
    return np.cumsum(x, axis=0) / np.maximum(np.cumsum(np.any(x, axis=1)), 1)[:, None]


@averages.right
def cumsum(x):
    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]


@averages.right
def mean_of_every_prefix(x):
    return [x[: i + 1].mean(axis=0) for i in range(len(x))]


@averages.right
def incremental_form(x):
    mem, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x, start=1):
        mem = mem + (row - mem) / i
        rows.append(mem)
    return np.array(rows)


@averages.right
def book_form(x):
    result = np.zeros(x.shape)
    mem = 0.0
    for i in range(len(x)):
        mem = (x[i] + i * mem) / (i + 1)
        result[i] = mem
    return result


@averages.right
def itertools_accumulate(x):
    from itertools import accumulate

    return [total / count for count, total in enumerate(accumulate(x), start=1)]


@averages.right
def triangular_matrix_product(x):
    n = len(x)
    return (np.tril(np.ones((n, n))) / np.arange(1, n + 1)[:, None]) @ x


@averages.right
def einsum(x):
    n = len(x)
    return np.einsum("ij,jd,i->id", np.tril(np.ones((n, n))), x, 1 / np.arange(1, n + 1))


@averages.right
def hillis_steele_scan(x):
    total, distance = x.astype(float), 1
    while distance < len(x):
        moved = total.copy()
        moved[distance:] += total[:-distance]
        total, distance = moved, 2 * distance
    return total / np.arange(1, len(x) + 1)[:, None]


@averages.right
def divide_and_conquer(x):
    def sums(rows):
        if len(rows) == 1:
            return rows * 1.0
        first, second = sums(rows[: len(rows) // 2]), sums(rows[len(rows) // 2 :])
        return np.concatenate([first, second + first[-1]])

    return sums(x) / np.arange(1, len(x) + 1)[:, None]


@averages.right
def math_fsum_nested_lists(x):
    import math

    n, d = x.shape
    return [[math.fsum(x[: i + 1, k]) / (i + 1) for k in range(d)] for i in range(n)]


@averages.right
def plain_python_tuples(x):
    totals, rows = [0.0] * x.shape[1], []
    for count, row in enumerate(x.tolist(), start=1):
        totals = [total + value for total, value in zip(totals, row, strict=True)]
        rows.append(tuple(total / count for total in totals))
    return tuple(rows)


@averages.right
def add_accumulate_in_columns(x):
    return (np.add.accumulate(x.T.astype(np.float64), axis=1) / np.arange(1, len(x) + 1)).T
