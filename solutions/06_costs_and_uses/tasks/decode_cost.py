import numpy as np

from autograder.authoring import Part, TaskSheet, case

costs = TaskSheet(
    "decode_cost",
    points=8,
    hidden="other sizes, d_k larger and smaller than d_v, sizes of 1, the first position, positions below, at and "
    "above the window for all four kinds, position 131,072, and other unknown kinds",
    cases=[
        case("softmax at position 10", "softmax", 10, 3, 2, 4, public=True, part="softmax"),
        case("window of 11 at position 23", "window", 23, 7, 5, 11, public=True, part="window"),
        case("linear at position 23", "linear", 23, 7, 5, 11, public=True, part="linear"),
        case("average at position 23", "average", 23, 7, 5, 11, public=True, part="average"),
        case("softmax at position 31", "softmax", 31, 5, 13, 17, public=True, part="softmax"),
        case("window of 17 at position 31", "window", 31, 5, 13, 17, public=True, part="window"),
        case("linear at position 31", "linear", 31, 5, 13, 17, public=True, part="linear"),
        case("average at position 31", "average", 31, 5, 13, 17, public=True, part="average"),
        case("window of 19, still filling", "window", 6, 7, 5, 19, public=True, part="filling window"),
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
        case("average with keys of size 1", "average", 20, 1, 9, 1, part="average"),
        case("softmax at the first position", "softmax", 1, 4, 6, 8, part="softmax"),
        case("window at the first position", "window", 1, 4, 6, 8, part="filling window"),
        case("linear at the first position", "linear", 1, 4, 6, 8, part="linear"),
        case("average at the first position", "average", 1, 4, 6, 8, part="average"),
        case("softmax below the window", "softmax", 5, 11, 6, 9, part="softmax"),
        case("window, still filling", "window", 5, 11, 6, 9, public=True, part="filling window"),
        case("window, one token short", "window", 8, 11, 6, 9, public=True, part="filling window"),
        case("window, just full", "window", 9, 11, 6, 9, part="filling window"),
        case("window, first token dropped", "window", 10, 11, 6, 9, part="window"),
        case("window of 700, still filling", "window", 200, 6, 2, 700, part="filling window"),
        case("window of 3, full early", "window", 7, 6, 2, 3, part="window"),
        case("an unknown kind", "convolution", 10, 3, 2, 4, public=True, part="unknown kinds"),
        case("another unknown kind", "hash table", 1, 4, 6, 8, part="unknown kinds"),
        case("a piece of a name", "win", 10, 3, 2, 4, part="unknown kinds"),
        case("no name", "", 10, 3, 2, 4, part="unknown kinds"),
        case("a name in capitals", "SOFTMAX", 10, 3, 2, 4, part="unknown kinds"),
    ],
    parts=[
        Part(
            "softmax",
            1.5,
            "Softmax isn't right yet. Write down for i = 3 which numbers are kept, and which multiply-adds the newest "
            "token makes with them.",
            own_kind=True,
        ),
        Part(
            "window",
            1.5,
            "A window that is full isn't right yet. Write down for i = 5 and window = 3 which numbers are kept, and "
            "which multiply-adds the newest token makes with them.",
            own_kind=True,
        ),
        Part(
            "linear",
            1.5,
            "Linear attention isn't right yet. Which shapes have mu and nu, how many numbers are these, and how often "
            "does a step go through mu?",
            own_kind=True,
        ),
        Part(
            "average",
            1.5,
            "The average isn't right yet. How long is the row that is averaged, what is kept beside it, and which "
            "operations does a step make for each number?",
            own_kind=True,
        ),
        Part(
            "filling window",
            1,
            "A window that is still filling, or just full, isn't right yet. Write down for i = 2 and window = 3 which "
            "numbers are kept, and which multiply-adds the newest token makes with them.",
            own_kind=True,
        ),
        Part(
            "unknown kinds",
            1,
            "Unknown kinds aren't right yet: for each of them ValueError must be raised, and no other exception, "
            "since that is the one that a caller will catch.",
            own_kind=True,
        ),
    ],
)


