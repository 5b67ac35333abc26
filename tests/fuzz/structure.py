"""Damages which cells a notebook has, their order, kinds, keys and marks, and what it says of itself."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from random import Random
from typing import Any

from autograder.course.source_notebook import Json
from tests.fuzz.parts import ODD_TEXT, ODD_VALUES, a_cell, a_marked_cell, cells_of, marks_of

MANY = 300  # cells of a notebook that has too many, in a run without heavy ones
CELL_KEYS = ("cell_type", "source", "metadata", "outputs", "execution_count", "id", "attachments")
MARKS = ("grade", "grade_id", "locked", "points", "schema_version", "solution", "task", "checksum", "cell_type")


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


def too_many_cells(notebook: Json, chance: Random, _others: Sequence[Json]) -> None:
    kind = chance.choice(("code", "markdown"))
    cells_of(notebook).extend([{"cell_type": kind, "source": "x = 1", "metadata": {}}] * 100_000)
