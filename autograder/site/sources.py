"""What the pages are made from: the class as it was reviewed, its course's texts, and how students are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.answers.question import Question
from autograder.course.course_files import read_questions
from autograder.gradebook.hand_grades import comments_by_hand
from autograder.gradebook.nbgrader_config import read_settings
from autograder.history.record import Run
from autograder.history.runs import kept_runs
from autograder.review.item_analysis import AnalysedAssignment, analysed
from autograder.review.misconceptions import HeldMisconception, held_misconceptions
from autograder.review.people import People
from autograder.review.records import AssignmentReview, ClassReview
from autograder.similar_work.looked_through import LookedThrough, class_looked_through
from autograder.similar_work.similar_code import SimilarCode, similar_code
from autograder.site.page.records import Link

_QUESTION = re.compile(r"q(\d+)_(\d+)(?:_|\Z)")  # course_files.QuestionEntry: its numbers are its heading


@dataclass(frozen=True)
class Sources:
    """A class in the folder `root`; what `found` holds of it is the gradebook's and the results'. `workers`: how many
    processes may be at work."""

    root: Path
    found: ClassReview
    people: People
    workers: int = 1

    @property
    def assignments(self) -> tuple[AssignmentReview, ...]:
        return self.found.assignments

    @cached_property
    def begun(self) -> tuple[AssignmentReview, ...]:
        """The assignments of which something is graded, in the course's order: the newest last."""
        return tuple(one for one in self.assignments if one.in_state("graded"))

    @cached_property
    def students(self) -> tuple[str, ...]:
        """Everybody in the order of a class list."""
        every = {one.student for each in self.assignments for one in each.students}
        return tuple(self.people.in_order(every))

    @cached_property
    def not_on_roster(self) -> frozenset[str]:
        """Who handed in, where the class has a roster that doesn't know them."""
        named = {one.id for one in self.found.roster.values() if one.is_named}
        handed_in = {student for one in self.assignments for student in one.in_state("graded", "ungraded")}
        return frozenset(handed_in - named) if named else frozenset()

    @property
    def size(self) -> str:
        """How many students the class has, and who else handed in."""
        others = len(self.not_on_roster)
        many = len(self.students) - others
        verb = "isn't" if others == 1 else "aren't"
        more = f", and {others} who {verb} on the roster" if others else ""
        return f"{many} student{'' if many == 1 else 's'}{more}"

    @cached_property
    def analysed(self) -> tuple[AnalysedAssignment, ...]:
        """The figures of each assignment that has any."""
        return analysed(self.found)

    @cached_property
    def doubtful_keys(self) -> tuple[tuple[str, str], ...]:
        """The questions whose key the figures speak against, by assignment and id."""
        items = [item for one in self.analysed for item in one.items]
        doubtful = (item for item in items if any(finding.kind == "key" for finding in item.findings))
        return tuple((item.assignment, item.asked.id) for item in doubtful)

    @cached_property
    def held(self) -> tuple[HeldMisconception, ...]:
        """The misconceptions that the class shows, those of most students first."""
        return tuple(held_misconceptions(self.found))

    @cached_property
    def comments(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """What people wrote on answers, by assignment and student."""
        return comments_by_hand(read_settings(self.root).db_url)

    @cached_property
    def runs(self) -> Mapping[int, Run]:
        """The records of the runs of grading by their number, the oldest first."""
        return kept_runs(self.root)[0]

    @cached_property
    def questions(self) -> Mapping[tuple[str, str], Question]:
        """The questions by assignment and id. (Tasks have no text beyond the notebook's.)"""
        names = [one.name for one in self.assignments]
        return {(name, one.id): one for name in names for one in read_questions(self.found.course.folder(name))}

    @cached_property
    def looked(self) -> Mapping[str, Mapping[str, LookedThrough]]:
        """The notebooks of those who are graded, by assignment and student, as far as they are compared."""
        graded = {one.name: one.in_state("graded") for one in self.begun}
        return class_looked_through(self.root, self.found.course, graded, self.workers)

    @cached_property
    def similar(self) -> SimilarCode:
        """How alike the code of those notebooks is."""
        return similar_code(self.found.course, self.looked)

    def student(self, student: str, anchor: str = "") -> Link:
        """A link to the student's page, or to a part of it, such as `item_anchor` of an item."""
        return Link(self.people.label(student), f"students/{self.people.slug(student)}.html{anchor and '#'}{anchor}")

    def told(self, sentence: str) -> str:
        """A sentence of the grader's, in which nobody is named whose name isn't to be shown."""
        return self.people.in_text(sentence)


def item_name(item: str) -> str:
    """An item as the notebook has it: "Question 2.1" for q2_1_update, a task by its own name."""
    numbers = _QUESTION.match(item)
    return f"Question {numbers[1]}.{numbers[2]}" if numbers else item
