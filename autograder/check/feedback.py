"""A card: what `check()` shows below a cell, as HTML for notebooks and as text for everything else.

Notebooks come in light and dark, and some strip style sheets: the card inherits its text colour and its font, and
every style is inline. Colour only repeats what a symbol and words say.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Literal

Tone = Literal["right", "noted", "wrong", "warned", "open"]
TONES: dict[Tone, tuple[str, str]] = {
    "right": ("✓", "#2a9d5c"),
    "noted": ("✎", "#3f86c9"),
    "wrong": ("✗", "#d9603b"),
    "warned": ("!", "#c98a1b"),
    "open": ("○", "#8b9099"),
}
MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:0.92em"
CELL = "padding:3px 14px 3px 0;text-align:left;vertical-align:top;border:none;background:transparent"


@dataclass(frozen=True)
class Comparison:
    """What was expected beside what came back; `place` is the first part that differs, such as "row 3"."""

    place: str
    expected: str
    got: str


@dataclass(frozen=True, repr=False)
class Feedback:
    """The last line of a cell shows it. `paragraphs` and `notes` are plain text; `code` is a call to try."""

    name: str
    tone: Tone
    headline: str
    paragraphs: tuple[str, ...] = ()
    comparison: Comparison | None = None
    notes: tuple[str, ...] = ()
    code: str = ""

    def __repr__(self) -> str:
        lines = [f"{TONES[self.tone][0]} {self.name}: {self.headline}", *self.paragraphs]
        if self.comparison:
            place = f" {self.comparison.place}" if self.comparison.place else ""
            lines += [f"  expected{place}: {self.comparison.expected}", f"  your{place or 's'}: {self.comparison.got}"]
        lines += self.notes
        if self.code:
            lines += ["To try in a cell of your own:", *(f"  {line}" for line in self.code.splitlines())]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        symbol, colour = TONES[self.tone]
        inside = [
            f'<div><span aria-hidden="true" style="color:{colour};font-weight:700;display:inline-block;'
            f'min-width:1.4em">{symbol}</span><strong>{html.escape(self.headline)}</strong>'
            f'<span style="opacity:0.7;margin-left:0.9em;{MONO}">{html.escape(self.name)}</span></div>',
            *(_paragraph(text) for text in self.paragraphs),
            _table(self.comparison, colour) if self.comparison else "",
            *(_paragraph(text, "opacity:0.8") for text in self.notes),
            _call(self.code) if self.code else "",
        ]
        return (
            f'<div role="group" aria-label="{html.escape(f"Check of {self.name}: {self.headline}")}" style="'
            f"border-left:4px solid {colour};background:rgba(128,128,128,0.08);border-radius:3px;padding:9px 16px 10px;"
            f'margin:4px 0;max-width:46em;font-size:14px;line-height:1.5;color:inherit">{"".join(inside)}</div>'
        )


def _paragraph(text: str, style: str = "") -> str:
    return f'<div style="margin:5px 0 0 1.4em;overflow-wrap:anywhere;{style}">{_with_code(text)}</div>'


def _with_code(text: str) -> str:
    """Plain text as HTML, with what stands between backticks as code."""
    return re.sub(
        r"`([^`]+)`", rf'<code style="{MONO};color:inherit;background:transparent">\1</code>', html.escape(text)
    )


def _table(comparison: Comparison, colour: str) -> str:
    place = f" {comparison.place}" if comparison.place else ""
    lines = (
        (f"expected{place}", comparison.expected, "transparent"),
        (f"your{place}" if place else "yours", comparison.got, colour),
    )
    rows = "".join(
        f'<tr style="background:transparent"><th scope="row" style="{CELL};font-weight:400;opacity:0.8">{who}</th>'
        f'<td style="{CELL};{MONO};white-space:pre-wrap;overflow-wrap:anywhere">'
        f'<span style="border-bottom:2px solid {line}">{html.escape(values)}</span></td></tr>'
        for who, values, line in lines
    )
    return (
        '<table style="border:none;border-collapse:collapse;background:transparent;color:inherit;font-size:inherit;'
        f'margin:6px 0 0 1.4em"><tbody>{rows}</tbody></table>'
    )


def _call(code: str) -> str:
    return (
        '<details style="margin:7px 0 0 1.4em"><summary style="cursor:pointer;opacity:0.8">'
        "The call, to try in a cell of your own</summary>"
        f'<pre style="{MONO};margin:5px 0 0;padding:7px 10px;background:rgba(128,128,128,0.12);color:inherit;'
        f'white-space:pre-wrap;overflow-wrap:anywhere">{html.escape(code)}</pre></details>'
    )
