"""Misconceptions: how many students show each, where, over the term, with an example; and what to speak about next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from autograder.report.work import MOST_TEXT, read_work
from autograder.review.misconceptions import HeldMisconception, Showing, commonest_first, to_speak_about
from autograder.review.share import Share
from autograder.site.page.plots import ACCENT, INK, Plot, plot
from autograder.site.page.records import Column, Content, DataTable, Link, Page
from autograder.site.sources import Sources, item_name
from autograder.site.to_do import counted, listed
from autograder.statistics.percentage import INTERVAL, percent

PATH = "misconceptions.html"
FOR_A_LECTURE = 3
MOST_IN_PLOT = 12
MOST_IN_FULL = 20  # the others are folded
TERM_MARGINS = (0.12, 0.16, 0.99, 0.96)
MOST_READ = 12  # notebooks for one example


@dataclass(frozen=True)
class Example:
    """An answer that shows a misconception: `code`, an option (its letter and the course's text), or a number."""

    code: str = ""
    letter: str = ""
    option: str = ""
    number: str = ""


@dataclass(frozen=True)
class ShownPlace:
    """An item in which a misconception is shown, how many show it there, and an example."""

    assignment: str
    item: str
    share: Share
    students: tuple[Link, ...]
    example: Example | None


@dataclass(frozen=True)
class ShownMisconception:
    """A misconception with all that the page says of it; `term` is there where several assignments show it. `note`
    tells what isn't counted; where nothing is, the places are those."""

    held: HeldMisconception
    counts: bool
    note: str
    places: tuple[ShownPlace, ...]
    term: Plot | None


@dataclass(frozen=True)
class LectureTopic:
    """A misconception to speak about: in how many items, where most students show it, and an example from an item."""

    held: HeldMisconception
    items: str
    example_item: str
    example: Example | None
    link: Link


def misconceptions_page(sources: Sources) -> Iterator[Page]:
    """All misconceptions that the class shows, then mistakes in code that the course has no words for; last, what only
    a question with a doubtful key shows."""
    kept = commonest_first(one for one in map(partial(_counted, sources), sources.held) if one.showings)
    known = {one.id for one in kept}
    beliefs = [one for one in kept if one.belief]
    mistakes = [one for one in kept if not one.belief]
    doubtful = [one for one in sources.held if one.id not in known]
    full = {one.id for one in (*beliefs, *mistakes)[:MOST_IN_FULL]}
    groups = (("What is believed", beliefs), ("Mistakes in code", mistakes), ("Not counted", doubtful))
    values = {
        "groups": [(head, [_shown(sources, one, one.id in full) for one in held]) for head, held in groups if held],
        "full": full,
        "overview": _overview((beliefs or mistakes)[:MOST_IN_PLOT]) if kept else None,
        "table": _table(beliefs, mistakes, doubtful) if sources.held else None,
        "lead": _lead(sources, beliefs, mistakes),
    }
    yield Page(PATH, "Misconceptions", "misconceptions.html.j2", values, entry="Misconceptions")


def lecture_topics(sources: Sources) -> list[LectureTopic]:
    """What to speak about in the next lecture; an answer that a doubtful key calls wrong shows nothing."""
    held = to_speak_about(sources.held, sources.begun, sources.doubtful_keys)
    return [_topic(sources, one) for one in held[:FOR_A_LECTURE]]


def link_to(held: HeldMisconception) -> Link:
    """Where the page speaks of it."""
    return Link(held.id, f"{PATH}#{held.id}")


def _topic(sources: Sources, held: HeldMisconception) -> LectureTopic:
    names = [item_name(item) for _, item in held.by_item]
    more = len(names) - 3
    items = ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")
    item, example = _first_example(sources, held) or ("", None)
    return LectureTopic(held, items, item_name(item), example, link_to(held))


def _counted(sources: Sources, held: HeldMisconception) -> HeldMisconception:
    """As far as it counts: an answer that a doubtful key calls wrong shows nothing."""
    return held.without(sources.doubtful_keys)


def _shown(sources: Sources, held: HeldMisconception, in_full: bool) -> ShownMisconception:
    counts = not {(one.assignment, one.item.id) for one in held.showings} <= set(sources.doubtful_keys)
    places = tuple(
        ShownPlace(
            assignment,
            item_name(item),
            held.of_item(assignment, item),
            tuple(
                sources.student(student, f"{assignment}-{item}")
                for student in sources.people.in_order(one.student for one in showings)
            ),
            _example(sources, assignment, showings),
        )
        for (assignment, item), showings in held.by_item.items()
    )
    several = sum(share.count > 0 for share in held.by_assignment.values()) > 1
    return ShownMisconception(
        held, counts, _not_counted(sources, held.id), places, _over_the_term(held) if several and in_full else None
    )


def _not_counted(sources: Sources, id: str) -> str:
    """Which questions that show it aren't counted; "" where all are."""
    (held,) = (one for one in sources.held if one.id == id)
    names = [item_name(item) for assignment, item in held.by_item if (assignment, item) in sources.doubtful_keys]
    if not names:
        return ""
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'}n't counted, as the key is to be checked."


def _table(
    beliefs: Sequence[HeldMisconception], mistakes: Sequence[HeldMisconception], doubtful: Sequence[HeldMisconception]
) -> DataTable:
    rows: list[tuple[Content, ...]] = [
        (
            link_to(one),
            one.says,
            percent(one.share.value),
            f"{round(100 * one.share.interval[0])} to {percent(one.share.interval[1])}",
            len(one.students),
            len(one.by_item),
        )
        for one in (*beliefs, *mistakes)
    ]
    rows += [(link_to(one), f"{one.says} (not counted)", None, None, None, None) for one in doubtful]
    columns = (
        Column("Misconception"),
        Column("What is believed or done"),
        Column("Share", True),
        Column(INTERVAL, True),
        Column("Students", True),
        Column("Items", True),
    )
    caption = "Misconceptions and then mistakes in code, those of most students first"
    return DataTable("all", caption, columns, tuple(rows))


def _overview(held: Sequence[HeldMisconception]) -> Plot:
    """The commonest misconceptions as points with their intervals."""

    def draw(axes: Any) -> None:
        for place, one in enumerate(reversed(held)):
            low, high = one.share.interval
            axes.plot([100 * low, 100 * high], [place, place], color=ACCENT, linewidth=2, solid_capstyle="round")
            axes.plot([100 * one.share.value], [place], "o", color=ACCENT, markersize=6)
        axes.set_yticks(range(len(held)), [one.id for one in reversed(held)])
        axes.set_xlim(0, None)
        axes.set_xlabel("students who show it, %")
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)

    columns = (Column("Misconception"), Column("Students", True), Column("Share", True), Column("From", True))
    rows = tuple(
        (
            one.id,
            f"{one.share.count} of {one.share.of}",
            percent(one.share.value),
            percent(one.share.interval[0]),
            percent(one.share.interval[1]),
        )
        for one in held
    )
    numbers = DataTable("commonest", "The commonest misconceptions", (*columns, Column("To", True)), rows)
    title = "The commonest misconceptions, by share of students"
    description = f"From {percent(held[0].share.value)} for {held[0].id} down; each with its {INTERVAL}."
    return plot("overview", title, description, draw, numbers, (440, 40 + 18 * len(held)))


