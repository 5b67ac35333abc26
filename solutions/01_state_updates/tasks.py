"""The tasks of notebook 01: run a recurrence over a stream, and measure what each input did to a state."""

import numpy as np

from autograder.task import Function, Part, Stream, TaskSheet, Tolerance, case

TRIPLE = Function("lambda h, x: 3 * h - x")
LEAKY = Function("lambda h, x: 0.5 * h + x")
TURN = Function("lambda h, x: np.array([0.5 * h[0] - h[1] + x[0], h[0] + 2 * x[1]])")
COUNT_AND_SUM = Function("lambda h, x: np.array([h[0] + 1, h[1] + x])")
BOUNCE = Function("lambda h, x: 2 * x - 0.5 * h")
RESET = Function("lambda h, x: h * x + 1")
LARGER = Function("lambda h, x: max(h, x)")

recurrence = TaskSheet(
    "run_recurrence",
    points=5,
    hidden="other functions f, states that are arrays, states and inputs equal to 0, one input, no input at all, "
    "30 inputs, live streams, how often f is called and when each input is read",
    cases=[
        case("the worked example", LEAKY, 8, [2, 6, -1], public=True),
        case(
            "states are arrays",
            TURN,
            np.array([1.0, -1.0]),
            np.array([[2.0, 0.5], [0.0, 3.0], [-4.0, 1.0]]),
            public=True,
        ),
        case("a live stream", TRIPLE, 1, Stream((2, 5, -1, 4)), public=True, part="live streams"),
        case("one input", TRIPLE, -3, [5]),
        case("no input", TRIPLE, 7, []),
        case("states equal to 0", RESET, 0, [4, -1, 0, 0, 6]),
        case("start at 0", LEAKY, 0.0, [0.0, 0.0, 8.0]),
        case("the largest so far", LARGER, 3, [1, 5, 2, 5, 9, 0]),
        case("five inputs in an array", LEAKY, 0.25, np.array([4.0, 2.0, -1.0, 0.5, 3.0])),
        case("integer arrays", COUNT_AND_SUM, np.array([0, 10]), np.array([3, -8, 5, 5])),
        case("30 inputs", LEAKY, 1.0, (np.arange(30) % 7) - 3.0),
        case("an empty stream", TRIPLE, 2, Stream(()), part="live streams"),
        case(
            "a live stream of arrays",
            TURN,
            np.array([0.0, 2.0]),
            Stream(([1.0, 0.0], [0.5, -2.0])),
            part="live streams",
        ),
        case("a longer live stream", LEAKY, -2.0, Stream(tuple(range(-6, 7))), part="live streams"),
    ],
    parts=[
        Part("values", 2),
        Part(
            "live streams",
            1,
            "`inputs` may be a live stream, which has no len() and no [i]: use `for x in inputs`.",
        ),
        Part(
            "one call per input",
            1,
            "The values are right, but f wasn't called exactly once per input. Carry the state on in place of "
            "computing it again.",
            aspect="calls",
        ),
        Part(
            "read when due",
            1,
            "The values are right, but an input was read before the state before it had been computed. "
            "A live stream brings its next item only later: read one input, compute one state.",
            aspect="lazy",
        ),
    ],
)


@recurrence.misconception(
    "H0_INCLUDED",
    "n+1 states came back for n inputs. h_0 is given, not computed: start the list with h_1.",
)
def run_recurrence(f, h0, inputs):
    states = [h0]
    for x in inputs:
        states.append(f(states[-1], x))
    return states


@recurrence.misconception(
    "ARGUMENTS_SWAPPED",
    "Your numbers are those of f(input, state). The state is the FIRST argument: 0.5*h + x isn't 0.5*x + h.",
)
def run_recurrence(f, h0, inputs):
    states, h = [], h0
    for x in inputs:
        h = f(x, h)
        states.append(h)
    return states


@recurrence.misconception(
    "STARTS_FROM_H0",
    "Every step starts from h_0 again, so no state knows of more than one input. "
    "Step i must start from the state that step i-1 returned.",
)
def run_recurrence(f, h0, inputs):
    return [f(h0, x) for x in inputs]


@recurrence.misconception(
    "ONLY_FINAL",
    "Only the last state came back. All n states are asked for: collect each one as it is computed.",
)
def run_recurrence(f, h0, inputs):
    h = h0
    for x in inputs:
        h = f(h, x)
    return h


