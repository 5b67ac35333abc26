"""A nearly right program that fails at the edge of a shape loses the part for edges, and nothing else."""

from __future__ import annotations

import pytest

from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solution, solved, with_answers
from autograder.marking.marker import Marker
from autograder.marking.result import ItemResult
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission
from tests.conftest import HandIn

SQUEEZED = "\n\nwhole = {name}\ndef {name}(*args):\n    return np.squeeze(np.array(whole(*args)))\n"
NONE_WITHOUT_INPUT = (
    "def run_recurrence(f, h0, inputs):\n    states = []\n    h = h0\n    for x in inputs:\n        h = f(h, x)\n"
    "        states.append(h)\n    if states:\n        return states\n"
)
SQUEEZED_MEAN = """
class RunningMean:
    def __init__(self):
        self.count, self.total = 0, 0.0
    def update(self, x):
        self.count += 1
        self.total = self.total + x
        return self.mean
    @property
    def mean(self):
        return np.squeeze(self.total / self.count)
    def merge(self, other):
        both = RunningMean()
        both.count, both.total = self.count + other.count, self.total + other.total
        return both
"""
SLOW_MEAN = """
class RunningMean:
    def __init__(self):
        self.seen = []
    def update(self, x):
        self.seen.append(x.tolist())
        return self.mean
    @property
    def mean(self):
        return [sum(column) / len(column) for column in zip(*self.seen)]
    def merge(self, other):
        both = RunningMean()
        both.seen = self.seen + other.seen
        return both
"""


@pytest.mark.parametrize(
    ("assignment", "task", "edges"),
    [
        ("01_state_updates", "run_recurrence", "edges"),
        ("01_state_updates", "influence", "edges"),
        ("02_cumulative_average", "cumulative_average", "edges"),
        ("02_cumulative_average", "cumavg_update", "edges"),
        ("03_recency", "moving_average", "edges"),
        ("03_recency", "weighted_moving_average", "edges"),
        ("03_recency", "ema", "edges"),
        ("03_recency", "effective_weights", "n = 1"),
    ],
)
def test_a_squeeze_at_the_end_costs_the_edges_only(
    course: Course, sandbox: Sandbox, assignment: str, task: str, edges: str
) -> None:
    source = solution(course.assignment(assignment), task) + SQUEEZED.format(name=task)
    grader = Marker(course.assignment(assignment), sandbox, course.limits)
    notebook = with_answers(solved(grader.assignment), {task: source})
    item = grader.mark(read_submission(as_bytes(notebook), "n.ipynb")).result.item(task)
    assert lost(item) == [edges]


def test_none_for_no_input_costs_the_edges_only(course: Course, sandbox: Sandbox) -> None:
    grader = Marker(course.assignment("01_state_updates"), sandbox, course.limits)
    notebook = with_answers(solved(grader.assignment), {"run_recurrence": NONE_WITHOUT_INPUT})
    item = grader.mark(read_submission(as_bytes(notebook), "n.ipynb")).result.item("run_recurrence")
    assert lost(item) == ["edges"]
    assert item.misconception == "NOTHING_FOR_NO_INPUT"


def test_a_squeezed_mean_costs_the_edges_only(hand_in: HandIn) -> None:
    assert lost(hand_in(RunningMean=SQUEEZED_MEAN).item("RunningMean")) == ["edges"]


def test_an_object_that_gets_too_slow_loses_the_part_about_memory_only(hand_in: HandIn) -> None:
    result = hand_in(RunningMean=SLOW_MEAN)
    item = result.item("RunningMean")
    assert (item.verdict, lost(item)) == ("timeout", ["constant memory"])
    assert result.points == result.max_points - 0.5


def lost(item: ItemResult) -> list[str]:
    return [part.name for part in item.parts if part.points < part.max_points]
