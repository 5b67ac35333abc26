"""A result as text for the terminal."""

from __future__ import annotations

from autograder.report.item_feedback import item_feedback, points_text
from autograder.report.terminal import printable
from autograder.result import ItemResult, Result


def result_text(result: Result) -> str:
    """A result as a person reads it, a line for each item and more where something is to be said."""
    head = f"{printable(result.notebook)}  {result.assignment or 'unknown assignment'}"
    waiting = sum(item.max_points for item in result.items if item.verdict == "needs_review")
    later = f", {waiting:g} more wait for a reader" if waiting else ""
    points = points_text(result.points, result.max_points)
    lines = [f"{head}  {points}{later}  (isolation: {result.isolation})"]
    lines += [f"  note: {printable(problem)}" for problem in result.problems]
    for item in result.items:
        head, *more = item_lines(item)
        lines += [f"  {head}", *(f"  {line}" for line in more if item.verdict not in ("correct", "not_attempted"))]
    return "\n".join(lines)


def item_lines(item: ItemResult) -> list[str]:
    """An item's verdict, by the misconception's name where there is one, and below it what its student is told."""
    feedback = item_feedback(item)
    verdict = item.misconception or item.verdict.replace("_", " ")
    head = f"{feedback.sign} {item.id:<28} {item.points:>5g} of {item.max_points:<4g} {verdict}"
    return [head, *(f"    {printable(line)}" for line in feedback.lines())]
