# %% [markdown]
# # 05 · Gates, error correction, and a scan: how recurrent layers came back
#
# **What you will be able to do.** Write a decayed memory (RetNet) in a recurrent and in a parallel form, and see that
# they are one function. Say which recurrences can be trained in parallel, and why. Write a memory that corrects itself
# (the delta rule), and say what that costs its older entries.
#
# *About 90 minutes, and 20 for the stretch. You need numpy and the idea of notebook 04: a matrix as memory, written
# with outer products and read with a query. It is summed up again below.*
#
# ### The rules for all tasks
# - Write your code in place of `raise NotImplementedError(...)`, then run the check cell below it. The check runs a
#   few visible cases; the hidden ones, of which each task says what they test, run when your notebook is graded. A
#   function that isn't written yet counts as *not attempted*, not as wrong.
# - Arguments that are arrays come as numpy arrays, **of floats or of integers**. Return arrays, or lists or tuples of
#   numbers, as you like.
# - **Don't change the arguments**: who called your function may still need them.
# - One row, one column, zeros, and boundary values such as `gamma` = 1 are ordinary inputs; for one row and one column
#   there are points of their own. Speed isn't graded. `scan_affine` is checked with up to 600 steps, all other tasks
#   with up to 400 rows; a recursion may go that deep (Python allows about 1,000 calls inside each other).
# - You may call your `scan_affine` in `retention` and `wkv`. While yours isn't right, the grader uses the course's, so
#   that one mistake isn't counted twice. The checks in this notebook use yours as it is.
# - Each task says how exactly numbers are compared. *To 9 digits*: each may be off by a billionth of the largest number
#   among the arguments (or of 1, if all are smaller). float64, numpy's default, does that; float32 doesn't.
# - **Your notebook is graded from top to bottom: a function may use only what stands above its check.** Before handing
#   in: *Restart and run all*.
#
# ### How we count
# Code, formulas, tasks and questions of this notebook count rows and steps **from 0**, as numpy does (so does the book,
# *Foundations of Large Language Models*). A start state is written $h_{-1}$, $S_{-1}$ or `S0`: it is what the memory
# holds *before* row 0. Vectors are rows, as in notebook 04.

# %% setup="yes"
import matplotlib.pyplot as plt
import numpy as np
from check import check, written

# %% [markdown]
# ## 1 · Why recurrent layers went away and came back
#
# A recurrent layer reads a text with one state: $h_t = f(h_{t-1}, x_t)$. Generating one more token costs the same
# however long the text is, because all the layer needs is the state. That is why people wanted it back. It had gone
# away because of *training*: with $h_t = \tanh(W h_{t-1} + x_t)$ the way to $h_{1000}$ leads through all states from
# $h_0$ to $h_{999}$, one after another, while a graphics processor would like to work on all positions at once.
# Attention can do that; so the Transformer won, and paid with a cost per token that grows with the text.
#
# The layers of this notebook (2020 and later) keep the state and drop the tanh: the state goes into its update only
# by multiplication and addition. The smallest such update is the **affine step**
#
# $$h_t = a_t\, h_{t-1} + b_t, \qquad h_{-1} = 0 .$$
#
# $a_t$ says how much of the past is kept at step $t$; it is called a *gate* when the layer computes it from the input
# $x_t$. $b_t$ is what is written. The first three special cases are old acquaintances:
#
# | $a_t$ | $b_t$ | the state is |
# |---|---|---|
# | 1 | $x_t$ | the running sum |
# | $\lambda$ | $(1-\lambda)\,x_t$ | the exponential moving average |
# | $t/(t+1)$ | $x_t/(t+1)$ | the cumulative average |
# | 0 at some $t$ | $x_t$ | a reset: $h_t = b_t$, the past is gone |
# | negative | $x_t$ | a memory whose sign flips |
#
# **With a pencil.** Let $a = (3, 2, 0, 4)$ and $b = (1, 4, 5, 1)$. Start at 0:
#
# $$h_0 = 3\cdot 0 + 1 = 1, \quad h_1 = 2\cdot 1 + 4 = 6, \quad h_2 = 0\cdot 6 + 5 = 5, \quad
# h_3 = 4\cdot 5 + 1 = 21 .$$
#
# Two things to notice: $a_0$ has no effect, since it multiplies 0; and after the reset at $t = 2$ nothing of $h_1$ is
# left. Written out,
#
# $$h_3 = a_3a_2a_1\, b_0 + a_3a_2\, b_1 + a_3\, b_2 + b_3 ,$$
#
# where $a_2 = 0$ removes the first two terms: each entry is multiplied by all the gates that come **after** it.

