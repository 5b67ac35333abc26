import numpy as np

from autograder.authoring import Part, TaskSheet, case

from .inputs import some


def _units(seed, n, d):
    rows = np.random.default_rng(seed).normal(size=(n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).round(12)


TURNED = np.array([[0.6, 0.8], [0.8, -0.6], [0.6, 0.8], [0.0, 1.0]])
SIX_KEYS = _units(50, 6, 3)
SIX_KEYS[4] = SIX_KEYS[1]
MIXED = np.array([1.0, 0.5, 0.25, 1.0, 0.75, 0.9])

writes = TaskSheet(
    "delta_rule",
    points=5,
    hidden="repeated keys, d_k different from d_v, d_k = 1 and d_v = 1, S0 that is zero and S0 that isn't, one write, "
    "beta = 0 and beta = 1, keys that are longer or shorter than 1, integer arrays, 300 writes, and that K, V, beta "
    "and S0 are unchanged",
    cases=[
        case(
            "one key written twice",
            np.array([[0.8, 0.6], [0.8, 0.6]]),
            np.array([[10.0, 0.0, 5.0], [0.0, 5.0, -5.0]]),
            np.array([1.0, 0.5]),
            np.zeros((2, 3)),
            public=True,
        ),
        case(
            "four writes, S0 not zero",
            TURNED,
            np.array([[5.0, 10.0], [2.0, -1.0], [0.0, 5.0], [4.0, 1.0]]),
            np.array([0.5, 1.0, 0.25, 0.75]),
            np.array([[1.0, -2.0], [3.0, 0.5]]),
            public=True,
        ),
        case(
            "one longer key",
            np.array([[1.0, 2.0]]),
            np.array([[3.0, -1.0]]),
            np.array([0.1]),
            np.zeros((2, 2)),
            public=True,
            part="keys",
        ),
        case("six unit keys, one repeated", SIX_KEYS, some(51, 6, 3), MIXED, some(52, 3, 3)),
        case(
            "d_k = 4, d_v = 2", _units(53, 7, 4), some(54, 7, 2), np.linspace(0.2, 1.0, 7), some(55, 4, 2), public=True
        ),
        case("beta = 1", _units(56, 5, 3), some(57, 5, 4), np.ones(5), np.zeros((3, 4))),
        case("beta = 0", _units(58, 3, 2), some(59, 3, 2), np.zeros(3), np.array([[1.5, 0.0], [-2.0, 3.0]])),
        case("some beta = 0", _units(60, 5, 3), some(61, 5, 2), np.array([0.0, 1.0, 0.0, 0.5, 0.0]), some(62, 3, 2)),
        case("one write", _units(63, 1, 3), some(64, 1, 2), np.array([0.7]), some(65, 3, 2), part="edges"),
        case(
            "one value column",
            np.array([[0.6, 0.8], [0.8, -0.6], [0.6, 0.8]]),
            np.array([[5.0], [-2.0], [7.0]]),
            np.array([0.5, 1.0, 0.75]),
            np.array([[1.0], [3.0]]),
            public=True,
            part="edges",
        ),
        case(
            "d_k = 1",
            np.array([[1.0], [-1.0], [1.0]]),
            some(66, 3, 2),
            np.array([0.5, 0.5, 0.9]),
            some(67, 1, 2),
            part="edges",
        ),
        case(
            "300 writes",
            _units(68, 300, 4),
            some(69, 300, 3),
            np.abs(np.sin(np.arange(300.0))).round(3),
            some(70, 4, 3),
        ),
        case("longer and shorter keys", some(71, 5, 3), some(72, 5, 2), np.full(5, 0.4), some(73, 3, 2), part="keys"),
        case(
            "a key of zeros",
            np.array([[1.0, 0.5], [0.0, 0.0], [0.5, -1.0]]),
            np.array([[2.0, 6.0], [7.0, 1.0], [-3.0, 4.0]]),
            np.array([0.5, 1.0, 0.8]),
            np.array([[1.0, -5.0], [4.0, 0.5]]),
            public=True,
            part="keys",
        ),
        case(
            "integers",
            np.array([[1, 0], [0, -1], [0, 1], [1, 0]]),
            np.array([[3, -1, 2], [5, 0, 1], [2, 2, 7], [-4, 6, 0]]),
            np.array([0.5, 0.25, 0.5, 0.75]),
            np.array([[1, 2, 0], [-1, 0, 4]]),
            public=True,
            part="integers",
        ),
        case(
            "integers only",
            np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, -1]]),
            np.array([[4, 1], [0, -2], [3, 3], [5, 8]]),
            np.array([1, 1, 1, 0]),
            np.array([[0, 2], [7, 0], [1, 1]]),
            part="integers",
        ),
    ],
    parts=[
        Part("values", 2),
        Part(
            "keys",
            1,
            "With keys that are longer or shorter than 1, or all 0, the state isn't right yet. Follow the longer key "
            "of section 4 by hand.",
        ),
        Part(
            "edges",
            0.5,
            "With a single write, d_k = 1 or d_v = 1 the state isn't right yet. It always has the shape of S0: print "
            "both shapes.",
        ),
        Part(
            "integers",
            0.5,
            "With arrays of integers the state isn't right yet. Call it with integers and with the same numbers as "
            "floats, and compare.",
            excused_by="arguments unchanged",
        ),
        Part(
            "arguments unchanged",
            1,
            "An argument wasn't the same after the call. Whoever called you may still need it: print S0, K, V and beta "
            "before and after.",
            aspect="unchanged",
        ),
    ],
)


