"""What an item's figures say, in plain words.

A doubt is told only where the whole 95 % interval supports it; a cause isn't told at all. The bounds are guidance that
is usual in the field. A wrong answer is taken for the key only where choosing it goes with the rest of the test better
than the item's points do: that it is chosen by some strong students happens in every good test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.statistics.estimates import Estimate
from autograder.statistics.item_figures import ChoiceFigures, ItemFigures
from autograder.statistics.percentage import percent

VERY_HARD, VERY_EASY, TELLS = 0.20, 0.90, 0.20
MANY_BLANK, MANY_TIMEOUTS = 0.20, 0.05
LEAST_CHOSEN, LEAST_SHARE, PULL, CLEAR = 5, 0.05, 0.05, 0.10
FAR_FROM_EVEN = 0.15  # of a mean share, from one half
FEW, FAR_TOO_FEW = 30, 10
NOISY = f"With fewer than {FEW} students every figure is noisy: trust the intervals, not the numbers."
SATISFACTORY, LOW = 0.75, 0.64  # alpha

Kind = Literal[
    "key",
    "reversed",
    "distractor",
    "flat",
    "same",
    "very_hard",
    "blank",
    "timeouts",
    "very_easy",
    "open",
    "fits",
    "decided",
]
# The most doubtful first. What stands up to "flat" is a reason to drop an item.
KINDS: tuple[Kind, ...] = (
    *("key", "reversed", "distractor", "flat"),
    *("same", "very_hard", "blank", "timeouts", "very_easy", "open", "fits", "decided"),
)
DOUBTS = KINDS[:4]


@dataclass(frozen=True)
class ItemFinding:
    """What the figures establish about an item, and the sentence that tells it."""

    kind: Kind
    says: str

    @property
    def is_doubt(self) -> bool:
        """Whether it is a reason to look at the item, or to drop it."""
        return self.kind in DOUBTS


DROPPED = ItemFinding("decided", "It was dropped: it doesn't count.")
FULL_MARKS = ItemFinding("decided", "Everybody was given full marks: its points tell nothing.")


@dataclass(frozen=True)
class ItemChoice:
    """An option by its letter, or a number; so many `students` chose it."""

    name: str
    right: bool
    students: int
    figures: ChoiceFigures


@dataclass(frozen=True)
class Measured:
    """All that an item's findings are from. Its `choices` are options or numbers, as `answer` says; `blank` and
    `timeouts` are shares of the students."""

    students: int
    figures: ItemFigures
    choices: Sequence[ItemChoice]
    answer: Literal["option", "number"]
    blank: Estimate
    timeouts: Estimate

    def wrong_answer(self, choice: ItemChoice) -> str:
        """A choice that counts as wrong, in words that begin a sentence."""
        return f"A wrong {self.answer} ({choice.name})"


def findings(item: Measured) -> tuple[ItemFinding, ...]:
    """What the figures establish about the item, the most doubtful first; there is at least one."""
    of_choices, of_figures = list(_of_choices(item)), list(_of_figures(item))
    if any(finding.kind == "key" for finding in of_choices):
        of_figures = [finding for finding in of_figures if finding.kind != "reversed"]  # which is the same, said again
    found = sorted([*of_choices, *of_figures], key=lambda finding: KINDS.index(finding.kind))
    return tuple(found) or (_nothing(item),)


def doubtful_first(first: ItemFinding, figures: ItemFigures) -> tuple[int, float]:
    """A key to sort items by: the kind of their first finding, then how badly they go with the rest."""
    rest = figures.item_rest.value
    return KINDS.index(first.kind), 0.0 if rest is None else rest


def alpha_says(alpha: Estimate) -> str:
    """What Cronbach's alpha says of a test, as far as its interval goes."""
    if alpha.value is None:
        return "Cronbach's alpha isn't defined: that takes two items at least, and students whose totals differ."
    is_so = f"alpha is {alpha.value:.2f}"
    if alpha.above(SATISFACTORY):
        return f"The test tells students apart reliably: {is_so}, and above {SATISFACTORY:g} for certain."
    if alpha.below(LOW):
        return f"The test tells students apart poorly: {is_so}, and below {LOW:g} for certain."
    if alpha.below(SATISFACTORY):
        return (
            f"The test tells students apart less reliably than is called satisfactory for an exam ({SATISFACTORY:g}): "
            f"{is_so}. Whether that is poor (below {LOW:g}) can't be told for certain."
        )
    return (
        f"Whether the test tells students apart reliably (above {SATISFACTORY:g}) or poorly (below {LOW:g}) can't be "
        f"told for certain: {is_so}, and its interval is wide."
    )


