"""Make a class directory: an ordinary nbgrader course directory with a frozen copy of the course."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.class_directory.frozen_course import freeze
from autograder.course.course import Course
from autograder.course.source_notebook import Json
from autograder.errors import ClassError
from autograder.gradebook.grades import Grades
from autograder.gradebook.nbgrader_config import FILE, config_text, default_id, read_settings
from autograder.release.build import RELEASE_CONFIG, release_files, release_notebook, source_files


def new_class(
    course: Course,
    root: Path,
    *,
    course_id: str | None = None,
    exchange: Path | None = None,
    progress: Callable[[str], None] = lambda _step: None,
) -> None:
    """Make a class directory of the course; `progress` is told of each step before it is done.

    `course_id` is by default the folder's name. Raises ClassError if the folder holds anything, or if the id is none,
    and CourseError if the course can't be released. What stops halfway leaves nothing behind.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ClassError(f"{root} isn't empty. Name a folder that doesn't exist yet, or an empty one.")
    config = config_text(default_id(root) if course_id is None else course_id, exchange, RELEASE_CONFIG)
    with _whole_or_gone(root):
        releases = _write_assignments(course, root, progress)
        (root / "submitted").mkdir()
        progress("freezing a copy of the course")
        freeze(course, root)
        (root / FILE).write_text(config, encoding="utf-8")
        progress("filling nbgrader's gradebook")
        with Grades(read_settings(root)) as grades:
            for name, release in releases.items():
                grades.register(name, release)


def _write_assignments(course: Course, root: Path, progress: Callable[[str], None]) -> dict[str, Json]:
    """Write `source/` and `release/`; returns the release notebook of each assignment."""
    releases: dict[str, Json] = {}
    files: dict[Path, bytes] = {}
    for name in course.names:
        progress(f"making the release of {name}")
        assignment = course.assignment(name)
        releases[name] = release_notebook(assignment)
        files |= {Path("source", name, file): content for file, content in source_files(assignment).items()}
        files |= {Path("release", name, file): content for file, content in release_files(assignment).items()}
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return releases


@contextmanager
def _whole_or_gone(root: Path) -> Iterator[None]:
    """What is in the folder `root` is removed again if it can't be finished; an empty folder that was there stays."""
    was_there = root.exists()
    try:
        root.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException as error:
        shutil.rmtree(root, ignore_errors=True)
        if was_there:
            root.mkdir(exist_ok=True)
        if isinstance(error, OSError):
            raise ClassError(f"{root} can't be made: {error.strerror or error}.") from error
        raise
