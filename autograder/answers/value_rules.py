"""How a value that came back can be related to the one that is expected: the rules behind `relations.py`.

Only numpy and the standard library are imported, since a release ships this file inside `check.py`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from autograder.answers.case import Outcome
from autograder.answers.compare import Numbers, Tolerance, difference, numbers, shape_of
from autograder.answers.misconception import Cases
from autograder.plain import Opaque

MOST_DECIMALS = 6  # that a result is taken to be rounded to
MOST_PARTS = 4  # of a value whose parts are tried in another order
MOST_COMPARED = 1 << 20  # of a value that is made an array


@dataclass(frozen=True)
class Pair:
    """A value that is expected and the one that came back, with what they are compared by."""

    expected: Any
    got: Any
    tolerance: Tolerance
    scale: float

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values agree within the task's tolerance."""
        return difference(one, other, self.tolerance, self.scale) is None

    @cached_property
    def agrees(self) -> bool:
        return self.same(self.expected, self.got)

    @cached_property
    def right(self) -> Numbers | None:
        return numbers(self.expected)

    @cached_property
    def mine(self) -> Numbers | None:
        return few_numbers(self.got)

    @cached_property
    def parts(self) -> list[Pair]:
        """Pairs of the parts, where both are lists of as many; else none."""
        if not all(isinstance(value, (list, tuple)) for value in (self.expected, self.got)):
            return []
        if len(self.expected) != len(self.got):
            return []
        both = zip(self.expected, self.got, strict=True)
        return [Pair(right, mine, self.tolerance, self.scale) for right, mine in both]

    @property
    def arrays(self) -> tuple[Numbers, Numbers] | None:
        """Both as arrays, if they are numbers in the same shape."""
        if self.right is None or self.mine is None or self.right.shape != self.mine.shape:
            return None
        return self.right, self.mine

    @property
    def leaves(self) -> list[Pair]:
        """Its parts, down to those that should be arrays; itself, where it should be one or hasn't as many parts."""
        if self.right is not None or not self.parts:
            return [self]
        return [leaf for part in self.parts for leaf in part.leaves]


@dataclass(frozen=True)
class Compared:
    """A case that came to an end: its values beside the expected ones."""

    name: str
    pairs: tuple[Pair, ...]

    @property
    def differing(self) -> list[Pair]:
        return [pair for pair in self.pairs if not pair.agrees]

    @property
    def leaves(self) -> list[Pair]:
        """All its values, part by part."""
        return [leaf for pair in self.pairs for leaf in pair.leaves]


def ended(cases: Cases, got: Mapping[str, Outcome]) -> Iterator[Compared]:
    """The cases that came to an end, and should have."""
    for name, outcome in got.items():
        expected, scale = cases.expected[name], cases.cases[name].scale
        if outcome.failure is None and expected.failure is None:
            values = zip(expected.values, outcome.values, strict=True)
            yield Compared(name, tuple(Pair(right, mine, cases.tolerance, scale) for right, mine in values))


def few_numbers(value: Any) -> Numbers | None:
    """`value` as an array, if it isn't too large to be made one beside the expected value: it may be hostile."""
    shape = shape_of(value)
    return numbers(value) if shape is not None and math.prod(shape) <= MOST_COMPARED else None


Holds = Callable[[Pair], bool]
Rule = Callable[[Numbers, Numbers, Pair], bool]


def between_arrays(rule: Rule) -> Holds:
    """A relation between arrays of numbers; between lists of arrays it holds if it does for all parts that differ."""

    def holds(pair: Pair) -> bool:
        right, mine = pair.right, pair.mine
        if right is not None and mine is not None:
            return rule(right, mine, pair)
        parts = pair.parts
        return bool(parts) and all(map(holds, [part for part in parts if not part.agrees] or parts))

    return holds


def only_row(place: int) -> Holds:
    """The row at this place came back alone. A tuple holds several values, which are no rows."""

    def rule(right: Numbers, mine: Numbers, pair: Pair) -> bool:
        if isinstance(pair.expected, tuple) or right.ndim == 0 or len(right) == 0:
            return False
        return pair.same(right[place], mine) or pair.same(right[place][None], mine)

    return between_arrays(rule)


