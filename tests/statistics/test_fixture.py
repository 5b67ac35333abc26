"""The figures of a small class, to all the digits that were worked out beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.statistics.estimates import Array, Estimate, resampled, share
from autograder.statistics.groups import by_group, quantile_groups, upper_lower
from autograder.statistics.item_figures import ItemFigures, choice_figures, item_figures
from autograder.statistics.reliability import total_figures
from autograder.statistics.scores import Scores
from tests.statistics.classes import all_counted

POINTS = np.array(
    [[1, 1, 1, 2], [1, 1, 0, 2], [1, 0, 1, 1], [1, 1, 0, 1], [0, 1, 0, 1], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]],
    dtype=float,
)
SCORES = all_counted(POINTS, np.array([1.0, 1.0, 1.0, 2.0]))
WEIGHTS = resampled(len(POINTS))


@pytest.fixture(scope="module")
def figures() -> list[ItemFigures]:
    return item_figures(SCORES, WEIGHTS)


def value(estimate: Estimate) -> float:
    assert estimate.value is not None
    return estimate.value


@pytest.mark.parametrize(
    ("item", "facility", "total", "rest", "efficiency", "weight"),
    [
        (0, 0.6250, 67.572, 44.721, 52.941, 23.662),
        (1, 0.5000, 71.375, 49.266, 55.556, 24.714),
        (2, 0.3750, 30.715, 0.000, 0.000, 15.953),
        (3, 0.4375, 95.242, 83.205, 100.000, 35.671),
    ],
)
def test_each_item_has_the_figures_of_the_fixture(
    figures: list[ItemFigures],
    item: int,
    facility: float,
    total: float,
    rest: float,
    efficiency: float,
    weight: float,
) -> None:
    one = figures[item]
    assert round(value(one.facility), 4) == facility
    assert round(100 * value(one.item_total), 3) == total
    assert round(100 * value(one.item_rest), 3) == rest
    assert round(100 * (one.efficiency or 0.0), 3) == efficiency
    assert round(100 * (one.effective_weight or 0.0), 3) == weight


def test_the_point_biserial_is_that_of_the_population() -> None:
    found = choice_figures(SCORES, [0, 1, 2], POINTS[:, :3], WEIGHTS)
    assert [round(value(one.total), 4) for one in found] == [0.6757, 0.7137, 0.3071]
    assert [round(value(one.rest), 4) for one in found] == [0.4472, 0.4927, 0.0]
    assert [one.beyond.value for one in found] == [0.0, 0.0, 0.0]


def test_the_totals_have_the_figures_of_the_fixture() -> None:
    found = total_figures(SCORES, WEIGHTS)
    assert round(value(found.alpha), 6) == 0.620545
    assert round(found.deviation or 0.0, 5) == 1.68502
    assert round(100 * (found.error_ratio or 0.0), 1) == 61.6
    assert round(found.standard_error or 0.0, 5) == 1.03797
    assert (found.dichotomous, round(found.kr20 or 0.0, 4)) == (3, 0.0625)
    assert (found.lowest, found.median, found.highest, found.mean) == (0.0, 2.5, 5.0, 2.375)
    assert found.distribution == (1, 0, 2, 0, 1, 0, 2, 0, 1, 1)


def test_the_rule_for_ties_decides_what_the_upper_27_percent_are() -> None:
    cut, up, shared = (upper_lower(SCORES.shares, SCORES.totals, rule)[2] for rule in ("cut", "up", "shared"))
    assert (cut, up) == (0.0, 0.5)
    outer = 0.27 * 8  # students: two on top and 0.16 of the two with 3; below, the last one and 1.16 of two with 1
    assert shared == pytest.approx((1 + 0.08 - 0.58) / outer)


def test_sharing_ties_depends_on_no_order_of_the_students(figures: list[ItemFigures]) -> None:
    for order in ([7, 6, 5, 4, 3, 2, 1, 0], [2, 0, 5, 7, 1, 3, 6, 4]):
        found = item_figures(all_counted(POINTS[order], SCORES.max_points), WEIGHTS)
        for one, other in zip(figures, found, strict=True):
            assert one.upper_lower.value == pytest.approx(other.upper_lower.value)
            assert one.curve == other.curve


def test_students_of_one_total_are_in_one_fifth() -> None:
    groups = quantile_groups(SCORES.totals)
    assert list(groups) == [4, 4, 3, 3, 2, 1, 1, 0]
    shares = by_group(SCORES.shares, groups)
    assert shares.shape == (5, 4)
    assert list(shares[4]) == [1.0, 1.0, 0.5, 1.0]


def test_intervals_hold_the_figure_and_are_the_same_each_time(figures: list[ItemFigures]) -> None:
    assert figures == item_figures(SCORES, resampled(len(POINTS), seed=27))
    for one in figures:
        for estimate in (one.facility, one.item_total, one.item_rest, one.upper_lower):
            assert estimate.low is not None
            assert estimate.high is not None
            assert -1 <= estimate.low <= value(estimate) <= estimate.high <= 1


def test_a_resample_draws_as_many_students_as_there_are() -> None:
    weights = resampled(40, times=200)
    assert weights.shape == (201, 40)
    assert set(weights.sum(axis=1)) == {40.0}
    assert list(weights[0]) == [1.0] * 40


def test_a_share_has_an_interval_also_where_all_or_none_are_counted() -> None:
    everybody, nobody = share(10, 10), share(0, 10)
    assert (everybody.value, nobody.value) == (1.0, 0.0)
    assert everybody.high == pytest.approx(1.0)
    assert nobody.low == pytest.approx(0.0)
    assert everybody.low == pytest.approx(0.7225, abs=1e-4)
    assert nobody.high == pytest.approx(1 - 0.7225, abs=1e-4)
    assert share(0, 0) == Estimate(None)
    assert share(4, 10).low == pytest.approx(0.1682, abs=1e-4)


def test_an_item_for_extra_credit_is_measured_by_the_total_and_is_no_part_of_it() -> None:
    extra = Scores(POINTS, SCORES.max_points, np.array([True, True, False, True]))
    assert list(extra.totals) == [4, 4, 2, 3, 2, 1, 0, 0]
    found = item_figures(extra, WEIGHTS)[2]
    assert found.item_total == Estimate(None)
    assert found.item_rest.value == pytest.approx(float(np.corrcoef(POINTS[:, 2], extra.totals)[0, 1]))
    assert (found.effective_weight, found.alpha_without) == (None, None)
    assert total_figures(extra, WEIGHTS).items == 3


def test_what_does_not_vary_has_no_correlation() -> None:
    points: Array = np.array([[1, 0, 0.1], [1, 1, 0.1], [1, 0, 0.1], [1, 1, 0.1]])
    found = item_figures(all_counted(points), resampled(4))
    assert [one.item_rest.value for one in found] == [None, None, None]
    assert [one.varies for one in found] == [False, True, False]
    assert found[1].item_total.value == pytest.approx(1.0)
    assert found[0].upper_lower.value == 0.0
