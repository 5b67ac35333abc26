"""Cells of plain Python show without IPython what they show with it; what needs it says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.course.course import find_course
from autograder.course.solved_notebook import solved
from autograder.errors import WantsIPython
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import CellRun

COURSE = find_course(Path(__file__).parents[2])
IMPORTS = "import matplotlib.pyplot as plt\nimport numpy as np\nfrom check import check, written\n"
NOTEBOOKS = {
    "values": ["1 + 1", "'a\\nb'", "3.0", "2j", "b'x'", "True", "None", "np.float64(0.1)", "np.int32(4)", "10**300"],
    "arrays": ["np.arange(6).reshape(2, 3)", "np.zeros(2000)", "np.eye(30) * 1.5", "np.array([])", "np.array(3)"],
    "several values": [
        "[1, 2.5, 'x']",
        "(1,)",
        "{'a': [1, 2], 'b': (3, None)}",
        "[]",
        "[np.float64(1.0), np.arange(2)]",
    ],
    "nothing shown": ["1;", "x = 1", "1; # quiet", "if True:\n    7", "print", "np.zeros(2);", "'a;b'", "7 # no; yes"][
        :4
    ],
    "a comment with a semicolon": ["7  # so; it is", "'a;b'", "x = 3\nx  ;  "],
    "comments behind a semicolon": ["x = 3\nx;\n# so\n# it is", "x; # quiet\n\n# still", "x\n# a;"],
    "annotations": [
        "n: int = 3\nprint(__annotations__)",
        "def f(x: float) -> int: ...\nprint(f.__annotations__)",
        "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int\nprint(dataclasses.fields(A)[0].type)",
        "import functools\n@functools.singledispatch\ndef g(x): return 1\n@g.register\ndef _(x: int): return 2\ng(3)",
    ],
    "the same warning again": ["import warnings\ndef f():\n    warnings.warn('mine')\nf()\nf()", "f()", "f()"],
    "matplotlib, unused": [
        "import importlib.util\nprint(importlib.util.find_spec('matplotlib') is not None)",
        "print(importlib.util.find_spec('matplotlib.pyplot').name)",
        "print(plt)",
        "import matplotlib\nprint(matplotlib, matplotlib.__file__, hasattr(plt, '__wrapped__'))",
    ],
    "doctests": [
        "def f(x):\n    '''\n    >>> f(2)\n    5\n    '''\n    return x * 2\nimport doctest\nprint(doctest.testmod())",
        "def g(): pass\nimport inspect\nprint(inspect.getmodule(g) is not None, inspect.getcomments(g))",
        "import pickle\nprint(pickle.loads(pickle.dumps(f)) is f)",
    ],
    "what a module has": [
        "__package__",
        "print(__spec__ is None, __loader__ is None)",
        "import sys\nsys.ps1",
        "import builtins\nprint(hasattr(builtins, '__IPYTHON__'))",
    ],
    "counts": ["1", "", "   \n", "# only a comment", "2", "1 / 0", "3"],
    "streams": ["print(1)\nprint(2, end='')", "import sys\nprint('no', file=sys.stderr)\nprint('yes')\n5", "print()"],
    "failures": [
        "x = 1\n1 / 0\ny = 2",
        "y",
        "print(undefined)",
        "\n\nprint(undefined)",
        "raise KeyError('x')\nz = 1",
        "print(z)",
    ],
    "failures in functions": [
        "def f(n):\n    return g(n)\n\ndef g(n):\n    if n == 0:\n        raise ValueError('no')\n    return f(n - 1)",
        "f(3)",
        "try:\n    f(0)\nexcept ValueError as error:\n    raise TypeError('other') from error",
        "import sys\nsys.exit(3)",
        "class E(Exception):\n    def __str__(self):\n        raise RuntimeError\nraise E",
    ],
    "what doesn't compile": ["return 3", "x = 1\nreturn x", "x", "break", "nonlocal a"],
    "warnings": [
        "np.array([1.0]) / 0",
        "import warnings\nwarnings.warn('mine')\nwarnings.warn('old', DeprecationWarning)",
        "x = 1\nx is 1",
        "'\\d'",
        "int('3') if True else 0\nnp.log(-1.0)",
    ],
    "names of the module": ["__name__", "__doc__", "import __main__\nx = 4\n__main__.x", "sorted(vars())[:0]"],
    "classes": [
        "from dataclasses import dataclass\n\n@dataclass\nclass Point:\n    x: int = 3\n\nprint(Point())",
        "class C:\n    '''Words.'''\n    def __init__(self):\n        self.x = 1\n\nC().x, C.__module__",
        "import inspect\nprint(inspect.getsource(C))",
        "import copy\ncopy.deepcopy(C()).x",
    ],
    "loops with an underscore": ["total = 0\nfor _ in range(3):\n    total += 1\ntotal", "a, _ = 1, 2\na"],
    "files": [
        "with open('notes.txt', 'w') as file:\n    file.write('kept')",
        "print(open('notes.txt').read())",
        "open('/x')",
    ],
    "chance": ["np.random.rand()", "import random\nrandom.random()", "np.random.default_rng(1).normal(size=3)"],
    "imports": [
        "import math, json, functools, itertools",
        "math.pi",
        "from scipy import no_such",
        "import no_such_module",
    ],
    "empty lines": ["\n\n1 / 0", "\n   \nx = 2\nx"],
    "much": ["print('x' * 300_000)", "for i in range(500):\n    print(i)", "[0] * 20"],
    "recursion": ["def f(n):\n    return f(n + 1)\nf(0)"],
    "input": ["input()", "import os\nos.system('ls')", "import subprocess\nsubprocess.run(['ls'])"],
    "definitions": [
        "def f(x): return x\nf.__module__, f(2)",
        "lam = lambda x: x\nlam(2)",
        "written('f'), written('g')",
    ],
}
WANTING = [
    "%timeit 1",
    "%matplotlib inline",
    "!ls",
    "np?",
    "x = = 1",
    "def f(:",
    "display(3)",
    "get_ipython()",
    "from IPython.display import display",
    "__import__('IPython')",
    "try:\n    import IPython\nexcept BaseException:\n    pass",
    "plt.plot([1])",
    "import matplotlib\nmatplotlib.use('agg')",
    "import matplotlib.ticker",
    "from matplotlib import cm",
    "plt.x = 3",
    "def draw():\n    plt.plot([1])\ntry:\n    draw()\nexcept:\n    pass",
    "In",
    "_",
    "1\n_ + 1",
    "_1",
    "def f():\n    return Out",
    "exit",
    "pwd",
    "await g()",
    "from __future__ import annotations",
    "import sys\nsys.displayhook = print",
    "{3, 1, 2}",
    "list(range(600))",
    "['a long text'] * 20",
    "object",
    "def f(): pass\nf",
    "class A: pass\nA()",
    "np.ma.array([1])",
    "import matplotlib\nprint(matplotlib.__version__)",
    "from matplotlib.pyplot import *",
    "print(len(dir(plt)))",
    "10**5000",
    "[2**100_000]",
    "class A:\n    def __repr__(self): raise ValueError\nnp.array([A()])",
]


DIGEST = re.compile(r"(?<=<ipython-input-)(\d+)-[0-9a-f]+(?=>)")  # of the cell, with or without a newline at its end


def shown(box: Sandbox, cells: Sequence[str], *, plain: bool) -> list[CellRun]:
    with box.session(plain=plain) as session:
        return [session.run_cell(source) for source in cells]


@pytest.mark.parametrize("cells", NOTEBOOKS.values(), ids=list(NOTEBOOKS))
def test_plain_cells_show_what_ipython_shows(box: Sandbox, cells: list[str]) -> None:
    notebook = [IMPORTS, *cells]
    plain, with_ipython = (repr(shown(box, notebook, plain=plain)) for plain in (True, False))
    assert DIGEST.sub(r"\1", plain) == DIGEST.sub(r"\1", with_ipython)


@pytest.mark.parametrize("name", COURSE.names)
def test_the_courses_notebooks_show_the_same(box: Sandbox, name: str) -> None:
    cells = [cell["source"] for cell in solved(COURSE.assignment(name))["cells"] if cell["cell_type"] == "code"]
    plain = [source for source in cells if "plt." not in source]
    assert len(plain) > 5
    assert shown(box, plain, plain=True) == shown(box, plain, plain=False)


@pytest.mark.parametrize("source", WANTING)
def test_what_needs_more_than_plain_python_says_so(box: Sandbox, source: str) -> None:
    with pytest.raises(WantsIPython):
        shown(box, [IMPORTS, source], plain=True)


def test_a_function_that_draws_says_so_when_it_is_called(box: Sandbox) -> None:
    with box.session(plain=True) as session:
        session.run_cell(f"{IMPORTS}\ndef mean(x):\n    plt.plot(x)\n    return x.mean()")
        with pytest.raises(WantsIPython):
            session.call("mean", [3])


def test_definitions_alone_are_those_that_ipython_makes(box: Sandbox) -> None:
    source = "x = 1\nprint(x)\ndef f():\n    return x\ny = f()\nz = [1, 2]"
    for plain in (True, False):
        with box.session(plain=plain) as session:
            session.run_cell(source, only_definitions=True)
            found = [session.value(name).failure is None for name in ("x", "f", "y", "z")]
            assert (plain, found) == (plain, [True, True, False, True])
