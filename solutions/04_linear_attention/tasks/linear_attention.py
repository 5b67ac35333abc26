import numpy as np

from autograder.authoring import Part, TaskSheet, Tolerance, case

from .inputs import K5, K7, K200, Q5, Q7, Q200, V5, V7, V200

# The worked example of the notebook: the features are (2, 1) and (1, 3) for the keys, (3, 1) for the last query.
QUERIES = np.array([[0.0, 1.0], [2.0, 0.0]])
KEYS = np.array([[1.0, 0.0], [0.0, 2.0]])
VALUES = np.array([[2.0, 13.0], [15.0, 0.0]])
SPREAD = np.array([[3.0, 2.0], [1.0, -6.0], [8.0, 5.0], [-4.0, 9.0], [7.0, 4.0]])

attention = TaskSheet(
    "linear_attention",
    points=5,
    uses=("phi",),
    tolerance=Tolerance(1e-5, "values"),
    hidden="d equal to d_v and different from d_v, one position, one column, zeros, values that are all 1, equal keys, "
    "200 positions, integers, and that Q, K and V are unchanged",
    cases=[
        case("the worked example", QUERIES, KEYS, VALUES, public=True),
        case("five positions", Q5, K5, V5, public=True),
        case("five positions, three columns everywhere", Q7[2:], K7[2:], V7[2:] * 1.25, public=True),
        case("seven positions, three columns everywhere", Q7, K7, V7),
        case(
            "one position",
            np.array([[0.4, -0.8]]),
            np.array([[1.5, -0.3]]),
            np.array([[6.0, -2.0, 0.0]]),
            public=True,
            part="edges",
        ),
        case("one column each", Q7[:, :1] / 2, K7[:, 1:2] / 2, V7[:, 2:], part="edges"),
        case("one value column", Q5, K5, V5[:, :1], part="edges"),
        case("one feature", Q7[:, 2:], K7[:, :1], V7[:, :2], part="edges"),
        case("more value columns than features", Q5[:, :2], K5[:, 1:], 20 + np.arange(20.0).reshape(5, 4) ** 1.5),
        case("values are all 1", K7, Q7, np.ones((7, 2))),
        case("equal keys", Q5, np.tile([0.7, -0.2, 1.1], (5, 1)), SPREAD),
        case(
            "zeros in queries, keys and values",
            np.array([[0.0, 1.2], [-0.7, 0.0], [0.0, 0.9], [1.1, -0.4]]),
            np.array([[0.0, -0.6], [-1.3, 0.5], [0.0, 0.0], [0.0, -0.8]]),
            np.array([[1.0, 6.0], [0.0, 9.0], [5.0, 2.0], [8.0, 4.0]]),
        ),
        case("200 positions", Q200, K200, V200),
        case(
            "integers",
            np.array([[1, -1], [0, 2], [-2, 3], [1, 1]]),
            np.array([[0, 1], [2, -1], [1, 1], [-1, 0]]),
            np.array([[3, 10], [8, 5], [1, 7], [6, 2]]),
            part="integers",
        ),
        case("integer values only", Q5, K5, np.array([[3, 2], [10, -4], [1, 0], [8, 7], [5, 6]]), part="integers"),
    ],
    parts=[
        Part("values", 3),
        Part(
            "edges",
            0.5,
            "With one position, one feature or one value column the output isn't right yet. It always has the shape of "
            "V: print both shapes.",
        ),
        Part(
            "integers",
            0.5,
            "With arrays of integers the outputs aren't right yet. Call it with Q, K, V and with the same numbers as "
            "floats, and compare.",
            excused_by="arguments unchanged",
        ),
        Part(
            "arguments unchanged",
            1,
            "Q, K or V wasn't the same after the call. Whoever called still needs it: print all three before and "
            "after.",
            aspect="unchanged",
        ),
    ],
)


@attention.wrong
def FUTURE_LEAK(Q, K, V):
    """Each row uses all positions, also later ones. When row i is due, those aren't there
    yet: the sums end at j = i."""
    A = phi(Q) @ phi(K).T
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def NORMALISER_FORGOTTEN(Q, K, V):
    """These are weighted sums, not weighted means: they grow with the text. Set every value to 1: the output should
    then be 1. What must each row be divided by?"""
    return np.tril(phi(Q) @ phi(K).T) @ V


