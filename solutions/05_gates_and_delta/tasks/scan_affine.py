import numpy as np

from autograder.authoring import Part, TaskSheet, case

from .inputs import some

_COUNTS = np.arange(1, 301)
_SMALL = np.random.default_rng(1).uniform(0.1, 0.4, size=600).round(3)

scan = TaskSheet(
    "scan_affine",
    points=4,
    hidden="zeros and negative numbers in a, n = 1, n that is no power of two, 600 steps with small a, "
    "integer arrays, and that a and b are unchanged",
    cases=[
        case(
            "five steps",
            np.array([0.5, -2.0, 3.0, 0.5, 2.0]),
            np.array([4.0, 1.0, -2.0, 6.0, 0.5]),
            public=True,
        ),
        case("seven steps", np.array([0.9, -0.5, 1.5, 0.4, -1.2, 0.7, 2.0]), some(2, 7), public=True),
        case("one step", np.array([3.0]), np.array([-2.5]), public=True, part="edges"),
        case("a reset at the first step", np.array([0.0, 2.0]), np.array([1.75, 0.5]), part="zeros in a"),
        case("eight steps", np.array([2.0, 0.3, -0.6, 1.1, 0.8, -1.4, 0.25, 0.9]), some(3, 8)),
        case("a = 1", np.ones(11), some(4, 11)),
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
            public=True,
            part="zeros in a",
        ),
        case("a cumulative average", (_COUNTS - 1) / _COUNTS, some(5, 300) / _COUNTS, part="zeros in a"),
        case("only zeros in a", np.zeros(4), np.array([1.0, -2.0, 0.0, 3.0]), part="zeros in a"),
        case("600 steps with small a", _SMALL, some(6, 600), part="many steps"),
        case("600 steps, a of both signs", _SMALL * np.sign(some(7, 600)), some(8, 600), part="many steps"),
        case("integer b", np.array([0.5, -0.25, 0.75, 1.5, 0.5]), np.array([3, 1, -4, 1, 5]), part="integers"),
        case("integer a", np.array([2, -1, 3, -2, 1]), np.array([0.5, 1.25, -0.75, 0.3, 2.5]), part="integers"),
        case("integer b, negative", np.array([0.3, 1.7, -0.6, 0.9]), np.array([-7, 4, 9, -2]), part="integers"),
        case("integer a, negative", np.array([-3, 2, 1, -2]), np.array([0.35, -1.6, 2.15, 0.7]), part="integers"),
        case("integers only", np.array([1, 2, -3, 1, 2, 2]), np.array([5, 0, 1, -1, 7, 0]), part="integers"),
    ],
    parts=[
        Part("values", 1.5),
        Part(
            "edges",
            0.5,
            "With a single step the result isn't right yet. One step makes one state, in an array of one entry: print "
            "its shape.",
            edge=True,
        ),
        Part(
            "zeros in a",
            0.5,
            "With an a_t that is 0 the result isn't right yet, or not to all digits. By hand: a = (2, 0, 0.5) and b = "
            "(1e6, 3, 1) make the states 1e6, 3 and 2.5.",
        ),
        Part(
            "many steps",
            0.5,
            "With hundreds of steps the result isn't right yet. Try 600 steps: which entry is the first that isn't "
            "finite or differs from a plain loop, or which line raises?",
        ),
        Part(
            "integers",
            0.5,
            "With an array of integers the result isn't right yet. Call it with integers and with the same numbers as "
            "floats, and compare.",
            excused_by="arguments unchanged",
        ),
        Part(
            "arguments unchanged",
            0.5,
            "a or b wasn't the same after the call. The caller still needs them: print both before and after.",
            aspect="unchanged",
        ),
    ],
)


@scan.wrong
def EXCLUSIVE_SCAN(a, b):
    """Shifted by one: entry t holds the state before step t, and the last state is missing. Entry 0 is the state after
    the first step; try n = 1 by hand."""
    h, states = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        states.append(h)
        h = a_t * h + b_t
    return np.array(states)


@scan.wrong
def A_IGNORED(a, b):
    """a has no effect: these are the running sums of b. At step t the old state is multiplied
    by a_t before b_t is added."""
    return np.cumsum(b)


@scan.wrong
def OFF_BY_ONE(a, b):
    """The multipliers are one step late: a_t and b_t belong to the same step. Which a multiplies the state when b[1]
    arrives?"""
    h, states = 0.0, []
    for t in range(len(b)):
        h = (a[t - 1] * h if t else 0.0) + b[t]
        states.append(h)
    return np.array(states)


