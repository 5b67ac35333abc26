"""Cells: they run as in Jupyter, say what is missing, and fail with a line and few words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.plain import Failure
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import CellRun

from .conftest import text

Run = Callable[[str], CellRun]


def test_a_cell_shows_what_a_notebook_would(run: Run) -> None:
    cell = run("import numpy as np\nprint('hello')\ndisplay(3)\nnp.zeros(2)")
    kinds = [output["output_type"] for output in cell.outputs]
    assert kinds == ["stream", "display_data", "execute_result"]
    assert cell.outputs[2]["data"] == {"text/plain": "array([0., 0.])"}
    assert cell.failure is None


@pytest.mark.parametrize(
    ("source", "failure"),
    [
        ("x = 1\n1 / 0", Failure("ZeroDivisionError", "division by zero", 2)),
        ("x = = 1", Failure("SyntaxError", "invalid syntax", 1)),
        ("x = (\n1,\n", Failure("SyntaxError", "incomplete input", 2)),
        ("\n\nundefined", Failure("NameError", "name 'undefined' is not defined", 3)),
        ("import sys\nsys.exit(3)", Failure("SystemExit", "3", 2)),
    ],
)
def test_a_failure_names_its_line(run: Run, source: str, failure: Failure) -> None:
    cell = run(source)
    assert cell.failure == failure
    assert cell.outputs[-1]["output_type"] == "error"


@pytest.mark.parametrize(
    "source",
    [
        "class E(Exception):\n    def __str__(self): raise KeyboardInterrupt\nraise E",
        "class E(Exception):\n    def __str__(self): return 3\nraise E",
        "raise ValueError('x' * 10**7)",
        "import sys\nsys.set_int_max_str_digits(0)\nraise ValueError(10**6000)",
        "class M(type):\n    __name__ = property(lambda self: 1 / 0)\nclass E(Exception, metaclass=M): pass\nraise E",
        "def f(): f()\nf()",
        "raise BaseExceptionGroup('x', [KeyboardInterrupt()])",
    ],
)
def test_hostile_exceptions_are_bounded(run: Run, source: str) -> None:
    failure = run(source).failure
    assert failure is not None
    assert len(failure.kind) <= 100
    assert len(failure.text) <= 2_000
    assert run("1").failure is None


def test_cells_are_as_in_jupyter(run: Run) -> None:
    assert run("from check import check, written\ncheck('anything', 3)\nassert not written('it')").failure is None
    assert run("def it(): pass\nassert not written('it')").failure is None
    assert run("def it(): return 1\nassert written('it') and not written('it', 'that')").failure is None
    assert text(run("import asyncio\nawait asyncio.sleep(0)\nprint('awaited')")) == "awaited\n"
    assert run("%matplotlib inline").failure is None
    assert run("%timeit -n1 -r1 1 + 1").failure is None
    assert run("%%time\nsum(range(10))").failure is None
    assert run("lsmagic").failure is None
    assert run("import math\nfloor = %timeit -o -n1 -r1 math.floor(1.5)\nfloor.best").failure is None
    assert run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()").failure is None
    assert text(run("print(plt.get_fignums())")) == "[]\n"


def test_python_that_resembles_magics_is_python(run: Run) -> None:
    assert text(run("rest = (7\n%  4)\nprint(rest)")) == "3\n"
    assert text(run("note = '''\n%time\n!ls\nwhy?'''\nprint(note)")) == "\n%time\n!ls\nwhy?\n"


def test_compilers_warnings_are_as_in_jupyter(run: Run) -> None:
    run("import warnings\nwarnings.simplefilter('default')")
    shown = text(run("path = '\\d'"))
    assert "<ipython-input-2-" in shown
    assert "<unknown>" not in shown  # from the grader's own look at the cell


@pytest.mark.parametrize(
    "source",
    [
        "input()",
        "!ls",
        "%%bash\nls",
        "import subprocess\nsubprocess.run(['ls'])",
        "import os\nos.system('ls')",
        "import threading\nthreading.Thread(target=print).start()",
    ],
)
def test_what_is_missing_is_said(run: Run, source: str) -> None:
    failure = run(source).failure
    assert failure is not None
    assert "not available while your notebook is graded" in failure.text


def test_many_cells_may_print_much(run: Run) -> None:
    assert all(run("print('x' * 100_000)").failure is None for _ in range(200))


def test_random_numbers_repeat(box: Sandbox) -> None:
    source = "import random\nimport numpy as np\nprint(random.random(), np.random.rand(), hash('a'))"
    shown = []
    for _ in range(2):
        with box.session() as session:
            shown.append(text(session.run_cell(source)))
    assert shown[0] == shown[1]


def test_a_giant_cell_is_not_run(run: Run) -> None:
    assert run("#" * 10**6).failure is not None
    assert run("x = '\ud800'").failure is None
