"""The tasks of notebook 05: affine steps and their scan, retention, the delta rule, and RWKV's weighted average."""

import numpy as np

from autograder.task import Part, TaskSheet, case, dialogue


def _some(seed, *shape):
    """Ordinary numbers of a shape, the same everywhere: rounded, so that they don't hang on a last digit."""
    return np.random.default_rng(seed).normal(size=shape).round(3)


def _units(seed, n, d):
    rows = np.random.default_rng(seed).normal(size=(n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).round(12)


_COUNTS = np.arange(1, 301)
_SMALL = np.random.default_rng(1).uniform(0.1, 0.4, size=600).round(3)

scan = TaskSheet(
    "scan_affine",
    points=4,
    hidden="zeros and negative numbers in a, n = 1, n that is no power of two, hundreds of steps with small a, integer "
    "arrays, and that a and b are unchanged",
    cases=[
        case(
            "five steps",
            np.array([0.5, -2.0, 3.0, 0.5, 2.0]),
            np.array([4.0, 1.0, -2.0, 6.0, 0.5]),
            public=True,
        ),
        case("seven steps", np.array([0.9, -0.5, 1.5, 0.4, -1.2, 0.7, 2.0]), _some(2, 7)),
        case("one step", np.array([3.0]), np.array([-2.5])),
        case("eight steps", np.array([2.0, 0.3, -0.6, 1.1, 0.8, -1.4, 0.25, 0.9]), _some(3, 8)),
        case("a = 1", np.ones(11), _some(4, 11)),
        case(
            "a reset in the middle",
            np.array([2.0, 0.5, 0.0, -1.0]),
            np.array([1.0, 3.0, 5.0, 2.0]),
            public=True,
            part="zeros in a",
        ),
        case(
            "zeros and negative numbers in a",
            np.array([-0.5, 0.8, 0.0, -1.5, 0.0, 0.0, 1.25]),
            np.array([1.0, 0.0, 2.5, -3.0, 0.0, 4.0, 0.5]),
            part="zeros in a",
        ),
        case("a cumulative average", (_COUNTS - 1) / _COUNTS, _some(5, 300) / _COUNTS, part="zeros in a"),
        case("only zeros in a", np.zeros(4), np.array([1.0, -2.0, 0.0, 3.0]), part="zeros in a"),
        case("600 steps with small a", _SMALL, _some(6, 600), part="many steps"),
        case("600 steps, a of both signs", _SMALL * np.sign(_some(7, 600)), _some(8, 600), part="many steps"),
        case("integer b", np.array([0.5, -0.25, 0.75, 1.5, 0.5]), np.array([3, 1, -4, 1, 5]), part="integers"),
        case("integer a", np.array([2, -1, 3, 0, 1]), np.array([0.5, 1.25, -0.75, 0.3, 2.5]), part="integers"),
        case("integers only", np.array([1, 2, -3, 1, 2, 2]), np.array([5, 0, 1, -1, 7, 0]), part="integers"),
    ],
    parts=[
        Part("values", 2),
        Part("zeros in a", 0.5, "a_t = 0 is a reset: the state after it is b_t. Nothing may divide by a."),
        Part("many steps", 0.5, "On 600 steps with small a the result is off, or nan: don't divide by products of a."),
        Part("integers", 0.5, "With integer a or b the result must still hold fractions."),
        Part(
            "arguments unchanged",
            0.5,
            "a or b was changed. The caller still needs them: copy first.",
            aspect="unchanged",
        ),
    ],
)


@scan.misconception(
    "EXCLUSIVE_SCAN",
    "Shifted by one: row t holds the state before step t. Row 0 is the state after the first step; try n = 1 by hand.",
)
def scan_affine(a, b):
    h, states = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        states.append(h)
        h = a_t * h + b_t
    return np.array(states)


@scan.misconception(
    "A_IGNORED",
    "a has no effect: these are the running sums of b. At step t the old state is multiplied by a_t before b_t is "
    "added.",
)
def scan_affine(a, b):
    return np.cumsum(b)


@scan.misconception(
    "OFF_BY_ONE",
    "The multipliers are one step late: a_t and b_t belong to the same step. Which a multiplies the state when b[1] "
    "arrives?",
)
def scan_affine(a, b):
    h, states = 0.0, []
    for t in range(len(b)):
        h = (a[t - 1] * h if t else 0.0) + b[t]
        states.append(h)
    return np.array(states)


@scan.misconception(
    "INPUT_SCALED_TOO",
    "b_t was multiplied by a_t as well. Only the old state gets the factor: with a_t = 0 the new state is b_t, not 0.",
)
def scan_affine(a, b):
    h, states = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * (h + b_t)
        states.append(h)
    return np.array(states)


@scan.misconception(
    "READS_WHILE_WRITING",
    "In one round you read entries which the same round has already changed, so some steps count twice. "
    "Compute each round from the old arrays only.",
)
def scan_affine(a, b):
    a, b, distance = a.astype(float), b.astype(float), 1
    while distance < len(a):
        for t in range(distance, len(a)):
            b[t] += a[t] * b[t - distance]
            a[t] *= a[t - distance]
        distance *= 2
    return b


@scan.misconception(
    "POWER_OF_TWO_ONLY",
    "The entries after the largest power of two are left as they were. n may be any number: pad, or treat the rest "
    "too.",
)
def scan_affine(a, b):
    a, b, size, distance = a.astype(float), b.astype(float), 2 ** int(np.log2(len(b))), 1
    while distance < size:
        old_a, old_b = a.copy(), b.copy()
        b[distance:size] += old_a[distance:size] * old_b[: size - distance]
        a[distance:size] *= old_a[: size - distance]
        distance *= 2
    return b


@scan.misconception(
    "ROUND_MISSING",
    "Each entry covers only its last few steps: a round is missing when n is no power of two. "
    "After r rounds an entry covers 2**r steps; how many rounds does n = 7 need?",
)
def scan_affine(a, b):
    a, b = a.astype(float), b.astype(float)
    for r in range(int(np.log2(len(b)))):
        distance = 2**r
        old_a, old_b = a.copy(), b.copy()
        b[distance:] += old_a[distance:] * old_b[:-distance]
        a[distance:] *= old_a[:-distance]
    return b


@scan.misconception(
    "STARTS_AT_ONE", "The state before the first step was 1. It is 0, so the first state is b[0], whatever a[0] is."
)
def scan_affine(a, b):
    h, states = 1.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        states.append(h)
    return np.array(states)


@scan.misconception(
    "RUNS_BACKWARDS",
    "The recurrence ran from the last step to the first. State t may use only steps 0..t: state 0 is b[0].",
)
def scan_affine(a, b):
    h, states = 0.0, []
    for a_t, b_t in zip(a[::-1], b[::-1], strict=True):
        h = a_t * h + b_t
        states.append(h)
    return np.array(states[::-1])


@scan.misconception(
    "DIVIDES_BY_PRODUCT",
    "You divide by a running product of a. It is 0 as soon as one a_t is 0, and on a long input it becomes too small "
    "for a float: then nan comes out. Carry the state instead.",
)
def scan_affine(a, b):
    product = np.cumprod(a, dtype=float)
    return product * np.cumsum(b / product)


@scan.misconception(
    "LOGARITHM_OF_A",
    "You take logarithms of a, so zeros and negative multipliers give nan. Products of a need no logarithm.",
)
def scan_affine(a, b):
    logs = np.cumsum(np.log(a))
    weights = np.tril(np.exp(np.minimum(logs[:, None] - logs, 700.0)))
    return weights @ b


@scan.misconception(
    "STARTS_FROM_H0",
    "Your states are b itself: every step starts from 0 again. Step t must start from the state that step t-1 "
    "returned.",
)
def scan_affine(a, b):
    return a * 0.0 + b


@scan.misconception(
    "ONE_MINUS_A",
    "b_t got the factor 1-a_t. That makes an exponential average; here b_t is added as it is.",
)
def scan_affine(a, b):
    h, states = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + (1 - a_t) * b_t
        states.append(h)
    return np.array(states)


@scan.misconception(
    "RESET_LOSES_INPUT",
    "Where a_t is 0 your state becomes 0. The old state is gone there, but b_t is still added; the rule needs no `if`.",
)
def scan_affine(a, b):
    h, states = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t if a_t else 0.0
        states.append(h)
    return np.array(states)


@scan.misconception("ONLY_FINAL", "Only the last state came back. One state per step is asked for: n in, n out.")
def scan_affine(a, b):
    h = 0.0
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
    return h


@scan.misconception(
    "INTEGER_TRUNCATION",
    "With integer b the fractions are cut off. If you write into an array, look at its dtype: `np.empty_like(b)` is an "
    "integer array then.",
)
def scan_affine(a, b):
    states, h = np.empty_like(b), 0.0
    for t in range(len(b)):
        h = a[t] * h + b[t]
        states[t] = h
    return states


@scan.misconception(
    "INTEGER_TRUNCATION_A",
    "With integer a the fractions are cut off. If you write into an array, look at its dtype: `np.empty_like(a)` is an "
    "integer array then.",
)
def scan_affine(a, b):
    states, h = np.empty_like(a), 0.0
    for t in range(len(a)):
        h = a[t] * h + b[t]
        states[t] = h
    return states


@scan.misconception(
    "INTEGER_STATES",
    "With integer b every state loses its fraction before the next step uses it: `np.zeros_like(b)` is an integer "
    "array then. Give the array the dtype float.",
)
def scan_affine(a, b):
    out = np.zeros_like(b)
    for t in range(len(b)):
        out[t] = a[t] * out[t - 1] + b[t]
    return out


@scan.misconception(
    "INTEGER_STATES_A",
    "With integer a every state loses its fraction before the next step uses it: `np.zeros_like(a)` is an integer "
    "array then. Give the array the dtype float.",
)
def scan_affine(a, b):
    out = np.zeros_like(a)
    for t in range(len(a)):
        out[t] = a[t] * out[t - 1] + b[t]
    return out


@scan.misconception(
    "FIRST_INPUT_LOST",
    "b[0] is lost: the loop starts at t = 1, and entry 0 is still 0. The state after step 0 is a_0 * 0 + b_0.",
)
def scan_affine(a, b):
    out = np.zeros(len(b))
    for t in range(1, len(b)):
        out[t] = a[t] * out[t - 1] + b[t]
    return out


@scan.misconception(
    "START_INCLUDED",
    "n+1 entries came back: the start state h_{-1} = 0 stands in front. n steps, n states: entry 0 is h_0.",
)
def scan_affine(a, b):
    states = [0.0]
    for a_t, b_t in zip(a, b, strict=True):
        states.append(a_t * states[-1] + b_t)
    return np.array(states)


@scan.misconception(
    "MUTATES_INPUT",
    "The argument b was changed (`b[t] += ...`). Whoever called you still needs it: work on a copy, of floats.",
)
def scan_affine(a, b):
    for t in range(1, len(b)):
        b[t] += a[t] * b[t - 1]
    return b


@scan.accepts("loop into a new array")
def scan_affine(a, b):
    h = np.zeros(len(b))
    h[0] = b[0]
    for t in range(1, len(b)):
        h[t] = a[t] * h[t - 1] + b[t]
    return h


@scan.accepts("Hillis-Steele")
def scan_affine(a, b):
    a, b, distance = a.astype(float), b.astype(float), 1
    while distance < len(a):
        old_a, old_b = a.copy(), b.copy()
        b[distance:] = old_a[distance:] * old_b[:-distance] + old_b[distance:]
        a[distance:] = old_a[distance:] * old_a[:-distance]
        distance *= 2
    return b


@scan.accepts("divide and conquer")
def scan_affine(a, b):
    def solve(a, b):
        if len(a) == 1:
            return a * 1.0, b * 1.0
        half = len(a) // 2
        (a1, b1), (a2, b2) = solve(a[:half], b[:half]), solve(a[half:], b[half:])
        return np.concatenate([a1, a2 * a1[-1]]), np.concatenate([b1, a2 * b1[-1] + b2])

    return solve(a, b)[1]


@scan.accepts("itertools.accumulate over pairs")
def scan_affine(a, b):
    from itertools import accumulate

    def together(first, then):
        return first[0] * then[0], then[0] * first[1] + then[1]

    return [pair[1] for pair in accumulate(zip(a, b, strict=True), together)]


@scan.accepts("solving a bidiagonal system")
def scan_affine(a, b):
    return np.linalg.solve(np.eye(len(a)) - np.diag(a[1:].astype(float), k=-1), b)


@scan.accepts("a matrix of products")
def scan_affine(a, b):
    n = len(a)
    weights = np.zeros((n, n))
    for t in range(n):
        weights[t, t] = 1.0
        weights[t, :t] = a[t] * weights[t - 1, :t]
    return weights @ b


@scan.accepts("each state from its definition")
def scan_affine(a, b):
    states = []
    for t in range(len(a)):
        gates_after = np.cumprod(np.append(1.0, a[t:0:-1]))
        states.append(gates_after @ b[t::-1])
    return tuple(states)


@scan.accepts("blocks of four")
def scan_affine(a, b):
    states, carry = [], 0.0
    for start in range(0, len(a), 4):
        factor, inner = 1.0, 0.0
        for a_t, b_t in zip(a[start : start + 4], b[start : start + 4], strict=True):
            factor, inner = a_t * factor, a_t * inner + b_t
            states.append(factor * carry + inner)
        carry = states[-1]
    return np.array(states)


def _three_steps(new):
    e1, e2, e3 = (0.5, 2.0), (-3.0, 1.0), (4.0, -0.25)
    left = new(new(e1, e2), e3)
    right = new(e1, new(e2, e3))
    left.again()
    right.again()


def _eight_steps(new):
    pairs = [(0.5, 1.0), (2.0, -1.0), (-1.5, 0.0), (1.0, 4.0), (0.25, 3.0), (3.0, 0.5), (-0.5, -2.0), (2.0, 1.0)]
    made = new(pairs[0], pairs[1])
    for pair in pairs[2:]:
        made = new(made, pair)
    made.again()


pairs = TaskSheet(
    "combine",
    points=2,
    hidden="resets (a = 0), steps that change nothing, negative and whole numbers, and combining pairs that your own "
    "function returned",
    cases=[
        case("two steps", (0.5, 4.0), (3.0, -2.0), public=True),
        case("two steps, a negative", (-2.0, 1.5), (0.25, 6.0), public=True),
        case("the second step resets", (5.0, 7.0), (0.0, 2.0)),
        case("the first step resets", (0.0, 3.0), (4.0, -1.0)),
        case("the first step changes nothing", (1.0, 0.0), (-0.5, 8.0)),
        case("the second step changes nothing", (-0.5, 8.0), (1.0, 0.0)),
        case("whole numbers", (3, -4), (-2, 5)),
        case("a shift, then another", (1.0, 2.5), (1.0, -4.0)),
        dialogue("three steps, grouped both ways", _three_steps, part="more than two"),
        dialogue("eight steps", _eight_steps, part="more than two"),
    ],
    parts=[
        Part("values", 1.5),
        Part("more than two", 0.5, "A pair that combine returned must be a step like any other: return (a, b)."),
    ],
)


@pairs.misconception(
    "COMPOSED_BACKWARDS",
    "That applies e2 first. Write h1 = a1*h + b1, put it into step 2, and see which multiplier meets b1.",
)
def combine(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a1 * b2 + b1


@pairs.misconception(
    "PASSES_UNSCALED",
    "b1 and b2 were added as they are. What step 1 added is part of the state that step 2 multiplies.",
)
def combine(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, b1 + b2


@pairs.misconception(
    "MULTIPLIERS_SUMMED",
    "The multipliers were added. Doubling and then tripling makes six times as much, not five times.",
)
def combine(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return a1 + a2, a2 * b1 + b2


@pairs.misconception(
    "OWN_MULTIPLIER_TWICE",
    "b1 was multiplied by a1, the multiplier of its own step. b1 comes in after that; which step does it still go "
    "through?",
)
def combine(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a1 * b1 + b2


@pairs.misconception(
    "ONLY_LAST_MULTIPLIER",
    "The multiplier is that of step 2 alone. The start state goes through both steps: try e2 = (1, 0), which "
    "changes nothing.",
)
def combine(e1, e2):
    (_, b1), (a2, b2) = e1, e2
    return a2, a2 * b1 + b2


@pairs.misconception(
    "ADDED_PARTS_MULTIPLIED",
    "b1 was multiplied by b2. Put a1*h + b1 into the second step and multiply out: no term holds both.",
)
def combine(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, b1 * b2


@pairs.misconception(
    "INPUT_SCALED_TOO",
    "b2 was multiplied by a2 as well. Step 2 multiplies the state it finds, and only then adds b2.",
)
def combine(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a2 * (b1 + b2)


@pairs.misconception(
    "START_FACTOR_ON_B",
    "b1 got the factor a1*a2. That is the factor of the start state; b1 comes in after step 1's multiplication.",
)
def combine(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a1 * a2 * b1 + b2


@pairs.misconception(
    "PAIR_REVERSED", "Your pair is the wrong way round: the multiplier comes first, then what is added."
)
def combine(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return a2 * b1 + b2, a1 * a2


@pairs.misconception(
    "ONLY_THE_END",
    "One number came back: the state after both steps when the start is 0. A step is asked for, a pair (a, b).",
)
def combine(e1, e2):
    return e2[0] * e1[1] + e2[1]


@pairs.accepts("by index")
def combine(e1, e2):
    return (e1[0] * e2[0], e2[0] * e1[1] + e2[1])


@pairs.accepts("a list")
def combine(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return [a2 * a1, b2 + b1 * a2]


@pairs.accepts("2 x 2 matrices")
def combine(e1, e2):
    first = np.array([[e1[0], e1[1]], [0.0, 1.0]])
    then = np.array([[e2[0], e2[1]], [0.0, 1.0]])
    return (then @ first)[0]


@pairs.accepts("trying both steps on 0 and on 1")
def combine(e1, e2):
    def both(h):
        return e2[0] * (e1[0] * h + e1[1]) + e2[1]

    return both(1) - both(0), both(0)


@pairs.accepts("an array, step 2 applied to a pair")
def combine(e1, e2):
    return e2[0] * np.array(e1) + np.array([0.0, e2[1]])


SMALL_Q = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0], [1.0, 1.0]])
SMALL_K = np.array([[2.0, 1.0], [-1.0, 0.5], [1.0, 3.0], [0.0, 2.0]])
SMALL_V = np.array([[4.0, 0.0, 1.0], [0.0, 8.0, -2.0], [2.0, -4.0, 0.0], [1.0, 1.0, 6.0]])
SEVEN = [np.abs(_some(21, 7, 3)) + 0.2, np.abs(_some(22, 7, 3)) + 0.2, _some(23, 7, 3)]
WHOLE = [
    np.array([[1, 2], [0, 1], [3, -1], [2, 2], [1, 0]]),
    np.array([[2, 1], [1, -1], [0, 3], [1, 1], [2, 3]]),
    np.array([[3, 1, 0, 2], [5, -2, 1, 1], [0, 7, 1, -3], [1, 1, 1, 1], [9, 0, 2, 5]]),
]

decayed = TaskSheet(
    "retention",
    points=4,
    hidden="d_k different from d_v, other gamma (1 among them), a single row, zeros, integer arrays, 400 rows with "
    "a small gamma, and that Q, K and V are unchanged",
    cases=[
        case("four rows", SMALL_Q, SMALL_K, SMALL_V, 0.5, public=True),
        case("seven rows of three", *SEVEN, 0.8, public=True),
        case("d_k = 4, d_v = 2", _some(24, 9, 4), _some(25, 9, 4), _some(26, 9, 2), 0.9),
        case("d_k = 1, d_v = 3", _some(27, 6, 1), _some(28, 6, 1), _some(29, 6, 3), 0.3),
        case("the same query and key everywhere", np.ones((5, 2)), np.ones((5, 2)), np.diag([1.0, 2, 3, 4, 5]), 0.6),
        case(
            "rows of zeros",
            np.array([[0.0, 0.0], [1.0, 2.0], [0.0, 1.0], [2.0, -1.0]]),
            np.array([[1.0, 1.0], [0.0, 0.0], [3.0, 0.0], [0.0, 0.0]]),
            np.array([[1.0], [5.0], [-2.0], [3.0]]),
            0.7,
        ),
        case("gamma = 1", _some(30, 8, 3), _some(31, 8, 3), _some(32, 8, 2), 1.0, part="edges"),
        case("one row", _some(33, 1, 3), _some(34, 1, 3), _some(35, 1, 4), 0.9, part="edges"),
        case("one row, gamma = 1", _some(36, 1, 2), _some(37, 1, 2), _some(38, 1, 2), 1.0, part="edges"),
        case("integers", *WHOLE, 0.5, part="integers"),
        case("integers, gamma = 0.75", *(array[:3, :2] for array in WHOLE), 0.75, part="integers"),
        case("400 rows, gamma = 0.1", _some(39, 400, 2), _some(40, 400, 2), _some(41, 400, 3), 0.1, part="many rows"),
    ],
    parts=[
        Part("values", 2),
        Part("edges", 0.5, "A single row, and gamma = 1 (no decay at all), are ordinary inputs."),
        Part("integers", 0.5, "With integer arrays the result must still hold fractions."),
        Part("many rows", 0.5, "On 400 rows with gamma = 0.1 the result is off, or nan: gamma**(-400) is no float."),
        Part(
            "arguments unchanged",
            0.5,
            "Q, K or V was changed. The next layer may still need them: build a new array.",
            aspect="unchanged",
        ),
    ],
)


@decayed.misconception(
    "DECAY_REVERSED",
    "Old pairs grow: the exponent has the wrong sign. For gamma < 1 the weight must shrink with the age t-m.",
)
def retention(Q, K, V, gamma):
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * np.where(ages >= 0, gamma ** (-np.maximum(ages, 0.0)), 0.0)) @ V


@decayed.misconception(
    "NEW_PAIR_DECAYED",
    "The pair of this very row is already decayed: its weight must be gamma**0 = 1. Decay the old state first, then "
    "write.",
)
def retention(Q, K, V, gamma):
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * (S + np.outer(k, v))
        rows.append(q @ S)
    return np.array(rows)


@decayed.misconception(
    "NO_DECAY",
    "gamma has no effect: every earlier pair has its full weight, as in plain linear attention. "
    "The state is multiplied by gamma at each row.",
)
def retention(Q, K, V, gamma):
    return np.tril(Q @ K.T) @ V


@decayed.misconception(
    "FUTURE_LEAK",
    "Later rows are visible: row t also reads pairs m > t. The sum ends at m = t, so row 0 may use only k_0 and v_0.",
)
def retention(Q, K, V, gamma):
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * gamma ** np.abs(ages)) @ V


@decayed.misconception(
    "MASK_MISSING",
    "Later rows are visible, and with weights above 1: for m > t the exponent t-m is negative. Those weights must "
    "be 0.",
)
def retention(Q, K, V, gamma):
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * float(gamma) ** ages) @ V


@decayed.misconception(
    "EMA_SCALED",
    "A factor 1-gamma came in. It belongs to the exponential average; here a new pair is written with weight 1.",
)
def retention(Q, K, V, gamma):
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + (1 - gamma) * np.outer(k, v)
        rows.append(q @ S)
    return np.array(rows)


@decayed.misconception(
    "DECAY_BY_POSITION",
    "The weights are gamma**m: they depend on where a pair stands. How often was it multiplied by gamma up to row t?",
)
def retention(Q, K, V, gamma):
    return np.tril(Q @ K.T * gamma ** np.arange(len(Q))) @ V


@decayed.misconception(
    "OFF_BY_ONE",
    "Each exponent is one too small: the pair of the row itself has the weight gamma**(-1). Its age is 0.",
)
def retention(Q, K, V, gamma):
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * np.where(ages >= 0, gamma ** (np.maximum(ages, 0) - 1.0), 0.0)) @ V


@decayed.misconception(
    "ROWS_NORMALISED",
    "The rows of weights were divided by their sums. Retention doesn't normalise: sum the weighted values, nothing "
    "more.",
)
def retention(Q, K, V, gamma):
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    weights = Q @ K.T * np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)
    return weights @ V / weights.sum(axis=1, keepdims=True)


@decayed.misconception(
    "DIVIDED_BY_DECAYS",
    "You divided by the sum of the powers of gamma. That makes an average over time; here the weighted sum is asked "
    "for.",
)
def retention(Q, K, V, gamma):
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    powers = np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)
    return (Q @ K.T * powers) @ V / powers.sum(axis=1, keepdims=True)


@decayed.misconception(
    "READS_BEFORE_WRITING",
    "Row t doesn't see its own pair: you decayed, read, and wrote only then. The sum includes m = t, so row 0 isn't "
    "zero.",
)
def retention(Q, K, V, gamma):
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S
        rows.append(q @ S)
        S = S + np.outer(k, v)
    return np.array(rows)


@decayed.misconception(
    "READS_OLD_STATE",
    "Row t was read from S_{t-1}: before this row's decay, and without its own pair. Update the state first, then "
    "read; row 0 isn't zero.",
)
def retention(Q, K, V, gamma):
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        rows.append(q @ S)
        S = gamma * S + np.outer(k, v)
    return np.array(rows)


@decayed.misconception(
    "INNER_FOR_OUTER",
    "One number was added to all of S: k.T @ v of two 1-D arrays is one number (or an error, if d_k and d_v differ); "
    "the outer product is np.outer(k, v).",
)
def retention(Q, K, V, gamma):
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + k.T @ v
        rows.append(q @ S)
    return np.array(rows)


@decayed.misconception(
    "OVERWRITE_FOR_ACCUMULATE",
    "Only the pair of the row itself is left: the state was replaced. Decay the old state and add the new pair to it.",
)
def retention(Q, K, V, gamma):
    return np.sum(Q * K, axis=1, keepdims=True) * V


@decayed.misconception(
    "OUTER_TRANSPOSED",
    "The state is d_k x d_v, with k down the rows. Yours is transposed, which fails as soon as d_k and d_v differ.",
)
def retention(Q, K, V, gamma):
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + np.outer(v, k)
        rows.append(q @ S)
    return np.array(rows)


@decayed.misconception(
    "QUERIES_AND_KEYS_SWAPPED",
    "Queries and keys have exchanged roles: row t asks with q_t, and the pairs were stored under their keys k_m.",
)
def retention(Q, K, V, gamma):
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (K @ Q.T * np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)) @ V


