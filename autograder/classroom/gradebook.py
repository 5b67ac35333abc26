"""nbgrader's database of a class: assignments as `nbgrader generate_assignment` registers them, results as
`nbgrader autograde` saves them, many submissions in one transaction.

Tables and their meaning are nbgrader's own (`nbgrader.api`). A score given by hand is never lost.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.classroom.assignment_cells import register
from autograder.classroom.nbgrader_config import Settings
from autograder.classroom.sql_rows import Row, cell_rows, insert_missing, select_columns, update
from autograder.course.source_notebook import Json
from autograder.errors import ClassError
from autograder.files import temporary_name
from autograder.marking.result import Result
from autograder.report.feedback_page import NO_RESPONSE

_LOCKED_SECONDS = 60
_AGAIN = "Then run the same command again: what was graded is kept."
_DAMAGED = (
    "It is damaged: put a copy of yours in its place. Without one, move it away, and a new one is filled from "
    "submitted/; scores given by hand are only in the old one."
)
_ADVICE = {  # by SQLite's words
    "is locked": f"Another program works in it: wait until it is done, or end it. {_AGAIN}",
    "is full": f"Make room on the disk. {_AGAIN}",
    "disk I/O error": f"The disk is full, over a quota, or broken. {_AGAIN}",
    "readonly": f"Make the file and its folder writable for you. {_AGAIN}",
    "unable to open": f"It has to be a file that you may write, in a folder that you may write. {_AGAIN}",
    "not a database": _DAMAGED,
    "malformed": _DAMAGED,
}
_UPGRADE = "After an update of nbgrader, make a copy of the database and run `nbgrader db upgrade`."


@dataclass(frozen=True)
class Graded:
    """What came of one submission. `unanswered`: solution cells that hold the release's text; `digest` stands for
    everything that was handed in and looked at, "" for what has to be marked again; `new`: another submission than the
    one that was written before."""

    student: str
    result: Result
    unanswered: frozenset[str]
    timestamp: datetime | None
    digest: str = ""
    new: bool = True


@dataclass(frozen=True)
class Moved:
    """A score that changed; None stands for "to be graded by hand"."""

    student: str
    item: str
    old: float | None
    new: float | None


def auto_scores(result: Result) -> dict[str, float | None]:
    """The score of each item as nbgrader's `auto_score`: None where a person has to read the answer, 0 for an extra
    item, whose points are nbgrader's `extra_credit`."""
    scores = {item.id: 0.0 if item.extra else item.points for item in result.items}
    return scores | {item.id: None for item in result.items if item.verdict == "needs_review"}


