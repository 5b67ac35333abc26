"""What nbgrader's `collect` takes from an exchange in which somebody put something past `nbgrader submit`."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

import pytest

from tests.classes import TINY
from tests.nbgrader_commands import nbgrader

pytestmark = pytest.mark.slow
ME = getpass.getuser()
EARLIER, LATER = "2026-01-01 10:00:00.000000 UTC", "2026-01-02 10:00:00.000000 UTC"
NOTEBOOK = f"{TINY}.ipynb"


@pytest.fixture
def inbound(root: Path) -> Path:
    """The exchange's folder for what is handed in; the class's settings name the exchange."""
    exchange = root.parent / "exchange"
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"\nc.CourseDirectory.course_id = 'course'\nc.Exchange.root = {str(exchange)!r}\n")
    folder = exchange / "course" / "inbound"
    folder.mkdir(parents=True)
    return folder


def put(inbound: Path, student: str, when: str, data: bytes = b"{}") -> Path:
    """A folder as `nbgrader submit` makes it."""
    folder = inbound / f"{student}+{TINY}+{when}+random"
    folder.mkdir()
    (folder / NOTEBOOK).write_bytes(data)
    (folder / "timestamp.txt").write_text(when)
    return folder


def collected(root: Path, student: str = ME) -> list[str]:
    folder = root / "submitted" / student / TINY
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_what_was_submitted_is_collected_with_its_folders(root: Path, inbound: Path, good: bytes) -> None:
    folder = put(inbound, ME, EARLIER, good)
    (folder / "data").mkdir()
    (folder / "data" / "numbers.csv").write_text("1,2\n")
    nbgrader(root, "collect", TINY)
    assert collected(root) == [NOTEBOOK, "data", "timestamp.txt"]
    assert (root / "submitted" / ME / TINY / NOTEBOOK).read_bytes() == good
    assert (root / "submitted" / ME / TINY / "data" / "numbers.csv").read_text() == "1,2\n"


def test_links_are_not_followed_to_what_the_student_may_not_read(root: Path, inbound: Path) -> None:
    folder = put(inbound, ME, EARLIER)
    (folder / NOTEBOOK).unlink()
    (folder / NOTEBOOK).symlink_to(root / "source" / TINY / NOTEBOOK)
    (folder / "solutions").symlink_to(root / "course" / "solutions")
    log = nbgrader(root, "collect", TINY)
    assert collected(root) == ["timestamp.txt"]
    assert log.count("is a link, can't be read, or isn't the student's own") == 2


def test_a_folder_that_is_a_link_is_passed_over_for_the_one_before_it(root: Path, inbound: Path) -> None:
    put(inbound, ME, EARLIER, b"mine")
    (inbound / f"{ME}+{TINY}+{LATER}+random").symlink_to(root / "source" / TINY)
    log = nbgrader(root, "collect", TINY)
    assert (root / "submitted" / ME / TINY / NOTEBOOK).read_bytes() == b"mine"
    assert "is no folder" in log


def test_nobody_hands_in_under_anothers_name(root: Path, inbound: Path) -> None:
    put(inbound, "somebody-else", EARLIER)
    log = nbgrader(root, "collect", TINY)
    assert not collected(root, "somebody-else")
    assert f"belongs to {ME}, not to somebody-else" in log


def test_where_accounts_dont_tell_who_is_who_names_are_believed_if_the_class_says_so(root: Path, inbound: Path) -> None:
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.ExchangeCollect.check_owner = False\n")
    put(inbound, "somebody-else", EARLIER)
    nbgrader(root, "collect", TINY)
    assert collected(root, "somebody-else") == [NOTEBOOK, "timestamp.txt"]


def test_an_unreadable_name_and_a_pipe_stop_nobody(root: Path, inbound: Path) -> None:
    folder = put(inbound, ME, EARLIER)
    os.mkfifo(folder / "pipe")
    put(inbound, ME, "soon")
    log = nbgrader(root, "collect", TINY)
    assert collected(root) == [NOTEBOOK, "timestamp.txt"]
    assert "has a name that `nbgrader submit` doesn't give" in log


def test_a_submission_that_is_too_large_stops_nobody(root: Path, inbound: Path) -> None:
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.CourseDirectory.max_dir_size = 1\n")
    put(inbound, ME, EARLIER, b" " * 2000)
    log = nbgrader(root, "collect", TINY)
    assert not collected(root)
    assert "is larger than 1 kB" in log
