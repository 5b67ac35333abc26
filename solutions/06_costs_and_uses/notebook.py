# %% [markdown]
# # 06 · Costs and uses: who keeps what, at what price
#
# **What you will be able to do.** Work out what one generated token costs a layer, in operations and in numbers kept,
# for four kinds of layer. Say from which position on a recurrent layer is cheaper than attention. Pick a layer for a
# job, from the job's requirement.
#
# *About 40 minutes. You need numpy. Of the notebooks before, only ideas return, and they are repeated: a cache of keys
# and values, a window, an average with its count, and the two sums of linear attention.*
#
# ### The rules for the task
# - Write your code in place of `raise NotImplementedError(...)`, then run the check cell below it. The check runs a few
#   visible cases; the hidden ones run when your notebook is graded, and the task says what they test. A function that
#   isn't written yet counts as *not attempted*, not as wrong.
# - Arguments are plain Python numbers, and one text. Sizes of 1 and the first position are ordinary inputs.
# - Both counts are whole numbers and must be exact; whether they come as integers or as floats doesn't matter.
#
# **Positions count from 1 here**, in the text, in the task and in the questions: at position $i$ the model has read $i$
# tokens, the newest one included. (The book behind this course counts from 0, where the same token has number $i-1$.)

# %% setup="yes"
import matplotlib.pyplot as plt
import numpy as np
from check import check, written

# %% [markdown]
# ## 1 · Four readers and what lies on their desks
#
# Four people read a long text, word by word, and must be ready for a question at any time.
#
# 1. The first writes a card for **every** word and keeps all cards. For each question, all cards are looked through.
#    *(softmax attention with its cache)*
# 2. The second does the same, but the desk has room for $w$ cards: the oldest card goes when a new one comes. *(sliding
#    window)*
# 3. The third has one sheet with a table of fixed size. Every word changes the numbers in it; no word has a place of
#    its own. *(linear attention)*
# 4. The fourth keeps one row of numbers, the average of all cards so far, and how many there were. *(cumulative
#    average)*
#
# In the language of models, a card is a **key** of $d_k$ numbers and a **value** of $d_v$ numbers, and a question is a
# **query** of $d_k$ numbers:
#
# | layer | what it does for the token at position $i$ | what it keeps for later |
# |---|---|---|
# | softmax | compares the query with all $i$ keys, adds up all $i$ values by the weights | all $i$ keys and values |
# | window | the same with the newest $w$ tokens, or with all as long as $i < w$ | their keys and values |
# | linear | adds $k^{\mathsf T} v$ to $\mu$, $k$ to $\nu$; reads $q\mu / q\nu$ | the matrix $\mu$, the vector $\nu$ |
# | average | moves the mean of the rows $(k, v)$ a step towards the new row | the mean, a row, and the count |
#
# (In linear attention, $k$ and $q$ stand for the mapped keys and queries of notebook 04; we let the map keep the size
# $d_k$.) The first layer's memory grows with the text, the second's grows until the window is full, and the other two
# have a **state** whose size never changes.

# %% [markdown]
# ## 2 · A rule for counting
#
# The usual unit of work is the *multiply-add*: $a \leftarrow a + b \cdot c$. It is **two operations**, a multiplication
# and an addition. A dot product of two vectors of size $d$ takes $d$ multiply-adds, so $2d$ operations.
#
# Rather than trust a formula, let us count. The cell below does softmax attention for one token in plain Python, and a
# counter goes along. We have $i = 10$ tokens, keys of 3 numbers and values of 2.


# %%
def count_softmax(i, d_k, d_v):
    """Attention for the token at position i, number by number; returns how many operations that took."""
    query, keys, values = np.ones(d_k), np.ones((i, d_k)), np.ones((i, d_v))
    scores, output, operations = np.zeros(i), np.zeros(d_v), 0
    for j in range(i):  # the query meets every key
        for a in range(d_k):
            scores[j] += query[a] * keys[j, a]
            operations += 2
    weights = np.exp(scores) / np.exp(scores).sum()  # not counted, see below
    for j in range(i):  # every value goes into the sum
        for b in range(d_v):
            output[b] += weights[j] * values[j, b]
            operations += 2
    return operations


print("operations:", count_softmax(i=10, d_k=3, d_v=2), "  numbers in the cache:", 10 * 3 + 10 * 2)

