"""What the class believes, with examples that name nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.class_directory.frozen_course import class_course
from autograder.review.class_review import review
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
