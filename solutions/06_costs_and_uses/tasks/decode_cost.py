import numpy as np

from autograder.authoring import Part, TaskSheet, case

costs = TaskSheet(
    "decode_cost",
    points=8,
    hidden="other sizes, d_k larger and smaller than d_v, sizes of 1, the first position, positions below, at and "
    "above the window for all four kinds, position 131,072, and other unknown kinds",
    cases=[
        case("softmax at position 10", "softmax", 10, 3, 2, 4, public=True, part="softmax"),
        case("window of 4 at position 10", "window", 10, 3, 2, 4, public=True, part="window"),
        case("linear at position 10", "linear", 10, 3, 2, 4, public=True, part="linear"),
        case("average at position 10", "average", 10, 3, 2, 4, public=True, part="average"),
        case("softmax at position 1,000", "softmax", 1_000, 16, 64, 128, part="softmax"),
        case("window of 128 at position 1,000", "window", 1_000, 16, 64, 128, part="window"),
        case("linear at position 1,000", "linear", 1_000, 16, 64, 128, part="linear"),
        case("average at position 1,000", "average", 1_000, 16, 64, 128, part="average"),
        case("softmax at position 131,072", "softmax", 131_072, 128, 128, 4_096, part="softmax"),
        case("window of 4,096 at position 131,072", "window", 131_072, 128, 128, 4_096, part="window"),
        case("linear at position 131,072", "linear", 131_072, 128, 128, 4_096, part="linear"),
        case("average at position 131,072", "average", 131_072, 128, 128, 4_096, part="average"),
        case("window of 1", "window", 20, 1, 9, 1, part="window"),
        case("linear with keys of size 1", "linear", 20, 1, 9, 1, part="linear"),
        case("linear with values of size 1", "linear", 20, 9, 1, 3, part="linear"),
        case("softmax at the first position", "softmax", 1, 4, 6, 8, part="softmax"),
        case("window at the first position", "window", 1, 4, 6, 8, part="filling window"),
        case("linear at the first position", "linear", 1, 4, 6, 8, part="linear"),
        case("average at the first position", "average", 1, 4, 6, 8, part="average"),
        case("softmax below the window", "softmax", 5, 11, 5, 9, part="softmax"),
        case("window, still filling", "window", 5, 11, 5, 9, part="filling window"),
        case("window, one token short", "window", 8, 11, 5, 9, part="filling window"),
        case("window, just full", "window", 9, 11, 5, 9, part="filling window"),
        case("window, first token dropped", "window", 10, 11, 5, 9, part="window"),
        case("window of 700, still filling", "window", 200, 6, 2, 700, part="filling window"),
        case("window of 3, full early", "window", 7, 6, 2, 3, part="window"),
        case("an unknown kind", "convolution", 10, 3, 2, 4, public=True, part="unknown kinds"),
        case("another unknown kind", "hash table", 1, 4, 6, 8, part="unknown kinds"),
        case("a piece of a name", "win", 10, 3, 2, 4, part="unknown kinds"),
        case("no name", "", 10, 3, 2, 4, part="unknown kinds"),
    ],
    parts=[
        Part("softmax", 1.5, "For softmax: how many keys and values are there at position i, the new ones included?"),
        Part("window", 1.5, "For a window that is full: which tokens are still there, and how many are they?"),
        Part(
            "linear", 1.5, "For linear attention: which shapes have mu and nu, and how often does a step go through mu?"
        ),
        Part("average", 1.5, "For the average: how long is the row that is averaged, and what is kept beside it?"),
        Part("filling window", 1, "Early in the text fewer tokens exist than the window could hold."),
        Part(
            "unknown kinds",
            1,
            "For any other kind raise ValueError: a wrong number would go unnoticed, an error doesn't.",
        ),
    ],
)


