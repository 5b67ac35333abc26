"""What nbgrader's commands expect beside the marked notebook in autograded/STUDENT/ASSIGNMENT/, and the feedback made
of it.

As `nbgrader autograde` does, the folder follows the submission: the files that were handed in, those of source/ over
them, the time, and the secret under whose hash `nbgrader release_feedback` hands out. Students choose what lies in the
submission: links aren't followed, sizes are bounded, and what formgrader would serve as a page isn't taken.
"""

from __future__ import annotations

import errno
import itertools
import mimetypes
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from autograder.class_directory.paths import autograded_folder, feedback_folder
from autograder.files import PREFIX, read_regular, write_whole
from autograder.handed_in.hand_in_time import TIMESTAMP
from autograder.handed_in.listing import MOST_FILES, quoted, some
from autograder.handed_in.submissions import SECRET, HandedIn

MOST_MEGABYTES = 20  # of all files of one submission: they are copied again into feedback/
MOST_SECRET = 1_000  # bytes
_IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.ipynb", f"{PREFIX}*")  # nbgrader's, and ours


class HandedBack:
    """The folders of an assignment in autograded/ and feedback/; gathers what is to be said of them. A `dry` one leaves
    them as they are."""

    def __init__(self, root: Path, assignment: str, *, dry: bool = False) -> None:
        self.root, self.assignment, self.dry = root, assignment, dry
        self._left_out: list[str] = []
        self._outdated: set[str] = set()

    def follow(self, handed_in: HandedIn) -> None:
        """Make the folder in autograded/ follow the submission. Raises OSError where it can't be written."""
        if self.dry:
            return
        notes = follow(self.root, self.assignment, handed_in)
        self._left_out += [f"{handed_in.student}: {note}" for note in notes]

    def remove_feedback(self, student: str) -> None:
        """Remove the feedback that was made of an earlier notebook or score, if there is any."""
        folder = feedback_folder(self.root, self.assignment, student)
        if not self.dry and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
            self._outdated.add(student)

    def notes(self) -> list[str]:
        """Sentences on what was not copied, and on feedback that was removed."""
        count = len(self._outdated)
        whose = "1 student" if count == 1 else f"{count} students"
        outdated = [f"The feedback of {whose} was outdated and is removed; make it anew."] if count else []
        return [*self._left_out, *outdated]


def follow(root: Path, assignment: str, handed_in: HandedIn) -> list[str]:
    """Make the folder of a marked submission what nbgrader's later commands expect; returns sentences on files that
    were not copied. Raises OSError where the folder can't be written."""
    folder = autograded_folder(root, assignment, handed_in.student)
    reserved = {TIMESTAMP, SECRET, f"{assignment}.ipynb", f"{assignment}.html"}
    course = dict(_files(root / "source" / assignment, reserved))
    files, notes = _within_bounds(_beside(course, _files(handed_in.folder, reserved)))
    files |= course
    _remove_others(folder, {*files, Path(TIMESTAMP), Path(SECRET), Path(f"{assignment}.ipynb")})
    unread = [quoted(str(path)) for path, source in files.items() if not _copied(source, folder / path)]
    _write_if_other(
        folder / TIMESTAMP, f"{handed_in.timestamp.isoformat(' ')} UTC\n".encode() if handed_in.timestamp else b""
    )
    _write_if_other(folder / SECRET, _secret(handed_in.folder) or _secret(folder) or secrets.token_hex(64).encode())
    return [*notes, *_note(unread, "It can't be read, or its path is too long.")]


