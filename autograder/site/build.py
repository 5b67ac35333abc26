"""All pages of a class's site, in its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder import __version__
from autograder.site.page.records import Frame, Link, Page
from autograder.site.page.write import remove_old_pages, write_page
from autograder.site.sources import Sources
from autograder.site.today import today_page

# Each makes the pages of one kind; those with an entry stand in the navigation in this order.
PAGES: tuple[Callable[[Sources], Iterable[Page]], ...] = (today_page,)


@dataclass(frozen=True)
class BuiltSite:
    """A site in `folder`: how many pages it has, and which old ones were removed."""

    folder: Path
    pages: int
    removed: tuple[str, ...]


def build_site(sources: Sources, folder: Path, made: datetime) -> BuiltSite:
    """Write the site of a class into the folder. Raises ClassError or CourseError."""
    pages = [page for make in PAGES for page in make(sources)]
    frame = _frame(sources, pages, made)
    for page in reversed(pages):  # the first page comes last: what it leads to is there
        write_page(folder, page, frame)
    written = [page.path for page in pages]
    return BuiltSite(folder, len(written), tuple(remove_old_pages(folder, written)))


def _frame(sources: Sources, pages: Iterable[Page], made: datetime) -> Frame:
    navigation = tuple(Link(page.entry, page.path) for page in pages if page.entry)
    when = f"{made.day} {made:%B %Y, %H:%M}"
    return Frame(
        sources.found.course.title,
        navigation,
        f"Made by autograder {__version__} on {when}. Points are the gradebook's, verdicts the grader's.",
    )
