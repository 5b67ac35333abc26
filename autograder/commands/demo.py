"""A simulated class through all of it: made, handed in, graded, and what the instructor sees at the end."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from autograder.classroom.grading_run import ClassReport, grade
from autograder.classroom.new_class import new_class
from autograder.commands.report import report_text
from autograder.commands.simulated_students import hand_in_all, names_of, tricks_of
from autograder.course.course import Course
from autograder.report.class_tables import beliefs, points_table
from autograder.report.terminal import paragraph
from autograder.review.class_review import review
from autograder.review.people import People
from autograder.review.records import ClassReview
from autograder.site.build import build_site
from autograder.site.sources import Sources

Reports = Mapping[str, ClassReport]
EVERYTHING = "demo.txt"
PAGES = "review"


def demo(course: Course, directory: Path | None, students: int, *, verbose: bool) -> int:
    """Make a class of simulated students, grade every assignment, write the instructor's pages, and print on one screen
    what an instructor wants to know first. What `autograder report` says is written beside the class; `verbose` prints
    that, too."""
    started = time.monotonic()
    folder = directory or Path(tempfile.mkdtemp(prefix="recurrent-memory-class-")) / "class"
    print(f"Making a class in {folder} ...", flush=True)
    new_class(course, folder)
    names = names_of(students)
    print(f"{students} simulated students hand in, and are graded:", flush=True)
    reports = {name: _graded(course, folder, name, names) for name in course.names}
    found = review(folder)
    _write_pages(folder, found)
    print(f"All of it took {time.monotonic() - started:.0f} s.\n")
    everything = f"{report_text(found)}\n"
    (folder / EVERYTHING).write_text(everything, encoding="utf-8")
    if verbose:
        print(everything)
    print(summary(course, names, reports))
    print(next_steps(folder, course.names[0]))
    return 0


def _graded(course: Course, folder: Path, name: str, names: Sequence[str]) -> ClassReport:
    print(f"  {name} ...", end="", flush=True)
    hand_in_all(course.assignment(name), folder, names)
    report = grade(folder, name)
    print(f" {report.seconds:.0f} s", flush=True)
    return report


def _write_pages(folder: Path, found: ClassReview) -> None:
    print("  the instructor's pages ...", end="", flush=True)
    started = time.monotonic()
    build_site(Sources(folder, found, People(found.roster)), folder / PAGES, datetime.now(), os.cpu_count() or 1)
    print(f" {time.monotonic() - started:.0f} s", flush=True)


def summary(course: Course, names: Sequence[str], reports: Reports) -> str:
    """Who got what, what the class believes, and what was tried in vain: the most telling of each."""
    results = {name: [report.results[name] for report in reports.values()] for name in names}
    believed = beliefs(results, course.misconceptions)[:3]
    sections = {
        "Who got what": [f"  {line}" for line in _points(names, reports).splitlines()],
        "What the class believes (the commonest misconceptions, by students)": [
            paragraph(str(one)) for one in believed
        ],
        "What was tried in place of an answer, and earned (other answers count as ever)": [
            paragraph(line) for line in tried(course, names, reports)
        ],
    }
    return "\n".join("\n".join([heading, *lines, ""]) for heading, lines in sections.items() if lines)


def _points(names: Sequence[str], reports: Reports) -> str:
    most = {name: next(iter(report.results.values())).max_points for name, report in reports.items()}
    points = {name: [result.points for result in report.results.values()] for name, report in reports.items()}
    sums = [sum(report.results[name].points for report in reports.values()) for name in names]
    return points_table({**points, "sum": sums}, {**most, "sum": sum(most.values())})


def tried(course: Course, names: Sequence[str], reports: Reports) -> list[str]:
    """For each student who tries a trick: what the tasks that it was tried on earned, and what it is."""
    lines = []
    for student, trick in tricks_of(names).items():
        results = {name: report.results[student] for name, report in reports.items()}
        items = {name: trick.item(course.assignment(name)) for name in results}
        played = [results[name].item(id) for name, id in items.items() if id]
        earned, most = sum(item.points for item in played), sum(item.max_points for item in played)
        lines.append(f"{student}, {earned:g} of {most:g} points: {trick.tried}")
    return lines


def next_steps(folder: Path, assignment: str) -> str:
    """Where to look, and what to type next."""
    environment = Path(sys.prefix)
    active = sys.prefix == sys.base_prefix or os.environ.get("VIRTUAL_ENV") == sys.prefix
    activate = [] if active else [f"  source {shlex.quote(str(environment / 'bin' / 'activate'))}"]
    return "\n".join(
        [
            f"For your browser: {(folder / PAGES / 'index.html').resolve().as_uri()}",
            f"Where to look: {folder}",
            f"  {EVERYTHING:<13} each student's points, and whatever was odd about a notebook",
            "  autograded/   the notebooks with outputs and feedback",
            "  results/      one JSON record for each submission",
            "",
            "What to type next",
            *activate,
            f"  cd {shlex.quote(str(folder))}",
            "  jupyter lab            # menu Nbgrader > Formgrader: read, grade texts by hand",
            f"  autograder grade {assignment[:2]}    # again after new submissions: only what changed",
            "  autograder review      # and then the pages anew",
            f"  nbgrader generate_feedback {assignment} --force",
        ]
    )
