# %% [markdown]
# # 04 · Linear attention: attention that fits into a state
#
# **What you will be able to do.** Turn attention into a recurrence: derive the two sums $\mu$ and $\nu$, write linear
# attention for a whole text, one step at a time and in chunks, and show that all three give the same numbers. Say
# what is exact in this, what isn't, and where the cumulative average hides in it.
#
# *About 70 minutes. You need numpy; from notebooks 01 and 02 the idea of a state and the cumulative average.
# Attention is explained from the beginning.*
#
# ### The rules for all tasks
# - Write your code in place of `raise NotImplementedError(...)`, then run the check cell below it. The check runs a
#   few visible cases; the hidden ones, of which each task says what they test, run when your notebook is graded. A
#   function that isn't written yet counts as *not attempted*, not as wrong.
# - Arguments that are arrays come as numpy arrays, **of floats or of integers**. Return arrays, or lists or tuples of
#   numbers, as you like.
# - **Don't change the arguments**: who called your function may still need them.
# - One position, one column, and numbers equal to 0 are ordinary inputs; for one position and one column there are
#   points of their own. No text has more than 300 positions, and speed isn't graded.
# - You may call your `phi` in `linear_attention` and `linear_attention_step`. While yours isn't right, the grader uses
#   the course's, so that one mistake isn't counted twice. The checks in this notebook use yours as it is: so mend it
#   first.
# - Each task says how exactly numbers are compared. *To 5 digits*: each may be off by 1e-5 of itself. *To 9 digits*:
#   by a billionth of the largest number among the arguments (or of 1, if all are smaller). float64, numpy's default,
#   keeps 15 digits, float32 about 7.
# - **Your notebook is graded from top to bottom: a function may use only what stands above its check.** Before handing
#   in: *Restart and run all*.
#
# ### How we count, and what we call things
# The book behind this course counts positions **from 0**, and so do the formulas and the tasks of this notebook. Each
# question says which number its positions have. Vectors are **rows**, as in the book and in numpy: `Q` and `K` have
# shape `(n, d)`, `V` has shape `(n, d_v)`, and row $i$ belongs to position $i$. Papers and libraries differ in three
# details. **Ours: no factor $1/\sqrt d$; the result is normalised (divided by the sum of the weights), except in
# section 7; a small number up to 1e-6 may be added to that divisor, but needn't.**

# %% setup="yes"
import matplotlib.pyplot as plt
import numpy as np
from check import check, written

