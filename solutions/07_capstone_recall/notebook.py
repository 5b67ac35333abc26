# %% [markdown]
# # 07 · Capstone: how many pairs fit into a fixed state?
#
# **What you will be able to do.** Measure how well a memory recalls what it has read. Predict errors with a pencil
# before you measure them. Say what no state of fixed size can do, whatever its update, and judge a memory mechanism by
# reasons and numbers.
#
# *About 90 minutes. You need numpy, matrix products, and the ideas of the notebooks before: average, decay, additive
# memory, delta rule, softmax attention. Each is repeated in a line where it returns.*
#
# ### The rules for all tasks
# - Write your code in place of `raise NotImplementedError(...)`, then run the check cell below it. The check runs a few
#   visible cases; the hidden ones, of which each task says what they test, run when your notebook is graded. A function
#   that isn't written yet counts as *not attempted*, not as wrong.
# - Arguments that are arrays come as numpy arrays, **of floats or of integers**. Return one number.
# - **Don't change the arguments.** One pair ($n = 1$) and one dimension are ordinary inputs.
# - Numbers are compared to 9 digits: each may be off by a billionth of the largest number among the arguments (or of 1,
#   if all are smaller). float64, numpy's default, does that; float32 doesn't.
# - **The checks use fixed arrays. Nothing random is graded**: in section 4 you run random experiments, but no point
#   depends on how close a curve comes to a line. Even a right experiment strays: a single run with 33 pairs in 32
#   dimensions misses its expectation by more than 15 % about 7 times in 100.
#
# **Counting.** Pairs are numbered from 1 in the formulas and from 0, as rows, in the code. No formula here depends on
# where the count starts; only how many pairs there are, $n$, matters.

# %% setup="yes"
import matplotlib.pyplot as plt
import numpy as np
from check import check, written

# %% [markdown]
# ## 1 · A memory game
#
# A memory reads $n$ pairs, one by one: a **key** $k_j$ of $d_k$ numbers (a name) and a **value** $v_j$ of $d_v$ numbers
# (a face). Then it is asked for every key once, and each time gives a **read-out** $r_j$, a row of $d_v$ numbers. A
# read-out is blurred; we let it name the stored value that it is **most similar** to, by the dot product. The fraction
# of right answers is the **recall accuracy**.
#
# Let us play it by hand with three pairs. The memory is the additive one of notebook 04 (without its normaliser): a
# matrix $S$ to which each pair adds $k_j^{\mathsf T} v_j$, read as $r = k S$.
#
# | pair | key | value | adds to $S$ | read-out $k_j S$ | dot products with $v_1, v_2, v_3$ | names |
# |---|---|---|---|---|---|---|
# | 1 | (1, 0) | (1, 1) | (1, 1), (0, 0) | (0.4, 1.6) | **2.0**, −1.2, 1.2 | $v_1$, right |
# | 2 | (0, 1) | (1, −1) | (0, 0), (1, −1) | (0.2, −0.2) | 0, **0.4**, −0.4 | $v_2$, right |
# | 3 | (0.6, 0.8) | (−1, 1) | (−0.6, 0.6), (−0.8, 0.8) | (0.4, 0.8) | **1.2**, −0.4, 0.4 | $v_1$, wrong |
#
# Added up, $S$ has the rows $(0.4, 1.6)$ and $(0.2, -0.2)$. The first two keys are perpendicular and wouldn't disturb
# each other; the third overlaps with both, and in the end its own value is drowned. Two of three are right: the
# accuracy is 2/3.

# %%
keys = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
values = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0]])
S = sum(np.outer(k, v) for k, v in zip(keys, values, strict=True))
print("S:\n", S)
print("read-outs, one per row:\n", keys @ S)

