"""An open notebook in JupyterLab or Notebook 7, and a student's hands on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk

NUMBERED = re.compile(r"\[\d+\]:")
WITH_KERNEL = ".jp-Toolbar:has(.jp-KernelName:has-text('Python 3'))"
IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
OLD = "data-test-old"


@dataclass(frozen=True)
class NotebookPage:
    """Whatever is waited for is something that the page shows."""

    page: Page
    file: Path

    @property
    def code_cells(self) -> Locator:
        return self.page.locator(".jp-CodeCell")

    @property
    def cards(self) -> Locator:
        return self.page.get_by_role("group", name="Check of")

    @property
    def troubles(self) -> Locator:
        """What was written to stderr, and the errors, which both show as the same kind of output."""
        return self.page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]')

    def idle(self) -> None:
        """Wait until the kernel is there and has nothing to do; without a kernel the indicator says idle, too."""
        self.page.locator(f"{WITH_KERNEL} {IDLE}").first.wait_for()

    def code_cell(self, text: str) -> Locator:
        return self.code_cells.filter(has_text=text).first

    def run(self, cell: Locator) -> None:
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        prompt.click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(NUMBERED)

    def type_into(self, cell: Locator, source: str) -> None:
        """Key by key, in place of what stands there; the editor closes brackets and indents by itself."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(source)

    def paste_into(self, cell: Locator, source: str) -> None:
        """In place of what stands there."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def check(self, item: str) -> Locator:
        """Run a check's cell; its card, which must be all that it shows."""
        cell = self.check_cell(item)
        self.run(cell)
        outputs = cell.locator(".jp-OutputArea-output")
        expect(outputs).to_have_count(1)
        return outputs.get_by_role("group", name="Check of")

    def check_cell(self, item: str) -> Locator:
        return self.code_cell(f'check("{item}")')

    def choose(self, menu: str, entry: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=entry).click()

    def restart_and_run_all(self) -> None:
        """Until every output is a new one and the kernel rests."""
        self.page.evaluate(
            f"document.querySelectorAll('.jp-OutputArea-child').forEach(old => old.setAttribute('{OLD}', ''))"
        )
        self.choose("Run", "Restart Kernel and Run All Cells")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        expect(self.page.locator(f"[{OLD}]")).to_have_count(0)
        expect(self.code_cells.last.locator(".jp-InputPrompt")).to_have_text(f"[{self.code_cells.count()}]:")
        self.idle()

    def save(self) -> bytes:
        """The notebook as the front end writes it."""
        self.page.get_by_role("menuitem", name="File", exact=True).click()
        with self.page.expect_response(lambda response: response.request.method == "PUT") as saved:
            self.page.locator("[role=menuitem][data-command='docmanager:save']").click()
        assert saved.value.ok
        return self.file.read_bytes()

    def validate(self) -> Locator:
        """Push nbgrader's button; what it says."""
        self.page.get_by_role("button", name="Validate").first.click()
        dialog = self.page.locator(".jp-Dialog").filter(has_text="Validation Results")
        dialog.wait_for()
        return dialog

    def dismiss(self, dialog: Locator) -> None:
        dialog.get_by_role("button", name="Ok").click()
        dialog.wait_for(state="detached")


def open_notebook(page: Page, desk: Desk, file: Path) -> NotebookPage:
    page.goto(desk.address(file))
    opened = NotebookPage(page, file)
    opened.code_cells.first.wait_for()
    opened.idle()
    return opened