# %% [markdown]
# By pencil: $10$ scores of $2 \cdot 3$ operations and $10$ values of $2 \cdot 2$ give $60 + 40 = 100$. The same for the
# other layers:
#
# - **Linear.** *Writing* changes each of the $3 \cdot 2$ numbers of $\mu$ by one multiply-add, and *reading* $q\mu$
#   uses each of them in one more. How far the text has come plays no part.
# - **Average.** `mean + (x - mean) / n` is, per number of the row $(k, v)$, a subtraction, a division and an addition:
#   **three operations**. There is no multiply-add in it.
#
# **What we leave out**, in every layer alike: exponentials and divisions of the weights, the mapping of keys and
# queries, the work for $\nu$ ($3 d_k + d_v$ operations or so), the matrices that make keys, queries and values, and the
# rest of the model. Others count by other rules, and their figures differ from ours by small factors; the growth with
# $i$ doesn't.
#
# **Task: `decode_cost`.** For **one head** and **one generated token** at position `i` (counting from 1), return a
# pair: the operations that this token takes, and the numbers that are kept once it has been read (its own key and value
# included).
#
# - `kind` is `"softmax"`, `"window"`, `"linear"` or `"average"`; for anything else raise `ValueError`. (A misspelt name
#   must not pass as a result.)
# - `window` is the size $w$; it matters to `"window"` alone. Early in the text, fewer than `window` tokens exist.
# - A multiply-add is two operations. What is left out above is left out here too; but *kept* is all that is needed to
#   go on: keys **and** values, $\mu$ **and** $\nu$, the mean **and** its count.
#
# *Points: each of the four kinds 1.5, the window while it is still filling (and just full) 1, unknown kinds 1. So a
# slip in one kind leaves the points of the others.*
#
# *Hidden checks: other sizes, $d_k$ larger and smaller than $d_v$, sizes of 1, the first position, positions below, at
# and above the window, position 131,072, and other unknown kinds.*


# %% task="decode_cost"
def decode_cost(kind, i, d_k, d_v, window):
    """What one generated token costs one head.

    kind: "softmax", "window", "linear" or "average".
    i: the position, counting from 1, so i tokens are there, the new one included.
    d_k, d_v: numbers per key and per value; window: tokens that "window" keeps at most. All are integers >= 1.
    Returns (operations, numbers kept). Raises ValueError for any other kind.
    """
    ### BEGIN SOLUTION
    row = d_k + d_v
    if kind == "softmax":
        return 2 * i * row, i * row
    if kind == "window":
        tokens = min(i, window)
        return 2 * tokens * row, tokens * row
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * row, row + 1
    raise ValueError("kind must be softmax, window, linear or average")
    ### END SOLUTION


# %% check="decode_cost"
check("decode_cost")

# %% [markdown]
# ## 3 · Counting two ways
#
# A formula and a count must agree. Compare **your** function with the counter of section 2, at a few positions:

# %% tags="plot"
if written("decode_cost"):
    for position in (1, 2, 7, 40):
        by_formula = decode_cost("softmax", position, 5, 3, 4)[0]
        print(f"position {position:2}: formula {by_formula:4.0f}, counted {count_softmax(position, 5, 3):4}")

# %% [markdown]
# ## 4 · Where the curves cross
#
# One head with keys and values of 64 numbers, a window of 1,024; the curves are drawn by **your** function. Both axes
# are logarithmic, so a straight rising line is a cost in proportion to the position.

# %% tags="plot"
SIZE, WINDOW = 64, 1_024
positions = np.unique(np.geomspace(1, 2**17, 300).astype(int)).tolist()
if written("decode_cost"):
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for column, what in enumerate(["operations for one token", "numbers kept"]):
        costs = {
            kind: np.array([decode_cost(kind, i, SIZE, SIZE, WINDOW)[column] for i in positions])
            for kind in ("softmax", "window", "linear", "average")
        }
        for kind, curve in costs.items():
            axes[column].loglog(positions, curve, "--" if kind == "window" else "-", label=kind)
        softmax, linear = (
            np.array([decode_cost(kind, i, SIZE, SIZE, WINDOW)[column] for i in range(1, 2_000)])
            for kind in ("softmax", "linear")
        )
        first = np.argmax(softmax >= linear)  # row 0 is position 1
        axes[column].plot(first + 1, linear[first], "ko", markersize=4)
        axes[column].set(xlabel="position i (counting from 1)", ylabel=what, title=f"{what.capitalize()}, d = {SIZE}")
    axes[0].legend(fontsize="small")
    plt.show()

