import numpy as np

from autograder.authoring import Function, Part, TaskSheet, Tolerance, case

from .inputs import LEAKY, RESET

BOUNCE = Function("lambda h, x: 2 * x - 0.5 * h")
SQUASH = Function("lambda h, x: np.tanh(0.9 * h + x)")
MIX = Function("lambda h, x: 0.8 * h + np.sin(x) + 0.1 * h * x")
STEEP = Function("lambda h, x: 1.7 * h + 2.3 * x")
FIVE = np.array([0.5, -0.3, 0.0, 0.8, -0.6])

influences = TaskSheet(
    "influence",
    points=5,
    hidden="other functions f, h_0 equal to 0 or not, i = 1 and i = n, a single input, inputs equal to 0, "
    "states equal to 0, integer inputs, inputs of several hundred, and that inputs is unchanged",
    uses=("run_recurrence",),
    tolerance=Tolerance(1e-3, "values"),
    cases=[
        case("h_3 of five inputs", SQUASH, 0.4, FIVE, 3, public=True),
        case("h_2 of four inputs", BOUNCE, 1.0, np.array([2.0, -1.0, 0.0, 3.0]), 2, public=True),
        case("h_1", MIX, -0.7, np.array([0.3, 1.2, -0.4]), 1),
        case("the last state", MIX, 0.9, np.array([0.7, 0.0, -1.1, 0.4]), 4),
        case("a growing state", STEEP, 0.5, np.array([0.2, -1.3, 0.7, 2.1]), 4, public=True),
        case("from h_0 = 0", SQUASH, 0.0, np.array([0.2, 0.9, -0.7, 0.1]), 3),
        case("one input", SQUASH, -0.5, np.array([0.25]), 1, public=True, part="edges"),
        case("one input equal to 0", MIX, 2.0, np.array([0.0]), 1, part="edges"),
        case("a state of 0 on the way", LEAKY, 2.0, np.array([-1.0, 3.0, 0.5]), 3),
        case("a reset", RESET, 2.0, np.array([1.5, 0.0, -2.0, 3.0, 0.5]), 4),
        case("large inputs", LEAKY, -300.0, np.array([100.0, -250.0, 400.0]), 3),
        case("integer inputs", RESET, 3, np.array([2, 1, -3, 2]), 3, part="integers"),
        case("integer inputs with zeros", MIX, 1, np.array([0, 2, -1, 0, 1]), 4, part="integers"),
    ],
    parts=[
        Part("values", 3),
        Part(
            "edges",
            0.5,
            "With a single input it isn't right yet. One number per input is asked for, also when there is one input "
            "only: look at what comes back for `np.array([0.5])`, and at its shape.",
            edge=True,
        ),
        Part(
            "integers",
            1,
            "With an array of integers it isn't right yet. Try `np.array([1, 2])` and `np.array([1.0, 2.0])`, and "
            "print the inputs that your runs really get.",
            excused_by="inputs unchanged",
        ),
        Part(
            "inputs unchanged",
            0.5,
            "The array of inputs was changed, so the caller's numbers are no longer what they were. Move an input in "
            "a copy.",
            aspect="unchanged",
        ),
    ],
)


@influences.wrong
def OFF_BY_ONE(f, h0, inputs, i):
    """h_1 is the state after the FIRST input, but you took the state one step later than h_i. In a list that
    starts with h_1, where is h_i?"""

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


@influences.wrong
def STOPS_EARLY(f, h0, inputs, i):
    """These are the influences on the state one step before h_i: input i has not been processed yet."""

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


@influences.wrong
def H0_IGNORED(f, h0, inputs, i):
    """The start state h_0 was not used: your runs start from 0."""

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


@influences.wrong(looseness=0.995)
def NOT_DIVIDED(f, h0, inputs, i):
    """A difference of two states came back; its size depends on how far you moved the input. Divide it
    by the change of the input."""

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


@influences.wrong
def RELATIVE_STEP(f, h0, inputs, i):
    """An input equal to 0 was not moved at all: a step that is a fraction of the input is 0 there. Move every
    input by the same small amount."""

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


@influences.wrong
def ALWAYS_LAST(f, h0, inputs, i):
    """These are the influences on the last state h_n. State i was asked for: stop after input i."""

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


@influences.wrong
def DIRECT_EFFECT_ONLY(f, h0, inputs, i):
    """These are the effects of each input on its own step only. Earlier inputs act on h_i too, through the states in
    between: run all steps up to i again."""
    result, h = np.zeros(len(inputs)), h0
    for j, x in enumerate(inputs[:i]):
        result[j] = (f(h, x + 1e-5) - f(h, x)) / 1e-5
        h = f(h, x)
    return result