@writes.wrong
def HEBBIAN(K, V, beta, S0):
    """Nothing is subtracted: this is the additive rule, and a repeated key would return a sum. What does the state
    return for k_t before the write?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v)
    return S


@writes.wrong
def BETA_ONLY_ON_VALUE(K, V, beta, S0):
    """beta scales the new value, but the old one is erased in full. With beta_t = 0 the state must stay as it is: which
    part of k_t^T (v_t - k_t S) belongs to beta_t?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + np.outer(k, b * v - k @ S)
    return S


@writes.wrong
def BETA_ONLY_ON_ERASE(K, V, beta, S0):
    """beta scales what is erased, but the new value is written in full. With beta_t = 0 the state must stay as it is:
    which part of k_t^T (v_t - k_t S) belongs to beta_t?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + np.outer(k, v - b * (k @ S))
    return S


@writes.wrong
def PREDICTION_ADDED(K, V, beta, S0):
    """What the state returns now was added to v_t. If the reading is already v_t, nothing may change: which sign does
    that take?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v + k @ S)
    return S


@writes.wrong
def ERROR_UPHILL(K, V, beta, S0):
    """The correction has the wrong sign: the reading moves away from v_t. After a write with beta = 1 and a
    unit key, k_t S must be v_t."""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S - b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def STARTS_FROM_H0(K, V, beta, S0):
    """All readings were made from S0, as if no write came before. Write t reads the state that write t-1 left: which
    one does yours read?"""
    return S0 + K.T @ (beta[:, None] * (V - K @ S0))


@writes.wrong
def SHRINKS_ALL(K, V, beta, S0):
    """The whole state is multiplied by 1 - beta_t. Only its part along k_t may change: what is stored under orthogonal
    keys stays as it was. What should be subtracted?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = (1 - b) * S + b * np.outer(k, v)
    return S


@writes.wrong
def BETA_IGNORED(K, V, beta, S0):
    """beta has no effect: every write has full strength. With beta_t = 0 the state must stay as it is: where does
    beta_t come in?"""
    S = np.array(S0, float)
    for k, v in zip(K, V, strict=True):
        S = S + np.outer(k, v - k @ S)
    return S


@writes.wrong
def BETA_ON_STATE(K, V, beta, S0):
    """beta multiplies the old state in place of the correction. With beta_t = 0 the state must stay as it is: what does
    beta_t belong to?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = b * S + np.outer(k, v - k @ S)
    return S


@writes.wrong
def STOPS_AT_BETA_ZERO(K, V, beta, S0):
    """After the first beta_t = 0 nothing was written any more. That write alone has no effect: what becomes of the ones
    behind it?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        if b == 0:
            break
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def READS_HALF_WRITTEN(K, V, beta, S0):
    """Each reading k_t S was made anew for every row of S, when the rows above were changed already. All rows of one
    write need the same reading: when is it made?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        for i in range(len(k)):
            S[i] = S[i] + b * k[i] * (v - k @ S)
    return S


