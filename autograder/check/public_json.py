"""What a release tells about its tasks and questions, as data: `public.json`.

Nothing of a hidden case is in it, and in a graded course no key. The builder writes it with `encode` of `public_side`;
the student's `check()` reads it with `decode`, so what `decode` needs is shipped: numpy and the standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.answers.case import Case, Function, Made, Outcome, Part, Step, Stream
from autograder.answers.compare import Tolerance
from autograder.answers.misconception import Cases, Misconception
from autograder.answers.question import Kind, Option, Question, WrongNumber
from autograder.plain import Failure, Opaque

VERSION = 4


@dataclass(frozen=True)
class PublicTask:
    """The public side of a coding task. `hidden` is "" if no case is; `open_points` can be lost in
    hidden cases; `uses` names the earlier tasks' functions that it may call; `extra`: its points are on top of
    the maximum."""

    points: float
    hidden: str
    open_points: float
    cases: tuple[Case, ...]
    parts: tuple[Part, ...]
    tolerance: Tolerance
    expected: Mapping[str, Outcome]
    misconceptions: tuple[Misconception, ...]
    uses: tuple[str, ...] = ()
    extra: bool = False

    @property
    def compared(self) -> Cases:
        """What its cases are compared by."""
        return Cases({case.name: case for case in self.cases}, self.expected, self.tolerance)


@dataclass(frozen=True)
class PublicExamples:
    """The public side of a task whose answer is examples for the task `of`; `like_x`: whether what that returns always
    has the shape of its argument."""

    points: float
    valid_points: float
    hidden: str
    of: str
    like_x: bool = False


@dataclass(frozen=True)
class PublicQuestion:
    """How an answer must look; `full`, in a practice course only, says what it is worth."""

    kind: Kind
    points: float
    letters: str
    full: Question | None = None


@dataclass(frozen=True)
class Public:
    """What `public.json` holds: the public side of each item, by its id, and how many seconds a call may compute."""

    version: int
    assignment: str
    call_seconds: float
    items: Mapping[str, PublicTask | PublicExamples | PublicQuestion]


RECORDS: tuple[type, ...] = (
    *(
        Case,
        Failure,
        Function,
        Made,
        Opaque,
        Option,
        Outcome,
        Part,
        Misconception,
        Public,
        PublicExamples,
        PublicQuestion,
    ),
    *(PublicTask, Question, Step, Stream, Tolerance, WrongNumber),
)


def read_public(path: Path) -> Public | str:
    """What the release tells, or the sentence that says why it can't be read."""
    again = f"Copy it from the release to {path.parent}, beside check.py, and run this cell again."
    try:
        public = decode(json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        return f"The file public.json is missing. {again}"
    except (ValueError, LookupError, TypeError):
        return f"The file public.json is damaged. {again}"
    if not isinstance(public, Public) or public.version != VERSION:
        return f"The files public.json and check.py are from different releases. {again}"
    return public


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
