"""A share of the students, with how sure one can be of it."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.statistics.estimates import share


@dataclass(frozen=True)
class Share:
    """`count` of `of` students."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """From 0 to 1; 0 of nobody is 0."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %: two numbers from 0 to 1, which are these two where nobody was asked."""
        found = share(self.count, self.of)
        return (0.0, 1.0) if found.low is None or found.high is None else (found.low, found.high)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.0%} ({low:.0%} to {high:.0%}; {self.count} of {self.of})"
