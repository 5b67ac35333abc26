"""Make submissions out of a course's own notebook: for proving the grader, for the demo, for tests."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping

from autograder.answers.question import Question
from autograder.course.course import Assignment
from autograder.course.source_notebook import Json, answer_id, grade_id_of, source_notebook


def solved(assignment: Assignment) -> Json:
    """The notebook of a student who gets everything right: the course's solutions, keys and model answers."""
    answers = {question.id: right_answer(question) for question in assignment.questions}
    return with_answers(source_notebook(assignment), answers)


def solution(assignment: Assignment, id: str) -> str:
    """The text of the cell that solves the task `id`."""
    return next(cell.source for cell in assignment.cells if cell.options.get("task") == id)


def right_answer(question: Question) -> str:
    """The text of an answer cell (or, for a free question, the text itself) that gets full marks."""
    if question.kind == "free":
        return question.model
    value = question.answer if question.kind == "numeric" else "".join(question.key)
    return f"{question.id} = {value!r}"


def with_answers(notebook: Json, answers: Mapping[str, str]) -> Json:
    """A copy of `notebook` with other texts in the answer cells of the named items."""
    changed = copy.deepcopy(notebook)
    places = {grade_id_of(cell): cell for cell in changed["cells"]}
    for item, text in answers.items():
        cell = places.get(answer_id(item)) or places[item]
        cell["source"] = text
    return changed


def as_bytes(notebook: Json) -> bytes:
    """The notebook as Jupyter would save it."""
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode()
