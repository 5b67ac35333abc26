import numpy as np

from autograder.authoring import Part, TaskSheet, case

from .inputs import some

SMALL_Q = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0], [1.0, 1.0]])
SMALL_K = np.array([[2.0, 1.0], [-1.0, 0.5], [1.0, 3.0], [0.0, 2.0]])
SMALL_V = np.array([[4.0, 0.0, 1.0], [0.0, 8.0, -2.0], [2.0, -4.0, 0.0], [1.0, 1.0, 6.0]])
SEVEN = [np.abs(some(21, 7, 3)) + 0.2, np.abs(some(22, 7, 3)) + 0.2, some(23, 7, 3)]
WHOLE = [
    np.array([[1, 2], [0, 1], [3, -1], [2, 2], [1, 0]]),
    np.array([[2, 1], [1, -1], [0, 3], [1, 1], [2, 3]]),
    np.array([[3, 1, 0, 2], [5, -2, 1, 1], [0, 7, 1, -3], [1, 1, 1, 1], [9, 0, 2, 5]]),
]

decayed = TaskSheet(
    "retention",
    points=4,
    uses=("scan_affine",),
    hidden="d_k different from d_v, other gamma (1 among them), a single row, a single column, zeros, integer arrays, "
    "400 rows with a small gamma, 300 with a gamma near 1, and that Q, K and V are unchanged",
    cases=[
        case("four rows", SMALL_Q, SMALL_K, SMALL_V, 0.5, public=True),
        case("seven rows of three", *SEVEN, 0.8, public=True),
        case("d_k = 4, d_v = 2", some(24, 9, 4), some(25, 9, 4), some(26, 9, 2), 0.9),
        case("d_k = 2, d_v = 5", some(27, 6, 2), some(28, 6, 2), some(29, 6, 5), 0.3),
        case("300 rows, gamma = 0.99", some(54, 300, 2), some(55, 300, 2), some(56, 300, 2), 0.99),
        case("the same query and key everywhere", np.ones((5, 2)), np.ones((5, 2)), np.diag([1.0, 2, 3, 4, 5]), 0.6),
        case(
            "rows of zeros",
            np.array([[0.0, 0.0], [1.0, 2.0], [0.0, 1.0], [2.0, -1.0]]),
            np.array([[1.0, 1.0], [0.0, 0.0], [3.0, 0.0], [0.0, 0.0]]),
            np.array([[1.0, -4.0], [5.0, 0.0], [-2.0, 6.0], [3.0, 1.0]]),
            0.7,
        ),
        case("gamma = 1", some(30, 8, 3), some(31, 8, 3), some(32, 8, 2), 1.0, part="edges"),
        case("one row", some(33, 1, 3), some(34, 1, 3), some(35, 1, 4), 0.9, public=True, part="edges"),
        case("d_k = 1", some(42, 6, 1), some(43, 6, 1), some(44, 6, 3), 0.3, part="edges"),
        case("d_v = 1", some(45, 5, 2), some(46, 5, 2), some(47, 5, 1), 0.7, public=True, part="edges"),
        case("one row, gamma = 1", some(36, 1, 2), some(37, 1, 2), some(38, 1, 2), 1.0, part="edges"),
        case("integers", *WHOLE, 0.5, part="integers"),
        case("integers, gamma = 0.75", *(array[:3, :2] for array in WHOLE), 0.75, part="integers"),
        case("400 rows, gamma = 0.1", some(39, 400, 2), some(40, 400, 2), some(41, 400, 3), 0.1, part="many rows"),
        case("380 rows, gamma = 0.05", some(48, 380, 2), some(49, 380, 2), some(50, 380, 2), 0.05, part="many rows"),
        case("390 rows, gamma = 0.12", some(51, 390, 3), some(52, 390, 3), some(53, 390, 2), 0.12, part="many rows"),
    ],
    parts=[
        Part("values", 2),
        Part(
            "edges",
            0.5,
            "With a single row, d_k = 1, d_v = 1 or gamma = 1 the result isn't right yet. Its shape is always that of "
            "V; follow row 0 by hand, in each of the four: it is (q_0 . k_0) times v_0.",
        ),
        Part(
            "integers",
            0.5,
            "With arrays of integers the result isn't right yet. Call it with integers and with the same numbers as "
            "floats, and compare.",
            excused_by="arguments unchanged",
        ),
        Part(
            "many rows",
            0.5,
            "On 400 rows with gamma = 0.1 the result isn't right yet. Which row is the first that isn't finite or "
            "differs from a plain loop, or which line raises?",
        ),
        Part(
            "arguments unchanged",
            0.5,
            "Q, K or V wasn't the same after the call. The next layer may still need them: print all three before and "
            "after.",
            aspect="unchanged",
        ),
    ],
)


