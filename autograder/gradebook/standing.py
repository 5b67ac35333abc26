"""How an assignment stands in nbgrader's database, read without nbgrader itself, which takes seconds to load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from autograder.gradebook.database import reading

_GRADES = """
    select submitted_assignment.student_id as student, base_cell.name as item, grade.auto_score as auto,
        grade.manual_score as manual, grade.extra_credit as extra, grade.needs_manual_grade as waits
    from grade
    join base_cell on base_cell.id = grade.cell_id
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
    """`scores`: the `auto_score` of each item by student; None stands for "to be graded by hand". `empty`: the database
    isn't there, or holds no submission of any assignment."""

    empty: bool
    scores: Mapping[str, Mapping[str, float | None]]
    waiting: tuple[Waiting, ...]
    late: tuple[Late, ...]


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
        grades = connection.execute(text(_GRADES), {"assignment": assignment}).all()
        submissions = connection.execute(times, {"assignment": assignment}).all()
    scores: dict[str, dict[str, float | None]] = {}
    sums: dict[str, float] = {}
    for row in grades:
        scores.setdefault(row.student, {})[row.item] = row.auto
        sums[row.student] = sums.get(row.student, 0.0) + _score(row)
    waiting = tuple(Waiting(row.student, row.item, _by_hand(row)) for row in grades if row.waits)
    late = (_late(row, sums.get(row.student, 0.0)) for row in submissions)
    return Standing(empty, scores, waiting, tuple(one for one in late if one.seconds > 0 or one.penalty is not None))


def _score(row: Any) -> float:
    """What a grade counts, as nbgrader has it: the score given by hand before the grader's, and the extra credit."""
    given = row.auto if row.manual is None else row.manual
    return 0.0 if given is None else given + (row.extra or 0.0)


def _by_hand(row: Any) -> bool:
    """Of an answer that waits: whether there are points of a person; the grader's own extra credit waits for nobody."""
    return row.manual is not None or row.extra is not None


def _late(row: Any, score: float) -> Late:
    due: datetime | None = row.due
    if due is None or row.handed_in is None:
        return Late(row.student, score, 0.0, row.penalty)
    seconds = (row.handed_in - due - (row.extension or timedelta())).total_seconds()
    return Late(row.student, score, max(0.0, seconds), row.penalty)