# %% [markdown]
# Why the *most similar* value, and not just any distance from the right one? A model that goes on to write a word has
# to choose one of many; a blurred read-out is good enough if it leads to the right choice.
#
# **Task: `recall_accuracy`.** Given all read-outs `R` and all stored values `V`, both of shape `(n, d)`, return the
# fraction of rows `i` for which, of all rows of `V`, row `i` has the largest dot product with `R[i]`. The rows of `V`
# have equal length (as vectors), and there are no ties. All stored values are candidates, every time.
#
# *Points: right fractions 3, one pair or one feature 0.5, integers 0.5, R and V unchanged 1.*
#
# *Hidden checks: 40 read-outs of many kinds, read-outs of a real memory, none right, all right, dot products that are
# all negative, more pairs than features and fewer, a single pair, a single feature, integer arrays, and that `R` and
# `V` are unchanged.*


# %% task="recall_accuracy"
def recall_accuracy(R, V):
    """The fraction of read-outs that lead to the right value.

    R: array (n, d) of floats or integers, the read-outs; V: array (n, d), the stored values, of equal length, n >= 1.
    Row i of R is right if its dot product with row i of V is larger than with every other row of V (no ties).
    Returns a number from 0 to 1. Neither R nor V may be changed.
    """
    ### BEGIN SOLUTION
    answers = (R @ V.T).argmax(axis=1)
    return np.mean(answers == np.arange(len(V)))
    ### END SOLUTION


# %% check="recall_accuracy"
check("recall_accuracy")

# %% [markdown]
# ## 2 · Predict before you measure
#
# A measured curve convinces more if a calculation said beforehand where it would lie. We ask for the **expected squared
# error** of a read-out, $|r_j - v_j|^2$ on average. Keys and values are random and independent, each of length 1
# ("unit" keys and values), so reading nothing at all, $r = 0$, has the error 1.
#
# Two facts are enough.
#
# - **A. Two random unit keys in $d$ dimensions** are nearly perpendicular: their dot product is 0 on average, and its
#   *square* is $1/d$ on average. (Turn the axes so that one key is the first axis. The dot product is then the first of
#   the other's $d$ coordinates. Their squares add up to 1, and none is preferred.)
# - **B. Squares add up.** If random vectors are independent and 0 on average, the squared length of their sum is on
#   average the sum of their squared lengths: the mixed terms cancel.
#
# **Additive memory.** Asked for key $j$, it returns
#
# $$r_j = k_j S = \sum_m (k_j \cdot k_m)\, v_m = v_j + \sum_{m \ne j} (k_j \cdot k_m)\, v_m .$$
#
# Its own value comes back whole, since $k_j \cdot k_j = 1$. The rest is **noise** from the other pairs. With 2 pairs in
# 4 dimensions there is one such term; its mean square is $\frac14 \cdot 1$, so the error is $\frac14$. With $n$ pairs
# in $d$ dimensions: how many terms are there, and how large is each? (The size of the values, $d_v$, plays no part. Nor
# does anything hold the sum below 1.)
#
# **Best linear memory.** Suppose we may look at all pairs first and then choose the matrix $S$ so that the squared
# errors become as small as possible. No update rule can do better as long as it is read as $kS$. Let the keys be the
# rows of a matrix $K$, of shape $(n, d)$.
#
# - Take one column $y$ of the values: $n$ wanted numbers. One column $s$ of $S$, with $d$ numbers, produces the $n$
#   numbers $Ks$.
# - As $s$ varies, $Ks$ fills a flat space of $d$ dimensions inside the $n$-dimensional one (all of it if $n \le d$).
#   With 3 pairs in 2 dimensions it is a plane in space.
# - The part of $y$ that lies *in* the flat space is matched exactly. The part *perpendicular* to it is the error.
# - A random $y$ spreads its squared length evenly over the $n$ directions, on average.
#
# With 3 pairs in 2 dimensions 2 of 3 directions lie in the plane, and $\frac13$ of the squared length remains as error.
# With $n$ pairs in $d$ dimensions? And if $n \le d$?
#
# **Cumulative average.** It keeps $\bar v$, the mean of all values, and no keys; whatever is asked, it returns
# $\bar v$. With 2 pairs the error is $v_1 - \frac12 (v_1 + v_2) = \frac12 v_1 - \frac12 v_2$, so by fact B its square
# is $\frac14 + \frac14 = \frac12$. With 4 pairs it is $\frac34 v_1$ and three times $-\frac14 v_m$:
# $\frac{9}{16} + \frac{3}{16} = \frac34$. With $n$ pairs?
#
# **Task: `expected_mse`.** Return the expected squared error per pair, as a number, from `n` pairs with unit keys in
# `d` dimensions and unit values. `kind` is `"additive"`, `"best_linear"` or `"average"`; no other kind is checked.
#
# *Points: additive 1, best linear 1.5, average 1, and $n = 1$, in all three kinds, 0.5.*
#
# *Hidden checks: other `n` and `d` for each kind, `n` below, at and above `d`, errors above 1, `d = 1`, and `n = 1`.*


