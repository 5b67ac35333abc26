"""How alike the code of a class is, in each assignment and over the term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.course.course import Course
from autograder.similar_work.class_code import AlikeCode, alike_code, alike_in_all, course_code
from autograder.similar_work.looked_through import LookedThrough
from autograder.similarity.likeness import LEAST_BITS, ClassLikeness, CodePair

FOR_COMPARISON = 2  # pairs below the threshold, by assignment, whose code is shown as well
MOST_SHOWN = 12  # pairs of an assignment above it whose code is shown


@dataclass(frozen=True)
class SimilarCode:
    """How alike code is in each assignment; `term`: in all of them, where they are several."""

    assignments: Mapping[str, AlikeCode]
    term: ClassLikeness | None

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """The students of each pair that is above a threshold."""
        found = [*(one.found for one in self.assignments.values()), *([self.term] if self.term else [])]
        return {(pair.first, pair.second) for one in found for pair in one.pairs}

    def shown(self, assignment: str) -> list[CodePair]:
        """The pairs whose code in an assignment is worth being looked at side by side: those above its threshold, those
        above the term's, and a few for comparison."""
        here = self.assignments[assignment].found
        term = {(pair.first, pair.second) for pair in self.term.pairs[:MOST_SHOWN]} if self.term else set()
        below = [pair for pair in here.next if pair.bits >= LEAST_BITS]
        rest = [pair for pair in below[FOR_COMPARISON:] if (pair.first, pair.second) in term]
        return [*here.pairs[:MOST_SHOWN], *below[:FOR_COMPARISON], *rest]


def similar_code(course: Course, looked: Mapping[str, Mapping[str, LookedThrough]]) -> SimilarCode:
    """The notebooks of each assignment compared with each other."""
    alike = {}
    for name, notebooks in looked.items():
        code, _ = course_code(course.folder(name))
        alike[name] = alike_code(list(notebooks), [one.tokens for one in notebooks.values()], code)
    if len(alike) < 2:
        return SimilarCode(alike, None)
    students = sorted({student for notebooks in looked.values() for student in notebooks})
    return SimilarCode(alike, alike_in_all(students, [(list(looked[name]), one.common) for name, one in alike.items()]))
