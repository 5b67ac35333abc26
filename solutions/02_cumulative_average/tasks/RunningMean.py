import numpy as np

from autograder.authoring import Part, TaskSheet, dialogue


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


def _one_number(new):
    mean = new()
    mean.do("update", np.array([3.0]))
    mean.do("update", np.array([-4.0]))
    mean.get("mean")


def _integers(new):
    mean = new()
    for row in ([3, 0, -2], [4, 1, 5], [4, -7, 9], [0, 0, 0]):
        mean.do("update", np.array(row))
    mean.get("mean")


def _integers_first(new):
    mean = new()
    mean.do("update", np.array([2, -1]))
    mean.do("update", np.array([0.5, 3.0]))
    mean.do("update", np.array([4, 0]))
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
        mean.do("update", np.array([value, 0.5 * value]))


def _zero_on_the_way(new):
    mean = new()
    for row in ([2.0, -4.0], [-2.0, 4.0], [6.0, 3.0], [0.0, 0.0]):
        mean.do("update", np.array(row))
    mean.get("mean")


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
    both.get("mean")
    both.do("update", np.array([100.0, 0.0, -50.0]))
    both.do("update", np.array([1.0, 2.0, 3.0]))
    ten.do("update", np.array([7.0, 7.0, 7.0]))
    forty.do("update", np.array([0.0, -9.0, 2.0]))
    both.get("mean")
    ten.get("mean")
    forty.get("mean")


def _merge_the_other_way(new):
    many, few = new(), new()
    many.each("update", np.array([[1.0, 0.0], [2.0, 5.0], [2.0, 2.0], [6.0, -1.0], [9.0, 7.5]]))
    few.each("update", np.array([[-4.0, 1.0], [3.0, 0.0]]))
    both = many.make("merge", few)
    both.do("update", np.array([0.0, 0.0]))
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
    mean.do("update", np.array([3.0, 0.5]))
    looked = mean.get("mean")
    mean.each("update", _rows(5, 2))
    looked.again()
    mean.get("mean")


def _given_arrays_stay(new):
    mean = new()
    first, second = new.hold(np.array([5.0, -1.0])), new.hold(np.array([0.0, 8.0]))
    mean.do("update", first)
    mean.do("update", second)
    mean.do("update", np.array([4.0, 2.5]))
    first.again()
    second.again()


def _two_thousand(new):
    mean = new()
    rows = _rows(2_000, 64)
    mean.each("update", rows[:200])
    mean.each("update", rows[200:], watch=True)
    mean.get("mean")


running_mean = TaskSheet(
    "RunningMean",
    points=4,
    hidden="50 updates, a single update, arrays of one number, integer arrays, zeros, other merges and going on after "
    "them, that nothing returned changes later, that x is unchanged then and later, and that 2,000 updates need no "
    "more memory than a few",
    uses=("cumavg_update",),
    cases=[
        dialogue("three updates", _three_updates, public=True),
        dialogue("two objects", _two_objects, public=True),
        dialogue("merge 1 + 3, then go on", _small_merge, public=True, part="merge"),
        dialogue("what was returned stays", _returned_values_stay, public=True, part="returned values stay"),
        dialogue("one number at a time", _one_number, public=True, part="edges"),
        dialogue("one update", _one_update, part="edges"),
        dialogue("integer arrays", _integers, part="integers"),
        dialogue("integers, then floats", _integers_first, part="integers"),
        dialogue("50 updates", _fifty),
        dialogue("zeros first", _zeros_first),
        dialogue("a mean of 0 on the way", _zero_on_the_way),
        dialogue("merge 10 + 40, then go on", _large_merge, part="merge"),
        dialogue("merge 5 + 2, then go on", _merge_the_other_way, part="merge"),
        dialogue("merge with a mean of 0", _merge_with_zero, part="merge"),
        dialogue("what .mean gave stays", _attribute_stays, part="returned values stay"),
        dialogue("what was given stays", _given_arrays_stay, part="x unchanged"),
        dialogue("2,000 updates", _two_thousand, part="constant memory"),
    ],
    parts=[
        Part("values", 0.5),
        Part(
            "edges",
            0.5,
            "After a single update, or with arrays of one number, it isn't right yet: what update and .mean give has "
            "the shape of x, also when that is (1,). Print it for `np.array([3.0])`.",
            edge=True,
        ),
        Part(
            "integers",
            0.5,
            "With integer arrays it isn't right yet. Compare the means of `np.array([1])` and `np.array([2])` with "
            "those of the same numbers as floats.",
            excused_by="x unchanged",
        ),
        Part(
            "merge",
            1,
            "With merge it isn't right yet. Merge an object that has seen 1 input with one that has seen 3; look at "
            "the merged mean, update it once more, and look at the means of all three again.",
        ),
        Part(
            "returned values stay",
            0.5,
            "Where the mean is looked at early and again later it isn't right yet. Keep what update and .mean gave, "
            "and update a few times more: what you kept must still hold the old numbers, and .mean the new ones.",
        ),
        Part(
            "x unchanged",
            0.5,
            "Where the arrays x are looked at again it isn't right yet. Keep the first x, update a few times more, and "
            "look whether it still holds the old numbers.",
            aspect="unchanged",
        ),
        Part(
            "constant memory",
            0.5,
            "In 2,000 updates the object grew, took too long, or lost the mean. What is the least that it must keep?",
            aspect="memory",
        ),
    ],
)


