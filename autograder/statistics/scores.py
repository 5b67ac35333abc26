"""The points of a class in a test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from autograder.statistics.estimates import Array

DECIMALS = 9  # of a sum of points


@dataclass(frozen=True)
class Scores:
    """`points`: students x items, every one a number. `max_points` of each item. `counted`: whether an item is part of
    the total; one for extra credit isn't."""

    points: Array
    max_points: Array
    counted: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @property
    def students(self) -> int:
        return int(self.points.shape[0])

    @cached_property
    def totals(self) -> Array:
        """Each student's sum of the items that count. Sums that only rounding tells apart are the same, or students
        of one total would be ranked by it."""
        found: Array = self.points[:, self.counted].sum(axis=1).round(DECIMALS)
        return found

    @cached_property
    def rests(self) -> Array:
        """Students x items: the total without that item's points."""
        found: Array = (self.totals[:, None] - np.where(self.counted, self.points, 0.0)).round(DECIMALS)
        return found

    @cached_property
    def shares(self) -> Array:
        """Students x items: points by the item's maximum; nan for an item of none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Array = np.where(self.max_points > 0, self.points / self.max_points, np.nan)
        return found
