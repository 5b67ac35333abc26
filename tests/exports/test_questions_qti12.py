from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

import pytest

from autograder.course.course import Course
from autograder.exports.questions.qti12 import TEXTS
from tests.exports.asked import answers, assignments, hints, judged, questions
from tests.exports.conftest import Exported, unpacked

Q = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


@pytest.fixture(scope="module")
def items(exported: Exported) -> dict[str, Element]:
    files = unpacked(exported("qti12"))
    roots = [fromstring(content) for name, content in files.items() if name != "imsmanifest.xml"]
    return {item.get("ident", ""): item for root in roots for item in root.iter(f"{Q}item")}


def holds(condition: Element, chosen: set[str], number: float | None) -> bool:
    """What a condition of QTI 1.2 says of an answer."""
    tag, inside = condition.tag.removeprefix(Q), [holds(part, chosen, number) for part in condition]
    if tag in ("conditionvar", "and"):
        return all(inside)
    if tag in ("or", "not"):
        return any(inside) if tag == "or" else not all(inside)
    text = condition.text or ""
    if tag == "varequal":
        return text in chosen if number is None else float(text) == number
    assert number is not None
    return number >= float(text) if tag == "vargte" else number <= float(text)


def test_every_question_is_there_as_canvas_calls_it(items: dict[str, Element], course: Course) -> None:
    kinds = {
        "single": "multiple_choice_question",
        "multi": "multiple_answers_question",
        "numeric": "numerical_question",
        "free": "essay_question",
    }
    assert list(items) == [question.id for question in questions(course)]
    for question in questions(course):
        fields = {
            field.findtext(f"{Q}fieldlabel"): field.findtext(f"{Q}fieldentry")
            for field in items[question.id].iter(f"{Q}qtimetadatafield")
        }
        assert fields["question_type"] == kinds[question.kind]
        assert float(fields["points_possible"] or "") == question.points
        assert fields.get("qmd_topic", "") == ", ".join(question.topics)


def test_the_points_are_for_the_right_answer_alone(items: dict[str, Element], course: Course) -> None:
    for question in questions(course):
        earning = [one for one in items[question.id].iter(f"{Q}respcondition") if one.find(f"{Q}setvar") is not None]
        assert len(earning) == (0 if question.kind == "free" else 1)  # Canvas takes any second one as right, too
        for condition in (one.find(f"{Q}conditionvar") for one in earning):
            assert condition is not None
            for answer in answers(question):
                chosen = {f"{question.id}_{letter}" for letter in answer}
                number = float(answer) if question.kind == "numeric" else None
                full = judged(question, answer).share == 1
                assert holds(condition, chosen, number) == full, (question.id, answer)


def test_each_option_and_typical_wrong_number_has_its_comment(items: dict[str, Element], course: Course) -> None:
    for question in questions(course):
        item = items[question.id]
        comments = {one.get("ident", ""): "".join(one.itertext()).strip() for one in item.iter(f"{Q}itemfeedback")}
        linked = [one.get("linkrefid") for one in item.iter(f"{Q}displayfeedback")]
        assert sorted(comments) == sorted(map(str, linked))
        assert comments.get("general_fb", "") == TEXTS.feedback(question.why)
        for letter, option in question.lettered():
            assert comments.get(f"{question.id}_{letter}_fb", "") == TEXTS.feedback(option.feedback)
        for wrong in question.wrong:
            assert TEXTS.feedback(f"On {wrong.value:.6g}: {wrong.feedback}") in comments["general_incorrect_fb"]
            assert hints(question, repr(wrong.value)) == [wrong.feedback]


def test_the_manifest_lists_a_quiz_for_each_assignment(exported: Exported, course: Course) -> None:
    files = unpacked(exported("qti12"))
    manifest = fromstring(files["imsmanifest.xml"])
    listed = [file.get("href") for file in manifest.iter("{http://www.imsglobal.org/xsd/imscp_v1p1}file")]
    assert ["imsmanifest.xml", *listed] == list(files)
    titles = [next(fromstring(files[str(path)]).iter(f"{Q}assessment")).get("title") for path in listed]
    assert titles == [one.title for one in assignments(course)]
