# %% [markdown]
# # 03 · Recency: how fast a memory forgets
#
# **What you will be able to do.** Build three memories that prefer the recent past: a moving average
# over a window, a weighted moving average, and an exponential average (EMA, from *exponential moving
# average*). Measure what each input weighs in any linear memory. Choose how fast a memory forgets, and
# say what that costs.
#
# *About 60 minutes: five short functions, six questions. You need numpy; what is used of notebook 02 is
# repeated in section 1.*
#
# ### The rules for all tasks
# - Write your code in place of `raise NotImplementedError(...)`, then run the check cell below it. The
#   check runs a few visible cases; the hidden ones, of which each task says what they test, run when
#   your notebook is graded. A function that isn't written yet counts as *not attempted*, not as wrong.
# - Arguments that are arrays come as numpy arrays, **of floats or of integers**, with time along axis
#   0: row 0 comes first. Single numbers are Python numbers. Return numbers, arrays, or lists or tuples
#   of numbers, as you like; what you return must hold fractions, also when all inputs are integers.
# - **Don't change the arguments**: whoever called your function may still need them.
# - One row, one column, numbers equal to 0, and the smallest and largest parameters allowed are
#   ordinary inputs. No stream has more than 2,000 steps, and speed isn't graded. (A function that calls
#   itself once a step does fail there: Python stops at about 1,000 calls inside each other.)
# - Numbers are compared to 9 digits, unless a task says otherwise: each may be off by a billionth of the largest
#   number among the arguments (or of 1, if all are smaller). float64, numpy's default, does that; float32 doesn't.
# - No task here needs your solution of another one.
# - **Questions:** replace `None` by the letter of your choice in quotes, such as `'B'`, or by a number,
#   such as `0.25` or `'1/4'`. The check cell says whether your answer can be read.
#
# ### Two ways to count
# Rows of arrays are counted **from 0**, as inputs are in the book behind this course: $x_0$ is the
# first. Many texts count **from 1**: $x_1$ is the first. Each section, task and question says which one
# it uses.

# %% setup="yes"
import matplotlib.pyplot as plt
import numpy as np
from check import check, written

# %% [markdown]
# ## 1 · One stream, three memories
#
# A sensor reads 2 four times. Then something happens and it reads 10. What should a memory of this
# stream say?
#
# | input | 2 | 2 | 2 | 2 | 10 | 10 |
# |---|---|---|---|---|---|---|
# | mean of all inputs so far (cumulative average) | 2 | 2 | 2 | 2 | 3.6 | 4.67 |
# | mean of the last two inputs (moving average) | 2 | 2 | 2 | 2 | 6 | 10 |
# | half of the old memory, half of the input (exponential average, started from 2) | 2 | 2 | 2 | 2 | 6 | 8 |
#
# Check one entry of each line with a pencil: $(4\cdot 2 + 10)/5 = 3.6$, then $(2+10)/2 = 6$, and at the
# last input $6/2 + 10/2 = 8$.
#
# The first memory needs four new inputs to move half way, as it has seen four old ones; after a million
# old ones it would need a million. The second reaches 10 quickly and has forgotten that 2 ever
# happened. The third is on its way and keeps a fading trace of everything.
#
# **The one idea of this notebook:** each of these memories is a weighted sum of the inputs, and its
# *weights by age* say all there is to know about it. The **age** of an input is the number of steps
# since it came: the newest has age 0, the one before it age 1. After $n$ inputs the cumulative average
# has the weight $1/n$ at every age. We look for weights that are larger at small ages.

