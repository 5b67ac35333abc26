"""`nbgrader autograde` takes from submitted/ what `autograder grade` takes, and both obey the class's configuration."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.abc import Exchange

from autograder.classroom.grading_run import grade
from autograder.course.course import Course
from autograder.gradebook.nbgrader_config import FILE, layout_of, read_settings
from autograder.handed_in.hand_in_time import ExchangeTimes
from autograder.handed_in.layout import Layout
from tests.classes import COMMENTS, GRADES, TINY, hand_in, points, rows
from tests.handed_in.classes import Notebooks

pytestmark = pytest.mark.slow

NAME = f"{TINY}.ipynb"
LATE = "select student_id, timestamp, late_submission_penalty from submitted_assignment join submitted_notebook "
LATE += "on submitted_notebook.assignment_id = submitted_assignment.id order by 1"


def configure(root: Path, *lines: str) -> None:
    with (root / FILE).open("a") as file:
        file.write("\n".join(["", *lines, ""]))


def autograde(root: Path, *more: str) -> str:
    """The log of `nbgrader autograde`, on a machine whose own zone is UTC and whose user has no settings."""
    home = root.parent / "home"
    places = {f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment = os.environ | places | {"HOME": str(home), "TZ": "UTC", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "nbgrader", "autograde", TINY, *more]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_both_take_the_same_files(root: Path, tiny_course: Course) -> None:
    notebooks = Notebooks(tiny_course)
    handed_in: dict[str, dict[str, bytes]] = {
        "another name": {"my work.ipynb": notebooks.finished},
        "in a folder": {f"x/{NAME}": notebooks.finished},
        "by a browser": {f"{TINY}.ipynb.json": notebooks.finished},
        "capitals": {f"{TINY}.IPYNB": notebooks.finished},
        "untouched": {NAME: notebooks.untouched, "x-Copy1.ipynb": notebooks.other_answers},
        "undecided": {"a.ipynb": notebooks.finished, "b.ipynb": notebooks.other_answers},
        "machines": {"a.ipynb": notebooks.finished, f".history/{NAME}": b"{}", f".Trash-0/{NAME}": b"{}"},
        "only a zip": {"work.zip": b"PK\3\4"},
        "damaged": {NAME: b"{"},
        "no time": {NAME: notebooks.finished, "timestamp.txt": b"yesterday"},
        unicodedata.normalize("NFD", "José"): {NAME: notebooks.finished},
    }
    for student, files in handed_in.items():
        for name, data in files.items():
            hand_in(root, student, data, name)
    (root / "submitted" / "empty" / TINY).mkdir(parents=True)
    log = autograde(root)
    scores, comments = rows(root, GRADES), rows(root, COMMENTS)
    report = grade(root, TINY)
    assert (report.moved, rows(root, GRADES), rows(root, COMMENTS)) == ((), scores, comments)
    none = ("undecided", "only a zip", "damaged", "empty")
    expected = {unicodedata.normalize("NFC", name): 9.0 for name in handed_in} | dict.fromkeys(none, 0.0)
    assert points(root) == expected | {"untouched": 6.0}
    assert "only a zip: Nothing was graded: there is no notebook in the folder, but an archive, 'work.zip'" in log
    assert "ERROR" not in log


def test_one_student_is_graded_when_one_is_named(root: Path, good: bytes) -> None:
    for student in ("ada", "bob"):
        hand_in(root, student, good, "work.ipynb")
    autograde(root, "--student=bob")
    assert points(root) == {"bob": 9.0}


def test_both_obey_the_configuration(root: Path, good: bytes) -> None:
    configure(
        root,
        "c.CourseDirectory.submitted_directory = 'in'",
        "c.CourseDirectory.student_id_exclude = 'eve,tim'",
        "c.CourseDirectory.ignore.append('old')",
    )
    (root / "submitted").rename(root / "in")
    hand_in(root, "nobody", good)
    for student in ("ada", "eve"):
        path = root / "in" / student / TINY / "work.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(good)
    (root / "in" / "ada" / TINY / "old").mkdir()
    (root / "in" / "ada" / TINY / "old" / NAME).write_bytes(b"{}")
    autograde(root)
    assert points(root) == {"ada": 9.0}
    report = grade(root, TINY)
    assert report.moved == ()
    assert list(report.results) == ["ada"]
    assert report.notes == ("Left out, as c.CourseDirectory.student_id_exclude says: 'eve'.",)


TIMES = {
    "ada": ("02.07.2027 10:00:00 JST", datetime(2027, 7, 2, 1)),
    "bob": ("02.07.2027 08:59:59 JST", datetime(2027, 7, 1, 23, 59, 59)),
    "eve": ("02.07.2027 00:00:01 UTC", datetime(2027, 7, 2, 0, 0, 1)),
    "tim": ("02.07.2027 10:00:00 Europe/Berlin", datetime(2027, 7, 2, 8)),
    "zoe": ("no time", None),
}


def test_both_agree_on_what_is_late(root: Path, good: bytes) -> None:
    configure(
        root,
        "c.Exchange.timezone = 'Asia/Tokyo'",
        "c.Exchange.timestamp_format = '%d.%m.%Y %H:%M:%S %Z'",
        "c.LateSubmissionPlugin.penalty_method = 'zero'",
    )
    with Gradebook(read_settings(root).db_url) as book:
        book.update_or_create_assignment(TINY, duedate=datetime(2027, 7, 2))
    for student, (text, _) in TIMES.items():
        hand_in(root, student, good)
        hand_in(root, student, text.encode(), "timestamp.txt")
    report = grade(root, TINY)
    late = rows(root, LATE)
    assert [(student, time and str(time)[:19], penalty) for student, time, penalty in late] == [
        (student, time and str(time), 9.0 if time and time > datetime(2027, 7, 2) else None)
        for student, (_, time) in TIMES.items()
    ]
    assert "timestamp.txt holds no time" in report.problems["zoe"][0]
    assert report.notes == (
        "nbgrader's pages read the times of 'ada', 'bob', 'eve', 'tim' in another way on this machine, and may list "
        "them as not graded. What counts as late is right. To mend the pages, start Jupyter with TZ=Asia/Tokyo, or "
        "write such times as 2027-03-02 10:00:00 UTC.",
    )
    autograde(root, "--force")
    assert rows(root, LATE) == late


def test_what_is_not_configured_is_as_nbgrader_has_it(root: Path) -> None:
    settings, exchange = read_settings(root), Exchange()
    assert settings.layout == layout_of(CourseDirectory(root=str(root))) == Layout(root)
    assert settings.times == ExchangeTimes() == ExchangeTimes(exchange.timezone, exchange.timestamp_format)
