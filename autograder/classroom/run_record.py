"""The record of a run: what the gradebook has after it, beside what the record before says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import __version__
from autograder.class_directory.lock import only_grader
from autograder.class_directory.stamps import Stamp, Stamps
from autograder.decisions.in_force import InForce
from autograder.decisions.rulings import Ruling
from autograder.decisions.who_and_when import now, user_name
from autograder.gradebook.by_hand import kept_by_hand
from autograder.gradebook.extensions import Extensions
from autograder.gradebook.grades import Grades
from autograder.gradebook.nbgrader_config import Settings
from autograder.gradebook.standing import Standing, read_standing
from autograder.history.record import Run, StudentMarks, moves
from autograder.history.runs import keep, newest_runs

NBGRADERS = "nbgrader autograde"
NO_STAMP = Stamp("", "", "")


@dataclass(frozen=True)
class RunBegun:
    """A run of an assignment: the command, and what the record before has; nothing, where there is none."""

    assignment: str
    command: str
    before: Mapping[str, StudentMarks]

    def record(
        self, marks: Mapping[str, StudentMarks], course: str, rulings: Mapping[str, Ruling], marked: Collection[str]
    ) -> Run:
        """What came of it; `marks` is what the gradebook has now."""
        moved = moves(self.before, marks)
        by, when, decided = user_name(), now(), _said(rulings)
        graded = tuple(sorted(marked))
        return Run(self.assignment, self.command, by, when, __version__, course, decided, graded, moved, marks)


def begin_run(root: Path, assignment: str, command: str) -> RunBegun:
    """A run of an assignment of the class in `root`. What moves is told against the last record."""
    _, last = next(newest_runs(root, assignment), (None, None))
    return RunBegun(assignment, command, last.students if last else {})


def keep_if_changed(root: Path, begun: RunBegun, run: Run) -> None:
    """Keep the record where anything is another than in the one before."""
    if run.students != begun.before:
        keep(root, run)


def after_nbgrader(settings: Settings, course: str, assignment: str, decisions: InForce) -> None:
    """After `nbgrader autograde`: heed other due dates, and keep the record. Formgrader grades one student after the
    other, so what one user does in a row is one record. Raises ClassError or OSError."""
    root = decisions.root
    with only_grader(root):
        extensions = Extensions(root, assignment, decisions.due_dates)
        if not extensions.settled(read_standing(settings.db_url, assignment)):
            with Grades(settings) as grades:
                grades.extend(assignment, extensions)
                grades.assign_penalties(assignment)
        marks = marks_of(read_standing(settings.db_url, assignment), Stamps(root, assignment))
        newest = newest_runs(root, assignment)
        number, last = next(newest, (None, None))
        goes_on = last is not None and (last.command, last.by) == (NBGRADERS, user_name())
        _, before = next(newest, (None, None)) if goes_on else (number, last)
        begun = RunBegun(assignment, NBGRADERS, before.students if before else {})
        if marks != (last.students if last else {}):
            keep(root, begun.record(marks, course, decisions.rulings, ()), number if goes_on else None)


def marks_of(standing: Standing, stamps: Stamps) -> dict[str, StudentMarks]:
    """What the gradebook has for each student, and what it was made of."""
    return {student: _marks(standing, stamps.get(student) or NO_STAMP, student) for student in sorted(standing.grades)}


def _marks(standing: Standing, stamp: Stamp, student: str) -> StudentMarks:
    grades = standing.grades[student]
    by_hand = tuple(
        item
        for item, grade in sorted(grades.items())
        if grade.manual is not None or kept_by_hand(grade.extra, stamp.extra.get(item), None)
    )
    return StudentMarks(
        standing.points[student],
        standing.penalties.get(student, 0.0),
        {item: grade.points for item, grade in sorted(grades.items())},
        by_hand,
        stamp.submission,
        stamp.course,
        stamp.engine,
        _said(stamp.decided),
    )


def _said(rulings: Mapping[str, Ruling]) -> dict[str, str]:
    return {
        item: f"{ruling.effect}: {ruling.reason}" if ruling.reason else ruling.effect
        for item, ruling in sorted(rulings.items())
    }
