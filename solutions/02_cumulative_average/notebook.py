# %% [markdown]
# # 02 · The cumulative average: a memory that turns stiff
#
# **What you will be able to do.** Write a cumulative average in three forms: over a whole stream, one
# step at a time, and as an object that can be merged with another. Say what such a memory must keep to go
# on. Explain why it becomes hard to move as the stream grows longer.
#
# *About 60 minutes. You need numpy; from notebook 01 only the idea of a state,* $h_i = f(h_{i-1}, x_i)$.
#
# ### The rules for all tasks
# - Write your code in place of `raise NotImplementedError(...)`, then run the check cell below it. The
#   check runs a few visible cases; the hidden ones, of which each task says what they test, run when your
#   notebook is graded. A function that isn't written yet counts as *not attempted*, not as wrong.
# - Arguments that are arrays come as numpy arrays, **of floats or of integers**. Return numbers, arrays,
#   or lists or tuples of numbers, as you like.
# - **Don't change the arguments**: whoever called your function may still need them.
# - One row, one column, and numbers equal to 0 are ordinary inputs. No stream has more than 2,000 steps,
#   and speed isn't graded.
# - Numbers are compared to 9 digits, unless a task says otherwise: each may be off by a billionth of the largest
#   number among the arguments (or of 1, if all are smaller). float64, numpy's default, does that; float32 doesn't.
#
# ### Two ways to count
# The book behind this course counts inputs **from 0**, like Python: $x_0$ is the first. Many texts, and
# most of this course's questions, count **from 1**: $x_1$ is the first. Both are fine; mixing them is an
# easy mistake. **The coding tasks here count from 0. Each question says how it counts.**

# %% setup="yes"
import matplotlib.pyplot as plt
import numpy as np
from check import check, written

# %% [markdown]
# ## 1 · The mean of everything so far
#
# A stream brings 1, 3, 8, 0. After each input, we want the mean of all inputs up to then. With a pencil:
#
# | input | number, from 0 (book, tasks) | number, from 1 (questions) | sum so far | inputs so far | mean so far |
# |---|---|---|---|---|---|
# | 1 | $x_0$ | $x_1$ | 1 | 1 | **1** |
# | 3 | $x_1$ | $x_2$ | 4 | 2 | **2** |
# | 8 | $x_2$ | $x_3$ | 12 | 3 | **4** |
# | 0 | $x_3$ | $x_4$ | 12 | 4 | **3** |
#
# The last column is the **cumulative average**. In formulas, counting from 0 on the left and from 1 on
# the right:
#
# $$\mathrm{Mem}_i = \frac{x_0 + x_1 + \dots + x_i}{i+1} \qquad\qquad h_i = \frac{x_1 + x_2 + \dots + x_i}{i}$$
#
# The left sum has $i+1$ terms, the right one has $i$. Apart from the name of the index they say the same.
#
# In a model an input is not a number but a vector, so a stream of $n$ vectors with $d$ features is an
# array of shape `(n, d)`. **Time is axis 0**: row 0 comes first. Each column is averaged for itself.

# %%
# shape (4, 2): four inputs of two features
stream = np.array([[1.0, 10.0], [3.0, 0.0], [8.0, 20.0], [0.0, -10.0]])
print("mean of rows 0..1:", stream[:2].mean(axis=0))  # the slice [:2] holds rows 0 and 1
print("mean of rows 0..3:", stream[:4].mean(axis=0))

# %% [markdown]
# ## 2 · First say what is right: examples
#
# Before you write a function, write down what it should return. An **example** is a pair: an input `x`,
# and the output that you expect, worked out with a pencil. A good set of examples is *valid* (every
# expected output is right) and *thorough*: it would expose somebody's wrong program.
#
# Take the stream 3, 3, 3. Its cumulative average is 3, 3, 3: a valid example. But a program that mixes
# the old mean and the new input half and half returns 3, 3, 3 as well, and so does one that returns its
# input. This example exposes neither. The stream 1, 3, 8 exposes both: the right answer is 1, 2, 4, and
# half-and-half gives 1, 2, 5.
#
# **Task: `cumulative_average_examples`** (3 points). Return a list of pairs `(x, expected)`, both of shape `(n, d)`,
# as nested lists or arrays. Row `i` of `expected` is the mean of rows `0..i` of `x` (counting from 0).
# Give at least three decimals: 1.667 for 5/3.
#
# *Graded: whether every expected output is right (1 point), and how many of twelve wrong programs your
# examples expose (2 points). Which slips would you expect of a colleague: in the divisor, in the
# direction, in the rows that count, with integers whose mean is a fraction? One or two telling
# examples can be enough; at most 20 are read. Use a pencil: an output that a program computed says nothing about that
# program. (If you call `cumulative_average` of section 3 here all the same, the grader uses the course's.)*


