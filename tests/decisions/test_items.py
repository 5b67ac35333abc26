"""A question is dropped, or everybody gets its points: nbgrader's database, pages and export agree; undone, all is as
before."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.class_directory.paths import feedback_folder, notebook_path, result_path
from autograder.classroom.grading_run import ClassReport, grade
from autograder.cli import main
from autograder.course.course import Course
from autograder.gradebook.nbgrader_config import read_settings
from autograder.review.class_review import review
from tests.classes import TINY, by_id, class_with_extra_credit, hand_in, rows
from tests.decisions.conftest import MEANS, ONE, WORDS, give
from tests.nbgrader_commands import nbgrader

pytestmark = pytest.mark.slow

WHOLE = """
    select submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score, grade.extra_credit,
        grade.needs_manual_grade, grade_cells.max_score, source_cell.checksum
    from grade join base_cell on base_cell.id = grade.cell_id
    join grade_cells on grade_cells.id = grade.cell_id
    join source_cell on source_cell.name = base_cell.name
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    order by 1, 2"""


def decide(root: Path, *arguments: str) -> None:
    assert main(["decide", *arguments, "--class", str(root)]) == 0


def applied(root: Path) -> ClassReport:
    """A run of `grade` that marks nothing."""
    report = grade(root, TINY)
    assert report.graded == ()
    return report


def state(root: Path) -> list[object]:
    """The gradebook's columns, and the results and notebooks byte by byte."""
    files = [path(root, TINY, student) for path in (result_path, notebook_path) for student in ("ada", "ben")]
    return [*rows(root, WHOLE), *(path.read_bytes() for path in files)]


def exported(root: Path) -> dict[str, tuple[float, float]]:
    """The score and maximum of each student as `nbgrader export` writes them."""
    nbgrader(root, "export", "--to=grades.csv")
    with (root / "grades.csv").open() as file:
        return {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}


def in_formgrader(root: Path) -> dict[str, tuple[float, float, bool]]:
    """What formgrader's list of submissions shows: score, maximum, whether it waits for a person."""
    with Gradebook(read_settings(root).db_url) as book:
        found = book.submission_dicts(TINY)
    return {one["student"]: (one["score"], one["max_score"], one["needs_manual_grade"]) for one in found}


