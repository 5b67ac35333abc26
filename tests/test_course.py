"""Loading a course: what is written is what there is, and what contradicts itself is said in one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.course import Course, find_course, load_course
from autograder.errors import CourseError
from autograder.percent import read_percent
from autograder.question import Question
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
        ("01_tiny/tasks.py", "points=3,", "points=5,", "add up to 3"),
        ("01_tiny/tasks.py", 'case("one column"', 'case("integers"', "same name"),
        ("01_tiny/tasks.py", ", public=True)", ")", "no case is public"),
        ("01_tiny/tasks.py", '"WRONG_AXIS"', '"SUM_FOR_MEAN"', "listed twice"),
        ("01_tiny/tasks.py", 'part="integers"', 'part="whole numbers"', "no case belongs to the part 'integers'"),
        ("01_tiny/notebook.py", '# %% check="row_means"', '# %% check="row_mean"', "'row_mean'"),
        ("01_tiny/notebook.py", '# %% task="row_means"', '# %% task="other"', "no solution cell"),
        ("01_tiny/questions.yaml", "stem:", "steam:", "stem"),
    ],
)
def test_what_contradicts_itself_is_said(copy: Path, file: str, old: str, new: str, says: str) -> None:
    spoil(copy, file, old, new)
    with pytest.raises(CourseError, match=says):
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
