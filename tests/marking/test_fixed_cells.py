"""What stands in a fixed cell that a student could edit is run, and so is a plot whose names are used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from autograder.course.course import Assignment
from autograder.course.solved_notebook import as_bytes, solved
from autograder.course.source_notebook import Json, grade_id_of
from autograder.marking.marker import MarkedSubmission, Marker
from autograder.release.build import release_notebook
from autograder.report.marked_notebook import marked_notebook
from autograder.submission.submitted_notebook import read_submission
from tests.classes import by_id

PLOT = "the plot"
FSUM = "[[math.fsum(x[:i + 1, j]) / (i + 1) for j in range(x.shape[1])] for i in range(len(x))]"
MEAN = "np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]"
Edit = Callable[..., MarkedSubmission]


def function(value: str) -> str:
    return f"def cumulative_average(x):\n    return {value}\n"


@pytest.fixture(scope="module")
def edit(grader: Marker, average: Assignment) -> Edit:
    """Mark the solved notebook 02 with other texts in the named cells ("..." stands for the text of before), and with
    `below`, code cells of the student's below the named ones."""

    def edit(
        texts: dict[str, str], below: dict[str, str] | None = None, about: dict[str, Any] | None = None
    ) -> MarkedSubmission:
        notebook = solved(average)
        plot = next(id for cell in notebook["cells"] if (id := grade_id_of(cell) or "").startswith("plot_"))
        for grade_id, text in texts.items():
            cell = by_id(notebook, plot if grade_id == PLOT else grade_id)
            cell["source"] = text.replace("...", cell["source"])
        for grade_id, text in (below or {}).items():
            place = notebook["cells"].index(by_id(notebook, plot if grade_id == PLOT else grade_id)) + 1
            notebook["cells"].insert(place, {"cell_type": "code", "metadata": {}, "outputs": [], "source": text})
        notebook["metadata"] |= about or {}
        return grader.mark(read_submission(as_bytes(notebook), "n.ipynb"), executed=True)

    return edit


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        ("setup", "...\nimport math", FSUM),
        ("setup", "...\nimport numpy as jnp", MEAN.replace("np", "jnp")),
        ("setup", "ZERO = 0.0\n...", f"ZERO + {MEAN}"),
        ("cumulative_average_examples", f"def running(x):\n    return {MEAN}\n\n...", "running(x)"),
        ("cumulative_average", f"def cumulative_average(x):\n    return {MEAN}\n\n...", "None"),
    ],
)
def test_what_stands_in_a_fixed_cell_is_run(edit: Edit, cell: str, text: str, value: str) -> None:
    result = edit({cell: text, "cumulative_average_answer": function(value)}).result
    assert result.points == result.max_points
    (note,) = result.problems
    assert note == f"Fixed cells that were changed (what stands in them now was run as the student's own code): {cell}."


def test_an_answer_typed_into_its_check_cell_counts(edit: Edit) -> None:
    typed = edit({"q2_1_update_answer": "q2_1_update = None", "q2_1_update": "q2_1_update = 4\n..."}).result
    assert typed.points == typed.max_points
    broken = edit({"q2_1_update_answer": "", "q2_1_update": "\nq2_1_update = (4\n..."}).result.item("q2_1_update")
    assert broken.message.startswith("The cell with your answer raised SyntaxError in line ")


def test_names_of_a_changed_plot_are_there_below_it(edit: Edit) -> None:
    result = edit({PLOT: "horizon = 100\n...", "q2_5_late_answer": "q2_5_late = 50 / horizon"}).result
    assert result.points == result.max_points


@pytest.mark.parametrize("text", ["import nunpy as np", "np = nothing", "def check(", "", "raise SystemExit"])
def test_a_broken_setup_takes_no_import_away(edit: Edit, text: str) -> None:
    result = edit({"setup": text}).result
    assert result.points == result.max_points


def test_a_call_of_check_does_nothing_while_marking(edit: Edit) -> None:
    asks = "from check import check\nprint('check gave', check('cumulative_average'))"
    marked = edit({"cumulative_average": asks})
    assert "check gave None" in repr(marked.outputs)
    assert marked.result.points == marked.result.max_points


