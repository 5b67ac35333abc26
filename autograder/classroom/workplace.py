"""Where a run of grading reads and writes: in the class, or, in a dry run, beside it."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.class_directory.lock import only_grader
from autograder.errors import ClassError
from autograder.files import PREFIX, remove_leftovers, writable_for_the_group
from autograder.gradebook.nbgrader_config import Settings
from autograder.sandbox.host.scratch_folder import make_scratch

PLACES = ("", "results/", "results/runs/", "results/{}/", "autograded/*/{}/")  # of unfinished files of a killed run
NOTED = ("graded.json", "penalties", "set_aside.json", "extensions.json")  # what results/ says of an assignment
SHARED = (
    "Where several instructors share a class, its nbgrader_config.py says `c.CourseDirectory.groupshared = True`, "
    "and whoever owns its files lets the group write them: `chmod -R g+rwX {}`."
)


@dataclass(frozen=True)
class Workplace:
    """The class in `root` with its `settings`. Results, notebooks and notes are written into `out`, grades into the
    database of `settings`: both are the class's own, or a dry run's."""

    root: Path
    out: Path
    settings: Settings

    @property
    def dry(self) -> bool:
        """Whether nothing of the class is written."""
        return self.out != self.root


@contextmanager
def in_the_class(root: Path, settings: Settings, assignment: str) -> Iterator[Workplace]:
    """The class itself, for one run at a time. Raises ClassError where another is at work, or the class can't be
    written."""
    shared = writable_for_the_group(settings.groupshared)
    with shared, _telling_trouble(root), only_grader(root), _tidy(root, assignment):
        yield Workplace(root, root, settings)


@contextmanager
def beside_the_class(root: Path, settings: Settings, assignment: str) -> Iterator[Workplace]:
    """A folder that goes at the end, with a copy of the gradebook and of what is noted of the assignment. Nothing in
    the class is written, not even what Python compiles. Raises ClassError where the gradebook is no file."""
    with _telling_trouble(root), _without_bytecode():
        scratch = make_scratch("autograder-dry-run-")
        try:
            copied = scratch.path / "gradebook.db"
            _copy_gradebook(settings.db_url, copied)
            (scratch.path / "results").mkdir()
            for name in (f"{assignment}.{kind}" for kind in NOTED):
                if (root / "results" / name).is_file():
                    shutil.copyfile(root / "results" / name, scratch.path / "results" / name)
            yield Workplace(root, scratch.path, replace(settings, db_url=f"sqlite:///{copied}"))
        finally:
            scratch.remove()


def _copy_gradebook(url: str, copied: Path) -> None:
    """Copy the database, whole also while somebody writes it; where there is none, there is none to copy."""
    from sqlalchemy.engine import make_url

    place = make_url(url)
    if not place.drivername.startswith("sqlite") or not place.database:
        raise ClassError(
            "A dry run works on a copy of the gradebook, which can only be made of an SQLite file. "
            f"This class's is {place.render_as_string(hide_password=True)}."
        )
    file = Path(place.database)
    if not file.exists():
        return
    try:
        with (
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as book,
            closing(sqlite3.connect(copied)) as copy,
        ):
            book.backup(copy)
    except sqlite3.DatabaseError as error:
        raise ClassError(f"The gradebook {file} can't be copied: {error}.") from error


@contextmanager
def _without_bytecode() -> Iterator[None]:
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


@contextmanager
def _telling_trouble(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        shared = f"{SHARED.format(root)} " if isinstance(error, PermissionError) else ""
        raise ClassError(
            f"Grading {root} stopped: {error.strerror or error}{where}. {shared}"
            "Mend that and run the same command again: what was graded is kept."
        ) from error


@contextmanager
def _tidy(root: Path, assignment: str) -> Iterator[None]:
    """Before and after, remove what a run or a worker that was killed had begun to write."""
    patterns = [f"{place.format(assignment)}{PREFIX}*" for place in PLACES]
    try:
        remove_leftovers(path for pattern in patterns for path in root.glob(pattern))
        yield
    finally:
        remove_leftovers(path for pattern in patterns for path in root.glob(pattern))
