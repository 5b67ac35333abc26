import numpy as np

from autograder.authoring import Part, TaskSheet, case

from .inputs import some

SIX_K, SIX_V = some(80, 6, 3), some(81, 6, 3)
RATES, BONUS = np.array([0.5, 0.1, 1.5]), np.array([0.8, -0.6, 0.3])

weighted = TaskSheet(
    "wkv",
    points=2,
    extra=True,
    uses=("scan_affine",),
    hidden="w = 0 and u = 0, one row, one channel, integer arrays, 400 rows, all of k shifted by 800 or by -800, and "
    "that the arguments are unchanged",
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
        case("w = 0 and u = 0", np.zeros((6, 2)), some(82, 6, 2), np.zeros(2), np.zeros(2)),
        case("one row", some(83, 1, 4), some(84, 1, 4), np.array([0.1, 0.2, 0.3, 2.0]), some(85, 4), part="edges"),
        case(
            "one channel",
            np.array([[0.5], [-1.0], [1.5]]),
            np.array([[4.0], [1.0], [-2.0]]),
            np.array([0.3]),
            np.array([-1.0]),
            public=True,
            part="edges",
        ),
        case("one channel, nine rows", some(86, 9, 1), some(87, 9, 1), np.array([0.3]), np.array([-1.0]), part="edges"),
        case("400 rows", some(88, 400, 2), some(89, 400, 2), np.array([0.02, 0.5]), np.array([0.5, -0.5])),
        case(
            "integers",
            np.array([[1, 0], [0, 2], [-1, 1], [2, -2]]),
            np.array([[3, 1], [4, 1], [5, 9], [2, 6]]),
            np.array([1, 0]),
            np.array([0, 1]),
            part="integers",
        ),
        case("k shifted by 800", SIX_K + 800, SIX_V, RATES, BONUS, part="large k"),
        case("k shifted by -800", SIX_K - 800, SIX_V, RATES, BONUS, part="large k"),
        case(
            "k shifted by -800, 30 rows", some(92, 30, 2) - 800, some(93, 30, 2), RATES[1:], BONUS[1:], part="large k"
        ),
        case("k shifted by -790", SIX_K[:4] - 790, SIX_V[:4], RATES, BONUS, part="large k"),
        case("k shifted by 800, 40 rows", some(90, 40, 2) + 800, some(91, 40, 2), RATES[:2], BONUS[:2], part="large k"),
    ],
    parts=[
        Part("values", 0.5),
        Part(
            "edges",
            0.25,
            "With one row or one channel the result isn't right yet. It always has the shape of v: print both shapes, "
            "then follow row 0 by hand.",
        ),
        Part(
            "integers",
            0.25,
            "With arrays of integers the result isn't right yet. Call it with integers and with the same numbers as "
            "floats, and compare.",
            excused_by="arguments unchanged",
        ),
        Part(
            "large k",
            0.5,
            "With all of k shifted by 800 or by -800 the result isn't right yet: it should be that of the unshifted "
            "k. Print what np.exp gets, and whether k is still what was handed in.",
        ),
        Part(
            "arguments unchanged",
            0.5,
            "An argument wasn't the same after the call. Whoever called you still needs it: print k, v, w and u "
            "before and after.",
            aspect="unchanged",
        ),
    ],
)