@influences.wrong
def ONLY_UP_TO_I(f, h0, inputs, i):
    """One number per input is asked for, n in all: also the zeros of the inputs that come after state i."""

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


@influences.wrong
def REVERSED_ORDER(f, h0, inputs, i):
    """Right numbers in reversed order: the first number belongs to the FIRST input."""

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


@influences.wrong
def MUTATES_INPUT(f, h0, inputs, i):
    """The array of inputs was changed, so the caller's numbers are no longer what they were. Perturb a copy."""

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


@influences.wrong
def PERTURBATIONS_PILE_UP(f, h0, inputs, i):
    """The changes pile up: when input j was moved, the inputs before it were still moved too. Take
    a fresh copy for each input."""

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


@influences.wrong
def INTEGER_TRUNCATION(f, h0, inputs, i):
    """With an integer array these aren't the influences: an integer entry can't be moved by a fraction, which is cut
    off at once. Perturb a float copy."""

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


@influences.wrong
def SIZE_FOR_SLOPE(f, h0, inputs, i):
    """Your numbers have lost their signs. An influence can be negative: a larger input then gives a smaller state."""

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


@influences.wrong
def STEP_TOO_SMALL(f, h0, inputs, i):
    """Your change is so small that rounding errors show: a large state is stored with fewer digits after the
    point. Take a larger change."""

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


@influences.wrong(looseness=0.15)
def STEP_SIZE(f, h0, inputs, i):
    """Close, but not to 1 in 1,000: your change is too large for a curved rule, or so small that rounding errors show,
    or numbers were kept in float32 or rounded. Section 3 names good sizes."""

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


@influences.wrong
def ONLY_NEWEST(f, h0, inputs, i):
    """Only input i has an influence here. The inputs before it act on h_i too, through the states in between: move each
    of them, and run all steps up to i again."""
    result, h = np.zeros(len(inputs)), h0
    for x in inputs[: i - 1]:
        h = f(h, x)
    result[i - 1] = (f(h, inputs[i - 1] + 1e-5) - f(h, inputs[i - 1])) / 1e-5
    return result


@influences.wrong
def NEWEST_LEFT_OUT(f, h0, inputs, i):
    """The influence of x_i itself is 0 here. h_i is the state after input i, so x_i acts on it; the zeros begin with
    input i+1."""

    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(i - 1):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result[j] = (state(moved) - state(inputs)) / 1e-5
    return result


@influences.wrong
def STEP_OF_ONE(f, h0, inputs, i):
    """An input was moved by 1. That is far too much for a curved rule: halve the change, and the ratio is another one.
    Section 3 names good sizes."""

    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1
        result[j] = state(moved) - state(inputs)
    return result


@influences.wrong
def NORMALISED(f, h0, inputs, i):
    """You divided by the sum of the influences. They are no shares and need not sum to 1: leave them as they were
    measured."""

    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result[j] = (state(moved) - state(inputs)) / 1e-5
    return result / np.sum(result)


@influences.wrong
def START_MOVED(f, h0, inputs, i):
    """These are influences of the start h_0: every number is the same. Move the input x_j, and leave h_0 as it is."""

    def state(h):
        for x in inputs[:i]:
            h = f(h, x)
        return h

    return [(state(h0 + 1e-5) - state(h0)) / 1e-5 if j < i else 0.0 for j in range(len(inputs))]


@influences.wrong
def RULE_HARD_CODED(f, h0, inputs, i):
    """These are the influences for the rule h/2 + x of the example, whatever f is. Any rule may be handed in: find out
    by calling f."""
    return [0.5 ** (i - j) if j <= i else 0.0 for j in range(1, len(inputs) + 1)]


@influences.wrong
def INPUT_STEP_MISSING(f, h0, inputs, i):
    """Your chain of derivatives lacks the step at which x_j comes in: there the derivative by the input belongs, after
    it those by the state."""
    result, h = np.zeros(len(inputs)), h0
    for j, x in enumerate(inputs[:i]):
        result[:j] *= (f(h + 1e-5, x) - f(h - 1e-5, x)) / 2e-5
        result[j] = 1.0
        h = f(h, x)
    return result


