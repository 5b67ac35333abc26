"""Which name a wrong answer gets, and when it gets none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from autograder.answers import compare
from autograder.answers.case import Case, Outcome, Step
from autograder.answers.compare import Tolerance
from autograder.answers.diagnose import diagnose, parted
from autograder.answers.misconception import Cases, Misconception
from autograder.plain import Failure

RAISED = Outcome(failure=Failure("IndexError"))
LARGE = [[[2**100] * 500] + [np.zeros(500, np.int8)] * 500] * 8  # 2 million numbers
ROWS = {name: np.random.default_rng(seed).normal(size=(4, 3)) for seed, name in enumerate("abcd")}


def outcome(*values: object, changed: bool = False, trace: str = "") -> Outcome:
    return Outcome(tuple(values), changed=changed, trace=trace)


def cases(expected: Mapping[str, Outcome], arguments: Mapping[str, object] | None = None) -> Cases:
    held = {name: Case(name, (Step("call", args=((arguments or {}).get(name),)),)) for name in expected}
    return Cases(held, expected, Tolerance())


def named(misconceptions: list[Misconception], expected: dict[str, Outcome], got: dict[str, Outcome]) -> str | None:
    found = diagnose(misconceptions, cases(expected), got, got)
    return found.id if found else None


def given(change: object, names: str = "abcd") -> dict[str, Outcome]:
    """What a program gives that does `change` to the right rows of the cases in `names`."""
    assert callable(change)
    return {name: outcome(change(rows) if name in names else rows) for name, rows in ROWS.items()}


RIGHT = given(lambda rows: rows)
CUBED = Misconception("CUBED", "cubed", given(lambda rows: rows**3))
CUBED_IN_B = Misconception("CUBED_IN_B", "b is wrong", given(lambda rows: rows**3, "b"))


def test_a_misconception_that_fits_every_case_is_the_diagnosis() -> None:
    assert named([CUBED_IN_B, CUBED], RIGHT, given(lambda rows: rows**3)) == "CUBED"
    assert named([CUBED_IN_B, CUBED], RIGHT, given(lambda rows: rows**3, "b")) == "CUBED_IN_B"


def test_a_misconception_is_out_where_it_is_contradicted() -> None:
    assert named([CUBED], RIGHT, given(lambda rows: rows**3, "bcd")) is None
    assert named([CUBED], RIGHT, given(lambda rows: rows**3, "abc") | {"d": outcome(ROWS["d"] + np.eye(4, 3))}) is None


def test_an_exception_in_one_case_does_not_hide_the_misconception_of_the_others() -> None:
    assert named([CUBED], RIGHT, given(lambda rows: rows**3) | {"b": RAISED}) == "CUBED"


def test_no_two_misconceptions_that_fit_alike_are_told_apart() -> None:
    twin = Misconception("TWIN", "the same in what came back", CUBED.outcomes)
    assert named([CUBED, twin], RIGHT, given(lambda rows: rows**3)) is None


def test_values_that_nothing_explains_have_no_name() -> None:
    assert named([CUBED], RIGHT, given(lambda rows: ROWS["a"][::-1] * rows + ROWS["b"])) is None


def test_single_numbers_tell_only_together() -> None:
    expected = {name: outcome(value) for name, value in zip("abcd", (0.3, 0.5, 0.7, 0.9), strict=True)}
    wrong = {name: outcome(value) for name, value in zip("abcd", (0.25, 0.35, 0.45, 0.9), strict=True)}
    known = Misconception("KNOWN", "k", wrong)
    assert named([known], expected, wrong) == "KNOWN"
    for name in "abc":  # the other cases came out right for all of them
        few = Misconception("FEW", "f", wrong | {name: expected[name]})
        assert named([few], expected, dict(few.outcomes)) != "FEW"


def test_a_number_that_three_programs_share_tells_nothing() -> None:
    expected = {name: outcome(value) for name, value in zip("abcd", (0.3, 0.5, 0.7, 0.9), strict=True)}
    wrong = {name: outcome(value) for name, value in zip("abcd", (0.25, 0.35, 0.45, 0.9), strict=True)}
    crowd = [Misconception(f"OTHER_{end}", "o", wrong | {"d": outcome(end)}) for end in (0.1, 0.2)]
    assert named([Misconception("KNOWN", "k", wrong), *crowd], expected, wrong) != "KNOWN"


def test_changed_arguments_and_calls_are_facts() -> None:
    mutating = Misconception("MUTATES", "changed", {"a": outcome(1.0, changed=True)})
    eager = Misconception("EAGER", "read ahead", {"a": outcome(1.0, trace="rrcc")})
    expected = {"a": outcome(1.0, trace="rcrc")}
    assert named([mutating, eager], expected, {"a": outcome(1.0, changed=True, trace="rcrc")}) is None
    assert named([mutating, eager], expected, {"a": outcome(1.0, trace="rrcc")}) == "EAGER"


def test_a_missing_exception_is_a_fact() -> None:
    expected = RIGHT | {"n": Outcome(failure=Failure("ValueError"))}
    accepts = Misconception("ACCEPTS", "accepted", RIGHT | {"n": outcome(0.0)})
    assert named([accepts], expected, RIGHT | {"n": outcome(0.0)}) == "ACCEPTS"
    assert named([accepts], expected, RIGHT | {"n": outcome(2.5)}) == "NO_EXCEPTION"


def test_exceptions_alone_tell_only_beside_right_cases() -> None:
    raising = Misconception("RAISES", "r", RIGHT | {"a": RAISED})
    everywhere = Misconception("RAISES", "r", dict.fromkeys("abcd", RAISED))
    assert named([raising], RIGHT, RIGHT | {"a": RAISED}) == "RAISES"
    assert named([everywhere], RIGHT, dict.fromkeys("abcd", RAISED)) is None


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("RETURNS_NOTHING", lambda _rows: None),
        ("ONLY_LAST_ROW", lambda rows: rows[-1]),
        ("ONLY_LAST_ROW", lambda rows: rows[-1:].tolist()),
        ("ONLY_FIRST_ROW", lambda rows: rows[0]),
        ("EXTRA_FIRST_ROW", lambda rows: np.concatenate([np.zeros((1, 3)), rows])),
        ("EXTRA_LAST_ROW", lambda rows: np.concatenate([rows, rows[-1:]])),
        ("FIRST_ROW_MISSING", lambda rows: rows[1:]),
        ("LAST_ROW_MISSING", lambda rows: list(rows[:-1])),
        ("ROWS_TOO_LATE", lambda rows: np.concatenate([np.zeros((1, 3)), rows[:-1]])),
        ("ROWS_TOO_EARLY", lambda rows: np.concatenate([rows[1:], np.zeros((1, 3))])),
        ("REVERSED", lambda rows: rows[::-1]),
        ("TRANSPOSED", lambda rows: rows.T),
        ("AXIS_OF_LENGTH_1", lambda rows: rows[:, :, None]),
        ("OTHER_SHAPE", lambda rows: rows.ravel()),
        ("VALUE_IN_A_LIST", lambda rows: [rows, 4]),
        ("CUT_TO_INTEGERS", np.trunc),
        ("WRONG_SIGN", lambda rows: -rows),
        ("TWICE", lambda rows: 2 * rows),
        ("HALF", lambda rows: rows / 2),
        ("TIMES_LENGTH", lambda rows: 4 * rows),
        ("DIVIDED_BY_LENGTH", lambda rows: rows / 4),
        ("SQUARED", lambda rows: rows**2),
        ("RECIPROCAL", lambda rows: 1 / rows),
        ("COMPLEMENT", lambda rows: 1 - rows),
        ("ROUNDED", lambda rows: rows.round(2)),
        ("NAN", lambda rows: rows * np.nan),
        ("CONSTANT_FACTOR", lambda rows: 7.3 * rows),
        ("CONSTANT_ADDED", lambda rows: rows - 0.75),
        ("COLUMNS_ALIKE", lambda rows: rows.mean(axis=1, keepdims=True) + np.zeros(3)),
        ("ROWS_ALIKE", lambda rows: rows.mean(axis=0) + np.zeros((4, 1))),
        ("STILL_ZERO", lambda rows: rows * (np.arange(4) != 2)[:, None]),
        ("ONLY_FIRST_ROW_WRONG", lambda rows: rows + np.array([[5.0], [0], [0], [0]])),
        ("ONLY_LAST_ROW_WRONG", lambda rows: rows + np.array([[0.0], [0], [0], [-5]])),
        ("SOME_COLUMNS_RIGHT", lambda rows: rows + np.array([0.0, 4, 0])),
        ("OTHER_PLACES", lambda rows: rows[[1, 0, 3, 2]]),
        ("ROWS_SCALED", lambda rows: rows * [[2.0], [-1], [0.5], [3]]),
        ("IMPRECISE", lambda rows: rows * (1 + 0.001 * np.cos(rows))),
        ("RIGHT_AT_FIRST", lambda rows: rows + 0.3 * np.arange(4)[:, None]),
        ("RIGHT_AT_LAST", lambda rows: rows + 0.3 * np.arange(4)[::-1, None]),
        ("TOO_LARGE", lambda rows: rows * (1.1 + np.abs(ROWS["a"]))),
        ("TOO_SMALL", lambda rows: rows / (1.1 + np.abs(ROWS["a"]))),
        ("SAME_FOR_ALL", lambda _rows: np.ones((4, 3))),
    ],
)
def test_what_looks_alike_in_every_task_needs_no_author(name: str, change: object) -> None:
    large = {case: rows * 30 for case, rows in ROWS.items()} if name == "CUT_TO_INTEGERS" else ROWS
    assert callable(change)
    expected = {case: outcome(rows) for case, rows in large.items()}
    got = {case: outcome(change(rows)) for case, rows in large.items()}
    assert named([], expected, got) == name


def test_of_a_wrong_result_that_is_no_table_nothing_is_said_about_rows_and_columns() -> None:
    scaled = [[2.0], [-1], [0.5], [3]]
    both = {name: outcome(rows, rows[:, 0]) for name, rows in ROWS.items()}
    tables_wrong = {name: outcome(rows * scaled, rows[:, 0]) for name, rows in ROWS.items()}
    both_wrong = {name: outcome(rows * scaled, rows[::-1, 0] + 3) for name, rows in ROWS.items()}
    assert named([], both, tables_wrong) == "ROWS_SCALED"
    assert named([], both, both_wrong) != "ROWS_SCALED"


def test_an_argument_that_came_back_is_named() -> None:
    got = {name: outcome(rows + 5) for name, rows in ROWS.items()}
    arguments = {name: rows + 5 for name, rows in ROWS.items()}
    squares = {name: outcome(rows**2) for name, rows in ROWS.items()}
    found = diagnose([], cases(squares, arguments), got, got)
    assert found is not None
    assert found.id == "RETURNS_ARGUMENT"


def test_cases_that_all_raised_show_no_factor() -> None:
    expected = {name: outcome(1.0, 2.0, 3.0, 4.0) for name in "ab"}
    got = {name: Outcome((1.5, 2.5, 3.5), Failure("IndexError")) for name in "ab"}
    assert named([], expected, got) is None


def test_a_relation_that_a_right_case_contradicts_is_not_named() -> None:
    assert named([], RIGHT, given(lambda rows: 2 * rows, "abc")) != "TWICE"


def test_the_misconception_of_the_task_comes_first() -> None:
    doubled = Misconception("MEAN_COUNTED_TWICE", "m", given(lambda rows: 2 * rows))
    assert named([doubled], RIGHT, given(lambda rows: 2 * rows)) == "MEAN_COUNTED_TWICE"


def test_results_that_change_from_call_to_call_are_named() -> None:
    got, again = given(lambda rows: rows + 0.1 * ROWS["a"]), given(lambda rows: rows + 0.2 * ROWS["a"])
    assert parted(got, got) == []
    found = diagnose([], cases(RIGHT), got, got, parted(got, {"a": again["a"]}))
    assert found is not None
    assert (found.id, *found.shown_by) == ("UNSTEADY", "a")


def test_no_name_measures_a_value_of_another_size_again(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[object] = []
    measure = compare.shape_of

    def counted(value: object) -> tuple[int, ...] | None:
        measured.append(value)
        return measure(value)

    monkeypatch.setattr(compare, "shape_of", counted)
    many = [Misconception("P", "p", {"a": outcome(np.full((8, 3), float(value)))}) for value in range(20)]
    assert named(many, {"a": outcome(np.zeros((8, 3)))}, {"a": outcome(LARGE)}) == "OTHER_FORM"
    assert sum(value is LARGE for value in measured) < 6


def test_lazy_means_one_item_ahead_at_most() -> None:
    assert outcome(trace="rcrcrc").lazy
    assert outcome(trace="rcrcr").lazy
    assert not outcome(trace="rrcc").lazy
