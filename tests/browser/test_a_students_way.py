"""A student's whole way in JupyterLab and in Notebook 7: from the release through checks and Validate to the points."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("playwright", reason="no playwright: pip install playwright")
from playwright.sync_api import Page, expect

from autograder.course.course import Assignment, Course
from autograder.course.solved_notebook import as_bytes, right_answer, solution, with_answers
from autograder.marking.marker import Marker
from autograder.release.build import release_files, release_notebook
from autograder.submission.submitted_notebook import read_submission

from .desk import Desk, desk
from .notebook_page import open_notebook
from .pictures import Pictures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TASK = "cumulative_average"
WRONG = f"def {TASK}(x):\nreturn np.cumsum(x, axis=0) / len(x)"
RIGHT = f"def {TASK}(x):\nreturn np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]"
QUESTION = "q2_2_same"
CAPSTONE, TEXT = "07_capstone_recall", "q7_6_evaluate"


@pytest.fixture(scope="module", params=["jupyterlab", "notebook"])
def front_end(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    chromium: str,  # noqa: ARG001  # skips without one
) -> Iterator[Desk]:
    with desk(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


def test_an_untouched_release_runs_from_top_to_bottom_and_keeps_its_fixed_cells(
    page: Page, front_end: Desk, average: Assignment
) -> None:
    file = front_end.take(release_files(average)) / f"{average.name}.ipynb"
    notebook = open_notebook(page, front_end, file)
    notebook.restart_and_run_all()
    assert not notebook.troubles.all_inner_texts()
    expect(notebook.cards.filter(has_text="Not a")).to_have_count(len(average.items))
    fixed = notebook.check_cell(TASK)
    fixed.locator(".cm-content").click()
    page.keyboard.type("1 + ")
    expect(fixed.locator(".cm-content")).to_have_text(f'check("{TASK}")')
    fixed.locator(".jp-InputPrompt").click()
    page.keyboard.press("d")
    page.keyboard.press("d")
    expect(fixed).to_be_visible()


def nearly_done(assignment: Assignment) -> dict[str, bytes]:
    """The release as a student has it who still misses one task and one question."""
    answers = {task.id: solution(assignment, task.id) for task in assignment.tasks}
    answers |= {question.id: right_answer(question) for question in assignment.questions}
    filled_in = with_answers(
        release_notebook(assignment), {id: text for id, text in answers.items() if id not in (TASK, QUESTION)}
    )
    return release_files(assignment) | {f"{assignment.name}.ipynb": as_bytes(filled_in)}


def test_what_is_typed_is_checked_validated_saved_and_worth_its_points(
    page: Page, front_end: Desk, average: Assignment, grader: Marker, pictures: Pictures
) -> None:
    file = front_end.take(nearly_done(average)) / f"{average.name}.ipynb"
    notebook = open_notebook(page, front_end, file)
    notebook.run(notebook.code_cell("from check import check"))
    task, question = notebook.code_cell(f"def {TASK}(x)"), notebook.code_cell(f"{QUESTION} = None")

    notebook.type_into(task, WRONG)
    notebook.run(task)
    expect(notebook.check(TASK)).to_contain_text("divided by n")
    said = notebook.validate()
    expect(said).to_contain_text("The following cell failed")
    expect(said).to_contain_text("divided by n")
    expect(said).to_contain_text("Write your answer in place of None")
    if front_end.program == "jupyterlab":
        pictures.take("validate_failed", said.locator(".jp-Dialog-content"))
    notebook.dismiss(said)

    notebook.type_into(task, RIGHT)
    notebook.run(task)
    expect(notebook.check(TASK)).to_contain_text("Right in the visible checks")
    key = next(right_answer(item) for item in average.questions if item.id == QUESTION)
    notebook.type_into(question, key)
    notebook.run(notebook.code_cell(key))
    expect(notebook.check(QUESTION)).to_contain_text("Your answer is read as")
    notebook.restart_and_run_all()
    expect(notebook.cards).to_have_count(len(average.items))
    assert not notebook.troubles.all_inner_texts()
    said = notebook.validate()
    expect(said).to_contain_text("Success!")
    notebook.dismiss(said)

    result = grader.mark(read_submission(notebook.save(), file.name)).result
    assert (result.points, result.problems) == (result.max_points, ())


def test_a_text_that_is_typed_is_read_by_a_person(page: Page, front_end: Desk, course: Course) -> None:
    capstone = course.assignment(CAPSTONE)
    file = front_end.take(release_files(capstone)) / f"{CAPSTONE}.ipynb"
    notebook = open_notebook(page, front_end, file)
    page.locator(".jp-MarkdownCell").filter(has_text="Write your answer").last.click()
    page.keyboard.press("Enter")
    expect(page.locator(".jp-MarkdownCell.jp-mod-active .cm-content")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("The state has a **fixed size**, so")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".jp-RenderedMarkdown strong").filter(has_text="fixed size")).to_be_visible()
    assert b"The state has a **fixed size**, so" in notebook.save()
