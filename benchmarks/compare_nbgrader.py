"""Grade the same submissions with nbgrader's own autograde and with this grader, in one run on one machine.

    python -m benchmarks.compare_nbgrader [--students 8] [--assignment 02_cumulative_average]

Both sides start from class directories with notebooks of the same kinds, this grader with ten times as many. nbgrader
runs each notebook in a Jupyter kernel with its own preprocessors; its figure has no isolation in it. What counts is the
ratio: absolute times follow the machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.new_class import new_class
from autograder.commands.simulated_students import hand_in_all
from autograder.course.course import Course, find_course
from autograder.course.solved_notebook import as_bytes, solved
from autograder.marking.marker import Marker
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission

PLAIN_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "plain"\n'
BIN = Path(sys.executable).parent
MORE = 10  # times as many submissions for this grader: the start of a command must not hide what each costs


@dataclass(frozen=True)
class Timing:
    """Seconds of one way of grading: with the command's start, and for each submission without it."""

    name: str
    total: float
    each: float


def main() -> None:
    """Print a table of times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=8)
    parser.add_argument("--assignment", default="02_cumulative_average")
    args = parser.parse_args()
    course = find_course(Path(__file__).parent)
    with tempfile.TemporaryDirectory() as folder:
        timings = compare(course, args.assignment, args.students, Path(folder))
    peer = timings[0]
    print(f"{args.assignment}: {args.students} submissions with nbgrader, {MORE * args.students} with this grader")
    print(f"{'':44}{'whole command':>16}{'a submission':>16}{'ratio':>8}")
    for timing in timings:
        ratio = peer.each / timing.each
        print(f"{timing.name:44}{timing.total:>14.2f} s{timing.each * 1e3:>13.1f} ms{ratio:>8.1f}")


def compare(course: Course, assignment: str, students: int, folder: Path) -> list[Timing]:
    """The timings of nbgrader, of this grader with one and two workers, and of marking without a class."""
    names = [f"student{number:04}" for number in range(MORE * students)]
    new_class(course, folder / "plain")
    shutil.copytree(folder / "plain", folder / "ours")
    hand_in_all(course.assignment(assignment), folder / "plain", names[:students], only_solid=True)
    hand_in_all(course.assignment(assignment), folder / "ours", names, only_solid=True)
    (folder / "plain" / "nbgrader_config.py").write_text(PLAIN_CONFIG)
    nbgrader = [str(BIN / "nbgrader"), "autograde", assignment]
    peer = timed("nbgrader autograde (no isolation)", nbgrader, folder / "plain", students, one_less=names[0])
    ours = []
    for workers in (1, 2):
        command = [str(BIN / "autograder"), "grade", assignment, "--all", "--workers", str(workers)]
        name = f"autograder grade, {workers} worker{'s' if workers > 1 else ''}, isolated"
        ours.append(timed(name, command, folder / "ours", len(names), one_less=names[0]))
    return [peer, *ours, marking(course, assignment)]


def timed(name: str, command: list[str], cwd: Path, students: int, one_less: str) -> Timing:
    """Time a command over one submission and over all; the difference is what the others cost."""
    hidden = cwd / "aside"
    submitted = cwd / "submitted"
    submitted.rename(hidden)
    submitted.mkdir()
    shutil.copytree(hidden / one_less, submitted / one_less)
    one = seconds(command, cwd)
    shutil.rmtree(submitted)
    hidden.rename(submitted)
    for made in ("autograded", "results"):
        shutil.rmtree(cwd / made, ignore_errors=True)
    total = seconds(command, cwd)
    return Timing(name, total, (total - one) / (students - 1))


def seconds(command: list[str], cwd: Path) -> float:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def marking(course: Course, name: str, rounds: int = 30) -> Timing:
    """The solved notebook, marked again and again in one sandbox: no files, no database."""
    assignment = course.assignment(name)
    data = as_bytes(solved(assignment))
    with Sandbox(course.limits, forbidden=[course.root]) as sandbox:
        grader = Marker(assignment, sandbox, course.limits)
        grader.mark(read_submission(data, "warm-up.ipynb"))
        start = time.perf_counter()
        for _ in range(rounds):
            grader.mark(read_submission(data, "solved.ipynb"))
        total = time.perf_counter() - start
    return Timing("marking alone, one core, isolated", total, total / rounds)


if __name__ == "__main__":
    main()