@decayed.misconception(
    "SCALED_BY_ROOT",
    "The scores were divided by the root of d_k, as in softmax attention. No scaling is asked for here.",
)
def retention(Q, K, V, gamma):
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)) @ V / np.sqrt(K.shape[1])


@decayed.misconception(
    "ONLY_FINAL", "Only the last row came back. One output per row is asked for: n rows in, n rows out."
)
def retention(Q, K, V, gamma):
    return Q[-1] @ ((gamma ** np.arange(len(K))[::-1, None] * K).T @ V)


@decayed.misconception(
    "DIVIDES_BY_POWERS",
    "You scale keys by gamma**(-m), that is, you divide by a power of gamma. On 400 rows with gamma = 0.1 that is "
    "inf, and nan comes out. Use only exponents t-m of pairs that are summed.",
)
def retention(Q, K, V, gamma):
    powers = float(gamma) ** np.arange(len(Q))[:, None]
    return np.tril((Q * powers) @ (K / powers).T) @ V


@decayed.misconception(
    "INF_TIMES_ZERO",
    "nan on many rows: gamma**(t-m) with m > t is inf there, and inf * 0 is nan. Limit the exponent before you mask.",
)
def retention(Q, K, V, gamma):
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * ((ages >= 0) * float(gamma) ** ages)) @ V


