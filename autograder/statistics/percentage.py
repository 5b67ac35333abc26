"""Shares as people write them."""

from __future__ import annotations

SPACE = "\N{NARROW NO-BREAK SPACE}"
INTERVAL = f"95{SPACE}% interval"  # the head of a column


def percent(share: float) -> str:
    """A share from 0 to 1 as a percentage, such as "33 %", which no line breaks."""
    return f"{share:.0%}".replace("%", f"{SPACE}%")
