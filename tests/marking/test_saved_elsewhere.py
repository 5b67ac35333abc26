"""A notebook is worth the same, whichever front end saved it."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.course.course import Assignment, Course
from autograder.course.solved_notebook import as_bytes, right_answer, solution, with_answers
from autograder.course.source_notebook import Json
from autograder.marking.marker import Marker
from autograder.release.build import release_files, release_notebook
from autograder.result import Result
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission
from tests.classes import TINY

pytestmark = pytest.mark.slow

PARTLY = "def row_means(x):\n    return [sum(row) / 2 for row in x]\n"
TEXT = "One giant makes a village tall. A median would not."


@pytest.fixture(scope="module")
def assignment(tiny_course: Course) -> Assignment:
    return tiny_course.assignment(TINY)


@pytest.fixture(scope="module")
def filled_in(assignment: Assignment) -> Json:
    """The release with answers of every kind in it, some of them wrong."""
    answers = {question.id: right_answer(question) for question in assignment.questions}
    answers |= {"row_means": PARTLY, "Counter": solution(assignment, "Counter"), "q1_4_words": TEXT}
    return with_answers(release_notebook(assignment), answers | {"q1_2_one": "q1_2_one = 'A'"})


@pytest.fixture(scope="module")
def mark(assignment: Assignment, sandbox: Sandbox, tiny_course: Course) -> Callable[[bytes], Result]:
    marker = Marker(assignment, sandbox, tiny_course.limits)
    return lambda saved: marker.mark(read_submission(saved, f"{TINY}.ipynb")).result


def by_colab(notebook: Json) -> Json:
    """Colab writes format 4.0, ids among the metadata, when a cell was run, and its own words for the kernel."""
    cells = []
    for cell in notebook["cells"]:
        cell = copy.deepcopy(cell)
        cell["metadata"]["id"] = cell.pop("id")
        if cell["cell_type"] == "code":
            run = {"status": "ok", "elapsed": 5, "timestamp": 1800000000000, "user_tz": -60}
            cell["metadata"] |= {
                "colab": {"base_uri": "https://localhost:8080/"},
                "executionInfo": run,
                "outputId": "a-b",
            }
        cells.append(cell)
    about = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return {
        "cells": cells,
        "metadata": about | {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 0,
    }


def by_colab_bare(notebook: Json) -> Json:
    """As an editor leaves it that doesn't know nbgrader."""
    saved = by_colab(notebook)
    for cell in saved["cells"]:
        cell["metadata"] = {"id": cell["metadata"]["id"]}
    return saved


def by_vs_code(notebook: Json) -> Json:
    """VS Code keeps ids and metadata, writes each line apart, and adds which language a cell is in."""
    saved = copy.deepcopy(notebook)
    for cell in saved["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["metadata"]["vscode"] = {"languageId": "python"}
    return saved


@pytest.mark.parametrize("save", [by_colab, by_colab_bare, by_vs_code])
def test_each_front_ends_file_is_marked_alike(
    filled_in: Json, mark: Callable[[bytes], Result], save: Callable[[Json], Json]
) -> None:
    expected, found = mark(as_bytes(filled_in)), mark(as_bytes(save(filled_in)))
    assert 0 < expected.points < expected.max_points
    assert verdicts(found) == verdicts(expected)


def verdicts(result: Result) -> list[tuple[Any, ...]]:
    return [(item.id, item.verdict, item.misconception, item.points) for item in result.items]


def test_jupyter_execute_runs_it_and_writes_the_cards_into_the_file(
    filled_in: Json, assignment: Assignment, mark: Callable[[bytes], Result], tmp_path: Path
) -> None:
    for name, content in release_files(assignment).items():
        (tmp_path / name).write_bytes(content)
    path = tmp_path / f"{TINY}.ipynb"
    path.write_bytes(as_bytes(filled_in))
    home = {name: str(tmp_path / "home") for name in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR")}
    command = [sys.executable, "-m", "jupyter", "execute", "--inplace", path.name]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = {cell.source: cell.outputs for cell in nbformat.read(path, 4).cells if cell.source.startswith("check(")}
    assert len(shown) == len(assignment.items) - 1  # a text is read by a person
    for source, outputs in shown.items():
        (output,) = outputs
        assert "Check of" in output.data["text/html"], source
        assert source.split('"')[1] in output.data["text/plain"]
    assert verdicts(mark(path.read_bytes())) == verdicts(mark(as_bytes(filled_in)))
