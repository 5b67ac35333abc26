"""nbgrader's database of a class: assignments as `nbgrader generate_assignment` registers them, results as
`nbgrader autograde` saves them, many submissions in one transaction.

Tables and their meaning are nbgrader's own (`nbgrader.api`). A score given by hand is never lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any

from autograder.course.source_notebook import NO_RESPONSE, Json
from autograder.decisions.set_aside import SetAside
from autograder.gradebook.assignment_cells import register
from autograder.gradebook.by_hand import OwnScores, becomes
from autograder.gradebook.database import open_gradebook, telling_trouble
from autograder.gradebook.extensions import Extensions
from autograder.gradebook.late_penalties import assign_penalties
from autograder.gradebook.nbgrader_config import Settings
from autograder.gradebook.sql_rows import Row, cell_rows, insert_missing, update
from autograder.result import ItemResult, Result


@dataclass(frozen=True)
class Graded:
    """What came of one submission. `unanswered`: solution cells that hold the release's text; `digest` stands for
    everything that was handed in and looked at, "" for what has to be marked again; `new`: another submission than the
    one that was written before; `extra_before`: the extra credit that the grader wrote before, by item."""

    student: str
    result: Result
    unanswered: frozenset[str]
    timestamp: datetime | None
    digest: str = ""
    new: bool = True
    extra_before: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """A score that changed; None stands for "to be graded by hand"."""

    student: str
    item: str
    old: float | None
    new: float | None


def auto_scores(result: Result) -> dict[str, float | None]:
    """The score of each item as nbgrader's `auto_score`: None where a person has to read the answer, 0 for an extra
    item, whose points are nbgrader's `extra_credit`. What was decided on needs no person."""
    return {item.id: auto_score(item) for item in result.items}


def auto_score(item: ItemResult) -> float | None:
    """nbgrader's `auto_score` of an item."""
    if item.verdict == "needs_review" and not item.decision:
        return None
    return 0.0 if item.extra else item.points


def extra_credit(result: Result) -> dict[str, float]:
    """The points of the extra items, as nbgrader's `extra_credit`."""
    return {item.id: item.points for item in result.items if item.extra}


class Grades:
    """The open database of a class; a context manager. Raises ClassError where it can't be opened or written."""

    def __init__(self, settings: Settings) -> None:
        from nbgrader import api

        self._api = api
        self._settings = settings
        self._book = open_gradebook(settings.db_url, settings.course_id)
        self._db = self._book.db

    def __enter__(self) -> Grades:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            self._db.rollback()
        self._book.close()

    def register(self, name: str, release: Json) -> list[str]:
        """Bring the assignment's cells up to date with its release notebook.

        Returns sentences on what changed in an assignment that was known; its submissions keep their scores, and
        what was removed from the assignment is removed from them.
        """
        with telling_trouble():
            changes = register(self._db, self._settings.course_id, name, release)
            self._db.commit()
        return changes

    def write(self, assignment: str, batch: Sequence[Graded], aside: SetAside | None = None) -> list[Moved]:
        """Write what came of submissions (one for a student) in one transaction; returns the scores that this moved.

        Where something was decided on an item, what people gave for it goes to `aside`, and comes back from there when
        the decision is undone.
        """
        if not batch:
            return []
        kept = SetAside() if aside is None else aside
        with telling_trouble():
            moved = self._write(assignment, {graded.student: graded for graded in batch}, kept)
            kept.write_more()
            self._db.commit()
            kept.write()
        return moved

    def assign_penalties(self, assignment: str) -> list[str]:
        """Bring late penalties up to date with scores and due dates; returns the students whose penalty changed."""
        with telling_trouble():
            changed = assign_penalties(self._db, self._book.find_assignment(assignment), self._settings.config)
            self._db.commit()
        return changed

    def extend(self, assignment: str, extensions: Extensions) -> None:
        """Write the extensions of due dates."""
        with telling_trouble():
            extensions.write(self._db, self._book.find_assignment(assignment))

    def _write(self, assignment: str, batch: Mapping[str, Graded], aside: SetAside) -> list[Moved]:
        api = self._api
        notebook = self._book.find_notebook(assignment, assignment)
        insert_missing(self._db, api.Student, "id", [{"id": student} for student in batch])
        rows = [
            {"assignment_id": notebook.assignment_id, "student_id": student, "timestamp": graded.timestamp}
            for student, graded in batch.items()
        ]
        submissions = insert_missing(self._db, api.SubmittedAssignment, "student_id", rows, "assignment_id")
        rows = [
            {"id": submissions[student].id, "timestamp": graded.timestamp}
            for student, graded in batch.items()
            if graded.timestamp or graded.new  # what is handed in anew without a time is not known to be late
            if submissions[student].timestamp != graded.timestamp
        ]
        update(self._db, api.SubmittedAssignment, rows)
        rows = [{"assignment_id": row.id, "notebook_id": notebook.id, "flagged": False} for row in submissions.values()]
        handed_in = insert_missing(self._db, api.SubmittedNotebook, "assignment_id", rows, "notebook_id")
        sheets = {student: handed_in[submission.id].id for student, submission in submissions.items()}
        moved = self._write_grades(notebook, batch, sheets, aside)
        self._write_comments(notebook, batch, sheets)
        return moved

    def _write_grades(
        self, notebook: Any, batch: Mapping[str, Graded], sheets: Mapping[str, str], aside: SetAside
    ) -> list[Moved]:
        cells = {cell.name: cell.id for cell in notebook.grade_cells}
        grades = cell_rows(self._db, self._api.Grade, sheets.values(), cells.values())
        moved: list[Moved] = []
        changed: list[Row] = []
        for student, graded in batch.items():
            scores, extras = auto_scores(graded.result), extra_credit(graded.result)
            for item in graded.result.items:
                old, created = grades[sheets[student], cells[item.id]]
                before = None if created else graded.extra_before.get(item.id)
                own = OwnScores(scores[item.id], extras.get(item.id), before, graded.new)
                row = {"id": old.id, **becomes(old, item.id, item if item.decision else None, own, aside, student)}
                if any(getattr(old, column) != value for column, value in row.items()):
                    changed.append(row)
                if not created:
                    moved += _moves(student, item.id, old, row)
        update(self._db, self._api.Grade, changed)
        return moved

    def _write_comments(self, notebook: Any, batch: Mapping[str, Graded], sheets: Mapping[str, str]) -> None:
        cells = {cell.name: cell.id for cell in notebook.solution_cells}
        comments = cell_rows(self._db, self._api.Comment, sheets.values(), cells.values())
        changed = []
        for student, graded in batch.items():
            for name, cell in cells.items():
                old, _ = comments[sheets[student], cell]
                text = NO_RESPONSE if name in graded.unanswered else None
                if old.auto_comment != text:
                    changed.append({"id": old.id, "auto_comment": text})
        update(self._db, self._api.Comment, changed)


def _moves(student: str, item: str, old: Any, row: Row) -> list[Moved]:
    """Which scores of a grade that was known another one takes the place of."""
    columns = [column for column in ("auto_score", "extra_credit") if getattr(old, column) not in (None, row[column])]
    return [Moved(student, item, getattr(old, column), row[column]) for column in columns]
