"""A graded class of two: Ada did well, Ben is wrong in two items, and his text was read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.classroom.grading_run import grade
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.gradebook.nbgrader_config import read_settings
from tests.classes import SUMS, TINY, hand_in, tiny

WORDS, ONE, MEANS = "q1_4_words", "q1_2_one", "row_means"


@pytest.fixture(scope="session")
def decided_class(fresh_class: Path, good: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Path(shutil.copytree(fresh_class, tmp_path_factory.mktemp("decisions") / "class"))
    hand_in(root, "ada", good)
    hand_in(root, "ben", as_bytes(with_answers(solved(tiny(root)), {MEANS: SUMS, ONE: f"{ONE} = 'C'"})))
    grade(root, TINY)
    give(root, "ben", WORDS, manual_score=2.5)
    return root


@pytest.fixture
def root(decided_class: Path, tmp_path: Path) -> Path:
    """The same, to be changed. Its settings name the folder that they lie in."""
    return Path(shutil.copytree(decided_class, tmp_path / "class"))


def give(root: Path, student: str, item: str, **columns: float) -> None:
    """Points given in formgrader, as its page saves them."""
    with Gradebook(read_settings(root).db_url) as book:
        found = book.find_grade(item, TINY, TINY, student)
        for column, value in columns.items():
            setattr(found, column, value)
        found.needs_manual_grade = False
        book.db.commit()
