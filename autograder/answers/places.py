"""Where a wrong answer is wrong: what can be said for certain when no known mistake fits.

Each is a fact about what came back in the visible cases. Only numpy and the standard library are imported, since a
release ships this file inside `check.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.answers.case import Outcome
from autograder.answers.compare import Numbers, wrong_numbers
from autograder.answers.misconception import Cases, Name
from autograder.answers.value_rules import Compared, Pair, ended

MOST_ENTRIES = 4  # of a result, where its entries are things of different kinds
FEWEST_ROWS = 3  # of a result, where a place in it can be told
FEWEST_WRONG = 2  # numbers of which something is said in general
CLOSE = 0.02  # of its size, where a number is imprecise rather than another one


@dataclass(frozen=True)
class Results:
    """A case's results beside the expected ones. `arrays`: those with numbers in the expected shape; `misshapen`:
    whether there are others."""

    case: str
    arrays: tuple[Array, ...]
    misshapen: bool

    @property
    def wrong(self) -> bool:
        return self.misshapen or any(array.wrong.any() for array in self.arrays)


@dataclass(frozen=True)
class Array:
    """Numbers that came back in the expected shape, and which of them are wrong."""

    right: Numbers
    mine: Numbers
    wrong: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    @property
    def wrong_rows(self) -> list[int]:
        return [int(row) for row in np.flatnonzero(self.wrong.reshape(len(self.wrong), -1).any(axis=1))]

    @property
    def last(self) -> int:
        return len(self.wrong) - 1


def placed(cases: Cases, got: Mapping[str, Outcome]) -> Name | None:
    """The first statement about where or how the numbers are wrong that is true of every case, or None."""
    results = list(map(_result, ended(cases, got)))
    wrong = [result for result in results if result.wrong]
    shown_by = frozenset(result.case for result in wrong)
    if wrong and all(result.misshapen and not result.arrays for result in wrong):
        return Name("OTHER_FORM", OTHER_FORM, shown_by)
    arrays = [array for result in wrong for array in result.arrays if array.wrong.any()]
    if any(result.misshapen for result in wrong) or sum(int(array.wrong.sum()) for array in arrays) < FEWEST_WRONG:
        return None
    return next((Name(id, message, shown_by) for id, (holds, message) in PLACES.items() if holds(arrays)), None)


def _result(case: Compared) -> Results:
    both = [(leaf, _as_array(leaf)) for leaf in case.leaves]
    arrays = tuple(array for _, array in both if array is not None)
    return Results(case.name, arrays, any(array is None and not leaf.agrees for leaf, array in both))


def _as_array(pair: Pair) -> Array | None:
    if pair.arrays is None:
        return None
    return Array(*pair.arrays, wrong_numbers(*pair.arrays, pair.tolerance, pair.scale))


Arrays = Sequence[Array]


def _of_rows(holds: Callable[[Array], bool], of_one_row: bool = False) -> Callable[[Arrays], bool]:
    """A statement about the rows of each array of at least two; it needs one of at least three. `of_one_row`: whether
    it is also true of a single row that is wrong."""

    def of_all(arrays: Arrays) -> bool:
        of_rows = [array for array in arrays if array.right.ndim and len(array.right)]
        longer = [array for array in of_rows if len(array.right) > 1]
        enough = any(len(array.right) >= FEWEST_ROWS for array in longer)
        all_told = len(of_rows if of_one_row else longer) == len(arrays)
        return enough and all_told and all(map(holds, longer))

    return of_all


def _of_table(holds: Callable[[Array], bool]) -> Callable[[Arrays], bool]:
    """A statement about the rows and columns of each array; of a single row or column it says nothing, and where
    other numbers than tables are wrong it isn't made."""

    def of_all(arrays: Arrays) -> bool:
        tables = [array for array in arrays if array.right.ndim > 1]
        larger = [array for array in tables if min(array.right.shape[:2]) > 1]
        enough = any(len(array.right) >= FEWEST_ROWS for array in larger)
        return enough and len(tables) == len(arrays) and all(map(holds, larger))

    return of_all


def _of_numbers(holds: Callable[[Array], bool]) -> Callable[[Arrays], bool]:
    """A statement about the wrong numbers of each array."""
    return lambda arrays: all(map(holds, arrays))


def _rows_alike(array: Array) -> bool:
    return bool(np.allclose(array.mine, array.mine[:1]) and not np.allclose(array.right, array.right[:1]))


def _columns_alike(array: Array) -> bool:
    alike = np.allclose(array.mine, array.mine[:, :1])
    return bool(alike and not np.allclose(array.right, array.right[:, :1]))


def _zeros(array: Array) -> bool:
    return bool((array.mine[array.wrong] == 0).all())


def _only_first(array: Array) -> bool:
    return array.wrong_rows == [0]


def _only_last(array: Array) -> bool:
    return array.wrong_rows == [array.last]


def _some_columns(array: Array) -> bool:
    wrong = array.wrong.any(axis=0)
    return bool(wrong.any() and not wrong.all() and len(array.wrong_rows) > 1)


