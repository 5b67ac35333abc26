"""Who is falling behind, by a rule that can be told in a few sentences. It tells what is seen, and no cause."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from autograder.review.records import AssignmentReview, ReviewedStudent

NEWEST = 2  # assignments
DROP = 0.25  # of an assignment's points
LOWEST = 0.1  # of the class
MISSING = 2  # assignments
RULE = (
    "An assignment counts here once half of the class has handed it in. Listed is who lost ground: over the two newest "
    "assignments a quarter of the points or more, compared with the same student's earlier ones. Each is measured "
    "against the class's median, so that a hard assignment sets nobody back; what wasn't handed in counts as 0. "
    "Points that wait to be read are left out, of the maximum, too; and so is, for its student, an assignment whose "
    "notebook couldn't be read. "
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


def falling_behind(assignments: Sequence[AssignmentReview], left_out: Collection[str] = ()) -> list[Behind]:
    """Who is, by `RULE`, those who lost most first. `assignments` stand in the order of the term; `left_out` are
    students who aren't of the class."""
    counted = [one for one in (each.without(left_out) for each in assignments) if _counts(one)]
    if len(counted) < NEWEST:
        return []
    shares, medians = _shares(counted), [_median(one) for one in counted]
    known = {student: [share for share in each if share is not None] for student, each in shares.items()}
    lowest = _lowest({student: _mean(each) for student, each in known.items()})
    missing = {one.name: frozenset(one.in_state("missing")) for one in counted}
    found = []
    for student, each in shares.items():
        gaps = [(share, share - median) for share, median in zip(each, medians, strict=True) if share is not None]
        earlier, newest = gaps[:-NEWEST], gaps[-NEWEST:]
        lost = _mean([gap for _, gap in earlier]) - _mean([gap for _, gap in newest]) if earlier else 0.0
        nothing = tuple(name for name, students in missing.items() if student in students)
        if lost >= DROP or (student in lowest and len(nothing) >= MISSING):
            before = _mean([share for share, _ in earlier]) if earlier else None
            found.append((lost, Behind(student, before, _mean([share for share, _ in newest]), nothing)))
    return [behind for _, behind in sorted(found, key=lambda one: (-one[0], one[1].student))]


def _counts(one: AssignmentReview) -> bool:
    known = any(_share(one, student) is not None for student in one.students if student.state == "graded")
    return known and 2 * len(one.in_state("missing")) <= len(one.students)


def _median(one: AssignmentReview) -> float:
    """Of the shares of those who are graded."""
    shares = (_share(one, student) for student in one.students if student.state == "graded")
    return statistics.median(share for share in shares if share is not None)


def _shares(counted: Sequence[AssignmentReview]) -> dict[str, list[float | None]]:
    """Each student's share of the points of each assignment. Who waits to be graded in one of them is left out, and so
    is who has no share in any."""
    found: dict[str, list[float | None]] = {}
    for each in zip(*(one.students for one in counted), strict=True):
        shares = [_share(one, student) for one, student in zip(counted, each, strict=True)]
        if all(student.state != "ungraded" for student in each) and any(share is not None for share in shares):
            found[each[0].student] = shares
    return found


def _share(one: AssignmentReview, student: ReviewedStudent) -> float | None:
    """Of the points that are known, from 0 to 1; None where the assignment doesn't count for the student."""
    most = (one.max_points or 0.0) - student.points_that_wait
    return None if student.unreadable or most <= 0 else (student.points or 0.0) / most


def _lowest(means: dict[str, float]) -> set[str]:
    """The lowest tenth of the class, rounded up: of fewer than ten students, the last one. Ties count as one place."""
    if not means:
        return set()
    places = -(-len(means) // round(1 / LOWEST))
    bound = sorted(means.values())[places - 1]
    return {student for student, mean in means.items() if mean <= bound}


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
