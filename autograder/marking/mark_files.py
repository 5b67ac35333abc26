"""Mark single notebooks, with no class around them: which assignment is it, and what does it earn?"""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.course.course import Course, find_course
from autograder.course.engines_course import engines_twin_of
from autograder.errors import CourseError
from autograder.marking.marker import Marker
from autograder.result import Result
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.released_cells import Released, most_shared, released_cells_of
from autograder.submission.submitted_notebook import Submission, name_of, read_notebook, read_submission


@contextlib.contextmanager
def open_sandbox(course: Course) -> Iterator[Sandbox]:
    """A sandbox with the course's limits, which the course itself can't be seen from."""
    with Sandbox(course.limits, forbidden=[course.root]) as sandbox:
        yield sandbox


def mark_files(course: Course, names: Sequence[str], assignment: str | None) -> Iterator[Result]:
    """The result of each file, in order and with its name as it was given; without items where it can't be marked.

    `assignment` may be the beginning of a name. Raises CourseError where it is none.
    """
    named = course.name_of(assignment) if assignment is not None else None
    markers: dict[str, Marker] = {}
    with open_sandbox(course) as sandbox:
        for given in names:
            path = Path(given)
            try:
                data = read_notebook(path, follow=True)  # whoever typed the link's name means what it leads to
            except OSError as error:
                yield _unmarked(given, sandbox, [f"{name_of(path)} can't be read: {error.strerror}."])
                continue
            submission = read_submission(data, name_of(path))
            name = named or which_assignment(course.names, path.stem, submission, _released_of(course))
            if name is None:
                known = ", ".join(course.names)
                sentence = f"It can't be told which assignment this is: name it with --assignment, one of {known}."
                yield _unmarked(given, sandbox, [*submission.problems, sentence])
                continue
            if name not in markers:
                markers[name] = Marker(course.assignment(name), sandbox, course.limits)
            yield replace(markers[name].mark(submission).result, notebook=given)


def course_to_mark_with(named: Path | None, names: Sequence[str]) -> Course:
    """The named course, or else the one here or above. Raises CourseError for one that may have been handed in: the
    programs of a course run with all rights."""
    course = find_course(named or Path())
    if named is not None:
        return course
    there = [path for path in map(Path, names) if os.path.lexists(path)]
    places = [place for path in there for place in (_resolved(path.absolute().parent), _resolved(path).parent)]
    beside = any(course.root.is_relative_to(place) for place in places)
    if not beside and "submitted" not in course.root.parts:
        return course
    twin = engines_twin_of(course)
    if twin is None:
        raise CourseError(
            f"The course in {course.root} may have been handed in with a notebook, and its programs would run with "
            f"your rights. If it is yours, name it: --course {shlex.quote(str(course.root))}"
        )
    return twin


def _resolved(path: Path) -> Path:
    """What a path leads to; itself where its links go round, or on for too long, as reading the file will tell."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def which_assignment(
    names: Sequence[str], stem: str, submission: Submission, released: Callable[[str], Released]
) -> str | None:
    """What the notebook says, else what its file is called, else whose cells it holds most of; None if none fits.
    `released` gives the release of an assignment, which takes a second where it has to be loaded."""
    for name in (submission.assignment, stem):
        if name in names:
            return name
    return most_shared(submission, names, released) if submission.cells else None


def _released_of(course: Course) -> Callable[[str], Released]:
    return lambda name: released_cells_of(course.assignment(name))


def _unmarked(given: str, sandbox: Sandbox, problems: Sequence[str]) -> Result:
    return Result(given, "", 0.0, 0.0, sandbox.isolation, tuple(problems), ())