@weighted.wrong
def BONUS_MISSING(k, v, w, u):
    """u has no effect: it is left out, or every token has it, so that it cancels. Only the current token has the
    exponent u + k_t, in the output of its own step: where does u enter yours?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def OFF_BY_ONE(k, v, w, u):
    """Each earlier token is decayed once too often: the token just before the current one is not decayed yet. What is
    its exponent -(t-1-i)w + k_i, with i = t-1?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def EXCLUDES_CURRENT(k, v, w, u):
    """The current token is missing: both sums also hold a term of token t, with the exponent u + k_t. Row 0 must be
    v[0]: what is in its two sums?"""
    rows = [v[0] * np.nan]
    for t in range(1, len(k)):
        e = k[:t] - (t - 1 - np.arange(t))[:, None] * w
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[:t]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def NORMALISER_FORGOTTEN(k, v, w, u):
    """These are weighted sums, not weighted averages: an average of equal values must give that value back. What must
    each row be divided by?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        rows.append((np.exp(e) * v[: t + 1]).sum(axis=0))
    return np.array(rows)


@weighted.wrong
def DECAY_REVERSED(k, v, w, u):
    """Old tokens grow: the sign of w is wrong. Every further step makes an old token count less: what is its weight
    multiplied by?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] + (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def NO_DECAY(k, v, w, u):
    """w has no effect: every earlier token has the weight e**k_i, however old it is. What is it multiplied by at each
    further step?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t], u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def BONUS_STORED(k, v, w, u):
    """The bonus u works against the current token, as when it is added to the exponents of the earlier ones, or
    subtracted from that of the current one. Which exponent has the current token in its own output?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([u + k[:t] - (t - 1 - np.arange(t))[:, None] * w, k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def BONUS_KEPT_AND_DECAYED(k, v, w, u):
    """u has no effect, since every token has it, and each earlier token is decayed once too often: the pair is written
    with its bonus before the row is read. What does the state hold when row t is read?"""
    rows = []
    for t in range(len(k)):
        e = k[: t + 1] - (t - np.arange(t + 1))[:, None] * w
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def CURRENT_TWICE(k, v, w, u):
    """The current token is in both sums twice, once with the bonus and once without. The sum over the past ends at i =
    t-1: where does yours?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[: t + 1] - (t - 1 - np.arange(t + 1))[:, None] * w, u + k[t : t + 1]])
        weights, values = np.exp(e - e.max(axis=0)), np.concatenate([v[: t + 1], v[t : t + 1]])
        rows.append((weights * values).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def WRITTEN_BEFORE_READ(k, v, w, u):
    """The current token is in both sums twice, and each earlier one is decayed once too often: row t reads as if the
    sums already held its token. It comes in with its bonus, once: which tokens belong to the past?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[: t + 1] - (t - np.arange(t + 1))[:, None] * w, u + k[t : t + 1]])
        weights, values = np.exp(e - e.max(axis=0)), np.concatenate([v[: t + 1], v[t : t + 1]])
        rows.append((weights * values).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def PREVIOUS_MISSING(k, v, w, u):
    """The token just before the current one is missing: range(t - 1) ends at t-2. Which is the last i with i < t?"""
    rows = []
    for t in range(len(k)):
        last = max(t - 1, 0)
        e = np.concatenate([k[:last] - (t - 1 - np.arange(last))[:, None] * w, u + k[t : t + 1]])
        weights, values = np.exp(e - e.max(axis=0)), np.concatenate([v[:last], v[t : t + 1]])
        rows.append((weights * values).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def FUTURE_LEAK(k, v, w, u):
    """Later tokens count as well, with weights that grow. Row t is an average over 0..t, so row 0 must be v[0]: what
    keeps the later ones out?"""
    n, rows = len(k), []
    for t in range(n):
        e = k - (t - 1 - np.arange(n))[:, None] * w
        e[t] = u + k[t]
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def NO_DECAY_NO_BONUS(k, v, w, u):
    """w and u have no effect: every token up to t has the weight e**k_i. What makes an old one weaker, and the current
    one stronger?"""
    rows = []
    for t in range(len(k)):
        e = k[: t + 1] * 1.0
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def DECAY_ALSO_ON_K(k, v, w, u):
    """The age multiplies w and k together: a bracket too many. k_i stays as it is, whatever the age: which exponent has
    the token of age 2?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([-(t - 1 - np.arange(t))[:, None] * (w + k[:t]), u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def DECAY_OF_DECAY(k, v, w, u):
    """Each further step multiplied a weight by e**(-e**w), as in RWKV's published code, which learns log w. Here w
    itself is the decay: what is the factor of one step for w = 0?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * np.exp(w), u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def BONUS_AS_FACTOR(k, v, w, u):
    """The current token's weight is u times e**k_t. The bonus belongs into the exponent, e**(u + k_t): which weight has
    a token with u = 0?"""
    rows, k = [], k - k.max(axis=0)
    for t in range(len(k)):
        weights = np.concatenate([np.exp(k[:t] - (t - 1 - np.arange(t))[:, None] * w), u * np.exp(k[t : t + 1])])
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def BONUS_ADDED(k, v, w, u):
    """The current token's weight is e**u + e**k_t. The bonus belongs into the exponent, e**(u + k_t): what does e**u do
    to e**k_t?"""
    rows = []
    for t in range(len(k)):
        weights = np.concatenate(
            [np.exp(k[:t] - (t - 1 - np.arange(t))[:, None] * w), np.exp(u) + np.exp(k[t : t + 1])]
        )
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def CHANNELS_SHARE_A_DIVISOR(k, v, w, u):
    """Each row was divided by the weights of all channels together. Every channel is an average of its own: along which
    axis do its tokens lie?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max())
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum())
    return np.array(rows)


@weighted.wrong
def MAXIMUM_OF_EACH_ROW(k, v, w, u):
    """Each row of k was lessened by a maximum of its own, which changes the weights of the tokens against each other.
    What is subtracted must be the same for all exponents of one sum: along which axis is it taken?"""
    k = k - k.max(axis=1, keepdims=True)
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def NORMALISER_FORGOTTEN_BELOW_A_MAXIMUM(k, v, w, u):
    """These are weighted sums, with a maximum taken from the exponents, not weighted averages: an average
    of equal values must give that value back. What must each row be divided by?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0))
    return np.array(rows)


@weighted.wrong
def MAXIMUM_ONLY_ABOVE(k, v, w, u):
    """The maximum was subtracted above the line, but not below it, so the two don't cancel: an average of equal values
    must give that value back. Which exponents does the divisor get?"""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / np.exp(e).sum(axis=0))
    return np.array(rows)


