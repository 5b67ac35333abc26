"""Hand in thousands of damaged notebooks, through the real sandbox, and see that each gets a result.

    python -m tests.fuzz.notebooks [--mutants 10000] [--seed 0] [--workers 2] [--seconds S]
    python -m tests.fuzz.notebooks --seed 0 --only INDEX [--save FILE]

Every mutant is made from the seed and its index alone, so `--only` repeats it. What must hold for each is in
`tests.fuzz.promises`.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from types import FrameType

from autograder.commands.simulated_students import HABITS
from autograder.course.course import Assignment, Course, CourseLimits, find_course
from autograder.course.solved_notebook import as_bytes, solved
from autograder.course.source_notebook import Json
from autograder.marking.marker import MarkedSubmission, Marker
from autograder.processes.jobs import run_jobs
from autograder.release.build import release_notebook
from autograder.report.marked_notebook import marked_notebook
from autograder.report.terminal import table
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.host.zygote_handle import memory
from autograder.sandbox.records import WALL_FACTOR
from autograder.submission.submitted_notebook import read_submission
from tests.fuzz.mutations import Mutant, mutate
from tests.fuzz.promises import broken_promises, broken_when_written

NAME = "fuzzed.ipynb"
WRITTEN = 10  # one mutant in so many: its marked notebook is read as nbgrader reads it
AGAIN = 50  # one in so many is marked twice, and an honest notebook after it
SLACK_SECONDS = 15.0  # beyond the two walks that marking may take: reading a large file, a busy machine


@dataclass(frozen=True)
class Outcome:
    """What came of one mutant. `failures` says which promises were broken; `resident` is in bytes."""

    mutant: Mutant
    seconds: float
    points: float
    problems: tuple[str, ...]
    failures: tuple[str, ...]
    process: int
    resident: int


class Stalled(Exception):
    """Marking took longer than every limit together."""


@dataclass(frozen=True)
class Target:
    """An assignment with its grader, its release and the notebooks to be damaged."""

    grader: Marker
    release: Json
    bases: Sequence[tuple[str, Json]]
    honest: str  # the result of the solved notebook

    @property
    def assignment(self) -> Assignment:
        return self.grader.assignment


class Fuzzer:
    """Makes and judges mutants of the notebooks of some assignments, in one sandbox."""

    def __init__(
        self, course: Course, names: Sequence[str], sandbox: Sandbox, limits: CourseLimits, heavy: bool
    ) -> None:
        self.heavy = heavy
        self.most_seconds = 10 * WALL_FACTOR * limits.submission_seconds + SLACK_SECONDS
        self.targets = [_target(course, name, sandbox, limits) for name in names]
        self.others = [notebook for target in self.targets for _, notebook in target.bases[:2]]

    def mutant(self, seed: int, index: int) -> tuple[Target, Mutant]:
        chance = Random(seed << 40 | index)
        target = chance.choice(self.targets)
        name, notebook = chance.choice(target.bases)
        return target, mutate(f"{target.assignment.name} {name}", notebook, self.others, chance, self.heavy)

    def judge(self, seed: int, index: int) -> Outcome:
        """Mark one mutant and look at all that comes of it; never raises for what the grader does."""
        target, mutant = self.mutant(seed, index)
        points = 0.0
        problems: tuple[str, ...] = ()
        failures: list[str] = []
        start = time.perf_counter()
        took = 0.0
        try:
            with _alarm(self.most_seconds):
                marked = target.grader.mark(read_submission(mutant.data, NAME), executed=True)
                written = marked_notebook(marked, target.release)
                took = time.perf_counter() - start
            points, problems = marked.result.points, marked.result.problems
            failures += broken_promises(target.assignment, target.grader.release.by_id, mutant, marked, written)
            if index % WRITTEN == 0:
                failures += broken_when_written(marked, written)
            if index % AGAIN == 0:
                failures += self._again(target, mutant, marked)
        except Exception as error:  # any is a finding
            failures.append(f"{type(error).__name__}: {error}")
        if index % AGAIN == 0:
            gc.collect()
        took = took or time.perf_counter() - start
        light = replace(mutant, data=b"")
        resident = memory(os.getpid()).resident
        return Outcome(light, took, points, problems, tuple(failures), os.getpid(), resident)

    def _again(self, target: Target, mutant: Mutant, marked: MarkedSubmission) -> Iterator[str]:
        """The same notebook gets the same result, and an honest one after it is unharmed."""
        timed_out = any(item.verdict == "timeout" for item in marked.result.items) or any(
            "didn't finish" in problem for problem in marked.result.problems
        )
        again = target.grader.mark(read_submission(mutant.data, NAME), executed=True).result
        if again.to_json() != marked.result.to_json() and not timed_out:
            yield f"marked again, it got {again.points:g} points in place of {marked.result.points:g}, or other words"
        honest = target.grader.mark(read_submission(as_bytes(solved(target.assignment)), NAME)).result
        if honest.to_json() != target.honest:
            yield f"an honest notebook after it got {honest.points:g} points, or other words"


def _target(course: Course, name: str, sandbox: Sandbox, limits: CourseLimits) -> Target:
    assignment = course.assignment(name)
    grader = Marker(assignment, sandbox, limits)
    release = release_notebook(assignment)
    bases: list[tuple[str, Json]] = [("solved", solved(assignment)), ("release", release), ("release", release)]
    for place, habit in enumerate(HABITS):
        handed_in = habit(assignment, release, Random(place))
        if not isinstance(handed_in, bytes):
            bases.append((f"habit {place}", handed_in))
    honest = grader.mark(read_submission(as_bytes(solved(assignment)), NAME)).result
    return Target(grader, release, bases, honest.to_json())


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise Stalled in the main thread when `seconds` have passed."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stalled(f"it took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@lru_cache(maxsize=1)
def _fuzzer(heavy: bool) -> Fuzzer:
    """This process's own, with a sandbox that ends with it."""
    course = find_course(Path(__file__).parent)
    limits = replace(course.limits, cell_seconds=2.0, call_seconds=1.0, submission_seconds=10.0)
    sandbox = Sandbox(limits, forbidden=[course.root])
    atexit.register(sandbox.close)
    return Fuzzer(course, course.names, sandbox, limits, heavy)


