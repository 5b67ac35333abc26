"""What `autograder review` costs for a large class, on two cores.

    python -m benchmarks.review_site [--students 1000] [--graded 60] [--class DIR]

So many students are graded in all assignments of the course, the others are made of them: the same work and points, in
other handwritings. Making the class takes minutes; with --class it stays in DIR, and is taken from there the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.grading_run import grade
from autograder.classroom.new_class import new_class
from autograder.course.course import find_course
from autograder.course.solved_notebook import as_bytes, with_answers
from benchmarks.large_class import enlarge
from tests.planted.answers import answers
from tests.planted.people import Person, people

CORES = 2
AUTOGRADER = Path(sys.executable).parent / "autograder"


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of all processors, of one command."""

    clock: float
    processors: float


def main() -> None:
    """Print what the command cost, and how large the site is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--graded", type=int, default=60)
    parser.add_argument("--class", dest="directory", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = args.directory or Path(folder) / "class"
        if not root.exists():
            make(root, people(args.students), args.graded)
        site = Path(folder) / "site"
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
        cost = timed([str(AUTOGRADER), "review", "--class", str(root), "--output", str(site)])
        pages = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
    print(f"{args.students} students: {cost.clock:.1f} s by the clock, {cost.processors:.1f} s of processor time")
    print(f"{len(pages)} files, {sum(pages) / 1e6:.0f} MB")


def make(root: Path, students: tuple[Person, ...], graded: int) -> None:
    """A class in which all assignments are graded, of the first so many students by the grader."""
    course = find_course(Path(__file__).parent)
    shuffled = random.Random(0).sample(students, len(students))
    first, others = shuffled[:graded], shuffled[graded:]
    print(f"Making a class of {len(students)} in {root} ...", flush=True)
    new_class(course, root)
    for name in course.names:
        assignment = course.assignment(name)
        release = json.loads((root / "release" / name / f"{name}.ipynb").read_text("utf-8"))
        for person in first:
            path = root / "submitted" / person.id / name / f"{name}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(as_bytes(with_answers(release, answers(person, assignment))))
        print(f"  {name}: {grade(root, name).seconds:.0f} s", flush=True)
    enlarge(root, {person.id: others[place::graded] for place, person in enumerate(first)})


def timed(command: list[str]) -> Cost:
    """What a command costs; what it prints is shown."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True)
    clock, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    main()
