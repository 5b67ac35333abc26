"""One handed-in submission of a class: mark it, and write its result and its marked notebook."""

from __future__ import annotations

import atexit
import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.class_directory.frozen_course import class_course
from autograder.class_directory.paths import notebook_path, result_path
from autograder.course.course import Assignment, Course, CourseLimits
from autograder.course.source_notebook import Json
from autograder.course.task import Task
from autograder.decisions.rulings import Ruling, apply
from autograder.files import write_whole
from autograder.gradebook.grades import Graded
from autograder.handed_in.submissions import HandedIn
from autograder.marking.marker import MarkedSubmission, Marker
from autograder.marking.side_by_side import ALONE, Turns
from autograder.marking.verdict import nothing_checked
from autograder.report.marked_notebook import marked_notebook, unanswered
from autograder.result import Result
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import Submission, name_of, read_notebook, read_submission


@dataclass(frozen=True)
class MarkingOrder:
    """What a worker is told of an assignment: the class in `root`, the folder `out` that results and notebooks are
    written into (the class itself, or the scratch of a dry run), the digest of the course, the release, and what was
    decided."""

    root: Path
    out: Path
    assignment: str
    course: str
    release: Json
    rulings: Mapping[str, Ruling]


class ClassMarker:
    """Marks the submissions of one assignment of a class."""

    def __init__(
        self, course: Course, assignment: str, release: Json, rulings: Mapping[str, Ruling], sandbox: Sandbox
    ) -> None:
        self.assignment, self.release, self.rulings = assignment, release, rulings
        loaded = course.assignment(assignment)
        self.marker = Marker(loaded, sandbox, course.limits)
        for task in loaded.tasks:
            if isinstance(task, Task):
                task.play_wrong_programs()  # now: later, it would take of a submission's time

    def mark(self, handed_in: HandedIn, turns: Turns = ALONE) -> tuple[Graded, Json]:
        """What came of a submission, without what was decided, and the marked notebook with it."""
        data = read(handed_in)
        marked = turns.mark(self.marker, _submission(handed_in, self.assignment, data), executed=True)
        result = replace(marked.result, problems=(*handed_in.notes, *marked.result.problems))
        notebook = marked_notebook(replace(marked, result=apply(result, self.rulings)), self.release)
        same = unanswered(notebook, self.release)
        return Graded(handed_in.student, result, same, handed_in.timestamp, digest(handed_in, data)), notebook


@dataclass
class KeptMarkers:
    """The markers that one process keeps, each made when it is first asked for, and the sandbox of each class."""

    markers: dict[tuple[object, ...], ClassMarker] = field(default_factory=dict)
    sandboxes: dict[tuple[Path, CourseLimits], Sandbox] = field(default_factory=dict)

    def get(
        self,
        root: Path,
        assignment: str,
        course_digest: str,
        rulings: Mapping[str, Ruling],
        release: Callable[[], Json],
    ) -> ClassMarker:
        """The marker of an assignment; another one when the frozen course or what was decided changed. `release` makes
        the student notebook."""
        key = (root, assignment, course_digest, *sorted(rulings.items()))
        if key not in self.markers:
            course = class_course(root)
            self.markers[key] = ClassMarker(course, assignment, release(), rulings, self._sandbox(root, course))
        return self.markers[key]

    def _sandbox(self, root: Path, course: Course) -> Sandbox:
        """A sandbox from which neither the class nor the course can be seen, closed when the process ends."""
        place = (root, course.limits)
        if place not in self.sandboxes:
            self.sandboxes[place] = Sandbox(course.limits, forbidden=[root, course.root])
            atexit.register(self.sandboxes[place].close)
        return self.sandboxes[place]


KEPT = KeptMarkers()


def mark_one(order: MarkingOrder, turns: Turns, handed_in: HandedIn) -> Graded:
    """What a worker process does with one submission: mark it, and write the result and the marked notebook."""
    sys.dont_write_bytecode |= order.out != order.root  # the course's programs lie in the class
    marker = KEPT.get(order.root, order.assignment, order.course, order.rulings, lambda: order.release)
    graded, notebook = marker.mark(handed_in, turns)
    write_result(order.out, handed_in.student, graded.result)
    write_notebook(order.out, order.assignment, handed_in.student, notebook)
    return graded


def read(handed_in: HandedIn) -> bytes | str:
    """The bytes of what a student handed in, or why there are none: "" where its notes say it; never raises for what
    lies there."""
    if handed_in.notebook is None:
        return ""
    try:
        return read_notebook(handed_in.notebook)
    except OSError as error:
        return f"{name_of(handed_in.notebook)} can't be read: {error.strerror}."


def _submission(handed_in: HandedIn, assignment: str, data: bytes | str) -> Submission:
    name = name_of(handed_in.notebook) if handed_in.notebook else f"{assignment}.ipynb"
    if isinstance(data, bytes):
        return read_submission(data, name)
    return Submission(name, problems=(data,) if data else ())


def digest(handed_in: HandedIn, data: bytes | str) -> str:
    """Stands for all that was handed in and looked at; `data` is what `read` gave."""
    name = handed_in.notebook.name if handed_in.notebook else None
    about = json.dumps([name, handed_in.notes, str(handed_in.timestamp)])
    return hashlib.sha256(
        about.encode() + hashlib.sha256(data if isinstance(data, bytes) else b"").digest()
    ).hexdigest()


def not_marked(order: MarkingOrder, assignment: Assignment, handed_in: HandedIn, why: str) -> Graded:
    """Write, for a submission at which the grader itself failed, a result that says so and leaves it to a person."""
    message = "Not marked: the grader itself stopped at this submission. Grade it by hand, or grade again."
    items = tuple(nothing_checked(item, "needs_review", message) for item in assignment.items.values())
    problems = (*handed_in.notes, f"The grader itself stopped at this submission, and nothing was scored: {why}")
    submission = _submission(handed_in, assignment.name, "")
    result = Result(submission.name, assignment.name, 0.0, assignment.max_points, "none", problems, items)
    notebook = marked_notebook(MarkedSubmission(apply(result, order.rulings), submission, {}), order.release)
    write_result(order.out, handed_in.student, result)
    write_notebook(order.out, assignment.name, handed_in.student, notebook)
    return Graded(handed_in.student, result, frozenset(), handed_in.timestamp, "")


def write_result(root: Path, student: str, result: Result) -> None:
    """Write a result whole or not at all."""
    write_whole(result_path(root, result.assignment, student), f"{result.to_json()}\n")


def write_notebook(root: Path, assignment: str, student: str, notebook: Json) -> None:
    """Write the graded notebook whole or not at all."""
    content = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    write_whole(notebook_path(root, assignment, student), content)
