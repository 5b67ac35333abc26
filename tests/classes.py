"""Classes of the tiny course for the tests, and what gets handed in to them."""

from __future__ import annotations

import copy
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.answers.question import EMPTY_TEXT
from autograder.class_directory.frozen_course import class_course
from autograder.classroom.new_class import new_class
from autograder.course.course import Assignment, Course, load_course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.course.source_notebook import Json, grade_id_of

TINY = "01_tiny"
GRADED = ("row_means", "Counter", "q1_1_number", "q1_2_one", "q1_3_many", "q1_4_words")
SUMS = "def row_means(x):\n    return x.sum(axis=1)"


def tiny(root: Path) -> Assignment:
    return class_course(root).assignment(TINY)


def hand_in(root: Path, student: str, data: bytes, name: str | None = None, assignment: str = TINY) -> Path:
    path = root / "submitted" / student / assignment / (name or f"{assignment}.ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def by_id(notebook: Json, grade_id: str) -> Json:
    """The only cell with the id."""
    cells: list[Json] = notebook["cells"]
    (cell,) = [cell for cell in cells if grade_id_of(cell) == grade_id]
    return cell


def damaged(assignment: Assignment) -> dict[str, bytes]:
    """Submissions by what is odd about them; the first is in order."""
    good = solved(assignment)

    def changed(change: Callable[[list[Json]], object]) -> bytes:
        notebook = copy.deepcopy(good)
        change(notebook["cells"])
        return as_bytes(notebook)

    def without(*ids: str) -> bytes:
        keep = [cell for cell in good["cells"] if grade_id_of(cell) not in ids]
        return as_bytes(good | {"cells": keep})

    def forge(cells: list[Json]) -> None:
        marks = by_id({"cells": cells}, "row_means")["metadata"]["nbgrader"]
        marks.update(points=1000, locked=False, schema_version=99, grade=False)

    def as_markdown(cells: list[Json]) -> None:
        by_id({"cells": cells}, "Counter").update(cell_type="markdown")

    def text_below(cells: list[Json]) -> None:
        by_id({"cells": cells}, "q1_4_words")["source"] = EMPTY_TEXT
        cells.append({"cell_type": "markdown", "metadata": {}, "source": "A mean can be far from everybody."})

    def fixed_cells(cells: list[Json]) -> None:
        for id in ("setup", "row_means", "q1_4_words_stem"):
            by_id({"cells": cells}, id)["source"] += "\nmine = 1"

    nonsense: Any = [7, {}, {"cell_type": "raw", "source": ["<b>", 3]}]
    return {
        "in order": as_bytes(good),
        "wrong": as_bytes(with_answers(good, {"row_means": SUMS, "q1_2_one": "q1_2_one = 'C'"})),
        "empty file": b"",
        "no notebook": b"\x89PNG\r\n",
        "cut off": as_bytes(good)[:1500],
        "no cells": as_bytes(good | {"cells": []}),
        "old format": as_bytes({"worksheets": [{"cells": good["cells"]}], "nbformat": 3, "metadata": {}}),
        "byte order mark": b"\xef\xbb\xbf" + as_bytes(good),
        "copied cells": changed(lambda cells: cells.extend(copy.deepcopy(cells[:12]))),
        "deleted checks": without("row_means", "Counter", "q1_1_number", "q1_4_words"),
        "deleted answers": without("row_means_answer", "q1_1_number_answer", "setup"),
        "backwards": changed(lambda cells: cells.reverse()),
        "forged marks": changed(forge),
        "another type": changed(as_markdown),
        "nonsense cells": changed(lambda cells: cells.extend(nonsense)),
        "text below its cell": changed(text_below),
        "fixed cells changed": changed(fixed_cells),
    }


def rows(root: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(root / "gradebook.db") as database:
        found = database.execute(query).fetchall()
    database.close()
    return found


GRADES = """
    select submitted_assignment.student_id, base_cell.name,
        grade.auto_score, grade.manual_score, grade.needs_manual_grade
    from grade join base_cell on base_cell.id = grade.cell_id
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    order by 1, 2"""
COMMENTS = """
    select submitted_assignment.student_id, base_cell.name, comment.auto_comment, comment.manual_comment
    from comment join base_cell on base_cell.id = comment.cell_id
    join submitted_notebook on submitted_notebook.id = comment.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    order by 1, 2"""
CELLS = """
    select 'grade', name, max_score, cell_type, null, null
        from base_cell join grade_cells on grade_cells.id = base_cell.id
    union select 'solution', name, null, null, null, null
        from base_cell join solution_cells on solution_cells.id = base_cell.id
    union select 'source', name, locked, cell_type, source, checksum from source_cell
    union select 'notebook', notebook.name, null, kernelspec, assignment.name, course_id
        from notebook join assignment on assignment.id = notebook.assignment_id
    order by 1, 2"""


def points(root: Path) -> dict[str, float]:
    """Each student's points in the gradebook."""
    found: dict[str, float] = {}
    for student, _, score, *_ in rows(root, GRADES):
        found[str(student)] = found.get(str(student), 0.0) + (score if isinstance(score, (int, float)) else 0.0)
    return found


def class_with_extra_credit(course: Course, place: Path) -> Path:
    """A class of the tiny course, in which the points of one task are extra."""
    shutil.copytree(course.root, place / "extra")
    tasks = place / "extra" / "solutions" / TINY / "tasks" / "Counter.py"
    tasks.write_text(tasks.read_text().replace('    "Counter",\n', '    "Counter",\n    extra=True,\n'))
    new_class(load_course(place / "extra"), place / "class")
    return place / "class"
