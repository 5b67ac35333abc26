"""Where the classes that were made by version 1 find what their `tasks.py` imports; new courses use
`autograder.authoring`."""

from autograder.check.case import Case, Function, Part, Stream
from autograder.check.compare import Tolerance
from autograder.course.task import Task, TaskSheet, case, dialogue

__all__ = ["Case", "Function", "Part", "Stream", "Task", "TaskSheet", "Tolerance", "case", "dialogue"]
