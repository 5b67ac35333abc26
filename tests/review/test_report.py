"""`autograder report`: the points of the gradebook, who is missing, what waits, what the class believes."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.class_directory.frozen_course import class_course
from autograder.class_directory.paths import result_path
from autograder.classroom.grading_run import grade
from autograder.classroom.new_class import new_class
from autograder.cli import main
from autograder.course.course import load_course
from autograder.course.solved_notebook import as_bytes, solved
from autograder.gradebook.nbgrader_config import FILE, read_settings
from tests.classes import TINY, hand_in
from tests.nbgrader_commands import ROOT, nbgrader
from tests.review.conftest import ODD, WORDS, give

pytestmark = pytest.mark.slow

TINY_COURSE = ROOT / "tests" / "fixtures" / "tiny_course"
Capture = pytest.CaptureFixture[str]


def reported(root: Path, capsys: Capture, *named: str) -> str:
    assert main(["report", *named, "--class", str(root)]) == 0
    return capsys.readouterr().out


def record(root: Path, capsys: Capture) -> dict[str, Any]:
    assert main(["report", TINY, "--json", "--class", str(root)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def row(text: str, student: str) -> list[str]:
    table = text.partition("How points are spread")[0]
    return next(line for line in table.splitlines() if line.startswith(student)).removeprefix(student).split()


def test_points_are_those_that_nbgrader_exports(graded_class: Path, capsys: Capture) -> None:
    nbgrader(graded_class, "export", "--to=grades.csv")
    with (graded_class / "grades.csv").open(encoding="utf-8") as file:
        exported = {line["student_id"]: float(line["score"]) for line in csv.DictReader(file)}
    found = record(graded_class, capsys)
    assert found["version"] == 1
    assert found["assignment"] == TINY
    assert found["max_points"] == 12
    assert found["scores"] | {"nora": 0.0} == exported
    assert found["scores"] == {"ada": 9.0, ODD: 9.0, "ben": 7.5, "lea": 0.0, "paul": 0.0}
    assert found["late_penalties"] == {"lea": 9.0}
    assert found["by_hand"] == {"ben": [WORDS]}


def test_who_handed_in_nothing_and_who_is_not_graded_is_told_apart(graded_class: Path, capsys: Capture) -> None:
    found = record(graded_class, capsys)
    assert (found["missing"], found["ungraded"]) == (["nora"], ["ugo"])
    text = reported(graded_class, capsys)
    assert "Who handed in nothing\n  01_tiny, 1 of 7: nora\n" in text
    assert row(text, "nora") == ["-"]
    assert row(text, "ugo") == ["?"]
    assert "01_tiny: 1 not graded yet. `autograder grade 01_tiny` grades them." in text


def test_only_answers_that_nobody_read_wait(graded_class: Path, capsys: Capture) -> None:
    found = record(graded_class, capsys)
    assert {one["student"] for one in found["waiting"]} == {"ada", "lea", ODD}
    text = reported(graded_class, capsys)
    assert f"  01_tiny, {WORDS}: 3\n" in text
    assert row(text, "ada") == ["Ada", "Lovelace", "9*"]
    assert row(text, "ben") == ["7.5"]
    assert row(text, ODD) == ["9*"]


def test_misconceptions_are_told_in_words_with_the_share_of_the_students(graded_class: Path, capsys: Capture) -> None:
    text = reported(graded_class, capsys, "01")
    assert "  1 of 5 (20%): accumulating means growing without bound (sum in place of" in text
    first = record(graded_class, capsys)["misconceptions"][0]
    assert set(first) == {"misconception", "says", "item", "students", "share"}
    assert (first["students"], first["share"]) == (["ben"], 0.2)


def test_what_was_wrong_with_a_notebook_is_told(graded_class: Path, capsys: Capture) -> None:
    assert list(record(graded_class, capsys)["problems"]) == ["paul"]
    assert "\n  paul, 01_tiny: " in reported(graded_class, capsys)


def test_points_given_by_hand_to_a_late_submission_outdate_its_penalty(term: Path, capsys: Capture) -> None:
    give(term, "lea", manual_score=3.0)
    assert "Late penalties may be out of date" in reported(term, capsys)
    grade(term, TINY)
    text = reported(term, capsys)
    assert "out of date" not in text
    assert row(text, "lea") == ["0"]


def test_extra_credit_of_a_person_counts_and_is_by_hand(term: Path, capsys: Capture) -> None:
    give(term, "ada", "Counter", extra_credit=1.5)
    found = record(term, capsys)
    assert found["scores"]["ada"] == 10.5
    assert found["by_hand"] == {"ada": ["Counter"], "ben": [WORDS]}


def test_an_answer_that_changed_after_it_was_read_waits_again(term: Path, capsys: Capture, good: bytes) -> None:
    hand_in(term, "ben", good)
    grade(term, TINY)
    assert f"  01_tiny, {WORDS}: 5, 1 of them again, as the answer" in reported(term, capsys)


def test_grade_says_the_points_of_the_gradebook_at_its_end(term: Path, capsys: Capture) -> None:
    assert main(["grade", TINY, "--class", str(term)]) == 0
    assert "points of 12: lowest 0, median 8.25, highest 9" in capsys.readouterr().out
    assert main(["grade", TINY, "--json", "--class", str(term)]) == 0
    scores = json.loads(capsys.readouterr().out)["scores"]
    assert scores == record(term, capsys)["scores"]
    assert (scores["ben"], scores["lea"]) == (7.5, 0.0)


def test_a_result_that_is_lost_is_told_and_the_points_stay(term: Path, capsys: Capture) -> None:
    result_path(term, TINY, "ben").write_text("{")
    text = reported(term, capsys)
    assert "No verdicts are known of 'ben'" in text
    assert row(text, "ben") == ["7.5"]
    assert "no misconception was found" in text


def test_a_submission_in_a_wrong_place_is_told(term: Path, capsys: Capture, good: bytes) -> None:
    hand_in(term, "nora", good, assignment="01-Tiny")
    assert "mv submitted/nora/01-Tiny submitted/nora/01_tiny" in reported(term, capsys)


def test_whom_the_class_leaves_out_is_left_out(term: Path, capsys: Capture) -> None:
    with (term / FILE).open("a") as config:
        config.write('c.CourseDirectory.student_id_exclude = "nora,ben"\n')
    found = record(term, capsys)
    assert found["missing"] == []
    assert "ben" not in found["scores"]


def test_an_empty_class_is_told_so(root: Path, capsys: Capture) -> None:
    assert reported(root, capsys) == "Nothing was handed in yet: 01_tiny.\n"
    found = record(root, capsys)
    assert (found["scores"], found["max_points"], found["misconceptions"]) == ({}, None, [])


def test_a_class_of_which_nothing_is_graded_is_told_so(root: Path, good: bytes, capsys: Capture) -> None:
    hand_in(root, "ada", good)
    with Gradebook(read_settings(root).db_url, read_settings(root).course_id) as book:
        book.add_student("nora")
    text = reported(root, capsys)
    assert "Nothing is graded yet." in text
    assert (row(text, "ada"), row(text, "nora")) == (["?"], ["-"])
    assert not (root / "results").exists() or not list((root / "results").iterdir())


def test_a_lost_gradebook_is_told_and_none_is_made(term: Path, capsys: Capture) -> None:
    (term / "gradebook.db").unlink()
    assert main(["report", "--class", str(term)]) == 2
    assert "put the gradebook or a copy of it there again" in capsys.readouterr().err
    assert not (term / "gradebook.db").exists()


def test_what_is_no_class_and_what_is_no_assignment_is_told(tmp_path: Path, root: Path, capsys: Capture) -> None:
    assert main(["report", "--class", str(tmp_path)]) == 2
    assert "is no class directory" in capsys.readouterr().err
    assert main(["report", "99", "--class", str(root)]) == 2
    assert "There is no assignment '99'" in capsys.readouterr().err


def test_several_assignments_stand_side_by_side_with_their_sum(tmp_path: Path, capsys: Capture, good: bytes) -> None:
    course = Path(shutil.copytree(TINY_COURSE, tmp_path / "course"))
    for name in ("02_more", "03_end"):
        shutil.copytree(course / "solutions" / TINY, course / "solutions" / name)
    root = tmp_path / "class"
    new_class(load_course(course), root)
    hand_in(root, "ada", good)
    for student, assignment in (("ada", "02_more"), ("ben", "02_more")):
        hand_in(root, student, as_bytes(solved(class_course(root).assignment(assignment))), assignment=assignment)
    assert main(["grade", "--class", str(root)]) == 0
    capsys.readouterr()
    text = reported(root, capsys)
    assert row(text, "student") == ["01", "02", "03", "sum"]
    assert row(text, "ada") == ["9*", "9*", "-", "18"]
    assert row(text, "ben") == ["-", "9*", "-", "9"]
    assert row(text, "(maximum)") == ["12", "12", "24"]
    assert "  01_tiny, 1 of 2: ben\n  03_end: nobody handed it in\n" in text
    assert row(reported(root, capsys, "02", "01"), "student") == ["02", "01", "sum"]
    assert main(["report", "--json", "--class", str(root)]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["assignment"] for one in records] == ["01_tiny", "02_more", "03_end"]
    assert [one["missing"] for one in records] == [["ben"], [], ["ada", "ben"]]
