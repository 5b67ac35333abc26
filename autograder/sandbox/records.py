"""The typed values that the sandbox and its callers exchange."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal

from autograder.plain import Failure

Mode = Literal["full", "fallback"]

# By the clock, what has a limit of processor time may take so many times as long, waiting for a processor not counted.
WALL_FACTOR = 3.0


@dataclass(frozen=True)
class Limits:
    """What one submission may use; times in seconds of processor time, sizes in MiB, output in characters of one cell.

    By the clock, each time may be WALL_FACTOR times as long.
    """

    cell_seconds: float = 10.0
    call_seconds: float = 5.0
    memory_mb: int = 512
    output_chars: int = 100_000

    def __post_init__(self) -> None:
        if not 0 < self.output_chars <= 200_000:
            raise ValueError("output_chars must lie between 1 and 200,000: a message is bounded.")
        for limit in fields(self):
            if not 0 < getattr(self, limit.name) < math.inf:
                raise ValueError("Every limit must be a positive number.")


@dataclass(frozen=True)
class CellRun:
    """What a cell showed (nbformat 4 outputs, cleaned and bounded) and how it failed, if it did."""

    outputs: tuple[dict[str, object], ...]
    failure: Failure | None


@dataclass(frozen=True)
class Reply:
    """What a call returned; `slot` names the result for later calls (-1 when there is none).

    `changed` (positions of array and list arguments that the call altered) is the child's own word:
    fit for feedback, not for points.
    """

    value: object
    failure: Failure | None
    changed: tuple[int, ...]
    slot: int


@dataclass(frozen=True)
class Ref:
    """An argument that is an object made earlier in this session."""

    slot: int


@dataclass(frozen=True)
class Layer:
    """One layer of isolation, tried for real; `remedy` is empty when it holds."""

    name: str
    holds: bool
    detail: str
    remedy: str
