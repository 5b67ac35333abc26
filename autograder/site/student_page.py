"""The page of one student: what was handed in, what it earned, and what is said of it.

It may be shown to the student: it names nobody else and compares with nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from autograder.answers.question import Question
from autograder.check.feedback_card import TONES, Comparison, Feedback, Quoted, Tone
from autograder.course.source_notebook import answer_id
from autograder.report.item_feedback import item_feedback
from autograder.report.terminal import duration, printable
from autograder.report.work import ShownWork, read_work, shown_work
from autograder.result import ItemResult
from autograder.review.records import ReviewedItem, ReviewedStudent
from autograder.site.page.layout import counted_points, points
from autograder.site.page.records import Column, Content, DataTable, Link, Page
from autograder.site.sources import item_name

READ: dict[Tone, str] = {"right": "Right", "partly": "Partly right", "wrong": "Not right"}  # by a person's points
WAITS = "*"
UNREAD = "Couldn't be read"
IN_DOUBT = "Your instructor is asked to check this question"
IN_DOUBT_SAYS = "Its key may be wrong. Until that is checked, the points are those of the key as it is."
STATES = {"missing": "Nothing was handed in.", "ungraded": "Handed in, and not graded yet."}


@dataclass(frozen=True)
class CourseTexts:
    """What the course says, for all students alike: its questions by assignment and item, the misconceptions in words,
    the maximum of each assignment (None where nothing is graded), and the questions whose key is in doubt."""

    root: Path
    questions: Mapping[tuple[str, str], Question]
    misconceptions: Mapping[str, str]
    most: Mapping[str, float | None]
    doubtful: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class StudentSources:
    """What a student's page is made from. `standings` are by assignment, and so are `problems` (of the notebook)
    and `comments`, by cell. `moved`: how the points came about, where they moved."""

    student: str
    path: str
    name: str
    standings: Mapping[str, ReviewedStudent]
    problems: Mapping[str, tuple[str, ...]]
    comments: Mapping[str, Mapping[str, str]]
    moved: DataTable | None = None


@dataclass(frozen=True)
class ShownItem:
    """An item of a student as the page shows it."""

    id: str
    anchor: str
    name: str
    points: float | None
    max_points: float
    extra: bool
    tone: Tone
    verdict: str
    believed: str
    paragraphs: tuple[str, ...]
    comparison: Comparison | None
    lost: tuple[str, ...]
    comment: str
    by_hand: bool
    question: Question | None
    chosen: tuple[tuple[str, str], ...]
    work: ShownWork

    @property
    def sign(self) -> str:
        return TONES[self.tone][0]

    @property
    def is_prose(self) -> bool:
        """Whether the answer is a text for people, not code."""
        return self.question is not None and self.question.kind == "free"

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """The paragraphs that hold a submission's own words."""
        return tuple(text for text in self.paragraphs if isinstance(text, Quoted))

    @cached_property
    def said(self) -> tuple[str, ...]:
        """The other paragraphs, with `names` in backquotes."""
        return tuple(text for text in self.paragraphs if not isinstance(text, Quoted))


@dataclass(frozen=True)
class ShownAssignment:
    """An assignment of a student as the page shows it; `state` is a sentence where there is nothing to show. So many
    points `wait` for a person; `open`: an answer does."""

    name: str
    state: str
    points: float | None
    max_points: float | None
    wait: float
    open: bool
    unreadable: bool
    late: str
    late_penalty: float
    problems: tuple[str, ...]
    items: tuple[ShownItem, ...]

    @property
    def waiting(self) -> str:
        return waiting(self.wait)

    @property
    def remark(self) -> str:
        """What its points come from, in a few words."""
        cost = f", which cost {counted_points(self.late_penalty)}" if self.late_penalty else ""
        said = (
            self.state,
            "couldn't be read" if self.unreadable else "",
            f"late by {self.late}{cost}" if self.late else "",
            self.waiting,
        )
        return "; ".join(filter(None, said))


def waiting(number: float) -> str:
    """How many points wait for a person; "" where none do."""
    return f"{counted_points(number)} {'waits' if number == 1 else 'wait'} to be read" if number else ""


def points_so_far(number: float | None, waits: bool) -> Content:
    """Points, with a sign where there are more to come."""
    if number is None or not waits:
        return number
    return Markup('{}<span class="hung">{}</span>').format(points(number), WAITS)


