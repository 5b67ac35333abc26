"""The form of an answer that is examples: pairs of an input and the output that is expected for it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.answers.compare import Numbers, numbers, shape_of

MOST_PAIRS = 20
MOST_NUMBERS = 2_000  # per input: enough for any example a person writes, too few to slow the host


def pairs_problem(answer: Any) -> str | None:
    """What is wrong with the form of the pairs (plain data: lists, numbers, arrays), as a sentence; None if nothing."""
    if not isinstance(answer, list) or not answer:
        return "Return a list with at least one pair (x, expected)."
    if len(answer) > MOST_PAIRS:
        return f"{len(answer)} examples are more than the {MOST_PAIRS} that are read: keep the telling ones."
    if len(answer) == 2 and all(_is_table(numbers(part)) for part in answer):
        return (
            "This can't be read as pairs. Return a list of pairs, also if it is only one: [(x, expected)]. Each x is "
            "an array of shape (n, d), also if d is 1."
        )
    for place, pair in enumerate(answer, start=1):
        if not isinstance(pair, list) or len(pair) != 2:
            return f"Example {place} isn't a pair (x, expected)."
        for name, value in zip(("x", "expected"), pair, strict=True):
            too_large = f"Example {place}: {name} is too large; at most {MOST_NUMBERS:,} numbers up to 1e9 are read."
            if math.prod(shape_of(value) or ()) > MOST_NUMBERS:
                return too_large
            array = numbers(value)
            if array is None or array.ndim != 2 or not array.size or not np.isfinite(array).all():
                return (
                    f"Example {place}: {name} must be finite numbers in rows of one length: an array of shape (n, d)."
                )
            if np.abs(array).max() > 1e9:
                return too_large
    return None


def _is_table(array: Numbers | None) -> bool:
    return array is not None and array.ndim == 2


def shapes_problem(answer: Any, of: str) -> str | None:
    """The first pair whose `expected` hasn't the shape of its `x`, as a sentence for a task whose function keeps it."""
    for place, (x, expected) in enumerate(answer, start=1):
        if shape_of(x) != shape_of(expected):
            shapes = f"x has the shape {shape_of(x)}, expected has {shape_of(expected)}"
            return f"Example {place}: {shapes}. What {of} returns has the shape of x."
    return None
