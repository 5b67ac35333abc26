"""The tasks of notebook 04: a feature map, linear attention over a whole text, as one step, and in chunks."""

import numpy as np

from autograder.task import Part, TaskSheet, Tolerance, case

feature_map = TaskSheet(
    "phi",
    points=3,
    hidden="one number, rows in blocks (three axes), zeros, integers, numbers as far out as -800 and 800, "
    "and that x is unchanged",
    cases=[
        case("five numbers", np.array([-1.5, -0.5, 0.0, 0.5, 2.0]), public=True),
        case("two rows of three", np.array([[-2.0, 0.0, 0.5], [3.0, -0.25, 1.0]]), public=True),
        case("one number", np.array([-0.75])),
        case("two blocks of rows", np.array([[[0.25, -3.0], [1.75, -0.1]], [[-1.0, 4.0], [0.0, -2.5]]])),
        case("all zeros", np.zeros((3, 2))),
        case("integers", np.array([[-3, -1, 0], [1, 2, 5]]), part="integers"),
        case("integers, the first is 0", np.array([0, -2, 4, -1]), part="integers"),
        case("far from 0", np.array([[-800.0, 800.0], [25.0, -30.0]]), part="far from 0"),
    ],
    parts=[
        Part("values", 1.5),
        Part("integers", 0.5, "With integer input the features must still hold fractions: phi(-1) is about 0.368."),
        Part("far from 0", 0.5, "At 800 or -800 something went wrong: exp(800) is more than a float can hold."),
        Part(
            "x unchanged", 0.5, "x was changed. Whoever called still needs it: build a new array.", aspect="unchanged"
        ),
    ],
)


@feature_map.misconception(
    "ELU_WITHOUT_ONE",
    "Some features are negative or 0: this is elu itself, the +1 is missing. "
    "A negative feature could make a weight, or a sum of weights, negative.",
)
def phi(x):
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)


@feature_map.misconception(
    "RELU",
    "This is relu. It makes features that are exactly 0, and a query that has only those gives every pair the "
    "weight 0. What should come out at x = -1?",
)
def phi(x):
    return np.maximum(x, 0.0)


@feature_map.misconception(
    "EXP_EVERYWHERE",
    "This is exp for all x. Above 0 the features should grow along a line: compare your value at x = 2 with 2 + 1.",
)
def phi(x):
    return np.exp(x)


@feature_map.misconception(
    "SOFTPLUS",
    "This is softplus, log(1 + exp(x)): smooth and positive too, but another curve. At x = 0, 1 is asked for.",
)
def phi(x):
    return np.log1p(np.exp(x))


@feature_map.misconception(
    "LINE_EVERYWHERE",
    "This is x + 1 for all x, which is negative below -1. For x <= 0 another rule is asked for: "
    "which one stays positive?",
)
def phi(x):
    return x + 1.0


@feature_map.misconception(
    "FLAT_BELOW_ZERO",
    "Below 0 your features stay at 1. They should fall towards 0, so that keys with different negative entries differ.",
)
def phi(x):
    return np.maximum(x, 0.0) + 1


@feature_map.misconception(
    "SIGMOID",
    "This is the sigmoid, which never exceeds 1. Above 0 the features should grow: x = 2 gives 3.",
)
def phi(x):
    return 1 / (1 + np.exp(-x))


@feature_map.misconception(
    "ABSOLUTE_VALUE",
    "This is |x|: -2 and 2 get the same feature, and 0 gets 0. Compute x = -2, 0 and 2 by the definition.",
)
def phi(x):
    return np.abs(x)


@feature_map.misconception(
    "INTEGER_TRUNCATION",
    "With integer input the fractions are cut off: exp(-1) became 0. The array that you fill has the dtype of x; "
    "make it a float array.",
)
def phi(x):
    result = x.copy()
    result[x > 0] = x[x > 0] + 1
    result[x <= 0] = np.exp(x[x <= 0])
    return result


@feature_map.misconception(
    "MUTATES_INPUT",
    "x was changed in place. Queries and keys are still needed by whoever called: fill a new array.",
)
def phi(x):
    negative = x <= 0
    x[negative] = np.exp(x[negative])
    x[~negative] += 1
    return x


@feature_map.misconception(
    "OVERFLOW",
    "Right near 0, but nan at x = 800: there exp(x) is inf, and inf times 0 is not 0 but nan. "
    "Choose between the two branches in place of multiplying by 0 and 1, or keep positive numbers out of exp.",
)
def phi(x):
    return (x > 0) * (x + 1) + (x <= 0) * np.exp(x)


@feature_map.misconception(
    "BRANCHES_SWAPPED",
    "The two branches are exchanged: above 0 the line is asked for, below 0 the exponential. "
    "Try x = -2: is it positive?",
)
def phi(x):
    return np.where(x > 0, np.exp(np.minimum(x, 700)), x + 1.0)


@feature_map.misconception(
    "ONE_MISSING_ABOVE_ZERO",
    "Above 0 the +1 is missing, so the curve jumps: just below 0 it is 1, just above it is 0.",
)
def phi(x):
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)))


@feature_map.misconception(
    "ONE_ADDED_TWICE",
    "Below 0 there is a 1 too many. elu(x) is exp(x) - 1 there, and then 1 is added: what is left?",
)
def phi(x):
    return np.where(x > 0, x + 1.0, np.exp(np.minimum(x, 0)) + 1)


@feature_map.misconception(
    "SCALARS_ONLY",
    "It works for one number only: `if x > 0` can't be answered for an array, in which some entries are positive and "
    "others aren't. Look for a numpy function that chooses entry by entry.",
)
def phi(x):
    if x > 0:
        return x + 1
    return np.exp(x)


@feature_map.misconception(
    "SHAPE_LOST",
    "Right numbers in a flat list: the result must have the shape of x.",
)
def phi(x):
    return np.array([value + 1 if value > 0 else np.exp(value) for value in x.ravel()])