@costs.wrong
def KEYS_ONLY(kind, i, d_k, d_v, window):
    """Your caches hold one of the two only. A look-up first compares the query with the keys, then adds up the values:
    what must still be there for each of the two?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * d_k
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * d_k
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_NOT_CAPPED(kind, i, d_k, d_v, window):
    """Your window is full from the first token on. At position 3 with a window of 8, how many tokens can it hold?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        return 2 * window * (d_k + d_v), window * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def LINEAR_GROWS(kind, i, d_k, d_v, window):
    """Both your cost and your state of linear attention grow with i. Draw mu after two tokens and after three: has
    it more rows or columns then?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * i * d_k * d_v, i * (d_k * d_v + d_k)
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def QUADRATIC_RECURRENCE(kind, i, d_k, d_v, window):
    """Your linear attention goes through all i tokens again for each new one. Which arrays does its step read: the old
    tokens, or mu, nu and the new token?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * i * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def STATE_GROWS(kind, i, d_k, d_v, window):
    """Your linear attention keeps something for each of the i tokens. Each outer product is added to mu: what is left
    of it as a thing of its own?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, i * (d_k * d_v + d_k)
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def KEEPS_MAPPED_KEYS(kind, i, d_k, d_v, window):
    """Your linear attention keeps the keys and values of all tokens, as a cache does. Its step needs only their sums:
    what are the shapes of mu and nu?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, i * (d_k + d_v)
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def NORMALISER_FORGOTTEN(kind, i, d_k, d_v, window):
    """nu is missing from the state of linear attention: without it the next token could not be
    normalised. How many numbers has it?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def NU_OF_VALUES(kind, i, d_k, d_v, window):
    """Your nu has the size of a value. It is the sum of the mapped keys, and the query is multiplied with
    it: which size must it have?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_v
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def MATRIX_AS_VECTOR(kind, i, d_k, d_v, window):
    """You counted mu as if it were a key and a value side by side. It is a sum of outer products: write one out for a
    key of 3 numbers and a value of 2."""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * (d_k + d_v), d_k + d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WHOLE_TEXT(kind, i, d_k, d_v, window):
    """These are costs of the whole text up to position i, in every kind. One generated token is asked for: the work for
    the tokens before it is done already."""
    if kind == "softmax":
        return 2 * i * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * i * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * i * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * i * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def ALL_PAIRS(kind, i, d_k, d_v, window):
    """Your softmax attention compares all pairs of tokens. Only the new token asks here: how many queries are there,
    and how many keys does each meet?"""
    if kind == "softmax":
        return 2 * i * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def COUNT_NOT_STATE(kind, i, d_k, d_v, window):
    """The average is kept, but not how many rows it stands for. With the average alone, could
    you average in the next row?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v
    raise ValueError(kind)


@costs.wrong
def AVERAGE_OF_VALUES_ONLY(kind, i, d_k, d_v, window):
    """You averaged the values alone. In this task's rule the row that is averaged is the key and the value
    side by side: how long is it?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * d_v, d_v + 1
    raise ValueError(kind)


