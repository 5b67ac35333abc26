import numpy as np

from autograder.authoring import Function, Part, TaskSheet, case

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
        case("n = 1", MIXED, 1, public=True, part="n = 1"),
        case("n = 1, exponential", FADE, 1, part="n = 1"),
        case("n = 1, average", AVERAGE, 1, part="n = 1"),
    ],
    parts=[
        Part("values", 2.5),
        Part(
            "n = 1",
            0.5,
            "With n = 1 it isn't right yet: one weight is asked for, the share of x_1 in h_1, in a sequence of length "
            "1.",
        ),
    ],
)


@probe.wrong
def REVERSED_ORDER(update, n):
    """Right numbers in reversed order: w[0] belongs to the FIRST input, not to the newest."""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights[::-1])


@probe.wrong
def NORMALISED(update, n):
    """You divided by the sum of the weights. They need not sum to 1 (the missing share of an EMA is with h_0): leave
    them as they were measured."""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights) / np.float64(sum(weights))


@probe.wrong
def STOPS_AT_IMPULSE(update, n):
    """These are the states right after each impulse. The steps after it change its share further: run every step up to
    n, those with the input 0 too."""
    return np.array([update(0.0, 1.0, i) for i in range(1, n + 1)])


@probe.wrong
def PREFIX_OF_ONES(update, n):
    """These are weights of several inputs together: your streams hold more than one 1. Put a 1 at one step only."""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i <= impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def OFF_BY_ONE(update, n):
    """update was called with step numbers from 0. It counts from 1: the first input has i = 1, the last one i = n."""
    weights = []
    for impulse in range(n):
        h = 0.0
        for i in range(n):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def STATE_NOT_RESET(update, n):
    """Each probe goes on from the state that the one before it left behind. Every impulse
    needs a fresh start from h = 0."""
    weights, h = [], 0.0
    for impulse in range(1, n + 1):
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def STARTS_FROM_ONE(update, n):
    """Your memory starts from 1, which adds a share of its own to each weight. Start from h = 0."""
    weights = []
    for impulse in range(1, n + 1):
        h = 1.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def ONE_IMPULSE(update, n):
    """You sent one impulse and read the state at each step. That shows how x_1 fades, not what x_1, ..., x_n weigh in
    h_n: send an impulse at each step, and read h_n only."""
    h, states = 0.0, []
    for i in range(1, n + 1):
        h = update(h, 1.0 if i == 1 else 0.0, i)
        states.append(h)
    return np.array(states)


@probe.wrong
def ONE_IMPULSE_REVERSED(update, n):
    """Each impulse was treated as if it came at step 1 (one fading impulse turned round, or step numbers that start
    from 1 again). That is right only for rules that are the same at every step; here update may depend on i."""
    h, states = 0.0, []
    for i in range(1, n + 1):
        h = update(h, 1.0 if i == 1 else 0.0, i)
        states.append(h)
    return np.array(states[::-1])


