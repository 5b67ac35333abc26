import numpy as np

from autograder.authoring import Part, TaskSheet, case

from .inputs import COLUMN, FROM_ZERO, INTEGERS, LONG, SEVEN, WIDE

HIGH, THREE_STARTS = np.array([10.0, -5.0]), np.array([4.0, 0.0, -2.0, 1.0])

exponential = TaskSheet(
    "ema",
    points=4,
    hidden="lam = 0 and lam close to 1, a start that is 0 or not, one row or column, zeros, integers in x and h0, "
    "1,200 rows, and that x and h0 are unchanged",
    cases=[
        case("lam = 0.8", SEVEN, 0.8, HIGH, public=True),
        case("lam = 0.25", WIDE, 0.25, THREE_STARTS, public=True),
        case("lam = 0.97", WIDE, 0.97, np.array([-20.0, 5.0, 0.0, 40.0])),
        case("a state of 0 on the way", np.array([[-4.0, 2.0], [6.0, 0.0], [0.0, 8.0]]), 0.5, np.array([4.0, -2.0])),
        case("start at 0", SEVEN, 0.6, np.zeros(2)),
        case("zeros in x", FROM_ZERO, 0.9, np.array([0.0, 3.0])),
        case("one row", np.array([[2.5, -7.0, 0.0]]), 0.3, np.array([1.0, 1.0, 8.0]), public=True, part="edges"),
        case("one column", COLUMN, 0.7, np.array([-20.0]), part="edges"),
        case("one number", np.array([[6.0]]), 0.25, np.array([2.0]), part="edges"),
        case("lam = 0", SEVEN, 0.0, HIGH, part="lam = 0"),
        case("lam = 0, rows of zeros", np.zeros((2, 2)), 0.0, np.array([3.0, -1.0]), part="lam = 0"),
        case("lam = 0, integers", INTEGERS, 0, np.array([5, -2, 7]), part="lam = 0"),
        case("integers", INTEGERS, 0.5, np.array([5, -2, 7]), part="integers"),
        case(
            "integers, lam = 0.9",
            np.array([[1, 4], [0, 1], [0, 0], [5, -2]]),
            0.9,
            np.array([10, 3]),
            part="integers",
        ),
        case("1,200 rows, lam = 0.5", LONG[:1_200], 0.5, np.array([0.0, 300.0]), part="long streams"),
        case("700 rows, lam = 0.99", LONG[:700], 0.99, np.array([50.0, -40.0]), part="long streams"),
    ],
    parts=[
        Part("values", 1.5),
        Part(
            "edges",
            0.5,
            "With a single row or a single column it isn't right yet: the result must have the shape of x there too. "
            "Print its shape for `np.array([[2.0, 5.0]])` and for `np.array([[2.0], [5.0]])`.",
            edge=True,
        ),
        Part(
            "lam = 0",
            0.5,
            "With lam = 0 it isn't right yet: nothing of the old memory is kept, so each state is the input itself.",
            edge=True,
        ),
        Part(
            "integers",
            0.5,
            "With integers in x and h0 it isn't right yet. Compare what comes back for `np.array([[1, 0], [2, 5]])`, "
            "lam = 0.5 and `np.array([4, 1])` with the same numbers as floats.",
            excused_by="arguments unchanged",
        ),
        Part(
            "long streams",
            0.5,
            "On a stream of 700 or of 1,200 rows it isn't right yet. Try one of 1,200 rows: does your code raise? "
            "If not, compare your last rows with those of the rule itself, h = lam*h + (1-lam)*row, step by step.",
        ),
        Part(
            "arguments unchanged",
            0.5,
            "An argument was changed, x or h0. Whoever called you may still need it: build new arrays.",
            aspect="unchanged",
        ),
    ],
)


@exponential.wrong
def DECAY_REVERSED(x, lam, h0):
    """lam and 1-lam are exchanged: lam is the share of the OLD memory that is kept. With lam
    = 0 only the input is left."""
    h, states = h0, []
    for row in x:
        h = (1 - lam) * h + lam * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def INPUT_SHARE_FORGOTTEN(x, lam, h0):
    """The new input went in with weight 1. Put in a stream that always reads 5, with h0 = 5: it must stay at 5, but
    yours climbs. Which share is left for the input when lam is kept?"""
    h, states = h0, []
    for row in x:
        h = lam * h + row
        states.append(h)
    return np.array(states)


