"""A small class as an instructor has it in the middle of a term."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.classroom.grading_run import grade
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.gradebook.nbgrader_config import FILE, read_settings
from tests.classes import SUMS, TINY, hand_in, tiny

ODD = "O'Neil Ünal 名前"
WORDS = "q1_4_words"


def hand_in_late(root: Path, student: str, data: bytes) -> None:
    (hand_in(root, student, data).parent / "timestamp.txt").write_text("2027-03-02 10:00:00 UTC")


@pytest.fixture(scope="session")
def graded_class(fresh_class: Path, good: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada and someone with an odd name did well, Ben is wrong, Lea is late, Paul sent a photo, Nora nothing; after all
    that was graded, Ben's text was read, and Ugo handed in."""
    root = Path(shutil.copytree(fresh_class, tmp_path_factory.mktemp("review") / "class"))
    with (root / FILE).open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(read_settings(root).db_url, read_settings(root).course_id) as book:
        book.update_or_create_assignment(TINY, duedate="2027-03-01 23:59:00 UTC")
        book.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
        book.update_or_create_student("nora")
    hand_in(root, "ada", good)
    hand_in(root, ODD, good)
    hand_in(root, "ben", as_bytes(with_answers(solved(tiny(root)), {"row_means": SUMS, "q1_2_one": "q1_2_one = 'C'"})))
    hand_in_late(root, "lea", good)
    hand_in(root, "paul", b"\x89PNG\r\n")
    grade(root, TINY)
    give(root, "ben", manual_score=2.5)
    hand_in(root, "ugo", good)
    return root


@pytest.fixture
def term(graded_class: Path, tmp_path: Path) -> Path:
    """The same, to be changed. Its settings name the folder that they lie in."""
    return Path(shutil.copytree(graded_class, tmp_path / "term"))


def give(root: Path, student: str, item: str = WORDS, **columns: float) -> None:
    """Points given in formgrader, as its page saves them."""
    with Gradebook(read_settings(root).db_url) as book:
        grade = book.find_grade(item, TINY, TINY, student)
        for column, value in columns.items():
            setattr(grade, column, value)
        grade.needs_manual_grade = False
        book.db.commit()
