"""QTI 2.1: a zip with one file for each question and one test for each assignment.

The vocabulary is the specification's (IMS QTI 2.1, "Assessment Test, Section, and Item Information Model"); the rules
of each item give the points that the notebook gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element

from autograder.answers.question import Question
from autograder.course.course import Assignment, Course
from autograder.exports.questions import question_export as shared
from autograder.exports.questions.question_export import QuestionExport, Rule, decimal
from autograder.exports.questions.question_html import Texts, elements, mathml
from autograder.exports.questions.xml_package import document, node, packed

RULES: tuple[Rule, ...] = (
    (
        "The rules of the file give the notebook's points, the share of options that were judged rightly. Some "
        "software scores by rules of its own: try one question.",
        shared.is_multi,
    ),
    (shared.NO_FRACTIONS, shared.is_numeric),
    (shared.LONG_NUMBERS, shared.is_endless),
    (shared.NEAR_NUMBERS, shared.has_wrong_numbers),
    ("The rubric and the two example answers are a text for scorers: no boxes to tick.", shared.is_free),
)
ITEM = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGING = "http://www.imsglobal.org/xsd/imscp_v1p1"
METADATA = "http://ltsc.ieee.org/xsd/LOM"
RESPONSE, SCORE, WHY = "RESPONSE", "SCORE", "WHY"
TEXTS = Texts(mathml)


def qti21(course: Course, assignments: Sequence[Assignment]) -> QuestionExport:
    """The zip; `course` gives the manifest its title."""
    files = {"imsmanifest.xml": document(manifest(course, assignments))}
    for assignment in assignments:
        files[test_path(assignment)] = document(test(assignment))
        files |= {item_path(assignment, one): document(item(one)) for one in assignment.questions}
    return QuestionExport(packed(files), shared.losses(assignments, RULES))


def test_path(assignment: Assignment) -> str:
    """Where the assignment's test lies in the zip."""
    return f"{assignment.name}/test.xml"


def item_path(assignment: Assignment, question: Question) -> str:
    """Where the question lies in the zip."""
    return f"{assignment.name}/{question.id}.xml"


def manifest(course: Course, assignments: Sequence[Assignment]) -> Element:
    """The list of what is in the zip; topics are keywords of the questions."""
    resources = [resource for assignment in assignments for resource in _resources(assignment)]
    return node(
        "manifest",
        node(
            "metadata",
            node("schema", "QTIv2.1 Package"),
            node("schemaversion", "1.0.0"),
            node("lom", node("general", _string("title", course.title)), xmlns=METADATA),
        ),
        node("organizations"),
        node("resources", *resources),
        identifier="questions",
        xmlns=PACKAGING,
    )


def _resources(assignment: Assignment) -> Iterator[Element]:
    ids = {question.id: f"item_{assignment.name}_{question.id}" for question in assignment.questions}
    yield node(
        "resource",
        node("file", href=test_path(assignment)),
        *(node("dependency", identifierref=id) for id in ids.values()),
        identifier=f"test_{assignment.name}",
        type="imsqti_test_xmlv2p1",
        href=test_path(assignment),
    )
    for question in assignment.questions:
        path = item_path(assignment, question)
        topics = [_string("keyword", topic) for topic in question.topics]
        yield node(
            "resource",
            node("metadata", node("lom", node("general", _string("title", question.id), *topics), xmlns=METADATA)),
            node("file", href=path),
            identifier=ids[question.id],
            type="imsqti_item_xmlv2p1",
            href=path,
        )


def _string(tag: str, text: str) -> Element:
    return node(tag, node("string", text, language="en"))


def test(assignment: Assignment) -> Element:
    """The questions in the notebook's order, submitted one by one."""
    items = [node("assessmentItemRef", identifier=one.id, href=f"{one.id}.xml") for one in assignment.questions]
    section = node("assessmentSection", *items, identifier="questions", title=assignment.title, visible="false")
    part = node("testPart", section, identifier="part", navigationMode="nonlinear", submissionMode="individual")
    points = node("sum", node("testVariables", variableIdentifier=SCORE))
    return node(
        "assessmentTest",
        _outcome(SCORE, "float", "0"),
        part,
        node("outcomeProcessing", node("setOutcomeValue", points, identifier=SCORE)),
        identifier=f"test_{assignment.name}",
        title=assignment.title,
        xmlns=ITEM,
    )


def item(question: Question) -> Element:
    """The question, its key, the rules that give points, and all feedback."""
    return node(
        "assessmentItem",
        _response(question),
        _outcome(SCORE, "float", "0", **({"normalMaximum": decimal(question.points)})),
        _outcome("MAXSCORE", "float", decimal(question.points)),
        *(_outcome(name, "identifier", cardinality=how) for name, how in _shown(question).items()),
        _body(question),
        *_processing(question),
        *_feedback(question),
        identifier=question.id,
        title=question.id,
        adaptive="false",
        timeDependent="false",
        xmlns=ITEM,
    )