@probe.wrong
def STEP_NUMBER_FIXED(update, n):
    """update always got the same step number. The rule may change with i: pass the number
    of the step it is called for."""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, 1)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def ARGUMENTS_SWAPPED(update, n):
    """update was called as update(x, h, i). The state comes first: update(h, x, i)."""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(1.0 if i == impulse else 0.0, h, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def STOPS_EARLY(update, n):
    """The last step was not run: range(1, n) ends at n-1, so these are the weights of h_{n-1}."""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def SIZE_FOR_SLOPE(update, n):
    """Your numbers have lost their signs. A weight can be negative: a larger input then gives a smaller state."""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(abs(h))
    return np.array(weights)


@probe.wrong
def INTEGER_TRUNCATION(update, n):
    """The fractions are cut off: the weights were written into an array of integers. Which dtype does it have?"""
    weights = np.zeros(n, dtype=int)
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights[impulse - 1] = h
    return weights


@probe.wrong
def LENGTH_FIXED(update, n):
    """Right for n = 3 only: a number of the worked example stands in your code where n belongs."""
    weights = []
    for impulse in (1, 2, 3):
        h = 0.0
        for i in (1, 2, 3):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def SUFFIX_OF_ONES(update, n):
    """These are weights of several inputs together: your streams stay at 1 after the impulse. Put a 1 at one step
    only."""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i >= impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def IMPULSE_IS_STEP_NUMBER(update, n):
    """The weight of step j is j times too large: the impulse must be 1 at every step. (Or divide by its
    size.)"""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, impulse if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def STEP_DIFFERENCES(update, n):
    """These are the changes of the state in a stream of ones. That is what each input adds at its own step, less what
    fades of the others. Send one impulse at a time, and read h_n only."""
    weights, h = [], 0.0
    for i in range(1, n + 1):
        new = update(h, 1.0, i)
        weights.append(new - h)
        h = new
    return np.array(weights)


@probe.wrong
def STATE_FACTOR_TOO_MANY(update, n):
    """Each weight has one factor too many: at its own step an input isn't multiplied by what the step does to the OLD
    state. The factors begin with the step after it."""
    weights = []
    for impulse in range(1, n + 1):
        w = update(0.0, 1.0, impulse)
        for i in range(impulse, n + 1):
            w = w * update(1.0, 0.0, i)
        weights.append(w)
    return np.array(weights)


@probe.wrong
def DIVIDES_BY_PRODUCT(update, n):
    """Right until a step forgets everything: you divide by a product of factors, and a factor may be 0. Multiply the
    factors of the later steps only."""
    kept = np.array([update(1.0, 0.0, i) for i in range(1, n + 1)], dtype=float)
    added = np.array([update(0.0, 1.0, i) for i in range(1, n + 1)], dtype=float)
    product = np.cumprod(kept)
    return added * product[-1] / product


@probe.wrong
def NEWEST_LEFT_OUT(update, n):
    """The weight of the newest input is still 0, as it was made: your loop over the impulses ends one too early."""
    weights = np.zeros(n)
    for impulse in range(1, n):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights[impulse - 1] = h
    return weights


@probe.wrong
def STATES_OF_ONES(update, n):
    """These are the states in a stream of ones: sums of weights, not the single ones. Send one impulse at a time, and
    read h_n only."""
    h, states = 0.0, []
    for i in range(1, n + 1):
        h = update(h, 1.0, i)
        states.append(h)
    return np.array(states)


@probe.wrong
def ONE_STEP_TOO_MANY(update, n):
    """n+1 steps were run, so these are weights in h_(n+1). The last step is step n: where does your range end?"""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 2):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)


@probe.wrong
def ZERO_WEIGHTS_LEFT_OUT(update, n):
    """Weights of 0 were left out, so fewer than n numbers came back. A weight of 0 is a weight too: one number per
    input is asked for."""
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return [weight for weight in weights if weight]


@probe.right
def from_the_impulse_on(update, n):
    weights = []
    for impulse in range(1, n + 1):
        h = update(0, 1, impulse)
        for i in range(impulse + 1, n + 1):
            h = update(h, 0, i)
        weights.append(h)
    return weights


@probe.right
def factors_of_each_step_backwards(update, n):
    weights, kept = np.zeros(n), 1.0
    for i in range(n, 0, -1):
        weights[i - 1] = kept * update(0.0, 1.0, i)
        kept *= update(1.0, 0.0, i)
    return weights


@probe.right
def weights_carried_forward(update, n):
    weights = []
    for i in range(1, n + 1):
        weights = [update(w, 0.0, i) for w in weights] + [update(0.0, 1.0, i)]
    return tuple(weights)


@probe.right
def all_impulses_at_once(update, n):
    h = np.zeros(n)
    for i, row in enumerate(np.eye(n), start=1):
        h = update(h, row, i)
    return h


@probe.right
def differences_to_a_base_stream(update, n):
    def last_state(xs):
        h = 0.0
        for i, x in enumerate(xs, start=1):
            h = update(h, x, i)
        return h

    base = np.linspace(-1.0, 1.0, n)
    return [last_state(base + unit) - last_state(base) for unit in np.eye(n)]


@probe.right
def recursion_over_the_steps(update, n):
    def states(i):
        if i == 0:
            return []
        return [update(h, 0.0, i) for h in states(i - 1)] + [update(0.0, 1.0, i)]

    return np.array(states(n))


@probe.right
def large_impulses_divided_again(update, n):
    weights = []
    for impulse in range(n):
        stream, h = [0.0] * n, 0.0
        stream[impulse] = 8.0
        for i in range(n):
            h = update(h, stream[i], i + 1)
        weights.append(h / 8.0)
    return np.array(weights)
