"""An example of each misconception: the option that was chosen, or the shortest code that shows it. It has no name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.review.misconceptions import HeldMisconception, Showing
from autograder.review.work import read_work
from autograder.site.shown_work import MOST_TEXT
from autograder.site.sources import Sources

MOST_READ = 12  # notebooks for one example


@dataclass(frozen=True)
class Example:
    """An answer that shows a misconception: `code`, an option (its letter and the course's text), or a number."""

    code: str = ""
    letter: str = ""
    option: str = ""
    number: str = ""


def example_of(sources: Sources, assignment: str, showings: Sequence[Showing]) -> Example | None:
    """An example from an item's showings; None where no answer can be read."""
    if showings[0].item.kind == "task":
        texts = (read_work(sources.root, assignment, one.student).answer(one.item.id) for one in showings[:MOST_READ])
        code = min((text for text in texts if text.strip()), key=lambda text: (len(text), text), default="")
        return Example(code=code[:MOST_TEXT]) if code else None
    return next(filter(None, (_chosen(sources, assignment, one) for one in showings)), None)


def _chosen(sources: Sources, assignment: str, showing: Showing) -> Example | None:
    """The option behind the misconception that was chosen, or the number."""
    question = sources.questions.get((assignment, showing.item.id))
    if question is None or not showing.item.answer:
        return None
    if not question.options:
        return Example(number=showing.item.answer)
    for letter, option in question.lettered():
        if letter in showing.item.answer and option.misconception == showing.item.misconception:
            return Example(letter=letter, option=option.text)
    return None


def first_example(sources: Sources, held: HeldMisconception) -> tuple[str, Example] | None:
    """An example from where most students show it, with the item's id: an option rather than code, as it is shorter."""
    keys = sorted(held.by_item, key=lambda key: held.by_item[key][0].item.kind == "task")
    for assignment, item in keys:
        found = example_of(sources, assignment, held.by_item[assignment, item])
        if found:
            return item, found
    return None
