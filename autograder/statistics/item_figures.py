"""What a class's points tell about each item, and what its options tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.statistics.estimates import Array, Estimate, correlations, estimates, number, share, variances
from autograder.statistics.groups import by_group, quantile_groups, upper_lower_resampled
from autograder.statistics.reliability import alphas
from autograder.statistics.scores import Scores


@dataclass(frozen=True)
class ItemFigures:
    """The figures of an item, as fractions of 1; None where one isn't defined, such as a correlation with what doesn't
    vary.

    - `facility`: the mean share of its points, with Wilson's interval.
    - `item_total`: its correlation with the total, the item included; None for an item that isn't part of the total.
    - `item_rest`: its correlation with the total of the other items (Moodle's discrimination index).
    - `upper_lower`: the share of its points that the upper 27 % get, less that of the lower 27 %; ties are shared.
    - `efficiency`: its covariance with the rest by the largest that the same points could have, if the students had
      them in the order of the rest (Moodle's discriminative efficiency).
    - `effective_weight`: its share of what the total tells students apart by: the root of its covariance with the
      total, by the sum of these roots (Moodle). None where the covariance is negative.
    - `alpha_without`: Cronbach's alpha of the other items.
    - `curve`: the mean share of its points in each fifth of the class by the total; None for a fifth without students.
    - `varies`: whether students have different points for it.
    """

    facility: Estimate
    item_total: Estimate
    item_rest: Estimate
    upper_lower: Estimate
    efficiency: float | None
    effective_weight: float | None
    alpha_without: float | None
    curve: tuple[float | None, ...]
    varies: bool


@dataclass(frozen=True)
class ChoiceFigures:
    """Who chooses an option, or writes a number.

    - `share`: of the students, with Wilson's interval.
    - `total`: the correlation of choosing it with the total, the item included (point-biserial with the population's
      SD, as in Canvas); `rest`: with the total of the other items.
    - `beyond`: `rest` less the item's own correlation with the other items. Above 0, the choice tells who is strong
      better than the points do.
    - `curve`: the share in each fifth of the class by the total; None for a fifth without students.
    """

    share: Estimate
    total: Estimate
    rest: Estimate
    beyond: Estimate
    curve: tuple[float | None, ...]


def item_figures(scores: Scores, weights: Array) -> list[ItemFigures]:
    """The figures of each item; `weights` are those of `resampled`. There must be a student."""
    totals = np.repeat(scores.totals[:, None], scores.points.shape[1], axis=1)
    with_total = np.where(scores.counted, correlations(weights, scores.points, totals), np.nan)
    item_total = estimates(with_total)
    item_rest = estimates(correlations(weights, scores.points, scores.rests))
    difference = estimates(upper_lower_resampled(weights, scores.shares, scores.totals))
    curves = by_group(scores.shares, quantile_groups(scores.totals))
    varying = variances(np.ones((1, scores.students)), scores.points)[0] > 0
    effective, without = _effective_weights(scores), _alphas_without(scores)
    return [
        ItemFigures(
            facility=_facility(scores, item),
            item_total=item_total[item],
            item_rest=item_rest[item],
            upper_lower=difference[item],
            efficiency=_efficiency(scores.points[:, item], scores.rests[:, item], item_rest[item]),
            effective_weight=effective[item],
            alpha_without=without[item],
            curve=tuple(map(number, curves[:, item])),
            varies=bool(varying[item]),
        )
        for item in range(scores.points.shape[1])
    ]


def choice_figures(scores: Scores, items: Sequence[int], chosen: Array, weights: Array) -> list[ChoiceFigures]:
    """The figures of the options of all items, together as that is faster: `chosen` (students x options) is 1 where a
    student chose it, else 0; `items` says for each option which item it belongs to."""
    of, totals = list(items), np.repeat(scores.totals[:, None], chosen.shape[1], axis=1)
    with_rest = correlations(weights, chosen, scores.rests[:, of])
    beyond = estimates(with_rest - correlations(weights, scores.points, scores.rests)[:, of])
    total, rest = estimates(correlations(weights, chosen, totals)), estimates(with_rest)
    curves = by_group(chosen, quantile_groups(scores.totals))
    return [
        ChoiceFigures(
            share(float(chosen[:, one].sum()), scores.students),
            total[one],
            rest[one],
            beyond[one],
            tuple(map(number, curves[:, one])),
        )
        for one in range(chosen.shape[1])
    ]


def _facility(scores: Scores, item: int) -> Estimate:
    if scores.max_points[item] <= 0:
        return Estimate(None)
    return share(float(scores.shares[:, item].sum()), scores.students)


def _efficiency(points: Array, rest: Array, item_rest: Estimate) -> float | None:
    if item_rest.value is None:
        return None
    return _covariance(points, rest) / _covariance(np.sort(points), np.sort(rest))


def _effective_weights(scores: Scores) -> list[float | None]:
    covariances = [_covariance(points, scores.totals) for points in scores.points.T]
    least = 1e-13 * float((scores.totals**2).max())
    roots = [
        covariance**0.5 if counted and covariance > least else 0.0 if counted and covariance >= -least else None
        for covariance, counted in zip(covariances, scores.counted, strict=True)
    ]
    whole = sum(root or 0.0 for root in roots)
    return [None if root is None or not whole else root / whole for root in roots]


def _alphas_without(scores: Scores) -> list[float | None]:
    everyone = np.ones((1, scores.students))
    others = [scores.counted & (np.arange(len(scores.counted)) != item) for item in range(len(scores.counted))]
    return [
        number(alphas(everyone, scores.points[:, kept])[0]) if counted else None
        for kept, counted in zip(others, scores.counted, strict=True)
    ]


def _covariance(x: Array, y: Array) -> float:
    return float(np.mean((x - x.mean()) * (y - y.mean())))