def _judge(index: int, *, seed: int, heavy: bool) -> Outcome:
    return _fuzzer(heavy).judge(seed, index)


@dataclass
class Report:
    """What came of all mutants: `failures` holds (index, what was done, what was wrong)."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    failures: list[tuple[int, str, str]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, index: int, outcome: Outcome | Exception) -> None:
        if isinstance(outcome, Exception):
            self.failures.append((index, "?", f"{type(outcome).__name__}: {outcome}"))
            return
        self.outcomes[index] = outcome
        self.failures += [(index, ", ".join(outcome.mutant.done), failure) for failure in outcome.failures]

    def grown(self) -> list[int]:
        """Bytes of resident memory that each process gained from the first tenth of its mutants to the last."""
        told: dict[int, list[int]] = {}
        for index in sorted(self.outcomes):
            told.setdefault(self.outcomes[index].process, []).append(self.outcomes[index].resident)
        tenths = ((seen[: max(1, len(seen) // 10)], seen[-max(1, len(seen) // 10) :]) for seen in told.values())
        return [sorted(last)[len(last) // 2] - sorted(first)[len(first) // 2] for first, last in tenths]

    def text(self, seed: int) -> str:
        """The closing summary, with the command that repeats each failure."""
        outcomes = self.outcomes.values()
        times = sorted(outcome.seconds for outcome in outcomes) or [0.0]
        slowest = sorted(self.outcomes, key=lambda index: -self.outcomes[index].seconds)[:5]
        sentences = Counter(_without_names(problem) for outcome in outcomes for problem in outcome.problems)
        lines = [
            f"{len(outcomes):,} mutants in {self.seconds:.0f} s",
            table(_kinds(list(outcomes)), right=(1, 2, 3)),
            f"one mutant: median {times[len(times) // 2]:.2f} s, 99% within {times[len(times) * 99 // 100]:.2f} s",
            *(
                f"slow: {self.outcomes[index].seconds:.1f} s, --only {index} ({self.outcomes[index].mutant.base}: "
                f"{', '.join(self.outcomes[index].mutant.done)})"
                for index in slowest
            ),
            f"memory grew by {', '.join(f'{grown / 1e6:.0f} MB' for grown in self.grown())} in each process",
            f"{len(sentences)} different problem sentences:",
            *(f"  {count:>6,}  {sentence}" for sentence, count in sentences.most_common()),
            f"{len(self.failures)} failures",
        ]
        for index, done, what in self.failures[:40]:
            lines.append(f"  {what} ({done}): python -m tests.fuzz.notebooks --seed {seed} --only {index}")
        return "\n".join(lines)


def _kinds(outcomes: Sequence[Outcome]) -> list[list[str]]:
    rows = [["what was done", "mutants", "with a problem", "with points"]]
    for kind in sorted({kind for outcome in outcomes for kind in outcome.mutant.done}):
        hit = [outcome for outcome in outcomes if kind in outcome.mutant.done]
        counts = len(hit), sum(bool(outcome.problems) for outcome in hit), sum(outcome.points > 0 for outcome in hit)
        rows.append([kind, *(f"{count:,}" for count in counts)])
    return rows


def _without_names(problem: str) -> str:
    """The sentence without what differs from notebook to notebook."""
    sentence = re.sub(r"^(Missing|Cells|Fixed)([^:]*): .*", r"\1\2: ...", problem)
    return re.sub(r"\d[\d,]*", "N", re.sub(r"^\w+ was found only", "... was found only", sentence))


def fuzz(mutants: int, seed: int, workers: int, seconds: float) -> Report:
    """Judge `mutants` of all assignments, or as many as `seconds` allow, in worker processes with sandboxes of their
    own."""
    report = Report()
    start = time.perf_counter()
    try:
        for index, outcome in run_jobs(partial(_judge, seed=seed, heavy=True), range(mutants), workers):
            before = len(report.failures)
            report.add(index, outcome)
            for failure in report.failures[before:]:
                print(*failure, sep=": ", file=sys.stderr, flush=True)
            if len(report.outcomes) % 500 == 0:
                told = f"{len(report.outcomes):,} mutants in {time.perf_counter() - start:.0f} s"
                print(told, file=sys.stderr, flush=True)
            if time.perf_counter() - start > seconds:
                break
    except KeyboardInterrupt:
        print("Stopped; this is how far it got.", file=sys.stderr)
    report.seconds = time.perf_counter() - start
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many, however far it got")
    parser.add_argument("--only", type=int, metavar="INDEX")
    parser.add_argument("--save", type=Path, metavar="FILE", help="with --only: write the mutant there")
    args = parser.parse_args()
    if args.only is None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends a long run still gets its summary
        report = fuzz(args.mutants, args.seed, args.workers, args.seconds)
        print(report.text(args.seed))
        sys.exit(bool(report.failures))
    if args.save:
        args.save.write_bytes(_fuzzer(True).mutant(args.seed, args.only)[1].data)
    outcome = _judge(args.only, seed=args.seed, heavy=True)
    print(
        f"{outcome.mutant.base}: {', '.join(outcome.mutant.done)}; {outcome.points:g} points, {outcome.seconds:.2f} s"
    )
    print("\n".join([*outcome.problems, *(f"BROKEN: {failure}" for failure in outcome.failures)]))
    sys.exit(bool(outcome.failures))


if __name__ == "__main__":
    main()