# %% [markdown]
# ## 1 · Attention, from the beginning
#
# A model reads a text, position by position. For each position $i$ it computes three vectors:
#
# - a **key** $k_i$: the label under which this position can be found;
# - a **value** $v_i$: what there is to be found;
# - a **query** $q_i$: what this position is looking for.
#
# Position $i$ compares its query with the keys of all positions up to its own. The better a key fits, the larger is
# the weight of its value. The output is the **weighted mean** of the values. In **softmax attention** the weight is
# $\exp(q_i \cdot k_j)$:
#
# $$\mathrm{out}_i = \frac{\sum_{j=0}^{i} \exp(q_i \cdot k_j)\, v_j}{\sum_{j=0}^{i} \exp(q_i \cdot k_j)}$$
#
# The sums end at $j = i$: position $i$ sees itself and the past, never the future. Such attention is called
# **causal**. (Models mostly use $\exp(q_i \cdot k_j / \sqrt d)$. The idea is the same.)
#
# **With a pencil.** At position 1, let the key of position 0 fit so well that its weight is 3, and the key of
# position 1 have the weight 1. The values are 4 and 8. Then $\mathrm{out}_1 = (3 \cdot 4 + 1 \cdot 8) / (3 + 1) = 5$:
# nearer to 4 than to 8. If the two weights were equal, the output would be 6, the plain mean.
#
# **The price.** The query $q_i$ is known only when position $i$ is reached, and then it must be compared with *every*
# key so far. So all keys and values have to be kept (the *KV cache*), and each new position costs more than the one
# before. There is no state of fixed size, as no short summary of the keys gives back $\exp(q \cdot k_j)$ for every
# query that may still come.
#
# ## 2 · Change one thing: a weight that is a product
#
# Let $\phi$ be a function that turns a vector into a vector of **features**, and write $q'_i = \phi(q_i)$ and
# $k'_j = \phi(k_j)$. Replace the weight $\exp(q_i \cdot k_j)$ by the plain product $q'_i \cdot k'_j$. The sum in the
# numerator is then
#
# $$\sum_{j \le i} (q'_i \cdot k'_j)\, v_j = \sum_{j \le i} q'_i\, (k_j'^T v_j) = q'_i \sum_{j \le i} k_j'^T v_j$$
#
# and the query **comes out of the sum**: what is left inside doesn't depend on it. That part can be summed up while
# reading, before anybody knows the query. The same holds for the divisor. The two sums have names:
#
# | | sum over the positions $0..i$ | one step | shape |
# |---|---|---|---|
# | $\mu_i$ | $\sum_{j \le i} k_j'^T v_j$ | $\mu_i = \mu_{i-1} + k_i'^T v_i$ | $d' \times d_v$ |
# | $\nu_i$ | $\sum_{j \le i} k_j'^T$ | $\nu_i = \nu_{i-1} + k_i'^T$ | $d'$ |
#
# $$\mathrm{out}_i = \frac{q'_i\, \mu_i}{q'_i\, \nu_i} \qquad\text{starting from } \mu_{-1} = 0,\ \nu_{-1} = 0$$
#
# Here $k_i'^T v_i$ is an **outer product**: a column of $d'$ numbers times a row of $d_v$ numbers, a matrix of
# $d' \times d_v$. And $q'_i \nu_i$ is *one number*, the sum of all weights that this query gives.
#
# **In numpy** these vectors are 1-D arrays, which are neither rows nor columns, and transposing them changes nothing:
# `k.T @ v` is `k @ v`, one number. The outer product is `np.outer(k, v)`, and the new $\nu$ is just `nu + k`.
#
# This is **linear attention** (Katharopoulos et al., 2020, who write $S$ and $z$ for $\mu$ and $\nu$), and
# $(\mu_i, \nu_i)$ is a state as in notebook 01: of fixed size, made from the old state and the new input.
#
# **With a pencil**, two positions, two features, two value columns, the features already computed: $k'_0 = (2, 1)$,
# $k'_1 = (1, 3)$, $v_0 = (2, 13)$, $v_1 = (15, 0)$, and the query of position 1 is $q'_1 = (3, 1)$.
#
# *By asking every key:* the weights are $q'_1 \cdot k'_0 = 6 + 1 = 7$ and $q'_1 \cdot k'_1 = 3 + 3 = 6$. So
# $\mathrm{out}_1 = (7 \cdot (2, 13) + 6 \cdot (15, 0)) / 13 = (104, 91) / 13 = (8, 7)$.
#
# *By the state:*
#
# $$\mu_0 = \begin{pmatrix} 2 \\ 1 \end{pmatrix} (2\ \ 13) = \begin{pmatrix} 4 & 26 \\ 2 & 13 \end{pmatrix} \qquad
# \mu_1 = \mu_0 + \begin{pmatrix} 1 \\ 3 \end{pmatrix} (15\ \ 0) = \begin{pmatrix} 19 & 26 \\ 47 & 13 \end{pmatrix}$$
#
# $$\nu_1 = \begin{pmatrix} 2 \\ 1 \end{pmatrix} + \begin{pmatrix} 1 \\ 3 \end{pmatrix} =
# \begin{pmatrix} 3 \\ 4 \end{pmatrix}$$
#
# and $q'_1 \mu_1 = (3 \cdot 19 + 47,\ 3 \cdot 26 + 13) = (104, 91)$, $\;q'_1 \nu_1 = 9 + 4 = 13$. Again $(8, 7)$. The
# same by machine:

# %%
k_0, k_1, q_1 = np.array([2, 1]), np.array([1, 3]), np.array([3, 1])  # features already
v_0, v_1 = np.array([2, 13]), np.array([15, 0])

weights = np.array([q_1 @ k_0, q_1 @ k_1])
print("weights:", weights, "  asking every key:", (weights[0] * v_0 + weights[1] * v_1) / weights.sum())

mu_1 = np.outer(k_0, v_0) + np.outer(k_1, v_1)
nu_1 = k_0 + k_1
print("mu_1:", mu_1.tolist(), "  nu_1:", nu_1, "  from the state:", q_1 @ mu_1 / (q_1 @ nu_1))

# %% [markdown]
# ## 3 · The feature map
#
# Which $\phi$? The weights of a mean must not be negative, and their sum must not be 0. If all features are positive,
# so is every product $q' \cdot k'$, and both are safe. A common choice is $\phi(x) = \mathrm{elu}(x) + 1$, applied to
# each number for itself:
#
# $$\phi(x) = \begin{cases} x + 1 & \text{for } x > 0 \\ e^x & \text{for } x \le 0 \end{cases}$$
#
# Above 0 it is a line, below it falls towards 0 without reaching it, and at 0 both branches give 1. (elu itself is
# $x$ above 0 and $e^x - 1$ below; Clevert, Unterthiner and Hochreiter, 2015.) With a pencil: $\phi(2) = 3$,
# $\phi(0) = 1$, $\phi(-1) \approx 0.368$.
#
# The features of the example above are of this kind: $k_0 = (1, 0)$ gives $k'_0 = (2, 1)$, $k_1 = (0, 2)$ gives
# $k'_1 = (1, 3)$, and $q_1 = (2, 0)$ gives $q'_1 = (3, 1)$. Since $\phi$ works number by number, there are as many
# features as entries, $d' = d$.
#
# ### Task: `phi`
#
# From an array of any shape make an array of floats of the same shape.
#
# *Hidden checks: one number, one row, one column, three axes, zeros, integers, numbers as far out as -800 and 800
# (where `exp(800)` is `inf`, and `inf` times 0 is `nan`), and that `x` is unchanged. Compared to 9 digits: no float32
# here.*