@feature_map.misconception(
    "FLOAT32_PRECISION",
    "Right to about 7 digits only: a float32 (or a rounding) was used. Keep float64, numpy's default.",
    looseness=1e-5,
)
def phi(x):
    x = x.astype(np.float32)
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


@feature_map.accepts("where, the argument of exp limited")
def phi(x):
    return np.where(x > 0, x + 1.0, np.exp(np.minimum(x, 0)))


@feature_map.accepts("where, with an overflow in the branch that isn't taken")
def phi(x):
    return np.where(x > 0, x + 1, np.exp(x))


@feature_map.accepts("a sum of two halves")
def phi(x):
    return np.maximum(x, 0) + np.exp(np.minimum(x, 0))


@feature_map.accepts("boolean masks on a float copy")
def phi(x):
    result = x.astype(float)
    negative = result < 0
    result[negative] = np.exp(result[negative])
    result[~negative] += 1
    return result


@feature_map.accepts("elu by expm1, plus 1")
def phi(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0))) + 1


@feature_map.accepts("one number at a time")
def phi(x):
    import math

    flat = [value + 1 if value > 0 else math.exp(value) for value in x.ravel().tolist()]
    return np.array(flat).reshape(x.shape)


@feature_map.accepts("row by row, by recursion")
def phi(x):
    import math

    if np.ndim(x) > 0:
        return np.array([phi(part) for part in x])
    return float(x) + 1 if x > 0 else math.exp(x)


@feature_map.accepts("np.vectorize")
def phi(x):
    return np.vectorize(lambda value: value + 1.0 if value > 0 else float(np.exp(value)))(x)


@feature_map.accepts("np.piecewise on floats")
def phi(x):
    return np.piecewise(x.astype(float), [x > 0], [lambda part: part + 1, np.exp])


# The worked example of the notebook: the features are (2, 1) and (1, 3) for the keys, (3, 1) for the last query.
QUERIES = np.array([[0.0, 1.0], [2.0, 0.0]])
KEYS = np.array([[1.0, 0.0], [0.0, 2.0]])
VALUES = np.array([[2.0, 13.0], [15.0, 0.0]])

# No expected number but an exact 0 is nearer to 0 than 0.05, and no sum of weights is below 0.3: that leaves float32
# and a small number in the divisor well within the tolerance.
Q5 = np.array([[0.9, -0.4, 0.3], [-1.2, 0.8, 1.5], [0.2, -0.9, -0.6], [1.4, 0.1, -1.1], [-0.5, 2.0, 0.7]])
K5 = np.array([[-0.7, 1.1, 0.4], [1.6, -0.3, -1.3], [0.5, 0.9, -0.8], [-1.0, -0.2, 1.8], [0.6, -1.4, 0.1]])
V5 = np.array([[4.0, 1.0], [-3.0, 2.5], [6.0, -1.5], [1.0, 7.0], [-8.0, 3.0]])
Q7 = np.array(
    [
        [0.3, 1.7, -0.8],
        [-0.6, 0.4, 2.1],
        [1.2, -1.5, 0.5],
        [0.0, 0.9, -0.3],
        [-1.1, -0.7, 1.3],
        [2.2, 0.6, -0.4],
        [-0.2, -1.9, 0.8],
    ]
)
K7 = np.array(
    [
        [1.0, -0.6, 0.7],
        [-1.3, 0.2, 1.9],
        [0.4, 1.5, -0.9],
        [-0.1, -0.8, 0.6],
        [1.8, 0.3, -1.2],
        [-0.5, 2.3, 0.0],
        [0.9, -1.0, -0.7],
    ]
)
V7 = np.array(
    [
        [2.0, 9.0, -4.0],
        [7.0, 1.0, -6.0],
        [3.0, 8.0, -2.0],
        [10.0, 4.0, -1.0],
        [1.0, 12.0, -9.0],
        [5.0, 2.0, -3.0],
        [8.0, 6.0, -7.0],
    ]
)
MANY = np.random.default_rng(4)
Q200, K200 = MANY.normal(size=(200, 4)).round(2), MANY.normal(size=(200, 4)).round(2)
V200 = (5 + MANY.normal(size=(200, 2))).round(2)

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
        case("seven positions, three columns everywhere", Q7, K7, V7),
        case("one position", np.array([[0.4, -0.8]]), np.array([[1.5, -0.3]]), np.array([[6.0, -2.0, 0.0]])),
        case("one column each", Q7[:, :1] / 2, K7[:, 1:2] / 2, V7[:, 2:]),
        case("more value columns than features", Q5[:, :2], K5[:, 1:], 20 + np.arange(20.0).reshape(5, 4) ** 1.5),
        case("values are all 1", K7, Q7, np.ones((7, 2))),
        case("equal keys", Q5, np.tile([0.7, -0.2, 1.1], (5, 1)), np.array([[3.0], [1.0], [8.0], [-4.0], [7.0]])),
        case("queries and keys of zeros", np.zeros((4, 2)), np.zeros((4, 2)), np.array([[0.0], [6.0], [3.0], [-5.0]])),
        case("200 positions", Q200, K200, V200),
        case(
            "integers",
            np.array([[1, -1], [0, 2], [-2, 3], [1, 1]]),
            np.array([[0, 1], [2, -1], [1, 1], [-1, 0]]),
            np.array([[3, 10], [8, 5], [1, 7], [6, 2]]),
            part="integers",
        ),
        case("integer values only", Q5, K5, np.array([[3], [10], [1], [8], [5]]), part="integers"),
    ],
    parts=[
        Part("values", 3.5),
        Part("integers", 0.5, "With integer arrays the outputs must still hold fractions."),
        Part(
            "arguments unchanged",
            1,
            "Q, K or V was changed. Whoever called still needs it: build new arrays.",
            aspect="unchanged",
        ),
    ],
)


