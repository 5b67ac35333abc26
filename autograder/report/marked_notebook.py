"""The notebook of a graded submission, as nbgrader and its pages read it.

Every cell of the assignment is there exactly once: fixed cells with the course's own text, answers as they were handed
in, and each check cell with one result: the points as nbgrader reads them, and the feedback. What a student wrote
into a fixed cell stands beside it. Nothing of the submission's own metadata or outputs is kept; its Markdown is
sanitized.
"""

from __future__ import annotations

import base64
import copy
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.course.source_notebook import Json, grade_id_of, marks_of
from autograder.marking.marker import MarkedSubmission
from autograder.report.feedback_page import DECISION
from autograder.report.item_feedback import item_feedback
from autograder.report.picture import png_anew
from autograder.report.sanitize import on_one_line, sanitized
from autograder.result import ItemResult, Result
from autograder.sandbox.host.outputs import png_sides
from autograder.submission.released_cells import plain_text
from autograder.submission.submitted_notebook import SubmittedCell

EXTRA_CREDIT = "extra_credit"  # in the metadata of an output: points on top of the maximum
MOST_OUTPUT = 1_000_000  # characters of text in the outputs of one notebook
MOST_PROSE = 200_000  # characters of Markdown in one notebook
MOST_CODE = 100_000  # characters of all that the student wrote: colouring costs 0.2 ms and 2 KB for each, at worst
MOST_PICTURES = 50  # in one notebook
MOST_PIXELS = 64_000_000  # of all its pictures: a browser takes 4 bytes for each
LEFT_OUT = "(Left out: this notebook holds too much. The submitted file has it.)"
ELSEWHERE = "*This cell was empty or missing. In other cells stood what may be the answer:*"
MISSING = "### Cells that were missing\n\nThese cells of the assignment were not in the notebook that was handed in."