class Grades:
    """The open database of a class; a context manager. Raises ClassError where it can't be opened or written."""

    def __init__(self, settings: Settings) -> None:
        from nbgrader import api
        from sqlalchemy.exc import ArgumentError

        self._api = api
        self._settings = settings
        try:
            with _environment_on_path(), _telling_trouble():
                self._book = _open(settings.db_url, settings.course_id)
        except ArgumentError as error:
            raise ClassError(f"c.CourseDirectory.db_url names no database that is known: {error}.") from error
        except ModuleNotFoundError as error:
            raise ClassError(f"The gradebook's database needs the Python package {error.name}: install it.") from error
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
        with _telling_trouble():
            changes = register(self._db, self._settings.course_id, name, release)
            self._db.commit()
        return changes

    def scores(self, assignment: str) -> dict[str, dict[str, float | None]]:
        """The `auto_score` of each item by student."""
        api = self._api
        wanted = (
            select_columns(api.SubmittedAssignment.student_id, api.BaseCell.name, api.Grade.auto_score)
            .join_from(api.Grade, api.BaseCell, api.Grade.cell_id == api.BaseCell.id)
            .join(api.SubmittedNotebook, api.Grade.notebook_id == api.SubmittedNotebook.id)
            .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
            .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
            .where(api.Assignment.name == assignment)
        )
        found: dict[str, dict[str, float | None]] = {}
        with _telling_trouble():
            for student, item, score in self._db.execute(wanted):
                found.setdefault(student, {})[item] = score
            self._db.rollback()
        return found

    def write(self, assignment: str, batch: Sequence[Graded]) -> list[Moved]:
        """Write what came of submissions (one for a student) in one transaction; returns the scores that this moved."""
        if not batch:
            return []
        with _telling_trouble():
            moved = self._write(assignment, {graded.student: graded for graded in batch})
            self._db.commit()
        return moved

    def _write(self, assignment: str, batch: Mapping[str, Graded]) -> list[Moved]:
        api = self._api
        notebook = self._book.find_notebook(assignment, assignment)
        insert_missing(self._db, api.Student, "id", [{"id": student} for student in batch])
        times = {student: graded.timestamp for student, graded in batch.items() if graded.timestamp}
        rows = [
            {"assignment_id": notebook.assignment_id, "student_id": student, "timestamp": times.get(student)}
            for student in batch
        ]
        submissions = insert_missing(self._db, api.SubmittedAssignment, "student_id", rows, "assignment_id")
        update(
            self._db,
            api.SubmittedAssignment,
            [
                {"id": submissions[student].id, "timestamp": when}
                for student, when in times.items()
                if submissions[student].timestamp != when
            ],
        )
        rows = [{"assignment_id": row.id, "notebook_id": notebook.id, "flagged": False} for row in submissions.values()]
        handed_in = insert_missing(self._db, api.SubmittedNotebook, "assignment_id", rows, "notebook_id")
        sheets = {student: handed_in[submission.id].id for student, submission in submissions.items()}
        moved = self._write_grades(notebook, batch, sheets)
        self._write_comments(notebook, batch, sheets)
        self._assign_penalties(notebook, sheets)
        return moved

    def _write_grades(self, notebook: Any, batch: Mapping[str, Graded], sheets: Mapping[str, str]) -> list[Moved]:
        cells = {cell.name: cell.id for cell in notebook.grade_cells}
        grades = cell_rows(self._db, self._api.Grade, sheets.values(), cells.values())
        moved: list[Moved] = []
        changed: list[Row] = []
        for student, graded in batch.items():
            extras = {item.id: item.points for item in graded.result.items if item.extra}
            for item, score in auto_scores(graded.result).items():
                old, created = grades[sheets[student], cells[item]]
                by_hand = old.manual_score is not None
                # As nbgrader has it, a person looks again at a score given by hand; but only where there is a reason.
                again = graded.new or old.auto_score != score or old.needs_manual_grade
                row = {
                    "id": old.id,
                    "auto_score": score,
                    "needs_manual_grade": again if by_hand else score is None,
                    "extra_credit": extras.get(item, old.extra_credit),
                }
                if any(getattr(old, column) != value for column, value in row.items()):
                    changed.append(row)
                if not created and old.auto_score != score and old.auto_score is not None:
                    moved.append(Moved(student, item, old.auto_score, score))
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

    def _assign_penalties(self, notebook: Any, sheets: Mapping[str, str]) -> None:
        """Late penalties by the plugin that the class configures, as nbgrader's own step does it."""
        if notebook.assignment.duedate is None:
            return
        from nbgrader.preprocessors import AssignLatePenalties

        step = AssignLatePenalties(config=self._settings.config)
        step.init_plugin()
        self._db.expire_all()
        for student, sheet in sheets.items():
            submitted = self._db.get(self._api.SubmittedNotebook, sheet)
            late = submitted.assignment.total_seconds_late
            penalty = step.plugin_inst.late_submission_penalty(student, submitted.score, late) if late > 0 else None
            checked = None if penalty is None else step._check_late_penalty(submitted, penalty)
            if submitted.late_submission_penalty != checked:
                submitted.late_submission_penalty = checked


def _open(url: str, course_id: str) -> Any:
    """nbgrader's database at `url`, made whole or not at all where it is a file that isn't there."""
    from nbgrader import api
    from sqlalchemy.engine import make_url

    place = make_url(url)
    file = Path(place.database or "")
    if place.drivername.startswith("sqlite") and file.is_absolute() and not file.exists():
        new = file.with_name(temporary_name())
        try:
            api.Gradebook(str(place.set(database=str(new))), course_id).close()
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
    return api.Gradebook(_patient(url), course_id)


def _patient(url: str) -> str:
    """SQLite waits for another writer, such as formgrader, before it gives up."""
    if not url.startswith("sqlite") or "timeout=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}timeout={_LOCKED_SECONDS}"


@contextmanager
def _environment_on_path() -> Iterator[None]:
    """nbgrader calls the program `alembic` when it makes a database; it is installed next to this Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        if shutil.which("alembic") is None:
            raise ClassError("The program alembic isn't installed next to this Python: `pip install alembic`.")
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def _telling_trouble() -> Iterator[None]:
    from sqlalchemy.exc import DatabaseError

    try:
        yield
    except DatabaseError as error:
        said = str(error.orig)
        advice = next((advice for words, advice in _ADVICE.items() if words in said), _UPGRADE)
        raise ClassError(f"The gradebook can't be used: {said}. {advice}") from error
