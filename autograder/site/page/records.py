"""The parts of a page, as data: links, tables, concerns, pages. Templates show them; see `templates/ui.html.j2`.

Texts are shown as they are, escaped; a `Markup` (of `course_text` or `plots`) is shown as the HTML that it is. A path
is one from the site's own folder, such as "students/ada.html#q2_1_update".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True)
class Link:
    """A text that leads to a page of the site."""

    text: str
    path: str


Content = str | int | float | Link | Markup | tuple[Link, ...] | None


@dataclass(frozen=True)
class Column:
    """The head of a column; a `number` stands on the right."""

    head: str
    number: bool = False


@dataclass(frozen=True)
class DataTable:
    """A table; `id` is its own on its page, the first cell of a row is the row's head, and None is shown as a dash."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Content, ...], ...]


@dataclass(frozen=True)
class Concern:
    """Something that needs the instructor: on Today, `heading` and `sentence` stand in the list at the top, and all of
    it below. `more` stands only below; `id` is its own on the page; `command` is what to type; `details` may be
    long."""

    id: str
    heading: str
    sentence: str
    more: str = ""
    links: tuple[Link, ...] = ()
    details: DataTable | None = None
    command: str = ""


@dataclass(frozen=True)
class Page:
    """A page at `path`, shown by a template with these values. `entry` is its name in the navigation, if it has a place
    there; a page that has none belongs to the entry at the path `under`."""

    path: str
    title: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    entry: str = ""
    under: str = ""


@dataclass(frozen=True)
class Frame:
    """What all pages of a site share: whose it is, where else to go, and a line on when it was made."""

    title: str
    navigation: tuple[Link, ...]
    made: str
