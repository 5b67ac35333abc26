"""Points and comments of a person, in nbgrader's database as formgrader's page saves them. Needs no nbgrader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from autograder.gradebook.database import reading, telling_trouble, writing

_ROWS = """
    select submitted_assignment.student_id as student, base_cell.name as item, grade.id as grade,
        grade.auto_score as auto, grade.manual_score as manual, grade.extra_credit as extra,
        grade.needs_manual_grade as waits, comment.id as comment, comment.manual_comment as words,
        grade.notebook_id as sheet, answer.id as cell
    from grade
    join base_cell on base_cell.id = grade.cell_id
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join assignment on assignment.id = submitted_assignment.assignment_id
    join base_cell answer on answer.name = base_cell.name and answer.notebook_id = base_cell.notebook_id
    join solution_cells on solution_cells.id = answer.id
    left join comment on comment.notebook_id = grade.notebook_id and comment.cell_id = answer.id
    where assignment.name = :assignment
    order by student, item"""
_COMMENTS = """
    select assignment.name as assignment, submitted_assignment.student_id as student, base_cell.name as cell,
        comment.manual_comment as text
    from comment
    join base_cell on base_cell.id = comment.cell_id
    join submitted_notebook on submitted_notebook.id = comment.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join assignment on assignment.id = submitted_assignment.assignment_id
    where comment.manual_comment is not null and comment.manual_comment <> ''
    order by assignment, student, cell"""


@dataclass(frozen=True)
class HandGrade:
    """What nbgrader holds of an answer that is graded where it stands: the grader's score (None: a person has to read
    it), a person's, extra credit, whether it waits for a person, and that person's comment."""

    auto: float | None
    manual: float | None
    extra: float | None
    waits: bool
    comment: str | None


@dataclass(frozen=True)
class HandChange:
    """What an answer's grade was when it was looked at, and what it becomes."""

    student: str
    item: str
    before: HandGrade
    after: HandGrade


def read_hand_grades(url: str, assignment: str) -> dict[tuple[str, str], HandGrade]:
    """By student and item, what the database at `url` holds of answers in cells of their own, such as free texts;
    nothing where there is no database yet. Raises ClassError."""
    from sqlalchemy import inspect

    with reading(url) as connection:
        if connection is None or not inspect(connection).has_table("grade"):
            return {}
        return {(row.student, row.item): _grade(row) for row in _rows(connection, assignment)}


def write_hand_grades(url: str, assignment: str, changes: Sequence[HandChange]) -> list[HandChange]:
    """Write each change whose answer is still graded as it was; returns the others, of which nothing is written.

    Raises ClassError where the database can't be written.
    """
    refused = []
    with writing(url) as connection, telling_trouble():
        with connection.begin():
            rows = {(row.student, row.item): row for row in _rows(connection, assignment)}
        for change in changes:
            row = rows.get((change.student, change.item))
            transaction = connection.begin()
            if row is not None and _written(connection, row, change):
                transaction.commit()
            else:
                transaction.rollback()
                refused.append(change)
    return refused


def comments_by_hand(url: str) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """By assignment and student: the comments that were written by hand, by the grade_id of the cell that nbgrader
    keeps them with. Raises ClassError where the database can't be read."""
    from sqlalchemy import inspect, text

    with reading(url) as connection:
        if connection is None or not inspect(connection).has_table("comment"):
            return {}
        rows = connection.execute(text(_COMMENTS)).all()
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        found.setdefault((row.assignment, row.student), {})[row.cell] = row.text
    return found


def _rows(connection: Any, assignment: str) -> Any:
    from sqlalchemy import text

    return connection.execute(text(_ROWS), {"assignment": assignment}).all()


def _grade(row: Any) -> HandGrade:
    return HandGrade(row.auto, row.manual, row.extra, bool(row.waits), row.words)


def _written(connection: Any, row: Any, change: HandChange) -> bool:
    """Whether the grade and the comment could be changed, as both were still what they had been."""
    from sqlalchemy import Boolean, Float, Text, column, insert, table, update

    before, after = change.before, change.after
    manual, waits = column("manual_score", Float), column("needs_manual_grade", Boolean)
    words = column("manual_comment", Text)
    grades = table("grade", column("id"), manual, waits)
    comments = table("comment", column("id"), column("notebook_id"), column("cell_id"), words)
    unchanged = manual.is_not_distinct_from(before.manual) & (waits == before.waits)
    graded = update(grades).where(grades.c.id == row.grade, unchanged)
    if connection.execute(graded.values(manual_score=after.manual, needs_manual_grade=after.waits)).rowcount != 1:
        return False
    if row.comment is None:
        new = {"id": uuid4().hex, "notebook_id": row.sheet, "cell_id": row.cell, "manual_comment": after.comment}
        return before.comment is None and connection.execute(insert(comments).values(new)).rowcount == 1
    said = update(comments).where(comments.c.id == row.comment, words.is_not_distinct_from(before.comment))
    return bool(connection.execute(said.values(manual_comment=after.comment)).rowcount == 1)
