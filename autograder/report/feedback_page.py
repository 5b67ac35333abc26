"""What nbgrader's feedback page of a graded notebook lists at its top: each graded cell by a name that people know.

`templates/feedback_page/` shows it; the rest of the page is nbgrader's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.source_notebook import NO_RESPONSE, Json, answer_id, grade_id_of, marks_of

DECISION = "decision"  # in the metadata of a graded cell: what was decided on its item
TEMPLATES = Path(__file__).with_name("templates")
TEMPLATE = "feedback_page"
NAMED = re.compile(r"\*\*([^*\n]+)\*\*")  # what the text of a question begins with


@dataclass(frozen=True)
class PageEntry:
    """A graded cell: its title, its points, the anchors on nbgrader's page of the cell and of its comment, and what was
    decided on it."""

    title: str
    anchor: str
    score: float
    most: float
    comment: str = ""
    decision: str = ""


def contents(notebook: Any) -> Iterator[PageEntry]:
    """The graded cells of a notebook that nbgrader's GetGrades has written scores and comments into."""
    cells: dict[str, Json] = {id: cell for cell in notebook["cells"] if (id := grade_id_of(cell))}
    for id, cell in cells.items():
        marks = marks_of(cell)
        if marks.get("grade") or marks.get("task"):
            holds = next((held for held in (answer_id(id), id) if _has_comment(cells.get(held))), "")
            comment = f"comment-{holds}" if holds else ""
            score, most, decision = float(marks["score"]), float(marks["points"]), cell["metadata"].get(DECISION, "")
            yield PageEntry(_title(id, cells), id, score, most, comment, decision)


def _title(id: str, cells: dict[str, Json]) -> str:
    stem = NAMED.match(cells[f"{id}_stem"]["source"]) if f"{id}_stem" in cells else None
    return stem[1] if stem else id


def _has_comment(cell: Json | None) -> bool:
    return cell is not None and marks_of(cell).get("comment") not in (None, "", NO_RESPONSE)
