"""Where a class keeps the result and the graded notebook of a submission."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.classroom.submitted_files import HandedIn
from autograder.course.source_notebook import Json
from autograder.files import write_whole
from autograder.marking.result import Result


def result_path(root: Path, assignment: str, student: str) -> Path:
    """Where the result of a submission is kept."""
    return root / "results" / assignment / f"{student}.json"


def notebook_path(root: Path, assignment: str, student: str) -> Path:
    """Where nbgrader looks for the graded notebook."""
    return root / "autograded" / student / assignment / f"{assignment}.ipynb"


def write_result(root: Path, student: str, result: Result) -> None:
    """Write a result whole or not at all."""
    write_whole(result_path(root, result.assignment, student), f"{result.to_json()}\n")


def write_notebook(root: Path, assignment: str, handed_in: HandedIn, notebook: Json) -> None:
    """Write the graded notebook, and the time beside it by which nbgrader knows whether feedback is up to date."""
    path = notebook_path(root, assignment, handed_in.student)
    write_whole(path, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
    if handed_in.timestamp:
        write_whole(path.with_name("timestamp.txt"), f"{handed_in.timestamp.isoformat(' ')} UTC\n")
