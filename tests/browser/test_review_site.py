"""An instructor's review in a real Chromium: every kind of page at three widths, light and dark, by mouse and by
keyboard; and each fact that is planted in the class stands on the first screen."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

pytest.importorskip("playwright", reason="no playwright: pip install playwright")
pytest.importorskip("axe_playwright_python", reason="no axe: pip install axe-playwright-python")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, ViewportSize

from autograder.cli import main
from autograder.course.course import Course
from tests.browser.chromium import PATIENCE
from tests.browser.review_site import HOME, ReviewSite
from tests.planted.facts import FACTS, ROSTER

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (360, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PEOPLE = (*FACTS.copied, FACTS.behind, FACTS.cheat, FACTS.bad_key.question)
# How pages may call them, other than by their ids.
NAMES = {one.id: f"{one.first_name} {one.last_name}" for one in ROSTER} | {FACTS.bad_key.question: "Question 2.3"}
SCREEN: ViewportSize = {"width": 1280, "height": 1100}
# The texts that can be seen without scrolling, a line for each block that holds some.
SEEN = """height => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const blocks = new Map()
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement
        if (!node.data.trim() || !parent.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue
        const range = document.createRange()
        range.selectNodeContents(node)
        const box = range.getBoundingClientRect()
        if (box.width < 2 || box.height < 2 || box.top < 0 || box.bottom > height) continue
        const block = parent.closest("li, p, tr, h1, h2, h3, td, dd, div, section, article, body")
        blocks.set(block, (blocks.get(block) || "") + node.data)
    }
    return [...blocks.values()].map(text => text.replace(/\\s+/g, " ").trim())
}"""
WIDER = """() => {
    const most = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= most) return []
    const wide = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > most + 1)
    return wide.slice(0, 3).map(one => one.outerHTML.slice(0, 120))
}"""
# What is folded away on paper, but for the numbers of a plot, which the plot shows.
FOLDED = """() => [...document.querySelectorAll("details > :not(summary)")]
    .filter(one => !one.closest(".plot") && one.getBoundingClientRect().height < 1)
    .map(one => one.outerHTML.slice(0, 120))"""
PAPER: ViewportSize = {"width": 680, "height": 1000}  # A4 between margins of 15 mm
# What the keyboard should reach; what is in a closed <details> can't be.
FOCUSABLE = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    const found = all.filter(one => !one.disabled && one.tabIndex >= 0 && one.checkVisibility())
    found.forEach((one, place) => one.dataset.place = place)
    return found.map(one => one.outerHTML.slice(0, 100))
}"""
FOCUSED = """() => {
    const one = document.activeElement
    if (!one || one === document.body) return null
    const style = getComputedStyle(one)
    return [one.dataset.place ?? null, style.outlineStyle !== "none" || style.boxShadow !== "none"]
}"""


