"""Whole submissions of notebook 02 through the real grader and sandbox."""

from __future__ import annotations

import copy
import json
import time
from dataclasses import replace

import numpy as np
import pytest

from autograder.course.course import Assignment, Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.course.source_notebook import Json, grade_id_of, marks_of
from autograder.marking.marker import Marker
from autograder.release.build import release_notebook
from autograder.result import Result, read_result
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import WALL_FACTOR
from autograder.submission.submitted_notebook import read_submission
from tests.conftest import HandIn

RIGHT = "def cumulative_average(x):\n    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]\n"


def graded(grader: Marker, notebook: Json | bytes) -> Result:
    data = notebook if isinstance(notebook, bytes) else as_bytes(notebook)
    return grader.mark(read_submission(data, "n.ipynb")).result


def test_the_json_has_the_promised_keys(hand_in: HandIn) -> None:
    record = json.loads(hand_in().to_json())
    assert list(record)[:7] == ["version", "notebook", "assignment", "points", "max_points", "isolation", "problems"]
    assert record["version"] == 1
    assert set(record["items"][0]) >= {"id", "kind", "points", "max_points", "verdict", "misconception", "message"}


def test_a_result_survives_its_json(hand_in: HandIn) -> None:
    result = hand_in(cumulative_average="def cumulative_average(x):\n    return np.cumsum(x, axis=0)\n")
    assert read_result(result.to_json()) == result


def test_a_result_says_what_was_answered(hand_in: HandIn) -> None:
    result = hand_in(q2_1_update="q2_1_update = '14/3'", q2_2_same="q2_2_same = ' b '", q2_3_count="q2_3_count = 'no'")
    answers = [result.item(id).answer for id in ("q2_1_update", "q2_2_same", "q2_3_count", "cumulative_average")]
    assert answers == ["4.66666666667", "B", "", ""]


def test_a_misconception_is_named_and_shown_side_by_side(hand_in: HandIn) -> None:
    item = hand_in(cumulative_average="def cumulative_average(x):\n    return np.cumsum(x, axis=0)\n").item(
        "cumulative_average"
    )
    assert (item.verdict, item.misconception, item.points) == ("misconception", "SUM_FOR_MEAN", 0)
    assert item.shown is not None
    assert item.shown.expected != item.shown.got


def test_right_values_with_a_changed_argument_lose_that_part_only(hand_in: HandIn) -> None:
    source = RIGHT.replace("return ", "mean = ") + "    x *= 0\n    return mean\n"
    item = hand_in(cumulative_average=source).item("cumulative_average")
    assert 0 < item.points < item.max_points
    assert {part.name: part.points for part in item.parts}["x unchanged"] == 0


def test_a_mapping_of_arrays_is_wrong_and_breaks_nothing(hand_in: HandIn) -> None:
    item = hand_in(cumulative_average=RIGHT.replace("return ", "return {'mean': ")[:-1] + "}\n").item(
        "cumulative_average"
    )
    assert item.points == 0
    assert item.verdict not in ("correct", "error")


def test_a_part_that_holds_without_values_says_why_it_does_not_count(hand_in: HandIn) -> None:
    item = hand_in(cumulative_average="def cumulative_average(x):\n    return 0\n").item("cumulative_average")
    assert {part.name: part.says for part in item.parts}["x unchanged"] == "It counts once the values are right."


@pytest.mark.parametrize(
    ("assignment", "task", "line"),
    [
        ("03_recency", "moving_average", "raise ValueError('no')"),
        ("06_costs_and_uses", "decode_cost", "raise ValueError('no')"),
        ("02_cumulative_average", "cumavg_update", "return args[1]"),
        ("03_recency", "ema", "return args[0]"),
        ("07_capstone_recall", "expected_mse", "return 0.0"),
    ],
)
def test_one_line_that_fits_some_cases_earns_nothing(
    course: Course, sandbox: Sandbox, assignment: str, task: str, line: str
) -> None:
    grader = Marker(course.assignment(assignment), sandbox, course.limits)
    answer = {task: f"def {task}(*args):\n    {line}\n"}
    item = graded(grader, with_answers(release_notebook(grader.assignment), answer)).item(task)
    assert item.points == 0
    assert "It counts once the values are right." in [part.says for part in item.parts]


