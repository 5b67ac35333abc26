"""`autograder history`: which run gave which points, what moved and why, and what was decided."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from autograder.class_directory.frozen_course import class_course
from autograder.class_directory.stamps import Stamps
from autograder.classroom.run_record import marks_of
from autograder.decisions.record import read_decisions
from autograder.gradebook.nbgrader_config import read_settings
from autograder.gradebook.standing import read_standing
from autograder.history.record import Run, StudentMove, moves
from autograder.history.runs import kept_runs
from autograder.report.history_tables import items_table, moves_table, run_lines
from autograder.report.terminal import json_line, printable


def history(directory: Path, assignment: str | None, student: str | None, *, as_json: bool) -> int:
    """Print the runs of an assignment, or of all; of a student, if one is named. Raises ClassError or CourseError."""
    root = directory.resolve()
    settings, course = read_settings(root), class_course(root)
    name = course.name_of(assignment) if assignment else None
    runs, notes = kept_runs(root, name)
    if as_json:
        for number, run in runs.items():
            print(json_line(json.dumps(_record(number, run, student), ensure_ascii=False)))
        return 0
    lines: list[str] = []
    for number, run in runs.items():
        if student is None:
            lines += run_lines(number, run)
            lines += ["", *_indented(moves_table(run.changed)), ""] if run.changed else []
    if student is not None:
        lines += _of_student(runs, student)
    for one in [name] if name else course.names:
        last = next((run for run in reversed(runs.values()) if run.assignment == one), None)
        if last:
            now = marks_of(read_standing(settings.db_url, one), Stamps(root, one))
            lines += _since([move for move in moves(last.students, now) if student in (None, move.student)], one)
    decided = [] if name or student else read_decisions(root)
    lines += (
        [f"{len(decided)} decisions, undone ones included: `autograder decide list` shows them."] if decided else []
    )
    print("\n".join([*(lines or ["No run is recorded yet."]), *(f"note: {printable(note)}" for note in notes)]))
    return 0


def _of_student(runs: dict[int, Run], student: str) -> list[str]:
    """How the points of a student came about."""
    found = {number: move for number, run in runs.items() for move in run.moved if move.student == student}
    if not found:
        return [f"Nothing is recorded of {printable(student)}."]
    heads = [line for number, run in runs.items() if number in found for line in run_lines(number, run)]
    return [*heads, "", items_table(found)]


def _since(moved: list[StudentMove], assignment: str) -> list[str]:
    """What the gradebook has that no record tells yet: points given by hand, or what a run that was killed wrote."""
    if not moved:
        return []
    head = f"{assignment}, since the last record (`autograder grade {assignment}` records it):"
    return [head, "", *_indented(moves_table(moved)), ""]


def _record(number: int, run: Run, student: str | None) -> dict[str, object]:
    record: dict[str, object] = msgspec.to_builtins(run)
    if student is not None:
        record["moved"] = [msgspec.to_builtins(move) for move in run.moved if move.student == student]
        record["students"] = {one: msgspec.to_builtins(marks) for one, marks in run.students.items() if one == student}
    return {"version": run.version, "number": number, **record}


def _indented(text: str) -> list[str]:
    return [f"   {line}" for line in text.splitlines()]