# %% [markdown]
# ### Task: `scan_affine`
#
# Write all states of the recurrence: a *scan* of the affine steps. Any method will do. One is tempting and wrong:
# dividing by running products of `a` works on short examples, until one `a_t` is 0 or the product becomes too small
# for a float.
#
# *Hidden checks: zeros and negative numbers in `a`, one step, lengths that are no power of two, 600 steps with small
# `a`, integer `a` or `b`, and that the arguments are unchanged. Compared to 9 digits.*


# %% task="scan_affine"
def scan_affine(a, b):
    """All states of h_t = a_t * h_{t-1} + b_t, counting from 0, with h_{-1} = 0.

    a, b: arrays (n,) of floats or integers, n >= 1; a may hold 0 and negative numbers. They must not be changed.
    Returns floats of shape (n,): entry t is h_t.
    """
    ### BEGIN SOLUTION
    states = []
    h = 0.0
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        states.append(h)
    return np.array(states)
    ### END SOLUTION


# %% check="scan_affine"
check("scan_affine")

# %% [markdown]
# ### What a gate is good for
#
# A signal jumps between levels and comes with noise. An average must smooth the noise, but at a jump the past is only
# harmful. With a constant $a$ there is one compromise for all times. A gate that depends on the input can do both:
# here it is 0 where something new begins, and 0.95 elsewhere. (The cell makes this gate from the true levels, which no
# layer knows; a trained layer would compute it from the input.) Your `scan_affine` draws both memories. To make each an
# average of what it holds, the cell scans the sum and the count with the same $a_t$ and divides, so that the gate is
# the only difference.

# %% tags="plot"
rng = np.random.default_rng(5)
levels = np.repeat([0.0, 4.0, 1.0, 6.0], [50, 40, 70, 40])
signal = levels + rng.normal(scale=0.8, size=200)
jumps = np.diff(levels, prepend=levels[0]) != 0
memories = {
    "constant a = 0.95": np.full(200, 0.95),
    "gate: 0 at a jump, else 0.95": np.where(jumps, 0.0, 0.95),
}

if written("scan_affine"):
    plt.figure(figsize=(7, 3.2))
    plt.plot(signal, ".", color="0.75", markersize=4, label="signal")
    for (name, a), color in zip(memories.items(), ("tab:orange", "tab:blue"), strict=True):
        plt.plot(np.divide(scan_affine(a, signal), scan_affine(a, np.ones(200))), color=color, label=name)
    plt.xlabel("t (counted from 0)")
    plt.ylabel("sum / count")
    plt.title("The same scan with and without a gate")
    plt.legend(fontsize=8, loc="upper left")
    plt.tight_layout()
    plt.show()

# %% [markdown]
# **What to see:** the constant memory takes dozens of steps to forget the old level. The gated one jumps at once; it is
# rough for some steps, with few values to average, and is soon as smooth.
#
# ## 2 · Two steps are one step
#
# Step 1 is $h \to 3h + 1$, step 2 is $h \to 2h + 4$. Both, first 1 and then 2:
#
# $$h \;\to\; 2\,(3h + 1) + 4 \;=\; 6h + 6 .$$
#
# Two affine steps are again an affine step! So any stretch of the text, a thousand tokens if you like, comes down to
# **two numbers**: a multiplier and an added part. The other order gives another step, $3(2h + 4) + 1 = 6h + 13$:
# order matters. Grouping doesn't: whether you first join steps 1 and 2 and then add 3, or join 2 and 3 first, the
# same function is applied to $h$. This property is *associativity*, and it is all that parallel training needs:
#
# * one worker joins steps 0 to 499, another one at the same time 500 to 999; then the two results are joined;
# * every worker can split its stretch again. With enough workers $n$ steps take about $\log_2 n$ rounds, not $n$.
#
# With $h \to \tanh(w h + x)$ this fails: two such steps, one inside the other, are no longer of that form, and
# nothing short sums up a thousand of them. The same holds if a gate *reads the state* ($a_t$ computed from $h_{t-1}$,
# as in an LSTM or GRU). A gate that reads only the input is harmless: all the $a_t$ are known before any state is.

# %% [markdown]
# ### Task: `combine`
#
# Join two steps, each given as a pair of numbers, as in the example: `combine((3, 1), (2, 4))` is `(6, 6)`.
#
# *Hidden checks: resets, steps that change nothing, negative and whole numbers, and combining pairs which your own
# function returned (three steps in both groupings, eight in a row). Compared to 9 digits.*


# %% task="combine"
def combine(e1, e2):
    """First the step e1, then the step e2, as one affine step.

    e1, e2: pairs (a, b) of numbers, each a tuple or a list; a pair means the step h -> a*h + b.
    Returns the pair (a, b) of the joined step, a tuple or a list.
    """
    ### BEGIN SOLUTION
    a1, b1 = e1
    a2, b2 = e2
    return a1 * a2, a2 * b1 + b2
    ### END SOLUTION


