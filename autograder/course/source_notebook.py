"""The notebook of an assignment as nbgrader's source notebook: which cells there are, and what each is for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from autograder.answers.question import EMPTY_TEXT, Question
from autograder.course.course import Assignment
from autograder.course.notebook_py import Cell

Json = dict[str, Any]
SCHEMA_VERSION = 3
NO_RESPONSE = "No response."  # nbgrader's comment on a text that was left as it was


def answer_id(item_id: str) -> str:
    """The grade_id of the cell that holds the student's answer; the check's cell has the item's own id."""
    return f"{item_id}_answer"


def marks_of(cell: Json) -> Json:
    """What nbgrader knows of a cell of a notebook that this package made; {} where it marks nothing."""
    found: Json = cell["metadata"].get("nbgrader", {})
    return found


def grade_id_of(cell: Json) -> str | None:
    """The id that nbgrader knows a cell by, if it knows it."""
    return marks_of(cell).get("grade_id")


def source_notebook(assignment: Assignment) -> Json:
    """nbgrader's source notebook (nbformat 4.5, with solutions) as plain JSON; the same for the same course files."""
    cells = [cell for source in assignment.cells for cell in _cells(assignment, source)]
    for place, cell in enumerate(cells):
        cell["id"] = hashlib.sha256(f"{assignment.name} {place}".encode()).hexdigest()[:12]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {
        "kernelspec": kernel,
        "language_info": {"name": "python"},
        "autograder": {"assignment": assignment.name},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cells(assignment: Assignment, cell: Cell) -> Iterator[Json]:
    if "question" in cell.options:
        question = assignment.items[cell.options["question"]]
        assert isinstance(question, Question)
        yield from _question_cells(question)
    elif "task" in cell.options:
        yield _code(cell.source, _nbgrader(answer_id(cell.options["task"]), solution=True))
    elif "check" in cell.options:
        item = assignment.items[cell.options["check"]]
        # nbgrader adds up its maximum from the cells, so an extra cell has none; its points go into extra_credit.
        points = 0.0 if item.extra else item.points
        yield _code(cell.source, _nbgrader(item.id, grade=True, locked=True, points=points))
    elif "setup" in cell.options:
        yield _code(cell.source, _nbgrader("setup", locked=True))
    elif cell.options.get("tags") == "plot":
        name = "plot_" + hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        yield _code(cell.source, _nbgrader(name, locked=True))
    elif cell.kind == "markdown":
        yield _markdown(cell.source, {})
    else:
        yield _code(cell.source, {})


def _question_cells(question: Question) -> Iterator[Json]:
    yield _markdown(question_text(question), _nbgrader(f"{question.id}_stem", locked=True))
    if question.kind == "free":
        yield _markdown(EMPTY_TEXT, _nbgrader(question.id, grade=True, solution=True, points=question.points))
        return
    hints = {"single": "one letter in quotes", "multi": "letters in quotes, such as 'AB'", "numeric": "a number"}
    source = f"{question.id} = None  # {hints[question.kind]}"
    # Not marked as a solution: ClearSolutions would put the code stub in place of the line to fill in.
    yield _code(source, _nbgrader(answer_id(question.id)) | {"deletable": False})
    yield _code(f'check("{question.id}")', _nbgrader(question.id, grade=True, locked=True, points=question.points))


def question_text(question: Question) -> str:
    """The question as students read it, in Markdown."""
    points = f"{question.points:g} point{'' if question.points == 1 else 's'}"
    lines = [f"**Question {question.id.split('_')[0][1:]}.{question.id.split('_')[1]}** ({points})", "", question.stem]
    if question.options:
        lines += ["", *(f"- **{letter}**: {option.text}" for letter, option in question.lettered())]
    if question.rubric:
        lines += ["", "How it is graded:", ""]
        lines += [f"- {line.name} ({line.points:g}): {line.levels}" for line in question.rubric]
    return "\n".join(lines)


def _nbgrader(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None
) -> Json:
    marks = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": marks | ({"points": points} if points is not None else {})}


def _code(source: str, metadata: Json) -> Json:
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": source}


def _markdown(source: str, metadata: Json) -> Json:
    return {"cell_type": "markdown", "metadata": metadata, "source": source}
