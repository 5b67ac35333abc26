"""`autograder mark`: the results of single notebooks."""

from __future__ import annotations

from pathlib import Path

from autograder.marking.mark_files import course_to_mark_with, mark_files
from autograder.report.terminal import printable, result_text


def mark(course: Path | None, notebooks: list[Path], assignment: str | None, *, as_json: bool) -> int:
    """Mark each and print it as soon as it is marked. Raises AutograderError for those that can't be read."""
    for result in mark_files(course_to_mark_with(course, notebooks), notebooks, assignment):
        print(printable(result.to_json()) if as_json else result_text(result), flush=True)
    return 0
