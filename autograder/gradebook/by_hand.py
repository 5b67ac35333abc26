"""What becomes of nbgrader's grade of an item: the grader's scores, a person's, and what was decided.

Points given by hand stay, and a person looks at them again, as nbgrader has it, but only where there is a reason.
A decision wins over them for as long as it holds; full marks never lower anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from autograder.decisions.set_aside import Given, SetAside
from autograder.gradebook.sql_rows import Row
from autograder.result import ItemResult


@dataclass(frozen=True)
class OwnScores:
    """The grader's own of an item: nbgrader's `auto_score`, the extra credit, the extra credit that it gave before, and
    whether this is another submission."""

    score: float | None
    extra: float | None
    extra_before: float | None
    new: bool


def kept_by_hand(extra: float | None, before: float | None, new: float | None) -> bool:
    """Whether the extra credit in the gradebook is a person's: neither what the grader wrote `before`, nor what it
    gives now (None: nothing)."""
    return extra not in (before, new)


def becomes(old: Any, id: str, decided: ItemResult | None, own: OwnScores, aside: SetAside, student: str) -> Row:
    """The columns of `old`, a row of nbgrader's table for the item `id`; `decided` is the item where something was
    decided on it. What is set aside goes to and comes from `aside`."""
    kept = aside.get(student, id)
    given = _given(old, own, kept)
    by_hand = kept_by_hand(given.extra, own.extra_before, own.extra) or bool(kept and given.extra is not None)
    if decided is None:
        aside.take(student, id)
        return _undecided(given, own, by_hand)
    gone = decided.dropped or (given.manual is not None and given.manual < decided.max_points)
    aside_now = Given(given.auto, given.manual, given.extra if by_hand else None, given.waits or own.new)
    if (aside_now.manual, aside_now.extra) != (None, None):
        aside.put(student, id, aside_now)
    else:
        aside.take(student, id)
    return {
        "auto_score": own.score,
        "manual_score": None if gone else given.manual,
        "needs_manual_grade": False,
        "extra_credit": own.extra if decided.dropped or not by_hand else given.extra,
    }


def _given(old: Any, own: OwnScores, kept: Given | None) -> Given:
    """What stood in the gradebook without any decision; what was given by hand since is newer than what was `kept`."""
    found = Given(old.auto_score, old.manual_score, old.extra_credit, old.needs_manual_grade)
    if kept is None:
        return found
    manual = kept.manual if found.manual is None else found.manual
    newer = kept_by_hand(found.extra, own.extra_before, own.extra)
    return replace(kept, manual=manual, extra=found.extra if newer else kept.extra)


def _undecided(given: Given, own: OwnScores, by_hand: bool) -> Row:
    again = own.new or given.auto != own.score or given.waits or (by_hand and own.extra_before != own.extra)
    return {
        "auto_score": own.score,
        "manual_score": given.manual,
        "needs_manual_grade": again if by_hand or given.manual is not None else own.score is None,
        "extra_credit": given.extra if by_hand else own.extra,
    }
