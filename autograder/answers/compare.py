"""Compare what a submission returned with what the reference returned.

Only numpy and the standard library are imported, since a release ships this file inside `check.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.answers.case import Outcome

Numbers = np.ndarray[Any, np.dtype[np.float64]]
FLOOR = 1e-9  # what a relative tolerance adds, so that an expected 0 can be met


@dataclass(frozen=True)
class Tolerance:
    """How far from the reference is still right: `size` times the scale of the inputs, or of each expected value.

    A mean near 0 has no relative accuracy, so "inputs" is the rule and "values" the exception.
    """

    size: float = 1e-9
    relative_to: Literal["inputs", "values"] = "inputs"

    def around(self, expected: Numbers, scale: float) -> Numbers:
        if self.relative_to == "inputs":
            return np.full(expected.shape, self.size * scale)
        return self.size * np.abs(expected) + FLOOR


EXACT = Tolerance()  # accepts every right float64 form of up to 2,000 steps, with orders of magnitude to spare


@dataclass(frozen=True)
class Difference:
    """Where two values part: a sentence, and the first differing row or entry of each; `place` says which, such as
    "row 3"."""

    sentence: str
    place: str = ""
    expected: str = ""
    got: str = ""


def numbers(value: Any) -> Numbers | None:
    """`value` as a float64 array, or None if it isn't made of real numbers in one shape."""
    return None if shape_of(value) is None else _array(value)


def _array(value: Any) -> Numbers | None:
    try:
        return np.asarray(value, dtype=np.float64)  # told its type, numpy makes no array of objects on the way
    except (ValueError, TypeError, OverflowError, MemoryError):
        return None


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape of the array that `value` would become, or None if it isn't made of real numbers in one shape.

    Nothing is converted: a few megabytes of small arrays in lists could become an array of hundreds.
    """
    if isinstance(value, (list, tuple)):
        shapes = map(shape_of, value)
        first = next(shapes, ())
        return (len(value), *first) if first is not None and all(shape == first for shape in shapes) else None
    if isinstance(value, (np.ndarray, np.generic)):
        return value.shape if value.dtype.kind in "biuf" or _big_integers(value) else None
    return () if isinstance(value, (int, float)) else None


def _big_integers(array: Any) -> bool:
    """Whether it is what numpy makes of Python integers beyond 64 bits: an array of objects."""
    return bool(array.dtype == object and array.size and all(type(item) is int for item in array.flat))


def difference(expected: Any, got: Any, tolerance: Tolerance, scale: float) -> Difference | None:
    """None if `got` is as good as `expected`, else the first difference."""
    right = numbers(expected)
    if right is None:
        return _tuple_difference(expected, got, tolerance, scale)
    if isinstance(got, (list, tuple)) and right.ndim and len(got) != len(right):
        return Difference(f"{len(right)} rows are expected; you returned {len(got)}.")
    if isinstance(got, np.ndarray) and got.shape != right.shape:
        return Difference(f"The shape is {_shape(got.shape)}; {_shape(right.shape)} is expected.")
    shape = shape_of(got)
    if shape is not None and shape != right.shape:
        return Difference(f"The shape is {_shape(shape)}; {_shape(right.shape)} is expected.")
    mine = None if shape is None else _array(got)
    if mine is None:
        return Difference(f"Numbers are expected, of shape {_shape(right.shape)}; you returned {_kind(got)}.")
    wrong = wrong_numbers(right, mine, tolerance, scale)
    if not wrong.any():
        return None
    if right.ndim == 0:
        return Difference("The value differs.", "", *_side_by_side(right, mine))
    first = int(np.argwhere(wrong)[0][0])
    count = int(wrong.reshape(len(wrong), -1).any(axis=1).sum())
    one, many = ("row", "rows") if right.ndim > 1 else ("entry", "entries")
    differ = "differs" if count == 1 else "differ"
    sentence = f"{count} of {len(right)} {many} {differ}, the first is {one} {first} (counted from 0)."
    return Difference(sentence, f"{one} {first}", *_side_by_side(right[first], mine[first]))


def wrong_numbers(right: Numbers, mine: Numbers, tolerance: Tolerance, scale: float) -> np.ndarray[Any, Any]:
    """Which numbers of `mine`, an array of the same shape, aren't as good as those of `right`."""
    with np.errstate(all="ignore"):
        close = np.abs(mine - right) <= tolerance.around(right, scale)
    same = (mine == right) | (np.isnan(mine) & np.isnan(right))
    return np.asarray(~(close | same))


