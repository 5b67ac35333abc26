"""The record of a run of grading: what the gradebook had for everybody after it, made of what, and what moved.

What a run moved is the difference between its record and the one before. So nothing is missing and nothing is told
twice, wherever a run was stopped: what a killed one wrote to the gradebook is told by the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

VERSION = 1
Why = Literal["first", "submission", "course", "engine", "decision", "by hand", "lateness", "again", "gone"]
REASONS: dict[Why, str] = {
    "first": "recorded for the first time",
    "submission": "another submission",
    "course": "the course's files changed",
    "engine": "another version of the grader",
    "decision": "a decision",
    "by hand": "points given by hand",
    "lateness": "what lateness costs changed",
    "again": "marked again, as nothing else changed",
    "gone": "no longer in the gradebook",
}


@dataclass(frozen=True)
class StudentMarks:
    """What the gradebook has for a student of an assignment: `points` with what lateness costs (`penalty`) taken off,
    each item's points (None: nothing was given yet), and the items that a person gave points for. `submission` and
    `course` are digests, `engine` the grader's version, "" where `nbgrader autograde` marked; `decided` says what was
    decided on which item."""

    points: float
    penalty: float
    items: Mapping[str, float | None]
    by_hand: tuple[str, ...]
    submission: str
    course: str
    engine: str
    decided: Mapping[str, str]


@dataclass(frozen=True)
class ItemMove:
    """An item whose points changed; None: nothing was given."""

    item: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class StudentMove:
    """A student whose points changed, and why; None: there were none, or are none now."""

    student: str
    why: tuple[Why, ...]
    before: float | None
    after: float | None
    items: tuple[ItemMove, ...]


@dataclass(frozen=True)
class Run:
    """The record of a run. `when` is in UTC; `marked` are the students whose submission was marked; `moved` tells what
    differs from the record before. All is sorted by student."""

    assignment: str
    command: str
    by: str
    when: str
    engine: str
    course: str
    decided: Mapping[str, str]
    marked: tuple[str, ...]
    moved: tuple[StudentMove, ...]
    students: Mapping[str, StudentMarks]
    version: int = VERSION

    @property
    def changed(self) -> tuple[StudentMove, ...]:
        """Those who had points before and have others now, or whose items changed."""
        return tuple(move for move in self.moved if move.before is not None)


def moves(before: Mapping[str, StudentMarks], after: Mapping[str, StudentMarks]) -> tuple[StudentMove, ...]:
    """Whose points changed, in all or of an item, and why."""
    return tuple(_moves(before, after))


def _moves(before: Mapping[str, StudentMarks], after: Mapping[str, StudentMarks]) -> Iterator[StudentMove]:
    for student in sorted({*before, *after}):
        old, new = before.get(student), after.get(student)
        if new is None:
            yield StudentMove(student, ("gone",), old.points if old else None, None, ())
        elif old is None:
            yield StudentMove(student, ("first",), None, new.points, ())
        elif old.points != new.points or old.items != new.items:
            names = [item for item in sorted({*old.items, *new.items}) if old.items.get(item) != new.items.get(item)]
            items = tuple(ItemMove(item, old.items.get(item), new.items.get(item)) for item in names)
            yield StudentMove(student, _why(old, new, names), old.points, new.points, items)


def _why(old: StudentMarks, new: StudentMarks, items: list[str]) -> tuple[Why, ...]:
    decided = {*old.decided, *new.decided}
    by_hand = {*old.by_hand, *new.by_hand} - decided
    causes: dict[Why, bool] = {
        "submission": old.submission != new.submission,
        "course": old.course != new.course,
        "engine": old.engine != new.engine,
        "decision": old.decided != new.decided,
        "by hand": not by_hand.isdisjoint(items),
        "lateness": old.penalty != new.penalty,
    }
    return tuple(cause for cause, holds in causes.items() if holds) or ("again",)
