"""A task whose answer is examples: pairs of an input and the expected output of another task's function.

The pairs are valid when the reference agrees with them, and thorough when they reject every listed wrong program.
(How much writing examples teaches: Wrenn and Krishnamurthi 2019, Executable Examples for Programming Problem
Comprehension.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from autograder.answers.case import Case, Outcome, Step, play_locally
from autograder.answers.compare import Tolerance, difference
from autograder.answers.example_pairs import pairs_problem
from autograder.course.program import Program, Sheet
from autograder.course.task import Task
from autograder.errors import CourseError

Runner = Callable[[Any], Outcome]


@dataclass(frozen=True)
class ExamplesTask:
    """Examples for the task `of`. `targets` are the wrong programs that good examples reject."""

    extra: ClassVar[bool] = False
    id: str
    points: float
    hidden: str
    of: Task
    valid_points: float
    targets: tuple[Program, ...]
    wrong_programs: tuple[Program, ...]
    alternatives: tuple[Program, ...]
    uses: Mapping[str, Callable[..., Any]]
    reference: Runner = field(repr=False)
    wrong_runs: Mapping[str, Runner] = field(repr=False)


@dataclass(frozen=True)
class Review:
    """What the host found in the pairs: the first problem, and which targets the valid pairs reject."""

    pairs: int
    problem: str | None
    misconception: str | None
    caught: tuple[str, ...]


@dataclass
class ExamplesSheet(Sheet):
    """An examples task as its author writes it: `targets` name misconceptions of the task `of`, and the points not
    given for valid pairs are given for the share of targets that the pairs reject. `uses`: as for a task."""

    points: float
    valid_points: float
    hidden: str
    of: str
    targets: Sequence[str]
    uses: Sequence[str] = ()

    def solved(self, tasks: Mapping[str, Task], namespace: Mapping[str, Any]) -> ExamplesTask:
        if self.of not in tasks:
            raise CourseError(f"{self.id}: there is no task {self.of!r} to write examples for")
        of = tasks[self.of]
        programs = {program.id: program for program in of.wrong_programs}
        unknown = set(self.targets) - set(programs)
        if unknown:
            raise CourseError(f"{self.id}: {self.of} has no misconception {', '.join(sorted(unknown))}")
        return ExamplesTask(
            self.id,
            self.points,
            self.hidden,
            of,
            self.valid_points,
            tuple(programs[name] for name in self.targets),
            tuple(self.wrong_programs),
            tuple(self.alternatives),
            {name: namespace[name] for name in self.uses},
            _runner(of.id, namespace),
            {name: _runner(of.id, _defined(programs[name])) for name in self.targets},
        )


def _defined(program: Program) -> dict[str, Any]:
    namespace: dict[str, Any] = {"np": np}
    exec(compile(program.source, f"<{program.id}>", "exec"), namespace)
    return namespace


def _runner(name: str, namespace: Mapping[str, Any]) -> Runner:
    return lambda x: play_locally(Case("example", (Step("call", args=(x,)),)), name, namespace)


def review(task: ExamplesTask, answer: Any) -> Review:
    """Check pairs as they came from the student (plain data): bounded in number and size before anything runs."""
    problem = pairs_problem(answer)
    if problem:
        return Review(0, problem, None, ())
    valid: list[tuple[Any, Any]] = []
    first: tuple[str, str | None] | None = None
    for place, (x, expected) in enumerate(answer, start=1):
        found = _disagreement(task, np.array(x), expected)
        if found is None:
            valid.append((np.array(x), expected))
        elif first is None:
            sentence, misconception = found
            first = (f"Example {place} of {len(answer)}: {sentence}", misconception)
    caught = tuple(program.id for program in task.targets if _rejected(task, program, valid))
    problem, misconception = first or (None, None)
    return Review(len(answer), problem, misconception, caught)


def _disagreement(task: ExamplesTask, x: Any, expected: Any) -> tuple[str, str | None] | None:
    right = task.reference(x).values[0]
    scale = max(1.0, float(np.abs(x).max()))
    lenient = Tolerance(1e-3)  # a student writes 4.333 for 13/3
    if difference(right, expected, lenient, scale) is None:
        return None
    for program in task.targets:
        outcome = task.wrong_runs[program.id](x)
        if outcome.failure is None and difference(outcome.values[0], expected, lenient, scale) is None:
            told = (
                f"the expected output isn't that of {task.of.id}, but of a program with this mistake: {program.message}"
            )
            return told, program.id
    if np.shape(right) != np.shape(expected):
        asked = f"that of x, {np.shape(x)}" if np.shape(right) == np.shape(x) else f"{np.shape(right)}"
        return f"expected has the shape {np.shape(expected)}, not {asked}.", None
    back = task.reference(np.array(expected))
    if back.failure is None and difference(back.values[0], x, lenient, scale) is None:
        return "the two parts are exchanged. x comes first, then the expected output.", None
    if any(np.array_equal(np.round(right, digits), expected) for digits in (0, 1, 2)):
        return "the expected output is rounded too much. Give at least three decimals.", None
    return f"the expected output isn't that of {task.of.id}: work row by row with a pencil.", None


def _rejected(task: ExamplesTask, program: Program, pairs: Sequence[tuple[Any, Any]]) -> bool:
    for x, expected in pairs:
        outcome = task.wrong_runs[program.id](x)
        scale = max(1.0, float(np.abs(x).max()))
        if outcome.failure is not None or difference(outcome.values[0], expected, Tolerance(1e-3), scale) is not None:
            return True
    return False
