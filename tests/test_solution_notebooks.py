"""Each solved notebook runs from top to bottom in plain nbclient, beside what its release holds."""

from __future__ import annotations

from pathlib import Path

import nbclient
import nbformat
import pytest

from autograder.check.question import Question
from autograder.course.course import Course, load_course
from autograder.course.solved_notebook import solved
from autograder.release.build import release_files
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

NAMES = load_course(ROOT).names


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_without_an_error_or_a_warning(course: Course, tmp_path: Path, name: str) -> None:
    assignment = course.assignment(name)
    for file, content in release_files(assignment).items():
        (tmp_path / file).write_bytes(content)
    notebook = nbformat.from_dict(solved(assignment))
    nbclient.NotebookClient(
        notebook, timeout=600, startup_timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    texts = [output.data.get("text/plain", "") for output in outputs if "data" in output]
    checks = [text for text in texts if text.startswith(("✓", "✎"))]
    free = [item for item in assignment.items.values() if isinstance(item, Question) and item.kind == "free"]
    assert len(checks) == len(assignment.items) - len(free)
