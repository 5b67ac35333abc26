"""What counts as the same answer, and which misconception a wrong one shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.check import compare
from autograder.check.case import Outcome
from autograder.check.compare import Misconception, Tolerance, diagnose, difference, numbers
from autograder.plain import Failure

FLOATS = hnp.arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 3)), elements=st.floats(-1e6, 1e6))
EXACT = Tolerance()


@given(FLOATS)
def test_every_form_of_the_same_numbers_is_accepted(values: np.ndarray) -> None:
    for form in (values, values.tolist(), [tuple(row) for row in values.tolist()], list(values)):
        assert difference(values, form, EXACT, 1.0) is None


@given(FLOATS, st.integers(0, 4), st.floats(1e-3, 1e3))
def test_one_wrong_number_is_found_in_its_row(values: np.ndarray, row: int, error: float) -> None:
    row %= len(values)
    wrong = values.copy()
    wrong[row, 0] += error
    found = difference(values, wrong, EXACT, 1.0)
    assert found is not None
    assert found.place == f"row {row}"


@pytest.mark.parametrize("form", [3, np.int8(3), np.float32(3), np.array(3.0), 3.0])
def test_one_number_may_come_in_any_type(form: object) -> None:
    assert difference(3.0, form, EXACT, 1.0) is None


@pytest.mark.parametrize(
    ("form", "word"), [("3", "str"), (None, "return"), (3 + 1j, "complex"), ({"a": 1}, "dict"), ([[1], [2, 3]], "list")]
)
def test_what_is_not_numbers_is_named(form: object, word: str) -> None:
    found = difference(np.ones(2), form, EXACT, 1.0)
    assert found is not None
    assert word in found.sentence


def test_a_broadcastable_shape_is_not_the_right_shape() -> None:
    found = difference(np.zeros((3, 2)), np.zeros((1, 2)), EXACT, 1.0)
    assert found is not None
    assert "(1, 2)" in found.sentence


def test_what_differs_is_shown_with_enough_digits() -> None:
    found = difference(np.array([1 / 3]), np.array([1 / 3 + 1e-8]), EXACT, 1.0)
    assert found is not None
    assert found.expected != found.got


def test_nan_is_never_right() -> None:
    assert difference(np.zeros(2), np.array([0.0, np.nan]), EXACT, 1.0) is not None


def test_the_tolerance_follows_the_inputs_not_the_result() -> None:
    assert difference(np.array([0.0]), np.array([5e-6]), EXACT, 1e4) is None
    assert difference(np.array([0.0]), np.array([5e-6]), EXACT, 1.0) is not None


def test_a_relative_tolerance_follows_each_value() -> None:
    relative = Tolerance(1e-3, "values")
    assert difference(np.array([100.0]), np.array([100.05]), relative, 1.0) is None
    assert difference(np.array([0.1]), np.array([0.15]), relative, 1.0) is not None


def test_integers_beyond_64_bits_are_numbers() -> None:
    assert numbers([2**80]) is not None
    assert numbers([2**80, "x"]) is None


LARGE = [[[2**100] * 500] + [np.zeros(500, np.int8)] * 500] * 8  # 2 million numbers


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """The arrays that are made of values."""
    made: list[np.ndarray] = []
    asarray = np.asarray

    def watched(value: object, *rest: Any, **named: Any) -> Any:
        made.append(asarray(value, *rest, **named))
        return made[-1]

    monkeypatch.setattr(np, "asarray", watched)
    return made


def test_a_value_of_another_size_is_measured_and_never_converted(converted: list[np.ndarray]) -> None:
    found = difference(np.zeros((8, 3)), LARGE, EXACT, 1.0)
    assert found is not None
    assert found.sentence == "The shape is (8, 501, 500); (8, 3) is expected."
    got = {"a": outcome(LARGE)}
    assert diagnose([pattern(np.ones((8, 3)))], {"a": outcome(np.zeros((8, 3)))}, got, EXACT, {"a": 1.0}) is None
    assert max(array.size for array in converted) == 24


def test_patterns_do_not_measure_a_value_of_another_size_again(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[object] = []
    measure = compare.shape_of

    def counted(value: object) -> tuple[int, ...] | None:
        measured.append(value)
        return measure(value)

    monkeypatch.setattr(compare, "shape_of", counted)
    many = [pattern(np.full((8, 3), float(value))) for value in range(20)]
    got = {"a": outcome(LARGE)}
    assert diagnose(many, {"a": outcome(np.zeros((8, 3)))}, got, EXACT, {"a": 1.0}) is None
    assert len(measured) < 100


def test_no_array_of_objects_is_made(converted: list[np.ndarray]) -> None:
    assert numbers([np.zeros(9, np.int8), [2**100] * 9]) is not None
    assert [array.dtype for array in converted] == [np.float64]
    assert numbers([np.zeros(2), np.zeros(2) + 1j]) is None
    assert numbers([np.zeros((0, 2)), np.zeros((0, 3))]) is None


@pytest.mark.parametrize(
    "value", [[], [[], []], [np.zeros((2, 1)), [[1], [2]]], (np.array(1), 2.0), np.zeros((2, 0)), [2**80, 1], True]
)
def test_the_shape_of_a_value_is_that_of_its_array(value: object) -> None:
    assert compare.shape_of(value) == np.asarray(value).shape


@pytest.mark.parametrize("value", [[1, [2]], [[1], [2, 3]], [[], [[]]], [1j], ["1"], [None], None, np.array(["1"])])
def test_what_is_no_array_of_numbers_has_no_shape(value: object) -> None:
    assert compare.shape_of(value) is None


def test_mappings_are_compared_by_their_values() -> None:
    expected = {"a": 1.0, "b": "x"}
    assert difference(expected, {"a": np.array(1.0), "b": "x"}, EXACT, 1.0) is None
    for got in ({"a": np.zeros(2), "b": "x"}, {"a": 1.0}, {"a": 1.0, "b": np.zeros(2)}, np.zeros(2), {}):
        assert difference(expected, got, EXACT, 1.0) is not None


def pattern(value: object) -> Misconception:
    return Misconception("P", "p", {"a": outcome(value)})


def outcome(*values: object, changed: bool = False, trace: str = "") -> Outcome:
    return Outcome(tuple(values), changed=changed, trace=trace)


EXPECTED = {"a": outcome(1.0), "b": outcome(2.0)}
SCALES = {"a": 1.0, "b": 1.0}
DOUBLED = Misconception("DOUBLED", "doubled", {"a": outcome(2.0), "b": outcome(4.0)})
ONLY_B = Misconception("ONLY_B", "b is wrong", {"a": outcome(1.0), "b": outcome(7.0)})


def diagnosis(**got: Outcome) -> str | None:
    found = diagnose([ONLY_B, DOUBLED], EXPECTED, got, EXACT, SCALES)
    return found.id if found else None


def test_a_pattern_that_fits_every_case_is_the_diagnosis() -> None:
    assert diagnosis(a=outcome(2.0), b=outcome(4.0)) == "DOUBLED"
    assert diagnosis(a=outcome(1.0), b=outcome(7.0)) == "ONLY_B"


def test_a_pattern_is_out_where_the_submission_is_right_and_it_is_not() -> None:
    assert diagnosis(a=outcome(1.0), b=outcome(4.0)) is None


def test_an_exception_in_one_case_does_not_hide_the_pattern_of_the_others() -> None:
    assert diagnosis(a=outcome(2.0), b=Outcome(failure=Failure("IndexError"))) == "DOUBLED"


def test_values_that_nothing_explains_have_no_name() -> None:
    assert diagnosis(a=outcome(5.0), b=outcome(6.0)) is None


def test_changed_arguments_and_calls_belong_to_a_pattern() -> None:
    mutating = Misconception("MUTATES", "changed", {"a": outcome(1.0, changed=True)})
    eager = Misconception("EAGER", "read ahead", {"a": outcome(1.0, trace="rrcc")})
    expected = {"a": outcome(1.0, trace="rcrc")}
    for got, name in [(outcome(1.0, changed=True, trace="rcrc"), None), (outcome(1.0, trace="rrcc"), "EAGER")]:
        found = diagnose([mutating, eager], expected, {"a": got}, EXACT, {"a": 1.0})
        assert (found.id if found else None) == name


def test_lazy_means_one_item_ahead_at_most() -> None:
    assert outcome(trace="rcrcrc").lazy
    assert outcome(trace="rcrcr").lazy
    assert not outcome(trace="rrcc").lazy