@decayed.wrong
def DECAY_REVERSED(Q, K, V, gamma):
    """Old pairs grow: the exponent has the wrong sign. For gamma < 1 the weight must shrink with the age t-m: which
    exponent has the pair before the newest?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * np.where(ages >= 0, gamma ** (-np.maximum(ages, 0.0)), 0.0)) @ V


@decayed.wrong
def NEW_PAIR_DECAYED(Q, K, V, gamma):
    """The pair of this very row is already decayed: its weight must be gamma**0 = 1. What is multiplied by gamma, the
    old state or the new one?"""
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * (S + np.outer(k, v))
        rows.append(q @ S)
    return np.array(rows)


@decayed.wrong
def NO_DECAY(Q, K, V, gamma):
    """gamma has no effect: every earlier pair has its full weight, as in plain linear attention. What is the state
    multiplied by at each row?"""
    return np.tril(Q @ K.T) @ V


@decayed.wrong
def FUTURE_LEAK(Q, K, V, gamma):
    """Later rows are visible: row t also reads pairs m > t. The sum ends at m = t: which pairs may row 0 use?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * gamma ** np.abs(ages)) @ V


@decayed.wrong
def MASK_MISSING(Q, K, V, gamma):
    """Later rows are visible, and with weights above 1: for m > t the exponent t-m is negative. What should those
    weights be?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * float(gamma) ** ages) @ V


@decayed.wrong
def EMA_SCALED(Q, K, V, gamma):
    """A factor 1-gamma came in. It belongs to the exponential average; here a new pair is written with weight 1: what
    must row 0 be?"""
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + (1 - gamma) * np.outer(k, v)
        rows.append(q @ S)
    return np.array(rows)


@decayed.wrong
def GAMMA_AS_A_RATE(Q, K, V, gamma):
    """The weights are exp(-gamma * age). gamma itself is the factor of one row: what is the weight of the pair just
    before, with gamma = 0.5?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * np.where(ages >= 0, np.exp(-gamma * np.maximum(ages, 0)), 0.0)) @ V


@decayed.wrong
def GAMMA_ON_THE_OUTPUT(Q, K, V, gamma):
    """The plain sum came out, multiplied by gamma once. Older pairs must have become weaker than newer ones: what is
    multiplied by gamma at each row?"""
    return gamma * (np.tril(Q @ K.T) @ V)


@decayed.wrong
def POWER_AT_EACH_ROW(Q, K, V, gamma):
    """At row t the state was multiplied by gamma**t, at each row by more. One factor gamma a row is enough: how often
    has a pair of age 2 been multiplied?"""
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for t in range(len(Q)):
        S = float(gamma) ** t * S + np.outer(K[t], V[t])
        rows.append(Q[t] @ S)
    return np.array(rows)


@decayed.wrong
def FINAL_STATE_FOR_ALL(Q, K, V, gamma):
    """Every row was read from the last state, as when one array is stored n times and changed in place afterwards. Row
    0 may use only k_0 and v_0: when do you read?"""
    return Q @ ((float(gamma) ** np.arange(len(K))[::-1, None] * K).T @ V)


@decayed.wrong
def DECAYED_AS_SEEN_FROM_THE_END(Q, K, V, gamma):
    """The weights are those that the last row would give: pair m has gamma**(n-1-m) in every row. The age of a pair is
    counted from the row that reads: which weight has v_0 in row 0?"""
    return np.tril(Q @ K.T * float(gamma) ** np.arange(len(K))[::-1]) @ V


@decayed.wrong
def ANTI_CAUSAL(Q, K, V, gamma):
    """The wrong half of the pairs is summed: row t sees the pairs from t on, the later ones weaker. Which pairs may row
    0 use?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * np.where(ages <= 0, float(gamma) ** np.abs(ages), 0.0)) @ V


@decayed.wrong
def PRODUCTS_MISSING(Q, K, V, gamma):
    """The values were summed with the powers of gamma alone: queries and keys have no effect. By hand, row 0 is (q_0 .
    k_0) times v_0: where do the products come in?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return np.where(ages >= 0, float(gamma) ** np.maximum(ages, 0), 0.0) @ V


