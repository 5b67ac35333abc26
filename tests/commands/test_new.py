"""`autograder new`: a class that nbgrader's own commands can go on with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.classroom.new_class import new_class
from autograder.cli import main
from autograder.course.course import load_course
from autograder.errors import ClassError
from tests.classes import TINY
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

COURSE = ROOT / "tests" / "fixtures" / "tiny_course"
NBGRADER = Path(sys.executable).with_name("nbgrader")


def new(root: Path, *more: str) -> int:
    return main(["new", str(root), "--course", str(COURSE), *more])


def nbgrader(root: Path, *command: str) -> str:
    run = subprocess.run([NBGRADER, *command], cwd=root, capture_output=True, text=True, check=True)
    return run.stdout + run.stderr


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_class_says_what_is_made_and_what_to_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "Memory models 2027!"
    assert new(root) == 0
    said = capsys.readouterr().out
    assert f"making the release of {TINY} ..." in said
    assert "'Memory-models-2027'" in said
    assert f"cd '{root}'" in said
    roster = tmp_path / "students.csv"
    columns = next(word for word in said.split() if word.startswith("id,")).rstrip(";")
    roster.write_text(f"{columns}\nada,Ada,Lovelace,ada@example.org\n")
    nbgrader(root, "db", "student", "import", str(roster))
    assert "ada (Lovelace, Ada) -- ada@example.org" in nbgrader(root, "db", "student", "list")


def test_nbgrader_releases_into_the_exchange_that_was_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "class"
    assert new(root, "--exchange", "the exchange", "--course-id", "memory-2027") == 0
    said = capsys.readouterr().out
    (todo,) = [line for line in said.splitlines() if line.startswith("The exchange isn't there yet: ")]
    subprocess.run(todo.partition(": ")[2], shell=True, check=True)
    assert f"nbgrader release_assignment {TINY}" in said
    nbgrader(root, "release_assignment", TINY)
    released = tmp_path / "the exchange" / "memory-2027" / "outbound" / TINY
    assert names(released) == names(root / "release" / TINY)


@pytest.mark.parametrize("course_id", ["", "a/b", "../x", ".hidden", "two words", "*"])
def test_an_id_that_can_be_no_folder_of_the_exchange_is_refused(
    tmp_path: Path, course_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(tmp_path / "class", "--course-id", course_id) == 2
    assert "can't be a course id" in capsys.readouterr().err
    assert not (tmp_path / "class").exists()


def test_a_class_is_never_made_over_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "precious.txt").write_text("notes")
    assert new(tmp_path) == 2
    assert "isn't empty" in capsys.readouterr().err
    assert (tmp_path / "precious.txt").read_text() == "notes"


def test_what_stops_halfway_leaves_nothing_behind(tmp_path: Path) -> None:
    course = load_course(Path(shutil.copytree(COURSE, tmp_path / "course")))
    (tmp_path / "empty").mkdir()

    def stop(step: str) -> None:
        if "gradebook" in step:
            raise KeyboardInterrupt

    for name in ("empty", "fresh"):
        with pytest.raises(KeyboardInterrupt):
            new_class(course, tmp_path / name, progress=stop)
    assert not list((tmp_path / "empty").iterdir())
    assert not (tmp_path / "fresh").exists()


def test_a_place_where_no_folder_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ClassError, match="can't be made: Not a directory"):
        new_class(load_course(COURSE), tmp_path / "file" / "class")
