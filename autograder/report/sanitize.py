"""Students' text, sanitized for pages that render Markdown with raw HTML, as nbconvert and formgrader do.

Nothing is parsed, so nothing can be parsed differently by the page: a character of no width goes wherever a tag, an
entity, a picture, a Mermaid drawing or a scripting link could begin, inside code and formulas too. What people see
stays the same, except that a formula makes no links.
"""

from __future__ import annotations

import re

MOST_CHARACTERS = 20_000  # a Markdown parser's time may grow with the square: 2 s for so many, at worst
_NOTHING = "\u200b"
_STARTS = re.compile(
    r"""
      < (?=[A-Za-z/!?])                         # a tag, a comment, an autolink
    | & (?=\#|[A-Za-z][A-Za-z0-9]{1,31};)       # an entity, which could spell a link's scheme
    | ! (?=\[)                                  # a picture: the reader's browser would fetch it
    | (?<=[`~]{3}) [^\S\n]* (?=mermaid)         # a fence whose text nbconvert puts into the page as it is
    | (?:javascript|vbscript|data|attachment) (?=\\?:)
    | \\ (?=href)                              # a link in a formula: browsers drop tabs and line ends from its scheme
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[\\`*_{}\[\]<>#!|~$&@]")


def sanitized(markdown: str) -> str:
    """The Markdown with nothing in it that a page would run, fetch or take for HTML; cut where it is too long."""
    text = markdown[:MOST_CHARACTERS]
    if len(markdown) > MOST_CHARACTERS:
        text += f"\n\n(Cut here: it has {len(markdown):,} characters. The submitted file holds all of them.)"
    return _STARTS.sub(lambda found: found[0] + _NOTHING, text)


def unsanitized(markdown: str) -> str:
    """The text as it was before `sanitized`, but for what was cut off; for pages that escape all of it."""
    return markdown.replace(_NOTHING, "")


def on_one_line(text: str) -> str:
    """A line of Markdown that shows `text` as it is, on one line."""
    return sanitized(_PUNCTUATION.sub(lambda found: "\\" + found[0], " ".join(text.split())))
