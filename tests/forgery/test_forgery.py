"""Hostile submissions: none gets a point that it didn't earn, harms another, or harms the grader.

Plain `pytest` runs a selection. All of them: `pytest tests/forgery --long`, or FORGERY=long in the environment.
"""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from autograder.course.course import Course, CourseLimits
from autograder.course.solved_notebook import as_bytes, solved
from autograder.errors import NoIsolation
from autograder.marking.marker import MarkedSubmission, Marker
from autograder.report.item_feedback import item_feedback
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import WALL_FACTOR, Mode
from autograder.submission.submitted_notebook import read_submission
from tests.forgery.attack import Attack
from tests.forgery.attacks import ATTACKS, long, short

pytestmark = pytest.mark.slow

LIMITS = CourseLimits(cell_seconds=1.0, call_seconds=0.5, memory_mb=256, submission_seconds=8.0)
# Two passes over the notebook, each within its time by the clock, and what other work on the machine adds.
MOST_SECONDS = 10 * WALL_FACTOR * LIMITS.submission_seconds
MOST_GROWTH = 400  # MiB of the host's memory over a whole run
HIDDEN = re.compile(r"(?<![\d.])(?:9999|1000[0-3])\.\d|line 1000\d")  # the rows near 10,000 of a hidden case


Graders = Callable[[Mode], Mapping[str, Marker]]


@pytest.fixture(scope="session")
def graders(course: Course) -> Iterator[Graders]:
    """A grader of each attacked notebook by its name, for a mode: all in one sandbox, made when first asked for."""
    with ExitStack() as stack:

        @cache
        def in_mode(mode: Mode) -> Mapping[str, Marker] | None:
            try:
                sandbox = stack.enter_context(Sandbox(LIMITS, mode, forbidden=[course.root]))
            except NoIsolation:
                return None
            names = {attack.notebook for attack in ATTACKS}
            return {name: Marker(course.assignment(name), sandbox, LIMITS) for name in names}

        def graders(mode: Mode) -> Mapping[str, Marker]:
            found = in_mode(mode)
            if found is None:
                pytest.skip(f"This machine does not give {mode} isolation.")
            return found

        yield graders


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "attack" not in metafunc.fixturenames:
        return
    everything = long(metafunc.config)
    chosen = [("full", attack) for attack in (ATTACKS if everything else short())]
    chosen += [("fallback", attack) for attack in (short() if everything else short()[::4])]
    metafunc.parametrize(("mode", "attack"), chosen, ids=[f"{mode}-{attack.id}" for mode, attack in chosen])


def harmed(grader: Marker) -> list[str]:
    """What an honest solved notebook does not get right in the same sandbox; a text waits for a person."""
    patient = Marker(grader.assignment, grader.sandbox, CourseLimits())
    result = patient.mark(read_submission(as_bytes(solved(grader.assignment)), "honest.ipynb")).result
    found = [item for item in result.items if item.verdict not in ("correct", "needs_review")]
    return [f"{item.id}: {item.verdict}, {item.message}" for item in found]


def test_no_unearned_point(graders: Graders, mode: Mode, attack: Attack) -> None:
    grader = graders(mode)[attack.notebook]
    began, memory, files = time.monotonic(), _peak(), _open_files()
    marked = grader.mark(read_submission(attack.submission(grader.assignment), "attack.ipynb"), executed=True)
    assert time.monotonic() - began < MOST_SECONDS
    assert _peak() - memory < MOST_GROWTH
    _check_points(attack, marked)
    _check_words(marked)
    assert not harmed(grader), "the next submission was harmed"
    assert _open_files() <= files + 4  # a zygote that was started, or started anew


def _check_points(attack: Attack, marked: MarkedSubmission) -> None:
    result = marked.result
    target = result.item(attack.target)
    assert target.points <= attack.most, f"{target.points:g} points: {target.verdict}, {target.message}"
    if attack.confined:
        lost = {item.id for item in result.items if item.verdict not in ("correct", "needs_review")}
        assert lost <= {attack.target}, "other items were harmed"
    assert any(attack.said in problem for problem in (*result.problems, "")), result.problems


def _check_words(marked: MarkedSubmission) -> None:
    """Nothing of a submission in what the grader says, nothing hidden in anything, no markup in feedback."""
    result = marked.result
    for text in (*result.problems, *(item.message for item in result.items)):
        assert "FORGED" not in text
        assert not HIDDEN.search(text)
    for item in result.items:
        assert "<script" not in item_feedback(item)._repr_html_()
        if item.shown:
            assert not HIDDEN.search(item.shown.sentence + item.shown.got)
    outputs = repr(marked.outputs)
    assert not HIDDEN.search(outputs)
    assert "text/html" not in outputs


def _peak() -> float:
    """The most memory this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_there_are_attacks_of_every_family() -> None:
    families = [attack.family for attack in ATTACKS]
    assert len(ATTACKS) >= 110
    assert min(families.count(family) for family in families) >= 2
    assert len({attack.id for attack in ATTACKS}) == len(ATTACKS)
