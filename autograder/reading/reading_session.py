"""A reading of a class's free texts: find them, give points and comments, take the last ones back.

What a reader gives is written to nbgrader's database and kept by aspect, and only where the answer is still as it was
shown: nothing that somebody else gave meanwhile is lost.
"""

from __future__ import annotations

import getpass
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.class_directory.frozen_course import class_course
from autograder.course.course_files import read_questions
from autograder.errors import ClassError
from autograder.files import writable_for_the_group
from autograder.gradebook.hand_grades import HandChange, HandGrade, read_hand_grades, write_hand_grades
from autograder.gradebook.nbgrader_config import Settings, read_settings
from autograder.reading.answers import (
    ReadAnswer,
    ReadQuestion,
    digest_of,
    free_question,
    is_read_by_a_person,
    read_answer,
    read_answers,
)
from autograder.reading.comment_text import comment_text
from autograder.reading.kept_points import KeptPoints, KeptReadings

MOST_COMMENT = 20_000  # characters
_Changed = list[tuple[ReadAnswer, str]]  # an answer as it was, and the `seen` of what it became


@dataclass(frozen=True)
class GivenPoints:
    """Points by the aspect's name (None: not yet) and a comment for answers, of which each `seen` is known."""

    seen: Mapping[str, str]
    points: Mapping[str, float | None]
    comment: str


@dataclass(frozen=True)
class Written:
    """What came of it, by student: the answers as they are now, and those of them that had changed meanwhile, which
    were left as they are."""

    answers: Mapping[str, ReadAnswer]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class _Step:
    """An answer before a change, and what it becomes."""

    before: ReadAnswer
    grade: HandGrade
    kept: KeptPoints | None