@running_mean.wrong
class MERGE_IGNORES_COUNTS:
    """Two means were averaged as equals, though they stand for different numbers of
    inputs. Weigh each with its count."""

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
        both = MERGE_IGNORES_COUNTS()
        both.count = self.count + other.count
        both._mean = (self._mean + other._mean) / 2
        return both


@running_mean.wrong
class MERGE_LOSES_COUNT:
    """The merged mean is right, but the next update isn't: the merged object believes that it has seen nothing yet. How
    many inputs does its mean stand for?"""

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
        both = MERGE_LOSES_COUNT()
        both._mean = (self.count * self._mean + other.count * other._mean) / (self.count + other.count)
        return both


@running_mean.wrong
class MERGE_KEEPS_OWN_COUNT:
    """The merged mean is right, but the next update isn't: the merged object counts the inputs of one operand only."""

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
        both = MERGE_KEEPS_OWN_COUNT()
        both.count = self.count
        both._mean = (self.count * self._mean + other.count * other._mean) / (self.count + other.count)
        return both


@running_mean.wrong
class MERGE_MUTATES_OPERAND:
    """merge changed an object that it was given, and both operands may still be in use: return a new object."""

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


@running_mean.wrong
class STATE_GROWS:
    """Right values, but your object grows with the number of updates: it keeps something of each. What is the
    least you must keep to go on?"""

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
        both = STATE_GROWS()
        both.rows = self.rows + other.rows
        both.total = self.total + other.total
        return both


@running_mean.wrong
class ALIASED_STATE:
    """An array that you returned changed later: the memory itself was handed out and then updated in place. Copy on the
    way out (and on the way in)."""

    def __init__(self):
        self.count, self.mean = 0, None

    def update(self, x):
        if self.mean is None:
            self.mean = np.zeros(len(x))
        self.count += 1
        self.mean += (x - self.mean) / self.count
        return self.mean

    def merge(self, other):
        both = ALIASED_STATE()
        both.count = self.count + other.count
        both.mean = (self.count * self.mean + other.count * other.mean) / both.count
        return both


@running_mean.wrong
class FIRST_ARRAY_KEPT:
    """The first array that update was given changed when a later one came: it became the memory itself, and was then
    updated in place (`self.total = x`, later `+=`). Start from a copy, or from zeros."""

    def __init__(self):
        self.count, self.total = 0, None

    def update(self, x):
        self.count += 1
        if self.total is None:
            self.total = x
        else:
            self.total += x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = FIRST_ARRAY_KEPT()
        both.count = self.count + other.count
        both.total = self.total + other.total
        return both