# %% task="expected_mse"
def expected_mse(kind, n, d):
    """The expected squared error of a read-out, for unit values (so that reading 0 has the error 1).

    kind: "additive", "best_linear" or "average"; n: number of pairs; d: size of the unit keys; integers >= 1.
    Returns one number, at least 0.
    """
    ### BEGIN SOLUTION
    if kind == "additive":
        return (n - 1) / d
    if kind == "best_linear":
        return max(0.0, 1 - d / n)
    return 1 - 1 / n
    ### END SOLUTION


# %% check="expected_mse"
check("expected_mse")

# %% [markdown]
# Look at your three formulas side by side. The average is the best linear memory with **one** dimension (every key 1):
# it has one row for all. How many *directions* the keys have is the whole story of a linear memory's room.

# %% [markdown]
# ## 3 · Seven memories
#
# Each of the following functions reads all pairs in their order, is then asked for every key, and returns the
# read-outs. With $d_k = d_v = d$, they keep:
#
# | memory | update or rule | numbers kept |
# |---|---|---|
# | average | mean of the values, and a count | $d + 1$ |
# | window | the newest 16 pairs, with a softmax look-up among them | $16 \cdot 2d$ |
# | additive | $S \leftarrow S + k^{\mathsf T} v$ (linear attention) | $d^2$ |
# | decay | $S \leftarrow \gamma S + k^{\mathsf T} v$ (RetNet) | $d^2$ |
# | delta | $S \leftarrow S + k^{\mathsf T} (v - kS)$: what $S$ says so far is corrected (DeltaNet) | $d^2$ |
# | best linear | the $S$ with the least squared error, chosen with all pairs in view | $d^2$ |
# | softmax | all pairs, with weights $e^{16\, k \cdot k_j}$ divided by their sum | $n \cdot 2d$ |
#
# Three constants are chosen for $d = 32$, the size in section 4.
#
# - *The factor 16* makes the look-up sharp: the right key, with $k \cdot k = 1$, has the weight $e^{16}$, nearly nine
#   million, before the division; a perpendicular one has $e^0 = 1$.
# - *The window of 16 pairs* keeps $16 \cdot 64 = 1{,}024$ numbers, exactly as many as a $32 \times 32$ matrix. So it is
#   a fair rival.
# - *The decay* $\gamma = \frac{31}{32} = 1 - \frac1d$ lets an old pair shrink as fast as the delta rule does (section
#   5).


# %%
def look_up(queries, K, V):
    """Softmax attention of all queries to the pairs (K, V)."""
    weights = np.exp(16 * queries @ K.T)
    return weights / weights.sum(axis=1, keepdims=True) @ V


def average(K, V):
    return np.tile(V.mean(axis=0), (len(K), 1))


def window(K, V):
    return look_up(K, K[-16:], V[-16:])


def additive(K, V):
    return K @ (K.T @ V)


def decay(K, V, gamma=31 / 32):
    age = np.arange(len(K))[::-1, None]
    return K @ ((gamma**age * K).T @ V)


