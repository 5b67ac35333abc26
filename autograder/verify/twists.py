"""The reference of a task, twisted in a way that has a name in every task: each relation is proved by one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.answers.diagnose import FEWEST_OF_KIND, KINDS, cases_of
from autograder.answers.places import FEWEST_ROWS, PLACES
from autograder.course.program import Program
from autograder.course.task import Task
from autograder.verify.variations import is_class

# What comes back in place of the right value r, when the reference was called with `args` for the `count`-th time.
TWISTS = {
    "RETURNS_NOTHING": "None",
    "RETURNS_FUNCTION": "(lambda: r)",
    "TEXT_FOR_NUMBER": "str(float(r))",
    "VALUE_IN_A_LIST": "[r]",
    "ONE_OF_SEVERAL": "r[0] if isinstance(r, tuple) else r",
    "OTHER_ORDER": "r[::-1] if isinstance(r, tuple) else r",
    "ONLY_LAST_ROW": "rows(r)[-1]",
    "ONLY_FIRST_ROW": "rows(r)[0]",
    "EXTRA_FIRST_ROW": "np.concatenate([np.full_like(rows(r)[:1], 0.5), rows(r)])",
    "EXTRA_LAST_ROW": "np.concatenate([rows(r), rows(r)[-1:]])",
    "FIRST_ROW_MISSING": "rows(r)[1:]",
    "LAST_ROW_MISSING": "rows(r)[:-1]",
    "ROWS_TOO_LATE": "np.concatenate([np.full_like(rows(r)[:1], 0.5), rows(r)[:-1]])",
    "ROWS_TOO_EARLY": "np.concatenate([rows(r)[1:], np.full_like(rows(r)[:1], 0.5)])",
    "REVERSED": "rows(r)[::-1]",
    "TRANSPOSED": "rows(r).T",
    "AXIS_OF_LENGTH_1": "each(lambda v: v[..., None], r)",
    "OTHER_SHAPE": "rows(r).ravel()",
    "CUT_TO_INTEGERS": "each(np.floor, r)",
    "WRONG_SIGN": "each(np.negative, r)",
    "TWICE": "each(lambda v: 2 * v, r)",
    "HALF": "each(lambda v: v / 2, r)",
    "TIMES_LENGTH": "each(lambda v: v * len(v), r)",
    "DIVIDED_BY_LENGTH": "each(lambda v: v / len(v), r)",
    "SQUARED": "each(np.square, r)",
    "SQUARE_ROOT": "each(np.sqrt, r)",
    "RECIPROCAL": "each(lambda v: 1 / v, r)",
    "COMPLEMENT": "each(lambda v: 1 - v, r)",
    "ROUNDED": "each(lambda v: np.round(v, 1), r)",
    "NAN": "each(lambda v: v * np.nan, r)",
    "SAME_FOR_ALL": "4.25",
    "RETURNS_ARGUMENT": "next(arg for arg in args if not isinstance(arg, str))",
    "CONSTANT_FACTOR": "each(lambda v: 7.3 * v, r)",
    "CONSTANT_ADDED": "each(lambda v: v + 0.375, r)",
    "INTEGERS_ONLY": "each(off, r) if any(a.dtype.kind in 'iu' for a in arrays) else r",
    "EDGES_ONLY": "None if any(min(a.shape, default=2) < 2 for a in arrays) else r",
    "VISIBLE_SIZES_ONLY": "r if tuple(a.shape for a in arrays) in VISIBLE else each(off, r)",
    "UNSTEADY": "each(lambda v: v + count * (1 + np.cos(v)), r)",
    "WRONG_FOR_ONE_KIND": "each(off, r) if TEXT and TEXT in args else r",
    "NO_EXCEPTION": "r",
    "OTHER_EXCEPTION": "r",
    "ROWS_ALIKE": "np.repeat(rows(r)[-1:] + 0.013, len(rows(r)), axis=0)",
    "COLUMNS_ALIKE": "np.broadcast_to(rows(r).mean(axis=1, keepdims=True) + 0.013, rows(r).shape)",
    "STILL_ZERO": "each(lambda v: np.where(v > np.mean(v), 0.0, v), r)",
    "ONLY_FIRST_ROW_WRONG": "np.concatenate([off(rows(r)[:1]), rows(r)[1:]])",
    "ONLY_LAST_ROW_WRONG": "np.concatenate([rows(r)[:-1], off(rows(r)[-1:])])",
    "SOME_COLUMNS_RIGHT": "rows(r) + 0.37 * np.eye(1, rows(r).shape[1])",
    "OTHER_PLACES": "np.roll(rows(r), 2)",
    "ROWS_SCALED": "(rows(r).T * (1.5 + np.arange(len(rows(r))) % 3)).T",
    "IMPRECISE": "each(lambda v: v * (1 + 0.003 * np.sin(40 * v)), r)",
    "RIGHT_AT_FIRST": "rows(r) + 0.1 * np.sin(np.cumsum(np.ones_like(rows(r)), axis=0) - 1)",
    "RIGHT_AT_LAST": "rows(r) + 0.1 * np.sin(np.cumsum(np.ones_like(rows(r)), axis=0) - 1)[::-1]",
    "TOO_LARGE": "each(lambda v: v + np.sign(v) * (0.1 + v * v), r)",
    "TOO_SMALL": "each(lambda v: v * (0.5 + 0.4 * np.sin(v)), r)",
}
# What is done where the reference raises an exception.
CAUGHT = {"NO_EXCEPTION": "return 0.5", "OTHER_EXCEPTION": "raise LookupError"}
OF_ROWS = ("ONLY_LAST_ROW", "ONLY_FIRST_ROW", "FIRST_ROW_MISSING", "LAST_ROW_MISSING")
# What else may be true of a twist: the argument can be a function, and fractions are all cut to the same 0.
ALSO_TRUE = {
    "RETURNS_ARGUMENT": "RETURNS_FUNCTION",
    "CUT_TO_INTEGERS": "SAME_FOR_ALL",
    "ONE_OF_SEVERAL": "ONLY_FIRST_ROW",
}
TWISTED = """

