"""Where one task may use another's function, one failure isn't charged twice."""

from __future__ import annotations

import pytest

from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.marking.marker import Marker
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission

INFLUENCE = """
def influence(f, h0, inputs, i):
    base = run_recurrence(f, h0, inputs)[i - 1]
    moved = [inputs + 1e-5 * unit for unit in np.eye(len(inputs))]
    return [(run_recurrence({named})[i - 1] - base) / 1e-5 for xs in moved]
"""
RUNNING_MEAN = """
class RunningMean:
    def __init__(self):
        self.count, self.mean = 0, None
    def update(self, x):
        self.mean = np.array(cumavg_update(np.zeros(len(x)) if self.mean is None else self.mean, x, self.count))
        self.count += 1
        return self.mean
    def merge(self, other):
        both = RunningMean()
        both.count = self.count + other.count
        both.mean = (self.count * self.mean + other.count * other.mean) / both.count
        return both
"""
RETENTION = """
def retention(Q, K, V, gamma):
    decays = np.full(len(K), gamma)
    state = [[scan_affine(decays, K[:, i] * V[:, j]) for j in range(V.shape[1])] for i in range(K.shape[1])]
    return np.einsum("ti,ijt->tj", Q, np.array(state))
"""
EXAMPLES = """
def cumulative_average_examples():
    x = np.array([[1, 4], [2, 0], [6, 1]])
    return [(x, cumulative_average(x))]
"""


@pytest.mark.parametrize(
    ("assignment", "task", "source", "used", "wrong"),
    [
        (
            "01_state_updates",
            "influence",
            INFLUENCE.format(named=arguments),
            "run_recurrence",
            f"def run_recurrence(f, h0, inputs):\n    {body}\n",
        )
        for arguments in ("f, h0, xs", "inputs=xs, h0=h0, f=f")
        for body in ("return [f(h0, x) for x in inputs]", "raise NotImplementedError", "return None")
    ]
    + [
        (
            "02_cumulative_average",
            "RunningMean",
            RUNNING_MEAN,
            "cumavg_update",
            "def cumavg_update(mem, x, i):\n    return mem\n",
        ),
        (
            "02_cumulative_average",
            "cumulative_average_examples",
            EXAMPLES,
            "cumulative_average",
            "def cumulative_average(x):\n    return x\n",
        ),
        (
            "05_gates_and_delta",
            "retention",
            RETENTION,
            "scan_affine",
            "def scan_affine(a, b):\n    return np.cumsum(b)\n",
        ),
    ],
)
def test_it_counts_in_full_while_what_it_uses_is_wrong(
    course: Course, sandbox: Sandbox, assignment: str, task: str, source: str, used: str, wrong: str
) -> None:
    grader = Marker(course.assignment(assignment), sandbox, course.limits)
    notebook = with_answers(solved(grader.assignment), {task: source, used: wrong})
    result = grader.mark(read_submission(as_bytes(notebook), "n.ipynb")).result
    assert result.item(task).verdict == "correct"
    assert result.item(used).points < result.item(used).max_points
    others = [item for item in result.items if item.id not in (task, used) and item.verdict != "needs_review"]
    assert all(item.points == item.max_points for item in others)
