"""The test: for each assignment how totals are spread and how reliable they are, and how assignments go together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.review.item_analysis import AnalysedAssignment, Related, related
from autograder.site.page.figure_text import decimal, interval
from autograder.site.page.layout import points
from autograder.site.page.plots import ACCENT, SECOND, Plot, plot
from autograder.site.page.records import Column, Content, DataTable, Page
from autograder.site.sources import Sources, item_name
from autograder.site.to_do import listed
from autograder.statistics.percentage import INTERVAL, percent
from autograder.statistics.reliability import BINS, TotalFigures
from autograder.statistics.verdicts import FEW, NOISY, aim_says, alpha_says, least_sure

MARGINS = (0.11, 0.22, 0.98, 0.97)


@dataclass(frozen=True)
class ShownTotals:
    """An assignment as the page shows it."""

    name: str
    totals: TotalFigures
    says: str
    aim: str
    noisy: str
    counted: str
    spread: Plot
    figures: DataTable


def totals_page(sources: Sources) -> Iterator[Page]:
    """All assignments of which somebody is counted."""
    shown = [_shown(place, one) for place, one in enumerate(sources.analysed)]
    pairs = related(sources.analysed)
    values = {
        "overview": _overview(shown) if shown else None,
        "least_sure": least_sure({one.name: one.totals.alpha for one in sources.analysed}),
        "shown": shown,
        "matrix": _matrix([one.name for one in sources.analysed], pairs) if pairs else None,
        "pairs": _pairs(pairs),
    }
    yield Page("test.html", "The test", "test.html.j2", values, entry="The test")


def _shown(place: int, one: AnalysedAssignment) -> ShownTotals:
    totals = one.totals
    return ShownTotals(
        one.name,
        totals,
        alpha_says(totals.alpha),
        aim_says(totals.mean / totals.max_points) if totals.max_points else "",
        NOISY if totals.students < FEW else "",
        _counted(one),
        _spread(place, one),
        _figures(place, one.name, totals),
    )


def _overview(shown: Sequence[ShownTotals]) -> DataTable:
    rows: tuple[tuple[Content, ...], ...] = tuple(
        (
            one.name,
            one.totals.students,
            one.totals.max_points,
            one.totals.mean,
            one.totals.deviation,
            decimal(one.totals.alpha.value),
            interval(one.totals.alpha),
            one.totals.standard_error,
        )
        for one in shown
    )
    columns = (
        Column("Assignment"),
        Column("Students", True),
        Column("Points", True),
        Column("Mean", True),
        Column("Standard deviation", True),
        Column("Cronbach's alpha", True),
        Column(INTERVAL, True),
        Column("Standard error, points", True),
    )
    return DataTable("overview", "All assignments", columns, rows)


def _counted(one: AnalysedAssignment) -> str:
    """Of how many points the figures are; "" where they are of all."""
    waiting = [item.asked for item in one.counted.students[0].items if item.asked.id in one.counted.waiting]
    if not waiting:
        return ""
    most = one.totals.max_points
    every = most + sum(item.max_points for item in waiting if not item.extra)
    names = listed([item_name(item.id) for item in waiting])
    isnt, its = ("isn't", "its") if len(waiting) == 1 else ("aren't", "their")
    of_how_many = f"The figures are of {points(most)} of {points(every)} points"
    return f"{of_how_many}: {names} {isnt} counted until {its} answers are read."


def _spread(place: int, one: AnalysedAssignment) -> Plot:
    """How many students have a total in each tenth of the maximum."""
    totals = one.totals

    def draw(axes: Any) -> None:
        axes.bar(range(BINS), totals.distribution, width=0.86, align="edge", color=ACCENT)
        axes.axvline(BINS * totals.mean / (totals.max_points or 1), color=SECOND, linewidth=2, linestyle="--")
        axes.set_xticks(
            range(0, BINS + 1, 2), [points(totals.max_points * step / BINS) for step in range(0, BINS + 1, 2)]
        )
        axes.set_xlabel("points; the dashed line is the mean")
        axes.set_ylabel("students")
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.grid(axis="y")
        axes.set_axisbelow(True)

    step = totals.max_points / BINS
    rows = tuple(
        (f"{points(i * step)} to {points((i + 1) * step)}", count) for i, count in enumerate(totals.distribution)
    )
    columns = (Column("Points"), Column("Students", True))
    numbers = DataTable(f"spread-{place}-table", f"{one.name}: totals by tenths", columns, rows)
    description = (
        f"The mean is {points(totals.mean)} of {points(totals.max_points)} points, the median {points(totals.median)}."
    )
    return plot(
        f"spread-{place}", f"How the totals of {one.name} are spread", description, draw, numbers, (460, 190), MARGINS
    )


def _figures(place: int, name: str, totals: TotalFigures) -> DataTable:
    error = "" if totals.standard_error is None else points(totals.standard_error)
    rows: tuple[tuple[Content, ...], ...] = (
        ("Students, items", f"{totals.students}, {totals.items}", None, "counted in the total"),
        ("Lowest, median, highest", _three(totals), None, f"of {points(totals.max_points)} points"),
        (
            "Cronbach's alpha",
            decimal(totals.alpha.value),
            interval(totals.alpha),
            "how reliably the totals tell students apart: above 0.75 satisfactory, below 0.64 not",
        ),
        (
            "Standard error",
            error or None,
            None,
            "of measurement, in points: two totals nearer to each other than this say little about who knows more",
        ),
        (
            "Error ratio",
            None if totals.error_ratio is None else percent(totals.error_ratio),
            None,
            "the standard error by the standard deviation",
        ),
        ("Standard deviation", totals.deviation, None, "of the totals, in points"),
        ("Skewness", decimal(totals.skewness), None, "below 0: a tail of low totals; above 0: one of high totals"),
        (
            "Kurtosis",
            decimal(totals.kurtosis),
            None,
            "above 0: more totals far from the mean than in a normal distribution",
        ),
        (
            "KR-20",
            decimal(totals.kr20),
            None,
            f"alpha of the {totals.dichotomous} items that all get whole or not at all",
        ),
    )
    columns = (Column("Figure"), Column("Value", True), Column(INTERVAL, True), Column("What it is"))
    return DataTable(f"totals-{place}", f"Figures of {name}", columns, rows)


def _three(totals: TotalFigures) -> str:
    return ", ".join(points(one) for one in (totals.lowest, totals.median, totals.highest))


def _matrix(names: Sequence[str], pairs: Sequence[Related]) -> DataTable:
    """The correlations of all pairs, as a square."""
    found = {(one.first, one.second): decimal(one.correlation.value) for one in pairs}
    found |= {(second, first): value for (first, second), value in found.items()}
    rows = tuple((name, *("1" if name == other else found[name, other] for other in names)) for name in names)
    columns = (Column("Assignment"), *(Column(name.partition("_")[0] or name, True) for name in names))
    return DataTable("matrix", "Correlations between the totals of assignments", columns, rows)


def _pairs(pairs: Sequence[Related]) -> DataTable:
    rows = tuple(
        (one.first, one.second, one.students, decimal(one.correlation.value), interval(one.correlation))
        for one in pairs
    )
    columns = (Column("Assignment"), Column("And"), Column("Students in both", True), Column("Correlation", True))
    return DataTable("pairs", "Each pair", (*columns, Column(INTERVAL, True)), rows)