@attention.wrong
def EXCLUDES_CURRENT(Q, K, V):
    """Row i leaves out position i itself, so row 0 is 0/0. The sums run to j = i, with i among
    them: row 0 must equal V[0]."""
    A = np.tril(phi(Q) @ phi(K).T, k=-1)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def READS_BEFORE_WRITING(Q, K, V):
    """Row i leaves out position i itself, and row 0 is 0. Position i sees its own pair too, so that row 0 equals V[0]:
    which comes first for you, the reading or the writing of that pair?"""
    A = np.tril(phi(Q) @ phi(K).T, k=-1)
    return A @ V / (A.sum(axis=1, keepdims=True) + 1e-9)


@attention.wrong
def PEEKS_ONE_AHEAD(Q, K, V):
    """Row i uses position i+1 too, which isn't there yet when row i is due. Row 0 must equal V[0]: look where your mask
    or your slice ends."""
    A = np.tril(phi(Q) @ phi(K).T, k=1)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong(looseness=1e-3)
def PHI_MISSING_ON_QUERIES(Q, K, V):
    """phi was applied to the keys only. A raw query may have negative entries, and so may the weights: what belongs to
    q before it meets k'?"""
    A = np.tril(Q @ phi(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong(looseness=1e-3)
def PHI_MISSING_ON_KEYS(Q, K, V):
    """phi was applied to the queries only. A raw key may have negative entries, and so may the weights: what belongs
    to k before it meets q'?"""
    A = np.tril(phi(Q) @ K.T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong(looseness=1e-3)
def PHI_MISSING(Q, K, V):
    """phi wasn't applied at all: the weights are plain q.k, which can be negative, and so can their sum. What are q'
    and k' made of?"""
    A = np.tril(Q @ K.T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def PHI_TWICE(Q, K, V):
    """phi was applied twice to queries and keys. phi(phi(x)) is another map, phi(x) + 1 throughout, since phi(x) is
    positive: count how often each array goes through phi."""
    A = np.tril(phi(phi(Q)) @ phi(phi(K)).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def PHI_OF_SCORES(Q, K, V):
    """phi was applied to the products q.k. It belongs to q and to k, each for itself: only then does the sum over the
    keys come apart from the query."""
    A = np.tril(phi(Q @ K.T))
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def RELU(Q, K, V):
    """The features are those of relu. The feature map asked for is phi(x) = elu(x) + 1, which is never 0."""
    A = np.tril(np.maximum(Q, 0) @ np.maximum(K, 0).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def EXP_EVERYWHERE(Q, K, V):
    """The features are those of exp. The feature map asked for is phi(x) = elu(x) + 1: a line above 0."""
    A = np.tril(np.exp(Q) @ np.exp(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong(looseness=1e-3)
def ELU_WITHOUT_ONE(Q, K, V):
    """The features are those of elu: the +1 is missing, so some features, and some weights, are negative."""
    A = np.tril((phi(Q) - 1) @ (phi(K) - 1).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def LINEAR_EQUALS_SOFTMAX(Q, K, V):
    """This is softmax attention, with its factor 1/sqrt(d). Linear attention replaces the weight exp(q.k) by
    phi(q).phi(k), and that is another number."""
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    A = np.tril(np.exp(scores))
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def SOFTMAX_UNSCALED(Q, K, V):
    """This is softmax attention (without a scale). Linear attention replaces the weight exp(q.k) by phi(q).phi(k),
    and that is another number."""
    A = np.tril(np.exp(Q @ K.T))
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def SOFTMAX_OF_FEATURES(Q, K, V):
    """phi is there, but a softmax was put on top. phi(q).phi(k) is the weight itself: divide by the sum of the
    weights, without another exp."""
    scores = phi(Q) @ phi(K).T
    A = np.tril(np.exp(scores - scores.max()))
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def NORMALISER_SEES_ALL(Q, K, V):
    """The numerator ends at position i, the denominator doesn't: it is summed over all keys. nu_i holds the keys 0..i
    only. With all values 1 the output should be 1 in every row."""
    A = phi(Q) @ phi(K).T
    return np.tril(A) @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def DIVIDES_BY_COUNT(Q, K, V):
    """Each row was divided by the number of its positions. The weights aren't 1 each: divide by what they add up to."""
    return np.tril(phi(Q) @ phi(K).T) @ V / np.arange(1, len(Q) + 1)[:, None]


@attention.wrong
def SCALED_BEFORE_PHI(Q, K, V):
    """A factor 1/sqrt(d) was put inside phi. No scale is asked for, and it doesn't cancel: phi(c*x) isn't c*phi(x)."""
    A = np.tril(phi(Q / np.sqrt(Q.shape[1])) @ phi(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def ANTI_CAUSAL(Q, K, V):
    """The mask is the wrong triangle: row i sees the positions from i on, and the last row only
    itself. Which row must equal V[0]?"""
    A = np.triu(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def EQUAL_WEIGHTS(Q, K, V):
    """This is the cumulative average of V: every position up to i has the same weight. Here value j counts with the
    weight phi(q_i).phi(k_j); print the weights of one row."""
    return np.cumsum(V, axis=0) / np.arange(1, len(V) + 1)[:, None]


@attention.wrong
def RECENCY_EVERYWHERE(Q, K, V):
    """Older pairs were made weaker at each step, by a factor 0.9. mu and nu are plain sums: what should the factor of
    an old pair be?"""
    q, k = phi(Q), phi(K)
    mu, nu, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros(K.shape[1]), []
    for i in range(len(Q)):
        mu = 0.9 * mu + np.outer(k[i], V[i])
        nu = 0.9 * nu + k[i]
        rows.append(q[i] @ mu / (q[i] @ nu))
    return np.array(rows)


@attention.wrong
def OVERWRITE_FOR_ACCUMULATE(Q, K, V):
    """These are the values themselves: each position saw nothing but itself. mu and nu are sums over all positions up
    to i, so row 1 is a mean of V[0] and V[1]."""
    return V * 1.0


@attention.wrong
def NU_OVERWRITTEN(Q, K, V):
    """Row i was divided by the weight of position i alone, though the numerator sums over 0..i. nu is a sum over the
    same positions as mu: with all values 1 the output should be 1."""
    A = phi(Q) @ phi(K).T
    return np.tril(A) @ V / np.diag(A)[:, None]


@attention.wrong
def QUERIES_AND_KEYS_SWAPPED(Q, K, V):
    """Queries and keys have exchanged their roles. Row i asks with q_i, and value j is stored under k_j: from which of
    your two arrays is the vector with the row's own index?"""
    A = np.tril(phi(K) @ phi(Q).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong
def COLUMNS_NORMALISED(Q, K, V):
    """The weights were divided by the sums of the columns, one for each key. It is the weights of one query, a
    row, that must add up to 1."""
    A = np.tril(phi(Q) @ phi(K).T)
    return A / A.sum(axis=0) @ V


@attention.wrong
def KEEPDIMS_FORGOTTEN(Q, K, V):
    """The sums of the rows are right, but as an array (n,) they were laid along the columns: column j was divided by
    the sum of row j. Print the shape of the divisor; which shape divides row i by number i?"""
    A = np.tril(phi(Q) @ phi(K).T)
    return A / A.sum(axis=1) @ V


@attention.wrong
def KEEPDIMS_FORGOTTEN_AT_THE_END(Q, K, V):
    """The right sums, but as an array (n,) they can't divide the rows of an array (n, d_v): numpy lays them along the
    columns, or raises an error. Print both shapes; which shape divides row i by number i?"""
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=1)


@attention.wrong
def COLUMN_SUMS_AT_THE_END(Q, K, V):
    """The divisor holds the sums of the columns (axis=0), one for each key. Row i must be divided by the sum of its own
    weights: along which axis do the keys of one query lie?"""
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=0)


@attention.wrong
def COLUMN_SUMS_FOR_ROW_SUMS(Q, K, V):
    """Row i was divided by the sum of column i (axis=0), in which later queries have a say. Row i must be divided by
    the sum of its own weights: along which axis do the keys of one query lie?"""
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=0)[:, None]


@attention.wrong
def PHI_ON_VALUES(Q, K, V):
    """phi was applied to the values too. It maps queries and keys only, so that row 0 of the output is V[0] as it
    stands."""
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ phi(V) / A.sum(axis=1, keepdims=True)


@attention.wrong
def FIRST_ROW_ONLY(Q, K, V):
    """Only the output of position 0 came back. One row for each position is asked for, n queries, n outputs: does your
    `return` stand inside the loop?"""
    return V[:1] * 1.0


@attention.wrong
def INNER_FOR_OUTER(Q, K, V):
    """One number, the inner product of k' and v, was added to all of mu (which fails where their lengths differ). k'^T
    v is d' times d_v numbers: print the shape of what you add."""
    mu, nu, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros(K.shape[1]), []
    for q, k, v in zip(phi(Q), phi(K), V, strict=True):
        mu, nu = mu + k.T @ v, nu + k
        rows.append(q @ mu / (q @ nu))
    return np.array(rows)


@attention.wrong
def OUTER_TRANSPOSED(Q, K, V):
    """The pairs were added to mu transposed (which fails where d and d_v differ). mu has a row for each feature and a
    column for each value entry: which of k' and v runs down its rows?"""
    mu, nu, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros(K.shape[1]), []
    for q, k, v in zip(phi(Q), phi(K), V, strict=True):
        mu, nu = mu + np.outer(v, k), nu + k
        rows.append(q @ mu / (q @ nu))
    return np.array(rows)


@attention.wrong
def NU_ENTRY_BY_ENTRY(Q, K, V):
    """The entries of q' were divided by those of nu, one by one. The divisor is one number, the sum of all weights that
    the query gives: with all values 1 the output should be 1. What is the shape of yours?"""
    mu, nu, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros(K.shape[1]), []
    for q, k, v in zip(phi(Q), phi(K), V, strict=True):
        mu, nu = mu + np.outer(k, v), nu + k
        rows.append(q / nu @ mu)
    return np.array(rows)


@attention.wrong
def BRACKETS_MISSING(Q, K, V):
    """Row i came out as one number, or not at all, as q @ mu / q @ nu gives it: Python works from left to right. Print
    the divisor by itself: what belongs into its brackets?"""
    mu, nu, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros(K.shape[1]), []
    for q, k, v in zip(phi(Q), phi(K), V, strict=True):
        mu, nu = mu + np.outer(k, v), nu + k
        rows.append(q @ mu / q @ nu)
    return np.array(rows)


@attention.wrong
def BRACKETS_MISSING_ROWS_FILLED(Q, K, V):
    """All entries of a row came out alike, as q @ mu / q @ nu gives one number for each row: Python works from left to
    right. Print the divisor by itself: what belongs into its brackets?"""
    mu, nu, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros(K.shape[1]), np.zeros(V.shape)
    for i, (q, k, v) in enumerate(zip(phi(Q), phi(K), V, strict=True)):
        mu, nu = mu + np.outer(k, v), nu + k
        rows[i] = q @ mu / q @ nu
    return rows


@attention.wrong
def SQUARE_STATE(Q, K, V):
    """Where d_v differs from d the sizes don't fit, as for a mu of shape (d, d). mu has a row for each feature and a
    column for each value entry: which shape has yours, and the array you write results into?"""
    mu, nu, rows = np.zeros((K.shape[1], K.shape[1])), np.zeros(K.shape[1]), []
    for q, k, v in zip(phi(Q), phi(K), V, strict=True):
        mu, nu = mu + np.outer(k, v), nu + k
        rows.append(q @ mu / (q @ nu))
    return np.array(rows)


@attention.wrong
def EACH_WEIGHT_CANCELLED(Q, K, V):
    """These are running sums of the values: each weight was divided by itself. Divide once, the whole sum, by the sum
    of the weights: with all values 1 the output should be 1."""
    return np.cumsum(V, axis=0) * 1.0


@attention.wrong
def DIVIDED_AT_EACH_PAIR(Q, K, V):
    """The sum so far was divided by the weight of each pair as it came, not once by the sum of all weights. With all
    values 1 the output should be 1: when is the last weight known?"""
    q, k = phi(Q), phi(K)
    rows = np.zeros(V.shape)
    for i in range(len(Q)):
        for j in range(i + 1):
            rows[i] = (rows[i] + (q[i] @ k[j]) * V[j]) / (q[i] @ k[j])
    return rows


@attention.wrong
def EACH_PAIR_HAS_ITS_OWN_QUERY(Q, K, V):
    """Pair j was weighted with the query of its own position, phi(q_j).phi(k_j). In row i all weights belong to query
    i: which query is known only when row i is due?"""
    weights = np.sum(phi(Q) * phi(K), axis=1)[:, None]
    return np.cumsum(weights * V, axis=0) / np.cumsum(weights, axis=0)


@attention.wrong
def FEATURES_ADDED_UP(Q, K, V):
    """The divisor is the sum of nu's entries. The weights depend on the query, and so must their sum: which one number
    do q' and nu make?"""
    return np.tril(phi(Q) @ phi(K).T) @ V / np.cumsum(phi(K).sum(axis=1))[:, None]


@attention.wrong
def KEYS_ONLY(Q, K, V):
    """The queries have no effect: value j counts with the sum of the features of key j. Which weight has it for query
    i?"""
    weights = phi(K).sum(axis=1)[:, None]
    return np.cumsum(weights * V, axis=0) / np.cumsum(weights, axis=0)


@attention.wrong
def ONLY_FINAL(Q, K, V):
    """Only the output of the last position came back. One row for each position is asked for: n queries, n outputs."""
    weights = phi(K) @ phi(Q[-1])
    return weights @ V / weights.sum()


@attention.wrong
def ONLY_WEIGHTS(Q, K, V):
    """These are the weights, an array (n, n). They are still to be multiplied with the values."""
    A = np.tril(phi(Q) @ phi(K).T)
    return A / A.sum(axis=1, keepdims=True)


@attention.wrong
def INTEGER_TRUNCATION(Q, K, V):
    """With integer values the fractions of the outputs are cut off, and a mean of integers has some. If you write into
    an array, print its dtype: which one has np.zeros_like(V)?"""
    result = np.zeros_like(V)
    for i in range(len(Q)):
        weights = phi(K[: i + 1]) @ phi(Q[i])
        result[i] = weights @ V[: i + 1] / weights.sum()
    return result


@attention.wrong
def MUTATES_INPUT(Q, K, V):
    """Q, K or V wasn't the same after the call. Whoever called still needs it: print all three before and after, and
    give features and outputs arrays of their own."""
    Q[:] = phi(Q)
    K[:] = phi(K)
    A = np.tril(Q @ K.T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.wrong(looseness=2e-3)
def EPS_TOO_LARGE(Q, K, V):
    """The outputs are right to a few digits only. Is the small number in your divisor larger than 1e-6, or is something
    rounded? phi is never 0, so none is needed."""
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / (A.sum(axis=1, keepdims=True) + 1e-3)


@attention.wrong
def EPS_MUCH_TOO_LARGE(Q, K, V):
    """Each output is somewhat too small, as with 0.01 added to the divisor: at most 1e-6 is allowed there. phi is never
    0, so what would happen without it?"""
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / (A.sum(axis=1, keepdims=True) + 1e-2)


@attention.wrong(looseness=1e-3)
def RELU_WITH_A_SMALL_NUMBER(Q, K, V):
    """The features are those of relu. The feature map asked for is phi(x) = elu(x) + 1, which is never 0."""
    A = np.tril(np.maximum(Q, 0) @ np.maximum(K, 0).T)
    return A @ V / (A.sum(axis=1, keepdims=True) + 1e-6)


@attention.wrong
def SOFTMAX_OF_MASKED_PRODUCTS(Q, K, V):
    """A softmax was taken of the masked products: exp comes on top of phi(q).phi(k), and it makes a weight of 1 of
    each masked 0. phi(q).phi(k) is the weight itself: what must a row of weights be divided by?"""
    A = np.tril(phi(Q) @ phi(K).T)
    A = np.exp(A - A.max(axis=1, keepdims=True))
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.right
def masked_matrix_product(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.right
def recurrence_in_mu_and_nu(Q, K, V):
    mu, nu, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros(K.shape[1]), []
    for q, k, v in zip(phi(Q), phi(K), V, strict=True):
        mu = mu + np.outer(k, v)
        nu = nu + k
        rows.append(q @ mu / (q @ nu))
    return rows


@attention.right
def einsum_with_a_mask(Q, K, V):
    n = len(Q)
    A = np.einsum("id,jd,ij->ij", phi(Q), phi(K), np.tri(n))
    return np.einsum("ij,jv->iv", A / np.einsum("ij->i", A)[:, None], V)


@attention.right
def cumulative_sums_of_outer_products(Q, K, V):
    q, k = phi(Q), phi(K)
    mu = np.cumsum(k[:, :, None] * V[:, None, :], axis=0)
    nu = np.cumsum(k, axis=0)
    return np.einsum("id,idv->iv", q, mu) / np.sum(q * nu, axis=1)[:, None]


@attention.right
def plain_loops_nested_lists(Q, K, V):
    q, k, v = np.asarray(phi(Q)).tolist(), np.asarray(phi(K)).tolist(), V.tolist()
    rows = []
    for i in range(len(q)):
        weights = [sum(a * b for a, b in zip(q[i], k[j], strict=True)) for j in range(i + 1)]
        total = sum(weights)
        rows.append([sum(w * v[j][c] for j, w in enumerate(weights)) / total for c in range(len(v[0]))])
    return rows


@attention.right
def chunks_of_three(Q, K, V):
    q, k = phi(Q), phi(K)
    mu, nu, blocks = 0.0 * k[:1].T @ V[:1], 0.0 * k[0], []
    for s in range(0, len(q), 3):
        a, b, v = q[s : s + 3], k[s : s + 3], V[s : s + 3]
        inside = np.tril(a @ b.T)
        blocks.append((a @ mu + inside @ v) / (a @ nu + inside.sum(axis=1))[:, None])
        mu, nu = mu + b.T @ v, nu + b.sum(axis=0)
    return np.concatenate(blocks)


@attention.right
def column_of_ones_carries_nu(Q, K, V):
    q, k = phi(Q), phi(K)
    state, rows = 0.0, []
    for i, v in enumerate(np.column_stack([V, np.ones(len(V))])):
        state = state + np.outer(k[i], v)
        read = q[i] @ state
        rows.append(read[:-1] / read[-1])
    return np.array(rows)


@attention.right
def phi_times_a_constant(Q, K, V):
    A = np.tril(7 * phi(Q) @ (7 * phi(K)).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.right
def sqrt_d_outside_phi_cancels(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T / np.sqrt(Q.shape[1]))
    return A / A.sum(axis=1)[:, None] @ V


@attention.right
def small_number_in_the_divisor(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / (A.sum(axis=1, keepdims=True) + 1e-6)


@attention.right
def float32_matrix_product(Q, K, V):
    q, k = phi(Q).astype(np.float32), phi(K).astype(np.float32)
    A = np.tril(q @ k.T)
    return A @ V.astype(np.float32) / A.sum(axis=1, keepdims=True)


@attention.right
def float32_recurrence(Q, K, V):
    q, k, v = (array.astype(np.float32) for array in (phi(Q), phi(K), V))
    mu, nu = np.zeros((k.shape[1], v.shape[1]), np.float32), np.zeros(k.shape[1], np.float32)
    rows = np.zeros_like(v)
    for i in range(len(q)):
        mu += k[i][:, None] * v[i]
        nu += k[i]
        rows[i] = q[i] @ mu / (q[i] @ nu)
    return rows


@attention.right
def feature_map_of_its_own(Q, K, V):
    def positive(x):
        return np.maximum(x, 0) + np.exp(np.minimum(x, 0))

    weights = positive(Q) @ positive(K).T
    return [np.average(V[: i + 1], axis=0, weights=weights[i, : i + 1]) for i in range(len(Q))]
