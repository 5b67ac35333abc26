"""What was handed in, read from the graded notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.review.work import read_work
from tests.classes import SUMS, TINY
from tests.review.conftest import WORDS

pytestmark = pytest.mark.slow


def test_answers_are_what_the_student_wrote(graded_class: Path) -> None:
    work = read_work(graded_class, TINY, "ben")
    assert work.answer("row_means") == SUMS
    assert len(work.answer(WORDS)) > 20
    assert work.answer("q1_2_one") == ""  # the result says what was chosen


def test_without_a_notebook_there_is_no_work(graded_class: Path) -> None:
    assert read_work(graded_class, TINY, "nora").cells == ()
