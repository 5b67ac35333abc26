"""Damages real notebooks in the ways that students, tools, transfers and attackers do, by chance but repeatably."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from autograder.layout import Json
from tests.fuzz.encodings import BYTES, TEXT

MANY = 300  # cells of a notebook that has too many, in a run without heavy ones

ODD_TEXT = (
    *("", "\x00", "\ud800", "\udfff\ud800", "\u202e", "\ufeff", "e\u0301" * 50, "😀", "\r", "\x0b", "\x1b[31m", "\x85"),
    *("</script>", "=cmd|' /C calc'!A0", "../../etc/passwd", "%s%n{0}", "__proto__", "x" * 3_000, "\n" * 500, "\t"),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, -(2**63), 1e308, float("nan"), float("inf"), [], {}, [[]], [None], ""),
    *("text", ["a", 1], ["a", None], {"a": {}}, [{}], "\ud800", {"": ""}, [[[[[[[[[[]]]]]]]]]], "1", "True"),
)
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
CELL_KEYS = ("cell_type", "source", "metadata", "outputs", "execution_count", "id", "attachments")
MARKS = ("grade", "grade_id", "locked", "points", "schema_version", "solution", "task", "checksum", "cell_type")

Mutate = Callable[[Json, Random, Sequence[Json]], None]


@dataclass(frozen=True)
class Mutant:
    """A damaged notebook: which one it was, what was done to it, and the bytes to hand in."""

    base: str
    done: tuple[str, ...]
    data: bytes


def mutate(name: str, notebook: Json, others: Sequence[Json], chance: Random, heavy: bool) -> Mutant:
    """Damage a copy of `notebook` once or a few times; `others` are notebooks to take strange cells from.

    `heavy` allows sizes of 100 MB and 100,000 cells, now and then.
    """
    damaged = copy.deepcopy(notebook)
    done: list[str] = []
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3, 6))):
        done.append(chance.choice(list(TREE)))
        TREE[done[-1]](damaged, chance, others)
    # Last, or a later one could copy 100 MB thirty times.
    if heavy and chance.random() < 0.005:
        done.append(chance.choice(list(HEAVY)))
        HEAVY[done[-1]](damaged, chance, others)
    if chance.random() < 0.5:
        as_lines(damaged)
    wrapped: Any = damaged
    if chance.random() < 0.01:
        done.append("wrapped")
        wrapped = chance.choice(([damaged], {"notebook": damaged}, json.dumps(damaged), None, 3))
    indent = None if HEAVY.keys() & set(done) else chance.choice((None, 1))
    text = json.dumps(wrapped, ensure_ascii=chance.random() < 0.5, indent=indent)
    if not done or chance.random() < 0.1:
        done.append(chance.choice(list(TEXT)))
        text = TEXT[done[-1]](text, chance)
    data = text.encode("utf-8", chance.choice(("replace", "surrogatepass")))
    if len(done) < 2 and chance.random() < 0.25:
        done.append(chance.choice(list(BYTES)))
        data = BYTES[done[-1]](data, chance)
    return Mutant(name, tuple(done), data)


def as_lines(notebook: Json) -> None:
    """Have each text as a list of lines, as Jupyter saves it."""
    for cell in cells_of(notebook):
        if isinstance(cell, dict) and isinstance(cell.get("source"), str):
            cell["source"] = cell["source"].splitlines(True)


def cells_of(notebook: Json) -> list[Any]:
    """The list of the notebook's cells, to be changed in place; a new one if an earlier change took it away."""
    found = notebook.get("cells")
    return found if isinstance(found, list) else []


def a_cell(notebook: Json, chance: Random) -> Json:
    found = [cell for cell in cells_of(notebook) if isinstance(cell, dict)]
    return chance.choice(found) if found else {}