def twist(reference):
    counts = []

    def rows(value):
        return np.asarray([np.asarray(row, float) for row in value])

    def each(change, value):
        if isinstance(value, tuple):
            return tuple(each(change, part) for part in value)
        return change(np.asarray(value, float))

    def off(value):
        return value + 0.37 * np.cos(value)

    def twisted(*args):
        arrays = [arg for arg in args if isinstance(arg, np.ndarray)]
        counts.append(1)
        count = len(counts)
        try:
            r = reference(*args)
        except Exception:
            {caught}
        return {twist}

    return twisted


TEXT = {text}
VISIBLE = {visible}
{id} = twist({id})
"""


def twists(task: Task, solution: str) -> Iterator[Program]:
    """The reference of a task with each of its results twisted; none for a class, which has no single result."""
    for name, twist in TWISTS.items():
        yield from _twisted(task, solution, name, twist)


def squeezed(task: Task, solution: str) -> Iterator[Program]:
    """The reference of a task with each of its results without the axes of length 1."""
    yield from _twisted(task, solution, "SQUEEZED", "each(np.squeeze, r)")


def _twisted(task: Task, solution: str, name: str, twist: str) -> Iterator[Program]:
    if is_class(task, solution):
        return
    visible = {_shapes(case.steps[0].args) for case in task.cases if case.public}
    texts = sorted({arg for case in task.cases for arg in case.steps[0].args if isinstance(arg, str)})
    holes = {"twist": twist, "caught": CAUGHT.get(name, "raise"), "visible": repr(visible), "id": task.id}
    holes["text"] = repr(texts[0] if texts else None)
    text = TWISTED
    for hole, filling in holes.items():
        text = text.replace(f"{{{hole}}}", filling)
    yield Program(name, solution + text)


def applies(name: str, task: Task) -> bool:
    """Whether the task has enough cases of the kind that a relation is about, and of others, and results of its form:
    several values have no rows, and of numbers between 0 and 1 no integers are left."""
    results = [value for outcome in task.expected.values() for value in outcome.values]
    if name in PLACES:
        return _shows_tables(task)
    if name in OF_ROWS:
        return not any(isinstance(value, tuple) for value in results)
    if name == "CUT_TO_INTEGERS":
        return any(np.abs(part).max(initial=0) > 2 for value in results for part in _arrays(value))
    if name not in KINDS:
        return True
    of_kind = len(cases_of(KINDS[name], task.compared))
    return FEWEST_OF_KIND <= of_kind <= len(task.cases) - FEWEST_OF_KIND


def _shows_tables(task: Task) -> bool:
    """Whether the visible results have columns and different numbers, and rows enough to tell a place in them."""
    shown = [value for case in task.cases if case.public for value in task.expected[case.name].values]
    arrays = [part for value in shown for part in _arrays(value)]
    longer = [array for array in arrays if array.ndim and len(array) > 1]
    telling = all(array.ndim > 1 and len(np.unique(array)) >= FEWEST_ROWS for array in longer)
    return telling and any(len(array) >= FEWEST_ROWS for array in longer)


def _arrays(value: object) -> list[np.ndarray[Any, Any]]:
    return [np.asarray(part) for part in (value if isinstance(value, tuple) else (value,))]


def _shapes(args: tuple[object, ...]) -> tuple[tuple[int, ...], ...]:
    return tuple(arg.shape for arg in args if hasattr(arg, "shape"))