@attention.misconception(
    "FUTURE_LEAK",
    "Each row uses all positions, also later ones. When row i is due, those aren't there yet: the sums end at j = i.",
)
def linear_attention(Q, K, V):
    A = phi(Q) @ phi(K).T
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "NORMALISER_FORGOTTEN",
    "These are weighted sums, not weighted means: they grow with the text. Set every value to 1: the output "
    "should then be 1. What must each row be divided by?",
)
def linear_attention(Q, K, V):
    return np.tril(phi(Q) @ phi(K).T) @ V


@attention.misconception(
    "EXCLUDES_CURRENT",
    "Row i leaves out position i itself, so row 0 is 0/0. The sums run to j = i, with i among them: "
    "row 0 must equal V[0].",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T, k=-1)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "READS_BEFORE_WRITING",
    "Row i leaves out position i itself, and row 0 is 0: each output was read before the pair of its own position was "
    "written into mu and nu. Row 0 must equal V[0].",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T, k=-1)
    return A @ V / (A.sum(axis=1, keepdims=True) + 1e-9)


@attention.misconception(
    "PEEKS_ONE_AHEAD",
    "Row i uses position i+1 too: the mask is one diagonal too wide, or a slice ends one too late. "
    "Row 0 must equal V[0].",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T, k=1)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "PHI_MISSING_ON_QUERIES",
    "phi was applied to the keys only. A raw query has negative entries, and so would the weights.",
)
def linear_attention(Q, K, V):
    A = np.tril(Q @ phi(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "PHI_MISSING_ON_KEYS",
    "phi was applied to the queries only. A raw key has negative entries, and so would the weights.",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ K.T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "PHI_MISSING",
    "phi wasn't applied at all: the weights are plain q.k, which can be negative, and so can their sum.",
)
def linear_attention(Q, K, V):
    A = np.tril(Q @ K.T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "PHI_OF_SCORES",
    "phi was applied to the products q.k. It belongs to q and to k, each for itself: only then does the sum over "
    "the keys come apart from the query.",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q @ K.T))
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "RELU",
    "The features are those of relu. The feature map asked for is phi(x) = elu(x) + 1, which is never 0.",
)
def linear_attention(Q, K, V):
    A = np.tril(np.maximum(Q, 0) @ np.maximum(K, 0).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "EXP_EVERYWHERE",
    "The features are those of exp. The feature map asked for is phi(x) = elu(x) + 1: a line above 0.",
)
def linear_attention(Q, K, V):
    A = np.tril(np.exp(Q) @ np.exp(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "ELU_WITHOUT_ONE",
    "The features are those of elu: the +1 is missing, so some features, and some weights, are negative.",
)
def linear_attention(Q, K, V):
    A = np.tril((phi(Q) - 1) @ (phi(K) - 1).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "LINEAR_EQUALS_SOFTMAX",
    "This is softmax attention, with its factor 1/sqrt(d). Linear attention replaces the weight exp(q.k) by "
    "phi(q).phi(k), and that is another number.",
)
def linear_attention(Q, K, V):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    A = np.tril(np.exp(scores))
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "SOFTMAX_UNSCALED",
    "This is softmax attention (without a scale). Linear attention replaces the weight exp(q.k) by phi(q).phi(k), "
    "and that is another number.",
)
def linear_attention(Q, K, V):
    A = np.tril(np.exp(Q @ K.T))
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "SOFTMAX_OF_FEATURES",
    "phi is there, but a softmax was put on top. phi(q).phi(k) is the weight itself: divide by the sum of the weights, "
    "without another exp.",
)
def linear_attention(Q, K, V):
    scores = phi(Q) @ phi(K).T
    A = np.tril(np.exp(scores - scores.max()))
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "NORMALISER_SEES_ALL",
    "The numerator ends at position i, the denominator doesn't: it is summed over all keys. nu_i holds the keys "
    "0..i only. With all values 1 the output should be 1 in every row.",
)
def linear_attention(Q, K, V):
    A = phi(Q) @ phi(K).T
    return np.tril(A) @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "DIVIDES_BY_COUNT",
    "Each row was divided by the number of its positions. The weights aren't 1 each: divide by what they add up to.",
)
def linear_attention(Q, K, V):
    return np.tril(phi(Q) @ phi(K).T) @ V / np.arange(1, len(Q) + 1)[:, None]


@attention.misconception(
    "SCALED_BEFORE_PHI",
    "A factor 1/sqrt(d) was put inside phi. No scale is asked for, and it doesn't cancel: phi(c*x) isn't c*phi(x).",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q / np.sqrt(Q.shape[1])) @ phi(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "ANTI_CAUSAL",
    "The mask is the wrong triangle: row i sees the positions from i on, and the last row only itself. "
    "Which row must equal V[0]?",
)
def linear_attention(Q, K, V):
    A = np.triu(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "EQUAL_WEIGHTS",
    "Queries and keys have no effect: this is the cumulative average of V. Here value j counts with the weight "
    "phi(q_i).phi(k_j).",
)
def linear_attention(Q, K, V):
    return np.cumsum(V, axis=0) / np.arange(1, len(V) + 1)[:, None]


@attention.misconception(
    "RECENCY_EVERYWHERE",
    "Older pairs were made weaker at each step. mu and nu are plain sums: nothing fades.",
)
def linear_attention(Q, K, V):
    q, k = phi(Q), phi(K)
    mu, nu, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros(K.shape[1]), []
    for i in range(len(Q)):
        mu = 0.9 * mu + np.outer(k[i], V[i])
        nu = 0.9 * nu + k[i]
        rows.append(q[i] @ mu / (q[i] @ nu))
    return np.array(rows)


@attention.misconception(
    "OVERWRITE_FOR_ACCUMULATE",
    "V itself came back: mu and nu held the newest pair only, so each position saw nothing but itself. Add to them.",
)
def linear_attention(Q, K, V):
    return V * 1.0


@attention.misconception(
    "NU_OVERWRITTEN",
    "mu accumulates, nu doesn't: the divisor holds the newest key only. Both are sums over 0..i.",
)
def linear_attention(Q, K, V):
    A = phi(Q) @ phi(K).T
    return np.tril(A) @ V / np.diag(A)[:, None]


