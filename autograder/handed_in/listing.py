"""The files of a folder that strangers filled: links are not followed, and what machines leave is passed over."""

from __future__ import annotations

import itertools
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Literal

from autograder.handed_in.layout import Layout

MOST_FILES = 1_000  # and folders, looked at in one submission
CHECKPOINTS = ".ipynb_checkpoints"  # of Jupyter, which saves there what was saved before
_CHECKPOINT = re.compile(r"-checkpoint(?: ?\(\d+\))?\.ipynb", re.IGNORECASE)
_MACHINES = {"__macosx", "__pycache__", "thumbs.db", "desktop.ini", "$recycle.bin"}


def made_by_a_machine(name: str) -> bool:
    """Whether a file or folder of this name is no work of a student's: hidden ones (`.Trash-1000`, `._x.ipynb`,
    `.virtual_documents`, `.history`, `.DS_Store`), and what systems and Python leave."""
    return name.startswith(".") or name.casefold() in _MACHINES


def is_checkpoint(path: Path) -> bool:
    """Whether Jupyter made the file as the copy that it goes back to."""
    return CHECKPOINTS in path.parts or _CHECKPOINT.search(path.name) is not None


def files_below(folder: Path, layout: Layout) -> tuple[list[Path], list[str]]:
    """The regular files below `folder` in a fixed order, checkpoints among them, and notes on what was passed over."""
    files: list[Path] = []
    notes: list[str] = []
    waiting, looked = [folder], 0
    while waiting:
        place = waiting.pop()
        try:
            listed = _listed(place)
        except OSError as error:  # its path may be too long, or it may not be entered
            notes.append(f"The folder {where(place, folder)} can't be read: {error.strerror}.")
            continue
        looked += len(listed)
        listed = [(path, kind) for path, kind in listed if not _passed_over(path.name, kind, layout)]
        files += [path for path, kind in listed if kind == "file"]
        links = [path for path, kind in listed if kind == "link"]
        notes += [f"{where(path, folder)} is a link, and links aren't followed." for path in links]
        waiting += [path for path, kind in reversed(listed) if kind == "folder"]
        if looked > MOST_FILES:
            more = f"There are more than {MOST_FILES:,} files and folders; the rest was not looked at."
            return files[:MOST_FILES], [*notes[:10], more]
    return files, notes[:10]


def is_regular(path: Path) -> bool:
    """Whether there is a file, and no link to one."""
    with suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder, and no link to one."""
    with suppress(OSError):
        return stat.S_ISDIR(path.lstat().st_mode)
    return False


def where(path: Path, folder: Path) -> str:
    """A file's place in the folder, in quotes."""
    return quoted(str(path.relative_to(folder)))


def quoted(name: str) -> str:
    """A file's name in quotes, printable whatever it holds."""
    return ascii(name) if len(name) <= 100 else ascii(name[:100] + "...")


def some(names: list[str]) -> str:
    """A few of the names, and how many more there are."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


_Kind = Literal["link", "folder", "file", "other"]


def _passed_over(name: str, kind: _Kind, layout: Layout) -> bool:
    if kind == "folder" and name == CHECKPOINTS:
        return False
    return made_by_a_machine(name) or layout.ignores(name)


def _listed(place: Path) -> list[tuple[Path, _Kind]]:
    """What is in a folder, by name; of too many things only the first that are found. Raises OSError."""
    with os.scandir(place) as entries:
        first = sorted(itertools.islice(entries, MOST_FILES + 1), key=lambda entry: entry.name)
        return [(Path(entry.path), _kind(entry)) for entry in first]


def _kind(entry: os.DirEntry[str]) -> _Kind:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"