def marks_of(cell: Json) -> Json:
    """nbgrader's marks of a cell, to be changed in place; an empty mapping where there are none."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}


def a_marked_cell(notebook: Json, chance: Random) -> Json:
    found = [cell for cell in cells_of(notebook) if isinstance(cell, dict) and marks_of(cell)]
    return chance.choice(found) if found else {}


def source_of(cell: Json) -> str:
    source = cell.get("source")
    return source if isinstance(source, str) else ""


def delete_cells(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    cells = cells_of(notebook)
    share = chance.choice((0.03, 0.1, 0.5, 0.9, 1.0))
    cells[:] = [cell for cell in cells if chance.random() >= share]


def delete_checks(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    mark, cells = chance.choice(("grade", "solution", "locked")), cells_of(notebook)
    cells[:] = [cell for cell in cells if not (isinstance(cell, dict) and marks_of(cell).get(mark))]


def duplicate_cells(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    cells = cells_of(notebook)
    share, times = chance.choice(((0.05, 2), (0.3, 2), (1.0, 2), (0.03, 30)))
    cells[:] = [copy.deepcopy(cell) for cell in cells for _ in range(times if chance.random() < share else 1)]


def reorder_cells(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    cells = cells_of(notebook)
    if not cells:
        return
    how = chance.randrange(4)
    if how == 0:
        chance.shuffle(cells)
    elif how == 1:
        cells.reverse()
    elif how == 2:
        cells.insert(chance.randrange(len(cells) + 1), cells.pop(chance.randrange(len(cells))))
    else:
        cut = chance.randrange(len(cells))
        cells[:] = cells[cut:] + cells[:cut]


def retype_cells(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    for _ in range(chance.choice((1, 1, 5, 40))):
        a_cell(notebook, chance)["cell_type"] = chance.choice(("code", "markdown", "raw", "heading", *ODD_VALUES))


def no_cells_among_cells(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    cells = cells_of(notebook)
    for _ in range(chance.choice((1, 3, 60))):
        cells.insert(chance.randrange(len(cells) + 1), copy.deepcopy(chance.choice(ODD_VALUES)))


def drop_keys(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    for _ in range(chance.choice((1, 3, 20))):
        places = a_cell(notebook, chance), a_marked_cell(notebook, chance).get("metadata"), notebook
        place = chance.choice(places)
        if isinstance(place, dict) and place:
            del place[chance.choice(list(place))]


def rename_keys(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    place = chance.choice((notebook, a_cell(notebook, chance), marks_of(a_marked_cell(notebook, chance))))
    if place:
        key = chance.choice(list(place))
        place[chance.choice((key.upper(), f"{key} ", f"{key}\u200b", *ODD_TEXT))] = place.pop(key)


def odd_values(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    """Put a value of another type anywhere: at the top, into cells, their metadata, their marks."""
    for _ in range(chance.choice((1, 2, 10))):
        cell, marked = a_cell(notebook, chance), a_marked_cell(notebook, chance)
        place, keys = chance.choice(
            (
                (notebook, ("cells", "metadata", "nbformat", "nbformat_minor", "worksheets")),
                (cell, CELL_KEYS),
                (cell, CELL_KEYS),
                (marks_of(marked), MARKS),
                (marked.get("metadata", {}), ("nbgrader", "tags", "collapsed")),
            )
        )
        if isinstance(place, dict):
            key = chance.choice(keys)
            if key != "cells" or chance.random() < 0.1:
                place[key] = copy.deepcopy(chance.choice(ODD_VALUES))


def swap_grade_ids(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    for _ in range(chance.choice((1, 1, 4, 30))):
        one, two = marks_of(a_marked_cell(notebook, chance)), marks_of(a_marked_cell(notebook, chance))
        if "grade_id" in one and "grade_id" in two:
            one["grade_id"], two["grade_id"] = two["grade_id"], one["grade_id"]


def copy_grade_ids(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    """Several cells claim one id, also cells that had none."""
    one = marks_of(a_marked_cell(notebook, chance))
    for _ in range(chance.choice((1, 2, 30))):
        a_cell(notebook, chance)["metadata"] = {"nbgrader": copy.deepcopy(one)}


def strange_grade_ids(notebook: Json, chance: Random, others: Sequence[Json]) -> None:
    for _ in range(chance.choice((1, 1, 5, 60))):
        foreign = marks_of(a_marked_cell(chance.choice(others), chance)).get("grade_id", "")
        marks = marks_of(a_marked_cell(notebook, chance))
        marks["grade_id"] = chance.choice((foreign, "setup", *ODD_TEXT, *ODD_VALUES))


def change_marks(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    for _ in range(chance.choice((1, 5, 60))):
        marks = marks_of(a_marked_cell(notebook, chance))
        marks["points"] = chance.choice((1e308, -5, "10", 100, float("nan"), None))
        marks["schema_version"] = chance.choice((1, 2, 3, 4, 99, "3", None))
        flag = chance.choice(("grade", "solution", "locked", "task"))
        marks[flag] = not marks.get(flag)


def add_tags(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    for cell in cells_of(notebook):
        metadata = cell.get("metadata") if isinstance(cell, dict) else None
        if isinstance(metadata, dict):
            metadata["tags"] = chance.choice(
                (["skip-execution"], ["raises-exception"], ["remove-cell"], [1], "tag", {})
            )
            metadata["deletable"] = chance.choice((True, False, "no"))


def notebook_metadata(notebook: Json, chance: Random, others: Sequence[Json]) -> None:
    kernel = {"name": chance.choice(("ir", "bash", "../x", "")), "language": "R", "display_name": "<b>R"}
    notebook["metadata"] = chance.choice(
        (
            {"kernelspec": kernel, "language_info": {"name": "R"}},
            {"autograder": {"assignment": chance.choice(("../x", "", 3, None, "06_costs_and_uses"))}},
            copy.deepcopy(chance.choice(others).get("metadata")),
            {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"a": 1}}}},
            {chance.choice(ODD_TEXT): chance.choice(ODD_VALUES)},
        )
    )
    notebook["nbformat"] = chance.choice((4, 4, 3, 2, 5, 10**20, "4", None))
    notebook["nbformat_minor"] = chance.choice((0, 5, -1, 99, "x"))


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


def cell_ids(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    for cell in cells_of(notebook):
        if isinstance(cell, dict):
            cell["id"] = chance.choice(("same", "", "x" * 100, "é", 3, None))


def foreign_cells(notebook: Json, chance: Random, others: Sequence[Json]) -> None:
    """Cells of other assignments, or the whole of another one."""
    cells, strangers = cells_of(notebook), cells_of(chance.choice(others))
    if chance.random() < 0.2:
        cells.clear()
    cells += copy.deepcopy(chance.sample(strangers, chance.randrange(len(strangers) + 1)))


def old_format(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    """Format 3: worksheets, and a code cell's text is its `input`."""
    cells = notebook.pop("cells", [])
    for cell in cells if isinstance(cells, list) else []:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            cell["input"] = cell.pop("source", "")
    sheets: list[Any] = [{"cells": cells, "metadata": {}}]
    notebook["worksheets"] = chance.choice((sheets, sheets, sheets * 2, [], [None, *sheets], {"cells": cells}))
    notebook["nbformat"] = 3