@pytest.fixture(scope="session")
def site(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> ReviewSite:
    folder = tmp_path_factory.mktemp("review") / "site"
    with redirect_stdout(io.StringIO()):
        assert main(["review", "--class", str(planted), "--output", str(folder)]) == 0
    return ReviewSite(folder)


@pytest.fixture
def screen(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def watched(page: Page) -> list[str]:
    """What goes wrong on the page from now on: errors on the console, requests that fail or leave the machine."""
    troubles: list[str] = []

    def request(sent: Request) -> None:
        if not sent.url.startswith(("file:", "data:")):
            troubles.append(f"{page.url} asks for {sent.url}")

    page.on("console", lambda said: troubles.append(f"{page.url}: {said.text}") if said.type != "log" else None)
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("requestfailed", lambda sent: troubles.append(f"{page.url}: {sent.url} failed"))
    page.on("request", request)
    return troubles


def violations(page: Page) -> list[str]:
    """What axe-core finds, a line for each element."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:150]} {node['failureSummary']}" for one in found for node in one["nodes"][:2]]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_kind_of_page_is_clean_at_every_width_in_light_and_dark(
    screen: Page, site: ReviewSite, width: int, scheme: Literal["light", "dark"]
) -> None:
    screen.set_viewport_size({"width": width, "height": 1000})
    screen.emulate_media(color_scheme=scheme)
    troubles = watched(screen)
    for path in site.chosen(PEOPLE):
        screen.goto((site.folder / path).as_uri())
        troubles += [f"{path} is wider than {width}: {element}" for element in screen.evaluate(WIDER)]
        troubles += [f"{path}: {violation}" for violation in violations(screen)]
    assert not troubles, "\n".join(troubles)


def test_what_is_printed_is_open_and_fits_on_the_paper(screen: Page, site: ReviewSite) -> None:
    screen.set_viewport_size(PAPER)
    screen.emulate_media(media="print")
    troubles = []
    for path in site.chosen(PEOPLE):
        screen.goto((site.folder / path).as_uri())
        troubles += [f"{path} runs over the edge: {element}" for element in screen.evaluate(WIDER)]
        if path == HOME or path.startswith("students/"):
            troubles += [f"{path} hides {element}" for element in screen.evaluate(FOLDED)]
    assert not troubles, "\n".join(troubles)


def test_every_page_is_reached_by_clicks_from_the_first(screen: Page, site: ReviewSite) -> None:
    troubles = watched(screen)
    ways = site.ways()
    assert set(site.pages) <= set(ways)
    for path in site.chosen(PEOPLE):
        screen.goto((site.folder / HOME).as_uri())
        for href in ways[path]:
            screen.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
            with screen.expect_navigation():
                screen.locator(f'a[href="{href}"]').first.click()
        assert screen.url.partition("#")[0] == (site.folder / path).as_uri()
    assert not troubles, "\n".join(troubles)


def test_every_link_leads_to_a_place_that_is_there(site: ReviewSite) -> None:
    lost = []
    for path, page in site.pages.items():
        for link in page.links:
            target = site.pages.get(link.target or "")
            if target is None and link.target is not None and not (site.folder / link.target).is_file():
                lost.append(f"{path}: {link.href}")
            elif target and link.fragment not in {"", "top", *target.ids}:
                lost.append(f"{path}: {link.href} has no such place")
    assert not lost


def test_a_page_needs_nothing_from_the_network(site: ReviewSite) -> None:
    for path, page in site.pages.items():
        outside = [url for url in page.loads if re.match(r"[a-z]+:|//", url) and not url.startswith("data:")]
        assert not outside, path


@pytest.mark.parametrize("width", [WIDTHS[0], WIDTHS[-1]])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(screen: Page, site: ReviewSite, width: int) -> None:
    screen.set_viewport_size({"width": width, "height": 1000})
    for path in site.chosen():
        screen.goto((site.folder / path).as_uri())
        wanted = screen.evaluate(FOCUSABLE)
        reached: set[str] = set()
        for _ in range(len(wanted) + 5):
            screen.keyboard.press("Tab")
            focused = screen.evaluate(FOCUSED)
            if focused is None:
                break
            assert focused[1], f"{path}: nothing shows that the focus is on {focused[0]}"
            reached.add(focused[0])
        left_out = [text for place, text in enumerate(wanted) if str(place) not in reached]
        assert not left_out, f"{path}: {left_out[:3]}"


@pytest.fixture(scope="session")
def first_screen(browser: Browser, site: ReviewSite) -> list[str]:
    """The blocks of text that an instructor sees without a click and without scrolling."""
    page = browser.new_page(viewport=SCREEN)
    page.goto((site.folder / HOME).as_uri())
    seen: list[str] = page.evaluate(SEEN, SCREEN["height"])
    page.close()
    return seen


def block_with(screen: list[str], *texts: str) -> str:
    """The block that holds all the texts; a student may be called by the name or by the id."""

    def holds(block: str, text: str) -> bool:
        return text in block or NAMES.get(text, text) in block

    found = [block for block in screen if all(holds(block, text) for text in texts)]
    assert found, f"{texts} isn't on the first screen:\n" + "\n".join(screen)
    return found[0]


def test_the_bad_key_is_on_the_first_screen(first_screen: list[str]) -> None:
    assert "key" in block_with(first_screen, FACTS.bad_key.question)


def test_the_copied_pair_is_on_the_first_screen(first_screen: list[str]) -> None:
    block_with(first_screen, *FACTS.copied)


def test_the_equal_texts_are_on_the_first_screen(first_screen: list[str]) -> None:
    block_with(first_screen, *FACTS.equal_texts)


def test_the_misconception_of_a_third_is_on_the_first_screen(first_screen: list[str], course: Course) -> None:
    block_with(first_screen, course.misconceptions[FACTS.misconception])


def test_who_falls_behind_is_on_the_first_screen(first_screen: list[str]) -> None:
    block_with(first_screen, FACTS.behind)


def test_the_cheat_is_on_the_first_screen(first_screen: list[str]) -> None:
    block_with(first_screen, FACTS.cheat)


def test_who_is_late_damaged_or_unknown_is_on_the_first_screen(first_screen: list[str]) -> None:
    block_with(first_screen, FACTS.damaged[0])
    block_with(first_screen, FACTS.stranger)
    block_with(first_screen, "late")