@running_mean.wrong
class ZERO_TAKEN_AS_UNSET:
    """A mean of 0 was taken as 'no mean yet', and the next input put in its place. A mean may be 0 after many inputs:
    let the count say whether there were any."""

    def __init__(self):
        self.count, self._mean = 0, np.zeros(1)

    def update(self, x):
        self.count += 1
        self._mean = self._mean + (x - self._mean) / self.count if np.any(self._mean) else x * 1.0
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = ZERO_TAKEN_AS_UNSET()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.wrong
class INSTANCES_SHARE_STATE:
    """Two objects share one memory: the state is on the class, not on the instance. Set it up in __init__ with self."""

    count = 0
    total = 0.0

    def update(self, x):
        INSTANCES_SHARE_STATE.count += 1
        INSTANCES_SHARE_STATE.total = INSTANCES_SHARE_STATE.total + x
        return self.mean

    @property
    def mean(self):
        return INSTANCES_SHARE_STATE.total / INSTANCES_SHARE_STATE.count

    def merge(self, other):
        both = INSTANCES_SHARE_STATE()
        INSTANCES_SHARE_STATE.total = self.total + other.total
        INSTANCES_SHARE_STATE.count = self.count + other.count
        return both


@running_mean.wrong
class MUTATES_INPUT:
    """update changed the array x that it was given. The caller may still need it: make a new array."""

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
        both = MUTATES_INPUT()
        both.count = self.count + other.count
        both._total = self._total + other._total
        return both


@running_mean.wrong
class INTEGER_TRUNCATION:
    """Right for floats, but with integer arrays the fractions are cut off: the first x decides the dtype of your
    memory. Make it a float array."""

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
        both = INTEGER_TRUNCATION()
        both.count = self.count + other.count
        both._mean = self._mean.copy()
        both._mean[:] = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.wrong
class OFF_BY_ONE:
    """Off by one: after the first update the mean must be x itself, so the first divisor is 1. Which is yours, and
    what has counted the input by then?"""

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
        both = OFF_BY_ONE()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.wrong
class HALF_AND_HALF:
    """Old mean and new input are mixed half and half. The old mean stands for all inputs so
    far, the new input for one."""

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
        both = HALF_AND_HALF()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.wrong
class RETURNS_NOTHING:
    """update returned None: the memory is updated, but the current mean is asked for as the result too."""

    def __init__(self):
        self.count, self._mean = 0, 0.0

    def update(self, x):
        self.count += 1
        self._mean = self._mean + (x - self._mean) / self.count

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = RETURNS_NOTHING()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.wrong
class MERGED_COUNT_IS_OWN:
    """The merged mean is wrong: the sum is that of all inputs, but it is divided by the number of inputs of one
    operand. How many inputs are in the sum?"""

    def __init__(self):
        self.count, self.total = 0, 0.0

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = MERGED_COUNT_IS_OWN()
        both.count = self.count
        both.total = self.total + other.total
        return both


@running_mean.wrong
class MERGE_LOSES_SUM:
    """The merged mean is right, but the next update isn't: the merged object has a mean and a count, and no sum to go
    on from. Give it all that update uses."""

    def __init__(self):
        self.count, self.total, self.mean = 0, 0.0, None

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        self.mean = self.total / self.count
        return self.mean

    def merge(self, other):
        both = MERGE_LOSES_SUM()
        both.count = self.count + other.count
        both.mean = (self.total + other.total) / both.count
        return both


@running_mean.wrong
class MERGE_RETURNS_MEAN:
    """merge returned a mean, not an object. The merged average must be able to go on: make a RunningMean, give it the
    sum (or mean) and the count of both, and return it."""

    def __init__(self):
        self.count, self.total = 0, 0.0

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        return (self.total + other.total) / (self.count + other.count)


@running_mean.wrong
class MERGE_SHARES_ARRAY:
    """merge made a new object, but one operand's mean changed too: both hold the same array, and `+=` changes it in
    place. (copy.copy doesn't copy the arrays in an object.) Make a new array: `a + b`."""

    def __init__(self):
        self.count, self.total = 0, 0.0

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        import copy

        both = copy.copy(self)
        both.total += other.total
        both.count += other.count
        return both


@running_mean.wrong
class MERGE_COUNTS_CROSSED:
    """In merge each mean was weighted with the count of the other one. Merge 1 input with mean 8 and 3 inputs with mean
    2: which of the two should the result be nearer to?"""

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
        both = MERGE_COUNTS_CROSSED()
        both.count = self.count + other.count
        both._mean = (other.count * self._mean + self.count * other._mean) / both.count
        return both


