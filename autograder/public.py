"""What a release tells about its tasks and questions, as data: `public.json`.

Nothing of a hidden case is in it, and in a graded course no key. The builder writes it with `encode`; the student's
`check()` reads it with `decode`, so what `decode` needs is shipped: numpy and the standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from autograder.case import Case, Failure, Function, Made, Outcome, Step, Stream, play_locally
from autograder.compare import Pattern, Tolerance, diagnose
from autograder.course import Assignment, Item
from autograder.examples import ExamplesTask
from autograder.program import Program
from autograder.question import LETTERS, Kind, Option, Question, WrongNumber
from autograder.sandbox.plain import plain
from autograder.sandbox.records import Opaque
from autograder.task import Part, Task

VERSION = 1


@dataclass(frozen=True)
class PublicTask:
    """The public side of a coding task. `hidden` is "" if no case is; `open_points` can be lost in
    hidden cases."""

    points: float
    hidden: str
    open_points: float
    cases: tuple[Case, ...]
    parts: tuple[Part, ...]
    tolerance: Tolerance
    expected: Mapping[str, Outcome]
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True)
class PublicExamples:
    """The public side of a task whose answer is examples for the task `of`."""

    points: float
    valid_points: float
    hidden: str
    of: str


@dataclass(frozen=True)
class PublicQuestion:
    """How an answer must look; `full`, in a practice course only, says what it is worth."""

    kind: Kind
    points: float
    letters: str
    full: Question | None = None


@dataclass(frozen=True)
class Public:
    """What `public.json` holds: the public side of each item, by its id."""

    version: int
    assignment: str
    items: Mapping[str, PublicTask | PublicExamples | PublicQuestion]


RECORDS: tuple[type, ...] = (
    *(Case, Failure, Function, Made, Opaque, Option, Outcome, Part, Pattern, Public, PublicExamples, PublicQuestion),
    *(PublicTask, Question, Step, Stream, Tolerance, WrongNumber),
)


def encode(value: Any) -> Any:
    """`value` as JSON: records by their name without the fields that have their default, tuples as lists, arrays with
    their dtype. Raises TypeError for anything else."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, np.ndarray):
        numbers = [encode(number) for number in value.ravel().tolist()]
        return {"is": "array", "dtype": value.dtype.name, "shape": list(value.shape), "numbers": numbers}
    if isinstance(value, float):  # also np.float64
        return float(value) if np.isfinite(value) else {"is": "float", "text": str(float(value))}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, list):
        return {"is": "list", "items": [encode(item) for item in value]}
    if isinstance(value, Mapping) and "is" not in value and all(isinstance(key, str) for key in value):
        return {key: encode(item) for key, item in value.items()}
    if is_dataclass(value) and type(value) in RECORDS:
        held = {field.name: getattr(value, field.name) for field in fields(value) if not _is_default(field, value)}
        return {"is": type(value).__name__} | {name: encode(item) for name, item in held.items()}
    raise TypeError(f"A value of type {type(value).__name__} can't be written to public.json.")


def _is_default(field: Any, value: Any) -> bool:
    held = getattr(value, field.name)
    return field.default is not MISSING and type(held) is type(field.default) and bool(held == field.default)


def decode(value: Any) -> Any:
    """The inverse of `encode`. Raises ValueError or KeyError for what `encode` didn't write."""
    if isinstance(value, list):
        return tuple(decode(item) for item in value)
    if not isinstance(value, dict):
        return value
    held = {key: decode(item) for key, item in value.items() if key != "is"}
    kind = value.get("is")
    if kind is None:
        return held
    if kind == "float":
        return float(held["text"])
    if kind == "list":
        return list(held["items"])
    if kind == "array":
        return np.array(held["numbers"], dtype=held["dtype"]).reshape(held["shape"])
    return {record.__name__: record for record in RECORDS}[kind](**held)


def public_side(assignment: Assignment) -> Public:
    """What the assignment's release tells about its items."""
    items = {name: _public_item(item, assignment.mode) for name, item in assignment.items.items()}
    return Public(VERSION, assignment.name, items)


def _public_item(item: Item, mode: str) -> PublicTask | PublicExamples | PublicQuestion:
    if isinstance(item, Question):
        letters = LETTERS[: len(item.options)]
        return PublicQuestion(item.kind, item.points, letters, _judged_part(item) if mode == "practice" else None)
    if isinstance(item, ExamplesTask):
        return PublicExamples(item.points, item.valid_points, item.hidden, item.of.id)
    return _public_task(item)


def _judged_part(question: Question) -> Question:
    """What judging needs; the texts stand in the notebook."""
    options = tuple(replace(option, text="") for option in question.options)
    return replace(question, stem="", topics=(), options=options, rubric=(), model="", weak="")


def _public_task(task: Task) -> PublicTask:
    cases = tuple(case for case in task.cases if case.public)
    tested = {case.part for case in task.cases if not case.public}
    hidden = task.hidden if tested else ""
    decided = sum(part.points for part in task.parts if part.aspect == "values" and part.name not in tested)
    still_open = task.points - decided if tested else 0.0
    parts = tuple(part if part.aspect != "values" else Part(part.name, part.points) for part in task.parts)
    expected = {case.name: _bare(task.expected[case.name]) for case in cases}
    reference = Pattern("", "", expected)
    scales = {case.name: case.scale for case in cases}
    patterns = []
    for program in task.misconceptions:
        pattern = _seen(task, program, cases)
        # What only hidden cases show is left out: its message would tell about them.
        if diagnose((reference,), expected, pattern.outcomes, task.tolerance, scales) is None:
            patterns.append(pattern)
    return PublicTask(task.points, hidden, still_open, cases, parts, task.tolerance, expected, tuple(patterns))


def _seen(task: Task, program: Program, cases: Sequence[Case]) -> Pattern:
    """What a wrong program gives in the visible cases alone: one with a state that is shared between calls
    would otherwise carry something of the hidden ones."""
    namespace: dict[str, Any] = {"np": np} | dict(task.uses)
    exec(compile(program.source, f"<{task.id}: {program.id}>", "exec"), namespace)
    outcomes = {case.name: _bare(play_locally(case, task.id, namespace)) for case in cases}
    return Pattern(program.id, program.message, outcomes, program.looseness)


def _bare(outcome: Outcome) -> Outcome:
    """Plain values, and of an exception only its class: its text and line could tell about the program."""
    failure = Failure(outcome.failure.kind) if outcome.failure else None
    return replace(outcome, values=tuple(plain(value) for value in outcome.values), failure=failure)