def delta(K, V):
    S = np.zeros((K.shape[1], V.shape[1]))
    for k, v in zip(K, V, strict=True):
        S += np.outer(k, v - k @ S)
    return K @ S


def best_linear(K, V):
    return K @ (np.linalg.pinv(K) @ V)


def softmax(K, V):
    return look_up(K, K, V)


MEMORIES = [softmax, best_linear, additive, decay, delta, window, average]
COLORS = dict(zip([memory.__name__ for memory in MEMORIES], plt.cm.tab10.colors, strict=False))

# %% [markdown]
# The pairs: random keys and random values, each divided by its length. Since the values are real numbers, no two dot
# products are equal. (With values of random signs there would be ties, and whether a tie counts as right would depend
# on how the program breaks it.) The random numbers come from a seeded generator, so the cells below give you the same
# curves each time (another version of numpy may give others, which differ in the third digit or so).


# %%
def unit_rows(rng, n, d):
    x = rng.normal(size=(n, d))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def random_pairs(rng, n, d):
    """n unit keys and n unit values, (n, d) each."""
    return unit_rows(rng, n, d), unit_rows(rng, n, d)


# %% [markdown]
# ## 4 · The experiment
#
# Each memory answers 20 trials for each $n$, with 32 dimensions. First all read-outs, with no judgement yet:

# %% tags="plot"
D, TRIALS = 32, 20
NUMBERS = [4, 8, 16, 32, 48, 64, 96, 128, 256]


def readouts_and_values(memory, n):
    """What the memory reads and what it should have read, for each trial."""
    trials = [random_pairs(np.random.default_rng((n, trial)), n, D) for trial in range(TRIALS)]
    return [(memory(K, V), V) for K, V in trials]


runs = {memory.__name__: [readouts_and_values(memory, n) for n in NUMBERS] for memory in MEMORIES}


def measured(measure, name):
    """measure(R, V) of one memory, as a mean over the trials, for each of NUMBERS."""
    return [np.mean([measure(R, V) for R, V in trials]) for trials in runs[name]]


# %% [markdown]
# Before you run the next cell, write down for each memory what you expect: up to which $n$ is it faultless, and how
# does it fall? Double-click the next cell to do so. Then let **your** `recall_accuracy` decide.

# %% [markdown]
# *My prediction:*
#
# - *softmax: ...*
# - *best linear: ...*
# - *additive: ...*
# - *decay, delta: ...*
# - *window: ...*
# - *average: ...*

