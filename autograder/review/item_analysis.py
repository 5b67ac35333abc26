"""An assignment's items and totals, analysed: figures, what was answered how often, and what the figures say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np

from autograder.answers.question import Question
from autograder.course.course_files import read_questions
from autograder.result import ItemResult, Verdict
from autograder.review.counted import Counted, counted
from autograder.review.records import AskedItem, AssignmentReview, ClassReview, ReviewedItem
from autograder.statistics.estimates import Array, Estimate, resampled, share
from autograder.statistics.item_figures import ChoiceFigures, ItemFigures, choice_figures, item_figures
from autograder.statistics.reliability import TotalFigures, correlation, total_figures
from autograder.statistics.verdicts import (
    DROPPED,
    FULL_MARKS,
    ItemChoice,
    ItemFinding,
    Measured,
    doubtful_first,
    findings,
)

SEVERAL = 3  # students who wrote a number that no misconception is named for: worth a name
MOST_NUMBERS = 8  # unnamed numbers of a question that are looked at


@dataclass(frozen=True)
class GivenAnswer:
    """An option, by its letter, or a number; `text` is the option's. `misconception` is the one that it shows; so many
    `students` gave it."""

    name: str
    text: str
    right: bool
    misconception: str | None
    students: int
    figures: ChoiceFigures


@dataclass(frozen=True)
class LostPart:
    """A part of a task, and the share of the students who lost points in it."""

    name: str
    max_points: float
    lost: Estimate


@dataclass(frozen=True)
class AnalysedItem:
    """An item with its figures. `question` is the course's, None for a task; `answers` are of options and numbers,
    `parts` of tasks; `verdicts` and `misconceptions` count students, the most frequent first. `findings` is never
    empty; its first is the item's verdict."""

    assignment: str
    asked: AskedItem
    question: Question | None
    figures: ItemFigures
    findings: tuple[ItemFinding, ...]
    answers: tuple[GivenAnswer, ...]
    parts: tuple[LostPart, ...]
    verdicts: Mapping[Verdict, int]
    misconceptions: Mapping[str, int]
    blank: Estimate
    timeouts: Estimate

    @property
    def unnamed(self) -> list[GivenAnswer]:
        """Wrong numbers that several students wrote and no misconception is named for."""
        if self.question is None or self.question.kind != "numeric":
            return []
        return [one for one in self.answers if not one.right and one.misconception is None and one.students >= SEVERAL]


@dataclass(frozen=True)
class AnalysedAssignment:
    """An assignment of which somebody is counted: `items` in the order of the notebook, without those set aside."""

    name: str
    counted: Counted
    totals: TotalFigures
    items: tuple[AnalysedItem, ...]


def analysed(found: ClassReview) -> tuple[AnalysedAssignment, ...]:
    """Each assignment of the class of which somebody is counted. Raises CourseError."""
    every = (_analysed(one, found.course.folder(one.name)) for one in found.assignments)
    return tuple(one for one in every if one)


def most_doubtful_first(items: Sequence[AnalysedItem]) -> list[AnalysedItem]:
    """Items in the order in which one would look at them, or drop them."""
    return sorted(items, key=lambda item: doubtful_first(item.findings[0], item.figures))


@dataclass(frozen=True)
class Related:
    """How the totals of two assignments go together, of so many students who are counted in both."""

    first: str
    second: str
    students: int
    correlation: Estimate


def related(assignments: Sequence[AnalysedAssignment]) -> list[Related]:
    """Each pair of assignments."""
    totals = [
        dict(zip((one.student for one in each.counted.students), each.counted.scores.totals, strict=True))
        for each in assignments
    ]
    found = []
    for (one, of_one), (other, of_other) in combinations(zip(assignments, totals, strict=True), 2):
        both = [student for student in of_one if student in of_other]
        x, y = (np.array([of[student] for student in both]) for of in (of_one, of_other))
        found.append(Related(one.name, other.name, len(both), correlation(x, y)))
    return found


def _analysed(assignment: AssignmentReview, folder: Path) -> AnalysedAssignment | None:
    count = counted(assignment)
    if not count.students or not count.items:
        return None
    weights = resampled(len(count.students))
    questions = {question.id: question for question in read_questions(folder)}
    results = {item.id: _results(count, item.id) for item in count.items}
    answers = _answers(count, questions, results, weights)
    figures = item_figures(count.scores, weights)
    items = tuple(
        _item(assignment.name, count, item, questions.get(item.id), each, answers[item.id], results[item.id])
        for item, each in zip(count.items, figures, strict=True)
    )
    return AnalysedAssignment(assignment.name, count, total_figures(count.scores, weights), items)


