"""Names that need no author: wrong values that have the same relation to the expected ones in every task.

They are tried after the task's own misconceptions. Only numpy and the standard library are imported, since a release
ships this file inside `check.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.answers.case import Outcome
from autograder.answers.misconception import TELLING, Cases, Name, telling
from autograder.answers.value_rules import (
    Compared,
    Holds,
    Pair,
    any_of,
    axis_of_one,
    between_arrays,
    each_is,
    ended,
    has_nan,
    is_function,
    is_text,
    nothing,
    one_part,
    only_row,
    other_order,
    other_shape,
    rounded,
    rows,
    rows_are,
    rows_become,
    shifted,
    wrapped,
)


@dataclass(frozen=True)
class Relation:
    """A relation of a wrong value to the expected one, with its name and what the student reads.

    `evidence`: the distinct numbers that must show it. "differing" ones for most; "all" for those where the numbers are
    right and only their arrangement isn't; "none" for what no chance brings about.
    """

    id: str
    message: str
    holds: Holds
    evidence: str = "differing"


def related(cases: Cases, shown: Mapping[str, Outcome], got: Mapping[str, Outcome]) -> Name | None:
    """The first relation that holds in every case of `shown` and of `got` that came to an end, if hardly by chance."""
    failing = len(cases.failing(shown))
    few, many = list(ended(cases, shown)), list(ended(cases, got))
    for relation in RELATIONS:
        shown_by, evidence = _shown_by(relation, few)
        if not shown_by or 2 * len(shown_by) < failing:
            continue
        everywhere, more = _shown_by(relation, many)
        if everywhere and (max(evidence, more) >= TELLING or relation.evidence == "none"):
            return Name(relation.id, relation.message, shown_by)
    return None


def _shown_by(relation: Relation, compared: Sequence[Compared]) -> tuple[frozenset[str], int]:
    """The cases that show the relation and how many distinct numbers tell it; none if it doesn't hold in all."""
    shown: set[str] = set()
    evidence: set[str] = set()
    for case in compared:
        if not all(map(relation.holds, case.differing or _with_numbers(case.pairs[:1]))):
            return frozenset(), 0
        if case.differing:
            shown.add(case.name)
            evidence |= set(_evidence(relation, case.pairs))
    return frozenset(shown), len(evidence)


def _with_numbers(pairs: Sequence[Pair]) -> list[Pair]:
    """Those that aren't empty: of an empty result nothing can be said."""
    return [pair for pair in pairs if pair.right is None or pair.right.size]