def least_sure(alphas: Mapping[str, Estimate]) -> str:
    """Which of several tests tells students apart least, as far as the intervals go; "" where fewer than two have
    one."""
    known = {name: (one.low, one.high) for name, one in alphas.items() if one.low is not None and one.high is not None}
    if len(known) < 2:
        return ""
    lowest = min(high for _, high in known.values())
    last = [name for name, (low, _) in known.items() if low <= lowest]
    if len(last) == 1:
        return f"{last[0]} is the least sure: its whole interval of alpha lies below those of all others."
    if len(last) == len(known):
        return "The intervals of alpha overlap: which of these is surer than another can't be told."
    return f"The least sure are {', '.join(last[:-1])} and {last[-1]}, whose intervals of alpha overlap."


def aim_says(mean_share: float) -> str:
    """Whom a test measures best, by the mean share of its points; "" where it is near the middle. A measurement is
    sharpest where an item's points are as easily got as lost (A. Birnbaum 1968)."""
    if mean_share > 0.5 + FAR_FROM_EVEN:
        return "Most of its points are easy to get: it measures weak students better than strong ones."
    if mean_share < 0.5 - FAR_FROM_EVEN:
        return "Most of its points are hard to get: it measures strong students better than weak ones."
    return ""


def _of_choices(item: Measured) -> Iterator[ItemFinding]:
    """Wrong answers that attract strong students; else right ones that they leave out."""
    many = max(LEAST_CHOSEN, LEAST_SHARE * item.students)
    wrong = [one for one in item.choices if not one.right and one.students >= many]
    for_the_key = [one for one in wrong if _clear(one.figures.rest, 1) and _clear(one.figures.beyond, 1)]
    for one in for_the_key:
        yield ItemFinding("key", f"{item.wrong_answer(one)} attracts the strong students: check the key.")
    for one in wrong:
        if item.students >= FEW and one not in for_the_key and one.figures.rest.above(PULL):
            says = f"{item.wrong_answer(one)} is chosen by strong students more than by weak ones: read it again."
            yield ItemFinding("distractor", says)
    for one in () if for_the_key else item.choices:
        if one.right and many <= one.students <= item.students - many and _clear(one.figures.rest, -1):
            yield ItemFinding("key", f"Strong students leave out the right {item.answer} ({one.name}): check the key.")


def _clear(correlation: Estimate, sign: Literal[1, -1]) -> bool:
    """Whether it has that sign for certain, and isn't so small that only a large class makes it certain."""
    certain = correlation.above(0) if sign > 0 else correlation.below(0)
    return certain and sign * (correlation.value or 0.0) >= CLEAR


def _of_figures(item: Measured) -> Iterator[ItemFinding]:
    figures = item.figures
    facility = figures.facility.value
    enough = item.students >= FEW  # below, one class of ten would be told something of a good item
    if enough and _clear(figures.item_rest, -1):
        yield ItemFinding("reversed", "Stronger students do worse on it than weaker ones: read it and its key again.")
    elif enough and figures.item_rest.below(TELLS) and (facility or 0.0) <= VERY_EASY:
        yield ItemFinding("flat", "It hardly tells strong students from weak ones.")
    if figures.facility.below(VERY_HARD):
        says = (
            "Nobody got a point for it."
            if not facility
            else f"Few of its points were earned: {percent(facility)} on average."
        )
        yield ItemFinding("very_hard", says)
    elif figures.facility.above(VERY_EASY):
        yield ItemFinding("very_easy", "Nearly all are right: it tells students apart no more.")
    elif not figures.varies:
        yield ItemFinding("same", "All have the same points for it: it tells nobody apart.")
    if item.blank.above(MANY_BLANK):
        yield ItemFinding("blank", f"Many left it blank ({percent(item.blank.value or 0.0)}).")
    if item.timeouts.above(MANY_TIMEOUTS):
        yield ItemFinding("timeouts", f"For many the time ran out on it ({percent(item.timeouts.value or 0.0)}).")


def _nothing(item: Measured) -> ItemFinding:
    rest = item.figures.item_rest
    if item.students < FAR_TOO_FEW:
        return ItemFinding("open", "There are too few students to tell.")
    if rest.above(0) and (rest.value or 0.0) >= TELLS:
        return ItemFinding("fits", "Fits well.")
    return ItemFinding("open", "Nothing stands out.")
