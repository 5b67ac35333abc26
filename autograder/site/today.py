"""Today: what needs the instructor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from autograder.site.history_page import what_moved
from autograder.site.items_page import doubtful_items, keys_to_check
from autograder.site.misconceptions_page import lecture_topics
from autograder.site.page.records import Concern, Page
from autograder.site.similar_pages import much_in_common
from autograder.site.sources import Sources, item_name
from autograder.site.to_do import (
    grader_notes,
    handed_in_late,
    handed_in_nothing,
    losing_ground,
    not_graded,
    not_on_the_roster,
    notebooks_with_problems,
    odd_code,
    same_texts,
    texts_to_read,
    unreadable_notebooks,
)

# Each makes the concerns of one kind, or none; they stand on the page in this order.
CONCERNS: tuple[Callable[[Sources], Iterable[Concern]], ...] = (
    texts_to_read,
    not_graded,
    what_moved,
    grader_notes,
    keys_to_check,
    unreadable_notebooks,
    notebooks_with_problems,
    much_in_common,
    same_texts,
    odd_code,
    losing_ground,
    doubtful_items,
    not_on_the_roster,
    handed_in_late,
    handed_in_nothing,
)


def today_page(sources: Sources) -> Iterator[Page]:
    """The site's first page."""
    concerns = [concern for find in CONCERNS for concern in find(sources)]
    handed_in = any(one.in_state("graded", "ungraded") for one in sources.assignments)
    values = {
        "lead": _lead(sources),
        "concerns": concerns,
        "topics": lecture_topics(sources),
        "left_out": [item_name(item) for _, item in sources.doubtful_keys],
        "nothing_yet": not handed_in,
    }
    yield Page("index.html", "Today", "today.html.j2", values, entry="Today")


def _lead(sources: Sources) -> str:
    if not sources.begun:
        return f"{sources.size}; nothing is graded yet."
    newest = sources.begun[-1].without(sources.not_on_roster)
    graded, many = len(newest.in_state("graded")), len(newest.students)
    return f"{sources.size}. The newest graded assignment is {newest.name}, with {graded} of {many} graded."