@decayed.misconception(
    "INTEGER_TRUNCATION",
    "With integer arrays the fractions are cut off. If you write into an array, look at its dtype: "
    "`np.zeros_like(V)` is an integer array then.",
)
def retention(Q, K, V, gamma):
    S, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros_like(V)
    for n in range(len(Q)):
        S = gamma * S + np.outer(K[n], V[n])
        rows[n] = Q[n] @ S
    return rows


@decayed.misconception(
    "MUTATES_INPUT",
    "An argument was changed: the outputs were written into V. Whoever called you still needs it: build a new array.",
)
def retention(Q, K, V, gamma):
    S = np.zeros((K.shape[1], V.shape[1]))
    for n in range(len(Q)):
        S = gamma * S + np.outer(K[n], V[n])
        V[n] = Q[n] @ S
    return V


@decayed.accepts("recurrent")
def retention(Q, K, V, gamma):
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + np.outer(k, v)
        rows.append(q @ S)
    return np.array(rows)


@decayed.accepts("one matrix D, np.tril")
def retention(Q, K, V, gamma):
    n = len(Q)
    D = np.tril(gamma ** np.clip(np.arange(n)[:, None] - np.arange(n), 0, None))
    return ((Q @ K.T) * D) @ V


@decayed.accepts("np.tril on powers that are inf above the diagonal")
def retention(Q, K, V, gamma):
    n = len(Q)
    return (np.tril(float(gamma) ** (np.arange(n)[:, None] - np.arange(n))) * (Q @ K.T)) @ V


