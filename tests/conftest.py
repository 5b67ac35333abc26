"""What most tests need: the course, a tiny one, and one sandbox for the whole run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from autograder.course.course import Assignment, Course, load_course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.marking.marker import Marker
from autograder.result import Result
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission
from tests.browser.chromium import browser, chromium  # noqa: F401  # fixtures
from tests.classes import TINY

ROOT = Path(__file__).parents[1]
HandIn = Callable[..., Result]

# Hypothesis measures by the clock: on a busy machine what it would find is other people's work.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow modules come first: where several processes share the tests, none is left with a long one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(ROOT)


@pytest.fixture(scope="session")
def tiny_course() -> Course:
    return load_course(ROOT / "tests" / "fixtures" / "tiny_course")


@pytest.fixture(scope="session")
def fresh_class(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new class of the tiny course, to be looked at and copied."""
    from autograder.classroom.new_class import new_class  # brings nbgrader, which takes seconds to import

    root = tmp_path_factory.mktemp("fresh") / "class"
    new_class(tiny_course, root)
    return root


@pytest.fixture
def root(fresh_class: Path, tmp_path: Path) -> Path:
    """A new class of the tiny course that a test may fill."""
    return Path(shutil.copytree(fresh_class, tmp_path / "class"))


@pytest.fixture(scope="session")
def good(tiny_course: Course) -> bytes:
    """The tiny course's assignment, solved."""
    return as_bytes(solved(tiny_course.assignment(TINY)))


@pytest.fixture(scope="session")
def planted(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of 150 students with planted facts, graded, to be looked at. The first process that asks makes it for
    all; PLANTED=DIR takes what `python -m tests.planted DIR` made before."""
    from tests.planted.building import made_once

    if made_before := os.environ.get("PLANTED"):
        return Path(made_before)
    own = tmp_path_factory.getbasetemp()
    return made_once(course, own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


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
        return grader.mark(
            read_submission(as_bytes(with_answers(solved(average), answers)), "02_cumulative_average.ipynb")
        ).result

    return hand_in