@writes.wrong
def READ_TRANSPOSED(K, V, beta, S0):
    """S @ k was read, which fails where d_k and d_v differ. Row i of S belongs to entry i of the key: on which side of
    S does the row k_t stand?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - S @ k)
    return S


@writes.wrong
def ENTRIES_FOR_OUTER(K, V, beta, S0):
    """Key and error were multiplied entry by entry (which fails where d_k and d_v differ), and every row of S gained
    the same. What should S gain when k = (0, 1) and the error is (2, 3)?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * k * (v - k @ S)
    return S


@writes.wrong
def FIRST_WRITE_MISSING(K, V, beta, S0):
    """Row 0 was not written: the writes begin with row 1. How many writes do n rows make?"""
    S = np.array(S0, float)
    for k, v, b in zip(K[1:], V[1:], beta[1:], strict=True):
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def ONLY_FIRST_WRITE(K, V, beta, S0):
    """Only row 0 was written. n rows make n writes: does your `return` stand inside the loop?"""
    return S0 + beta[0] * np.outer(K[0], V[0] - K[0] @ S0)


@writes.wrong
def READINGS_RETURNED(K, V, beta, S0):
    """These are the readings of all keys from the last state. The state itself is asked for, an array of the shape of
    S0: which of your arrays is it?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - k @ S)
    return K @ S


@writes.wrong
def SYSTEM_WITH_DIAGONAL(K, V, beta, S0):
    """Each write corrected itself once more, as the system of the aside does with its diagonal. A reading is made of
    the writes before it only: which k has np.tril then?"""
    system = np.eye(len(K)) + np.tril(beta[:, None] * (K @ K.T))
    return S0 + K.T @ np.linalg.solve(system, beta[:, None] * (V - K @ S0))


@writes.wrong
def BETA_AT_THE_END(K, V, beta, S0):
    """Each reading counted the earlier corrections in full, and beta came in only at the end. What was written is
    beta_t times the error: what do later keys read of it?"""
    system = np.eye(len(K)) + np.tril(K @ K.T, k=-1)
    return S0 + K.T @ (beta[:, None] * np.linalg.solve(system, V - K @ S0))


@writes.wrong
def ERROR_SCALED_TWICE(K, V, beta, S0):
    """beta counts twice: each correction has the factor beta_t squared. Half a write moves the reading of a unit key
    half way: where does beta_t come in?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def ERASES_AFTER_WRITING(K, V, beta, S0):
    """Part of the new value is erased too: the pair was added first, and what was read after that was subtracted. k_t
    S is the reading before the write: in which order do you read and write?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v)
        S = S - b * np.outer(k, k @ S)
    return S


@writes.wrong
def S0_IGNORED(K, V, beta, S0):
    """S0 has no effect: the state started from zero. It is what the memory holds before row 0: what does k_0 read from
    it?"""
    S = np.zeros(S0.shape)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def KEYS_CANCELLED(K, V, beta, S0):
    """The correction was divided by the squared length of the key, so that beta = 1 always corrects all of the error.
    Bringing keys to length 1 is the caller's job: follow the longer key of section 4 by hand."""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - k @ S) / np.maximum(k @ k, 1e-12)
    return S


@writes.wrong
def KEYS_NORMALISED(K, V, beta, S0):
    """The keys were brought to length 1. That is the caller's job, k_t is used as it comes: follow the longer key of
    section 4 by hand."""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        k = k / max(np.linalg.norm(k), 1e-12)
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def KEYS_CANCELLED_ZERO_TOO(K, V, beta, S0):
    """The correction was divided by the squared length of the key, and a key of zeros made nan. Bringing keys to length
    1 is the caller's job: follow the longer key of section 4 by hand."""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - k @ S) / (k @ k)
    return S


@writes.wrong
def KEYS_NORMALISED_ZERO_TOO(K, V, beta, S0):
    """The keys were brought to length 1, and a key of zeros made nan. That is the caller's job, k_t is used as it
    comes: follow the longer key of section 4 by hand."""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        k = k / np.linalg.norm(k)
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def INNER_FOR_OUTER(K, V, beta, S0):
    """The inner product of key and error was taken: one number, or an error where their lengths differ. The outer
    product has d_k times d_v numbers: print the shape of what you add (transposing a 1-D array changes nothing)."""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * (k.T @ (v - k @ S))
    return S


