import numpy as np

from autograder.authoring import Part, TaskSheet, Tolerance, case

one_step = TaskSheet(
    "linear_attention_step",
    points=4,
    uses=("phi",),
    tolerance=Tolerance(1e-5, "values"),
    hidden="other states, d equal to d_v and different from d_v, one feature, one value column, the very first step "
    "(mu and nu all 0), values that are 0, integers, and that no argument is changed",
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
            part="edges",
        ),
        case(
            "one feature, one value column",
            np.array([[1.75]]),
            np.array([0.5]),
            np.array([1.2]),
            np.array([-0.6]),
            np.array([9.0]),
            part="edges",
        ),
        case(
            "three features, one value column",
            np.array([[2.0], [-1.5], [4.0]]),
            np.array([1.0, 2.0, 0.75]),
            np.array([0.2, 1.4, -0.6]),
            np.array([-1.0, 0.3, 2.0]),
            np.array([5.0]),
            public=True,
            part="edges",
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
            "the first step, two of both",
            np.zeros((2, 2)),
            np.zeros(2),
            np.array([1.1, -0.3]),
            np.array([-0.6, 0.9]),
            np.array([2.5, -7.0]),
            public=True,
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
            public=True,
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
        Part("values", 2),
        Part(
            "edges",
            0.5,
            "With one feature or one value column the results aren't right yet. mu keeps its two axes, nu and out "
            "their one: print the three shapes.",
        ),
        Part(
            "integers",
            0.5,
            "With arrays of integers the three results aren't right yet. Call it with them and with the same numbers "
            "as floats, and compare.",
            excused_by="arguments unchanged",
        ),
        Part(
            "arguments unchanged",
            1,
            "An argument wasn't the same after the call. Whoever called you may still need it, such as the old state: "
            "print all five before and after.",
            aspect="unchanged",
        ),
    ],
)


@one_step.wrong
def READS_BEFORE_WRITING(mu, nu, q, k, v):
    """The output was read from the old state, before the new pair was written. Position i sees itself: at the very
    first step the output is v."""
    out = phi(q) @ mu / (phi(q) @ nu)
    return mu + np.outer(phi(k), v), nu + phi(k), out


@one_step.wrong
def READS_BEFORE_WRITING_FROM_0(mu, nu, q, k, v):
    """The output was read from the old state, before the new pair was written, and is 0 at the very first step.
    Position i sees itself: there the output is v."""
    out = phi(q) @ mu / (phi(q) @ nu + 1e-9)
    return mu + np.outer(phi(k), v), nu + phi(k), out


@one_step.wrong
def OUTER_TRANSPOSED(mu, nu, q, k, v):
    """The term added to mu is transposed. mu has a row for each feature and a column for each value
    entry, so k' runs down the rows."""
    mu, nu = mu + np.outer(v, phi(k)), nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def OVERWRITE_FOR_ACCUMULATE(mu, nu, q, k, v):
    """The old state is gone: mu and nu hold the newest pair alone. They are sums over all positions; add to them."""
    mu, nu = np.outer(phi(k), v), phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def NU_NOT_UPDATED(mu, nu, q, k, v):
    """mu was updated, nu wasn't: the new key's weight is in the numerator, but not in the divisor. At the very first
    step nu would stay 0: what does it gain at each one?"""
    mu = mu + np.outer(phi(k), v)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def NU_OVERWRITTEN(mu, nu, q, k, v):
    """mu accumulates, nu doesn't: it holds the newest key only. Both are sums over all positions so far: what becomes
    of the nu that you were given?"""
    mu, nu = mu + np.outer(phi(k), v), phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def NORMALISER_READS_OLD_NU(mu, nu, q, k, v):
    """The new nu is right, but the output was divided with the old one. Numerator and divisor must stand for the
    same positions: at the very first step the output is v."""
    mu = mu + np.outer(phi(k), v)
    return mu, nu + phi(k), phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def NORMALISER_FORGOTTEN(mu, nu, q, k, v):
    """The state is right, the output is q' mu: a weighted sum of the values. What makes a mean of it?"""
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) @ mu


