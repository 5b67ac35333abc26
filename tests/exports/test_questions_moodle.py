from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest

from autograder.answers.question import Question, WrongNumber
from autograder.course.course import Course
from autograder.exports.questions.moodle_xml import TEXTS, moodle_xml
from tests.exports.asked import answers, assignments, hints, judged, near, odd_assignment, questions
from tests.exports.conftest import Exported

# The percents that Moodle knows: question/engine/bank.php, question_bank::fraction_options_full.
KNOWN = {100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111}
KNOWN |= {10, 5, 0}


@pytest.fixture(scope="module")
def written(exported: Exported) -> dict[str, Element]:
    quiz = fromstring(exported("moodle-xml"))
    return {one.findtext("name/text", ""): one for one in quiz if one.get("type") != "category"}


def test_every_question_is_there_with_its_points_topics_and_texts(written: dict[str, Element], course: Course) -> None:
    kinds = {"single": "multichoice", "multi": "multichoice", "numeric": "numerical", "free": "essay"}
    asked = questions(course)
    assert list(written) == [question.id for question in asked]
    for question in asked:
        one = written[question.id]
        assert one.get("type") == kinds[question.kind]
        assert float(one.findtext("defaultgrade", "")) == question.points
        assert [tag.text for tag in one.findall("tags/tag/text")] == list(question.topics)
        assert one.findtext("questiontext/text", "").startswith("<p>")
        assert bool(one.findtext("generalfeedback/text")) == bool(question.why)


def test_html_stands_in_cdata_as_moodles_reader_loses_a_space_between_two_escaped_signs(exported: Exported) -> None:
    text = exported("moodle-xml").decode()
    assert "</code> &amp; &quot;c&quot;" in text
    assert "&lt;p" not in text
    assert "<script" not in text


def test_each_assignment_is_a_category(exported: Exported, course: Course) -> None:
    quiz = fromstring(exported("moodle-xml"))
    paths = [one.findtext("category/text", "") for one in quiz if one.get("type") == "category"]
    assert [path.rpartition("/")[2] for path in paths] == [one.name for one in assignments(course)]


def test_moodle_gives_what_the_notebook_gives_or_less_where_a_right_option_is_missing(
    written: dict[str, Element], course: Course
) -> None:
    for question in (one for one in questions(course) if one.options):
        shares = [float(answer.get("fraction", "")) for answer in written[question.id].findall("answer")]
        assert {abs(share) for share in shares} <= KNOWN
        assert abs(sum(share for share in shares if share > 0) - 100) < 1e-3
        for answer in answers(question):
            given = max(0.0, sum(shares[ord(letter) - ord("A")] for letter in answer) / 100)
            share = judged(question, answer).share
            complete = set(question.key) <= set(answer)
            assert abs(given - share) < 1e-5 if complete or question.kind == "single" else given < share + 1e-5


def test_moodle_finds_the_feedback_of_a_number_that_the_notebook_gives(
    written: dict[str, Element], course: Course
) -> None:
    tried = [(one, answer) for one in questions(course) if one.kind == "numeric" for answer in answers(one)]
    assert len(tried) > 200
    for question, answer in tried:
        matched = first_match(written[question.id], float(answer))
        verdict = judged(question, answer)
        assert near(float(matched.get("fraction", "")) / 100 if matched is not None else 0.0, verdict.share), answer
        if verdict.verdict != "correct":
            text = matched.findtext("feedback/text", "") if matched is not None else ""
            assert text == as_html(hints(question, answer)), (question.id, answer)


def test_of_two_typical_wrong_numbers_that_lie_close_each_gets_its_own_feedback(course: Course) -> None:
    close = tuple(
        WrongNumber(value, name, f"Not {name}") for name, value in (("TWO_THIRDS", 2 / 3), ("NEAR_IT", 0.6635))
    )
    question = Question("q9_5_close", "numeric", 1, "Give it.", (), "", answer=5.0, tolerance=1e-9, wrong=close)
    given = replace(odd_assignment(course), items={question.id: question})
    written = fromstring(moodle_xml(course, [given]).content).find("question[@type='numerical']")
    assert written is not None
    for wrong in close:
        matched = first_match(written, wrong.value)
        assert matched is not None
        assert matched.findtext("feedback/text") == as_html([wrong.feedback])


def first_match(question: Element, number: float) -> Element | None:
    """As Moodle does: qtype_numerical_question::get_matching_answer takes the first whose interval holds the number."""
    for answer in question.findall("answer"):
        off = abs(number - float(answer.findtext("text", "")))
        if off <= float(answer.findtext("tolerance", "")) + 1e-15:
            return answer
    return None


def as_html(texts: list[str]) -> str:
    return "".join(map(TEXTS.feedback, texts))


def test_the_rubric_and_both_answers_are_told_to_graders_alone(written: dict[str, Element], course: Course) -> None:
    for question in (one for one in questions(course) if one.kind == "free"):
        one = written[question.id]
        notes = one.findtext("graderinfo/text", "")
        assert "A full answer" in notes
        assert "A weak answer" in notes
        assert all(f"({line.points:g})" in notes for line in question.rubric)
        assert not leaks(question, one)


def leaks(question: Question, one: Element) -> bool:
    shown = one.findtext("questiontext/text", "") + one.findtext("generalfeedback/text", "")
    return question.model[:30] in shown or question.weak[:30] in shown
