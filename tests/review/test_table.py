"""The table of a class, for an instructor's own notebook."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas
import pytest

from autograder.errors import CourseError
from autograder.review import table
from autograder.review.dataframe import COLUMNS
from tests.classes import GRADED, TINY
from tests.nbgrader_commands import ROOT, environment
from tests.review.conftest import ODD, WORDS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def frame(graded_class: Path) -> pandas.DataFrame:
    return table(graded_class)


def test_there_is_a_row_for_each_student_and_item(frame: pandas.DataFrame) -> None:
    assert list(frame.columns) == list(COLUMNS)
    students = sorted(["ada", "ben", "lea", "nora", "paul", "ugo", ODD])
    assert list(frame.student) == [student for student in students for _ in GRADED]
    assert list(frame[frame.student == "ben"]["item"]) == list(GRADED)
    assert set(frame.assignment) == {TINY}
    assert dict(zip(frame["item"], frame.kind, strict=True))["Counter"] == "task"


def test_each_column_is_documented() -> None:
    assert table.__doc__
    assert [name for name in COLUMNS if f"`{name}`" not in table.__doc__] == []


def test_points_less_the_penalty_are_the_gradebooks(frame: pandas.DataFrame) -> None:
    by_student = frame.groupby("student")
    points = (by_student.points.sum() - by_student.late_penalty.first()).clip(lower=0)
    assert points.to_dict() == {"ada": 9, ODD: 9, "ben": 7.5, "lea": 0, "paul": 0, "nora": 0, "ugo": 0}
    assert set(by_student.max_points.sum()) == {12}


def test_what_was_not_given_is_missing_and_not_zero(frame: pandas.DataFrame) -> None:
    words = frame[frame["item"] == WORDS].set_index("student")
    assert words.points.dropna().to_dict() == {"ben": 2.5, "paul": 0.0}
    assert set(words.index[words.waits]) == {"ada", "lea", ODD}
    assert set(words.index[words.by_hand]) == {"ben"}
    assert words.loc["ben", "verdict"] == "needs_review"
    states = frame.groupby("student").state.first()
    assert (states["nora"], states["ugo"], states["lea"]) == ("missing", "ungraded", "graded")
    assert frame[frame.student == "nora"].points.isna().all()


def test_a_misconception_stands_where_it_was_found(frame: pandas.DataFrame) -> None:
    found = frame.dropna(subset=["misconception"])
    assert ("ben", "row_means", "SUM_FOR_MEAN") in set(
        found[["student", "item", "misconception"]].itertuples(index=False, name=None)
    )
    assert set(found.verdict) == {"misconception"}


def test_assignments_are_chosen_by_their_beginnings(graded_class: Path) -> None:
    assert len(table(str(graded_class), "01")) == len(table(graded_class, ["01_tiny"])) == 7 * len(GRADED)
    with pytest.raises(CourseError, match="There is no assignment '02'"):
        table(graded_class, ["02"])


def test_a_class_without_grades_is_an_empty_table(root: Path) -> None:
    found = table(root)
    assert found.empty
    assert found.dtypes.astype(str).to_dict() == COLUMNS


def test_without_pandas_the_report_works_and_the_table_says_what_to_install(graded_class: Path) -> None:
    program = (
        "import sys; sys.modules['pandas'] = None\n"  # how Python marks what can't be imported
        "from autograder.cli import main\n"
        f"assert main(['report', '--class', {str(graded_class)!r}]) == 0\n"
        "from autograder.review import table\n"
        f"table({str(graded_class)!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(graded_class), capture_output=True, text=True
    )
    assert "Who got what" in done.stdout
    assert "ClassError: A table needs the Python package pandas: `pip install pandas`." in done.stderr


def test_the_guide_has_each_column() -> None:
    guide = (ROOT / "course" / "instructor_guide.md").read_text(encoding="utf-8")
    columns = guide.partition("| column | what it says |")[2].partition("\n\n")[0]
    assert re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in columns.splitlines()[2:])) == list(COLUMNS)
