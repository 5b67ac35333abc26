import numpy as np

from autograder.authoring import Part, TaskSheet, case, dialogue


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
    hidden="resets (a = 0), steps that change nothing, negative and whole numbers, many decimals, and combining pairs "
    "that your own function returned",
    cases=[
        case("two steps", (0.57, 4.13), (7.31, -2.75), public=True),
        case("two steps, a negative", (-2.23, 1.57), (1.75, 6.04), public=True),
        case("the second step resets", (5.0, 7.0), (0.0, 2.0)),
        case("the first step resets", (0.0, 3.0), (4.0, -1.0)),
        case("the first step resets, then a fraction", (0.0, -2.6), (0.7, 3.4)),
        case("the first step changes nothing", (1.0, 0.0), (-0.5, 8.0)),
        case("the second step changes nothing", (-0.5, 8.0), (1.0, 0.0)),
        case("whole numbers", (3, -4), (-2, 5)),
        case("a shift, then another", (1.0, 2.5), (1.0, -4.0)),
        case("a shift after a step", (0.6, -3.5), (1.0, 2.25)),
        case("many decimals", (0.123456789, -1.987654321), (-0.314159265, 0.271828182)),
        dialogue("three steps, grouped both ways", _three_steps, part="more than two"),
        dialogue("eight steps", _eight_steps, part="more than two"),
    ],
    parts=[
        Part("values", 1.5),
        Part(
            "more than two",
            0.5,
            "With pairs that combine itself returned the result isn't right yet. Give it one of its own results: is "
            "that a step like any other?",
        ),
    ],
)


@pairs.wrong
def COMPOSED_BACKWARDS(e1, e2):
    """That applies e2 first. Write h1 = a1*h + b1, put it into step 2, and see which multiplier meets b1."""
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a1 * b2 + b1


@pairs.wrong
def PASSES_UNSCALED(e1, e2):
    """b1 and b2 were added as they are. What step 1 added is part of the state that step 2 multiplies."""
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, b1 + b2


@pairs.wrong
def MULTIPLIERS_SUMMED(e1, e2):
    """The multipliers were added. Doubling and then tripling makes six times as much, not five times."""
    (a1, b1), (a2, b2) = e1, e2
    return a1 + a2, a2 * b1 + b2


@pairs.wrong
def OWN_MULTIPLIER_TWICE(e1, e2):
    """b1 was multiplied by a1, the multiplier of its own step. b1 comes in after that: which step does it still go
    through?"""
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a1 * b1 + b2


@pairs.wrong
def ONLY_LAST_MULTIPLIER(e1, e2):
    """The multiplier is that of step 2 alone. The start state goes through both steps: try e2 = (1, 0), which changes
    nothing."""
    (_, b1), (a2, b2) = e1, e2
    return a2, a2 * b1 + b2


@pairs.wrong
def ADDED_PARTS_MULTIPLIED(e1, e2):
    """b1 was multiplied by b2. Put a1*h + b1 into the second step and multiply out: no term holds both."""
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, b1 * b2


@pairs.wrong
def INPUT_SCALED_TOO(e1, e2):
    """b2 was multiplied by a2 as well. Step 2 multiplies the state it finds, and only then adds b2: try e1 = (1, 0),
    which changes nothing."""
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a2 * (b1 + b2)


@pairs.wrong
def START_FACTOR_ON_B(e1, e2):
    """b1 got the factor a1*a2. That is the factor of the start state; b1 comes in after step 1's multiplication: which
    multiplier does it still meet?"""
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a1 * a2 * b1 + b2


@pairs.wrong
def B2_FORGOTTEN(e1, e2):
    """b2 isn't in the result: only b1, multiplied by a2. Step 2 adds something as well: try e1 = (1, 0), which changes
    nothing."""
    (a1, b1), (a2, _) = e1, e2
    return a1 * a2, a2 * b1


@pairs.wrong
def B1_FORGOTTEN(e1, e2):
    """b1 isn't in the result: what is added is b2 alone. What step 1 added goes through step 2: try e2 = (1, 0), which
    changes nothing."""
    (a1, _), (a2, b2) = e1, e2
    return a1 * a2, b2


