"""Shares with Wilson's interval."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from autograder.review.share import Share


@pytest.mark.parametrize(("count", "of"), [(0, 10), (1, 5), (50, 150), (10, 10), (999, 1000), (1, 1)])
def test_the_interval_is_wilsons_as_scipy_has_it(count: int, of: int) -> None:
    found = binomtest(count, of).proportion_ci(0.95, method="wilson")
    assert Share(count, of).interval == pytest.approx((found.low, found.high), abs=1e-12)


def test_of_nobody_nothing_is_known() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval) == (0.0, (0.0, 1.0))
