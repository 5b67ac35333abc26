"""What a question is, how an answer is read, and what it earns."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, DecimalTuple, localcontext
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np

Kind = Literal["single", "multi", "numeric", "free"]
LETTERS = "ABCDEFGHIJ"
EXACTLY = 1e-6  # a tolerance below it asks for the number itself, not for decimals of it
EMPTY_TEXT = "*Write your answer here, in place of this line.*"


@dataclass(frozen=True)
class Option:
    """An answer to choose. A wrong one names its misconception; the feedback gives something to try."""

    text: str
    correct: bool
    misconception: str | None
    feedback: str


@dataclass(frozen=True)
class WrongNumber:
    """A typical wrong number of a numeric question, with the misconception behind it."""

    value: float
    misconception: str
    feedback: str


@dataclass(frozen=True)
class RubricLine:
    """One aspect that a free text is graded by, and what each number of points asks for."""

    name: str
    points: float
    levels: str


@dataclass(frozen=True)
class Question:
    """A question of a notebook. Which of `options`, `answer`, `rubric` is filled follows from `kind`."""

    extra: ClassVar[bool] = False
    id: str
    kind: Kind
    points: float
    stem: str
    topics: tuple[str, ...]
    why: str
    options: tuple[Option, ...] = ()
    answer: float = 0.0
    tolerance: float = 0.0
    wrong: tuple[WrongNumber, ...] = ()
    rubric: tuple[RubricLine, ...] = ()
    model: str = ""
    weak: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The letters of the right options, in the order shown."""
        return tuple(letter for letter, option in self.lettered() if option.correct)

    def lettered(self) -> list[tuple[str, Option]]:
        return list(zip(LETTERS, self.options, strict=False))


@dataclass(frozen=True)
class Judged:
    """What an answer earns: `share` of the points, from 0 to 1."""

    verdict: Literal["correct", "partial", "misconception", "wrong", "error", "not_attempted", "needs_review"]
    share: float
    misconception: str | None
    message: str


def read_letters(answer: Any, letters: str) -> tuple[str, ...] | None:
    """The letters meant by 'b', ' B ', 'A, C', 'ac', ['A', 'C'], ...; None if it can't be read so."""
    parts: Sequence[Any] = answer if isinstance(answer, (list, tuple)) else [answer]
    if not all(isinstance(part, str) and len(part) <= 100 for part in parts):
        return None
    found = [char for part in parts for char in re.sub(r"[\s,;/&+()\[\]{}.'\"]|\band\b", "", part).upper()]
    if any(char not in letters for char in found):
        return None
    return tuple(sorted(set(found)))


def read_number(answer: Any) -> float | None:
    """The number meant by 4, 4.0, '39/9', ' 4.333 ', np.float64(4); None if none is, or a comma leaves it open."""
    if isinstance(answer, str):
        text = answer.strip().replace("−", "-")
        if not re.fullmatch(r"[+-]?[\d_.]{1,40}(e[+-]?\d{1,3})?(\s*/\s*[\d.]{1,40})?", text, re.IGNORECASE):
            return None
        over, _, under = text.partition("/")
        try:
            return float(Fraction(over.strip()) / Fraction(under.strip() or "1"))
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
    if isinstance(answer, bool) or answer is None:
        return None
    try:
        if isinstance(answer, (list, tuple)):
            return read_number(answer[0]) if len(answer) == 1 and not isinstance(answer[0], str) else None
        array = np.asarray(answer)
        if array.dtype.kind not in "iufO" or array.size != 1:
            return None
        number = float(array.reshape(())[()])
    except (ValueError, TypeError, OverflowError):
        return None
    return number if np.isfinite(number) else None


def untouched(answer: Any) -> bool:
    """Whether the answer is still the placeholder: None, `...` or nothing at all."""
    return answer is None or answer is ... or (isinstance(answer, (str, list, tuple)) and not len(answer))


def form_problem(kind: Kind, letters: str, answer: Any) -> str | None:
    """What is wrong with the answer's form, as a sentence that says what is expected; None if it is well-formed."""
    if kind == "numeric":
        expected = "Write one number, such as 0.25, or a fraction in quotes, such as '1/4': no comma, no %."
        return None if read_number(answer) is not None else expected
    found = read_letters(answer, letters)
    if kind == "single":
        expected = f"Write one letter in quotes: one of {', '.join(letters)}."
        return None if found is not None and len(found) == 1 else expected
    choice = ", ".join(letters)
    expected = f"Write the letters of all options that apply in quotes, such as '{letters[:2]}'; choose from {choice}."
    return None if found else expected