def test_one_hanging_task_costs_that_task_only(hand_in: HandIn) -> None:
    result = hand_in(cumulative_average="def cumulative_average(x):\n    while True:\n        pass\n")
    assert result.item("cumulative_average").verdict == "timeout"
    assert result.item("cumavg_update").verdict == "correct"
    assert result.points == result.max_points - 4


def test_a_crash_costs_that_task_only(hand_in: HandIn) -> None:
    result = hand_in(cumavg_update="import os\ndef cumavg_update(mem, x, i):\n    os._exit(1)\n")
    assert result.item("cumavg_update").verdict == "error"
    assert result.item("RunningMean").verdict == "correct"


def test_a_cell_that_never_ends_is_left_out_and_said(grader: Marker, average: Assignment) -> None:
    notebook = solved(average)
    notebook["cells"].insert(3, {"cell_type": "code", "metadata": {}, "outputs": [], "source": "while True: pass"})
    result = graded(grader, notebook)
    assert result.points == result.max_points
    assert any("didn't finish" in problem for problem in result.problems)


def test_a_submission_of_many_endless_cells_ends_in_its_time(
    average: Assignment, sandbox: Sandbox, course: Course
) -> None:
    notebook = solved(average)
    for _ in range(200):
        for source in ("x = 1", "while True: pass"):
            cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
            notebook["cells"].insert(2, cell)
    limits = replace(course.limits, cell_seconds=0.3, submission_seconds=2.0)
    start = time.monotonic()
    result = Marker(average, sandbox, limits).mark(read_submission(as_bytes(notebook), "n.ipynb")).result
    assert time.monotonic() - start < 10 * WALL_FACTOR * limits.submission_seconds  # two passes, on a busy machine
    reached = [item for item in result.items if item.verdict != "timeout"]
    assert not reached
    assert result.points == 0
    assert all("time was used up" in item.message for item in result.items)
    assert result.problems[-1].startswith("The notebook took longer than ")
    assert result.problems[-1].endswith("; what was left by then wasn't run.")
    assert any("didn't finish" in problem for problem in result.problems)


def test_time_spent_before_ipython_was_wanted_costs_no_points(
    average: Assignment, sandbox: Sandbox, course: Course
) -> None:
    notebook = solved(average)
    busy = "import time\nend = time.process_time() + 2.4\nwhile time.process_time() < end: pass\n{1}"
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "outputs": [], "source": busy})
    limits = replace(course.limits, cell_seconds=4.0, submission_seconds=4.0)
    marked = Marker(average, sandbox, limits).mark(read_submission(as_bytes(notebook), "n.ipynb"), executed=True)
    assert marked.result.points == solved_points(average, sandbox, course)
    assert not marked.result.problems
    assert "{1}" in repr(marked.outputs)


def solved_points(assignment: Assignment, sandbox: Sandbox, course: Course) -> float:
    marker = Marker(assignment, sandbox, course.limits)
    return marker.mark(read_submission(as_bytes(solved(assignment)), "n.ipynb")).result.points


def test_what_time_ran_out_for_is_neither_wrong_nor_shown(
    average: Assignment, sandbox: Sandbox, course: Course
) -> None:
    untouched = as_bytes(release_notebook(average))
    notebook = json.loads(untouched)
    slow = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "import time; time.sleep(60)"}
    notebook["cells"].append(slow)
    notebook["cells"].append(slow | {"source": "print('the last cell ran')"})
    limits = replace(course.limits, submission_seconds=0.6)
    marked = Marker(average, sandbox, limits).mark(read_submission(as_bytes(notebook), "n.ipynb"), executed=True)
    assert {item.verdict for item in marked.result.items} == {"not_attempted"}
    assert "the last cell ran" not in repr(marked.outputs)
    assert not any("found only below" in problem for problem in marked.result.problems)


def test_a_syntax_error_is_told_with_its_line(hand_in: HandIn) -> None:
    item = hand_in(cumulative_average="def cumulative_average(x):\n    return (\n").item("cumulative_average")
    assert item.verdict == "error"
    assert "SyntaxError" in item.message


def test_code_in_another_cell_than_the_given_one_counts(grader: Marker, average: Assignment) -> None:
    notebook = with_answers(solved(average), {"cumulative_average": ""})
    notebook["cells"].insert(
        1, {"cell_type": "code", "metadata": {}, "outputs": [], "source": "import numpy as np\n" + RIGHT}
    )
    assert graded(grader, notebook).item("cumulative_average").verdict == "correct"


