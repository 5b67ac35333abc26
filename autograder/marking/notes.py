"""What a submission's reader is told of cells that were left out, time that was used up, and another Python."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from autograder.course.course import CourseLimits
from autograder.errors import Stalled, TimedOut
from autograder.marking.execution import RunCell
from autograder.marking.submitted_notebook import Submission
from autograder.sandbox.records import WALL_FACTOR, CellRun

HAD_TIME = "though its processor time wasn't used up"


def left_out(dead: Mapping[RunCell, CellRun], too_long: type[TimedOut] | None, limits: CourseLimits) -> list[str]:
    """Sentences about the cells that ended their process, by how; and about all the time, if it was used up."""
    late, waiting = _ended_by("TimedOut", dead), _ended_by("Stalled", dead)
    crashed = [run for run in dead if run not in (*late, *waiting)]
    sentences = []
    if late:
        within = "in time" if too_long else f"within {limits.cell_seconds:g} s of processor time"
        sentences.append(f"{_places(late)} didn't finish {within} and was left out.")
    if waiting:
        within = "in time" if too_long else f"within {WALL_FACTOR * limits.cell_seconds:g} s"
        sentences.append(
            f"{_places(waiting)} didn't finish {within} and was left out, {HAD_TIME}: "
            "does it wait for something, as time.sleep does?"
        )
    if crashed:
        sentences.append(f"{_places(crashed)} ended the Python process (too much memory, or a crash) and was left out.")
    if too_long:
        most = f"{limits.submission_seconds:g} s of processor time"
        if too_long is Stalled:
            most = f"{WALL_FACTOR * limits.submission_seconds:g} s, {HAD_TIME}"
        sentences.append(f"The notebook took longer than {most}; what was left by then wasn't run.")
    return sentences


def other_python(submission: Submission) -> list[str]:
    """For a submission of which something raised: which Python it was saved with, if that isn't the one it met here."""
    here = sys.version_info[:2]
    if submission.python in (None, here):
        return []
    there, ours = (".".join(map(str, version)) for version in (submission.python or (), here))
    return [f"It was saved with Python {there} and is marked with Python {ours}: what raised here may run there."]


def _ended_by(kind: str, dead: Mapping[RunCell, CellRun]) -> list[RunCell]:
    return [run for run, cell in dead.items() if cell.failure and cell.failure.kind == kind]


def _places(runs: Sequence[RunCell], most: int = 10) -> str:
    names = list(dict.fromkeys("the setup" if run.place is None else str(run.place + 1) for run in runs))
    more = f" and {len(names) - most} more, each of which" if len(names) > most else ""
    return f"Code cell {', '.join(names[:most])}{more}"
