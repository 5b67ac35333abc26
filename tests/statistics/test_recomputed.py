"""Every figure of 200 random classes, worked out once more: student by student, with Python's own numbers."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from autograder.statistics.estimates import Array, Estimate, resampled
from autograder.statistics.groups import Ties, upper_lower
from autograder.statistics.item_figures import choice_figures, item_figures
from autograder.statistics.reliability import correlation, total_figures
from autograder.statistics.scores import Scores

pytestmark = pytest.mark.slow

CLASSES = 200
Numbers = list[float]


def random_class(seed: int) -> Scores:
    """From 1 to 60 students, from 1 to 9 items: right or wrong, with parts, all the same, all blank, many ties."""
    chance = np.random.default_rng(seed)
    students, items = int(chance.integers(1, 60)), int(chance.integers(1, 10))
    ability, columns, most = chance.standard_normal(students), [], []
    for _ in range(items):
        top = float(chance.choice([1, 1, 2, 3, 4.5, 0.3]))
        kind = chance.choice(["right or wrong", "parts", "same", "blank", "noise"])
        share = {
            "right or wrong": (ability + chance.standard_normal(students) > 0).astype(float),
            "parts": np.clip(np.round(2 + ability + chance.standard_normal(students)), 0, 4) / 4,
            "same": np.full(students, 1 / 3),
            "blank": np.zeros(students),
            "noise": chance.integers(0, 3, students) / 2,
        }[str(kind)]
        columns.append(share * top)
        most.append(top)
    if seed % 20 == 0:
        columns = [np.zeros(students) for _ in columns]
    return Scores(np.stack(columns, axis=1), np.array(most), np.array(chance.random(items) < 0.9))


def same(x: Sequence[float]) -> bool:
    return max(x) - min(x) <= 1e-9


def pearson(x: Numbers, y: Numbers) -> float | None:
    if len(x) < 2 or same(x) or same(y):
        return None
    deviations: float = math.sqrt(statistics.pvariance(x) * statistics.pvariance(y))
    return covariance(x, y) / deviations


def covariance(x: Numbers, y: Numbers) -> float:
    of_x, of_y = statistics.fmean(x), statistics.fmean(y)
    return sum((a - of_x) * (b - of_y) for a, b in zip(x, y, strict=True)) / len(x)


def alpha(items: list[Numbers]) -> float | None:
    totals = [sum(row) for row in zip(*items, strict=True)]
    if len(items) < 2 or same(totals):
        return None
    within = sum(statistics.pvariance(item) for item in items)
    found: float = len(items) / (len(items) - 1) * (1 - within / statistics.pvariance(totals))
    return found


def shared_difference(share: Numbers, totals: Numbers) -> float | None:
    """The upper less the lower 27 %: whole levels of the total, and of the last one the fraction that is still open."""

    def mean(descending: bool) -> float:
        open_, got = 0.27 * len(totals), 0.0
        for level in sorted({round(total, 9) for total in totals}, reverse=descending):
            members = [s for s, total in zip(share, totals, strict=True) if round(total, 9) == level]
            taken = min(open_, len(members))
            got += taken * statistics.fmean(members)
            open_ -= taken
        return got / (0.27 * len(totals))

    return None if same(totals) else mean(True) - mean(False)


def agrees(found: float | None, expected: float | None, what: str) -> None:
    if expected is None:
        assert found is None, what
    else:
        assert found == pytest.approx(expected, abs=1e-9), what


def figures_without(seed: int) -> tuple[Scores, list[Numbers], Numbers]:
    scores = random_class(seed)
    items = [[float(point) for point in column] for column in scores.points.T]
    counted = [item for item, counts in zip(items, scores.counted, strict=True) if counts]
    totals = [math.fsum(row) for row in zip(*counted, strict=True)] if counted else [0.0] * scores.students
    return scores, items, totals


@pytest.mark.parametrize("seed", range(CLASSES))
def test_items_are_as_worked_out_once_more(seed: int) -> None:
    scores, items, totals = figures_without(seed)
    found = item_figures(scores, resampled(scores.students, times=20))
    counted = [bool(one) for one in scores.counted]
    pulls = [covariance(item, totals) if counts else None for item, counts in zip(items, counted, strict=True)]
    roots = [None if pull is None or pull < -1e-9 else math.sqrt(max(pull, 0.0)) for pull in pulls]
    whole = sum(root for root in roots if root)
    for place, (item, one) in enumerate(zip(items, found, strict=True)):
        most = float(scores.max_points[place])
        rest = [total - point * counted[place] for total, point in zip(totals, item, strict=True)]
        agrees(one.facility.value, statistics.fmean(item) / most, "facility")
        agrees(one.item_total.value, pearson(item, totals) if counted[place] else None, "item-total")
        agrees(one.item_rest.value, pearson(item, rest), "item-rest")
        best = covariance(sorted(item), sorted(rest))
        defined = pearson(item, rest) is not None
        agrees(one.efficiency, covariance(item, rest) / best if defined else None, "efficiency")
        agrees(one.upper_lower.value, shared_difference([point / most for point in item], totals), "upper-lower")
        others = [other for at, other in enumerate(items) if at != place and counted[at]]
        agrees(one.alpha_without, alpha(others) if counted[place] else None, "alpha without")
        if whole > 1e-6:
            root = roots[place]
            weight = None if root is None else root / whole
            assert one.effective_weight == (None if weight is None else pytest.approx(weight, abs=1e-6))
        assert one.varies == (not same(item))


@pytest.mark.parametrize("seed", range(CLASSES))
def test_totals_are_as_worked_out_once_more(seed: int) -> None:
    scores, items, totals = figures_without(seed)
    found = total_figures(scores, resampled(scores.students, times=20))
    counted = [item for item, counts in zip(items, scores.counted, strict=True) if counts]
    expected = alpha(counted)
    agrees(found.alpha.value, expected, "alpha")
    deviation = statistics.stdev(totals) if len(totals) > 1 else None
    agrees(found.deviation, deviation, "deviation")
    error = None if expected is None or deviation is None else deviation * math.sqrt(1 - expected)
    agrees(found.standard_error, error, "standard error")
    defined = len(totals) > 3 and not same(totals)
    agrees(found.skewness, float(stats.skew(totals, bias=False)) if defined else found.skewness, "skewness")
    agrees(found.kurtosis, float(stats.kurtosis(totals, bias=False)) if defined else None, "kurtosis")
    whole = [
        [point / most for point in item]
        for item, most, counts in zip(items, scores.max_points, scores.counted, strict=True)
        if counts and all(point in (0.0, most) for point in item)
    ]
    agrees(found.kr20, kr20(whole), "KR-20")
    assert sum(found.distribution) == (len(totals) if counted else 0)
    assert found.median == pytest.approx(statistics.median(totals))
    assert found.dichotomous == len(whole)


def kr20(items: list[Numbers]) -> float | None:
    """By the formula of Kuder and Richardson: shares right and wrong."""
    totals = [sum(row) for row in zip(*items, strict=True)]
    if len(items) < 2 or same(totals):
        return None
    shares = [statistics.fmean(item) for item in items]
    wrong_and_right = sum(p * (1 - p) for p in shares)
    return float(len(items) / (len(items) - 1) * (1 - wrong_and_right / statistics.pvariance(totals)))


@pytest.mark.parametrize("seed", range(0, CLASSES, 10))
def test_intervals_are_those_of_classes_drawn_student_by_student(seed: int) -> None:
    scores, items, totals = figures_without(seed)
    weights = resampled(scores.students, times=60)
    drawn = [[who for who, times in enumerate(row) for _ in range(int(times))] for row in weights[1:]]
    found = item_figures(scores, weights)
    chosen: Array = np.array([[float(who % 3 == 0)] for who in range(scores.students)])
    (choice,) = choice_figures(scores, [0], chosen, weights)
    for place, item in enumerate(items):
        rest = [total - point * scores.counted[place] for total, point in zip(totals, item, strict=True)]
        compare(found[place].item_rest, [pearson(at(item, who), at(rest, who)) for who in drawn])
        share = [point / float(scores.max_points[place]) for point in item]
        compare(found[place].upper_lower, [shared_difference(at(share, who), at(totals, who)) for who in drawn])
    picks = [float(pick) for pick in chosen[:, 0]]
    compare(choice.total, [pearson(at(picks, who), at(totals, who)) for who in drawn])
    counted = [item for item, counts in zip(items, scores.counted, strict=True) if counts]
    alphas = [alpha([at(item, who) for item in counted]) for who in drawn]
    compare(total_figures(scores, weights).alpha, alphas)


def at(x: Numbers, who: list[int]) -> Numbers:
    return [x[one] for one in who]


def compare(estimate: Estimate, drawn: list[float | None]) -> None:
    """The interval lies between the percentiles of what was found in the classes drawn, if half of them have it."""
    values = [one for one in drawn if one is not None]
    if estimate.value is None or 2 * len(values) <= len(drawn):
        assert (estimate.low, estimate.high) == (None, None)
    else:
        low, high = np.percentile(values, [2.5, 97.5])
        assert estimate.low == pytest.approx(low, abs=1e-9)
        assert estimate.high == pytest.approx(high, abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_each_rule_for_ties_takes_the_students_that_it_says(seed: int) -> None:
    scores, items, totals = figures_without(seed)
    ranked = sorted(range(len(totals)), key=lambda who: -totals[who])
    outer = max(1, round(0.27 * len(totals)))
    rules: tuple[Ties, ...] = ("cut", "up")
    for rule in rules:
        upper, lower = ranked[:outer], ranked[len(totals) - outer :]
        if rule == "up":
            upper = [who for who in ranked if totals[who] >= totals[upper[-1]] - 1e-9]
            middle = ranked[: len(totals) - outer]
            lower = [who for who in lower if not middle or totals[who] < totals[middle[-1]] - 1e-9]
        found = upper_lower(scores.shares, scores.totals, rule)
        for place, item in enumerate(items):
            most = float(scores.max_points[place])
            if same(totals) or not lower:
                assert math.isnan(found[place])
            else:
                expected = (statistics.fmean(at(item, upper)) - statistics.fmean(at(item, lower))) / most
                assert found[place] == pytest.approx(expected)


def test_two_assignments_go_together_as_their_totals_do() -> None:
    chance = np.random.default_rng(3)
    x = chance.standard_normal(80)
    y = x + chance.standard_normal(80)
    found = correlation(x, y)
    assert found.value == pytest.approx(statistics.correlation(list(x), list(y)))
    assert found.above(0.4)
    assert correlation(x, np.ones(80)).value is None
    assert correlation(np.array([]), np.array([])).value is None
