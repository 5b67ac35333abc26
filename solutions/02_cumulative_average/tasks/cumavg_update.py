import numpy as np

from autograder.authoring import Part, TaskSheet, case

MEM, NEW = np.array([2.0, -1.0, 0.5]), np.array([10.0, 3.0, -4.0])

one_step = TaskSheet(
    "cumavg_update",
    points=3,
    hidden="other i, large i, i = 0 with something left over in mem, integer arrays (also with a mean that is a "
    "fraction), zeros, one feature, and that mem and x are unchanged",
    cases=[
        case("i = 3", MEM, NEW, 3, public=True),
        case("i = 1", np.array([5.0, 0.0]), np.array([2.0, 7.0]), 1, public=True),
        case("i = 2, one feature", np.array([4.5]), np.array([-3.0]), 2, public=True, part="edges"),
        case("i = 7, one feature", np.array([-2.0]), np.array([0.0]), 7, part="edges"),
        case("i = 1,999", np.array([10.0, -3.0]), np.array([-90.0, 5.0]), 1_999),
        case("integer arrays", np.array([4, -7, 1]), np.array([1, 2, 9]), 4, part="integers"),
        case("zeros in mem and x", np.array([0.0, 3.0, 0.0]), np.array([5.0, 0.0, 0.0]), 6),
        case("a mean of 0", np.array([0.0, 0.0]), np.array([10.0, -5.0]), 4),
        case("an input of 0", np.array([6.0, -3.0]), np.array([0.0, 0.0]), 2),
        case("i = 0", np.array([0.0, 0.0]), np.array([3.0, -8.0]), 0, public=True, part="first input"),
        case("i = 0, mem left over", np.array([123.0, -55.0]), np.array([3.5, 0.0]), 0, part="first input"),
        case("integer arrays, i = 1", np.array([7, 0]), np.array([0, -3]), 1, part="integers"),
    ],
    parts=[
        Part("values", 1),
        Part(
            "first input",
            0.5,
            "At i = 0 it isn't right yet: the result must be x, whatever numbers mem holds. Put i = 0 into your "
            "formula.",
            edge=True,
        ),
        Part(
            "edges",
            0.5,
            "With a single feature it isn't right yet: mem, x and the result then have the shape (1,). Print what "
            "comes back, and its shape.",
            edge=True,
        ),
        Part(
            "integers",
            0.5,
            "With integer arrays it isn't right yet. Compare what comes back for `np.array([1])`, `np.array([2])` and "
            "i = 1 with the same numbers as floats.",
            excused_by="arguments unchanged",
        ),
        Part(
            "arguments unchanged",
            0.5,
            "mem or x was changed. Other code may still hold that array: return a new one.",
            aspect="unchanged",
        ),
    ],
)


@one_step.wrong
def OFF_BY_ONE(mem, x, i):
    """This is the update for an index that starts at 1. Here i counts from 0, so x_i is the (i+1)-th input. Try i = 1:
    how many inputs does mem stand for then?"""
    return mem + (x - mem) / i if i > 0 else x


@one_step.wrong
def DIVISOR_TOO_SMALL(mem, x, i):
    """The sum is right, the divisor i is one too small: it counts the inputs before x_i, but not x_i itself."""
    return (x + i * mem) / i if i > 0 else x


@one_step.wrong
def FACTOR_FORGOTTEN(mem, x, i):
    """mem was added as if it were one input. It is the mean of i inputs: turn it back into their sum first."""
    return (x + mem) / (i + 1)


@one_step.wrong
def FACTOR_TOO_LARGE(mem, x, i):
    """mem was weighted with i+1, but it holds only i inputs when x_i arrives. Do the two
    weights add up to your divisor?"""
    return (x + (i + 1) * mem) / (i + 1)


@one_step.wrong
def DIVISOR_TOO_LARGE(mem, x, i):
    """Off by one: you divided by i+2. After x_i there are i+1 inputs; try i = 0, where the result must be x_0."""
    return (x + i * mem) / (i + 2)