# %% [markdown]
# ## 2 · The moving average: all or nothing
#
# Keep the last $n_c$ inputs (the *window*), forget everything else, and take the mean. Counting rows
# from 0, as numpy and the book do:
#
# $$\mathrm{Mem}_i \;=\; \frac{x_{i-n_c+1} + \dots + x_{i-1} + x_i}{n_c}$$
#
# Row $i$ itself is in its window, and no later row is: when $\mathrm{Mem}_i$ is due, they haven't come
# yet.
#
# The formula says nothing about the first rows, where fewer than $n_c$ inputs exist. **The rule in this
# course:** during this *warm-up* take the mean of the rows that are there. With $n_c = 3$ and one
# number a row:
#
# | row | 0 | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|---|
# | $x$ | 6 | 0 | 3 | 9 | −3 |
# | window | 6 | 6, 0 | 6, 0, 3 | 0, 3, 9 | 3, 9, −3 |
# | $\mathrm{Mem}$ | 6 | 3 | 3 | 4 | 3 |
#
# Before you write it, predict: which well-known memories do you get for $n_c = 1$, and for $n_c$ as
# large as the stream?
#
# **Task: `moving_average`** (4 points). Given `x` of shape `(n, d)`, return the `(n, d)` array whose row `i`
# (counted from 0) is the mean of rows `i-n_c+1, ..., i` of `x`, or of all rows `0..i` as long as there
# are fewer than `n_c`. Each column is a stream of its own. `n_c` is an integer; if it is smaller than
# 1, raise a `ValueError`. A window larger than the stream is allowed.
#
# *Hidden checks: other windows, among them `n_c = 1`, `n_c = n` and `n_c > n`; negative `n_c`; a single
# row or column; rows of zeros; integers; 1,000 rows; that `x` is unchanged.*


# %% task="moving_average"
def moving_average(x, n_c):
    """Mean of each row and the rows before it, at most n_c rows in all.

    x: shape (n, d), one row a step. n_c: an integer, the number of rows in a full window.
    Returns shape (n, d). Raises ValueError if n_c < 1.
    """
    ### BEGIN SOLUTION
    if n_c < 1:
        raise ValueError(f"n_c must be at least 1, not {n_c}")
    return np.array([x[max(0, i + 1 - n_c) : i + 1].mean(axis=0) for i in range(len(x))])
    ### END SOLUTION


# %% check="moving_average"
check("moving_average")

# %% [markdown]
# **A window is a recurrence, too.** From one step to the next one input enters and one leaves, so a
# full window can be updated without summing it again:
#
# $$\mathrm{Mem}_i \;=\; \mathrm{Mem}_{i-1} + \frac{x_i - x_{i-n_c}}{n_c}$$
#
# In the table above, −3 enters at row 4 and the 0 of row 1 leaves:
# $\mathrm{Mem}_4 = 4 + (-3 - 0)/3 = 3$, as the sum says, too. Now underline every quantity on the
# right-hand side, and ask for each one where a program would get it from. (A question in section 7 comes
# back to this.)

# %% [markdown]
# ## 3 · The weighted moving average: recent, but gradually
#
# A window drops an input from full weight to nothing in one step. A weighted window can let it fade: it
# has $n_c$ weights $\beta_1, \dots, \beta_{n_c}$ (counted from 1), of which the **last one,
# $\beta_{n_c}$, belongs to the newest input**. Counting the rows of $x$ from 0:
#
# $$\mathrm{Mem}_i \;=\; \frac{\beta_1\,x_{i-n_c+1} + \dots + \beta_{n_c}\,x_i}{\beta_1 + \dots + \beta_{n_c}}$$
#
# The division makes the weights sum to 1: a stream that always reads 5 then has the memory 5. With
# $\beta = (1, 1, 2)$, whose sum is 4, and the window
#
# | row | 3 | 4 | 5 (newest) |
# |---|---|---|---|
# | $x$ | (4, 0) | (0, 2) | (2, 6) |
# | weight | 1 | 1 | 2 |
#
# $\mathrm{Mem}_5 = \big((4, 0) + (0, 2) + (4, 12)\big)/4 = (8, 14)/4 = (2, 3.5)$. The plain mean is
# $(2, 2.67)$: the weights pulled the second feature towards its newest value.
#
# **Task: `weighted_moving_average`** (3 points). Given `x` of shape `(n, d)` and `beta` of shape `(n_c,)` with
# $n_c \le n$, return the weighted averages of all **full** windows, oldest window first: row 0 of the
# result covers rows `0..n_c-1` of `x`, so the shape is `(n-n_c+1, d)`. In numpy's counting `beta[0]`
# belongs to the oldest row of a window and `beta[-1]` to the newest. The weights are not negative, some
# may be 0, and their sum is above 0 but need not be 1.
#
# Why full windows only, other than in `moving_average`? With fewer rows than weights one would have to say
# which weights are left out, and by what the sum is divided then. This way each row of the result is the
# same weighted sum, with the same weights by age.
#
# *Hidden checks: other numbers of weights, among them one weight and as many as rows; a single row or column;
# weights that are 0, rise or fall; integers in `x` and `beta`; 1,000 rows; that `x` and `beta` are unchanged.*


