"""The code of one student who goes her own ways, and what somebody makes of it who hands it in as his own."""

from __future__ import annotations

import ast

from tests.planted.handwriting import renamed

OWN_CODE = {
    "cumulative_average_examples": """\
def cumulative_average_examples():
    stairs = [[float(level), float(level * level)] for level in range(1, 6)]
    expected = []
    for stop in range(1, len(stairs) + 1):
        left = sum(pair[0] for pair in stairs[:stop]) / stop
        right = sum(pair[1] for pair in stairs[:stop]) / stop
        expected.append([left, right])
    swing = [[7, -3], [0, 8], [5, 1], [-4, 2]]
    return [(stairs, expected), (swing, [[7, -3], [3.5, 2.5], [4, 2], [2, 2]])]
""",
    "cumulative_average": """\
def split_sum(rows, low, high):
    if high - low == 1:
        return rows[low] * 1.0
    middle = (low + high) // 2
    return split_sum(rows, low, middle) + split_sum(rows, middle, high)


def pour(level, rows, start):
    for offset, row in enumerate(rows):
        level = level + (row - level) / (start + offset + 1)
        yield level


def cumulative_average(x):
    head = min(len(x), 16)
    begin = [split_sum(x, 0, stop) / stop for stop in range(1, head + 1)]
    finish = list(pour(begin[-1], x[head:], head))
    return np.stack(begin + finish)
""",
    "cumavg_update": """\
def share_of_newest(position):
    return 1.0 / (position + 1.0)


def cumavg_update(mem, x, i):
    if i == 0:
        return np.multiply(x, 1.0)
    weight = share_of_newest(i)
    pulled = np.subtract(x, mem) * weight
    return np.add(mem, pulled)
""",
    "RunningMean": """\
class RunningMean:
    def __init__(self):
        self._ledger = {"seen": 0, "level": None}

    @property
    def mean(self):
        level = self._ledger["level"]
        return level if level is None else level.copy()

    def update(self, x):
        seen = self._ledger["seen"] + 1
        old = self._ledger["level"] if seen > 1 else np.zeros(np.shape(x))
        pull = (np.asarray(x, dtype=float) - old) / seen
        self._ledger = {"seen": seen, "level": old + pull}
        return self.mean

    def merge(self, other):
        joined = RunningMean()
        ledgers = [book for book in (self._ledger, other._ledger) if book["seen"]]
        whole = sum(book["seen"] for book in ledgers)
        if whole:
            parts = [book["level"] * (book["seen"] / whole) for book in ledgers]
            joined._ledger = {"seen": whole, "level": sum(parts[1:], parts[0])}
        return joined
""",
    "phi": """\
def ramp(entries):
    return np.clip(entries, 0.0, None)


def tail_of(entries):
    return np.exp(np.clip(entries, None, 0.0))


def phi(x):
    flat = np.ravel(np.asarray(x, dtype=float))
    lifted = ramp(flat) + tail_of(flat)
    return lifted.reshape(np.shape(x))
""",
    "linear_attention": """\
def affinities(row, features):
    return [float(np.dot(row, feature)) for feature in features]


def blend(strengths, vectors):
    total = sum(strengths)
    mixed = np.zeros(vectors.shape[1])
    for strength, vector in zip(strengths, vectors):
        mixed = mixed + vector * (strength / total)
    return mixed


def linear_attention(Q, K, V):
    asked, offered = phi(Q), phi(K)
    answers = np.empty((len(Q), V.shape[1]))
    for place, row in enumerate(asked):
        reach = place + 1
        answers[place] = blend(affinities(row, offered[:reach]), V[:reach])
    return answers
""",
    "linear_attention_step": """\
def pile(store, key_features, value):
    rows = [store[index] + feature * value for index, feature in enumerate(key_features)]
    return np.array(rows)


def linear_attention_step(mu, nu, q, k, v):
    key_features, query_features = phi(k), phi(q)
    weights = np.add(nu, key_features)
    store = pile(mu, key_features, v)
    divisor = float(np.sum(query_features * weights))
    reading = np.einsum("a,ab->b", query_features, store)
    return store, weights, reading / divisor
""",
    "linear_attention_chunked": """\
def borders(length, chunk):
    edges = [0]
    while edges[-1] < length:
        edges.append(min(edges[-1] + chunk, length))
    return list(zip(edges[:-1], edges[1:]))


def local_part(queries, keys, values):
    scores = np.einsum("ia,ja->ij", queries, keys)
    allowed = np.arange(len(keys))[None, :] <= np.arange(len(queries))[:, None]
    return np.where(allowed, scores, 0.0) @ values


def linear_attention_chunked(Q, K, V, chunk):
    carried = np.zeros((K.shape[1], V.shape[1]))
    answers = np.zeros((len(Q), V.shape[1]))
    for low, high in borders(len(Q), chunk):
        fresh = local_part(Q[low:high], K[low:high], V[low:high])
        answers[low:high] = fresh + np.einsum("ia,ab->ib", Q[low:high], carried)
        carried = carried + np.einsum("ja,jb->ab", K[low:high], V[low:high])
    return answers
""",
    "recall_accuracy": """\
def best_match(reading, stored):
    champion, record = -1, -np.inf
    for index, candidate in enumerate(stored):
        likeness = float(np.dot(reading, candidate))
        if likeness > record:
            champion, record = index, likeness
    return champion


def recall_accuracy(R, V):
    hits = [best_match(reading, V) == place for place, reading in enumerate(R)]
    return hits.count(True) / len(hits)
""",
    "expected_mse": """\
def crosstalk(pairs, size):
    return sum(1.0 / size for _ in range(pairs - 1))


def beyond_rank(pairs, size):
    return max(pairs - size, 0) / pairs


def expected_mse(kind, n, d):
    formulas = {
        "additive": lambda: crosstalk(n, d),
        "best_linear": lambda: beyond_rank(n, d),
        "average": lambda: beyond_rank(n, 1),
    }
    return float(formulas[kind]())
""",
}


def copied(source: str) -> str:
    """The program with every name changed that may be, its definitions and methods in the opposite order."""
    tree = ast.parse(source)
    number = iter(range(100))
    renamed(tree, lambda _taken: f"my{next(number)}")
    *before, last = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    initials = "".join(word[0] for word in last.split("_"))  # all cells of a notebook share their names
    helpers = {name: f"step_{initials}{place}" for place, name in enumerate(before)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = helpers.get(node.id, node.id)
        elif isinstance(node, ast.FunctionDef):
            node.name = helpers.get(node.name, node.name)
        elif isinstance(node, ast.ClassDef):
            node.body.reverse()
    tree.body.reverse()
    return f"# my own solution\n{ast.unparse(tree)}"
