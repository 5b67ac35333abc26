"""The tasks of notebook 02: a cumulative average as a batch, as one step, as an object, and in examples."""

import numpy as np

from autograder.examples import ExamplesSheet
from autograder.task import Part, TaskSheet, case, dialogue

SIX = np.array([[2.0, 4.0], [4.0, 0.0], [0.0, 5.0], [6.0, 3.0], [-2.0, 8.0], [2.0, -2.0]])
WIDE = np.array([[1.5, -2.0, 0.0, 7.0], [0.5, 4.0, -1.0, 0.0], [3.0, 1.0, 6.5, -4.0]])
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
        case("one row", np.array([[2.5, -7.0, 0.0]])),
        case("one column", COLUMN),
        case("zeros at the start", FROM_ZERO),
        case("integers", INTEGERS, part="integers"),
        case("integers in one column", np.array([[1], [0], [0], [5]]), part="integers"),
        case("2,000 rows near 10,000", LONG, part="long and large"),
    ],
    parts=[
        Part("values", 2.5),
        Part("integers", 0.5, "With integer input the result must still hold fractions."),
        Part(
            "long and large",
            0.5,
            "On 2,000 rows near 10,000 the result is too far off: work in float64 throughout.",
        ),
        Part(
            "x unchanged",
            0.5,
            "x was changed. Whoever called you still needs it: build a new array.",
            aspect="unchanged",
        ),
    ],
)


@averages.misconception(
    "SUM_FOR_MEAN",
    "These are running sums: they grow with the stream, a mean doesn't. Divide row i by the number "
    "of rows it contains.",
)
def cumulative_average(x):
    return np.cumsum(x, axis=0)


@averages.misconception(
    "OFF_BY_ONE",
    "Off by one: each divisor is one too large. Row 0 contains one row, so its divisor is 1; check row 0 by hand.",
)
def cumulative_average(x):
    return np.cumsum(x, axis=0) / np.arange(2, len(x) + 2)[:, None]


@averages.misconception(
    "DIVISOR_TOO_SMALL",
    "Each divisor is one too small, and row 0 was divided by 0. Counting from 0, how many rows are in rows 0..i?",
)
def cumulative_average(x):
    return np.cumsum(x, axis=0) / np.arange(len(x))[:, None]


@averages.misconception(
    "ONE_BASED_STEP",
    "From row 1 on each step is too large: row 1 equals x[1], and x[0] has no share in it. "
    "Counting from 0, x[i] is the (i+1)-th row.",
)
def cumulative_average(x):
    mem, rows = x[0], [x[0]]
    for i in range(1, len(x)):
        mem = mem + (x[i] - mem) / i
        rows.append(mem)
    return np.array(rows)


@averages.misconception(
    "INTEGER_DIVISION",
    "`//` cuts off the fraction, for floats too. Use `/`.",
)
def cumulative_average(x):
    return np.cumsum(x, axis=0) // np.arange(1, len(x) + 1)[:, None]


@averages.misconception(
    "STOPS_EARLY",
    "The last row is missing: n rows in, n rows out. Which rows does your last slice hold?",
)
def cumulative_average(x):
    return np.array([x[:i].sum(axis=0) / i for i in range(1, len(x))])


@averages.misconception(
    "DIVIDES_BY_ALL",
    "All rows are divided by n, the number of all rows. Row i is a mean of i+1 rows: only the last divisor is n.",
)
def cumulative_average(x):
    return np.cumsum(x, axis=0) / len(x)


@averages.misconception(
    "WRONG_AXIS",
    "You averaged along the features. Time is axis 0: each column is a stream of its own and must not see the others.",
)
def cumulative_average(x):
    return np.cumsum(x, axis=1) / np.arange(1, x.shape[1] + 1)


@averages.misconception(
    "FEATURES_MIXED",
    "One number per row came back: `mean` without an axis averages the features too. A mean of rows is again a row.",
)
def cumulative_average(x):
    return np.array([x[: i + 1].mean() for i in range(len(x))])


@averages.misconception(
    "HALF_AND_HALF",
    "Old and new are mixed half and half. The old mean stands for i rows, the new row for one: weigh them so.",
)
def cumulative_average(x):
    rows = [x[0] * 1.0]
    for row in x[1:]:
        rows.append((rows[-1] + row) / 2)
    return np.array(rows)


