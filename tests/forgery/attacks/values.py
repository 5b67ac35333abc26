"""Values that a host could choke on; text that a page or a spreadsheet would run."""

from autograder.course.source_notebook import Json
from tests.forgery.attack import CHILD, MEAN, WRONG, Attack, code, returning

LYING = """
class Lying(list):
    def __len__(self): return 2**62
    def __iter__(self): return iter(lambda: 0, 1)
    def __getitem__(self, i): return 0
"""
HOSTILE = {
    "a list in itself": ("cycle", "cycle = []\ncycle.append(cycle)\n"),
    "lists 10,000 deep": ("deep", "deep = []\nfor _ in range(10_000): deep = [deep]\n"),
    "lists of 31 levels": ("deep", "deep = [1.0]\nfor _ in range(30): deep = [deep, deep[:1]]\n"),
    "20 million numbers": ("[0] * 20_000_000", ""),
    "a hundred thousand lists": ("[[]] * 99_990", ""),
    "an int of 5,000 digits": ("10**5000", ""),
    "ints just within the bound": ("[[2**1022] * x.shape[1]] * len(x)", ""),
    "one text of each length": ("['x' * n for n in range(1_000)]", ""),
    "a long text among many numbers": ("['x' * 9_999] + [0] * 30_000", ""),
    "texts like numbers": ("[[str(v) for v in row] for row in x * 0]", ""),
    "keys of one hash": ("{i * (2**61 - 1): 0 for i in range(9_000)}", ""),
    "ten thousand keys": ("{str(i): i for i in range(10_000)}", ""),
    "an array of lists": ("np.array([[1], 2, None], dtype=object)", ""),
    "an empty array of giant shape": ("np.zeros((0, 2**40))", ""),
    "an array that only seems large": ("np.lib.stride_tricks.as_strided(np.zeros(1), (2**20, 2**10), (0, 0))", ""),
    "an array without end of dimensions": ("np.zeros((1,) * 64)", ""),
    "arrays of one dimension more each": ("[np.zeros((1,) * n) for n in range(33)]", ""),
    "ten thousand small arrays": ("[x[:1] * 0] * 9_000", ""),
    "64 MB of bytes": ("big", "big = np.zeros((2**24, 1), np.uint8)\n"),
    "an array of 32-character dtype": ("np.zeros(x.shape, '>f8').view('V8')", ""),
    "long doubles": ("x.astype(np.longdouble) * 0", ""),
    "dates": ("np.zeros(x.shape, 'M8[s]')", ""),
    "a generator that raises": ("(1 / 0 for _ in x)", ""),
    "a generator that generates itself": ("walk()", "def walk():\n    while True: yield walk()\n"),
    "a list that lies about its length": ("Lying()", LYING),
    "an object that lies about its class": ("Liar()", "class Liar:\n    @property\n    def __class__(self): raise SystemExit\n"),
    "an object that raises at every look": ("Sly()", "class Sly:\n    def __getattribute__(self, name): raise SystemExit\n"),
    "a class whose class lies": ("Sly()", "class Meta(type):\n    def __getattribute__(cls, name): raise SystemExit\nclass Sly(metaclass=Meta): pass\n"),
    "a string that is a score": ("'correct'", ""),
    "a dict like a result": ("{'points': 4.0, 'verdict': 'correct', 'max_points': 4.0}", ""),
    "a lone surrogate": ("['\\ud800'] * len(x)", ""),
    "the function itself": ("cumulative_average", ""),
    "an unfinished coroutine": ("wait()", "async def wait(): return x\n"),
    "None, many times": ("[[None] * x.shape[1]] * len(x)", ""),
    "the two infinities and nan": ("np.resize([np.inf, -np.inf, np.nan], x.shape)", ""),
    "negative zeros and the smallest numbers": ("np.full(x.shape, -5e-324)", ""),
    "the largest numbers": ("np.full(x.shape, 1.7e308)", ""),
}  # fmt: skip

# The marker that must never come out in a message, a problem or unescaped in feedback.
FORGED = "<script>FORGED</script>"
SPREADSHEET = '=HYPERLINK("http://FORGED","x")'


def _raising(name: str, text: str) -> str:
    return f"def cumulative_average(x):\n    raise type({name!r}, (Exception,), {{}})({text!r})\n"


def _markdown(notebook: Json) -> None:
    notebook["cells"].insert(
        0, {"cell_type": "markdown", "metadata": {}, "source": f"{FORGED}\n<img src=x onerror=FORGED>"}
    )
    notebook["metadata"]["autograder"] = {"assignment": FORGED}
    notebook["metadata"]["kernelspec"] = {"name": FORGED, "display_name": SPREADSHEET, "language": FORGED}


def _names(notebook: Json) -> None:
    notebook["cells"].append(code("1", nbgrader={"grade_id": FORGED, "points": 99, "grade": True, "locked": False}))
    notebook["cells"].append(
        code("1", nbgrader={"grade_id": "\ud800FORGED", "solution": True, "schema_version": FORGED})
    )


INJECTIONS = (
    Attack("injection", "in an exception's text", _raising("ValueError", FORGED)),
    Attack("injection", "in an exception's name", _raising(FORGED, FORGED)),
    Attack("injection", "in an exception named like a formula", _raising("=FORGED", SPREADSHEET)),
    Attack("injection", "in a printed line", f"print({FORGED!r})\n" + WRONG),
    Attack("injection", "in terminal escapes", "print('\\x1b]0;FORGED\\x07\\x1b[2J\\u202eFORGED')\n" + _raising("ValueError", "\x1b[31mFORGED\r\b")),
    Attack("injection", "in rich outputs", f"from IPython.display import HTML, Javascript, Markdown, SVG, display\ndisplay(HTML({FORGED!r}), "
           f"Markdown({FORGED!r}), Javascript('FORGED'))\n" + WRONG),
    Attack("injection", "in a picture that is none", "get_ipython().outputs.data('display_data', "
           f"{{'image/png': {FORGED.encode()!r}, 'text/html': {FORGED!r}}})\n" + WRONG),
    Attack("injection", "in the kind of an output", CHILD + "get_ipython().outputs.items.append({'output_type': 'FORGED', "
           f"'data': {{'text/html': {FORGED!r}}}}})\n" + WRONG, confined=False),
    Attack("injection", "in a returned text", returning(repr(FORGED))),
    Attack("injection", "in Markdown and the notebook's own fields", WRONG, change=_markdown),
    Attack("injection", "in the names of cells", WRONG, change=_names),
    Attack("injection", "in the line of a syntax error", f"def cumulative_average(x):\n    return {FORGED}\n"),
    Attack("injection", "in the name of a class", f"class RunningMean:\n    def update(self, x): return type({FORGED!r}, (), {{}})()\n", target=MEAN),
)  # fmt: skip

ATTACKS = (
    *(Attack("hostile values", name, returning(value, before)) for name, (value, before) in HOSTILE.items()),
    *INJECTIONS,
)
