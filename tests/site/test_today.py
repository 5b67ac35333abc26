"""The first page: what needs the instructor, and what to speak about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.classroom.grading_run import grade
from autograder.gradebook.nbgrader_config import FILE, read_settings
from tests.classes import TINY, hand_in
from tests.review.conftest import ODD, give
from tests.site.conftest import Site, build, table, words

pytestmark = pytest.mark.slow


def test_everything_that_waits_stands_in_the_list_at_the_top(site: Site) -> None:
    today = site.page("index.html")
    assert [words(link) for link in today.select(".brief a")] == [
        "3 answers wait to be read",
        "1 hand-in isn't graded yet",
        "1 notebook couldn't be read",
        f"{len({'ben', 'lea', 'paul', 'ugo', ODD})} students aren't on the roster",
        "1 hand-in was late",
        "1 of 2 handed in nothing",
    ]
    for link in today.select(".brief a"):
        assert today.select_one(str(link["href"])) is not None


def test_texts_to_read_come_with_the_command_that_opens_them(site: Site) -> None:
    texts = site.concern("texts")
    assert table(texts) == [[TINY, "Question 1.4", "3", "– none"]]
    assert f"autograder read {TINY}" in words(texts)


def test_a_text_that_changed_after_it_was_read_is_told(term: Path) -> None:
    with Gradebook(read_settings(term).db_url) as book:
        grade = book.find_grade("q1_4_words", TINY, TINY, "ben")
        grade.needs_manual_grade = True
        book.db.commit()
    assert table(build(term).concern("texts")) == [[TINY, "Question 1.4", "4", "1"]]


def test_what_isnt_graded_and_what_is_late_and_missing_is_told_by_student(site: Site) -> None:
    assert table(site.concern("ungraded")) == [["ugo", TINY]]
    assert table(site.concern("late")) == [["lea", TINY, "10 h 1 min", "9"]]
    assert table(site.concern("missing")) == [[TINY, "1", "50 %", "nora"]]


def test_a_notebook_that_couldnt_be_read_is_told_with_what_it_cost_and_what_to_do(site: Site) -> None:
    unreadable = site.concern("unreadable")
    assert "paul, in 01_tiny: it cost 12 points." in words(unreadable)
    assert table(unreadable) == [["paul", TINY, "12", "This is a PNG picture, not a notebook."]]
    assert "Ask for the file" in words(unreadable)
    assert f"autograder grade {TINY}" in words(unreadable)
    assert site.concern("problems") is None


def test_whoever_isnt_on_the_roster_isnt_counted_as_a_student_of_the_class(site: Site) -> None:
    lead = f"2 students, and 5 who aren't on the roster. The newest graded assignment is {TINY}, with 1 of 2 graded."
    assert words(site.page("index.html").select_one(".lead")) == lead
    assert words(site.page("students.html").select_one(".lead")) == "2 students, and 5 who aren't on the roster."
    assert "ben" in [row[0] for row in table(site.concern("roster"))]


def test_without_a_roster_nobody_is_missing_from_it(term: Path) -> None:
    with Gradebook(read_settings(term).db_url) as book:
        book.update_or_create_student("ada", first_name=None, last_name=None)
    assert build(term).concern("roster") is None


def test_a_submission_in_a_wrong_place_is_told_with_the_command_that_mends_it(term: Path, good: bytes) -> None:
    hand_in(term, "nora", good, assignment="01-Tiny")
    assert "mv submitted/nora/01-Tiny submitted/nora/01_tiny" in words(build(term).concern("notes"))


def test_what_is_done_is_no_longer_told(term: Path) -> None:
    for student in ("ada", "lea", ODD):
        give(term, student, manual_score=1.0)
    site = build(term)
    assert site.concern("texts") is None
    assert site.concern("missing") is not None


def test_a_misconception_that_two_students_show_is_for_the_next_lecture(site: Site, term: Path) -> None:
    assert "No misconception is shown by two students" in words(site.page("index.html"))
    hand_in(term, "bob", (term / "submitted" / "ben" / TINY / f"{TINY}.ipynb").read_bytes())
    grade(term, TINY)
    topics = build(term).page("index.html").select(".topics > li")
    assert topics
    said = [words(topic) for topic in topics]
    assert all(re.search(r"\d+ % 2 of \d; 95 % interval \d+ % to \d+ %", one) for one in said)
    assert all("An example from" in one for one in said), said


def test_a_class_of_which_nothing_is_graded_says_so(root: Path, good: bytes) -> None:
    hand_in(root, "ada", good)
    site = build(root)
    assert "nothing is graded yet" in words(site.page("index.html").select_one(".lead"))
    assert table(site.concern("ungraded")) == [["ada", TINY]]


def test_a_new_class_has_pages_that_say_that_there_is_nothing_yet(root: Path) -> None:
    site = build(root)
    assert words(site.page("index.html").select_one(".lead")) == "0 students; nothing is graded yet."
    assert "nobody handed in anything yet" in words(site.page("index.html").main)
    assert "No misconception was found" in words(site.page("misconceptions.html").main)


def test_whom_the_class_leaves_out_is_on_no_page(term: Path) -> None:
    with (term / FILE).open("a") as config:
        config.write('c.CourseDirectory.student_id_exclude = "nora,ben"\n')
    site = build(term)
    assert site.concern("missing") is None
    assert not [path for path in site.paths if "ben" in path or "nora" in path]
