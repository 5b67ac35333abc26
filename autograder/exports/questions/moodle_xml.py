"""Moodle XML: what Moodle's question bank imports whole.

There is no official schema; Moodle's importer, `question/format/xml/format.php`, says what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element
from xml.sax.saxutils import unescape

from autograder.answers.question import Question
from autograder.course.course import Assignment, Course
from autograder.exports.questions import question_export as shared
from autograder.exports.questions.question_export import QuestionExport, Rule, decimal, percent
from autograder.exports.questions.question_html import Texts, tex
from autograder.exports.questions.xml_package import document, node

RULES: tuple[Rule, ...] = (
    (shared.MOODLE_PARTIAL, shared.is_multi),
    (shared.NO_FRACTIONS, shared.is_numeric),
    (shared.LONG_NUMBERS, shared.is_endless),
    (shared.NEAR_NUMBERS, shared.has_wrong_numbers),
    ("The rubric and the two example answers stand in the information for graders: no boxes to tick.", shared.is_free),
)
TEXTS = Texts(tex)


def moodle_xml(course: Course, assignments: Sequence[Assignment]) -> QuestionExport:
    """The questions, in a category for each assignment."""
    quiz = node("quiz")
    for assignment in assignments:
        quiz.append(_category(course, assignment))
        quiz.extend([_question(question) for question in assignment.questions])
    return QuestionExport(_in_cdata(document(quiz).decode()).encode(), shared.losses(assignments, RULES))


def _in_cdata(text: str) -> str:
    """The document with HTML as it is: where a space stands between two escaped signs, Moodle's reader loses it."""

    def section(found: re.Match[str]) -> str:
        markup = unescape(found[1]).replace("]]>", "]]]]><![CDATA[>")
        return f"<text><![CDATA[{markup}]]></text>"

    return re.sub(r"<text>([^<]*&[^<]*)</text>", section, text)


def _category(course: Course, assignment: Assignment) -> Element:
    path = "/".join(["$course$/top", *shared.category(course, assignment)])
    title = _html("info", f"<p>{TEXTS.option(assignment.title)}</p>")
    return node("question", node("category", _text(path)), title, type="category")


def _question(question: Question) -> Element:
    kind, parts = {
        "single": ("multichoice", _choice),
        "multi": ("multichoice", _choice),
        "numeric": ("numerical", _numeric),
        "free": ("essay", _free),
    }[question.kind]
    return node(
        "question",
        node("name", _text(question.id)),
        _html("questiontext", TEXTS.markdown(question.stem)),
        _html("generalfeedback", TEXTS.feedback(question.why)),
        node("defaultgrade", decimal(question.points)),
        node("penalty", "0.3333333"),  # of the behaviours with several tries: Moodle's own default
        node("hidden", "0"),
        node("idnumber", question.id),
        *parts(question),
        node("tags", *(node("tag", _text(topic)) for topic in question.topics)),
        type=kind,
    )


def _choice(question: Question) -> Iterator[Element]:
    yield node("single", str(question.kind == "single").lower())
    yield node("shuffleanswers", "false")
    yield node("answernumbering", "ABCD")  # the letters of the notebook
    yield node("showstandardinstruction", "0")
    yield _html("correctfeedback", "")
    yield _html("partiallycorrectfeedback", "")
    yield _html("incorrectfeedback", "")
    if question.kind == "multi":
        yield node("shownumcorrect")
    for option, share in zip(question.options, shared.option_percents(question), strict=True):
        yield _answer(TEXTS.option(option.text), share, option.feedback)


def _numeric(question: Question) -> Iterator[Element]:
    yield _answer(decimal(question.answer), 100.0, "", decimal(question.tolerance))
    for wrong in question.wrong:
        yield _answer(decimal(wrong.value), 0.0, wrong.feedback, decimal(shared.reach(question, wrong)))
    yield node("unitgradingtype", "0")
    yield node("unitpenalty", "0.1")
    yield node("showunits", "3")  # no unit is asked for
    yield node("unitsleft", "0")


def _free(question: Question) -> Iterator[Element]:
    yield node("responseformat", "editor")
    yield node("responserequired", "1")
    yield node("responsefieldlines", "15")
    yield node("attachments", "0")
    yield node("attachmentsrequired", "0")
    yield _html("graderinfo", TEXTS.grading_notes(question))
    yield _html("responsetemplate", "")


def _answer(text: str, share: float, feedback: str, tolerance: str | None = None) -> Element:
    parts = [_text(text), _html("feedback", TEXTS.feedback(feedback))]
    if tolerance is None:
        return node("answer", *parts, fraction=percent(share), format="html")
    return node("answer", *parts, node("tolerance", tolerance), fraction=percent(share), format="moodle_auto_format")


def _html(tag: str, markup: str) -> Element:
    return node(tag, _text(markup), format="html")


def _text(text: str) -> Element:
    return node("text", text)
