"""The feedback on one item: everybody is told the same, and what a student wrote does nothing in a page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

import pytest
from bs4 import BeautifulSoup

from autograder.report.item_feedback import item_feedback
from autograder.report.result_text import item_lines, result_text
from autograder.result import ItemResult, PartResult, Result, Shown, Verdict

ITEM = ItemResult(
    "task",
    "task",
    1.5,
    4,
    "partial",
    None,
    "Use `x[0]`, not <x>.",
    parts=(PartResult("values", 1.5, 1.5), PartResult("integers", 0, 2.5, "Cut <off>.")),
    shown=Shown(
        "a & b", "Python says: <script>alert(1)</script> $\\href{javascript:alert(1)}{x}$", "1 < 2", "</pre><b>"
    ),
)


def test_feedback_escapes_what_it_shows() -> None:
    html = item_feedback(ITEM)._repr_html_()
    page = BeautifulSoup(html, "html.parser")
    assert {tag.name for tag in page.find_all(True)} <= {
        *("div", "span", "strong", "code", "ul", "li", "table", "tbody", "tr", "th", "td")
    }
    assert {name for tag in page.find_all(True) for name in tag.attrs} <= {
        *("style", "class", "role", "aria-label", "aria-hidden", "scope")
    }
    assert re.search(r"Use <code[^<>]*>x\[0\]</code>, not &lt;x&gt;\.", html)
    for text in ("href{", "</pre><b>"):
        student = [tag for tag in page.find_all(class_="tex2jax_ignore") if text in tag.get_text()]
        assert len(student) == 1, "MathJax must not read what a student wrote"
        assert "mathjax_ignore" in student[0]["class"]


def test_feedback_says_verdict_points_and_lost_parts() -> None:
    feedback = item_feedback(ITEM)
    for text in (repr(feedback), BeautifulSoup(feedback._repr_html_(), "html.parser").get_text()):
        for said in ("Partly right", "1.5 of 4 points", "integers: 0 of 2.5 points. Cut <off>.", "1 < 2", "</pre><b>"):
            assert said in text
        assert "values: 1.5" not in text
    assert re.search(r"1 of 1 point\b(?!s)", repr(item_feedback(replace(ITEM, points=1, max_points=1))))


def test_an_answer_that_cannot_be_read_is_no_error_that_stopped() -> None:
    choice = ItemResult("q", "question", 0, 1, "error", None, "This can't be read as an answer. Write one letter.")
    assert repr(item_feedback(choice)).startswith("! q: No answer could be read · 0 of 1 point\n")
    assert "It stopped with an error" in repr(item_feedback(replace(choice, kind="task")))


def test_a_part_does_not_repeat_what_is_said_above_it() -> None:
    item = replace(ITEM, message="Return pairs.", parts=(PartResult("valid", 0, 1, "Return pairs."), *ITEM.parts))
    assert "- valid: 0 of 1 point.\n" in repr(item_feedback(item))


def test_feedback_of_what_was_not_attempted_is_short() -> None:
    item: Any = replace(ITEM, points=0, verdict="not_attempted", message="Not written yet.", shown=None)
    assert repr(item_feedback(item)) == "○ task: Not attempted · 0 of 4 points\nNot written yet."


def test_every_reader_of_a_result_is_told_the_same() -> None:
    result = Result("a.ipynb", "01_tiny", 1.5, 4, "full", (), (ITEM,))
    told = item_feedback(ITEM).lines()
    assert ITEM.message in told
    for lines in (repr(item_feedback(ITEM)).splitlines(), item_lines(ITEM), result_text(result).splitlines()):
        assert [line.strip() for line in lines[-len(told) :]] == [line.strip() for line in told]


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_a_sign_and_words_say_what_the_colour_says(verdict: Verdict) -> None:
    feedback = item_feedback(replace(ITEM, points=0, verdict=verdict))
    assert repr(feedback).startswith(f"{feedback.sign} task: {feedback.headline}")
    assert item_lines(replace(ITEM, points=0, verdict=verdict))[0].startswith(f"{feedback.sign} task ")
    assert item_feedback(replace(ITEM, verdict=verdict)).sign == "◐", "some points are neither all nor none"