def test_a_fixed_cell_that_never_ends_costs_nothing(edit: Edit) -> None:
    result = edit({"cumulative_average": "while True: pass"}).result
    assert result.points == result.max_points
    assert any("didn't finish" in problem for problem in result.problems)


@pytest.mark.parametrize(
    ("answer", "below"),
    [
        ("q2_5_late = 50 / len(inputs_seen[:100])", ""),
        ("q2_5_late = half()", "def half():\n    return 50 / inputs_seen[99]"),
        ("q2_5_late = 50 / len(inputs_seen[:100])", "ax.set_title('another')"),
    ],
)
def test_names_of_the_courses_own_plots_are_there_below_them(edit: Edit, answer: str, below: str) -> None:
    result = edit({"q2_5_late_answer": answer}, {PLOT: below}).result
    assert result.points == result.max_points
    assert not result.problems


def test_names_of_a_plot_are_there_for_a_function_that_is_checked_below_it(grader: Marker, average: Assignment) -> None:
    notebook = solved(average)
    given = "    return [(level[:, None], np.cumsum(level)[:, None] / inputs_seen[:, None])]"
    by_id(notebook, "cumulative_average_examples_answer")["source"] = f"def cumulative_average_examples():\n{given}"
    check = by_id(notebook, "cumulative_average_examples")
    notebook["cells"].remove(check)
    notebook["cells"].append(check)
    result = grader.mark(read_submission(as_bytes(notebook), "n.ipynb")).result
    assert {part.name: part.points for part in result.item("cumulative_average_examples").parts}["valid"] == 1


def test_a_plot_that_nobody_needs_is_not_run(edit: Edit) -> None:
    counting = {
        "cumulative_average_answer": f"lengths = []\n{function(MEAN)}".replace("x):", "x):\n    lengths.append(len(x))")
    }
    alone = edit(counting, {PLOT: "print(120 in lengths)"})
    used = edit(counting, {PLOT: "print(120 in lengths, inputs_seen[0])"})
    assert "True" not in repr(alone.outputs)
    assert "True 1" in repr(used.outputs)


def test_a_plot_that_fails_harms_nothing(edit: Edit) -> None:
    wrong = {"cumulative_average_answer": function("None"), "q2_5_late_answer": "q2_5_late = 50 / memory[99]"}
    result = edit(wrong).result
    assert (
        result.item("q2_5_late").message
        == "The cell with your answer raised NameError in line 1, so there was nothing to check."
    )
    assert result.points == result.max_points - 5
    (note,) = result.problems
    assert "line 1 raised NameError" in note, "the answer's own line, and nothing of the plot"


def test_what_was_written_into_a_fixed_cell_is_shown_beside_it(edit: Edit, average: Assignment) -> None:
    texts = {
        "setup": "...\nprint('my setup')",
        "q2_1_update": "print('my check')",
        "q2_1_update_stem": "...\n\nI say 4.",
    }
    release = release_notebook(average)
    cells: list[Json] = marked_notebook(edit(texts), release)["cells"]
    sources = [cell["source"] for cell in cells]
    for grade_id, way in (("setup", 2), ("q2_1_update", -1), ("q2_1_update_stem", 2)):
        place = cells.index(by_id({"cells": cells}, grade_id))
        assert sources[place] == by_id(release, grade_id)["source"]
        assert texts[grade_id].replace("...", "").strip() in sources[place + way]
    assert "'my setup\\n'" in repr([cell.get("outputs") for cell in cells])
    assert "'my check\\n'" in repr([cell.get("outputs") for cell in cells])


def test_another_python_is_told_where_something_raised(edit: Edit) -> None:
    def told(version: str, text: str) -> list[str]:
        about = {"language_info": {"name": "python", "version": version}}
        problems = edit({"cumulative_average_answer": text}, about=about).result.problems
        return [problem for problem in problems if "Python" in problem]

    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    raising, wrong, unread = function("undefined"), function("x"), "def cumulative_average(x:\n"
    (sentence,) = told("3.7.12", raising)
    assert sentence == f"It was saved with Python 3.7 and is marked with Python {here}: what raised here may run there."
    assert told("3.7.12", unread) == [sentence]
    assert told("3.7.12", wrong) == told("3.7.12", function(MEAN)) == []
    assert told(f"{here}.99", raising) == told("<b>3.7</b>", raising) == told("3.7" * 999, raising) == []
