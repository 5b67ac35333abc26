"""Mark submissions in worker processes, and write what came of them to the gradebook, a batch at a time."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from autograder.class_directory.stamps import Stamp, Stamps
from autograder.classroom.autograded_folder import HandedBack
from autograder.classroom.jobs import run_jobs, worker_count
from autograder.classroom.worker import mark_one, not_marked
from autograder.course.course import Assignment, CourseLimits
from autograder.course.source_notebook import Json
from autograder.errors import AutograderError
from autograder.gradebook.grades import Graded, Grades, Moved, extra_credit
from autograder.handed_in.submissions import HandedIn
from autograder.marking.side_by_side import shared_turns
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
    """Marks submissions of an assignment of the class in `root`. `course` is the digest of the frozen course."""

    root: Path
    assignment: Assignment
    course: str
    limits: CourseLimits
    release: Json
    grades: Grades
    stamps: Stamps
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
            act = partial(mark_one, self.root, self.assignment.name, self.course, self.release, turns)
            yield from run_jobs(act, stale, workers)

    def _graded(self, handed_in: HandedIn, outcome: Graded | Exception) -> Graded:
        if isinstance(outcome, AutograderError):
            raise outcome
        if isinstance(outcome, OSError) and outcome.errno in DISK_TROUBLE:  # no fault of this submission
            raise outcome
        if isinstance(outcome, Exception):
            why = f"{type(outcome).__name__}: {outcome}"
            return not_marked(self.root, self.assignment, self.release, handed_in, why)
        return outcome

    def _write(self, batch: Sequence[tuple[HandedIn, Graded]]) -> list[Moved]:
        """Hand a batch over to nbgrader's folders and its gradebook, then note it."""
        for handed_in, _ in batch:
            self.handed_back.follow(handed_in)
            self.handed_back.remove_feedback(handed_in.student)
        moved = self.grades.write(self.assignment.name, [self._compared(graded) for _, graded in batch])
        stamps = {one.student: Stamp(one.digest, self.course, extra=extra_credit(one.result)) for _, one in batch}
        self.stamps.note(stamps)
        return moved

    def _compared(self, graded: Graded) -> Graded:
        """With what is known of the submission that was written before."""
        before = self.stamps.get(graded.student)
        new = before is None or before.submission != graded.digest
        return replace(graded, new=new, extra_before=self.stamps.extra(graded.student))
