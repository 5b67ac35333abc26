"""Damages real notebooks in the ways that students, tools, transfers and attackers do, by chance but repeatably."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from autograder.course.source_notebook import Json
from tests.fuzz import contents, structure
from tests.fuzz.encodings import BYTES, TEXT
from tests.fuzz.parts import cells_of

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


def named(*functions: Mutate) -> dict[str, Mutate]:
    return {function.__name__.replace("_", " "): function for function in functions}


TREE = named(
    structure.delete_cells,
    structure.delete_checks,
    structure.duplicate_cells,
    structure.reorder_cells,
    structure.retype_cells,
    structure.no_cells_among_cells,
    structure.drop_keys,
    structure.rename_keys,
    structure.odd_values,
    structure.swap_grade_ids,
    structure.copy_grade_ids,
    structure.strange_grade_ids,
    structure.change_marks,
    structure.add_tags,
    structure.notebook_metadata,
    contents.splice_sources,
    contents.cut_sources,
    contents.odd_sources,
    contents.huge_source,
    contents.bad_code,
    contents.bad_outputs,
    structure.cell_ids,
    structure.foreign_cells,
    structure.old_format,
    structure.many_cells,
    contents.giant_keys,
)
HEAVY = named(contents.giant_output, structure.too_many_cells, contents.too_many_values, contents.dying_cells)