@running_mean.wrong
class MERGE_OF_TWO_INPUTS:
    """merge took the two means as two single inputs, so the number of inputs that they stand for is lost, and the next
    update counts from 2. Weigh each mean with its count, and keep the sum of the counts."""

    def __init__(self):
        self.count, self.total = 0, 0.0

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = MERGE_OF_TWO_INPUTS()
        both.update(self.mean)
        both.update(other.mean)
        return both


@running_mean.wrong
class MERGE_STAYS_LINKED:
    """After a merge the merged mean changes when an operand goes on: the new object still looks into the two old ones.
    Copy the sum (or mean) and the count into it."""

    def __init__(self):
        self.count, self.total, self.parts = 0, 0.0, []

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean

    def sums(self):
        parts = [part.sums() for part in self.parts]
        return self.count + sum(count for count, _ in parts), self.total + sum(total for _, total in parts)

    @property
    def mean(self):
        count, total = self.sums()
        return total / count

    def merge(self, other):
        both = MERGE_STAYS_LINKED()
        both.parts = [self, other]
        return both


@running_mean.wrong
class MERGE_IS_EMPTY:
    """merge returned an object that has seen nothing. Give it what both operands have seen: their sum (or mean) and
    their count."""

    def __init__(self):
        self.count, self.total = 0, 0.0

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):  # noqa: ARG002
        return MERGE_IS_EMPTY()


@running_mean.wrong
class DIVISOR_TOO_SMALL:
    """The mean is formed before the input is counted: each divisor is one too small, and the first is 0. Raise the
    count first."""

    def __init__(self):
        self.count, self.total, self.mean = 0, 0.0, None

    def update(self, x):
        self.total = self.total + x
        self.mean = self.total / self.count
        self.count += 1
        return self.mean

    def merge(self, other):
        both = DIVISOR_TOO_SMALL()
        both.count = self.count + other.count
        both.total = self.total + other.total
        both.mean = both.total / both.count
        return both


@running_mean.wrong
class FEATURES_MIXED:
    """The mean is one number: all features were averaged or added up together. Each feature has a mean of its own;
    numpy adds whole arrays, as in `total + x`."""

    def __init__(self):
        self.count, self.total = 0, 0.0

    def update(self, x):
        self.count += len(x)
        self.total = self.total + sum(x)
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = FEATURES_MIXED()
        both.count = self.count + other.count
        both.total = self.total + other.total
        return both


@running_mean.wrong
class FEATURES_FIXED:
    """Right for two features only: the number of the first example stands in your code. The first x tells how many
    there are; a plain 0.0 to begin with takes any number."""

    def __init__(self):
        self.count, self.total = 0, np.zeros(2)

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = FEATURES_FIXED()
        both.count = self.count + other.count
        both.total = self.total + other.total
        return both


@running_mean.wrong
class MEAN_IS_A_METHOD:
    """.mean gave a method, not numbers: without brackets it isn't called. Put `@property` above it, or keep the mean
    in an attribute."""

    def __init__(self):
        self.count, self.total = 0, 0.0

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean()

    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = MEAN_IS_A_METHOD()
        both.count = self.count + other.count
        both.total = self.total + other.total
        return both


@running_mean.wrong
class COUNT_STARTS_AT_ONE:
    """Each divisor is one too large: the count begins with 1, though nothing has been seen yet. After the first update
    the mean must be x itself."""

    def __init__(self):
        self.count, self.total = 1, 0.0

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = COUNT_STARTS_AT_ONE()
        both.count = self.count + other.count
        both.total = self.total + other.total
        return both


@running_mean.wrong
class ALIASED_MEAN:
    """update gave a copy, but what .mean gave changed later: the memory itself was handed out there, and then updated
    in place. Hand out a copy there too."""

    def __init__(self):
        self.count, self.mean = 0, 0.0

    def update(self, x):
        if self.count == 0:
            self.mean = np.zeros(len(x))
        self.count += 1
        self.mean += (x - self.mean) / self.count
        return self.mean.copy()

    def merge(self, other):
        both = ALIASED_MEAN()
        both.count = self.count + other.count
        both.mean = (self.count * self.mean + other.count * other.mean) / both.count
        return both


