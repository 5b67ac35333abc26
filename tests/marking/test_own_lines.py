"""What a student's own lines do in a cell, a line that fails or one that is slow, doesn't cost the answers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from autograder.course.course import Assignment, Course
from autograder.course.solved_notebook import solved, with_answers
from autograder.course.source_notebook import Json, grade_id_of
from autograder.marking.marker import Marker
from autograder.sandbox.host.sandbox import Sandbox

from .test_marker import RIGHT, graded

BUSY = """import time
until = time.process_time() + {}
while time.process_time() < until:
    pass
"""


def own_cell(source: str) -> Json:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}


def test_slow_cells_of_ones_own_are_left_out_for_the_answers(
    average: Assignment, sandbox: Sandbox, course: Course
) -> None:
    notebook = solved(average)
    setup = next(place for place, cell in enumerate(notebook["cells"]) if grade_id_of(cell) == "setup")
    helper = own_cell("def mine(x):\n    return np.cumsum(x, axis=0)\n\n" + BUSY.format(0.3))
    notebook["cells"][setup + 1 : setup + 1] = [helper, *[own_cell(BUSY.format(0.3))] * 7]
    notebook = with_answers(notebook, {"cumulative_average": RIGHT.replace("np.cumsum(x, axis=0)", "mine(x)")})
    limits = replace(course.limits, cell_seconds=0.5, submission_seconds=2.0)
    result = graded(Marker(average, sandbox, limits), notebook)
    assert result.points == result.max_points
    (problem,) = result.problems
    assert problem.startswith(
        "The notebook took longer than 2 s of processor time, so its slowest code cells were left"
    )
    assert re.search(r"definitions: \d, \d, \d", problem)


def test_cells_that_fit_once_but_not_with_all_cases_are_left_out_for_the_score(
    average: Assignment, sandbox: Sandbox, course: Course
) -> None:
    endless = (
        "def cumavg_update(mem, x, i):\n    while np.asarray(x).dtype.kind == 'i':\n        pass\n    return mem\n"
    )
    notebook = with_answers(solved(average), {"cumavg_update": endless})
    notebook["cells"][3:3] = [own_cell(BUSY.format(0.3))] * 3
    limits = replace(course.limits, cell_seconds=0.5, call_seconds=0.3, submission_seconds=1.6)
    result = graded(Marker(average, sandbox, limits), notebook)
    assert result.item("RunningMean").verdict == "correct"
    (problem,) = result.problems
    assert re.search(r"slowest code cells were left out but for their definitions: \d, \d(, \d)?\.$", problem)


def test_many_endless_cells_of_ones_own_cost_no_answer(average: Assignment, sandbox: Sandbox, course: Course) -> None:
    notebook = solved(average)
    notebook["cells"][3:3] = [own_cell("while True: pass")] * 12
    limits = replace(course.limits, cell_seconds=0.3, submission_seconds=2.5)
    result = graded(Marker(average, sandbox, limits), notebook)
    assert result.points == result.max_points
    assert any("Code cells 4, 5, 6, " in problem for problem in result.problems)


def test_a_slow_line_below_a_definition_does_not_take_it_along(grader: Marker, average: Assignment) -> None:
    update = "def cumavg_update(mem, x, i):\n    return mem + (x - mem) / (i + 1)\n"
    answers = {
        "cumulative_average": f"{RIGHT}\nwhile True:\n    cumulative_average(np.ones((3, 2)))\n",
        "cumavg_update": f"import os\n{update}\nos._exit(1)\n",
    }
    result = graded(grader, with_answers(solved(average), answers))
    assert result.item("cumulative_average").verdict == "correct"
    assert result.item("cumavg_update").verdict == "correct"
    assert any("didn't finish within" in problem for problem in result.problems)
    assert any("ended the Python process" in problem for problem in result.problems)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("import pandas_is_not_here", "ModuleNotFoundError"),
        ("import os; os.makedirs('a')", "PermissionError"),
        ("class Mine(Exception): pass\n(lambda: [][3])()", "IndexError"),
    ],
)
def test_a_line_that_fails_is_noted_and_costs_no_answer(
    grader: Marker, average: Assignment, line: str, kind: str
) -> None:
    result = graded(grader, with_answers(solved(average), {"cumulative_average": f"{line}\n{RIGHT}"}))
    assert result.points == result.max_points
    (problem,) = result.problems
    failing = line.count("\n") + 1
    assert problem.endswith(f": line {failing} raised {kind}; what is below it was still run.")


def test_a_value_below_a_line_that_fails_counts(grader: Marker, average: Assignment) -> None:
    notebook = solved(average)
    before = graded(grader, notebook)
    question = next(item.id for item in before.items if item.kind == "question")
    cell = next(cell for cell in notebook["cells"] if grade_id_of(cell) == f"{question}_answer")
    cell["source"] = "import pandas_is_not_here\n" + cell["source"]
    assert graded(grader, notebook).points == before.points


@pytest.mark.parametrize("line", ["np.seterr(all='raise')", "import warnings; warnings.simplefilter('error')"])
def test_strict_warnings_cost_nothing(grader: Marker, average: Assignment, line: str) -> None:
    source = RIGHT.replace("    return", "    unused = np.zeros(2) / np.zeros(2)\n    return")
    notebook = with_answers(solved(average), {"cumulative_average": f"{line}\n{source}"})
    result = graded(grader, notebook)
    assert result.points == result.max_points