@decayed.accepts("the sum as it stands")
def retention(Q, K, V, gamma):
    return [sum(gamma ** (n - m) * (Q[n] @ K[m]) * V[m] for m in range(n + 1)) for n in range(len(Q))]


@decayed.accepts("row by row with a vector of powers")
def retention(Q, K, V, gamma):
    rows = np.zeros((len(Q), V.shape[1]))
    for n in range(len(Q)):
        powers = gamma ** np.arange(n, -1, -1)
        rows[n] = (powers * (K[: n + 1] @ Q[n])) @ V[: n + 1]
    return rows


@decayed.accepts("chunks of three")
def retention(Q, K, V, gamma):
    S, parts = np.zeros((K.shape[1], V.shape[1])), []
    for start in range(0, len(Q), 3):
        q, k, v = Q[start : start + 3], K[start : start + 3], V[start : start + 3]
        t = np.arange(len(q))
        D = np.tril(gamma ** np.maximum(t[:, None] - t, 0))
        parts.append((q @ k.T * D) @ v + gamma ** (t + 1)[:, None] * (q @ S))
        S = gamma ** len(q) * S + (gamma ** t[::-1, None] * k).T @ v
    return np.concatenate(parts)


@decayed.accepts("all states by a scan in rounds, einsum")
def retention(Q, K, V, gamma):
    S, distance = np.einsum("nk,nv->nkv", K, V).astype(float), 1
    while distance < len(Q):
        old = S.copy()
        S[distance:] += gamma**distance * old[:-distance]
        distance *= 2
    return np.einsum("nk,nkv->nv", Q, S)


