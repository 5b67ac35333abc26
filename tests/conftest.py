"""What most tests need: the course, a tiny one, and one sandbox for the whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course.course import Assignment, Course, load_course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.marking.marker import Marker
from autograder.marking.result import Result
from autograder.sandbox.host.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
HandIn = Callable[..., Result]


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(ROOT)


@pytest.fixture(scope="session")
def tiny_course() -> Course:
    return load_course(ROOT / "tests" / "fixtures" / "tiny_course")


@pytest.fixture(scope="session")
def average(course: Course) -> Assignment:
    return course.assignment("02_cumulative_average")


@pytest.fixture(scope="session")
def sandbox(course: Course) -> Iterator[Sandbox]:
    with Sandbox(course.limits, forbidden=[course.root]) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def grader(course: Course, average: Assignment, sandbox: Sandbox) -> Marker:
    return Marker(average, sandbox, replace(course.limits, cell_seconds=1.0, call_seconds=0.5))


@pytest.fixture(scope="session")
def hand_in(grader: Marker, average: Assignment) -> HandIn:
    """Grade notebook 02 as it is solved, but with other texts in the answer cells of the named items."""

    def hand_in(**answers: str) -> Result:
        return grader.mark(as_bytes(with_answers(solved(average), answers)), "02_cumulative_average.ipynb").result

    return hand_in