@influences.wrong
def STATE_FACTOR_TOO_MANY(f, h0, inputs, i):
    """Your chain of derivatives is one factor too long: at the step where x_j comes in, only the derivative by the
    input counts. The state factors begin with step j+1."""
    result, h = np.zeros(len(inputs)), h0
    for j, x in enumerate(inputs[:i]):
        result[j] = (f(h, x + 1e-5) - f(h, x - 1e-5)) / 2e-5
        result[: j + 1] *= (f(h + 1e-5, x) - f(h - 1e-5, x)) / 2e-5
        h = f(h, x)
    return result


@influences.wrong
def DERIVED_AFTER_THE_STEP(f, h0, inputs, i):
    """Your derivatives of a step are taken at the state after it. Step j starts from h_(j-1): there they belong."""
    result, h = np.zeros(len(inputs)), h0
    for j, x in enumerate(inputs[:i]):
        h = f(h, x)
        result[:j] *= (f(h + 1e-5, x) - f(h - 1e-5, x)) / 2e-5
        result[j] = (f(h, x + 1e-5) - f(h, x - 1e-5)) / 2e-5
    return result


@influences.wrong
def ONE_FACTOR_FOR_ALL(f, h0, inputs, i):
    """What a step does to the state was measured once, and used for all steps. It may be another factor at each step:
    measure it at the state and the input of every step."""
    x, eps = inputs[0] * 1.0, 1e-5
    through_state = (f(h0 + eps, x) - f(h0 - eps, x)) / (2 * eps)
    through_input = (f(h0, x + eps) - f(h0, x - eps)) / (2 * eps)
    return [through_input * through_state ** (i - j) if j <= i else 0.0 for j in range(1, len(inputs) + 1)]


@influences.wrong
def INPUT_SET_TO_ZERO(f, h0, inputs, i):
    """Each input was moved all the way to 0. That is far too much for a curved rule, and no change at
    all for an input of 0: move each input by the same small amount."""

    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        without = inputs.astype(float)
        without[j] = 0
        result[j] = np.float64(state(inputs) - state(without)) / inputs[j]
    return result


@influences.wrong
def MUTATES_INPUT_BY_LESS(f, h0, inputs, i):
    """The change was made in the array of inputs itself: one of floats isn't the caller's any more, and one of
    integers can't take so small a change at all. Move an input in a copy that holds floats."""

    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    result = np.zeros(len(inputs))
    for j in range(len(inputs)):
        before = state(inputs)
        inputs[j] += 1e-6
        result[j] = (state(inputs) - before) / 1e-6
    return result


@influences.right
def forward_differences_large_step(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    steps = 1e-4 * np.eye(len(inputs))
    return [(state(inputs + step) - state(inputs)) / 1e-4 for step in steps]


@influences.right
def own_run_recurrence(f, h0, inputs, i):
    base = run_recurrence(f, h0, inputs)[i - 1]
    result = []
    for j in range(len(inputs)):
        moved = inputs.astype(float)
        moved[j] += 1e-5
        result.append((run_recurrence(f, h0, moved)[i - 1] - base) / 1e-5)
    return result


@influences.right
def central_differences(f, h0, inputs, i):
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


@influences.right
def backward_differences_small_step(f, h0, inputs, i):
    def states(xs):
        h, found = h0, []
        for x in xs:
            h = f(h, x)
            found.append(h)
        return found

    xs = list(map(float, inputs))
    here = states(xs)[i - 1]
    return tuple((here - states([*xs[:j], xs[j] - 1e-6, *xs[j + 1 :]])[i - 1]) / 1e-6 for j in range(len(xs)))


@influences.right
def chain_rule_on_single_steps(f, h0, inputs, i):
    eps, h = 1e-5, h0
    result = np.zeros(len(inputs))
    for j, x in enumerate(inputs[:i]):
        through_state = (f(h + eps, x) - f(h - eps, x)) / (2 * eps)
        result[:j] *= through_state
        result[j] = (f(h, x + eps) - f(h, x - eps)) / (2 * eps)
        h = f(h, x)
    return result


@influences.right
def only_steps_from_j_on(f, h0, inputs, i):
    result, h = np.zeros(len(inputs)), h0
    for j in range(i):
        up, down = f(h, inputs[j] + 1e-5), f(h, inputs[j] - 1e-5)
        for x in inputs[j + 1 : i]:
            up, down = f(up, x), f(down, x)
        result[j] = (up - down) / 2e-5
        h = f(h, inputs[j])
    return result


@influences.right
def richardson_extrapolation(f, h0, inputs, i):
    def state(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    def slope(unit, step):
        return (state(inputs + step * unit) - state(inputs - step * unit)) / (2 * step)

    return [(4 * slope(unit, 1e-4) - slope(unit, 2e-4)) / 3 for unit in np.eye(len(inputs))]
