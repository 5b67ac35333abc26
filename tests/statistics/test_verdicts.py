"""What is said of items: a planted wrong key is found, and good items are left in peace."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.statistics.estimates import Estimate, resampled, share
from autograder.statistics.item_figures import item_figures
from autograder.statistics.verdicts import (
    KINDS,
    ItemFinding,
    Measured,
    aim_says,
    alpha_says,
    doubtful_first,
    findings,
    least_sure,
)
from tests.statistics.classes import NOBODY, OPTIONS, all_counted, answers, findings_of

pytestmark = pytest.mark.slow

CLASSES = 200


def test_good_classes_are_rarely_told_to_check_a_key_and_planted_ones_nearly_always() -> None:
    """Over 200 classes of 150 students and 12 items, in each of which the first item is marked by a wrong key."""
    chance = np.random.default_rng(11)
    found, false, doubted = 0, 0, 0
    for _ in range(CLASSES):
        chosen, key = answers(chance, 150, 12)
        marked = [int(key[0] + chance.integers(1, OPTIONS)) % OPTIONS, *key[1:]]
        said = findings_of(chosen, marked)
        found += said[0][0].kind == "key"
        false += any(one[0].kind == "key" for one in said[1:])
        doubted += sum(one[0].is_doubt for one in said[1:])
    assert found >= 0.85 * CLASSES
    assert false <= 0.02 * CLASSES
    assert doubted <= 0.02 * 11 * CLASSES


@pytest.mark.parametrize("students", [12, 29])
def test_in_a_small_class_good_items_are_left_in_peace(students: int) -> None:
    chance = np.random.default_rng(students)
    said = [findings_of(*answers(chance, students, 10)) for _ in range(100)]
    assert sum(any(one[0].is_doubt for one in each) for each in said) <= 3


def test_the_right_option_that_strong_students_choose_is_named() -> None:
    chosen, key = answers(np.random.default_rng(4), 150, 12)
    marked = [(int(key[0]) + 1) % OPTIONS, *key[1:]]
    first, *_ = findings_of(chosen, marked)[0]
    assert first.says == f"A wrong option ({'ABCD'[key[0]]}) attracts the strong students: check the key."


def one_item(points: np.ndarray, blank: Estimate = NOBODY, timeouts: Estimate = NOBODY) -> list[str]:
    """What is said of the first item."""
    figures = item_figures(all_counted(points), resampled(len(points)))[0]
    return [one.says for one in findings(Measured(len(points), figures, (), "number", blank, timeouts))]


def with_first(first: np.ndarray) -> np.ndarray:
    """A class whose other items go together; students stand from the weakest to the strongest."""
    chance, students = np.random.default_rng(5), len(first)
    ability = np.linspace(-2, 2, students)
    others = [(ability + chance.standard_normal(students) > 0).astype(float) for _ in range(8)]
    return np.stack([first, *others], axis=1)


STRONG_HALF = np.repeat([0.0, 1.0], 40)


@pytest.mark.parametrize(
    ("first", "says"),
    [
        (STRONG_HALF, "Fits well."),
        (1 - STRONG_HALF, "Stronger students do worse on it than weaker ones: read it and its key again."),
        (np.tile([0.0, 1.0], 150), "It hardly tells strong students from weak ones."),
        (np.ones(80), "Nearly all are right: it tells students apart no more."),
        (np.zeros(80), "Nobody got a point for it."),
        (np.full(80, 0.5), "All have the same points for it: it tells nobody apart."),
        (np.repeat([0.0, 1.0], [77, 3]), "Few of its points were earned: 4\N{NARROW NO-BREAK SPACE}% on average."),
    ],
)
def test_an_item_is_told_what_it_is(first: np.ndarray, says: str) -> None:
    assert one_item(with_first(first)) == [says]


def test_what_is_certain_only_as_the_class_is_large_is_no_reversal() -> None:
    chance = np.random.default_rng(8)
    ability = chance.standard_normal(4000)
    others = [(ability + chance.standard_normal(4000) > 0).astype(float) for _ in range(8)]
    first = (chance.standard_normal(4000) - 0.12 * ability > 0).astype(float)
    points = np.stack([first, *others], axis=1)
    assert item_figures(all_counted(points), resampled(4000, times=100))[0].item_rest.below(0)
    assert one_item(points) == ["It hardly tells strong students from weak ones."]


def test_what_many_left_blank_or_ran_out_of_time_on_is_told_beside() -> None:
    said = one_item(with_first(STRONG_HALF), blank=share(30, 80), timeouts=share(20, 80))
    assert said == [
        "Many left it blank (38\N{NARROW NO-BREAK SPACE}%).",
        "For many the time ran out on it (25\N{NARROW NO-BREAK SPACE}%).",
    ]
    assert one_item(with_first(STRONG_HALF), blank=share(18, 80)) == ["Fits well."]


def test_a_few_students_establish_nothing() -> None:
    assert one_item(with_first(STRONG_HALF)[::10]) == ["There are too few students to tell."]


def test_items_are_ranked_by_the_kind_of_doubt_and_then_by_how_badly_they_fit() -> None:
    figures = item_figures(all_counted(with_first(STRONG_HALF)), resampled(80))
    ranks = [doubtful_first(ItemFinding(kind, ""), figures[0])[0] for kind in KINDS]
    assert ranks == sorted(ranks)
    same = ItemFinding("open", "")
    rests = [one.item_rest.value or 0.0 for one in figures]
    assert sorted(rests) == [
        doubtful_first(same, one)[1] for one in sorted(figures, key=lambda f: f.item_rest.value or 0)
    ]


def test_alpha_is_called_satisfactory_only_where_its_interval_is() -> None:
    assert "reliably" in alpha_says(Estimate(0.85, 0.8, 0.9))
    assert "poorly" in alpha_says(Estimate(0.4, 0.2, 0.6))
    assert "can't be told" in alpha_says(Estimate(0.8, 0.7, 0.85))
    assert "isn't defined" in alpha_says(Estimate(None))


def test_alpha_below_what_is_called_satisfactory_is_told_with_its_value() -> None:
    said = alpha_says(Estimate(0.6, 0.46, 0.69))
    assert "less reliably than is called satisfactory for an exam (0.75): alpha is 0.60." in said
    assert "poor (below 0.64) can't be told" in said
    assert "satisfactory for an exam" not in alpha_says(Estimate(0.7, 0.6, 0.8))


def test_the_least_sure_is_named_only_where_intervals_tell_it_apart() -> None:
    low, middle, high = Estimate(0.3, 0.2, 0.4), Estimate(0.5, 0.35, 0.6), Estimate(0.8, 0.7, 0.9)
    assert least_sure({"01": high, "02": low}).startswith("02 is the least sure")
    assert least_sure({"01": low, "02": middle, "03": high}).startswith("The least sure are 01 and 02")
    assert "can't be told" in least_sure({"01": low, "02": middle})
    assert least_sure({"01": low, "02": Estimate(None)}) == ""


def test_a_test_is_told_whom_it_measures_best() -> None:
    assert "weak students better" in aim_says(0.72)
    assert "strong students better" in aim_says(0.3)
    assert aim_says(0.6) == ""