# %% tags="plot"
if written("recall_accuracy"):
    fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
    for name in runs:
        ax.plot(NUMBERS, measured(recall_accuracy, name), "o-", markersize=4, color=COLORS[name], label=name)
    ax.plot(NUMBERS, np.minimum(1, 16 / np.array(NUMBERS)), "k--", linewidth=1, label="16/n, at most 1")
    ax.plot(NUMBERS, 1 / np.array(NUMBERS), "k:", label="1/n")
    ax.set_xscale("log", base=2)
    ax.set_xticks(NUMBERS, NUMBERS)
    ax.set(
        xlabel="number of pairs, n",
        ylabel="recall accuracy",
        title=f"Recall from a fixed state, d = {D}, {TRIALS} trials",
    )
    ax.legend(fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    plt.show()

# %% [markdown]
# **What to see:**
#
# - *Softmax* stays at 1, but it isn't a state of fixed size: what it keeps and what a read-out costs grow with $n$.
# - *Best linear* is faultless up to $n = d$ and well beyond, then it falls: nothing that reads $kS$ can be expected to
#   have a smaller squared error. (Least squared error doesn't promise the most right answers.)
# - *Additive* does well up to about $n = d$, and then falls in an S.
# - *Delta* and *decay* fall **earlier** than the plain sum (section 5 says why). An error-correcting write isn't
#   better at everything; section 7 shows what they are good for.
# - *Window* lies on $16/n$: it knows its pairs or it doesn't. *Average* lies on the dotted line exactly, in every
#   single trial. (Why? It is question 7.5.)
#
# Additive and best linear fail at different $n$, but every memory of fixed size fails in the end.

# %% [markdown]
# ## 5 · The errors, against your formulas
#
# Now the squared error, measured (dots) and predicted by **your** `expected_mse` (lines). For the delta rule there is a
# recursion as well (`delta_mse`, the thin line; skip its code if you like): each later write takes away about $1/d$ of
# an old pair.


# %% tags="plot"
def delta_mse(n, d):
    """The delta rule's expected squared error: unit keys and values, one pass, full correction."""
    state_sizes = [0.0]  # the expected squared size of S after 0, 1, 2, ... writes
    for _ in range(n):
        state_sizes.append((1 - 1 / d) * state_sizes[-1] + 1)
    errors = []
    for j in range(1, n + 1):
        read = 1.0  # the expected squared size of the read-out of pair j, right after it was written
        for t in range(j, n):  # and after each later write
            read = read * (1 - 2 / d + 2 / (d * (d + 2))) + state_sizes[t] / (d * (d + 2)) + 1 / d
        errors.append(read - 2 * (1 - 1 / d) ** (n - j) + 1)
    return np.mean(errors)


def squared_error(R, V):
    return np.mean(np.sum((R - V) ** 2, axis=1))


if written("expected_mse"):
    fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
    for name in ("additive", "best_linear", "average"):
        ax.plot(NUMBERS, [expected_mse(name, n, D) for n in NUMBERS], color=COLORS[name])
        ax.plot(NUMBERS, measured(squared_error, name), "o", color=COLORS[name], label=name)
    ax.plot(NUMBERS, [delta_mse(n, D) for n in NUMBERS], color=COLORS["delta"], linewidth=0.8)
    ax.plot(NUMBERS, measured(squared_error, "delta"), "o", color=COLORS["delta"], label="delta")
    ax.axhline(1, color="gray", linestyle=":", label="reading 0")
    ax.set_xscale("log", base=2)
    ax.set_xticks(NUMBERS, NUMBERS)
    ax.set(
        xlabel="number of pairs, n",
        ylabel="squared error per pair",
        title=f"Measured (dots), predicted (lines), d = {D}",
    )
    ax.set_ylim(-0.1, 4.2)
    ax.legend(fontsize="small")
    plt.show()

# %% [markdown]
# **What to see:** the dots lie on the lines. The additive error grows without bound (its last dot, near 8, is outside
# the picture); the delta rule's saturates below 2. And yet the additive memory answers *more* questions rightly
# (section 4). How can that be?
#
# - The **delta rule** keeps its error small by *erasing*. Every later write takes about $1/d$ of an old pair away, so
#   after many writes an old pair's signal is gone. What is left of its read-out is not large, but it says nothing.
# - The **sum** erases nothing. It keeps every signal at full size, under a noise that grows and grows. But the noise is
#   spread over all directions: it makes the error large, and yet it seldom makes one wrong value the most similar.
#
# Squared error and accuracy are different measures.

# %% [markdown]
# ## 6 · Single signs, and how to read Φ
#
# Let a value now be a row of random signs, divided by $\sqrt{d_v}$ so that its length is 1. Suppose that from the
# additive memory only the **sign of one entry** is asked for. In units of the entry, the signal is 1 (its own value
# comes back whole), and the noise is a sum of many small terms, so nearly normally distributed; by section 2 its
# standard deviation is $\sqrt{(n-1)/d_k}$. The sign comes out wrong only if the noise points *against* the signal and
# is larger. So it is right with probability
#
# $$\Phi\!\left(\sqrt{\frac{d_k}{n-1}}\right), \qquad \Phi(z) = \text{chance of a standard normal number below } z.$$
#
# | $z$ | 0 | 0.25 | 0.5 | 0.71 | 1 | 1.41 | 2 | 3 |
# |---|---|---|---|---|---|---|---|---|
# | $\Phi(z)$ | 0.5 | 0.599 | 0.691 | 0.761 | 0.841 | 0.921 | 0.977 | 0.999 |
#
# For instance, with $n - 1 = 4 d_k$ the argument is $\sqrt{1/4} = 0.5$, and 69 % of the signs are right: noise twice as
# strong as the signal still leaves something of it. Measured, with $d_k = 32$ and 129 pairs:

# %%
K, V = random_pairs(np.random.default_rng(1), 129, 32)
V = np.sign(V) / np.sqrt(32)
print("signs right:", np.mean(np.sign(additive(K, V)) == np.sign(V)).round(3))

# %% [markdown]
# ## 7 · Who is forgotten, and who may change its mind
#
# An accuracy is a mean over all pairs, and hides **which** ones are lost. On the left, 256 pairs in 64 dimensions, by
# age. In the middle and on the right, another job: 16 keys are written **again and again**, each time with a new
# value, and the *latest* value is wanted (what is the balance *now*?). All values ever written are candidates. The
# decay is still $31/32$.
#
# The helper `accuracy_of` lets your `recall_accuracy` judge some rows only. Every other row is given its own value, so
# it is surely right, and all wrong answers, `len(V) * (1 - accuracy)` of them, come from the rows in question.


# %% tags="plot"
def accuracy_of(rows, R, V):
    """The accuracy of some rows of R, with all rows of V as candidates."""
    others_right = V.copy()
    others_right[rows] = R[rows]
    return 1 - len(V) * (1 - recall_accuracy(others_right, V)) / len(rows)


def by_age(memory):
    """256 pairs in 64 dimensions: the accuracy by how many pairs were written later, for AGES."""
    trials = [random_pairs(np.random.default_rng(trial), 256, 64) for trial in range(TRIALS)]
    reads = [(memory(K, V), V) for K, V in trials]
    return [np.mean([accuracy_of(255 - np.array(ages), R, V) for R, V in reads]) for ages in AGES]


def rewritten(memory, writes):
    """Accuracy and squared error for the latest values of 16 keys that were written several times."""
    found = []
    for trial in range(TRIALS):
        K, V = random_pairs(np.random.default_rng(trial), 16 * writes, 64)
        K = np.tile(K[:16], (writes, 1))
        R, latest = memory(K, V), np.arange(len(K) - 16, len(K))
        found.append([accuracy_of(latest, R, V), squared_error(R[latest], V[latest])])
    return np.mean(found, axis=0)


AGES = [range(8), range(8, 16), range(16, 32), range(32, 64), range(64, 128), range(128, 256)]
WRITES = [1, 2, 3, 4, 6, 8]
if written("recall_accuracy"):
    fig, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    for memory, line in [(additive, "o-"), (delta, "o-"), (decay, "s--")]:
        style = {"markersize": 4, "color": COLORS[memory.__name__], "label": memory.__name__}
        left.plot([f"{min(ages)}–{max(ages)}" for ages in AGES], by_age(memory), line, **style)
        right_answers, errors = np.transpose([rewritten(memory, writes) for writes in WRITES])
        middle.plot(WRITES, right_answers, line, **style)
        right.plot(WRITES, errors, line, **style)
    left.set(xlabel="pairs written after it", ylabel="accuracy", title="256 pairs, each written once")
    middle.set(xlabel="writes per key", ylabel="accuracy", title="16 keys, the latest value wanted")
    right.set(xlabel="writes per key", ylabel="squared error", title="The same, by squared error")
    right.set_ylim(-0.05, 2.05)
    left.set_ylim(-0.05, 1.05)
    middle.set_ylim(-0.05, 1.05)
    left.tick_params(axis="x", labelrotation=30)
    left.legend(fontsize="small")
    plt.show()

# %% [markdown]
# **What to see:** the sum treats all alike, as an average does. Decay and delta know the newest pairs almost surely and
# the oldest not at all; they spend the same room on other pairs. For **rewritten** keys they are the right tools: the
# sum returns old and new values mixed, and its error soon leaves the picture (nearly 9 after 8 writes). Decay and delta
# can't be told apart by accuracy there, but by error they can: decay lets the old values *fade*, and what hasn't faded
# yet stays in the read-out (an error of about 0.65); the delta rule *takes the old value out* (0.21). So "which memory
# is better?" has no answer before you say **what will be asked**.

# %% [markdown]
# ## 8 · Traps in such experiments
#
# - **Keys.** Linear attention often maps keys by $\mathrm{elu}(x) + 1$, which is positive. In notebook 04 that was
#   right, since its weights must not be negative. But positive vectors all point roughly the same way. Look at the mean
#   cosine of two keys, and at the recall:


# %% tags="plot"
def positive_features(x):
    """elu(x) + 1, in unit length."""
    mapped = np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))
    return mapped / np.linalg.norm(mapped, axis=1, keepdims=True)


