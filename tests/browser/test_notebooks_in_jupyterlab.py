"""Every notebook opens clean in JupyterLab, and solved it runs from top to bottom without an error or a warning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="no playwright: pip install playwright")
from playwright.sync_api import Locator, Page, expect

from autograder.course.course import load_course

from .conftest import PATIENCE, ROOT, Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONGEST_RUN = 300_000  # milliseconds
COURSE = load_course(ROOT)
NAMES = COURSE.names
NUMBERED = re.compile(r"\[\d+\]:")
IDLE = "| Idle"


def troubles(page: Page) -> Locator:
    """What was written to stderr, and the errors, which JupyterLab shows as the same kind of output."""
    return page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]')


@pytest.mark.parametrize("name", NAMES)
def test_a_released_notebook_opens_clean(page: Page, lab: Lab, name: str) -> None:
    page.goto(lab.notebook(f"{name}/{name}.ipynb"))
    page.locator("#jp-main-statusbar").get_by_text(IDLE).wait_for()
    expect(page.locator(".jp-CodeCell").first).to_be_visible()
    expect(page.locator("mjx-container").first).to_be_visible(timeout=PATIENCE)  # formulas are set when all is there
    expect(page.locator(".jp-OutputArea-output")).to_have_count(0)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect(page.locator(".jp-RenderedMarkdown .MathJax_Error, mjx-merror")).to_have_count(0)


def run_all(page: Page, address: str) -> None:
    """Open a notebook, restart its kernel and run all its cells to the last."""
    page.goto(address)
    page.locator("#jp-main-statusbar").get_by_text(IDLE).wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.locator(".jp-CodeCell .jp-InputPrompt").last).to_have_text(NUMBERED, timeout=LONGEST_RUN)
    page.locator("#jp-main-statusbar").get_by_text(IDLE).wait_for()


@pytest.mark.parametrize("name", NAMES)
def test_a_solved_notebook_runs_from_top_to_bottom(page: Page, lab: Lab, pictures: Path, name: str) -> None:
    run_all(page, lab.notebook(f"{name}/solved.ipynb"))
    checks = page.get_by_role("group", name="Check of")
    answered = sum(getattr(item, "kind", "") != "free" for item in COURSE.assignment(name).items.values())
    expect(checks).to_have_count(answered, timeout=PATIENCE)
    expect(checks.filter(has_text=re.compile("[✓✎]"))).to_have_count(answered, timeout=PATIENCE)
    assert not troubles(page).all_inner_texts()
    page.locator(".jp-Notebook").screenshot(path=pictures / f"{name}.png")


def test_a_warning_and_an_error_would_be_seen(page: Page, lab: Lab) -> None:
    run_all(page, lab.notebook("troubled.ipynb"))
    expect(troubles(page)).to_have_count(2, timeout=PATIENCE)
    expect(troubles(page).first).to_contain_text("a warning")
    expect(troubles(page).last).to_contain_text("ZeroDivisionError")