@costs.wrong
def KEYS_ONLY(kind, i, d_k, d_v, window):
    """Of attention you count d_k numbers kept for each token, so the keys alone. A look-up compares the query with the
    keys, then adds up the values: what must still be there for each of the two?"""
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
def VALUES_ONLY(kind, i, d_k, d_v, window):
    """Of attention you count d_v numbers kept for each token, so the values alone. A look-up first compares the query
    with the keys: must they still be there?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * d_v
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * d_v
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def TOKENS_FOR_NUMBERS(kind, i, d_k, d_v, window):
    """Of attention you count how many tokens are kept, not how many numbers. A token has a key and a value: how many
    numbers are these together?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def OWN_PAIR_NOT_KEPT(kind, i, d_k, d_v, window):
    """The operations are right, but of attention one token too few is kept. After this token its own key and value are
    needed as well: what does the next one meet?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), (i - 1) * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), (seen - 1) * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def SIZES_MULTIPLIED(kind, i, d_k, d_v, window):
    """Of attention you multiplied d_k by d_v for each token. A key and a value lie side by side there: how many numbers
    are these together, for d_k = 3 and d_v = 2?"""
    if kind == "softmax":
        return 2 * i * d_k * d_v, i * d_k * d_v
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * d_k * d_v, seen * d_k * d_v
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def SIZES_MULTIPLIED_AS_WORK(kind, i, d_k, d_v, window):
    """What is kept is right, but for the operations of attention you multiplied d_k by d_v for each token. The query
    meets a key, and a value goes into the sum: how many multiply-adds are these together?"""
    if kind == "softmax":
        return 2 * i * d_k * d_v, i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * d_k * d_v, seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WHOLE_TEXT(kind, i, d_k, d_v, window):
    """Your operations are i times too many, in every kind, as for all tokens up to position i. One generated token is
    asked for: what work is done already?"""
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
def WHOLE_TEXT_ADDED_UP(kind, i, d_k, d_v, window):
    """Your operations are those of all tokens from 1 to i, added up. One generated token is asked for: which of these
    costs is the last one's?"""
    if kind == "softmax":
        return i * (i + 1) * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * sum(min(j, window) for j in range(1, i + 1)) * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * i * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * i * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def MULTIPLY_ADD_ONCE(kind, i, d_k, d_v, window):
    """Your operations of softmax, of the window and of linear attention are half of what is asked for. By this task's
    rule a multiply-add is more than one operation: which two are in it?"""
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
def MULTIPLY_ADD_ONCE_IN_ATTENTION(kind, i, d_k, d_v, window):
    """Your operations of softmax and window are half of what is asked for. By this task's rule a multiply-add is more
    than one operation: which two are in it?"""
    if kind == "softmax":
        return i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def FOUR_FOR_TWO(kind, i, d_k, d_v, window):
    """Your operations of softmax and window are twice what is asked for. Each number of a key or of a value goes into
    one multiply-add: how many operations is that?"""
    if kind == "softmax":
        return 4 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 4 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def SCORES_ONLY(kind, i, d_k, d_v, window):
    """Of attention you counted 2 d_k operations for each token: the scores, query times keys. The weights must still be
    used: on what, and of which size?"""
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
def SUMS_ONLY(kind, i, d_k, d_v, window):
    """Of attention you counted 2 d_v operations for each token: the sum over the values. Their weights must be made
    first: from what, and of which size?"""
    if kind == "softmax":
        return 2 * i * d_v, i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * d_v, seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def ONE_ADDITION_LESS(kind, i, d_k, d_v, window):
    """You counted one addition less than multiplications in each sum, in attention and in linear attention. The rule of
    section 2 counts multiply-adds, each of two operations: how many has a dot product of size d?"""
    if kind == "softmax":
        return i * (2 * d_k - 1) + d_v * (2 * i - 1), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return seen * (2 * d_k - 1) + d_v * (2 * seen - 1), seen * (d_k + d_v)
    if kind == "linear":
        return 2 * d_k * d_v + d_v * (2 * d_k - 1), d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WEIGHTS_COUNTED(kind, i, d_k, d_v, window):
    """Your operations of attention are too many by 2 for each token, as for an exponential and a division. The rule of
    section 2 leaves these out: which operations does it count?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v) + 2 * i, i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v) + 2 * seen, seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def EXPONENTIALS_COUNTED(kind, i, d_k, d_v, window):
    """Your operations of attention are too many by 1 for each token, as for an exponential. The rule of section 2
    leaves the making of the weights out: which operations does it count?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v) + i, i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v) + seen, seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def EQUAL_SIZES(kind, i, d_k, d_v, window):
    """You took values to be of the keys' size d_k. They have a size of their own: go through every place where a value
    is kept or multiplied. Which ones are they?"""
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
    """You counted one token too many: i counts from 1 here. At i = 1, how many tokens are there, the new one
    included?"""
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
def OFF_BY_ONE_IN_SOFTMAX(kind, i, d_k, d_v, window):
    """In softmax attention you counted one token too many: i counts from 1 here. At i = 1, how many tokens are there,
    the new one included?"""
    if kind == "softmax":
        return 2 * (i + 1) * (d_k + d_v), (i + 1) * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def EXCLUDES_CURRENT(kind, i, d_k, d_v, window):
    """You counted one token too few. The token at position i attends to itself as well: at i = 1, how many keys are
    there?"""
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
def EXCLUDES_CURRENT_IN_SOFTMAX(kind, i, d_k, d_v, window):
    """In softmax attention you counted one token too few. The token at position i attends to itself as well: at i = 1,
    how many keys are there?"""
    if kind == "softmax":
        return 2 * (i - 1) * (d_k + d_v), (i - 1) * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def RESULTS_SWAPPED(kind, i, d_k, d_v, window):
    """Right numbers, but exchanged. Operations come first, then the numbers kept: in which order does your `return`
    name them?"""
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
    """What you keep comes out twice too large in every kind, as bytes at two per number. How many numbers are kept is
    asked for: what does your factor 2 stand for?"""
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
def ALL_PAIRS(kind, i, d_k, d_v, window):
    """Your softmax attention has i times too many operations, as if all pairs of tokens were compared. Only the new
    token asks here: how many queries are there, and how many keys does each meet?"""
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
def KEYS_ONLY_IN_SOFTMAX(kind, i, d_k, d_v, window):
    """Of softmax attention you count d_k numbers kept for each token, so the keys alone. A look-up compares the query
    with the keys, then adds up the values: what must still be there for each of the two?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * d_k
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def SOFTMAX_KEEPS_ONE(kind, i, d_k, d_v, window):
    """Of softmax attention you count one key and one value as kept. Later tokens will ask for all of them: how many are
    there at position i?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), d_k + d_v
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_FOR_ALL(kind, i, d_k, d_v, window):
    """Your softmax attention has the window too. Full attention drops nothing, however long the text: on what does
    `window` have an effect?"""
    if kind in ("softmax", "window"):
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_NOT_CAPPED(kind, i, d_k, d_v, window):
    """Your window is full from the first token on. At position 3 with a window of 8, how many tokens are there?"""
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
def WINDOW_KEPT_FULL_AT_ONCE(kind, i, d_k, d_v, window):
    """The operations are right, but what is kept is a full window from the first token on. At position 3 with a window
    of 8, how many tokens are there?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), window * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_MET_FULL_AT_ONCE(kind, i, d_k, d_v, window):
    """What is kept is right, but the new token meets a full window from the first token on. At position 3 with a window
    of 8, how many keys are there?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * window * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def LARGER_FOR_SMALLER(kind, i, d_k, d_v, window):
    """Your window holds the larger of i and `window`, so it drops nothing once it is full. At position 3 with a window
    of 8, and at 8 with a window of 3: how many tokens are there?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = max(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_IGNORED(kind, i, d_k, d_v, window):
    """Your window drops nothing: it costs as much as full attention. What happens to the oldest token when the window
    is full?"""
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
        seen = min(i, window)
        return 2 * i * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_LIMITS_WORK_ONLY(kind, i, d_k, d_v, window):
    """Your window limits the operations, but all i keys and values are kept. What happens to the oldest token when the
    window is full?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), i * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_PLUS_ONE(kind, i, d_k, d_v, window):
    """Your window holds the new token on top of its w tokens. The new one is among them: with w = 1, which tokens are
    there?"""
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


