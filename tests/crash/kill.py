"""Kill `autograder grade` at random moments, go on from whatever is there, and look whether anything is lost or wrong.

    python -m tests.crash.kill [--kills 200] [--seed 0] [--students 24] [--json]

A class of the tiny course is graded by a real process in its own session, with real workers and sandboxes. SIGKILL
hits the grader, one of its workers, or the whole process group; then the same command runs again. A class that is
complete is compared with one that was never disturbed, and the next one begins. The exit code is 1 if any promise
was broken: what was found is printed.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.class_directory.frozen_course import class_course
from autograder.class_directory.lock import LOCK
from autograder.classroom.batches import BATCH
from autograder.classroom.new_class import new_class
from autograder.course.course import load_course
from autograder.course.solved_notebook import as_bytes, solved
from tests.classes import TINY, damaged, hand_in
from tests.crash.remains import Remains, Right, broken_now, broken_when_complete
from tests.processes import children, command_of, workers_of

ROOT = Path(__file__).parents[2]
TARGETS = {"grader": 4, "group": 4, "worker": 2}  # how often each is hit
WORKERS = 2
# The moment is any of the run, or soon after so many more results were written, or soon after the first batch began to
# go into the gradebook: that takes some hundredths of a run.
MOMENTS = {"time": 4, "results": 3, "batch": 3}
NEW_GRADEBOOK = 0.3  # of the classes begin without a database
GRACE_SECONDS = 60.0  # on a busy machine; `alembic`, which nbgrader starts, takes long to end by itself
RUN_SECONDS = 600.0
SUBREAPER = 36  # of prctl(2): orphans become this process's children, so none can hide
MOST_UNFINISHED = WORKERS + 4  # a file of each process, a database with its journal, and a folder


@dataclass
class Tally:
    """What was done to the classes, and what was found wrong."""

    kills: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    classes: int = 0
    resumed: int = 0
    kept: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    leftovers: int = 0
    orphan_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        return sum(self.phases.values())


def main() -> int:
    """Kill, go on, compare; print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--students", type=int, default=24)
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    args = parser.parse_args()
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="crash-kill-") as folder:
        tally = disturb(Path(folder), args.kills, args.seed, args.students)
    print(json.dumps(record(tally)) if args.json else text(tally))
    return 1 if tally.problems else 0


def disturb(folder: Path, kills: int, seed: int, students: int) -> Tally:
    """Grade classes until `kills` runs were hit and the last class is complete."""
    chance = random.Random(seed)
    (folder / "temporary").mkdir()
    right = undisturbed(folder, students)
    tally = Tally()
    while tally.killed < kills:
        root = shutil.copytree(folder / "new", folder / "class")
        if chance.random() < NEW_GRADEBOOK:
            (root / "gradebook.db").unlink()
        Disturbed(root, right, chance, tally).grade(kills)
        shutil.rmtree(root)
        tally.classes += 1
        print(json.dumps(record(tally)), file=sys.stderr, flush=True)
    return tally


def undisturbed(folder: Path, students: int) -> Right:
    """Make the class that all runs start from, and grade a copy of it in peace."""
    fill(folder / "new", students)
    root = shutil.copytree(folder / "new", folder / "right")
    seconds = []
    for _ in range(2):
        start = time.monotonic()
        with running(root) as grader:
            grader.wait(RUN_SECONDS)
        seconds.append(time.monotonic() - start)
    right = Remains(root, temporary(root)).as_right(*seconds)
    if len(right.results) != students:
        raise RuntimeError(f"the undisturbed run graded {len(right.results)} of {students} submissions")
    return right