@decayed.accepts("halves")
def retention(Q, K, V, gamma):
    def solve(q, k, v):
        if len(q) == 1:
            return np.outer(q @ k.T, v), np.outer(k, v)
        half = len(q) // 2
        (out1, S1), (out2, S2) = solve(q[:half], k[:half], v[:half]), solve(q[half:], k[half:], v[half:])
        ages = np.arange(1, len(q) - half + 1)[:, None]
        return np.concatenate([out1, out2 + gamma**ages * (q[half:] @ S1)]), gamma ** (len(q) - half) * S1 + S2

    return solve(Q, K, V)[0]


TURNED = np.array([[0.6, 0.8], [0.8, -0.6], [0.6, 0.8], [0.0, 1.0]])
SIX_KEYS = _units(50, 6, 3)
SIX_KEYS[4] = SIX_KEYS[1]
MIXED = np.array([1.0, 0.5, 0.25, 1.0, 0.75, 0.9])

writes = TaskSheet(
    "delta_rule",
    points=5,
    hidden="repeated keys, d_k different from d_v, S0 that is zero and S0 that isn't, one write, beta = 0 and "
    "beta = 1, keys that are longer or shorter than 1, integer arrays, 300 writes, and that K, V, beta and S0 are "
    "unchanged",
    cases=[
        case(
            "one key written twice",
            np.array([[0.8, 0.6], [0.8, 0.6]]),
            np.array([[10.0, 0.0, 5.0], [0.0, 5.0, -5.0]]),
            np.array([1.0, 0.5]),
            np.zeros((2, 3)),
            public=True,
        ),
        case(
            "four writes, S0 not zero",
            TURNED,
            np.array([[5.0, 10.0], [2.0, -1.0], [0.0, 5.0], [4.0, 1.0]]),
            np.array([0.5, 1.0, 0.25, 0.75]),
            np.array([[1.0, -2.0], [3.0, 0.5]]),
            public=True,
        ),
        case(
            "one longer key",
            np.array([[1.0, 2.0]]),
            np.array([[3.0, -1.0]]),
            np.array([0.1]),
            np.zeros((2, 2)),
            public=True,
            part="keys",
        ),
        case("six unit keys, one repeated", SIX_KEYS, _some(51, 6, 3), MIXED, _some(52, 3, 3)),
        case("d_k = 4, d_v = 2", _units(53, 7, 4), _some(54, 7, 2), np.linspace(0.2, 1.0, 7), _some(55, 4, 2)),
        case("beta = 1", _units(56, 5, 3), _some(57, 5, 4), np.ones(5), np.zeros((3, 4))),
        case("beta = 0", _units(58, 3, 2), _some(59, 3, 2), np.zeros(3), np.array([[1.5, 0.0], [-2.0, 3.0]])),
        case("some beta = 0", _units(60, 5, 3), _some(61, 5, 2), np.array([0.0, 1.0, 0.0, 0.5, 0.0]), _some(62, 3, 2)),
        case("one write", _units(63, 1, 3), _some(64, 1, 2), np.array([0.7]), _some(65, 3, 2)),
        case("d_k = 1", np.array([[1.0], [-1.0], [1.0]]), _some(66, 3, 2), np.array([0.5, 0.5, 0.9]), _some(67, 1, 2)),
        case(
            "300 writes",
            _units(68, 300, 4),
            _some(69, 300, 3),
            np.abs(np.sin(np.arange(300.0))).round(3),
            _some(70, 4, 3),
        ),
        case(
            "longer and shorter keys", _some(71, 5, 3), _some(72, 5, 2), np.full(5, 0.4), _some(73, 3, 2), part="keys"
        ),
        case(
            "a key of zeros",
            np.array([[1.0, 0.5], [0.0, 0.0], [0.5, -1.0]]),
            np.array([[2.0], [7.0], [-3.0]]),
            np.array([0.5, 1.0, 0.8]),
            np.array([[1.0], [4.0]]),
            part="keys",
        ),
        case(
            "integers",
            np.array([[1, 0], [0, -1], [0, 1], [1, 0]]),
            np.array([[3, -1, 2], [5, 0, 1], [2, 2, 7], [-4, 6, 0]]),
            np.array([0.5, 0.25, 0.5, 0.75]),
            np.array([[1, 2, 0], [-1, 0, 4]]),
            part="integers",
        ),
        case(
            "integers only",
            np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, -1]]),
            np.array([[4, 1], [0, -2], [3, 3], [5, 8]]),
            np.array([1, 1, 1, 0]),
            np.array([[0, 2], [7, 0], [1, 1]]),
            part="integers",
        ),
    ],
    parts=[
        Part("values", 2.5),
        Part("keys", 1, "Keys may have any length, also 0: use them as they come, without normalising them."),
        Part("integers", 0.5, "With integer arrays the state must still hold fractions: start from a copy as floats."),
        Part(
            "arguments unchanged",
            1,
            "An argument was changed, probably S0. Whoever called you still holds the old state: copy it first.",
            aspect="unchanged",
        ),
    ],
)


