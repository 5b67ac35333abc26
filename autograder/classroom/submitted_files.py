"""What lies in a class's submitted/ folder: which notebook of which student, and everything odd about it.

The folder is as hostile as the notebooks in it: links are not followed, and nothing but one notebook and the time in
timestamp.txt is read.
"""

from __future__ import annotations

import itertools
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

MOST_FILES = 1_000  # and folders, looked at in one submission
EXPECTED = ("timestamp.txt", "submission_secret.txt", "check.py", "public.json")
_SKIPPED_FOLDERS = (".ipynb_checkpoints", "__pycache__")
_FORBIDDEN = set('/\\*?[]{}"<>|\0')
_MOST_NAME = 128  # nbgrader's column
_MOST_BYTES = 255 - len(".json")  # of a file's name: the result has the student's
# Far years overflow in nbgrader's pages, and what leaves out the date would be read as today's.
_TIME = re.compile(r"(2[01]\d\d-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?([A-Z]{1,5}|[+-]\d\d(?::?\d\d)?)?")


@dataclass(frozen=True)
class HandedIn:
    """One student's folder of one assignment. `notes` are sentences; no `notebook`: there is none to be graded."""

    student: str
    folder: Path
    notebook: Path | None
    notes: tuple[str, ...]
    timestamp: datetime | None


def find_submissions(root: Path, assignment: str) -> tuple[list[HandedIn], list[str]]:
    """The submissions of an assignment under `root`/submitted, by student, and notes on folders that can't be one."""
    found: list[HandedIn] = []
    notes: list[str] = []
    submitted = root / "submitted"
    for entry in sorted(os.scandir(submitted), key=lambda entry: entry.name) if submitted.is_dir() else []:
        try:
            one = _of_student(entry, assignment)
        except Exception as error:  # whatever lies there, the others are graded
            reason = error.strerror if isinstance(error, OSError) else ascii(error)
            one = f"it can't be read: {reason}."
        if isinstance(one, HandedIn):
            found.append(one)
        elif one:
            notes.append(f"submitted/{_shown(entry.name)} can't be graded: {one}")
    return found, notes


def _of_student(entry: os.DirEntry[str], assignment: str) -> HandedIn | str | None:
    """What a student handed in, or why it can't be graded; None if there is nothing of the assignment.

    Raises OSError for a folder that can't be read.
    """
    folder = Path(entry.path) / assignment
    if entry.name.startswith("."):
        return None
    try:
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if entry.is_symlink() or folder.is_symlink():
        return "it is a link, and links aren't followed. Copy the files there."
    os.scandir(folder).close()  # raises where nothing can be read
    return _not_a_student(entry.name) or look_at(folder, entry.name, assignment)


def look_at(folder: Path, student: str, assignment: str) -> HandedIn:
    """What one student handed in. `folder` is the student's folder of this assignment."""
    files, notes = _files(folder)
    notebooks = [path for path in files if path.suffix == ".ipynb"]
    notebook, note = _choose(notebooks, folder, f"{assignment}.ipynb")
    others = [path for path in files if path != notebook and path.name not in EXPECTED]
    if others:
        names = ", ".join(_shown(str(path.relative_to(folder))) for path in others[:5])
        more = f" and {len(others) - 5} more" if len(others) > 5 else ""
        notes.append(f"Other files were handed in and left alone: {names}{more}.")
    timestamp, problem = _read_timestamp(folder / "timestamp.txt")
    return HandedIn(student, folder, notebook, tuple(filter(None, (note, *notes, problem))), timestamp)


def _not_a_student(name: str) -> str | None:
    """Why nbgrader can't take the name as a student's id; None if it can."""
    if not name.isprintable() or name != name.strip() or not _FORBIDDEN.isdisjoint(name):
        return "its name has characters that nbgrader can't take in a student's id. Rename the folder."
    if len(name) > _MOST_NAME:
        return f"its name is longer than the {_MOST_NAME} characters of a student's id. Rename the folder."
    if len(os.fsencode(name)) > _MOST_BYTES:
        return f"its name is longer than {_MOST_BYTES} bytes. Rename the folder."
    return None


def _files(folder: Path) -> tuple[list[Path], list[str]]:
    """The regular files below `folder` in a fixed order, and notes on what was passed over."""
    files: list[Path] = []
    notes: list[str] = []
    waiting, looked = [folder], 0
    while waiting:
        place = waiting.pop()
        try:
            listed = _listed(place)
        except OSError as error:  # its path may be too long, or it may not be entered
            notes.append(f"The folder {_where(place, folder)} can't be read: {error.strerror}.")
            continue
        files += [path for path, kind in listed if kind == "file"]
        links = [path for path, kind in listed if kind == "link"]
        notes += [f"{_where(path, folder)} is a link, and links aren't followed." for path in links]
        waiting += [path for path, kind in reversed(listed) if kind == "folder" and path.name not in _SKIPPED_FOLDERS]
        looked += len(listed)
        if looked > MOST_FILES:
            more = f"There are more than {MOST_FILES:,} files and folders; the rest was not looked at."
            return files[:MOST_FILES], [*notes[:10], more]
    return files, notes[:10]


def _listed(place: Path) -> list[tuple[Path, Literal["link", "folder", "file", "other"]]]:
    """What is in a folder, by name; of too many things only the first that are found. Raises OSError."""
    with os.scandir(place) as entries:
        some = sorted(itertools.islice(entries, MOST_FILES + 1), key=lambda entry: entry.name)
        return [(Path(entry.path), _kind(entry)) for entry in some]


def _kind(entry: os.DirEntry[str]) -> Literal["link", "folder", "file", "other"]:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"


def _choose(notebooks: list[Path], folder: Path, name: str) -> tuple[Path | None, str | None]:
    """The notebook to grade, and what to say about the choice."""
    if _is_regular(folder / name):  # even if it wasn't found among too many files
        return folder / name, None
    candidates = [path for path in notebooks if path.name == name] or notebooks
    if len(candidates) == 1:
        taken = candidates[0]
        return taken, f"{name} was expected; {_where(taken, folder)} was taken in its place."
    if not candidates:
        return None, "Nothing was handed in: there is no notebook in the folder."
    names = ", ".join(_where(path, folder) for path in candidates[:5])
    return None, f"Nothing was graded: {name} was expected, and it can't be told which of these it should be: {names}."


def _is_regular(path: Path) -> bool:
    with suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False


def _where(path: Path, folder: Path) -> str:
    return _shown(str(path.relative_to(folder)))


def _shown(name: str) -> str:
    """A file's name in quotes, printable whatever it holds."""
    return ascii(name) if len(name) <= 100 else ascii(name[:100] + "...")


def _read_timestamp(path: Path) -> tuple[datetime | None, str | None]:
    """The time in nbgrader's timestamp.txt in UTC, and what is wrong with it."""
    if not os.path.lexists(path):
        return None, None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            return _in_utc(file.read(100).decode("ascii").strip()), None
    except (OSError, ValueError, KeyError):
        return None, (
            "timestamp.txt holds no time such as 2027-03-02 10:00:00 UTC, so whether it was late isn't known. Correct "
            "or delete the file: nbgrader's pages may not list this assignment until then."
        )


def _in_utc(text: str) -> datetime:
    """A time as nbgrader writes it; without a zone it is UTC. Raises ValueError, or KeyError for an unknown zone."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"no time: {text}")
    when, zone = found.groups()
    if zone in (None, "UTC", "GMT", "Z"):
        return datetime.fromisoformat(when)
    if zone[0] in "+-":
        aware = datetime.fromisoformat(when + zone)
    else:
        aware = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(UTC).replace(tzinfo=None)
