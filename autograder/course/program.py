"""The wrong and the other right programs of a task, as an author writes them below the task's sheet.

    @averages.wrong
    def SUM_FOR_MEAN(x):
        \"\"\"These are running sums: divide row i by the number of rows it contains.\"\"\"
        return np.cumsum(x, axis=0)

    @averages.right
    def incremental_form(x): ...

The name is the program's id. When the grader is verified, the definition is handed in under the name of the task,
without its docstring: it must need nothing but `np` and the functions that the task `uses`.
"""

from __future__ import annotations

import ast
import copy
import inspect
import linecache
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType
from typing import Any, TypeVar

from autograder.errors import CourseError

Definition = TypeVar("Definition", bound=Callable[..., Any])


@dataclass(frozen=True)
class Program:
    """A definition handed in as a student would: the misconception or alternative called `id`, as Python text."""

    id: str
    source: str
    message: str = ""
    looseness: float | None = None


@dataclass
class Sheet:
    """What the sheets of all kinds of tasks have in common: the task's id, and the programs written below."""

    id: str
    wrong_programs: list[Program] = field(default_factory=list, init=False)
    alternatives: list[Program] = field(default_factory=list, init=False)

    def wrong(self, definition: Definition) -> Definition:
        """A decorator for a wrong program. Its name is the misconception's id, its docstring what the student reads."""
        self._add_wrong(definition)
        return definition

    def right(self, definition: Definition) -> Definition:
        """A decorator for another right program."""
        self._add(self.alternatives, program_of(definition, self.id))
        return definition

    def _add_wrong(self, definition: Callable[..., Any], looseness: float | None = None) -> None:
        program = program_of(definition, self.id, looseness)
        if not program.message:
            raise CourseError(f"{self.id}: {program.id} has no docstring: write there what the student reads")
        self._add(self.wrong_programs, program)

    def _add(self, programs: list[Program], program: Program) -> None:
        if program.id in {listed.id for listed in (*self.wrong_programs, *self.alternatives)}:
            raise CourseError(f"{self.id}: two programs are called {program.id}")
        programs.append(program)


def program_of(definition: Callable[..., Any], task: str, looseness: float | None = None) -> Program:
    """The definition as a program that is handed in for the task `task`. Raises CourseError."""
    name = definition.__name__
    if definition.__qualname__ != name:
        raise CourseError(f"{task}: write {name} at the top level of its file")
    node = copy.deepcopy(_node_of(definition, task))
    if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        raise CourseError(f"{task}: a program is a function or a class, not {name}")
    message = ast.get_docstring(node)
    return Program(name, _handed_in(node, task, message is not None), " ".join((message or "").split()), looseness)


def _node_of(definition: Callable[..., Any], task: str) -> ast.stmt:
    """The definition in its file, which is parsed once for all that stands there."""
    file = inspect.getsourcefile(definition)
    if file is None:
        raise CourseError(f"{task}: {definition.__name__} stands in no file")
    linecache.checkcache(file)
    named = [node for node in _definitions("".join(linecache.getlines(file))) if node.name == definition.__name__]
    line = _line_in(definition)
    found = named[:1] if len(named) == 1 else [node for node in named if node.lineno <= line <= (node.end_lineno or 0)]
    if not found:
        raise CourseError(f"{task}: {file} defines {definition.__name__} twice: rename one")
    return found[0]


@cache
def _definitions(text: str) -> list[ast.FunctionDef | ast.ClassDef]:
    return [node for node in ast.parse(text).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]


def _line_in(definition: Callable[..., Any]) -> int:
    """The last line of a function, or of a method of a class; 0 where none is known."""
    held = vars(definition).values() if isinstance(definition, type) else [definition]
    codes = [function.__code__ for function in held if isinstance(function, FunctionType)]
    return max((line for code in codes for *_, line in code.co_lines() if line), default=0)


def _handed_in(node: ast.FunctionDef | ast.ClassDef, task: str, documented: bool) -> str:
    """The text of the definition without decorators and docstring, called `task` wherever it stands for itself."""
    name = node.name
    for part in ast.walk(node):
        if part is not node and (_gives_meaning_to(name, part) or _gives_meaning_to(task, part)):
            raise CourseError(f"{task}: {name} uses its own name or the task's for something else, too: rename that")
        if isinstance(part, ast.Name) and part.id == name:
            part.id = task
    node.name, node.decorator_list = task, []
    node.body = node.body[documented:] or [ast.Pass()]
    return ast.unparse(node)


def _gives_meaning_to(name: str, node: ast.AST) -> bool:
    """Whether the node makes `name` a parameter, a local variable, an import or another definition."""
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Load)
    if isinstance(node, (ast.Attribute, ast.keyword, ast.Constant)):
        return False
    held = [value for _, value in ast.iter_fields(node)]
    return name in held or any(name in value for value in held if isinstance(value, list))