# %% task="cumulative_average_examples"
def cumulative_average_examples():
    """Examples of the cumulative average: a list of pairs (x, expected), both of shape (n, d).

    Row i of expected is the mean of rows 0..i of x, counting from 0.
    """
    ### BEGIN SOLUTION
    return [
        ([[1, 4], [2, 0], [6, 1]], [[1, 4], [1.5, 2], [3, 1.667]]),
        ([[2.5, 0.0, -1.0]], [[2.5, 0.0, -1.0]]),
    ]
    ### END SOLUTION


# %% check="cumulative_average_examples"
check("cumulative_average_examples")

# %% [markdown]
# ## 3 · The whole stream at once
#
# **Task: `cumulative_average`** (4 points). From `x` of shape `(n, d)` make an array of floats of the same shape
# whose row `i` is the mean of rows `0..i` of `x` (counting from 0). A loop, a cumulative sum, a matrix
# product: any way is welcome.
#
# *Hidden checks: integer input (also where the mean is a fraction), a single row, a single column, rows of
# zeros, 2,000 rows of numbers near 10,000 (work in float64, numpy's default), and that `x` is unchanged.*


# %% task="cumulative_average"
def cumulative_average(x):
    """The mean of everything so far.

    x: array (n, d) of floats or integers, n >= 1; time is axis 0. It must not be changed.
    Returns floats of shape (n, d): row i is the mean of rows 0..i of x, counting from 0.
    """
    ### BEGIN SOLUTION
    counts = np.arange(1, len(x) + 1)
    return np.cumsum(x, axis=0) / counts[:, None]
    ### END SOLUTION


# %% check="cumulative_average"
check("cumulative_average")

# %% [markdown]
# ## 4 · One step at a time
#
# On a live stream the inputs so far are gone; there is only the memory and the next input. Can the new
# mean be had from the old one? In the example above (counting from 0), $x_0, x_1, x_2 = 1, 3, 8$ gave
# $\mathrm{Mem}_2 = 4$. Then $x_3 = 0$ arrives. Three steps of thought:
#
# 1. $\mathrm{Mem}_2 = 4$ stands for **three** inputs, so their sum was $3 \cdot 4 = 12$.
# 2. With the new input the sum is $0 + 12 = 12$.
# 3. Now there are **four** inputs, so $\mathrm{Mem}_3 = 12 / 4 = 3$, as in the table.
#
# For any $i$, counting from 0, this is the book's recursive formula (Xiao and Zhu, 2025):
#
# $$\mathrm{Mem}_i = \frac{x_i + i\,\mathrm{Mem}_{i-1}}{i+1}$$
#
# Look at $i = 0$. The factor $i$ is 0, so $\mathrm{Mem}_{-1}$, whatever it was, has no effect, and
# $\mathrm{Mem}_0 = x_0$. The recursion needs no start value.
#
# The same formula can be read as a *step from the old mean towards the new input*:
#
# $$\mathrm{Mem}_i = \mathrm{Mem}_{i-1} + \frac{1}{i+1}\,\bigl(x_i - \mathrm{Mem}_{i-1}\bigr)$$
#
# In the example: from 4 a quarter of the way to 0, which is 3. Keep this form in mind for section 6.
#
# **Task: `cumavg_update`** (3 points). One such step, **counting from 0**. At `i = 0` the result must be `x`,
# whatever numbers up to a million `mem` holds.
#
# *Hidden checks: other and large `i`, `i = 0` with something left over in `mem`, integer arrays (also where the
# mean is a fraction), zeros,
# one feature, and that `mem` and `x` are unchanged.*


# %% task="cumavg_update"
def cumavg_update(mem, x, i):
    """The cumulative average after one more input; i counts from 0.

    mem: array (d,), the mean of the inputs 0..i-1; without effect at i = 0.
    x: array (d,), input number i, so it is the (i+1)-th input.
    Returns shape (d,): the mean of the inputs 0..i. Neither mem nor x may be changed.
    """
    ### BEGIN SOLUTION
    return (x + i * mem) / (i + 1)
    ### END SOLUTION