@pairs.wrong
def FIRST_STEP_TWICE(e1, e2):
    """Step 1 came twice, and step 2 not at all. From which of the two pairs do your a2 and b2 come?"""
    (a1, b1), (a2, b2) = e1, e1
    return a1 * a2, a2 * b1 + b2


@pairs.wrong
def SECOND_STEP_TWICE(e1, e2):
    """Step 2 came twice, and step 1 not at all. From which of the two pairs do your a1 and b1 come?"""
    (a1, b1), (a2, b2) = e2, e2
    return a1 * a2, a2 * b1 + b2


@pairs.wrong
def BOTH_FROM_ONE(e1, e2):
    """The added part is what both steps make of h = 1, so that the multiplier is in it once more. What do they make of
    h = 0?"""
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a2 * (a1 + b1) + b2


@pairs.wrong
def MULTIPLIED_LIKE_POLYNOMIALS(e1, e2):
    """The two steps were multiplied with each other, term by term. One is put into the other: write h1 = a1*h + b1 in
    place of the h of step 2."""
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a1 * b2 + a2 * b1 + b1 * b2


@pairs.wrong
def BOTH_CROSSED(e1, e2):
    """Each b was multiplied by the other step's a. b1 comes in before step 2 and goes through it: does b2 still go
    through step 1?"""
    (a1, b1), (a2, b2) = e1, e2
    return a1 * a2, a1 * b2 + a2 * b1


@pairs.wrong
def ONE_MEANS_NOTHING(e1, e2):
    """A step with a = 1 was left out, but it changes something: it still adds its b. Put h = 7 into (1, 2.5) by hand:
    what comes out?"""
    (a1, b1), (a2, b2) = e1, e2
    if a1 == 1:
        return e2
    return e1 if a2 == 1 else (a1 * a2, a2 * b1 + b2)


@pairs.wrong
def PAIR_REVERSED(e1, e2):
    """Right numbers, but the pair is the wrong way round: the multiplier comes first, then what is added. Combine your
    result with a third step to see why it matters."""
    (a1, b1), (a2, b2) = e1, e2
    return a2 * b1 + b2, a1 * a2


@pairs.wrong
def ONLY_THE_END(e1, e2):
    """One number came back: the state after both steps when the start is 0. A step is asked for, a pair (a, b)."""
    return e2[0] * e1[1] + e2[1]


@pairs.wrong
def PAIRS_READ_AS_B_A(e1, e2):
    """The two numbers of each pair were read in the wrong order: a pair is (a, b), the multiplier first. Print what
    your four names hold for the visible case."""
    (b1, a1), (b2, a2) = e1, e2
    return a1 * a2, a2 * b1 + b2


@pairs.wrong
def RESET_HIDES_FIRST_STEP(e1, e2):
    """Right but where step 1 resets (a1 = 0): there step 2 alone came back. b1 is still added after the reset: what
    does step 2 make of it?"""
    (a1, b1), (a2, b2) = e1, e2
    return (a1 * a2, a2 * b1 + b2) if a1 else (a2, b2)


@pairs.wrong
def SHIFT_TAKEN_FOR_NOTHING(e1, e2):
    """Right but where a2 = 1: there step 1 alone came back. A step with the multiplier 1 still adds b2: only (1, 0)
    changes nothing."""
    (a1, b1), (a2, b2) = e1, e2
    return (a1 * a2, a2 * b1 + b2) if a2 != 1 else (a1, b1)


@pairs.right
def by_index(e1, e2):
    return (e1[0] * e2[0], e2[0] * e1[1] + e2[1])


@pairs.right
def as_list(e1, e2):
    (a1, b1), (a2, b2) = e1, e2
    return [a2 * a1, b2 + b1 * a2]


@pairs.right
def two_by_two_matrices(e1, e2):
    first = np.array([[e1[0], e1[1]], [0.0, 1.0]])
    then = np.array([[e2[0], e2[1]], [0.0, 1.0]])
    return (then @ first)[0]


@pairs.right
def both_steps_tried_on_0_and_1(e1, e2):
    def both(h):
        return e2[0] * (e1[0] * h + e1[1]) + e2[1]

    return both(1) - both(0), both(0)


@pairs.right
def step_2_applied_to_a_pair(e1, e2):
    return e2[0] * np.array(e1) + np.array([0.0, e2[1]])
