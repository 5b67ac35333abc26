"""Attacks on how points are decided: right in public only, lies about what was seen, second chances, stand-ins."""

from tests.forgery.attack import AVERAGE, CHILD, MEAN, RIGHT, UPDATE, Attack, returning

PUBLIC = """
known = {(6, 2): [[2, 4], [3, 2], [2, 3], [3, 3], [2, 4], [2, 3]]}
def cumulative_average(x):
    return np.array(known.get(x.shape, x * 0), float)
"""
CHANGES = RIGHT.replace("return ", "mean = ") + "    x *= 0\n    return mean\n"
LIES = CHILD + "guest['fingerprint'] = lambda value: 0\n"
CHANGEABLE = """
class Turn:
    looks = 0
    def __iter__(self): return self
    def __next__(self):
        Turn.looks += 1
        if Turn.looks > 6: raise StopIteration
        return x * Turn.looks
"""
RUNNING = """
class RunningMean:
    def __init__(self): self.seen = []
    def update(self, x):
        {update}
        return self.mean
    @property
    def mean(self): return np.mean(self.seen, axis=0)
    def merge(self, other):
        both = RunningMean()
        both.seen = self.seen + other.seen
        return both
"""
MAPPED = """
import mmap
class RunningMean:
    def __init__(self): self.n, self.m, self.kept = 0, 0.0, mmap.mmap(-1, 1 << 24)
    def update(self, x):
        self.kept.write(x.tobytes())
        self.n += 1
        self.m = self.m + (x - self.m) / self.n
        return self.m + 0.0
    @property
    def mean(self): return self.m + 0.0
    def merge(self, other):
        both = RunningMean()
        both.n = self.n + other.n
        both.m = self.m + (other.m - self.m) * other.n / both.n
        return both
"""
RECURRENCE = "run_recurrence"
FIRST = "01_state_updates"
ATTENTION = "04_linear_attention"
PHI_STUB = "def phi(x):\n    raise NotImplementedError\n"

AT_VALUES = tuple(
    Attack("verdict", name, source)
    for name, source in {
        "right in the visible cases only": PUBLIC,
        "small enough to be lost in a tolerance": returning("x * 1e-10"),
        "off by more than rounding": RIGHT + "    # the last digits\n" + RIGHT.replace("return ", "return 1.0001 * "),
        "right on average": returning("np.repeat(x.mean(axis=0)[None], len(x), axis=0)"),
        "the argument": returning("x"),
        "a different value at each look": returning("Turn()", CHANGEABLE),
        "right the second time only": RIGHT.replace("def ", "def right_").replace("def right_", "def right_")
        + "asked = set()\ndef cumulative_average(x):\n    if x.shape in asked: return right_cumulative_average(x)\n"
        "    asked.add(x.shape)\n    return x * 0.0\n",
        "a broadcast that would fit": returning("np.zeros((1, 1))"),
        "one number for every shape": returning("0.0"),
        "all answers at once": returning("[x * k for k in range(9)]"),
        "an error of the expected kind": "def cumulative_average(x):\n    raise AssertionError\n",
        "not attempted in every case but one": "def cumulative_average(x):\n    if len(x) == 6: return x * 0\n    raise NotImplementedError\n",
    }.items()
)  # fmt: skip

LIARS = (
    # Only the guest could report a change: a submission that forges the report keeps that part's point. Known.
    Attack("known limits", "a changed argument, not reported", LIES + CHANGES, most=4.0),
    Attack("known limits", "a changed argument, put back", RIGHT.replace("    return", "    x += 1; x -= 1\n    return"), most=4.0),
    Attack("known limits", "memory kept in small change", RUNNING.format(update="self.seen.append(x[:2].copy())"), MEAN, most=4.0),
    Attack("known limits", "memory kept in a shared mapping", MAPPED, MEAN, most=4.0),
    # What is reported truthfully is lost.
    Attack("verdict", "a changed argument", CHANGES, most=3.5),
    Attack("verdict", "a memory that grows", RUNNING.format(update="self.seen.append(x.copy())"), MEAN, most=3.5),
    Attack("verdict", "a memory that grows by copies", RUNNING.format(update="self.seen.append(x.copy()); self.more = [s.copy() for s in self.seen]"),
           MEAN, most=3.5, long=True),
    Attack("verdict", "a class that returns one array of all steps",
           "class RunningMean:\n    def __init__(self): self.n, self.m = 0, None\n    def update(self, x):\n        self.n += 1\n"
           "        if self.m is None: self.m = x * 1.0\n        else: self.m += (x - self.m) / self.n\n        return self.m\n"
           "    @property\n    def mean(self): return self.m\n    def merge(self, other): return self\n", MEAN, most=2.5),
)  # fmt: skip

