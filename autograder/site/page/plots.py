"""Plots as SVG within the page: matplotlib draws them, and their colours follow the page's light or dark scheme.

Each has a name and a description for those who can't see it; the page puts a table of the same numbers behind it
(`ui.plot`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from autograder.site.page.records import DataTable

INK, MUTED, LINE, ACCENT, SECOND, GROUND = "#010101", "#020202", "#030303", "#040404", "#050505", "#060606"
THIRD = "#070707"
COLOURS = {  # what a drawing function says, and the page's own colour that is shown in its place
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    LINE: "var(--line)",
    ACCENT: "var(--accent)",
    SECOND: "var(--second)",
    THIRD: "var(--third)",
    GROUND: "var(--ground)",
}
_STYLE: Any = {
    "svg.fonttype": "none",  # letters stay letters: they are read aloud, searched, and follow the page's font
    "svg.hashsalt": "autograder",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "figure.facecolor": "none",
    "legend.frameon": False,
    "axes.titlesize": 10,
}


@dataclass(frozen=True)
class Plot:
    """A plot, and the table of its numbers."""

    svg: Markup
    numbers: DataTable


def plot(
    name: str,
    title: str,
    description: str,
    draw: Callable[[Any], None],
    numbers: DataTable,
    size: tuple[float, float] = (420, 210),
    margins: tuple[float, float, float, float] | None = None,
) -> Plot:
    """What `draw` draws into matplotlib's Axes, `size` points wide and high. `name` is a word that no other plot on the
    page has. Colours are to be those of this module. `margins` say which part of the size the axes fill (left, bottom,
    right, top, from 0 to 1); to find them, as is done without, takes as long as drawing."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        figure = Figure(figsize=(size[0] / 72, size[1] / 72), layout=None if margins else "constrained")
        draw(figure.add_subplot())
        if margins:
            left, bottom, right, top = margins
            figure.subplots_adjust(left, bottom, right, top)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return Plot(_within_a_page(drawn.getvalue(), name, title, description), numbers)


def _within_a_page(svg: str, name: str, title: str, description: str) -> Markup:
    """The SVG without its XML head and metadata, with ids and colours of the page's, a title and a description."""
    _, _, rest = svg.partition("<svg ")
    head, _, body = rest.partition(">")
    view = re.search(r'viewBox="[^"]*"', head)
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="([^"]*)"', rf'id="{name}-\1"', body)
    body = re.sub(r'(href="|url\()#([^")]*)', rf"\1#{name}-\2", body).replace("xlink:href", "href")
    body = re.sub("|".join(COLOURS), lambda found: COLOURS[found[0]], body)
    named = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    said = f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc"'
    return Markup(f"<svg {view[0] if view else ''} {said}>{named}{body}")
