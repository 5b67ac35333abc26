"""The pages on items and on the test: a planted wrong key stands first, and what the figures are is told."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

from autograder.classroom.grading_run import grade
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.site.item_page import _apart
from tests.classes import SUMS, TINY, hand_in, tiny
from tests.site.conftest import Site, build, table, words

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def planted(fresh_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Forty students: the stronger, the more they get right; but of the question whose key is B the strong choose A."""
    root = Path(shutil.copytree(fresh_class, tmp_path_factory.mktemp("planted") / "class"))
    release, chance = solved(tiny(root)), random.Random(5)
    for place in range(40):
        strength = place / 39
        answers = {"q1_2_one": f"q1_2_one = {'A' if chance.random() < strength else 'B'!r}"}
        wrong = {"row_means": SUMS, "q1_1_number": "q1_1_number = 8", "q1_3_many": "q1_3_many = 'BD'"}
        answers |= {id: text for id, text in wrong.items() if chance.random() > strength}
        hand_in(root, f"student{place:02}", as_bytes(with_answers(release, answers)))
    grade(root, TINY)
    return build(root)


def test_a_planted_wrong_key_stands_on_today(planted: Site) -> None:
    said = words(planted.concern("key-01_tiny-q1_2_one"))
    assert "Check the key of Question 1.2" in said
    assert "A wrong option (A) attracts the strong students: check the key." in said
    (only,) = [one for one in planted.page("index.html").select("section.concern") if str(one["id"]).startswith("key-")]
    assert only.select_one("a[href='items/01_tiny-q1_2_one.html']") is not None


def test_the_item_to_drop_stands_first_in_the_table(planted: Site) -> None:
    page = planted.page("items.html")
    assert "If one had to be dropped: Question 1.2 of 01_tiny." in words(page.select_one(".lead"))
    rows = table(page.find("main"))
    assert rows[0][0] == "Question 1.2"
    assert "check the key" in rows[0][1]
    assert len(rows) == 5


def test_the_table_is_there_in_other_orders(planted: Site) -> None:
    def column(path: str, place: int) -> list[str]:
        return [row[place] for row in table(planted.page(path).find("main"))]

    assert column("items-course.html", 0)[:3] == ["row_means", "Counter", "Question 1.1"]
    shares = [int(cell.removesuffix(" %")) for cell in column("items-facility.html", 3)]
    assert shares == sorted(shares)
    assert shares[-1] == 100
    rests = [cell for cell in column("items-rest.html", 4) if cell != "– none"]
    assert rests[0].startswith("\N{MINUS SIGN}")


def test_the_page_of_the_item_shows_the_options_the_key_and_the_figures(planted: Site) -> None:
    page = planted.page("items/01_tiny-q1_2_one.html")
    assert "A counter gets 3, then 4. What does it hold?" in words(page.find("main"))
    options = {row[0]: row for row in table(page.find("main"))}
    assert options["B"][1:3] == ["The total of both", "right"]
    assert options["A"][5][0] != "\N{MINUS SIGN}"
    assert options["B"][5][0] == "\N{MINUS SIGN}"
    assert int(options["A"][3]) + int(options["B"][3]) + int(options["C"][3]) == 40
    figures = {row[0]: row for row in table(page.select_one("[aria-labelledby=figures-caption]"))}
    assert figures["Facility"][1] == options["B"][4]
    assert " to " in figures["Item-rest correlation"][2]
    assert figures["Left blank"][1] == "0 %"
    assert page.select_one("figure svg title") is not None
    assert {"A", "B (right)"} <= {words(text) for text in page.select("figure svg text")}
    assert [row[0] for row in table(page.select_one("figure.plot"))] == ["A", "B (right)"]


def test_a_number_that_several_wrote_without_a_name_is_told(planted: Site) -> None:
    (row,) = table(planted.page("items.html").select_one("[aria-labelledby=numbers-caption]"))
    assert row[2] == "8"
    said = words(planted.page("items/01_tiny-q1_1_number.html").find("main"))
    assert f"8 was written by {row[3]} students" in said


def test_the_page_of_a_task_shows_where_points_were_lost(planted: Site) -> None:
    page = planted.page("items/01_tiny-row_means.html")
    parts = table(page.select_one("[aria-labelledby=parts-caption]"))
    assert parts[0][0] == "values"
    assert "SUM_FOR_MEAN" in words(page.select_one("[aria-labelledby=misconceptions-caption]"))


def test_the_page_on_the_test_tells_how_far_totals_can_be_trusted(planted: Site) -> None:
    page = planted.page("test.html")
    (row,) = table(page.find("main"))
    assert row[:3] == ["01_tiny", "40", "9"]
    assert " to " in row[6]
    spread = table(page.select_one("figure.plot"))
    assert sum(int(count) for _, count in spread) == 40
    assert "The test tells students apart" in words(page.find("main")) or "can't be told" in words(page.find("main"))


def test_what_isnt_read_yet_is_told_with_the_points_that_figures_are_of(site: Site) -> None:
    said = words(site.page("test.html").main)
    assert re.search(
        r"The figures are of \d+ of \d+ points: Question 1.4 isn't counted until its answers are read\.", said
    )


def test_what_only_a_doubtful_key_shows_isnt_counted_and_stands_last(planted: Site) -> None:
    page = planted.page("misconceptions.html")
    section = page.select("section")[-1]
    assert section["aria-labelledby"] == "FORGETS"
    assert "Question 1.2 isn't counted, as the key is to be checked." in words(section)
    rows = table(page.select_one("div[aria-labelledby=all-caption]"))
    assert rows[-1][0] == "FORGETS"
    assert rows[-1][2] == "– none"
    assert "FORGETS" not in words(page.select_one("figure"))


def test_shares_are_those_of_today(planted: Site) -> None:
    today = planted.page("index.html").select_one(".topics li")
    assert today is not None
    first = table(planted.page("misconceptions.html").select_one("div[aria-labelledby=all-caption]"))[0]
    assert first[0] in words(today)
    assert first[2] == words(today.strong)


def test_labels_at_the_ends_of_lines_stand_apart_and_within_the_plot() -> None:
    heights = _apart([100.0, 0.0, 1.0, 99.0, 98.0])
    assert [round(one, 1) for one in heights] == [100, 0, 7.5, 92.5, 85]


def test_a_small_class_is_warned_and_nothing_is_said_for_certain(site: Site) -> None:
    for path in ("items.html", "items/01_tiny-q1_2_one.html", "test.html"):
        assert "every figure is noisy" in words(site.page(path).find("main")), path
    said = words(site.page("items.html").find("main"))
    assert "No item is in doubt" in said
    assert "01_tiny: 1 hand-in without any answer." in said
    assert "all of Question 1.4, until it is read; 3 answers wait." in said
    assert site.concern("items") is None
