"""The misconception that explains a wrong answer, where the name is earned.

Only numpy and the standard library are imported, since a release ships this file inside `check.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answers.case import Case, Made, Outcome
from autograder.answers.compare import Numbers, Tolerance, numbers, outcome_difference

TELLING = 3  # distinct signs that agree, where an agreement of fewer could be chance
COMMON = frozenset({0.0, 1.0, -1.0})  # numbers that come of too many mistakes to tell one
RIGHT_BESIDE = 2  # right cases, beside which the same exceptions in all others are no chance
CROWD = 2  # other known programs that give the same single number: it tells nothing then


@dataclass(frozen=True)
class Misconception:
    """A misconception as it shows: what its wrong program gives in each case, by the case's name.

    `looseness`, if given, replaces the task's tolerance: for errors of precision, which never give the same digits.
    """

    id: str
    message: str
    outcomes: Mapping[str, Outcome]
    looseness: float | None = None


@dataclass(frozen=True)
class Cases:
    """What a task's cases are compared by: each case by its name, what is expected, and how exactly."""

    cases: Mapping[str, Case]
    expected: Mapping[str, Outcome]
    tolerance: Tolerance

    def alike(self, name: str, one: Outcome, other: Outcome, tolerance: Tolerance | None = None) -> bool:
        """Whether two outcomes of a case are the same, in values and in all that was seen on the way."""
        return _alike(one, other, tolerance or self.tolerance, self.cases[name].scale)

    def hands_on(self, name: str) -> bool:
        """Whether the case hands what came back to the function again, so that a mistake comes twice."""
        called = [step for step in self.cases[name].steps if step.kind == "call"]
        return any(isinstance(arg, Made) for step in called for arg in step.args)

    def right(self, name: str, got: Outcome) -> bool:
        """Whether the outcome is the expected one."""
        return self.alike(name, self.expected[name], got)

    def failing(self, got: Mapping[str, Outcome]) -> list[str]:
        """The cases whose outcome isn't the expected one."""
        return [name for name, outcome in got.items() if not self.right(name, outcome)]

    def telling(self, name: str, got: Outcome) -> Iterator[str]:
        """What in the values of a wrong outcome could tell one mistake from another."""
        for right, mine in zip(self.expected[name].values, got.values, strict=False):
            yield from telling(right, mine, self.tolerance, self.cases[name].scale)


@dataclass(frozen=True)
class Name:
    """The name of what a wrong answer did, what the student reads of it, and the cases that show it."""

    id: str
    message: str
    shown_by: frozenset[str]


def fitting(misconceptions: Sequence[Misconception], cases: Cases, got: Mapping[str, Outcome]) -> Name | None:
    """The misconception that explains what came back, or None.

    One is out if it disagrees in any case in which it shows (but for an exception, which may hide what would have
    come), if it explains fewer than half of the failing cases, or if the agreement could be chance. Of those left, the
    one that explains most is named; if two do, neither.
    """
    failing = set(cases.failing(got))
    found = []
    for place, misconception in enumerate(misconceptions):
        explained = _explained(misconception, cases, got, failing)
        others = [*misconceptions[:place], *misconceptions[place + 1 :]]
        if 2 * len(explained) >= max(1, len(failing)) and _earned(others, cases, got, explained, failing):
            found.append(Name(misconception.id, misconception.message, explained))
    most = max((len(diagnosis.shown_by) for diagnosis in found), default=0)
    best = [diagnosis for diagnosis in found if len(diagnosis.shown_by) == most]
    return best[0] if len(best) == 1 else None


def _explained(
    misconception: Misconception, cases: Cases, got: Mapping[str, Outcome], failing: set[str]
) -> frozenset[str]:
    """The failing cases that the misconception explains; none if it is contradicted."""
    loose = _tolerance(misconception, cases)
    explained = set()
    for name, outcome in got.items():
        shown = misconception.outcomes[name]
        if cases.right(name, shown):
            continue
        if cases.alike(name, shown, outcome, loose):
            explained.add(name)
        elif name not in failing or outcome.failure is None:
            return frozenset()
    return frozenset(explained & failing)


