"""What a student handed in, read from the graded notebook: the text of each answer, and the notebook's cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.class_directory.paths import notebook_path
from autograder.course.source_notebook import Json, answer_id
from autograder.files import read_regular
from autograder.report.sanitize import unsanitized
from autograder.submission.submitted_notebook import MOST_FILE


@dataclass(frozen=True)
class WorkCell:
    """A cell of a graded notebook. `source` is the student's text as it was written, to be escaped where it is shown;
    `outputs` are nbformat's."""

    grade_id: str | None
    kind: str
    source: str
    outputs: tuple[Json, ...]


@dataclass(frozen=True)
class Work:
    """A student's notebook of an assignment, its cells in their order."""

    cells: tuple[WorkCell, ...]

    def answer(self, item: str) -> str:
        """The text of the cell that holds an item's answer, code or prose; "" where there is no such cell."""
        found = self._by_id.get(answer_id(item)) or self._by_id.get(item)
        return found.source if found and not (found.grade_id == item and found.kind == "code") else ""

    @cached_property
    def _by_id(self) -> Mapping[str, WorkCell]:
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id}


def read_work(root: Path, assignment: str, student: str) -> Work:
    """The graded notebook of a class in `root`; one without cells where there is none, or none that can be read."""
    try:
        notebook = json.loads(read_regular(notebook_path(root, assignment, student), MOST_FILE))
        return Work(tuple(map(_cell, notebook["cells"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Work(())


def _cell(cell: Json) -> WorkCell:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return WorkCell(grade_id, cell["cell_type"], unsanitized(_text(cell["source"])), tuple(cell.get("outputs", ())))


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
