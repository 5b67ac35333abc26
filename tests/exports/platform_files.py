"""Tables as Canvas and Moodle export them, for the class of tests/review."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.gradebook.nbgrader_config import read_settings
from tests.review.conftest import ODD

# Canvas, lib/gradebook_exporter.rb: ids, custom columns, assignments, totals; a row of those whose grades are posted by
# hand, one of maxima, the test student at the end.
CANVAS = [
    ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Notes", "Warm-up (77)", "01 Tiny (78)"],
    ["", "", "", "", "", "", "", "Manual Posting"],
    ["    Points Possible", "", "", "", "", "", "5.00", "12.00"],
    ["Lovelace, Ada", "501", "S-1", "ada", "A", 'says "hi", once', "4.00", ""],
    ["Brown, Ben", "502", "S-2", "ben@example.org", "A", "", "", "3.00"],
    ["O'Neil, Ünal", "503", "S-3", "x1", "B", "", "5.00", "EX"],
    ["Nobody, Nora", "504", "S-4", "nora", "B", "", "", "1.50"],
    ["Stranger, Sam", "505", "S-5", "sam", "B", "", "2.00", ""],
    ["Student, Test", "599", "", "f00ba4", "A", "", "", ""],
]
TOTALS = ["Current Score", "Unposted Final Grade"]
# Moodle, mod/assign/gradingtable.php, downloaded.
MOODLE = [
    [
        "Identifier",
        "Full name",
        "Email address",
        "Status",
        "Grade",
        "Maximum Grade",
        "Grade can be changed",
        "Last modified (submission)",
        "Last modified (grade)",
        "Feedback comments",
    ],
    ["Participant 9001", "Ada Lovelace", "ada@example.org", "Submitted", "", "12.00", "Yes", "-", "-", ""],
    ["Participant 9002", "Ben Brown", "ben@example.org", "Submitted", "3.00", "12.00", "Yes", "-", "-", "so,\nso"],
    ["Participant 9003", "Ünal O'Neil", "unal@example.org", "Submitted", "", "12.00", "No", "-", "-", ""],
    ["Participant 9004", "Nora Nobody", "nora@example.org", "No submission", "", "12.00", "Yes", "-", "-", ""],
    ["Participant 9005", "Sam Stranger", "sam@example.org", "No submission", "", "12.00", "Yes", "-", "-", ""],
]


def canvas_rows() -> list[list[str]]:
    """Canvas's gradebook with columns of totals, which nobody may write."""
    head, posting, most, *students = CANVAS
    totals = [["87.5", "B"] for _ in students]
    rows = [[*head, *TOTALS], [*posting, "", ""], [*most, "(read only)", "(read only)"]]
    return rows + [[*row, *more] for row, more in zip(students, totals, strict=True)]


def written(path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n", start: str = "") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    path.write_bytes((start + text.getvalue()).encode())
    return path


def read(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter, strict=True))


def enrol(root: Path) -> None:
    """A roster as it comes from a registrar: some are known by a number in Canvas, some by e-mail, some by name."""
    with Gradebook(read_settings(root).db_url) as book:
        book.update_or_create_student("ada", first_name="Ada", last_name="Lovelace", email="ada@example.org")
        book.update_or_create_student("ben", first_name="Ben", last_name="Brown", email="ben@example.org")
        book.update_or_create_student(
            ODD, first_name="Ünal", last_name="O'Neil", email="unal@example.org", lms_user_id="503"
        )
        book.update_or_create_student("nora", first_name="Nora", last_name="Nobody", email="nora@example.org")
