"""`autograder grade`: which assignments it takes, and what its exit code says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.class_directory.frozen_course import class_course
from autograder.classroom.new_class import new_class
from autograder.cli import main
from autograder.course.course import load_course
from autograder.course.solved_notebook import as_bytes, solved
from tests.classes import TINY, hand_in
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

NAMES = ("01_tiny", "02_tidy", "02_tiny")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of a course with three assignments, two of which begin alike."""
    folder = tmp_path_factory.mktemp("three")
    course = folder / "course"
    shutil.copytree(ROOT / "tests" / "fixtures" / "tiny_course", course)
    for name in NAMES[1:]:
        shutil.copytree(course / "solutions" / TINY, course / "solutions" / name)
    new_class(load_course(course), folder / "class")
    return folder / "class"


@pytest.fixture
def filled(three: Path, tmp_path: Path) -> Path:
    """The class, where one student handed in two of the assignments."""
    root = Path(shutil.copytree(three, tmp_path / "class"))
    for name in NAMES[:2]:
        hand_in(root, "ada", as_bytes(solved(class_course(root).assignment(name))), assignment=name)
    return root


def test_all_assignments_are_graded_where_none_is_named(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "--class", str(filled)]) == 0
    said = capsys.readouterr().out
    assert f"Grading all 3 assignments: {', '.join(NAMES)}." in said
    assert said.index("01_tiny: 1 graded") < said.index("02_tidy: 1 graded") < said.index("02_tiny: Nothing was graded")


def test_several_assignments_are_reported_one_object_a_line(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "02_tid", "01", "01_tiny", "--class", str(filled), "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(record["assignment"], record["graded"]) for record in records] == [("02_tidy", ["ada"]), (TINY, ["ada"])]


def test_an_assignment_is_known_by_a_beginning_that_only_it_has(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", "02", "--class", str(filled)]) == 2
    assert "Several assignments begin with '02': 02_tidy, 02_tiny." in capsys.readouterr().err
    assert main(["grade", "03", "--class", str(filled)]) == 2
    assert f"There is no assignment '03'. There are: {', '.join(NAMES)}." in capsys.readouterr().err
    assert not (filled / "results").exists()


def test_a_named_assignment_of_which_nothing_was_handed_in_is_no_success(
    three: Path, filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", "01", "02_tiny", "--class", str(filled)]) == 1
    assert "02_tiny: Nothing was graded: no submission was found" in capsys.readouterr().out
    assert main(["grade", "--class", str(three)]) == 1


def test_a_folder_that_is_no_class_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "--class", str(tmp_path)]) == 2
    assert "autograder new DIR" in capsys.readouterr().err
