"""What a decision on an item does to a result. The record of the result stays what it was: undone, it counts again."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from autograder.course.source_notebook import Json, grade_id_of, marks_of
from autograder.result import ItemResult, Result

Effect = Literal["drop", "full-marks"]
SAYS: dict[Effect, str] = {
    "drop": "Your instructor dropped this {kind}: it counts neither for your points nor for the maximum.",
    "full-marks": "Your instructor gave full points for this {kind} to everybody who handed in.",
}


@dataclass(frozen=True, order=True)
class Ruling:
    """What was decided on an item of an assignment for everybody, and the reason that students are told."""

    effect: Effect
    reason: str = ""

    def says(self, kind: str) -> str:
        """The decision as a student is told it; `kind` is "task" or "question"."""
        reason = " ".join(self.reason.split())
        return SAYS[self.effect].format(kind=kind) + (f" The reason: {reason}" if reason else "")


def apply(result: Result, rulings: Mapping[str, Ruling]) -> Result:
    """The result with the rulings, by the id of their item. Verdicts, misconceptions and messages stay."""
    items = tuple(_decided(item, rulings[item.id]) if item.id in rulings else item for item in result.items)
    if items == result.items:
        return result
    points = sum(item.points for item in items)
    most = sum(item.max_points for item in items if not item.extra)
    return replace(result, items=items, points=points, max_points=most)


def _decided(item: ItemResult, ruling: Ruling) -> ItemResult:
    most = 0.0 if ruling.effect == "drop" else item.max_points
    return replace(item, points=most, max_points=most, parts=(), decision=ruling.says(item.kind))


def decided_release(release: Json, rulings: Mapping[str, Ruling]) -> Json:
    """The release as nbgrader is to know it: a cell that was dropped is worth nothing."""
    dropped = {item for item, ruling in rulings.items() if ruling.effect == "drop"}
    if not dropped:
        return release
    from nbformat import from_dict
    from nbgrader.utils import compute_checksum

    changed = copy.deepcopy(release)
    for cell in changed["cells"]:
        marks = marks_of(cell)
        if marks.get("grade") and grade_id_of(cell) in dropped:
            marks["points"] = 0.0
            marks["checksum"] = compute_checksum(from_dict(cell))  # it stands for the points, too
    return changed