@costs.wrong
def DIVISION_NOT_COUNTED(kind, i, d_k, d_v, window):
    """In the average you counted two operations per number. Read mean + (x - mean) / n
    once more and count the signs."""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 2 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_IGNORED(kind, i, d_k, d_v, window):
    """Your window drops nothing: it costs as much as full attention. What happens to the oldest
    token when the window is full?"""
    if kind in ("softmax", "window"):
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_LIMITS_CACHE_ONLY(kind, i, d_k, d_v, window):
    """Your window limits what is kept, but the new token still meets all i keys. Can it meet a key that was dropped?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        return 2 * i * (d_k + d_v), min(i, window) * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_FOR_ALL(kind, i, d_k, d_v, window):
    """Your softmax attention has the window too. Full attention drops nothing, however long the text: for it
    `window` is without effect."""
    if kind in ("softmax", "window"):
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def MULTIPLY_ADD_ONCE(kind, i, d_k, d_v, window):
    """Your operations of attention are half of what is asked for: you counted multiply-adds. By this task's rule
    each of them is two operations."""
    if kind == "softmax":
        return i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 2 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def READ_NOT_COUNTED(kind, i, d_k, d_v, window):
    """Of linear attention you counted one pass over mu. A step has two: the new pair is
    written, and the query reads."""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 2 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def SCORES_ONLY(kind, i, d_k, d_v, window):
    """You counted the scores, query times keys, and stopped there. The weights must still be used:
    on what, and of which size?"""
    if kind == "softmax":
        return 2 * i * d_k, i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * d_k, seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def EQUAL_SIZES(kind, i, d_k, d_v, window):
    """You took values to be of the keys' size d_k. They have a size of their own: go through every place where a
    value is kept or multiplied."""
    if kind == "softmax":
        return 4 * i * d_k, 2 * i * d_k
    if kind == "window":
        seen = min(i, window)
        return 4 * seen * d_k, 2 * seen * d_k
    if kind == "linear":
        return 4 * d_k * d_k, d_k * d_k + d_k
    if kind == "average":
        return 6 * d_k, 2 * d_k + 1
    raise ValueError(kind)


@costs.wrong
def OFF_BY_ONE(kind, i, d_k, d_v, window):
    """You counted one token too many: i counts from 1 here, so at i = 1 there is one token, the new one itself."""
    if kind == "softmax":
        return 2 * (i + 1) * (d_k + d_v), (i + 1) * (d_k + d_v)
    if kind == "window":
        seen = min(i + 1, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def EXCLUDES_CURRENT(kind, i, d_k, d_v, window):
    """You counted one token too few: the token at position i attends to itself as well, so its
    key and value belong to it."""
    if kind == "softmax":
        return 2 * (i - 1) * (d_k + d_v), (i - 1) * (d_k + d_v)
    if kind == "window":
        seen = min(i - 1, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def RESULTS_SWAPPED(kind, i, d_k, d_v, window):
    """Right numbers, but exchanged: first the operations, then the numbers kept."""
    if kind == "softmax":
        return i * (d_k + d_v), 2 * i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return seen * (d_k + d_v), 2 * seen * (d_k + d_v)
    if kind == "linear":
        return d_k * d_v + d_k, 4 * d_k * d_v
    if kind == "average":
        return d_k + d_v + 1, 3 * (d_k + d_v)
    raise ValueError(kind)


@costs.wrong
def BYTES_FOR_NUMBERS(kind, i, d_k, d_v, window):
    """What you keep comes out twice too large: these are bytes at two per number. Return how many numbers are kept."""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), 2 * i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), 2 * seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, 2 * (d_k * d_v + d_k)
    if kind == "average":
        return 3 * (d_k + d_v), 2 * (d_k + d_v + 1)
    raise ValueError(kind)


@costs.wrong
def UNKNOWN_KIND_ACCEPTED(kind, i, d_k, d_v, window):
    """An unknown kind got the cost of an average: it fell into your last branch. Raise ValueError for it, since a
    typing slip in a name must not pass as a result."""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    return 3 * (d_k + d_v), d_k + d_v + 1


@costs.wrong
def UNKNOWN_KIND_IS_NONE(kind, i, d_k, d_v, window):
    """For an unknown kind no branch was taken, and None came back in silence. What should
    stand after your last branch?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    return None


@costs.wrong
def KEY_ERROR_FOR_UNKNOWN_KIND(kind, i, d_k, d_v, window):
    """An unknown kind raises KeyError, the dictionary's own error. The contract names ValueError: whoever calls you
    will catch that and doesn't know of your dictionary."""
    seen = min(i, window)
    return {
        "softmax": (2 * i * (d_k + d_v), i * (d_k + d_v)),
        "window": (2 * seen * (d_k + d_v), seen * (d_k + d_v)),
        "linear": (4 * d_k * d_v, d_k * d_v + d_k),
        "average": (3 * (d_k + d_v), d_k + d_v + 1),
    }[kind]


