"""`pytest --submission`: the marking as tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from tests.classes import SUMS, TINY
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
COURSE = ROOT / "tests" / "fixtures" / "tiny_course"


def run_pytest(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", "--course", str(COURSE)]
    return subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, check=False)


def test_each_item_is_a_test_with_its_diagnosis(tmp_path: Path, tiny_course: Course) -> None:
    path = tmp_path / "01_tiny.ipynb"
    path.write_bytes(as_bytes(with_answers(solved(tiny_course.assignment(TINY)), {"row_means": SUMS})))
    run = run_pytest("--submission", path)
    assert run.returncode == 1
    assert "1 failed, 4 passed, 1 skipped" in run.stdout
    assert "01_tiny.ipynb::row_means FAILED" in run.stdout
    assert "SUM_FOR_MEAN" in run.stdout
    assert "yours:" in run.stdout
    assert "Traceback" not in run.stdout


def test_a_solved_notebook_is_green(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "01_tiny.ipynb"
    path.write_bytes(good)
    assert run_pytest("--submission", path).returncode == 0


def test_no_notebook_is_red(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(b"")
    run = run_pytest("--submission", path)
    assert run.returncode == 1
    assert "empty" in run.stdout


def test_a_missing_file_is_red(tmp_path: Path) -> None:
    run = run_pytest("--submission", tmp_path / "nowhere.ipynb")
    assert run.returncode == 1
    assert "can't be read" in run.stdout
