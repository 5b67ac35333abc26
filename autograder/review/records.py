"""What is known of a class, by assignment, student and item."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from autograder.course.course import Course
from autograder.gradebook.standing import Waiting
from autograder.gradebook.students import Student
from autograder.result import Result, Verdict
from autograder.submission.submitted_notebook import is_unread

State = Literal["missing", "ungraded", "graded"]


@dataclass(frozen=True)
class AskedItem:
    """An item of an assignment; its `kind` is None where only the gradebook knows it. The points of an `extra` item
    come on top of the maximum."""

    id: str
    kind: Literal["task", "question"] | None
    max_points: float
    extra: bool


@dataclass(frozen=True)
class ReviewedItem:
    """A student's item. `points` is None where none were given (yet), `verdict` where no result is known. `by_hand`:
    a person gave points; `waits`: a person has to look at it."""

    asked: AskedItem
    points: float | None = None
    verdict: Verdict | None = None
    misconception: str | None = None
    by_hand: bool = False
    waits: bool = False


@dataclass(frozen=True)
class ReviewedStudent:
    """How a student stands in an assignment. `state`: nothing was handed in, it isn't graded yet, or it is graded.
    `points` has the late penalty taken off, as nbgrader exports it; None where nothing is graded. `late` is by how many
    seconds it came after the due date (and the student's extension)."""

    student: str
    state: State
    items: tuple[ReviewedItem, ...]
    points: float | None = None
    late_penalty: float = 0.0
    result: Result | None = None
    late: float = 0.0

    @property
    def waits(self) -> bool:
        """Whether an answer waits for a person."""
        return any(item.waits for item in self.items)

    @property
    def points_that_wait(self) -> float:
        """How many points of the maximum wait for a person, who gave none yet."""
        waiting = (item.asked for item in self.items if item.waits and item.points is None)
        return sum(asked.max_points for asked in waiting if not asked.extra)

    @cached_property
    def unreadable(self) -> bool:
        """Whether nothing of the notebook could be read, and nobody gave points by hand."""
        if self.result is None or not any(map(is_unread, self.result.problems)):
            return False
        nothing = all(item.verdict == "not_attempted" for item in self.result.items)
        return nothing and not any(item.by_hand for item in self.items)


@dataclass(frozen=True)
class AssignmentReview:
    """An assignment with every student of the class. `max_points` is None where nothing is graded yet; `notes` are
    sentences."""

    name: str
    max_points: float | None
    students: tuple[ReviewedStudent, ...]
    waiting: tuple[Waiting, ...]
    notes: tuple[str, ...]

    def in_state(self, *states: State) -> list[str]:
        """The students who are in one of the states."""
        return [one.student for one in self.students if one.state in states]

    def without(self, students: Collection[str]) -> AssignmentReview:
        """The same for all but these students."""
        waiting = tuple(one for one in self.waiting if one.student not in students)
        kept = tuple(one for one in self.students if one.student not in students)
        return replace(self, students=kept, waiting=waiting)

    @cached_property
    def points(self) -> dict[str, float]:
        """The points of each student who is graded."""
        return {one.student: one.points for one in self.students if one.points is not None}

    @cached_property
    def results(self) -> dict[str, Result]:
        """The result of each student who has one."""
        return {one.student: one.result for one in self.students if one.result}


@dataclass(frozen=True)
class ClassReview:
    """The chosen assignments of a class. `roster`: the students whom the gradebook knows, by id."""

    course: Course
    roster: Mapping[str, Student]
    assignments: tuple[AssignmentReview, ...]
