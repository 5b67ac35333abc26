"""What another processor may change in a `public.json`: the last digits of what was computed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

CLOSE = 1e-9  # of a number's own size
NOISE = 1e-13  # of the largest number beside it, or of 1: what stays where numbers cancel, in place of 0
ROUNDINGS = 4  # of the largest number beside it: a float32 has no 13 digits
COMPUTED = ("Case", "Outcome")  # everywhere else a number is as its author wrote it


@dataclass(frozen=True)
class Slack:
    """How far apart two numbers may be: `noise` is in parts of `largest`, the largest number of their array."""

    noise: float = NOISE
    largest: float = 1.0

    def allows(self, held: float, fresh: float) -> bool:
        return abs(held - fresh) <= max(CLOSE * max(abs(held), abs(fresh)), self.noise * self.largest)


def differences(held: Any, fresh: Any, place: str = "", slack: Slack | None = None) -> Iterator[str]:
    """Where the JSON value `held` says something else than `fresh`, place by place. `slack` is None where two numbers
    must be the same."""
    if type(held) is not type(fresh):
        yield place
    elif isinstance(fresh, dict):
        yield from _of_records(held, fresh, place, slack)
    elif isinstance(fresh, list):
        yield from _of_lists(held, fresh, place, slack)
    elif held != fresh and not (isinstance(fresh, float) and slack and slack.allows(held, fresh)):
        numbers = isinstance(fresh, (int, float))
        yield f"{place} ({held!r} there, {fresh!r} now)" if numbers else place


def _of_records(held: dict[str, Any], fresh: dict[str, Any], place: str, slack: Slack | None) -> Iterator[str]:
    if list(held) != list(fresh):
        yield place
        return
    kind = fresh.get("is")
    if kind in COMPUTED:
        slack = Slack()
    if slack and kind == "array":
        slack = Slack(_noise(np.dtype(fresh["dtype"])))
    for key, value in fresh.items():
        yield from differences(held[key], value, f"{place}.{key}".lstrip("."), slack)


def _of_lists(held: list[Any], fresh: list[Any], place: str, slack: Slack | None) -> Iterator[str]:
    if len(held) != len(fresh):
        yield place
        return
    if slack:
        slack = Slack(slack.noise, max([1.0, *(abs(number) for number in fresh if isinstance(number, float))]))
    for index, (old, new) in enumerate(zip(held, fresh, strict=True)):
        yield from differences(old, new, f"{place}[{index}]", slack)


def _noise(dtype: np.dtype[Any]) -> float:
    return max(NOISE, ROUNDINGS * float(np.finfo(dtype).eps)) if dtype.kind == "f" else NOISE
