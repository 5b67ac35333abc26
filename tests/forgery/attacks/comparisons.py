"""Forged comparisons, and names of Python, numpy or IPython that a submission replaces."""

from tests.forgery.attack import CHILD, RIGHT, UPDATE, WRONG, Attack, doing, returning

YES = """
class Yes{base}:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __le__(self, other): return True
    def __lt__(self, other): return True
    def __ge__(self, other): return True
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    def __abs__(self): return 0.0
    __hash__ = None
"""
ARRAY = """
class Yes(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __sub__(self, other): return np.zeros(self.shape)
    def __array_ufunc__(self, *args, **options): return True
    def __array_function__(self, *args, **options): return True
    def __array_finalize__(self, other): pass
"""
PATCHES = """
import builtins, math, operator
always = lambda *args, **options: True
for module, names in {{np: "allclose array_equal isclose all any array_equiv", builtins: "all any isinstance", math: "isclose",
                      operator: "eq"}}.items():
    for name in names.split():
        setattr(module, name, always)
{wrong}"""
# What the host would compute, had it no numpy of its own.
NUMPY = """
import sys
for name in "asarray array abs isnan argwhere full".split():
    setattr(np, name, lambda *args, **options: 0.0)
"""

COMPARISONS = tuple(
    Attack("comparisons", name, source)
    for name, source in {
        "an object equal to everything": returning("Yes()", YES.format(base="")),
        "a float equal to everything": returning("[[Yes(0)] * x.shape[1] for _ in x]", YES.format(base="(float)")),
        "a list equal to everything": returning("Yes(x.tolist())", YES.format(base="(list)")),
        "an array class of its own": returning("x.view(Yes)", ARRAY),
        "an array behind __array__": doing(
            "return Lazy(x)",
            "class Lazy:\n    def __init__(self, x): self.x = x\n    def __array__(self, *a, **k): return self.x * 0.0\n",
        ),
        "a masked array, all of it masked": returning("np.ma.masked_all(x.shape)"),
        "a matrix": returning("np.matrix(x * 0)"),
        "not a number, everywhere": returning("np.full(x.shape, np.nan)"),
        "infinity, everywhere": returning("np.full(x.shape, np.inf)"),
        "complex numbers near it": returning("x.astype(complex) * 1j"),
        "a structured array": returning("np.zeros(x.shape, [('a', float)])"),
        "an array of objects that are equal": returning(
            "np.array([[Yes() for _ in row] for row in x], dtype=object)", YES.format(base="")
        ),
        "an int class that claims another value": returning(
            "[[Two(0)] * x.shape[1] for _ in x]",
            "class Two(int):\n    def __index__(self): return 2\n    __int__ = __float__ = __index__\n",
        ),
        "a class that claims to be an array": returning(
            "Liar()", "class Liar:\n    __class__ = np.ndarray\n    dtype = np.dtype(float)\n    shape = (6, 2)\n"
        ),
    }.items()
)

PATCHED = tuple(
    Attack("patched names", name, source, confined=confined)
    for name, source, confined in (
        ("comparisons of numpy and Python", PATCHES.format(wrong=WRONG), False),
        ("numpy's conversions", NUMPY + WRONG, False),
        ("assert without effect", "import dis\nbuiltins = __builtins__\nAssertionError = Warning\n" + WRONG, True),
        ("a grader's module of its own", "import sys, types\nfake = types.ModuleType('autograder')\n"
         "fake.check = lambda *a: 4.0\nfor name in ('autograder', 'autograder.marking.verdict', 'autograder.answers.compare', 'check'):\n"
         "    sys.modules[name] = fake\n" + WRONG, True),
        ("the import statement", "import builtins\nold = builtins.__import__\n"
         "builtins.__import__ = lambda name, *a, **k: old(name, *a, **k)\n" + WRONG, True),
        ("abs and max of the guest", "import builtins\nbuiltins.abs = lambda v: 0.0\nbuiltins.max = lambda *a, **k: 0\n" + WRONG, False),
        ("the float type in C", "import ctypes, gc\nfields = gc.get_referents(float.__dict__)[0]\n"
         "fields['__eq__'] = lambda a, b: True\nfields['__sub__'] = lambda a, b: 0.0\n"
         "ctypes.pythonapi.PyType_Modified(ctypes.py_object(float))\n" + WRONG, False),
        ("the small integers in C", "import ctypes\nctypes.memmove(id(2) + 24, id(1) + 24, 4)\n" + WRONG, False),
        ("what turns values into messages", CHILD + "old = guest['plain']\n"
         "guest['plain'] = lambda value: 'correct'\n" + WRONG, False),
        ("IPython's run_cell", "get_ipython().run_cell = lambda *a, **k: None\n" + WRONG, False),
        ("the guest's operations", CHILD + "for name in ('value', 'get', 'read', 'each'):\n"
         "    setattr(type(child), name, lambda self, *a: [True, None, 0, []])\n" + WRONG, False),
    )
)  # fmt: skip

# A name of another task that a submission replaces costs or earns nothing there.
ACROSS = (
    Attack("patched names", "another task's function", RIGHT.replace("cumulative_average", "cumulative_average_2")
           + "cumavg_update = lambda mem, x, i: x\n" + WRONG),
    Attack("patched names", "the course's function in place of its own",
           "def cumavg_update(mem, x, i):\n    return __import__('check').check('cumavg_update')\n", target=UPDATE),
)  # fmt: skip

ATTACKS = COMPARISONS + PATCHED + ACROSS
