# %% [markdown]
# # 01 · One state carries the past
#
# **What you will be able to do.** Run any recurrent model, $h_i = f(h_{i-1}, x_i)$, on a stream. Say
# exactly what a state knows of the past, and what of the past is needed to go on. Measure how strongly
# each input acts on a later state.
#
# *About 50 minutes. You need numpy and functions as arguments; recurrent models are new here.*
#
# ### The rules for all tasks
# - Write your code in place of `raise NotImplementedError(...)`, then run the check cell below it. The
#   check runs a few visible cases; the hidden ones, of which each task says what they test, run when your
#   notebook is graded. A function that isn't written yet counts as *not attempted*, not as wrong.
# - Arguments that are arrays come as numpy arrays, **of floats or of integers**; single numbers are
#   Python numbers. Return numbers, arrays, or lists or tuples of numbers, as you like.
# - **Don't change the arguments**: whoever called your function may still need them.
# - One input, and numbers equal to 0, are ordinary inputs. No stream has more than 2,000 steps, and speed
#   isn't graded.
# - Numbers are compared to 9 digits, unless a task says otherwise: each may be off by a billionth of the largest
#   number among the arguments (or of 1, if all are smaller). float64, numpy's default, does that; float32 doesn't.
#
# ### How we count
# **In this notebook inputs count from 1**: $x_1$ is the first input, $h_0$ is given, and $h_i$ is the
# state *after* input $i$. Python's lists count from 0, so in the list `[h_1, h_2, h_3]` the state $h_1$
# stands at position 0. The book behind this course counts inputs from 0; from notebook 02 on you will
# meet both ways, each time with its name.

# %% setup="yes"
import matplotlib.pyplot as plt
import numpy as np
from check import check, written

# %% [markdown]
# ## 1 · Reading with one note
#
# Somebody reads a long report but may keep only one small note. After each page the note is rewritten,
# from the old note and the new page; then the page is gone. A **recurrent model** reads this way:
#
# $$h_i = f(h_{i-1}, x_i)$$
#
# The **state** $h$ is the note, $x_i$ the new page (a word, a token, a measurement), and $f$ the rule for
# rewriting. The rule is the same at every step. The book writes this as
# $\mathrm{Mem} = \mathrm{Update}(S_{kv}, \mathrm{Mem}_{pre})$: the new memory from the new input and the memory
# before. (In the book the input is called $S_{kv}$; notebook 04 explains the name.)
#
# **With a pencil.** Take the rule "half of the old state plus the input", $f(h, x) = h/2 + x$, start at
# $h_0 = 8$, and read the inputs 2, 6, -1 (counting from 1):
#
# | step $i$ | state before, $h_{i-1}$ | input $x_i$ | new state $h_i = h_{i-1}/2 + x_i$ |
# |---|---|---|---|
# | 1 | 8 | 2 | 4 + 2 = **6** |
# | 2 | 6 | 6 | 3 + 6 = **9** |
# | 3 | 9 | -1 | 4.5 - 1 = **3.5** |
#
# Three inputs, three states: 6, 9, 3.5. The start $h_0$ isn't one of them, it was given. The same by
# machine:


# %%
def leaky(h, x):
    return h / 2 + x


h_0 = 8
h_1 = leaky(h_0, 2)
h_2 = leaky(h_1, 6)
h_3 = leaky(h_2, -1)
print(h_1, h_2, h_3)

# %% [markdown]
# Inputs often arrive **live**: words while somebody speaks, readings of a sensor. Such a stream has no
# length and can't be read twice or in advance. In Python it is an *iterable*; a `for` loop draws one item
# after the other. Watch when each item is read:


# %%
def live(readings):
    for reading in readings:
        print(f"  ... {reading} arrives")
        yield reading


total = 0
for x in live([2, 6, -1]):
    total = total + x
    print("total so far:", total)

