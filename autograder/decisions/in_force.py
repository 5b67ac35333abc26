"""What the decisions of a class amount to for one assignment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from autograder.decisions.record import AnyDecision, Drop, ExtraTime, ItemDecision, read_decisions, refused
from autograder.decisions.rulings import Ruling


@dataclass(frozen=True)
class OtherDueDate:
    """More time for a student: so long beyond the due date, or until a time in UTC."""

    longer: timedelta | None = None
    until: datetime | None = None

    def extension(self, due: datetime | None) -> timedelta | None:
        """As nbgrader has it; None where the assignment has no due date."""
        if due is None:
            return None
        return self.longer if self.until is None else max(timedelta(), self.until - due)


@dataclass(frozen=True)
class InForce:
    """What holds for an assignment: rulings by item, due dates by student. `numbers` are the decisions' by item."""

    root: Path
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    due_dates: Mapping[str, OtherDueDate] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)

    def refuse_unknown_items(self, known: Collection[str]) -> None:
        """Raises ClassError where something is decided on an item that the assignment doesn't have."""
        for item, number in self.numbers.items():
            if item not in known:
                raise refused(self.root, number, unknown("item", item, known))


def in_force(root: Path, assignment: str, assignments: Collection[str]) -> InForce:
    """What is decided for one of the `assignments` of the class in `root`, and not undone. Raises ClassError where the
    file can't be read, names no assignment, or decides twice on one thing."""
    rulings: dict[str, Ruling] = {}
    due_dates: dict[str, OtherDueDate] = {}
    numbers: dict[str, int] = {}
    for number, one in standing_decisions(root):
        if one.assignment not in assignments:
            raise refused(root, number, unknown("assignment", one.assignment, assignments))
        if one.assignment != assignment:
            continue
        if isinstance(one, ItemDecision):
            if one.item in rulings:
                raise refused(root, number, f"decision {numbers[one.item]} is on {one.item}, too. Undo one of them.")
            rulings[one.item] = Ruling("drop" if isinstance(one, Drop) else "full-marks", one.reason)
            numbers[one.item] = number
        else:
            if one.student in due_dates:
                raise refused(root, number, f"{one.student} has another due date already. Undo one of the two.")
            due_dates[one.student] = _due_date(one)
    return InForce(root, rulings, due_dates, numbers)


def standing_decisions(root: Path) -> Iterator[tuple[int, AnyDecision]]:
    """The decisions that aren't undone, with their numbers. Raises ClassError."""
    yield from ((number, one) for number, one in enumerate(read_decisions(root), 1) if one.undone is None)


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """That there is no such thing, the nearest one, and what there is."""
    near = get_close_matches(name, known, 1, cutoff=0.5)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return f"there is no {what} {name!r}{meant}; there are: {', '.join(known)}."


def _due_date(one: ExtraTime) -> OtherDueDate:
    longer = None if one.hours is None else timedelta(hours=one.hours)
    return OtherDueDate(longer, one.until_utc)
