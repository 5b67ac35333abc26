"""Whatever files a student hands in beside the notebook, the class is graded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.class_directory.paths import autograded_folder
from autograder.classroom.grading_run import grade
from tests.classes import TINY, hand_in

pytestmark = pytest.mark.slow


def test_no_files_that_a_student_hands_in_stop_the_class_or_become_pages(root: Path, good: bytes) -> None:
    handed_in = hand_in(root, "ada", good).parent
    (root / "source" / TINY / "data").mkdir()
    (root / "source" / TINY / "data" / "x.csv").write_text("the course's")
    (root / "source" / TINY / "help.py").write_text("the course's")
    (handed_in / "data").write_text("a file where the course has a folder")
    (handed_in / "help.py").mkdir()
    (handed_in / "help.py" / "y.txt").write_text("a folder where the course has a file")
    for name in ("data:,x.html", "x:.html"):  # tornado takes the type of the whole path
        (handed_in / name).write_text("<script>alert(1)</script>")
    deep = handed_in.resolve()
    while len(str(deep)) < 3890:
        deep /= "d" * min(200, 3890 - len(str(deep)))
    here = os.open(handed_in, os.O_RDONLY)
    for part in (*deep.relative_to(handed_in.resolve()).parts,):
        os.mkdir(part, dir_fd=here)
        here, above = os.open(part, os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(os.open("e" * (4095 - len(str(deep)) - 1), os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)
    hand_in(root, "zoe", good)
    report = grade(root, TINY)
    assert report.graded == ("ada", "zoe")
    assert [note for note in report.notes if "too long" in note]
    folder = autograded_folder(root, TINY, "ada")
    assert (folder / "data" / "x.csv").read_text() == (folder / "help.py").read_text() == "the course's"
    assert not [path for path in folder.rglob("*") if "html" in path.name]