def student_page(texts: CourseTexts, student: StudentSources) -> Page:
    """The page; reads the student's graded notebooks, each once."""
    assignments = tuple(_assignment(texts, student, name) for name in student.standings)
    values = {"assignments": assignments, "table": _table(assignments, student.path), "moved": student.moved}
    return Page(student.path, student.name, "student.html.j2", values, under="students.html")


def _table(assignments: Sequence[ShownAssignment], path: str) -> DataTable:
    rows: list[tuple[Content, ...]] = []
    for one in assignments:
        so_far = points_so_far(one.points, one.open)
        rows.append((Link(one.name, f"{path}#{one.name}"), so_far, one.max_points, one.remark))
    graded = [one for one in assignments if one.points is not None]
    if len(graded) > 1:
        earned, most = sum(one.points or 0 for one in graded), sum(one.max_points or 0 for one in graded)
        so_far = points_so_far(earned, any(one.open for one in graded))
        rows.append(("All graded", so_far, most, waiting(sum(one.wait for one in graded))))
    columns = (Column("Assignment"), Column("Points", True), Column("Of", True), Column("Remark"))
    width = len(columns) if any(row[-1] for row in rows) else len(columns) - 1
    return DataTable("points", "Points by assignment", columns[:width], tuple(row[:width] for row in rows))


def _assignment(texts: CourseTexts, student: StudentSources, name: str) -> ShownAssignment:
    standing = student.standings[name]
    items: tuple[ShownItem, ...] = ()
    if standing.state == "graded":
        work = shown_work(read_work(texts.root, name, student.student), [item.asked.id for item in standing.items])
        comments = student.comments.get(name, {})
        marked = {item.id: item for item in standing.result.items} if standing.result else {}
        items = tuple(
            _item(texts, name, item, marked.get(item.asked.id), work[item.asked.id], _comment(comments, item.asked.id))
            for item in standing.items
        )
    if standing.unreadable:
        items = tuple(replace(item, verdict=UNREAD) for item in items)
    return ShownAssignment(
        name,
        STATES.get(standing.state, ""),
        standing.points,
        texts.most[name],
        standing.points_that_wait,
        standing.waits,
        standing.unreadable,
        duration(standing.late) if standing.late else "",
        standing.late_penalty,
        tuple(map(printable, student.problems.get(name, ()))),
        items,
    )


def _item(
    texts: CourseTexts, assignment: str, item: ReviewedItem, marked: ItemResult | None, work: ShownWork, comment: str
) -> ShownItem:
    id, question = item.asked.id, texts.questions.get((assignment, item.asked.id))
    tone, verdict = _verdict(item, marked)
    told = item_feedback(marked) if marked and not _read_by_a_person(item, marked) else None
    believed = texts.misconceptions.get(item.misconception or "", "")
    if told and marked and (assignment, id) in texts.doubtful and not marked.decision and told.tone != "open":
        told = Feedback(id, "noted", IN_DOUBT, (IN_DOUBT_SAYS,))
        tone, verdict, believed = told.tone, told.headline, ""
    return ShownItem(
        id,
        f"{assignment}-{id}",
        item_name(id),
        item.points,
        item.asked.max_points,
        item.asked.extra,
        tone,
        verdict,
        believed,
        told.paragraphs if told else (),
        told.comparison if told else None,
        told.lost if told else (),
        comment,
        item.by_hand,
        question,
        tuple(_chosen(question, marked.answer if marked else "")),
        work,
    )


def _verdict(item: ReviewedItem, marked: ItemResult | None) -> tuple[Tone, str]:
    """The grader's verdict in words; of what a person read, what the points say."""
    if marked is None or _read_by_a_person(item, marked):
        share = (item.points or 0.0) / (item.asked.max_points or 1.0)
        tone: Tone = "right" if share >= 1 else "partly" if share > 0 else "wrong"
        return tone, READ[tone]
    told = item_feedback(marked)
    return told.tone, told.headline


def _read_by_a_person(item: ReviewedItem, marked: ItemResult) -> bool:
    return marked.verdict == "needs_review" and item.by_hand and not item.waits


def _comment(comments: Mapping[str, str], item: str) -> str:
    return "\n\n".join(filter(None, (comments.get(item), comments.get(answer_id(item)))))


def _chosen(question: Question | None, answer: str) -> Iterator[tuple[str, str]]:
    """The options that were chosen, or the number that was written: its letter ("" for a number), and its text."""
    if question is None or not answer:
        return
    if not question.options:
        yield "", answer
        return
    for letter, option in question.lettered():
        if letter in answer:
            yield letter, option.text