def rows_are(change: Callable[[Numbers], Numbers]) -> Holds:
    """What came back is made of the expected rows by `change`."""
    return between_arrays(
        lambda right, mine, pair: right.ndim > 0 and len(right) > 0 and pair.same(change(right), mine)
    )


def rows_become(change: Callable[[Numbers], Numbers], more: int) -> Holds:
    """`change` of what came back gives the expected rows; there are `more` of them than expected."""
    return between_arrays(
        lambda right, mine, pair: (
            right.ndim == mine.ndim > 0
            and len(mine) == len(right) + more
            and len(right) > 0
            and pair.same(right, change(mine))
        )
    )


def shifted(by: slice, to: slice) -> Holds:
    """The rows `by` of what is expected stand at `to` in what came back."""
    return between_arrays(
        lambda right, mine, pair: (
            right.shape == mine.shape and right.ndim > 0 and (len(right) == 1 or pair.same(right[by], mine[to]))
        )
    )


def each_is(change: Callable[[Numbers], Numbers]) -> Holds:
    """Every number that came back is `change` of the expected one."""

    def rule(right: Numbers, mine: Numbers, pair: Pair) -> bool:
        with np.errstate(all="ignore"):
            return right.shape == mine.shape and pair.same(change(right), mine)

    return between_arrays(rule)


def any_of(*changes: Callable[[Numbers], Numbers]) -> Holds:
    """`each_is` for one of the changes."""
    each = [each_is(change) for change in changes]
    return lambda pair: any(holds(pair) for holds in each)


def rounded(pair: Pair) -> bool:
    """Whether what came back is the expected value, rounded to some decimals."""
    return any(each_is(partial(_round, decimals))(pair) for decimals in range(1, MOST_DECIMALS + 1))


def _round(decimals: int, right: Numbers) -> Numbers:
    return np.round(right, decimals)


def rows(right: Numbers) -> int:
    """The number of rows; 1 for a single number."""
    return len(right) if right.ndim else 1


def axis_of_one(right: Numbers, mine: Numbers, pair: Pair) -> bool:
    """Whether an axis of length 1 is all that parts the shapes."""
    longer = [[length for length in shape if length != 1] for shape in (right.shape, mine.shape)]
    return longer[0] == longer[1] and pair.same(right.ravel(), mine.ravel())


def other_shape(right: Numbers, mine: Numbers, pair: Pair) -> bool:
    """Whether the same numbers came back in their order, in another shape."""
    return right.size == mine.size and pair.same(right.ravel(), mine.ravel())


def has_nan(right: Numbers, mine: Numbers, pair: Pair) -> bool:
    """Whether something that isn't a number came back among them."""
    return bool(right.shape == mine.shape and (np.isnan(mine).any() or pair.agrees))


def nothing(pair: Pair) -> bool:
    """Whether None came back where something is expected."""
    return pair.got is None and pair.expected is not None


def is_function(pair: Pair) -> bool:
    """Whether a function came back."""
    return isinstance(pair.got, Opaque) and pair.got.description == "a function"


def wrapped(pair: Pair) -> bool:
    """Whether a list came back that holds the right value."""
    held = isinstance(pair.got, (list, tuple)) and 1 <= len(pair.got) <= MOST_PARTS
    return held and not pair.agrees and any(pair.same(pair.expected, part) for part in pair.got)


def one_part(pair: Pair) -> bool:
    """Whether one of the several values that are expected came back alone."""
    several = isinstance(pair.expected, (list, tuple)) and 2 <= len(pair.expected) <= MOST_PARTS
    return several and any(pair.same(part, pair.got) for part in pair.expected)


def other_order(pair: Pair) -> bool:
    """Whether the parts of the right value came back in another order."""
    if not 2 <= len(pair.parts) <= MOST_PARTS:
        return False
    orders = itertools.permutations(pair.expected)
    return any(all(map(pair.same, order, pair.got)) for order in orders)


def is_text(pair: Pair) -> bool:
    """Whether a text came back that holds the right number."""
    try:
        return isinstance(pair.got, str) and pair.same(pair.expected, float(pair.got))
    except ValueError:
        return False