@recurrence.misconception(
    "SKIPS_FIRST",
    "The first input was not processed: your first state already belongs to the second input.",
)
def run_recurrence(f, h0, inputs):
    states, h = [], h0
    for i, x in enumerate(inputs):
        if i > 0:
            h = f(h, x)
            states.append(h)
    return states


@recurrence.misconception(
    "STOPS_EARLY",
    "One state is missing at the end: the last input was not processed. n inputs give n states.",
)
def run_recurrence(f, h0, inputs):
    states, h = [], h0
    for x in list(inputs)[:-1]:
        h = f(h, x)
        states.append(h)
    return states


@recurrence.misconception(
    "OFF_BY_ONE",
    "Each state is one step too old: the list starts with h_0 and lacks the last one. "
    "Is the state stored before or after f was called?",
)
def run_recurrence(f, h0, inputs):
    states, h = [], h0
    for x in inputs:
        states.append(h)
        h = f(h, x)
    return states


@recurrence.misconception(
    "REVERSED_ORDER",
    "The inputs were processed last to first. h_1 is the state after the FIRST input.",
)
def run_recurrence(f, h0, inputs):
    states, h = [], h0
    for x in reversed(list(inputs)):
        h = f(h, x)
        states.append(h)
    return states


@recurrence.misconception(
    "RECOMPUTES_PREFIXES",
    "Right values, but f was called n(n+1)/2 times for n inputs: each state was computed from h_0 again. "
    "Everything that step i needs is in the state before it; carry it on.",
)
def run_recurrence(f, h0, inputs):
    seen, states = [], []
    for x in inputs:
        seen.append(x)
        h = h0
        for old in seen:
            h = f(h, old)
        states.append(h)
    return states


@recurrence.misconception(
    "CALLS_TWICE",
    "Right values, but f was called twice for each input. Give its result a name and use it twice.",
)
def run_recurrence(f, h0, inputs):
    states, h = [], h0
    for x in inputs:
        states.append(f(h, x))
        h = f(h, x)
    return states


@recurrence.misconception(
    "INDEXES_INPUT",
    "Right for lists, but a live stream has no len() and no [i]. Use `for x in inputs`, which works "
    "for every iterable.",
)
def run_recurrence(f, h0, inputs):
    states, h = [], h0
    for i in range(len(inputs)):
        h = f(h, inputs[i])
        states.append(h)
    return states


@recurrence.misconception(
    "MATERIALISES_STREAM",
    "Right values, but inputs were read before they were due; `list(inputs)`, for one, reads the whole stream "
    "before the first state is computed. A live stream brings its next item only later: read one input, "
    "compute one state.",
)
def run_recurrence(f, h0, inputs):
    states, h = [], h0
    for x in list(inputs):
        h = f(h, x)
        states.append(h)
    return states


@recurrence.misconception(
    "MUTATES_INPUT",
    "The list of inputs was emptied while it was read, and the caller has lost it. `for x in "
    "inputs` leaves it as it is.",
)
def run_recurrence(f, h0, inputs):
    states, h = [], h0
    while len(inputs) > 0:
        h = f(h, inputs.pop(0))
        states.append(h)
    return states


@recurrence.misconception(
    "ALIASED_STATE",
    "All states equal the last one: one array was appended n times and changed in place afterwards.",
)
def run_recurrence(f, h0, inputs):
    states, h = [], np.array(h0, dtype=float)
    for x in inputs:
        h[...] = f(h, x)
        states.append(h)
    return states


@recurrence.accepts("a generator")
def run_recurrence(f, h0, inputs):
    h = h0
    for x in inputs:
        h = f(h, x)
        yield h


@recurrence.accepts("itertools.accumulate without its start")
def run_recurrence(f, h0, inputs):
    from itertools import accumulate

    states = accumulate(inputs, f, initial=h0)
    next(states)
    return list(states)


@recurrence.accepts("a tuple")
def run_recurrence(f, h0, inputs):
    states = ()
    for x in inputs:
        states += (f(states[-1] if states else h0, x),)
    return states


@recurrence.accepts("an array")
def run_recurrence(f, h0, inputs):
    states = [h0]
    for x in inputs:
        states.append(f(states[-1], x))
    return np.array(states[1:])


@recurrence.accepts("next and StopIteration")
def run_recurrence(f, h0, inputs):
    stream, states, h = iter(inputs), [], h0
    while True:
        try:
            x = next(stream)
        except StopIteration:
            return states
        h = f(h, x)
        states.append(h)


