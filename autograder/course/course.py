"""Load a course: `solutions/`, one folder per assignment, into frozen objects."""

from __future__ import annotations

import importlib
import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from autograder.answers.question import Question
from autograder.course.course_files import read_course, read_questions
from autograder.course.examples_task import ExamplesSheet, ExamplesTask
from autograder.course.late_plots import late_plots
from autograder.course.notebook_py import Cell, read_percent
from autograder.course.strict_yaml import read_text
from autograder.course.task import Task, TaskSheet
from autograder.errors import CourseError
from autograder.sandbox.records import Limits

Item = Task | ExamplesTask | Question


@dataclass(frozen=True)
class CourseLimits(Limits):
    """What one submission may use; the course's `course.yaml` may set each. All cells and calls of one pass over the
    notebook together are bounded by `submission_seconds`."""

    submission_seconds: float = 60.0

    def class_seconds(self, submissions: int, workers: int) -> float:
        """The longest that marking so many computes: each gets its time once for the scores, once for what is
        shown, and once more for the one of them that ran out of time. What waits without computing may take WALL_FACTOR
        times as long by the clock, and twice."""
        return 3 * self.submission_seconds * math.ceil(submissions / workers)


@dataclass(frozen=True)
class Assignment:
    """One folder of `solutions/`: the notebook's cells and every item in the order of the notebook. A call of a
    student's function may compute for `call_seconds`."""

    name: str
    title: str
    mode: Literal["practice", "graded"]
    call_seconds: float
    cells: tuple[Cell, ...]
    items: Mapping[str, Item]

    @property
    def max_points(self) -> float:
        """The points of all items but those for extra credit."""
        return sum(item.points for item in self.items.values() if not item.extra)

    @property
    def tasks(self) -> tuple[Task | ExamplesTask, ...]:
        return tuple(item for item in self.items.values() if not isinstance(item, Question))

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(item for item in self.items.values() if isinstance(item, Question))


@dataclass(frozen=True)
class Course:
    """A course laid out in the folder `root`, with `root/solutions/` as its single source."""

    root: Path
    title: str
    mode: Literal["practice", "graded"]
    limits: CourseLimits
    misconceptions: Mapping[str, str]
    names: tuple[str, ...]

    def folder(self, name: str) -> Path:
        return self.root / "solutions" / name

    def chosen(self, named: Sequence[str]) -> tuple[str, ...]:
        """The assignments that are named, in that order and each once; all if none is named. Raises CourseError."""
        return tuple(dict.fromkeys(map(self.name_of, named))) or self.names

    def name_of(self, beginning: str) -> str:
        """The assignment that is called so, or else the only one whose name begins so. Raises CourseError."""
        if beginning in self.names:
            return beginning
        fitting = [name for name in self.names if name.startswith(beginning)]
        if not fitting:
            raise CourseError(f"There is no assignment {beginning!r}. There are: {', '.join(self.names)}.")
        if len(fitting) > 1:
            raise CourseError(f"Several assignments begin with {beginning!r}: {', '.join(fitting)}. Type more of one.")
        return fitting[0]

    def assignment(self, name: str) -> Assignment:
        """The assignment `name`; raises CourseError where its files are missing or contradict each other."""
        if name not in self.names:
            raise CourseError(f"There is no assignment {name!r}. There are: {', '.join(self.names)}.")
        loaded: dict[str, Assignment] = self._loaded
        if name not in loaded:
            loaded[name] = load_assignment(self.folder(name), self.mode, self.limits.call_seconds)
        return loaded[name]

    @cached_property
    def _loaded(self) -> dict[str, Assignment]:
        return {}


def find_course(start: Path) -> Course:
    """The course in `start` or the nearest folder above it that holds `solutions/course.yaml`.

    A class directory keeps its frozen copy in `course/`. Raises CourseError if there is none.
    """
    for folder in [start.resolve(), *start.resolve().parents]:
        for root in (folder, folder / "course"):
            if (root / "solutions" / "course.yaml").is_file():
                return load_course(root)
    raise CourseError(
        f"No course here: neither {start} nor a folder above it holds solutions/course.yaml. "
        "Go to the course's folder, or name it with --course DIR."
    )


