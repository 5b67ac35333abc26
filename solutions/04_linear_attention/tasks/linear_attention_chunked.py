import numpy as np

from autograder.authoring import Part, TaskSheet, case

from .inputs import K7, K300, Q7, Q300, V7, V300

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
WHOLE = np.array([[2, 1], [0, 3], [1, 1], [4, 0], [1, 2]])

chunked = TaskSheet(
    "linear_attention_chunked",
    points=4,
    hidden="chunk = 1, chunk = n, chunk larger than n, chunks that don't divide n, one position, one column, d equal "
    "to d_v and different from d_v, features that are 0 or negative, integers, 300 positions, and that Q, K and V are "
    "unchanged",
    cases=[
        case("the worked example, chunk = 1", Q_WORKED, K_WORKED, V_WORKED, 1, public=True, part="edges"),
        case("six positions, chunk = 2", FEATURES_Q[:6], FEATURES_K[:6], CHUNK_VALUES[:6], 2, public=True),
        case("seven positions, chunk = 3", FEATURES_Q, FEATURES_K, CHUNK_VALUES, 3, public=True, part="any chunk"),
        case("six positions, chunk = 3", FEATURES_K[:6], FEATURES_Q[:6], CHUNK_VALUES[1:], 3),
        case("negative features", Q7[:6] - 1, K7[:6], V7[:6], 2),
        case("300 positions, chunk = 25", Q300, K300, V300, 25),
        case("seven positions, chunk = 1", FEATURES_Q, FEATURES_K, CHUNK_VALUES, 1, part="any chunk"),
        case("seven positions, chunk = 7", FEATURES_Q, FEATURES_K, CHUNK_VALUES, 7, part="any chunk"),
        case("seven positions, chunk = 20", FEATURES_Q, FEATURES_K, CHUNK_VALUES, 20, part="any chunk"),
        case("seven positions, chunk = 2", Q7, K7, V7, 2, part="any chunk"),
        case("five positions, chunk = 2", FEATURES_K[:5], FEATURES_Q[:5], CHUNK_VALUES[:5], 2, part="any chunk"),
        case("one position, chunk = 1", FEATURES_Q[:1], FEATURES_K[:1], CHUNK_VALUES[:1], 1, part="edges"),
        case("one value column, chunk = 3", FEATURES_Q[:6], FEATURES_K[:6], CHUNK_VALUES[:6, 2:], 3, part="edges"),
        case("one feature, chunk = 3", FEATURES_Q[:6, :1], FEATURES_K[:6, 1:], CHUNK_VALUES[:6], 3, part="edges"),
        case(
            "one of each, chunk = 1", FEATURES_Q[2:3, :1], FEATURES_K[2:3, :1], CHUNK_VALUES[2:3, :1], 1, part="edges"
        ),
        case(
            "integers",
            WHOLE,
            WHOLE[::-1].copy(),
            np.array([[3, -1], [0, 2], [5, 4], [-2, 0], [1, 6]]),
            1,
            part="integers",
        ),
        case(
            "integer values only",
            FEATURES_Q[3:],
            FEATURES_K[3:],
            np.array([[3, 7], [-2, 4], [1, 0], [5, -6]]),
            2,
            part="integers",
        ),
    ],
    parts=[
        Part("values", 1.5),
        Part(
            "any chunk",
            1,
            "Not right yet for every chunk: it may be 1, larger than n, or leave a shorter piece at the end.",
        ),
        Part(
            "edges",
            0.5,
            "With one position, one feature or one value column the output isn't right yet. It always has the shape of "
            "V: print both shapes.",
        ),
        Part(
            "integers",
            0.5,
            "With arrays of integers the outputs aren't right yet. Call it with them and with the same numbers as "
            "floats, and compare.",
            excused_by="arguments unchanged",
        ),
        Part(
            "arguments unchanged",
            0.5,
            "Q, K or V wasn't the same after the call. Whoever called still needs it: print all three before and "
            "after.",
            aspect="unchanged",
        ),
    ],
)


@chunked.wrong
def NO_EARLIER_CHUNKS(Q, K, V, chunk):
    """Positions see only their own chunk, not the chunks before it. S brings those: is it read, and does it still hold
    them then?"""
    parts = [slice(s, s + chunk) for s in range(0, len(Q), chunk)]
    return np.concatenate([np.tril(Q[c] @ K[c].T) @ V[c] for c in parts])