# %% check="combine"
check("combine")

# %% [markdown]
# ### A scan in rounds
#
# Here is how `combine` makes all $n$ states at once (Hillis and Steele 1986). At the start, entry $t$ holds step $t$
# alone. In the first round each entry is combined with its left neighbour, then with the entry 2 to the left, then 4,
# 8, ... After round $r$ an entry covers the last $2^r$ steps. When it covers all steps from 0 on, its added part *is*
# $h_t$, as the start is 0. Inside one round no entry waits for another one. The cell works through them in a loop; on
# a graphics processor a round is one operation on a pair of arrays.

# %% tags="plot"
rng = np.random.default_rng(6)
a = rng.uniform(0.9, 1.02, size=64)
b = rng.normal(0.3, 1.0, size=64)
if written("scan_affine", "combine"):
    states = scan_affine(a, b)

    fig, axes = plt.subplots(1, 4, figsize=(10, 2.6), sharey=True)
    steps, distance, round_number = list(zip(a, b, strict=True)), 1, 0
    while distance < 64:
        joined = [combine(earlier, later) for earlier, later in zip(steps[:-distance], steps[distance:], strict=True)]
        steps = steps[:distance] + joined
        distance, round_number = 2 * distance, round_number + 1
        if round_number in (1, 3, 5, 6):
            ax = axes[[1, 3, 5, 6].index(round_number)]
            ax.plot(states, color="0.75", linewidth=4, label="scan_affine")
            ax.plot([added for _, added in steps], color="tab:blue", linewidth=1.2, label="combine")
            ax.axvline(distance - 1, color="tab:red", linestyle=":", linewidth=1)
            ax.set_title(f"round {round_number}: last {distance} steps", fontsize=9)
            ax.set_xlabel("t (from 0)")
    axes[0].set_ylabel("added part b of entry t")
    axes[0].legend(fontsize=7, loc="upper left")
    fig.tight_layout()
    plt.show()
    difference = np.abs(np.subtract([added for _, added in steps], states)).max()
    print(f"{round_number} rounds, largest difference from scan_affine: {difference:.1e}")

# %% [markdown]
# **What to see:** each round doubles the stretch that is right (blue line on the grey one, up to the red mark). 64
# steps need 6 rounds, and the number printed last, the difference from your `scan_affine`, is rounding.

# %% [markdown]
# ### Three questions on these two sections
#
# Replace `None` by the letter of your choice in quotes, such as `'B'`; by all letters that apply, such as `'AC'`, where
# the question says so; or by a number, such as `0.25` or `'1/4'`. The check cell says whether your answer can be read.

# %% [markdown] question="q5_1_why_back"

# %% [markdown] question="q5_2_claims"

# %% [markdown] question="q5_3_compose"

# %% [markdown]
# ## 3 · Retention: a matrix memory that fades
#
# From numbers back to memories. Notebook 04 wrote a pair of a key $k$ (a row of $d_k$ numbers) and a value $v$ ($d_v$
# numbers) into a matrix by adding the outer product $k^\top v$, of shape $d_k \times d_v$; a query $q$ reads $q\,S$.
# Take that without feature map and normaliser. **New here:** $qS = \sum_j (q \cdot k_j)\, v_j$, so if $q$ equals a
# stored key of length 1, and the other keys are orthogonal to it, exactly its value comes out; keys that are not
# orthogonal mix theirs in. Nothing ever leaves that sum.
#
# **Retention** (RetNet: Sun et al. 2023) multiplies the state by a constant $0 < \gamma \le 1$ before each write:
#
# $$S_t = \gamma\, S_{t-1} + k_t^\top v_t, \quad S_{-1} = 0, \qquad o_t = q_t S_t .$$
#
# Each entry of $S$ is an affine scan with $a_t = \gamma$. A pair written at row $m$ has been multiplied by $\gamma$ at
# each of the rows $m+1$ to $t$, so the output is a weighted sum over the past, and its weights depend on the *age*
# $t-m$ alone:
#
# $$o_t = \sum_{m \le t} \gamma^{\,t-m}\,(q_t \cdot k_m)\; v_m .$$
#
# The new pair has $\gamma^0 = 1$. There is no factor $1-\gamma$ (that belongs to the exponential average) and no
# division by a sum of weights. With $\gamma = 1$ it is the plain sum again.
#
# **With a pencil.** One dimension each, $\gamma = \frac12$, all $q = k = 1$, values $v = (8, 4, 6)$. Recurrent, row
# by row: $S = 8,\; 4 + 4 = 8,\; 4 + 6 = 10$. Parallel, all rows at once, with a triangular matrix of decays $D$:
#
# $$D\,v = \begin{pmatrix} 1 & 0 & 0 \\ \tfrac12 & 1 & 0 \\ \tfrac14 & \tfrac12 & 1\end{pmatrix}
# \begin{pmatrix} 8 \\ 4 \\ 6 \end{pmatrix} = \begin{pmatrix} 8 \\ 8 \\ 10 \end{pmatrix}.$$
#
# The same three numbers. The next cell does both on 12 random values.

