"""The answers to a free question as a reader finds them: what was written, what the gradebook holds, what was kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from autograder.answers.question import EMPTY_TEXT, Question, RubricLine
from autograder.errors import ClassError
from autograder.gradebook.hand_grades import HandGrade
from autograder.reading.comment_text import own_words
from autograder.reading.kept_points import KeptPoints
from autograder.report.work import read_work

ReadingState = Literal["new", "begun", "again", "read"]
ORDER: tuple[ReadingState, ...] = ("again", "begun", "new", "read")


@dataclass(frozen=True)
class ReadQuestion:
    """A free question of an assignment of the class in `root`, with one aspect at least."""

    root: Path
    assignment: str
    question: Question

    @property
    def id(self) -> str:
        return f"{self.assignment}/{self.question.id}"

    def order(self, student: str) -> str:
        """By which the answers are put in an order that tells nothing of who it is."""
        return digest_of(f"{self.id}/{student}")


@dataclass(frozen=True)
class ReadAnswer:
    """A student's answer to a question."""

    question: Question
    student: str
    text: str
    grade: HandGrade
    kept: KeptPoints | None

    @property
    def state(self) -> ReadingState:
        """Nobody read it; some aspects have points; it is to be looked at again; or it is read."""
        if not self.grade.waits:
            return "read"
        if self.grade.manual is not None:
            return "again"
        return "begun" if self.kept and any(points is not None for points in self._fitting.values()) else "new"

    @property
    def given_elsewhere(self) -> bool:
        """Whether the gradebook's points are not the sum of what was kept, as after a change in formgrader."""
        return self.grade.manual is not None and (self.kept is None or self.kept.total != self.grade.manual)

    @property
    def changed_since(self) -> bool:
        """Whether a reader saw another text than this."""
        return self.kept is not None and self.kept.text != digest_of(self.text)

    @property
    def points(self) -> dict[str, float | None]:
        """The points of each aspect; None where there are none, or where the gradebook's were given elsewhere."""
        return dict.fromkeys(self._fitting) if self.given_elsewhere else self._fitting

    @property
    def words(self) -> str:
        """The reader's comment: the gradebook's, or one that waits with points that aren't complete."""
        if self.grade.manual is None and self.grade.comment is None:
            return self.kept.comment if self.kept else ""
        return own_words(self.question, self.grade.comment)

    @cached_property
    def seen(self) -> str:
        """Stands for all of this: another one means that something changed."""
        return digest_of(repr((self.student, self.question.id, self.text, self.grade, self.kept)))

    @property
    def _fitting(self) -> dict[str, float | None]:
        kept: Mapping[str, float | None] = self.kept.points if self.kept else {}
        return {line.name: kept.get(line.name) for line in self.question.rubric}


def free_question(root: Path, assignment: str, question: Question) -> ReadQuestion:
    """The question as it is read. Raises ClassError where two of its aspects have one name."""
    rubric = question.rubric or (RubricLine("Points", question.points, ""),)
    if len({line.name for line in rubric}) < len(rubric):
        raise ClassError(
            f"{assignment}, {question.id}: two aspects of the rubric have one name. Give each its own in "
            f"course/solutions/{assignment}/questions.yaml of the class."
        )
    return ReadQuestion(root, assignment, replace(question, rubric=rubric))


def read_answers(
    asked: ReadQuestion,
    grades: Mapping[tuple[str, str], HandGrade],
    kept: Mapping[str, KeptPoints],
    left_out: Collection[str],
) -> dict[str, ReadAnswer]:
    """By student, the answers to the question: what waits first, then by numbers that tell nothing of who it is."""
    found = [
        read_answer(asked, student, grade, kept.get(student))
        for (student, item), grade in grades.items()
        if item == asked.question.id and student not in left_out and is_read_by_a_person(grade)
    ]
    shuffled = sorted(found, key=lambda answer: asked.order(answer.student))
    return {answer.student: answer for answer in sorted(shuffled, key=lambda answer: ORDER.index(answer.state))}


def is_read_by_a_person(grade: HandGrade) -> bool:
    """Whether there is a text to read: one that nobody touched has the grader's 0, unless it waits all the same."""
    return grade.waits or grade.auto is None


def read_answer(asked: ReadQuestion, student: str, grade: HandGrade, kept: KeptPoints | None) -> ReadAnswer:
    """One student's answer, from the graded notebook."""
    text = read_work(asked.root, asked.assignment, student).answer(asked.question.id)
    return ReadAnswer(asked.question, student, "" if text.strip() == EMPTY_TEXT else text, grade, kept)


def digest_of(text: str) -> str:
    """Stands for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
