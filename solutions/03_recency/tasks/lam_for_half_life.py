import numpy as np

from autograder.authoring import Part, TaskSheet, Tolerance, case

half_life = TaskSheet(
    "lam_for_half_life",
    points=2,
    hidden="H = 1, H below 1, fractions, integers, and H up to 2,000",
    tolerance=Tolerance(1e-6, "values"),
    cases=[
        case("H = 3", 3, public=True),
        case("H = 5.5", 5.5, public=True),
        case("H = 10", 10, public=True),
        case("H = 37.5", 37.5),
        case("H = 2.75", 2.75),
        case("H = 2.0", 2.0, public=True),
        case("H = 400", 400),
        case("H = 2,000", 2_000),
        case("H = 1", 1, public=True, part="short half-lives"),
        case("H = 0.5", 0.5, part="short half-lives"),
        case("H = 0.2", 0.2, part="short half-lives"),
        case("H = 0.3", 0.3, part="short half-lives"),
        case("H = 0.4", 0.4, part="short half-lives"),
        case("H = 1.25", 1.25, part="short half-lives"),
    ],
    parts=[
        Part("values", 1.5),
        Part(
            "short half-lives",
            0.5,
            "For some H of 1.25 or less it isn't right yet. Try H = 1, where the weight halves in one step, and H = "
            "0.5, where it halves twice in one step.",
        ),
    ],
)


@half_life.wrong
def RULE_OF_THUMB(H):
    """1 - 1/H is a rule of thumb for another length. Test it: for H = 2 it gives 0.5, and 0.5**2 isn't one half."""
    return 1 - 1 / H


@half_life.wrong
def TIME_CONSTANT(H):
    """With your lam the weight is 1/e (37%) after H steps, not one half. Compute your
    lam**H, and compare it with 0.5."""
    return np.exp(-1 / H)


@half_life.wrong
def MEAN_AGE(H):
    """With this lam the mean age is H; a mean age is not a half-life. Compute your lam**H, and compare it with 0.5."""
    return H / (1 + H)


@half_life.wrong
def INPUT_SHARE_RETURNED(H):
    """This is 1 - lam, the share of the new input. The share of the old memory is asked for: it grows with H."""
    return 1 - 0.5 ** (1 / H)


@half_life.wrong
def SPAN_RULE(H):
    """2/(H+1) is a convention for the input's share in an average with a given 'span'; a span is not a half-life.
    Compute your lam**H, and compare it with 0.5."""
    return 2 / (H + 1)


@half_life.wrong
def ONE_MINUS_SPAN_RULE(H):
    """1 - 2/(H+1) belongs to an average with a given 'span'; a span is not a half-life. Compute your
    lam**H, and compare it with 0.5."""
    return 1 - 2 / (H + 1)


@half_life.wrong
def EXPONENT_INVERTED(H):
    """0.5**H falls as H grows: a longer half-life would forget faster. In the equation H is
    the exponent of lam. Solve it."""
    return 0.5**H


@half_life.wrong
def LINEAR_DECAY(H):
    """1 - 0.5/H takes the same amount off at each step. The weight is multiplied by lam at
    each step: what is it after H?"""
    return 1 - 0.5 / H


@half_life.wrong
def FIRST_ORDER(H):
    """Close for long half-lives only: 1 - ln(2)/H is the first piece of a series. Put in H =
    1, which must give one half."""
    return 1 - np.log(2) / H


@half_life.wrong
def LAM_AND_H_EXCHANGED(H):
    """ln(0.5)/ln(lam) turns a lam into its half-life. You put H where lam belongs; solve the
    equation the other way round."""
    return np.float64(np.log(0.5)) / np.log(H)


@half_life.wrong
def EXPONENTIAL_FORGOTTEN(H):
    """This is ln(lam): a negative number, and lam lies between 0 and 1. How do you get from a
    logarithm back to its number?"""
    return np.log(0.5) / H


@half_life.wrong
def INTEGER_DIVISION(H):
    """1 // H is 0 for every H above 1, and your lam is 1: nothing fades any more. Use `/`."""
    return 0.5 ** (1 // H)


@half_life.wrong
def FRACTION_CUT_OFF(H):
    """Right for whole H only: the fraction of H was cut off. A half-life may lie between two steps."""
    return 0.5 ** (1 / np.float64(int(H)))


@half_life.wrong(looseness=1e-3)
def ROUNDED(H):
    """Right to a few digits only: the result was rounded, or a search stopped too early. For long half-lives lam is so
    close to 1 that this changes H a lot. Leave the rounding out, or solve the equation."""
    return round(0.5 ** (1 / H), 4)


@half_life.wrong
def RATE_RETURNED(H):
    """ln(2)/H is the rate of the decay, and above 1 for a short half-life. lam is what is left of a weight after one
    step: how do you get from a rate to that?"""
    return np.log(2) / H


@half_life.wrong
def GROWS(H):
    """2**(1/H) is above 1: with it a weight would double every H steps. It is to halve."""
    return 2 ** (1 / H)


@half_life.wrong
def ONE_STEP_TOO_MANY(H):
    """With your lam the weight halves in H+1 steps. Compute your lam**H, and compare it with 0.5."""
    return 0.5 ** (1 / (H + 1))


@half_life.wrong
def ONE_STEP_TOO_FEW(H):
    """With your lam the weight halves in H-1 steps, and H = 1 is a division by 0. Compute your lam**H, and compare it
    with 0.5."""
    return 0.5 ** (1 / (H - 1))


@half_life.wrong
def LOG10_FOR_LN(H):
    """Two kinds of logarithm are mixed: exp is the inverse of the natural one (np.log), not of log10. Compute your
    lam**H, and compare it with 0.5."""
    return np.exp(-np.log10(2) / H)


@half_life.wrong
def PRECEDENCE(H):
    """0.5**1/H is (0.5**1)/H, so lam falls as H grows. Put brackets round 1/H."""
    return 0.5**1 / H


@half_life.wrong
def SHORT_HALF_LIFE_REFUSED(H):
    """H below 1 was refused. It is allowed: H = 0.5 means that the weight halves twice in one step."""
    if H < 1:
        raise ValueError("H")
    return 0.5 ** (1 / H)


@half_life.wrong
def LOGARITHM_OF_H(H):
    """ln(H)/ln(0.5) is negative for H above 1, and lam lies between 0 and 1. In lam**H = 0.5 the unknown is lam, and H
    is its exponent: take the H-th root, or logarithms of both sides."""
    return np.log(H) / np.log(0.5)


@half_life.right
def exp_and_log(H):
    return np.exp(np.log(0.5) / H)


@half_life.right
def power_of_two(H):
    return 2 ** (-1 / H)


@half_life.right
def math_pow(H):
    import math

    return math.pow(2.0, -1.0 / H)


@half_life.right
def np_exp2_as_an_array(H):
    return np.exp2(np.array(-1.0 / H))


@half_life.right
def bisection(H):
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if middle**H < 0.5:
            low = middle
        else:
            high = middle
    return low