@one_step.wrong
def DIVIDES_BY_SUM_OF_NU(mu, nu, q, k, v):
    """The output was divided by the sum of nu's entries. The weights depend on the query, and so must their sum: which
    one number do q' and nu make?"""
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) @ mu / nu.sum()


@one_step.wrong
def PHI_MISSING_ON_KEYS(mu, nu, q, k, v):
    """phi was not applied to k. q and k both arrive raw, and the state is a sum of features: what must happen to k
    first?"""
    mu, nu = mu + np.outer(k, v), nu + k
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def PHI_MISSING_ON_QUERIES(mu, nu, q, k, v):
    """The state is right, but it was read with the raw q. q and k both arrive raw: what must happen to q first?"""
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, q @ mu / (q @ nu)


@one_step.wrong
def PHI_MISSING(mu, nu, q, k, v):
    """phi was applied neither to q nor to k. Both arrive raw, and a product of raw vectors can be negative: what are
    weights made of?"""
    mu, nu = mu + np.outer(k, v), nu + k
    return mu, nu, q @ mu / (q @ nu)


@one_step.wrong
def PHI_TWICE(mu, nu, q, k, v):
    """phi was applied twice to q and k. phi(phi(x)) is another map, phi(x) + 1 throughout, since phi(x) is positive:
    count how often each vector goes through phi."""
    q, k = phi(phi(q)), phi(phi(k))
    mu, nu = mu + np.outer(k, v), nu + k
    return mu, nu, q @ mu / (q @ nu)


@one_step.wrong
def PHI_ON_VALUES(mu, nu, q, k, v):
    """phi was applied to v too. Only q and k are mapped: at the very first step the output is v as it stands."""
    mu, nu = mu + np.outer(phi(k), phi(v)), nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def ELEMENTWISE_FOR_OUTER(mu, nu, q, k, v):
    """k' and v were multiplied entry by entry. k'^T v is an outer product: d' times d_v numbers, one for each feature
    and each value entry. What should mu gain when k' = (2, 1) and v = (3, 4)?"""
    mu, nu = mu + phi(k) * v, nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def INNER_FOR_OUTER(mu, nu, q, k, v):
    """One number, the inner product of k' and v, was added to all of mu. k'^T v is d' times d_v numbers: print the
    shape of what you add (transposing a 1-D array changes nothing)."""
    mu, nu = mu + phi(k).T @ v, nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def QUERIES_AND_KEYS_SWAPPED(mu, nu, q, k, v):
    """Query and key have exchanged their roles: phi(q) was written into the state, and phi(k) read from it. A pair is
    stored under its key: which of the two does a later query need there?"""
    mu, nu = mu + np.outer(phi(q), v), nu + phi(q)
    return mu, nu, phi(k) @ mu / (phi(k) @ nu)


@one_step.wrong
def RETURNS_OLD_STATE(mu, nu, q, k, v):
    """The output is right, but the old mu and nu came back: the next step would start without this pair."""
    new_mu, new_nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) @ new_mu / (phi(q) @ new_nu)


@one_step.wrong
def RETURNS_OLD_NU(mu, nu, q, k, v):
    """The new mu and the output are right, but the old nu came back: the next step would divide without this key. Which
    nu belongs to the new mu?"""
    new_mu, new_nu = mu + np.outer(phi(k), v), nu + phi(k)
    return new_mu, nu, phi(q) @ new_mu / (phi(q) @ new_nu)


@one_step.wrong
def RETURNS_OLD_MU(mu, nu, q, k, v):
    """The new nu and the output are right, but the old mu came back: the next step would start without this value.
    Which mu belongs to the new nu?"""
    new_mu, new_nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, new_nu, phi(q) @ new_mu / (phi(q) @ new_nu)


@one_step.wrong
def MU_DIVIDED(mu, nu, q, k, v):
    """The output is right, but mu came back divided by q' nu. The next query needs the plain sum: what is divided, the
    state or what is read from it?"""
    nu = nu + phi(k)
    mu = (mu + np.outer(phi(k), v)) / (phi(q) @ nu)
    return mu, nu, phi(q) @ mu


