"""Grades for Moodle: the worksheet of an assignment filled in, or a table for the import of its gradebook.

The worksheet is what "Download grading worksheet" gives (mod/assign/gradingtable.php) and "Upload grading worksheet"
takes (mod/assign/feedback/offline/importgradeslib.php and locallib.php): rows are found by the number at the end of the
first column, empty grades and those above the maximum are passed over without a word.

The gradebook's import (grade/import/csv/classes/load_data.php) stops at the first row whose user it doesn't know, and
takes an empty cell for "no grade", which clears one that is there. So only students with points have a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.class_directory.spreadsheet import csv_text
from autograder.collecting.roster import Roster
from autograder.errors import ClassError
from autograder.exports.grades_sheet import Filling, GradeSheet, Person, Row, a_number, factor_to
from autograder.review.records import AssignmentReview

GRADE, IDENTIFIER = "Grade", "Identifier"
HEAD = ("Student id", "First name", "Last name", "Email address")
_TEXTS = ("Email address", "ID number", "Username", "Full name")
_CHANGEABLE = "Grade can be changed"
_NUMBER = re.compile(r"([0-9]+)$")


@dataclass(frozen=True)
class MoodleWorksheet:
    """A grading worksheet; its first column is "Participant 123", in whatever language, `grade` the column of grades,
    and the next one has the maximum."""

    sheet: GradeSheet
    grade: int

    def filling(self, most: float, *, scale: bool) -> Filling:
        """How the grades are filled with points of so many. Raises ClassError where Moodle counts another maximum."""
        there = next((a_number(row[self.grade + 1]) for row in self.sheet.rows[1:] if row), None)
        factor = factor_to(most, there, scale=scale, where="The assignment in Moodle")
        return Filling(self.grade, self._person, self._keeps, factor, there)

    def numbers(self, roster: Roster) -> dict[str, str]:
        """The student of each participant's number, as far as names and addresses tell."""
        found = {}
        for row in self.sheet.rows[1:]:
            person = self._person(row) if row else None
            for text in person.texts if person else ():
                meant = roster.by_text(text)
                if len(meant) == 1 and person:
                    found[person.number] = meant[0].id
                    break
        return found

    def _person(self, row: Row) -> Person | None:
        number = _NUMBER.search(row[0])
        cells = dict(zip(self.sheet.head, row, strict=True))
        texts = [cells.get(name, "") for name in _TEXTS] + [cell for cell in row[1 : self.grade] if "@" in cell]
        return Person(number[1], tuple(dict.fromkeys(filter(None, texts)))) if number else None

    def _keeps(self, row: Row) -> str:
        cells = dict(zip(self.sheet.head, row, strict=True))
        return "locked in Moodle" if cells.get(_CHANGEABLE, "").strip() == "No" else ""


def moodle_worksheet(sheet: GradeSheet, grade: str | None) -> MoodleWorksheet:
    """The sheet as a grading worksheet; `grade` is what the column of grades is called where Moodle doesn't speak
    English. Raises ClassError for another table."""
    column = sheet.column(grade or GRADE)
    last = len(sheet.head) - 1
    if column in (None, 0, last) or (grade is None and sheet.head[0] != IDENTIFIER):
        raise ClassError(
            f"{sheet.path} is no grading worksheet of Moodle: it doesn't begin with {IDENTIFIER}, or has no column "
            f"{grade or GRADE}. In Moodle, in the assignment: View all submissions > Download grading worksheet. Where "
            "Moodle doesn't speak English, name the column of grades with --column."
        )
    assert column is not None
    return MoodleWorksheet(sheet, column)


def gradebook_import(one: AssignmentReview, title: str, roster: Roster) -> str:
    """A table for Moodle's Grades > Import > CSV file: a row for each student with points."""
    points = one.points
    known = {student.id: student for student in roster.students}
    rows: list[list[str | float | None]] = [[*HEAD, title]]
    for id in sorted(points):
        student = known[id]
        rows.append([id, student.first_name, student.last_name, student.email, points[id]])
    return csv_text(rows)
