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
        "%%bash\nls",
        "import subprocess\nsubprocess.run(['ls'])",
        "import os\nos.popen('ls')",
        "import threading\nthreading.Thread(target=print).start()",
    ],
)
def test_what_is_missing_is_said(run: Run, source: str) -> None:
    failure = run(source).failure
    assert failure is not None
    assert "not available while your notebook is graded" in failure.text


@pytest.mark.parametrize(
    "source", ["!ls", "%pip install numpy", "found = !ls\nprint(found)", "import os\nos.system('ls')"]
)
def test_a_shell_command_raises_nothing(run: Run, source: str) -> None:
    cell = run(source)
    assert cell.failure is None
    assert "not available while your notebook is graded" in str(cell.outputs)


def test_what_can_be_answered_without_telling_anything_is(run: Run) -> None:
    shown = run(
        "import getpass, os, platform, resource\n"
        "print(getpass.getuser(), platform.system(), os.getloadavg()[0], resource.getrusage(0).ru_utime >= 0)\n"
        "platform.platform()"
    )
    assert shown.failure is None
    assert text(shown).startswith("student Linux 0.0 True\n")


@pytest.mark.parametrize(
    "line",
    [
        "import pandas_is_not_here as pd",
        "import numpy as np; np.save('/tmp/a.npy', np.ones(2))",
        "import os; os.makedirs('out')",
        "import tempfile; t = tempfile.TemporaryDirectory()",
        "table = open('data.csv').read()",
        "import threading; threading.Thread(target=print).start()",
        "assert False",
        "%load_ext nothing_of_this_name",
    ],
)
def test_a_line_that_fails_does_not_take_those_below_it_along(run: Run, line: str) -> None:
    failure = run(f"{line}\ndef f():\n    return 3\ntable = {{}}\nfor i in range(3):\n    table[i] = f()").failure
    assert failure is not None
    assert failure.line == 1
    assert text(run("print(f(), table)")) == "3 {0: 3, 1: 3, 2: 3}\n"


def test_what_a_notebook_writes_it_can_read_again(run: Run) -> None:
    shown = run(
        "import json, logging, pathlib\nimport numpy as np\nimport matplotlib.pyplot as plt\n"
        "np.save('a.npy', np.arange(3))\nnp.savez('b.npz', a=np.ones(2))\nplt.plot([1])\nplt.savefig('c.png')\n"
        "pathlib.Path('d.txt').write_text('ä\\n')\n"
        "with open('d.txt', 'a') as file: json.dump({'e': 1}, file)\n"
        "logging.basicConfig(filename='f.log', force=True)\nlogging.warning('noted')\n"
        "print(np.load('a.npy'), np.load('b.npz')['a'], plt.imread('c.png').ndim, open('d.txt').readlines())\n"
        "print(open('f.log').read(), end='')\n"
    )
    assert shown.failure is None
    assert text(shown) == "[0 1 2] [1. 1.] 3 ['ä\\n', '{\"e\": 1}']\nWARNING:root:noted\n"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("open('not_there.txt')", "FileNotFoundError"),
        ("open('not_there.txt', 'r+')", "FileNotFoundError"),
        ("open('a', 'w').close(); open('a', 'x')", "FileExistsError"),
        ("open('a', 'w').read()", "UnsupportedOperation"),
        ("open('a', 'w').close(); open('a').write('x')", "UnsupportedOperation"),
        ("open('a', 'q')", "ValueError"),
        ("open(None)", "TypeError"),
    ],
)
def test_a_file_in_memory_refuses_what_files_refuse(run: Run, source: str, kind: str) -> None:
    failure = run(source).failure
    assert failure is not None
    assert failure.kind == kind


@pytest.mark.parametrize("line", ["raise ValueError('here is the end')", "import sys; sys.exit()", "raise SystemExit"])
def test_a_cell_ends_where_it_says_so(run: Run, line: str) -> None:
    assert run(f"a = 1\n{line}\na = 2").failure is not None
    assert text(run("print(a)")) == "1\n"


def test_a_failing_cell_tells_its_own_line(run: Run) -> None:
    run("def f(x):\n\n\n    return 1 / x")
    assert run("y = 1\nf(0)\nf(None)").failure == Failure("ZeroDivisionError", "division by zero", 2)


def test_the_definitions_of_a_cell_can_be_run_alone(box: Sandbox) -> None:
    source = (
        "import math\nhalf = 0.5\ndouble = lambda x: half * math.floor(4 * x)\n"
        "class Kept:\n    n = 7\nslow = sum(range(10))\nsquares = [n * n for n in range(3)]\nprint('slow')\n"
    )
    with box.session() as session:
        cell = session.run_cell(source, only_definitions=True)
        assert (cell.failure, cell.outputs) == (None, ())
        shown = session.run_cell("print(double(2), Kept.n, 'slow' in globals(), 'squares' in globals())")
        assert text(shown) == "4.0 7 False False\n"
        assert text(session.run_cell(source)) == "slow\n"


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
