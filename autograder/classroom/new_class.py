"""Make a class directory: an ordinary nbgrader course directory with a frozen copy of the course."""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.frozen_course import freeze
from autograder.course.course import Course
from autograder.course.source_notebook import Json
from autograder.errors import ClassError
from autograder.gradebook.grades import Grades
from autograder.gradebook.nbgrader_config import FILE, config_text, read_settings
from autograder.release.build import RELEASE_CONFIG, release_files, release_notebook, source_files


def new_class(course: Course, root: Path) -> None:
    """Make a class directory of the course. Raises ClassError if the folder holds anything, CourseError if the
    course can't be released."""
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ClassError(f"{root} isn't empty. Name a folder that doesn't exist yet, or an empty one.")
    files: dict[Path, bytes] = {}
    releases: dict[str, Json] = {}
    for name in course.names:
        assignment = course.assignment(name)
        releases[name] = release_notebook(assignment)
        files |= {Path("source", name, file): content for file, content in source_files(assignment).items()}
        files |= {Path("release", name, file): content for file, content in release_files(assignment).items()}
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    (root / "submitted").mkdir()
    freeze(course, root)
    (root / FILE).write_text(config_text(course.title, RELEASE_CONFIG), encoding="utf-8")
    with Grades(read_settings(root)) as grades:
        for name, release in releases.items():
            grades.register(name, release)
