"""Hostile submissions: none gets a point that it didn't earn, harms another, or harms the grader.

Plain `pytest` runs a selection. All of them: `pytest tests/forgery --long`, or FORGERY=long in the environment.
"""

from __future__ import annotations

import os
import re
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import Course, Limits
from autograder.feedback import feedback_html
from autograder.grading import Grader, Marked
from autograder.handin import as_bytes, solved
from autograder.question import Question
from autograder.sandbox import Mode, NoIsolation, Sandbox
from tests.forgery.attack import Attack
from tests.forgery.attacks import ATTACKS, short

LIMITS = Limits(cell_seconds=1.0, call_seconds=0.5, memory_mb=256, disk_mb=8, submission_seconds=6.0)
# Two walks over the notebook, each within the limit, and what lies around them.
MOST_SECONDS = 2 * LIMITS.submission_seconds + 4.0
MOST_GROWTH = 400  # MiB of the host's memory over a whole run
HIDDEN = re.compile(r"(?<![\d.])(?:9999|1000[0-3])\.\d")  # the rows near 10,000 of a hidden case


@pytest.fixture(scope="session")
def graders(request: pytest.FixtureRequest, course: Course) -> Iterator[dict[str, Grader]]:
    """A grader of each attacked notebook, all in one sandbox of this mode."""
    mode: Mode = request.param
    try:
        sandbox = Sandbox(LIMITS, mode, forbidden=[course.root])
    except NoIsolation as error:
        pytest.skip(str(error))
    with sandbox:
        names = {attack.notebook for attack in ATTACKS}
        yield {name: Grader(course.assignment(name), sandbox, LIMITS) for name in names}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "attack" not in metafunc.fixturenames:
        return
    everything = metafunc.config.getoption("--long", default=False) or os.environ.get("FORGERY") == "long"
    chosen = [("full", attack) for attack in (ATTACKS if everything else short())]
    chosen += [("fallback", attack) for attack in (short() if everything else short()[::4])]
    names = [f"{mode}-{attack.id}" for mode, attack in chosen]
    metafunc.parametrize(("graders", "attack"), chosen, ids=names, indirect=["graders"], scope="session")


def honest(grader: Grader) -> float:
    """What an untouched solved notebook earns."""
    return grader.mark(as_bytes(solved(grader.assignment)), "honest.ipynb").result.points


@pytest.fixture(scope="session")
def best(graders: dict[str, Grader]) -> dict[str, float]:
    """What a solved notebook earns: all but the texts that wait for a person."""
    texts = {
        name: sum(item.points for item in grader.assignment.items.values() if _is_text(item))
        for name, grader in graders.items()
    }
    return {name: grader.assignment.max_points - texts[name] for name, grader in graders.items()}


def _is_text(item: object) -> bool:
    return isinstance(item, Question) and item.kind == "free"


def test_no_unearned_point(graders: dict[str, Grader], best: dict[str, float], attack: Attack) -> None:
    grader = graders[attack.notebook]
    began, memory, files = time.monotonic(), _peak(), _open_files()
    marked = grader.mark(attack.submission(grader.assignment), "attack.ipynb", executed=True)
    assert time.monotonic() - began < MOST_SECONDS
    assert _peak() - memory < MOST_GROWTH
    _check_points(attack, marked, best[attack.notebook])
    _check_words(attack, marked)
    assert honest(grader) == best[attack.notebook], "the next submission was harmed"
    assert _open_files() <= files + 1  # a zygote that was started anew


def _check_points(attack: Attack, marked: Marked, best: float) -> None:
    result = marked.result
    assert {item.id for item in result.items} >= {attack.target}
    target = result.item(attack.target)
    assert target.points <= attack.most, f"{target.points:g} points: {target.verdict}, {target.message}"
    if attack.confined:
        lost = [item.id for item in result.items if item.points < item.max_points and item.verdict != "needs_review"]
        assert lost in ([], [attack.target]), "other items were harmed"
        assert result.points - target.points == best - target.max_points
    assert any(attack.said in problem for problem in (*result.problems, "")), result.problems


def _check_words(attack: Attack, marked: Marked) -> None:
    """Nothing of a submission in what the grader says, nothing hidden in anything, no markup in feedback."""
    result = marked.result
    for text in (*result.problems, *(item.message for item in result.items)):
        assert "FORGED" not in text
    for item in result.items:
        assert "<script" not in feedback_html(item)
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


def test_limits_are_those_of_the_course_but_for_time(course: Course) -> None:
    """The suite shortens times and sizes only, so it attacks what is run for students."""
    same = replace(LIMITS, **{name: getattr(course.limits, name) for name in ("output_chars",)})
    assert same == LIMITS
