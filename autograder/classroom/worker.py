"""One handed-in submission of a class: mark it, and write its result and its marked notebook."""

from __future__ import annotations

import atexit
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.classroom.frozen import class_course
from autograder.classroom.places import write_notebook, write_result
from autograder.classroom.submitted import HandedIn
from autograder.course.course import Assignment, Course, CourseLimits
from autograder.course.source_notebook import Json
from autograder.errors import ClassError, NoIsolation
from autograder.marking.marker import MarkedSubmission, Marker
from autograder.marking.result import Result
from autograder.marking.submission import Submission, name_of, read_notebook
from autograder.marking.turns import ALONE, Turns
from autograder.marking.verdict import nothing_checked
from autograder.report.marked_notebook import marked_notebook, unanswered
from autograder.sandbox.host.sandbox import Sandbox


@dataclass(frozen=True)
class MarkedFiles:
    """What was written for a student; `digest` stands for everything that was handed in and looked at."""

    student: str
    result: Result
    unanswered: frozenset[str]
    digest: str


def open_class_sandbox(course: Course, root: Path) -> Sandbox:
    """A sandbox from which neither the class nor the course can be seen. Raises ClassError where there is none."""
    try:
        return Sandbox(course.limits, forbidden=[root, course.root])
    except NoIsolation as error:
        raise ClassError(str(error)) from error


class ClassMarker:
    """Marks the submissions of one assignment of a class and writes what comes of it."""

    def __init__(self, root: Path, course: Course, assignment: str, release: Json, sandbox: Sandbox) -> None:
        self.root = root
        self.assignment = assignment
        self.release = release
        self.marker = Marker(course.assignment(assignment), sandbox, course.limits)

    def mark(self, handed_in: HandedIn, turns: Turns = ALONE) -> tuple[MarkedFiles, Json]:
        """The result and the marked notebook of a submission; the result is written, the notebook is not."""
        data, problem = read(handed_in)
        marked = turns.mark(self.marker, data, _name(handed_in, self.assignment), executed=True)
        unread = handed_in.notebook is None or problem
        found = (problem,) if problem else () if unread else marked.result.problems
        marked = replace(marked, result=replace(marked.result, problems=(*handed_in.notes, *found)))
        notebook = marked_notebook(marked, self.release)
        write_result(self.root, handed_in.student, marked.result)
        same = unanswered(notebook, self.release)
        return MarkedFiles(handed_in.student, marked.result, same, digest(handed_in, data)), notebook

    def mark_and_write(self, handed_in: HandedIn, turns: Turns) -> MarkedFiles:
        """The same, and the notebook is written into autograded/."""
        files, notebook = self.mark(handed_in, turns)
        write_notebook(self.root, self.assignment, handed_in, notebook)
        return files


_MARKERS: dict[tuple[Path, str, str], ClassMarker] = {}
_SANDBOXES: dict[tuple[Path, CourseLimits], Sandbox] = {}


def kept_marker(root: Path, assignment: str, course_digest: str, release: Callable[[], Json]) -> ClassMarker:
    """This process's marker of an assignment, made when it is first asked for or when the frozen course changed.

    `release` makes the student notebook. The sandbox is kept too, and closed when the process ends.
    """
    key = (root, assignment, course_digest)
    if key not in _MARKERS:
        course = class_course(root)
        place = (root, course.limits)
        if place not in _SANDBOXES:
            _SANDBOXES[place] = open_class_sandbox(course, root)
            atexit.register(_SANDBOXES[place].close)
        _MARKERS[key] = ClassMarker(root, course, assignment, release(), _SANDBOXES[place])
    return _MARKERS[key]


def mark_one(
    root: Path, assignment: str, course_digest: str, release: Json, turns: Turns, handed_in: HandedIn
) -> MarkedFiles:
    """What a worker process does with one submission."""
    return kept_marker(root, assignment, course_digest, lambda: release).mark_and_write(handed_in, turns)


def read(handed_in: HandedIn) -> tuple[bytes, str | None]:
    """The bytes of what a student handed in, or none and the reason; never raises for what lies there."""
    if handed_in.notebook is None:
        return b"", None
    try:
        return read_notebook(handed_in.notebook), None
    except OSError as error:
        return b"", f"{name_of(handed_in.notebook)} can't be read: {error.strerror}."


def digest(handed_in: HandedIn, data: bytes) -> str:
    """Stands for all that was handed in and looked at."""
    name = handed_in.notebook.name if handed_in.notebook else None
    about = json.dumps([name, handed_in.notes, str(handed_in.timestamp)])
    return hashlib.sha256(about.encode() + hashlib.sha256(data).digest()).hexdigest()


def not_marked(root: Path, assignment: Assignment, release: Json, handed_in: HandedIn, why: str) -> MarkedFiles:
    """Write, for a submission at which the grader itself failed, a result that says so and leaves it to a person."""
    message = "Not marked: the grader itself stopped at this submission. Grade it by hand, or grade again."
    items = tuple(nothing_checked(item, "needs_review", message) for item in assignment.items.values())
    problems = (*handed_in.notes, f"The grader itself stopped at this submission, and nothing was scored: {why}")
    name = _name(handed_in, assignment.name)
    result = Result(name, assignment.name, 0.0, assignment.max_points, "none", problems, items)
    notebook = marked_notebook(MarkedSubmission(result, Submission((), ()), {}), release)
    write_result(root, handed_in.student, result)
    write_notebook(root, assignment.name, handed_in, notebook)
    return MarkedFiles(handed_in.student, result, frozenset(), "")


def _name(handed_in: HandedIn, assignment: str) -> str:
    return name_of(handed_in.notebook) if handed_in.notebook else f"{assignment}.ipynb"