@weighted.wrong(looseness=1e-5)
def FLOAT32_PRECISION(k, v, w, u):
    """Nearly right, but not as exact as the task asks: is a float32 used, something rounded, or something small added
    or left out? Keep float64, numpy's default."""
    k = (k - k.max(axis=0)).astype(np.float32)
    rows, v, w, u = [], v.astype(np.float32), w.astype(np.float32), u.astype(np.float32)
    for t in range(len(k)):
        ages = (t - 1 - np.arange(t))[:, None].astype(np.float32)
        weights = np.exp(np.concatenate([k[:t] - ages * w, u + k[t : t + 1]]))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def OVERFLOWS(k, v, w, u):
    """nan came out with all of k shifted by 800 and by -800: e**800 is no float, and e**-800 is 0. Only differences of
    exponents matter: what may be subtracted from all of them before np.exp?"""
    above, below, rows = 0.0, 0.0, []
    for k_t, v_t in zip(k, v, strict=True):
        rows.append((above + np.exp(u + k_t) * v_t) / (below + np.exp(u + k_t)))
        above = np.exp(-w) * above + np.exp(k_t) * v_t
        below = np.exp(-w) * below + np.exp(k_t)
    return np.array(rows)


@weighted.wrong
def MAXIMUM_STARTS_AT_ZERO(k, v, w, u):
    """nan came out with all of k shifted by -800, as when a running maximum starts at 0: e**-800 is 0, so every weight
    is. What may be subtracted from all exponents of a sum, so that the largest is 0?"""
    above, below, top, rows = 0.0, 0.0, 0.0, []
    for k_t, v_t in zip(k, v, strict=True):
        m = np.maximum(top, u + k_t)
        past, now = np.exp(top - m), np.exp(u + k_t - m)
        rows.append((past * above + now * v_t) / (past * below + now))
        m = np.maximum(top, k_t)
        past, now = np.exp(top - w - m), np.exp(k_t - m)
        above, below, top = past * above + now * v_t, past * below + now, m
    return np.array(rows)


@weighted.wrong
def OLD_SUMS_NOT_RESCALED(k, v, w, u):
    """The maximum changes from step to step, but the sums kept so far are still divided by e to the old one. By which
    factor must they be multiplied when it grows?"""
    above, below, top, rows = 0.0, 0.0, np.full(k.shape[1], -1e38), []
    for k_t, v_t in zip(k, v, strict=True):
        m = np.maximum(top, u + k_t)
        rows.append((above + np.exp(u + k_t - m) * v_t) / (below + np.exp(u + k_t - m)))
        top = np.maximum(top, k_t)
        above = np.exp(-w) * above + np.exp(k_t - top) * v_t
        below = np.exp(-w) * below + np.exp(k_t - top)
    return np.array(rows)


@weighted.wrong
def OLD_SUMS_KEEP_THEIR_SCALE(k, v, w, u):
    """The sums kept so far were neither decayed nor rescaled when the new pair was written: they are divided by e to
    the old maximum still. By which factor must they be multiplied?"""
    above, below, top, rows = 0.0, 0.0, np.full(k.shape[1], -1e38), []
    for k_t, v_t in zip(k, v, strict=True):
        m = np.maximum(top, u + k_t)
        past, now = np.exp(top - m), np.exp(u + k_t - m)
        rows.append((past * above + now * v_t) / (past * below + now))
        top = np.maximum(top - w, k_t)
        above, below = above + np.exp(k_t - top) * v_t, below + np.exp(k_t - top)
    return np.array(rows)