@averages.misconception(
    "FACTOR_FORGOTTEN",
    "The old mean was added as if it were a single row. It stands for i rows: what must it be multiplied by "
    "before x[i] is added?",
)
def cumulative_average(x):
    mem, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x):
        mem = (row + mem) / (i + 1)
        rows.append(mem)
    return np.array(rows)


@averages.misconception(
    "EXCLUDES_CURRENT",
    "Row i leaves out x[i] itself: the mean was stored before the row was added. Row 0 must equal x[0].",
)
def cumulative_average(x):
    mem, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x):
        rows.append(mem)
        mem = (row + i * mem) / (i + 1)
    return np.array(rows)


@averages.misconception(
    "EMPTY_FIRST_PREFIX",
    "Row i leaves out x[i] itself, and row 0 is a mean of nothing (nan): the slice x[:i] ends before row i.",
)
def cumulative_average(x):
    return np.array([x[:i].sum(axis=0) / np.float64(i) for i in range(len(x))])


@averages.misconception(
    "FUTURE_LEAK",
    "You averaged from row i to the end. Row i may use only rows 0..i: when it is due, the later "
    "rows aren't there yet.",
)
def cumulative_average(x):
    return np.array([x[i:].mean(axis=0) for i in range(len(x))])


@averages.misconception(
    "ONLY_FINAL",
    "Only the overall mean came back. One row per prefix is asked for: n rows in, n rows out.",
)
def cumulative_average(x):
    return x.mean(axis=0)


@averages.misconception(
    "INTEGER_TRUNCATION",
    "With integer input the fractions are cut off; the mean of 1 and 2 is 1.5. "
    "If you write into an array, look at its dtype.",
)
def cumulative_average(x):
    result = np.empty_like(x)
    for i in range(len(x)):
        result[i] = x[: i + 1].mean(axis=0)
    return result


@averages.misconception(
    "MUTATES_INPUT",
    "The argument x was changed. Whoever called you still needs it: work on a copy or build a new array.",
)
def cumulative_average(x):
    for i in range(1, len(x)):
        x[i] += x[i - 1]
    return x / np.arange(1, len(x) + 1)[:, None]


@averages.misconception(
    "FLOAT32_PRECISION",
    "Right to a few digits only: a float32 (or a rounding) was used somewhere. Keep every step in float64.",
    looseness=1e-4,
)
def cumulative_average(x):
    x = x.astype(np.float32)
    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1, dtype=np.float32)[:, None]


@averages.misconception(
    "ALIASED_STATE",
    "All rows equal the mean of the whole stream: either one array was appended n times and changed in place "
    "afterwards (append a copy, or make a new array at each step), or each row was averaged over all rows "
    "(row i may use rows 0..i only).",
)
def cumulative_average(x):
    mem, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x):
        mem += (row - mem) / (i + 1)
        rows.append(mem)
    return np.array(rows)


@averages.accepts("cumsum")
def cumulative_average(x):
    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]


@averages.accepts("a mean of every prefix, quadratic")
def cumulative_average(x):
    return [x[: i + 1].mean(axis=0) for i in range(len(x))]


@averages.accepts("incremental form")
def cumulative_average(x):
    mem, rows = np.zeros(x.shape[1]), []
    for i, row in enumerate(x, start=1):
        mem = mem + (row - mem) / i
        rows.append(mem)
    return np.array(rows)


@averages.accepts("book form")
def cumulative_average(x):
    result = np.zeros(x.shape)
    mem = 0.0
    for i in range(len(x)):
        mem = (x[i] + i * mem) / (i + 1)
        result[i] = mem
    return result


@averages.accepts("itertools.accumulate")
def cumulative_average(x):
    from itertools import accumulate

    return [total / count for count, total in enumerate(accumulate(x), start=1)]


@averages.accepts("triangular matrix product")
def cumulative_average(x):
    n = len(x)
    return (np.tril(np.ones((n, n))) / np.arange(1, n + 1)[:, None]) @ x


@averages.accepts("einsum")
def cumulative_average(x):
    n = len(x)
    return np.einsum("ij,jd,i->id", np.tril(np.ones((n, n))), x, 1 / np.arange(1, n + 1))


@averages.accepts("Hillis-Steele scan")
def cumulative_average(x):
    total, distance = x.astype(float), 1
    while distance < len(x):
        moved = total.copy()
        moved[distance:] += total[:-distance]
        total, distance = moved, 2 * distance
    return total / np.arange(1, len(x) + 1)[:, None]