@exponential.wrong
def STARTS_AT_FIRST_INPUT(x, lam, h0):
    """Your first state is x[0] itself: h0 was ignored. The first step is a step like every other one, from h0."""
    h = x[0] * 1.0
    states = [h]
    for row in x[1:]:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def H0_IGNORED(x, lam, h0):
    """h0 was ignored: your memory starts from 0. Which memory is there before row 0 comes?"""
    h, states = np.zeros(x.shape[1]), []
    for row in x:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def BIAS_CORRECTED(x, lam, h0):
    """You divided row i by 1 - lam**(i+1), the correction that Adam makes for a start from 0. Here h0 holds that
    share of the weight, so the weights sum to 1 already: no division."""
    h, states = h0, []
    for count, row in enumerate(x, start=1):
        h = lam * h + (1 - lam) * row
        states.append(h / (1 - lam**count))
    return np.array(states)


@exponential.wrong
def SHRINKING_STEP(x, lam, h0):
    """The share of the new input shrinks like 1/i, so this is the cumulative average. Here it is 1-lam at each step."""
    h, states = h0, []
    for i, row in enumerate(x, start=1):
        h = h + (row - h) / i
        states.append(h)
    return np.array(states)


@exponential.wrong
def OLD_NOT_REDUCED(x, lam, h0):
    """The old memory is never reduced: inputs are added to it and nothing fades. What must h be
    multiplied by at each step?"""
    h, states = h0, []
    for row in x:
        h = h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def PRIMACY(x, lam, h0):
    """The oldest input has the largest weight: the powers of lam run the wrong way. Write h_3 as a sum of x_1, x_2 and
    x_3: which one has lam**2 in front of it?"""
    states = []
    for i in range(len(x)):
        states.append(lam ** (i + 1) * h0 + (1 - lam) * lam ** np.arange(i + 1) @ x[: i + 1])
    return np.array(states)


@exponential.wrong
def LAM_TO_THE_I(x, lam, h0):
    """lam was raised to a power at each step. The rule uses lam itself; the powers come about as
    the steps follow each other."""
    h, states = h0, []
    for i, row in enumerate(x, start=1):
        h = lam**i * h + (1 - lam**i) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def UNDERFLOW_DIVISION(x, lam, h0):
    """You divide by lam**i. For lam = 0 that is 0 at once; the smaller lam is, the sooner it becomes so small that the
    quotient is inf or nan, as 0.5**1200 is 0. Carry the memory on step by step."""
    powers = (lam * 1.0) ** np.arange(1, len(x) + 1)[:, None]
    return powers * (h0 + (1 - lam) * np.cumsum(x / powers, axis=0))