@running_mean.wrong
class STATE_ON_THE_CLASS:
    """Two objects share one memory: sum and count are on the class, not on the instance. Set them up in __init__, with
    self, and use self everywhere."""

    count = 0
    total = 0.0

    def update(self, x):
        STATE_ON_THE_CLASS.count += 1
        STATE_ON_THE_CLASS.total = STATE_ON_THE_CLASS.total + x
        return self.mean

    @property
    def mean(self):
        return STATE_ON_THE_CLASS.total / STATE_ON_THE_CLASS.count

    def merge(self, other):  # noqa: ARG002
        return STATE_ON_THE_CLASS()


@running_mean.wrong
class TRUTH_OF_AN_ARRAY:
    """`if self.total` stops at an array of several numbers, which is neither true nor false (and a total of 0 counts as
    false). Let the count, or `is None`, say whether there is one."""

    def __init__(self):
        self.count, self.total = 0, None

    def update(self, x):
        if self.total:
            self.total = self.total + x
        else:
            self.total = x * 1.0
        self.count += 1
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = TRUTH_OF_AN_ARRAY()
        both.total = self.total + other.total
        both.count = self.count + other.count
        return both


@running_mean.wrong
class COUNTS_FEATURES:
    """Each mean is divided once more by the number of features, as when update counts every feature as an input. One
    call of update is one input: by how much must the count grow?"""

    def __init__(self):
        self.count, self.total = 0, 0.0

    def update(self, x):
        self.count += len(x)
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = COUNTS_FEATURES()
        both.count = self.count + other.count
        both.total = self.total + other.total
        return both


@running_mean.wrong
class ALIASED_BY_UPDATE:
    """An array that update returned changed later, when update was called again; what .mean gave didn't. The memory
    itself was handed out, and then updated in place. Let update return a copy as well."""

    def __init__(self):
        self.count, self._mean = 0, None

    def update(self, x):
        if self._mean is None:
            self._mean = np.zeros(len(x))
        self.count += 1
        self._mean += (x - self._mean) / self.count
        return self._mean

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = ALIASED_BY_UPDATE()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.wrong
class MEAN_NOT_RENEWED:
    """.mean still gives what it gave when it was first looked at, though update went on. Compute it at each look, or
    set it at each update."""

    def __init__(self):
        self.count, self.total, self.first = 0, 0.0, None

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.total / self.count

    @property
    def mean(self):
        if self.first is None:
            self.first = self.total / self.count
        return self.first.copy()

    def merge(self, other):
        both = MEAN_NOT_RENEWED()
        both.count = self.count + other.count
        both.total = self.total + other.total
        return both


@running_mean.wrong
class MERGE_ADDS_IN_PLACE:
    """merge made a new object, but it holds the same sum as an operand, and `+=` changes that for both: the operand's
    mean is wrong afterwards, and each takes in what the other one gets. Make a new array: `a + b`."""

    def __init__(self):
        self.count, self.total = 0, None

    def update(self, x):
        if self.total is None:
            self.total = np.zeros(len(x))
        self.count += 1
        self.total += x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = MERGE_ADDS_IN_PLACE()
        both.total = self.total
        both.total += other.total
        both.count = self.count + other.count
        return both


@running_mean.wrong
class MERGE_SHARES_COUNT:
    """After a merge an operand still has its own sum, but divides it by the count of the merged object: the two share
    it. (copy.copy doesn't copy a list in an object.) Give the new object a count of its own."""

    def __init__(self):
        self.count, self.total = [0], 0.0

    def update(self, x):
        self.count[0] += 1
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count[0]

    def merge(self, other):
        both = MERGE_SHARES_COUNT()
        both.count = self.count
        both.total = self.total + other.total
        both.count[0] += other.count[0]
        return both


@running_mean.wrong
class MERGE_OTHER_AS_ONE_INPUT:
    """merge took the mean of the other object as one single input, however many inputs it stands for. Weigh each mean
    with its count, and keep the sum of the counts."""

    def __init__(self):
        self.count, self.total = 0, 0.0

    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean

    @property
    def mean(self):
        return self.total / self.count

    def merge(self, other):
        both = MERGE_OTHER_AS_ONE_INPUT()
        both.count, both.total = self.count, self.total
        both.update(other.mean)
        return both


