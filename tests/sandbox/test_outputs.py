"""Outputs: whatever the child says it showed, what is kept is known kinds of clean, bounded text and real pictures."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from autograder.errors import BadMessage
from autograder.sandbox.host.outputs import clean, failure, outputs
from autograder.sandbox.host.sandbox import Sandbox

from .conftest import LIMITS


@pytest.mark.parametrize(
    "told",
    [
        None,
        "text",
        [1],
        [{}],
        [{"output_type": "update_display_data", "data": {}}],
        [{"output_type": "stream", "name": "stdin", "text": "x"}],
        [{"output_type": "stream", "name": "stdout", "text": 1}],
        [{"output_type": "stream", "name": ["stdout"], "text": ""}],
        [{"output_type": "stream", "name": np.zeros(2), "text": ""}],
        [{"output_type": np.zeros(2)}],
        [{"output_type": "display_data", "data": {"text/plain": np.zeros(2)}}],
        [{"output_type": "error", "ename": "E", "evalue": "", "traceback": "x"}],
        [{"output_type": "error", "ename": "E", "evalue": "", "traceback": [1]}],
        [{"output_type": "display_data", "data": {"text/plain": "x", "image/png": "aGk="}}],
        [{"output_type": "display_data", "data": {"text/plain": "x", "image/png": np.zeros(3)}}],
        [{"output_type": "stream", "name": "stdout", "text": ""}] * 201,
    ],
)
def test_outputs_out_of_form_are_refused(told: object) -> None:
    with pytest.raises(BadMessage):
        outputs(told, 100)


@pytest.mark.parametrize(
    "told",
    [
        *("x", [], ["A", "b"], ["A", "b", 1], [1, "b", 1, []], [np.zeros(2), "b", 1, []], ["A", 1, 1, []]),
        *(["A", "b", 0, []], ["A", "b", True, []], ["A", "b", 1, None], ["A", "b", 1, [""] * 101]),
    ],
)
def test_failures_out_of_form_are_refused(told: object) -> None:
    with pytest.raises(BadMessage):
        failure(told)


def test_a_failure_that_is_no_name_is_an_exception() -> None:
    told = failure(["<script>", "x\x00\x1b[31my", 3, ["Exception", "<b>", 3]])
    assert told is not None
    assert (told.kind, told.text, told.bases) == ("Exception", "xy", ("Exception",))


def test_only_text_and_pictures_are_kept() -> None:
    item = {
        "output_type": "display_data",
        "data": {"text/plain": "a", "text/html": "<script>", "image/svg+xml": "<svg>"},
    }
    assert outputs([item], 100) == ({"output_type": "display_data", "data": {"text/plain": "a"}, "metadata": {}},)


def test_text_is_cleaned() -> None:
    assert clean("a\x1b[31mb\x1b[0m\x00c\x1b]0;title\x07d\u202ee\r\nf\tg", 100) == "abcde\nf\tg"


def test_a_picture_must_be_one() -> None:
    fake = {
        "output_type": "display_data",
        "data": {"text/plain": "", "image/png": np.frombuffer(b"<svg>" * 20, np.uint8)},
    }
    assert outputs([fake], 100)[0]["data"] == {"text/plain": ""}


def test_long_output_is_cut_and_says_so() -> None:
    item = {"output_type": "stream", "name": "stdout", "text": "x" * 90}
    kept = outputs([item, item, item], 100)
    assert "".join(str(output["text"]) for output in kept).count("x") == 100
    assert "cut" in str(kept[-1]["text"])


def test_figures_are_drawn_only_when_asked() -> None:
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('after')"
    with Sandbox(LIMITS, draw=True) as sandbox, sandbox.session() as session:
        cell = session.run_cell(source)
    data = cell.outputs[-1]["data"]
    assert isinstance(data, dict)
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