@scan.wrong
def INPUT_SCALED_TOO(a, b):
    """b_t was multiplied by a_t as well. Only the old state gets the factor: with a_t = 0
    the new state is b_t, not 0."""
    h, states = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * (h + b_t)
        states.append(h)
    return np.array(states)


@scan.wrong
def READS_WHILE_WRITING(a, b):
    """Some steps count twice, as when a round reads entries which the same round has already changed. Each round must
    be computed from the old arrays only: print an entry before and after a round."""
    a, b, distance = a.astype(float), b.astype(float), 1
    while distance < len(a):
        for t in range(distance, len(a)):
            b[t] += a[t] * b[t - distance]
            a[t] *= a[t - distance]
        distance *= 2
    return b


@scan.wrong
def POWER_OF_TWO_ONLY(a, b):
    """The entries after the largest power of two are left as they were. n may be any number:
    pad, or treat the rest too."""
    a, b, size, distance = a.astype(float), b.astype(float), 2 ** int(np.log2(len(b))), 1
    while distance < size:
        old_a, old_b = a.copy(), b.copy()
        b[distance:size] += old_a[distance:size] * old_b[: size - distance]
        a[distance:size] *= old_a[: size - distance]
        distance *= 2
    return b


@scan.wrong
def ROUND_MISSING(a, b):
    """Late entries cover only their last few steps: a round is missing when n is no power of two. After r rounds an
    entry covers 2**r steps; how many rounds does n = 7 need?"""
    a, b = a.astype(float), b.astype(float)
    for r in range(int(np.log2(len(b)))):
        distance = 2**r
        old_a, old_b = a.copy(), b.copy()
        b[distance:] += old_a[distance:] * old_b[:-distance]
        a[distance:] *= old_a[:-distance]
    return b


@scan.wrong
def STARTS_AT_ONE(a, b):
    """The state before the first step was 1. It is 0, so the first state is b[0], whatever a[0] is."""
    h, states = 1.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        states.append(h)
    return np.array(states)


@scan.wrong
def B0_COUNTED_TWICE(a, b):
    """b[0] entered twice: the state began as b[0], and step 0 came on top. It is 0 before step 0: what is it after,
    whatever a[0] is?"""
    h, states = b[0], []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        states.append(h)
    return np.array(states)


@scan.wrong
def ONE_PRODUCT_FOR_ALL(a, b):
    """Every b got the same factor, the product of all gates so far. Each is multiplied only by the gates that come
    after it: which ones meet b[1] in state 2?"""
    return np.cumprod(a) * np.cumsum(b)


@scan.wrong
def ONE_KERNEL_FOR_ALL(a, b):
    """The states are a convolution: every step used the same products of gates, those from the start. That fits only
    where all gates are equal: which gates meet b[1] in state 2?"""
    return np.convolve(b, np.cumprod(np.append(1.0, a[1:])))[: len(b)]


@scan.wrong
def LAST_STEP_MISSING(a, b):
    """The last entry is still 0: it was never written. Which t is the last one of your loop? range(n) ends with n -
    1."""
    out = np.zeros(len(b))
    out[0] = b[0]
    for t in range(1, len(b) - 1):
        out[t] = a[t] * out[t - 1] + b[t]
    return out


@scan.wrong
def ONLY_FIRST_STATE(a, b):
    """Only entry 0 was filled in, the others are 0. One state per step is asked for: does your `return` stand inside
    the loop?"""
    out = np.zeros(len(b))
    out[0] = b[0]
    return out


@scan.wrong
def FROM_THE_FIRST_STATE(a, b):
    """Every step started from h_0 again. Step t must start from the state that step t-1 left: what changes after each
    step?"""
    out = b[0] * a + b
    out[0] = b[0]
    return out


@scan.wrong
def MULTIPLIER_UPDATED_FIRST(a, b):
    """In each round the multipliers were renewed before the added parts were computed with them, so that a step's gate
    counts too often. Each round must be computed from the old arrays only: in which order do your two lines stand?"""
    a, b, distance = a.astype(float), b.astype(float), 1
    while distance < len(a):
        a = np.append(a[:distance], a[distance:] * a[:-distance])
        b = np.append(b[:distance], b[distance:] + a[distance:] * b[:-distance])
        distance *= 2
    return b