@attention.misconception(
    "QUERIES_AND_KEYS_SWAPPED",
    "Queries and keys have exchanged their roles: row i belongs to query i, and value j is weighted by its key j.",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(K) @ phi(Q).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "COLUMNS_NORMALISED",
    "The weights were divided by the sums of the columns, one for each key. It is the weights of one query, "
    "a row, that must add up to 1.",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A / A.sum(axis=0) @ V


@attention.misconception(
    "KEEPDIMS_FORGOTTEN",
    "The sums of the rows are right, but as an array (n,) they were laid along the columns: column j was "
    "divided by the sum of row j. Print the shape of the divisor; which shape divides row i by number i?",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A / A.sum(axis=1) @ V


@attention.misconception(
    "KEEPDIMS_FORGOTTEN_AT_THE_END",
    "The right sums, but as an array (n,) they can't divide the rows of an array (n, d_v): numpy lays them along the "
    "columns, or raises an error. Print both shapes; which shape divides row i by number i?",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=1)


@attention.misconception(
    "COLUMN_SUMS_AT_THE_END",
    "The divisor holds the sums of the columns (axis=0), one for each key. Row i must be divided by the sum of its own "
    "weights: along which axis do the keys of one query lie?",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=0)


@attention.misconception(
    "COLUMN_SUMS_FOR_ROW_SUMS",
    "Row i was divided by the sum of column i (axis=0), in which later queries have a say. Row i must be divided by "
    "the sum of its own weights: along which axis do the keys of one query lie?",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=0)[:, None]


@attention.misconception(
    "PHI_ON_VALUES",
    "phi was applied to the values too. It maps queries and keys only; the values are averaged as they are.",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ phi(V) / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "ONLY_FINAL",
    "Only the output of the last position came back. One row for each position is asked for: n queries, n outputs.",
)
def linear_attention(Q, K, V):
    weights = phi(K) @ phi(Q[-1])
    return weights @ V / weights.sum()


@attention.misconception(
    "ONLY_WEIGHTS",
    "These are the weights, an array (n, n). They are still to be multiplied with the values.",
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "INTEGER_TRUNCATION",
    "Right for floats, but with integer values the fractions are cut off: "
    "look at the dtype of the array you write into.",
)
def linear_attention(Q, K, V):
    result = np.zeros_like(V)
    for i in range(len(Q)):
        weights = phi(K[: i + 1]) @ phi(Q[i])
        result[i] = weights @ V[: i + 1] / weights.sum()
    return result


@attention.misconception(
    "MUTATES_INPUT",
    "An argument was changed: the features were written over Q and K. Give the features arrays of their own.",
)
def linear_attention(Q, K, V):
    Q[:] = phi(Q)
    K[:] = phi(K)
    A = np.tril(Q @ K.T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.misconception(
    "EPS_TOO_LARGE",
    "Right to a few digits only: is the small number in your divisor larger than 1e-6, or is something rounded? "
    "phi is never 0, so none is needed.",
    looseness=2e-3,
)
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / (A.sum(axis=1, keepdims=True) + 1e-3)


@attention.accepts("masked matrix product")
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.accepts("recurrence in mu and nu")
def linear_attention(Q, K, V):
    mu, nu, rows = np.zeros((K.shape[1], V.shape[1])), np.zeros(K.shape[1]), []
    for q, k, v in zip(phi(Q), phi(K), V, strict=True):
        mu = mu + np.outer(k, v)
        nu = nu + k
        rows.append(q @ mu / (q @ nu))
    return rows


@attention.accepts("einsum, with a mask")
def linear_attention(Q, K, V):
    n = len(Q)
    A = np.einsum("id,jd,ij->ij", phi(Q), phi(K), np.tri(n))
    return np.einsum("ij,jv->iv", A / np.einsum("ij->i", A)[:, None], V)


@attention.accepts("cumulative sums of the outer products")
def linear_attention(Q, K, V):
    q, k = phi(Q), phi(K)
    mu = np.cumsum(k[:, :, None] * V[:, None, :], axis=0)
    nu = np.cumsum(k, axis=0)
    return np.einsum("id,idv->iv", q, mu) / np.sum(q * nu, axis=1)[:, None]


@attention.accepts("plain loops, nested lists")
def linear_attention(Q, K, V):
    q, k, v = np.asarray(phi(Q)).tolist(), np.asarray(phi(K)).tolist(), V.tolist()
    rows = []
    for i in range(len(q)):
        weights = [sum(a * b for a, b in zip(q[i], k[j], strict=True)) for j in range(i + 1)]
        total = sum(weights)
        rows.append([sum(w * v[j][c] for j, w in enumerate(weights)) / total for c in range(len(v[0]))])
    return rows


@attention.accepts("chunks of three")
def linear_attention(Q, K, V):
    q, k = phi(Q), phi(K)
    mu, nu, blocks = 0.0 * k[:1].T @ V[:1], 0.0 * k[0], []
    for s in range(0, len(q), 3):
        a, b, v = q[s : s + 3], k[s : s + 3], V[s : s + 3]
        inside = np.tril(a @ b.T)
        blocks.append((a @ mu + inside @ v) / (a @ nu + inside.sum(axis=1))[:, None])
        mu, nu = mu + b.T @ v, nu + b.sum(axis=0)
    return np.concatenate(blocks)


@attention.accepts("a column of ones carries nu")
def linear_attention(Q, K, V):
    q, k = phi(Q), phi(K)
    state, rows = 0.0, []
    for i, v in enumerate(np.column_stack([V, np.ones(len(V))])):
        state = state + np.outer(k[i], v)
        read = q[i] @ state
        rows.append(read[:-1] / read[-1])
    return np.array(rows)


@attention.accepts("phi times a constant")
def linear_attention(Q, K, V):
    A = np.tril(7 * phi(Q) @ (7 * phi(K)).T)
    return A @ V / A.sum(axis=1, keepdims=True)


@attention.accepts("1/sqrt(d) outside phi, where it cancels")
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T / np.sqrt(Q.shape[1]))
    return A / A.sum(axis=1)[:, None] @ V


@attention.accepts("1e-6 in the divisor")
def linear_attention(Q, K, V):
    A = np.tril(phi(Q) @ phi(K).T)
    return A @ V / (A.sum(axis=1, keepdims=True) + 1e-6)


@attention.accepts("float32")
def linear_attention(Q, K, V):
    q, k = phi(Q).astype(np.float32), phi(K).astype(np.float32)
    A = np.tril(q @ k.T)
    return A @ V.astype(np.float32) / A.sum(axis=1, keepdims=True)


@attention.accepts("float32 recurrence")
def linear_attention(Q, K, V):
    q, k, v = (array.astype(np.float32) for array in (phi(Q), phi(K), V))
    mu, nu = np.zeros((k.shape[1], v.shape[1]), np.float32), np.zeros(k.shape[1], np.float32)
    rows = np.zeros_like(v)
    for i in range(len(q)):
        mu += k[i][:, None] * v[i]
        nu += k[i]
        rows[i] = q[i] @ mu / (q[i] @ nu)
    return rows


@attention.accepts("a feature map of its own, np.average over each prefix")
def linear_attention(Q, K, V):
    def positive(x):
        return np.maximum(x, 0) + np.exp(np.minimum(x, 0))

    weights = positive(Q) @ positive(K).T
    return [np.average(V[: i + 1], axis=0, weights=weights[i, : i + 1]) for i in range(len(Q))]


one_step = TaskSheet(
    "linear_attention_step",
    points=4,
    uses=("phi",),
    tolerance=Tolerance(1e-5, "values"),
    hidden="other states, d equal to d_v and different from d_v, one column, the very first step (mu and nu all 0), "
    "values that are 0, integers, and that no argument is changed",
    cases=[
        case(
            "the worked example",
            np.array([[4.0, 26.0], [2.0, 13.0]]),
            np.array([2.0, 1.0]),
            np.array([2.0, 0.0]),
            np.array([0.0, 2.0]),
            np.array([15.0, 0.0]),
            public=True,
        ),
        case(
            "three features, two value columns",
            np.array([[1.5, -2.0], [0.5, 3.0], [4.0, -1.0]]),
            np.array([2.5, 1.0, 3.5]),
            np.array([0.6, -1.2, 0.3]),
            np.array([-0.4, 1.1, -0.8]),
            np.array([7.0, -3.0]),
            public=True,
        ),
        case(
            "three of both",
            np.array([[2.0, 1.0, 5.0], [0.5, 4.0, 1.5], [3.0, 2.5, 0.25]]),
            np.array([1.75, 3.0, 0.5]),
            np.array([-0.7, 0.9, 1.6]),
            np.array([1.3, -0.5, 0.2]),
            np.array([6.0, 2.0, 9.0]),
        ),
        case(
            "one feature, three value columns",
            np.array([[3.0, -1.0, 8.0]]),
            np.array([1.5]),
            np.array([-0.3]),
            np.array([0.4]),
            np.array([-2.0, 6.0, 1.0]),
        ),
        case(
            "three features, one value column",
            np.array([[2.0], [-1.5], [4.0]]),
            np.array([1.0, 2.0, 0.75]),
            np.array([0.2, 1.4, -0.6]),
            np.array([-1.0, 0.3, 2.0]),
            np.array([5.0]),
        ),
        case(
            "the first step",
            np.zeros((2, 3)),
            np.zeros(2),
            np.array([-0.5, 0.8]),
            np.array([0.7, -1.1]),
            np.array([4.0, -6.0, 2.0]),
        ),
        case(
            "all values so far were 0",
            np.zeros((2, 2)),
            np.array([2.5, 0.5]),
            np.array([1.0, -0.4]),
            np.array([-0.9, 0.6]),
            np.array([8.0, 3.0]),
        ),
        case(
            "zeros in q, k and v",
            np.array([[1.0, 0.0], [0.0, 5.0]]),
            np.array([1.0, 3.0]),
            np.array([0.0, 0.0]),
            np.array([0.0, 1.5]),
            np.array([0.0, 0.0]),
        ),
        case(
            "integers",
            np.array([[5, 2], [1, 7]]),
            np.array([3, 2]),
            np.array([-1, 1]),
            np.array([2, -2]),
            np.array([4, 9]),
            part="integers",
        ),
        case(
            "integers, the first step",
            np.zeros((2, 2), dtype=int),
            np.zeros(2, dtype=int),
            np.array([1, 0]),
            np.array([-1, 1]),
            np.array([3, 5]),
            part="integers",
        ),
    ],
    parts=[
        Part("values", 2.5),
        Part("integers", 0.5, "With integer arrays mu, nu and the output must still hold fractions."),
        Part(
            "arguments unchanged",
            1,
            "An argument was changed. Whoever kept the old state, to go on from it later, has lost it: "
            "return new arrays.",
            aspect="unchanged",
        ),
    ],
)


@one_step.misconception(
    "READS_BEFORE_WRITING",
    "The output was read from the old state, before the new pair was written. Position i sees itself: at the very "
    "first step the output is v.",
)
def linear_attention_step(mu, nu, q, k, v):
    out = phi(q) @ mu / (phi(q) @ nu)
    return mu + np.outer(phi(k), v), nu + phi(k), out


@one_step.misconception(
    "OUTER_TRANSPOSED",
    "The term added to mu is transposed. mu has a row for each feature and a column for each value entry, so k' runs "
    "down the rows.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(v, phi(k)), nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "OVERWRITE_FOR_ACCUMULATE",
    "The old state is gone: mu and nu hold the newest pair alone. They are sums over all positions; add to them.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = np.outer(phi(k), v), phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "NU_NOT_UPDATED",
    "mu was updated, nu wasn't: the new key's weight is in the numerator, but not in the divisor.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu = mu + np.outer(phi(k), v)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "NU_OVERWRITTEN",
    "mu accumulates, nu doesn't: it holds the newest key only. Both are sums over all positions so far.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(phi(k), v), phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "NORMALISER_READS_OLD_NU",
    "The new nu is right, but the output was divided by means of the old one. Numerator and divisor must stand for the "
    "same positions.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu = mu + np.outer(phi(k), v)
    return mu, nu + phi(k), phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "NORMALISER_FORGOTTEN",
    "The state is right, the output is q' mu: a weighted sum of the values. What makes a mean of it?",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) @ mu


@one_step.misconception(
    "DIVIDES_BY_SUM_OF_NU",
    "The output was divided by the sum of nu's entries. The weights depend on the query, and so must their sum.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) @ mu / nu.sum()


@one_step.misconception(
    "PHI_MISSING_ON_KEYS",
    "phi was not applied to k. q and k arrive raw; the state is a sum of features.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(k, v), nu + k
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "PHI_MISSING_ON_QUERIES",
    "The state is right, but it was read with the raw q. q and k both arrive raw: what must happen to q first?",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, q @ mu / (q @ nu)


@one_step.misconception(
    "PHI_MISSING",
    "phi was applied neither to q nor to k. Both arrive raw; weights are made of features.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(k, v), nu + k
    return mu, nu, q @ mu / (q @ nu)


@one_step.misconception(
    "PHI_ON_VALUES",
    "phi was applied to v too. Only q and k are mapped; the values are averaged as they are.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(phi(k), phi(v)), nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "ELEMENTWISE_FOR_OUTER",
    "k' and v were multiplied entry by entry. k'^T v is an outer product: d' times d_v numbers, one for each feature "
    "and each value entry. What should mu gain when k' = (2, 1) and v = (3, 4)?",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + phi(k) * v, nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "INNER_FOR_OUTER",
    "One number was added to all of mu: k.T @ v of two 1-D arrays is one number (or an error, if their lengths "
    "differ); the outer product is np.outer(k, v).",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + phi(k).T @ v, nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "QUERIES_AND_KEYS_SWAPPED",
    "Query and key have exchanged their roles: the key is written into the state, the query reads from it.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(phi(q), v), nu + phi(q)
    return mu, nu, phi(k) @ mu / (phi(k) @ nu)


@one_step.misconception(
    "RETURNS_OLD_STATE",
    "The output is right, but the old mu and nu came back: the next step would start without this pair.",
)
def linear_attention_step(mu, nu, q, k, v):
    new_mu, new_nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) @ new_mu / (phi(q) @ new_nu)


@one_step.misconception(
    "ONLY_OUTPUT",
    "Only the output came back. The next step needs the new mu and nu too: return three things.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return phi(q) @ mu / (phi(q) @ nu)


@one_step.misconception(
    "OUTPUT_FIRST",
    "The three results are right, in another order: mu, nu, and then the output are asked for.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return phi(q) @ mu / (phi(q) @ nu), mu, nu


@one_step.misconception(
    "INTEGER_TRUNCATION",
    "Right for floats, but with an integer state the fractions are cut off: the features were written into an array "
    "with the dtype of mu or nu.",
)
def linear_attention_step(mu, nu, q, k, v):
    new_mu, new_nu = mu.copy(), nu.copy()
    new_mu[:] = mu + np.outer(phi(k), v)
    new_nu[:] = nu + phi(k)
    return new_mu, new_nu, phi(q) @ new_mu / (phi(q) @ new_nu)


@one_step.misconception(
    "MUTATES_INPUT",
    "mu or nu was changed in place (+=). Whoever kept the old state, to go on from it later, has lost it.",
)
def linear_attention_step(mu, nu, q, k, v):
    mu += np.outer(phi(k), v)
    nu += phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.accepts("np.outer")
def linear_attention_step(mu, nu, q, k, v):
    feature = phi(k)
    mu, nu = mu + np.outer(feature, v), nu + feature
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.accepts("broadcasting, a list of three")
def linear_attention_step(mu, nu, q, k, v):
    new = [mu + phi(k)[:, None] * v[None, :], nu + phi(k)]
    return [*new, phi(q).dot(new[0]) / phi(q).dot(new[1])]


@one_step.accepts("einsum")
def linear_attention_step(mu, nu, q, k, v):
    mu = mu + np.einsum("i,j->ij", phi(k), v)
    nu = nu + phi(k)
    return mu, nu, np.einsum("i,ij->j", phi(q), mu) / np.einsum("i,i->", phi(q), nu)


@one_step.accepts("in place on float copies, 1e-6 in the divisor")
def linear_attention_step(mu, nu, q, k, v):
    mu, nu = mu.astype(float), nu.astype(float)
    mu += np.outer(phi(k), v)
    nu += phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu + 1e-6)


@one_step.accepts("plain loops")
def linear_attention_step(mu, nu, q, k, v):
    a, b = phi(q), phi(k)
    mu = [[mu[f][c] + b[f] * v[c] for c in range(len(v))] for f in range(len(b))]
    nu = [nu[f] + b[f] for f in range(len(b))]
    total = sum(a[f] * nu[f] for f in range(len(a)))
    return mu, nu, [sum(a[f] * mu[f][c] for f in range(len(a))) / total for c in range(len(v))]


@one_step.accepts("one matrix with nu as its last column")
def linear_attention_step(mu, nu, q, k, v):
    state = np.column_stack([mu, nu]) + np.outer(phi(k), np.append(v, 1))
    read = phi(q) @ state
    return state[:, :-1], state[:, -1], read[:-1] / read[-1]


@one_step.accepts("float32")
def linear_attention_step(mu, nu, q, k, v):
    mu, nu, a, b, v = (np.asarray(array, dtype=np.float32) for array in (mu, nu, phi(q), phi(k), v))
    mu, nu = mu + np.outer(b, v), nu + b
    return mu, nu, a @ mu / (a @ nu)


Q_WORKED, K_WORKED, V_WORKED = (
    np.array([[1.0], [2.0], [1.0]]),
    np.array([[2.0], [1.0], [3.0]]),
    np.array([[1.0], [4.0], [2.0]]),
)
FEATURES_Q = np.array([[1.0, 0.5], [0.0, 2.0], [3.0, 1.0], [0.5, 0.0], [2.0, 2.5], [1.5, 0.25], [0.75, 3.0]])
FEATURES_K = np.array([[2.0, 0.0], [0.5, 1.0], [1.0, 3.0], [0.0, 0.5], [2.5, 1.5], [1.0, 0.25], [0.25, 2.0]])
CHUNK_VALUES = np.array(
    [
        [1.0, -2.0, 4.0],
        [0.0, 3.0, -1.0],
        [5.0, 0.5, 2.0],
        [-3.0, 1.0, 0.0],
        [2.0, -4.0, 6.0],
        [7.0, 0.0, -5.0],
        [-1.0, 2.5, 3.0],
    ]
)
Q300, K300, V300 = (MANY.normal(size=(300, columns)).round(1) for columns in (3, 3, 2))
WHOLE = np.array([[2, 1], [0, 3], [1, 1], [4, 0], [1, 2]])

chunked = TaskSheet(
    "linear_attention_chunked",
    points=4,
    hidden="chunk = 1, chunk = n, chunk larger than n, chunks that don't divide n, one position, d equal to d_v and "
    "different from d_v, features that are 0 or negative, integers, 300 positions, and that Q, K and V are unchanged",
    cases=[
        case("the worked example", Q_WORKED, K_WORKED, V_WORKED, 2, public=True, part="any chunk"),
        case("six positions, chunk = 2", FEATURES_Q[:6], FEATURES_K[:6], CHUNK_VALUES[:6], 2, public=True),
        case("seven positions, chunk = 3", FEATURES_Q, FEATURES_K, CHUNK_VALUES, 3, public=True, part="any chunk"),
        case("six positions, chunk = 3", FEATURES_K[:6], FEATURES_Q[:6], CHUNK_VALUES[1:], 3),
        case("negative features", Q7[:6] - 1, K7[:6], V7[:6], 2),
        case("300 positions, chunk = 25", Q300, K300, V300, 25),
        case("seven positions, chunk = 1", FEATURES_Q, FEATURES_K, CHUNK_VALUES, 1, part="any chunk"),
        case("seven positions, chunk = 7", FEATURES_Q, FEATURES_K, CHUNK_VALUES, 7, part="any chunk"),
        case("seven positions, chunk = 20", FEATURES_Q, FEATURES_K, CHUNK_VALUES, 20, part="any chunk"),
        case("seven positions, chunk = 2", Q7, K7, V7, 2, part="any chunk"),
        case("one position, chunk = 1", FEATURES_Q[:1], FEATURES_K[:1], CHUNK_VALUES[:1], 1, part="any chunk"),
        case("one position, chunk = 4", FEATURES_Q[2:3], FEATURES_K[2:3], CHUNK_VALUES[2:3, :1], 4, part="any chunk"),
        case(
            "integers",
            WHOLE,
            WHOLE[::-1].copy(),
            np.array([[3, -1], [0, 2], [5, 4], [-2, 0], [1, 6]]),
            1,
            part="integers",
        ),
        case(
            "integer values only", FEATURES_Q[3:], FEATURES_K[3:], np.array([[3], [-2], [1], [5]]), 2, part="integers"
        ),
    ],
    parts=[
        Part("values", 2),
        Part(
            "any chunk",
            1,
            "Not right for every chunk: it may be 1, larger than n, or leave a shorter piece at the end.",
        ),
        Part("integers", 0.5, "With integer values the outputs must still hold fractions."),
        Part(
            "arguments unchanged",
            0.5,
            "Q, K or V was changed. Whoever called still needs it: build new arrays.",
            aspect="unchanged",
        ),
    ],
)


@chunked.misconception(
    "NO_EARLIER_CHUNKS",
    "Each chunk starts from nothing: its positions don't see the chunks before it. The state S brings those; "
    "where does it enter the output?",
)
def linear_attention_chunked(Q, K, V, chunk):
    parts = [slice(s, s + chunk) for s in range(0, len(Q), chunk)]
    return np.concatenate([np.tril(Q[c] @ K[c].T) @ V[c] for c in parts])


@chunked.misconception(
    "NO_OWN_CHUNK",
    "Positions see the earlier chunks, but nothing of their own: the term inside the chunk is missing. "
    "The first row can't be 0.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S)
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.misconception(
    "COUNTED_TWICE",
    "The chunk's own pairs count twice: they were already in S when it was read, and the term inside the chunk "
    "brings them again. Follow row 0 by hand: when is S changed, when is it read?",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        S = S + K[c].T @ V[c]
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
    return np.concatenate(out)


@chunked.misconception(
    "FUTURE_LEAK",
    "Inside a chunk the later positions are visible: row 0 uses more than row 0. What keeps row i from looking ahead?",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        S = S + K[c].T @ V[c]
        out.append(Q[c] @ S)
    return np.concatenate(out)


@chunked.misconception(
    "FUTURE_EVERYWHERE",
    "Every row sees the whole text, also what comes later. Row i is a sum over j = 0..i.",
)
def linear_attention_chunked(Q, K, V, chunk):
    return Q @ (K.T @ V)


@chunked.misconception(
    "OVERWRITE_FOR_ACCUMULATE",
    "S holds only the chunk just before: from the third chunk on the older ones are lost. S is a sum over all of them.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
        S = K[c].T @ V[c]
    return np.concatenate(out)


@chunked.misconception(
    "DROPS_RAGGED_CHUNK",
    "Rows are missing: those after the last full chunk. n needn't be a multiple of chunk, nor as large as it.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), [np.zeros((0, V.shape[1]))]
    for i in range(len(Q) // chunk):
        c = slice(i * chunk, (i + 1) * chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.misconception(
    "RAGGED_CHUNK_LEFT_ZERO",
    "The rows after the last full chunk are still 0: n needn't be a multiple of chunk, nor as large as it.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), np.zeros(V.shape)
    for i in range(len(Q) // chunk):
        c = slice(i * chunk, (i + 1) * chunk)
        out[c] = Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c]
        S = S + K[c].T @ V[c]
    return out


@chunked.misconception(
    "EXCLUDES_CURRENT",
    "Inside its chunk position i doesn't see itself: the mask lacks the diagonal. Row 0 is q_0.k_0 times v_0, by hand.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T, k=-1) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.misconception(
    "PEEKS_ONE_AHEAD",
    "Inside its chunk row i uses position i+1 too: the mask is one diagonal too wide.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T, k=1) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.misconception(
    "ANTI_CAUSAL",
    "Inside a chunk the mask is the wrong triangle: rows see the later positions and not the earlier ones.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.triu(Q[c] @ K[c].T) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.misconception(
    "QUERIES_AND_KEYS_SWAPPED",
    "Inside a chunk queries and keys have exchanged their roles: row i of the weights belongs to query i.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(K[c] @ Q[c].T) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.misconception(
    "NORMALISED",
    "Each row was divided by its sum of weights. Here the plain weighted sums are asked for, without a divisor.",
)
def linear_attention_chunked(Q, K, V, chunk):
    A = np.tril(Q @ K.T)
    return A @ V / A.sum(axis=1, keepdims=True)


@chunked.misconception(
    "PHI_APPLIED_AGAIN",
    "phi was applied, but Q and K hold features already: here they are used as they are.",
)
def linear_attention_chunked(Q, K, V, chunk):
    q, k = (np.maximum(x, 0) + np.exp(np.minimum(x, 0)) for x in (Q, K))
    return np.tril(q @ k.T) @ V


@chunked.misconception(
    "INTEGER_TRUNCATION",
    "Right for floats, but with integer values the fractions are cut off: "
    "look at the dtype of the array you write into.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), np.zeros_like(V)
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out[c] = Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c]
        S = S + K[c].T @ V[c]
    return out


@chunked.misconception(
    "MUTATES_INPUT",
    "V was changed: the outputs were written over the values. Whoever called still needs them.",
)
def linear_attention_chunked(Q, K, V, chunk):
    S = np.zeros((K.shape[1], V.shape[1]))
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        values = V[c].copy()
        V[c] = Q[c] @ S + np.tril(Q[c] @ K[c].T) @ values
        S = S + K[c].T @ values
    return V


@chunked.misconception(
    "FLOAT32_PRECISION",
    "Right to about 7 digits only: a float32 (or a rounding) was used. Keep float64, numpy's default.",
    looseness=1e-4,
)
def linear_attention_chunked(Q, K, V, chunk):
    q, k, v = (array.astype(np.float32) for array in (Q, K, V / 3))
    return 3 * (np.tril(q @ k.T) @ v)


@chunked.accepts("chunk by chunk")
def linear_attention_chunked(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        q, k, v = Q[s : s + chunk], K[s : s + chunk], V[s : s + chunk]
        out.append(q @ S + np.tril(q @ k.T) @ v)
        S = S + k.T @ v
    return np.concatenate(out)


@chunked.accepts("one masked product, chunk unused")
def linear_attention_chunked(Q, K, V, chunk):
    return np.tril(Q @ K.T) @ V


@chunked.accepts("one step at a time, chunk unused")
def linear_attention_chunked(Q, K, V, chunk):
    state, rows = 0.0, []
    for q, k, v in zip(Q, K, V, strict=True):
        state = state + np.outer(k, v)
        rows.append(q @ state)
    return rows


@chunked.accepts("padded with zeros, all chunks at once")
def linear_attention_chunked(Q, K, V, chunk):
    n = len(Q)
    count = -(-n // chunk)

    def blocks(x):
        padded = np.zeros((count * chunk, x.shape[1]))
        padded[:n] = x
        return padded.reshape(count, chunk, x.shape[1])

    q, k, v = blocks(Q), blocks(K), blocks(V)
    written = np.einsum("bid,biv->bdv", k, v)
    before = np.cumsum(written, axis=0) - written
    inside = np.einsum("bid,bjd,ij->bij", q, k, np.tri(chunk))
    return (q @ before + inside @ v).reshape(count * chunk, -1)[:n]


@chunked.accepts("array_split, in place on a state of its own")
def linear_attention_chunked(Q, K, V, chunk):
    edges = list(range(chunk, len(Q), chunk))
    S, out = np.zeros((K.shape[1], V.shape[1])), np.empty(V.shape)
    for rows in np.array_split(np.arange(len(Q)), edges):
        out[rows] = Q[rows] @ S + (np.tri(len(rows)) * (Q[rows] @ K[rows].T)) @ V[rows]
        S += K[rows].T @ V[rows]
    return out


@chunked.accepts("plain loops, nested lists")
def linear_attention_chunked(Q, K, V, chunk):
    Q, K, V = Q.tolist(), K.tolist(), V.tolist()
    features, columns = range(len(K[0])), range(len(V[0]))
    S = [[0.0 for _ in columns] for _ in features]
    out = []
    for start in range(0, len(Q), chunk):
        positions = range(start, min(start + chunk, len(Q)))
        for i in positions:
            row = [sum(Q[i][f] * S[f][c] for f in features) for c in columns]
            for j in range(start, i + 1):
                weight = sum(Q[i][f] * K[j][f] for f in features)
                row = [row[c] + weight * V[j][c] for c in columns]
            out.append(row)
        for j in positions:
            S = [[S[f][c] + K[j][f] * V[j][c] for c in columns] for f in features]
    return out


@chunked.accepts("the product of all, less what lies ahead")
def linear_attention_chunked(Q, K, V, chunk):
    out = np.zeros(V.shape)
    for s in range(0, len(Q), chunk):
        q, k, v = Q[s : s + chunk], K[s : s + chunk], V[s : s + chunk]
        out[s : s + chunk] = q @ (K[: s + chunk].T @ V[: s + chunk]) - np.triu(q @ k.T, k=1) @ v
    return out
