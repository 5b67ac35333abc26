"""`autograder grade`: run the grading of a class, show how far it is, and say what came of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.class_directory.frozen_course import class_course
from autograder.classroom.batches import Progress
from autograder.classroom.grading_run import ClassReport, grade
from autograder.gradebook.nbgrader_config import read_settings
from autograder.report.class_tables import misconception_table, points_line
from autograder.report.history_tables import moves_table
from autograder.report.terminal import duration, json_line, printable, table

WIDTH = 24
FORMGRADER = "jupyter lab, menu Nbgrader > Formgrader > Manual grading"


def grade_class(
    directory: Path, named: Sequence[str], *, everything: bool, workers: int | None, as_json: bool, dry: bool = False
) -> int:
    """Grade the named assignments, or all, one after the other, and print what came of each; a `dry` run only prints.

    The exit code is 0 also when submissions had problems, as each has its result. It is 1 where there are none: for one
    of the named assignments, or for all.
    """
    read_settings(directory)  # tells what is no class
    names = class_course(directory).chosen(named)
    processes = workers or os.cpu_count() or 1
    if not named and not as_json:
        print(f"Grading all {len(names)} assignments: {', '.join(names)}.", flush=True)
    empty = 0
    for name in names:
        if not as_json and name != names[0]:
            print()
        report = grade(directory, name, everything=everything, workers=processes, progress=_show_progress, dry=dry)
        print(json_line(json.dumps(_record(report), ensure_ascii=False)) if as_json else _text(report, directory))
        sys.stdout.flush()
        empty += not report.results
    return 1 if empty and (named or empty == len(names)) else 0


def _show_progress(progress: Progress) -> None:
    if not sys.stderr.isatty():
        return
    full = WIDTH * progress.done // progress.total
    bar = "█" * full + "░" * (WIDTH - full)
    name = printable(progress.student)[:16]
    left = f"at most {duration(progress.most_seconds)} to compute" if progress.done < progress.total else ""
    end = "" if left else "\n"
    print(f"\r{bar} {progress.done}/{progress.total} {name:<16} {left:<30}", end=end, file=sys.stderr, flush=True)


def _record(report: ClassReport) -> dict[str, object]:
    return {
        "version": 1,
        "assignment": report.assignment,
        "dry_run": report.dry,
        "graded": list(report.graded),
        "decided": list(report.decided),
        "unchanged": list(report.unchanged),
        "moved": [{"student": m.student, "item": m.item, "old": m.old, "new": m.new} for m in report.moved],
        "scores": dict(report.points),
        "problems": {student: list(problems) for student, problems in report.problems.items()},
        "waiting": [{"student": w.student, "item": w.item, "again": w.again} for w in report.waiting],
        "notes": list(report.notes),
        "seconds": round(report.seconds, 3),
        "most_seconds": report.most_seconds,
    }


def _text(report: ClassReport, directory: Path) -> str:
    if not report.results:
        why, *more = _notes(report)
        return "\n".join([f"{report.assignment}: {why}", *more])
    graded, unchanged = len(report.graded), len(report.unchanged)
    limit = f" (the course's limits allow {duration(report.most_seconds)} of computing)" if graded else ""
    unchanged -= len(report.decided)
    anew = f", {len(report.decided)} scored anew by what was decided" if report.decided else ""
    done = "marked in a dry run of" if report.dry else "graded in"
    lines = [f"{report.assignment}: {graded} {done} {report.seconds:.1f} s{limit}{anew}, {unchanged} unchanged."]
    results = report.results.values()
    points = points_line(report.points.values(), next(iter(results)).max_points)
    lines += ["", points, misconception_table(results, most=8)]
    lines += [f"note: {note}" for note in _notes(report)]
    for student, problems in report.problems.items():
        lines += [f"{printable(student)}: {printable(problem)}" for problem in problems[:3]]
    lines += _moved(report)
    if report.dry:
        return "\n".join([*lines, "", "Nothing was written. The same command without --dry-run does it."])
    lines += ["", *_next(report)]
    lines.append(f"The results are in {directory / 'results' / report.assignment}.")
    return "\n".join(lines)


def _moved(report: ClassReport) -> list[str]:
    """The items whose points moved, and whose points changed in all and why."""
    lines: list[str] = []
    moved = [m for m in report.moved if m.old is not None]
    if moved:
        rows = [["student", "item", "old", "new"]]
        rows += [[printable(m.student), m.item, f"{m.old:g}", "-" if m.new is None else f"{m.new:g}"] for m in moved]
        lines += ["", "Scores that would move" if report.dry else "Scores that moved", table(rows, right=(2, 3))]
    if report.run.changed:
        since = "Points in all that would move" if report.dry else "Points in all since the last record"
        lines += ["", since, moves_table(report.run.changed)]
    return lines


def _notes(report: ClassReport) -> list[str]:
    return [printable(note) for note in report.notes]


def _next(report: ClassReport) -> list[str]:
    """What to type, and which answers a person has to look at before. Feedback is always made anew (`--force`): its
    pages don't tell whether points were given by hand since."""
    feedback = f"nbgrader generate_feedback {report.assignment} --force"
    again = [f"{printable(one.student)}, {one.item}" for one in report.waiting if one.again]
    new = len(report.waiting) - len(again)
    lines = []
    if again:
        more = f" and {len(again) - 5} more" if len(again) > 5 else ""
        lines.append(f"Points given by hand are kept, and wait to be looked at again: {'; '.join(again[:5])}{more}.")
    if new:
        lines.append("1 answer waits to be read." if new == 1 else f"{new} answers wait to be read.")
    return [*lines, f"Next: {_where_to_look(report)}{feedback}"]


def _where_to_look(report: ClassReport) -> str:
    """Texts are read on a page of their own; points of other items are looked at again in formgrader alone."""
    texts = {item.id for result in report.results.values() for item in result.items if item.verdict == "needs_review"}
    waiting = {one.item for one in report.waiting}
    reading = f"autograder read {report.assignment}"
    if not waiting:
        return ""
    if not waiting & texts:
        return f"{FORMGRADER}; then "
    return (
        f"{reading} for texts, {FORMGRADER} for others; then "
        if waiting - texts
        else f"{reading} (or {FORMGRADER}); then "
    )