def _files(folder: Path, reserved: set[str]) -> Iterator[tuple[Path, Path]]:
    """The regular files below `folder` that nbgrader would copy, by their path in it, in a fixed order."""
    waiting, looked = [folder], 0
    while waiting and looked <= MOST_FILES:
        try:
            with os.scandir(waiting.pop()) as found:
                entries = sorted(itertools.islice(found, MOST_FILES), key=lambda entry: entry.name)
        except OSError:  # it isn't there, or can't be read, which `submissions` tells
            continue
        looked += len(entries)
        for entry in entries:
            path = Path(entry.path).relative_to(folder)
            if path.parts[0] in reserved or any(fnmatch(entry.name, pattern) for pattern in _IGNORED):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(folder / path)
            elif entry.is_file(follow_symlinks=False):
                yield path, folder / path


def _beside(course: dict[Path, Path], files: Iterator[tuple[Path, Path]]) -> Iterator[tuple[Path, Path]]:
    """Those of the files that can lie beside the course's: none is in a folder that is a file there, or the reverse."""
    folders = {folder for path in course for folder in path.parents}
    return ((path, source) for path, source in files if path not in folders and not course.keys() & set(path.parents))


def _within_bounds(files: Iterator[tuple[Path, Path]]) -> tuple[dict[Path, Path], list[str]]:
    """The files that are copied, and sentences on the others."""
    copied: dict[Path, Path] = {}
    pages: list[str] = []
    large: list[str] = []
    left = MOST_MEGABYTES * 10**6
    for path, source in files:
        size = source.lstat().st_size
        if _is_page(path.name):
            pages.append(quoted(str(path)))
        elif size > left:
            large.append(quoted(str(path)))
        else:
            left -= size
            copied[path] = source
    too_large = f"At most {MOST_MEGABYTES} MB of a submission are copied."
    return copied, [*_note(pages, "Formgrader would run it as a page."), *_note(large, too_large)]


def _note(names: list[str], why: str) -> list[str]:
    if not names:
        return []
    return [f"Not copied from submitted/ to autograded/: {some(names)}. {why}"]


def _is_page(name: str) -> bool:
    """Whether a browser would run the file as a page when formgrader serves it."""
    kind = mimetypes.guess_type(f"/{name}")[0] or ""  # as of a path: a name such as "data:,x.html" is read as a URL
    return "html" in kind or kind.endswith("xml")


def _remove_others(folder: Path, wanted: set[Path]) -> None:
    """Remove what an earlier submission left, and every link, whatever it points to."""
    for place, folders, files in os.walk(folder, topdown=False):
        for path in (Path(place, name) for name in [*folders, *files]):
            if path.is_dir() and not path.is_symlink():
                with suppress(OSError):  # something is in it
                    path.rmdir()
            elif path.is_symlink() or not (path.relative_to(folder) in wanted or _unfinished(path, folder)):
                path.unlink()


def _unfinished(path: Path, folder: Path) -> bool:
    """Whether a worker may be writing it: a marked notebook."""
    return path.name.startswith(PREFIX) and path.parent == folder


def _copied(source: Path, target: Path) -> bool:
    """Copy a file where the copy isn't there, by size and time; whether it could be."""
    try:
        found = source.lstat()
        if target.is_file():
            copy = target.lstat()
            if (copy.st_size, copy.st_mtime_ns) == (found.st_size, found.st_mtime_ns):
                return True
        content = _read(source, MOST_MEGABYTES * 10**6)
        if content is not None:
            write_whole(target, content)
            os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
        return content is not None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # "autograded" is longer than "submitted"
            return False
        raise


def _secret(folder: Path) -> bytes | None:
    """The secret in a folder, if it is one: a line of plain text, as `release_feedback` has to read it."""
    found = _read(folder / SECRET, MOST_SECRET + 1) or b""
    fit = len(found) <= MOST_SECRET and found.isascii() and found.decode("ascii").strip().isprintable()
    return found if fit and found.strip() else None


def _read(path: Path, most: int) -> bytes | None:
    """The first bytes of a regular file; None for what is none or can't be read."""
    try:
        return read_regular(path, most)
    except OSError:
        return None


def _write_if_other(path: Path, content: bytes) -> None:
    if _read(path, len(content) + 1) != content:
        write_whole(path, content)
