"""What a class's points tell about the test as a whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from autograder.statistics.estimates import Array, Estimate, correlations, estimates, number, resampled, variances
from autograder.statistics.scores import Scores

BINS = 10


@dataclass(frozen=True)
class TotalFigures:
    """The figures of a test; None where one isn't defined.

    - `mean`, `median`, `deviation` (of a sample), `lowest`, `highest`: of the totals, in points.
    - `skewness`, `kurtosis`: of the totals, as Moodle and Excel have them (G1 and G2 of Joanes and Gill 1998): 0 for a
      normal distribution.
    - `alpha`: Cronbach's, with the interval of the resamples. `kr20`: the same of the `dichotomous` items alone, those
      of which everybody has all points or none (Kuder and Richardson 1937).
    - `standard_error`: of measurement, deviation * sqrt(1 - alpha), in points: two totals that are nearer to each other
      than this say little about who knows more. `error_ratio`: sqrt(1 - alpha).
    - `distribution`: how many students have a total in each tenth of the maximum, the last one with its end.
    """

    students: int
    items: int
    max_points: float
    mean: float
    median: float
    lowest: float
    highest: float
    deviation: float | None
    skewness: float | None
    kurtosis: float | None
    alpha: Estimate
    kr20: float | None
    dichotomous: int
    error_ratio: float | None
    standard_error: float | None
    distribution: tuple[int, ...]


def total_figures(scores: Scores, weights: Array) -> TotalFigures:
    """The figures of the items that count; `weights` are those of `resampled`. There must be a student."""
    totals, points = scores.totals, scores.points[:, scores.counted]
    most = scores.max_points[scores.counted]
    (alpha,) = estimates(alphas(weights, points)[:, None])
    whole = np.all((points == 0) | (points == most), axis=0) & (most > 0)
    deviation = float(totals.std(ddof=1)) if len(totals) > 1 else None
    ratio = None if alpha.value is None else math.sqrt(max(0.0, 1 - alpha.value))
    return TotalFigures(
        students=len(totals),
        items=points.shape[1],
        max_points=float(most.sum()),
        mean=float(totals.mean()),
        median=float(np.median(totals)),
        lowest=float(totals.min()),
        highest=float(totals.max()),
        deviation=deviation,
        skewness=_skewness(totals),
        kurtosis=_kurtosis(totals),
        alpha=alpha,
        kr20=number(alphas(np.ones((1, len(totals))), points[:, whole] / most[whole])[0]),
        dichotomous=int(whole.sum()),
        error_ratio=ratio,
        standard_error=None if ratio is None or deviation is None else ratio * deviation,
        distribution=_distribution(totals, float(most.sum())),
    )


def alphas(weights: Array, points: Array) -> Array:
    """Cronbach's alpha (1951) of the items (students x items) in each of the resamples; nan where there are fewer than
    two items or the totals don't vary."""
    items = points.shape[1]
    if items < 2:
        return np.full(len(weights), np.nan)
    of_total = variances(weights, points.sum(axis=1, keepdims=True))[:, 0]
    of_items = variances(weights, points).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.where(of_total > 0, items / (items - 1) * (1 - of_items / of_total), np.nan)
    return found


def correlation(x: Array, y: Array) -> Estimate:
    """Pearson's correlation of two totals of the same students."""
    if not len(x):
        return Estimate(None)
    return estimates(correlations(resampled(len(x)), x[:, None], y[:, None]))[0]


def _moments(totals: Array) -> tuple[int, float, float, float]:
    """How many there are, and the central moments 2, 3 and 4; the second is 0 where the totals don't vary."""
    centred = totals - totals.mean()
    second = float(variances(np.ones((1, len(totals))), totals[:, None])[0, 0])
    return len(totals), second, float(np.mean(centred**3)), float(np.mean(centred**4))


def _skewness(totals: Array) -> float | None:
    n, second, third, _ = _moments(totals)
    return None if n < 3 or not second else third / second**1.5 * math.sqrt(n * (n - 1)) / (n - 2)


def _kurtosis(totals: Array) -> float | None:
    n, second, _, fourth = _moments(totals)
    if n < 4 or not second:
        return None
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (fourth / second**2 - 3) + 6)


def _distribution(totals: Array, most: float) -> tuple[int, ...]:
    if most <= 0:
        return (0,) * BINS
    places = np.clip(np.floor(BINS * totals / most + 1e-9), 0, BINS - 1).astype(int)
    return tuple(int(count) for count in np.bincount(places, minlength=BINS))