def _mixed_up(array: Array) -> bool:
    same = np.allclose(np.sort(array.mine, axis=None), np.sort(array.right, axis=None))
    same &= not np.allclose(array.mine, array.right)
    return bool(same and len(np.unique(array.right)) >= FEWEST_ROWS)


def _scaled_rows(array: Array) -> bool:
    with np.errstate(all="ignore"):
        right, mine = (values.reshape(len(values), -1) for values in (array.right, array.mine))
        products = right[:, :, None] * mine[:, None, :]
    return bool(np.allclose(products, np.swapaxes(products, 1, 2), rtol=1e-7, atol=1e-12) and array.mine.any())


def _close(array: Array) -> bool:
    with np.errstate(all="ignore"):
        return bool((np.abs(array.mine - array.right) <= CLOSE * np.abs(array.right)).all())


def _one_entry(arrays: Arrays) -> bool:
    """Whether all have the same few entries, of which always the same one is wrong."""
    shapes = {array.right.shape for array in arrays}
    places = {tuple(array.wrong_rows) for array in arrays if array.right.ndim == 1}
    few = len(shapes) == 1 and arrays[0].right.ndim == 1 and 2 <= len(arrays[0].right) <= MOST_ENTRIES
    return few and len(places) == 1 and len(*places) == 1


def _right_at_first(array: Array) -> bool:
    return array.wrong_rows[0] > 0 and array.wrong_rows[-1] == array.last


def _right_at_last(array: Array) -> bool:
    return array.wrong_rows[0] == 0 and array.wrong_rows[-1] < array.last


def _too_large(array: Array) -> bool:
    return bool((np.abs(array.mine) > np.abs(array.right))[array.wrong].all())


def _too_small(array: Array) -> bool:
    return bool((np.abs(array.mine) < np.abs(array.right))[array.wrong].all())


OTHER_FORM = (
    "What came back hasn't the form that is asked for, so its numbers can't be compared. Print its type and its "
    "`.shape` (or its length), and compare them with the task."
)
PLACES: dict[str, tuple[Callable[[Arrays], bool], str]] = {
    "ROWS_ALIKE": (
        _of_rows(_rows_alike, of_one_row=True),
        "All rows (or numbers) that came back are the same, where they should differ. Does each use its own inputs "
        "only, and is it a copy that nothing changes later?",
    ),
    "COLUMNS_ALIKE": (
        _of_table(_columns_alike),
        "Each row that came back holds one and the same number in all its columns. Does a mean or a sum run over the "
        "features as well? Look at its `axis`.",
    ),
    "STILL_ZERO": (
        _of_numbers(_zeros),
        "Every number that is wrong here is 0. Is that place ever written to, what is it multiplied by, and does `//` "
        "or an array of integers cut off its fraction?",
    ),
    "ONE_ENTRY_WRONG": (
        _one_entry,
        "Where your result is wrong here, it is always the same entry, and the rest is right. Write down how that one "
        "is made.",
    ),
    "ONLY_FIRST_ROW_WRONG": (
        _of_rows(_only_first, of_one_row=True),
        "The first row (or number) is wrong here, all others are right. Follow it by hand: what is special about it?",
    ),
    "ONLY_LAST_ROW_WRONG": (
        _of_rows(_only_last, of_one_row=True),
        "The last row (or number) is wrong here, all others are right. Follow it by hand: does your loop reach it?",
    ),
    "SOME_COLUMNS_RIGHT": (
        _of_table(_some_columns),
        "Some columns are right here from top to bottom, others aren't. What do the inputs of those columns have "
        "that the others' haven't, or does one column begin with what another left behind?",
    ),
    "OTHER_PLACES": (
        _of_numbers(_mixed_up),
        "The right numbers came back, but at other places. Compare the order of your rows and columns with the task's.",
    ),
    "ROWS_SCALED": (
        _of_table(_scaled_rows),
        "Within each row the numbers stand in the right proportion; where it is wrong, only their size is. What is "
        "each row divided or multiplied by?",
    ),
    "IMPRECISE": (
        _of_numbers(_close),
        "Every number here is nearly right, but not as exact as the task asks. Look for rounding, for numbers of less "
        "precision than float64, for a small number that is added or taken as a step, or for a search that "
        "ends too early.",
    ),
    "RIGHT_AT_FIRST": (
        _of_rows(_right_at_first),
        "The first row (or number) is right here, the last isn't. Follow the first one that differs by hand: what "
        "comes in, or goes out, there that those before it didn't need?",
    ),
    "RIGHT_AT_LAST": (
        _of_rows(_right_at_last),
        "The last row (or number) is right here, the first isn't. What does the first use that only the last one "
        "should, or leave out that the last one has?",
    ),
    "TOO_LARGE": (
        _of_numbers(_too_large),
        "Every number that is wrong here is too large in size. Work the case below out by hand, one step a line: where "
        "does yours become the larger one?",
    ),
    "TOO_SMALL": (
        _of_numbers(_too_small),
        "Every number that is wrong here is too small in size. Work the case below out by hand, one step a line: where "
        "does yours become the smaller one?",
    ),
}
