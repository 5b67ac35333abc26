"""Where a class keeps the result, the graded notebook and the feedback of a submission."""

from __future__ import annotations

from pathlib import Path


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