# %% task="phi"
def phi(x):
    """The feature map elu(x) + 1, entry by entry: x + 1 for x > 0, exp(x) for x <= 0.

    x: array of floats or integers, of any shape. It must not be changed.
    Returns floats of the same shape; finite and not negative for every finite x.
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x + 1.0, np.exp(np.minimum(x, 0)))
    ### END SOLUTION


# %% check="phi"
check("phi")

# %% [markdown]
# ## 4 · A whole text at once
#
# For a whole text there is one output per position. Two ways lead to it:
#
# - **Quadratic.** Compute all weights $A_{ij} = q'_i \cdot k'_j$, an array `(n, n)`. Set those with $j > i$ to 0,
#   because they look into the future. Then row $i$ of the output is the mean of the values with the weights of row
#   $i$.
# - **Recurrent.** Walk through the positions, add to $\mu$ and $\nu$, read the output.
#
# Some helpers of numpy: `np.tril(A)` sets everything above the diagonal to 0. `np.outer(a, b)` is the outer product.
# `A.sum(axis=1, keepdims=True)` has the shape `(n, 1)`, so that `B / A.sum(axis=1, keepdims=True)` divides row $i$ by
# the sum of row $i$.
#
# Three ways to see at once whether a result can be right:
#
# 1. Row 0 of the output is row 0 of `V`, as position 0 sees only itself.
# 2. If all values are 1, all outputs are 1: that is what a mean does.
# 3. A change of the last position changes the last row only.
#
# ### Task: `linear_attention`
#
# Causal, normalised, with $\phi = \mathrm{elu} + 1$ and without $1/\sqrt d$; `Q` and `K` are raw, so $\phi$ is
# applied inside. Any form is welcome. You may call your `phi`; while yours isn't right, the grader uses the course's.
#
# *Hidden checks: $d$ equal to $d_v$ and different from $d_v$, one position, one column, zeros, values that are all 1,
# equal keys, 200 positions, integers, and that the arguments are unchanged. Compared to 5 digits, so float32 or 1e-6
# in the divisor do no harm.*


# %% task="linear_attention"
def linear_attention(Q, K, V):
    """Causal linear attention with the feature map phi = elu + 1, normalised, without 1/sqrt(d).

    Q, K: raw queries and keys, arrays (n, d); V: values, array (n, d_v); n >= 1. None of them may be changed.
    Returns floats of shape (n, d_v). Row i, counting from 0, is the mean of the rows 0..i of V, i among them,
    with the weights phi(Q[i]) . phi(K[j]).
    """
    ### BEGIN SOLUTION
    weights = np.tril(phi(Q) @ phi(K).T)
    return weights @ V / weights.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% check="linear_attention"
check("linear_attention")

# %% [markdown]
# Now a first surprise, computed by **your** function. Give every position the same key and some values, and compare
# with the cumulative average of notebook 02:

# %% tags="plot"
queries = np.array([[0.3, -2.0], [1.5, 0.4], [-0.7, 0.9], [2.0, 2.0]])
same_key = np.tile([0.8, -0.5], (4, 1))
values = np.array([[1.0], [3.0], [8.0], [0.0]])
if written("linear_attention"):
    print("linear attention:  ", np.asarray(linear_attention(queries, same_key, values)).ravel())
    print("cumulative average:", (np.cumsum(values) / np.arange(1, 5)))

# %% [markdown]
# **What to see:** 1, 2, 4, 3 in both lines, whatever the queries are. With equal keys all weights of a row are equal,
# and a weighted mean with equal weights is the plain mean. So the cumulative average is linear attention with nothing
# to choose by, and linear attention is a cumulative average that has learned to *choose*. Both keep running sums, and
# divide the one by the other.
#
# ## 5 · One step at a time
#
# When a model writes a text, positions come one by one. Then the recurrent form is the natural one: state in, state
# out.
#
# Two things to watch. First, the order: position $i$ sees itself, so its pair is written **before** the output is
# read. Second, the state must not be changed *in place* (`mu += ...`): `+=` changes the array of whoever called you.
# Somebody may have kept that state, to go on from the same beginning in two different ways.
#
# In the example of section 2, after position 0 the state is $\mu_0$ as above and $\nu_0 = (2, 1)$. One step with
# $q_1 = (2, 0)$, $k_1 = (0, 2)$, $v_1 = (15, 0)$ gives $\mu_1$, $\nu_1 = (3, 4)$ and the output $(8, 7)$. This is the
# first visible case of the check.
#
# ### Task: `linear_attention_step`
#
# One step of the recurrence. `q` and `k` are raw; $\phi$ is applied inside. You may call your `phi`; while yours isn't
# right, the grader uses the course's.
#
# *Hidden checks: other states, $d$ equal to $d_v$ and different from $d_v$, one feature, one value column, the very
# first step ($\mu$ and $\nu$ all 0), values that are 0, integers, and that no argument is changed. Compared to 5
# digits.*


# %% task="linear_attention_step"
def linear_attention_step(mu, nu, q, k, v):
    """One step of causal linear attention: write the pair (k, v) into the state, then read with q.

    mu: array (d, d_v), nu: array (d,): the state before this position, zeros before the first one.
    q, k: raw query and key, arrays (d,); v: value, array (d_v,). No argument may be changed.
    Returns mu, nu, out in this order: the new state, shapes (d, d_v) and (d,), and the output, shape (d_v,).
    """
    ### BEGIN SOLUTION
    feature = phi(k)
    mu = mu + np.outer(feature, v)
    nu = nu + feature
    return mu, nu, phi(q) @ mu / (phi(q) @ nu)
    ### END SOLUTION


# %% check="linear_attention_step"
check("linear_attention_step")

# %% [markdown]
# **One thing, computed in two ways.** Your step function, called 500 times with a state of $16 \cdot 16 + 16 = 272$
# numbers, against your function for the whole text, and both against softmax attention:

# %% tags="plot"
rng = np.random.default_rng(0)
n, d = 500, 16
Q, K, V = rng.normal(size=(n, d)), rng.normal(size=(n, d)), rng.normal(size=(n, d))

if written("linear_attention", "linear_attention_step"):
    mu, nu, outputs = np.zeros((d, d)), np.zeros(d), []
    for q, k, v in zip(Q, K, V, strict=True):
        mu, nu, out = linear_attention_step(mu, nu, q, k, v)
        outputs.append(out)

    whole = np.asarray(linear_attention(Q, K, V))
    exponentials = np.tril(np.exp(Q @ K.T / np.sqrt(d)))
    softmax = exponentials @ V / exponentials.sum(axis=1, keepdims=True)
    print(f"largest difference, step by step against whole text: {np.abs(outputs - whole).max():.1e}")
    print(f"largest difference, linear against softmax:          {np.abs(whole - softmax).max():.1e}")

# %% [markdown]
# **What to see:** the first difference is rounding, the second is not. Taking the query out of the sum is a
# regrouping, which is *exact*. Replacing $\exp(q \cdot k)$ by $\phi(q) \cdot \phi(k)$ gives *another* attention; a
# model has to be trained with it.
#
# **How much is saved?** The cache of softmax attention holds $i\,(d + d_v)$ numbers after $i$ positions, the state of
# linear attention $d\,d_v + d$ at any time. For $d = d_v = 64$, a usual size of one head:
#
# | positions so far | softmax: keys and values | linear: $\mu$ and $\nu$ |
# |---|---|---|
# | 10 | 1,280 | 4,160 |
# | 33 | 4,224 | 4,160 |
# | 1,000 | 128,000 | 4,160 |
# | 100,000 | 12,800,000 | 4,160 |
#
# Up to 32 positions the cache is the smaller one. After that it isn't, and the gap grows without end.
#
# ## 6 · What the weights look like
#
# What is the price of the fixed size? Look at the weights. They can be read out of your function with a trick: let
# the values be the rows of the **identity matrix**. Then output row $i$ is $\sum_j w_{ij} e_j$, and its entry $j$ is
# the weight $w_{ij}$ itself.
#
# The plot shows the weights that the last of 32 positions gives. All keys are random, of equal length, and the query
# of the last position is made to look for position 9: it is *equal* to the key there.

# %% tags="plot"
rng = np.random.default_rng(9)
n, d, wanted = 32, 16, 9
K = rng.normal(size=(n, d))
K = K * np.sqrt(d) / np.linalg.norm(K, axis=1, keepdims=True)  # random directions, equal lengths
Q = np.zeros((n, d))
Q[-1] = K[wanted]

if written("linear_attention"):
    linear = np.asarray(linear_attention(Q, K, np.eye(n)))[-1]
    softmax = np.exp(K @ Q[-1] / np.sqrt(d))
    softmax = softmax / softmax.sum()

    fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
    positions = np.arange(n)
    ax.bar(positions - 0.2, softmax, 0.4, color="tab:orange", label=r"softmax attention, $\exp(q \cdot k/\sqrt{d})$")
    ax.bar(positions + 0.2, linear, 0.4, color="tab:blue", label=r"linear attention, $\phi(q) \cdot \phi(k)$")
    ax.axhline(1 / n, color="black", linewidth=1, linestyle="--", label="cumulative average, 1/32")
    ax.set(xlabel="position j (counting from 0)", ylabel="weight", title=f"Looking for position {wanted}")
    ax.legend(fontsize="small")
    plt.show()

# %% [markdown]
# **What to see:** softmax gives position 9 more than half of all the weight, 0.55. Linear attention gives it only 1.6
# times the average, and all its weights stay within a factor of two of the cumulative average. (In about four of ten
# random draws, another position even comes out first.) There are two reasons: no exponential makes a good match stand
# out, and positive features are never far from each other. Random keys are nearly at right angles; after
# $\phi = \mathrm{elu} + 1$ the average cosine between two of them is about 0.7.
#
# So the sums $\mu$ and $\nu$ hold everything, but in one heap. How many pairs can be found again in such a heap, and
# with which features, is the theme of notebook 07.
#
# ## 7 · In chunks
#
# The recurrent form does little work but waits for itself at every step. The quadratic form does everything at once,
# but with $n^2$ weights. For training, one takes the middle: cut the text into **chunks**; inside a chunk use the
# quadratic form, from chunk to chunk hand on the state. Large matrix products are what the hardware is good at.
#
# To keep it short, this section leaves out the divisor: $o_i = \sum_{j \le i} (q'_i \cdot k'_j)\, v_j$, and `Q`, `K`
# hold **features already**. The state is a matrix $S$, the sum of $k_j'^T v_j$ over all *earlier* chunks. A position
# $i$ of the chunk then gets two terms:
#
# $$o_i = \underbrace{q'_i\, S}_{\text{earlier chunks}} +
# \underbrace{\sum_{j \le i,\ j \text{ in the chunk}} (q'_i \cdot k'_j)\, v_j}_{\text{this chunk, up to } i}$$
#
# **With a pencil**, one feature, one value column, three positions, chunks of two: $q' = 1, 2, 1$, $k' = 2, 1, 3$,
# $v = 1, 4, 2$.
#
# - Chunk 0 (positions 0 and 1), $S = 0$: $o_0 = 1 \cdot 2 \cdot 1 = 2$, and
#   $o_1 = 2 \cdot 2 \cdot 1 + 2 \cdot 1 \cdot 4 = 12$. Then $S = 2 \cdot 1 + 1 \cdot 4 = 6$.
# - Chunk 1 (position 2 alone): $o_2 = 1 \cdot 6 + 1 \cdot 3 \cdot 2 = 12$.
#
# Without chunks, $o_2 = 1 \cdot (2 \cdot 1 + 1 \cdot 4 + 3 \cdot 2) = 12$ as well. The last chunk was shorter than
# the others; that is normal.
#
# ### Task: `linear_attention_chunked`
#
# Unnormalised, causal, $\phi$ is **not** applied. `chunk` is any integer from 1 on; it needn't divide $n$ and may be
# larger than $n$. The result must not depend on it: with `chunk` = 1 this is the recurrent form, from `chunk` = $n$ on
# the quadratic one. (Only the values are checked. But do write it with chunks: it is the form in which such models are
# trained.)
#
# *Hidden checks: `chunk` = 1, = $n$, larger than $n$, or not dividing $n$; one position, one column, $d$ equal to
# $d_v$ and different from $d_v$, features that are 0 or negative, integers, 300 positions, and that the arguments are
# unchanged. Compared to 9 digits: no float32 here.*


# %% task="linear_attention_chunked"
def linear_attention_chunked(Q, K, V, chunk):
    """Causal linear attention in chunks, without feature map and without divisor.

    Q, K: features of queries and keys, arrays (n, d); V: values, array (n, d_v); n >= 1. None of them may be changed.
    chunk: the number of positions in a chunk, an integer >= 1; the last chunk may be shorter.
    Returns floats of shape (n, d_v). Row i, counting from 0, is the sum over j = 0..i of (Q[i] . K[j]) * V[j].
    """
    ### BEGIN SOLUTION
    S = np.zeros((K.shape[1], V.shape[1]))
    outputs = []
    for start in range(0, len(Q), chunk):
        rows = slice(start, start + chunk)
        inside = np.tril(Q[rows] @ K[rows].T)
        outputs.append(Q[rows] @ S + inside @ V[rows])
        S = S + K[rows].T @ V[rows]
    return np.concatenate(outputs)
    ### END SOLUTION


# %% check="linear_attention_chunked"
check("linear_attention_chunked")

# %% [markdown]
# <details><summary>An aside: where did the divisor go? (optional)</summary>
#
# It can always be brought back. Put a column of ones beside the values: the sums of the weights then come out as one
# more column of the output, by which the others are divided. In other words, $\nu$ is the column of $\mu$ that
# belongs to a value that is always 1. Some later models leave the divisor out for good and rescale each output vector
# in another way.
# </details>
#
# ## 8 · Questions
#
# Replace `None` by the letter of your choice in quotes, such as `'B'`, or by a number, such as `0.25` or `'1/4'`. The
# check cell says whether your answer can be read. A pencil helps.

# %% [markdown] question="q4_1_update"

# %% [markdown] question="q4_2_compute"

# %% [markdown] question="q4_3_size"

# %% [markdown] question="q4_4_const"

# %% [markdown] question="q4_5_exact"

# %% [markdown] question="q4_6_norm_argmax"

# %% [markdown]
# ## What you can now explain
#
# - why softmax attention needs all keys and values, and why a weight that is a *product* needs only two sums;
# - what $\mu$ and $\nu$ hold, which shapes they have, and what a query does with them;
# - which of the forms (recurrent, quadratic, chunked) is used when, and why they agree to the last digits;
# - what is exact here (the regrouping) and what is a change of model (the feature map);
# - in which sense the cumulative average is a special case, and what a fixed size costs.
#
# ## Where this leads
#
# - **Forgetting.** In $\mu$ nothing ever fades. RetNet multiplies the state by a fixed factor below 1 at each step
#   (Sun et al., 2023); gated linear attention lets each input decide how much of which row is kept (Yang et al.,
#   2024). Both are trained in chunks, as in section 7. Notebook 05 takes them up.
# - **Correcting.** A state that has grown into a heap can be written more carefully: first take out what a key
#   returned so far, then write the new value. This is the delta rule; Schlag, Irie and Schmidhuber (2021) show linear
#   attention as a memory that is written and read.
# - **Combining.** Infini-attention reads long texts in segments: softmax attention inside a segment, and for
#   everything older a memory that is written and read with elu + 1 just like $\mu$ and $\nu$ (Munkhdalai, Faruqui and
#   Gopal, 2024).
# - **Coming closer to softmax.** With suitable random features, $\phi(q) \cdot \phi(k)$ approximates
#   $\exp(q \cdot k)$, the better the more features there are (Choromanski et al., 2021).
#
# **Sources.** T. Xiao and J. Zhu, *Foundations of Large Language Models*, 2025, the chapter on generative models:
# $\mu$ and $\nu$ (counting from 0). A. Vaswani et al., *Attention Is All You Need*, NeurIPS 2017. A. Katharopoulos,
# A. Vyas, N. Pappas and F. Fleuret, *Transformers are RNNs: Fast Autoregressive Transformers with Linear Attention*,
# ICML 2020. D.-A. Clevert, T. Unterthiner and S. Hochreiter, *Fast and Accurate Deep Network Learning by Exponential
# Linear Units (ELUs)*, 2015. I. Schlag, K. Irie and J. Schmidhuber, *Linear Transformers Are Secretly Fast Weight
# Programmers*, ICML 2021. K. Choromanski et al., *Rethinking Attention with Performers*, ICLR 2021. Y. Sun et al.,
# *Retentive Network: A Successor to Transformer for Large Language Models*, 2023. S. Yang et al., *Gated Linear
# Attention Transformers with Hardware-Efficient Training*, ICML 2024. T. Munkhdalai, M. Faruqui and S. Gopal, *Leave
# No Context Behind: Efficient Infinite Context Transformers with Infini-attention*, 2024.