# %% [markdown]
# **Task: `run_recurrence`** (5 points). Return the states $h_1, \dots, h_n$ for the inputs $x_1, \dots, x_n$.
#
# - `f` is called as `f(state_before, input)`: the **state is the first argument**. Call it exactly once
#   per input.
# - States are numbers or 1-D arrays; `f` returns a new one and changes nothing.
# - `inputs` may be a list, an array (then the inputs are its rows) or **a live stream**: it may have no
#   `len()` and no `[i]`, and it ends without notice. So read each input only when its step is due: compute $h_1$
#   before you ask for $x_2$.
# - No inputs, no states: an empty list.
#
# *Hidden checks: other `f`, states that are arrays, states and inputs equal to 0, one input, no input,
# 30 inputs, live streams, how often `f` is called, when each input is read, and that `h0` and `inputs` are
# unchanged. Reading ahead or calling `f` too often costs its own part of the points, not all.*


# %% task="run_recurrence"
def run_recurrence(f, h0, inputs):
    """All states of the recurrence h_i = f(h_{i-1}, x_i), counting from 1.

    f: function (state before, input) -> new state.
    h0: the start state, a number or an array (d,).
    inputs: any iterable of x_1, x_2, ..., x_n, maybe a live stream, maybe empty.
    Returns h_1, ..., h_n: n states, h_0 not among them.
    """
    ### BEGIN SOLUTION
    states = []
    h = h0
    for x in inputs:
        h = f(h, x)
        states.append(h)
    return states
    ### END SOLUTION


# %% check="run_recurrence"
check("run_recurrence")

# %% [markdown]
# ## 2 · What a state knows
#
# Put the steps into one another (counting from 1):
#
# $$h_3 = f(h_2, x_3) = f\bigl(f(h_1, x_2),\, x_3\bigr) = f\bigl(f(f(h_0, x_1), x_2),\, x_3\bigr)$$
#
# Three things can be read off, for every rule $f$:
#
# 1. **Nothing comes from the future.** $x_4$ doesn't appear in $h_3$.
# 2. **There is one door.** $x_1$ and $x_2$ appear in $h_3$ only inside $h_2$. What $h_2$ doesn't carry is
#    lost to all later steps.
# 3. **The size is fixed**, as long as $f$ returns a state of the size it was given; all our rules do. $h_3$
#    has the size of $h_0$, and so has $h_{1000}$.
#
# So a state is a *summary*: made of all inputs so far, and after many inputs much smaller than all of them
# together. Which parts of
# them it keeps is up to $f$.
#
# The second point has a practical side: a process can stop, save a little, and go on later as if nothing
# had happened. Here is a run of four inputs that is interrupted after two. (The running product is a rule
# too.)


# %%
def product(h, x):
    return h * x


h = 1
for x in [3, 2, 5, 4]:
    h = product(h, x)
print("in one go:    ", h)

saved = product(product(1, 3), 2)  # all that is left of the first two inputs
print("interrupted:  ", product(product(saved, 5), 4))

# %% [markdown]
# It also shows what is lost. From `saved`, which is 6, nobody can tell whether the inputs were 3 and 2,
# or 1 and 6, or 6 and 1. For *this* rule it makes no difference any more.
#
# ## 3 · How strongly does an input act on a state?
#
# "Does $h_3$ still remember $x_1$?" becomes a number: the **influence** $\partial h_i / \partial x_j$,
# how much $h_i$ moves per unit of a small change of $x_j$, with $h_0$ and all other
# inputs as they were.
#
# **With a pencil**, for $f(h, x) = h/2 + x$. Putting the steps into one another gives
#
# $$h_3 = \tfrac18 h_0 + \tfrac14 x_1 + \tfrac12 x_2 + x_3$$
#
# So the influences of $x_1, x_2, x_3, x_4$ on $h_3$ are $\tfrac14, \tfrac12, 1, 0$. One more step, one
# more halving; and 0 for the input that comes after.
#
# **By experiment**, without any algebra: run twice, once with $x_1 = 2$ and once with $x_1 = 2.1$, and
# compare.
#
# | | $h_0$ | $h_1$ | $h_2$ | $h_3$ |
# |---|---|---|---|---|
# | inputs 2, 6, -1 | 8 | 6 | 9 | 3.5 |
# | inputs **2.1**, 6, -1 | 8 | 6.1 | 9.05 | 3.525 |
#
# $h_3$ moved by 0.025 when $x_1$ moved by 0.1; the ratio is $0.025 / 0.1 = 0.25$, as above. This is a
# **finite difference**. For a curved rule the ratio is the influence only if the change is small, but a
# change that is too small drowns in rounding errors:

# %%
exact = 1 - np.tanh(0.5) ** 2  # the derivative of tanh at 0.5
for change in [1e-1, 1e-3, 1e-5, 1e-9, 1e-15]:
    ratio = (np.tanh(0.5 + change) - np.tanh(0.5)) / change
    print(f"change {change:.0e}   ratio {ratio:.9f}   relative error {abs(ratio / exact - 1):.0e}")

# %% [markdown]
# Changes from $10^{-4}$ to $10^{-6}$ are a good choice when inputs and states are of ordinary size. Why not
# smaller? A large state is stored with fewer digits after the point: near 1,000 neighbouring float64 numbers
# are $10^{-13}$ apart, so with a change of $10^{-10}$ the ratio may be wrong by 1 in 1,000.
#
# **Task: `influence`** (5 points). Return $\partial h_i / \partial x_j$ for **every** $j = 1, \dots, n$, where $n$
# is the number of inputs: $n$ numbers, first that of $x_1$. Inputs after $i$ have the influence 0. States
# and inputs are single numbers here. Each number must be right to one part in a thousand, so any sound
# method will do.
#
# `f` is any function of two numbers; you can call it as often as you like. An input can act on $h_i$ at
# once or through the states in between: both count.
#
# You may call your `run_recurrence`, with `f` itself and a list or an array of inputs; while yours isn't right, the
# grader uses the course's.
#
# *Hidden checks: other `f`, $h_0$ equal to 0 or not, $i = 1$ and $i = n$, a single input, inputs and states
# equal to 0, an array of integers, inputs of several hundred, and that `inputs` is unchanged.*


# %% task="influence"
def influence(f, h0, inputs, i):
    """How strongly each input acts on state h_i, counting from 1: dh_i/dx_j for j = 1..n.

    f: function (state before, input) -> new state; numbers.
    h0: the start state, a number.
    inputs: array (n,) of x_1..x_n, floats or integers. It must not be changed.
    i: which state, 1 <= i <= n; h_1 is the state after the first input.
    Returns n numbers, each within 1e-3 of the influence relative to its size; 0 for j > i.
    """

    ### BEGIN SOLUTION
    def state_i(xs):
        h = h0
        for x in xs[:i]:
            h = f(h, x)
        return h

    eps = 1e-5
    result = np.zeros(len(inputs))
    for j in range(i):
        moved = np.array(inputs, dtype=float)
        moved[j] += eps
        result[j] = (state_i(moved) - state_i(inputs)) / eps
    return result
    ### END SOLUTION


# %% check="influence"
check("influence")

# %% [markdown]
# Now **your** `influence` draws what three rules remember: 20 inputs, and the influence of each on state
# $h_{15}$.


# %% tags="plot"
def running_sum(h, x):
    return h + x


def fading(h, x):
    return 0.8 * h + x


def squashing(h, x):
    return np.tanh(0.9 * h + x)


if written("influence"):
    number = np.arange(1, 21)  # counting from 1
    wave = np.sin(0.9 * number)
    fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
    rules = {"h + x": running_sum, "0.8 h + x": fading, "tanh(0.9 h + x)": squashing}
    for marker, (formula, rule) in zip("so^", rules.items(), strict=True):
        share = influence(rule, 0.0, wave, 15)
        ax.plot(number, share, marker=marker, markersize=4, label=f"f(h, x) = {formula}")
    ax.axvline(15.5, color="gray", linestyle=":")
    ax.text(15.8, 0.62, "read after $h_{15}$", color="gray", fontsize="small")
    ax.set(xlabel="number j of the input (counting from 1)", ylabel="influence on $h_{15}$")
    ax.set(xticks=[1, 5, 10, 15, 20], title="What state 15 remembers of each input")
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.92), fontsize="small")
    plt.show()

