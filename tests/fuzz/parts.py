"""The parts of a notebook that may have been damaged before, and odd texts and values to put in their place."""

from __future__ import annotations

from random import Random
from typing import Any

from autograder.course.source_notebook import Json

ODD_TEXT = (
    *("", "\x00", "\ud800", "\udfff\ud800", "\u202e", "\ufeff", "e\u0301" * 50, "😀", "\r", "\x0b", "\x1b[31m", "\x85"),
    *("</script>", "=cmd|' /C calc'!A0", "../../etc/passwd", "%s%n{0}", "__proto__", "x" * 3_000, "\n" * 500, "\t"),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, -(2**63), 1e308, float("nan"), float("inf"), [], {}, [[]], [None], ""),
    *("text", ["a", 1], ["a", None], {"a": {}}, [{}], "\ud800", {"": ""}, [[[[[[[[[[]]]]]]]]]], "1", "True"),
)


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