# %%
gamma = 0.8
values = np.random.default_rng(7).normal(size=12)

state, one_by_one = 0.0, []
for value in values:  # recurrent: one number is kept
    state = gamma * state + value
    one_by_one.append(state)

ages = np.arange(12)[:, None] - np.arange(12)  # parallel: row t, column m holds the age t - m
D = np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)

print("recurrent, last three:", np.round(one_by_one[-3:], 6))
print("parallel,  last three:", np.round((D @ values)[-3:], 6))
print(f"largest difference: {np.abs(D @ values - one_by_one).max():.1e}")

# %% [markdown]
# ### Task: `retention`
#
# Now with queries, keys and values as rows of matrices. Recurrent, parallel, or anything between: all forms count. In
# the parallel one, watch what $\gamma^{\,t-m}$ does *above* the diagonal, where the exponent is negative. In the
# recurrent one, the term to add is `np.outer(k, v)`. You may call your `scan_affine`; while yours isn't right, the
# grader uses the course's.
#
# *Hidden checks: $d_k \ne d_v$, other `gamma` (1.0 among them), one row, one column, rows of zeros, integer arrays, 400
# rows with `gamma` = 0.1, 300 with `gamma` = 0.99, and that the arguments are unchanged. Compared to 9 digits.*


# %% task="retention"
def retention(Q, K, V, gamma):
    """o_t = sum over m <= t of gamma**(t-m) * (q_t . k_m) * v_m, rows counted from 0.

    Q, K: arrays (n, d_k), V: array (n, d_v), of floats or integers, n >= 1. They must not be changed.
    gamma: a float, 0 < gamma <= 1. No normaliser, no scaling, no feature map.
    Returns floats of shape (n, d_v): row t is o_t.
    """
    ### BEGIN SOLUTION
    ages = np.arange(len(Q))[:, None] - np.arange(len(Q))
    decays = np.where(ages >= 0, gamma ** np.maximum(ages, 0), 0.0)
    return (Q @ K.T * decays) @ V
    ### END SOLUTION


# %% check="retention"
check("retention")

# %% [markdown]
# ### Your function's weights
#
# If every query and key is the single number 1 and the values are the rows of the unit matrix, the output *is* the
# matrix of weights: row $t$ shows how much of each $v_m$ is in $o_t$.

# %% tags="plot"
n = 60
ones = np.ones((n, 1))
if written("retention"):
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2))
    image = left.imshow(retention(ones, ones, np.eye(n), 0.9), cmap="viridis")
    fig.colorbar(image, ax=left, label="weight")
    left.set_title("weights for gamma = 0.9")
    left.set_xlabel("m: when the pair was written")
    left.set_ylabel("t: when it is read")
    for gamma in (0.7, 0.9, 1 - 2**-5, 1.0):
        newest_first = np.asarray(retention(ones, ones, np.eye(n), gamma))[-1][::-1]
        right.plot(newest_first, label=f"gamma = {gamma:.3g}")
    right.set_title(f"weights in row {n - 1}")
    right.set_xlabel("age t - m")
    right.set_ylabel("weight")
    right.legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# **What to see:** on the left, nothing above the diagonal (no look into the future), and every row is the one above
# it, shifted by one. On the right, the weight of a pair against its age. RetNet gives each head its own $\gamma$: its
# half-lives reach from 22 tokens ($\gamma = 1 - 2^{-5}$) to 2,839 ($\gamma = 1 - 2^{-12}$), so that some heads look
# at the sentence and others at the chapter.
#
# ### One function, two ways to run it
#
# This is how such a layer is used. The *prompt* of 50 tokens is there at once: its outputs, and the state after it,
# are computed in parallel by matrix products. Then tokens come one by one, and each needs only the state: 12 numbers
# here, whatever the length of the prompt. Your `retention` on all 54 rows must agree with prompt and steps.

# %% tags="plot"
rng = np.random.default_rng(8)
Q, K, V = rng.normal(size=(54, 3)), rng.normal(size=(54, 3)), rng.normal(size=(54, 4))
gamma, prompt = 0.9, 50