# %% task="weighted_moving_average"
def weighted_moving_average(x, beta):
    """Weighted mean of every full window of len(beta) rows; beta[-1] belongs to the newest row of a window.

    x: shape (n, d), one row a step. beta: shape (n_c,), n_c <= n, weights >= 0 with a sum above 0.
    Returns shape (n - n_c + 1, d).
    """
    ### BEGIN SOLUTION
    n_c = len(beta)
    windows = [x[end - n_c : end] for end in range(n_c, len(x) + 1)]
    return np.array([beta @ window for window in windows]) / beta.sum()
    ### END SOLUTION


# %% check="weighted_moving_average"
check("weighted_moving_average")

# %% [markdown]
# ## 4 · The exponential average: fade without a window
#
# A weighted window reads its $n_c$ inputs again at each step, as each of them gets another weight when
# it grows older. The next memory reads nothing but itself and the new input. Counting inputs from 1,
# with a start value $h_0$ and a number $\lambda$ between 0 and 1 (written `lam` in code, as `lambda` is
# a word of Python):
#
# $$h_i \;=\; \lambda\,h_{i-1} + (1-\lambda)\,x_i$$
#
# $\lambda$ is the share of the old memory that is kept, $1-\lambda$ the share of the new input. The
# same rule reads $h_i = h_{i-1} + (1-\lambda)(x_i - h_{i-1})$: go a fixed fraction of the way towards
# the input. In the cumulative average that fraction is $1/i$ and shrinks; here it never does, so this
# memory never turns stiff.
#
# By pencil, with $\lambda = 0.5$, $h_0 = 8$ and the inputs 4, 0, 6: $h_1 = 4 + 2 = 6$,
# $h_2 = 3 + 0 = 3$, $h_3 = 1.5 + 3 = 4.5$. Putting each line into the next shows what became of every
# input:
#
# $$h_3 = \lambda^3 h_0 + (1-\lambda)\big(\lambda^2 x_1 + \lambda\,x_2 + x_3\big)$$
#
# The next cell computes $h_3$ both ways. Change `lam` to 0.99 and to 0: to which of
# $h_0, x_1, x_2, x_3$ is the result close?

# %%
lam, h0 = 0.5, 8.0
x1, x2, x3 = 4.0, 0.0, 6.0

h1 = lam * h0 + (1 - lam) * x1
h2 = lam * h1 + (1 - lam) * x2
h3 = lam * h2 + (1 - lam) * x3
print("step by step:     ", h1, h2, h3)

shares = np.array([lam**3, (1 - lam) * lam**2, (1 - lam) * lam, 1 - lam])
print("weights:          ", shares, "with the sum", shares.sum())
print("as a weighted sum:", shares @ np.array([h0, x1, x2, x3]))