def _evidence(relation: Relation, pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        got = pair.expected if relation.evidence == "all" else pair.got
        against = None if relation.evidence == "all" else pair.expected
        yield from telling(against, got, pair.tolerance, pair.scale)


RELATIONS = (
    Relation(
        "RETURNS_NOTHING",
        "Nothing came back (None). Only `return` gives a value to whoever called; to print it or to store it isn't "
        "enough. Does every path through your code end with a `return`?",
        nothing,
        "none",
    ),
    Relation(
        "RETURNS_FUNCTION",
        "A function came back, and not what it computes. Look for a name without the parentheses that call it, or for "
        "a function that is defined inside yours and returned.",
        is_function,
        "none",
    ),
    Relation(
        "TEXT_FOR_NUMBER",
        "The right number came back as a text. A text can't be computed with: return the number itself, without str() "
        "or an f-string.",
        is_text,
        "none",
    ),
    Relation(
        "VALUE_IN_A_LIST",
        "The right value came back inside a list or tuple. Return it alone: look for brackets or a comma in your "
        "`return` line.",
        wrapped,
        "all",
    ),
    Relation(
        "ONLY_LAST_ROW",
        "Only the last row (or entry) came back, and all are asked for. Which line keeps those before it?",
        only_row(-1),
        "all",
    ),
    Relation(
        "ONLY_FIRST_ROW",
        "Only the first row (or entry) came back, and all are asked for. Does a `return` stand inside a loop?",
        only_row(0),
        "all",
    ),
    Relation(
        "EXTRA_FIRST_ROW",
        "One row too many stands at the front; the others are right. Is something kept before the loop begins?",
        rows_become(lambda mine: mine[1:], 1),
        "all",
    ),
    Relation(
        "EXTRA_LAST_ROW",
        "One row too many stands at the end; the others are right. How many steps does your loop take?",
        rows_become(lambda mine: mine[:-1], 1),
        "all",
    ),
    Relation(
        "FIRST_ROW_MISSING",
        "The first row is missing; the others are right. Where does your loop or your slice begin?",
        rows_are(lambda right: right[1:]),
        "all",
    ),
    Relation(
        "LAST_ROW_MISSING",
        "The last row is missing; the others are right. Where does your loop or your slice end?",
        rows_are(lambda right: right[:-1]),
        "all",
    ),
    Relation(
        "ROWS_TOO_LATE",
        "The rows stand one place too late: from row 1 on, your row i is the expected row i-1. Is each one kept before "
        "or after its own step?",
        shifted(slice(None, -1), slice(1, None)),
    ),
    Relation(
        "ROWS_TOO_EARLY",
        "The rows stand one place too early: but for the last, your row i is the expected row i+1. With which input "
        "does your loop begin?",
        shifted(slice(1, None), slice(None, -1)),
    ),
    Relation(
        "REVERSED",
        "The rows are right, but in reverse order: the last one comes first. Which end do you begin at?",
        rows_are(lambda right: right[::-1]),
    ),
    Relation(
        "ONE_OF_SEVERAL",
        "Only one of the values that are asked for came back. Return all of them, in the order that the task states.",
        one_part,
        "all",
    ),
    Relation(
        "OTHER_ORDER",
        "The right values came back in another order than the task states. Compare your `return` line with the task.",
        other_order,
        "all",
    ),
    Relation(
        "TRANSPOSED",
        "Rows and columns are exchanged. Axis 0 must count what the task says it counts: print the `.shape` of what "
        "you return.",
        rows_are(np.transpose),
        "all",
    ),
    Relation(
        "AXIS_OF_LENGTH_1",
        "The numbers are right, the shape isn't: an axis of length 1 is missing, or is one too many. Print the "
        "`.shape` of what you return, and compare it with the one that the task asks for.",
        between_arrays(axis_of_one),
        "all",
    ),
    Relation(
        "OTHER_SHAPE",
        "The numbers are right and in the right order, but in another shape. Print the `.shape` of what you return, "
        "and compare it with the one that the task asks for.",
        between_arrays(other_shape),
        "all",
    ),
    Relation(
        "CUT_TO_INTEGERS",
        "The fractions are gone: each number is the expected one as an integer. Look for `//`, int(), round(), or an "
        "array of integers that you write into.",
        any_of(np.trunc, np.floor, np.round, np.ceil),
    ),
    Relation(
        "WRONG_SIGN",
        "The sign is wrong: each number is minus the expected one. Which difference is taken the wrong way round?",
        each_is(np.negative),
    ),
    Relation(
        "TWICE",
        "Each number is twice the expected one. Is something counted or added twice, or divided by half of "
        "what it should be?",
        each_is(lambda right: 2 * right),
    ),
    Relation(
        "HALF",
        "Each number is half of the expected one. Which factor halves it, or which of two terms is missing?",
        each_is(lambda right: right / 2),
    ),
    Relation(
        "TIMES_LENGTH",
        "Each number is the expected one times the number of rows (or of entries). Is a sum left where a mean is "
        "asked for?",
        each_is(lambda right: right * rows(right)),
    ),
    Relation(
        "DIVIDED_BY_LENGTH",
        "Each number is the expected one divided by the number of rows (or of entries). Where do you divide by it "
        "once too often?",
        each_is(lambda right: right / rows(right)),
    ),
    Relation(
        "SQUARED",
        "Each number is the square of the expected one. Where is it squared once too often?",
        each_is(np.square),
    ),
    Relation(
        "SQUARE_ROOT",
        "Each number is the square root of the expected one. Is a root taken that the task doesn't ask for?",
        each_is(np.sqrt),
    ),
    Relation(
        "RECIPROCAL",
        "Each number is 1 divided by the expected one. Which division is the wrong way round?",
        each_is(lambda right: 1 / right),
    ),
    Relation(
        "COMPLEMENT",
        "Each number is 1 minus the expected one. Which of the two shares does the task ask for?",
        each_is(lambda right: 1 - right),
    ),
    Relation(
        "ROUNDED",
        "The numbers are right, but rounded. Others go on to compute with them: return them as they are.",
        rounded,
    ),
    Relation(
        "NAN",
        "`nan` came back where a number is expected. It usually comes from 0/0, from inf - inf or from the mean of "
        "nothing: print each step, and find the first line that gives it.",
        between_arrays(has_nan),
        "none",
    ),
)
