"""Feedback on one task or question: what `check()` shows below a cell, and what a marked notebook shows of a result.

As HTML for notebooks and pages, and as text for everything else. Notebooks come in light and dark, and some strip style
sheets: the HTML inherits its text colour and its font, and every style is inline. Colour only repeats what a sign and
words say. Whatever came from a submission is escaped and stands where MathJax doesn't read it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from autograder.answers.case import Case, Function, Made, Stream

Tone = Literal["right", "partly", "noted", "wrong", "warned", "open"]
TONES: dict[Tone, tuple[str, str]] = {
    "right": ("✓", "#2a9d5c"),
    "partly": ("◐", "#c98a1b"),
    "noted": ("✎", "#3f86c9"),
    "wrong": ("✗", "#d9603b"),
    "warned": ("!", "#c98a1b"),
    "open": ("○", "#8b9099"),
}
MOST_LINES = 12  # of a call to try
LONGEST_ARRAY = 60  # of an array in a call to try
CALL = "The call, to try in a cell of your own"
NO_MATH = 'class="tex2jax_ignore mathjax_ignore"'
MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:0.92em"
CODE = f"{MONO};color:inherit;background:transparent;padding:0"
CELL = "padding:3px 14px 3px 0;text-align:left;vertical-align:top;border:none;background:transparent"
INDENTED = "margin:5px 0 0 1.4em"


class Quoted(str):
    """Text that holds a submission's own words: it is shown as it is, so that `x` and $x$ in it stay what they are."""


