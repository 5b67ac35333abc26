"""The names that the files of a course's `tasks/` import."""

from __future__ import annotations

from autograder.case import Function, Stream
from autograder.compare import Tolerance
from autograder.examples import ExamplesSheet
from autograder.task import Part, TaskSheet, case, dialogue

__all__ = ["ExamplesSheet", "Function", "Part", "Stream", "TaskSheet", "Tolerance", "case", "dialogue"]
