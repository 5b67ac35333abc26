"""Every notebook opens clean in JupyterLab, and solved it runs from top to bottom without an error or a warning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="no playwright: pip install playwright")
from playwright.sync_api import Page, expect

from autograder.course.course import load_course
from autograder.course.solved_notebook import as_bytes, solved
from autograder.release.build import release_files

from .desk import Desk
from .notebook_page import NotebookPage, open_notebook

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COURSE = load_course(Path(__file__).parents[2])


@pytest.mark.parametrize("name", COURSE.names)
def test_a_notebook_opens_clean_and_solved_it_runs_from_top_to_bottom(page: Page, lab: Desk, name: str) -> None:
    assignment = COURSE.assignment(name)
    place = lab.take(release_files(assignment) | {"solved.ipynb": as_bytes(solved(assignment))})
    opens_clean(open_notebook(page, lab, place / f"{name}.ipynb"))
    notebook = open_notebook(page, lab, place / "solved.ipynb")
    notebook.restart_and_run_all()
    answered = sum(getattr(item, "kind", "") != "free" for item in assignment.items.values())
    expect(notebook.cards).to_have_count(answered)
    expect(notebook.cards.filter(has_text=re.compile("[✓✎]"))).to_have_count(answered)
    assert not notebook.troubles.all_inner_texts()


def opens_clean(notebook: NotebookPage) -> None:
    page = notebook.page
    expect(page.locator("mjx-container").first).to_be_visible()  # formulas are set when all is there
    expect(page.locator(".jp-OutputArea-output")).to_have_count(0)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect(page.locator(".jp-RenderedMarkdown .MathJax_Error, mjx-merror")).to_have_count(0)


def test_a_warning_and_an_error_would_be_seen(page: Page, lab: Desk) -> None:
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for source in ("import warnings; warnings.warn('a warning')", "1 / 0")
    ]
    kernel = {"name": "python3", "display_name": "Python 3"}
    troubled = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    notebook = open_notebook(page, lab, lab.take({"troubled.ipynb": as_bytes(troubled)}) / "troubled.ipynb")
    notebook.restart_and_run_all()
    expect(notebook.troubles).to_have_count(2)
    expect(notebook.troubles.first).to_contain_text("a warning")
    expect(notebook.troubles.last).to_contain_text("ZeroDivisionError")