@decayed.wrong
def MATRIX_PRODUCT_FOR_ENTRIES(Q, K, V, gamma):
    """The matrix of decays was multiplied with the products q.k as a matrix (@). Each product has one decay of its own:
    which sign multiplies entry by entry?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return np.where(ages >= 0, float(gamma) ** np.maximum(ages, 0), 0.0) @ (Q @ K.T) @ V


@decayed.wrong
def PRODUCT_OF_MATRICES_ON_THE_RIGHT(Q, K, V, gamma):
    """The products q.k were multiplied with the matrix of decays as a matrix (@). Each product has one decay of its
    own: which sign multiplies entry by entry?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return Q @ K.T @ np.where(ages >= 0, float(gamma) ** np.maximum(ages, 0), 0.0) @ V


@decayed.wrong
def PHI_APPLIED(Q, K, V, gamma):
    """The feature map of notebook 04 was applied to queries and keys. Here they are used as they are: by hand, row 0 is
    (q_0 . k_0) times v_0."""
    q, k = (np.maximum(x, 0) + np.exp(np.minimum(x, 0)) for x in (Q, K))
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (q @ k.T * np.where(ages >= 0, float(gamma) ** np.maximum(ages, 0), 0.0)) @ V


@decayed.wrong
def FIRST_ROW_ONLY(Q, K, V, gamma):
    """Only row 0 came back. One output per row is asked for, n rows in, n rows out: does your `return` stand inside the
    loop?"""
    return (Q[:1] @ K[:1].T) @ V[:1]


@decayed.wrong
def DECAY_BY_POSITION(Q, K, V, gamma):
    """The weights are gamma**m: they depend on where a pair stands. How often was it multiplied by gamma up to row
    t?"""
    return np.tril(Q @ K.T * gamma ** np.arange(len(Q))) @ V


@decayed.wrong
def OFF_BY_ONE(Q, K, V, gamma):
    """Each exponent is one too small: the pair of the row itself has the weight gamma**(-1). What is its age t-m?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * np.where(ages >= 0, gamma ** (np.maximum(ages, 0) - 1.0), 0.0)) @ V


@decayed.wrong(looseness=1e-4)
def ROWS_NORMALISED(Q, K, V, gamma):
    """The rows of weights were divided by their sums. Retention doesn't normalise: by hand, row 0 is (q_0 . k_0) times
    v_0."""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    weights = Q @ K.T * np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)
    return weights @ V / weights.sum(axis=1, keepdims=True)


@decayed.wrong(looseness=1e-4)
def ROWS_NORMALISED_FROM_0(Q, K, V, gamma):
    """The rows of weights were divided by their sums, where these aren't 0. Retention doesn't normalise: by hand, row 0
    is (q_0 . k_0) times v_0."""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    weights = Q @ K.T * np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)
    return weights @ V / (weights.sum(axis=1, keepdims=True) + 1e-9)


@decayed.wrong
def DIVIDED_BY_DECAYS(Q, K, V, gamma):
    """Each row was divided by the sum of its powers of gamma. That makes an average over time; here the weighted sum is
    asked for: follow row 1 by hand."""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    powers = np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)
    return (Q @ K.T * powers) @ V / powers.sum(axis=1, keepdims=True)


@decayed.wrong
def READS_BEFORE_WRITING(Q, K, V, gamma):
    """Row t leaves out its own pair, m = t; the earlier ones are right. The sum includes it, so row 0 isn't zero:
    which is the last m that your row t uses?"""
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S
        rows.append(q @ S)
        S = S + np.outer(k, v)
    return np.array(rows)


@decayed.wrong
def READS_OLD_STATE(Q, K, V, gamma):
    """Row t was read from S_{t-1}: before this row's decay, and without its own pair. The sum includes m = t, so row 0
    isn't zero: which state does q_t read?"""
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        rows.append(q @ S)
        S = gamma * S + np.outer(k, v)
    return np.array(rows)


@decayed.wrong
def INNER_FOR_OUTER(Q, K, V, gamma):
    """The inner product of k and v was taken: one number, or an error where their lengths differ. k^T v is d_k times
    d_v numbers: print the shape of what you add (transposing a 1-D array changes nothing)."""
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + k.T @ v
        rows.append(q @ S)
    return np.array(rows)


@decayed.wrong
def OVERWRITE_FOR_ACCUMULATE(Q, K, V, gamma):
    """Only the pair of the row itself is in each row. Older pairs belong to it as well, weaker: what becomes of the old
    state?"""
    return np.sum(Q * K, axis=1, keepdims=True) * V


