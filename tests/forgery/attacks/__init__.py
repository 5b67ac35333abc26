"""All hostile submissions, by family."""

import os

import pytest

from tests.forgery.attack import Attack
from tests.forgery.attacks import (
    answers,
    comparisons,
    confinement,
    exhaustion,
    frames,
    hooks,
    leaks,
    notebooks,
    values,
    verdicts,
)

MODULES = (
    comparisons,
    hooks,
    leaks,
    confinement,
    exhaustion,
    frames,
    values,
    verdicts,
    answers,
    notebooks,
)
ATTACKS: tuple[Attack, ...] = tuple(attack for module in MODULES for attack in module.ATTACKS)


def long(config: pytest.Config) -> bool:
    """Whether all attacks are asked for."""
    return bool(config.getoption("--long", default=False)) or os.environ.get("FORGERY") == "long"


def short() -> tuple[Attack, ...]:
    """Every seventh attack and the first of each family, but none that takes seconds."""
    chosen, seen = [], set()
    for place, attack in enumerate(attack for attack in ATTACKS if not attack.long):
        if place % 7 == 0 or attack.family not in seen:
            chosen.append(attack)
        seen.add(attack.family)
    return tuple(chosen)
