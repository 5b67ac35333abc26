import numpy as np

from autograder.authoring import Function, Part, Stream, TaskSheet, case

from .inputs import LEAKY, RESET

TRIPLE = Function("lambda h, x: 3 * h - x")
TURN = Function("lambda h, x: np.array([0.5 * h[0] - h[1] + x[0], h[0] + 2 * x[1]])")
COUNT_AND_SUM = Function("lambda h, x: np.array([h[0] + 1, h[1] + x])")
LARGER = Function("lambda h, x: max(h, x)")

recurrence = TaskSheet(
    "run_recurrence",
    points=5,
    hidden="other functions f, states that are arrays, states and inputs equal to 0, one input, no input at all, "
    "30 inputs, live streams, how often f is called, when each input is read, and that h0 and inputs are unchanged",
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
        case("no input", TRIPLE, 7, [], public=True, part="edges"),
        case("one input", TRIPLE, -3, [5], part="edges"),
        case("one input, states are arrays", TURN, np.array([3.0, 0.5]), np.array([[1.0, -2.0]]), part="edges"),
        case("states of one number", LEAKY, np.array([4.0]), np.array([[1.0], [0.0], [-3.0]]), part="edges"),
        case("no input, h_0 = -2.5", LEAKY, -2.5, [], part="edges"),
        case("an empty stream", TRIPLE, 2, Stream(()), part="edges"),
        case("states equal to 0", RESET, 0, [4, -1, 0, 0, 6]),
        case("a state of 0 on the way", TRIPLE, 2, [6, 5, -15, 3]),
        case(
            "a state of zeros on the way",
            TURN,
            np.array([1.0, -1.0]),
            np.array([[-1.5, -0.5], [3.0, 1.0], [0.0, 2.0]]),
        ),
        case("start at 0", LEAKY, 0.0, [0.0, 0.0, 8.0]),
        case("the largest so far", LARGER, 3, [1, 5, 2, 5, 9, 0]),
        case("five inputs in an array", LEAKY, 0.25, np.array([4.0, 2.0, -1.0, 0.5, 3.0])),
        case("an integer start", LEAKY, 3, [1, 2, 0, 5]),
        case("integer arrays", COUNT_AND_SUM, np.array([0, 10]), np.array([3, -8, 5, 5])),
        case("30 inputs", LEAKY, 1.0, (np.arange(30) % 7) - 3.0),
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
        Part("values", 1.5),
        Part(
            "edges",
            0.5,
            "With one input, with none, or with states of one number it isn't right yet: n inputs give n states, each "
            "of the shape that f returns. Look at what comes back for `[5]` and for `[]`.",
            edge=True,
            excused_by="live streams",
        ),
        Part(
            "live streams",
            1,
            "With a live stream it isn't right yet. It has no len() and no [i], and each input can be read only once: "
            "try `iter([2, 6, -1])` as inputs.",
        ),
        Part(
            "one call per input",
            1,
            "The number of calls of f wasn't the number of inputs. Count them with a print in an f of your own.",
            aspect="calls",
            excused_by="live streams",
        ),
        Part(
            "read when due",
            0.5,
            "An input was read before the state before it had been computed. A live stream brings its next item only "
            "later: read one input, compute one state.",
            aspect="lazy",
        ),
        Part(
            "arguments unchanged",
            0.5,
            "h0 or inputs was changed. Whoever called you may go on with them: build new states in a new list.",
            aspect="unchanged",
        ),
    ],
)


@recurrence.wrong
def H0_INCLUDED(f, h0, inputs):
    """n+1 states came back for n inputs. h_0 is given, not computed: start the list with h_1."""
    states = [h0]
    for x in inputs:
        states.append(f(states[-1], x))
    return states


@recurrence.wrong
def ARGUMENTS_SWAPPED(f, h0, inputs):
    """Your numbers are those of f(input, state). The state is the FIRST argument: 0.5*h + x isn't 0.5*x + h."""
    states, h = [], h0
    for x in inputs:
        h = f(x, h)
        states.append(h)
    return states


@recurrence.wrong
def STARTS_FROM_H0(f, h0, inputs):
    """Every step starts from h_0 again, so no state knows of more than one input. Step i must start from the
    state that step i-1 returned."""
    return [f(h0, x) for x in inputs]


@recurrence.wrong
def ONLY_FINAL(f, h0, inputs):
    """Only the last state came back. All n states are asked for: collect each one as it is computed."""
    h = h0
    for x in inputs:
        h = f(h, x)
    return h


@recurrence.wrong
def SKIPS_FIRST(f, h0, inputs):
    """The first input was not processed: your first state already belongs to the second input."""
    states, h = [], h0
    for i, x in enumerate(inputs):
        if i > 0:
            h = f(h, x)
            states.append(h)
    return states


@recurrence.wrong
def STOPS_EARLY(f, h0, inputs):
    """One state is missing at the end: the last input was not processed. n inputs give n states."""
    states, h = [], h0
    for x in list(inputs)[:-1]:
        h = f(h, x)
        states.append(h)
    return states