@chunked.wrong
def NO_OWN_CHUNK(Q, K, V, chunk):
    """Positions see the earlier chunks, but nothing of their own: the term inside the chunk is
    missing. The first row can't be 0."""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S)
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def COUNTED_TWICE(Q, K, V, chunk):
    """Positions see all pairs of their own chunk, and those up to their own count twice. Follow row 0 by hand: when is
    S changed, and when is it read?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        S = S + K[c].T @ V[c]
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
    return np.concatenate(out)


@chunked.wrong
def FUTURE_LEAK(Q, K, V, chunk):
    """Inside a chunk the later positions are visible: row 0 uses more than row 0. What keeps row i from looking
    ahead?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        S = S + K[c].T @ V[c]
        out.append(Q[c] @ S)
    return np.concatenate(out)


@chunked.wrong
def FUTURE_EVERYWHERE(Q, K, V, chunk):
    """Every row sees the whole text, also what comes later. Row i is a sum over j = 0..i: which pairs may row 0 use?"""
    return Q @ (K.T @ V)


@chunked.wrong
def OVERWRITE_FOR_ACCUMULATE(Q, K, V, chunk):
    """Positions see their own chunk and the one just before it: from the third chunk on the older ones are lost. S is a
    sum over all earlier chunks: what becomes of the old S?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
        S = K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def DROPS_RAGGED_CHUNK(Q, K, V, chunk):
    """Rows are missing: those after the last full chunk. n needn't be a multiple of chunk, nor as large as it: how many
    pieces do 7 positions make with chunk = 3?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), [np.zeros((0, V.shape[1]))]
    for i in range(len(Q) // chunk):
        c = slice(i * chunk, (i + 1) * chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def RAGGED_CHUNK_LEFT_ZERO(Q, K, V, chunk):
    """The rows after the last full chunk are 0. n needn't be a multiple of chunk, nor as large as it: how many pieces
    do 7 positions make with chunk = 3?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), np.zeros(V.shape)
    for i in range(len(Q) // chunk):
        c = slice(i * chunk, (i + 1) * chunk)
        out[c] = Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c]
        S = S + K[c].T @ V[c]
    return out


@chunked.wrong
def RAGGED_CHUNK_RAISES(Q, K, V, chunk):
    """Where chunk doesn't divide n a ValueError is raised, as by a reshape into full chunks, or where arrays of two
    sizes meet: the last chunk is shorter then. How many rows has the last piece of 7 with chunk = 3?"""
    n = len(Q)
    q, k, v = Q.reshape(-1, chunk, Q.shape[1]), K.reshape(-1, chunk, K.shape[1]), V.reshape(-1, chunk, V.shape[1])
    written = np.einsum("bid,biv->bdv", k, v)
    before = np.cumsum(written, axis=0) - written
    inside = np.einsum("bid,bjd,ij->bij", q, k, np.tri(chunk))
    return (q @ before + inside @ v).reshape(n, -1)


@chunked.wrong
def RAGGED_CHUNK_INDEXED(Q, K, V, chunk):
    """Where chunk doesn't divide n an IndexError is raised: the last chunk is shorter then. Where does it end for 7
    positions and chunk = 3?"""
    for start in range(0, len(Q), chunk):
        Q[start + chunk - 1]
    return np.tril(Q @ K.T) @ V


@chunked.wrong
def LAST_OF_EACH_CHUNK_MISSING(Q, K, V, chunk):
    """The last position of every chunk is missing: a slice from start to start + chunk - 1 leaves it out, as a slice
    excludes its end. How many rows should a chunk of 3 give?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, min(s + chunk, len(Q)) - 1)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def LAST_OF_EACH_CHUNK_ZERO(Q, K, V, chunk):
    """The last position of every chunk came out as 0, and its pair is missing later: a slice excludes its end. How many
    rows should a chunk of 3 fill?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), np.zeros(V.shape)
    for s in range(0, len(Q), chunk):
        c = slice(s, min(s + chunk, len(Q)) - 1)
        out[c] = Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c]
        S = S + K[c].T @ V[c]
    return out


@chunked.wrong
def NOT_CONCATENATED(Q, K, V, chunk):
    """The chunks came back one by one, each right by itself. One array (n, d_v) is asked for: which numpy
    function puts arrays one below the other?"""
    out = np.tril(Q @ K.T) @ V
    return [out[s : s + chunk] for s in range(0, len(Q), chunk)]


@chunked.wrong
def ONLY_FIRST_CHUNK(Q, K, V, chunk):
    """Only the first chunk came back. One row for each position is asked for: does your `return` stand inside the
    loop?"""
    return np.tril(Q[:chunk] @ K[:chunk].T) @ V[:chunk]


@chunked.wrong
def ONLY_LAST_CHUNK(Q, K, V, chunk):
    """Only the last chunk came back. One row for each position is asked for: where are the outputs of the earlier
    chunks kept?"""
    return (np.tril(Q @ K.T) @ V)[(len(Q) - 1) // chunk * chunk :]


@chunked.wrong
def STATE_TRANSPOSED(Q, K, V, chunk):
    """The pairs were added to S transposed (which fails where d and d_v differ). S has a row for each feature and a
    column for each value entry: which of K^T V and V^T K has that shape?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
        S = S + V[c].T @ K[c]
    return np.concatenate(out)


@chunked.wrong
def SQUARE_STATE(Q, K, V, chunk):
    """Where d_v differs from d the sizes don't fit, as for an S of shape (d, d). S has a row for each feature and a
    column for each value entry: which shape has yours, and the array you write results into?"""
    S, out = np.zeros((K.shape[1], K.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def QUERIES_IN_THE_STATE(Q, K, V, chunk):
    """S was written with the queries in place of the keys. A pair is stored under its key, and the query reads: which
    array stands in S += ...?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c])
        S = S + Q[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def WHOLE_PAST_MASKED_AS_A_CHUNK(Q, K, V, chunk):
    """From the second chunk on the mask is in the wrong place: it starts at the text's first position, so that part of
    the past counts twice and the own chunk is missing. Which rows of K belong to the term inside the chunk?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[: s + chunk].T) @ V[: s + chunk])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def PAST_COUNTED_TWICE(Q, K, V, chunk):
    """The earlier chunks count twice: once through S, and once more among the terms of the chunk itself. Which rows of
    K belong to the term inside the chunk?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + (np.tril(Q @ K.T) @ V)[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def NO_PRODUCTS(Q, K, V, chunk):
    """The values were added up as they are: these are running sums of V. Each has the weight q_i.k_j, by which it must
    be multiplied: which product makes all of those weights?"""
    return np.cumsum(V, axis=0)


@chunked.wrong
def EXCLUDES_CURRENT(Q, K, V, chunk):
    """Position i doesn't see itself, though it sees all before it. Row 0 is q_0.k_0 times v_0, by hand: is j = i among
    the terms inside the chunk?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T, k=-1) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def PEEKS_ONE_AHEAD(Q, K, V, chunk):
    """Inside its chunk row i uses position i+1 too, which isn't there yet when row i is due. Row 0 is q_0.k_0 times
    v_0, by hand: where does your mask or your slice end?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(Q[c] @ K[c].T, k=1) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def ANTI_CAUSAL(Q, K, V, chunk):
    """Inside a chunk the mask is the wrong triangle: rows see the later positions and not the earlier ones. Which
    positions of its chunk may row 0 use?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.triu(Q[c] @ K[c].T) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def QUERIES_AND_KEYS_SWAPPED(Q, K, V, chunk):
    """Inside a chunk queries and keys have exchanged their roles. Row i asks with q_i, and value j is stored under
    k_j: from which of your two arrays is the vector with the row's own index?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(K[c] @ Q[c].T) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def NORMALISED(Q, K, V, chunk):
    """Each row was divided by its sum of weights. Here the plain weighted sums are asked for: row 0 is q_0.k_0 times
    v_0, by hand."""
    A = np.tril(Q @ K.T)
    return A @ V / A.sum(axis=1, keepdims=True)


@chunked.wrong
def PHI_APPLIED_AGAIN(Q, K, V, chunk):
    """phi was applied to Q and K, which hold features already. Applied again it gives other weights: row 0 is q_0.k_0
    times v_0, by hand, with the numbers as they stand."""
    q, k = (np.maximum(x, 0) + np.exp(np.minimum(x, 0)) for x in (Q, K))
    return np.tril(q @ k.T) @ V


@chunked.wrong
def INTEGER_TRUNCATION(Q, K, V, chunk):
    """With integer values the fractions of the outputs are cut off, and features may have some. If you write into an
    array, print its dtype: which one has np.zeros_like(V)?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), np.zeros_like(V)
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out[c] = Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c]
        S = S + K[c].T @ V[c]
    return out


