"""A class directory: an ordinary nbgrader course directory with a frozen copy of the course.

    nbgrader_config.py  course/  source/  release/  submitted/  autograded/  feedback/  gradebook.db  results/

`grade` marks what was handed in and isn't marked yet. It may be killed at any time: what the gradebook holds is noted
in the ledger after it was written there, and whatever isn't noted is marked again.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from autograder.classroom.frozen_course import class_course, course_digest
from autograder.classroom.gradebook import Graded, Grades, Moved, auto_scores
from autograder.classroom.jobs import run_jobs, worker_count
from autograder.classroom.nbgrader_config import read_settings
from autograder.classroom.paths import notebook_path, result_path
from autograder.classroom.stamps import Stamp, Stamps
from autograder.classroom.submitted_files import HandedIn, find_submissions
from autograder.classroom.worker import digest, mark_one, not_marked, read
from autograder.course.course import Assignment, Course
from autograder.course.source_notebook import Json
from autograder.errors import AutograderError, ClassError
from autograder.files import PREFIX, remove_leftovers
from autograder.marking.result import Result, read_result
from autograder.marking.side_by_side import shared_turns
from autograder.release.build import release_notebook

LOCK = ".grading.lock"
DISK_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}
PLACES = ("", "results/", "results/{}/", "autograded/*/{}/")  # where a run that is killed leaves unfinished files
BATCH = 20  # submissions in one transaction: a run that is killed marks so many again at most


@dataclass(frozen=True)
class Progress:
    """One more submission is marked: `done` of `total` of this run. The others compute for `most_seconds` at most."""

    done: int
    total: int
    student: str
    most_seconds: float


@dataclass(frozen=True)
class ClassReport:
    """What a run of `grade` did. `results` and their problems are those of all submissions, marked now or before;
    `notes` are about the class as a whole; `most_seconds` is how long the course's limits would have let it compute."""

    assignment: str
    graded: tuple[str, ...]
    unchanged: tuple[str, ...]
    moved: tuple[Moved, ...]
    results: Mapping[str, Result]
    notes: tuple[str, ...]
    seconds: float
    most_seconds: float

    @property
    def problems(self) -> dict[str, tuple[str, ...]]:
        """The problems of each student's submission that has any."""
        return {student: result.problems for student, result in self.results.items() if result.problems}


def grade(
    root: Path,
    assignment: str,
    *,
    everything: bool = False,
    workers: int = 2,
    progress: Callable[[Progress], None] | None = None,
) -> ClassReport:
    """Mark what was handed in for the assignment and isn't marked yet (or everything), and write it to the gradebook.

    Raises ClassError or CourseError where the class can't be graded at all; a submission never stops the others.
    """
    started = time.monotonic()
    root = root.resolve()
    settings = read_settings(root)
    course = class_course(root)
    loaded = course.assignment(assignment)
    release = release_notebook(loaded)
    with _telling_trouble(root), _only_grader(root), _tidy(root, assignment), Grades(settings) as grades:
        changes = grades.register(assignment, release)
        run = GradingRun(root, loaded, course, release, grades)
        stale, results, notes = run.look(everything)
        graded, moved = run.mark(stale, workers, progress)
    return ClassReport(
        assignment,
        tuple(sorted(graded)),
        tuple(results),
        tuple(moved),
        dict(sorted((results | graded).items())),
        (*changes, *notes),
        time.monotonic() - started,
        course.limits.class_seconds(len(graded), worker_count(len(graded), workers)),
    )


class GradingRun:
    """One run of `grade` over an assignment of an open class."""

    def __init__(self, root: Path, assignment: Assignment, course: Course, release: Json, grades: Grades) -> None:
        self.root, self.assignment, self.limits = root, assignment, course.limits
        self.course = course_digest(course, assignment.name)
        self.release, self.grades = release, grades
        self.stamps = Stamps(root, assignment.name)

    def look(self, everything: bool) -> tuple[list[HandedIn], dict[str, Result], list[str]]:
        """The submissions to be marked, the results of the others, and notes on the class."""
        found, notes = find_submissions(self.root, self.assignment.name)
        scores = self.grades.scores(self.assignment.name)
        results: dict[str, Result] = {}
        for handed_in in [] if everything else found:
            result = self._still_right(handed_in)
            if result and auto_scores(result) == scores.get(handed_in.student):
                results[handed_in.student] = result
        return [handed_in for handed_in in found if handed_in.student not in results], results, notes

    def _still_right(self, handed_in: HandedIn) -> Result | None:
        """The result on disk, if it was made of what lies there now and its notebook is there too."""
        stamp = self.stamps.get(handed_in.student)
        if stamp is None or not notebook_path(self.root, self.assignment.name, handed_in.student).is_file():
            return None
        if stamp != Stamp(digest(handed_in, read(handed_in)), self.course):
            return None
        try:
            path = result_path(self.root, self.assignment.name, handed_in.student)
            return read_result(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return None

    def mark(
        self, stale: Sequence[HandedIn], workers: int, progress: Callable[[Progress], None] | None
    ) -> tuple[dict[str, Result], list[Moved]]:
        """Mark submissions in worker processes; the gradebook is written here, a batch at a time."""
        results: dict[str, Result] = {}
        moved: list[Moved] = []
        batch: list[Graded] = []
        processes = worker_count(len(stale), workers)
        try:
            for handed_in, outcome in self._outcomes(stale, workers):
                graded = self._graded(handed_in, outcome)
                results[graded.student] = graded.result
                batch.append(graded)
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

    def _write(self, batch: Sequence[Graded]) -> list[Moved]:
        """Write a batch to the gradebook, then note it."""
        moved = self.grades.write(self.assignment.name, [replace(graded, new=self._is_new(graded)) for graded in batch])
        self.stamps.note({one.student: Stamp(one.digest, self.course) if one.digest else None for one in batch})
        return moved

    def _is_new(self, graded: Graded) -> bool:
        before = self.stamps.get(graded.student)
        return before is None or before.submission != graded.digest


@contextmanager
def _telling_trouble(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise ClassError(
            f"Grading {root} stopped: {error.strerror or error}{where}. "
            "Mend that and run the same command again: what was graded is kept."
        ) from error


@contextmanager
def _tidy(root: Path, assignment: str) -> Iterator[None]:
    """Before and after, remove what a run or a worker that was killed had begun to write."""
    patterns = [f"{place.format(assignment)}{PREFIX}*" for place in PLACES]
    try:
        remove_leftovers(path for pattern in patterns for path in root.glob(pattern))
        yield
    finally:
        remove_leftovers(path for pattern in patterns for path in root.glob(pattern))


@contextmanager
def _only_grader(root: Path) -> Iterator[None]:
    """Hold the class's lock; the system gives it up when its holder ends, in whatever way."""
    with (root / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            raise ClassError(
                f"Another grader (process {holder}) is at work in {root}. Wait until it is done, or end it, then go on."
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