if written("recall_accuracy"):
    for n in (4, 8, 16):
        pairs = [random_pairs(np.random.default_rng(trial), n, 64) for trial in range(TRIALS)]
        # 8 K has entries of size 1, as usual for this map.
        mapped = [(positive_features(8 * K), V) for K, V in pairs]
        cosine = np.mean([(K @ K.T)[0, 1] for K, _ in mapped])
        plain = np.mean([recall_accuracy(additive(K, V), V) for K, V in pairs])
        positive = np.mean([recall_accuracy(additive(K, V), V) for K, V in mapped])
        print(f"n = {n:2}: unit keys {plain:.2f};  elu + 1 keys {positive:.2f}, mean cosine {cosine:.2f}")

# %% [markdown]
# Random positive features destroy recall long before the state is full, and dividing by $\nu$ doesn't help: it scales a
# read-out without changing which value is most similar. We want to measure the room of the *state*, so we use unit keys
# of both signs. (A trained model learns its keys; it need not use random ones.)
# - **A state that grows in secret.** With one-hot values (each value its own axis) and $d_v = n$ the additive memory
#   has accuracy 1 for 1,024 pairs. No wonder: its state has grown to $d_k \cdot n$ numbers. Keep $d_v$ fixed.
# - **No baseline.** An accuracy of 0.25 for 4 pairs sounds like something. Say what guessing would give.
# - **One measure.** Error and accuracy order the memories differently (sections 4 and 5): by error the sum is the
#   worst, by accuracy the delta rule is worse than the sum. So do old, new and rewritten pairs (section 7).
# - **One run.** Repeat with other random numbers, and say how far the results scatter.

