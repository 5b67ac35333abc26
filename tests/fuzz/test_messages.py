"""The short form of `python -m tests.fuzz.messages`: the decoder reads a message or refuses it, nothing else."""

from __future__ import annotations

from tests.fuzz.frames import KINDS
from tests.fuzz.messages import fuzz


def test_hostile_messages_are_read_or_refused() -> None:
    report = fuzz(20_000, seed=1)
    assert report.failures == []
    assert report.refused.keys() == KINDS.keys()
    assert min(report.read[kind] for kind in ("damaged", "grammar", "arrays", "answers")) > 300, "most must get far"