@decayed.wrong
def OUTER_TRANSPOSED(Q, K, V, gamma):
    """The pairs were written transposed, which fails as soon as d_k and d_v differ. The state is d_k x d_v: which of k
    and v runs down its rows?"""
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + np.outer(v, k)
        rows.append(q @ S)
    return np.array(rows)


@decayed.wrong
def STATE_TRANSPOSED(Q, K, V, gamma):
    """The state was kept transposed, d_v x d_k, but read as q S, which fails as soon as d_k and d_v differ. Which shape
    must S have, so that q S has d_v numbers?"""
    S, rows = np.zeros((V.shape[1], K.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + np.outer(v, k)
        rows.append(q @ S)
    return np.array(rows)


@decayed.wrong
def SQUARE_STATE(Q, K, V, gamma):
    """Where d_v differs from d_k the sizes don't fit, as for an S of shape (d_k, d_k). S has a row for each number of a
    key and a column for each number of a value: which shape has yours, and the array you write results into?"""
    S, rows = np.zeros((K.shape[1], K.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + np.outer(k, v)
        rows.append(q @ S)
    return np.array(rows)


@decayed.wrong
def QUERIES_AND_KEYS_SWAPPED(Q, K, V, gamma):
    """Queries and keys have exchanged their roles. Row t asks with q_t, and pair m is stored under k_m: from which of
    your two arrays is the vector with the row's own index?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (K @ Q.T * np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)) @ V


@decayed.wrong
def SCALED_BY_ROOT(Q, K, V, gamma):
    """The scores were divided by the root of d_k, as in softmax attention. No scaling is asked for here: by hand, row 0
    is (q_0 . k_0) times v_0."""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)) @ V / np.sqrt(K.shape[1])


@decayed.wrong
def ONLY_FINAL(Q, K, V, gamma):
    """Only the last row came back. One output per row is asked for, n rows in, n rows out: where are the earlier ones
    kept?"""
    return Q[-1] @ ((gamma ** np.arange(len(K))[::-1, None] * K).T @ V)


@decayed.wrong
def DIVIDES_BY_POWERS(Q, K, V, gamma):
    """On hundreds of rows with a small gamma nan or inf comes out, as when keys are scaled by gamma**(-m), which is
    inf there. Which exponents t-m occur in the sum, and are any of them negative?"""
    powers = float(gamma) ** np.arange(len(Q))[:, None]
    return np.tril((Q * powers) @ (K / powers).T) @ V


@decayed.wrong
def INF_TIMES_ZERO(Q, K, V, gamma):
    """On hundreds of rows with a small gamma nan comes out, as when gamma**(t-m) with m > t, which is inf there, is
    multiplied by 0: that is nan, not 0. What could the exponent be above the diagonal, where the weight is masked
    anyway?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * ((ages >= 0) * float(gamma) ** ages)) @ V


@decayed.wrong(looseness=1e-5)
def FLOAT32_PRECISION(Q, K, V, gamma):
    """Nearly right, but not as exact as the task asks: is a float32 used, something rounded, or something small added
    or left out? Keep float64, numpy's default."""
    q, k, v = (array.astype(np.float32) for array in (Q, K, V))
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (q @ k.T * np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0).astype(np.float32)) @ v


@decayed.wrong
def INTEGER_TRUNCATION(Q, K, V, gamma):
    """With integer arrays the fractions are cut off, though gamma makes some. If you write into an array, print its
    dtype: `np.zeros_like(V)` is an integer array then."""
    S, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros_like(V)
    for n in range(len(Q)):
        S = gamma * S + np.outer(K[n], V[n])
        rows[n] = Q[n] @ S
    return rows


@decayed.wrong
def MUTATES_INPUT(Q, K, V, gamma):
    """Q, K or V wasn't the same after the call. Whoever called you still needs it: print all three before and after,
    and give the outputs an array of their own."""
    S = np.zeros((K.shape[1], V.shape[1]))
    for n in range(len(Q)):
        S = gamma * S + np.outer(K[n], V[n])
        V[n] = Q[n] @ S
    return V


@decayed.wrong
def ONLY_FIFTY_PAIRS(Q, K, V, gamma):
    """Right up to 50 rows; after that each row sees its newest 50 pairs only. With a gamma near 1 older ones still
    count: the sum begins at m = 0."""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    return (Q @ K.T * np.where((ages >= 0) & (ages < 50), gamma ** np.clip(ages, 0, 50), 0.0)) @ V


@decayed.wrong
def SOFTMAX_OF_THE_SCORES(Q, K, V, gamma):
    """A softmax was taken of the products q.k. In retention the products themselves are the weights, decayed: by hand,
    row 0 is (q_0 . k_0) times v_0."""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    scores = np.where(ages >= 0, Q @ K.T, -np.inf)
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    scores = scores / scores.sum(axis=1, keepdims=True)
    return (scores * gamma ** np.maximum(ages, 0)) @ V


@decayed.wrong
def NO_MASK_FOR_GAMMA_1(Q, K, V, gamma):
    """With gamma = 1 later rows are visible. Nothing fades then, but row t still reads the pairs 0..t only: what keeps
    the later ones out?"""
    ages = np.subtract.outer(np.arange(len(Q)), np.arange(len(Q)))
    weights = np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0) if gamma != 1 else np.ones(ages.shape)
    return (Q @ K.T * weights) @ V


@decayed.wrong
def INF_LEFT_AND_RIGHT(Q, K, V, gamma):
    """On hundreds of rows with a small gamma nan or inf comes out, as when keys are scaled by gamma**(-m), which is
    inf there. Which exponents t-m occur in the sum, and are any of them negative?"""
    t = np.arange(len(Q), dtype=float)[:, None]
    return np.tril((Q * gamma**t) @ (K * gamma ** (-t)).T) @ V


@decayed.right
def recurrent(Q, K, V, gamma):
    S, rows = np.zeros((K.shape[1], V.shape[1])), []
    for q, k, v in zip(Q, K, V, strict=True):
        S = gamma * S + np.outer(k, v)
        rows.append(q @ S)
    return np.array(rows)


@decayed.right
def one_matrix_D(Q, K, V, gamma):
    n = len(Q)
    D = np.tril(gamma ** np.clip(np.arange(n)[:, None] - np.arange(n), 0, None))
    return ((Q @ K.T) * D) @ V


@decayed.right
def np_tril_on_infinite_powers(Q, K, V, gamma):
    n = len(Q)
    return (np.tril(float(gamma) ** (np.arange(n)[:, None] - np.arange(n))) * (Q @ K.T)) @ V


@decayed.right
def sum_as_it_stands(Q, K, V, gamma):
    return [sum(gamma ** (n - m) * (Q[n] @ K[m]) * V[m] for m in range(n + 1)) for n in range(len(Q))]


@decayed.right
def vector_of_powers_for_each_row(Q, K, V, gamma):
    rows = np.zeros((len(Q), V.shape[1]))
    for n in range(len(Q)):
        powers = gamma ** np.arange(n, -1, -1)
        rows[n] = (powers * (K[: n + 1] @ Q[n])) @ V[: n + 1]
    return rows


@decayed.right
def chunks_of_three(Q, K, V, gamma):
    S, parts = np.zeros((K.shape[1], V.shape[1])), []
    for start in range(0, len(Q), 3):
        q, k, v = Q[start : start + 3], K[start : start + 3], V[start : start + 3]
        t = np.arange(len(q))
        D = np.tril(gamma ** np.maximum(t[:, None] - t, 0))
        parts.append((q @ k.T * D) @ v + gamma ** (t + 1)[:, None] * (q @ S))
        S = gamma ** len(q) * S + (gamma ** t[::-1, None] * k).T @ v
    return np.concatenate(parts)


@decayed.right
def scan_of_all_states(Q, K, V, gamma):
    S, distance = np.einsum("nk,nv->nkv", K, V).astype(float), 1
    while distance < len(Q):
        old = S.copy()
        S[distance:] += gamma**distance * old[:-distance]
        distance *= 2
    return np.einsum("nk,nkv->nv", Q, S)


@decayed.right
def halves(Q, K, V, gamma):
    def solve(q, k, v):
        if len(q) == 1:
            return np.outer(q @ k.T, v), np.outer(k, v)
        half = len(q) // 2
        (out1, S1), (out2, S2) = solve(q[:half], k[:half], v[:half]), solve(q[half:], k[half:], v[half:])
        ages = np.arange(1, len(q) - half + 1)[:, None]
        return np.concatenate([out1, out2 + gamma**ages * (q[half:] @ S1)]), gamma ** (len(q) - half) * S1 + S2

    return solve(Q, K, V)[0]


@decayed.right
def scan_affine_for_each_entry_of_the_state(Q, K, V, gamma):
    decays = np.full(len(K), gamma)
    reads = [[scan_affine(decays, K[:, i] * V[:, j]) for j in range(V.shape[1])] for i in range(K.shape[1])]
    return np.einsum("ti,ijt->tj", Q, np.array(reads))