# %% check="cumavg_update"
check("cumavg_update")

# %% [markdown]
# ## 5 · What must the memory keep?
#
# In notebook 01 the update was $h_i = f(h_{i-1}, x_i)$ with one and the same $f$ at every step. Here the
# update also needs $i$. So either $f$ changes from step to step, or the *state* is more than the mean: it
# is the pair **(mean, count)**. A pair of fixed size; the inputs themselves need not be kept.
#
# With the count in hand, two memories can be merged. Say one object has seen 1 input with mean 8, another
# 3 inputs with mean 2. Their sums are $1 \cdot 8 = 8$ and $3 \cdot 2 = 6$; together 14 from 4 inputs:
# mean 3.5. (Not 5: the two means don't stand for equally many inputs.) So a long stream can be averaged
# in parts, on several machines.
#
# One trap of numpy before you start. Two names can stand for **one** array, and a change *in place*
# (`+=`) is then seen through both:

# %%
mean = np.array([1.0, 2.0])
handed_out = mean  # the same array under a second name
safe = mean.copy()  # an array of its own
mean += 10
print("handed_out:", handed_out, "  safe:", safe)

# %% [markdown]
# **Task: `RunningMean`** (4 points). A class whose objects average a stream, input by input:
#
# - `RunningMean()` makes an object that has seen nothing yet.
# - `.update(x)` takes the next input, an array `(d,)`, and returns the mean so far, `(d,)`.
# - `.mean` is the mean so far. It is written as a property here, to which nothing can be assigned. A plain
#   attribute is fine too: delete the property before you write `self.mean = ...`.
# - `.merge(other)` returns a **new** `RunningMean` that has seen what both have seen; the two operands
#   stay as they are, and all three can go on on their own.
#
# Three promises: an array that was returned never changes later; what one object sees doesn't change another;
# and the memory **doesn't grow** with the number of updates.
#
# You may call your `cumavg_update`, with numbers and arrays; while yours isn't right, the grader uses the course's.
#
# *Hidden checks: 50 updates, a single update, arrays of one number, integer arrays, zeros, merges of unequal size and
# going on after them, arrays returned earlier, `x` unchanged then and later, and memory over 2,000 updates. Not
# checked: `.mean` before the first update, and merging with an object that has seen nothing.*


# %% task="RunningMean"
class RunningMean:
    """The cumulative average of a stream of arrays (d,), in memory of constant size."""

    def __init__(self):
        """An object that has seen no input."""
        ### BEGIN SOLUTION
        self._count = 0
        self._mean = 0.0
        ### END SOLUTION

    def update(self, x):
        """Take the next input x, an array (d,) that must not be changed; returns the mean so far, (d,)."""
        ### BEGIN SOLUTION
        self._count += 1
        self._mean = self._mean + (x - self._mean) / self._count
        return self.mean
        ### END SOLUTION

    @property
    def mean(self):
        """The mean so far, (d,); it doesn't change when further inputs arrive."""
        ### BEGIN SOLUTION
        return np.array(self._mean)
        ### END SOLUTION

    def merge(self, other):
        """A new RunningMean that has seen the inputs of both; self and other stay as they are."""
        ### BEGIN SOLUTION
        both = RunningMean()
        both._count = self._count + other._count
        both._mean = self._mean + (other._mean - self._mean) * other._count / both._count
        return both
        ### END SOLUTION


# %% check="RunningMean"
check("RunningMean")

# %% [markdown]
# ## 6 · A memory that turns stiff
#
# Write the step of section 4 **counting from 1**, as the questions do: when input number $n$ arrives,
#
# $$h_n - h_{n-1} = \frac{x_n - h_{n-1}}{n}$$
#
# The memory moves by only the $n$-th part of its distance to the new input. With $h = 0$ and an input of
# 1: at $n = 2$ it jumps to 0.5, at $n = 20$ to 0.05, at $n = 2{,}000$ to 0.0005.
#
# The plot, drawn by **your** `cumulative_average`, shows what this means when the world changes. Two
# streams jump from 0 to 1: one after 10 inputs, the other after 40.