@dataclass(frozen=True)
class Comparison:
    """What was expected beside what came back; `place` is the first part that differs, such as "row 3"."""

    place: str
    expected: str
    got: str

    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Whose value it is, and the value."""
        mine = f"your {self.place}" if self.place else "yours"
        return (f"expected {self.place}".rstrip(), self.expected), (mine, self.got)


@dataclass(frozen=True, repr=False)
class Feedback:
    """The last line of a cell shows it. All is plain text, with `names` in backquotes; `lost` are the parts of the
    points that were lost, `code` is a call to try."""

    name: str
    tone: Tone
    headline: str
    paragraphs: tuple[str, ...] = ()
    comparison: Comparison | None = None
    notes: tuple[str, ...] = ()
    code: str = ""
    points: str = ""
    lost: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        return TONES[self.tone][0]

    def lines(self) -> list[str]:
        """What stands below the headline, as text."""
        lines = list(self.paragraphs)
        if self.comparison:
            sides = self.comparison.sides()
            width = max(len(whose) for whose, _ in sides) + 1
            lines += [f"  {whose + ':':<{width}} {value}" for whose, value in sides]
        lines += [*(f"- {part}" for part in self.lost), *self.notes]
        if self.code:
            lines += [f"{CALL}:", *(f"  {line}" for line in self.code.splitlines())]
        return lines

    def __repr__(self) -> str:
        return "\n".join([f"{self.sign} {self.name}: {self._summary()}", *self.lines()])

    def _repr_html_(self) -> str:
        sign, colour = TONES[self.tone]
        points = f" · {html.escape(self.points)}" if self.points else ""
        inside = [
            f'<div><span aria-hidden="true" style="color:{colour};font-weight:700;display:inline-block;'
            f'min-width:1.4em">{sign}</span><strong>{html.escape(self.headline)}</strong>{points}'
            f'<code style="{CODE};opacity:0.7;margin-left:0.9em">{html.escape(self.name)}</code></div>',
            *(_paragraph(text) for text in self.paragraphs),
            _table(self.comparison, colour) if self.comparison else "",
            _list(self.lost) if self.lost else "",
            *(_paragraph(text, "opacity:0.8") for text in self.notes),
            _call(self.code) if self.code else "",
        ]
        return (
            f'<div role="group" aria-label="{html.escape(f"Check of {self.name}: {self._summary()}")}" style="'
            f"border-left:4px solid {colour};background:rgba(128,128,128,0.08);border-radius:3px;padding:9px 16px 10px;"
            f'margin:4px 0;max-width:46em;font-size:14px;line-height:1.5;color:inherit">{"".join(inside)}</div>'
        )

    def _summary(self) -> str:
        return f"{self.headline} · {self.points}" if self.points else self.headline


def in_case(case: str, sentence: str) -> str:
    """The sentence, with the name of the case that it is about."""
    return f"Case '{case}': {sentence}"


def blaming(card: Feedback, first: Sequence[str]) -> Feedback:
    """The card; where functions that its subject calls are wrong themselves, they are blamed, and no other cause is."""
    if not first:
        return card
    names = " and ".join(f"`{name}`" for name in first)
    fault, them = (
        ("isn't right in its own check yet", "it") if len(first) == 1 else ("aren't right themselves yet", "them")
    )
    says = f"{names}, called here, {fault}, so the fault may be there. Mend {them} first, then run this check again."
    return replace(card, paragraphs=(says, *(card.paragraphs[-1:] if card.comparison else card.paragraphs)))


def _paragraph(text: str, style: str = "") -> str:
    if isinstance(text, Quoted):
        style = f"{INDENTED};overflow-wrap:anywhere;white-space:pre-wrap;{style}"
        return f'<div {NO_MATH} style="{style}">{html.escape(text)}</div>'
    return f'<div style="{INDENTED};overflow-wrap:anywhere;{style}">{_with_code(text)}</div>'


def _with_code(text: str) -> str:
    """Plain text as HTML, with what stands between backquotes as code."""
    return re.sub(r"`([^`\n]+)`", rf'<code style="{CODE}">\1</code>', html.escape(text))


def _table(comparison: Comparison, colour: str) -> str:
    rows = "".join(
        f'<tr style="background:transparent"><th scope="row" style="{CELL};font-weight:400;opacity:0.8">{whose}</th>'
        f'<td style="{CELL};{MONO};white-space:pre-wrap;overflow-wrap:anywhere">'
        f'<span style="border-bottom:2px solid {line}">{html.escape(value)}</span></td></tr>'
        for (whose, value), line in zip(comparison.sides(), ("transparent", colour), strict=True)
    )
    return (
        f'<table {NO_MATH} style="border:none;border-collapse:collapse;background:transparent;color:inherit;'
        f'font-size:inherit;margin:6px 0 0 1.4em"><tbody>{rows}</tbody></table>'
    )


def _list(parts: tuple[str, ...]) -> str:
    rows = "".join(f'<li style="margin:0">{_with_code(part)}</li>' for part in parts)
    return f'<ul style="{INDENTED};padding:0 0 0 1.2em;list-style:disc outside">{rows}</ul>'


def _call(code: str) -> str:
    return (
        '<details style="margin:7px 0 0 1.4em"><summary style="cursor:pointer;opacity:0.8">'
        f'{CALL}</summary><pre style="{MONO};margin:5px 0 0;padding:7px 10px;background:rgba(128,128,128,0.12);'
        f'color:inherit;white-space:pre-wrap;overflow-wrap:anywhere">{html.escape(code)}</pre></details>'
    )


def call_to_try(name: str, case: Case) -> str:
    """The case as Python text, cut after some lines; empty where an array is too large to be written down."""
    if any(isinstance(arg, np.ndarray) and arg.size > LONGEST_ARRAY for step in case.steps for arg in step.args):
        return ""
    lines = []
    for place, step in enumerate(case.steps):
        arguments = ", ".join(_literal(arg) for arg in step.args)
        target = f"r{step.on}"
        call = {
            "call": f"{name}({arguments})",
            "method": f"{target}.{step.name}({arguments})",
            "get": f"r{place} = {target}.{step.name}; print(r{place})",
            "read": f"print({target})  # once more: it must not have changed",
            "each": f"for row in {arguments}: {target}.{step.name}(row)",
            "hold": f"r{place} = {arguments}",
        }[step.kind]
        made = len(case.steps) > 1 and step.kind in ("call", "method")
        shown = "" if step.keep else f"; print(r{place})"
        lines.append(f"r{place} = {call}{shown}" if made else call)
    more = [f"# ... {len(lines) - MOST_LINES} more steps"] if len(lines) > MOST_LINES else []
    return "\n".join([*lines[:MOST_LINES], *more])


def _literal(arg: Any) -> str:
    if isinstance(arg, Function):
        return f"({arg.source})"
    if isinstance(arg, Stream):
        return f"iter([{', '.join(_literal(item) for item in arg.items)}])"
    if isinstance(arg, Made):
        return f"r{arg.step}"
    if isinstance(arg, np.ndarray):
        dtype = "" if arg.dtype in (np.dtype(float), np.dtype(int)) else f", dtype=np.{arg.dtype.name}"
        return f"np.array({arg.tolist()}{dtype})"
    return repr(arg)
