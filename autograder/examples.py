"""A task whose answer is examples: pairs of an input and the expected output of another task's function.

The pairs are valid when the reference agrees with them, and thorough when they reject every listed wrong program.
(How much writing examples teaches: Wrenn and Krishnamurthi 2019, Executable Examples for Programming Problem
Comprehension.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.case import Case, Outcome, Step, play_locally
from autograder.compare import Tolerance, difference, numbers, shape_of
from autograder.errors import CourseError
from autograder.frozen_sheets import OldDecorators
from autograder.program import Program, Sheet
from autograder.task import Task

Run = Callable[[Any], Outcome]
MOST_PAIRS = 20
MOST_NUMBERS = 2_000  # per input: enough for any example a person writes, too few to slow the host


@dataclass(frozen=True)
class ExamplesTask:
    """Examples for the task `of`. `targets` are the wrong programs that good examples reject."""

    id: str
    points: float
    hidden: str
    of: Task
    valid_points: float
    targets: tuple[Program, ...]
    misconceptions: tuple[Program, ...]
    alternatives: tuple[Program, ...]
    reference: Run = field(repr=False)
    wrong_runs: Mapping[str, Run] = field(repr=False)


@dataclass(frozen=True)
class Review:
    """What the host found in the pairs: the first problem, and which targets the valid pairs reject."""

    pairs: int
    problem: str | None
    misconception: str | None
    caught: tuple[str, ...]


@dataclass
class ExamplesSheet(Sheet, OldDecorators):
    """An examples task as its author writes it: `targets` name misconceptions of the task `of`, and the points not
    given for valid pairs are given for the share of targets that the pairs reject."""

    points: float
    valid_points: float
    hidden: str
    of: str
    targets: Sequence[str]

    def solved(self, tasks: Mapping[str, Task], namespace: Mapping[str, Any]) -> ExamplesTask:
        if self.of not in tasks:
            raise CourseError(f"{self.id}: there is no task {self.of!r} to write examples for")
        of = tasks[self.of]
        programs = {program.id: program for program in of.misconceptions}
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
            tuple(self.misconceptions),
            tuple(self.alternatives),
            _runner(of.id, namespace),
            {name: _runner(of.id, _defined(programs[name])) for name in self.targets},
        )


def _defined(program: Program) -> dict[str, Any]:
    namespace: dict[str, Any] = {"np": np}
    exec(compile(program.source, f"<{program.id}>", "exec"), namespace)
    return namespace


def _runner(name: str, namespace: Mapping[str, Any]) -> Run:
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


def pairs_problem(answer: Any) -> str | None:
    """What is wrong with the form of the pairs (plain data: lists, numbers, arrays), as a sentence; None if nothing."""
    if not isinstance(answer, list) or not answer:
        return "Return a list with at least one pair (x, expected)."
    if len(answer) > MOST_PAIRS:
        return f"{len(answer)} examples are more than the {MOST_PAIRS} that are read: keep the telling ones."
    for place, pair in enumerate(answer, start=1):
        if not isinstance(pair, list) or len(pair) != 2:
            return f"Example {place} isn't a pair (x, expected)."
        for name, value in zip(("x", "expected"), pair, strict=True):
            too_large = f"Example {place}: {name} is too large; at most {MOST_NUMBERS:,} numbers up to 1e9 are read."
            if math.prod(shape_of(value) or ()) > MOST_NUMBERS:
                return too_large
            array = numbers(value)
            if array is None or array.ndim != 2 or not array.size or not np.isfinite(array).all():
                return (
                    f"Example {place}: {name} must be finite numbers in rows of one length: an array of shape (n, d)."
                )
            if np.abs(array).max() > 1e9:
                return too_large
    return None


def _disagreement(task: ExamplesTask, x: Any, expected: Any) -> tuple[str, str | None] | None:
    right = task.reference(x).values[0]
    scale = max(1.0, float(np.abs(x).max()))
    lenient = Tolerance(1e-3)  # a student writes 4.333 for 13/3
    if difference(right, expected, lenient, scale) is None:
        return None
    for program in task.targets:
        outcome = task.wrong_runs[program.id](x)
        if outcome.failure is None and difference(outcome.values[0], expected, lenient, scale) is None:
            return f"the expected output isn't that of {task.of.id}. {program.message}", program.id
    if np.shape(right) != np.shape(expected):
        return f"expected has the shape {np.shape(expected)}, not that of x, {np.shape(x)}.", None
    return f"the expected output isn't that of {task.of.id}: work row by row with a pencil.", None


def _rejected(task: ExamplesTask, program: Program, pairs: Sequence[tuple[Any, Any]]) -> bool:
    for x, expected in pairs:
        outcome = task.wrong_runs[program.id](x)
        scale = max(1.0, float(np.abs(x).max()))
        if outcome.failure is not None or difference(outcome.values[0], expected, Tolerance(1e-3), scale) is not None:
            return True
    return False
