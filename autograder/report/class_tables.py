"""What the results of a class say together, as text for the terminal."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.report.terminal import table
from autograder.result import ItemResult, Result

BARS = "▁▂▃▄▅▆▇█"


def points_line(points: Collection[float], most: float) -> str:
    """The lowest, median and highest of the points of an assignment; there must be one at least."""
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


def column_heads(names: Sequence[str]) -> list[str]:
    """The heads of columns of assignments: of several, what stands before the first underscore, such as 02, if that
    tells them apart."""
    short = [name.partition("_")[0] for name in names]
    return short if len(names) > 1 and len({*short} - {""}) == len(names) else list(names)


@dataclass(frozen=True)
class Belief:
    """A misconception in words, how many of how many students show it anywhere, and how many in which item."""

    name: str
    words: str
    students: int
    of: int
    where: Mapping[str, int]

    def __str__(self) -> str:
        return f"{self.students} of {self.of}: {self.words} ({self.name})"


def beliefs(results: Mapping[str, Collection[Result]], words: Mapping[str, str]) -> list[Belief]:
    """The misconceptions that students show, the commonest first. `results` are each student's; `words` say what a
    misconception is, where a result doesn't."""
    held = Counter(name for found in results.values() for name in {item.misconception for item in _wrong(found)})
    where: dict[str, Counter[str]] = defaultdict(Counter)
    told: dict[str, str] = {}
    for item in (item for found in results.values() for item in _wrong(found)):
        where[str(item.misconception)][item.id] += 1
        told[str(item.misconception)] = item.message
    commonest = sorted(where, key=lambda name: (-held[name], name))
    return [
        Belief(name, words.get(name, told[name]), held[name], len(results), dict(where[name].most_common()))
        for name in commonest
    ]


def _wrong(results: Collection[Result]) -> list[ItemResult]:
    return [item for result in results for item in result.items if item.misconception]


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
