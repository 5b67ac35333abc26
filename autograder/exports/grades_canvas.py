"""Grades for Canvas: its gradebook's CSV with an assignment's column filled, or a new file of the same form.

What Canvas reads is in its lib/gradebook_importer.rb (process_header, process_student, process_pp, no_change_to_value?)
and lib/gradebook_exporter.rb: a head "Student, ID, SIS User ID, SIS Login ID, Section, assignments ..."; a student is
found by the ID, else by the SIS ids, else by name; an assignment by the number in parentheses after its title, else by
its title; an empty cell is a change, which clears the grade.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.class_directory.spreadsheet import csv_text
from autograder.collecting.roster import Roster
from autograder.errors import ClassError
from autograder.exports.grades_sheet import Filling, GradeSheet, Person, Row, a_number, factor_to, find_column
from autograder.gradebook.students import Student
from autograder.review.records import AssignmentReview

HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_NAMES = ("Student", "LastName", "FirstName")
_IDS = ("SIS Login ID", "SIS User ID", "Integration ID")
_TOTALS = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_TEST_STUDENT = "Student, Test"
_MOST = "Points Possible"
_READ_ONLY = "read only"
_STAYS = {"EX": "excused in Canvas", "N/A": "not assigned to the student in Canvas"}


@dataclass(frozen=True)
class CanvasGradebook:
    """Canvas's gradebook as it was exported: where the columns of assignments are, and the row of their maxima."""

    sheet: GradeSheet
    assignments: tuple[int, ...]
    most: Row

    def column(self, wanted: str) -> int:
        """The column of an assignment. Raises ClassError."""
        return find_column(self.sheet, wanted, self.assignments, "--column")

    def filling(self, column: int, most: float, *, scale: bool) -> Filling:
        """How a column is filled with points of so many. Raises ClassError where Canvas counts another maximum."""
        there = a_number(self.most[column]) if self.most else None
        factor = factor_to(most, there, scale=scale, where=f"{self.sheet.head[column]} in Canvas")
        return Filling(column, self._person, lambda row: _STAYS.get(row[column].strip().upper(), ""), factor)

    def _person(self, row: Row) -> Person | None:
        cells = dict(zip(self.sheet.head, row, strict=True))
        name = cells.get("Student") or ", ".join(filter(None, (cells.get("LastName"), cells.get("FirstName"))))
        if name == _TEST_STUDENT or row is self.most or not cells["ID"].strip():
            return None  # nor is the row that says "Manual Posting" a student's
        ids = (cells.get(column, "").strip() for column in _IDS)
        return Person(cells["ID"].strip(), (*ids, name.strip()), is_user=True)


def canvas_gradebook(sheet: GradeSheet) -> CanvasGradebook:
    """The sheet as Canvas's gradebook. Raises ClassError for another table."""
    section = sheet.column("Section")
    if sheet.column(*_NAMES) != 0 or sheet.column("ID") is None or section is None:
        raise ClassError(
            f"{sheet.path} is no gradebook of Canvas: its columns are not {', '.join(HEAD)} and assignments. "
            "In Canvas: Grades > Export > Export Entire Gradebook."
        )
    most = next((row for row in sheet.rows if row and _MOST in row[0]), ())
    columns = range(section + 1, len(sheet.head))
    usable = [at for at in columns if not _TOTALS.search(sheet.head[at]) and not (most and _READ_ONLY in most[at])]
    return CanvasGradebook(sheet, tuple(usable), most)


def new_gradebook(assignments: Sequence[AssignmentReview], titles: Sequence[str], roster: Roster) -> str:
    """A file that Canvas imports, without one of its own: those students who have points in one of the assignments, by
    the ids that the roster knows."""
    filler = [""] * (len(HEAD) - 1)
    rows: list[list[str | float | None]] = [[*HEAD, *titles]]
    rows.append([f"    {_MOST}", *filler, *(one.max_points for one in assignments)])
    points = [one.points for one in assignments]
    for student in sorted(
        roster.students, key=lambda one: (one.last_name.casefold(), one.first_name.casefold(), one.id)
    ):
        if any(student.id in given for given in points):
            rows.append([_name(student), student.lms_user_id, "", student.id, "", *(p.get(student.id) for p in points)])
    return csv_text(rows)


def _name(student: Student) -> str:
    return ", ".join(filter(None, (student.last_name, student.first_name))) or student.id
