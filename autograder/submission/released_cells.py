"""A submission beside its release: which of its cells are the course's, and which of those were changed."""

from __future__ import annotations

import re
import symtable
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from autograder.answers.question import EMPTY_TEXT
from autograder.course.course import Assignment
from autograder.course.source_notebook import marks_of, source_notebook
from autograder.submission.submitted_notebook import Submission, SubmittedCell

SETUP = "setup"
MOST_NAMED = 4  # cells in one sentence
SOLUTION = re.compile(r"^[ \t]*### BEGIN SOLUTION.*?^[ \t]*### END SOLUTION[^\n]*\n?", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class ReleasedCell:
    """A cell that students were handed out; `locked` if its text is fixed."""

    grade_id: str | None
    kind: str
    source: str
    locked: bool


@dataclass(frozen=True)
class Released:
    """The cells of a release in their order; `makes` has the names that each of its plots (locked code which is neither
    setup nor check) makes."""

    cells: tuple[ReleasedCell, ...]
    makes: Mapping[str, frozenset[str]]

    @cached_property
    def by_id(self) -> dict[str, ReleasedCell]:
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id is not None}

    @cached_property
    def lines(self) -> frozenset[str]:
        """Every line of the release, without the space around it."""
        sources = (*(cell.source for cell in self.cells), EMPTY_TEXT)
        return frozenset(line.strip() for source in sources for line in source.splitlines())

    @cached_property
    def texts(self) -> frozenset[tuple[str, str]]:
        return frozenset(text_of(cell) for cell in self.cells)


def released_cells_of(assignment: Assignment) -> Released:
    """The release as far as marking needs it."""
    cells = [
        ReleasedCell(marks.get("grade_id"), cell["cell_type"], _handed_out(cell["source"]), marks.get("locked", False))
        for cell in source_notebook(assignment)["cells"]
        for marks in [marks_of(cell)]
    ]
    plots = {
        cell.grade_id: _names_made(cell.source)
        for cell in cells
        if cell.grade_id and cell.locked and cell.kind == "code"
        if cell.grade_id != SETUP and cell.grade_id not in assignment.items
    }
    return Released(tuple(cells), plots)


def _handed_out(source: str) -> str:
    """A cell's text without the course's solution: which lines are in that must not be told by what is left out."""
    return SOLUTION.sub("", source)


def _names_made(source: str) -> frozenset[str]:
    """The names that a cell of the course's own defines."""
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except SyntaxError:  # IPython's own syntax
        return frozenset()
    made = (symbol for symbol in symbols if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace())
    return frozenset(symbol.get_name() for symbol in made)


def text_of(cell: SubmittedCell | ReleasedCell) -> tuple[str, str]:
    """What two cells have in common that nobody would tell apart."""
    return cell.kind, plain_text(cell.source)


def plain_text(source: str) -> str:
    """A text without what editors change by themselves: space at the ends, kinds of line ends."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def is_changed(cell: SubmittedCell, released: ReleasedCell) -> bool:
    """Whether the cell's text is fixed, and another now."""
    return released.locked and plain_text(cell.source) != plain_text(released.source)


def recognised(submission: Submission, released: Released) -> tuple[Submission, tuple[str, ...]]:
    """The submission with the ids of cells that lost their metadata, and those ids.

    A cell is known by its text, or as the only one that can stand between two that are known. It is never known in
    place of a cell that claims the id itself.
    """
    claimed = Counter(cell.grade_id for cell in submission.cells if cell.grade_id)
    lost = {id for id in released.by_id if id not in claimed}
    if not lost:
        return submission, ()
    pairs = dict(_pairs_by_text(submission, released, lost))
    pairs |= dict(_pairs_by_place(submission, released, pairs))
    ids = {place: id for place, at in pairs.items() if (id := released.cells[at].grade_id) in lost}
    cells = tuple(replace(cell, grade_id=ids.get(place, cell.grade_id)) for place, cell in enumerate(submission.cells))
    return replace(submission, cells=cells), tuple(id for id in released.by_id if id in ids.values())


def shared_cells(submission: Submission, released: Released) -> int:
    """How many of the assignment's cells the submission holds, by their ids or their texts."""
    known = {cell.grade_id for cell in recognised(submission, released)[0].cells}
    return len(known & released.by_id.keys() - {SETUP})