@one_step.wrong
def COUNTS_ONE_TOO_MANY(mem, x, i):
    """mem still has a share at i = 0, where no input came before: both its weight and the divisor are one too large."""
    return (x + (i + 1) * mem) / (i + 2)


@one_step.wrong
def HALF_AND_HALF(mem, x, i):
    """Half and half, whatever i is: that gives recent inputs more weight. The share of x_i must be 1/(i+1)."""
    return (mem + x) / 2


@one_step.wrong
def ROLES_SWAPPED(mem, x, i):
    """mem and x have exchanged roles: the new input got the weight of all the old ones. Try i
    = 9: who should weigh more?"""
    return (mem + i * x) / (i + 1)


@one_step.wrong
def INTEGER_DIVISION(mem, x, i):
    """The fractions are cut off, for floats too: `//` rounds down, and so does a floor. Use `/`."""
    return (x + i * mem) // (i + 1)


@one_step.wrong
def INTEGER_TRUNCATION(mem, x, i):
    """Right for floats, but with integer arrays the fractions are cut off. Look at the dtype
    of the array you write into."""
    result = np.empty_like(mem)
    result[:] = (x + i * mem) / (i + 1)
    return result


@one_step.wrong
def SUM_FOR_MEAN(mem, x, i):
    """The division is missing: this is the sum of all inputs so far, which grows without bound. A mean is asked for."""
    return x + i * mem


@one_step.wrong
def ADDED_TO_MEAN(mem, x, i):
    """x was simply added to the mean. If x equals the mean, nothing should change: try mem = x = 5."""
    return mem + x


@one_step.wrong
def MUTATES_INPUT(mem, x, i):
    """mem or x was changed in place (`mem *= i`, `mem += ...`). Other code may still hold
    that array: return a new one."""
    mem *= i
    mem += x
    return mem / (i + 1)


@one_step.wrong
def MUTATES_MEM(mem, x, i):
    """An argument was changed in place, as by `mem += ...`: other code may still hold that array, and an array of
    integers can't take a fraction. Compute a new array and return it."""
    mem += (x - mem) / (i + 1)
    return mem


@one_step.wrong
def PRECEDENCE(mem, x, i):
    """Only a part is divided by i+1: brackets are missing. In (x_i + i*Mem)/(i+1) they stand round x_i + i*Mem; if you
    move mem towards x_i, round x_i - Mem."""
    return x + i * mem / (i + 1)


@one_step.wrong
def PRECEDENCE_IN_DIVISOR(mem, x, i):
    """You divided by i and then added 1: put brackets round x_i + i*Mem and round i+1."""
    return (x + i * mem) / np.float64(i) + 1


@one_step.wrong
def FIRST_KEEPS_OLD(mem, x, i):
    """At i = 0 your result is the old mem. No input came before x_0, so the result must be x_0, whatever mem held."""
    if i == 0:
        return mem.copy()
    return (x + i * mem) / (i + 1)


@one_step.wrong
def FIRST_MIXED(mem, x, i):
    """At i = 0 mem was mixed in. No input came before x_0: the factor on mem must then be 0."""
    return (x + max(i, 1) * mem) / (max(i, 1) + 1)


@one_step.wrong
def ZERO_TAKEN_AS_UNSET(mem, x, i):
    """A mean of 0 was taken as 'no mean yet', and x put in its place. A mean may be 0 after many inputs: only i says
    whether there were any."""
    if not np.any(mem):
        return x.copy()
    return (x + i * mem) / (i + 1)


@one_step.wrong
def ZERO_INPUT_SKIPPED(mem, x, i):
    """An input of zeros was taken as no input, and mem came back as it was. It is an input like any other, and draws
    the mean towards 0."""
    if not np.any(x) and i > 0:
        return mem.copy()
    return (x + i * mem) / (i + 1)