@scan.wrong
def WEIGHTS_TRANSPOSED(a, b):
    """Each state is a sum over the later steps: the matrix of weights is transposed. State 0 is b[0] alone: which
    index, row or column, is the time of the state?"""
    n = len(a)
    weights = np.zeros((n, n))
    for t in range(n):
        weights[t, t] = 1.0
        weights[t, :t] = a[t] * weights[t - 1, :t]
    return weights.T @ b


@scan.wrong
def DECAYED_LATE(a, b):
    """b_t was multiplied by a_t, and the old state wasn't. The gate says how much of the past is kept: which of the two
    does a_t multiply?"""
    return np.cumsum(a * b)


@scan.wrong
def RUNS_BACKWARDS(a, b):
    """The recurrence ran from the last step to the first. State t may use only steps 0..t: state 0 is b[0]."""
    h, states = 0.0, []
    for a_t, b_t in zip(a[::-1], b[::-1], strict=True):
        h = a_t * h + b_t
        states.append(h)
    return np.array(states[::-1])


@scan.wrong
def DIVIDES_BY_PRODUCT(a, b):
    """nan comes out from the first a_t = 0 on, as when something is divided by a running product of a. That is 0 there,
    and on a long input too small for a float. What would you carry from step to step instead?"""
    product = np.cumprod(a, dtype=float)
    return product * np.cumsum(b / product)


@scan.wrong
def DIVIDES_BY_PATCHED_PRODUCT(a, b):
    """With a 0 in a, or with many small a, the result is off: a small number in place of the 0 lets some of the past
    through, and a running product of many small a is too small for a float to divide by. What would you carry from
    step to step instead?"""
    a = np.where(a == 0, 1e-12, a)
    product = np.cumprod(a)
    return product * np.cumsum(b / product)


@scan.wrong
def LOGARITHM_OF_A(a, b):
    """Zeros and negative numbers in a give nan or wrong numbers: the logarithm of 0 is minus infinity, that of a
    negative number nan. They are ordinary multipliers: can you make the products of a without a logarithm?"""
    logs = np.cumsum(np.log(a))
    weights = np.tril(np.exp(np.minimum(logs[:, None] - logs, 700.0)))
    return weights @ b


@scan.wrong
def STARTS_FROM_H0(a, b):
    """These are the entries of b: every step starts from 0 again. Step t must start from the state that step t-1
    returned."""
    return a * 0.0 + b


@scan.wrong
def ONE_MINUS_A(a, b):
    """b_t got the factor 1-a_t. That makes an exponential average; here b_t is added as it is: what is the state after
    step 0, whatever a[0]?"""
    h, states = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + (1 - a_t) * b_t
        states.append(h)
    return np.array(states)


@scan.wrong
def RESET_LOSES_INPUT(a, b):
    """Where a_t is 0 your state becomes 0. The old state is gone there, but b_t is still
    added; the rule needs no `if`."""
    h, states = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t if a_t else 0.0
        states.append(h)
    return np.array(states)


@scan.wrong
def ONLY_FINAL(a, b):
    """Only the last state came back. One state per step is asked for: n in, n out. Where are the earlier ones kept?"""
    h = 0.0
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
    return h


@scan.wrong
def INTEGER_TRUNCATION(a, b):
    """With integer b the fractions are cut off. If you write into an array, print its dtype: `np.empty_like(b)` is an
    integer array then. Which dtype keeps fractions?"""
    states, h = np.empty_like(b), 0.0
    for t in range(len(b)):
        h = a[t] * h + b[t]
        states[t] = h
    return states


@scan.wrong
def INTEGER_TRUNCATION_A(a, b):
    """With integer a the fractions are cut off. If you write into an array, print its dtype: `np.empty_like(a)` is an
    integer array then. Which dtype keeps fractions?"""
    states, h = np.empty_like(a), 0.0
    for t in range(len(a)):
        h = a[t] * h + b[t]
        states[t] = h
    return states


@scan.wrong
def INTEGER_STATES(a, b):
    """With integer b every state loses its fraction before the next step uses it: print the dtype of the array that
    you write into. It must be able to hold fractions."""
    out = np.zeros_like(b)
    for t in range(len(b)):
        out[t] = a[t] * out[t - 1] + b[t]
    return out


@scan.wrong
def INTEGER_STATES_A(a, b):
    """With integer a every state loses its fraction before the next step uses it: print the dtype of the array that
    you write into. It must be able to hold fractions."""
    out = np.zeros_like(a)
    for t in range(len(a)):
        out[t] = a[t] * out[t - 1] + b[t]
    return out


