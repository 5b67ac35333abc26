"""Grades as tables for people: a row for each student, or for each student and item.

UTF-8 with a byte order mark, as Excel needs it to read names; commas between cells, a point in numbers, LF at the end
of lines. An empty cell: no points yet, or nothing was handed in; never 0. See `class_directory.spreadsheet` for texts
that a spreadsheet would take for formulas.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.class_directory.spreadsheet import csv_text
from autograder.handed_in.listing import some
from autograder.review.dataframe import COLUMNS, item_rows
from autograder.review.records import AssignmentReview, ClassReview

ROSTER = ("first_name", "last_name", "email")
MARK = "\ufeff"
Cell = str | float | None


def students_csv(found: ClassReview) -> str:
    """A row for each student: points by assignment, and their sum where there are several assignments."""
    named = [column for column in ROSTER if any(getattr(one, column) for one in found.roster.values())]
    several = ["sum"] if len(found.assignments) > 1 else []
    rows: list[list[Cell]] = [["student", *named, *(one.name for one in found.assignments), *several]]
    for standing in zip(*(one.students for one in found.assignments), strict=True):
        id, points = standing[0].student, [one.points for one in standing]
        given = [one for one in points if one is not None]
        known = [getattr(found.roster[id], column) if id in found.roster else None for column in named]
        rows.append([id, *known, *points, *([sum(given) if given else None] if several else [])])
    return MARK + csv_text(rows)


def items_csv(found: ClassReview) -> str:
    """A row for each student and item, with the columns of `autograder.review.table`."""
    rows = (row for one in found.assignments for row in item_rows(one))
    return MARK + csv_text([list(COLUMNS), *([_cell(value) for value in row] for row in rows)])


def unfinished(one: AssignmentReview) -> Iterator[str]:
    """Sentences on the points of an assignment that may change still."""
    waiting = sorted({each.student for each in one.waiting})
    if waiting:
        yield f"the points of {len(waiting)} are not final, as an answer waits to be read: {some(waiting)}."
    ungraded = one.in_state("ungraded")
    if ungraded:
        yield f"{len(ungraded)} handed in and aren't graded yet: {some(ungraded)}. `autograder grade {one.name}` does."
    yield from one.notes


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | float | None) else str(value)