class ReadingSession:
    """Reads and writes for one reader; may be called by several threads. Raises ClassError in all that it does."""

    def __init__(self, root: Path, questions: Sequence[ReadQuestion], settings: Settings) -> None:
        self.root, self.questions, self._settings = root, {one.id: one for one in questions}, settings
        self._lock = threading.Lock()
        self._done: list[tuple[ReadQuestion, _Changed]] = []
        self._reader = getpass.getuser()

    @property
    def groupshared(self) -> bool:
        """Whether several instructors of one group work in the class."""
        return self._settings.groupshared

    def answers(self, asked: ReadQuestion) -> dict[str, ReadAnswer]:
        """The answers to a question, by student."""
        with self._lock:
            kept = KeptReadings(self.root, asked.assignment).read().get(asked.question.id, {})
            return read_answers(asked, self._grades(asked), kept, self._settings.layout.left_out)

    def progress(self) -> tuple[int, int]:
        """How many answers are read, of how many, in all questions."""
        found = [
            grade
            for name in {one.assignment for one in self.questions.values()}
            for (student, item), grade in read_hand_grades(self._settings.db_url, name).items()
            if f"{name}/{item}" in self.questions and is_read_by_a_person(grade)
            if student not in self._settings.layout.left_out
        ]
        return sum(not grade.waits for grade in found), len(found)

    def give(self, asked: ReadQuestion, given: GivenPoints) -> Written:
        """Give points and a comment to answers. Points that aren't complete are kept, and the answers wait on."""
        _check(asked, given)
        now = datetime.now(UTC).isoformat(timespec="seconds")

        def step(answer: ReadAnswer) -> _Step:
            text = digest_of(answer.text)
            kept = KeptPoints(dict(given.points), given.comment.strip(), self._reader, now, text)
            if kept.total is None:
                _refuse_fewer(answer)
                return _Step(answer, answer.grade, kept)
            comment = comment_text(asked.question, given.points, given.comment)
            return _Step(answer, replace(answer.grade, manual=kept.total, waits=False, comment=comment), kept)

        with self._lock:
            written, changed = self._write(asked, given.seen, step)
            if changed:
                self._done.append((asked, changed))
            return written

    def take_back(self) -> tuple[ReadQuestion, Written] | None:
        """Make the last change undone; None where there is none. What somebody changed since is left as it is."""
        with self._lock:
            if not self._done:
                return None
            asked, changed = self._done.pop()
            before = {answer.student: answer for answer, _ in changed}

            def step(answer: ReadAnswer) -> _Step:
                return _Step(answer, before[answer.student].grade, before[answer.student].kept)

            written, _ = self._write(asked, {answer.student: seen for answer, seen in changed}, step)
            return asked, written

    def close(self) -> None:
        """Wait for what is being written; nothing is written any more."""
        self._lock.acquire()

    def _grades(self, asked: ReadQuestion) -> dict[tuple[str, str], HandGrade]:
        return read_hand_grades(self._settings.db_url, asked.assignment)

    def _write(
        self, asked: ReadQuestion, seen: Mapping[str, str], step: Callable[[ReadAnswer], _Step]
    ) -> tuple[Written, _Changed]:
        """Write a step of each answer that is still as it was seen."""
        item, keeper = asked.question.id, KeptReadings(self.root, asked.assignment)
        with writable_for_the_group(self._settings.groupshared), keeper.alone():
            kept, grades = keeper.read(), self._grades(asked)
            mine: dict[str, KeptPoints | None] = dict(kept.get(item, {}))
            now = {
                student: read_answer(asked, student, grades[student, item], mine.get(student))
                for student in seen
                if (student, item) in grades
            }
            steps = {id: step(answer) for id, answer in now.items() if answer.seen == seen[id]}
            refused = self._write_grades(asked, steps)
            written = [id for id in steps if id not in refused]
            for id in written:
                mine[id] = steps[id].kept
            keeper.write(kept | {item: {id: one for id, one in mine.items() if one}})
            grades = self._grades(asked)
        after = {id: replace(now[id], grade=grades[id, item], kept=mine.get(id)) for id in now}
        result = Written(after, tuple(id for id in seen if id not in written))
        return result, [(now[id], after[id].seen) for id in written]

    def _write_grades(self, asked: ReadQuestion, steps: Mapping[str, _Step]) -> set[str]:
        """The students of whom nothing could be written, as the gradebook changed at the same moment."""
        changes = [
            HandChange(student, asked.question.id, one.before.grade, one.grade)
            for student, one in steps.items()
            if one.grade != one.before.grade
        ]
        if not changes:
            return set()
        refused = write_hand_grades(self._settings.db_url, asked.assignment, changes)
        return {change.student for change in refused}


def open_reading(root: Path, named: Sequence[str]) -> ReadingSession:
    """The free questions of the named assignments of a class, or of all. Raises ClassError or CourseError."""
    root = root.resolve()
    settings, course = read_settings(root), class_course(root)
    questions = [
        free_question(root, name, question)
        for name in course.chosen(named)
        for question in read_questions(course.folder(name))
        if question.kind == "free"
    ]
    if not questions:
        raise ClassError(f"No question of {', '.join(course.chosen(named))} is answered by a text.")
    return ReadingSession(root, questions, settings)


def _check(asked: ReadQuestion, given: GivenPoints) -> None:
    """Raises ClassError for what the question doesn't give."""
    most = {line.name: line.points for line in asked.question.rubric}
    if given.points.keys() != most.keys():
        raise ClassError("The rubric has other aspects. Load the page again.")
    for name, points in given.points.items():
        if points is not None and not 0 <= points <= most[name]:
            raise ClassError(f"{name}: {points:g} points can't be given, but 0 to {most[name]:g}.")
    if len(given.comment) > MOST_COMMENT:
        raise ClassError(f"A comment has {MOST_COMMENT:,} characters at most.")
    if not given.seen:
        raise ClassError("No answer is chosen.")


def _refuse_fewer(answer: ReadAnswer) -> None:
    """Raises ClassError where points that aren't complete would stand in for some that are."""
    if answer.grade.manual is not None:
        raise ClassError(
            f"Give points for each aspect: until then the {answer.grade.manual:g} points given before stay."
        )
