"""QTI 1.2 as Canvas exports and imports it: a zip with one assessment for each assignment.

The vocabulary is the specification's (IMS Question and Test Interoperability: ASI XML Binding, 1.2); which of it Canvas
reads, and the labels such as `question_type` and `correct_fb`, its importer says (gems/plugins/qti_exporter).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from autograder.answers.question import Question
from autograder.course.course import Assignment, Course
from autograder.exports.questions import question_export as shared
from autograder.exports.questions.question_export import QuestionExport, Rule, decimal
from autograder.exports.questions.question_html import Texts, tex
from autograder.exports.questions.xml_package import document, node, packed

RULES: tuple[Rule, ...] = (
    (
        "The notebook gives the share of options that were judged rightly, left out or chosen. Canvas has rules of its "
        "own: Classic Quizzes give a right option its part of the points and take as much for a wrong one. Software "
        "that keeps to the file gives all or nothing.",
        shared.is_multi,
    ),
    (shared.NO_FRACTIONS, shared.is_numeric),
    (shared.LONG_NUMBERS, shared.is_endless),
    (
        "Canvas would count a number with feedback of its own as right. So the feedback on typical wrong numbers is "
        "one comment, which everyone with a wrong number sees whole.",
        shared.has_wrong_numbers,
    ),
    (
        "Canvas's questions have no place for the rubric, the full answer and the weak answer: graders don't see them.",
        shared.is_free,
    ),
    ("Topics are in the file, but Canvas doesn't read them.", lambda question: bool(question.topics)),
)
KINDS = {
    "single": "multiple_choice_question",
    "multi": "multiple_answers_question",
    "numeric": "numerical_question",
    "free": "essay_question",
}
SCHEMA = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGING = "http://www.imsglobal.org/xsd/imscp_v1p1"
RESPONSE = "response1"
TEXTS = Texts(tex)


def qti12(course: Course, assignments: Sequence[Assignment]) -> QuestionExport:
    """The zip; `course` gives the manifest its title."""
    files = {"imsmanifest.xml": document(_manifest(course, assignments))}
    for assignment in assignments:
        files[_path(assignment)] = document(_assessment(assignment))
    return QuestionExport(packed(files), shared.losses(assignments, RULES))


def _path(assignment: Assignment) -> str:
    return f"{assignment.name}/{assignment.name}.xml"


def _manifest(course: Course, assignments: Sequence[Assignment]) -> Element:
    resources = [
        node(
            "resource",
            node("file", href=_path(one)),
            identifier=f"quiz_{one.name}",
            type="imsqti_xmlv1p2",
            href=_path(one),
        )
        for one in assignments
    ]
    title = node("imsmd:title", node("imsmd:langstring", course.title, xml__lang="en"))
    return node(
        "manifest",
        node(
            "metadata",
            node("schema", "IMS Content"),
            node("schemaversion", "1.1.3"),
            node("imsmd:lom", node("imsmd:general", title)),
        ),
        node("organizations"),
        node("resources", *resources),
        identifier="questions",
        xmlns=PACKAGING,
        xmlns__imsmd="http://www.imsglobal.org/xsd/imsmd_v1p2",
    )


def _assessment(assignment: Assignment) -> Element:
    section = node("section", *map(_item, assignment.questions), ident="root_section")
    assessment = node("assessment", section, ident=f"quiz_{assignment.name}", title=assignment.title)
    return node("questestinterop", assessment, xmlns=SCHEMA)


def _item(question: Question) -> Element:
    fields = {"question_type": KINDS[question.kind], "points_possible": decimal(question.points)}
    fields |= {"qmd_topic": ", ".join(question.topics)} if question.topics else {}
    metadata = node("qtimetadata", *(_field(label, entry) for label, entry in fields.items()))
    conditions = list(_conditions(question))
    return node(
        "item",
        node("itemmetadata", metadata),
        node("presentation", _material(TEXTS.markdown(question.stem)), _response(question)),
        *([node("resprocessing", node("outcomes", _score_declared()), *conditions)] if conditions else []),
        *(_feedback(name, markup) for name, markup in _comments(question).items()),
        ident=question.id,
        title=question.id,
    )


def _field(label: str, entry: str) -> Element:
    return node("qtimetadatafield", node("fieldlabel", label), node("fieldentry", entry))


def _material(markup: str) -> Element:
    return node("material", node("mattext", markup, texttype="text/html"))


def _score_declared() -> Element:
    return node("decvar", varname="SCORE", vartype="Decimal", minvalue="0", maxvalue="100")


def _response(question: Question) -> Element:
    if not question.options:
        fib = {"fibtype": "Decimal"} if question.kind == "numeric" else {}
        blank = node("render_fib", node("response_label", ident="answer1", rshuffle="No"), **fib)
        return node("response_str", blank, ident=RESPONSE, rcardinality="Single")
    labels = [
        node("response_label", _material(TEXTS.option(option.text)), ident=_ident(question, letter))
        for letter, option in question.lettered()
    ]
    cardinality = "Multiple" if question.kind == "multi" else "Single"
    return node("response_lid", node("render_choice", *labels), ident=RESPONSE, rcardinality=cardinality)


def _ident(question: Question, letter: str) -> str:
    return f"{question.id}_{letter}"


def _comments(question: Question) -> dict[str, str]:
    """The texts that are shown after an answer, by the names that Canvas knows."""
    comments = {"general_fb": TEXTS.feedback(question.why)}
    hints = [TEXTS.feedback(f"On {wrong.value:.6g}: {wrong.feedback}") for wrong in question.wrong]
    comments["general_incorrect_fb"] = "".join(hints)
    for letter, option in question.lettered():
        comments[f"{_ident(question, letter)}_fb"] = TEXTS.feedback(option.feedback)
    return {name: markup for name, markup in comments.items() if markup}


def _feedback(name: str, markup: str) -> Element:
    return node("itemfeedback", node("flow_mat", _material(markup)), ident=name)


def _conditions(question: Question) -> Iterator[Element]:
    """First the comments, each with the answers that it is shown for, then what earns the points."""
    comments = _comments(question)
    for letter, _ in question.lettered():
        name = f"{_ident(question, letter)}_fb"
        if name in comments:
            yield _condition(_chosen(question, letter), _shown(name))
    if "general_fb" in comments:
        yield _condition(node("other"), _shown("general_fb"))
    right = _right(question)
    if right is not None:
        yield _condition(right, node("setvar", "100", action="Set", varname="SCORE"), continue_="No")
    if "general_incorrect_fb" in comments:
        yield _condition(node("other"), _shown("general_incorrect_fb"))


def _condition(when: Element, then: Element, continue_: str = "Yes") -> Element:
    return node("respcondition", node("conditionvar", when), then, continue_=continue_)


def _shown(name: str) -> Element:
    return node("displayfeedback", feedbacktype="Response", linkrefid=name)


def _right(question: Question) -> Element | None:
    if question.kind == "free":
        return None
    if question.kind == "numeric":
        least, most = map(decimal, shared.bounds(question.answer, question.tolerance))
        within = node("and", node("vargte", least, respident=RESPONSE), node("varlte", most, respident=RESPONSE))
        return node("or", node("varequal", decimal(question.answer), respident=RESPONSE), within)
    if question.kind == "single":
        return _chosen(question, *question.key)
    chosen = [(_chosen(question, letter), option.correct) for letter, option in question.lettered()]
    return node("and", *(match if right else node("not", match) for match, right in chosen))


def _chosen(question: Question, letter: str) -> Element:
    return node("varequal", _ident(question, letter), respident=RESPONSE)