def _item(
    assignment: str,
    count: Counted,
    asked: AskedItem,
    question: Question | None,
    figures: ItemFigures,
    answers: tuple[GivenAnswer, ...],
    results: Sequence[ItemResult | None],
) -> AnalysedItem:
    marked = count.of_item(asked.id)
    verdicts = Counter(item.verdict for item in marked if item.verdict)
    blank, timeouts = (share(verdicts[verdict], len(marked)) for verdict in ("not_attempted", "timeout"))
    choices = [ItemChoice(one.name, one.right, one.students, one.figures) for one in answers]
    answer: Literal["option", "number"] = "option" if question is not None and question.options else "number"
    measured = Measured(len(marked), figures, choices, answer, blank, timeouts)
    decided = any(item and item.decision for item in results)
    return AnalysedItem(
        assignment=assignment,
        asked=asked,
        question=question,
        figures=figures,
        findings=(FULL_MARKS if asked.max_points else DROPPED,) if decided else findings(measured),
        answers=answers,
        parts=_parts(results),
        verdicts=dict(verdicts.most_common()),
        misconceptions=_misconceptions(marked),
        blank=blank,
        timeouts=timeouts,
    )


def _results(count: Counted, item: str) -> list[ItemResult | None]:
    """What the grader found of each student's item; None where no result is known."""
    return [_result(student.result.items if student.result else (), item) for student in count.students]


def _result(items: Sequence[ItemResult], id: str) -> ItemResult | None:
    return next((item for item in items if item.id == id), None)


def _misconceptions(marked: Sequence[ReviewedItem]) -> dict[str, int]:
    return dict(Counter(item.misconception for item in marked if item.misconception).most_common())


def _parts(results: Sequence[ItemResult | None]) -> tuple[LostPart, ...]:
    """Each part of a task, in its order."""
    known = [item for item in results if item and item.parts]
    names = {part.name: part.max_points for item in known for part in item.parts}
    lost = Counter(part.name for item in known for part in item.parts if part.points < part.max_points)
    return tuple(LostPart(name, most, share(lost[name], len(known))) for name, most in names.items())


@dataclass(frozen=True)
class _Given:
    """An answer, and who gave it: 1 or 0 for each student."""

    name: str
    text: str
    right: bool
    misconception: str | None
    chosen: Array


def _answers(
    count: Counted,
    questions: Mapping[str, Question],
    results: Mapping[str, Sequence[ItemResult | None]],
    weights: Array,
) -> dict[str, tuple[GivenAnswer, ...]]:
    """The options and numbers of every item, with their figures."""
    given = [
        (place, one)
        for place, item in enumerate(count.items)
        if item.id in questions
        for one in _given(questions[item.id], results[item.id])
    ]
    found: dict[str, list[GivenAnswer]] = {item.id: [] for item in count.items}
    if given:
        chosen = np.stack([one.chosen for _, one in given], axis=1)
        figures = choice_figures(count.scores, [place for place, _ in given], chosen, weights)
        for (place, one), each in zip(given, figures, strict=True):
            answer = GivenAnswer(one.name, one.text, one.right, one.misconception, int(one.chosen.sum()), each)
            found[count.items[place].id].append(answer)
    return {id: tuple(answers) for id, answers in found.items()}


def _given(question: Question, results: Sequence[ItemResult | None]) -> Iterator[_Given]:
    if question.kind == "numeric":
        yield from _numbers(question, results)
    for letter, option in question.lettered():
        chosen = _indicator(bool(item and letter in item.answer) for item in results)
        yield _Given(letter, option.text, option.correct, option.misconception, chosen)


def _numbers(question: Question, results: Sequence[ItemResult | None]) -> Iterator[_Given]:
    """The right number, those with a misconception, and the most frequent others. A number belongs to the one that the
    grader took it for, so rounded ones are counted with it."""
    right = _indicator(bool(item and item.verdict == "correct") for item in results)
    yield _Given(_written(question.answer), "", True, None, right)
    for wrong in question.wrong:
        chosen = _indicator(bool(item and _taken_for(question, item, wrong.value)) for item in results)
        yield _Given(_written(wrong.value), "", False, wrong.misconception, chosen)
    others = Counter(item.answer for item in results if item and item.verdict == "wrong" and item.answer)
    for number, _ in sorted(others.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_NUMBERS]:
        chosen = _indicator(bool(item and item.verdict == "wrong" and item.answer == number) for item in results)
        yield _Given(number, "", False, None, chosen)


def _written(value: float) -> str:
    """A number of the course's, short."""
    return f"{value:.12g}" if value == round(value) else f"{value:.6g}"


def _taken_for(question: Question, item: ItemResult, value: float) -> bool:
    """Whether the answer was taken for this wrong number: of those of its misconception, the nearest."""
    if item.verdict != "misconception" or not item.answer:
        return False
    values = [wrong.value for wrong in question.wrong if wrong.misconception == item.misconception]
    return bool(values) and min(values, key=lambda one: abs(one - float(item.answer))) == value


def _indicator(chosen: Iterator[bool]) -> Array:
    return np.array(list(chosen), dtype=float)