# %% [markdown]
# After $n$ inputs the weight at age $a$ is $(1-\lambda)\lambda^a$: each step back multiplies it by
# $\lambda$, so it falls fast at first, then slowly, and for $\lambda > 0$ it is never 0. The start
# value has the rest, $\lambda^n$, so that all weights sum to 1.
#
# **Task: `ema`** (4 points). Given `x` of shape `(n, d)`, a number `lam` with $0 \le$ `lam` $< 1$ and the start
# `h0` of shape `(d,)`, return all $n$ states as shape `(n, d)`. In arrays we count from 0, so row 0 of
# `x` is the first input $x_1$, and row 0 of the result is the first state $h_1 =$
# `lam*h0 + (1-lam)*x[0]`. `h0` itself is not part of the result.
#
# *Hidden checks: `lam = 0` and `lam` close to 1; a start that is 0 or not; one row or column; zeros, in the states
# too; integers in `x` and `h0`; 1,200 rows; that `x` and `h0` are unchanged.*
#
# You may find a formula without a loop that divides by `lam**i`. Don't use it: `0.5**2000` is exactly 0 in
# a computer.


# %% task="ema"
def ema(x, lam, h0):
    """All states of h = lam*h + (1-lam)*row, from the start h0 over the rows of x.

    x: shape (n, d), one row a step. lam: a number, 0 <= lam < 1. h0: shape (d,), the memory before row 0.
    Returns shape (n, d): the memory after each row.
    """
    ### BEGIN SOLUTION
    h = h0
    states = []
    for row in x:
        h = lam * h + (1 - lam) * row
        states.append(h)
    return np.array(states)
    ### END SOLUTION


# %% check="ema"
check("ema")

# %% [markdown]
# **See it.** Thirty inputs of 0, then fifty of 1. Your own functions draw the three memories; the
# cumulative average is a moving average whose window never ends.

# %% tags="plot"
if written("moving_average", "ema"):
    stream = np.concatenate([np.zeros(30), np.ones(50)])[:, None]
    steps = np.arange(1, len(stream) + 1)

    fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
    ax.step(steps, stream[:, 0], where="mid", color="0.75", label="input")
    ax.plot(steps, moving_average(stream, len(stream)), label="cumulative average")
    ax.plot(steps, moving_average(stream, 20), label="moving average, $n_c$ = 20")
    ax.plot(steps, ema(stream, 0.9, np.zeros(1)), label=r"exponential average, $\lambda$ = 0.9")
    ax.set(xlabel="input number (from 1)", ylabel="memory", title="Three memories after a jump at input 31")
    ax.legend(fontsize="small")
    plt.show()

# %% [markdown]
# The moving average climbs in a straight line and then stands still: at input 50 the last 0 has left
# its window. The exponential average starts fastest and approaches 1 without ever reaching it. The
# cumulative average lags further behind the longer the past was. Which curve would you trust to say
# "something changed" first, and which one would be the calmest if the input were noisy? (Section 6
# answers it.)

# %% [markdown]
# ## 5 · Measure the weights of any linear memory
#
# Somebody hands you an update rule `update(h, x, i)` and no formula. If it is *linear* (a number times
# `h` plus a number times `x`, where the numbers may depend on the step `i`), then from $h_0 = 0$ the
# state after $n$ inputs is
#
# $$h_n = w_1 x_1 + w_2 x_2 + \dots + w_n x_n$$
#
# and the weights can be *measured*. One way is to send an **impulse**: a stream that is 1 at one step
# and 0 at all others. Whatever $h_n$ is then, is the weight of that step. Take
# `update(h, x, i) = h/2 + i*x`, counting steps from 1, $n = 3$:
#
# | impulse at | stream | $h_1$ | $h_2$ | $h_3$, the weight |
# |---|---|---|---|---|
# | step 1 | 1, 0, 0 | 1 | 0.5 | **0.25** |
# | step 2 | 0, 1, 0 | 0 | 2 | **1** |
# | step 3 | 0, 0, 1 | 0 | 0 | **3** |
#
# Test: the stream 4, 2, 1 gives $h_1 = 4$, $h_2 = 2 + 4 = 6$, $h_3 = 3 + 3 = 6$, and
# $0.25\cdot 4 + 1\cdot 2 + 3\cdot 1 = 6$. These weights need not sum to 1, and they may be negative or
# 0.
#
# **Task: `effective_weights`** (3 points). Return the `n` weights of $h_n$ for the given `update`, when the memory
# starts from `h = 0`. `update(h, x, i)` takes numbers and returns the new state; it is linear in `h`
# and `x`, and **its step number `i` counts from 1**. In the result, `w[0]` belongs to the first input
# $x_1$ and `w[-1]` to the newest, $x_n$. Any method that is right is fine. In the checks `n` is at most 20.
#
# *Hidden checks: rules that change with `i`, the sum, the cumulative average, exponential averages, a
# memory that keeps only the last input, a rule that resets itself, weights that are 0, negative or
# above 1, and `n = 1`.*