@writes.wrong
def OUTER_TRANSPOSED(K, V, beta, S0):
    """The correction was added transposed, which fails as soon as d_k and d_v differ. The state is d_k x d_v: which of
    key and error runs down its rows?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(v - k @ S, k)
    return S


@writes.wrong
def ALL_STATES(K, V, beta, S0):
    """All states came back, one for each write. Only the last one is asked for: which shape has that?"""
    S, states = np.array(S0, float), []
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - k @ S)
        states.append(S)
    return states


@writes.wrong
def STOPS_EARLY(K, V, beta, S0):
    """The last pair was not written. How many writes do n rows make?"""
    S = np.array(S0, float)
    for t in range(len(K) - 1):
        S = S + beta[t] * np.outer(K[t], V[t] - K[t] @ S)
    return S


@writes.wrong
def RUNS_BACKWARDS(K, V, beta, S0):
    """The pairs were written last to first. Row 0 is written first, so that a later value of the same key replaces an
    earlier one: which row does your loop start with?"""
    S = np.array(S0, float)
    for k, v, b in zip(K[::-1], V[::-1], beta[::-1], strict=True):
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def INTEGER_TRUNCATION(K, V, beta, S0):
    """With an integer S0 the fractions are cut off at each write. An array of integers can hold only integers: print
    the dtype of the state after the first write."""
    S = S0.copy()
    for k, v, b in zip(K, V, beta, strict=True):
        S[:] = S + b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def INTEGER_STATE(K, V, beta, S0):
    """An integer S0 ends in an error, as `S += ...` raises it for a copy of an integer array: that can't take
    fractions. Which dtype can?"""
    S = S0.copy()
    for k, v, b in zip(K, V, beta, strict=True):
        S += b * np.outer(k, v - k @ S)
    return S


@writes.wrong(looseness=1e-5)
def FLOAT32_PRECISION(K, V, beta, S0):
    """Nearly right, but not as exact as the task asks: is a float32 used, something rounded, or something small added
    or left out? Keep float64, numpy's default."""
    S = np.array(S0, np.float32)
    for k, v, b in zip(*(array.astype(np.float32) for array in (K, V, beta)), strict=True):
        S = S + b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def MUTATES_INPUT_OF_FLOATS(K, V, beta, S0):
    """An argument wasn't the same after the call, if it held floats. Whoever called you may still need it: print S0,
    K, V and beta before and after (np.asarray makes no copy of an array of floats)."""
    S = np.asarray(S0, dtype=float)
    for k, v, b in zip(K, V, beta, strict=True):
        S += b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def MUTATES_INPUT(K, V, beta, S0):
    """An argument wasn't the same after the call. Whoever called you may still need it: print S0, K, V and beta before
    and after (`S = S0` gives an array a second name, it doesn't copy)."""
    S = S0
    for k, v, b in zip(K, V, beta, strict=True):
        S += b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def FIRST_BETA_FOR_ALL(K, V, beta, S0):
    """Every write has the strength of the first one. beta holds one number for each write: which one belongs to write
    t?"""
    S = np.array(S0, float)
    for k, v in zip(K, V, strict=True):
        S = S + beta[0] * np.outer(k, v - k @ S)
    return S


@writes.wrong
def TWICE_THE_STEP(K, V, beta, S0):
    """Each correction is twice too large, as with the gradient of a square without the factor 1/2. With beta = 1 and a
    unit key, k_t S must be v_t after the write."""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + 2 * b * np.outer(k, v - k @ S)
    return S


@writes.wrong
def BETA_ZERO_TAKEN_AS_UNSET(K, V, beta, S0):
    """beta_t = 0 was taken as 'not given', and 1 put in its place: 0 counts as false in `beta[t] or 1`. A write of
    strength 0 leaves the state as it is."""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + (float(b) or 1.0) * np.outer(k, v - k @ S)
    return S


@writes.wrong
def LATER_ROWS_IN_THE_SYSTEM(K, V, beta, S0):
    """Each write was corrected by all rows, itself and the later ones too, as in a system with the whole matrix K K^T.
    A reading is made of the writes before it only: which part of the matrix holds those?"""
    system = np.eye(len(K)) + beta[:, None] * (K @ K.T)
    return S0 + K.T @ np.linalg.solve(system, beta[:, None] * (V - K @ S0))