def _tuple_difference(expected: Any, got: Any, tolerance: Tolerance, scale: float) -> Difference | None:
    if not isinstance(expected, (list, tuple)):
        return None if _same(expected, got, tolerance, scale) else Difference("Another value is expected.")
    if not isinstance(got, (list, tuple)):
        return Difference(f"{len(expected)} values are expected; you returned {_kind(got)}.")
    if len(got) != len(expected):
        return Difference(f"{len(expected)} values are expected; you returned {len(got)}.")
    for place, (right, mine) in enumerate(zip(expected, got, strict=True)):
        found = difference(right, mine, tolerance, scale)
        if found is not None:
            return Difference(
                f"Value {place + 1} of {len(expected)}: {found.sentence}", found.place, found.expected, found.got
            )
    return None


def _same(expected: Any, got: Any, tolerance: Tolerance, scale: float) -> bool:
    """Whether two values that are no numbers and no lists agree, such as texts; an array in a mapping has no `==`."""
    if type(expected) is complex and isinstance(got, (int, float)):  # what is plain has no imaginary part of 0
        return expected == got
    if type(expected) is not type(got):
        return False
    if isinstance(expected, dict):
        alike = expected.keys() == got.keys()
        return alike and all(difference(expected[key], got[key], tolerance, scale) is None for key in expected)
    return bool(np.array_equal(expected, got) if isinstance(expected, np.ndarray) else expected == got)


def outcome_difference(expected: Outcome, got: Outcome, tolerance: Tolerance, scale: float) -> Difference | None:
    """The first difference of the values of two outcomes; what else was seen is not looked at."""
    if got.failure is not None:
        if expected.failure is not None and got.failure.is_a(expected.failure.kind):
            return None
        wanted = f"; {expected.failure.kind} is expected here" if expected.failure else ""
        return Difference(f"It raised {got.failure.kind}{wanted}.")
    if expected.failure is not None:
        return Difference(f"{expected.failure.kind} must be raised here; a value came back.")
    steps = len(expected.values)
    for place, (right, mine) in enumerate(zip(expected.values, got.values, strict=True)):
        found = difference(right, mine, tolerance, scale)
        if found is not None:
            where = f"Step {place + 1} of {steps}: " if steps > 1 else ""
            return Difference(where + found.sentence, found.place, found.expected, found.got)
    return None


def _shape(shape: tuple[int, ...]) -> str:
    return str(shape) if shape else "() (one number)"


def _kind(value: Any) -> str:
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, complex) or (isinstance(value, np.ndarray) and value.dtype.kind == "c"):
        return "complex numbers"
    described = getattr(value, "description", None)
    name = type(value).__name__
    return str(described) if described else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _side_by_side(right: Numbers, mine: Numbers) -> tuple[str, str]:
    """Both as text, with so many digits that the difference can be seen."""
    for digits in (6, 9, 12):
        shown = _row(right, digits), _row(mine, digits)
        if shown[0] != shown[1]:
            return shown
    return _row(right, 17), _row(mine, 17)


def _row(values: Numbers, digits: int) -> str:
    flat = np.atleast_1d(values).ravel()
    shown = ", ".join(f"{float(value):.{digits}g}" for value in flat[:8])
    return f"[{shown}{', ...' if flat.size > 8 else ''}]" if np.ndim(values) else shown