@costs.wrong
def WINDOW_PLUS_ONE_MET(kind, i, d_k, d_v, window):
    """What is kept is right, but the new token meets one too many when the window is full. It is among the w tokens
    itself: with w = 1, which keys are there?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * min(i, window + 1) * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_LESS_ONE(kind, i, d_k, d_v, window):
    """Your window holds one token too few when it is full: w - 1. With w = 1, which tokens are there?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window - 1)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def WINDOW_STARTS_AGAIN(kind, i, d_k, d_v, window):
    """Your window becomes empty each time it is full, as i % window does. It drops only the oldest token: how many does
    it hold at position 10, with w = 5?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = i % window
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def KEYS_ONLY_IN_WINDOW(kind, i, d_k, d_v, window):
    """Of the window you count d_k numbers kept for each token, so the keys alone. A look-up compares the query with the
    keys, then adds up the values: what must still be there for each of the two?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * d_k
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def LINEAR_GROWS(kind, i, d_k, d_v, window):
    """Both your cost and your state of linear attention grow with i. Draw mu after two tokens and after three: has it
    more rows or columns then?"""
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
    """Your operations of linear attention grow with i, as if it went through all i tokens again for each new one. Which
    arrays does its step read?"""
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
    """nu is missing from the state of linear attention: without it the next token could not be normalised. How many
    numbers has it?"""
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
    """Your nu has the size of a value. It is the sum of the mapped keys, and the query is multiplied with it: which
    size must it have?"""
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
def NU_OF_BOTH(kind, i, d_k, d_v, window):
    """What linear attention keeps is too much by d_v, or your nu has d_k + d_v numbers. It is the sum of the mapped
    keys: which size has it?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k + d_v
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def NU_IS_ONE_NUMBER(kind, i, d_k, d_v, window):
    """Your nu is one number. It is the sum of the mapped keys, from which every query makes another sum of weights:
    which size has it?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + 1
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def COUNT_IN_LINEAR(kind, i, d_k, d_v, window):
    """Linear attention keeps one number too many, as for a count. It divides by q nu: does it need to know how many
    tokens there were?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k + 1
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def SQUARE_MU(kind, i, d_k, d_v, window):
    """Your mu is square, d_k by d_k. It is a sum of outer products of a key and a value: write one out for a key of 3
    numbers and a value of 2. Which shape has it?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_k, d_k * d_k + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def MATRIX_AS_VECTOR(kind, i, d_k, d_v, window):
    """You counted mu as if it were a key and a value side by side. It is a sum of outer products: write one out for a
    key of 3 numbers and a value of 2. How many numbers has it?"""
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
def READ_NOT_COUNTED(kind, i, d_k, d_v, window):
    """Your operations of linear attention are half of what is asked for: 2 d_k d_v. Each number of mu is changed by one
    multiply-add when the pair is written, and used by one when q reads: how many operations are these?"""
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
def READ_AS_A_ROW(kind, i, d_k, d_v, window):
    """Writing mu is right, but reading it has only as many operations as a value has numbers, or twice as many. q mu
    uses every number of mu once: how many multiply-adds is that?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 2 * d_k * d_v + 2 * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def READ_AS_A_KEY(kind, i, d_k, d_v, window):
    """Writing mu is right, but reading it has only 2 d_k operations, as a product with one column. q mu uses every
    number of mu once: how many multiply-adds is that?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 2 * d_k * d_v + 2 * d_k, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def ONE_OPERATION_LESS_IN_LINEAR(kind, i, d_k, d_v, window):
    """Of linear attention you counted 3 d_k d_v operations, so in writing or in reading one operation for each number
    of mu. Each is a multiply-add: how many operations is that?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 3 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def NU_READ_COUNTED(kind, i, d_k, d_v, window):
    """Your operations of linear attention are too many by 2 d_k, as for reading nu. The rule of section 2 leaves the
    work for nu out of the operations: where is nu counted?"""
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
def NU_WRITTEN_COUNTED(kind, i, d_k, d_v, window):
    """Your operations of linear attention are too many by d_k, as for writing nu. The rule of section 2 leaves the work
    for nu out of the operations: where is nu counted?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v + d_k, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def NU_COUNTED(kind, i, d_k, d_v, window):
    """Your operations of linear attention are too many by 3 d_k, as for writing and reading nu. The rule of section 2
    leaves the work for nu out of the operations: where is nu counted?"""
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
def NU_AND_DIVISION_COUNTED(kind, i, d_k, d_v, window):
    """Your operations of linear attention are too many by 3 d_k + d_v, as for nu and the division. The rule of section
    2 leaves the work for nu out of the operations: where is nu counted?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v + 3 * d_k + d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def NU_LIKE_MU(kind, i, d_k, d_v, window):
    """Your operations of linear attention are too many by 4 d_k, as for one more column of mu. The rule of section 2
    leaves the work for nu out of the operations: where is nu counted?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v + 4 * d_k, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def COUNT_NOT_STATE(kind, i, d_k, d_v, window):
    """The average is kept, but not how many rows it stands for. With the average alone, could you average in the next
    row?"""
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
    """You averaged the values alone. In this task's rule the row that is averaged is the key and the value side by
    side: how long is it?"""
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
def AVERAGE_OF_KEYS_ONLY(kind, i, d_k, d_v, window):
    """You averaged the keys alone. In this task's rule the row that is averaged is the key and the value side by side:
    how long is it?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * d_k, d_k + 1
    raise ValueError(kind)


@costs.wrong
def AVERAGE_OF_A_MATRIX(kind, i, d_k, d_v, window):
    """Your average has d_k times d_v numbers. In this task's rule the row that is averaged is the key and the value
    side by side: how long is it?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * d_k * d_v, d_k * d_v + 1
    raise ValueError(kind)


