"""Who is falling behind, by a rule that can be told in two sentences. It tells what is seen, and no cause."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.review.records import AssignmentReview

NEWEST = 2  # assignments
DROP = 0.25  # of an assignment's points
LOWEST = 0.1  # of the class
MISSING = 2  # assignments
RULE = (
    "An assignment counts here once half of the class has handed it in. Listed is who lost ground: over the two newest "
    "assignments a quarter of the points or more, compared with the same student's earlier ones. Each is measured "
    "against the class's median, so that a hard assignment sets nobody back; what wasn't handed in counts as 0. "
    "Listed, too, is who is among the lowest tenth of the class and handed in nothing for two assignments or more."
)


@dataclass(frozen=True)
class Behind:
    """A student who is falling behind. `earlier` and `newest` are shares of the points, from 0 to 1 (None where there
    are no earlier assignments); `missing` are assignments."""

    student: str
    earlier: float | None
    newest: float
    missing: tuple[str, ...]


def falling_behind(assignments: Sequence[AssignmentReview]) -> list[Behind]:
    """Who is, by `RULE`, those who lost most first. `assignments` stand in the order of the term."""
    counted = [one for one in assignments if _counts(one)]
    if len(counted) < NEWEST:
        return []
    medians = [statistics.median(one.points.values()) / (one.max_points or 1) for one in counted]
    found = []
    missing = {one.name: frozenset(one.in_state("missing")) for one in counted}
    shares = _shares(counted)
    lowest = _lowest({student: sum(each) for student, each in shares.items()})
    for student, each in shares.items():
        gaps = [share - median for share, median in zip(each, medians, strict=True)]
        lost = _mean(gaps[:-NEWEST]) - _mean(gaps[-NEWEST:]) if len(counted) > NEWEST else 0.0
        nothing = tuple(name for name, students in missing.items() if student in students)
        if lost >= DROP or (student in lowest and len(nothing) >= MISSING):
            earlier = _mean(each[:-NEWEST]) if len(counted) > NEWEST else None
            found.append((lost, Behind(student, earlier, _mean(each[-NEWEST:]), nothing)))
    return [behind for _, behind in sorted(found, key=lambda one: (-one[0], one[1].student))]


def _counts(one: AssignmentReview) -> bool:
    return bool(one.points) and bool(one.max_points) and 2 * len(one.in_state("missing")) <= len(one.students)


def _shares(counted: Sequence[AssignmentReview]) -> dict[str, list[float]]:
    """Each student's share of the points of each assignment. Who waits to be graded in one of them is left out."""
    waiting = {student for one in counted for student in one.in_state("ungraded")}
    students = [one.student for one in counted[0].students if one.student not in waiting]
    return {student: [one.points.get(student, 0.0) / (one.max_points or 1) for one in counted] for student in students}


def _lowest(sums: dict[str, float]) -> set[str]:
    """The lowest tenth of the class, rounded up: of fewer than ten students, the last one. Ties count as one place."""
    if not sums:
        return set()
    places = -(-len(sums) // round(1 / LOWEST))
    bound = sorted(sums.values())[places - 1]
    return {student for student, total in sums.items() if total <= bound}


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
