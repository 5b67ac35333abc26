"""What the class believes, with examples that name nobody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from autograder.class_directory.frozen_course import class_course
from autograder.result import ItemResult
from autograder.review.class_review import review
from autograder.review.misconceptions import HeldMisconception, Showing, held_misconceptions, to_speak_about
from autograder.review.people import People
from autograder.review.records import AssignmentReview, ClassReview
from autograder.review.share import Share
from autograder.site.misconceptions_page import misconceptions_page
from autograder.site.page.layout import rendered
from autograder.site.page.records import Frame
from autograder.site.sources import Sources
from tests.classes import SUMS, TINY
from tests.site.conftest import Site, table, words

pytestmark = pytest.mark.slow


def test_each_misconception_has_a_share_with_an_interval_and_leads_to_the_students(
    site: Site, graded_class: Path
) -> None:
    page = site.page("misconceptions.html")
    result = review(graded_class).assignments[0].results["ben"]
    shown = {item.misconception for item in result.items if item.misconception}
    assert shown
    for id in shown:
        section = page.select_one(f"section[aria-labelledby={id}]")
        assert "1 of 5; 95 % interval 4 % to 62 %" in words(section)
        assert section is not None
        assert {words(link) for link in section.select("details a")} == {"ben"}
    rows = {row[0]: row[1:] for row in table(page.select_one("div[aria-labelledby=all-caption]"))}
    assert rows["SUM_FOR_MEAN"] == [
        "accumulating means growing without bound (sum in place of mean)",
        "20 %",
        "4 to 62 %",
        "1",
        "2",
    ]


def test_it_is_told_in_the_courses_words_with_the_code_or_the_option(site: Site, graded_class: Path) -> None:
    page = site.page("misconceptions.html")
    course = class_course(graded_class)
    result = review(graded_class).assignments[0].results["ben"]
    for item in result.items:
        if item.misconception:
            section = page.select_one(f"section[aria-labelledby={item.misconception}]")
            assert course.misconceptions.get(item.misconception, item.message) in words(section)
    code = [pre.text.strip() for pre in page.select("pre.code")]
    assert code == [SUMS]
    assert "Chosen: C" in words(page.main)
    assert TINY in words(page.main)


def of_words(found: ClassReview, words_of: Mapping[str, str]) -> ClassReview:
    """The same class, whose course has words for these misconceptions only."""
    return replace(found, course=replace(found.course, misconceptions=words_of))


def of_an_example(item: ItemResult) -> ItemResult:
    return replace(item, message=f"Example 1 of 2: {item.message}")


def test_a_mistake_without_the_courses_words_is_told_without_whose_example_it_was(graded_class: Path) -> None:
    found = review(graded_class)
    (assignment,) = found.assignments
    held = {one.id: one for one in held_misconceptions(of_words(found, {}))}
    assert not held["SUM_FOR_MEAN"].belief
    assert {one.id: one.belief for one in held_misconceptions(found)}["SUM_FOR_MEAN"]
    students = [
        replace(one, result=replace(one.result, items=tuple(map(of_an_example, one.result.items))))
        if one.result
        else one
        for one in assignment.students
    ]
    again = replace(found, assignments=(replace(assignment, students=tuple(students)),))
    assert held_misconceptions(of_words(again, {}))[0].says == held["SUM_FOR_MEAN"].says


def test_mistakes_in_code_stand_under_a_heading_of_their_own_and_the_rare_are_folded(graded_class: Path) -> None:
    found = review(graded_class)
    (assignment,) = found.assignments
    ((ben, result),) = [(one, one.result) for one in assignment.students if one.student == "ben" and one.result]
    many = tuple(replace(result.items[0], misconception=f"M{place:02}", message="Look again.") for place in range(25))
    other = replace(ben, result=replace(result, items=many))
    students = tuple(other if one is ben else one for one in assignment.students)
    course = replace(found.course, misconceptions={"M24": "it is believed"})
    found = replace(found, course=course, assignments=(replace(assignment, students=students),))
    (page,) = misconceptions_page(Sources(graded_class, found, People(found.roster)))
    text = BeautifulSoup(rendered(page, Frame("A class", (), "Now.")), "html.parser")
    assert [words(head) for head in text.select("main h2")] == ["What is believed", "Mistakes in code"]
    assert words(text.select_one(".lead")).startswith("1 misconception and 24 mistakes in code were found")
    assert words(text.select_one("main h3")) == "it is believed M24"
    assert len(text.select("section.misconception")) == 20
    folded = text.select("section.folded > details > summary > h3[id]")
    assert [head["id"] for head in folded] == [f"M{place:02}" for place in range(19, 24)]


def shown_in(items: Mapping[str, Collection[str]], id: str = "M") -> HeldMisconception:
    """A misconception by item and the students who show it there, of an assignment in which four are marked."""
    showings = tuple(
        Showing(student, "01", ItemResult(item, "question", 0, 1, "misconception", id, "Look again."))
        for item, students in items.items()
        for student in students
    )
    return HeldMisconception(id, "what is believed", showings, {"01": frozenset("abcd")}, True)


def test_what_a_doubtful_key_calls_wrong_is_nothing_to_speak_about() -> None:
    common, rare = shown_in({"q1": "abcd", "q2": "a"}, "COMMON"), shown_in({"q2": "ab"}, "RARE")
    begun = [AssignmentReview("01", 4.0, (), (), ())]
    assert [one.id for one in to_speak_about([common, rare], begun)] == ["COMMON", "RARE"]
    (left,) = to_speak_about([common, rare], begun, [("01", "q1")])
    assert (left.id, left.share) == ("RARE", Share(2, 4))


def test_what_was_shown_lately_comes_first() -> None:
    begun = [AssignmentReview(name, 4.0, (), (), ()) for name in ("00", "01")]
    late = shown_in({"q1": "ab"}, "LATE")
    early = HeldMisconception(
        "EARLY", "", tuple(replace(one, assignment="00") for one in late.showings), {"00": frozenset("abcd")}, True
    )
    assert [one.id for one in to_speak_about([early, late], begun)] == ["LATE", "EARLY"]
