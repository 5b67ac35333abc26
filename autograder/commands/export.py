"""`autograder export`: write the course's questions as other systems take them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.course.course import Course
from autograder.errors import CourseError


def export_questions(course: Course, named: Sequence[str], form: str, output: Path | None) -> int:
    """Write the questions of the named assignments, or all, to `output`. Raises CourseError."""
    raise CourseError(f"{form} isn't written yet.")
