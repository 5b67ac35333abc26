"""The feedback on one task or question, as HTML for notebooks and pages and as plain text for terminals.

Made from a result alone, which holds nothing of a hidden case. Whatever came from a submission is escaped and stands
where neither HTML nor MathJax reads it.
"""

from __future__ import annotations

import html
import re

from autograder.marking.result import ItemResult, PartResult, Shown, Verdict

WORDS: dict[Verdict, str] = {
    "correct": "Right",
    "partial": "Partly right",
    "misconception": "Not right, and this is why",
    "wrong": "Not right",
    "error": "It stopped with an error",
    "timeout": "It took too long",
    "not_attempted": "Not attempted",
    "needs_review": "To be read by your instructor",
}
# The words say the same: colour is only a help. Each is readable on light and on dark ground.
_COLOURS: dict[Verdict, str] = {
    "correct": "#2e8b57",
    "partial": "#b8860b",
    "misconception": "#c0504d",
    "wrong": "#c0504d",
    "error": "#c0504d",
    "timeout": "#c0504d",
    "not_attempted": "#808080",
    "needs_review": "#4a7ebb",
}
_CODE = re.compile(r"`([^`\n]+)`")
_UNTOUCHED = 'class="tex2jax_ignore mathjax_ignore"'
_VALUE = (
    "margin:0;padding:0.2em 0.5em;white-space:pre-wrap;overflow-wrap:anywhere;background:transparent;color:inherit;"
    "border:1px solid rgba(128,128,128,0.5)"
)
_PARAGRAPH = "margin:0.3em 0 0 0"


def feedback_html(item: ItemResult) -> str:
    """The feedback as one HTML element with inline styles only."""
    parts = [
        f'<p style="margin:0"><strong>{_headline(item)}</strong> · {points_text(item.points, item.max_points)}</p>',
        f'<p style="{_PARAGRAPH}">{_prose(item.message)}</p>',
        _parts_html(item),
        _shown_html(item.shown) if item.shown else "",
    ]
    style = f"border-left:4px solid {_COLOURS[item.verdict]};padding:0.2em 0.8em;margin:0.4em 0"
    return f'<div style="{style}">{"".join(parts)}</div>'


def feedback_text(item: ItemResult) -> str:
    """The same as plain text."""
    lines = [f"{_headline(item)} · {points_text(item.points, item.max_points)}", item.message]
    lines += [f"- {_part_text(part)}" for part in _lost(item)]
    if item.shown:
        lines.append(f"In the case '{item.shown.case}': {item.shown.sentence}")
        if item.shown.expected:
            lines += [f"expected: {item.shown.expected}", f"yours:    {item.shown.got}"]
    return "\n".join(lines)


def points_text(points: float, max_points: float) -> str:
    """Such as "2.5 of 4 points"."""
    return f"{points:g} of {max_points:g} point{'' if max_points == 1 else 's'}"


def _headline(item: ItemResult) -> str:
    return WORDS[item.verdict]


def _lost(item: ItemResult) -> list[PartResult]:
    """The parts to tell about: lost ones, unless nothing was written or there is only one part anyway."""
    if item.verdict in ("correct", "not_attempted") or len(item.parts) < 2:
        return []
    return [part for part in item.parts if part.points < part.max_points]


def _part_text(part: PartResult) -> str:
    return f"{part.name}: {points_text(part.points, part.max_points)}. {part.says}".rstrip()


def _parts_html(item: ItemResult) -> str:
    rows = "".join(f"<li>{_prose(_part_text(part))}</li>" for part in _lost(item))
    return f'<ul style="margin:0.3em 0 0 1.2em;padding:0">{rows}</ul>' if rows else ""


def _shown_html(shown: Shown) -> str:
    sentence = f"In the case “{html.escape(shown.case)}”: {html.escape(shown.sentence)}"
    told = f'<p {_UNTOUCHED} style="{_PARAGRAPH};white-space:pre-wrap;overflow-wrap:anywhere">{sentence}</p>'
    if not shown.expected:
        return told
    columns = "".join(
        f'<div {_UNTOUCHED} style="flex:1 1 14em;min-width:0">'
        f'{label}<pre style="{_VALUE}">{html.escape(value)}</pre></div>'
        for label, value in (("expected", shown.expected), ("yours", shown.got))
    )
    return f'{told}<div style="display:flex;flex-wrap:wrap;gap:0.8em;margin-top:0.3em">{columns}</div>'


def _prose(text: str) -> str:
    """A course's sentence: escaped, with `names` in backquotes set as code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(text))