@recurrence.wrong
def OFF_BY_ONE(f, h0, inputs):
    """Each state is one step too old: the list starts with h_0 and lacks the last one. Is the state stored
    before or after f was called?"""
    states, h = [], h0
    for x in inputs:
        states.append(h)
        h = f(h, x)
    return states


@recurrence.wrong
def REVERSED_ORDER(f, h0, inputs):
    """The inputs were processed last to first. h_1 is the state after the FIRST input."""
    states, h = [], h0
    for x in reversed(list(inputs)):
        h = f(h, x)
        states.append(h)
    return states


@recurrence.wrong
def RECOMPUTES_PREFIXES(f, h0, inputs):
    """Right values, but f was called n(n+1)/2 times for n inputs: each state was computed from h_0 again. Everything
    that step i needs is in the state before it; carry it on."""
    seen, states = [], []
    for x in inputs:
        seen.append(x)
        h = h0
        for old in seen:
            h = f(h, old)
        states.append(h)
    return states


@recurrence.wrong
def CALLS_TWICE(f, h0, inputs):
    """Right values, but f was called twice for each input. Give its result a name and use it twice."""
    states, h = [], h0
    for x in inputs:
        states.append(f(h, x))
        h = f(h, x)
    return states


@recurrence.wrong
def INDEXES_INPUT(f, h0, inputs):
    """Right for lists, but a live stream has no len() and no [i]. Use `for x in inputs`,
    which works for every iterable."""
    states, h = [], h0
    for i in range(len(inputs)):
        h = f(h, inputs[i])
        states.append(h)
    return states


@recurrence.wrong
def MATERIALISES_STREAM(f, h0, inputs):
    """Right values, but inputs were read before they were due; `list(inputs)`, for one, reads the whole stream before
    the first state is computed. A live stream brings its next item only later: read one input, compute one state."""
    states, h = [], h0
    for x in list(inputs):
        h = f(h, x)
        states.append(h)
    return states


@recurrence.wrong
def MUTATES_INPUT(f, h0, inputs):
    """The list of inputs was emptied while it was read, and the caller has lost it. `for x in
    inputs` leaves it as it is."""
    states, h = [], h0
    while len(inputs) > 0:
        h = f(h, inputs.pop(0))
        states.append(h)
    return states


@recurrence.wrong
def ALIASED_STATE(f, h0, inputs):
    """All states equal the last one: one array was appended n times and changed in place afterwards."""
    states, h = [], np.array(h0, dtype=float)
    for x in inputs:
        h[...] = f(h, x)
        states.append(h)
    return states


@recurrence.wrong
def ZERO_TAKEN_AS_UNSET(f, h0, inputs):
    """A state equal to 0 was taken as 'no state yet', and h_0 put in its place: 0 counts as false in `if h` and in
    `h or h0`. A state may be 0 at any step; keep it in a variable that always holds the newest one."""
    states = []
    for x in inputs:
        h = states[-1] if states and np.any(states[-1]) else h0
        states.append(f(h, x))
    return states


@recurrence.wrong
def ZERO_INPUT_SKIPPED(f, h0, inputs):
    """An input equal to 0 was left out, as if nothing had come: 0 counts as false in `if x`. It is an input like any
    other, and f has to be called for it."""
    states, h = [], h0
    for x in inputs:
        if np.any(x):
            h = f(h, x)
            states.append(h)
    return states


@recurrence.wrong
def ZERO_START_TAKEN_AS_UNSET(f, h0, inputs):
    """A start of 0 was taken as 'not given', and the first input put in its place: 0 counts as false in `if h0` and
    in `h0 or ...`. h_0 is always given, and it may be 0."""
    states, h = [], h0
    for x in inputs:
        h = f(h, x) if states or np.any(h0) else x
        states.append(h)
    return states


@recurrence.wrong
def KEPT_BETWEEN_CALLS(f, h0, inputs, states=[]):  # noqa: B006
    """States of an earlier call came back too: your list outlives the call, as one in the default arguments or outside
    of the function does. Make a new list inside of the function."""
    h = h0
    for x in inputs:
        h = f(h, x)
        states.append(h)
    return list(states)


@recurrence.wrong
def NOTHING_FOR_NO_INPUT(f, h0, inputs):
    """Without any input None came back. No inputs, no states: that is an empty list, with which a caller can go on
    as with any other."""
    states, h = [], h0
    for x in inputs:
        h = f(h, x)
        states.append(h)
    return states if states else None


@recurrence.wrong
def H0_FOR_NO_INPUT(f, h0, inputs):
    """Without any input h_0 came back. It is given, not computed: no inputs, no states, so the list is empty."""
    states, h = [], h0
    for x in inputs:
        h = f(h, x)
        states.append(h)
    return states if states else [h0]


@recurrence.wrong
def ZERO_STATE_REPLACED(f, h0, inputs):
    """Where the state was 0, the input itself became the new state, as if nothing had been read before. A state of 0 is
    a state like any other, also at the start: call f with it."""
    states, h = [], h0
    for x in inputs:
        h = f(h, x) if np.any(h) else x
        states.append(h)
    return states


