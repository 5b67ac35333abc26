"""Each solved notebook, and each exercise as handed out, runs to its end in plain nbclient, beside its release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

from autograder.answers.question import Question
from autograder.course.course import Assignment, Course, load_course
from autograder.course.solved_notebook import solved
from autograder.course.source_notebook import Json
from autograder.release.build import release_files, release_notebook
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

NAMES = load_course(ROOT).names


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_without_an_error_or_a_warning(course: Course, tmp_path: Path, name: str) -> None:
    assignment = course.assignment(name)
    outputs = _outputs(assignment, solved(assignment), tmp_path)
    assert not [output for output in outputs if "This cell waits" in output.get("text", "")]
    texts = [output.data.get("text/plain", "") for output in outputs if "data" in output]
    checks = [text for text in texts if text.startswith(("✓", "✎"))]
    free = [item for item in assignment.items.values() if isinstance(item, Question) and item.kind == "free"]
    assert len(checks) == len(assignment.items) - len(free)


@pytest.mark.parametrize("name", NAMES)
def test_untouched_it_runs_to_its_end(course: Course, tmp_path: Path, name: str) -> None:
    assignment = course.assignment(name)
    outputs = _outputs(assignment, release_notebook(assignment), tmp_path)
    checks = [output.data["text/plain"] for output in outputs if output.output_type == "execute_result"]
    assert checks
    assert all(text.startswith(("○", "✎")) for text in checks)


def _outputs(assignment: Assignment, cells: Json, folder: Path) -> list[Any]:
    """What the cells put out, beside what the release holds; none of it is an error or a warning."""
    for file, content in release_files(assignment).items():
        (folder / file).write_bytes(content)
    notebook = nbformat.from_dict(cells)
    nbclient.NotebookClient(
        notebook, timeout=600, startup_timeout=300, resources={"metadata": {"path": str(folder)}}
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    return outputs
