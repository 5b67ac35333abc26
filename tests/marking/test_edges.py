"""A nearly right program that fails at the edge of a shape loses the part for edges, and nothing else."""

from __future__ import annotations

import pytest

from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solution, solved, with_answers
from autograder.course.task import Task
from autograder.marking.marker import Marker
from autograder.result import ItemResult
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission
from tests.conftest import HandIn

SQUEEZED = "return np.squeeze(np.array(right(*args)))"
# Each task, the part of its edges, and a line that loses the axes of length 1 of a right `result` or of the `args`.
SLIPS = [
    ("01_state_updates", "run_recurrence", "edges", SQUEEZED),
    ("01_state_updates", "influence", "edges", SQUEEZED),
    ("02_cumulative_average", "cumulative_average", "edges", SQUEEZED),
    ("02_cumulative_average", "cumavg_update", "edges", SQUEEZED),
    ("03_recency", "moving_average", "edges", SQUEEZED),
    ("03_recency", "weighted_moving_average", "edges", SQUEEZED),
    ("03_recency", "ema", "edges", SQUEEZED),
    ("03_recency", "effective_weights", "n = 1", SQUEEZED),
    ("04_linear_attention", "phi", "other shapes", "return np.squeeze(right(*args))"),
    ("04_linear_attention", "linear_attention", "edges", "return right(*args).squeeze()"),
    ("04_linear_attention", "linear_attention_step", "edges", "return [np.squeeze(part) for part in right(*args)]"),
    ("04_linear_attention", "linear_attention_chunked", "edges", "return right(*args).squeeze()"),
    ("05_gates_and_delta", "scan_affine", "edges", "return right(*args).squeeze()"),
    ("05_gates_and_delta", "retention", "edges", "return right(*args).squeeze()"),
    ("05_gates_and_delta", "delta_rule", "edges", "return right(*args).squeeze()"),
    ("05_gates_and_delta", "wkv", "edges", "return right(*args).squeeze()"),
    ("07_capstone_recall", "recall_accuracy", "one pair or feature", "return right(*map(np.squeeze, args))"),
]
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


@pytest.mark.parametrize(("assignment", "task", "part", "slip"), SLIPS, ids=[slip[1] for slip in SLIPS])
def test_a_slip_at_the_edge_of_a_shape_is_visible_and_costs_that_part_only(
    course: Course, sandbox: Sandbox, assignment: str, task: str, part: str, slip: str
) -> None:
    asked = course.assignment(assignment)
    source = f"{solution(asked, task)}\n\nright = {task}\n\ndef {task}(*args):\n    {slip}\n"
    notebook = with_answers(solved(asked), {task: source})
    result = (
        Marker(asked, sandbox, course.limits).mark(read_submission(as_bytes(notebook), "n.ipynb")).result.item(task)
    )
    assert lost(result) == [part]
    assert result.points >= result.max_points - 0.5
    item = asked.items[task]
    assert isinstance(item, Task)
    assert any(case.public for case in item.cases if case.part == part)


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
