"""The files that hold a course as data, and all that may stand in them: each class here is a mapping in YAML."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from autograder.answers.question import LETTERS, Question
from autograder.course.strict_yaml import Entry, read_yaml
from autograder.errors import CourseError

COURSE = "course.yaml"
QUESTIONS = "questions.yaml"
EQUIVALENTS = "equivalent_mutants.yaml"

# Bounds also keep out .nan and .inf, which YAML counts among its numbers.
LARGEST = 1e300
Number = Annotated[float, Meta(ge=-LARGEST, le=LARGEST, description="a number")]
Points = Annotated[float, Meta(gt=0, le=1_000_000, description="a number above 0")]
FromZero = Annotated[float, Meta(ge=0, le=LARGEST, description="a number from 0 on")]
Seconds = Annotated[float, Meta(gt=0, le=1_000_000, description="a number of seconds above 0")]
Megabytes = Annotated[int, Meta(gt=0, le=1_000_000, description="a whole number of MiB above 0")]
Characters = Annotated[
    int, Meta(gt=0, le=200_000, description="a whole number from 1 to 200000, as a message is bounded")
]
Text = Annotated[str, Meta(pattern=r"\S", description="a text")]


class LimitsEntry(Entry, frozen=True):
    """What the course sets of `autograder.course.Limits`."""

    cell_seconds: Seconds | UnsetType = UNSET
    call_seconds: Seconds | UnsetType = UNSET
    submission_seconds: Seconds | UnsetType = UNSET
    memory_mb: Megabytes | UnsetType = UNSET
    output_chars: Characters | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """The limits that the file sets."""
        return dict(msgspec.to_builtins(self))


class CourseFile(Entry, frozen=True):
    """course.yaml"""

    title: Text
    mode: Literal["practice", "graded"] = "graded"
    limits: LimitsEntry = LimitsEntry()
    misconceptions: dict[str, str] = msgspec.field(default_factory=dict)


class OptionEntry(Entry, frozen=True):
    """An answer to choose."""

    called: ClassVar[str] = "option"

    text: str
    correct: bool
    misconception: Annotated[str | None, Meta(description="a misconception's name or null")]
    feedback: str


class WrongNumberEntry(Entry, frozen=True):
    """A typical wrong number."""

    called: ClassVar[str] = "wrong number"

    value: Number
    misconception: str
    feedback: str


class RubricEntry(Entry, frozen=True):
    """One aspect that a free text is graded by."""

    called: ClassVar[str] = "rubric line"

    name: str
    points: FromZero
    levels: str


class QuestionEntry(Entry, frozen=True, tag_field="type"):
    """What every question has; the classes below add what only their type has."""

    called: ClassVar[str] = "question"

    # The id is a variable of the student's notebook, and its numbers are the question's heading.
    id: Annotated[
        str,
        Meta(
            pattern=r"\Aq[0-9]+_[0-9]+(_[A-Za-z0-9_]+)?\Z",
            description="a name like q2_3_count (q, the numbers of assignment and question, a word)",
        ),
    ]
    points: Points
    stem: str
    topics: Annotated[tuple[str, ...], Meta(description="a list, such as [S1, S2]")]
    why: str

    @property
    def kind(self) -> object:
        return self.__struct_config__.tag


class ChoiceEntry(QuestionEntry, frozen=True):
    """A question with options."""

    options: Annotated[
        tuple[OptionEntry, ...],
        Meta(min_length=2, max_length=len(LETTERS), description=f"a list of 2 to {len(LETTERS)} options"),
    ]


class SingleEntry(ChoiceEntry, frozen=True, tag="single"):
    """One option is right."""


class MultiEntry(ChoiceEntry, frozen=True, tag="multi"):
    """Some options are right."""


class NumericEntry(QuestionEntry, frozen=True, tag="numeric"):
    """A number is right."""

    answer: Number
    tolerance: FromZero = msgspec.field(name="tol", default=0.0)
    wrong: Annotated[tuple[WrongNumberEntry, ...], Meta(description="a list of wrong numbers")] = ()


class FreeEntry(QuestionEntry, frozen=True, tag="free"):
    """A text that a person reads."""

    rubric: Annotated[tuple[RubricEntry, ...], Meta(description="a list of rubric lines")] = ()
    model: str = ""
    weak: str = ""


class QuestionsFile(Entry, frozen=True):
    """questions.yaml"""

    items: Annotated[
        tuple[SingleEntry | MultiEntry | NumericEntry | FreeEntry, ...],
        Meta(description="a list of questions, [] if there are none"),
    ]


class MutantEntry(Entry, frozen=True):
    """A change of a task's solution that computes the same."""

    called: ClassVar[str] = "mutant"

    before: str
    after: str
    why: Annotated[str, Meta(pattern=r"\S", description="a reason, as a text")]


Mutants = Annotated[list[MutantEntry], Meta(description="a list of mutants")]


def read_course(solutions: Path) -> CourseFile:
    """The course's settings. Raises CourseError."""
    return read_yaml(solutions / COURSE, CourseFile)


def read_questions(assignment: Path) -> tuple[Question, ...]:
    """The questions of the assignment in this folder, in the order of the file. Raises CourseError."""
    path = assignment / QUESTIONS
    items = read_yaml(path, QuestionsFile).items
    for id, times in Counter(item.id for item in items).items():
        if times > 1:
            raise CourseError(f"{path}, question {id}: found {times} questions with this id, but each needs its own.")
    return msgspec.convert(items, tuple[Question, ...], from_attributes=True)


def read_equivalents(assignment: Path) -> dict[tuple[str, str, str], str]:
    """(task, before, after) -> why the mutant computes the same; the file may be missing. Raises CourseError."""
    path = assignment / EQUIVALENTS
    listed = read_yaml(path, dict[str, Mutants]) if path.exists() else {}
    return {(task, entry.before, entry.after): entry.why for task, entries in listed.items() for entry in entries}
