"""What moved and what was decided, on the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.grading_run import grade
from autograder.cli import main
from tests.classes import TINY
from tests.site.conftest import Site, build, table, words

pytestmark = pytest.mark.slow


def test_without_moves_today_is_silent_and_the_history_has_the_run(site: Site) -> None:
    assert site.concern("moved") is None
    page = site.page("history.html")
    assert page.select_one("#decisions") is None
    (row,) = table(page.select_one("main"))
    assert row[2] == TINY
    assert row[4:7] == ["5", "5", "0"]


def test_moves_decisions_and_their_reasons_are_told(term: Path) -> None:
    grade(term, TINY)
    for arguments in (
        ["drop", "01", "q1_2_one", "--reason", "<b>no</b>"],
        ["extra-time", "lea", "01", "--hours", "48"],
    ):
        assert main(["decide", *arguments, "--class", str(term)]) == 0
    assert main(["decide", "undo", "1", "--class", str(term)]) == 0
    assert main(["decide", "full-marks", "01", "q1_2_one", "--class", str(term)]) == 0
    grade(term, TINY)
    site = build(term)
    moved = site.concern("moved")
    assert "3 students have other points since the last grading" in words(moved)
    decided = "a decision (Question 1.2)"
    assert sorted(table(moved)) == [
        ["ben", TINY, "7.5", "8.5", decided],
        ["lea", TINY, "0", "9", "a decision, what lateness costs changed"],
        ["paul", TINY, "0", "1", decided],
    ]
    page = site.page("history.html")
    decisions = table(page)
    assert [(row[0], row[1], row[6]) for row in decisions] == [
        ("2", "48 hours more", "holds"),
        ("3", "full-marks", "holds"),
        ("1", "drop", "undone"),
    ]
    assert "<b>no</b>" in words(page.select_one("#decisions"))
    assert "How the points came about" in words(site.student("ben").select_one("main"))
