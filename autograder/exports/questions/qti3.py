"""QTI 3.0: what QTI 2.1 says, in the names of 3.0 (1EdTech, "QTI 3.0 Best Practices and Implementation Guide")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from autograder.course.course import Assignment, Course
from autograder.exports.questions import qti2
from autograder.exports.questions import question_export as shared
from autograder.exports.questions.question_export import QuestionExport
from autograder.exports.questions.xml_package import document, node, packed

ITEM = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGING = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
TYPES = {"imsqti_test_xmlv2p1": "imsqti_test_xmlv3p0", "imsqti_item_xmlv2p1": "imsqti_item_xmlv3p0"}
HTML = {"a", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p"}
HTML |= {"pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
CONTENT_BODY = {"modalFeedback", "rubricBlock"}  # their content stands in an element of its own


def qti30(course: Course, assignments: Sequence[Assignment]) -> QuestionExport:
    """The zip; `course` gives the manifest its title."""
    files = {"imsmanifest.xml": document(_manifest(course, assignments))}
    for assignment in assignments:
        files[qti2.test_path(assignment)] = document(_renamed(qti2.test(assignment)))
        for one in assignment.questions:
            files[qti2.item_path(assignment, one)] = document(_renamed(_scored(qti2.item(one), one.kind)))
    return QuestionExport(packed(files), shared.losses(assignments, qti2.RULES))


def _manifest(course: Course, assignments: Sequence[Assignment]) -> Element:
    manifest = qti2.manifest(course, assignments)
    manifest.set("xmlns", PACKAGING)
    for element in manifest.iter():
        if element.tag == "schema":
            element.text = "QTI Package"
        elif element.tag == "schemaversion":
            element.text = "3.0.0"
        elif element.tag == "resource":
            element.set("type", TYPES[element.attrib["type"]])
    return manifest


def _scored(item: Element, kind: str) -> Element:
    """The item; what 3.0 can say on who scores a text, and 2.1 can't."""
    for element in item.iter():
        if kind == "free" and element.tag == "outcomeDeclaration" and element.get("identifier") == qti2.SCORE:
            element.set("externalScored", "human")
        if element.tag == "rubricBlock":
            element.set("use", "scoring")
    return item


def _renamed(element: Element) -> Element:
    if element.tag == "math":
        return element
    children = [_with_tail(_renamed(child), child.tail) for child in element]
    if element.tag in HTML:
        element[:] = children
        return element
    attributes = {name if name == "xmlns" else _kebab(name): value for name, value in element.attrib.items()}
    made = Element(f"qti-{_kebab(element.tag)}", attributes)
    made.text = element.text
    made[:] = [node("qti-content-body", *children)] if element.tag in CONTENT_BODY else children
    if "xmlns" in attributes:
        made.set("xmlns", ITEM)
    return made


def _with_tail(element: Element, tail: str | None) -> Element:
    element.tail = tail
    return element


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)