# %% task="effective_weights"
def effective_weights(update, n):
    """The weights w with h_n = w[0]*x_1 + ... + w[n-1]*x_n, when h starts from 0.

    update: update(h, x, i) -> new h, on numbers, linear in h and x, for the steps i = 1, ..., n.
    n: the number of steps, at least 1. Returns shape (n,), the weight of the first input first.
    """
    ### BEGIN SOLUTION
    weights = []
    for impulse in range(1, n + 1):
        h = 0.0
        for i in range(1, n + 1):
            h = update(h, 1.0 if i == impulse else 0.0, i)
        weights.append(h)
    return np.array(weights)
    ### END SOLUTION


# %% check="effective_weights"
check("effective_weights")

# %% [markdown]
# **See it.** The weights by age of three memories after 40 inputs, as your `effective_weights` measures
# them. A moving average isn't an update of one number by one input, so your `moving_average` is probed
# another way: in `np.eye(40)` each column is a stream with one impulse.


# %% tags="plot"
def cumulative_update(h, x, i):
    return h + (x - h) / i


def exponential_update(h, x, i):
    return 0.9 * h + 0.1 * x


if written("moving_average", "effective_weights"):
    measured = {
        "cumulative average": effective_weights(cumulative_update, 40),
        "moving average, $n_c$ = 10": np.asarray(moving_average(np.eye(40), 10))[-1],
        r"exponential average, $\lambda$ = 0.9": effective_weights(exponential_update, 40),
    }
    fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
    for (name, weights), marker in zip(measured.items(), "os^", strict=True):
        ax.plot(np.arange(40), np.flip(weights), marker, markersize=3.5, label=name)
    ax.set(xlabel="age of the input (0 is the newest)", ylabel="weight")
    ax.set_title("What each input weighs after 40 inputs")
    ax.legend(fontsize="small")
    plt.show()

# %% [markdown]
# Flat, a step, a slope. The newest input weighs the same, 0.1, in the moving average over 10 and in the
# exponential average with $\lambda = 0.9$; the window then spends all its weight on ten inputs, while
# the exponential average pays for its long tail with less weight at ages 1 to 9. All three have almost
# the same total: 1, 1, and $1 - 0.9^{40} = 0.985$.

# %% [markdown]
# ## 6 · Choose how fast to forget
#
# "$\lambda = 0.9$" says little; "an input counts half after 7 steps" says a lot. The **half-life** $H$
# of an exponential average is the number of steps after which the weight of an input has halved. Two
# inputs that came $a$ steps apart have weights in the ratio $\lambda^a$, so it doesn't matter which
# input you watch. Try powers of 0.9: $0.9^6 = 0.531$ and $0.9^7 = 0.478$, so this half-life lies
# between 6 and 7.
#
# There are other ways to say how long a memory is. They give different numbers for the same $\lambda$,
# so always say which one you mean. Counted for a stream without beginning:
#
# | $\lambda$ | half-life | mean age, $\lambda/(1-\lambda)$ | weight of the last 10 | as calm as a mean of ... inputs |
# |---|---|---|---|---|
# | 0.5 | 1.00 | 1 | 0.999 | 3 |
# | 0.8 | 3.11 | 4 | 0.893 | 9 |
# | 0.9 | 6.58 | 9 | 0.651 | 19 |
# | 0.99 | 69.0 | 99 | 0.096 | 199 |
# | 0.999 | 693 | 999 | 0.010 | 1,999 |
#
# From 0.9 to 0.99 looks like a small step, and makes the memory ten times as long. The last column is
# the price of a quick memory: if the inputs are a level plus independent noise, an exponential average
# shakes as much as the mean of $(1+\lambda)/(1-\lambda)$ inputs. With $\lambda = 0.5$ that is a mean of
# three.
#
# **Task: `lam_for_half_life`** (2 points). Return the $\lambda$ whose exponential average has the half-life `H`:
# an input that came `H` steps earlier has exactly half the weight. `H` is any number above 0, whole or
# not. Six digits must be right. Write the definition down as an equation for $\lambda$ first, and put
# $H = 1$ into your result: one step halves the weight.
#
# *Hidden checks: other `H`: 1, below 1, fractions, integers, and up to 2,000.*