@costs.wrong
def DIVISION_NOT_COUNTED(kind, i, d_k, d_v, window):
    """In the average you counted two operations per number. Read mean + (x - mean) / n once more: how many signs are
    there?"""
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
def FOUR_SIGNS(kind, i, d_k, d_v, window):
    """In the average you counted four operations per number. Read mean + (x - mean) / n once more: how many signs are
    there?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 4 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def ONE_SIGN(kind, i, d_k, d_v, window):
    """In the average you counted one operation per number. Read mean + (x - mean) / n once more: how many signs are
    there?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return d_k + d_v, d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def COUNTING_COUNTED(kind, i, d_k, d_v, window):
    """In the average you counted one operation more, as for the count itself. The rule of section 2 counts three per
    number of the row: which ones?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v) + 1, d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def AVERAGE_BRACKETS(kind, i, d_k, d_v, window):
    """In the average the factor 3 reaches d_k only, as without brackets: 3 d_k + d_v. Which numbers does the row
    consist of?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * d_k + d_v, d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def AVERAGE_RECOMPUTED(kind, i, d_k, d_v, window):
    """Your operations of the average grow with i, as if it went through all i rows again. The old mean is kept: how
    many rows does one step from it read?"""
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
def AVERAGE_KEEPS_ROWS(kind, i, d_k, d_v, window):
    """Your average keeps something for each of the i rows. The old mean is kept, and the count: how many numbers are
    these?"""
    if kind == "softmax":
        return 2 * i * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), i * (d_k + d_v)
    raise ValueError(kind)


