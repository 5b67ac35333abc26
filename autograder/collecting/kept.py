"""What a class has already of a student: the notebook that was handed in, its time, and how it was collected."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from autograder.collecting.roster import problem_of_id
from autograder.gradebook.students import Student
from autograder.handed_in.listing import is_regular
from autograder.submission.submitted_notebook import read_notebook

_MOST_BYTES = 10_000  # of a record or a time


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


def folder_of(root: Path, student: str, assignment: str) -> Path:
    """The folder of a submission; a student's folder that is there in another spelling of its letters is kept."""
    submitted = root / "submitted"
    with suppress(OSError):
        for folder in submitted.iterdir():
            if unicodedata.normalize("NFC", folder.name) == student:
                return folder / assignment
    return submitted / student / assignment


def students_present(root: Path) -> list[Student]:
    """The students who have a folder in submitted/."""
    with suppress(OSError):
        names = sorted(unicodedata.normalize("NFC", folder.name) for folder in (root / "submitted").iterdir())
        return [Student(name) for name in names if not problem_of_id(name)]
    return []


def record_path(root: Path, student: str, assignment: str) -> Path:
    """Where it is kept how a submission was collected."""
    return root / "collected" / assignment / f"{student}.json"


def record_text(record: Record) -> str:
    """The record as a file."""
    return json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n"


def leads_out(root: Path, folder: Path) -> bool:
    """Whether a link on the way leads out of the class's submitted/ folder."""
    return not folder.resolve().is_relative_to((root / "submitted").resolve())


def kept_notebooks(folder: Path, assignment: str) -> list[Path]:
    """The notebooks in a submission's folder, the one with the expected name first."""
    with suppress(OSError):
        found = [path for path in sorted(folder.iterdir()) if path.suffix == ".ipynb" and is_regular(path)]
        return sorted(found, key=lambda path: path.name != f"{assignment}.ipynb")
    return []


def read_kept(root: Path, student: str, assignment: str) -> Kept | None:
    """What is there of a student's assignment; None if nothing is. Raises OSError for what can't be read."""
    folder = folder_of(root, student, assignment)
    notebooks = kept_notebooks(folder, assignment)
    if not notebooks:
        return None
    digest = hashlib.sha256(read_notebook(notebooks[0])).hexdigest()
    record = _read_record(record_path(root, student, assignment))
    return Kept(digest, _read_time(folder / "timestamp.txt"), record if record and record.digest == digest else None)


def _read_record(path: Path) -> Record | None:
    try:
        found = json.loads(_read(path))
        return Record(**found | {"place": tuple(found["place"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _read_time(path: Path) -> datetime | None:
    try:
        text = _read(path).strip()
    except (OSError, ValueError):
        return None
    from nbgrader.utils import parse_utc  # takes a second to import

    try:
        when = parse_utc(text)
    except (ValueError, OverflowError, AttributeError):
        return None
    return when if isinstance(when, datetime) else None


def _read(path: Path) -> str:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        return file.read(_MOST_BYTES).decode()