@running_mean.wrong
class ZERO_STARTS_ANEW:
    """A mean of 0 was taken as 'nothing seen yet', and the count began again with the next input. A mean may be 0
    after many inputs: let the count say whether there were any."""

    def __init__(self):
        self.count, self._mean = 0, np.zeros(1)

    def update(self, x):
        if not np.any(self._mean):
            self.count = 0
        self._mean = (x + self.count * self._mean) / (self.count + 1)
        self.count += 1
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = ZERO_STARTS_ANEW()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.wrong
class COUNT_NEVER_RAISED:
    """The mean is always the newest input: the old mean has no weight, as when its count stays 0. In which line does
    update raise the count?"""

    def __init__(self):
        self.count, self._mean = 0, 0.0

    def update(self, x):
        self._mean = (x + self.count * self._mean) / (self.count + 1)
        return self._mean.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = COUNT_NEVER_RAISED()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / max(both.count, 1)
        return both


@running_mean.wrong
class UPDATE_RETURNS_OLD_MEAN:
    """update returned the mean as it was before the new input came, while .mean holds the new one. Which of the two is
    asked for, and which do you return?"""

    def __init__(self):
        self.count, self._mean = 0, None

    def update(self, x):
        before = x * 1.0 if self.count == 0 else self._mean
        self._mean = (x + self.count * before) / (self.count + 1)
        self.count += 1
        return before.copy()

    @property
    def mean(self):
        return self._mean.copy()

    def merge(self, other):
        both = UPDATE_RETURNS_OLD_MEAN()
        both.count = self.count + other.count
        both._mean = (self.count * self._mean + other.count * other._mean) / both.count
        return both


@running_mean.wrong
class ONLY_LAST_TEN:
    """Right for up to ten inputs; after that only the newest ten count, as in a list of fixed length. All inputs
    belong to the mean: what stands for them without keeping each?"""

    def __init__(self):
        self.rows = []

    def update(self, x):
        self.rows = [*self.rows, x * 1.0][-10:]
        return self.mean

    @property
    def mean(self):
        return sum(self.rows) / len(self.rows)

    def merge(self, other):
        both = ONLY_LAST_TEN()
        both.rows = [*self.rows, *other.rows][-10:]
        return both


@running_mean.right
class sum_and_count:
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
        return sum_and_count(self.total + other.total, self.count + other.count)


@running_mean.right
class mean_and_count:
    def __init__(self):
        self.count = 0
        self.mean = 0.0

    def update(self, x):
        self.mean = (x + self.count * self.mean) / (self.count + 1)
        self.count += 1
        return self.mean

    def merge(self, other):
        both = mean_and_count()
        both.count = self.count + other.count
        both.mean = self.mean + (other.mean - self.mean) * other.count / both.count
        return both


@running_mean.right
class in_place_copies_handed_out:
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
        both = in_place_copies_handed_out()
        both._count = self._count + other._count
        both._mean = self._mean * (self._count / both._count) + other._mean * (other._count / both._count)
        return both


@running_mean.right
class own_cumavg_update:
    def __init__(self):
        self.count = 0
        self._mean = None

    def update(self, x):
        self._mean = cumavg_update(np.zeros(len(x)) if self._mean is None else self._mean, x, self.count)
        self.count += 1
        return np.array(self._mean)

    @property
    def mean(self):
        return np.array(self._mean)

    def merge(self, other):
        both = own_cumavg_update()
        both.count = self.count + other.count
        both._mean = (self.count * np.array(self._mean) + other.count * np.array(other._mean)) / both.count
        return both


@running_mean.right
class lists_of_numbers:
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
        both = lists_of_numbers()
        both.totals = [a + b for a, b in zip(self.totals, other.totals, strict=True)]
        both.count = self.count + other.count
        return both


@running_mean.right
class state_as_one_tuple:
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
        both = state_as_one_tuple()
        both.state = (n1 + n2, np.average([mean1, mean2], axis=0, weights=[n1, n2]))
        return both


@running_mean.right
class merge_on_deep_copies:
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
