"""The copy of the course that a class keeps, so that a later change of the course changes no grade."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from autograder import __version__
from autograder.course.course import Course, load_course


def freeze(course: Course, root: Path) -> None:
    """Copy the course's own files into the class directory `root`."""
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
    shutil.copytree(course.root / "solutions", root / "course" / "solutions", ignore=ignored)
    digests = {name: course_digest(course, name) for name in course.names}
    about = {"title": course.title, "engine": __version__, "assignments": digests}
    (root / "course" / "frozen.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def class_course(root: Path) -> Course:
    """The frozen copy of the course in the class directory `root`. Raises CourseError."""
    return load_course(root / "course")


def course_digest(course: Course, assignment: str) -> str:
    """Stands for everything of the course that an assignment's results depend on."""
    solutions = course.root / "solutions"
    shared = [path for path in solutions.iterdir() if path.is_file()]
    files = (path for path in course.folder(assignment).rglob("*") if path.is_file())
    own = [path for path in files if path.parent.name != "__pycache__"]
    digest = hashlib.sha256()
    for path in sorted([*shared, *own]):
        digest.update(f"{path.relative_to(solutions)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
