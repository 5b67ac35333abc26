"""Texts of the course as HTML: Markdown, with formulas as MathML, so that nothing has to be fetched to show them.

Only what the course's authors and the grader wrote goes through here. What students wrote is text, and is escaped.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

import mistune
from markupsafe import Markup, escape

_CODE = re.compile(r"`([^`\n]+)`")
_SPACE = "http://www.w3.org/1998/Math/MathML"
_ATTRIBUTES = {
    *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "display", "displaystyle", "fence"),
    *("form", "height", "linethickness", "lspace", "mathsize", "mathvariant", "maxsize", "minsize", "movablelimits"),
    *("notation", "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset"),
    *("width", "xmlns"),
}


@cache
def block(markdown: str) -> Markup:
    """A text of the course, in paragraphs and lists; raw HTML in it is shown as text."""
    return Markup(_markdown()(markdown))


@cache
def inline(markdown: str) -> Markup:
    """The same in one line, such as an option's text."""
    html = str(_markdown()(" ".join(markdown.split()))).strip()
    alone = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return Markup(html[len("<p>") : -len("</p>")]) if alone else escape(markdown)


def with_code(text: str) -> Markup:
    """What the grader says: plain text, with `names` between backquotes as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def formula(latex: str, display: str = "inline") -> Markup:
    """A formula as MathML; one that can't be read as LaTeX is shown as it is written."""
    from latex2mathml.converter import convert

    try:
        made = convert(latex, display=display)
        tree = ElementTree.fromstring(made)
    except Exception:  # the converter has many ways to fail, and what it makes of "<" in a text may be no XML
        return Markup("<code>{}</code>").format(latex)
    return Markup(made) if _is_only_math(tree) else Markup("<code>{}</code>").format(latex)


def _is_only_math(tree: ElementTree.Element) -> bool:
    """Whether all of it is MathML, without links, colours or handlers."""
    return all(part.tag.startswith(f"{{{_SPACE}}}m") and part.attrib.keys() <= _ATTRIBUTES for part in tree.iter())


@cache
def _markdown() -> Any:
    class CourseRenderer(mistune.HTMLRenderer):
        """Markdown as HTML that fetches nothing."""

        def inline_math(self, text: str) -> str:
            return str(formula(text))

        def block_math(self, text: str) -> str:
            return f"<p>{formula(text, 'block')}</p>\n"

        def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
            return str(escape(text))

        def link(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
            return text  # a page that works from disk leads nowhere else

    return mistune.create_markdown(escape=True, renderer=CourseRenderer(escape=True), plugins=["math", "table"])