# %% [markdown]
# ## 9 · What no update can do
#
# The matrix memories are limited by the number of key directions. Might a cleverer $f$ escape? A counting argument says
# how far.
#
# A state of $N$ numbers with $p$ bits each can be in $2^{pN}$ different conditions. Suppose that each of $n$ values is
# one of $M$ symbols, and that every value can be looked up without error. Then two different lists of values must leave
# two different states behind, otherwise some answer would be wrong for one of them. There are $M^n$ lists. So
#
# $$M^n \le 2^{pN}, \qquad\text{that is}\qquad n \le \frac{p\,N}{\log_2 M}.$$
#
# More pigeons than holes: two share one. For instance, a state of $8 \times 8$ numbers with 8 bits each has 512 bits;
# with 16 possible symbols a value takes 4 bits, so at most 128 values can be kept. The average of the same values, 8
# numbers of 8 bits, has 64 bits, so it could keep at most 16 values (its count is left aside). No training, no gate
# and no longer text changes that; more room, or a memory that grows, does.
#
# Note what the argument does **not** say: that early inputs have no influence (a counter depends on all of them), that
# order can't be kept ($h_i = 10\,h_{i-1} + \text{digit}$ keeps it, while there is room), or that steps become slower.
# It says that **some** detail of a long past is lost. Which one, the update decides.

# %% [markdown]
# ## 10 · Questions
#
# Replace `None` by the letter of your choice in quotes, such as `'B'`, or by a number, such as `0.25` or `'1/4'`. The
# check cell says whether your answer can be read. A pencil helps.