def most_shared(submission: Submission, names: Iterable[str], released: Callable[[str], Released]) -> str | None:
    """The assignment of these names whose cells the submission holds most of; None if it holds none of any."""
    shared = {name: shared_cells(submission, released(name)) for name in names}
    best = max(shared, key=lambda name: shared[name], default=None)
    return best if best and shared[best] else None


def _pairs_by_text(submission: Submission, released: Released, lost: set[str]) -> Iterator[tuple[int, int]]:
    """(place in the submission, place in the release) of the cells that are the same without doubt."""
    places = {cell.grade_id: at for at, cell in enumerate(released.cells) if cell.grade_id}
    once = Counter(map(text_of, released.cells))
    texts = {
        text_of(cell): at
        for at, cell in enumerate(released.cells)
        if once[text_of(cell)] == 1 and (cell.grade_id is None or cell.grade_id in lost)
    }
    for place, cell in enumerate(submission.cells):
        at = texts.get(text_of(cell)) if cell.grade_id is None else places.get(cell.grade_id)
        if at is not None:
            yield place, at


def _pairs_by_place(submission: Submission, released: Released, known: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The same for the others, where as many of the same types stand between two known cells in both notebooks."""
    copies = Counter(known.values())
    fixed = sorted((place, at) for place, at in known.items() if copies[at] == 1)
    ends = [(-1, -1), *fixed, (len(submission.cells), len(released.cells))]
    for (place, at), (next_place, next_at) in pairwise(ends):
        between = range(place + 1, next_place)
        unknown = [p for p in between if p not in known and submission.cells[p].grade_id is None]
        missing = [a for a in range(at + 1, next_at) if not copies[a]]
        if [submission.cells[p].kind for p in unknown] == [released.cells[a].kind for a in missing]:
            yield from zip(unknown, missing, strict=True)


def differences(submission: Submission, released: Released, found_again: Sequence[str]) -> list[str]:
    """Sentences about cells that are missing, doubled, of another type, or changed though their text is fixed."""
    if not submission.cells:
        return []
    expected = released.by_id
    found = {id: [submission.cells[place] for place in submission.find(id)] for id in expected}
    if not any(found.values()):
        return ["None of the assignment's cells was found: is this another assignment, or were its cells rebuilt?"]
    of_another_kind = [id for id, cells in found.items() if any(cell.kind != expected[id].kind for cell in cells)]
    changed = [
        id
        for id, cells in found.items()
        if id not in of_another_kind and any(is_changed(cell, expected[id]) for cell in cells)
    ]
    code = [id for id in changed if expected[id].kind == "code"]
    copied = [id for id, cells in found.items() if len(cells) > 1]
    noted = {
        "Cells that had lost their metadata and were found by their text or place": found_again,
        "Missing cells": [id for id, cells in found.items() if not cells],
        "Cells whose type was changed": of_another_kind,
        "Fixed cells that were changed (what stands in them now was run as the student's own code)": code,
        "Fixed cells that were changed (they hold text, so nothing in them was run)": [
            id for id in changed if id not in code
        ],
    }
    return [*_copies(copied, found, expected), *(f"{what}: {_listed(ids)}." for what, ids in noted.items() if ids)]


def _listed(ids: Sequence[str]) -> str:
    """The first of them by name, and how many more there are."""
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED + 1 else ""
    return ", ".join(ids[:MOST_NAMED] if more else ids) + more


def _copies(
    ids: Sequence[str], found: Mapping[str, Sequence[SubmittedCell]], expected: Mapping[str, ReleasedCell]
) -> list[str]:
    """The sentence about cells that are there more than once. Those that differ are what a reader must know of."""
    if not ids:
        return []
    times = "twice" if all(len(found[id]) == 2 for id in ids) else "more than once"
    texts = any(not expected[id].locked and expected[id].kind == "markdown" for id in ids)
    count = "One cell is" if len(ids) == 1 else f"{len(ids)} cells are"
    last = "the last copy counts" if len(ids) == 1 else "the last copies count"
    differ = [id for id in ids if len(set(map(text_of, found[id]))) > 1]
    which = f"These differ: {_listed(differ)}." if differ else "The copies are alike."
    return [f"{count} there {times}; {last}{', of a text the last that is written' if texts else ''}. {which}"]
