"""`pytest --submission NOTEBOOK.ipynb`: each task and each question of a submission as one test.

For people and services that think in pytest. The marking is that of `autograder mark`, sandbox included; a test here
reads the verdict and runs nothing of the submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.marking.result import ItemResult, Result
from autograder.report.terminal import printable

PASSING = ("correct", "needs_review")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this front door."""
    group = parser.getgroup("autograder", "marking of notebooks")
    group.addoption("--submission", action="append", default=[], metavar="NOTEBOOK", help="mark this notebook")
    group.addoption("--assignment", default=None, help="which assignment it is, if the notebook doesn't tell")
    group.addoption("--course", type=Path, metavar="DIR", help="the course's folder (default: here or above)")


def pytest_collection(session: pytest.Session) -> bool | None:
    """With --submission, its items are the tests; nothing else is collected."""
    paths = [Path(name) for name in session.config.getoption("--submission")]
    if not paths:
        return None
    session.items = []
    for result in _results(session.config, paths):
        name = printable(result.notebook)
        notebook = SubmissionTests.from_parent(session, name=name, nodeid=name)
        session.items += [ItemTest.from_parent(notebook, name=item.id, item=item) for item in result.items]
        session.items += (
            [UnreadableTest.from_parent(notebook, name="notebook", result=result)] if not result.items else []
        )
    session.testscollected = len(session.items)
    return True


def _results(config: pytest.Config, paths: list[Path]) -> Iterator[Result]:
    from autograder.errors import AutograderError
    from autograder.marking.mark import course_to_mark_with, mark_files

    try:
        course = course_to_mark_with(config.getoption("--course"), paths)
        yield from mark_files(course, paths, config.getoption("--assignment"))
    except AutograderError as error:
        raise pytest.UsageError(printable(str(error))) from error


class SubmissionTests(pytest.Collector):
    """A submission; its tests are made from its result."""

    def collect(self) -> list[pytest.Item]:
        return []


class Diagnosis(Exception):
    """What the grader found, to be shown without a traceback."""


class ItemTest(pytest.Item):
    """One task or question; it passes with full points, and free text that waits for its reader is skipped."""

    def __init__(self, *, item: ItemResult, **options: Any) -> None:
        super().__init__(**options)
        self.item = item

    def runtest(self) -> None:
        if self.item.verdict == "needs_review":
            pytest.skip(self.item.message)
        if self.item.verdict not in PASSING:
            raise Diagnosis(_diagnosis(self.item))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:  # noqa: ARG002
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.item.id} ({self.item.points:g} of {self.item.max_points:g} points)"


class UnreadableTest(pytest.Item):
    """A file that gave no items at all."""

    def __init__(self, *, result: Result, **options: Any) -> None:
        super().__init__(**options)
        self.result = result

    def runtest(self) -> None:
        raise Diagnosis(" ".join(self.result.problems))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:  # noqa: ARG002
        return str(excinfo.value)


def _diagnosis(item: ItemResult) -> str:
    name = item.misconception or item.verdict.replace("_", " ")
    lines = [f"{item.points:g} of {item.max_points:g} points: {name}", item.message]
    if item.shown:
        lines.append(f"case '{item.shown.case}': {item.shown.sentence}")
        if item.shown.expected:
            lines += [f"  expected {item.shown.expected}", f"  got      {item.shown.got}"]
    return "\n".join(lines)
