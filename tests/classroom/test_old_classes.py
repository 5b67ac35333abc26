"""A class of before, whose frozen course has one `tasks.py` with the decorators of then, still grades."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from autograder.classroom.grading_run import grade
from autograder.classroom.new_class import new_class
from autograder.course.course import Course, load_course
from autograder.course.examples_task import ExamplesTask
from autograder.course.program import Program
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.course.task import Task
from tests.classes import SUMS, TINY, hand_in, tiny
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
PAIRS = """
# %% task="pairs"
def pairs():
    ### BEGIN SOLUTION
    return [([[1, 3]], [[2]])]
    ### END SOLUTION
# %% check="pairs"
check("pairs")
"""


@pytest.fixture
def old_course(tmp_path: Path) -> Course:
    """The tiny course as it was written before, with a task of examples."""
    root = Path(shutil.copytree(FIXTURES / "tiny_course", tmp_path / "old"))
    folder = root / "solutions" / TINY
    shutil.rmtree(folder / "tasks")
    shutil.copy(FIXTURES / "old_tasks.py", folder / "tasks.py")
    (folder / "notebook.py").write_text((folder / "notebook.py").read_text() + PAIRS)
    return load_course(root)


def told(program: Program) -> tuple[str, str, float | None, str]:
    return program.id, program.message, program.looseness, ast.dump(ast.parse(program.source))


def test_programs_are_read_as_they_are_in_files_of_today(old_course: Course, tiny_course: Course) -> None:
    for name in ("row_means", "Counter"):
        old, new = old_course.assignment(TINY).items[name], tiny_course.assignment(TINY).items[name]
        assert isinstance(old, Task)
        assert isinstance(new, Task)
        assert [told(program) for program in old.wrong_programs] == [told(program) for program in new.wrong_programs]
        assert [told(program)[3] for program in old.alternatives] == [told(program)[3] for program in new.alternatives]
    pairs = old_course.assignment(TINY).items["pairs"]
    assert isinstance(pairs, ExamplesTask)
    assert [program.id for program in (*pairs.wrong_programs, *pairs.alternatives)] == [
        "SUM_FOR_MEAN",
        "one telling pair",
    ]


def test_an_old_class_grades(old_course: Course, tmp_path: Path) -> None:
    root = tmp_path / "class"
    new_class(old_course, root)
    assert (root / "course" / "solutions" / TINY / "tasks.py").is_file()
    for student, answers in (("ada", {}), ("bob", {"row_means": SUMS})):
        hand_in(root, student, as_bytes(with_answers(solved(tiny(root)), answers)))
    report = grade(root, TINY)
    lost = report.results["bob"].item("row_means")
    assert (lost.points, lost.misconception) == (0, "SUM_FOR_MEAN")
    assert lost.message == "These are sums. Divide by the number of columns."
    assert report.results["ada"].item("row_means").points == 3
