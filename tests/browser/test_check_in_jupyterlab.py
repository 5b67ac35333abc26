"""A student types into the released notebook and reads what the check cell says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="no playwright: pip install playwright")
from playwright.sync_api import Locator, Page, expect

from autograder.course.course import Assignment
from autograder.release.build import release_files

from .desk import Desk
from .notebook_page import NotebookPage, open_notebook
from .pictures import Pictures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RIGHT = "def cumulative_average(x):\nreturn np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]"
DIVIDES_BY_ALL = "def cumulative_average(x):\nreturn np.cumsum(x, axis=0) / len(x)"


@pytest.fixture
def released(lab: Desk, average: Assignment) -> Path:
    return lab.take(release_files(average)) / f"{average.name}.ipynb"


def opened(page: Page, lab: Desk, released: Path) -> NotebookPage:
    notebook = open_notebook(page, lab, released)
    notebook.run(notebook.code_cell("from check import check"))
    return notebook


def answer(notebook: NotebookPage, source: str) -> Locator:
    """Type the answer into the task's cell, run it and the check; the card."""
    task = notebook.code_cell("def cumulative_average(x)")
    notebook.type_into(task, source)
    notebook.run(task)
    return notebook.check("cumulative_average")


def test_a_wrong_answer_is_named_and_a_right_one_is_told_what_is_still_hidden(
    page: Page, lab: Desk, released: Path, pictures: Pictures
) -> None:
    notebook = opened(page, lab, released)
    wrong = answer(notebook, DIVIDES_BY_ALL)
    expect(wrong).to_contain_text("Not right yet")
    expect(wrong).to_contain_text("divided by n")
    expect(wrong).to_contain_text("row 0")
    pictures.take("check_wrong", notebook.check_cell("cumulative_average"))
    right = answer(notebook, RIGHT)
    expect(right).to_contain_text("Right in the visible checks")
    expect(right).to_contain_text("Hidden checks also test: integer input")
    expect(right).not_to_contain_text("Not right yet")
    pictures.take("check_right", notebook.check_cell("cumulative_average"))


def test_no_formula_is_made_of_an_exceptions_text(page: Page, lab: Desk, released: Path) -> None:
    shown = answer(opened(page, lab, released), "def cumulative_average(x):\nraise ValueError('$x_1$')")
    expect(shown).to_contain_text("ValueError: $x_1$")
    expect(shown.locator("mjx-container")).to_have_count(0)


def test_the_card_can_be_read_in_the_dark_theme(page: Page, lab: Desk, released: Path) -> None:
    with lab.set({"apputils-extension/themes": {"theme": "JupyterLab Dark"}}):
        shown = answer(opened(page, lab, released), DIVIDES_BY_ALL)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    colour = shown.evaluate("node => getComputedStyle(node.querySelector('td')).color")
    assert min(map(int, re.findall(r"\d+", colour)[:3])) > 150, f"dark text on a dark page: {colour}"