# %% [markdown]
# **What to see:** the dots mark the first position at which linear attention isn't dearer. Left of them it is the
# **dearer** layer, as its whole table is written and read for a text of a few words. Right of them its cost stays
# where it is, while attention's rises without end. The window follows attention until it is full, and then stays as
# well, but on a higher level. The average lies far below, from the first few tokens on; notebook 07 asks what it can
# still answer.
#
# Where exactly are the dots? Set the two operation counts equal, and then the two memories, with letters rather than
# numbers. The two positions aren't the same. (That of the operations is question 6.2, for another size.)
#
# <details><summary>The memories, when you have tried</summary>
#
# Softmax keeps $2 d i$ numbers and linear attention $d^2 + d$. Divide both by $2d$: they are equal at $i = (d+1)/2$.
# With $d = 64$ that is 32.5, so up to position 32 the cache is smaller, and from position 33 on the state is.
#
# </details>
#
# For a **whole text** of $n$ tokens the costs of the tokens add up: $4d\,(1 + 2 + \dots + n) = 2d\,n(n+1)$ for softmax
# attention, and $4 d^2 n$ for linear attention, if $d_k = d_v = d$. The ratio is $(n+1)/(2d)$: with $d = 128$ it is
# about 4 for 1,024 tokens and 512 for 131,072.

# %% [markdown]
# ## 5 · Real models
#
# A model has many layers, and each layer many heads; every head of every layer has a memory of its own. Many newer
# models let several query heads share one head of keys and values (*grouped queries*; Ainslie and others, 2023). So
# the memory counts only those **key-value heads**; each query head still does its own operations. A number commonly
# takes 2 bytes. By hand, for Llama-2-13B, with 40 layers, 40 heads and 128 numbers per key and per value:
#
# $$40 \cdot 40 \text{ heads} \cdot (128 + 128) \text{ numbers} \cdot 2 \text{ bytes} = 819{,}200 \text{ bytes}
# = 800 \text{ KiB for each token.}$$
#
# The table is made with **your** function. (1 MiB is $2^{20}$ bytes. The state of Mamba has 16 numbers for each of
# 5,120 channels, that of RWKV-4 five numbers for each of 4,096 channels, of 4 bytes each. The row "linear" is no real
# model: it is what linear attention would keep in Llama-2-13B's shape. The last column is longer than Llama-2 was
# trained for.)

# %% tags="plot"
MIB, SHORT, LONG = 2**20, 4_096, 131_072


def row(name, *sizes):
    print(f"{name:44}" + "".join(f"{size / MIB:12,.2f}" for size in sizes))


def cache(kind, i, layers, heads):
    """Bytes of all heads at position i.

    128 numbers per key and per value, 2 bytes per number, a window of 4,096 tokens.
    """
    return 2 * layers * heads * decode_cost(kind, i, 128, 128, 4_096)[1]


if written("decode_cost"):
    print(f"{'memory of one text in MiB, after':44}{'1 token':>12}{SHORT:12,}{LONG:12,}")
    row("Llama-2-13B, 40 layers x 40 heads", *(cache("softmax", i, 40, 40) for i in (1, SHORT, LONG)))
    row("Llama-3.1-8B, 32 layers x 8 key-value heads", *(cache("softmax", i, 32, 8) for i in (1, SHORT, LONG)))
    row("Mistral-7B, the same with a window of 4,096", *(cache("window", i, 32, 8) for i in (1, SHORT, LONG)))
    row("linear, in the shape of Llama-2-13B", *(cache("linear", i, 40, 40) for i in (1, SHORT, LONG)))
    row("Mamba-2.8B, 64 layers x 5,120 channels x 16", *[2 * 64 * 5_120 * 16] * 3)
    row("RWKV-4-7B, 32 layers x 4,096 channels x 5", *[4 * 32 * 4_096 * 5] * 3)

# %% [markdown]
# **What to see:** the first row ends at 100 GiB (102,400 MiB), more than the model's own weights (about 26 GB), and
# that for a single text; a service that answers a hundred users needs it a hundred times. Fewer key-value heads win a
# factor, a window stops the growth, and the recurrent states are small from the first token to the last. This is one
# reason for the **return of recurrent models** since about 2020. Another is that their updates can be trained in
# parallel (notebook 05), which the recurrent networks of the years before couldn't.
#
# The price is in the last three rows as well: whatever the model is to remember of 131,072 tokens must fit into 2.5
# to 50 MiB.

