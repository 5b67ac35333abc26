"""Who is in a class, and which of them a name in a download means."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from autograder.errors import ClassError
from autograder.gradebook.students import Student
from autograder.handed_in.listing import made_by_a_machine
from autograder.handed_in.student_name import not_a_student, spelled

_MOST_BYTES = 10_000_000


@dataclass(frozen=True)
class Roster:
    """The students of a class. Where none of them is named, every name in a download may be a new student."""

    students: tuple[Student, ...]

    @property
    def is_known(self) -> bool:
        return any(student.is_named for student in self.students)

    def by_number(self, number: str) -> list[Student]:
        """Those whose id in the learning platform, or own id, is the number."""
        return [student for student in self.students if number in (student.lms_user_id, student.id)]

    def by_text(self, text: str) -> list[Student]:
        """Those whom a text means: by id, else by e-mail address, else by its part before the @, else by both names in
        either order. More than one where two have the same."""
        wanted, run_together = _folded(text), squashed(text)
        local = [_folded(student.email).partition("@")[0] for student in self.students]
        for fits in (
            [student.id == text for student in self.students],
            [_folded(student.id) == wanted for student in self.students],
            [_folded(student.email) == wanted for student in self.students],
            [name == wanted for name in local],
            [run_together in _names(student) for student in self.students],
        ):
            found = [student for student, fit in zip(self.students, fits, strict=True) if fit and wanted]
            if found:
                return found
        return []

    def by_ending(self, text: str) -> list[Student]:
        """Those whose id, with letters in it, stands at the end of a text after a hyphen."""
        wanted = _folded(text)
        return [one for one in self.students if wanted.endswith(f"-{_folded(one.id)}") and not one.id.isdecimal()]


def squashed(text: str) -> str:
    """A name without case, spaces and signs, as Canvas writes it."""
    return "".join(char for char in _folded(text) if char.isalnum())


def _folded(text: str) -> str:
    return spelled(spelled(text).casefold()).strip()


def _names(student: Student) -> set[str]:
    if not student.first_name or not student.last_name:
        return {name for name in (squashed(student.first_name), squashed(student.last_name)) if name}
    first, last = squashed(student.first_name), squashed(student.last_name)
    return {first + last, last + first}


def merged(students: Iterable[Student]) -> Roster:
    """One entry for each id; what a later one knows counts."""
    found: dict[str, Student] = {}
    for student in students:
        old = found.get(student.id, student)
        known = {field.name: getattr(student, field.name) or getattr(old, field.name) for field in fields(Student)}
        found[student.id] = Student(**known)
    return Roster(tuple(found.values()))


def read_roster(path: Path) -> list[Student]:
    """A table as `nbgrader db student import` takes it: a head with `id` and any of `first_name`, `last_name`, `email`,
    `lms_user_id`. Raises ClassError."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise ClassError(f"The roster {path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ClassError(f"The roster {path} isn't a text in UTF-8. Export it again as CSV in UTF-8.") from error
    if len(data) > _MOST_BYTES:
        raise ClassError(f"The roster {path} has more than {_MOST_BYTES / 1e6:.0f} MB.")
    head, _, _ = text.partition("\n")
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [name.strip() for name in table.fieldnames or []]
    if "id" not in names:
        known = ", ".join(field.name for field in fields(Student))
        raise ClassError(f"The roster {path} has no column `id`. Its first line names the columns: {known}.")
    try:
        rows = [
            {(key or "").strip(): (value or "") for key, value in row.items() if isinstance(value, str)}
            for row in table
        ]
    except csv.Error as error:
        raise ClassError(f"The roster {path} isn't a CSV table: {error}.") from error
    kept = [{field.name: spelled(row.get(field.name, "").strip()) for field in fields(Student)} for row in rows]
    return [Student(**row) for row in kept if row["id"]]


def problem_of_id(id: str) -> str | None:
    """Why a text can't be a student's id and the name of a folder; None if it can."""
    if not id:
        return "There is no name in it."
    return f"{id[:80]!a} can't be a student's id." if made_by_a_machine(id) or not_a_student(id) else None