# %% task="lam_for_half_life"
def lam_for_half_life(H):
    """The lam, between 0 and 1, for which the weight of an input halves every H steps. H: a number above 0."""
    ### BEGIN SOLUTION
    return 0.5 ** (1 / H)
    ### END SOLUTION


# %% check="lam_for_half_life"
check("lam_for_half_life")

# %% [markdown]
# ## 7 · Questions
#
# Most are answered with a pencil. Each one says how it counts where that matters.

# %% [markdown] question="q3_1_choose"

# %% [markdown] question="q3_2_lambda"

# %% [markdown] question="q3_3_halflife"

# %% [markdown] question="q3_4_wma"

# %% [markdown] question="q3_5_window_state"

# %% [markdown] question="q3_6_jump"

# %% [markdown]
# ## What you can now explain
#
# - Why two memories of equal size can tell different stories about one stream: their **weights by age**
#   differ.
# - What each memory must keep in order to go on: one row, one row and a count, or more than that.
# - What $\lambda$ does to old inputs, to new ones and to the start value, and how to choose it from a
#   half-life.
# - The price of recency: a memory that follows changes quickly averages over few inputs, so it also
#   follows the noise. No $\lambda$ gives you a memory that is both calm and quick.
# - How to measure the weights of a linear memory that you know only as a program.
#
# ## Where this leads
#
# - **Sliding windows.** A Transformer that attends to the last $n_c$ tokens only (Longformer, Mistral
#   7B) has a window as its memory: its cache stops growing, and what has left the window is out of that
#   layer's direct reach.
# - **Fixed decay.** RetNet keeps a matrix as memory and multiplies it by a fixed $\gamma$ at each
#   token: an exponential fade with another letter. With eight heads it uses
#   $\gamma = 1 - 2^{-5}, 1 - 2^{-6}, \dots, 1 - 2^{-12}$. Put them into the half-life: 22, 44, 88, ...
#   up to 2,839 tokens. One layer remembers on eight time scales at once.
# - **Decay that looks at the input.** In Mamba, and in gated linear attention, the network computes the
#   decay from the current token: near 1 to keep the memory, near 0 to clear it. Your `lam` becomes a
#   `lam` for each step.
# - **Training.** Adam keeps exponential averages of the gradient and of its square, both from 0, and
#   corrects for the missing weight $\lambda^n$ by a division.
#
# Notebook 04 puts such sums inside attention; notebook 05 lets them decay.
#
# **Sources.** T. Xiao and J. Zhu, *Foundations of Large Language Models* (2025), the chapter on
# generative models, for the window-based memories and their notation. S. W. Roberts, "Control chart
# tests based on geometric moving averages" (1959), an early study of the exponential average. D. P.
# Kingma and J. Ba, "Adam" (2015). I. Beltagy, M. E. Peters and A. Cohan, "Longformer" (2020). A. Q.
# Jiang et al., "Mistral 7B" (2023). Y. Sun et al., "Retentive Network" (2023). A. Gu and T. Dao,
# "Mamba" (2023). S. Yang et al., "Gated Linear Attention Transformers with Hardware-Efficient Training"
# (2024).
