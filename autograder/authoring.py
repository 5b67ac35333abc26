"""The names that the files of a course's `tasks/` import."""

from __future__ import annotations

from autograder.check.case import Function, Part, Stream
from autograder.check.compare import Tolerance
from autograder.course.examples_task import ExamplesSheet
from autograder.course.task import TaskSheet, case, dialogue

__all__ = ["ExamplesSheet", "Function", "Part", "Stream", "TaskSheet", "Tolerance", "case", "dialogue"]
