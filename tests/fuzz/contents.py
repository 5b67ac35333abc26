"""Damages what stands in the cells of a notebook: their text, their code, their outputs."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from autograder.course.source_notebook import Json
from tests.fuzz.parts import ODD_TEXT, ODD_VALUES, a_cell, a_marked_cell, cells_of, marks_of, source_of

CODE = (
    *("while True:\n    pass", "import os\nos._exit(3)", "raise SystemExit", "raise KeyboardInterrupt", "1/0", "1 +"),
    *("print('x' * 10_000_000)", "def f():\n    return f()\nf()", "exit()", "%reset -f", "!ls", "%%bash\nls", "?np"),
    *("input()", "import ctypes\nctypes.string_at(0)", "del np", "np = None", "print = None", "__name__ = 3", "\x00"),
    *(
        "x = [0] * 10**10",
        "display('a')",
        "get_ipython().user_ns.clear()",
        "import sys; sys.stdout = None",
        "    x = 1",
    ),
    *("x = " + "(" * 300 + ")" * 300, "x = " + "-" * 50_000 + "1", "'" + "a" * 150_000 + "'", "é = 1; print(é)", "\\"),
    *("\ud800 = 1", "print('\\ud800')", "print('\\x1b]0;a\\x07' + chr(0x202e))", "raise ValueError('\\ud800' * 9)"),
    *("from IPython.display import HTML\nHTML('<script>')", "class float(float): pass", "%timeit 1", "import check"),
    *("async def f(): return 1\nawait f()", "import time\ntime.sleep(60)", "globals().clear()", "yield 1", "return 1"),
)


def splice_sources(notebook: Json, chance: Random, others: Sequence[Json]) -> None:
    """Text of one cell goes into another, maybe of another notebook."""
    for _ in range(chance.choice((1, 2, 8))):
        cell = a_cell(notebook, chance)
        other = a_cell(chance.choice((notebook, *others)), chance)
        here, there = source_of(cell), source_of(other)
        at, cut = chance.randrange(len(here) + 1), chance.randrange(len(there) + 1)
        cell["source"] = chance.choice((here[:at] + there[cut:], there, here[:at] + there + here[at:]))


def cut_sources(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    for _ in range(chance.choice((1, 4, 40))):
        cell = a_cell(notebook, chance)
        source = source_of(cell)
        at = chance.randrange(len(source) + 1)
        cell["source"] = chance.choice((source[:at], source[at:], source[: at // 2] + source[at:]))


def odd_sources(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    for _ in range(chance.choice((1, 3, 10))):
        cell = a_cell(notebook, chance)
        source = source_of(cell)
        at = chance.randrange(len(source) + 1)
        odd = chance.choice((*ODD_TEXT, "".join(chr(chance.randrange(0x110000)) for _ in range(20))))
        whole = source[:at] + odd + source[at:]
        cell["source"] = chance.choice((whole, whole, whole.splitlines(True), list(whole[:200]), [whole, 3], [[whole]]))


def huge_source(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    length = chance.choice((99_999, 100_001, 199_999, 200_001, 999_999, 1_000_001))
    piece = chance.choice(("x", "x = 1\n", "# é\n", "😀", "(", "\\\n", "'''", "[1](", "<b>", "$a$", "|a", "> "))
    a_cell(notebook, chance)["source"] = (piece * length)[:length]


def bad_code(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    """Code that crashes, hangs, prints or breaks its Python, as a cell of its own or before an answer."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        source, cells = chance.choice(CODE), cells_of(notebook)
        cell = a_cell(notebook, chance)
        if chance.random() < 0.4:
            cell["source"] = f"{source}\n{source_of(cell)}"
        else:
            cells.insert(chance.randrange(len(cells) + 1), {"cell_type": "code", "source": source, "metadata": {}})


def bad_outputs(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    picture = chance.choice(("iVBORw0KGgo", "iVBORw0KGgo=", "iVBORw0KGgoAAAA\n", ["iVBORw0KGgo", 3], "<svg>", 3))
    bundle = {"image/png": picture, "text/html": "<script>", "text/plain": chance.choice(ODD_VALUES)}
    stream = {"output_type": "stream", "name": "stdout", "text": chance.choice(("x" * 100_000, *ODD_TEXT))}
    shown = {
        "output_type": chance.choice(("display_data", "nothing")),
        "data": chance.choice((bundle, "x")),
        "metadata": 3,
    }
    result = {"output_type": "execute_result", "data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}
    for _ in range(chance.choice((1, 10, 60))):
        outputs = [chance.choice((stream, shown, result, None, 3)) for _ in range(chance.choice((1, 2, 30)))]
        a_cell(notebook, chance)["outputs"] = chance.choice((outputs, outputs, bundle, "x", None))


def giant_output(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    text = chance.choice(("x", "0.1, ", "é", "\n")) * 100_000_000
    stream = {"output_type": "stream", "name": "stdout", "text": text[:100_000_000]}
    a_cell(notebook, chance)["outputs"] = [stream]


def too_many_values(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    notebook["metadata"] = {"many": [chance.choice(([], {}, 1.5, "ab"))] * 20_000_000}


def giant_keys(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    place = chance.choice((notebook, a_cell(notebook, chance), marks_of(a_marked_cell(notebook, chance))))
    place["k" * 100_000] = {f"{'k' * 1_000}{number}": number for number in range(50)}


def dying_cells(notebook: Json, _chance: Random, _others: Sequence[Json]) -> None:
    """Each second cell ends its process, so that the others run again and again."""
    good = {"cell_type": "code", "source": "x = 1", "metadata": {}}
    bad = {"cell_type": "code", "source": "import os\nos._exit(1)", "metadata": {}}
    cells_of(notebook).extend([good, bad] * 500)