ON_CALLS = (
    Attack("verdict", "the calls of f never made", "def run_recurrence(f, h0, inputs):\n    return [0.5 * h0 for _ in inputs]\n",
           RECURRENCE, notebook=FIRST),
    Attack("verdict", "f called for nothing", "def run_recurrence(f, h0, inputs):\n    for x in inputs: f(h0, x)\n    return []\n",
           RECURRENCE, notebook=FIRST),
    Attack("verdict", "all inputs read at once",
           "def run_recurrence(f, h0, inputs):\n    states, h = [], h0\n    for x in list(inputs):\n        h = f(h, x)\n        states.append(h)\n    return states\n",
           RECURRENCE, most=4.5, notebook=FIRST),
    Attack("verdict", "f computed twice",
           "def run_recurrence(f, h0, inputs):\n    states, h = [], h0\n    for x in inputs:\n        f(h, x); h = f(h, x)\n        states.append(h)\n    return states\n",
           RECURRENCE, most=4.0, notebook=FIRST),
    *(
        Attack("functions of the host", name, f"def run_recurrence(f, h0, inputs):\n    try: return {call}\n    except Exception: return 0\n",
               RECURRENCE, notebook=FIRST)
        for name, call in {
            "giant integers": "f(2**1000, 2**1000) or f(-2**63, 2**62)",
            "texts times numbers": "f('x' * 9_000, 100_000)",
            "lists times numbers": "f([1] * 5_000, 20_000)",
            "vectors that broadcast": "f(np.zeros((5_000, 1)), np.zeros((1, 4_900)))",
            "empty arrays of giant shape": "f(np.zeros((2**20, 0)), np.zeros((0, 2**20)))",
            "nothing, none, everything": "[f(), f(None, None)][0]",
            "names of arguments": "f(h=1, x=2, np=3, **{'__builtins__': 4})",
            "deep lists": "f(eval('[' * 28 + ']' * 28), 0)",
            "dicts": "f({str(i): i for i in range(999)}, {})",
            "arrays of every dtype": "[f(np.ones(3, d), np.ones(3, d)) for d in ('?', 'b', 'H', 'e', 'F')]",
            "not a number": "f(np.nan, np.inf)",
            "objects": "f(object(), print)",
            "calls without end": "[f(1.0, 1.0) for _ in range(10**6)]",
            "another function's number": "[setattr(f, 'n', 0), f.__closure__[1].cell_contents, f(1, 2)][2]",
        }.items()
    ),
)  # fmt: skip

STREAMS = (
    Attack("functions of the host", "a stream read past its end",
           "def run_recurrence(f, h0, inputs):\n    for x in inputs: pass\n    try:\n        while True: next(iter(inputs))\n"
           "    except StopIteration: return 0\n", RECURRENCE, notebook=FIRST),
    Attack("functions of the host", "a stream of an earlier case",
           "kept = []\ndef run_recurrence(f, h0, inputs):\n    kept.append((f, inputs))\n    for g, old in kept:\n"
           "        try: g(1.0, 1.0); next(iter(old))\n        except Exception: pass\n    return 0\n", RECURRENCE, notebook=FIRST),
)  # fmt: skip

# A task that others use: where it isn't right, the course's own function stands in for it there, and only there.
STAND_INS = (
    Attack("stand-ins", "an unwritten function, found again at the end", PHI_STUB, "phi", notebook=ATTENTION),
    Attack("stand-ins", "a function that keeps the course's for later",
           "mine = None\ndef phi(x):\n    raise NotImplementedError\n", "phi", notebook=ATTENTION, after=(
               "def phi(x, course=phi):\n    return course(x)\n",)),
    Attack("stand-ins", "a wrong function, replaced by the course's", "def phi(x):\n    return x\n", "phi", notebook=ATTENTION),
)  # fmt: skip

MOVED = (
    Attack("verdict", "another task's right function under this name", "def cumulative_average(x):\n    return cumavg_update(x[0], x[-1], len(x))\n",
           AVERAGE),
    Attack("verdict", "the index ignored", "def cumavg_update(mem, x, i):\n    return x * 1.0\n", UPDATE, most=0.5),
)  # fmt: skip

ATTACKS = (*AT_VALUES, *LIARS, *ON_CALLS, *STREAMS, *STAND_INS, *MOVED)
