"""The short form of `python -m tests.fuzz.notebooks`, and what its long form found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.course.course import Course
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import MOST_PARTS, read_submission
from tests.fuzz.encodings import BYTES, TEXT
from tests.fuzz.mutations import TREE
from tests.fuzz.notebooks import Fuzzer, Outcome

pytestmark = pytest.mark.slow

REAL, TINY = 40, 90  # mutants of one assignment of the course, and of one that is graded faster


@pytest.fixture(scope="module")
def outcomes(course: Course, tiny_course: Course, sandbox: Sandbox) -> list[Outcome]:
    limits = replace(course.limits, cell_seconds=0.5, call_seconds=0.5, submission_seconds=5.0)
    real = Fuzzer(course, ["02_cumulative_average"], sandbox, limits, heavy=False)
    tiny = Fuzzer(tiny_course, tiny_course.names, sandbox, limits, heavy=False)
    return [
        *(real.judge(1, index) for index in range(REAL)),
        *(tiny.judge(2, index) for index in range(TINY)),
    ]


def test_every_damaged_notebook_keeps_every_promise(outcomes: list[Outcome]) -> None:
    broken = {index: outcome.failures for index, outcome in enumerate(outcomes) if outcome.failures}
    assert not broken


def test_the_damage_is_varied(outcomes: list[Outcome]) -> None:
    done = {kind for outcome in outcomes for kind in outcome.mutant.done}
    assert len(done) > 0.8 * len({*TREE, *TEXT, *BYTES})
    graded = sum(outcome.points > 0 for outcome in outcomes)
    assert graded > len(outcomes) / 4, "most damage must leave something to grade"
    assert len({problem for outcome in outcomes for problem in outcome.problems}) > 20


@pytest.mark.parametrize("piece", ["[],", "[" * 900 + "]" * 900 + ","])
def test_more_lists_than_memory_holds_are_not_read(piece: str) -> None:
    data = f'{{"metadata": [{piece * (MOST_PARTS // piece.count("["))} 0], "cells": []}}'
    assert "Clear its outputs" in read_submission(data.encode(), "n.ipynb").problems[0]
