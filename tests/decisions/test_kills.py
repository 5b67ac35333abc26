"""A run that is killed while it applies or undoes decisions loses no points that were given by hand."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.class_directory.paths import notebook_path
from autograder.classroom.grading_run import grade
from autograder.gradebook.nbgrader_config import read_settings
from tests.classes import TINY, hand_in, rows
from tests.crash.conftest import ROOT
from tests.decisions.conftest import WORDS
from tests.decisions.test_items import WHOLE, decide

pytestmark = pytest.mark.slow

STUDENTS = [f"s{number:02}" for number in range(44)]
KILLS = 3  # of each run: within a batch, between two, and before the last is noted, as it falls


@pytest.fixture
def root(fresh_class: Path, good: bytes, tmp_path: Path) -> Path:
    """A class of three batches, of which a person has read everything."""
    root = Path(shutil.copytree(fresh_class, tmp_path / "class"))
    for student in STUDENTS:
        hand_in(root, student, good)
    grade(root, TINY)
    with Gradebook(read_settings(root).db_url) as book:
        for place, student in enumerate(STUDENTS):
            given = book.find_grade(WORDS, TINY, TINY, student)
            given.manual_score, given.needs_manual_grade = place / 16, False
        book.db.commit()
    return root


def kill_when_written(root: Path, count: int) -> None:
    """Start `grade`, and kill it as soon as it has rewritten so many notebooks."""
    notebooks = [notebook_path(root, TINY, student) for student in STUDENTS]
    before = {path: path.stat().st_mtime_ns for path in notebooks}
    command = [sys.executable, "-m", "autograder.cli", "grade", TINY, "--class", str(root)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        while process.poll() is None and sum(path.stat().st_mtime_ns != before[path] for path in notebooks) < count:
            time.sleep(0.001)
        process.kill()


def test_decisions_are_applied_and_undone_under_fire(root: Path) -> None:
    chance = random.Random(13)
    before = rows(root, WHOLE)
    decide(root, "drop", "01", WORDS)
    for _ in range(KILLS):
        kill_when_written(root, chance.randint(1, 24))
    grade(root, TINY)
    dropped = [row for row in rows(root, WHOLE) if row[1] == WORDS]
    assert {tuple(row[2:7]) for row in dropped} == {(0.0, None, None, 0, 0.0)}
    assert len(dropped) == len(STUDENTS)

    decide(root, "undo", "1")
    for _ in range(KILLS):
        kill_when_written(root, chance.randint(1, 24))
    grade(root, TINY)
    assert rows(root, WHOLE) == before
    assert (root / "results" / f"{TINY}.set_aside.json").read_text() == "{}\n"
