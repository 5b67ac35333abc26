"""What the results of a class say together, as text for the terminal."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from autograder.marking.result import Result
from autograder.report.terminal import table

BARS = "▁▂▃▄▅▆▇█"


def points_line(results: Collection[Result]) -> str:
    """The lowest, median and highest points of an assignment's results; there must be one at least."""
    points = [result.points for result in results]
    most = next(iter(results)).max_points
    low, middle, high = min(points), statistics.median(points), max(points)
    return f"points of {most:g}: lowest {low:g}, median {middle:g}, highest {high:g}"


def spread(points: Collection[float], most: float, width: int = 10) -> str:
    """How points are spread: `width` bars from 0 to `most`, each as high as there are students with so many."""
    places = Counter(min(int(width * one / most), width - 1) for one in points)
    highest = max(places.values())
    return "".join(
        BARS[math.ceil(len(BARS) * places[place] / highest) - 1] if places[place] else " " for place in range(width)
    )


def points_table(points: Mapping[str, Collection[float]], most: Mapping[str, float]) -> str:
    """The points of all students in each assignment (and their sum), a row for each; `most` are the maxima."""
    rows = [["", "lowest", "median", "highest", "of", "from 0 to all"]]
    for name, found in points.items():
        numbers = (min(found), statistics.median(found), max(found), most[name])
        rows.append([name, *(f"{number:g}" for number in numbers), spread(found, most[name])])
    return table(rows, right=range(1, 5))


def common_beliefs(results: Mapping[str, Collection[Result]], words: Mapping[str, str], most: int) -> list[str]:
    """The misconceptions that most students show anywhere, in words, with the share of the students. `results` are
    each student's; `words` say what a misconception is, where a result doesn't."""
    held = Counter(name for found in results.values() for name in {name for name, _ in _shown(found)})
    told = {name: message for found in results.values() for name, message in _shown(found)} | dict(words)
    commonest = sorted(held, key=lambda name: (-held[name], name))[:most]
    return [f"{held[name]} of {len(results)}: {told[name]} ({name})" for name in commonest]


def _shown(results: Collection[Result]) -> list[tuple[str, str]]:
    """Each misconception that a student's results show, and what the student is told."""
    return [(item.misconception, item.message) for result in results for item in result.items if item.misconception]


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