@averages.accepts("divide and conquer")
def cumulative_average(x):
    def sums(rows):
        if len(rows) == 1:
            return rows * 1.0
        first, second = sums(rows[: len(rows) // 2]), sums(rows[len(rows) // 2 :])
        return np.concatenate([first, second + first[-1]])

    return sums(x) / np.arange(1, len(x) + 1)[:, None]


@averages.accepts("math.fsum, nested lists")
def cumulative_average(x):
    import math

    n, d = x.shape
    return [[math.fsum(x[: i + 1, k]) / (i + 1) for k in range(d)] for i in range(n)]


@averages.accepts("plain Python, a tuple of tuples")
def cumulative_average(x):
    totals, rows = [0.0] * x.shape[1], []
    for count, row in enumerate(x.tolist(), start=1):
        totals = [total + value for total, value in zip(totals, row, strict=True)]
        rows.append(tuple(total / count for total in totals))
    return tuple(rows)


@averages.accepts("add.accumulate in columns")
def cumulative_average(x):
    return (np.add.accumulate(x.T.astype(np.float64), axis=1) / np.arange(1, len(x) + 1)).T


MEM, NEW = np.array([2.0, -1.0, 0.5]), np.array([10.0, 3.0, -4.0])

one_step = TaskSheet(
    "cumavg_update",
    points=3,
    hidden="other i, large i, i = 0 with something left over in mem, integer arrays (also with a mean that is a "
    "fraction), zeros, one feature, "
    "and that mem and x are unchanged",
    cases=[
        case("i = 3", MEM, NEW, 3, public=True),
        case("i = 1", np.array([5.0, 0.0]), np.array([2.0, 7.0]), 1, public=True),
        case("i = 2, one feature", np.array([4.5]), np.array([-3.0]), 2),
        case("i = 1,999", np.array([10.0, -3.0]), np.array([-90.0, 5.0]), 1_999),
        case("integer arrays", np.array([4, -7, 1]), np.array([1, 2, 9]), 4, part="integers"),
        case("zeros in mem and x", np.array([0.0, 3.0, 0.0]), np.array([5.0, 0.0, 0.0]), 6),
        case("i = 0", np.array([0.0, 0.0]), np.array([3.0, -8.0]), 0, public=True, part="first input"),
        case("i = 0, mem left over", np.array([123.0, -55.0]), np.array([3.5, 0.0]), 0, part="first input"),
        case("i = 0, integers", np.array([7, 7, 7]), np.array([0, 1, -6]), 0, part="integers"),
    ],
    parts=[
        Part("values", 1.5),
        Part("first input", 0.5, "At i = 0 the result is x_0, whatever mem held before.", edge=True),
        Part("integers", 0.5, "With integer arrays the result must still hold fractions, also where mem or x can't."),
        Part(
            "arguments unchanged",
            0.5,
            "mem or x was changed. Other code may still hold that array: return a new one.",
            aspect="unchanged",
        ),
    ],
)


@one_step.misconception(
    "OFF_BY_ONE",
    "This is the update for an index that starts at 1. Here i counts from 0, so x_i is the (i+1)-th input. "
    "Try i = 1: how many inputs does mem stand for then?",
)
def cumavg_update(mem, x, i):
    return mem + (x - mem) / i if i > 0 else x


@one_step.misconception(
    "DIVISOR_TOO_SMALL",
    "The sum is right, the divisor i is one too small: it counts the inputs before x_i, but not x_i itself.",
)
def cumavg_update(mem, x, i):
    return (x + i * mem) / i if i > 0 else x


@one_step.misconception(
    "FACTOR_FORGOTTEN",
    "mem was added as if it were one input. It is the mean of i inputs: turn it back into their sum first.",
)
def cumavg_update(mem, x, i):
    return (x + mem) / (i + 1)


@one_step.misconception(
    "FACTOR_TOO_LARGE",
    "mem was weighted with i+1, but it holds only i inputs when x_i arrives. Do the two weights add "
    "up to your divisor?",
)
def cumavg_update(mem, x, i):
    return (x + (i + 1) * mem) / (i + 1)


@one_step.misconception(
    "DIVISOR_TOO_LARGE",
    "Off by one: you divided by i+2. After x_i there are i+1 inputs; try i = 0, where the result must be x_0.",
)
def cumavg_update(mem, x, i):
    return (x + i * mem) / (i + 2)


@one_step.misconception(
    "COUNTS_ONE_TOO_MANY",
    "mem still has a share at i = 0, where no input came before: both its weight and the divisor are one too large.",
)
def cumavg_update(mem, x, i):
    return (x + (i + 1) * mem) / (i + 2)


@one_step.misconception(
    "HALF_AND_HALF",
    "Half and half, whatever i is: that gives recent inputs more weight. The share of x_i must be 1/(i+1).",
)
def cumavg_update(mem, x, i):
    return (mem + x) / 2


@one_step.misconception(
    "ROLES_SWAPPED",
    "mem and x have exchanged roles: the new input got the weight of all the old ones. Try i = 9: "
    "who should weigh more?",
)
def cumavg_update(mem, x, i):
    return (mem + i * x) / (i + 1)


@one_step.misconception(
    "INTEGER_DIVISION",
    "`//` cuts off the fraction, for floats too. Use `/`.",
)
def cumavg_update(mem, x, i):
    return (x + i * mem) // (i + 1)


@one_step.misconception(
    "INTEGER_TRUNCATION",
    "Right for floats, but with integer arrays the fractions are cut off. Look at the dtype of the "
    "array you write into.",
)
def cumavg_update(mem, x, i):
    result = np.empty_like(mem)
    result[:] = (x + i * mem) / (i + 1)
    return result


@one_step.misconception(
    "SUM_FOR_MEAN",
    "The division is missing: this is the sum of all inputs so far, which grows without bound. A mean is asked for.",
)
def cumavg_update(mem, x, i):
    return x + i * mem


@one_step.misconception(
    "ADDED_TO_MEAN",
    "x was simply added to the mean. If x equals the mean, nothing should change: try mem = x = 5.",
)
def cumavg_update(mem, x, i):
    return mem + x


@one_step.misconception(
    "MUTATES_INPUT",
    "mem or x was changed in place (`mem *= i`, `mem += ...`). Other code may still hold that array: return a new one.",
)
def cumavg_update(mem, x, i):
    mem *= i
    mem += x
    return mem / (i + 1)


@one_step.misconception(
    "MUTATES_MEM",
    "mem was changed in place (`mem += ...`): other code may still hold that array, and an array of integers "
    "can't take a fraction. Compute a new array and return it.",
)
def cumavg_update(mem, x, i):
    mem += (x - mem) / (i + 1)
    return mem


@one_step.misconception(
    "PRECEDENCE",
    "Only part of the sum is divided: put brackets round x_i + i*Mem and round i+1.",
)
def cumavg_update(mem, x, i):
    return x + i * mem / (i + 1)


@one_step.misconception(
    "PRECEDENCE_IN_DIVISOR",
    "You divided by i and then added 1: put brackets round x_i + i*Mem and round i+1.",
)
def cumavg_update(mem, x, i):
    return (x + i * mem) / np.float64(i) + 1


@one_step.misconception(
    "FIRST_KEEPS_OLD",
    "At i = 0 your result is the old mem. No input came before x_0, so the result must be x_0, whatever mem held.",
)
def cumavg_update(mem, x, i):
    if i == 0:
        return mem.copy()
    return (x + i * mem) / (i + 1)


@one_step.misconception(
    "FIRST_MIXED",
    "At i = 0 mem was mixed in. No input came before x_0: the factor on mem must then be 0.",
)
def cumavg_update(mem, x, i):
    return (x + max(i, 1) * mem) / (max(i, 1) + 1)


@one_step.accepts("a step towards x")
def cumavg_update(mem, x, i):
    return mem + (x - mem) / (i + 1)


@one_step.accepts("two shares")
def cumavg_update(mem, x, i):
    share = 1 / (i + 1)
    return (1 - share) * mem + share * x


@one_step.accepts("the first input by itself")
def cumavg_update(mem, x, i):
    if i == 0:
        return x
    return mem * (i / (i + 1)) + x / (i + 1)


@one_step.accepts("np.average")
def cumavg_update(mem, x, i):
    return np.average([mem, x], axis=0, weights=[i, 1])


@one_step.accepts("a list, number by number")
def cumavg_update(mem, x, i):
    return [(new + i * old) / (i + 1) for old, new in zip(mem, x, strict=True)]


@one_step.accepts("in place on a copy")
def cumavg_update(mem, x, i):
    result = mem.astype(float)
    result *= i
    result += x
    result /= i + 1
    return result


def _rows(n, d):
    return np.random.default_rng(n).normal(3.0, 2.0, size=(n, d)).round(3)


def _three_updates(new):
    mean = new()
    mean.do("update", np.array([2.0, 4.0]))
    mean.do("update", np.array([5.0, 0.0]))
    mean.do("update", np.array([-1.0, 3.5]))
    mean.get("mean")


def _two_objects(new):
    first, second = new(), new()
    first.do("update", np.array([4.0, 1.0]))
    second.do("update", np.array([-3.0, 0.0]))
    first.do("update", np.array([1.0, 2.0]))
    first.do("update", np.array([0.0, 9.0]))
    second.do("update", np.array([6.0, 5.0]))
    first.get("mean")
    second.get("mean")


def _one_update(new):
    mean = new()
    mean.do("update", np.array([-2.5, 0.0, 7.0]))
    mean.get("mean")


def _integers(new):
    mean = new()
    for row in ([3, 0, -2], [4, 1, 5], [4, -7, 9], [0, 0, 0]):
        mean.do("update", np.array(row))
    mean.get("mean")


def _fifty(new):
    mean = new()
    rows = _rows(50, 3)
    mean.each("update", rows[:49])
    mean.do("update", rows[49])
    mean.get("mean")


def _zeros_first(new):
    mean = new()
    for value in (0.0, 0.0, 0.0, 10.0, 0.0):
        mean.do("update", np.array([value]))


def _small_merge(new):
    one, three = new(), new()
    one.do("update", np.array([8.0, 0.0]))
    three.each("update", np.array([[1.0, 2.0], [3.0, -4.0], [5.0, 8.0]]))
    both = one.make("merge", three)
    both.get("mean")
    both.do("update", np.array([4.0, -6.5]))
    one.get("mean")
    three.get("mean")


def _large_merge(new):
    ten, forty = new(), new()
    ten.each("update", _rows(10, 3))
    forty.each("update", _rows(40, 3))
    both = ten.make("merge", forty)
    seen = both.get("mean")
    both.do("update", np.array([100.0, 0.0, -50.0]))
    both.do("update", np.array([1.0, 2.0, 3.0]))
    ten.do("update", np.array([7.0, 7.0, 7.0]))
    forty.do("update", np.array([0.0, -9.0, 2.0]))
    both.get("mean")
    seen.again()


def _merge_the_other_way(new):
    many, few = new(), new()
    many.each("update", np.array([[1], [2], [2], [6], [9]]))
    few.each("update", np.array([[-4], [3]]))
    both = many.make("merge", few)
    both.do("update", np.array([0]))
    twice = both.make("merge", few)
    twice.get("mean")
    few.get("mean")
    many.get("mean")


def _merge_with_zero(new):
    balanced, six = new(), new()
    balanced.each("update", np.array([[1.0, 0.0], [-1.0, 0.0]]))
    six.do("update", np.array([6.0, 0.0]))
    both = six.make("merge", balanced)
    both.get("mean")
    both.do("update", np.array([0.0, 8.0]))


def _returned_values_stay(new):
    mean = new()
    first = mean.do("update", np.array([1.0, 2.0]))
    second = mean.do("update", np.array([4.0, -3.0]))
    looked = mean.get("mean")
    mean.do("update", np.array([-7.0, 12.5]))
    first.again()
    second.again()
    looked.again()


def _attribute_stays(new):
    mean = new()
    mean.do("update", np.array([3.0]))
    looked = mean.get("mean")
    mean.each("update", _rows(5, 1))
    looked.again()
    mean.get("mean")


def _two_thousand(new):
    mean = new()
    rows = _rows(2_000, 64)
    mean.each("update", rows[:200])
    mean.each("update", rows[200:], watch=True)
    mean.get("mean")


running_mean = TaskSheet(
    "RunningMean",
    points=4,
    hidden="50 updates, a single update, integer arrays, zeros, other merges and going on after them, "
    "that nothing returned changes later, that x is unchanged, and that 2,000 updates need no more memory than a few",
    cases=[
        dialogue("three updates", _three_updates, public=True),
        dialogue("two objects", _two_objects, public=True),
        dialogue("merge 1 + 3, then go on", _small_merge, public=True, part="merge"),
        dialogue("what was returned stays", _returned_values_stay, public=True, part="returned values stay"),
        dialogue("one update", _one_update),
        dialogue("integer arrays", _integers),
        dialogue("50 updates", _fifty),
        dialogue("zeros first", _zeros_first),
        dialogue("merge 10 + 40, then go on", _large_merge, part="merge"),
        dialogue("merge 5 + 2, then go on", _merge_the_other_way, part="merge"),
        dialogue("merge with a mean of 0", _merge_with_zero, part="merge"),
        dialogue("what .mean gave stays", _attribute_stays, part="returned values stay"),
        dialogue("2,000 updates", _two_thousand),
    ],
    parts=[
        Part("values", 1),
        Part("merge", 1, "After a merge the mean, or a later update, isn't that of all inputs together."),
        Part("returned values stay", 0.5, "An array that you returned changed later. Hand out a copy."),
        Part("x unchanged", 0.5, "update changed the array x that it was given.", aspect="unchanged"),
        Part(
            "constant memory",
            1,
            "The object grew with the number of updates. What is the least you must keep?",
            aspect="memory",
        ),
    ],
)


@running_mean.misconception(
    "MERGE_IGNORES_COUNTS",
    "Two means were averaged as equals, though they stand for different numbers of inputs. Weigh each with its count.",
)
class RunningMean:
    def __init__(self):
        self.count, self._mean = 0, 0.0

    def update(self, x):
        self.count += 1
        self._mean = self._mean + (x - self._mean) / self.count
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = RunningMean()
        both.count = self.count + other.count
        both._mean = (self._mean + other._mean) / 2
        return both


@running_mean.misconception(
    "MERGE_LOSES_COUNT",
    "The merged mean is right, but the next update isn't: the merged object believes that it has seen nothing yet. "
    "How many inputs does its mean stand for?",
)
class RunningMean:
    def __init__(self):
        self.count, self._mean = 0, 0.0

    def update(self, x):
        self.count += 1
        self._mean = self._mean + (x - self._mean) / self.count
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = RunningMean()
        both._mean = (self.count * self._mean + other.count * other._mean) / (self.count + other.count)
        return both


@running_mean.misconception(
    "MERGE_KEEPS_OWN_COUNT",
    "The merged mean is right, but the next update isn't: the merged object counts the inputs of one operand only.",
)
class RunningMean:
    def __init__(self):
        self.count, self._mean = 0, 0.0

    def update(self, x):
        self.count += 1
        self._mean = self._mean + (x - self._mean) / self.count
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = RunningMean()
        both.count = self.count
        both._mean = (self.count * self._mean + other.count * other._mean) / (self.count + other.count)
        return both


@running_mean.misconception(
    "MERGE_MUTATES_OPERAND",
    "merge changed the object it was called on. Both operands may still be in use: return a new object.",
)
class RunningMean:
    def __init__(self):
        self.count, self._mean = 0, 0.0

    def update(self, x):
        self.count += 1
        self._mean = self._mean + (x - self._mean) / self.count
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        total = self.count * self._mean + other.count * other._mean
        self.count += other.count
        self._mean = total / self.count
        return self


@running_mean.misconception(
    "STATE_GROWS",
    "Right values, but your object grows with the number of updates: it keeps the inputs. "
    "What is the least you must keep to go on?",
)
class RunningMean:
    def __init__(self):
        self.rows, self.total = [], 0.0

    def update(self, x):
        self.rows.append(x.copy())
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / len(self.rows)

    def merge(self, other):
        both = RunningMean()
        both.rows = self.rows + other.rows
        both.total = self.total + other.total
        return both


@running_mean.misconception(
    "ALIASED_STATE",
    "An array that you returned changed later: the memory itself was handed out and then updated in place. "
    "Copy on the way out (and on the way in).",
)
class RunningMean:
    def __init__(self):
        self.count, self.mean = 0, None

    def update(self, x):
        if self.mean is None:
            self.mean = np.zeros(len(x))
        self.count += 1
        self.mean += (x - self.mean) / self.count
        return self.mean

    def merge(self, other):
        both = RunningMean()
        both.count = self.count + other.count
        both.mean = (self.count * self.mean + other.count * other.mean) / both.count
        return both


@running_mean.misconception(
    "INSTANCES_SHARE_STATE",
    "Two objects share one memory: the state is on the class, not on the instance. Set it up in __init__ with self.",
)
class RunningMean:
    count = 0
    total = 0.0

    def update(self, x):
        RunningMean.count += 1
        RunningMean.total = RunningMean.total + x
        return self.mean

    @property
    def mean(self):
        return RunningMean.total / RunningMean.count

    def merge(self, other):
        both = RunningMean()
        RunningMean.total = self.total + other.total
        RunningMean.count = self.count + other.count
        return both


@running_mean.misconception(
    "MUTATES_INPUT",
    "update changed the array x that it was given. The caller may still need it: make a new array.",
)
class RunningMean:
    def __init__(self):
        self.count, self._total = 0, 0.0

    def update(self, x):
        self.count += 1
        x += (self._total * np.ones(len(x))).astype(x.dtype)
        self._total = x.copy()
        return self.mean

    @property
    def mean(self):
        return self._total / self.count

    def merge(self, other):
        both = RunningMean()
        both.count = self.count + other.count
        both._total = self._total + other._total
        return both


@running_mean.misconception(
    "INTEGER_TRUNCATION",
    "Right for floats, but with integer arrays the fractions are cut off: "
    "the first x decides the dtype of your memory. Make it a float array.",
)
class RunningMean:
    def __init__(self):
        self.count, self._mean = 0, None

    def update(self, x):
        if self.count == 0:
            self._mean = np.zeros_like(x)
        self.count += 1
        self._mean[:] = self._mean + (x - self._mean) / self.count
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = RunningMean()
        both.count = self.count + other.count
        both._mean = self._mean.copy()
        both._mean[:] = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.misconception(
    "OFF_BY_ONE",
    "Off by one: after the first update the mean must be x itself. Is the input counted before you divide?",
)
class RunningMean:
    def __init__(self):
        self.count, self._mean = 0, 0.0

    def update(self, x):
        self.count += 1
        self._mean = self._mean + (x - self._mean) / (self.count + 1)
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = RunningMean()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.misconception(
    "HALF_AND_HALF",
    "Old mean and new input are mixed half and half. The old mean stands for all inputs so far, the new input for one.",
)
class RunningMean:
    def __init__(self):
        self.count, self._mean = 0, None

    def update(self, x):
        self._mean = x * 1.0 if self.count == 0 else (self._mean + x) / 2
        self.count += 1
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = RunningMean()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.misconception(
    "RETURNS_NOTHING",
    "update returned None: the memory is updated, but the current mean is asked for as the result too.",
)
class RunningMean:
    def __init__(self):
        self.count, self._mean = 0, 0.0

    def update(self, x):
        self.count += 1
        self._mean = self._mean + (x - self._mean) / self.count

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = RunningMean()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.accepts("sum and count")
class RunningMean:
    def __init__(self, total=0.0, count=0):
        self.total, self.count = total, count

    def update(self, x):
        self.total = self.total + x
        self.count += 1
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        return RunningMean(self.total + other.total, self.count + other.count)


@running_mean.accepts("mean and count, a plain attribute bound anew")
class RunningMean:
    def __init__(self):
        self.count = 0
        self.mean = 0.0

    def update(self, x):
        self.mean = (x + self.count * self.mean) / (self.count + 1)
        self.count += 1
        return self.mean

    def merge(self, other):
        both = RunningMean()
        both.count = self.count + other.count
        both.mean = self.mean + (other.mean - self.mean) * other.count / both.count
        return both


@running_mean.accepts("in place, copies handed out")
class RunningMean:
    def __init__(self):
        self._count, self._mean = 0, None

    def update(self, x):
        if self._mean is None:
            self._mean = np.zeros(x.shape)
        self._count += 1
        self._mean += (x - self._mean) / self._count
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = RunningMean()
        both._count = self._count + other._count
        both._mean = self._mean * (self._count / both._count) + other._mean * (other._count / both._count)
        return both


@running_mean.accepts("lists of numbers")
class RunningMean:
    def __init__(self):
        self.totals, self.count = None, 0

    def update(self, x):
        old = self.totals or [0.0] * len(x)
        self.totals = [total + float(value) for total, value in zip(old, x, strict=True)]
        self.count += 1
        return self.mean

    @property
    def mean(self):
        return [total / self.count for total in self.totals]

    def merge(self, other):
        both = RunningMean()
        both.totals = [a + b for a, b in zip(self.totals, other.totals, strict=True)]
        both.count = self.count + other.count
        return both


@running_mean.accepts("the state as one tuple")
class RunningMean:
    def __init__(self):
        self.state = (0, 0.0)

    def update(self, x):
        count, mean = self.state
        self.state = (count + 1, mean + (np.asarray(x) - mean) / (count + 1))
        return tuple(self.state[1])

    @property
    def mean(self):
        return tuple(self.state[1])

    def merge(self, other):
        (n1, mean1), (n2, mean2) = self.state, other.state
        both = RunningMean()
        both.state = (n1 + n2, np.average([mean1, mean2], axis=0, weights=[n1, n2]))
        return both


@running_mean.accepts("merge on deep copies")
class RunningMean:
    def __init__(self):
        self.n, self.s = 0, np.zeros(1)

    def update(self, x):
        self.n, self.s = self.n + 1, self.s + x
        return np.array(self.mean)

    @property
    def mean(self):
        return self.s / self.n

    def merge(self, other):
        import copy

        both = copy.deepcopy(self)
        both.s = both.s + other.s
        both.n += other.n
        return both


examples = ExamplesSheet(
    "cumulative_average_examples",
    points=3,
    valid_points=1,
    hidden="whether each expected output is right, and how many of twelve wrong programs your examples expose",
    of="cumulative_average",
    targets=[
        "SUM_FOR_MEAN",
        "OFF_BY_ONE",
        "DIVIDES_BY_ALL",
        "WRONG_AXIS",
        "FEATURES_MIXED",
        "HALF_AND_HALF",
        "FACTOR_FORGOTTEN",
        "EXCLUDES_CURRENT",
        "FUTURE_LEAK",
        "ONLY_FINAL",
        "INTEGER_TRUNCATION",
        "ALIASED_STATE",
    ],
)


@examples.misconception(
    "SUM_FOR_MEAN", "The expected outputs are running sums: they miss the division by the number of rows."
)
def cumulative_average_examples():
    return [([[1.0, 2.0], [3.0, 6.0], [5.0, 1.0]], [[1, 2], [4, 8], [9, 9]])]


@examples.misconception("OFF_BY_ONE", "The divisors are one too large: row 0 contains one row, so it is x[0] itself.")
def cumulative_average_examples():
    return [([[6.0], [3.0], [3.0]], [[3.0], [3.0], [3.0]])]


@examples.misconception(
    "DIVIDES_BY_ALL",
    "Every row of the expected output was divided by n; only the last one is a mean of n rows.",
)
def cumulative_average_examples():
    return [([[2.0, 4.0], [6.0, 0.0]], [[1.0, 2.0], [4.0, 2.0]])]


@examples.misconception(
    "WRONG_AXIS", "The expected output averages from left to right; time runs downwards, along axis 0."
)
def cumulative_average_examples():
    return [(np.array([[2.0, 4.0], [6.0, 0.0]]), np.array([[2.0, 3.0], [6.0, 3.0]]))]


@examples.misconception(
    "HALF_AND_HALF", "From row 2 on, the expected output mixes the old mean and the new row half and half."
)
def cumulative_average_examples():
    return [([[2.0], [4.0], [9.0]], [[2.0], [3.0], [6.0]])]


@examples.misconception("EXCLUDES_CURRENT", "Row i of the expected output leaves out x[i] itself.")
def cumulative_average_examples():
    return [([[2.0, 1.0], [4.0, 1.0], [9.0, 4.0]], [[0, 0], [2.0, 1.0], [3.0, 1.0]])]


@examples.misconception(
    "FUTURE_LEAK", "The expected output averages from row i to the end; row i may use rows 0..i only."
)
def cumulative_average_examples():
    return [
        ([[1.0, 1.0], [2.0, 2.0]], [[1.0, 1.0], [1.5, 1.5]]),
        ([[2.0], [4.0], [9.0]], [[5.0], [6.5], [9.0]]),
    ]


@examples.misconception(
    "INTEGER_TRUNCATION", "The fractions are cut off in the expected output: the mean of 1 and 2 is 1.5."
)
def cumulative_average_examples():
    return [([[1, 5], [2, 5], [4, 2]], [[1, 5], [1, 5], [2, 4]])]


@examples.accepts("one telling example")
def cumulative_average_examples():
    return [([[1, 4], [2, 0], [6, 1]], [[1, 4], [1.5, 2], [3, 1.667]])]


@examples.accepts("several, as arrays")
def cumulative_average_examples():
    x = np.array([[3, 1, 4], [1, 5, 9], [2, 6, 5], [3, 5, 8]])
    y = np.array([[2.5, 0.0], [1.0, -4.0], [7.0, 1.0]])
    return [
        (x, np.array([[3, 1, 4], [2, 3, 6.5], [2, 4, 6], [2.25, 4.25, 6.5]])),
        (y, np.array([[2.5, 0.0], [1.75, -2.0], [3.5, -1.0]])),
    ]


@examples.accepts("lists in lists, small ideas one by one")
def cumulative_average_examples():
    return [
        [[[5.0]], [[5.0]]],
        [[[1, 7], [2, 3]], [[1, 7], [1.5, 5]]],
        [[[8.0], [0.0], [4.0], [0.0]], [[8.0], [4.0], [4.0], [3.0]]],
        [[[0, 3]] * 3, [[0, 3]] * 3],
    ]
