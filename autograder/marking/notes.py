"""What a submission's reader is told of cells that were left out or failed, time that was used up, another Python."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping, Sequence

from autograder.course.course import CourseLimits
from autograder.errors import Stalled, TimedOut
from autograder.marking.execution import RunCell
from autograder.marking.verdict import class_name
from autograder.sandbox.records import WALL_FACTOR, CellRun
from autograder.submission.submitted_notebook import Submission

HAD_TIME = "though its processor time wasn't used up"
NOT_RUN = ("SyntaxError", "IndentationError", "TabError", "SystemExit", "KeyboardInterrupt", "NotImplementedError")
A_STOP = re.compile(r"(?:^|;\s*)raise\b")
MOST = 10  # places in a sentence, and sentences about failures


def left_out(dead: Mapping[RunCell, CellRun], too_long: type[TimedOut] | None, limits: CourseLimits) -> list[str]:
    """Sentences about the cells that ended their process, by how; and about all the time, if it was used up."""
    dead = {run: cell for run, cell in dead.items() if not run.only_definitions}
    late, waiting = _ended_by("TimedOut", dead), _ended_by("Stalled", dead)
    crashed = [run for run in dead if run not in (*late, *waiting)]
    sentences = []
    if late:
        within = "in time" if too_long else f"within {limits.cell_seconds:g} s of processor time"
        sentences.append(f"{_places(late)} didn't finish {within} and {_left_out(late)}.")
    if waiting:
        within = "in time" if too_long else f"within {WALL_FACTOR * limits.cell_seconds:g} s"
        asks = "does it wait" if len(waiting) == 1 else "do they wait"
        sentences.append(
            f"{_places(waiting)} didn't finish {within} and {_left_out(waiting)}, {HAD_TIME}: "
            f"{asks} for something, as time.sleep does?"
        )
    if crashed:
        sentences.append(
            f"{_places(crashed)} ended the Python process (too much memory, or a crash) and {_left_out(crashed)}."
        )
    if too_long:
        sentences.append(f"The notebook took longer than {_all(too_long, limits)}; what was left by then wasn't run.")
    return sentences


def other_python(submission: Submission) -> list[str]:
    """For a submission of which something raised: which Python it was saved with, if that isn't the one it met here."""
    here = sys.version_info[:2]
    if submission.python in (None, here):
        return []
    there, ours = (".".join(map(str, version)) for version in (submission.python or (), here))
    return [f"It was saved with Python {there} and is marked with Python {ours}: what raised here may run there."]


def without_the_slow(slow: Sequence[RunCell], too_long: type[TimedOut] | None, limits: CourseLimits) -> list[str]:
    """The sentence about the cells that a submission is marked without, since it took too long with them."""
    if not slow or not too_long:
        return []
    many = len(slow) > 1
    what = f"its slowest code cell{'s' if many else ''} {_left_out(slow)}"
    return [f"The notebook took longer than {_all(too_long, limits)}, so {what}: {_numbers(slow)}."]


def failed_lines(runs: Mapping[RunCell, CellRun], answers: Collection[str]) -> list[str]:
    """A sentence for each cell of an answer that failed at one statement: any others were run."""
    found = [
        _failed_line(run, cell) for run, cell in runs.items() if run.grade_id in answers and not run.only_definitions
    ]
    return list(filter(None, found))[:MOST]


def _failed_line(run: RunCell, cell: CellRun) -> str | None:
    failure, lines = cell.failure, run.source.split("\n")
    if failure is None or failure.line is None or run.place is None or not 0 < failure.line <= len(lines):
        return None
    if failure.kind in NOT_RUN or A_STOP.search(lines[failure.line - 1]):
        return None  # what is below it wasn't run, or is still to be written
    below = any(line.strip() for line in lines[failure.line :])
    still = "; what is below it was still run" if below else ""
    return f"Code cell {run.place + 1}: line {failure.line} raised {class_name(failure)}{still}."


def _all(too_long: type[TimedOut], limits: CourseLimits) -> str:
    if too_long is Stalled:
        return f"{WALL_FACTOR * limits.submission_seconds:g} s, {HAD_TIME}"
    return f"{limits.submission_seconds:g} s of processor time"


def _ended_by(kind: str, dead: Mapping[RunCell, CellRun]) -> list[RunCell]:
    return [run for run, cell in dead.items() if cell.failure and cell.failure.kind == kind]


def _places(runs: Sequence[RunCell]) -> str:
    """The cells, as the subject of a sentence."""
    names = _numbers(runs)
    return "The setup" if names == "the setup" else f"Code cell{'s' if len(runs) > 1 else ''} {names}"


def _left_out(runs: Sequence[RunCell]) -> str:
    return "were left out but for their definitions" if len(runs) > 1 else "was left out but for its definitions"


def _numbers(runs: Sequence[RunCell]) -> str:
    names = list(dict.fromkeys("the setup" if run.place is None else str(run.place + 1) for run in runs))
    return ", ".join(names[:MOST]) + (f" and {len(names) - MOST} more" if len(names) > MOST else "")