def load_course(root: Path) -> Course:
    """The course in `root`; its assignments are loaded when they are asked for. Raises CourseError."""
    solutions = root / "solutions"
    settings = read_course(solutions)
    names = tuple(sorted(item.name for item in solutions.iterdir() if (item / "notebook.py").is_file()))
    if not names:
        raise CourseError(f"{solutions} holds no assignment: a folder with notebook.py, tasks/ and questions.yaml")
    limits = CourseLimits(**settings.limits.given())
    return Course(root, settings.title, settings.mode, limits, settings.misconceptions, names)


def load_assignment(folder: Path, mode: Literal["practice", "graded"], call_seconds: float) -> Assignment:
    """The assignment in `folder`, with the outcome of every case computed. Raises CourseError."""
    cells = read_percent(read_text(folder / "notebook.py"))
    namespace = _reference(folder, cells)
    questions = {question.id: question for question in read_questions(folder)}
    sheets = _sheets(folder)
    tasks: dict[str, Task] = {
        name: sheet.solved(namespace) for name, sheet in sheets.items() if isinstance(sheet, TaskSheet)
    }
    found: dict[str, Item] = {**questions, **tasks}
    for name, sheet in sheets.items():
        if isinstance(sheet, ExamplesSheet):
            found[name] = sheet.solved(tasks, namespace)
    return Assignment(folder.name, _title(folder, cells), mode, call_seconds, cells, _in_order(folder, cells, found))


def _in_order(folder: Path, cells: tuple[Cell, ...], found: Mapping[str, Item]) -> dict[str, Item]:
    named = [cell.options.get("check") or cell.options.get("question") for cell in cells]
    order = [name for name in named if name]
    for name in order:
        if name not in found:
            raise CourseError(f"{folder}: notebook.py names {name!r}, which neither tasks/ nor questions.yaml holds")
        if order.count(name) > 1:
            raise CourseError(f"{folder}: notebook.py has two places for {name!r}")
    for name in found:
        if name not in order:
            raise CourseError(f'{folder}: notebook.py has no cell `# %% check="{name}"` or `question="{name}"`')
    written = {cell.options["task"] for cell in cells if "task" in cell.options}
    for name in order:
        if not isinstance(found[name], Question) and name not in written:
            raise CourseError(f'{folder}: notebook.py has no solution cell `# %% task="{name}"`')
    return {name: found[name] for name in order}


def _reference(folder: Path, cells: tuple[Cell, ...]) -> dict[str, Any]:
    """What the setup and solution cells define, run in their order: the references of all tasks."""
    namespace: dict[str, Any] = {}
    with late_plots():
        for cell in cells:
            if cell.kind == "code" and ("task" in cell.options or "setup" in cell.options):
                source = re.sub(r"^from check import .*$", "", cell.source, flags=re.MULTILINE)
                file = f"{folder.name}/notebook.py: {cell.options.get('task', 'setup')}"
                exec(compile(source, file, "exec"), namespace)
    return namespace


def _sheets(folder: Path) -> dict[str, TaskSheet | ExamplesSheet]:
    found: dict[str, TaskSheet | ExamplesSheet] = {}
    for module in _task_modules(folder):
        for value in vars(module).values():
            if isinstance(value, (TaskSheet, ExamplesSheet)) and found.setdefault(value.id, value) is not value:
                raise CourseError(f"{folder}: two sheets are called {value.id!r}")
    return found


def _task_modules(folder: Path) -> list[ModuleType]:
    """The modules in `tasks/`, which may import each other (`from .inputs import ...`); in an old class, `tasks.py`.

    None of them stays in `sys.modules`, where another course may have an assignment of the same name.
    """
    tasks = folder / "tasks"
    place, pattern = (tasks, "[!.]*.py") if tasks.is_dir() else (folder, "tasks.py")
    files = sorted(place.glob(pattern))
    if not files:
        raise CourseError(f"{tasks} is missing: a folder with one file for each task")
    package = ModuleType(f"_course_{abs(hash(place.resolve()))}")
    package.__path__ = [str(place)]
    importlib.invalidate_caches()
    sys.modules[package.__name__] = package
    try:
        return [importlib.import_module(f"{package.__name__}.{file.stem}") for file in files]
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == package.__name__]:
            del sys.modules[name]


def _title(folder: Path, cells: tuple[Cell, ...]) -> str:
    for cell in cells:
        if cell.kind == "markdown" and cell.source.startswith("# "):
            return cell.source.splitlines()[0].removeprefix("# ").strip()
    raise CourseError(f"{folder}/notebook.py has no title: its first markdown cell must start with '# '")
