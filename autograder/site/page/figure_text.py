"""Figures as a page writes them: two decimals, an interval, and a dash for what isn't defined."""

from __future__ import annotations

from autograder.statistics.estimates import Estimate
from autograder.statistics.percentage import percent

MINUS = "\N{MINUS SIGN}"


def decimal(value: float | None) -> str | None:
    """Such as "0.45" or "−0.12"; None, shown as a dash, where it isn't defined."""
    if value is None:
        return None
    text = f"{value:.2f}"
    return text.replace("-", MINUS) if text != "-0.00" else "0.00"


def interval(estimate: Estimate) -> str | None:
    """Such as "0.31 to 0.57"."""
    low, high = decimal(estimate.low), decimal(estimate.high)
    return f"{low} to {high}" if low and high else None


def share_text(estimate: Estimate) -> str | None:
    """Such as "33 %"."""
    return bare_share(estimate.value)


def bare_share(value: float | None) -> str | None:
    """The same of a share that has no interval."""
    return None if value is None else percent(value)


def share_interval(estimate: Estimate) -> str | None:
    """Such as "27 to 41 %"."""
    if estimate.low is None or estimate.high is None:
        return None
    return f"{round(100 * estimate.low)} to {percent(estimate.high)}"