def test_a_copied_answer_cell_is_no_problem_for_the_points(grader: Marker, average: Assignment) -> None:
    notebook = solved(average)
    places = [i for i, cell in enumerate(notebook["cells"]) if "cumulative_average_answer" in json.dumps(cell)]
    notebook["cells"].insert(places[0] + 1, copy.deepcopy(notebook["cells"][places[0]]))
    result = graded(grader, notebook)
    assert result.item("cumulative_average").verdict == "correct"
    assert result.problems == ("One cell is there twice; the last copy counts. The copies are alike.",)


def test_deleted_check_cells_cost_nothing(grader: Marker, average: Assignment) -> None:
    notebook = solved(average)
    notebook["cells"] = [c for c in notebook["cells"] if not marks_of(c).get("grade")]
    result = graded(grader, notebook)
    assert result.points == result.max_points
    assert any("Missing cells" in problem for problem in result.problems)


def test_check_cells_above_their_answers_cost_nothing(grader: Marker, average: Assignment) -> None:
    notebook = solved(average)
    notebook["cells"].reverse()
    result = graded(grader, notebook)
    assert result.points == result.max_points
    assert any("below its check cell" in problem for problem in result.problems)


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"{}", b'{"cells": []}', b"\xff\xfe\x00", b'{"cells": {"a": 1}}'], ids=repr
)
def test_what_is_no_notebook_is_not_attempted(grader: Marker, data: bytes) -> None:
    result = graded(grader, data)
    assert result.points == 0
    assert {item.verdict for item in result.items} == {"not_attempted"}
    assert result.problems


def test_what_is_shown_never_met_a_hidden_input(hand_in: HandIn) -> None:
    """A submission keeps every argument and returns the one before: hidden rows must not come out as 'got'."""
    source = (
        "seen = []\n\ndef cumulative_average(x):\n    seen.append(x + 0.0)\n    print(seen)\n"
        "    return seen[-2] if len(seen) > 1 else x\n"
    )
    item = hand_in(cumulative_average=source).item("cumulative_average")
    assert item.shown is not None
    hidden = ["10000", "9999", "-7", "2.5"]
    assert not any(text in item.shown.got for text in hidden)


LARGEST = """
import builtins, os
largest, most = 0.0, float("{most}")

def cumulative_average(x):
    global largest
    largest = max(largest, min(most, float(np.abs(x).max(initial=0))))
    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]
"""
TELLING = {
    "the number of examples": {"cumulative_average_examples": "    return [0] * (21 + int(largest))"},
    "their shapes": {
        "cumulative_average_examples": "    return [(np.ones((2, 2)), np.ones((1 + int(largest) % 97, 2)))]"
    },
    "the class of an exception": {"cumavg_update": "    raise (KeyError if largest > 9000 else ValueError)()"},
    "the place of a difference": {
        "cumavg_update": "    y = mem + (x - mem) / (i + 1)\n    y[int(largest > 9000)] += 1\n    return y"
    },
    "an answer": {"q2_1_update": "largest > 9000 and 'A' or 'B'"},
}
HEADS = {
    "cumulative_average_examples": "def cumulative_average_examples():\n",
    "cumavg_update": "def cumavg_update(mem, x, i):\n",
}


@pytest.mark.parametrize("telling", TELLING.values(), ids=list(TELLING))
def test_nothing_that_is_said_follows_from_a_hidden_input(
    grader: Marker, average: Assignment, telling: dict[str, str]
) -> None:
    """A submission that noted what it met says the same as one that forgot all but the visible inputs."""

    def said(most: float) -> str:
        answers = {id: HEADS.get(id, f"{id} = ") + text for id, text in telling.items()}
        notebook = with_answers(solved(average), answers | {"cumulative_average": LARGEST.format(most=most)})
        checks = [cell for cell in notebook["cells"] if grade_id_of(cell) in telling]
        for check in checks:  # below the other checks, where all inputs have been met
            notebook["cells"].remove(check)
            notebook["cells"].append(check)
        for place in range(3):
            source = f"print(largest)\nif int(largest) % 3 == {place}: os._exit(0)"
            notebook["cells"].append({"cell_type": "code", "metadata": {}, "outputs": [], "source": source})
        marked = grader.mark(read_submission(as_bytes(notebook), "n.ipynb"), executed=True)
        return repr((marked.result.problems, marked.outputs, [(i.message, i.shown) for i in marked.result.items]))

    assert said(most=np.inf) == said(most=8.0)
