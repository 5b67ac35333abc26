"""`autograder mark`: the results of single notebooks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.marking.mark_files import course_to_mark_with, mark_files
from autograder.report.result_text import result_text
from autograder.report.terminal import json_line


def mark(course: Path | None, notebooks: Sequence[str], assignment: str | None, *, as_json: bool) -> int:
    """Mark each and print it as soon as it is marked; the exit code is 1 if one couldn't be marked."""
    unmarked = 0
    for result in mark_files(course_to_mark_with(course, notebooks), notebooks, assignment):
        print(json_line(result.to_json()) if as_json else result_text(result), flush=True)
        unmarked += not result.items
    if unmarked:
        print(f"autograder: {unmarked} of {len(notebooks)} couldn't be marked; the notes say why.", file=sys.stderr)
    return 1 if unmarked else 0
