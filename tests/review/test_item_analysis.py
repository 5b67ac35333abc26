"""What is worked out of a real class: options, numbers, parts of tasks, and the figures in the terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.classroom.grading_run import grade
from autograder.cli import main
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.review.class_review import review
from autograder.review.item_analysis import AnalysedAssignment, AnalysedItem, analysed, related
from tests.classes import SUMS, TINY, hand_in, tiny
from tests.review.conftest import WORDS

pytestmark = pytest.mark.slow

Capture = pytest.CaptureFixture[str]


def analysis(root: Path) -> AnalysedAssignment:
    (found,) = analysed(review(root))
    return found


def item(found: AnalysedAssignment, id: str) -> AnalysedItem:
    return next(one for one in found.items if one.asked.id == id)


@pytest.fixture(scope="module")
def answered_class(graded_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small class, in which others wrote numbers and left things out."""
    root = Path(shutil.copytree(graded_class, tmp_path_factory.mktemp("answered") / "class"))
    for place, number in enumerate(["7", "7.0", "7", "15", "14.9999999999999", "None"]):
        answers = {"q1_1_number": f"q1_1_number = {number}", "q1_3_many": "q1_3_many = 'AB'", "row_means": SUMS}
        hand_in(root, f"student{place}", as_bytes(with_answers(solved(tiny(root)), answers)))
    grade(root, TINY)
    return root


def test_who_and_what_is_counted(graded_class: Path) -> None:
    count = analysis(graded_class).counted
    assert [one.student for one in count.students] == ["O'Neil Ünal 名前", "ada", "ben", "lea"]
    assert (count.answered_nothing, count.unread, count.waiting) == (1, 0, {WORDS: 3})
    assert [one.id for one in count.items] == ["row_means", "Counter", "q1_1_number", "q1_2_one", "q1_3_many"]


def test_points_are_those_without_the_late_penalty(graded_class: Path) -> None:
    found = analysis(graded_class)
    assert found.counted.scores.totals.tolist() == [9, 9, 5, 9]
    assert (found.totals.students, found.totals.max_points) == (4, 9)


def test_options_are_counted_with_their_texts_and_the_key(graded_class: Path) -> None:
    options = item(analysis(graded_class), "q1_2_one").answers
    assert [(one.name, one.right, one.students) for one in options] == [
        ("A", False, 0),
        ("B", True, 3),
        ("C", False, 1),
    ]
    assert options[2].text == "Their mean"
    assert options[2].misconception == "SUM_FOR_MEAN"
    assert options[2].figures.share.value == 0.25
    assert options[2].figures.total.value == pytest.approx(-1)
    assert options[0].figures.rest.value is None


def test_options_of_which_several_may_be_chosen_are_counted_each(answered_class: Path) -> None:
    options = item(analysis(answered_class), "q1_3_many").answers
    assert [(one.name, one.right, one.students) for one in options] == [
        ("A", True, 11),
        ("B", False, 6),
        ("C", True, 5),
        ("D", False, 0),
    ]


def test_numbers_are_counted_by_what_the_grader_took_them_for(answered_class: Path) -> None:
    found = item(analysis(answered_class), "q1_1_number")
    given = {one.name: (one.right, one.misconception, one.students) for one in found.answers}
    assert given["5"][:2] == (True, None)
    assert given["15"] == (False, "SUM_FOR_MEAN", 2)
    assert given["7.5"] == (False, "OFF_BY_ONE", 0)
    assert given["7"] == (False, None, 3)
    assert [one.name for one in found.unnamed] == ["7"]
    assert found.verdicts["not_attempted"] == 1
    assert found.blank.value == pytest.approx(1 / 11)


def test_of_a_task_it_is_told_where_points_were_lost(graded_class: Path) -> None:
    found = item(analysis(graded_class), "row_means")
    assert found.answers == ()
    assert found.verdicts == {"correct": 3, "misconception": 1}
    assert found.misconceptions == {"SUM_FOR_MEAN": 1}
    values = found.parts[0]
    assert (values.name, values.lost.value) == ("values", 0.25)


def test_a_dropped_item_is_no_part_of_the_total_and_nothing_else_is_said_of_it(term: Path) -> None:
    assert main(["decide", "drop", TINY, "q1_2_one", "--class", str(term)]) == 0
    grade(term, TINY)
    found = analysis(term)
    dropped = item(found, "q1_2_one")
    assert [one.says for one in dropped.findings] == ["It was dropped: it doesn't count."]
    assert (dropped.figures.facility.value, dropped.figures.item_total.value) == (None, None)
    assert {one.name: one.students for one in dropped.answers} == {"A": 0, "B": 4, "C": 1}
    assert found.totals.max_points == 8


def test_full_marks_for_all_are_no_easy_item(term: Path) -> None:
    assert main(["decide", "full-marks", TINY, "q1_2_one", "--class", str(term)]) == 0
    grade(term, TINY)
    said = [one.says for one in item(analysis(term), "q1_2_one").findings]
    assert said == ["Everybody was given full marks: its points tell nothing."]


def test_two_assignments_are_compared_over_the_students_of_both(graded_class: Path) -> None:
    assert related([analysis(graded_class)]) == []
    both = analysis(graded_class)
    (pair,) = related([both, both])
    assert pair.students == 4
    assert pair.correlation.value == pytest.approx(1.0)


def test_the_terminal_lists_items_with_a_warning_for_a_small_class(graded_class: Path, capsys: Capture) -> None:
    assert main(["report", TINY, "--items", "--class", str(graded_class)]) == 0
    text = capsys.readouterr().out
    assert "01_tiny, 4 students counted" in text
    assert "With fewer than 30 students every figure is noisy" in text
    assert f"{WORDS} isn't counted until it is read: 3 wait." in text
    row = next(line for line in text.splitlines() if line.startswith("q1_2_one"))
    assert row.split()[1] == "75%"


def test_programs_get_every_figure_and_null_where_none_is_defined(graded_class: Path, capsys: Capture) -> None:
    assert main(["report", TINY, "--json", "--class", str(graded_class)]) == 0
    text = capsys.readouterr().out
    assert "NaN" not in text
    record = json.loads(text)
    items = {one["id"]: one for one in record["items"]}
    assert items["q1_2_one"]["facility"]["value"] == 0.75
    assert items["Counter"]["item_rest"]["value"] is None
    assert items["q1_2_one"]["answers"][2]["students"] == 1
    assert items["Counter"]["findings"]
    assert record["test"]["students"] == 4


def test_a_class_of_which_nothing_is_graded_has_no_figures(root: Path, capsys: Capture) -> None:
    assert main(["report", "--items", "--class", str(root)]) == 0
    assert "Nothing is graded yet that figures could be made of." in capsys.readouterr().out
    assert main(["report", "--json", "--class", str(root)]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["items"], record["test"]) == ([], None)
