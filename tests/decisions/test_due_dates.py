"""Another due date for one student, in nbgrader's own column, also for who hasn't handed in yet."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.classroom.grading_run import grade
from autograder.cli import main
from autograder.gradebook.nbgrader_config import FILE, read_settings
from tests.classes import TINY, hand_in
from tests.decisions.test_items import decide, exported
from tests.nbgrader_commands import nbgrader

pytestmark = pytest.mark.slow


@pytest.fixture
def late(root: Path) -> Path:
    """Ada and Ben are a day late, which costs everything."""
    with (root / FILE).open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    nbgrader(root, "db", "assignment", "add", TINY, "--duedate=2027-03-01 12:00:00 UTC")
    for student in ("ada", "ben"):
        at(root, student, "2027-03-02 10:00:00 UTC")
    grade(root, TINY)
    assert scores(root) == {"ada": 0.0, "ben": 0.0}
    return root


def at(root: Path, student: str, time: str) -> None:
    (root / "submitted" / student / TINY / "timestamp.txt").write_text(time)


def scores(root: Path) -> dict[str, float]:
    return {student: score for student, (score, _) in exported(root).items()}


def extension(root: Path, student: str) -> timedelta | None:
    with Gradebook(read_settings(root).db_url) as book:
        found: timedelta | None = book.find_submission(TINY, student).extension
        return found


def test_a_later_due_date_of_one_student_costs_them_nothing_and_can_be_undone(late: Path) -> None:
    decide(late, "extra-time", "ada", "01", "--hours", "24", "--reason", "was ill")
    report = grade(late, TINY)
    assert report.graded == ()
    assert scores(late) == {"ada": 9.0, "ben": 0.0}
    assert extension(late, "ada") == timedelta(hours=24)
    assert [(move.student, move.why) for move in report.run.moved] == [("ada", ("lateness",))]

    decide(late, "undo", "1")
    decide(late, "extra-time", "ada", "01", "--until", "2027-03-02 09:59 UTC")
    grade(late, TINY)
    assert (scores(late)["ada"], extension(late, "ada")) == (0.0, timedelta(hours=21, minutes=59))
    nbgrader(late, "db", "assignment", "add", TINY, "--duedate=2027-03-01 13:00:00 UTC")
    grade(late, TINY)
    assert extension(late, "ada") == timedelta(hours=20, minutes=59), "the time stays, wherever the due date moves"
    decide(late, "undo", "2")
    grade(late, TINY)
    assert (scores(late)["ada"], extension(late, "ada")) == (0.0, None)


def test_who_has_not_handed_in_yet_gets_the_time_when_they_do(
    late: Path, good: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(late, "extra-time", "eve", "01", "--hours", "48")
    assert "the gradebook doesn't know eve yet" in capsys.readouterr().out
    assert grade(late, TINY).graded == ()
    for student in ("eve", "fay"):
        hand_in(late, student, good)
        at(late, student, "2027-03-02 10:00:00 UTC")
    nbgrader(late, "autograde", TINY, "--student=eve")
    assert scores(late)["eve"] == 9.0
    grade(late, TINY)
    assert (scores(late)["eve"], scores(late)["fay"]) == (9.0, 0.0)


def test_an_extension_that_somebody_else_wrote_comes_back(late: Path) -> None:
    with Gradebook(read_settings(late).db_url) as book:
        book.grant_extension(TINY, "ben", hours=2)
    decide(late, "extra-time", "ben", "01", "--hours", "24")
    grade(late, TINY)
    assert scores(late)["ben"] == 7.5
    decide(late, "undo", "1")
    grade(late, TINY)
    assert extension(late, "ben") == timedelta(hours=2)
    assert main(["decide", "list", "--class", str(late)]) == 0
