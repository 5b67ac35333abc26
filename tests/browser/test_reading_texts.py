"""Reading texts on the page of `autograder read`, in a real Chromium: with keys alone, with the mouse, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="no playwright: pip install playwright")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from autograder.classroom.grading_run import grade
from autograder.classroom.new_class import new_class
from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from tests.browser.chromium import PATIENCE
from tests.browser.pictures import Pictures
from tests.classes import hand_in
from tests.reading.conftest import (
    BETTER,
    CASE,
    HOSTILE,
    Reader,
    close_page,
    give_in_formgrader,
    held,
    open_page,
    other_reader,
    reader,
    texts,
    written_class,
)

__all__ = ["other_reader", "reader", "texts", "written_class"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def sheet(page: Page, reader: Reader, complaints: list[str]) -> Iterator[Page]:
    """The page, opened by its address as it is printed; nothing in it may go wrong unseen."""
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(reader.server.address)
    expect(page.locator("#text")).not_to_be_empty()
    yield page
    assert complaints == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def one_by_one(page: Page) -> None:
    with page.expect_response(lambda response: "api/answers" in response.url):
        page.get_by_label("Answers", exact=True).select_option("one")
    expect(page.locator("#alike")).to_be_hidden()
    expect(page.get_by_label(CASE, exact=True)).to_be_focused()


def shown(page: Page, reader: Reader) -> str:
    """The student whose answer is in front."""
    reader.look()
    number = page.locator("#answer-title").inner_text().removeprefix("Answer ")
    return next(student for student, answer in reader.seen.items() if str(answer["number"]) == number)


def saved(page: Page, keys: str = "Control+Enter") -> None:
    with page.expect_response(lambda response: "api/give" in response.url) as response:
        press(page, keys)
    assert response.value.ok


def test_three_texts_are_read_with_keys_alone(sheet: Page, reader: Reader, texts: Path) -> None:
    one_by_one(sheet)
    read = []
    for points in (("2", "1"), ("1.5", "0"), ("0", "1")):
        read.append(shown(sheet, reader))
        press(sheet, *points[0], "Enter", points[1], "Enter")
        expect(sheet.locator("#comment")).to_be_focused()
        sheet.keyboard.type(f"Comment {len(read)}")
        saved(sheet)
        expect(sheet.locator("#read")).to_have_text(f"{len(read)} of 5 read")
        expect(sheet.locator("#status")).to_contain_text("Saved: ")
        expect(sheet.get_by_label(CASE, exact=True)).to_be_focused()
    assert len(set(read)) == 3
    assert [held(texts, student).manual for student in read] == [3, 1.5, 1]
    assert held(texts, read[1]).comment == f"- {CASE}: 1.5 of 2\n- {BETTER}: 0 of 1\n\nComment 2"

    with sheet.expect_response(lambda response: "take-back" in response.url):
        press(sheet, "u")
    expect(sheet.locator("#read")).to_have_text("2 of 5 read")
    assert held(texts, read[2]).waits
    assert shown(sheet, reader) == read[2]


def test_a_group_gets_points_and_a_member_is_taken_out_with_keys_alone(
    sheet: Page, reader: Reader, texts: Path
) -> None:
    pytest.importorskip("sklearn")
    expect(sheet.locator("#who")).to_have_text("and 2 more like it")
    cleo = sheet.locator("#members li").filter(has_text="mode")
    expect(cleo.locator("del, ins")).to_have_count(2)
    press(sheet, "g")
    for _ in range(2):
        if cleo.get_by_role("checkbox").evaluate("box => box === document.activeElement"):
            press(sheet, "Space")
        press(sheet, "ArrowDown")
    expect(sheet.locator("#who")).to_have_text("and 1 more like it")
    press(sheet, "Escape", "2", "ArrowDown", "1")
    saved(sheet)
    expect(sheet.locator("#read")).to_have_text("2 of 5 read")
    assert shown(sheet, reader) == "cleo"  # who was taken out comes next
    assert [held(texts, student).manual for student in ("ada", "ben", "cleo")] == [3, 3, None]


def test_one_aspect_is_given_to_all_before_the_next(sheet: Page, reader: Reader, texts: Path) -> None:
    one_by_one(sheet)
    sheet.get_by_label("Aspects", exact=True).select_option(CASE)
    for _ in range(5):
        press(sheet, "1")
        saved(sheet, "Enter")
        expect(sheet.locator("#status")).to_contain_text("so far")
    expect(sheet.locator("#status")).to_contain_text("This aspect has points everywhere.")
    expect(sheet.locator("#read")).to_have_text("0 of 5 read")
    sheet.get_by_label("Aspects", exact=True).select_option(BETTER)
    for left in range(4, -1, -1):
        press(sheet, "0")
        saved(sheet, "Enter")
        expect(sheet.locator("#read")).to_have_text(f"{5 - left} of 5 read")
    reader.look()
    assert {answer["total"] for answer in reader.seen.values()} == {1}
    assert held(texts, "ada").manual == 1


def test_snippets_are_kept_and_inserted_by_a_letter(sheet: Page, texts: Path) -> None:
    press(sheet, "c")
    sheet.keyboard.type("Which case?")
    press(sheet, "Control+k", "+")
    expect(sheet.locator(".snippet")).to_have_text("a Which case?")
    press(sheet, "Escape")
    expect(sheet.locator("#comment")).to_be_focused()
    sheet.locator("#comment").fill("Almost.")
    press(sheet, "Escape", "s", "a")
    expect(sheet.locator("#comment")).to_have_value("Almost. Which case?")
    assert "Which case?" in (texts / "comment_snippets.json").read_text()
    press(sheet, "Control+k", "Delete")
    expect(sheet.locator(".snippet")).to_have_count(0)


def test_what_a_student_wrote_is_shown_and_not_run(sheet: Page) -> None:
    one_by_one(sheet)
    sheet.locator("#queue button").filter(has_text="<img src=x").click()
    assert sheet.locator("#text").inner_text() == HOSTILE
    expect(sheet.locator("#text *, #queue img")).to_have_count(0)
    assert sheet.title() != "taken"


def test_what_another_reader_gave_is_shown_before_it_is_replaced(
    sheet: Page, reader: Reader, other_reader: Reader, texts: Path
) -> None:
    one_by_one(sheet)
    student = shown(sheet, reader)
    other_reader.look()
    other_reader.gave([student], [1, 0], "theirs")
    press(sheet, "2", "Enter", "1")
    saved(sheet)
    expect(sheet.locator("#alert")).to_contain_text("somebody changed this since you saw it")
    expect(sheet.locator("#notices")).to_contain_text("1 points by")
    assert held(texts, student).manual == 1
    expect(sheet.get_by_label(CASE, exact=True)).to_have_value("2")
    saved(sheet)
    expect(sheet.locator("#status")).to_contain_text("Saved: 3 of 3")
    assert held(texts, student).manual == 3


def test_points_of_formgrader_are_told(reader: Reader, texts: Path, page: Page) -> None:
    give_in_formgrader(texts, "ada", 2.5)
    page.goto(reader.server.address)
    one_by_one(page)
    page.locator("#queue button").filter(has_text="mean. Take the median").click()
    expect(page.locator("#notices")).to_contain_text("The gradebook's 2.5 points were not given on this page")
    expect(page.get_by_label(CASE, exact=True)).to_have_value("")


def test_points_that_cannot_be_given_are_told_where_they_stand(sheet: Page, texts: Path) -> None:
    press(sheet, "7", "Enter", "x")
    expect(sheet.get_by_label(CASE, exact=True)).to_have_attribute("aria-invalid", "true")
    press(sheet, "Control+Enter")
    expect(sheet.get_by_label(CASE, exact=True)).to_be_focused()
    expect(sheet.locator(".problem").first).to_have_text("Type a number from 0 to 2.")
    assert held(texts, "ada").manual is None


def test_the_mouse_does_it_too_and_what_is_typed_is_there_again(sheet: Page, reader: Reader, texts: Path) -> None:
    one_by_one(sheet)
    student = shown(sheet, reader)
    sheet.get_by_role("button", name=f"{CASE}: 2").click()
    sheet.get_by_role("button", name="Skip").click()
    expect(sheet.get_by_label(CASE, exact=True)).to_have_value("")
    sheet.get_by_role("button", name="Back").click()
    expect(sheet.get_by_label(CASE, exact=True)).to_have_value("2")
    sheet.get_by_role("button", name=f"{BETTER}: 1").click()
    sheet.get_by_role("button", name=f"{CASE}: 2").click()
    sheet.get_by_role("button", name="Save").click()
    expect(sheet.locator("#read")).to_have_text("1 of 5 read")
    assert held(texts, student).manual == 3


def test_the_keys_are_told_and_the_token_is_not(sheet: Page, reader: Reader) -> None:
    assert reader.server.token not in sheet.url
    press(sheet, "?")
    expect(sheet.get_by_role("dialog")).to_contain_text("undo what was saved last")
    press(sheet, "Escape")
    expect(sheet.get_by_role("dialog")).to_be_hidden()
    press(sheet, "a")
    expect(sheet.locator("#text")).to_be_focused()
    press(sheet, "Escape")
    expect(sheet.get_by_label(CASE, exact=True)).to_be_focused()
    sheet.reload()
    expect(sheet.locator("#text")).not_to_be_empty()


def test_another_runs_address_is_opened_in_the_same_tab(page: Page, reader: Reader) -> None:
    page.goto(f"{reader.url}/#the-token-of-a-run-that-ended")
    expect(page.get_by_role("alert")).to_contain_text("Open the address")
    page.goto(reader.server.address)  # only what follows the # differs: no browser loads the page again by itself
    expect(page.locator("#text")).not_to_be_empty()


def test_without_the_token_the_page_says_what_to_do(page: Page, reader: Reader) -> None:
    page.goto(reader.url)
    expect(page.get_by_role("alert")).to_contain_text("Open the address that `autograder read` printed last.")
    expect(page.locator("main")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1000, 1600])
def test_nothing_bars_whoever_reads_another_way(browser: Browser, reader: Reader, scheme: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(reader.server.address)
    expect(page.locator("#text")).not_to_be_empty()
    press(page, "c")
    page.keyboard.type("Which case?")
    press(page, "Control+k", "+")
    expect(page.locator(".snippet")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.locator("#show-keys").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


ESSAY = (
    "Everything has to pass through a state of fixed size. There are more possible reports than states, so two reports "
    'get the same state, and "Who is named on page 3?" fails. The topic can still be told. '
)
ESSAYS = {
    "ada": f"{ESSAY}A larger state would help, and costs more numbers and time per word.",
    "ben": f"{ESSAY}A larger state would help.",
    "cleo": f"{ESSAY.replace('so two', 'but no two')}A larger state would help, and costs more numbers and time.",
}


def test_alike_essays_are_read_together(course: Course, browser: Browser, tmp_path: Path, pictures: Pictures) -> None:
    pytest.importorskip("sklearn")
    capstone, question = "07_capstone_recall", "q7_6_evaluate"
    new_class(course, tmp_path / "class")
    for student, essay in ESSAYS.items():
        notebook = with_answers(solved(course.assignment(capstone)), {question: essay})
        hand_in(tmp_path / "class", student, as_bytes(notebook), assignment=capstone)
    grade(tmp_path / "class", capstone)
    server = open_page(tmp_path / "class", assignment=capstone)
    context = browser.new_context(
        viewport={"width": 1240, "height": 850}, color_scheme="light", device_scale_factor=1.5
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(server.server.address)
    expect(page.locator("#who")).to_have_text("and 2 more like it")
    expect(page.locator("del").filter(has_text="so")).to_have_count(1)
    press(page, "2", "Enter", "3", "Enter", "1", "Enter", "1", "Enter")
    pictures.take("reading", page.locator("header"), page.locator("#reading"), page.locator("#sheet"), margin=12)
    context.close()
    close_page(server)