def many_cells(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    kind = chance.choice(("code", "markdown", "raw", "poem"))
    added: Json = {"cell_type": kind, "source": chance.choice(("x = 1", "", "*a*", "1/0")), "metadata": {}}
    cells_of(notebook).extend(dict(added) for _ in range(MANY))


def giant_keys(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    place = chance.choice((notebook, a_cell(notebook, chance), marks_of(a_marked_cell(notebook, chance))))
    place["k" * 100_000] = {f"{'k' * 1_000}{number}": number for number in range(50)}


def giant_output(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    text = chance.choice(("x", "0.1, ", "é", "\n")) * 100_000_000
    stream = {"output_type": "stream", "name": "stdout", "text": text[:100_000_000]}
    a_cell(notebook, chance)["outputs"] = [stream]


def too_many_cells(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    kind = chance.choice(("code", "markdown"))
    cells_of(notebook).extend([{"cell_type": kind, "source": "x = 1", "metadata": {}}] * 100_000)


def too_many_values(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    notebook["metadata"] = {"many": [chance.choice(([], {}, 1.5, "ab"))] * 20_000_000}


def dying_cells(notebook: Json, _chance: Random, _others: Sequence[Json]) -> None:
    """Each second cell ends its process, so that the others run again and again."""
    good = {"cell_type": "code", "source": "x = 1", "metadata": {}}
    bad = {"cell_type": "code", "source": "import os\nos._exit(1)", "metadata": {}}
    cells_of(notebook).extend([good, bad] * 500)


def named(*functions: Mutate) -> dict[str, Mutate]:
    return {function.__name__.replace("_", " "): function for function in functions}


TREE = named(
    *(delete_cells, delete_checks, duplicate_cells, reorder_cells, retype_cells, no_cells_among_cells, drop_keys),
    *(rename_keys, odd_values, swap_grade_ids, copy_grade_ids, strange_grade_ids, change_marks, add_tags),
    *(notebook_metadata, splice_sources, cut_sources, odd_sources, huge_source, bad_code, bad_outputs, cell_ids),
    *(foreign_cells, old_format, many_cells, giant_keys),
)
HEAVY = named(giant_output, too_many_cells, too_many_values, dying_cells)