@weighted.wrong
def MAXIMUM_RENEWED_FIRST(k, v, w, u):
    """The maximum was replaced before the old sums were rescaled by it, so that their factor is e**(-w) alone. Which
    two maxima does the factor need?"""
    above, below, top, rows = 0.0, 0.0, np.full(k.shape[1], -1e38), []
    for k_t, v_t in zip(k, v, strict=True):
        m = np.maximum(top, u + k_t)
        past, now = np.exp(top - m), np.exp(u + k_t - m)
        rows.append((past * above + now * v_t) / (past * below + now))
        top = np.maximum(top - w, k_t)
        above = np.exp(-w) * above + np.exp(k_t - top) * v_t
        below = np.exp(-w) * below + np.exp(k_t - top)
    return np.array(rows)


@weighted.wrong
def MUTATES_INPUT(k, v, w, u):
    """An argument wasn't the same after the call. Whoever called you still needs it: print k, v, w and u before and
    after (`k -= ...` changes the caller's array)."""
    k -= k.max(axis=0)
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e)
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def INTEGER_TRUNCATION(k, v, w, u):
    """With integer v the fractions are cut off, and an average of integers has some. If you write into an array, print
    its dtype: which one has np.zeros_like(v)?"""
    rows = np.zeros_like(v)
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows[t] = (weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0)
    return rows


@weighted.wrong
def BONUS_NOT_IN_THE_DIVISOR(k, v, w, u):
    """The current token has its bonus above the line, but not below it. Its weight must be the same in both sums: an
    average of equal values must give that value back."""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1], k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights[:-1] * v[: t + 1]).sum(axis=0) / (weights[:t].sum(axis=0) + weights[-1]))
    return np.array(rows)


@weighted.wrong
def K_CLIPPED(k, v, w, u):
    """k was clipped, so that all large keys count alike. Their differences make the weights, and subtracting one
    number from all exponents leaves these as they are: which one?"""
    k, rows = np.clip(k, -600, 600), []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.right
def recursion_less_the_maximum(k, v, w, u):
    k, above, below, rows = k - k.max(axis=0), 0.0, 0.0, []
    for k_t, v_t in zip(k, v, strict=True):
        now = np.exp(u + k_t)
        rows.append((above + now * v_t) / (below + now))
        above, below = np.exp(-w) * above + np.exp(k_t) * v_t, np.exp(-w) * below + np.exp(k_t)
    return rows


@weighted.right
def softmax_for_each_row(k, v, w, u):
    rows = []
    for t in range(len(k)):
        e = k[: t + 1] - (t - 1 - np.arange(t + 1))[:, None] * w
        e[t] = u + k[t]
        weights = np.exp(e - e.max())
        rows.append(np.sum(weights * v[: t + 1], axis=0) / np.sum(weights, axis=0))
    return np.array(rows)


@weighted.right
def all_rows_at_once(k, v, w, u):
    n = len(k)
    t, i = np.arange(n)[:, None, None], np.arange(n)[None, :, None]
    e = np.where(i == t, u + k[None], np.where(i < t, k[None] - (t - 1 - i) * w, -np.inf))
    weights = np.exp(e - e.max(axis=1, keepdims=True))
    return np.einsum("tid,id->td", weights / weights.sum(axis=1, keepdims=True), v)


@weighted.right
def average_and_log_weight_as_state(k, v, w, u):
    mean, log_weight, rows = np.zeros(k.shape[1]), np.full(k.shape[1], -np.inf), []
    for k_t, v_t in zip(k, v, strict=True):
        share = np.exp(u + k_t - np.logaddexp(log_weight, u + k_t))
        rows.append(mean + share * (v_t - mean))
        total = np.logaddexp(log_weight - w, k_t)
        mean, log_weight = mean + np.exp(k_t - total) * (v_t - mean), total
    return np.array(rows)


@weighted.right
def channel_by_channel(k, v, w, u):
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


@weighted.right
def two_scans_for_each_channel(k, v, w, u):
    scaled, columns = np.exp(k - k.max(axis=0)), []
    for c in range(k.shape[1]):
        decays, now = np.full(len(k), np.exp(-float(w[c]))), np.exp(float(u[c])) * scaled[:, c]
        above = np.append(0.0, scan_affine(decays, scaled[:, c] * v[:, c])[:-1])
        below = np.append(0.0, scan_affine(decays, scaled[:, c])[:-1])
        columns.append((above + now * v[:, c]) / (below + now))
    return np.stack(columns, axis=1)
