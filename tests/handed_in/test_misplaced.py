"""Submissions that lie in another place are told, each with a command that mends it, and nothing is passed over."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course.course import Course
from autograder.handed_in.layout import Layout
from autograder.handed_in.misplaced import meant
from autograder.handed_in.submissions import find_submissions
from tests.classes import TINY
from tests.handed_in.classes import UTC, Notebooks, find, sought

NAME = f"{TINY}.ipynb"


def put(root: Path, *places: str, data: bytes) -> None:
    for place in places:
        (root / "submitted" / place).parent.mkdir(parents=True, exist_ok=True)
        (root / "submitted" / place).write_bytes(data)


@pytest.mark.parametrize("place", [f"{TINY}/ada/{NAME}", f"ada/{NAME}"])
def test_what_has_another_in_its_place_is_left_to_a_person(tmp_path: Path, tiny_course: Course, place: str) -> None:
    put(tmp_path, place, f"ada/{TINY}/{NAME}", data=Notebooks(tiny_course).finished)
    found, notes = find(tmp_path, tiny_course)
    assert [one.student for one in found] == ["ada"]
    assert all("mv " not in note for note in notes)
    if place.startswith(TINY):
        (note,) = notes
        assert "decide which one counts, and move the other away." in note


@pytest.mark.parametrize(
    ("place", "student"),
    [
        (f"ada/01_Tiny/{NAME}", "ada"),
        (f"ada/{TINY} (1)/{NAME}", "ada"),
        (f"ada/01-tiny/{NAME}", "ada"),
        ("ada/01 tny/notebook.ipynb", "ada"),
        ("ada/homework/notebook.ipynb", "ada"),
        ("ada/01/notebook.ipynb", "ada"),
        (f"{TINY}/ada/{NAME}", "ada"),
        (f"01-Tiny/ada/{NAME}", "ada"),
        (f"{TINY}/ada.ipynb", "ada"),
        (f"ada/{NAME}", "ada"),
        ("o'hara $x/my work.ipynb", "o'hara $x"),
        ("ada.ipynb", "ada"),
        ("ada.ipynb.txt", "ada"),
        (NAME, "STUDENT"),
        (f"download/ada/{TINY}/{NAME}", "ada"),
    ],
)
def test_the_command_that_is_told_mends_it(tmp_path: Path, tiny_course: Course, place: str, student: str) -> None:
    put(tmp_path, place, data=Notebooks(tiny_course).finished)
    found, notes = find(tmp_path, tiny_course)
    assert found == []
    assert notes[0].startswith("Nothing was graded: no submission was found.")
    (note,) = notes[1:]
    assert "was not graded: " in note
    command = note[min(at for at in map(note.find, (" mkdir -p ", " mv ")) if at >= 0) :]
    subprocess.run(command, shell=True, cwd=tmp_path, check=True)
    (one,), notes = find(tmp_path, tiny_course)
    assert (one.student, notes) == (student, [])
    assert one.notebook is not None


def test_archives_are_left_to_collect(tmp_path: Path, tiny_course: Course) -> None:
    put(tmp_path, "all of it.zip", "ada/ada.zip", data=b"PK\3\4")
    _, notes = find(tmp_path, tiny_course)
    assert notes[1:] == [
        "'submitted/all of it.zip' was not looked into: it is an archive. autograder collect 'submitted/all of it.zip'",
        "'submitted/ada/ada.zip' was not looked into: it is an archive. autograder collect submitted/ada/ada.zip",
    ]


def test_what_is_in_order_or_nobodys_submission_is_not_spoken_of(tmp_path: Path, tiny_course: Course) -> None:
    notebooks = Notebooks(tiny_course)
    put(tmp_path, f"ada/{TINY}/{NAME}", "ada/draft.ipynb", data=notebooks.finished)
    put(tmp_path, "grades.csv", ".DS_Store", "__MACOSX/ada/01-tiny/x.ipynb", "bob/notes.txt", data=b"x")
    put(tmp_path, "bob/sketches/x.ipynb", data=notebooks.scratch)
    (tmp_path / "submitted" / "eve").mkdir()
    (tmp_path / "submitted" / "tim" / "sub").mkdir(parents=True)
    (tmp_path / "submitted" / "link").symlink_to(tmp_path / "submitted" / "ada")
    (tmp_path / "submitted" / "tim" / "link.ipynb").symlink_to(tmp_path / "submitted" / "grades.csv")
    found, notes = find(tmp_path, tiny_course)
    assert [one.student for one in found] == ["ada"]
    assert notes == ["submitted/'link' can't be graded: it is a link, and links aren't followed. Copy the files there."]


def test_nothing_at_all_is_no_success(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    assert main(["grade", TINY]) == 1
    said = capsys.readouterr().out
    assert (
        f"{TINY}: Nothing was graded: no submission was found. They are looked for in submitted/STUDENT/{TINY}/."
        in said
    )
    (root / "submitted").rmdir()
    assert main(["grade", TINY, "--json"]) == 1
    assert "Nothing was graded: there is no folder submitted." in capsys.readouterr().out


def test_another_layout_is_obeyed(tmp_path: Path, tiny_course: Course) -> None:
    layout = Layout(tmp_path, "in", "{nbgrader_step}/{assignment_id}/s-{student_id}/work", left_out=("bob",))
    finished = Notebooks(tiny_course).finished
    for student in ("s-ada", "s-bob", "eve"):
        path = tmp_path / "in" / TINY / student / "work" / NAME
        path.parent.mkdir(parents=True)
        path.write_bytes(finished)
    found, notes = find_submissions(layout, sought(tiny_course), UTC)
    assert [(one.student, one.folder) for one in found] == [("ada", tmp_path / "in" / TINY / "s-ada" / "work")]
    assert notes == ["Left out, as c.CourseDirectory.student_id_exclude says: 'bob'."]


COURSE = ("01_tiny", "02_cumulative_average", "03_recency")


@pytest.mark.parametrize(
    ("name", "strictly", "loosely"),
    [
        ("02_Cumulative_Average", COURSE[1], COURSE[1]),
        ("02-cumulative-average (1)", COURSE[1], COURSE[1]),
        ("Copy of 02_cumulative_average", COURSE[1], COURSE[1]),
        ("02_cumulativ_average", COURSE[1], COURSE[1]),
        ("cumulative average", COURSE[1], COURSE[1]),
        ("02", None, COURSE[1]),
        ("recency", COURSE[2], COURSE[2]),
        ("0", None, None),
        ("ada", None, None),
        ("", None, None),
        ("é" * 5000, None, None),
    ],
)
def test_a_name_is_meant_for_the_one_assignment_that_it_is_like(
    name: str, strictly: str | None, loosely: str | None
) -> None:
    assert (meant(name, COURSE), meant(name, COURSE, loosely=True)) == (strictly, loosely)