# %% [markdown]
# **What to see:** right of the dotted line all influences are 0: the future doesn't act on the past. On
# the left the rules part. The sum keeps all inputs alike; with 0.8 each further step fades an input by a
# fifth; with tanh the fading depends on the inputs themselves and is strongest where the state is near +1
# or -1. The state has the same size each time: what it remembers is decided by $f$.
#
# ## 4 · Must one wait for each step?
#
# Step 3 needs $h_2$, which needs $h_1$: it looks as if $n$ inputs need $n$ steps, one after the other,
# however many processors there are. For some rules there is a way out. Take two steps of the form
# "multiply the state, then add":
#
# $$h_1 = 2 h_0 + 3, \qquad h_2 = 5 h_1 - 1 \qquad\Longrightarrow\qquad h_2 = 5\,(2 h_0 + 3) - 1 = 10\, h_0 + 14$$
#
# Two steps have become **one step of the same form**, described by two numbers:
# $(2, 3)$ followed by $(5, -1)$ makes $(10, 14)$. And nobody needed to know $h_0$. So neighbours can be
# combined in pairs, all pairs at the same time, then pairs of pairs, and so on: $h_8$ in 3 rounds,
# $h_{1024}$ in 10. That all states in between can be had in the same way, in $O(\log n)$ rounds, is the
# **parallel scan** of notebook 05.
#
# Two things were used: the combined step has the same form and size as a single one, and what a step does
# can be written down *before* the state it starts from is known. Keep both in mind for the last question.
# In notebook 05 you will write the scan.

# %% [markdown]
# ## 5 · Questions
#
# Replace `None` by the letter of your choice in quotes, such as `'B'`; where every fitting option is
# asked for, by all their letters, such as `'BC'`; or by a number, such as `0.25` or `'1/4'`. The check
# cell says whether your answer can be read. All questions count from 1.

# %% [markdown] question="q1_1_h2"

# %% [markdown] question="q1_2_component"

# %% [markdown] question="q1_3_reach"

# %% [markdown] question="q1_4_resume"

# %% [markdown] question="q1_5_trace"

# %% [markdown] question="q1_6_wait"

# %% [markdown]
# ## What you can now explain
#
# - what the two arguments of $f$ bring into a step, and which of them carries the past;
# - why a state can't know of later inputs, and why a run can go on from one saved state;
# - how to measure the influence of any input on any state, for a rule you know nothing about;
# - why some recurrences can be computed in few rounds, and what that asks of the rule.
#
# ## Where this leads
#
# - **Recurrent networks** (Elman, 1990; the LSTM of Hochreiter and Schmidhuber, 1997) learn $f$ from
#   data. Their step costs the same after ten words as after ten thousand, but in training the steps have
#   to wait for one another.
# - **Self-attention** (Vaswani and others, 2017) keeps all past inputs in place of one state. Nothing has
#   to pass through one door, but what is kept grows with every word.
# - **New recurrent models** want both: the fixed state of a recurrence, and training without waiting, by
#   steps that can be combined as in section 4. Linear attention (Katharopoulos and others, 2020) and
#   Mamba (Gu and Dao, 2023) are of this kind; notebooks 04 and 05 build their cores.
# - **Next:** the simplest rule that is more than a toy, the cumulative average.
#
# **Sources.** T. Xiao and J. Zhu, *Foundations of Large Language Models*, 2025, the chapter on generative
# models (memory as a recurrence, counting from 0). J. L. Elman, *Finding Structure in Time*, Cognitive
# Science, 1990. S. Hochreiter and J. Schmidhuber, *Long Short-Term Memory*, Neural Computation, 1997. A.
# Vaswani and others, *Attention Is All You Need*, 2017. A. Katharopoulos and others, *Transformers are
# RNNs: Fast Autoregressive Transformers with Linear Attention*, ICML 2020. A. Gu and T. Dao, *Mamba:
# Linear-Time Sequence Modeling with Selective State Spaces*, 2023. G. E. Blelloch, *Prefix Sums and Their
# Applications*, 1990 (the parallel scan).
