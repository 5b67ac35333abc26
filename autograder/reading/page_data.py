"""What the page is told, and what it says, as JSON. Students are ids that mean nothing outside this run."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from autograder.reading.answers import ReadAnswer, ReadQuestion
from autograder.reading.reading_session import GivenPoints, Written
from autograder.report.marked_notebook import ELSEWHERE
from autograder.similarity.texts import TextGroup

Record = dict[str, Any]
Points = Annotated[float, msgspec.Meta(ge=0, le=1e9)]


class GiveRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points and a comment for answers, each with the `seen` that the page has of it."""

    question: str
    seen: dict[str, str]
    points: dict[str, Points | None]
    comment: str


class DifferencesRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the answers of `ids` differ from the one with `id`."""

    question: str
    id: str
    ids: list[str]


class SnippetRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A snippet to keep, or to keep no more."""

    question: str
    text: str
    remove: bool = False


@dataclass(frozen=True)
class PageData:
    """Makes the page's records. `names`: whether it is told who wrote what."""

    names: Mapping[str, str]
    show_names: bool
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _students: dict[str, str] = field(default_factory=dict)  # whom the page was told of

    def id_of(self, student: str) -> str:
        """A student's id for the page."""
        name = student.encode("utf-8", "surrogatepass")
        id = hashlib.blake2b(name, key=self._key, digest_size=8).hexdigest()
        self._students[id] = student
        return id

    def question(self, asked: ReadQuestion) -> Record:
        """A question with its rubric."""
        question = asked.question
        return {
            "id": asked.id,
            "assignment": asked.assignment,
            "name": question.id,
            "stem": question.stem,
            "points": question.points,
            "aspects": [{"name": one.name, "points": one.points, "levels": one.levels} for one in question.rubric],
            "model": question.model,
            "weak": question.weak,
        }

    def answers(self, asked: ReadQuestion, answers: Mapping[str, ReadAnswer]) -> list[Record]:
        """The answers to a question, in the order in which they are read."""
        numbers = {student: place + 1 for place, student in enumerate(sorted(answers, key=asked.order))}
        return [self.answer(answer) | {"number": numbers[student]} for student, answer in answers.items()]

    def answer(self, answer: ReadAnswer) -> Record:
        """One answer."""
        kept = answer.kept
        return {
            "id": self.id_of(answer.student),
            "name": (self.names.get(answer.student) or answer.student) if self.show_names else None,
            "text": answer.text,
            "state": answer.state,
            "points": answer.points,
            "total": answer.grade.manual,
            "extra": answer.grade.extra,
            "comment": answer.words,
            "elsewhere": answer.given_elsewhere,
            "kept_total": kept.total if kept else None,
            "changed": answer.changed_since,
            "reader": kept.reader if kept and not answer.given_elsewhere else None,
            "at": kept.at if kept and not answer.given_elsewhere else None,
            "seen": answer.seen,
        }

    def groups(self, groups: Sequence[TextGroup], answers: Mapping[str, ReadAnswer]) -> list[Record]:
        """Groups of the answers by their ids."""
        ids = [self.id_of(student) for student in answers]
        return [{"ids": [ids[member] for member in group.members], "equal": group.equal} for group in groups]

    def given(self, request: GiveRequest) -> GivenPoints:
        """What a reader gives, by student. Raises ValueError for an answer that the page wasn't told of."""
        unknown = request.seen.keys() - self._students.keys()
        if unknown:
            raise ValueError("There is no such answer. Load the page again.")
        seen = {self._students[id]: seen for id, seen in request.seen.items()}
        return GivenPoints(seen, request.points, request.comment)

    def written(self, written: Written) -> Record:
        """The answers that were written, and those that were left as they are."""
        return {
            "answers": [self.answer(answer) for answer in written.answers.values()],
            "refused": [self.id_of(student) for student in written.refused],
        }


def compared_texts(answers: Mapping[str, ReadAnswer]) -> list[str]:
    """The texts by which answers are grouped: without the sentence that the grader puts before some."""
    return [answer.text.removeprefix(ELSEWHERE).strip() for answer in answers.values()]
