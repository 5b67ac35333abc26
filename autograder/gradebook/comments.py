"""The comments that people wrote on answers, as nbgrader's database holds them."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.gradebook.database import reading

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
