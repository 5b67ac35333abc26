"""What a release tells about its tasks and questions: nothing of a hidden case, and in a graded course no key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from typing import Any

import numpy as np

from autograder.answers.case import Case, Outcome, Part, play_locally
from autograder.answers.compare import shape_of
from autograder.answers.misconception import Cases, Misconception
from autograder.answers.question import LETTERS, Question
from autograder.check.public_json import RECORDS, VERSION, Public, PublicExamples, PublicQuestion, PublicTask
from autograder.course.course import Assignment, Item
from autograder.course.examples_task import ExamplesTask
from autograder.course.program import Program
from autograder.course.task import Task
from autograder.plain import Failure, plain


def public_side(assignment: Assignment) -> Public:
    """What the assignment's release tells about its items."""
    items = {name: _public_item(item, assignment.mode) for name, item in assignment.items.items()}
    return Public(VERSION, assignment.name, assignment.call_seconds, items)


def _public_item(item: Item, mode: str) -> PublicTask | PublicExamples | PublicQuestion:
    if isinstance(item, Question):
        letters = LETTERS[: len(item.options)]
        return PublicQuestion(item.kind, item.points, letters, _judged_part(item) if mode == "practice" else None)
    if isinstance(item, ExamplesTask):
        return PublicExamples(item.points, item.valid_points, item.hidden, item.of.id, _like_x(item.of))
    return _public_task(item)


def _like_x(task: Task) -> bool:
    """Whether what the task's function returns has the shape of its one argument, in every case."""
    pairs = [(case.steps[0].args, task.expected[case.name].values) for case in task.cases]
    return all(len(args) == len(values) == 1 and np.shape(args[0]) == shape_of(values[0]) for args, values in pairs)


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
    compared = Cases({case.name: case for case in cases}, expected, task.tolerance)
    shown = [_seen(task, program, cases) for program in task.wrong_programs]
    # What only hidden cases show is left out: its message would tell about them.
    misconceptions = [
        misconception
        for misconception in shown
        if not all(compared.right(name, outcome) for name, outcome in misconception.outcomes.items())
    ]
    known, uses = tuple(misconceptions), tuple(task.uses)
    return PublicTask(task.points, hidden, still_open, cases, parts, task.tolerance, expected, known, uses, task.extra)


def _seen(task: Task, program: Program, cases: Sequence[Case]) -> Misconception:
    """What a wrong program gives in the visible cases alone: one with a state that is shared between calls
    would otherwise carry something of the hidden ones."""
    namespace: dict[str, Any] = {"np": np} | dict(task.uses)
    exec(compile(program.source, f"<{task.id}: {program.id}>", "exec"), namespace)
    outcomes = {case.name: _bare(play_locally(case, task.id, namespace)) for case in cases}
    return Misconception(program.id, program.message, outcomes, program.looseness)


def _bare(outcome: Outcome) -> Outcome:
    """Plain values, and of an exception only its class: its text and line could tell about the program."""
    failure = Failure(outcome.failure.kind) if outcome.failure else None
    return replace(outcome, values=tuple(plain(value) for value in outcome.values), failure=failure)


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
