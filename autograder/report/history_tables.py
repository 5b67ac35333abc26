"""What the runs of grading moved, as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.history.record import REASONS, Run, StudentMove
from autograder.report.terminal import printable, table


def run_lines(number: int, run: Run) -> list[str]:
    """A run in a line or two: when, who, what was graded, what moved in all."""
    first = sum(move.before is None for move in run.moved)
    says = [f"{len(run.marked)} marked" if run.marked else "", f"{first} recorded for the first time" if first else ""]
    says.append(f"{len(run.changed)} moved" if run.changed else "nothing moved")
    lines = [
        f"{number}. {run.when}, {run.assignment}, {printable(run.by)}: {run.command}",
        f"   {', '.join(filter(None, says))} (engine {run.engine}, course {run.course[:8]})",
    ]
    lines += [f"   decided on {item}: {printable(text)}" for item, text in run.decided.items()]
    return lines


def moves_table(moves: Sequence[StudentMove]) -> str:
    """Students with their points before and after, and why."""
    rows = [["student", "before", "after", "why"]]
    rows += [[printable(move.student), _points(move.before), _points(move.after), why(move)] for move in moves]
    return table(rows, right=(1, 2))


def items_table(moves: Mapping[int, StudentMove]) -> str:
    """What moved for one student, by the number of the run: each item that did, and the points in all."""
    rows = [["run", "", "before", "after", "why"]]
    for number, move in moves.items():
        rows.append([str(number), "in all", _points(move.before), _points(move.after), why(move)])
        rows += [["", item.item, _points(item.before), _points(item.after), ""] for item in move.items]
    return table(rows, right=(0, 2, 3))


def why(move: StudentMove) -> str:
    """Why the points of a student moved, in words."""
    return ", ".join(REASONS[reason] for reason in move.why)


def _points(points: float | None) -> str:
    return "-" if points is None else f"{points:g}"
