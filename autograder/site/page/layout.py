"""A page as HTML: whole in one file, with its style sheet in it, and nothing that is run or fetched."""

from __future__ import annotations

from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.site.page.course_text import block, inline, with_code
from autograder.site.page.records import Frame, Page
from autograder.statistics.percentage import percent

TEMPLATES = Path(__file__).parents[1] / "templates"
GENERATOR = "autograder review"  # by this in its head a page is known as one of ours


def rendered(page: Page, frame: Frame) -> str:
    """The page's HTML. Raises jinja2's errors for a template that asks for what the page doesn't hold."""
    up = "../" * (len(PurePosixPath(page.path).parts) - 1)
    current = page.under or page.path
    text: str = (
        _environment()
        .get_template(page.template)
        .render(page.values, page=page, frame=frame, up=up, current=current, generator=GENERATOR)
    )
    return text


@cache
def _environment() -> Any:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"points": points, "percent": percent, "course": block, "inline": inline, "code": with_code}
    return environment


def points(number: float | None) -> str:
    """A number of points as people write it: 2, 2.5, 2.33; a dash where there is none."""
    return "–" if number is None else f"{round(number, 2):g}"


def counted_points(number: float) -> str:
    """Such as "1 point" or "2.5 points"."""
    return f"{points(number)} point{'' if number == 1 else 's'}"