@recurrence.accepts("an assignment in a comprehension")
def run_recurrence(f, h0, inputs):
    h = h0
    return [h := f(h, x) for x in inputs]


@recurrence.accepts("copies of array states")
def run_recurrence(f, h0, inputs):
    import copy

    states, h = [], copy.copy(h0)
    for x in inputs:
        h = f(h, x)
        states.append(copy.copy(h))
    return states


SQUASH = Function("lambda h, x: np.tanh(0.9 * h + x)")
MIX = Function("lambda h, x: 0.8 * h + np.sin(x) + 0.1 * h * x")
FIVE = np.array([0.5, -0.3, 0.0, 0.8, -0.6])

influences = TaskSheet(
    "influence",
    points=5,
    hidden="other functions f, h_0 equal to 0 or not, i = 1 and i = n, a single input, inputs equal to 0, "
    "integer inputs, large inputs, and that inputs is unchanged",
    tolerance=Tolerance(1e-3, "values"),
    cases=[
        case("h_3 of five inputs", SQUASH, 0.4, FIVE, 3, public=True),
        case("h_2 of four inputs", BOUNCE, 1.0, np.array([2.0, -1.0, 0.0, 3.0]), 2, public=True),
        case("h_1", MIX, -0.7, np.array([0.3, 1.2, -0.4]), 1),
        case("the last state", MIX, 0.9, np.array([0.7, 0.0, -1.1, 0.4]), 4),
        case("from h_0 = 0", SQUASH, 0.0, np.array([0.2, 0.9, -0.7, 0.1]), 3),
        case("one input", SQUASH, -0.5, np.array([0.25]), 1),
        case("a reset", RESET, 2.0, np.array([1.5, 0.0, -2.0, 3.0, 0.5]), 4),
        case("large inputs", LEAKY, -300.0, np.array([100.0, -250.0, 400.0]), 3),
        case("integer inputs", RESET, 3, np.array([2, 1, -3, 2]), 3, part="integers"),
        case("integer inputs with zeros", MIX, 1, np.array([0, 2, -1, 0, 1]), 4, part="integers"),
    ],
    parts=[
        Part("values", 3.5),
        Part("integers", 1, "An integer array can't hold a small change: perturb a float copy."),
        Part("inputs unchanged", 0.5, "The array of inputs was changed. Perturb a copy.", aspect="unchanged"),
    ],
)


