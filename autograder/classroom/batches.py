"""Mark submissions in worker processes, and write what came of them to the gradebook, a batch at a time."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from autograder.class_directory.paths import notebook_path
from autograder.class_directory.stamps import Stamp, Stamps
from autograder.classroom.autograded_folder import HandedBack
from autograder.classroom.worker import MarkingOrder, mark_one, not_marked, write_notebook
from autograder.course.course import Assignment, CourseLimits
from autograder.decisions.rulings import apply
from autograder.decisions.set_aside import SetAside
from autograder.errors import AutograderError
from autograder.gradebook.grades import Graded, Grades, Moved, extra_credit
from autograder.handed_in.submissions import HandedIn
from autograder.marking.side_by_side import shared_turns
from autograder.processes.jobs import run_jobs, worker_count
from autograder.report.marked_notebook import unanswered, with_decisions
from autograder.result import Result

DISK_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}
BATCH = 20  # submissions in one transaction: a run that is killed marks so many again at most


@dataclass(frozen=True)
class Progress:
    """One more submission is marked: `done` of `total` of this run. The others compute for `most_seconds` at most."""

    done: int
    total: int
    student: str
    most_seconds: float


@dataclass(frozen=True)
class Batches:
    """Marks submissions of an assignment of a class. What it writes goes where the `order` says."""

    order: MarkingOrder
    assignment: Assignment
    limits: CourseLimits
    grades: Grades
    stamps: Stamps
    aside: SetAside
    handed_back: HandedBack

    def mark(
        self, stale: Sequence[HandedIn], workers: int, progress: Callable[[Progress], None] | None
    ) -> tuple[dict[str, Result], list[Moved]]:
        """Mark submissions and write them; returns the results by student and the scores that moved."""
        results: dict[str, Result] = {}
        moved: list[Moved] = []
        batch: list[tuple[HandedIn, Graded]] = []
        processes = worker_count(len(stale), workers)
        try:
            for handed_in, outcome in self._outcomes(stale, workers):
                graded = self._graded(handed_in, outcome)
                results[graded.student] = graded.result
                batch.append((handed_in, graded))
                if len(batch) >= BATCH:
                    full, batch = batch, []
                    moved += self._write(full)
                if progress:
                    left = self.limits.class_seconds(len(stale) - len(results), processes)
                    progress(Progress(len(results), len(stale), graded.student, left))
        finally:
            moved += self._write(batch)
        return results, moved

    def _outcomes(self, stale: Sequence[HandedIn], workers: int) -> Iterator[tuple[HandedIn, Graded | Exception]]:
        with shared_turns() as turns:
            act = partial(mark_one, self.order, turns)
            yield from run_jobs(act, stale, workers)

    def _graded(self, handed_in: HandedIn, outcome: Graded | Exception) -> Graded:
        if isinstance(outcome, AutograderError):
            raise outcome
        if isinstance(outcome, OSError) and outcome.errno in DISK_TROUBLE:  # no fault of this submission
            raise outcome
        if isinstance(outcome, Exception):
            why = f"{type(outcome).__name__}: {outcome}"
            return not_marked(self.order, self.assignment, handed_in, why)
        return outcome

    def decide(self, kept: Sequence[tuple[HandedIn, Result]]) -> tuple[list[HandedIn], list[Moved]]:
        """Write what was decided for submissions that are marked, without marking them again. Returns those whose
        marked notebook can't be read, which have to be, and the scores that moved."""
        unread: list[HandedIn] = []
        moved: list[Moved] = []
        for start in range(0, len(kept), BATCH):
            some = [(handed_in, self._decided(handed_in, result)) for handed_in, result in kept[start : start + BATCH]]
            unread += [handed_in for handed_in, graded in some if graded is None]
            moved += self._write([(handed_in, graded) for handed_in, graded in some if graded])
        return unread, moved

    def _decided(self, handed_in: HandedIn, result: Result) -> Graded | None:
        root, name, student = self.order.root, self.assignment.name, handed_in.student
        try:
            notebook = json.loads(notebook_path(root, name, student).read_bytes())
            with_decisions(notebook, apply(result, self.order.rulings), self.order.release)
            same = unanswered(notebook, self.order.release)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        write_notebook(self.order.out, name, student, notebook)
        return Graded(student, result, same, handed_in.timestamp, self.stamps.submission(student))

    def _write(self, batch: Sequence[tuple[HandedIn, Graded]]) -> list[Moved]:
        """Hand a batch over to nbgrader's folders and its gradebook, then note it."""
        for handed_in, _ in batch:
            self.handed_back.follow(handed_in)
            self.handed_back.remove_feedback(handed_in.student)
        decided = [self._as_decided(graded) for _, graded in batch]
        moved = self.grades.write(self.assignment.name, decided, self.aside)
        self.stamps.note({graded.student: self._stamp(graded) for graded in decided})
        return moved

    def _as_decided(self, graded: Graded) -> Graded:
        """With what was decided, and what is known of the submission that was written before."""
        before = self.stamps.get(graded.student)
        new = before is None or before.submission != graded.digest
        result = apply(graded.result, self.order.rulings)
        return replace(graded, result=result, new=new, extra_before=self.stamps.extra(graded.student))

    def _stamp(self, graded: Graded) -> Stamp:
        extra = extra_credit(graded.result)
        return Stamp(graded.digest, self.order.course, extra=extra, decided=self.order.rulings)