@chunked.wrong
def MUTATES_INPUT(Q, K, V, chunk):
    """Q, K or V wasn't the same after the call. Whoever called still needs it: print all three before and after, and
    give the outputs an array of their own."""
    S = np.zeros((K.shape[1], V.shape[1]))
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        values = V[c].copy()
        V[c] = Q[c] @ S + np.tril(Q[c] @ K[c].T) @ values
        S = S + K[c].T @ values
    return V


@chunked.wrong
def MUTATES_INPUT_AND_READS_IT(Q, K, V, chunk):
    """Q, K or V wasn't the same after the call, and later chunks read outputs where values should stand. Whoever called
    still needs V, and so do you: give the outputs an array of their own."""
    S = np.zeros((K.shape[1], V.shape[1]))
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        V[c] = Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c]
        S = S + K[c].T @ V[c]
    return V


@chunked.wrong(looseness=1e-4)
def FLOAT32_PRECISION(Q, K, V, chunk):
    """Nearly right, but not as exact as the task asks: is a float32 used, something rounded, or something small added
    or left out? Keep float64, numpy's default."""
    q, k, v = (array.astype(np.float32) for array in (Q, K, V / 3))
    return 3 * (np.tril(q @ k.T) @ v)


@chunked.wrong
def LONG_CHUNK_REFUSED(Q, K, V, chunk):
    """A chunk larger than n was refused. It is allowed: the only piece then has all n rows."""
    if chunk > len(Q):
        raise ValueError("chunk")
    return np.tril(Q @ K.T) @ V


