"""The list of students, and the page of each, which may be shown to the student."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.nbgrader_config import read_settings
from autograder.review.class_review import review
from autograder.review.people import People
from autograder.site.sources import Sources
from autograder.site.student_page import CourseTexts, ShownAssignment, ShownItem, student_page
from autograder.site.students_page import course_texts, student_sources
from tests.classes import SUMS, TINY
from tests.review.conftest import ODD, WORDS
from tests.site.conftest import Site, build, table, words

pytestmark = pytest.mark.slow


def item(site: Site, student: str, id: str) -> str:
    return words(site.student(student).find(id=f"{TINY}-{id}"))


def test_the_list_has_the_points_of_the_gradebook(site: Site) -> None:
    rows = {row[0]: row[1:] for row in table(site.page("students.html").main)}
    assert rows == {
        "Ada Lovelace (ada)": ["9 *", "9"],
        "ben": ["7.5", "7.5"],
        "lea": ["0 *", "0"],
        "nora": ["– none", "0"],
        ODD: ["9 *", "9"],
        "paul": ["0", "0"],
        "ugo": ["new", "0"],
        "Maximum": ["12", "12"],
    }


def test_a_page_says_what_was_answered_what_it_earned_and_why(site: Site) -> None:
    assert table(site.student("ben").main) == [[TINY, "7.5", "12"]]
    task = item(site, "ben", "row_means")
    assert "Not right" in task
    assert SUMS.splitlines()[1].strip() in task
    assert "expected" in task
    question = item(site, "ben", "q1_2_one")
    assert "Answered: C" in question
    assert "0 of 1" in question
    assert "Right" in item(site, "ben", "q1_1_number")


def test_a_text_that_was_read_is_no_longer_to_be_read(site: Site) -> None:
    read, waits = item(site, "ben", WORDS), item(site, "Ada Lovelace (ada)", WORDS)
    assert "Partly right 2.5 of 3" in read
    assert "Points were given by hand" in read
    assert "To be read by your instructor" in waits


def test_comments_by_hand_are_shown_as_they_were_written(term: Path) -> None:
    with Gradebook(read_settings(term).db_url) as book:
        book.find_comment(WORDS, TINY, TINY, "ben").manual_comment = "Good, but <b>why</b>?"
        book.db.commit()
    site = build(term)
    assert "Good, but <b>why</b>?" in item(site, "ben", WORDS)
    assert "<b>why</b>" not in item(site, "Ada Lovelace (ada)", WORDS)


def test_lateness_and_what_is_missing_are_told(site: Site) -> None:
    late = words(site.student("lea").main)
    assert "Handed in 10 h 1 min late" in late
    assert "after 9 were taken off" in late
    (row,) = table(site.student("lea").main)
    assert row == [TINY, "0 *", "12", "late by 10 h 1 min, which cost 9 points; 3 points wait to be read"]
    assert "Nothing was handed in." in words(site.student("nora").main)
    assert "not graded yet" in words(site.student("ugo").main)
    assert "What the grader noticed" in words(site.student("paul").main)


def test_points_that_wait_to_be_read_are_marked_and_told(site: Site) -> None:
    page = site.student("Ada Lovelace (ada)")
    assert table(page.main) == [[TINY, "9 *", "12", "3 points wait to be read"]]
    assert "9 of 12 points; 3 points wait to be read." in words(page.main)


def test_what_couldnt_be_read_isnt_told_as_not_attempted(site: Site) -> None:
    page = site.student("paul")
    assert table(page.main) == [[TINY, "0", "12", "couldn't be read"]]
    assert "0 of 12 points. The notebook couldn't be read." in words(page.main)
    assert "Couldn't be read 0 of 1" in item(site, "paul", "q1_1_number")
    assert "Not attempted" not in words(page.main)


def test_a_question_whose_key_is_in_doubt_is_to_be_checked_and_shows_no_misconception(graded_class: Path) -> None:
    sources = Sources(graded_class, review(graded_class), People({}))
    texts = course_texts(sources)
    (ben,) = (one for one in student_sources(sources) if one.student == "ben")

    def shown(texts: CourseTexts) -> ShownItem:
        shown_assignments = cast("tuple[ShownAssignment, ...]", student_page(texts, ben).values["assignments"])
        return next(item for item in shown_assignments[0].items if item.id == "q1_2_one")

    assert "Not right" in shown(texts).verdict
    doubted = shown(replace(texts, doubtful=frozenset({(TINY, "q1_2_one")})))
    assert doubted.verdict == "Your instructor is asked to check this question"
    assert (doubted.believed, doubted.tone, doubted.points) == ("", "noted", 0.0)
    assert doubted.said == ("Its key may be wrong. Until that is checked, the points are those of the key as it is.",)


def test_a_students_page_names_nobody_else(site: Site) -> None:
    names = {"Lovelace", "ben", "lea", "nora", "paul", "ugo", "Ünal"}
    for own, shown in (("Lovelace", "Ada Lovelace (ada)"), ("ben", "ben"), ("Ünal", ODD)):
        said = set(words(site.student(shown)).replace("(", " ").replace(")", " ").split())
        assert said & names == {own}
