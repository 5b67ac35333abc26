"""What the student's own `check()` says and what the grader finds in the visible cases agrees, whatever is written.

Each program is played twice: by the released `check.py` in an ordinary Python process, and in the sandbox.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course.course import Assignment, Course
from autograder.course.solved_notebook import solution
from autograder.course.source_notebook import answer_id
from autograder.course.task import Task
from autograder.marking.execution import Execution, RunCell
from autograder.marking.item_markers import Look, item_marker
from autograder.marking.verdict import judge_task
from autograder.result import ItemResult
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.released_cells import SETUP, released_cells_of
from autograder.submission.submitted_notebook import Submission
from tests.conftest import ROOT

from .odd_programs import odd_programs
from .odd_values import ANSWERS

pytestmark = pytest.mark.slow

PROGRAMS = 35  # of each assignment
SEED = 11
NAMES = [path.name for path in sorted((ROOT / "solutions").iterdir()) if (path / "notebook.py").is_file()]


@pytest.fixture(scope="module", params=NAMES)
def assignment(request: pytest.FixtureRequest, course: Course) -> Assignment:
    return course.assignment(request.param)


@pytest.fixture(scope="module")
def assignments_of_all_kinds(course: Course) -> dict[str, tuple[Assignment, str]]:
    """Of each kind of question that is read by a program, one."""
    found: dict[str, tuple[Assignment, str]] = {
        question.kind: (assignment, question.id)
        for assignment in map(course.assignment, NAMES)
        for question in assignment.questions
        if question.kind != "free"
    }
    assert set(found) == {"single", "multi", "numeric"}
    return found


def check_says(assignment: Assignment, programs: Sequence[tuple[str, list[str]]]) -> Iterator[dict[str, Any]]:
    told = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("play_check.py")), str(ROOT / "exercises" / assignment.name)],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        check=True,
    )
    return map(json.loads, told.stdout.splitlines())


def grader_sees(assignment: Assignment, name: str, cells: Sequence[str], sandbox: Sandbox, course: Course) -> Look:
    execution = Execution(sandbox, course.limits)
    try:
        for place, cell in enumerate(cells):
            execution.run(RunCell(place, cell, answer_id(name) if cell is cells[-1] else None))
        item = assignment.items[name]
        return item_marker(item, released_cells_of(assignment), assignment.items).look(
            Submission("odd.ipynb"), execution, getattr(item, "uses", ())
        )
    finally:
        execution.end()


def judged(task: Task, look: Look) -> ItemResult:
    """What the grader would say if the visible cases were all there is."""
    visible = tuple(case for case in task.cases if case.public)
    expected = {case.name: task.expected[case.name] for case in visible}
    return look.result or judge_task(
        replace(task, cases=visible, expected=expected), look.outcomes, look.outcomes, look.unsteady
    )


def contradictions(card: dict[str, Any], result: ItemResult) -> Iterator[str]:
    if (card["tone"] == "right") != (result.verdict == "correct"):
        yield "one of them says right"
    if (card["headline"] == "Not attempted") != (result.verdict == "not_attempted"):
        yield "one of them says not attempted"
    shown = result.shown
    if card["sides"] and [shown.expected, shown.got] != card["sides"] if shown else card["sides"]:
        yield "what is shown side by side differs"
    if result.misconception and result.message not in card["text"]:
        yield "the grader names something else"
    if card["tone"] not in ("right", "wrong", "open", "warned"):
        yield f"check() says nothing of use, but: {card['headline']}"


def test_check_and_grader_agree_on_odd_programs(assignment: Assignment, course: Course, sandbox: Sandbox) -> None:
    setup = released_cells_of(assignment).by_id[SETUP].source
    programs = []
    for name, source in odd_programs(assignment, PROGRAMS, SEED):
        uses = [solution(assignment, used) for used in assignment.items[name].uses]  # type: ignore[union-attr]
        programs.append((name, [setup, *uses, source]))
    found = []
    for (name, cells), card in zip(programs, check_says(assignment, programs), strict=True):
        task = assignment.items[name]
        assert isinstance(task, Task)
        look = grader_sees(assignment, name, cells, sandbox, course)
        if card["tone"] == "failed":  # the student saw it, and the grader runs what is below all the same
            continue
        result = judged(task, look)
        found += [(what, card, result, cells[-1]) for what in contradictions(card, result)]
    assert not found, "\n\n".join("\n".join(map(str, one)) for one in found)


def test_check_and_grader_read_odd_answers_alike(
    assignments_of_all_kinds: dict[str, tuple[Assignment, str]], course: Course, sandbox: Sandbox
) -> None:
    for assignment, id in assignments_of_all_kinds.values():
        programs = [(id, ["import numpy as np\nfrom check import check", f"{id} = {answer}"]) for answer in ANSWERS]
        for (_, cells), card in zip(programs, check_says(assignment, programs), strict=True):
            result = grader_sees(assignment, id, cells, sandbox, course).result
            assert result is not None
            tone = {"error": "warned", "not_attempted": "open"}.get(result.verdict, "noted")
            assert (card["tone"], cells[-1]) == (tone, cells[-1]), (card, result)
