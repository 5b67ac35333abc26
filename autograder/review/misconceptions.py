"""Which misconceptions a class shows: where, how many, and which to speak about first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from autograder.result import ItemResult
from autograder.review.records import AssignmentReview, ClassReview
from autograder.review.share import Share

_ITS_EXAMPLE = re.compile(r"\AExample \d+ of \d+: ")  # as course.examples_task begins
FADES = 0.9  # what a student's showing counts when it is one graded assignment older


@dataclass(frozen=True)
class Showing:
    """A wrong answer that shows a misconception."""

    student: str
    assignment: str
    item: ItemResult


@dataclass(frozen=True)
class HeldMisconception:
    """A misconception that somebody shows. `says` is what is believed, in words; `marked` are the students with a
    result of each assignment. It is a `belief` where the course has words for it; else it is a mistake in code, which
    only a task knows of, and `says` is what a student is told."""

    id: str
    says: str
    showings: tuple[Showing, ...]
    marked: Mapping[str, frozenset[str]]
    belief: bool

    @cached_property
    def students(self) -> frozenset[str]:
        return frozenset(one.student for one in self.showings)

    @cached_property
    def share(self) -> Share:
        """How many show it anywhere, of those who have a result where anybody shows it."""
        asked = {student for name in {one.assignment for one in self.showings} for student in self.marked[name]}
        return Share(len(self.students), len(asked))

    @cached_property
    def by_assignment(self) -> dict[str, Share]:
        """How many show it in each assignment that has results, also where nobody does."""
        shown = {name: {one.student for one in self.showings if one.assignment == name} for name in self.marked}
        return {name: Share(len(shown[name]), len(students)) for name, students in self.marked.items() if students}

    @cached_property
    def by_item(self) -> dict[tuple[str, str], tuple[Showing, ...]]:
        """Its showings by assignment and item, where most students show it first."""
        found: dict[tuple[str, str], list[Showing]] = defaultdict(list)
        for one in self.showings:
            found[one.assignment, one.item.id].append(one)
        return {key: tuple(found[key]) for key in sorted(found, key=lambda key: (-len(found[key]), key))}

    def without(self, items: Collection[tuple[str, str]]) -> HeldMisconception:
        """The same as far as it is shown in other items than these."""
        kept = tuple(one for one in self.showings if (one.assignment, one.item.id) not in items)
        return replace(self, showings=kept)

    def of_item(self, assignment: str, item: str) -> Share:
        """How many show it in an item, of those who have a result of the assignment."""
        return Share(len(self.by_item.get((assignment, item), ())), len(self.marked[assignment]))


def held_misconceptions(found: ClassReview) -> list[HeldMisconception]:
    """All that a class shows, those of most students first."""
    showings: dict[str, list[Showing]] = defaultdict(list)
    for one in found.assignments:
        for student, result in one.results.items():
            for item in result.items:
                if item.misconception:
                    showings[item.misconception].append(Showing(student, one.name, item))
    marked = {one.name: frozenset(one.results) for one in found.assignments}
    words = found.course.misconceptions
    held = [
        HeldMisconception(id, words.get(id) or _told(shown), tuple(shown), marked, bool(words.get(id)))
        for id, shown in showings.items()
    ]
    return commonest_first(held)


def commonest_first(held: Iterable[HeldMisconception]) -> list[HeldMisconception]:
    """Those of most students first."""
    return sorted(held, key=lambda one: (-len(one.students), -one.share.value, one.id))


def to_speak_about(
    held: Sequence[HeldMisconception],
    begun: Sequence[AssignmentReview],
    left_out: Collection[tuple[str, str]] = (),
) -> list[HeldMisconception]:
    """The misconceptions in the order in which a lecture may take them up. `begun` are the graded assignments, the
    newest last: what a student showed one assignment earlier counts a tenth less. One student alone is no matter for a
    lecture. What is shown in an item that is `left_out` (assignment, id) doesn't count."""
    age = {one.name: place for place, one in enumerate(reversed(begun))}

    def weight(one: HeldMisconception) -> float:
        newest: dict[str, int] = {}
        for showing in one.showings:
            newest[showing.student] = min(age[showing.assignment], newest.get(showing.student, len(age)))
        return sum(FADES**steps for steps in newest.values())

    counted = [one.without(left_out) for one in held]
    return sorted((one for one in counted if len(one.students) > 1), key=lambda one: (-weight(one), one.id))


def _told(showings: Sequence[Showing]) -> str:
    """What most students are told of it, where the course has no sentence for it. Which of a student's examples it was
    doesn't belong to it."""
    return Counter(_ITS_EXAMPLE.sub("", one.item.message) for one in showings).most_common(1)[0][0]
