"""How an assignment stands in nbgrader's database, read without nbgrader itself, which takes seconds to load."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from autograder.gradebook.database import reading

_GRADES = """
    select submitted_assignment.student_id as student, base_cell.name as item, grade.auto_score as auto,
        grade.manual_score as manual, grade.extra_credit as extra, grade.needs_manual_grade as waits,
        grade_cells.max_score as most
    from grade
    join base_cell on base_cell.id = grade.cell_id
    left join grade_cells on grade_cells.id = grade.cell_id
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join assignment on assignment.id = submitted_assignment.assignment_id
    where assignment.name = :assignment
    order by student, item"""
_TIMES = """
    select submitted_assignment.student_id as student, submitted_assignment.timestamp as handed_in,
        submitted_assignment.extension as extension, assignment.duedate as due,
        submitted_notebook.late_submission_penalty as penalty
    from submitted_notebook
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join assignment on assignment.id = submitted_assignment.assignment_id
    where assignment.name = :assignment
    order by student"""


@dataclass(frozen=True)
class ItemGrade:
    """What nbgrader holds of a student's item: the grader's score (None: to be graded by hand), a person's, extra
    credit on top (None: nothing of these), whether it waits for a person, and its maximum."""

    auto: float | None
    manual: float | None
    extra: float | None
    waits: bool
    max_points: float

    @property
    def points(self) -> float | None:
        """What counts, as nbgrader has it: the score given by hand before the grader's, and the extra credit; None
        where nothing was given yet, which nbgrader counts as 0."""
        given = self.auto if self.manual is None else self.manual
        return None if given is None else given + (self.extra or 0.0)


@dataclass(frozen=True)
class Waiting:
    """An answer that waits for a person; `again`: points were given by hand before and are to be looked at again."""

    student: str
    item: str
    again: bool


@dataclass(frozen=True)
class Late:
    """A submission that is late by so many seconds, or that has a penalty; `score` is without the penalty."""

    student: str
    score: float
    seconds: float
    penalty: float | None


@dataclass(frozen=True)
class Standing:
    """`grades`: what the gradebook holds of each item by student. `empty`: the database isn't there, or holds no
    submission of any assignment. `due`: the due date in UTC, where somebody handed in; `extensions`: the time that each
    student who handed in has beyond it."""

    empty: bool
    grades: Mapping[str, Mapping[str, ItemGrade]]
    waiting: tuple[Waiting, ...]
    late: tuple[Late, ...]
    due: datetime | None = None
    extensions: Mapping[str, timedelta | None] = field(default_factory=dict)

    @cached_property
    def scores(self) -> dict[str, dict[str, float | None]]:
        """The `auto_score` of each item by student; None stands for "to be graded by hand"."""
        return {student: {item: grade.auto for item, grade in items.items()} for student, items in self.grades.items()}

    @cached_property
    def penalties(self) -> dict[str, float]:
        """What lateness costs each student whom it costs something, in points."""
        found: dict[str, float] = {}
        for one in self.late:
            found[one.student] = found.get(one.student, 0.0) + (one.penalty or 0.0)
        return found

    @cached_property
    def seconds(self) -> dict[str, float]:
        """By how many seconds each student who is late is late."""
        return {one.student: one.seconds for one in self.late if one.seconds > 0}

    @cached_property
    def points(self) -> dict[str, float]:
        """What each student has for the assignment, as nbgrader exports it: without what lateness costs, but never
        less than 0."""
        late = self.penalties
        return {student: max(0.0, _sum(items) - late.get(student, 0.0)) for student, items in self.grades.items()}

    def without(self, students: Collection[str]) -> Standing:
        """The same for all but these students."""
        grades = {student: items for student, items in self.grades.items() if student not in students}
        waiting = tuple(one for one in self.waiting if one.student not in students)
        return replace(self, grades=grades, waiting=waiting)


def read_standing(url: str, assignment: str) -> Standing:
    """How the assignment stands in the database at `url`; where that isn't there yet, nothing stands in it.

    Raises ClassError where it can't be read.
    """
    from sqlalchemy import DateTime, Interval, inspect, text

    times = text(_TIMES).columns(handed_in=DateTime, extension=Interval, due=DateTime)
    with reading(url) as connection:
        if connection is None or not inspect(connection).has_table("grade"):
            return Standing(True, {}, (), ())
        empty = connection.execute(text("select 1 from submitted_assignment")).first() is None
        rows = connection.execute(text(_GRADES), {"assignment": assignment}).all()
        submissions = connection.execute(times, {"assignment": assignment}).all()
    grades: dict[str, dict[str, ItemGrade]] = {}
    for row in rows:
        grade = ItemGrade(row.auto, row.manual, row.extra, bool(row.waits), row.most or 0.0)
        grades.setdefault(row.student, {})[row.item] = grade
    waiting = tuple(Waiting(row.student, row.item, _by_hand(row)) for row in rows if row.waits)
    late = (_late(row, _sum(grades.get(row.student, {}))) for row in submissions)
    counted = tuple(one for one in late if one.seconds > 0 or one.penalty is not None)
    due = next((row.due for row in submissions), None)
    return Standing(empty, grades, waiting, counted, due, {row.student: row.extension for row in submissions})


def _sum(items: Mapping[str, ItemGrade]) -> float:
    return sum(grade.points or 0.0 for grade in items.values())


def _by_hand(row: Any) -> bool:
    """Of an answer that waits: whether there are points of a person; the grader's own extra credit waits for nobody."""
    return row.manual is not None or row.extra is not None


def _late(row: Any, score: float) -> Late:
    due: datetime | None = row.due
    if due is None or row.handed_in is None:
        return Late(row.student, score, 0.0, row.penalty)
    seconds = (row.handed_in - due - (row.extension or timedelta())).total_seconds()
    return Late(row.student, score, max(0.0, seconds), row.penalty)