@chunked.wrong
def CHUNK_END_OFF_BY_ONE(Q, K, V, chunk):
    """The last position of every full chunk came out as 0, and its pair is missing later: a slice excludes its end.
    How many rows has start : start + chunk - 1?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), np.zeros(V.shape)
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk - 1)
        out[c] = Q[c] @ S + np.tril(Q[c] @ K[c].T) @ V[c]
        S = S + K[c].T @ V[c]
    return out


@chunked.wrong
def FIRST_OF_EACH_CHUNK_WITHOUT_S(Q, K, V, chunk):
    """The first position of each chunk doesn't see the earlier chunks, the others do. For which rows of a chunk is q S
    added?"""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        before = Q[c] @ S
        before[0] = 0
        out.append(before + np.tril(Q[c] @ K[c].T) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def EXP_INSIDE_CHUNK(Q, K, V, chunk):
    """Inside a chunk the weights are exp(q.k). Here the weight is q.k itself, as in the term with S: row 0 is q_0.k_0
    times v_0, by hand."""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.tril(np.exp(Q[c] @ K[c].T)) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.wrong
def NEGATIVE_WEIGHTS_ZEROED(Q, K, V, chunk):
    """Inside a chunk weights below 0 were set to 0. Here they count as they are: q.k may be negative, and only the
    later positions are masked."""
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        c = slice(s, s + chunk)
        out.append(Q[c] @ S + np.maximum(np.tril(Q[c] @ K[c].T), 0) @ V[c])
        S = S + K[c].T @ V[c]
    return np.concatenate(out)


@chunked.right
def chunk_by_chunk(Q, K, V, chunk):
    S, out = np.zeros((K.shape[1], V.shape[1])), []
    for s in range(0, len(Q), chunk):
        q, k, v = Q[s : s + chunk], K[s : s + chunk], V[s : s + chunk]
        out.append(q @ S + np.tril(q @ k.T) @ v)
        S = S + k.T @ v
    return np.concatenate(out)


@chunked.right
def one_masked_product(Q, K, V, chunk):
    return np.tril(Q @ K.T) @ V


@chunked.right
def one_step_at_a_time(Q, K, V, chunk):
    state, rows = 0.0, []
    for q, k, v in zip(Q, K, V, strict=True):
        state = state + np.outer(k, v)
        rows.append(q @ state)
    return rows


@chunked.right
def padded_all_chunks_at_once(Q, K, V, chunk):
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


@chunked.right
def array_split_in_place(Q, K, V, chunk):
    edges = list(range(chunk, len(Q), chunk))
    S, out = np.zeros((K.shape[1], V.shape[1])), np.empty(V.shape)
    for rows in np.array_split(np.arange(len(Q)), edges):
        out[rows] = Q[rows] @ S + (np.tri(len(rows)) * (Q[rows] @ K[rows].T)) @ V[rows]
        S += K[rows].T @ V[rows]
    return out


@chunked.right
def plain_loops_nested_lists(Q, K, V, chunk):
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


@chunked.right
def all_less_what_lies_ahead(Q, K, V, chunk):
    out = np.zeros(V.shape)
    for s in range(0, len(Q), chunk):
        q, k, v = Q[s : s + chunk], K[s : s + chunk], V[s : s + chunk]
        out[s : s + chunk] = q @ (K[: s + chunk].T @ V[: s + chunk]) - np.triu(q @ k.T, k=1) @ v
    return out