if written("retention"):
    outputs = list(np.asarray(retention(Q[:prompt], K[:prompt], V[:prompt], gamma)))
    decays = gamma ** np.arange(prompt - 1, -1, -1)[:, None]
    S = (decays * K[:prompt]).T @ V[:prompt]  # the state after the prompt, in one product
    for t in range(prompt, 54):
        S = gamma * S + np.outer(K[t], V[t])
        outputs.append(Q[t] @ S)

    whole = retention(Q, K, V, gamma)
    print(
        f"numbers in the state: {S.size}; largest difference on all rows: {np.abs(whole - np.array(outputs)).max():.1e}"
    )

# %% [markdown]
# ### From one $\gamma$ to gates
#
# A constant $\gamma$ forgets a name as fast as a comma. The layers that followed let the *input* decide:
#
# * **Gated linear attention** (Yang et al. 2024): $S_t = \mathrm{diag}(\alpha_t)\,S_{t-1} + k_t^\top v_t$, with the
#   $d_k$ numbers $\alpha_t \in (0,1]^{d_k}$ computed from token $t$: each row of the state has its own decay.
#   $\alpha_t = \gamma$ for all is retention; $\alpha_t = 1$ is plain linear attention.
# * **Mamba** (Gu and Dao 2023) reads a step size $\Delta_t > 0$ from the token: a large one forgets the past and takes
#   in the token, one near 0 keeps the past and skips the token. (Its update is in the table of section 8.)
#
# Look at them with section 2 in mind: in both, the multiplier is known before the state is, and entry by entry they
# are the affine scan of your first task. That is why they train in parallel.

# %% [markdown]
# ## 4 · The delta rule: read before you write
#
# Decay makes room blindly: all pairs fade alike. Suppose a key comes *again* with a new value: "the door is open" ...
# "the door is shut". The sum then holds both values. The **delta rule** (Widrow and Hoff 1960; as a fast memory:
# Schlag, Irie and Schmidhuber 2021) first looks at what the key returns now, $k_t S_{t-1}$, and writes only the
# *difference* from what it should return:
#
# $$S_t = S_{t-1} + \beta_t\; k_t^\top\,(v_t - k_t S_{t-1}) .$$
#
# $\beta_t$ is the strength of the write, computed from the token. The write moves the reading of its key by
# $\beta_t\,|k_t|^2$ of the error: with a key of length 1, $\beta_t = 0$ leaves the state as it is, and 1 corrects all
# of the error. That is why layers bring keys to length 1 *before* the write; the rule itself takes them as they come.
# It is one step of gradient descent on the squared reading error $\tfrac12\lVert kS - v\rVert^2$, with step size
# $\beta$: a tiny model, trained while the text is read.
#
# **One key overwritten, with a pencil.** The key is $k = (0.6,\, 0.8)$, of length 1, first with the value
# $v = (5, 10)$. From an empty state, $\beta = 1$, the error is $v$ itself:
#
# $$S = k^\top v = \begin{pmatrix} 3 & 6 \\ 4 & 8\end{pmatrix}, \qquad
# kS = (0.6\cdot 3 + 0.8\cdot 4,\;\; 0.6\cdot 6 + 0.8\cdot 8) = (5, 10).$$
#
# Now the same key comes with $(0, 5)$. Read: $(5, 10)$. Error: $(0,5) - (5,10) = (-5,-5)$. Write it:
#
# $$S = \begin{pmatrix} 3 & 6 \\ 4 & 8\end{pmatrix} + \begin{pmatrix} 0.6 \\ 0.8\end{pmatrix}(-5,\,-5)
# = \begin{pmatrix} 0 & 3 \\ 0 & 4\end{pmatrix}, \qquad kS = (0, 5).$$
#
# The old value is gone, the new one is read exactly. With $\beta = \frac12$ the reading would have gone half way, to
# $(2.5,\, 7.5)$. Before you go on: what would the plain sum return for $k$?
#
# **The price.** Another key, $k' = (0, 1)$, overlaps with $k$: $k\cdot k' = 0.8$. Writing $(2, 2)$ under $k'$ (its
# reading was $(0, 4)$, the error is $(2, -2)$) gives
#
# $$S = \begin{pmatrix} 0 & 3 \\ 2 & 2 \end{pmatrix}, \qquad kS = (1.6,\; 3.4).$$
#
# The new pair is perfect, but the older one has moved away from $(0, 5)$ by 0.8 times the correction $(2,-2)$. A
# write corrects **its own** reading, and disturbs all keys that are not orthogonal to its own.
#
# **A longer key.** $k = (1, 2)$ has $|k|^2 = 5$. From an empty state, write $(3, -1)$ with $\beta = 0.1$: the error is
# $(3, -1)$, so
#
# $$S = 0.1 \begin{pmatrix} 1 \\ 2\end{pmatrix}(3,\,-1) = \begin{pmatrix} 0.3 & -0.1 \\ 0.6 & -0.2\end{pmatrix},
# \qquad kS = (1.5,\,-0.5),$$
#
# half of the value, as $0.1 \cdot 5 = \frac12$.