def _tolerance(misconception: Misconception, cases: Cases) -> Tolerance:
    if misconception.looseness is None:
        return cases.tolerance
    return Tolerance(misconception.looseness, cases.tolerance.relative_to)


def _earned(
    others: Sequence[Misconception],
    cases: Cases,
    got: Mapping[str, Outcome],
    explained: frozenset[str],
    failing: set[str],
) -> bool:
    """Whether the agreement in the `explained` cases can hardly be chance.

    What was seen on the way (a changed argument, a missing exception) is a fact, and so are exceptions where they are
    all that went wrong and other cases came out right. Values must tell by several distinct signs: whole results of
    several numbers, or single numbers that few known programs give.
    """
    if any(observed(cases.expected[name], got[name]) for name in explained):
        return True
    if explained == failing and all(got[name].failure for name in failing):
        return len(got) - len(failing) >= RIGHT_BESIDE
    evidence: set[str] = set()
    for name in explained:
        several = len(set(_flat(got[name].values)))
        if several > 1:
            evidence.add(f"case {name}")
        if several > 1 or sum(cases.alike(name, other.outcomes[name], got[name]) for other in others) < CROWD:
            evidence |= {*cases.telling(name, got[name])}
    return len(evidence) >= TELLING


def observed(expected: Outcome, got: Outcome) -> bool:
    """Whether something else than a value differs, which no chance can bring about."""
    if expected.failure is not None:
        return got.failure is None or not got.failure.is_a(expected.failure.kind)
    if got.failure is not None:
        return False
    nothing = any(mine is None and right is not None for right, mine in zip(expected.values, got.values, strict=False))
    seen = (expected.changed, expected.grew, expected.calls, expected.lazy)
    return nothing or seen != (got.changed, got.grew, got.calls, got.lazy)


def telling(right: Any, mine: Any, tolerance: Tolerance, scale: float) -> Iterator[str]:
    """The numbers of `mine`, as text of six digits, where they aren't the expected ones and aren't common. All that
    aren't finite are one together, by where they begin."""
    wanted, came = numbers(right), numbers(mine)
    if wanted is not None and came is not None:
        if wanted.shape == came.shape:
            with np.errstate(all="ignore"):
                came = np.where(np.abs(came - wanted) <= tolerance.around(wanted, scale), 0.0, came)
        yield from _told(came.ravel())
    elif isinstance(right, (list, tuple)) and isinstance(mine, (list, tuple)) and len(right) == len(mine):
        for part, other in zip(right, mine, strict=True):
            yield from telling(part, other, tolerance, scale)
    else:
        yield from _told(np.array(list(_flat(mine))))


def _told(came: Numbers) -> Iterator[str]:
    finite = np.isfinite(came)
    yield from (f"{number:.6g}" for number in came[finite] if float(number) not in COMMON)
    if not finite.all():
        yield f"not finite from {int(np.argmin(finite))} of {came.size} on"


def _flat(value: Any) -> Iterator[float]:
    """All numbers in a value, in order."""
    array = numbers(value)
    if array is not None:
        yield from map(float, array.flat)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _flat(part)


def _alike(one: Outcome, other: Outcome, tolerance: Tolerance, scale: float) -> bool:
    if one.changed != other.changed or one.grew != other.grew:
        return False
    if other.failure is None and (one.calls != other.calls or one.lazy != other.lazy):
        return False
    if other.failure is None and one.failure is None and not all(map(_may_fit, one.values, other.values)):
        return False
    return outcome_difference(one, other, tolerance, scale) is None


def _may_fit(expected: Any, got: Any) -> bool:
    """Whether `got` is as large as `expected`. It ends at the first part that isn't, so it takes no longer for a larger
    value: each misconception asks it again."""
    right = numbers(expected)
    if right is not None:
        return _is_as_large(right.shape, got)
    if isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        return len(expected) == len(got) and all(map(_may_fit, expected, got))
    return True


def _is_as_large(shape: tuple[int, ...], value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        fits = bool(shape) and len(value) == shape[0]
        return fits and all(_is_as_large(shape[1:], part) for part in value)
    return (value.shape if isinstance(value, (np.ndarray, np.generic)) else ()) == shape