@costs.wrong
def UNKNOWN_KIND_ACCEPTED(kind, i, d_k, d_v, window):
    """An unknown kind got the cost of an average. It must raise ValueError, since a typing slip in a name must not pass
    as a result: which of your conditions lets it in?"""
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
    """For an unknown kind None came back, and nothing was raised: whoever called you would go on with it. What should
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
def ALWAYS_TRUE_CONDITION(kind, i, d_k, d_v, window):
    """Every kind, an unknown one too, got the cost of attention, as with `if kind == "softmax" or "window"`, which is
    always true. Each side of `or` needs a comparison of its own: what does the second one compare?"""
    tokens = i if kind == "softmax" else min(i, window)
    return 2 * tokens * (d_k + d_v), tokens * (d_k + d_v)


@costs.wrong
def ALWAYS_SOFTMAX(kind, i, d_k, d_v, window):
    """Every kind, an unknown one too, got the cost of softmax attention. Look at your first condition: for which kinds
    is it true?"""
    return 2 * i * (d_k + d_v), i * (d_k + d_v)


@costs.wrong
def SOFTMAX_ADDED_UP(kind, i, d_k, d_v, window):
    """Your operations of softmax are those of all tokens from 1 to i, added up. One generated token is asked for:
    which of these costs is the last one's?"""
    if kind == "softmax":
        return i * (i + 1) * (d_k + d_v), i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def EQUAL_SIZES_IN_SOFTMAX(kind, i, d_k, d_v, window):
    """For the operations of softmax you took values to be of the keys' size d_k. They have a size of their own: in
    which product do they come in?"""
    if kind == "softmax":
        return 4 * i * d_k, i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
        return 2 * seen * (d_k + d_v), seen * (d_k + d_v)
    if kind == "linear":
        return 4 * d_k * d_v, d_k * d_v + d_k
    if kind == "average":
        return 3 * (d_k + d_v), d_k + d_v + 1
    raise ValueError(kind)


@costs.wrong
def SCORES_ONLY_IN_SOFTMAX(kind, i, d_k, d_v, window):
    """For softmax you counted 2 d_k operations for each token: the scores, query times keys. The weights must still be
    used: on what, and of which size?"""
    if kind == "softmax":
        return 2 * i * d_k, i * (d_k + d_v)
    if kind == "window":
        seen = min(i, window)
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
