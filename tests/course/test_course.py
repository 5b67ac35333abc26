"""Loading a course: what is written is what there is, and what contradicts itself is said in one sentence."""

from __future__ import annotations

import ast
import shutil
import sys
from pathlib import Path

import pytest

from autograder.answers.question import Question
from autograder.course.course import Course, find_course, load_course
from autograder.course.notebook_py import read_percent
from autograder.course.program import Program
from autograder.course.task import Task
from autograder.errors import CourseError
from tests.conftest import ROOT

TINY = ROOT / "tests" / "fixtures" / "tiny_course"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tiny course to spoil."""
    return Path(shutil.copytree(TINY, tmp_path / "course"))


def spoil(course: Path, file: str, old: str, new: str) -> None:
    path = course / "solutions" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_items_come_in_the_order_of_the_notebook(tiny_course: Course) -> None:
    items = tiny_course.assignment("01_tiny").items
    assert next(iter(items)) == "row_means"
    assert isinstance(items["q1_1_number"], Question)
    assert tiny_course.assignment("01_tiny").max_points == sum(item.points for item in items.values())


def test_a_course_is_found_from_a_folder_inside_it() -> None:
    assert find_course(TINY / "solutions" / "01_tiny").root == TINY


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("course.yaml", "mode: graded", "mode: strict", "practice"),
        ("01_tiny/tasks/row_means.py", "points=3,", "points=5,", "add up to 3"),
        ("01_tiny/tasks/row_means.py", 'case("one column"', 'case("integers"', "same name"),
        ("01_tiny/tasks/row_means.py", ", public=True)", ")", "no case is public"),
        ("01_tiny/tasks/row_means.py", 'part="integers"', 'part="whole numbers"', "no case belongs to .* 'integers'"),
        ("01_tiny/tasks/row_means.py", "def WRONG_AXIS", "def SUM_FOR_MEAN", "two programs are called SUM_FOR_MEAN"),
        ("01_tiny/tasks/row_means.py", "def np_mean", "def WRONG_AXIS", "two programs are called WRONG_AXIS"),
        ("01_tiny/tasks/row_means.py", '"""Right values', 'f"""Right values', "MUTATES_INPUT has no docstring"),
        ("01_tiny/tasks/row_means.py", "    x *= 0", "    MUTATES_INPUT = 0", "MUTATES_INPUT uses its own name"),
        ("01_tiny/tasks/row_means.py", "def np_mean(x):", "def np_mean(np_mean):", "np_mean uses its own name"),
        ("01_tiny/tasks/Counter.py", '"Counter",', '"row_means",', "two sheets are called 'row_means'"),
        ("01_tiny/notebook.py", '# %% check="row_means"', '# %% check="row_mean"', "'row_mean'"),
        ("01_tiny/notebook.py", '# %% task="row_means"', '# %% task="other"', "no solution cell"),
        ("01_tiny/questions.yaml", "stem:", "steam:", "stem"),
    ],
)
def test_what_contradicts_itself_is_said(copy: Path, file: str, old: str, new: str, says: str) -> None:
    spoil(copy, file, old, new)
    with pytest.raises(CourseError, match=says):
        load_course(copy).assignment("01_tiny")


def test_a_program_is_handed_in_under_the_name_of_its_task(tiny_course: Course) -> None:
    task = tiny_course.assignment("01_tiny").items["Counter"]
    assert isinstance(task, Task)
    forgets, shared = task.wrong_programs
    assert (forgets.id, forgets.message) == ("FORGETS", "Only the last number came back: add it to the count so far.")
    assert forgets.source == ast.unparse(ast.parse("class Counter:\n    def add(self, k):\n        return k"))
    assert "Counter.total += k" in shared.source
    assert "SHARED_STATE" not in shared.source


def test_a_message_may_take_several_lines_and_be_all_there_is(copy: Path) -> None:
    path = copy / "solutions" / "01_tiny" / "tasks" / "row_means.py"
    more = '@row_means_task.wrong(looseness=0.1)\ndef NOTHING(x):\n    """Nothing\n    came   back."""\n'
    path.write_text(f"{path.read_text()}\n\n{more}")
    task = load_course(copy).assignment("01_tiny").items["row_means"]
    assert isinstance(task, Task)
    assert task.wrong_programs[-1] == Program("NOTHING", "def row_means(x):\n    pass", "Nothing came back.", 0.1)


def test_tasks_share_inputs_and_courses_side_by_side_share_nothing(tmp_path: Path) -> None:
    before = set(sys.modules)
    for number in (1.0, 2.0):
        tasks = shutil.copytree(TINY, tmp_path / str(number)) / "solutions" / "01_tiny" / "tasks"
        (tasks / "inputs.py").write_text(f"import numpy as np\n\nFIRST = np.array([[{number}]])\n")
        text = (tasks / "row_means.py").read_text().replace("np.array([[7.25], [3.125], [0.375]])", "FIRST")
        (tasks / "row_means.py").write_text(f"from .inputs import FIRST\n\n{text}")
    for number in (1.0, 2.0):
        task = load_course(tmp_path / str(number)).assignment("01_tiny").items["row_means"]
        assert isinstance(task, Task)
        assert task.expected["one column"].values[0].tolist() == [number]
    assert not {name for name in set(sys.modules) - before if "inputs" in name or "row_means" in name}


def test_an_assignment_without_tasks_is_said(copy: Path) -> None:
    shutil.rmtree(copy / "solutions" / "01_tiny" / "tasks")
    with pytest.raises(CourseError, match="tasks is missing: a folder with one file for each task"):
        load_course(copy).assignment("01_tiny")


def test_unknown_limits_and_broken_yaml_are_said(copy: Path) -> None:
    settings = copy / "solutions" / "course.yaml"
    settings.write_text("title: T\nlimits: {seconds: 5}\n")
    with pytest.raises(CourseError, match="cell_seconds"):
        load_course(copy)
    settings.write_text("title: [")
    with pytest.raises(CourseError, match="isn't valid YAML"):
        load_course(copy)


def test_a_course_without_assignments_is_said(copy: Path) -> None:
    shutil.rmtree(copy / "solutions" / "01_tiny")
    with pytest.raises(CourseError, match="no assignment"):
        load_course(copy)


def test_percent_cells_keep_their_text_and_options() -> None:
    prose = '# %% [markdown] question="q1"\n#\n# # Title\n#     code\n'
    text = f'lead\n{prose}# %% task="f" x="y"\ndef f():\n    # %d\n    pass\n'
    first, second = read_percent(text)
    assert (first.kind, first.source, first.options) == ("markdown", "# Title\n    code", {"question": "q1"})
    assert (second.kind, second.source) == ("code", "def f():\n    # %d\n    pass")
    assert second.options == {"task": "f", "x": "y"}
