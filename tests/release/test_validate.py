"""nbgrader's Validate, the command and what JupyterLab's button calls, on a student's copy of a release."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from nbgrader.validator import Validator

from autograder.answers.question import Question
from autograder.course.course import load_course
from autograder.course.solved_notebook import as_bytes, right_answer, solution, with_answers
from autograder.release.build import release_files, release_notebook

pytestmark = pytest.mark.slow
REAL = load_course(Path(__file__).parents[2])
AVERAGE, GATES, RECALL = "02_cumulative_average", "05_gates_and_delta", "07_capstone_recall"
DIVIDES_BY_ALL = "def cumulative_average(x):\n    return np.cumsum(x, axis=0) / len(x)"
PRINTS_ERRORS = """
import sys
def cumulative_average_examples():
    print("working", file=sys.stderr)
    return [([[1.0]], [[1.0]])]
"""


def copy_of(name: str, folder: Path, answers: Mapping[str, str]) -> Path:
    """A student's copy of the real release with these answers."""
    assignment = REAL.assignment(name)
    for file, content in release_files(assignment).items():
        (folder / file).write_bytes(content)
    path = folder / f"{name}.ipynb"
    path.write_bytes(as_bytes(with_answers(release_notebook(assignment), answers)))
    return path


def right_answers(name: str) -> dict[str, str]:
    """The right answer to each item."""
    items = REAL.assignment(name).items.values()
    return {
        item.id: right_answer(item) if isinstance(item, Question) else solution(REAL.assignment(name), item.id)
        for item in items
    }


def failed(path: Path) -> dict[str, str]:
    """What Validate shows, by the item that the cell asks for (of a text, its first line)."""
    shown = Validator().validate(str(path))
    assert set(shown) <= {"failed"}
    return {
        cell["source"].removeprefix('check("').removesuffix('")'): cell["raw_error"] for cell in shown.get("failed", [])
    }


def test_an_untouched_notebook_fails_in_each_of_its_checks(tmp_path: Path) -> None:
    path = copy_of(AVERAGE, tmp_path, {})
    command = [sys.executable, "-m", "nbgrader", "validate", path.name]
    printed = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    items = REAL.assignment(AVERAGE).items
    assert f"VALIDATION FAILED ON {len(items)} CELL(S)" in printed
    assert printed.count(": Not attempted\n    Write your code in place of the placeholder.") == 4
    assert printed.count(": Not answered yet\n    Write your answer in place of None, and run that cell.") == 6
    assert "Traceback" not in printed
    assert "..." not in printed, "nbgrader cuts long lines"


def test_what_is_wrong_is_said_and_what_only_the_grading_judges_is_not(tmp_path: Path) -> None:
    answers = {
        "cumulative_average_examples": PRINTS_ERRORS,
        "cumulative_average": DIVIDES_BY_ALL,
        "cumavg_update": "def cumavg_update(mem, x, i)\n    return mem",
        "q2_1_update": "q2_1_update = 'no idea'",
        "q2_2_same": "q2_2_same = None",
        **{question: f"{question} = 'A'" for question in ("q2_3_count", "q2_6_order")},
    }
    shown = failed(copy_of(AVERAGE, tmp_path, right_answers(AVERAGE) | answers))
    assert set(shown) == {"cumulative_average", "cumavg_update", "q2_1_update", "q2_2_same"}
    assert shown["cumulative_average"].startswith("✗ cumulative_average: Not right yet\n")
    assert "divided by n" in " ".join(shown["cumulative_average"].split())
    assert "expected row 0" in shown["cumulative_average"]
    assert max(map(len, shown["cumulative_average"].splitlines())) <= 80
    assert "Cell [" in shown["cumavg_update"]
    assert "This can't be read as an answer" in shown["q2_1_update"]
    assert "Not answered yet" in shown["q2_2_same"]


def test_a_right_notebook_passes_with_or_without_its_extra_credit(tmp_path: Path) -> None:
    answers = right_answers(GATES)
    del answers["wkv"]
    assert failed(copy_of(GATES, tmp_path, answers)) == {}
    wrong = failed(copy_of(GATES, tmp_path, answers | {"wkv": "def wkv(k, v, w, u): return v"}))
    assert set(wrong) == {"wkv"}
    assert "Not right yet" in wrong["wkv"]


def test_a_text_must_be_written(tmp_path: Path) -> None:
    assert failed(copy_of(RECALL, tmp_path, right_answers(RECALL))) == {}
    text = [error for source, error in failed(copy_of(RECALL, tmp_path, {})).items() if not source.isidentifier()]
    assert text == ["You did not provide a response."]


def test_right_in_the_visible_checks_alone_passes(tmp_path: Path) -> None:
    # Success is not a promise: what the hidden checks look at shows in no way.
    visible_only = (
        "def cumulative_average(x):\n    x = np.asarray(x)\n    if x.shape[0] > 100:\n        return x * 0\n"
        + ("    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]")
    )
    assert failed(copy_of(AVERAGE, tmp_path, right_answers(AVERAGE) | {"cumulative_average": visible_only})) == {}