def _over_the_term(held: HeldMisconception) -> Plot:
    """The share of students who show it, by assignment."""
    shares = held.by_assignment

    def draw(axes: Any) -> None:
        places = range(len(shares))
        axes.bar(places, [100 * share.value for share in shares.values()], color=ACCENT, width=0.6)
        for place, share in zip(places, shares.values(), strict=True):
            if share.count:
                axes.plot([place, place], [100 * end for end in share.interval], color=INK, linewidth=1.2)
        axes.set_xticks(places, [name.partition("_")[0] or name for name in shares])
        axes.set_ylabel("students, %")
        axes.set_ylim(0, None)
        axes.tick_params(axis="x", length=0)

    columns = (Column("Assignment"), Column("Students", True), Column("Share", True), Column(INTERVAL, True))
    rows = tuple(
        (
            name,
            f"{share.count} of {share.of}",
            percent(share.value),
            f"{round(100 * share.interval[0])} to {percent(share.interval[1])}",
        )
        for name, share in shares.items()
    )
    numbers = DataTable(f"{held.id}-term", f"{held.id} by assignment", columns, rows)
    most = max(shares, key=lambda name: shares[name].value)
    description = f"Most in {most}, {percent(shares[most].value)} of those who have a result there."
    return plot(f"term-{held.id}", f"{held.id} over the term", description, draw, numbers, (360, 130), TERM_MARGINS)


def _lead(sources: Sources, beliefs: Sequence[HeldMisconception], mistakes: Sequence[HeldMisconception]) -> str:
    held = (*beliefs, *mistakes)
    if not held:
        return "No misconception was found in what is graded."
    found = [counted(len(beliefs), "misconception", "misconceptions")] if beliefs else []
    found += [counted(len(mistakes), "mistake in code", "mistakes in code")] if mistakes else []
    students = {student for one in held for student in one.students}
    marked = {student for one in sources.assignments for student in one.results}
    return (
        f"{listed(found)} {'was' if len(held) == 1 else 'were'} found; {len(students)} of {len(marked)} students "
        "show one or more. "
        f"A share is of those who have a result where it was found, with Wilson's {INTERVAL}."
    )


def _example(sources: Sources, assignment: str, showings: Sequence[Showing]) -> Example | None:
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


def _first_example(sources: Sources, held: HeldMisconception) -> tuple[str, Example] | None:
    """An example from where most students show it, with the item's id: an option rather than code, as it is shorter."""
    keys = sorted(held.by_item, key=lambda key: held.by_item[key][0].item.kind == "task")
    for assignment, item in keys:
        found = _example(sources, assignment, held.by_item[assignment, item])
        if found:
            return item, found
    return None
