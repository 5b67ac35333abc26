"""Which cells a submission is marked without when its time doesn't suffice: the slowest, and first those of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from autograder.marking.execution import RunCell
from autograder.submission.released_cells import SETUP

SHARE = 0.25  # of a pass over the notebook, for all its cells: they may have to run again for a new child


def slow_cells(took: Mapping[RunCell, float], answers: Collection[str], seconds: float) -> list[RunCell]:
    """The cells, of those that `took` so many seconds each, that don't fit into their share of `seconds`. `answers` are
    the grade_ids of cells for answers. The setup is never among them."""

    def costs_most(step: RunCell) -> tuple[bool, float]:
        return step.grade_id not in answers, took[step]

    left, slow = SHARE * seconds, []
    whole = [step for step in took if step.grade_id != SETUP and not step.only_definitions]
    for step in sorted(whole, key=costs_most):
        if took[step] > left:
            slow.append(step)
        else:
            left -= took[step]
    return sorted(slow, key=lambda step: step.place or 0)
