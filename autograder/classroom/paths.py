"""Where a class keeps the result, the graded notebook and the feedback of a submission."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.course.source_notebook import Json
from autograder.files import write_whole
from autograder.marking.result import Result


def result_path(root: Path, assignment: str, student: str) -> Path:
    """Where the result of a submission is kept."""
    return root / "results" / assignment / f"{student}.json"


def autograded_folder(root: Path, assignment: str, student: str) -> Path:
    """Where nbgrader looks for the graded notebook and what goes with it."""
    return root / "autograded" / student / assignment


def notebook_path(root: Path, assignment: str, student: str) -> Path:
    """Where nbgrader looks for the graded notebook."""
    return autograded_folder(root, assignment, student) / f"{assignment}.ipynb"


def feedback_folder(root: Path, assignment: str, student: str) -> Path:
    """Where nbgrader puts the feedback page and copies of what lies beside the graded notebook."""
    return root / "feedback" / student / assignment


def write_result(root: Path, student: str, result: Result) -> None:
    """Write a result whole or not at all."""
    write_whole(result_path(root, result.assignment, student), f"{result.to_json()}\n")


def write_notebook(root: Path, assignment: str, student: str, notebook: Json) -> None:
    """Write the graded notebook whole or not at all."""
    content = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    write_whole(notebook_path(root, assignment, student), content)