# %% [markdown]
# ## 6 · Which layer for which job?
#
# First the **requirement**, then the layer. Ask four questions of a job:
#
# | question | if yes, it speaks for |
# |---|---|
# | Does the stream have no end, or is memory small and fixed? | a state or a window |
# | Is there a deadline for each step, the same after hours as at the start? | a state or a window |
# | May *any* detail be asked for, exactly, however long ago it was? | attention with its full cache |
# | Is the text short (fewer tokens than a key has numbers)? | attention: simple, exact, not dearer in operations |
#
# **Real-time uses.** Where data come without end and each step has its deadline, recurrent layers have long been at
# home:
#
# - *Speech.* Dictation on a phone writes words while you speak: the recogniser is a recurrent network that gets a frame
#   of sound every few hundredths of a second (He and others, 2019). Noise suppression in a call has some 10 ms for each
#   frame (Valin, 2018).
# - *Watching machines.* A sensor in a pump or a heart monitor runs for months on a small chip; what is normal is a
#   slowly changing summary.
# - *Control.* A robot must act on time at every step; a step that becomes slower and slower is a fault.
# - *Language models on small devices* and *many users at once*: a fixed memory for each conversation decides how many
#   fit.
#
# A live system can use only what has arrived, whatever its layer: no layer sees the future. And "constant time per
# step" says nothing of quality: if the job is to quote, a small state is the wrong tool, at any price.
#
# **Mixing.** Between the two stands the *hybrid*: mostly recurrent layers, and a few attention layers among them. Jamba
# (2024) has one attention layer in eight, so its cache is an eighth of that of a model that has attention everywhere.
# What does each of the two kinds bring to such a mixture? Question 6.6 asks for it.

# %% [markdown]
# ## 7 · Questions
#
# Replace `None` by the letter of your choice in quotes, such as `'B'`, or by a number, such as `0.25` or `'1/4'`. The
# check cell says whether your answer can be read. A pencil helps.

# %% [markdown] question="q6_1_cached"

# %% [markdown] question="q6_2_cross"

# %% [markdown] question="q6_3_cache"

# %% [markdown] question="q6_4_realtime"

# %% [markdown] question="q6_5_pick"

# %% [markdown] question="q6_6_resurgence_limit"

# %% [markdown]
# ## What you can now explain
#
# - what four kinds of layer keep of the past, and which of these memories grow;
# - what one token costs each of them, and by which rule it was counted;
# - why linear attention is dearer at first, and from where on it is cheaper;
# - how many bytes a real model's cache takes, and why windows, shared key-value heads and recurrent layers came up;
# - how to argue from a job's requirement to a layer, and why a hybrid takes a few layers of the dearer kind.
#
# ## Where this leads
#
# - **Recall against throughput.** Based (Arora and others, 2024) puts a window of exact attention beside linear
#   attention and shows how much recall each number of the state buys. Zoology (Arora and others, 2023) found that most
#   of the gap in quality between attention and the recurrent models of its time comes from looking up what the text
#   said before.
# - **Hybrids.** Griffin (De and others, 2024) mixes a gated recurrence with attention in a window, Samba (Ren and
#   others, 2024) mixes Mamba with a window, Jamba (Lieber and others, 2024) mixes Mamba with a few layers of full
#   attention.
# - **Next.** You now know what a memory costs. Notebook 07 measures what it is worth: how many pairs can be looked up
#   from a state of fixed size?
#
# **Sources**
#
# - T. Xiao and J. Zhu, *Foundations of Large Language Models*, 2025, on long sequences (counting from 0).
# - A. Katharopoulos and others, *Transformers are RNNs*, 2020.
# - J. Ainslie and others, *GQA*, 2023.
# - H. Touvron and others, *Llama 2*, 2023.
# - A. Q. Jiang and others, *Mistral 7B*, 2023.
# - A. Grattafiori and others, *The Llama 3 Herd of Models*, 2024.
# - A. Gu and T. Dao, *Mamba*, 2023.
# - B. Peng and others, *RWKV*, 2023.
# - Y. He and others, *Streaming End-to-end Speech Recognition for Mobile Devices*, 2019.
# - J.-M. Valin, *A Hybrid DSP/Deep Learning Approach to Real-Time Full-Band Speech Enhancement*, 2018.
# - S. Arora and others, *Zoology*, 2023.
# - S. Arora and others, *Simple Linear Attention Language Models Balance the Recall-Throughput Tradeoff*, 2024.
# - S. De and others, *Griffin*, 2024.
# - L. Ren and others, *Samba*, 2024.
# - O. Lieber and others, *Jamba*, 2024.
