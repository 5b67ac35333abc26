"""What a class has already of a student: the notebook that was handed in, its time, and how it was collected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from autograder.collecting.roster import problem_of_id
from autograder.gradebook.students import Student
from autograder.handed_in.hand_in_time import ExchangeTimes, hand_in_time
from autograder.handed_in.layout import Layout
from autograder.handed_in.listing import is_regular
from autograder.handed_in.student_name import spelled
from autograder.handed_in.which_notebook import is_notebook
from autograder.submission.submitted_notebook import read_notebook


@dataclass(frozen=True)
class Record:
    """How a submission was collected: what the platform said of it is kept here, as nbgrader has no place for it.
    `digest` stands for the notebook, `when` is in UTC."""

    digest: str
    place: tuple[str, ...]
    platform: str
    late: bool
    order: int | None
    when: str | None
    clock: str


@dataclass(frozen=True)
class Kept:
    """A submission that is in the class. `record`, if it was collected and not changed since."""

    digest: str
    when: datetime | None
    record: Record | None


def folder_of(layout: Layout, student: str, assignment: str) -> Path:
    """The folder of a submission; a student's folder that is there in another spelling of its letters is kept."""
    for there in _entries(layout, assignment):
        if spelled(there) == student:
            return layout.folder(there, assignment)
    return layout.folder(student, assignment)


def students_present(layout: Layout, assignments: Iterable[str]) -> list[Student]:
    """The students who have a folder for submissions."""
    names = {spelled(name) for assignment in assignments for name in _entries(layout, assignment)}
    return [Student(name) for name in sorted(names) if not problem_of_id(name)]


def _entries(layout: Layout, assignment: str) -> list[str]:
    with suppress(OSError):
        found = [layout.student_of(path.name, assignment) for path in layout.students(assignment).iterdir()]
        return [name for name in found if name is not None]
    return []


def record_path(root: Path, student: str, assignment: str) -> Path:
    """Where it is kept how a submission was collected."""
    return root / "collected" / assignment / f"{student}.json"


def record_text(record: Record) -> str:
    """The record as a file."""
    return json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n"


def leads_out(layout: Layout, folder: Path, assignment: str) -> bool:
    """Whether a link on the way leads out of the folder of all students."""
    return not folder.resolve().is_relative_to(layout.students(assignment).resolve())


def kept_notebooks(folder: Path, assignment: str) -> list[Path]:
    """The notebooks in a submission's folder, the one with the expected name first."""
    with suppress(OSError):
        found = [path for path in sorted(folder.iterdir()) if is_notebook(path.name) and is_regular(path)]
        return sorted(found, key=lambda path: path.name != f"{assignment}.ipynb")
    return []


def read_kept(layout: Layout, times: ExchangeTimes, student: str, assignment: str) -> Kept | None:
    """What is there of a student's assignment; None if nothing is. Raises OSError for what can't be read."""
    folder = folder_of(layout, student, assignment)
    notebooks = kept_notebooks(folder, assignment)
    if not notebooks:
        return None
    digest = hashlib.sha256(read_notebook(notebooks[0])).hexdigest()
    record = read_record(layout.root, student, assignment)
    return Kept(digest, hand_in_time(folder, times).utc, record if record and record.digest == digest else None)


def read_record(root: Path, student: str, assignment: str) -> Record | None:
    """How a student's assignment was collected last; None if it wasn't, or isn't known any more."""
    try:
        found = json.loads(record_path(root, student, assignment).read_bytes())
        return Record(**found | {"place": tuple(found["place"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