def reported(root: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    capsys.readouterr()
    main(["report", "--json", "--class", str(root)])
    record = json.loads(capsys.readouterr().out)
    assert record["notes"] == []
    return dict(record["scores"]) | {"(maximum)": record["max_points"]}


def test_a_dropped_question_counts_for_nobody_and_undone_all_is_as_before(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(root)
    assert exported(root) == {"ada": (9.0, 12.0), "ben": (7.5, 12.0)}
    decide(root, "drop", "01", ONE, "--reason", "The key <b>was</b> wrong")
    decide(root, "drop", "01", WORDS)
    assert "What was decided changed" in review(root).assignments[0].notes[0]

    assert applied(root).decided == ("ada", "ben")
    assert exported(root) == {"ada": (8.0, 8.0), "ben": (5.0, 8.0)}
    assert in_formgrader(root) == {"ada": (8.0, 8.0, False), "ben": (5.0, 8.0, False)}
    assert reported(root, capsys) == {"ada": 8.0, "ben": 5.0, "(maximum)": 8.0}
    nbgrader(root, "generate_feedback", TINY)
    page = (feedback_folder(root, TINY, "ben") / f"{TINY}.html").read_text()
    assert f"{TINY}: 5 of 8 points" in page
    assert page.count("The reason: The key &lt;b&gt;was&lt;/b&gt; wrong") == 2, (
        "in the list at the top, and on the card"
    )
    assert page.count("it counts neither for your points nor for the maximum") == 3
    assert "<b>was</b>" not in page
    assert applied(root).decided == ()

    decide(root, "undo", "2")
    decide(root, "undo", "1", "--reason", "It was right after all")
    assert applied(root).decided == ("ada", "ben")
    assert state(root) == before
    assert not (feedback_folder(root, TINY, "ben") / f"{TINY}.html").exists(), "it told of the decision"
    assert applied(root).decided == ()


def test_full_marks_lift_everybody_who_handed_in_and_lower_nobody(root: Path) -> None:
    give(root, "ada", MEANS, manual_score=4.0)
    give(root, "ben", ONE, manual_score=1.5, extra_credit=0.25)
    before = state(root)
    decide(root, "full-marks", "01", ONE)
    decide(root, "full-marks", "01", MEANS)
    decide(root, "full-marks", "01", WORDS)
    applied(root)
    assert exported(root) == {"ada": (13.0, 12.0), "ben": (12.75, 12.0)}, "ada was given 4 of 3, ben 1.75 of 1"
    assert {waits for *_, waits in in_formgrader(root).values()} == {False}
    cell = by_id(json.loads(notebook_path(root, TINY, "ben").read_text()), MEANS)
    assert "Your instructor gave full points for this task" in cell["outputs"][0]["data"]["text/html"]

    for number in "123":
        decide(root, "undo", number)
    applied(root)
    assert state(root) == before


def test_points_given_while_a_decision_holds_count_once_it_is_undone(root: Path) -> None:
    decide(root, "drop", "01", WORDS)
    applied(root)
    give(root, "ben", WORDS, manual_score=3.0)
    give(root, "ada", WORDS, manual_score=1.0)
    decide(root, "full-marks", "01", MEANS)
    applied(root)
    assert exported(root) == {"ada": (9.0, 9.0), "ben": (8.0, 9.0)}
    for number in "12":
        decide(root, "undo", number)
    applied(root)
    assert exported(root) == {"ada": (10.0, 12.0), "ben": (8.0, 12.0)}


def test_a_decision_that_takes_the_place_of_another_keeps_what_was_given_by_hand(root: Path) -> None:
    before = state(root)
    decide(root, "drop", "01", WORDS)
    applied(root)
    decide(root, "undo", "1")
    decide(root, "full-marks", "01", WORDS)
    applied(root)
    assert exported(root) == {"ada": (12.0, 12.0), "ben": (8.0, 12.0)}
    decide(root, "undo", "2")
    applied(root)
    assert state(root) == before


def test_another_submission_while_a_decision_holds_is_looked_at_again_when_it_is_undone(
    root: Path, good: bytes
) -> None:
    decide(root, "drop", "01", WORDS)
    applied(root)
    hand_in(root, "ben", good)
    assert grade(root, TINY).graded == ("ben",)
    decide(root, "undo", "1")
    report = applied(root)
    assert [(one.student, one.item, one.again) for one in report.waiting] == [
        ("ada", WORDS, False),
        ("ben", WORDS, True),
    ]
    assert exported(root)["ben"] == (11.5, 12.0)


def test_nbgrader_autograde_gives_what_grade_gives(root: Path) -> None:
    decide(root, "drop", "01", ONE)
    decide(root, "drop", "01", WORDS)
    decide(root, "full-marks", "01", MEANS)
    applied(root)
    before = rows(root, WHOLE)
    nbgrader(root, "autograde", TINY, "--force")
    assert rows(root, WHOLE) == before
    assert grade(root, TINY).moved == ()
    for number in "123":
        decide(root, "undo", number)
    nbgrader(root, "autograde", TINY, "--force")
    assert exported(root) == {"ada": (9.0, 12.0), "ben": (7.5, 12.0)}


def test_whose_submission_is_gone_is_told_where_a_decision_can_not_be_applied(root: Path) -> None:
    shutil.rmtree(root / "submitted" / "ben")
    assert applied(root).notes == ()
    decide(root, "drop", "01", ONE)
    (note, *_) = applied(root).notes
    assert note == "What was decided isn't applied to 'ben': in submitted/ there is nothing of them now."


def test_extra_credit_can_be_dropped_and_given_to_all(tiny_course: Course, good: bytes, tmp_path: Path) -> None:
    root = class_with_extra_credit(tiny_course, tmp_path)
    hand_in(root, "ada", good)
    hand_in(root, "ben", b"")
    grade(root, TINY)
    most = exported(root)["ada"][1]
    points = {student: score for student, (score, _) in exported(root).items()}
    decide(root, "drop", "01", "Counter")
    applied(root)
    dropped = exported(root)
    decide(root, "undo", "1")
    decide(root, "full-marks", "01", "Counter")
    applied(root)
    credited = exported(root)
    assert points["ben"] == dropped["ben"][0] == 0
    assert credited == {"ada": (points["ada"], most), "ben": (points["ada"] - dropped["ada"][0], most)}
    assert dropped["ada"][1] == most
    decide(root, "undo", "2")
    applied(root)
    assert {student: score for student, (score, _) in exported(root).items()} == points