@writes.wrong
def ONLY_LAST_VALUE_OF_A_KEY(K, V, beta, S0):
    """Of a repeated key only the last pair was written. With beta_t below 1 an earlier write leaves something behind:
    every row makes a write."""
    S, last = np.array(S0, float), {tuple(k): t for t, k in enumerate(K)}
    for t in {tuple(k): last[tuple(k)] for k in K}.values():
        S = S + beta[t] * np.outer(K[t], V[t] - K[t] @ S)
    return S


@writes.wrong
def ONLY_FIRST_VALUE_OF_A_KEY(K, V, beta, S0):
    """A key that was written before was skipped. A second write corrects what the state returns for it: every row
    makes a write."""
    S, seen = np.array(S0, float), set()
    for k, v, b in zip(K, V, beta, strict=True):
        if tuple(k) not in seen:
            S = S + b * np.outer(k, v - k @ S)
        seen.add(tuple(k))
    return S


@writes.wrong
def ERASES_ON_THE_RIGHT(K, V, beta, S0):
    """I - beta k^T k was multiplied to the state from the right, which fails where d_k and d_v differ. The rows of S
    belong to the entries of a key: on which side does k^T k meet them?"""
    S = np.array(S0, float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S @ (np.eye(len(k)) - b * np.outer(k, k)) + b * np.outer(k, v)
    return S


@writes.right
def in_place_on_a_copy_of_floats(K, V, beta, S0):
    S = S0.astype(float)
    for t in range(len(K)):
        S += beta[t] * np.outer(K[t], V[t] - K[t] @ S)
    return S


@writes.right
def erase_then_write(K, V, beta, S0):
    S, one = S0, np.eye(K.shape[1])
    for k, v, b in zip(K, V, beta, strict=True):
        S = (one - b * np.outer(k, k)) @ S + b * np.outer(k, v)
    return S


@writes.right
def all_corrections_from_one_system(K, V, beta, S0):
    lower = np.tril(beta[:, None] * (K @ K.T), k=-1)
    corrections = np.linalg.solve(np.eye(len(K)) + lower, beta[:, None] * (V - K @ S0))
    return S0 + K.T @ corrections


@writes.right
def corrections_one_by_one(K, V, beta, S0):
    corrections = np.zeros(V.shape)
    for t in range(len(K)):
        reading = K[t] @ S0 + (K[:t] @ K[t]) @ corrections[:t]
        corrections[t] = beta[t] * (V[t] - reading)
    return S0 + K.T @ corrections


@writes.right
def chunks_of_two(K, V, beta, S0):
    S = S0 + 0.0
    for start in range(0, len(K), 2):
        k, v, b = K[start : start + 2], V[start : start + 2], beta[start : start + 2, None]
        system = np.eye(len(k)) + np.tril(b * (k @ k.T), k=-1)
        S = S + k.T @ np.linalg.solve(system, b * (v - k @ S))
    return S


@writes.right
def columns_by_themselves(K, V, beta, S0):
    columns = []
    for j in range(V.shape[1]):
        s = [float(value) for value in S0[:, j]]
        for k, v, b in zip(K.tolist(), V[:, j].tolist(), beta.tolist(), strict=True):
            error = b * (v - sum(k_i * s_i for k_i, s_i in zip(k, s, strict=True)))
            s = [s_i + error * k_i for k_i, s_i in zip(k, s, strict=True)]
        columns.append(s)
    return [list(row) for row in zip(*columns, strict=True)]


@writes.right
def affine_steps_combined_in_pairs(K, V, beta, S0):
    steps = [(np.eye(len(k)) - b * np.outer(k, k), b * np.outer(k, v)) for k, v, b in zip(K, V, beta, strict=True)]
    while len(steps) > 1:
        joined = [(a2 @ a1, a2 @ b1 + b2) for (a1, b1), (a2, b2) in zip(steps[::2], steps[1::2], strict=False)]
        steps = joined + steps[len(joined) * 2 :]
    a, b = steps[0]
    return a @ S0 + b


@writes.right
def gradient_step_on_squared_error(K, V, beta, S0):
    S = S0
    for t in range(len(K)):
        gradient = np.einsum("i,j->ij", K[t], np.einsum("i,ij->j", K[t], S) - V[t])
        S = S - beta[t] * gradient
    return S