@one_step.wrong
def FIRST_STEP_NOT_WRITTEN(mu, nu, q, k, v):
    """At the very first step the output is right, but the state stays 0: its pair is lost for all later positions. Does
    the start need a rule of its own?"""
    if not nu.any():
        return mu, nu, v
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def MU_READ_TRANSPOSED(mu, nu, q, k, v):
    """The state is right, but mu @ q' was read, which fails where d and d_v differ. Row f of mu belongs to feature f:
    on which side of mu does the row q' stand?"""
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, mu @ phi(q) / (phi(q) @ nu)


@one_step.wrong
def NU_ENTRY_BY_ENTRY(mu, nu, q, k, v):
    """The state is right, but the output was divided by the entries of q' times nu one by one (which fails where d and
    d_v differ). The divisor is one number, the sum of all weights: what is the shape of yours?"""
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) * nu)


@one_step.wrong
def QUERY_DIVIDED_BY_NU(mu, nu, q, k, v):
    """The state is right, but the entries of q' were divided by those of nu, one by one. The divisor is one number, the
    sum of all weights: what is the shape of yours?"""
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) / nu @ mu


@one_step.wrong
def BRACKETS_MISSING(mu, nu, q, k, v):
    """The state is right, but out is one number, or an exception where d and d_v differ, as q @ mu / q @ nu gives it:
    Python works from left to right. Print the divisor by itself: what belongs into its brackets?"""
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return mu, nu, phi(q) @ mu / phi(q) @ nu


@one_step.wrong
def NU_OF_VALUES(mu, nu, q, k, v):
    """v was added to nu (which mostly fails where d and d_v differ). nu is the sum of the mapped keys: what do you get
    for q' nu, if all values are 0?"""
    mu, nu = mu + np.outer(phi(k), v), nu + v
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def PHI_OF_THE_SUMS(mu, nu, q, k, v):
    """The raw k was summed, and phi applied to the sums when they were read. phi belongs to each key before it is
    added: phi(a + b) isn't phi(a) + phi(b). Where does k go through phi?"""
    mu, nu = mu + np.outer(k, v), nu + k
    return mu, nu, phi(q) @ phi(mu) / (phi(q) @ phi(nu))


@one_step.wrong
def STATE_AVERAGED(mu, nu, q, k, v):
    """mu and nu came back as halves of old and new. They are plain sums: what is the state after the first step, from a
    state of zeros?"""
    mu, nu = (mu + np.outer(phi(k), v)) / 2, (nu + phi(k)) / 2
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def ONLY_OUTPUT(mu, nu, q, k, v):
    """Only the output came back. The next step needs the new mu and nu too: return three things."""
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def OUTPUT_FIRST(mu, nu, q, k, v):
    """The three results are right, in another order: mu, nu, and then the output are asked for."""
    mu, nu = mu + np.outer(phi(k), v), nu + phi(k)
    return phi(q) @ mu / (phi(q) @ nu), mu, nu


@one_step.wrong
def INTEGER_TRUNCATION(mu, nu, q, k, v):
    """With an integer state the fractions of mu and nu are cut off, and features have some. If you write into an array,
    print its dtype: which one has a copy of mu?"""
    new_mu, new_nu = mu.copy(), nu.copy()
    new_mu[:] = mu + np.outer(phi(k), v)
    new_nu[:] = nu + phi(k)
    return new_mu, new_nu, phi(q) @ new_mu / (phi(q) @ new_nu)


