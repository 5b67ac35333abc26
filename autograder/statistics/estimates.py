"""A figure and how sure it is: resamples of the students, intervals, and correlations in all resamples at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
RESAMPLES, SEED = 1000, 27
LEVEL = 0.95  # of all intervals
Z = 1.959963984540054  # the normal distribution's quantile for it
ROUNDING = 1e-13  # a variance of less, next to the square of the largest number, is what rounding leaves of 0


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval. `value` is None where the figure isn't defined, `low` and `high` where no
    interval is."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def above(self, bound: float) -> bool:
        """Whether the whole interval lies above the bound."""
        return self.low is not None and self.low > bound

    def below(self, bound: float) -> bool:
        """Whether the whole interval lies below the bound."""
        return self.high is not None and self.high < bound


@lru_cache(maxsize=8)
def resampled(students: int, times: int = RESAMPLES, seed: int = SEED) -> Array:
    """How often each student counts, of shape (1 + times, students): the class as it is, and so many draws of as many
    students with replacement (Efron's bootstrap); always the same for the same numbers."""
    drawn = np.random.default_rng(seed).multinomial(students, np.full(students, 1 / students), size=times)
    weights = np.vstack([np.ones(students), drawn])
    weights.flags.writeable = False  # it is kept, and the same for all who ask
    return weights


def correlations(weights: Array, x: Array, y: Array) -> Array:
    """Pearson's correlation of each column of x with the same of y (both students x columns), in each of the resamples:
    resamples x columns, nan where one of the two doesn't vary."""
    of_x, of_y = variances(weights, x), variances(weights, y)
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    together = _means(weights, x * y) - _means(weights, x) * _means(weights, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.where((of_x > 0) & (of_y > 0), together / np.sqrt(of_x * of_y), np.nan)
    return np.clip(found, -1.0, 1.0)


def variances(weights: Array, x: Array) -> Array:
    """The variance (population) of each column of x in each of the resamples: 0 where a column doesn't vary."""
    centred = x - x.mean(axis=0)
    found = _means(weights, centred**2) - _means(weights, centred) ** 2
    least = ROUNDING * (x**2).max(axis=0)
    return np.where(found > least, found, 0.0)


def _means(weights: Array, x: Array) -> Array:
    found: Array = weights @ x / weights.sum(axis=1, keepdims=True)
    return found


def estimates(found: Array) -> list[Estimate]:
    """The estimate for each column of what was found in the class (first row) and in its resamples (the other rows).

    The interval lies between the percentiles 2.5 and 97.5 of the resamples in which the figure is defined; there is
    none where it isn't in half of them.
    """
    return [_estimate(column) for column in found.T]


def _estimate(column: Array) -> Estimate:
    value = number(column[0])
    defined = column[1:][~np.isnan(column[1:])]
    if value is None or 2 * len(defined) <= len(column) - 1:
        return Estimate(value)
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, float(low), float(high))


def share(count: float, of: int) -> Estimate:
    """A share with Wilson's score interval (E. B. Wilson 1927, "Probable inference"), which holds where all or none
    are counted, too. For a mean of shares, such as a facility, it is at least as wide as needed."""
    if of <= 0:
        return Estimate(None)
    value = min(max(count / of, 0.0), 1.0)
    middle = (value + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z / (1 + Z**2 / of) * math.sqrt(value * (1 - value) / of + Z**2 / (4 * of**2))
    return Estimate(count / of, max(0.0, middle - half), min(1.0, middle + half))


def number(value: float) -> float | None:
    """A number for a record: None in place of nan."""
    return None if math.isnan(value) else float(value)