# %% [markdown] question="q7_1_bottleneck"

# %% [markdown] question="q7_2_pigeon"

# %% [markdown] question="q7_3_mse"

# %% [markdown] question="q7_4_bits"

# %% [markdown] question="q7_5_chance"

# %% [markdown]
# ## 11 · Judge a mechanism
#
# Last, put it together in words. A good judgement of a sequential memory answers five things: what is kept, and how
# large is it? By which path does an early input reach an answer? What is lost on the way, by which step of the update?
# Which questions suffer, and which don't? What would help, and at what price? A person reads your answer; the rubric
# below says for what there are points. Write plainly; reasons count, not terms.

# %% [markdown] question="q7_6_evaluate"

# %% [markdown]
# ## What you can now explain
#
# - how recall is measured, and what the numbers mean beside a baseline;
# - why the additive memory's error is $(n-1)/d$, why the best linear one is exact up to $n = d$, and why an average
#   answers $1/n$ of the questions;
# - why the delta rule, though its squared error is smaller, recalls fewer of the pairs written once, and far more
#   than the sum when keys are rewritten;
# - what a fixed state can't hold whatever its update, and what this does not say;
# - how an experiment on memories can deceive.
#
# ## Where this leads
#
# - **Old roots.** Sums of outer products as memories are from 1972 (Anderson; Kohonen); the delta rule is Widrow's and
#   Hoff's (1960). Linear attention brought them back as layers (Katharopoulos and others, 2020; Schlag, Irie and
#   Schmidhuber, 2021), and the delta rule can be trained in parallel (Yang and others, 2024). Softmax look-up is a
#   memory with room for very many patterns (Ramsauer and others, 2021).
# - **Recall in language models.** Zoology (Arora and others, 2023) made such a game, with many questions per text, and
#   found that it explains most of the gap between attention and the recurrent models of its time. Based (Arora and
#   others, 2024) trades the size of the state against recall. Jelassi and others (2024) prove that models with a fixed
#   state can't copy long texts, for the reason of section 9.
# - **Hybrids** join both: Griffin (De and others, 2024) and Samba (Ren and others, 2024) put attention in a window
#   beside a recurrence, Jamba (Lieber and others, 2024) adds a few layers of full attention.
# - **Your own next step.** Change one thing in section 4 and predict the curve first: $d = 64$; keys that resemble each
#   other; a larger window; $\gamma$ nearer to 1; the decay *and* the delta rule together (Gated DeltaNet; Yang, Kautz
#   and Hatamizadeh, 2025).
#
# **Sources**
#
# - T. Xiao and J. Zhu, *Foundations of Large Language Models*, 2025, on memories of fixed size.
# - J. A. Anderson, *A Simple Neural Network Generating an Interactive Memory*, 1972.
# - T. Kohonen, *Correlation Matrix Memories*, 1972.
# - B. Widrow and M. E. Hoff, *Adaptive Switching Circuits*, 1960.
# - A. Katharopoulos and others, *Transformers are RNNs*, 2020.
# - I. Schlag, K. Irie and J. Schmidhuber, *Linear Transformers Are Secretly Fast Weight Programmers*, 2021.
# - H. Ramsauer and others, *Hopfield Networks is All You Need*, 2021.
# - Y. Sun and others, *Retentive Network*, 2023.
# - S. Yang and others, *Parallelizing Linear Transformers with the Delta Rule over Sequence Length*, 2024.
# - S. Yang, J. Kautz and A. Hatamizadeh, *Gated Delta Networks*, 2025.
# - S. Arora and others, *Zoology*, 2023.
# - S. Arora and others, *Simple Linear Attention Language Models Balance the Recall-Throughput Tradeoff*, 2024.
# - S. Jelassi and others, *Repeat After Me: Transformers are Better than State Space Models at Copying*, 2024.
# - S. De and others, *Griffin*, 2024.
# - L. Ren and others, *Samba*, 2024.
# - O. Lieber and others, *Jamba*, 2024.
