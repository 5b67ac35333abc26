"""The texts of a question as HTML: formulas as the receiving system wants them, and everything else escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element, fromstring

import mistune

from autograder.answers.question import Question
from autograder.errors import CourseError
from autograder.exports.questions.xml_package import node

Formula = Callable[[str, bool], str]

# XML has no way to write them, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile(r"`([^`\n]+)`|\$\$(.+?)\$\$|\$(?!\s)([^$`\n]+?)(?<!\s)\$(?!\d)", re.DOTALL)
_ATTRIBUTES = {"href", "src", "alt", "class"}  # of those that Markdown gives, what QTI takes
_INLINE = {"a", "code", "em", "img", "math", "strong", "br"}


def tex(formula: str, alone: bool) -> str:
    r"""A formula for a page that MathJax reads: `\(...\)`, or `\[...\]` for one that stands alone."""
    return rf"\[{html.escape(formula, quote=False)}\]" if alone else rf"\({html.escape(formula, quote=False)}\)"


def mathml(formula: str, alone: bool) -> str:
    """A formula as MathML. Raises CourseError for one that can't be read."""
    from latex2mathml.converter import convert

    try:
        return str(convert(formula, display="block" if alone else "inline"))
    except Exception as error:  # the library has no error of its own that all its errors are
        raise CourseError(
            f"The formula ${formula}$ can't be turned into MathML ({error}). Write it another way."
        ) from error


@dataclass(frozen=True)
class Texts:
    """How the texts of the course are put into HTML; `formula` says how formulas are."""

    formula: Formula

    def markdown(self, text: str) -> str:
        """A stem, an option, a model answer: what the notebook shows as Markdown."""
        return str(self._markdown(_clean(text))).strip()

    def option(self, text: str) -> str:
        """As `markdown`; a single paragraph stands without its tags, beside the letter."""
        whole = self.markdown(text)
        inside = whole.removeprefix("<p>").removesuffix("</p>")
        return inside if len(inside) == len(whole) - len("<p></p>") and "<p>" not in inside else whole

    def feedback(self, text: str) -> str:
        """Feedback: plain text with `code` and formulas. Nothing for an empty text."""
        return f"<p>{_SPECIAL.sub(self._special, html.escape(_clean(text), quote=False))}</p>" if text.strip() else ""

    def grading_notes(self, question: Question) -> str:
        """What whoever reads a free text is told: the rubric, a model answer, a weak one."""
        lines = [
            f"<li>{self.option(line.name)} ({line.points:g}): {self.option(line.levels)}</li>"
            for line in question.rubric
        ]
        parts = [f"<ul>{''.join(lines)}</ul>"] if lines else []
        for head, text in (("A full answer", question.model), ("A weak answer", question.weak)):
            parts += [f"<p><strong>{head}</strong></p>", self.markdown(text)] if text.strip() else []
        return "".join(parts)

    @cached_property
    def _markdown(self) -> mistune.Markdown:
        return mistune.create_markdown(renderer=_Renderer(self.formula), plugins=["math", "table"])

    def _special(self, found: re.Match[str]) -> str:
        code, alone, inline = found.groups()
        if code:
            return f"<code>{code}</code>"
        return self.formula(html.unescape(alone or inline), bool(alone))


class _Renderer(mistune.HTMLRenderer):
    """HTML in which what authors wrote as HTML is shown as text."""

    def __init__(self, formula: Formula) -> None:
        super().__init__(escape=True)
        self._formula = formula

    def inline_math(self, text: str) -> str:
        return self._formula(text, False)

    def block_math(self, text: str) -> str:
        return self._formula(text, True)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def elements(markup: str) -> list[Element]:
    """HTML as `Texts` makes it, as block elements of XML; what stands in none gets a paragraph."""
    root = fromstring(f"<div>{markup}</div>")
    for element in root.iter():
        namespace, bracket, name = element.tag.rpartition("}")
        if not bracket:
            element.attrib = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
        element.tag = name
        if name == "math":  # its children are in the namespace that it names
            element.set("xmlns", namespace.removeprefix("{"))
    return _in_blocks(root)


def _in_blocks(root: Element) -> list[Element]:
    blocks: list[Element] = []
    loose: list[Element | str] = [root.text or ""]
    for child in [*root, None]:
        if child is not None and child.tag in _INLINE:
            tail, child.tail = child.tail, None
            loose += [child, tail or ""]
            continue
        if any(not isinstance(part, str) or part.strip() for part in loose):
            blocks.append(node("p", *loose))
        if child is not None:
            loose = [child.tail or ""]
            child.tail = None
            blocks.append(child)
    return blocks
