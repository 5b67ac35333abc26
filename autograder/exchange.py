"""Lets `nbgrader collect` and formgrader's Collect button take from the exchange only what is a student's own.

Every student may write in the exchange's `inbound` folder, past `nbgrader submit`: a folder under another's name, or
links to files that the instructor may read and the student may not. nbgrader's own collector warns of the one, copies
what the other leads to, and stops at a name that it can't read.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import ignore_patterns
from traitlets import Callable as Function

from autograder.files import writable_for_the_group

Record = dict[str, Any]
TAKE_ALL = "Where accounts don't tell who is who, `c.ExchangeCollect.check_owner = False` takes it all the same."


class Collect(ExchangeCollect):  # type: ignore[misc]
    """nbgrader's collector; what it can't take is told in its log, and nobody else's submission depends on it."""

    src_records: list[Record]
    number_of = Function(
        lambda name: pwd.getpwnam(name).pw_uid,
        help="Gives the system's number of the account that a student's name belongs to. Raises KeyError for none.",
    ).tag(config=True)

    def _path_to_record(self, path: str) -> Record:
        try:
            return super()._path_to_record(path)  # type: ignore[no-any-return]
        except (ExchangeError, ValueError, OverflowError):  # a name that no `nbgrader submit` gave
            return {"username": "", "filename": Path(path).name, "timestamp": datetime.min}

    def _sort_by_timestamp(self, records: list[Record]) -> list[Record]:
        """A student's records, the last first; with one that can't be taken only where all are such."""
        ranked = super()._sort_by_timestamp(records)
        objections = [self._objection(record) for record in ranked]
        for record, objection in zip(ranked, objections, strict=True):
            if objection:
                self.log.warning("Not collected: %s %s", Path(self.inbound_path, record["filename"]), objection)
        return [record for record, objection in zip(ranked, objections, strict=True) if not objection] or ranked

    def copy_files(self) -> None:
        """Copy each student's last submission that can be taken."""
        self.src_records = [record for record in self.src_records if not self._objection(record)]
        super().copy_files()

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy what is a file of the folder's owner, and no link."""
        ignored = ignore_patterns(
            exclude=self.coursedir.ignore,
            include=self.coursedir.include,
            max_file_size=self.coursedir.max_file_size,
            log=log or self.log,
        )
        with writable_for_the_group(self.coursedir.groupshared):
            for left_out in copy_own(Path(src), Path(dest), ignored):
                self.log.warning("Not collected: %s is a link, can't be read, or isn't the student's own.", left_out)

    def _objection(self, record: Record) -> str:
        """Why a folder in `inbound` isn't taken, or ""."""
        place = Path(self.inbound_path, record["filename"])
        try:
            about = place.lstat()
        except OSError as error:  # a student may take it away at any time
            return f"can't be read: {error.strerror}."
        if not stat.S_ISDIR(about.st_mode):
            return "is no folder."
        if not os.access(place, os.R_OK | os.X_OK):
            return "can't be read: its owner closed it."
        if record["timestamp"] == datetime.min:
            return "has a name that `nbgrader submit` doesn't give."
        if self.check_owner and about.st_uid != self._number(record["username"]):
            return f"belongs to {_name(about.st_uid)}, not to {record['username']}, whose name it bears. {TAKE_ALL}"
        if self.get_size(place) > 1000 * self.coursedir.max_dir_size:
            return f"is larger than {self.coursedir.max_dir_size} kB (c.CourseDirectory.max_dir_size)."
        return ""

    def _number(self, name: str) -> int | None:
        try:
            return int(self.number_of(name))
        except KeyError:
            return None


def copy_own(source: Path, to: Path, ignored: Callable[[str, list[str]], list[str]]) -> list[Path]:
    """Copy the files that belong to the folder's owner; returns what was left out, but for what is `ignored`.

    Links aren't followed, neither to folders nor to files, also when they are put there during the copying.
    """
    left_out: list[Path] = []
    owner = source.lstat().st_uid
    unreadable: list[OSError] = []
    for here, folders, files, at in os.fwalk(source, follow_symlinks=False, onerror=unreadable.append):
        place = to / Path(here).relative_to(source)
        place.mkdir(exist_ok=True)
        passed_over = set(ignored(here, [*folders, *files]))
        links = {name for name in folders if Path(here, name).is_symlink()}
        left_out += [Path(here, name) for name in links - passed_over]
        folders[:] = sorted(set(folders) - passed_over - links)
        for name in sorted(set(files) - passed_over):
            if not _copy_file(name, at, owner, place / name):
                left_out.append(Path(here, name))
    return [*left_out, *(Path(error.filename) for error in unreadable)]


def _copy_file(name: str, folder: int, owner: int, to: Path) -> bool:
    try:
        opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return False
    with os.fdopen(opened, "rb") as file:
        about = os.fstat(file.fileno())
        if about.st_uid != owner or not stat.S_ISREG(about.st_mode):
            return False
        with to.open("wb") as copy:
            shutil.copyfileobj(file, copy)
    return True


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
