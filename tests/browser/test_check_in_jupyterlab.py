"""A student types into the released notebook and reads what the check cell says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="no playwright: pip install playwright")
from playwright.sync_api import Locator, Page, expect

from .conftest import PATIENCE, Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOTEBOOK = "02_cumulative_average/02_cumulative_average.ipynb"
NUMBERED = re.compile(r"\[\d+\]:")

RIGHT = "def cumulative_average(x):\nreturn np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]"
DIVIDES_BY_ALL = "def cumulative_average(x):\nreturn np.cumsum(x, axis=0) / len(x)"


def code_cell(page: Page, text: str) -> Locator:
    return page.locator(".jp-CodeCell").filter(has_text=text).first


def run(code: Locator, page: Page) -> None:
    prompt = code.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    prompt.click()
    page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before, timeout=PATIENCE)
    expect(prompt).to_have_text(NUMBERED, timeout=PATIENCE)


def open_notebook(page: Page, lab: Lab) -> None:
    page.goto(lab.notebook(NOTEBOOK))
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    run(code_cell(page, "from check import check"), page)


def answer(page: Page, source: str) -> Locator:
    """Type the answer into the task's cell, run it and the check; the check's output."""
    task = code_cell(page, "def cumulative_average(x)")
    task.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type(source)  # the editor indents the second line by itself
    run(task, page)
    checked = code_cell(page, 'check("cumulative_average")')
    run(checked, page)
    return checked


def card(checked: Locator) -> Locator:
    """The one output of the check's cell."""
    outputs = checked.locator(".jp-OutputArea-output")
    expect(outputs).to_have_count(1)
    return outputs.get_by_role("group", name="Check of")


def test_a_wrong_answer_is_named_and_a_right_one_is_told_what_is_still_hidden(
    page: Page, lab: Lab, pictures: Path
) -> None:
    open_notebook(page, lab)
    wrong = answer(page, DIVIDES_BY_ALL)
    expect(card(wrong)).to_contain_text("Not right yet")
    expect(card(wrong)).to_contain_text("divided by n")
    expect(card(wrong)).to_contain_text("row 0")
    wrong.screenshot(path=pictures / "check_wrong.png")
    right = answer(page, RIGHT)
    expect(card(right)).to_contain_text("Right in the visible checks")
    expect(card(right)).to_contain_text("Hidden checks also test: integer input")
    expect(card(right)).not_to_contain_text("Not right yet")
    right.screenshot(path=pictures / "check_right.png")


def test_no_formula_is_made_of_an_exceptions_text(page: Page, lab: Lab) -> None:
    open_notebook(page, lab)
    shown = card(answer(page, "def cumulative_average(x):\nraise ValueError('$x_1$')"))
    expect(shown).to_contain_text("ValueError: $x_1$")
    expect(shown.locator("mjx-container")).to_have_count(0)


def test_the_card_can_be_read_in_the_dark_theme(page: Page, lab: Lab, pictures: Path) -> None:
    lab.choose("apputils-extension/themes", {"theme": "JupyterLab Dark"})
    open_notebook(page, lab)
    shown = card(answer(page, DIVIDES_BY_ALL))
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    colour = shown.evaluate("node => getComputedStyle(node.querySelector('td')).color")
    assert min(map(int, re.findall(r"\d+", colour)[:3])) > 150, f"dark text on a dark page: {colour}"
    shown.screenshot(path=pictures / "check_dark.png")
