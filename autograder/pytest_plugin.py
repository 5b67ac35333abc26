"""`pytest --submission NOTEBOOK.ipynb`: each task and each question of a submission as one test.

For people and services that think in pytest. The marking is that of `autograder mark`, sandbox included; a test here
reads the verdict and runs nothing of the submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.report.item_feedback import points_text
from autograder.report.result_text import item_lines
from autograder.report.terminal import printable
from autograder.result import ItemResult, Result


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this front door."""
    group = parser.getgroup("autograder", "marking of notebooks")
    group.addoption("--submission", action="append", default=[], metavar="NOTEBOOK", help="mark this notebook")
    group.addoption("--assignment", default=None, help="which assignment it is, if the notebook doesn't tell")
    group.addoption("--course", type=Path, metavar="DIR", help="the course's folder (default: here or above)")


def pytest_collection(session: pytest.Session) -> bool | None:
    """With --submission, its items are the tests; nothing else is collected."""
    names: list[str] = session.config.getoption("--submission")
    if not names:
        return None
    session.items = []
    for result in _results(session.config, names):
        name = printable(result.notebook)
        notebook = SubmissionTests.from_parent(session, name=name, nodeid=name)
        session.items += [ItemTest.from_parent(notebook, name=item.id, item=item) for item in result.items]
        if not result.items:
            session.items.append(UnreadableTest.from_parent(notebook, name="notebook", result=result))
    session.testscollected = len(session.items)
    return True


def _results(config: pytest.Config, names: list[str]) -> Iterator[Result]:
    from autograder.errors import AutograderError
    from autograder.marking.mark_files import course_to_mark_with, mark_files

    try:
        course = course_to_mark_with(config.getoption("--course"), names)
        yield from mark_files(course, names, config.getoption("--assignment"))
    except AutograderError as error:
        raise pytest.UsageError(printable(str(error))) from error


class SubmissionTests(pytest.Collector):
    """A submission; its tests are made from its result."""

    def collect(self) -> list[pytest.Item]:
        return []


class Diagnosis(Exception):
    """What the grader found, to be shown without a traceback."""


class DiagnosedTest(pytest.Item):
    """A test that says what the grader found and nothing of where."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:  # noqa: ARG002
        return str(excinfo.value)


class ItemTest(DiagnosedTest):
    """One task or question; it passes with full points, and free text that waits for its reader is skipped."""

    def __init__(self, *, item: ItemResult, **options: Any) -> None:
        super().__init__(**options)
        self.item = item

    def runtest(self) -> None:
        if self.item.verdict == "needs_review":
            pytest.skip(self.item.message)
        if self.item.verdict != "correct":
            raise Diagnosis("\n".join(item_lines(self.item)))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.item.id} ({points_text(self.item.points, self.item.max_points)})"


class UnreadableTest(DiagnosedTest):
    """A file that gave no items at all."""

    def __init__(self, *, result: Result, **options: Any) -> None:
        super().__init__(**options)
        self.result = result

    def runtest(self) -> None:
        raise Diagnosis(printable(" ".join(self.result.problems)))
