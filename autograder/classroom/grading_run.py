"""A class directory: an ordinary nbgrader course directory with a frozen copy of the course.

    nbgrader_config.py  course/  source/  release/  submitted/  autograded/  feedback/  gradebook.db  results/

`grade` marks what was handed in and isn't marked yet. It may be killed at any time: what the gradebook holds is noted
in the ledger after it was written there, and whatever isn't noted is marked again.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.class_directory.frozen_course import class_course, course_digest
from autograder.class_directory.paths import notebook_path, result_path
from autograder.class_directory.stamps import Stamp, Stamps
from autograder.classroom.autograded_folder import HandedBack
from autograder.classroom.batches import Batches, Progress
from autograder.classroom.jobs import worker_count
from autograder.classroom.worker import digest, read
from autograder.course.course import Course
from autograder.errors import ClassError
from autograder.files import PREFIX, remove_leftovers, writable_for_the_group
from autograder.gradebook.grades import Grades, Moved, auto_scores
from autograder.gradebook.lost_gradebook import refuse_a_lost_gradebook
from autograder.gradebook.nbgrader_config import Settings, read_settings
from autograder.gradebook.settled_penalties import note_settled, settled
from autograder.gradebook.standing import Waiting, read_standing
from autograder.gradebook.students import students_of
from autograder.handed_in.student_name import Enrolled, notes_on_doubles, settle_spellings
from autograder.handed_in.submissions import HandedIn, find_submissions
from autograder.handed_in.which_notebook import Sought
from autograder.release.build import release_notebook
from autograder.result import Result, kept_result

LOCK = ".grading.lock"
PLACES = ("", "results/", "results/{}/", "autograded/*/{}/")  # where a run that is killed leaves unfinished files
SHARED = (
    "Where several instructors share a class, its nbgrader_config.py says `c.CourseDirectory.groupshared = True`, "
    "and whoever owns its files lets the group write them: `chmod -R g+rwX {}`."
)


@dataclass(frozen=True)
class ClassReport:
    """What a run of `grade` did. `results` and their problems are those of all submissions, marked now or before;
    `points` are what the gradebook has for them, with points given by hand and late penalties taken off; `waiting` are
    the answers that wait for a person; `notes` are about the class as a whole; `most_seconds` is how long the course's
    limits would have let it compute."""

    assignment: str
    graded: tuple[str, ...]
    unchanged: tuple[str, ...]
    moved: tuple[Moved, ...]
    results: Mapping[str, Result]
    points: Mapping[str, float]
    waiting: tuple[Waiting, ...]
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
    shared = writable_for_the_group(settings.groupshared)
    with shared, _telling_trouble(root), _only_grader(root), _tidy(root, assignment):
        run = GradingRun(root, settings, course, assignment)
        stale, results = run.look(everything)
        idle = results and not stale and run.penalties_settled()
        graded, moved = ({}, []) if idle else run.work(stale, workers, progress)
        standing = read_standing(settings.db_url, assignment)
    results = dict(sorted((results | graded).items()))
    return ClassReport(
        assignment,
        tuple(sorted(graded)),
        tuple(student for student in results if student not in graded),
        tuple(moved),
        results,
        {student: standing.points[student] for student in results},
        standing.waiting,
        (*run.notes, *run.handed_back.notes()),
        time.monotonic() - started,
        course.limits.class_seconds(len(graded), worker_count(len(graded), workers)),
    )


class GradingRun:
    """One run of `grade` over an assignment of a class. `notes` gathers sentences on the class as a whole."""

    def __init__(self, root: Path, settings: Settings, course: Course, assignment: str) -> None:
        self.root, self.settings, self.course, self.name = root, settings, course, assignment
        self.digest = course_digest(course, assignment)
        self.stamps = Stamps(root, assignment)
        self.before = read_standing(settings.db_url, assignment)
        self.handed_back = HandedBack(root, assignment)
        self.notes: list[str] = []

    def look(self, everything: bool) -> tuple[list[HandedIn], dict[str, Result]]:
        """The submissions to be marked, and the results of the others. Raises ClassError if the gradebook is lost."""
        if not everything:
            refuse_a_lost_gradebook(self.root, self.settings, self.name, self.before)
        layout = self.settings.layout
        self.notes += settle_spellings(layout, self.name)
        sought = Sought(self.course, self.name)
        found, notes = find_submissions(layout, sought, self.settings.times)
        enrolled = [
            Enrolled(one.id, (f"{one.first_name} {one.last_name}", one.email) if one.is_named else ())
            for one in students_of(self.settings)
        ]
        students = [handed_in.student for handed_in in found]
        self.notes += [*notes, *notes_on_doubles(layout, self.name, students, enrolled)]
        results: dict[str, Result] = {}
        for handed_in in [] if everything else found:
            result = self._still_right(handed_in)
            if result and auto_scores(result) == self.before.scores.get(handed_in.student):
                results[handed_in.student] = result
                self.handed_back.follow(handed_in)
        return [handed_in for handed_in in found if handed_in.student not in results], results

    def penalties_settled(self) -> bool:
        """Whether late penalties are up to date."""
        return settled(self.root, self.name, self.before.late)

    def work(
        self, stale: Sequence[HandedIn], workers: int, progress: Callable[[Progress], None] | None
    ) -> tuple[dict[str, Result], list[Moved]]:
        """Mark submissions, and bring scores, the assignment and late penalties up to date in the gradebook."""
        assignment = self.course.assignment(self.name)
        release = release_notebook(assignment)
        with Grades(self.settings) as grades:
            self.notes += grades.register(self.name, release)
            batches = Batches(
                self.root,
                assignment,
                self.digest,
                self.course.limits,
                release,
                grades,
                self.stamps,
                self.handed_back,
            )
            marked = batches.mark(stale, workers, progress)
            for student in grades.assign_penalties(self.name):
                self.handed_back.remove_feedback(student)
        note_settled(self.root, self.name, read_standing(self.settings.db_url, self.name).late)
        return marked

    def _still_right(self, handed_in: HandedIn) -> Result | None:
        """The result on disk, if it was made of what lies there now and its notebook is there too."""
        stamp = self.stamps.get(handed_in.student)
        if stamp is None or not notebook_path(self.root, self.name, handed_in.student).is_file():
            return None
        if stamp != Stamp(digest(handed_in, read(handed_in)), self.digest):
            return None
        return kept_result(result_path(self.root, self.name, handed_in.student))


@contextmanager
def _telling_trouble(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        shared = f"{SHARED.format(root)} " if isinstance(error, PermissionError) else ""
        raise ClassError(
            f"Grading {root} stopped: {error.strerror or error}{where}. {shared}"
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
