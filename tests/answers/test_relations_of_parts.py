"""Relations between numbers that come in parts, beside zeros, beside exceptions, or handed on to the next call."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograder.answers.case import Case, Made, Outcome, Step
from autograder.answers.compare import Tolerance
from autograder.answers.diagnose import diagnose
from autograder.answers.misconception import Cases
from autograder.plain import Failure

ONE_CALL = (Step("call", args=(1.0,)),)
REFUSED = Outcome(failure=Failure("ValueError"))


def named(
    expected: Mapping[str, Outcome], got: Mapping[str, Outcome], steps: Mapping[str, tuple[Step, ...]] | None = None
) -> str | None:
    cases = {name: Case(name, (steps or {}).get(name, ONE_CALL)) for name in expected}
    found = diagnose([], Cases(cases, expected, Tolerance()), got, got)
    return found.id if found else None


def test_a_factor_is_found_in_all_parts_of_a_result() -> None:
    parts = {
        name: (np.array([[1.5, 2.5], [number, 4.5]]), np.array([0.5, number])) for number, name in enumerate("abc")
    }
    right = {name: Outcome(((matrix, row),)) for name, (matrix, row) in parts.items()}
    scaled = {name: Outcome(((7.3 * matrix, 7.3 * row),)) for name, (matrix, row) in parts.items()}
    assert named(right, scaled) == "CONSTANT_FACTOR"
    assert named(right, scaled | {"c": right["c"]}) != "CONSTANT_FACTOR"


def test_an_expected_zero_does_not_hide_a_factor() -> None:
    numbers = {"none": 0.0, "some": 0.25, "more": 3.5, "most": 11.0}
    right = {name: Outcome((number,)) for name, number in numbers.items()}
    assert named(right, {name: Outcome((7.3 * number,)) for name, number in numbers.items()}) == "CONSTANT_FACTOR"
    assert (
        named(right, {name: Outcome((7.3 * number or 2.0,)) for name, number in numbers.items()}) != "CONSTANT_FACTOR"
    )


def test_an_exception_that_is_asked_for_does_not_hide_one_answer_to_all() -> None:
    right = {"a": Outcome((2.0,)), "b": Outcome((3.5,)), "c": Outcome((5.0,)), "no": REFUSED}
    same = {name: Outcome((4.25,)) for name in "abc"} | {"no": REFUSED}
    assert named(right, same) == "SAME_FOR_ALL"


def test_a_result_that_is_handed_on_does_not_hide_what_each_call_did() -> None:
    handed_on = (Step("call", args=(1.0,), keep=True), Step("call", args=(Made(0),)))
    right = {"a": Outcome((2.5,)), "b": Outcome((3.5,)), "c": Outcome((7.0,)), "twice": Outcome((4.0,))}
    squared = {name: Outcome((outcome.values[0] ** 2,)) for name, outcome in right.items()} | {
        "twice": Outcome((81.0,))
    }
    assert named(right, squared) != "SQUARED"
    assert named(right, squared, {"twice": handed_on}) == "SQUARED"