def judge(question: Question, answer: Any) -> Judged:
    """The verdict on an answer as it came from the student's variable (plain data)."""
    if question.kind == "free":
        return Judged("needs_review", 0.0, None, "Your text will be read and graded by your instructor.")
    if untouched(answer):
        return Judged("not_attempted", 0.0, None, "No answer yet.")
    letters = LETTERS[: len(question.options)]
    problem = form_problem(question.kind, letters, answer)
    if problem:
        return Judged("error", 0.0, None, f"This can't be read as an answer. {problem}")
    if question.kind == "numeric":
        return _judge_number(question, read_number(answer) or 0.0)
    chosen = read_letters(answer, letters) or ()
    return _judge_choice(question, chosen) if question.kind == "single" else _judge_selection(question, chosen)


def is_written(number: float, exact: float) -> bool:
    """Whether a person may well write `number` for `exact`: it is that, rounded or cut to three digits or more, or to
    two decimals (two digits at least)."""
    given = _digits(number)
    decimals = -int(given.exponent)
    return decimals >= 0 and len(given.digits) >= (2 if decimals >= 2 else 3) and _is_shortened(number, exact)


def _is_shortened(number: float, exact: float) -> bool:
    """Whether `number` is `exact`, rounded or cut to the decimals that it has."""
    unit = Decimal(1).scaleb(int(_digits(number).exponent))
    with localcontext() as context:
        context.prec = 800  # any float has so many digits at most
        forms = [Decimal(repr(float(exact))).quantize(unit, rounding) for rounding in (ROUND_HALF_UP, ROUND_DOWN)]
    return Decimal(repr(float(number))) in forms


def _digits(number: float) -> DecimalTuple:
    """The digits that were written, as far as they can be known: 4.50 and 4.5 are one number."""
    return Decimal(repr(float(number))).normalize().as_tuple()


def _judge_number(question: Question, number: float) -> Judged:
    error = abs(number - question.answer)
    if error <= question.tolerance:
        return Judged("correct", 1.0, None, f"Right. {question.why}")
    for wrong in question.wrong:
        off = abs(number - wrong.value)
        exact = off <= max(min(question.tolerance, 1e-3 * abs(wrong.value)), 1e-6 * abs(wrong.value), 1e-9)
        nearest = 3 * off < error and all(off <= abs(number - other.value) for other in question.wrong)
        if exact or (nearest and is_written(number, wrong.value)):
            return Judged("misconception", 0.0, wrong.misconception, wrong.feedback)
    return Judged("wrong", 0.0, None, _not_this(question, number))


def _not_this(question: Question, number: float) -> str:
    """What is said of a number that nothing is known about."""
    follow = "Write the rule down with its numbers, one step a line."
    error, tolerance = abs(number - question.answer), question.tolerance
    if question.answer == round(question.answer):
        return f"Not this number{'' if number == round(number) else ': the answer is a whole one'}. {follow}"
    if tolerance < EXACTLY:
        near = error <= 1e-3 * abs(question.answer)
        says = "Close, but not exact: round nothing on the way, or write a fraction in quotes."
        return says if near else f"Not this number. {follow}"
    if number == round(number) or not _is_shortened(number, question.answer):
        near = error <= 10 * tolerance
        return "Close, but not close enough: check the last decimal." if near else f"Not this number. {follow}"
    asked = math.ceil(-math.log10(2 * tolerance))
    return f"Close, but not close enough: give {asked} decimals or more."


def _judge_choice(question: Question, chosen: tuple[str, ...]) -> Judged:
    option = dict(question.lettered())[chosen[0]]
    if option.correct:
        return Judged("correct", 1.0, None, option.feedback)
    return Judged("misconception", 0.0, option.misconception, option.feedback)


def _judge_selection(question: Question, chosen: tuple[str, ...]) -> Judged:
    """Select-every: the share of options that were judged rightly, chosen or left out."""
    misjudged = [(letter, option) for letter, option in question.lettered() if option.correct != (letter in chosen)]
    share = 1 - len(misjudged) / len(question.options)
    if not misjudged:
        return Judged("correct", 1.0, None, f"Right. {question.why}")
    wrongly = [(letter, option) for letter, option in misjudged if not option.correct]
    hints = [f"{letter}: {option.feedback}" for letter, option in wrongly]
    if len(wrongly) < len(misjudged):
        hints.append("At least one option that applies is missing.")
    misconception = wrongly[0][1].misconception if wrongly else None
    return Judged("misconception" if misconception else "partial", share, misconception, " ".join(hints))
