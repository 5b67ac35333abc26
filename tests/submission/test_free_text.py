"""A text for a free question waits for a person wherever it stands, and only if there is one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder.course.course import Assignment, Course
from autograder.course.solved_notebook import as_bytes, solved
from autograder.course.source_notebook import Json
from autograder.marking.marker import MarkedSubmission, Marker
from autograder.release.build import release_notebook
from autograder.report.marked_notebook import marked_notebook, unanswered
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission
from tests.classes import TINY, by_id

WORDS = "q1_4_words"
TEXT = "A millionaire lifts the mean of a whole village."
Mark = Callable[[Json], MarkedSubmission]


@pytest.fixture(scope="module")
def assignment(tiny_course: Course) -> Assignment:
    return tiny_course.assignment(TINY)


@pytest.fixture(scope="module")
def release(assignment: Assignment) -> Json:
    return release_notebook(assignment)


@pytest.fixture(scope="module")
def mark(tiny_course: Course, assignment: Assignment) -> Iterator[Mark]:
    with Sandbox(tiny_course.limits, forbidden=[tiny_course.root]) as sandbox:
        grader = Marker(assignment, sandbox, tiny_course.limits)
        yield lambda notebook: grader.mark(read_submission(as_bytes(notebook), f"{TINY}.ipynb"))


@pytest.fixture
def notebook(assignment: Assignment, release: Json) -> Json:
    """All is solved but the free text."""
    found = solved(assignment)
    by_id(found, WORDS)["source"] = by_id(release, WORDS)["source"]
    return found


def markdown(text: str, kind: str = "markdown") -> Json:
    return {"cell_type": kind, "metadata": {}, "source": text}


def place_of(notebook: Json, grade_id: str) -> int:
    cells: list[Json] = notebook["cells"]
    return cells.index(by_id(notebook, grade_id))


def beside(notebook: Json, way: int, *cells: Json, of: str = WORDS) -> None:
    place = place_of(notebook, of) + way
    notebook["cells"][place:place] = cells


def below(notebook: Json) -> None:
    beside(notebook, 1, markdown("My answer:"), markdown(TEXT))


def above(notebook: Json) -> None:
    beside(notebook, 0, markdown(TEXT))


def above_the_question(notebook: Json) -> None:
    beside(notebook, 0, markdown(TEXT), of=f"{WORDS}_stem")


def in_the_question(notebook: Json) -> None:
    by_id(notebook, f"{WORDS}_stem")["source"] += f"\n\n{TEXT}"


def as_a_comment(notebook: Json) -> None:
    beside(notebook, 1, markdown(f"# {TEXT}", "code") | {"outputs": []})


def as_raw_text(notebook: Json) -> None:
    beside(notebook, 1, markdown(TEXT, "raw"))


def with_its_number_elsewhere(notebook: Json) -> None:
    beside(notebook, 0, markdown(f"Question 1.4: {TEXT}"), of="row_means")


def without_its_cell(notebook: Json) -> None:
    notebook["cells"].remove(by_id(notebook, WORDS))
    beside(notebook, 1, markdown("My answer:"), markdown(TEXT), of=f"{WORDS}_stem")


def without_question_and_cell(notebook: Json) -> None:
    for grade_id in (WORDS, f"{WORDS}_stem"):
        notebook["cells"].remove(by_id(notebook, grade_id))
    notebook["cells"][:0] = [markdown(TEXT)]


def test_what_is_found_does_not_tell_lines_of_the_solutions(notebook: Json, release: Json, mark: Mark) -> None:
    lines = "return x.sum(axis=1) / x.shape[1]\n\nself.total += k\n\nreturn x.mean(axis=1)"
    below(notebook)
    beside(notebook, 1, markdown(lines))
    shown = str(by_id(marked_notebook(mark(notebook), release), WORDS)["source"])
    assert [line for line in lines.split("\n\n") if line not in shown] == []


@pytest.mark.parametrize(
    "write",
    [
        *(below, above, above_the_question, in_the_question, as_a_comment, as_raw_text, with_its_number_elsewhere),
        *(without_its_cell, without_question_and_cell),
    ],
)
def test_a_text_outside_its_cell_waits_for_a_reader(
    notebook: Json, release: Json, mark: Mark, write: Callable[[Json], None]
) -> None:
    write(notebook)
    marked = mark(notebook)
    item = marked.result.item(WORDS)
    assert (item.verdict, item.points) == ("needs_review", 0)
    assert "may be your answer" in item.message
    note = next(problem for problem in marked.result.problems if problem.startswith(WORDS))
    number = next(place + 1 for place, cell in enumerate(notebook["cells"]) if TEXT in cell["source"])
    assert str(number) in note
    assert "waits for a reader" in note
    written = marked_notebook(marked, release)
    cell = nbformat.from_dict(by_id(written, WORDS))
    assert TEXT in cell.source, "where its points are given, it is read"
    assert determine_grade(cell)[0] is None, "nbgrader asks for a person"
    assert WORDS not in unanswered(written, release), "nbgrader must not say that there is no response"


def test_a_text_in_any_copy_of_its_cell_is_the_answer(notebook: Json, release: Json, mark: Mark) -> None:
    empty = by_id(notebook, WORDS)
    for order in ((TEXT, ""), ("", TEXT), (TEXT, empty["source"]), (empty["source"], TEXT)):
        copies = [copy.deepcopy(empty) | {"source": source} for source in order]
        place = place_of(notebook, WORDS)
        cells = [*notebook["cells"][:place], *copies, *notebook["cells"][place + 1 :]]
        marked = mark(notebook | {"cells": cells})
        assert marked.result.item(WORDS).message == "Your text will be read and graded by your instructor."
        assert by_id(marked_notebook(marked, release), WORDS)["source"] == TEXT


def test_a_cell_that_lost_its_metadata_is_known_by_its_place(notebook: Json, release: Json, mark: Mark) -> None:
    by_id(notebook, WORDS).update(source=TEXT, metadata={})
    marked = mark(notebook)
    assert marked.result.problems == (
        f"Cells that had lost their metadata and were found by their text or place: {WORDS}.",
    )
    assert marked.result.item(WORDS).verdict == "needs_review"
    assert by_id(marked_notebook(marked, release), WORDS)["source"] == TEXT


def test_a_notebook_that_lost_all_metadata_is_marked_as_before(
    assignment: Assignment, release: Json, mark: Mark
) -> None:
    whole = solved(assignment)
    bare = copy.deepcopy(whole)
    for cell in bare["cells"]:
        cell["metadata"] = {}
    ours, theirs = mark(whole), mark(bare)
    assert theirs.result.items == ours.result.items
    assert marked_notebook(theirs, release)["cells"][1:] == [
        cell | {"id": f"cell-{place}"} for place, cell in enumerate(marked_notebook(ours, release)["cells"], 1)
    ]
    (note,) = theirs.result.problems
    assert note.startswith("Cells that had lost their metadata")


def test_a_bare_notebook_with_cells_of_its_own_loses_no_text(notebook: Json, mark: Mark) -> None:
    by_id(notebook, WORDS)["source"] = TEXT
    beside(notebook, 0, markdown("A note of mine."))
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    result = mark(notebook).result
    assert result.item(WORDS).verdict == "needs_review"
    assert result.points == result.max_points - result.item(WORDS).max_points


@pytest.mark.parametrize("text", ["", " \n", "---", "***\n\n"])
def test_what_is_no_text_is_no_answer(notebook: Json, mark: Mark, text: str) -> None:
    beside(notebook, 1, markdown(text))
    by_id(notebook, WORDS)["source"] = text if not text.strip() else by_id(notebook, WORDS)["source"]
    result = mark(notebook).result
    assert (result.item(WORDS).verdict, result.problems) == ("not_attempted", ())


def test_a_note_far_from_the_question_is_no_answer(notebook: Json, mark: Mark) -> None:
    beside(notebook, 0, markdown("The mean divides by d, about 1.45 here, 11.4 there."), of="row_means")
    result = mark(notebook).result
    assert (result.item(WORDS).verdict, result.problems) == ("not_attempted", ())


def test_the_courses_own_texts_around_a_question_are_no_answer(course: Course, sandbox: Sandbox) -> None:
    assignment = course.assignment("07_capstone_recall")
    untouched = release_notebook(assignment)
    lost = [cell for cell in untouched["cells"] if "q7_6_evaluate" not in json.dumps(cell["metadata"])]
    for cells in (untouched["cells"], lost):
        read = read_submission(as_bytes(untouched | {"cells": cells}), "n.ipynb")
        result = Marker(assignment, sandbox, course.limits).mark(read).result
        assert result.item("q7_6_evaluate").verdict == "not_attempted"