# %%
k, other = np.array([0.6, 0.8]), np.array([0.0, 1.0])
S = np.zeros((2, 2))
for key, value in [(k, [5, 10]), (k, [0, 5]), (other, [2, 2])]:
    before = key @ S
    S = S + np.outer(key, value - before)
    print(f"write {value}: read {before.round(9)} before, {(key @ S).round(9)} after; k now reads {(k @ S).round(9)}")

# %% [markdown]
# ### Task: `delta_rule`
#
# Write the pairs in order, row 0 first, and return the last state. Use keys **as they come, whatever their length**:
# don't normalise them. `S0` is the state before row 0; whoever called you may still need it.
#
# *Hidden checks: repeated keys, $d_k \ne d_v$, $d_k = 1$ and $d_v = 1$, `S0` zero and not zero, one write, `beta` = 0
# and 1, keys that are longer or shorter than 1, integer arrays, 300 writes, and that the arguments are unchanged.
# Compared to 9 digits.*


# %% task="delta_rule"
def delta_rule(K, V, beta, S0):
    """The state after all writes S <- S + beta_t * k_t^T (v_t - k_t S), t = 0, 1, ..., n-1, from the state S0.

    K: array (n, d_k), V: array (n, d_v), beta: array (n,), n >= 1; S0: array (d_k, d_v), the state before row 0.
    All are of floats or integers and must not be changed; the keys are of any length.
    Returns floats of shape (d_k, d_v).
    """
    ### BEGIN SOLUTION
    S = np.array(S0, dtype=float)
    for k, v, b in zip(K, V, beta, strict=True):
        S = S + b * np.outer(k, v - k @ S)
    return S
    ### END SOLUTION


# %% check="delta_rule"
check("delta_rule")

# %% [markdown]
# *Can it be trained in parallel?* Yes: $S_t = (I - \beta_t k_t^\top k_t)\,S_{t-1} + \beta_t k_t^\top v_t$ is an affine
# step whose multiplier is a matrix that doesn't depend on the state. Better still, inside a chunk of the text all
# corrections come at once from one system of equations. The cell does that and compares it with your function.
#
# <details><summary>The system (optional)</summary>
#
# Row $t$ of $C$ is the correction $\beta_t\,(v_t - k_t S_{t-1})$. What $k_t$ reads is made of $S_0$ (here the state
# before row 0) and of the corrections before row $t$, so the unknown rows of $C$ follow from one triangular system
# (Yang, Wang, Zhang, Shen and Kim 2024), with $B = \mathrm{diag}(\beta)$ and $L$ the part of $B K K^\top$ below the
# diagonal:
#
# $$(I + L)\, C = B\,(V - K S_0), \qquad S = S_0 + K^\top C .$$
# </details>

# %% tags="plot"
rng = np.random.default_rng(9)
K, V, beta = rng.normal(size=(20, 6)) / 3, rng.normal(size=(20, 4)), rng.uniform(size=20)
S0 = rng.normal(size=(6, 4))
system = np.eye(20) + np.tril(beta[:, None] * (K @ K.T), k=-1)
at_once = S0 + K.T @ np.linalg.solve(system, beta[:, None] * (V - K @ S0))
if written("delta_rule"):
    print(f"largest difference: {np.abs(at_once - delta_rule(K, V, beta, S0)).max():.1e}")

# %% [markdown]
# ### Three questions
#
# 5.5 goes back to retention. Take 5.6 as a prediction: answer it from the worked example, then draw the picture below
# it, and come back if you see something else than you said.

# %% [markdown] question="q5_4_overwrite"

# %% [markdown] question="q5_5_decay"

# %% [markdown] question="q5_6_delta_forgets"

# %% [markdown]
# ## 5 · Additive, decayed, corrected: who reads what?
#
# Two experiments in 64 dimensions, with random unit keys and unit values. The left one writes 64 keys **once** each;
# the right one has only 16 keys and writes each of them **four times** with a new value, and asks for the latest.
# Then every key is read and its squared error drawn against its *age*: how many writes came after. An error of 0 is a
# perfect reading, and 1 is what an empty memory would have. The mean of 60 runs; the delta states are yours.
#
# The cell also prints the mean error and the *recall*: how often the right value, here the latest one of its key, has
# the largest dot product with the reading, among all values ever written.


