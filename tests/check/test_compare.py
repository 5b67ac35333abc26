"""What counts as the same answer, and which misconception a wrong one shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.check import compare
from autograder.check.compare import Tolerance, difference, numbers

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
    assert max(array.size for array in converted) == 24


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