@writes.misconception(
    "HEBBIAN",
    "Nothing is subtracted: this is the additive rule, and a repeated key would return a sum. "
    "What does the state return for k_t before the write?",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v)
    return S


@writes.misconception(
    "BETA_ONLY_ON_VALUE",
    "beta scales the new value, but the old one is erased in full. beta_t belongs to the whole correction v_t - k_t S.",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + np.outer(k, b * v - k @ S)
    return S


@writes.misconception(
    "BETA_ONLY_ON_ERASE",
    "beta scales what is erased, but the new value is written in full. beta_t belongs to the whole correction v_t - "
    "k_t S.",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + np.outer(k, v - b * (k @ S))
    return S


@writes.misconception(
    "PREDICTION_ADDED",
    "What the state returns now was added to v_t. It must be subtracted: if the reading is already v_t, nothing "
    "changes.",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v + k @ S)
    return S


@writes.misconception(
    "ERROR_UPHILL",
    "The correction has the wrong sign: the reading moves away from v_t. After a write with beta = 1 and a unit key, "
    "k_t S must be v_t.",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S - b * np.outer(k, v - k @ S)
    return S


@writes.misconception(
    "STARTS_FROM_H0",
    "All readings were made from S0, as if no write came before. Use the state as it is at step t: one write after "
    "another.",
)
def delta_rule(K, V, beta, S0):
    return S0 + K.T @ (beta[:, None] * (V - K @ S0))


@writes.misconception(
    "SHRINKS_ALL",
    "You shrank the whole state. Only its part along k_t may change: what is stored under orthogonal keys stays as "
    "it was.",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = (1 - b) * S + b * np.outer(k, v)
    return S


@writes.misconception(
    "BETA_IGNORED", "beta has no effect: every write has full strength. With beta_t = 0 the state must stay as it is."
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v in zip(K, V, strict=True):
        S = S + np.outer(k, v - k @ S)
    return S


@writes.misconception(
    "ERASES_AFTER_WRITING",
    "You wrote first and then erased along k_t, which erases part of the new value too. "
    "The reading k_t S is that of the state before the write.",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v)
        S = S - b * np.outer(k, k @ S)
    return S


@writes.misconception(
    "S0_IGNORED", "S0 was not used: the state started from zero. Begin with (a copy of) the state that you are given."
)
def delta_rule(K, V, beta, S0):
    S = np.zeros(S0.shape)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.misconception(
    "KEYS_CANCELLED",
    "The correction was divided by the squared length of the key, so that beta = 1 always corrects all of the error. "
    "Use k_t as it comes; bringing keys to length 1 is the caller's job.",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - k @ S) / np.maximum(k @ k, 1e-12)
    return S


@writes.misconception(
    "KEYS_NORMALISED",
    "The keys were brought to length 1. Use k_t as it comes, whatever its length; normalising is the caller's job.",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        k = k / max(np.linalg.norm(k), 1e-12)
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.misconception(
    "INNER_FOR_OUTER",
    "One number was added to all of S: k.T @ e of two 1-D arrays is one number (or an error, if d_k and d_v differ); "
    "the outer product is np.outer(k, e).",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * (k.T @ (v - k @ S))
    return S


@writes.misconception(
    "OUTER_TRANSPOSED",
    "The correction was added transposed. The state is d_k x d_v, with k_t down the rows; try d_k different from d_v.",
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(v - k @ S, k)
    return S


@writes.misconception(
    "ALL_STATES",
    "All states came back, one for each write. Only the last one is asked for: an array of the shape of S0.",
)
def delta_rule(K, V, beta, S0):
    S, states = np.array(S0, float), []
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - k @ S)
        states.append(S)
    return states


@writes.misconception("STOPS_EARLY", "The last pair was not written. How many writes do n rows make?")
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for t in range(len(K) - 1):
        S = S + beta[t] * np.outer(K[t], V[t] - K[t] @ S)
    return S


@writes.misconception(
    "RUNS_BACKWARDS", "The pairs were written last to first. Row 0 is written first, so that the last row is read best."
)
def delta_rule(K, V, beta, S0):
    S = np.array(S0, float)
    for k, v, b in zip(K[::-1], V[::-1], beta[::-1], strict=True):
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.misconception(
    "INTEGER_TRUNCATION",
    "With an integer S0 the fractions are cut off at each write: a copy of an integer array can hold only integers.",
)
def delta_rule(K, V, beta, S0):
    S = S0.copy()
    for k, v, b in zip(K, V, beta, strict=True):
        S[:] = S + b * np.outer(k, v - k @ S)
    return S


@writes.misconception(
    "INTEGER_STATE",
    "With an integer S0, `S += ...` raises an error: a copy of an integer array can't take fractions. "
    "What dtype should the copy have?",
)
def delta_rule(K, V, beta, S0):
    S = S0.copy()
    for k, v, b in zip(K, V, beta, strict=True):
        S += b * np.outer(k, v - k @ S)
    return S


@writes.misconception(
    "MUTATES_INPUT",
    "S0 was changed in place (`S = S0` gives the same array a second name, it doesn't copy). Return a new state.",
)
def delta_rule(K, V, beta, S0):
    S = S0
    for k, v, b in zip(K, V, beta, strict=True):
        S += b * np.outer(k, v - k @ S)
    return S


@writes.accepts("in place on a copy of floats")
def delta_rule(K, V, beta, S0):
    S = S0.astype(float)
    for t in range(len(K)):
        S += beta[t] * np.outer(K[t], V[t] - K[t] @ S)
    return S


@writes.accepts("erase, then write, as matrices")
def delta_rule(K, V, beta, S0):
    S, one = S0, np.eye(K.shape[1])
    for k, v, b in zip(K, V, beta, strict=True):
        S = (one - b * np.outer(k, k)) @ S + b * np.outer(k, v)
    return S


@writes.accepts("all corrections from one triangular system (WY)")
def delta_rule(K, V, beta, S0):
    lower = np.tril(beta[:, None] * (K @ K.T), k=-1)
    corrections = np.linalg.solve(np.eye(len(K)) + lower, beta[:, None] * (V - K @ S0))
    return S0 + K.T @ corrections


@writes.accepts("corrections one by one, state at the end")
def delta_rule(K, V, beta, S0):
    corrections = np.zeros(V.shape)
    for t in range(len(K)):
        reading = K[t] @ S0 + (K[:t] @ K[t]) @ corrections[:t]
        corrections[t] = beta[t] * (V[t] - reading)
    return S0 + K.T @ corrections


@writes.accepts("chunks of two, WY inside")
def delta_rule(K, V, beta, S0):
    S = S0 + 0.0
    for start in range(0, len(K), 2):
        k, v, b = K[start : start + 2], V[start : start + 2], beta[start : start + 2, None]
        system = np.eye(len(k)) + np.tril(b * (k @ k.T), k=-1)
        S = S + k.T @ np.linalg.solve(system, b * (v - k @ S))
    return S


@writes.accepts("columns of values by themselves, lists")
def delta_rule(K, V, beta, S0):
    columns = []
    for j in range(V.shape[1]):
        s = [float(value) for value in S0[:, j]]
        for k, v, b in zip(K.tolist(), V[:, j].tolist(), beta.tolist(), strict=True):
            error = b * (v - sum(k_i * s_i for k_i, s_i in zip(k, s, strict=True)))
            s = [s_i + error * k_i for k_i, s_i in zip(k, s, strict=True)]
        columns.append(s)
    return [list(row) for row in zip(*columns, strict=True)]


@writes.accepts("affine matrix steps, combined in pairs")
def delta_rule(K, V, beta, S0):
    steps = [(np.eye(len(k)) - b * np.outer(k, k), b * np.outer(k, v)) for k, v, b in zip(K, V, beta, strict=True)]
    while len(steps) > 1:
        joined = [(a2 @ a1, a2 @ b1 + b2) for (a1, b1), (a2, b2) in zip(steps[::2], steps[1::2], strict=False)]
        steps = joined + steps[len(joined) * 2 :]
    a, b = steps[0]
    return a @ S0 + b


@writes.accepts("a gradient step on the squared error, einsum")
def delta_rule(K, V, beta, S0):
    S = S0
    for t in range(len(K)):
        gradient = np.einsum("i,j->ij", K[t], np.einsum("i,ij->j", K[t], S) - V[t])
        S = S - beta[t] * gradient
    return S


SIX_K, SIX_V = _some(80, 6, 3), _some(81, 6, 3)
RATES, BONUS = np.array([0.5, 0.1, 1.5]), np.array([0.8, -0.6, 0.3])

weighted = TaskSheet(
    "wkv",
    points=2,
    extra=True,
    hidden="w = 0 and u = 0, one row, one channel, integer arrays, 400 rows, all of k shifted by 800, and that the "
    "arguments are unchanged",
    cases=[
        case("six rows of three", SIX_K, SIX_V, RATES, BONUS, public=True),
        case(
            "three rows of two",
            np.array([[0.0, 1.0], [1.0, 0.0], [0.5, -1.0]]),
            np.array([[2.0, 4.0], [-1.0, 8.0], [3.0, 0.0]]),
            np.array([1.0, 0.25]),
            np.array([0.5, 2.0]),
            public=True,
        ),
        case("w = 0 and u = 0", np.zeros((6, 2)), _some(82, 6, 2), np.zeros(2), np.zeros(2)),
        case("one row", _some(83, 1, 4), _some(84, 1, 4), np.array([0.1, 0.2, 0.3, 2.0]), _some(85, 4)),
        case("one channel", _some(86, 9, 1), _some(87, 9, 1), np.array([0.3]), np.array([-1.0])),
        case("400 rows", _some(88, 400, 2), _some(89, 400, 2), np.array([0.02, 0.5]), np.array([0.5, -0.5])),
        case(
            "integers",
            np.array([[1, 0], [0, 2], [-1, 1], [2, -2]]),
            np.array([[3, 1], [4, 1], [5, 9], [2, 6]]),
            np.array([1, 0]),
            np.array([0, 1]),
            part="integers",
        ),
        case("k shifted by 800", SIX_K + 800, SIX_V, RATES, BONUS, part="large k"),
        case(
            "k shifted by 800, 40 rows", _some(90, 40, 2) + 800, _some(91, 40, 2), RATES[:2], BONUS[:2], part="large k"
        ),
    ],
    parts=[
        Part("values", 0.5),
        Part("integers", 0.5, "With integer arrays the result must still hold fractions."),
        Part(
            "large k", 0.5, "With all of k shifted by 800 the result must be the same: e**800 is too large for a float."
        ),
        Part(
            "arguments unchanged",
            0.5,
            "An argument was changed. Subtract from a copy, not in place.",
            aspect="unchanged",
        ),
    ],
)


@weighted.misconception(
    "BONUS_MISSING",
    "u has no effect: left out, or written into the sums, where it cancels, since every token then has it. "
    "Only the current token has the exponent u + k_t, in the output of its own step.",
)
def wkv(k, v, w, u):
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.misconception(
    "OFF_BY_ONE",
    "Each earlier token is decayed once too often: the token just before the current one is not decayed yet. "
    "Its exponent is -(t-1-i)w + k_i with i = t-1.",
)
def wkv(k, v, w, u):
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.misconception(
    "EXCLUDES_CURRENT",
    "The current token is missing: both sums also hold a term of token t, with the exponent u + k_t. Row 0 must be "
    "v[0].",
)
def wkv(k, v, w, u):
    rows = [v[0] * np.nan]
    for t in range(1, len(k)):
        e = k[:t] - (t - 1 - np.arange(t))[:, None] * w
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[:t]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.misconception(
    "NORMALISER_FORGOTTEN", "Divide by the sum of the weights: an average of equal values must give that value back."
)
def wkv(k, v, w, u):
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        rows.append((np.exp(e) * v[: t + 1]).sum(axis=0))
    return np.array(rows)


@weighted.misconception(
    "DECAY_REVERSED", "Old tokens grow: the sign of w is wrong. Every further step must multiply a weight by e**(-w)."
)
def wkv(k, v, w, u):
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] + (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.misconception("NO_DECAY", "w has no effect: every earlier token has the weight e**k_i, however old it is.")
def wkv(k, v, w, u):
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t], u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.misconception(
    "BONUS_STORED",
    "The bonus went to the earlier tokens: u belongs to the current one, in the output of its own step only. "
    "In later sums, token t counts with e**k_t.",
)
def wkv(k, v, w, u):
    rows = []
    for t in range(len(k)):
        e = np.concatenate([u + k[:t] - (t - 1 - np.arange(t))[:, None] * w, k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.misconception(
    "OVERFLOWS",
    "Right for ordinary k, nan for large k: e**800 is no float. Only differences of exponents matter, so subtract a "
    "maximum before np.exp.",
)
def wkv(k, v, w, u):
    above, below, rows = 0.0, 0.0, []
    for k_t, v_t in zip(k, v, strict=True):
        rows.append((above + np.exp(u + k_t) * v_t) / (below + np.exp(u + k_t)))
        above = np.exp(-w) * above + np.exp(k_t) * v_t
        below = np.exp(-w) * below + np.exp(k_t)
    return np.array(rows)


@weighted.misconception(
    "OLD_SUMS_NOT_RESCALED",
    "The maximum changes from step to step, but the sums kept so far are still divided by e to the old one. "
    "When the maximum grows, rescale them.",
)
def wkv(k, v, w, u):
    above, below, top, rows = 0.0, 0.0, np.full(k.shape[1], -1e38), []
    for k_t, v_t in zip(k, v, strict=True):
        m = np.maximum(top, u + k_t)
        rows.append((above + np.exp(u + k_t - m) * v_t) / (below + np.exp(u + k_t - m)))
        top = np.maximum(top, k_t)
        above = np.exp(-w) * above + np.exp(k_t - top) * v_t
        below = np.exp(-w) * below + np.exp(k_t - top)
    return np.array(rows)


@weighted.misconception(
    "MUTATES_INPUT", "k was changed in place (`k -= k.max(...)`). Whoever called you still needs it: make a new array."
)
def wkv(k, v, w, u):
    k -= k.max(axis=0)
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e)
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.misconception(
    "INTEGER_TRUNCATION",
    "With integer v the fractions are cut off. If you write into an array, look at its dtype.",
)
def wkv(k, v, w, u):
    rows = np.zeros_like(v)
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows[t] = (weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0)
    return rows


@weighted.accepts("the plain recursion after subtracting each channel's maximum")
def wkv(k, v, w, u):
    k, above, below, rows = k - k.max(axis=0), 0.0, 0.0, []
    for k_t, v_t in zip(k, v, strict=True):
        now = np.exp(u + k_t)
        rows.append((above + now * v_t) / (below + now))
        above, below = np.exp(-w) * above + np.exp(k_t) * v_t, np.exp(-w) * below + np.exp(k_t)
    return rows


@weighted.accepts("a softmax for each row, one maximum for all")
def wkv(k, v, w, u):
    rows = []
    for t in range(len(k)):
        e = k[: t + 1] - (t - 1 - np.arange(t + 1))[:, None] * w
        e[t] = u + k[t]
        weights = np.exp(e - e.max())
        rows.append(np.sum(weights * v[: t + 1], axis=0) / np.sum(weights, axis=0))
    return np.array(rows)


@weighted.accepts("all rows at once")
def wkv(k, v, w, u):
    n = len(k)
    t, i = np.arange(n)[:, None, None], np.arange(n)[None, :, None]
    e = np.where(i == t, u + k[None], np.where(i < t, k[None] - (t - 1 - i) * w, -np.inf))
    weights = np.exp(e - e.max(axis=1, keepdims=True))
    return np.einsum("tid,id->td", weights / weights.sum(axis=1, keepdims=True), v)


@weighted.accepts("the average and the logarithm of its weight as the state")
def wkv(k, v, w, u):
    mean, log_weight, rows = np.zeros(k.shape[1]), np.full(k.shape[1], -np.inf), []
    for k_t, v_t in zip(k, v, strict=True):
        share = np.exp(u + k_t - np.logaddexp(log_weight, u + k_t))
        rows.append(mean + share * (v_t - mean))
        total = np.logaddexp(log_weight - w, k_t)
        mean, log_weight = mean + np.exp(k_t - total) * (v_t - mean), total
    return np.array(rows)


@weighted.accepts("channel by channel with math.exp")
def wkv(k, v, w, u):
    import math

    columns = []
    for c in range(k.shape[1]):
        column, top = [], max(float(value) for value in k[:, c])
        for t in range(len(k)):
            weights = [math.exp(k[i, c] - top - (t - 1 - i) * w[c]) for i in range(t)] + [
                math.exp(u[c] + k[t, c] - top)
            ]
            column.append(sum(x * y for x, y in zip(weights, v[: t + 1, c], strict=True)) / sum(weights))
        columns.append(column)
    return np.array(columns).T
