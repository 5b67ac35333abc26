"""What the `tasks.py` of classes that were made before imports beside `autograder.task`."""

from autograder.course import examples_task
from autograder.task import OldDecorators

__all__ = ["ExamplesSheet"]


class OldExamplesSheet(OldDecorators, examples_task.ExamplesSheet):
    """An examples task whose programs all have its name."""


ExamplesSheet = OldExamplesSheet