# %% tags="plot"
def writes_and_reads(keys, times, rng):
    """Keys and values in the order of writing, and which rows are the latest of their key (read in the end)."""
    unit_keys = rng.normal(size=(keys, 64))
    unit_keys /= np.linalg.norm(unit_keys, axis=1, keepdims=True)
    order = np.concatenate([rng.permutation(keys) for _ in range(times)])
    values = rng.choice([-1.0, 1.0], size=(keys * times, 64)) / 8
    return unit_keys[order], values, np.arange(keys * (times - 1), keys * times)


runs = 60
names = ("additive", "decay 0.97", "delta rule")
if written("delta_rule"):
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.4))
    for ax, (keys, times) in zip(axes, [(64, 1), (16, 4)], strict=True):
        rng = np.random.default_rng(10)
        errors, hits = np.zeros((3, keys)), np.zeros(3)
        for _ in range(runs):
            K, V, asked = writes_and_reads(keys, times, rng)
            decays = 0.97 ** np.arange(len(K) - 1, -1, -1)[:, None]
            states = [K.T @ V, (decays * K).T @ V, delta_rule(K, V, np.ones(len(K)), np.zeros((64, 64)))]
            for row, S in enumerate(states):
                readings = K[asked] @ S
                errors[row] += np.sum((readings - V[asked]) ** 2, axis=1)[::-1] / runs
                hits[row] += np.mean(np.argmax(readings @ V.T, axis=1) == asked) / runs
        for name, error, hit in zip(names, errors, hits, strict=True):
            ax.plot(error, label=name)
            print(f"{keys} keys x {times}, {name:10}: mean error {error.mean():.2f}, recall {hit:.2f}")
        ax.set_title(f"{keys} keys, each written {'once' if times == 1 else f'{times} times'}")
        ax.set_xlabel("age: writes that came after")
        ax.set_ylim(bottom=0)
    axes[0].set_ylabel("mean squared reading error")
    for ax in axes:
        ax.legend(fontsize=8)
    fig.tight_layout()
    plt.show()

# %% [markdown]
# **What to see, on the left.** The additive line is flat but for chance: a sum doesn't know the order, and every pair
# suffers the noise of 63 others, $63/64 \approx 0.98$ in theory. The lines of decay and delta rule rise with age. The
# delta rule reads the newest pair exactly; every later write takes about 1/64 of an old pair's signal away (after $m$
# writes $(1-1/64)^m$ is left, on average) and adds some noise. The oldest pairs even come out slightly above 1, worse
# than an empty memory.
#
# **And yet** squared error and recall don't tell the same story. An error has two parts: signal that is missing, and
# noise. Recall only asks whether what is left of the signal stands out from the noise.
#
# | | mean error | recall | oldest pair: signal left | its squared noise |
# |---|---|---|---|---|
# | additive | 0.99 | 1.00 | 1 | 0.98 |
# | decay 0.97 | 0.62 | 0.78 | $0.97^{63} \approx 0.15$ | 0.26 |
# | delta rule | 0.60 | 0.91 | $(63/64)^{63} \approx 0.37$ | 0.64 |
#
# Decay and delta rule have nearly the same mean error, but the delta rule recalls more: it forgets half as fast, and
# 0.37 of a signal in that noise is easier to recognise than 0.15 of it in less noise. And the additive memory, with the
# largest error of the three, recalls nearly everything: a noisy reading of *full* strength still points to the right
# value. So "the delta rule is always better" is false. For keys that come once, in any order, a plain sum can be the
# better memory.
#
# **On the right** the picture turns over. Three old values of each key are still in the sum, as strong as the new
# one: its error is near 4, and the latest value is found about as often as any of the four. The delta rule has replaced
# the old ones, and the decay has at least faded them. Which write is better depends on what the text does: list new
# facts, or change old ones.
#
# **Gated DeltaNet** (Yang, Kautz and Hatamizadeh 2025) has both: $S$ is first multiplied by a gate $\alpha_t$, which
# clears the whole memory fast, and then corrected along $k_t$, which replaces one entry exactly.

