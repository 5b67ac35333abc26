"""The names that the files of a course's `tasks/` import."""

from __future__ import annotations

from autograder.answers.case import Function, Part, Stream
from autograder.answers.compare import Tolerance
from autograder.course.examples_task import ExamplesSheet
from autograder.course.task import TaskSheet, case, dialogue

__all__ = ["ExamplesSheet", "Function", "Part", "Stream", "TaskSheet", "Tolerance", "case", "dialogue"]
