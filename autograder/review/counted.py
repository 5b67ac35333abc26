"""The points of an assignment as figures can be made of them: a number for every student and item.

- An item that was left blank has 0 points, as in the gradebook.
- Who handed in nothing isn't counted; nor is who answered nothing: an untouched notebook, or one that can't be read.
- Where an answer waits for a person, its points aren't known. An item that waits with more than a tenth of the students
  is set aside: it has no figures yet and isn't part of the total. Of the items that are left, a student of whom one
  waits isn't counted until it is read. So every total is of the same items.
- Points are the gradebook's, those given by hand included, without what lateness costs.
- Items for extra credit, or that were dropped, aren't part of the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.review.records import AskedItem, AssignmentReview, ReviewedItem, ReviewedStudent
from autograder.statistics.scores import Scores

MOST_WAITING = 0.1  # of the students, for an item that isn't set aside


@dataclass(frozen=True)
class Counted:
    """The `students` and `items` that figures are made of, and their points. `answered_nothing` and `unread` are how
    many graded students aren't counted, and why; `waiting` tells of each item that was set aside how many answers wait.
    """

    students: tuple[ReviewedStudent, ...]
    items: tuple[AskedItem, ...]
    scores: Scores
    answered_nothing: int
    unread: int
    waiting: dict[str, int]

    def of_item(self, item: str) -> list[ReviewedItem]:
        """The item of each student, in their order."""
        place = self.places[item]
        return [student.items[place] for student in self.students]

    @property
    def places(self) -> dict[str, int]:
        """Where an item stands among all that were asked."""
        return {each.asked.id: place for place, each in enumerate(self.students[0].items)} if self.students else {}


def counted(assignment: AssignmentReview) -> Counted:
    """Who and what of an assignment counts."""
    graded = [one for one in assignment.students if one.state == "graded"]
    answered = [one for one in graded if _answered(one)]
    asked = [item.asked for item in answered[0].items] if answered else []
    waits = [sum(_unread(one.items[place]) for one in answered) for place in range(len(asked))]
    kept = [place for place in range(len(asked)) if waits[place] <= MOST_WAITING * len(answered)]
    read = tuple(one for one in answered if not any(_unread(one.items[place]) for place in kept))
    items = tuple(asked[place] for place in kept)
    set_aside = {asked[place].id: waits[place] for place in range(len(asked)) if place not in kept}
    nothing, unread = len(graded) - len(answered), len(answered) - len(read)
    return Counted(read, items, _scores(read, kept, items), nothing, unread, set_aside)


def _answered(student: ReviewedStudent) -> bool:
    """Whether there is an answer to anything, as far as is known."""
    return any(item.verdict != "not_attempted" or (item.by_hand and item.points) for item in student.items)


def _unread(item: ReviewedItem) -> bool:
    return item.points is None and item.waits


def _scores(students: Sequence[ReviewedStudent], places: Sequence[int], items: Sequence[AskedItem]) -> Scores:
    points = [[student.items[place].points or 0.0 for place in places] for student in students]
    return Scores(
        np.array(points, dtype=float).reshape(len(students), len(items)),
        np.array([item.max_points for item in items], dtype=float),
        np.array([not item.extra and item.max_points > 0 for item in items], dtype=bool),
    )