def _outcome(name: str, base: str, default: str = "", cardinality: str = "single", **more: str) -> Element:
    inside = [node("defaultValue", node("value", default))] if default else []
    return node("outcomeDeclaration", *inside, identifier=name, cardinality=cardinality, baseType=base, **more)


def _shown(question: Question) -> dict[str, str]:
    """The outcomes that feedback is shown by: what was answered, and that it was."""
    if question.options:
        return {"FEEDBACK": "multiple" if question.kind == "multi" else "single", WHY: "single"}
    return {"FEEDBACK": "single", WHY: "single"} if question.wrong else {WHY: "single"}


def _response(question: Question) -> Element:
    if question.kind == "free":
        return node("responseDeclaration", identifier=RESPONSE, cardinality="single", baseType="string")
    if question.kind == "numeric":
        key = node("correctResponse", node("value", decimal(question.answer)))
        return node("responseDeclaration", key, identifier=RESPONSE, cardinality="single", baseType="float")
    key = node("correctResponse", *(node("value", letter) for letter in question.key))
    share = question.points / len(question.options) if question.kind == "multi" else question.points
    entries = [
        node("mapEntry", mapKey=letter, mappedValue=decimal(share if option.correct else -share))
        for letter, option in question.lettered()
        if option.correct or question.kind == "multi"
    ]
    cardinality = "multiple" if question.kind == "multi" else "single"
    mapping = node("mapping", *entries, defaultValue="0")
    return node(
        "responseDeclaration", key, mapping, identifier=RESPONSE, cardinality=cardinality, baseType="identifier"
    )


def _body(question: Question) -> Element:
    body = node("itemBody", *elements(TEXTS.markdown(question.stem)))
    if question.options:
        choices = [
            node("simpleChoice", *elements(TEXTS.option(option.text)), identifier=letter, fixed="true")
            for letter, option in question.lettered()
        ]
        most = "1" if question.kind == "single" else "0"
        body.append(node("choiceInteraction", *choices, responseIdentifier=RESPONSE, shuffle="false", maxChoices=most))
    elif question.kind == "numeric":
        blank = node("textEntryInteraction", responseIdentifier=RESPONSE, expectedLength="15")
        body.append(node("p", blank))
    else:
        body.append(node("extendedTextInteraction", responseIdentifier=RESPONSE, expectedLines="15"))
        notes = TEXTS.grading_notes(question)
        if notes:
            body.append(node("rubricBlock", *elements(notes), view="scorer"))
    return body


def _processing(question: Question) -> Iterator[Element]:
    """The rules, run when an answer is submitted. A text gets its points from a person."""
    answered = node("not", node("isNull", _given()))
    rules = [node("responseCondition", node("responseIf", answered, *_when_answered(question)))]
    yield node("responseProcessing", *rules)


def _when_answered(question: Question) -> Iterator[Element]:
    yield _set(WHY, _constant("identifier", "why"))
    if question.options:
        yield _set("FEEDBACK", _given())
    if question.kind == "single":
        yield _set(SCORE, node("mapResponse", identifier=RESPONSE))
    elif question.kind == "multi":
        wrong = len(question.options) - len(question.key)
        left_out = _constant("float", decimal(question.points * wrong / len(question.options)))
        yield _set(SCORE, node("sum", left_out, node("mapResponse", identifier=RESPONSE)))
    elif question.kind == "numeric":
        yield _numeric_rules(question)


def _numeric_rules(question: Question) -> Element:
    points = _set(SCORE, _constant("float", decimal(question.points)))
    rules = [node("responseIf", _within(shared.bounds(question.answer, question.tolerance)), points)]
    for index, wrong in enumerate(question.wrong, 1):
        near = _within(shared.bounds(wrong.value, shared.reach(question, wrong)))
        rules.append(node("responseElseIf", near, _set("FEEDBACK", _constant("identifier", f"wrong_{index}"))))
    return node("responseCondition", *rules)


def _within(bounds: tuple[Decimal, Decimal]) -> Element:
    """Two comparisons in place of `equal` with a tolerance, which not every player knows."""
    least, most = (_constant("float", decimal(bound)) for bound in bounds)
    return node("and", node("gte", _given(), least), node("lte", _given(), most))


def _set(outcome: str, value: Element) -> Element:
    return node("setOutcomeValue", value, identifier=outcome)


def _given() -> Element:
    return node("variable", identifier=RESPONSE)


def _constant(base: str, value: str) -> Element:
    return node("baseValue", value, baseType=base)


def _feedback(question: Question) -> Iterator[Element]:
    texts = [("FEEDBACK", letter, option.feedback) for letter, option in question.lettered()]
    texts += [("FEEDBACK", f"wrong_{index}", wrong.feedback) for index, wrong in enumerate(question.wrong, 1)]
    for outcome, name, text in [*texts, (WHY, "why", question.why)]:
        if text.strip():
            inside = elements(TEXTS.feedback(text))
            yield node("modalFeedback", *inside, outcomeIdentifier=outcome, identifier=name, showHide="show")
