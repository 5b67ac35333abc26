"""A class directory: an ordinary nbgrader course directory with a frozen copy of the course.

    nbgrader_config.py  course/  source/  release/  submitted/  autograded/  feedback/  gradebook.db  results/

`grade` marks what was handed in and isn't marked yet. It may be killed at any time: what the gradebook holds is noted
in the ledger after it was written there, and whatever isn't noted is marked again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.class_directory.frozen_course import class_course, course_digest
from autograder.class_directory.paths import notebook_path, result_path
from autograder.class_directory.stamps import Stamp, Stamps
from autograder.classroom.autograded_folder import HandedBack
from autograder.classroom.batches import Batches, Progress
from autograder.classroom.run_record import begin_run, keep_if_changed, marks_of
from autograder.classroom.worker import MarkingOrder, digest, read
from autograder.classroom.workplace import Workplace, beside_the_class, in_the_class
from autograder.course.course import Course
from autograder.decisions.in_force import in_force
from autograder.decisions.rulings import apply, decided_release
from autograder.decisions.set_aside import set_aside
from autograder.gradebook.extensions import Extensions
from autograder.gradebook.grades import Grades, Moved, auto_scores
from autograder.gradebook.late_penalties import note_settled, settled
from autograder.gradebook.lost_gradebook import refuse_a_lost_gradebook
from autograder.gradebook.nbgrader_config import read_settings
from autograder.gradebook.standing import Waiting, read_standing
from autograder.gradebook.students import students_of
from autograder.handed_in.listing import quoted, some
from autograder.handed_in.student_name import Enrolled, notes_on_doubles, settle_spellings
from autograder.handed_in.submissions import HandedIn, find_submissions
from autograder.handed_in.which_notebook import Sought
from autograder.history.record import Run
from autograder.processes.jobs import worker_count
from autograder.release.build import release_notebook
from autograder.result import Result, kept_result


@dataclass(frozen=True)
class ClassReport:
    """What a run of `grade` did. `results` (with what was decided) and their problems are those of all submissions,
    marked now or before; `points` are what the gradebook has for them, with points given by hand and late penalties
    taken off; `decided` are the students whose scores were made anew from their result, as a decision changed;
    `waiting` are the answers that wait for a person; `notes` are about the class as a whole; `most_seconds` is how long
    the course's limits would have let it compute; `run` is the record that is kept, or would be if it weren't `dry`."""

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
    decided: tuple[str, ...]
    run: Run
    dry: bool = False

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
    dry: bool = False,
) -> ClassReport:
    """Mark what was handed in for the assignment and isn't marked yet (or everything), and write it to the gradebook.

    A `dry` run marks, and tells what would be written, but writes nothing at all. Raises ClassError or CourseError
    where the class can't be graded at all; a submission never stops the others.
    """
    started = time.monotonic()
    root = root.resolve()
    settings = read_settings(root)
    course = class_course(root)
    with (beside_the_class if dry else in_the_class)(root, settings, assignment) as place:
        run = GradingRun(place, course, assignment, everything)
        found = run.look()
        idle = found.results and not found.stale and not found.undecided and run.settled()
        results, moved = ({}, []) if idle else run.work(found, workers, progress)
        standing = read_standing(place.settings.db_url, assignment)
        record = run.begun.record(marks_of(standing, run.stamps), run.digest, run.decisions.rulings, results)
        if not dry:
            keep_if_changed(root, run.begun, record)
    everyone = dict(sorted((found.results | results).items()))
    return ClassReport(
        assignment,
        tuple(sorted(results)),
        tuple(student for student in everyone if student not in results),
        tuple(moved),
        {student: apply(result, run.decisions.rulings) for student, result in everyone.items()},
        {student: standing.points[student] for student in everyone},
        standing.waiting,
        (*run.notes, *run.handed_back.notes()),
        time.monotonic() - started,
        course.limits.class_seconds(len(results), worker_count(len(results), workers)),
        tuple(handed_in.student for handed_in, _ in found.undecided if handed_in.student not in results),
        record,
        dry,
    )


@dataclass(frozen=True)
class Looked:
    """What was found: submissions to be marked, the results of the others, and of these the ones whose scores in the
    gradebook are without what is decided now."""

    stale: list[HandedIn] = field(default_factory=list)
    undecided: list[tuple[HandedIn, Result]] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)


class GradingRun:
    """One run of `grade` over an assignment of a class. `notes` gathers sentences on the class as a whole."""

    def __init__(self, place: Workplace, course: Course, assignment: str, everything: bool) -> None:
        self.place, self.course, self.name, self.everything = place, course, assignment, everything
        self.digest = course_digest(course, assignment)
        self.decisions = in_force(place.root, assignment, course.names)
        self.stamps = Stamps(place.out, assignment)
        self.before = read_standing(place.settings.db_url, assignment)
        self.extensions = Extensions(place.out, assignment, self.decisions.due_dates)
        self.handed_back = HandedBack(place.out, assignment, dry=place.dry)
        command = "autograder grade --all" if everything else "autograder grade"
        self.begun = begin_run(place.root, assignment, command)
        self.notes: list[str] = []

    def look(self) -> Looked:
        """What there is to do. Raises ClassError if the gradebook is lost."""
        if not self.everything:
            refuse_a_lost_gradebook(self.place.root, read_settings(self.place.root), self.name, self.before)
        looked = Looked()
        submissions = self._submissions()
        self._note_out_of_reach({handed_in.student for handed_in in submissions})
        for handed_in in submissions:
            result = None if self.everything else self._still_right(handed_in)
            if result is None:
                looked.stale.append(handed_in)
                continue
            looked.results[handed_in.student] = result
            if self.stamps.decided(handed_in.student) != self.decisions.rulings:
                looked.undecided.append((handed_in, result))
            else:
                self.handed_back.follow(handed_in)
        return looked

    def settled(self) -> bool:
        """Whether due dates and late penalties are up to date."""
        return self.extensions.settled(self.before) and settled(self.place.out, self.name, self.before.late)

    def work(
        self, found: Looked, workers: int, progress: Callable[[Progress], None] | None
    ) -> tuple[dict[str, Result], list[Moved]]:
        """Mark submissions, and bring scores, the assignment and late penalties up to date in the gradebook; returns
        the results of what was marked, and the scores that moved."""
        place, rulings = self.place, self.decisions.rulings
        assignment = self.course.assignment(self.name)
        self.decisions.refuse_unknown_items(assignment.items)
        release = decided_release(release_notebook(assignment), rulings)
        order = MarkingOrder(place.root, place.out, self.name, self.digest, release, rulings)
        aside = set_aside(place.out, self.name)
        with Grades(place.settings) as grades:
            self.notes += grades.register(self.name, release)
            batches = Batches(order, assignment, self.course.limits, grades, self.stamps, aside, self.handed_back)
            unread, decided = batches.decide(found.undecided)
            results, moved = batches.mark([*found.stale, *unread], workers, progress)
            grades.extend(self.name, self.extensions)
            for student in grades.assign_penalties(self.name):
                self.handed_back.remove_feedback(student)
        note_settled(place.out, self.name, read_standing(place.settings.db_url, self.name).late)
        return results, [*decided, *moved]

    def _submissions(self) -> Sequence[HandedIn]:
        """What was handed in; notes what is to be said of it."""
        layout, settings = self.place.settings.layout, self.place.settings
        if not self.place.dry:
            self.notes += settle_spellings(layout, self.name)
        found, notes = find_submissions(layout, Sought(self.course, self.name), settings.times)
        enrolled = [
            Enrolled(one.id, (f"{one.first_name} {one.last_name}", one.email) if one.is_named else ())
            for one in students_of(settings)
        ]
        students = [handed_in.student for handed_in in found]
        self.notes += [*notes, *notes_on_doubles(layout, self.name, students, enrolled)]
        return found

    def _note_out_of_reach(self, handed_in: Collection[str]) -> None:
        """Note whose scores can't follow what was decided."""
        rulings, counted = self.decisions.rulings, self.before.without(self.place.settings.layout.left_out)
        students = [one for one in counted.grades if one not in handed_in and self.stamps.decided(one) != rulings]
        if students:
            names = some([quoted(student) for student in students])
            self.notes.append(f"What was decided isn't applied to {names}: in submitted/ there is nothing of them now.")

    def _still_right(self, handed_in: HandedIn) -> Result | None:
        """The result on disk, if it was made of what lies there now, its notebook is there too, and the gradebook has
        its scores, with what was decided when they were written."""
        root, student = self.place.root, handed_in.student
        stamp = self.stamps.get(student)
        if stamp is None or not notebook_path(root, self.name, student).is_file():
            return None
        if stamp != Stamp(digest(handed_in, read(handed_in)), self.digest):
            return None
        result = kept_result(result_path(root, self.name, student))
        as_decided = result and auto_scores(apply(result, stamp.decided))
        return result if as_decided == self.before.scores.get(student) else None
