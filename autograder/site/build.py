"""All pages of a class's site, in its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from autograder import __version__
from autograder.processes.jobs import run_jobs
from autograder.site.history_page import history_page
from autograder.site.items_page import items_pages
from autograder.site.misconceptions_page import misconceptions_page
from autograder.site.page.records import Frame, Link, Page
from autograder.site.page.write import remove_old_pages, write_page
from autograder.site.similar_pages import similar_pages
from autograder.site.sources import Sources
from autograder.site.student_page import CourseTexts, StudentSources, student_page
from autograder.site.students_page import course_texts, student_sources, students_page
from autograder.site.today import today_page
from autograder.site.totals_page import totals_page

# Each makes the pages of one kind; those with an entry stand in the navigation in this order.
PAGES: tuple[Callable[[Sources], Iterable[Page]], ...] = (
    today_page,
    misconceptions_page,
    items_pages,
    totals_page,
    students_page,
    similar_pages,
    history_page,
)
AT_ONCE = 20  # students' pages that a worker process makes before it asks for more
WORTH_WORKERS = 100  # students: a worker process takes a second or two to start


@dataclass(frozen=True)
class BuiltSite:
    """A site in `folder`: how many pages it has, and which old ones were removed."""

    folder: Path
    pages: int
    removed: tuple[str, ...]


def build_site(sources: Sources, folder: Path, made: datetime, workers: int) -> BuiltSite:
    """Write the site of a class into the folder, with so many processes at work. Raises ClassError or CourseError."""
    sources = replace(sources, workers=workers)
    pages = [page for make in PAGES for page in make(sources)]
    frame = _frame(sources, pages, made)
    students = student_sources(sources)
    _write_students(course_texts(sources), students, folder, frame, workers)
    for page in reversed(pages):  # the first page comes last: what it leads to is there
        write_page(folder, page, frame)
    written = [page.path for page in pages] + [one.path for one in students]
    return BuiltSite(folder, len(written), tuple(remove_old_pages(folder, written)))


def _write_students(
    texts: CourseTexts, students: Sequence[StudentSources], folder: Path, frame: Frame, workers: int
) -> None:
    """Write the pages of all students, in worker processes where there are many."""
    write = partial(_write_some, texts, folder, frame)
    if workers == 1 or len(students) <= WORTH_WORKERS:
        write(students)
        return
    jobs = [tuple(students[first : first + AT_ONCE]) for first in range(0, len(students), AT_ONCE)]
    for _, outcome in run_jobs(write, jobs, workers):
        if isinstance(outcome, Exception):
            raise outcome


def _write_some(texts: CourseTexts, folder: Path, frame: Frame, students: Sequence[StudentSources]) -> None:
    for one in students:
        write_page(folder, student_page(texts, one), frame)


def _frame(sources: Sources, pages: Iterable[Page], made: datetime) -> Frame:
    navigation = tuple(Link(page.entry, page.path) for page in pages if page.entry)
    when = f"{made.day} {made:%B %Y, %H:%M}"
    return Frame(
        sources.found.course.title,
        navigation,
        f"Made by autograder {__version__} on {when}. Points are the gradebook's, verdicts the grader's.",
    )
