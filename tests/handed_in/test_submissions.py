"""What lies in submitted/: odd folders, links and names are noted, and none stops the class."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.classroom.grading_run import grade
from autograder.classroom.worker import read
from autograder.course.course import Course
from autograder.handed_in.hand_in_time import ExchangeTimes
from autograder.handed_in.layout import Layout
from autograder.handed_in.listing import MOST_FILES
from autograder.handed_in.submissions import HandedIn, look_at
from autograder.handed_in.which_notebook import Sought
from tests.classes import TINY, hand_in, points
from tests.handed_in.classes import Notebooks, find


def test_odd_folders_are_noted_and_links_are_not_followed(
    root: Path, good: bytes, tmp_path: Path, tiny_course: Course
) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(good)
    hand_in(root, "renamed", good, "my homework.ipynb")
    hand_in(root, "nested", good, f"folder/in folder/{TINY}.ipynb")
    hand_in(root, "several", good, "one.ipynb")
    hand_in(root, "several", Notebooks(tiny_course).other_answers, "two.ipynb")
    hand_in(root, "extra", good)
    hand_in(root, "extra", b"raise SystemExit", "numpy.py")
    hand_in(root, "time", good)
    hand_in(root, "time", b"yesterday, I think", "timestamp.txt")
    (root / "submitted" / "nothing" / TINY).mkdir(parents=True)
    (root / "submitted" / "other" / "02_other").mkdir(parents=True)
    (root / "submitted" / "linked" / TINY).mkdir(parents=True)
    (root / "submitted" / "linked" / TINY / f"{TINY}.ipynb").symlink_to(secret)
    (root / "submitted" / "pipe" / TINY).mkdir(parents=True)
    os.mkfifo(root / "submitted" / "pipe" / TINY / f"{TINY}.ipynb")
    (root / "submitted" / "whole").symlink_to(root / "submitted" / "extra")
    hand_in(root, "bad\nname", good)
    hand_in(root, "no text", good, os.fsdecode(b"\xff.ipynb"))
    hand_in(root, "a file", good).parent.rename(root / "submitted" / "moved")
    (root / "submitted" / "a file" / TINY).write_text("")
    hand_in(root, "x" * 200, good)
    report = grade(root, TINY)
    said = {student: " ".join(problems) for student, problems in report.problems.items()}
    assert "01_tiny.ipynb was expected; 'my homework.ipynb' was taken in its place." in said["renamed"]
    assert "'folder/in folder/01_tiny.ipynb' was taken" in said["nested"]
    assert "it can't be told which of these it should be: 'one.ipynb', 'two.ipynb'" in said["several"]
    assert "Other files were handed in and aren't graded: 'numpy.py'." in said["extra"]
    assert "timestamp.txt holds no time" in said["time"]
    assert "Nothing was handed in" in said["nothing"]
    assert "is a link, and links aren't followed" in said["linked"]
    assert "Nothing was handed in" in said["pipe"]
    assert "'\\udcff.ipynb' was taken" in said["no text"]
    full = ("renamed", "nested", "extra", "time", "no text")
    assert {student: 9.0 if student in full else 0.0 for student in said} == points(root)
    assert report.results["nothing"].item("row_means").verdict == "not_attempted"
    assert report.notes == (
        "submitted/'a file' can't be graded: it can't be read: Not a directory.",
        "submitted/'bad\\nname' can't be graded: its name has characters that nbgrader can't take in a student's id. "
        "Rename the folder.",
        "submitted/'whole' can't be graded: it is a link, and links aren't followed. Copy the files there.",
        f"submitted/'{'x' * 100}...' can't be graded: its name is longer than the 128 characters of a student's id. "
        "Rename the folder.",
        "'submitted/moved/01_tiny.ipynb' was not graded: a notebook must lie in the folder of its student and "
        "assignment. mkdir -p submitted/moved/01_tiny && "
        "mv submitted/moved/01_tiny.ipynb submitted/moved/01_tiny/01_tiny.ipynb",
    )
    assert sorted(grade(root, TINY).unchanged) == sorted(said)


@contextmanager
def ordinary_account() -> Iterator[Path]:
    """A folder, and no right to read what is forbidden in it: root may read everything."""
    root, account = Path(tempfile.mkdtemp()), os.geteuid()
    root.chmod(0o777)
    try:
        if account == 0:
            os.seteuid(65534)
        yield root
    finally:
        os.seteuid(account)
        subprocess.run(["chmod", "-R", "u+rwx", root], check=True)
        shutil.rmtree(root)


def test_folders_that_may_not_be_entered_are_noted(tiny_course: Course) -> None:
    with ordinary_account() as root:
        for student in ("ada", "bob", "eve"):
            hand_in(root, student, b"{}")
            hand_in(root, student, b"", "pictures/one.png")
        (root / "submitted" / "ada" / TINY / "pictures").chmod(0)
        (root / "submitted" / "bob").chmod(0o444)
        (root / "submitted" / "eve" / TINY / "pictures").chmod(0o444)
        found, notes = find(root, tiny_course)
    assert {one.student: one.notes for one in found} == {
        "ada": ("The folder 'pictures' can't be read: Permission denied.",),
        "eve": ("Other files were handed in and aren't graded: 'pictures/one.png'.",),
    }
    assert notes == ["submitted/'bob' can't be graded: it can't be read: Permission denied."]


def test_a_notebook_that_may_not_be_read_is_named_in_text(tiny_course: Course) -> None:
    with ordinary_account() as root:
        hand_in(root, "ada", b"{}", os.fsdecode(b"\xff.ipynb")).chmod(0)
        (one,), _ = find(root, tiny_course)
        assert read(one) == "?.ipynb can't be read: Permission denied."


def test_a_path_longer_than_the_system_takes_is_noted(tmp_path: Path, tiny_course: Course) -> None:
    hand_in(tmp_path, "ada", b"{}")
    hand_in(tmp_path, "bob", b"{}")
    there = os.open(tmp_path / "submitted" / "ada" / TINY, os.O_RDONLY)
    try:
        for _ in range(17):
            os.mkdir("d" * 240, dir_fd=there)
            deeper = os.open("d" * 240, os.O_RDONLY, dir_fd=there)
            os.close(there)
            there = deeper
        os.close(os.open("x" * 200, os.O_CREAT | os.O_WRONLY, dir_fd=there))
        os.mkdir("y" * 200, dir_fd=there)
        found, notes = find(tmp_path, tiny_course)
    finally:
        os.close(there)
        subprocess.run(["rm", "-rf", tmp_path / "submitted" / "ada"], check=True)
    assert [one.student for one in found] == ["ada", "bob"]
    assert "can't be read: File name too long." in " ".join(found[0].notes)
    assert notes == []


def test_a_folder_that_nobody_thought_of_does_not_stop_the_class(
    tmp_path: Path, tiny_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(folder: Path, student: str, layout: Layout, sought: Sought, times: ExchangeTimes) -> HandedIn:
        if student == "bob":
            raise ValueError("odd\n")
        return look_at(folder, student, layout, sought, times)

    monkeypatch.setattr("autograder.handed_in.submissions.look_at", look)
    for student in ("ada", "bob", "eve"):
        hand_in(tmp_path, student, b"{}")
    (tmp_path / "submitted" / "loop").symlink_to("loop")
    found, notes = find(tmp_path, tiny_course)
    assert [one.student for one in found] == ["ada", "eve"]
    assert notes == [
        "submitted/'bob' can't be graded: it can't be read: ValueError('odd\\n').",
        "submitted/'loop' can't be graded: it can't be read: Too many levels of symbolic links.",
    ]


def test_folders_within_folders_are_looked_at_up_to_a_number(tmp_path: Path, tiny_course: Course) -> None:
    ada = hand_in(tmp_path, "ada", b"{}").parent
    subprocess.run(["mkdir", "-p", ada / "/".join(["d"] * 1_200)], check=True)
    notes = find(tmp_path, tiny_course)[0][0].notes
    assert notes[-1] == "There are more than 1,000 files and folders; the rest was not looked at."
    subprocess.run(["rm", "-rf", tmp_path / "submitted"], check=True)


def test_the_notebook_is_found_among_too_many_files(tmp_path: Path, tiny_course: Course) -> None:
    folder = tmp_path / "submitted" / "ada" / TINY
    folder.mkdir(parents=True)
    for number in range(3 * MOST_FILES):
        (folder / f"{number}.txt").touch()
    (folder / f"{TINY}.ipynb").touch()
    ((found,), _) = find(tmp_path, tiny_course)
    assert found.notebook == folder / f"{TINY}.ipynb"
    assert f"more than {MOST_FILES:,} files" in " ".join(found.notes)