# %% tags="plot"
if written("cumulative_average"):
    inputs_seen = np.arange(1, 121)  # counting from 1
    fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
    for shift, color in [(10, "tab:blue"), (40, "tab:orange")]:
        level = (inputs_seen > shift).astype(float)
        memory = np.asarray(cumulative_average(level[:, None]))[:, 0]
        ax.step(inputs_seen, level, where="post", color=color, alpha=0.35)
        ax.plot(inputs_seen, memory, color=color, label=f"memory; jump after {shift} inputs")
        ax.plot(2 * shift, memory[2 * shift - 1], "o", color=color)
        ax.text(2 * shift + 3, 0.43, f"half way at n = {2 * shift}", color=color)
    ax.set(xlabel="inputs seen, n (counting from 1)", ylabel="value")
    ax.set_title("The longer the past, the slower the memory")
    ax.legend(loc="lower right", fontsize="small")
    plt.show()

# %% [markdown]
# **What to see:** the pale lines are the inputs, the strong ones the memories. After a jump after $m$
# inputs the memory is half way only at $n = 2m$: it needs as many new inputs as it has old ones, 10 in one case
# and 40 in the other.
#
# A few words are easily said too strongly, so check them against the formula:
#
# - The **step** shrinks like $1/n$; the **memory** doesn't go to 0. The stream 5, 5, 5, ... has the mean
#   5 for ever.
# - The memory **never quite stops**: after $k$ more inputs the first $m$ have only the share $m/(m+k)$, which
#   goes to 0 as $k$ grows. So enough new inputs can carry it to any new level.
# - It settles at a value only if the inputs have a stable mean. The stream 1, 2, 3, ... gives
#   $h_n = (n+1)/2$, which never settles.
#
# <details><summary>An aside on rounding (optional)</summary>
#
# In float64 both forms of the recursion are exact to about 13 digits after a million steps. In float32,
# which models often use, they part: for a million inputs near 10,000, the form
# $(x_i + i\,\mathrm{Mem}_{i-1})/(i+1)$ ends 0.4 to 1 % off, as $i\,\mathrm{Mem}_{i-1}$ becomes a huge number in
# which $x_i$ drowns; the step form $\mathrm{Mem}_{i-1} + (x_i - \mathrm{Mem}_{i-1})/(i+1)$ stays right
# to 4 to 7 digits, depending on the spread of the inputs.
# Equal in algebra is not equal in arithmetic.
# </details>

# %% [markdown]
# ## 7 · Questions
#
# Replace `None` by the letter of your choice in quotes, such as `'B'`, or by a number, such as `0.25` or
# `'1/4'`. The check cell says whether your answer can be read. A pencil helps.

# %% [markdown] question="q2_1_update"

# %% [markdown] question="q2_2_same"

# %% [markdown] question="q2_3_count"

# %% [markdown] question="q2_4_influence"

# %% [markdown] question="q2_5_late"

# %% [markdown] question="q2_6_order"

# %% [markdown]
# ## What you can now explain
#
# - why the book divides by $i+1$ and other texts by $i$, and that both mean the same average;
# - why the recursion needs no start value, and why its true state is (mean, count);
# - how two averages are merged, and why the counts are needed for it;
# - what happens to the share of each input, early or late, as the stream grows.
#
# The last point decides whether such a memory suits a job: say it aloud in your own words, in two or three
# sentences, as if to somebody who hasn't read this notebook.

# %% [markdown]
# ## Where this leads
#
# - **In models.** The average attention network replaced self-attention in a translation model's decoder
#   by a cumulative average, so that each new word costs the same, however long the text (Zhang, Xiong and
#   Su, 2018). In linear attention, notebook 04, the weights of the average come from keys and queries; if
#   all keys are equal, exactly the cumulative average is left.
# - **In statistics.** The step form is known from running means and variances (Welford, 1962), merging
#   from parallel computing (Chan, Golub and LeVeque, 1983), and steps like $1/n$ from stochastic
#   approximation (Robbins and Monro, 1951).
# - **Next.** If a memory should follow a changing world, its step must not shrink to nothing. Notebook 03
#   keeps it constant and looks at what is lost in exchange.
#
# **Sources.** T. Xiao and J. Zhu, *Foundations of Large Language Models*, 2025, the chapter on generative
# models: the memory as a cumulative average (counting from 0). B. Zhang, D. Xiong and J. Su,
# *Accelerating Neural Transformer via an Average Attention Network*, ACL 2018. B. P. Welford, *Note on a
# Method for Calculating Corrected Sums of Squares and Products*, Technometrics, 1962. T. F. Chan, G. H.
# Golub and R. J. LeVeque, *Algorithms for Computing the Sample Variance*, The American Statistician,
# 1983. H. Robbins and S. Monro, *A Stochastic Approximation Method*, Annals of Mathematical Statistics,
# 1951.
