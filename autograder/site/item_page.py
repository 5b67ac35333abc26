"""The page of one item: what is asked, who answered what, the figures with their intervals, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, pairwise
from typing import Any

from autograder.review.item_analysis import AnalysedAssignment, AnalysedItem
from autograder.review.misconceptions import HeldMisconception
from autograder.site.misconceptions_page import link_to
from autograder.site.page.course_text import inline
from autograder.site.page.figure_text import bare_share, decimal, interval, share_interval, share_text
from autograder.site.page.plots import ACCENT, INK, MUTED, SECOND, THIRD, Plot, plot
from autograder.site.page.records import Column, Content, DataTable, Link, Page
from autograder.site.sources import item_name
from autograder.statistics.percentage import INTERVAL, SPACE
from autograder.statistics.verdicts import FEW, NOISY

FIFTHS = ("lowest fifth", "second", "middle", "fourth", "highest fifth")
# Of the wrong answers' lines, which the colour-blind tell apart by the dashes and by the name at the end.
STYLES = (
    (SECOND, "--", "s"),
    (THIRD, ":", "^"),
    (MUTED, "-.", "D"),
    (INK, (0, (6, 1)), "v"),
    (SECOND, (0, (1, 3)), "x"),
)
LABELS_APART = 7.5  # percent of the height
MOST_CURVES = 6
CURVE_MARGINS = (0.1, 0.12, 0.83, 0.97)
VERDICTS = {
    "correct": "right",
    "partial": "partly right",
    "misconception": "a misconception",
    "wrong": "wrong",
    "error": "an error",
    "not_attempted": "left blank",
    "timeout": "out of time",
    "needs_review": "read by a person",
}


def item_path(item: AnalysedItem) -> str:
    """Where the page of an item is."""
    return f"items/{item.assignment}-{item.asked.id}.html"


def item_link(item: AnalysedItem) -> Link:
    """A link to it, by the name that it has in the notebook."""
    return Link(item_name(item.asked.id), item_path(item))


def item_page(
    one: AnalysedAssignment,
    item: AnalysedItem,
    held: Mapping[str, HeldMisconception],
    under: str,
) -> Page:
    """The page of the item; `held` are the misconceptions that have a place of their own."""
    students = len(one.counted.students)
    answered = item.question.kind if item.question else "task"
    values = {
        "item": item,
        "findings": item.findings,
        "noisy": NOISY if students < FEW else "",
        "students": students,
        "answered": answered,
        "figures": _figures(item),
        "answers": _answers(item, held) if item.answers else None,
        "curves": _curves(item),
        "parts": _parts(item) if item.parts else None,
        "verdicts": _verdicts(item, students),
        "misconceptions": _misconceptions(item, held, students) if item.misconceptions else None,
        "unnamed": item.unnamed,
    }
    return Page(item_path(item), _title(item), "item.html.j2", values, under=under)


def _title(item: AnalysedItem) -> str:
    return f"{item_name(item.asked.id)} of {item.assignment}"


def _figures(item: AnalysedItem) -> DataTable:
    """Every figure, with its interval and what it means."""
    figures = item.figures
    rows: tuple[tuple[Content, ...], ...] = (
        (
            "Facility",
            share_text(figures.facility),
            share_interval(figures.facility),
            f"the mean share of its points; 35 to 64{SPACE}% tells most, above 90{SPACE}% it is very easy, "
            f"below 20{SPACE}% very hard",
        ),
        (
            "Item-rest correlation",
            decimal(figures.item_rest.value),
            interval(figures.item_rest),
            "how it goes with the points of all other items; from 0.20 on it tells strong students from weak ones",
        ),
        (
            "Item-total correlation",
            decimal(figures.item_total.value),
            interval(figures.item_total),
            "the same with the total, this item included, which makes it larger",
        ),
        (
            f"Upper − lower 27{SPACE}%",
            decimal(figures.upper_lower.value),
            interval(figures.upper_lower),
            f"the share of its points that the upper 27{SPACE}% of the class have, less that of the lower; of students "
            "with one total at the border each counts with the same fraction",
        ),
        ("Efficiency", decimal(figures.efficiency), None, "of the most that its points could tell students apart by"),
        ("Effective weight", bare_share(figures.effective_weight), None, "its share of what the total tells apart by"),
        (
            "Alpha without it",
            decimal(figures.alpha_without),
            None,
            "the test's reliability if it were dropped; see the page on the test",
        ),
        ("Left blank", share_text(item.blank), share_interval(item.blank), "of the students; it counts as 0 points"),
        ("Out of time", share_text(item.timeouts), share_interval(item.timeouts), "of the students"),
    )
    columns = (Column("Figure"), Column("Value", True), Column(INTERVAL, True), Column("What it is"))
    return DataTable("figures", "All figures of this item", columns, rows)


def _answers(item: AnalysedItem, held: Mapping[str, HeldMisconception]) -> DataTable:
    """Options or numbers, who chose them and how that goes with the rest."""
    options = bool(item.question and item.question.options)
    rows: list[tuple[Content, ...]] = []
    for one in item.answers:
        text: tuple[Content, ...] = (inline(one.text),) if options else ()
        figures = one.figures
        rows.append(
            (
                one.name,
                *text,
                "right" if one.right else None,
                one.students,
                share_text(figures.share),
                decimal(figures.rest.value),
                interval(figures.rest),
                decimal(figures.total.value),
                _misconception(one.misconception, held),
            )
        )
    columns = (
        Column("Option" if options else "Number", not options),
        *((Column("Text"),) if options else ()),
        Column("Key"),
        Column("Students", True),
        Column("Share", True),
        Column("With the rest", True),
        Column(INTERVAL, True),
        Column("Point-biserial", True),
        Column("Misconception"),
    )
    return DataTable(
        "options" if options else "numbers",
        "Who answered what, and how that goes with the other items",
        columns,
        tuple(rows),
    )


def _curves(item: AnalysedItem) -> Plot:
    """The share of each answer in each fifth of the class; for a task and a text, the mean share of the points."""
    shown = [one for one in item.answers if one.students][:MOST_CURVES]
    lines: list[tuple[str, Sequence[float | None], bool]] = [(one.name, one.figures.curve, one.right) for one in shown]
    if not lines:
        lines = [("points", item.figures.curve, True)]
    styles = cycle(STYLES)

    def draw(axes: Any) -> None:
        ends = []
        for name, curve, right in lines:
            known = [(place, 100 * share) for place, share in enumerate(curve) if share is not None]
            places, shares = [place for place, _ in known], [share for _, share in known]
            colour, style, marker = (ACCENT, "-", "o") if right else next(styles)
            axes.plot(places, shares, linestyle=style, color=colour, marker=marker, markersize=4.5, linewidth=2)
            if shown and known:
                ends.append((shares[-1], f"{name} (right)" if right else name, colour))
        axes.set_xticks(range(len(FIFTHS)), FIFTHS)
        axes.set_xlim(-0.2, len(FIFTHS) - 0.8)
        axes.set_ylim(-3, 103)
        axes.set_ylabel("students, %" if shown else "points, %")
        axes.grid(axis="y")
        heights = _apart([share for share, *_ in ends])
        for (_, name, colour), height in zip(ends, heights, strict=True):
            axes.text(len(FIFTHS) - 0.88, height, name, color=colour, va="center")

    rows = tuple(
        (f"{name} (right)" if right and shown else name, *(None if one is None else bare_share(one) for one in curve))
        for name, curve, right in lines
    )
    columns = (Column("Answer" if shown else "Mean share"), *(Column(fifth, True) for fifth in FIFTHS))
    numbers = DataTable("curves-table", "By fifths of the class", columns, rows)
    what = "Share of each answer" if shown else "Mean share of the points"
    description = f"{what} in each fifth of the class by the total; the line of the right answer is solid."
    title = f"{what}, from the lowest to the highest fifth"
    return plot("curves", title, description, draw, numbers, (520, 230), CURVE_MARGINS)


def _apart(heights: Sequence[float]) -> list[float]:
    """Heights for labels, each near its own and none on another."""
    found = list(heights)
    order = sorted(range(len(found)), key=lambda place: found[place])
    for lower, higher in pairwise(order):
        found[higher] = max(found[higher], found[lower] + LABELS_APART)
    top = 100.0
    for place in reversed(order):
        found[place] = min(found[place], top)
        top = found[place] - LABELS_APART
    return found


def _parts(item: AnalysedItem) -> DataTable:
    rows = tuple((one.name, one.max_points, share_text(one.lost), share_interval(one.lost)) for one in item.parts)
    columns = (Column("Part"), Column("Points", True), Column("Lost by", True), Column(INTERVAL, True))
    return DataTable("parts", "Parts of the task, and the share of the students who lost points in them", columns, rows)


def _verdicts(item: AnalysedItem, students: int) -> DataTable:
    rows = tuple((VERDICTS[name], count, bare_share(count / students)) for name, count in item.verdicts.items())
    columns = (Column("Verdict"), Column("Students", True), Column("Share", True))
    return DataTable("verdicts", "The grader's verdicts", columns, rows)


def _misconceptions(item: AnalysedItem, held: Mapping[str, HeldMisconception], students: int) -> DataTable:
    rows = tuple(
        (_misconception(id, held), held[id].says if id in held else None, count, bare_share(count / students))
        for id, count in item.misconceptions.items()
    )
    columns = (Column("Misconception"), Column("What is believed"), Column("Students", True), Column("Share", True))
    return DataTable("misconceptions", "Misconceptions that it shows", columns, rows)


def _misconception(id: str | None, held: Mapping[str, HeldMisconception]) -> Content:
    """Where it is spoken of, if anybody shows it."""
    return link_to(held[id]) if id is not None and id in held else id