@exponential.wrong
def ALIASED_STATE(x, lam, h0):
    """All rows equal the last state: one array was appended n times and changed in place afterwards. Append a copy, or
    make a new array at each step."""
    h, states = np.array(h0, dtype=float), []
    for row in x:
        h *= lam
        h += (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def MUTATES_INPUT(x, lam, h0):
    """h0 or x was changed in place: after `h = h0`, `h *= lam` changes h0 too. Make a new
    array, as in `h = lam * h + ...`."""
    h, states = h0, []
    for row in x:
        h *= lam
        h += (1 - lam) * row
        states.append(h.copy())
    return np.array(states)


@exponential.wrong
def INTEGER_TRUNCATION(x, lam, h0):
    """Right for floats, but with integers the fractions are cut off. Which dtype has the array you write into?"""
    h, states = h0, np.zeros_like(x)
    for i, row in enumerate(x):
        h = lam * h + (1 - lam) * row
        states[i] = h
    return states


@exponential.wrong
def INTEGER_STATE(x, lam, h0):
    """Right for floats, but with integers the memory itself is cut off to an integer at each step, and the error is
    carried on. Which dtype has the array that holds your states?"""
    states = np.zeros_like(x)
    states[0] = lam * h0 + (1 - lam) * x[0]
    for i in range(1, len(x)):
        states[i] = lam * states[i - 1] + (1 - lam) * x[i]
    return states


@exponential.wrong
def H0_INCLUDED(x, lam, h0):
    """n+1 rows came back: h0 is given, not computed. Row 0 of the result is the memory after row 0 of x."""
    states = [h0]
    for row in x:
        states.append(lam * states[-1] + (1 - lam) * row)
    return np.array(states)


@exponential.wrong
def OFF_BY_ONE(x, lam, h0):
    """Each row is one step too old: the result begins with h0 and lacks the last state. Is the memory stored before or
    after it has taken in the row?"""
    h, states = h0, []
    for row in x:
        states.append(h)
        h = lam * h + (1 - lam) * row
    return np.array(states)


@exponential.wrong
def ONLY_FINAL(x, lam, h0):
    """Only the last state came back. All n states are asked for: collect each one as it is computed."""
    h = h0
    for row in x:
        h = lam * h + (1 - lam) * row
    return h


@exponential.wrong
def STARTS_FROM_H0(x, lam, h0):
    """Every step starts from h0 again, so no state knows of more than one row. Step i starts
    from the state of step i-1."""
    return np.array([lam * h0 + (1 - lam) * row for row in x])


@exponential.wrong
def MEMORY_OF_INPUTS(x, lam, h0):
    """Each row mixes x[i] with the INPUT before it. The memory of step i-1, not its input, is what lam multiplies."""
    before = np.vstack([h0, x[:-1]])
    return lam * before + (1 - lam) * x


@exponential.wrong
def ZERO_TAKEN_AS_UNSET(x, lam, h0):
    """lam = 0 was taken as 'not given' and another value put in its place: 0 counts as false in `lam or ...` and `if
    lam`. lam = 0 is a memory that keeps only the newest input."""
    lam = lam or 0.9
    h, states = h0, []
    for row in x:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def ZERO_START_TAKEN_AS_UNSET(x, lam, h0):
    """A memory of zeros was taken as 'not given', and an input put in its place. h0 is always given, and a memory may
    be 0 at the start or at any step."""
    h, states = (h0 if np.any(h0) else x[0]), []
    for row in x:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def ZERO_STATE_TAKEN_AS_UNSET(x, lam, h0):
    """A state of 0 was taken as 'no state yet', and h0 put in its place. A memory may be 0 at any step; keep it in a
    variable that always holds the newest state."""
    states = []
    for row in x:
        h = states[-1] if states and np.any(states[-1]) else h0
        states.append(lam * h + (1 - lam) * row)
    return np.array(states)


@exponential.wrong
def LAM_FIXED(x, lam, h0):
    """Right for lam = 0.8 only: a number of the first example stands in your code where lam belongs."""
    h, states = h0, []
    for row in x:
        h = 0.8 * h + 0.2 * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def FEATURES_MIXED(x, lam, h0):
    """The features of each row were averaged before they went in. Each column is a stream of its own: take the row as
    it is."""
    h, states = h0, []
    for row in x:
        h = lam * h + (1 - lam) * np.mean(row)
        states.append(h)
    return np.array(states)


@exponential.wrong
def WRONG_AXIS(x, lam, h0):
    """Your memory runs along the features. Time is axis 0: row 0 comes first, and each column is a stream of its
    own."""
    h, states = h0[0] * np.ones(len(x)), []
    for column in x.T:
        h = lam * h + (1 - lam) * column
        states.append(h)
    return np.array(states).T


@exponential.wrong
def START_ONE_STEP_LATE(x, lam, h0):
    """The start h0 has too large a weight: lam**i in row i. In row 0 one step has been made already, so h0 is left with
    lam to the power 1 there."""
    states = []
    for i in range(len(x)):
        states.append(float(lam) ** i * h0 + (1 - lam) * float(lam) ** np.arange(i, -1, -1) @ x[: i + 1])
    return np.array(states)


@exponential.wrong
def STEPS_AWAY(x, lam, h0):
    """Your memory moves away from the input: the sign of the step is turned round. From h towards x is x - h."""
    h, states = h0, []
    for row in x:
        h = h + (1 - lam) * (h - row)
        states.append(h)
    return np.array(states)


@exponential.wrong
def FIRST_ROW_LEFT_OUT(x, lam, h0):
    """Row 0 is still 0, as it was made, and x[0] never went in: your loop begins at row 1. Row 0 of the result is the
    first step, from h0."""
    h, states = h0, np.zeros(x.shape)
    for i in range(1, len(x)):
        h = lam * h + (1 - lam) * x[i]
        states[i] = h
    return states


@exponential.wrong
def LOG_OF_LAM(x, lam, h0):
    """With lam = 0 there are nan: a logarithm of 0 is minus infinity, a division by a power of 0 is one by 0. Which
    exponents, from 0 on, does the sum need, so that `lam ** age` is all?"""
    age = np.arange(len(x))[:, None] - np.arange(len(x))
    weights = np.where(age >= 0, (1 - lam) * np.exp(np.log(np.float64(lam)) * np.maximum(age, 0)), 0.0)
    return weights @ x + np.exp(np.log(np.float64(lam)) * np.arange(1, len(x) + 1))[:, None] * h0


@exponential.wrong
def ONE_CALL_PER_ROW(x, lam, h0):
    """On 1,200 rows Python stopped at too many nested calls, as when a function calls itself once for each row. Carry
    the memory on in a loop."""
    if len(x) == 1:
        return np.array([lam * h0 + (1 - lam) * x[0]])
    before = ONE_CALL_PER_ROW(x[:-1], lam, h0)
    return np.vstack([before, lam * before[-1] + (1 - lam) * x[-1]])


@exponential.wrong
def ROW_0_IS_H0(x, lam, h0):
    """Row 0 of the result is h0, and x[0] never went in. h0 is the memory before row 0: the first step takes in
    x[0]."""
    h, states = h0, [h0]
    for row in x[1:]:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def LAM_ON_THE_INPUT_TOO(x, lam, h0):
    """Each input is multiplied by lam once too often, as by lam*(h + (1-lam)*row), or by a power of lam that is one
    too high. Which weight has the newest input?"""
    h, states = h0, []
    for row in x:
        h = lam * (h + (1 - lam) * row)
        states.append(h)
    return np.array(states)


@exponential.wrong
def START_SCALED(x, lam, h0):
    """h0 was multiplied by 1-lam, as if it were an input. It is the memory before row 0: by what is a memory
    multiplied at each step?"""
    h, states = (1 - lam) * h0, []
    for row in x:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def NEWEST_FIRST(x, lam, h0):
    """The rows went in from the last to the first. Time runs downwards: row 0 of the result may use x[0] only."""
    h, states = h0, []
    for row in x[::-1]:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)