def marked_notebook(marked: MarkedSubmission, release: Json) -> Json:
    """The graded notebook (nbformat 4.5) of a submission of the assignment whose student notebook is `release`.

    `release` carries nbgrader's metadata and checksums, as `build.release_notebook` and nbgrader make them.
    """
    cells = [*_problems(marked.result.problems), *_cells(marked, release)]
    _limit(cells)
    _limit_code(cells, release)
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    _note_decisions(cells, {item.id: item for item in marked.result.items})
    return {
        "cells": cells,
        "metadata": copy.deepcopy(release["metadata"]),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def with_decisions(notebook: Json, result: Result, release: Json) -> None:
    """Change a marked notebook to say what was decided, or no longer to say it: `result` and `release` are with the
    decisions. Answers, and what ran, stay."""
    released, items = released_cells(release), {item.id: item for item in result.items}
    for id, cell in released_cells(notebook).items():
        if id in items and id in released:
            cell["metadata"]["nbgrader"] = copy.deepcopy(marks_of(released[id]))
            if cell["cell_type"] == "code":
                cell["outputs"] = _score(items[id])
    _note_decisions(notebook["cells"], items)


def _note_decisions(cells: Sequence[Json], items: Mapping[str, ItemResult]) -> None:
    """Beside a graded cell, what was decided on it, for the head of the feedback page."""
    for cell in cells:
        item = items.get(grade_id_of(cell) or "")
        if item and item.decision and marks_of(cell).get("grade"):
            cell["metadata"][DECISION] = item.decision
        else:
            cell["metadata"].pop(DECISION, None)


def released_cells(release: Json) -> dict[str, Json]:
    """The cells of a release by their grade_id, in their order."""
    return {grade_id: cell for cell in release["cells"] if (grade_id := grade_id_of(cell))}


def unanswered(notebook: Json, release: Json) -> frozenset[str]:
    """The solution cells of a marked notebook that still hold the text of the release (or were missing)."""
    before = released_cells(release)
    return frozenset(
        grade_id
        for grade_id, cell in released_cells(notebook).items()
        if marks_of(cell)["solution"] and cell["source"] == before[grade_id]["source"]
    )


def _problems(problems: Sequence[str]) -> Iterator[Json]:
    if problems:
        lines = [f"- {on_one_line(problem)}" for problem in problems]
        yield _markdown("\n".join(["### What the grader noticed", "", *lines]))


def _cells(marked: MarkedSubmission, release: Json) -> Iterator[Json]:
    items = {item.id: item for item in marked.result.items}
    expected = released_cells(release)
    course_texts = {cell["source"] for cell in release["cells"] if cell["cell_type"] == "markdown"}  # may hold HTML
    submitted = marked.submission.cells
    last = {cell.grade_id: place for place, cell in enumerate(submitted) if cell.grade_id in expected}
    last |= {id: text.place for id, text in marked.texts.items() if text.place is not None}
    for place, cell in enumerate(submitted):
        outputs = [dict(output) for output in marked.outputs.get(place, ())]
        if cell.grade_id is None or cell.grade_id not in expected:
            of_course = cell.kind == "markdown" and cell.source in course_texts
            yield _markdown(cell.source) if of_course else _own(cell, outputs)
        elif last[cell.grade_id] == place:
            yield from _course_cells(expected[cell.grade_id], cell, outputs, items.get(cell.grade_id), marked)
        else:
            if not _only_shown(expected[cell.grade_id]):
                counts = "another one is graded" if cell.grade_id in marked.texts else "only the last one counts"
                yield _markdown(f"*A copy of the cell* `{cell.grade_id}`*: {counts}.*")
            yield _own(cell, outputs)
    if not submitted:
        for whole in release["cells"]:
            yield _missing(whole, items, marked)
    elif len(last) < len(expected):
        yield _markdown(MISSING)
        for grade_id, lost in expected.items():
            if grade_id not in last:
                yield _missing(lost, items, marked)


def _course_cells(
    released: Json, submitted: SubmittedCell, outputs: list[Json], item: ItemResult | None, marked: MarkedSubmission
) -> list[Json]:
    """A cell of the assignment, and with it what was written in its place where its text is fixed."""
    if not _fixed(released) or plain_text(submitted.source) in ("", plain_text(released["source"])):
        return [_course_cell(released, submitted, outputs, item, marked)]
    written = [_markdown(f"*The fixed cell* `{submitted.grade_id}` *held this:*"), _own(submitted, outputs)]
    whole = [_course_cell(released, submitted, [], item, marked)]
    return [*written, *whole] if item else [*whole, *written]  # the item was looked at after it had run


def _course_cell(
    released: Json, submitted: SubmittedCell, outputs: list[Json], item: ItemResult | None, marked: MarkedSubmission
) -> Json:
    """A cell of the assignment with what was handed in, or with its own text where that is fixed."""
    cell = copy.deepcopy(released)
    unanswered_text = item is not None and marks_of(cell)["solution"] and item.verdict == "not_attempted"
    if not _fixed(cell) and not unanswered_text:
        # nbgrader finds an unanswered text by comparing it with the release: spaces alone are no answer either.
        cell["source"] = submitted.source if cell["cell_type"] == "code" else sanitized(submitted.source)
    if cell["cell_type"] == "code":
        plot = _own_plot(submitted) if str(submitted.grade_id).startswith("plot_") else []
        cell["outputs"] = _score(item) if item else outputs or plot
    return _known_to_nbgrader(_with_text_from_elsewhere(cell, marked))


def _with_text_from_elsewhere(cell: Json, marked: MarkedSubmission) -> Json:
    """The cell of a free text with what was found of it in other cells: where its points are given, it is read."""
    found = marked.texts.get(grade_id_of(cell) or "")
    if found is not None and found.elsewhere:
        cell["source"] = sanitized(f"{ELSEWHERE}\n\n{found.elsewhere}")
    return cell


def _missing(released: Json, items: Mapping[str, ItemResult], marked: MarkedSubmission) -> Json:
    cell: Json = copy.deepcopy(released)
    item = items.get(grade_id_of(cell) or "")
    if cell["cell_type"] == "code":
        cell["outputs"] = _score(item) if item else []
    return _known_to_nbgrader(_with_text_from_elsewhere(cell, marked))


def _known_to_nbgrader(cell: Json) -> Json:
    """Cells that nbgrader neither grades nor locks aren't in its database; it would warn of each in each notebook."""
    if not any(marks_of(cell).get(mark) for mark in ("grade", "solution", "locked")):
        cell["metadata"].pop("nbgrader", None)
    return cell


def _fixed(cell: Json) -> bool:
    """What nbgrader calls locked: its text is the course's, whatever the submission holds."""
    found = marks_of(cell)
    return not found["solution"] and (found["grade"] or found["locked"])


def _only_shown(released: Json) -> bool:
    """A fixed cell without points, such as a question's text: which of its copies counts is of no interest."""
    return _fixed(released) and not marks_of(released)["grade"]


def _own(cell: SubmittedCell, outputs: list[Json]) -> Json:
    """A cell that the student added."""
    if cell.kind == "code":
        return _code(cell.source, outputs)
    return {"cell_type": cell.kind, "metadata": {}, "source": sanitized(cell.source)}


def _code_text(source: str, most: int) -> str:
    if len(source) <= most:
        return source
    return f"{source[:most]}\n# (Cut here: it has {len(source):,} characters. The submitted file has them.)"


def _score(item: ItemResult) -> list[Json]:
    """One result: nbgrader reads the points from its plain text, people are shown the feedback, its HTML.

    Points for extra credit go beside it, where the grader's own step of nbgrader finds them.
    """
    data = {
        "text/html": item_feedback(item)._repr_html_(),
        "text/plain": repr(0.0 if item.extra else float(item.points)),
    }
    beside = {EXTRA_CREDIT: item.points} if item.extra else {}
    return [{"output_type": "execute_result", "data": data, "metadata": beside, "execution_count": None}]


def _own_plot(cell: SubmittedCell) -> list[Json]:
    """The student's own picture of a plot that was not drawn again: a PNG that no page takes long to show."""
    picture = png_anew(cell.picture or "")
    if not picture:
        return []
    data = {"image/png": picture, "text/plain": "The plot as it was handed in."}
    return [{"output_type": "display_data", "data": data, "metadata": {}}]


def _limit(cells: Sequence[Json]) -> None:
    """Leave out what is printed or written beyond the limits; points, feedback and the assignment's cells stay."""
    free = [cell for cell in cells if not marks_of(cell).get("grade")]
    code = [cell for cell in free if cell["cell_type"] == "code"]
    _limit_outputs(code)
    _limit_pictures([output for cell in code for output in cell["outputs"] if "image/png" in output.get("data", {})])
    _limit_prose([cell for cell in free if cell["cell_type"] != "code" and not marks_of(cell)])


def _limit_outputs(cells: Sequence[Json]) -> None:
    left = MOST_OUTPUT
    for cell in cells:
        left -= sum(_length(output) for output in cell["outputs"])
        if left < 0 and cell["outputs"]:
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": LEFT_OUT}]


def _limit_pictures(outputs: Sequence[Json]) -> None:
    pictures, pixels = MOST_PICTURES, MOST_PIXELS
    for output in outputs:
        pictures -= 1
        pixels -= math.prod(png_sides(base64.b64decode(output["data"]["image/png"][:44])) or ())
        if min(pictures, pixels) < 0:
            output["data"] = {"text/plain": LEFT_OUT}


def _limit_prose(cells: Sequence[Json]) -> None:
    left = MOST_PROSE
    for cell in cells:
        left -= len(cell["source"])
        cell["source"] = cell["source"] if left >= 0 else LEFT_OUT


def _limit_code(cells: Sequence[Json], release: Json) -> None:
    """Cut the code that isn't the release's, the longest cells first: one endless cell shall not cost the others."""
    before = released_cells(release)
    left = MOST_CODE
    for cell in sorted(cells, key=lambda cell: len(cell["source"])):
        grade_id = grade_id_of(cell)
        if cell["cell_type"] == "code" and not (grade_id and cell["source"] == before[grade_id]["source"]):
            cell["source"] = _code_text(cell["source"], left)
            left = max(0, left - len(cell["source"]))


def _length(output: Json) -> int:
    text: Any = output.get("text", "")
    return len(text) + len(output.get("data", {}).get("text/plain", "")) + sum(map(len, output.get("traceback", ())))


def _code(source: str, outputs: list[Json]) -> Json:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": outputs, "source": source}


def _markdown(source: str) -> Json:
    return {"cell_type": "markdown", "metadata": {}, "source": source}
