"""GIFT: one text for all questions, which Moodle and many quiz tools read (docs.moodle.org: "GIFT format")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.answers.question import Question
from autograder.course.course import Assignment, Course
from autograder.exports.questions import question_export as shared
from autograder.exports.questions.question_export import QuestionExport, Rule, decimal, percent
from autograder.exports.questions.question_html import Texts, tex

RULES: tuple[Rule, ...] = (
    (
        "GIFT has no place for points: each question comes as 1 point. Set these by hand.",
        lambda one: one.points != 1,
    ),
    (
        "GIFT can't say that options keep their order: Moodle mixes them, unless the quiz is set not to.",
        lambda one: bool(one.options),
    ),
    (shared.MOODLE_PARTIAL, shared.is_multi),
    (shared.NO_FRACTIONS, shared.is_numeric),
    (shared.LONG_NUMBERS, shared.is_endless),
    (shared.NEAR_NUMBERS, shared.has_wrong_numbers),
    ("GIFT has no place for the rubric, the full answer and the weak answer: graders don't see them.", shared.is_free),
)
TEXTS = Texts(tex)


def gift(course: Course, assignments: Sequence[Assignment]) -> QuestionExport:
    """The questions, in a category for each assignment."""
    parts = [part for assignment in assignments for part in _assignment(course, assignment)]
    return QuestionExport(("\n\n".join(parts) + "\n").encode(), shared.losses(assignments, RULES))


def _assignment(course: Course, assignment: Assignment) -> list[str]:
    path = "/".join(["$course$/top", *shared.category(course, assignment)])
    return [f"$CATEGORY: {path}", *map(_question, assignment.questions)]


def _question(question: Question) -> str:
    tags = "".join(f" [tag:{_tag(topic)}]" for topic in question.topics)
    why = TEXTS.feedback(question.why)
    general = f"\n    ####{_escaped(why)}" if why else ""
    return (
        f"// [id:{question.id}]{tags}\n"
        f"::{question.id}::[html]{_escaped(TEXTS.markdown(question.stem))}{{{_answers(question)}{general}\n}}"
    )


def _answers(question: Question) -> str:
    if question.kind == "free":
        return ""
    if question.kind == "numeric":
        right = f"={decimal(question.answer)}:{decimal(question.tolerance)}"
        wrong = (
            f"=%0%{decimal(one.value)}:{decimal(shared.reach(question, one))}{_feedback(one.feedback)}"
            for one in question.wrong
        )
        return "#" + "".join(f"\n    {answer}" for answer in (right, *wrong))
    shares = zip(question.options, shared.option_percents(question), strict=True)
    return "".join(
        f"\n    {_sign(question, share)}{_escaped(_no_percent(TEXTS.option(option.text)))}{_feedback(option.feedback)}"
        for option, share in shares
    )


def _sign(question: Question, share: float) -> str:
    if question.kind == "single":
        return "=" if share else "~"
    return f"~%{percent(share)}%"


def _feedback(text: str) -> str:
    return f"#{_escaped(TEXTS.feedback(text))}" if text.strip() else ""


def _no_percent(markup: str) -> str:
    """A text that begins with a percent sign would be read as a share of the points."""
    return f"&#37;{markup[1:]}" if markup.startswith("%") else markup


def _escaped(markup: str) -> str:
    r"""HTML with GIFT's own signs escaped; it stays on one line, as an empty one would end the question."""
    signs = re.sub(r"[\\~=#{}:]", r"\\\g<0>", markup)
    return signs.replace("\r", "").replace("\n", r"\n")


def _tag(topic: str) -> str:
    return re.sub(r"[\[\]\s]+", " ", topic).strip()
