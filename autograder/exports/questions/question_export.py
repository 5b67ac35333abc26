"""What an export of questions is, and how points and numbers are put for systems that know tolerances and percents."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from autograder.answers.question import EXACTLY, Question, WrongNumber, is_written, judge
from autograder.course.course import Assignment, Course

Rule = tuple[str, Callable[[Question], bool]]

# What several forms can't say.
NO_NAMES = (
    "The names of misconceptions stay here: a wrong answer comes with its feedback, but nobody counts over the class "
    "who believes what."
)
NO_FRACTIONS = (
    "Answers are read as decimal numbers: a fraction such as 39/9, which the notebook takes, is wrong or refused."
)
NEAR_NUMBERS = (
    "A typical wrong number is recognised within a tolerance: a number that happens to lie as near gets its feedback, "
    "too."
)
LONG_NUMBERS = (
    "The number is asked for exactly and has no end, such as 1/3: with fractions refused, students have to type many "
    "decimals. A larger `tol` in the course helps."
)
NO_IMAGES = "An image that is a file beside the notebook isn't in the export: add it by hand."
WHY_FOR_ALL = (
    "The explanation is for everyone who has answered, right or wrong, as far as the system is set to show it; the "
    "notebook gives it with a right answer."
)
MOODLE_PARTIAL = (
    "The notebook gives the share of options that were judged rightly, left out or chosen. Moodle adds up what was "
    "chosen: the right options share 100%, a wrong one takes what it costs in the notebook. So all right gives all, "
    "one wrong too many costs the same, and a right one that is missing costs more."
)


@dataclass(frozen=True)
class Loss:
    """What a form can't say as the course says it, and the ids of the questions concerned."""

    says: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class QuestionExport:
    """The file as it is written, and what it couldn't say."""

    content: bytes
    losses: tuple[Loss, ...]


def losses(assignments: Sequence[Assignment], rules: Sequence[Rule]) -> tuple[Loss, ...]:
    """The rules that concern a question at all, and those that hold for every form, with the questions concerned."""
    questions = [question for assignment in assignments for question in assignment.questions]
    everywhere = ((WHY_FOR_ALL, explains), (NO_IMAGES, has_images), (NO_NAMES, names_misconceptions))
    rules = [*rules, *everywhere]
    found = [Loss(says, tuple(one.id for one in questions if concerns(one))) for says, concerns in rules]
    return tuple(loss for loss in found if loss.ids)


def is_multi(question: Question) -> bool:
    """Whether some options are right."""
    return question.kind == "multi"


def is_numeric(question: Question) -> bool:
    """Whether a number is right."""
    return question.kind == "numeric"


def is_free(question: Question) -> bool:
    """Whether a person reads the answer."""
    return question.kind == "free"


def has_wrong_numbers(question: Question) -> bool:
    """Whether typical wrong numbers are known."""
    return bool(question.wrong)


def is_endless(question: Question) -> bool:
    """Whether a number is asked for exactly that has no short form in decimals."""
    exactly = question.kind == "numeric" and question.tolerance < EXACTLY
    return exactly and question.answer != round(question.answer, 6)


def has_images(question: Question) -> bool:
    """Whether a text shows an image that isn't on the web."""
    texts = [question.stem, question.model, question.weak, *(option.text for option in question.options)]
    return any(re.search(r"!\[[^\]]*\]\((?!https?:)", text) for text in texts)


def explains(question: Question) -> bool:
    """Whether a right answer gets an explanation."""
    return bool(question.why.strip()) and question.kind != "free"


def names_misconceptions(question: Question) -> bool:
    """Whether a wrong answer of the question has a name, which no form but the course's own has a place for."""
    return bool(question.wrong) or any(option.misconception for option in question.options)


def decimal(number: float | Decimal) -> str:
    """The number in digits, without an exponent."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(float(number)))
    return f"{exact.normalize():f}"


def bounds(value: float, tolerance: float | Decimal) -> tuple[Decimal, Decimal]:
    """The least and the greatest number that are taken for the value."""
    middle, off = Decimal(repr(value)), Decimal(str(tolerance))
    return middle - off, middle + off


def reach(question: Question, wrong: WrongNumber) -> Decimal:
    """How far a number may lie from a typical wrong one to be taken for it: as far as the roundings that `judge` takes
    for it, but not more than a third of the way to another number that is known."""
    value = wrong.value
    least = max(min(question.tolerance, 1e-3 * abs(value)), 1e-6 * abs(value), 1e-9)
    known = [question.answer, *(other.value for other in question.wrong)]
    nearest = min((abs(value - other) for other in known if other != value), default=0.0)
    roundings = (
        float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding))
        for decimals in range(7)
        for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    )
    off = [abs(near - value) for near in roundings if is_written(near, value) and _taken_for(question, near, wrong)]
    exact = Decimal(repr(max(least, min(max(off, default=0.0), nearest / 3))))
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() - 1), ROUND_UP)  # two digits are enough


def _taken_for(question: Question, number: float, wrong: WrongNumber) -> bool:
    judged = judge(question, number)
    return judged.misconception == wrong.misconception and judged.message == wrong.feedback


def option_percents(question: Question) -> tuple[float, ...]:
    """What choosing each option gives in Moodle, in percent of the points.

    The course gives the share of options that were judged rightly; Moodle adds up what was chosen, never below 0. The
    right ones share 100, and a wrong one takes what it costs in the course.
    """
    right, of = len(question.key), len(question.options)
    cost = 0.0 if question.kind == "single" else -100 / of
    return tuple(100 / right if option.correct else cost for option in question.options)


def percent(share: float) -> str:
    """With the five decimals by which Moodle knows its own list of percents."""
    return f"{share:.5f}".rstrip("0").rstrip(".")


def category(course: Course, assignment: Assignment) -> tuple[str, str]:
    """The path of a category in Moodle's question bank, where a slash in a name is written twice."""
    return course.title.replace("/", "//"), assignment.name.replace("/", "//")