@costs.wrong
def PART_OF_A_NAME(kind, i, d_k, d_v, window):
    """A piece of a name was taken for a kind: `in` on a text asks whether it contains the piece. Compare with ==,
    or look in a list of names."""
    if kind in "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind in "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind in "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind in "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def NU_READ_COUNTED(kind, i, d_k, d_v, window):
    """Your operations of linear attention are too many by 2 d_k, as for reading nu. The rule of section 2 leaves the
    work for nu out of the operations, though nu is among what is kept."""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v + 2 * d_k, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def NU_COUNTED(kind, i, d_k, d_v, window):
    """Your operations of linear attention are too many by 3 d_k, as for writing and reading nu. The rule of section 2
    leaves the work for nu out of the operations, though nu is among what is kept."""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v + 3 * d_k, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def NU_LIKE_MU(kind, i, d_k, d_v, window):
    """Your operations of linear attention are too many by 4 d_k: nu is treated like a column of mu. The rule of section
    2 leaves the work for nu out of the operations, though nu is among what is kept."""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * (d_k * d_v + d_k), d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def AVERAGE_RECOMPUTED(kind, i, d_k, d_v, window):
    """Your average goes through all i rows again. The old mean is kept: how many rows does one step from it read?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * i * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_PLUS_ONE(kind, i, d_k, d_v, window):
    """Your window holds the new token on top of its w tokens. The new one is among them: with w
    = 1, which tokens are there?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window + 1)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.right
def dictionary_of_kinds(kind, i, d_k, d_v, window):
    row, seen = d_k + d_v, min(i, window)
    table = {
        "softmax": (2 * i * row, i * row),
        "window": (2 * seen * row, seen * row),
        "linear": (4 * d_k * d_v, d_k * (d_v + 1)),
        "average": (3 * row, row + 1),
    }
    try:
        return table[kind]
    except KeyError:
        raise ValueError(f"unknown kind {kind!r}") from None


@costs.right
def match_with_lists(kind, i, d_k, d_v, window):
    match kind:
        case "softmax" | "window":
            rows = i if kind == "softmax" else min(i, window)
            return [2 * rows * (d_k + d_v), rows * (d_k + d_v)]
        case "linear":
            return [2 * 2 * d_k * d_v, d_k * d_v + d_k]
        case "average":
            return [3 * (d_k + d_v), d_k + d_v + 1]
        case _:
            raise ValueError("no such kind")


@costs.right
def operations_from_what_is_kept(kind, i, d_k, d_v, window):
    if kind not in ["softmax", "window", "linear", "average"]:
        raise ValueError(kind + " is not a kind of layer")
    kept = {
        "softmax": i * d_k + i * d_v,
        "window": sum(d_k + d_v for _ in range(i)[-window:]),
        "linear": d_k * d_v + d_k,
        "average": d_k + d_v + 1,
    }[kind]
    if kind == "linear":
        return np.array([4 * (kept - d_k), kept])
    if kind == "average":
        return np.array([3 * (kept - 1), kept])
    return np.array([2.0 * kept, kept])


@costs.right
def sizes_of_real_arrays(kind, i, d_k, d_v, window):
    if kind == "softmax":
        window = i
    if kind in {"softmax", "window"}:
        positions = np.arange(i)[-window:]
        return 2 * positions.size * d_k + 2 * positions.size * d_v, positions.size * (d_k + d_v)
    if kind == "linear":
        mu, nu = np.zeros((d_k, d_v)), np.zeros(d_k)
        return 2 * (mu.size + mu.size), mu.size + nu.size
    if kind == "average":
        mean = np.concatenate([np.zeros(d_k), np.zeros(d_v)])
        return 3 * mean.size, mean.size + 1
    raise ValueError


@costs.right
def function_for_the_tokens_met(kind, i, d_k, d_v, window):
    def met(tokens):
        return 2 * tokens * d_k + 2 * tokens * d_v, tokens * d_k + tokens * d_v

    if kind == "softmax":
        return met(i)
    if kind == "window":
        return met(i if i < window else window)
    if kind == "linear":
        operations = sum(2 for _ in ("write", "read")) * d_k * d_v
        return operations, (d_v + 1) * d_k
    if kind == "average":
        return 3.0 * d_k + 3.0 * d_v, 1.0 + d_k + d_v
    raise ValueError({"unknown": kind})
