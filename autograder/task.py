"""What the `tasks.py` of classes imports that were made before a program had a name of its own:

    @averages.misconception("SUM_FOR_MEAN", "These are running sums. ...")
    def cumulative_average(x): ...

    @averages.accepts("itertools.accumulate")
    def cumulative_average(x): ...

Such a class keeps the file in its frozen course and must still grade. All programs are called like their task there.
New courses import from `autograder.authoring`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from autograder.answers.case import Case, Function, Part, Stream
from autograder.answers.compare import Tolerance
from autograder.course import task
from autograder.course.program import Definition, Program
from autograder.course.task import Task, case, dialogue
from autograder.errors import CourseError

__all__ = ["Case", "Function", "Part", "Stream", "Task", "TaskSheet", "Tolerance", "case", "dialogue"]


class OldDecorators:
    """A sheet's decorators of before, as a mixin."""

    wrong_programs: list[Program]
    alternatives: list[Program]

    def misconception(
        self, id: str, message: str, looseness: float | None = None
    ) -> Callable[[Definition], Definition]:
        """A decorator for a wrong program that shows the misconception `id`; `message` is what the student reads."""
        self.wrong_programs.append(Program(id, decorated_source(), message, looseness))
        return lambda definition: definition

    def accepts(self, id: str) -> Callable[[Definition], Definition]:
        """A decorator for another right program."""
        self.alternatives.append(Program(id, decorated_source()))
        return lambda definition: definition


class OldTaskSheet(OldDecorators, task.TaskSheet):
    """A coding task whose programs all have its name."""


TaskSheet = OldTaskSheet


def decorated_source() -> str:
    """The definition below the decorator that is being made, without its decorators.

    Found by its line, since several definitions of one name stand in one file.
    """
    frame = sys._getframe(2)
    file = Path(frame.f_code.co_filename)
    for first, last, source in _definitions(file, file.stat().st_mtime_ns):
        if first <= frame.f_lineno <= last:
            return source
    raise CourseError(f"{file}:{frame.f_lineno}: use this as a decorator at the top level of the file")


@lru_cache(maxsize=8)
def _definitions(file: Path, changed: int) -> list[tuple[int, int, str]]:  # noqa: ARG001  (a changed file is read anew)
    """First and last line of the decorators of each definition, and its text without them."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    nodes = [node for node in ast.parse(text).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return [
        (node.decorator_list[0].lineno, node.lineno, "".join(lines[node.lineno - 1 : node.end_lineno]))
        for node in nodes
        if node.decorator_list
    ]
