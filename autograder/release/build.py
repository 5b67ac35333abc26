"""From `solutions/` to `exercises/`: for each assignment the student's notebook, `public.json` and `check.py`.

The notebook goes through nbgrader's own preprocessors, in the order of its `generate_assignment`: a class directory
that is configured with `RELEASE_CONFIG` makes the same file from the same source.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.answers.question import EMPTY_TEXT
from autograder.course.course import Assignment, Course
from autograder.course.source_notebook import Json, answer_id, grade_id_of, source_notebook
from autograder.errors import CourseError
from autograder.files import write_whole
from autograder.release.bundle import bundle
from autograder.release.json_differences import differences
from autograder.release.public_side import encode, public_side

STUB = 'raise NotImplementedError("Not written yet: put your code in place of this line.")'
RELEASE_CONFIG = {"ClearSolutions": {"code_stub": {"python": STUB}, "text_stub": EMPTY_TEXT}}
PUBLIC = "public.json"
KEPT = ("__pycache__", ".")  # what Jupyter and Python leave in a folder is no part of the release


def build(course: Course, exercises: Path) -> list[Path]:
    """Bring `exercises` up to date with the course; returns the files that were written or removed.

    Raises CourseError where a release can't be made; folders of the assignments before it are then up to date.
    """
    changed: list[Path] = []
    for name in course.names:
        folder = exercises / name
        files = release_files(course.assignment(name))
        for path in _strangers(folder, files):
            path.unlink()
            changed.append(path)
        for file, content in files.items():
            if _fault(folder / file, content):
                write_whole(folder / file, content)  # a release is copied to students
                changed.append(folder / file)
    return changed


def stale(course: Course, exercises: Path) -> list[str]:
    """A sentence for each file of `exercises` that isn't what `build` would make of the course; [] if all are."""
    found: list[str] = []
    for name in course.names:
        files = release_files(course.assignment(name))
        for file, content in files.items():
            if fault := _fault(exercises / name / file, content):
                found.append(f"{exercises / name / file} {fault}")
        found += [f"{path} is no part of the release." for path in _strangers(exercises / name, files)]
    folders = sorted(path for path in exercises.glob("*/") if not path.name.startswith(KEPT))
    found += [f"{path} belongs to no assignment: delete it." for path in folders if path.name not in course.names]
    return found


def release_files(assignment: Assignment) -> dict[str, bytes]:
    """What students get: the content of each file by its name."""
    return {f"{assignment.name}.ipynb": _notebook_bytes(release_notebook(assignment)), **_companions(assignment)}


def source_files(assignment: Assignment) -> dict[str, bytes]:
    """What an instructor puts into `source/<assignment>/` of an nbgrader class: the notebook holds the solutions."""
    return {f"{assignment.name}.ipynb": _notebook_bytes(source_notebook(assignment)), **_companions(assignment)}


def release_notebook(assignment: Assignment) -> Json:
    """The student's notebook as plain JSON. Raises CourseError where a task's stub is no valid definition."""
    from nbformat import from_dict
    from nbgrader import preprocessors as steps
    from traitlets.config import Config

    order = (
        *(steps.LockCells, steps.ClearSolutions, steps.ClearOutput, steps.CheckCellMetadata, steps.ComputeChecksums),
        *(steps.ClearHiddenTests, steps.ClearMarkScheme, steps.ComputeChecksums, steps.CheckCellMetadata),
    )
    notebook = from_dict(source_notebook(assignment))
    for step in order:
        notebook, _ = step(config=Config(RELEASE_CONFIG)).preprocess(notebook, {})
    released: Json = json.loads(json.dumps(notebook))
    _check_stubs(assignment, released)
    return released


def _check_stubs(assignment: Assignment, notebook: Json) -> None:
    """Without a solution region nbgrader would take the whole cell away, the signature included."""
    cells = {grade_id_of(cell): cell["source"] for cell in notebook["cells"]}
    for task in assignment.tasks:
        try:
            tree = ast.parse(cells[answer_id(task.id)])
        except SyntaxError as error:
            raise CourseError(f"{assignment.name}: without its solution the cell of {task.id} is no Python") from error
        if task.id not in {getattr(statement, "name", None) for statement in tree.body}:
            raise CourseError(
                f"{assignment.name}: the cell of {task.id} needs a region ### BEGIN SOLUTION ... ### END SOLUTION "
                "inside the definition, so that its first line stays"
            )


def _companions(assignment: Assignment) -> dict[str, bytes]:
    return {PUBLIC: _as_text(encode(public_side(assignment))).encode(), "check.py": _check_file().encode()}


def _as_text(record: Any) -> str:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace('{"is":', '\n{"is":').lstrip("\n") + "\n"  # so that a difference shows where it is


@lru_cache(maxsize=1)
def _check_file() -> str:
    return bundle()


def _notebook_bytes(notebook: Json) -> bytes:
    from nbformat import from_dict, writes

    text: str = writes(from_dict(notebook), version=4)
    return (text + "\n").encode()


def _strangers(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    if not folder.is_dir():
        return []
    others = (path for path in folder.iterdir() if path.is_file() and path.name not in files)
    return sorted(path for path in others if not path.name.startswith(KEPT))


def _fault(path: Path, content: bytes) -> str:
    """What is wrong with the file at `path`, as a sentence without its subject; "" if it is as good as `content`."""
    if not path.is_file():
        return "is missing."
    held = path.read_bytes()
    if held == content:
        return ""
    stale = f"isn't what solutions/{path.parent.name} gives now"
    return f"{stale}." if path.name != PUBLIC else _public_fault(held, content, stale)


def _public_fault(held: bytes, content: bytes, stale: str) -> str:
    """The last digits of what was computed are the processor's, so they are no fault."""
    try:
        record = json.loads(held)
    except ValueError:
        return f"{stale}."
    places = list(differences(record, json.loads(content)))
    if places:
        count = "one value differs" if len(places) == 1 else f"{len(places)} values differ, the first"
        return f"{stale}: {count} at {places[0]}."
    return "" if _as_text(record).encode() == held else f"{stale}."
