import numpy as np

from autograder.authoring import Part, TaskSheet, case

from .inputs import some

SIX_K, SIX_V = some(80, 6, 3), some(81, 6, 3)
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
        case("w = 0 and u = 0", np.zeros((6, 2)), some(82, 6, 2), np.zeros(2), np.zeros(2)),
        case("one row", some(83, 1, 4), some(84, 1, 4), np.array([0.1, 0.2, 0.3, 2.0]), some(85, 4)),
        case("one channel", some(86, 9, 1), some(87, 9, 1), np.array([0.3]), np.array([-1.0])),
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
        case("k shifted by 800, 40 rows", some(90, 40, 2) + 800, some(91, 40, 2), RATES[:2], BONUS[:2], part="large k"),
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


@weighted.wrong
def BONUS_MISSING(k, v, w, u):
    """u has no effect: left out, or written into the sums, where it cancels, since every token then has it. Only the
    current token has the exponent u + k_t, in the output of its own step."""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def OFF_BY_ONE(k, v, w, u):
    """Each earlier token is decayed once too often: the token just before the current one is not decayed yet. Its
    exponent is -(t-1-i)w + k_i with i = t-1."""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def EXCLUDES_CURRENT(k, v, w, u):
    """The current token is missing: both sums also hold a term of token t, with the exponent
    u + k_t. Row 0 must be v[0]."""
    rows = [v[0] * np.nan]
    for t in range(1, len(k)):
        e = k[:t] - (t - 1 - np.arange(t))[:, None] * w
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[:t]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def NORMALISER_FORGOTTEN(k, v, w, u):
    """Divide by the sum of the weights: an average of equal values must give that value back."""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        rows.append((np.exp(e) * v[: t + 1]).sum(axis=0))
    return np.array(rows)


@weighted.wrong
def DECAY_REVERSED(k, v, w, u):
    """Old tokens grow: the sign of w is wrong. Every further step must multiply a weight by e**(-w)."""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] + (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def NO_DECAY(k, v, w, u):
    """w has no effect: every earlier token has the weight e**k_i, however old it is."""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t], u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def BONUS_STORED(k, v, w, u):
    """The bonus went to the earlier tokens: u belongs to the current one, in the output of its own step only. In later
    sums, token t counts with e**k_t."""
    rows = []
    for t in range(len(k)):
        e = np.concatenate([u + k[:t] - (t - 1 - np.arange(t))[:, None] * w, k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def OVERFLOWS(k, v, w, u):
    """Right for ordinary k, nan for large k: e**800 is no float. Only differences of exponents matter, so
    subtract a maximum before np.exp."""
    above, below, rows = 0.0, 0.0, []
    for k_t, v_t in zip(k, v, strict=True):
        rows.append((above + np.exp(u + k_t) * v_t) / (below + np.exp(u + k_t)))
        above = np.exp(-w) * above + np.exp(k_t) * v_t
        below = np.exp(-w) * below + np.exp(k_t)
    return np.array(rows)


@weighted.wrong
def OLD_SUMS_NOT_RESCALED(k, v, w, u):
    """The maximum changes from step to step, but the sums kept so far are still divided by e to the old one. When the
    maximum grows, rescale them."""
    above, below, top, rows = 0.0, 0.0, np.full(k.shape[1], -1e38), []
    for k_t, v_t in zip(k, v, strict=True):
        m = np.maximum(top, u + k_t)
        rows.append((above + np.exp(u + k_t - m) * v_t) / (below + np.exp(u + k_t - m)))
        top = np.maximum(top, k_t)
        above = np.exp(-w) * above + np.exp(k_t - top) * v_t
        below = np.exp(-w) * below + np.exp(k_t - top)
    return np.array(rows)


@weighted.wrong
def MUTATES_INPUT(k, v, w, u):
    """k was changed in place (`k -= k.max(...)`). Whoever called you still needs it: make a new array."""
    k -= k.max(axis=0)
    rows = []
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e)
        rows.append((weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0))
    return np.array(rows)


@weighted.wrong
def INTEGER_TRUNCATION(k, v, w, u):
    """With integer v the fractions are cut off. If you write into an array, look at its dtype."""
    rows = np.zeros_like(v)
    for t in range(len(k)):
        e = np.concatenate([k[:t] - (t - 1 - np.arange(t))[:, None] * w, u + k[t : t + 1]])
        weights = np.exp(e - e.max(axis=0))
        rows[t] = (weights * v[: t + 1]).sum(axis=0) / weights.sum(axis=0)
    return rows


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