@exponential.wrong
def WRITES_INTO_X(x, lam, h0):
    """The states were written into x itself. Whoever called you still needs x, and an array of integers can't hold
    fractions: build a new array."""
    x[0] = lam * h0 + (1 - lam) * x[0]
    for i in range(1, len(x)):
        x[i] = lam * x[i - 1] + (1 - lam) * x[i]
    return x


@exponential.right
def step_towards_the_input(x, lam, h0):
    h, states = np.array(h0, dtype=float), []
    for row in x:
        h = h + (1 - lam) * (row - h)
        states.append(h)
    return states


@exponential.right
def into_a_float_array(x, lam, h0):
    states = np.empty(x.shape)
    for i in range(len(x)):
        states[i] = lam * (states[i - 1] if i else h0) + (1 - lam) * x[i]
    return states


@exponential.right
def in_place_on_a_copy(x, lam, h0):
    h, states = h0.astype(float), []
    for row in x:
        h *= lam
        h += (1 - lam) * row
        states.append(h.copy())
    return np.stack(states)


@exponential.right
def itertools_accumulate(x, lam, h0):
    from itertools import accumulate

    return list(accumulate(x, lambda h, row: lam * h + (1 - lam) * row, initial=h0))[1:]


@exponential.right
def matrix_of_weights_by_age(x, lam, h0):
    n = len(x)
    age = np.arange(n)[:, None] - np.arange(n)
    powers = float(lam) ** np.arange(n + 1)
    weights = np.where(age >= 0, (1 - lam) * powers[np.maximum(age, 0)], 0.0)
    return weights @ x + powers[1:, None] * h0


@exponential.right
def convolution_with_powers_of_lam(x, lam, h0):
    n = len(x)
    powers = float(lam) ** np.arange(n + 1)
    faded = [np.convolve(column, powers[:n])[:n] for column in x.T]
    return (1 - lam) * np.array(faded).T + np.outer(powers[1:], h0)


@exponential.right
def hillis_steele_scan(x, lam, h0):
    kept = np.full((len(x), 1), float(lam))
    added = (1 - lam) * x.astype(float)
    distance = 1
    while distance < len(x):
        new_added, new_kept = added.copy(), kept.copy()
        new_added[distance:] += kept[distance:] * added[:-distance]
        new_kept[distance:] *= kept[:-distance]
        added, kept, distance = new_added, new_kept, 2 * distance
    return added + kept * h0


@exponential.right
def plain_python_nested_lists(x, lam, h0):
    h, states = h0.tolist(), []
    for row in x.tolist():
        h = [lam * old + (1 - lam) * new for old, new in zip(h, row, strict=True)]
        states.append(h)
    return states