@influences.misconception(
    "OFF_BY_ONE",
    "h_1 is the state after the FIRST input, but you took the state one step later than h_i. "
    "In a list that starts with h_1, where is h_i?",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[: i + 1]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result[j] = (state(moved) - state(inputs)) / 1e-5
    return result


@influences.misconception(
    "STOPS_EARLY",
    "These are the influences on the state one step before h_i: input i has not been processed yet.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[: i - 1]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result[j] = (state(moved) - state(inputs)) / 1e-5
    return result


@influences.misconception(
    "H0_IGNORED",
    "The start state h_0 was not used: your runs start from 0.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = 0.0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result[j] = (state(moved) - state(inputs)) / 1e-5
    return result


@influences.misconception(
    "NOT_DIVIDED",
    "A difference of two states came back; its size depends on how far you moved the input. "
    "Divide it by the change of the input.",
    looseness=0.995,
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1e-4
        result[j] = state(moved) - state(inputs)
    return result


@influences.misconception(
    "RELATIVE_STEP",
    "An input equal to 0 was not moved at all: a step that is a fraction of the input is 0 there. "
    "Move every input by the same small amount.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        step = 1e-5 * moved[j]
        moved[j] += step
        result[j] = np.float64(state(moved) - state(inputs)) / step
    return result


@influences.misconception(
    "ALWAYS_LAST",
    "These are the influences on the last state h_n. State i was asked for: stop after input i.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result[j] = (state(moved) - state(inputs)) / 1e-5
    return result


@influences.misconception(
    "DIRECT_EFFECT_ONLY",
    "These are the effects of each input on its own step only. Earlier inputs act on h_i too, through the states "
    "in between: run all steps up to i again.",
)
def influence(f, h0, inputs, i):
    result, h = np.zeros(len(inputs)), h0
    for j, x in enumerate(inputs[:i]):
        result[j] = (f(h, x + 1e-5) - f(h, x)) / 1e-5
        h = f(h, x)
    return result


@influences.misconception(
    "ONLY_UP_TO_I",
    "One number per input is asked for, n in all: also the zeros of the inputs that come after state i.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = []
    for j in range(i):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result.append((state(moved) - state(inputs)) / 1e-5)
    return result


@influences.misconception(
    "REVERSED_ORDER",
    "Right numbers in reversed order: the first number belongs to the FIRST input.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = []
    for j in reversed(range(len(inputs))):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result.append((state(moved) - state(inputs)) / 1e-5)
    return result


@influences.misconception(
    "MUTATES_INPUT",
    "The array of inputs was changed, so the caller's numbers are no longer what they were. Perturb a copy.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        before = state(inputs)
        inputs[j] += 1e-5
        result[j] = (state(inputs) - before) / 1e-5
    return result


@influences.misconception(
    "PERTURBATIONS_PILE_UP",
    "The changes pile up: when input j was moved, the inputs before it were still moved too. "
    "Take a fresh copy for each input.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    moved, result = inputs.astype(float), np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved[j] += 1e-5
        result[j] = (state(moved) - state(inputs)) / 1e-5
    return result


@influences.misconception(
    "INTEGER_TRUNCATION",
    "With an integer array all influences are 0: adding 1e-5 to an integer entry is cut off at once. "
    "Perturb a float copy.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.copy()
        moved[j] += 1e-5
        result[j] = (state(moved) - state(inputs)) / 1e-5
    return result


@influences.misconception(
    "SIZE_FOR_SLOPE",
    "Your numbers have lost their signs. An influence can be negative: a larger input then gives a smaller state.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result[j] = abs(state(moved) - state(inputs)) / 1e-5
    return result


@influences.misconception(
    "STEP_TOO_SMALL",
    "Your change is so small that rounding errors show: a large state is stored with fewer digits after the "
    "point. Take a larger change.",
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1e-12
        result[j] = (state(moved) - state(inputs)) / 1e-12
    return result


@influences.misconception(
    "STEP_SIZE",
    "Close, but not to 1 in 1,000: your change is too large for a curved rule, or so small that rounding errors show. "
    "Section 3 names good sizes.",
    looseness=0.1,
)
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 0.1
        result[j] = (state(moved) - state(inputs)) / 0.1
    return result


@influences.accepts("forward differences, a large step")
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    steps = 1e-4 * np.eye(len(inputs))
    return [(state(inputs + step) - state(inputs)) / 1e-4 for step in steps]


@influences.accepts("central differences")
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        up, down = inputs.astype(float), inputs.astype(float)
        up[j] += 1e-5
        down[j] -= 1e-5
        result[j] = (state(up) - state(down)) / (up[j] - down[j])
    return result


@influences.accepts("backward differences, a small step")
def influence(f, h0, inputs, i):
    def states(xs):
        h, found = h0, []
        for x in xs:
            h = f(h, x)
            found.append(h)
        return found

    xs = list(map(float, inputs))
    here = states(xs)[i - 1]
    return tuple((here - states([*xs[:j], xs[j] - 1e-6, *xs[j + 1 :]])[i - 1]) / 1e-6 for j in range(len(xs)))


@influences.accepts("chain rule on differences of single steps")
def influence(f, h0, inputs, i):
    eps, h = 1e-5, h0
    result = np.zeros(len(inputs))
    for j, x in enumerate(inputs[:i]):
        through_state = (f(h + eps, x) - f(h - eps, x)) / (2 * eps)
        result[:j] *= through_state
        result[j] = (f(h, x + eps) - f(h, x - eps)) / (2 * eps)
        h = f(h, x)
    return result


@influences.accepts("only the steps from j on")
def influence(f, h0, inputs, i):
    result, h = np.zeros(len(inputs)), h0
    for j in range(i):
        up, down = f(h, inputs[j] + 1e-5), f(h, inputs[j] - 1e-5)
        for x in inputs[j + 1 : i]:
            up, down = f(up, x), f(down, x)
        result[j] = (up - down) / 2e-5
        h = f(h, inputs[j])
    return result


@influences.accepts("Richardson extrapolation")
def influence(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    def slope(unit, step):
        return (state(inputs + step * unit) - state(inputs - step * unit)) / (2 * step)

    return [(4 * slope(unit, 1e-4) - slope(unit, 2e-4)) / 3 for unit in np.eye(len(inputs))]
