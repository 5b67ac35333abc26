"""What people click on the hub's pages, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.chromium import PATIENCE
from tests.hub.people import Person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def log_in(browser: Browser, address: str, person: Person) -> Page:
    """Through the hub's form, until the person's JupyterLab is there."""
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/hub/login")
    page.get_by_label("Username").fill(person.name)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    page.locator("#jp-main-statusbar").wait_for()
    return page


def open_formgrader(browser: Browser, address: str, person: Person) -> Page:
    """Formgrader in a tab of its own."""
    page = log_in(browser, address, person)
    page.goto(f"{address}/hub/user-redirect/formgrader")
    return page


def open_assignment_list(browser: Browser, address: str, person: Person) -> Page:
    """By JupyterLab's menu."""
    page = log_in(browser, address, person)
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Assignment List", exact=True).click()
    return page