@recurrence.wrong
def ZERO_ENDS_STREAM(f, h0, inputs):
    """The reading stopped at an input equal to 0 (and an array of several numbers has no truth value): `while x` asks
    whether x counts as true. Only the stream itself says when it ends: use `for x in inputs`."""
    stream, states, h = iter(inputs), [], h0
    x = next(stream, None)
    while x:
        h = f(h, x)
        states.append(h)
        x = next(stream, None)
    return states


@recurrence.wrong
def STARTS_AT_FIRST_INPUT(f, h0, inputs):
    """Your first state is the first input itself: h_0 was ignored. The first step is a step like every other one, from
    h_0. (`accumulate` and `reduce` begin so, unless they are given a start.)"""
    states = []
    for x in inputs:
        states.append(f(states[-1], x) if states else x)
    return states


@recurrence.wrong
def INTEGER_TRUNCATION(f, h0, inputs):
    """With an integer h_0 the states lose their fractions: an array with the type of h_0 holds integers only. It may
    be the one that holds the state, or the one that you return: print the dtype of both."""
    states, h = [], np.array(h0)
    for x in inputs:
        h[...] = f(h, x)
        states.append(h.copy())
    return states


@recurrence.wrong
def RULE_HARD_CODED(f, h0, inputs):
    """The rule of the worked example, h/2 + x, stands in your code, and f isn't called. Any rule may be handed in: let
    f(h, x) compute the new state."""
    states, h = [], h0
    for x in inputs:
        h = h / 2 + x
        states.append(h)
    return states


@recurrence.wrong
def STATES_FLATTENED(f, h0, inputs):
    """States that are arrays came back as one long row of numbers, so nobody can tell where one ends: np.append and
    extend take a state to pieces. Collect each state as it is, with `append` on a list."""
    states, h = [], h0
    for x in inputs:
        h = f(h, x)
        states.extend(np.ravel(h))
    return states


@recurrence.wrong
def FIRST_STATE_MISSING(f, h0, inputs):
    """One state is missing at the start: the list begins with h_2. Store a state after each input, the first one,
    too."""
    states, h = [], h0
    for i, x in enumerate(inputs):
        h = f(h, x)
        if i > 0:
            states.append(h)
    return states


@recurrence.wrong
def ADDED_TO_STATE(f, h0, inputs):
    """What f returned was added to the old state. It is the new state itself, and takes the place of the old one."""
    states, h = [], h0
    for x in inputs:
        h = h + f(h, x)
        states.append(h)
    return states


@recurrence.wrong
def MUTATES_START(f, h0, inputs):
    """h0 was changed in place: the new states were written into the array that the caller handed in. Give the new state
    a name, as in `h = f(h, x)`, and leave h0 alone."""
    states, h = [], h0
    for x in inputs:
        new = f(h, x)
        if isinstance(h, np.ndarray) and h.dtype == float:
            h[...] = new
        else:
            h = new
        states.append(new)
    return states


@recurrence.wrong
def TRUTH_OF_AN_ARRAY(f, h0, inputs):
    """Right for lists, but `if not inputs` stops at an array of several numbers, which is neither true nor false. No
    test is needed: over no inputs, a `for` loop makes no step."""
    if not inputs:
        return []
    states, h = [], h0
    for x in inputs:
        h = f(h, x)
        states.append(h)
    return states


@recurrence.wrong
def FIRST_INPUT_TAKEN_FOR_GRANTED(f, h0, inputs):
    """Right but for an empty stream: `next` asks for a first input there, and raises StopIteration. A `for` loop over
    the whole stream makes no step if there is nothing."""
    stream = iter(inputs)
    states = [f(h0, next(stream))]
    for x in stream:
        states.append(f(states[-1], x))
    return states


@recurrence.right
def generator(f, h0, inputs):
    h = h0
    for x in inputs:
        h = f(h, x)
        yield h


@recurrence.right
def itertools_accumulate(f, h0, inputs):
    from itertools import accumulate

    states = accumulate(inputs, f, initial=h0)
    next(states)
    return list(states)


@recurrence.right
def growing_tuple(f, h0, inputs):
    states = ()
    for x in inputs:
        states += (f(states[-1] if states else h0, x),)
    return states


@recurrence.right
def as_array(f, h0, inputs):
    states = [h0]
    for x in inputs:
        states.append(f(states[-1], x))
    return np.array(states[1:])


@recurrence.right
def next_until_stop_iteration(f, h0, inputs):
    stream, states, h = iter(inputs), [], h0
    while True:
        try:
            x = next(stream)
        except StopIteration:
            return states
        h = f(h, x)
        states.append(h)


@recurrence.right
def assignment_in_comprehension(f, h0, inputs):
    h = h0
    return [h := f(h, x) for x in inputs]


@recurrence.right
def copied_states(f, h0, inputs):
    import copy

    states, h = [], copy.copy(h0)
    for x in inputs:
        h = f(h, x)
        states.append(copy.copy(h))
    return states