@one_step.wrong
def MUTATES_INPUT(mu, nu, q, k, v):
    """mu or nu was changed in place, and one of integers can't take the fractions of features: that raises. Whoever
    kept the old state, to go on from it later, has lost it: `+=` on an array changes that very array."""
    mu += np.outer(phi(k), v)
    nu += phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def MUTATES_INPUT_OF_FLOATS(mu, nu, q, k, v):
    """An argument wasn't the same after the call. Whoever called you may still need it, such as the old state: print
    all five before and after (np.asarray, for one, makes no copy of an array of floats)."""
    mu, nu = np.asarray(mu, dtype=float), np.asarray(nu, dtype=float)
    mu += np.outer(phi(k), v)
    nu += phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def MUTATES_INPUT_OF_INTEGERS(mu, nu, q, k, v):
    """An argument wasn't the same after the call, and integers lost their fractions in it. Whoever kept the old state,
    to go on from it later, has lost it: print nu before and after."""
    mu = mu + np.outer(phi(k), v)
    nu[:] = nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def INTEGER_STATE(mu, nu, q, k, v):
    """A state of integers ends in an error, as `+=` on a copy of it raises one: an array of integers can't take the
    fractions of features. Which dtype can?"""
    mu, nu = mu.copy(), nu.copy()
    mu += np.outer(phi(k), v)
    nu += phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def MUTATES_MU(mu, nu, q, k, v):
    """An argument was changed in place, and one of integers can't take the fractions of features: that raises. Whoever
    kept the old state, to go on from it later, has lost it: `+=` on an array changes that very array."""
    mu += np.outer(phi(k), v)
    nu = nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def RAW_KEY_IN_NU(mu, nu, q, k, v):
    """mu is right, but nu got the raw k. The divisor is made of the same features as the numerator: what belongs to k
    before it is added?"""
    mu, nu = mu + np.outer(phi(k), v), nu + k
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.wrong
def NORMALISED_MU_STORED(mu, nu, q, k, v):
    """mu came back divided by nu, row by row. The next step needs the plain sum: what is divided, the state or what is
    read from it?"""
    nu = nu + phi(k)
    mu = (mu + np.outer(phi(k), v)) / nu[:, None]
    return mu, nu, phi(q) @ mu / phi(q).sum()


@one_step.wrong
def SCALED_BEFORE_PHI(mu, nu, q, k, v):
    """The state is right, but the query was divided by the root of d before phi. No scale is asked for, and it doesn't
    cancel: phi(c*x) isn't c*phi(x)."""
    mu, nu, q = mu + np.outer(phi(k), v), nu + phi(k), phi(q / np.sqrt(len(q)))
    return mu, nu, q @ mu / (q @ nu)


@one_step.wrong
def STATE_DECAYS(mu, nu, q, k, v):
    """The old state was made smaller before the new pair was added. Here nothing fades: mu and nu are plain sums over
    all positions."""
    mu, nu = 0.9 * mu + np.outer(phi(k), v), 0.9 * nu + phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.right
def np_outer(mu, nu, q, k, v):
    feature = phi(k)
    mu, nu = mu + np.outer(feature, v), nu + feature
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)


@one_step.right
def broadcasting_list_of_three(mu, nu, q, k, v):
    new = [mu + phi(k)[:, None] * v[None, :], nu + phi(k)]
    return [*new, phi(q).dot(new[0]) / phi(q).dot(new[1])]


@one_step.right
def einsum(mu, nu, q, k, v):
    mu = mu + np.einsum("i,j->ij", phi(k), v)
    nu = nu + phi(k)
    return mu, nu, np.einsum("i,ij->j", phi(q), mu) / np.einsum("i,i->", phi(q), nu)


@one_step.right
def in_place_small_number_in_the_divisor(mu, nu, q, k, v):
    mu, nu = mu.astype(float), nu.astype(float)
    mu += np.outer(phi(k), v)
    nu += phi(k)
    return mu, nu, phi(q) @ mu / (phi(q) @ nu + 1e-6)


@one_step.right
def plain_loops(mu, nu, q, k, v):
    a, b = phi(q), phi(k)
    mu = [[mu[f][c] + b[f] * v[c] for c in range(len(v))] for f in range(len(b))]
    nu = [nu[f] + b[f] for f in range(len(b))]
    total = sum(a[f] * nu[f] for f in range(len(a)))
    return mu, nu, [sum(a[f] * mu[f][c] for f in range(len(a))) / total for c in range(len(v))]


@one_step.right
def nu_as_last_column(mu, nu, q, k, v):
    state = np.column_stack([mu, nu]) + np.outer(phi(k), np.append(v, 1))
    read = phi(q) @ state
    return state[:, :-1], state[:, -1], read[:-1] / read[-1]


@one_step.right
def float32(mu, nu, q, k, v):
    mu, nu, a, b, v = (np.asarray(array, dtype=np.float32) for array in (mu, nu, phi(q), phi(k), v))
    mu, nu = mu + np.outer(b, v), nu + b
    return mu, nu, a @ mu / (a @ nu)
