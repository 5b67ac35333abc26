"""An instructor's whole way in formgrader, from JupyterLab's menu to the students' feedback, on the real course."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="no playwright: pip install playwright")
from playwright.sync_api import Locator, Page, expect

from autograder.class_directory.frozen_course import class_course
from autograder.classroom.grading_run import grade
from autograder.classroom.new_class import new_class
from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from tests.classes import hand_in, points
from tests.jupyter_servers import JupyterServer, running

from .pictures import Pictures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AVERAGE, CAPSTONE = "02_cumulative_average", "07_capstone_recall"
TEXT = "q7_6_evaluate"
WRONG = "def cumulative_average(x):\n    return np.cumsum(x, axis=0) / len(x)\n"
ESSAY = (
    "All words must fit into one vector whose size doesn't grow, so details get lost. Asked for a number on page 3, it "
    "fails; the topic it can keep. Retrieval would help, at the price of storing the text."
)
COMMENT = "The bottleneck is there (2 of 2). Why does it follow from the update? Name the path of an early word."
SUBMITTED = {
    ("ada", AVERAGE): {},
    ("ben", AVERAGE): {"cumulative_average": WRONG, "q2_2_same": "q2_2_same = 'B'"},
    ("ada", CAPSTONE): {TEXT: ESSAY},
}


@pytest.fixture(scope="module")
def classroom(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("formgrader") / "class"
    new_class(course, root)
    for (student, name), answers in SUBMITTED.items():
        notebook = with_answers(solved(class_course(root).assignment(name)), answers)
        hand_in(root, student, as_bytes(notebook), assignment=name)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.Exchange.root = {str(root.parent / 'exchange')!r}\n")
    (root.parent / "exchange").mkdir(mode=0o777)
    (root.parent / "exchange").chmod(0o777)
    return root


@pytest.fixture(scope="module")
def server(classroom: Path, chromium: str) -> Iterator[JupyterServer]:  # noqa: ARG001  # skips without one
    with running("jupyterlab", classroom, classroom.parent / "home") as server:
        yield server


def opened(page: Page, server: JupyterServer, path: str) -> None:
    """A page of formgrader, when its table is filled; who comes from JupyterLab is logged in."""
    page.request.get(server.address("login"))
    page.goto(f"{server.url}/formgrader/{path}")
    expect(page.locator("tbody").first).not_to_contain_text("Loading")


def row(page: Page, text: str) -> Locator:
    return page.locator("tbody tr").filter(has_text=text)


def push(page: Page, where: Locator, column: str) -> None:
    """Push a row's button, and dismiss what says that it was successful."""
    where.locator(f"td.{column} a").click()
    said = page.locator(".modal.in")
    expect(said.locator(".modal-title")).to_have_text("Success")
    said.get_by_text("OK", exact=True).click()
    said.wait_for(state="detached")


def write(page: Page, field: Locator, text: str) -> None:
    """Formgrader saves what a field holds when it is left."""
    field.fill(text)
    with page.expect_response(lambda response: response.request.method == "PUT") as saved:
        field.press("Tab")
    assert saved.value.ok


def score(page: Page, student: str) -> float:
    return float(row(page, student).locator("td.score").inner_text().partition("/")[0])


def test_formgrader_opens_from_jupyterlabs_menu(page: Page, server: JupyterServer, classroom: Path) -> None:
    page.goto(server.address("lab"))
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    table = page.frame_locator("iframe").locator("tbody").first
    for folder in (classroom / "source").iterdir():
        expect(table).to_contain_text(folder.name)


def test_an_assignment_is_generated_and_released_by_its_buttons(
    page: Page, server: JupyterServer, classroom: Path
) -> None:
    before = {path: path.read_bytes() for path in (classroom / "release" / AVERAGE).iterdir()}
    opened(page, server, "manage_assignments")
    push(page, row(page, AVERAGE), "assign")
    assert {path: path.read_bytes() for path in (classroom / "release" / AVERAGE).iterdir()} == before
    push(page, row(page, AVERAGE), "release")
    expect(row(page, AVERAGE).locator("td.status")).to_have_text("released")
    (released,) = (classroom.parent / "exchange").glob(f"*/outbound/{AVERAGE}")
    assert {path.name for path in released.iterdir()} == {path.name for path in before}


def test_its_autograde_button_gives_the_scores_of_the_command(
    page: Page, server: JupyterServer, classroom: Path
) -> None:
    opened(page, server, f"manage_submissions/{AVERAGE}")
    for student in ("ada", "ben"):
        push(page, row(page, student), "autograde")
        expect(row(page, student).locator("td.status")).to_have_text("graded")
    shown = {student: score(page, student) for student in ("ada", "ben")}
    report = grade(classroom, AVERAGE, everything=True)
    assert shown == {student: result.points for student, result in report.results.items()}
    assert shown["ben"] < shown["ada"]
    assert report.moved == ()


def test_a_text_is_graded_by_hand_and_its_points_and_comment_reach_the_feedback(
    page: Page, server: JupyterServer, classroom: Path, pictures: Pictures
) -> None:
    opened(page, server, f"manage_submissions/{CAPSTONE}")
    push(page, row(page, "ada"), "autograde")
    expect(row(page, "ada").locator("td.status")).to_have_text("needs manual grading")
    before = score(page, "ada")
    opened(page, server, f"gradebook/{CAPSTONE}/{CAPSTONE}")
    page.locator("tbody a").first.click()
    sheet = page.locator(f".nbgrader_cell:has([id='{TEXT}'])")
    expect(sheet).to_contain_text("All words must fit into one vector")
    question = page.locator(".text_cell").filter(has_text="How it is graded")
    expect(sheet.locator(".needs_manual_grade")).to_be_visible()  # formgrader has filled in what it knows
    expect(sheet.locator("textarea.comment")).to_have_attribute("placeholder", re.compile("Type any comments"))
    write(page, sheet.locator("input.score"), "4.5")
    write(page, sheet.locator("textarea.comment"), COMMENT)
    expect(sheet.locator(".save-icon").filter(visible=True)).to_have_count(0)
    pictures.take("formgrader", question, sheet, margin=6)

    opened(page, server, f"manage_submissions/{CAPSTONE}")
    assert score(page, "ada") == before + 4.5
    push(page, row(page, "ada"), "generate-feedback")
    page.goto((classroom / "feedback" / "ada" / CAPSTONE / f"{CAPSTONE}.html").as_uri())
    expect(page.locator("body")).to_contain_text(COMMENT)
    expect(page.locator("body")).to_contain_text("4.5")


def test_a_feedback_page_says_what_was_wrong(
    page: Page, server: JupyterServer, classroom: Path, pictures: Pictures
) -> None:
    grade(classroom, AVERAGE)
    opened(page, server, f"manage_submissions/{AVERAGE}")
    push(page, row(page, "ben"), "generate-feedback")
    page.goto((classroom / "feedback" / "ben" / AVERAGE / f"{AVERAGE}.html").as_uri())
    card = page.get_by_role("group", name=re.compile("Check of cumulative_average:"))
    expect(card).to_contain_text("divided by n")
    pictures.take("feedback", page.locator(".cell").filter(has=card), margin=16)


def test_every_student_is_listed_with_the_sum(page: Page, server: JupyterServer, classroom: Path) -> None:
    for name in (AVERAGE, CAPSTONE):
        grade(classroom, name)
    opened(page, server, "manage_students")
    for student in ("ada", "ben"):
        assert score(page, student) >= points(classroom)[student] > 0
