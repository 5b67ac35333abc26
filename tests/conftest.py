"""What most tests need: the course, a tiny one, and one sandbox for the whole run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import Assignment, Course, load_course
from autograder.grading import Grader
from autograder.handin import as_bytes, solved, with_answers
from autograder.result import Result
from autograder.sandbox import Sandbox
from tests.classes import TINY

ROOT = Path(__file__).parents[1]
HandIn = Callable[..., Result]


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
    from autograder.classroom import new_class  # brings nbgrader, which takes seconds to import

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
def average(course: Course) -> Assignment:
    return course.assignment("02_cumulative_average")


@pytest.fixture(scope="session")
def sandbox(course: Course) -> Iterator[Sandbox]:
    with Sandbox(course.limits, forbidden=[course.root]) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def grader(course: Course, average: Assignment, sandbox: Sandbox) -> Grader:
    return Grader(average, sandbox, replace(course.limits, cell_seconds=2.0, call_seconds=1.0))


@pytest.fixture(scope="session")
def hand_in(grader: Grader, average: Assignment) -> HandIn:
    """Grade notebook 02 as it is solved, but with other texts in the answer cells of the named items."""

    def hand_in(**answers: str) -> Result:
        return grader.mark(as_bytes(with_answers(solved(average), answers)), "02_cumulative_average.ipynb").result

    return hand_in