@one_step.wrong
def HALF_AND_HALF_AFTER_FIRST(mem, x, i):
    """Right for i = 0 and 1, then old mean and new input are still mixed half and half. The mean stands for i inputs, x
    for one: weigh them so."""
    return x * 1.0 if i == 0 else (mem + x) / 2


@one_step.wrong
def PRECEDENCE_OF_X(mem, x, i):
    """Only x was divided by i+1: put brackets round x_i + i*Mem, so that the whole sum is divided."""
    return i * mem + x / (i + 1)


@one_step.wrong
def SECOND_TAKEN_AS_FIRST(mem, x, i):
    """At i = 1 your result is x alone. i counts from 0: at i = 1 one input came before, and mem holds it."""
    return x * 1.0 if i <= 1 else (x + i * mem) / (i + 1)


@one_step.wrong
def FEATURES_MIXED(mem, x, i):
    """The features of x were averaged before they went in. Each feature has a mean of its own: leave x as it is."""
    return (np.mean(x) + i * mem) / (i + 1)


@one_step.wrong
def NOT_ADDED(mem, x, i):
    """Two rows came back: the share of the old mean, and that of the new input. The new mean is their sum, one row."""
    return np.array([i * mem / (i + 1), x / (i + 1)])


@one_step.wrong
def MUTATES_X(mem, x, i):
    """An argument was changed in place: whoever called still needs it, and an array of integers can't take a
    fraction. Print mem and x before and after a call."""
    x += i * mem
    return x / (i + 1)


@one_step.wrong
def STEPS_AWAY(mem, x, i):
    """The mean moves away from the new input: the sign of the step is turned round. From mem towards x is x - mem."""
    return mem - (x - mem) / (i + 1)


@one_step.wrong
def MEAN_TAKEN_FOR_SUM(mem, x, i):
    """Right at i = 0, but then mem was added as if it were the sum of the earlier inputs. It is their mean: turn it
    back into their sum first."""
    return (mem + x) / (i + 1) if i else x * 1.0


@one_step.wrong
def OLD_MEAN_FORGOTTEN(mem, x, i):
    """mem has no effect: only the share of x_i came back. Which share of the old mean stays?"""
    return x / (i + 1)


@one_step.wrong
def FIXED_STEP(mem, x, i):
    """After the first input the mean always goes one tenth of the way to x_i. The part must shrink as i grows: which
    part is x_i of i+1 inputs?"""
    return mem + 0.1 * (x - mem) if i else x * 1.0


@one_step.wrong
def NEVER_MOVES(mem, x, i):
    """After the first input the mean never moves: the share of x_i comes out as 0. With `//` a share below 1 is 0; use
    `/`."""
    return mem * 1.0 if i else x * 1.0


@one_step.wrong(looseness=1e-5)
def FLOAT32_PRECISION(mem, x, i):
    """Nearly right, but not as exact as the task asks: is a float32 used, something rounded, or something small added
    or left out? Keep float64, numpy's default."""
    return ((x.astype(np.float32) + np.float32(i) * mem.astype(np.float32)) / np.float32(i + 1)).astype(np.float32)


@one_step.right
def step_towards_x(mem, x, i):
    return mem + (x - mem) / (i + 1)


@one_step.right
def two_shares(mem, x, i):
    share = 1 / (i + 1)
    return (1 - share) * mem + share * x


@one_step.right
def first_input_by_itself(mem, x, i):
    if i == 0:
        return x
    return mem * (i / (i + 1)) + x / (i + 1)


@one_step.right
def np_average(mem, x, i):
    return np.average([mem, x], axis=0, weights=[i, 1])


@one_step.right
def number_by_number(mem, x, i):
    return [(new + i * old) / (i + 1) for old, new in zip(mem, x, strict=True)]


@one_step.right
def in_place_on_a_copy(mem, x, i):
    result = mem.astype(float)
    result *= i
    result += x
    result /= i + 1
    return result
