"""A slip at the edge of a shape costs the part of the edges in notebooks 04, 05 and 07, and no other."""

from __future__ import annotations

import pytest

from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solution, solved, with_answers
from autograder.course.task import Task
from autograder.marking.marker import Marker
from autograder.marking.submitted_notebook import read_submission
from autograder.sandbox.host.sandbox import Sandbox

# Each task, the part of its edges, and a line that loses the axes of length 1 of a right `result` or of the `args`.
SLIPS = [
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
    assert [lost.name for lost in result.parts if lost.points < lost.max_points] == [part]
    assert result.points >= result.max_points - 0.5
    item = asked.items[task]
    assert isinstance(item, Task)
    assert any(case.public for case in item.cases if case.part == part)
