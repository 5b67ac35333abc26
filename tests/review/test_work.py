"""What was handed in, read from the graded notebook."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from autograder.course.source_notebook import Json
from autograder.report.work import CUT, MOST_OUTPUT, MOST_PICTURE, ShownWork, Work, WorkCell, read_work, shown_work
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


def cell(grade_id: str | None, *outputs: Json) -> WorkCell:
    return WorkCell(grade_id, "code", f"# {grade_id}", outputs)


def drawn(pixels: bytes) -> Json:
    return {"output_type": "display_data", "data": {"image/png": base64.b64encode(pixels).decode(), "text/plain": "x"}}


def png() -> bytes:
    file = io.BytesIO()
    Image.new("L", (4, 3)).save(file, "PNG")
    return file.getvalue()


def test_what_a_cell_shows_belongs_to_the_answer_before_it() -> None:
    work = Work(
        (
            cell("setup", {"output_type": "stream", "name": "stdout", "text": "before all\n"}),
            cell("first_answer", {"output_type": "stream", "name": "stdout", "text": ["one\n", "two\n"]}),
            cell("first", {"output_type": "execute_result", "data": {"text/plain": "1.0", "text/html": "<b>card</b>"}}),
            cell("plot_1", drawn(png())),
            cell("second_answer", {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}),
        )
    )
    shown = shown_work(work, ["first", "second", "third"])
    assert shown["first"] == ShownWork("# first_answer", "one\ntwo\n", (base64.b64encode(png()).decode(),))
    assert shown["second"] == ShownWork("# second_answer", "ValueError: no\n")
    assert shown["third"] == ShownWork()


@pytest.mark.parametrize(
    "output",
    [
        drawn(b"<svg onload=alert(1)>"),
        drawn(png() + bytes(MOST_PICTURE)),
        {"output_type": "display_data", "data": {"image/png": '"><script>', "text/plain": 3}},
        {"output_type": "display_data", "data": "no mapping"},
        {"output_type": "stream", "text": None},
        {},
    ],
)
def test_what_is_no_small_picture_and_no_text_isnt_shown(output: Json) -> None:
    assert shown_work(Work((cell("first_answer", output),)), ["first"])["first"] == ShownWork("# first_answer")


def test_what_is_too_long_is_cut_and_says_so() -> None:
    long: Json = {"output_type": "stream", "text": "x" * (MOST_OUTPUT + 1)}
    (shown,) = shown_work(Work((cell("first_answer", long),)), ["first"]).values()
    assert shown.printed == "x" * MOST_OUTPUT + CUT
