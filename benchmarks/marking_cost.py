"""What marking a submission costs one core beyond the student's own computing, in one run.

    python -m benchmarks.marking_cost [--assignment 02_cumulative_average] [--rounds 50]

Each round marks the solved notebook in a sandbox, both passes and the outputs of its cells, and then computes in this
process what the student's code computed in them: its cells twice, the visible cases of its tasks twice, the hidden ones
once. Only the time within that code counts as the student's own. A bare fork of this process stands beside them as a
measure of the machine's speed in that minute.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.answers.case import Local, LocalAnswer, play
from autograder.course.course import Assignment, find_course
from autograder.course.solved_notebook import as_bytes, solved
from autograder.course.task import Task
from autograder.marking.marker import Marker
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission


def main() -> None:
    """Print the median and the best milliseconds of marking, of the student's own computing, and of the difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assignment", default="02_cumulative_average")
    parser.add_argument("--rounds", type=int, default=50)
    args = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    course = find_course(Path(__file__).parent)
    assignment = course.assignment(args.assignment)
    data = as_bytes(solved(assignment))
    times: dict[str, list[float]] = {"marking": [], "the student's own computing": [], "a bare fork": []}
    with Sandbox(course.limits, forbidden=[course.root]) as sandbox:
        grader = Marker(assignment, sandbox, course.limits)
        student = Student(assignment)
        for _ in range(args.rounds):
            times["marking"].append(seconds(lambda: grader.mark(read_submission(data, "solved.ipynb"), executed=True)))
            times["the student's own computing"].append(student.seconds())
            times["a bare fork"].append(seconds(fork))
    times["beyond it"] = [whole - own for whole, own in zip(*list(times.values())[:2], strict=True)]
    print(f"{args.assignment}, one core{'':{max(0, 16 - len(args.assignment))}}      median       best")
    for name, values in times.items():
        print(f"{name:30}{statistics.median(values) * 1e3:>9.2f} ms{min(values) * 1e3:>8.2f} ms")


class Student(Local):
    """The solved notebook in this process, with a clock that runs only while its code does."""

    def __init__(self, assignment: Assignment) -> None:
        super().__init__({})
        self.assignment = assignment
        self.cells = [compile(source, "cell", "exec") for source in own_cells(assignment)]
        self.spent = 0.0
        sys.modules["check"] = types.ModuleType("check")
        sys.modules["check"].__dict__["check"] = lambda *_args, **_options: None

    def seconds(self) -> float:
        """Seconds of both passes over the notebook."""
        self.spent = 0.0
        for hidden in (False, True):
            with contextlib.redirect_stdout(io.StringIO()):
                self.namespace = self.clocked(self.run_cells)
            for item in self.assignment.items.values():
                for case in item.cases if isinstance(item, Task) else ():
                    if case.public or hidden:
                        self.slots.clear()
                        play(case, item.id, self)
        return self.spent

    def run_cells(self) -> dict[str, Any]:
        namespace: dict[str, Any] = {}
        for cell in self.cells:
            exec(cell, namespace)
        return namespace

    def memory(self) -> int:
        """Nothing: Python's own tracing would make the student's code look slower than it is."""
        return 0

    def _answer(self, act: Callable[[], Any], keep: bool) -> LocalAnswer:
        return super()._answer(lambda: self.clocked(act), keep)

    def clocked(self, act: Callable[[], Any]) -> Any:
        """What `act` returns; its time is added."""
        began = time.perf_counter()
        try:
            return act()
        finally:
            self.spent += time.perf_counter() - began


def own_cells(assignment: Assignment) -> list[str]:
    """What runs when marking: the student's own cells and the setup, but no checks and no plots."""
    found = []
    for cell in solved(assignment)["cells"]:
        marks = cell["metadata"].get("nbgrader", {"grade_id": None, "locked": False})
        skipped = marks["grade_id"] in assignment.items or (marks["locked"] and marks["grade_id"] != "setup")
        if cell["cell_type"] == "code" and not skipped:
            found.append(cell["source"].replace("%matplotlib inline", ""))
    return found


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def fork() -> None:
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)


if __name__ == "__main__":
    main()
