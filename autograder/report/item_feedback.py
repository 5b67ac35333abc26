"""The feedback on one task or question of a result.

Made from the result alone, which holds nothing of a hidden case.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.check.feedback_card import Comparison, Feedback, Quoted, Tone, in_case
from autograder.result import ItemResult, PartResult, Verdict

VERDICTS: dict[Verdict, tuple[Tone, str]] = {
    "correct": ("right", "Right"),
    "partial": ("partly", "Partly right"),
    "misconception": ("wrong", "Not right, and this is why"),
    "wrong": ("wrong", "Not right"),
    "error": ("warned", "It stopped with an error"),
    "timeout": ("warned", "It took too long"),
    "not_attempted": ("open", "Not attempted"),
    "needs_review": ("noted", "To be read by your instructor"),
}
UNREAD = "No answer could be read"  # of a question: its form is another, or its cell raised


def item_feedback(item: ItemResult) -> Feedback:
    """What a student is shown of the item's result."""
    tone, words = VERDICTS[item.verdict]
    if (item.kind, item.verdict) == ("question", "error"):
        words = UNREAD
    shown = item.shown
    return Feedback(
        item.id,
        "partly" if 0 < item.points < item.max_points else tone,
        words,
        tuple(_paragraphs(item)),
        Comparison("", shown.expected, shown.got) if shown and shown.expected else None,
        points="dropped" if item.dropped else points_text(item.points, item.max_points),
        lost=tuple(_part_text(part, item.message) for part in _lost(item)),
    )


def _paragraphs(item: ItemResult) -> Iterator[str]:
    if item.decision:
        yield Quoted(item.decision)  # an instructor's words are shown as they were typed
    yield item.message
    if item.shown:
        yield Quoted(in_case(item.shown.case, item.shown.sentence))


def points_text(points: float, max_points: float) -> str:
    """Such as "2.5 of 4 points"."""
    return f"{points:g} of {max_points:g} point{'' if max_points == 1 else 's'}"


def _lost(item: ItemResult) -> list[PartResult]:
    """The parts to tell about: lost ones, unless nothing was written or there is only one part anyway."""
    if item.verdict in ("correct", "not_attempted") or len(item.parts) < 2:
        return []
    return [part for part in item.parts if part.points < part.max_points]


def _part_text(part: PartResult, told: str) -> str:
    says = "" if part.says == told else part.says
    return f"{part.name}: {points_text(part.points, part.max_points)}. {says}".rstrip()