# %% [markdown]
# ## 6 · Stretch: RWKV's weighted average
#
# *For extra credit; skip it if your time is over.* RWKV-4 (Peng et al. 2023) has no outer product. Each channel keeps
# a weighted average of its values, with weights $e^{k}$ that fade by $e^{-w}$ a step, and a bonus $u$ for the current
# token. Channel by channel, rows counted from 0:
#
# $$o_t = \frac{\sum_{i<t} e^{-(t-1-i)\,w + k_i}\, v_i \;+\; e^{\,u + k_t}\, v_t}
# {\sum_{i<t} e^{-(t-1-i)\,w + k_i} \;+\; e^{\,u + k_t}} .$$
#
# Read it slowly: the token just before has $i = t-1$, so it isn't decayed yet; the bonus $u$ goes into the output of
# its own step only. With $w = u = 0$ and equal $k$ you get a friend from notebook 02, the cumulative average.
#
# **The trap.** $e^{800}$ is no float64, and $e^{-800}$ is 0 there. But $k \to k + c$ multiplies every weight by $e^c$,
# above and below the line, and changes nothing. So you may subtract a number from all exponents of a sum before
# `np.exp` sees them: their maximum is a good choice. A recurrence keeps both sums divided by $e^{p}$, with $p$ the
# largest exponent so far, and rescales them when $p$ grows.
#
# ### Task: `wkv`
#
# Write this average for all rows and channels, finite also when all of `k` is shifted by 800 or by -800. You may call
# your `scan_affine`; while yours isn't right, the grader uses the course's.
#
# *Hidden checks: `w` = `u` = 0, one row, one channel, integer arrays, 400 rows, all of `k` shifted by 800 or by -800
# (nothing more extreme), and that the arguments are unchanged. Compared to 9 digits.*


# %% task="wkv"
def wkv(k, v, w, u):
    """RWKV-4's weighted average of v for each channel, by the formula above.

    It is finite also when all of k is shifted by 800 or by -800.

    k, v: arrays (n, d), n >= 1; w: array (d,), w >= 0, decay per step; u: array (d,), bonus of the current token.
    All are of floats or integers and must not be changed.
    Returns floats of shape (n, d): row t is o_t.
    """
    ### BEGIN SOLUTION
    total = np.zeros(k.shape[1])  # both sums are kept divided by e**top
    weight = np.zeros(k.shape[1])
    top = np.full(k.shape[1], -np.inf)
    rows = []
    for k_t, v_t in zip(k, v, strict=True):
        m = np.maximum(top, u + k_t)
        past, now = np.exp(top - m), np.exp(u + k_t - m)
        rows.append((past * total + now * v_t) / (past * weight + now))
        m = np.maximum(top - w, k_t)
        past, now = np.exp(top - w - m), np.exp(k_t - m)
        total, weight, top = past * total + now * v_t, past * weight + now, m
    return np.array(rows)
    ### END SOLUTION


# %% check="wkv"
check("wkv")

# %% [markdown]
# ## What you can now explain
#
# - why updates that are linear in the state train in parallel: two affine steps are one, in any grouping; and why a
#   tanh, or a gate that reads the state, stops that;
# - why dividing by running products is a trap, though it passes short tests;
# - that retention is one function with a recurrent form (constant cost per token) and a parallel form (one matrix of
#   weights $\gamma^{\text{age}}$);
# - how a delta write replaces a value, what it costs the older keys that overlap with it, and when the plain sum
#   remembers better.
#
# ## Where this leads
#
# | layer | memory update | decay or gate |
# |---|---|---|
# | linear attention | $S + k^\top v$ | none |
# | RetNet | $\gamma S + k^\top v$ | constant, one per head |
# | RWKV-4 | sums with $e^{-w}$ | learned, one per channel, constant in time |
# | Mamba, each channel | $e^{\Delta A} h + \Delta B x$, with $A < 0$ | $\Delta$ and $B$ read from the input |
# | gated linear attention | $\mathrm{diag}(\alpha) S + k^\top v$ | read from the input, one per row of $S$ |
# | DeltaNet | $S + \beta k^\top(v - kS)$ | erases along $k$ only |
# | Gated DeltaNet | the same on $\alpha S$ | both |
#
# Some recent language models mix such layers with a few layers of attention, because a state of fixed size can't hold
# everything. How much it holds is the subject of notebook 07; notebook 06 counts what each layer costs.
#
# **Sources.** T. Xiao and J. Zhu, *Foundations of Large Language Models*, 2025, on long sequences. W. D. Hillis and
# G. L. Steele, *Data Parallel Algorithms*, 1986. G. E. Blelloch, *Prefix Sums and Their Applications*, 1990. E. Martin
# and C. Cundy, *Parallelizing Linear Recurrent Neural Nets Over Sequence Length*, 2018. A. Katharopoulos et al., 2020
# (linear attention). Y. Sun et al., 2023 (RetNet). B. Peng et al., 2023 (RWKV). A. Gu and T. Dao, 2023 (Mamba). S. Yang
# et al., 2024 (gated linear attention). B. Widrow and M. E. Hoff, *Adaptive Switching Circuits*, 1960. I. Schlag,
# K. Irie and J. Schmidhuber, *Linear Transformers Are Secretly Fast Weight Programmers*, 2021. S. Yang, B. Wang,
# Y. Zhang, Y. Shen and Y. Kim, 2024 (DeltaNet in parallel). S. Yang, J. Kautz and A. Hatamizadeh, 2025 (Gated
# DeltaNet).
