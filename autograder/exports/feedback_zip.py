"""Feedback pages in one zip, named so that a platform finds whose each is.

Canvas ("Upload Submissions" on the assignment's page, app/models/abstract_assignment.rb,
infer_comment_context_from_filename): the first two numbers between underscores are the student's and the handed-in
file's, as in the name that the file had in the download. Moodle ("Upload multiple feedback files in a zip",
mod/assign/feedback/file/importziplib.php): the folder NAME_NUMBER_assignsubmission_file_, the number being the
participant's in this assignment.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Literal

from autograder.class_directory.paths import feedback_folder, notebook_path
from autograder.collecting.kept import Record, read_record
from autograder.collecting.platforms import Claim, claim_of, stem_of
from autograder.errors import ClassError
from autograder.files import read_regular, temporary_name
from autograder.gradebook.students import Student
from autograder.review.records import AssignmentReview, ReviewedStudent

For = Literal["canvas", "moodle", "students"]
PLATFORM = {"canvas": "Canvas", "moodle": "Moodle"}
_MOST_BYTES = 100_000_000
_HEADING = re.compile(rb"<h4>[^<]*: ([0-9.e+-]+) of [0-9.e+-]+ points</h4>")  # of our own template
_LATE = re.compile(rb'<tr class="late-penalty">.*?-([0-9.e+-]+)</td>', re.DOTALL)
_SAME = 0.006  # points: the page shows two decimals


@dataclass(frozen=True)
class ZippedPage:
    """A feedback page and its name in the zip."""

    student: str
    path: Path
    name: str


@dataclass(frozen=True)
class Pages:
    """The pages of an assignment. Students who are graded and not among them: `missing` have no page, or one that is
    `outdated`; of the `unnamed` it isn't known what the platform calls them."""

    pages: tuple[ZippedPage, ...]
    missing: tuple[str, ...]
    outdated: tuple[str, ...]
    unnamed: tuple[str, ...]


def pages_of(root: Path, one: AssignmentReview, name_of: Callable[[str], str | None]) -> Pages:
    """The pages of those who are graded; `name_of` gives a student's name in the zip."""
    pages, missing, outdated, unnamed = list[ZippedPage](), list[str](), list[str](), list[str]()
    for standing in one.students:
        if standing.state != "graded":
            continue
        student = standing.student
        path = feedback_folder(root, one.name, student) / f"{one.name}.html"
        name = name_of(student)
        if not path.is_file():
            missing.append(student)
        elif _is_outdated(path, notebook_path(root, one.name, student), standing):
            outdated.append(student)
        elif name is None:
            unnamed.append(student)
        else:
            pages.append(ZippedPage(student, path, name))
    return Pages(tuple(pages), tuple(missing), tuple(outdated), tuple(unnamed))


def names_for(
    platform: For, root: Path, assignment: str, roster: Mapping[str, Student], numbers: Mapping[str, str]
) -> Callable[[str], str | None]:
    """How a student's page is called for a platform, by what the file was called that was collected from it; for
    Moodle, `numbers` of participants that a worksheet told count, too. For students it is their id."""
    told = {student: number for number, student in numbers.items()}

    def name(student: str) -> str | None:
        if platform == "students":
            return f"{student}/{assignment}.html"
        claimed = collected_as(root, student, assignment)
        if platform == "canvas":
            return f"{stem_of(claimed[1])}.html" if claimed and claimed[0].platform == "Canvas" else None
        number = told.get(student) or (claimed[0].apart if claimed and claimed[0].platform == "Moodle" else "")
        return f"{_for_moodle(student, roster)}_{number}_assignsubmission_file_/{assignment}.html" if number else None

    return name


def collected_as(root: Path, student: str, assignment: str) -> tuple[Claim, str] | None:
    """What the platform said of the file that was collected, and the name that it gave it."""
    record = read_record(root, student, assignment)
    return _claim(record) if record else None


def participants(root: Path, assignment: str, students: Sequence[str], platform: For) -> dict[str, str]:
    """The students by the number that a platform calls them, as far as files were collected from it."""
    found = {}
    for student in students:
        claimed = collected_as(root, student, assignment)
        if claimed and claimed[0].platform == PLATFORM[platform] and claimed[0].apart:
            found[claimed[0].apart] = student
    return found


def write_zip(path: Path, pages: Sequence[ZippedPage]) -> None:
    """Write the pages, the file whole or not at all. Raises ClassError."""
    new = path.with_name(temporary_name())
    try:
        with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as written:
            for page in pages:
                written.writestr(page.name, read_regular(page.path, _MOST_BYTES))
        new.replace(path)
    except OSError as error:
        raise ClassError(f"{path} can't be written: {error.strerror or error} ({error.filename}).") from error
    finally:
        new.unlink(missing_ok=True)


def _claim(record: Record) -> tuple[Claim, str] | None:
    """By the outermost name that the platform wrote."""
    for depth in range(2, len(record.place) + 1):
        claim = claim_of(record.place[:depth], None, UTC)
        if claim and claim.platform == record.platform:
            return claim, record.place[depth - 1]
    return None


def _for_moodle(student: str, roster: Mapping[str, Student]) -> str:
    """A name for a person to read: Moodle passes over it, but for the underscores."""
    known = roster.get(student, Student(student))
    name = f"{known.first_name} {known.last_name}".strip() or student
    return " ".join(re.sub(r'[_/\\:*?"<>|]+', " ", name).split())


def _is_outdated(page: Path, notebook: Path, standing: ReviewedStudent) -> bool:
    """Whether the page is older than the graded notebook, or tells other points than the gradebook. A comment that was
    written since isn't noticed."""
    try:
        if notebook.stat().st_mtime > page.stat().st_mtime:
            return True
        text = read_regular(page, _MOST_BYTES)
    except OSError:
        return True
    heading, late = _HEADING.search(text), _LATE.search(text)
    if not heading or standing.points is None:
        return False  # another template than ours
    return abs(max(0.0, float(heading[1]) - (float(late[1]) if late else 0.0)) - standing.points) > _SAME