def fill(root: Path, students: int) -> None:
    """A new class of the tiny course: odd submissions of every kind, and good ones."""
    new_class(load_course(ROOT / "tests" / "fixtures" / "tiny_course"), root)
    assignment = class_course(root).assignment(TINY)
    odd = list(damaged(assignment).values())
    for number in range(students):
        data = odd[number // 2 % len(odd)] if number % 2 else as_bytes(solved(assignment))
        hand_in(root, f"s{number:02}", data)


@contextmanager
def running(root: Path) -> Iterator[subprocess.Popen[str]]:
    """`autograder grade` in its own session, with a temporary folder of its own; its report goes into a file."""
    command = [sys.executable, "-m", "autograder.cli", "grade", TINY, "--class", str(root), "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary(root))}
    with (root.parent / "report").open("w") as out, (root.parent / "said").open("w") as said:
        grader = subprocess.Popen(
            [*command, "--workers", str(WORKERS)],
            stdout=out,
            stderr=said,
            env=environment,
            text=True,
            start_new_session=True,
        )
        try:
            yield grader
        finally:
            if grader.poll() is None:
                os.killpg(grader.pid, signal.SIGKILL)
                grader.wait()


def temporary(root: Path) -> Path:
    return root.parent / "temporary"


class Disturbed:
    """One class that is graded under fire until it is complete."""

    def __init__(self, root: Path, right: Right, chance: random.Random, tally: Tally) -> None:
        self.root, self.right, self.chance, self.tally = root, right, chance, tally
        self.remains = Remains(root, temporary(root))
        self.noted: set[str] = set()
        self.hit = False

    def grade(self, kills: int) -> None:
        """Run and kill until a run ends by itself, then look whether everything is there and right."""
        while True:
            before = self.noted
            self.tally.resumed += self.hit
            with running(self.root) as grader:
                ended = self.disturb(grader) if self.tally.killed < kills else grader.wait(RUN_SECONDS)
            self.check()
            if ended is not None:
                break
        if ended != 0:
            self.problem(f"a run that was left in peace ended with {ended}: {self.said()}")
        else:
            self.complete(before)

    def disturb(self, grader: subprocess.Popen[str]) -> int | None:
        """Kill at a random moment; the exit code of a run that ended by itself, or None."""
        target = self.chance.choices(list(TARGETS), list(TARGETS.values()))[0]
        before = self.remains.written()
        try:
            return grader.wait(self.moment(grader, before))
        except subprocess.TimeoutExpired:
            pass
        workers = workers_of(grader.pid)
        began = self.remains.written() != before
        phase = self.phase(grader, bool(workers), began)
        if target == "worker" and workers:
            kill(self.chance.choice(workers))
        elif target == "group":
            os.killpg(grader.pid, signal.SIGKILL)
        else:
            target = "grader"
            grader.kill()
        self.tally.kills[target] += 1
        self.tally.phases[self.in_transaction(began) or phase] += 1
        self.hit = True
        ended = grader.wait(RUN_SECONDS)
        return ended if target == "worker" else None

    def moment(self, grader: subprocess.Popen[str], before: dict[Path, int]) -> float:
        """The seconds from now at which to kill; waits for what has to come before it."""
        kind = self.chance.choices(list(MOMENTS), list(MOMENTS.values()))[0]
        left = len(self.right.results) - len(self.noted)
        if kind == "time":
            pace = (self.right.whole - self.right.idle) / len(self.right.results)
            return self.chance.uniform(0, self.right.idle + pace * left)
        count = self.chance.randrange(left) if kind == "results" and left else 0
        while grader.poll() is None:
            new = self.remains.written().items() - before.items()
            if len(new) > count and (kind == "results" or self.remains.has_journal()):
                break
            time.sleep(0.0005)
        return self.chance.uniform(0, 0.2 if kind == "results" else 0.03)

    def phase(self, grader: subprocess.Popen[str], workers: bool, began: bool) -> str:
        """What the grader is doing, as far as it can be seen from outside."""
        holder = (self.root / LOCK).read_text().strip() if (self.root / LOCK).exists() else ""
        if holder != str(grader.pid):
            return "starting"
        if len(self.remains.stamps()) == len(self.right.results):
            return "all noted, ending"
        if not workers:
            return "opening the gradebook, looking"
        return "marking" if began else "starting workers"

    def in_transaction(self, began: bool) -> str | None:
        """What it was doing with the gradebook, as far as it can be seen from what it left there."""
        if self.remains.has_journal():
            return "writing a batch" if began else "registering"
        if not self.remains.has_gradebook():
            return "making the gradebook" if list(self.root.glob(".writing-*")) else None
        return "between gradebook and ledger" if self.remains.graded() - set(self.remains.stamps()) else None

    def check(self) -> None:
        """The promises that hold at any moment."""
        self.tally.leftovers = max(self.tally.leftovers, len(self.remains.unfinished()))
        for problem in broken_now(self.remains, self.right, MOST_UNFINISHED):
            self.problem(problem)
        self.check_processes()
        stamps = set(self.remains.stamps())
        if not self.noted <= stamps:
            self.problem(f"the ledger forgot {sorted(self.noted - stamps)}")
        self.noted = stamps

    def check_processes(self) -> None:
        """Every process of the run ends by itself: this process adopts its orphans and buries them."""
        start = time.monotonic()
        while True:
            left = children(os.getpid())
            for child in left:
                os.waitpid(child, os.WNOHANG)
            waited = time.monotonic() - start
            if not left or waited > GRACE_SECONDS:
                break
            time.sleep(0.01)
        self.tally.orphan_seconds = max(self.tally.orphan_seconds, waited)
        for child in left:
            self.problem(f"a process outlived its grader: {command_of(child)[:200]!r}")
            kill(child)

    def complete(self, before: set[str]) -> None:
        """A complete class is what an undisturbed one is, and nothing that was noted was marked again."""
        report = json.loads((self.root.parent / "report").read_text())
        if self.hit:
            self.tally.kept.append(len(before))
            self.tally.again.append(len(report["graded"]))
        for problem in broken_when_complete(self.remains, self.right, before, report):
            self.problem(problem)

    def said(self) -> str:
        return (self.root.parent / "said").read_text()[-2000:]

    def problem(self, what: str) -> None:
        self.tally.problems.append(f"class {self.tally.classes}, kill {self.tally.killed}: {what}")
        print(self.tally.problems[-1], file=sys.stderr)


def kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return  # it has ended by itself meanwhile


def record(tally: Tally) -> dict[str, object]:
    return {
        "kills": tally.killed,
        "classes": tally.classes,
        "targets": dict(tally.kills),
        "phases": dict(tally.phases),
        "resumed": tally.resumed,
        "kept": sum(tally.kept),
        "marked_again": sum(tally.again),
        "most_leftovers": tally.leftovers,
        "longest_orphan_seconds": round(tally.orphan_seconds, 3),
        "problems": tally.problems,
    }


def text(tally: Tally) -> str:
    lines = [f"{tally.killed} kills in {tally.classes} classes; {tally.resumed} runs went on after a kill."]
    for what, counts in (("hit", tally.kills), ("while", tally.phases)):
        lines += [f"  {what} {name}: {count}" for name, count in counts.most_common()]
    kept, again = sum(tally.kept), sum(tally.again)
    lines += [
        f"The last runs of the classes that were hit found {kept} submissions noted, kept them and marked {again};",
        f"{BATCH} marked submissions are noted at a time.",
        f"Most leftovers at once: {tally.leftovers}. Longest life of an orphan: {tally.orphan_seconds:.2f} s.",
        *(f"PROBLEM: {problem}" for problem in tally.problems),
        f"{len(tally.problems)} promises broken.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