@scan.wrong(looseness=1e-5)
def FLOAT32_PRECISION(a, b):
    """Nearly right, but not as exact as the task asks: is a float32 used, something rounded, or something small added
    or left out? Keep float64, numpy's default."""
    h, states = np.float32(0), []
    for a_t, b_t in zip(a.astype(np.float32), b.astype(np.float32), strict=True):
        h = np.float32(a_t * h + b_t)
        states.append(h)
    return np.array(states)


@scan.wrong
def FIRST_INPUT_LOST(a, b):
    """b[0] is lost: the loop starts at t = 1, and entry 0 is still 0. The state after step 0 is a_0 * 0 + b_0."""
    out = np.zeros(len(b))
    for t in range(1, len(b)):
        out[t] = a[t] * out[t - 1] + b[t]
    return out


@scan.wrong
def START_INCLUDED(a, b):
    """n+1 entries came back: the start state h_{-1} = 0 stands in front. n steps make n states: what must entry 0
    be?"""
    states = [0.0]
    for a_t, b_t in zip(a, b, strict=True):
        states.append(a_t * states[-1] + b_t)
    return np.array(states)


@scan.wrong
def MUTATES_INPUT(a, b):
    """a or b wasn't the same after the call. Whoever called you still needs both: print them before and after, and
    write the states into an array of their own."""
    for t in range(1, len(b)):
        b[t] += a[t] * b[t - 1]
    return b


@scan.wrong
def A_AND_B_EXCHANGED(a, b):
    """a and b have exchanged their roles: b_t multiplies the old state, and a_t is added. Which of the two is the
    gate?"""
    h, states = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = b_t * h + a_t
        states.append(h)
    return np.array(states)


@scan.right
def loop_into_a_new_array(a, b):
    h = np.zeros(len(b))
    h[0] = b[0]
    for t in range(1, len(b)):
        h[t] = a[t] * h[t - 1] + b[t]
    return h


@scan.right
def hillis_steele_scan(a, b):
    a, b, distance = a.astype(float), b.astype(float), 1
    while distance < len(a):
        old_a, old_b = a.copy(), b.copy()
        b[distance:] = old_a[distance:] * old_b[:-distance] + old_b[distance:]
        a[distance:] = old_a[distance:] * old_a[:-distance]
        distance *= 2
    return b


@scan.right
def divide_and_conquer(a, b):
    def solve(a, b):
        if len(a) == 1:
            return a * 1.0, b * 1.0
        half = len(a) // 2
        (a1, b1), (a2, b2) = solve(a[:half], b[:half]), solve(a[half:], b[half:])
        return np.concatenate([a1, a2 * a1[-1]]), np.concatenate([b1, a2 * b1[-1] + b2])

    return solve(a, b)[1]


@scan.right
def itertools_accumulate_over_pairs(a, b):
    from itertools import accumulate

    def together(first, then):
        return first[0] * then[0], then[0] * first[1] + then[1]

    return [pair[1] for pair in accumulate(zip(a, b, strict=True), together)]


@scan.right
def bidiagonal_system(a, b):
    return np.linalg.solve(np.eye(len(a)) - np.diag(a[1:].astype(float), k=-1), b)


@scan.right
def matrix_of_products(a, b):
    n = len(a)
    weights = np.zeros((n, n))
    for t in range(n):
        weights[t, t] = 1.0
        weights[t, :t] = a[t] * weights[t - 1, :t]
    return weights @ b


@scan.right
def each_state_from_its_definition(a, b):
    states = []
    for t in range(len(a)):
        gates_after = np.cumprod(np.append(1.0, a[t:0:-1]))
        states.append(gates_after @ b[t::-1])
    return tuple(states)


@scan.right
def blocks_of_four(a, b):
    states, carry = [], 0.0
    for start in range(0, len(a), 4):
        factor, inner = 1.0, 0.0
        for a_t, b_t in zip(a[start : start + 4], b[start : start + 4], strict=True):
            factor, inner = a_t * factor, a_t * inner + b_t
            states.append(factor * carry + inner)
        carry = states[-1]
    return np.array(states)


@scan.right
def one_call_inside_the_other_for_each_step(a, b):
    def states(n):
        if n == 0:
            return [0.0]
        earlier = states(n - 1)
        earlier.append(a[n - 1] * earlier[-1] + b[n - 1])
        return earlier

    return states(len(a))[1:]
