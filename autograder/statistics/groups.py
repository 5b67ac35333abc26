"""Strong and weak students: groups by the total, and what one does better than the other.

Where a group ends among students of one total, there has to be a rule. `TIES` has three:

- "shared" (the one used): each of them counts with the same fraction, so that the group weighs what it should. It
  depends on nothing but the totals, and the groups keep their size however coarse the totals are.
- "up": all of them belong to the upper one of two groups, as in Canvas. A group may become empty or nearly the class.
- "cut": the first of them belong to the group, in the order of the class, which has nothing to do with the test.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from autograder.statistics.estimates import Array

OUTER = 0.27  # of the class in the upper and in the lower group (T. L. Kelley 1939)
FIFTHS = 5
Groups = np.ndarray[tuple[int], np.dtype[np.int64]]
Ties = Literal["shared", "up", "cut"]


def upper_lower(shares: Array, totals: Array, ties: Ties = "shared") -> Array:
    """The mean share of the points in the upper 27 % less that in the lower 27 %, for each column of `shares`
    (students x items); nan where all totals are the same or a group is empty."""
    if ties == "shared":
        shared: Array = upper_lower_resampled(np.ones((1, len(totals))), shares, totals)[0]
        return shared
    order = np.argsort(-totals, kind="stable")
    ranked, outer = totals[order], max(1, round(OUTER * len(totals)))
    upper, lower = outer, len(totals) - outer
    if ties == "up":
        upper, lower = (int(np.sum(ranked >= ranked[end - 1])) for end in (upper, lower))
    if ranked[0] == ranked[-1] or lower == len(totals):
        return np.full(shares.shape[1], np.nan)
    found: Array = shares[order[:upper]].mean(axis=0) - shares[order[lower:]].mean(axis=0)
    return found


def upper_lower_resampled(weights: Array, shares: Array, totals: Array) -> Array:
    """The same with ties shared, in each of the resamples: resamples x items."""
    order = np.argsort(totals, kind="stable")
    _, starts, level_of = np.unique(totals[order], return_index=True, return_inverse=True)
    level_weights = np.add.reduceat(weights[:, order], starts, axis=1)
    through = level_weights.cumsum(axis=1)
    everyone = through[:, -1:]
    outer = OUTER * everyone
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.nan_to_num(np.clip((outer - through + level_weights) / level_weights, 0, 1))
        upper = np.nan_to_num(np.clip((outer - everyone + through) / level_weights, 0, 1))
    tell = (upper - lower)[:, level_of] * weights[:, order] / outer
    found: Array = tell @ shares[order]
    found[np.sum(level_weights > 0, axis=1) < 2] = np.nan
    return found


def quantile_groups(totals: Array, groups: int = FIFTHS) -> Groups:
    """The group of each student by the total, from 0 (the lowest) on. Students of one total are in one group, that of
    their middle rank; so groups differ in size, and one may be empty."""
    _, level_of, counts = np.unique(totals, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2
    found: Groups = np.floor(groups * middle / len(totals)).astype(np.int64)[level_of]
    return found


def by_group(columns: Array, group: Groups, groups: int = FIFTHS) -> Array:
    """The mean of each column (students x columns) in each group: groups x columns, nan for an empty group."""
    rows = [columns[group == one] for one in range(groups)]
    found: Array = np.array([row.mean(axis=0) if len(row) else np.full(columns.shape[1], np.nan) for row in rows])
    return found
