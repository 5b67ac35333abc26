"""What the results of a class say together, as text for the terminal."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection, Iterable

from autograder.marking.result import Result
from autograder.report.terminal import table


def points_line(results: Collection[Result]) -> str:
    """The lowest, median and highest points of an assignment's results; there must be one at least."""
    points = [result.points for result in results]
    most = next(iter(results)).max_points
    low, middle, high = min(points), statistics.median(points), max(points)
    return f"points of {most:g}: lowest {low:g}, median {middle:g}, highest {high:g}"


def misconception_table(results: Iterable[Result], most: int) -> str:
    """What the class believes: the misconceptions found most often, in which item, and how many students hold each."""
    items = (item for result in results for item in result.items)
    found = Counter((item.misconception, item.id) for item in items if item.misconception)
    if not found:
        return "What the class believes: no misconception was found"
    rows = [["misconception", "in", "students"]]
    rows += [[misconception, item, str(count)] for (misconception, item), count in found.most_common(most)]
    shown = f" (the {most} most frequent of {len(found)})" if len(found) > most else ""
    return f"What the class believes{shown}\n{table(rows, right=(2,))}"
