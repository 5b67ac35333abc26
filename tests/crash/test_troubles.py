"""Disks that are full, gradebooks that are locked or broken, files that vanish: a clear sentence, nothing lost, and the
next run completes the class."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.class_directory.paths import notebook_path, result_path
from autograder.class_directory.stamps import Stamps
from autograder.classroom.batches import Progress
from autograder.classroom.grading_run import grade
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.errors import ClassError
from autograder.gradebook.nbgrader_config import FILE
from autograder.result import read_result
from tests.classes import GRADES, SUMS, TINY, hand_in, rows, tiny
from tests.crash.conftest import OBEYING, ROOT, refusal

pytestmark = pytest.mark.slow
ODD_EXTRA = b'{"ada": {"submission": "a", "course": "b", "extra": [1]}}'

AGAIN = "un the same command again: what was graded is kept."
LOCKED_SECONDS = 50 if os.environ.get("CRASH") == "long" else 3  # a grader waits for 60


def points(root: Path) -> object:
    """All the points in the gradebook."""
    return rows(root, "select sum(auto_score) from grade")[0][0]


def completes(root: Path) -> None:
    """The next run makes the class what it would have been."""
    grade(root, TINY)
    for student in ("ada", "bob", "eve"):
        assert read_result(result_path(root, TINY, student).read_text()).points == 9
        assert notebook_path(root, TINY, student).is_file()
    assert points(root) == 3 * 9
    assert len(rows(root, GRADES)) == 3 * 6
    assert grade(root, TINY).graded == ()
    assert list(root.rglob(".writing-*")) == []


def limited(size: int) -> str:
    return f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"


def test_files_that_can_not_grow_stop_the_run_and_keep_what_was_graded(root: Path) -> None:
    grade(root, TINY)
    before = rows(root, GRADES), result_path(root, TINY, "ada").read_text()
    said = refusal(root, "--all", first=limited(5_000))
    assert "File too large" in said
    assert AGAIN in said
    assert (rows(root, GRADES), result_path(root, TINY, "ada").read_text()) == before
    completes(root)


def test_a_gradebook_that_can_not_grow_is_told(root: Path, good: bytes) -> None:
    for number in range(12):
        hand_in(root, f"s{number}", good)
    said = refusal(root, first=limited((root / "gradebook.db").stat().st_size))
    assert "The gradebook can't be used: disk I/O error. The disk is full, over a quota, or broken." in said
    assert AGAIN in said
    assert rows(root, GRADES) == []
    shutil.rmtree(root / "submitted")
    for student in ("ada", "bob", "eve"):
        hand_in(root, student, good)
    completes(root)


SMALL_DISK = """
import shutil, subprocess, sys
from pathlib import Path
from autograder.cli import main
if __name__ == "__main__":
    root, disk = Path(sys.argv[1]), Path(sys.argv[2])
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=True)
    there = shutil.copytree(root, disk / "class")
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            try:
                ballast.write(b"x" * 4096)
            except OSError:
                break
        ballast.truncate(ballast.tell() - int(sys.argv[3]))
    print("code", main(["grade", "01_tiny", "--class", str(there), "--workers", "1"]))
    (disk / "ballast").unlink()
    shutil.rmtree(root)
    shutil.copytree(there, root)
"""


def test_a_full_disk_is_told(root: Path, tmp_path: Path) -> None:
    """There is room for some of the notebooks."""
    alone = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("a file system can be mounted here by nobody")
    (tmp_path / "disk").mkdir()
    command = [*alone, sys.executable, "-c", SMALL_DISK, str(root), str(tmp_path / "disk"), "90000"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert "code 2" in done.stdout, done.stderr
    assert "No space left on device" in done.stderr or "Make room on the disk" in done.stderr
    assert AGAIN in done.stderr
    assert "Traceback" not in done.stderr
    completes(root)


HOLD = """
import sqlite3, sys, time
book = sqlite3.connect(sys.argv[1], isolation_level=None)
book.execute("begin exclusive")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
book.execute("rollback")
"""


def test_a_gradebook_locked_for_a_while_is_waited_for(root: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(root / "gradebook.db"), str(LOCKED_SECONDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert len(grade(root, TINY).graded) == 3
        assert holder.wait() == 0
    completes(root)


def impatient(root: Path) -> None:
    """Let the class's own setting say how long a locked database is waited for."""
    config = (root / FILE).read_text()
    assert "gradebook.db'}\"" in config
    (root / FILE).write_text(config.replace("gradebook.db'}\"", "gradebook.db'}?timeout=0.2\""))


@contextmanager
def held(root: Path) -> Iterator[None]:
    command = [sys.executable, "-c", HOLD, str(root / "gradebook.db"), "600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        yield
        holder.kill()


LOCKED = (
    r"The gradebook can't be used: database is locked\. Another program works in it: wait until it is done, "
    r"or end it\. Then run the same command again: what was graded is kept\."
)


def test_a_gradebook_that_stays_locked_is_told(root: Path) -> None:
    impatient(root)
    with held(root), pytest.raises(ClassError, match=LOCKED):
        grade(root, TINY)
    completes(root)


def test_a_gradebook_that_gets_locked_while_grading_costs_no_result(root: Path) -> None:
    impatient(root)
    book = sqlite3.connect(root / "gradebook.db", isolation_level=None)

    def lock(progress: Progress) -> None:
        if progress.done == 1:
            book.execute("begin immediate")

    with pytest.raises(ClassError, match=LOCKED):
        grade(root, TINY, progress=lock)
    book.close()
    assert len(list((root / "results" / TINY).iterdir())) == 3
    completes(root)


def as_folder(book: Path) -> None:
    book.unlink()
    book.mkdir()


def as_text(book: Path) -> None:
    book.write_bytes(b"This is a letter and no database. " * 100)


def with_holes(book: Path) -> None:
    data = book.read_bytes()
    book.write_bytes(data[:4096] + bytes(len(data) - 4096))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (as_folder, r"unable to open database file\. It has to be a file that you may write"),
        (as_text, r"file is not a database\. It is damaged: put a copy of yours in its place"),
        (with_holes, r"malformed.*It is damaged: put a copy of yours in its place"),
    ],
)
def test_a_broken_gradebook_is_told_and_left_alone(root: Path, harm: Callable[[Path], None], says: str) -> None:
    book = root / "gradebook.db"
    shutil.copy(book, root.parent)
    harm(book)
    before = None if book.is_dir() else book.read_bytes()
    with pytest.raises(ClassError, match=says):
        grade(root, TINY)
    assert before == (None if book.is_dir() else book.read_bytes())
    book.rmdir() if before is None else book.unlink()
    shutil.copy(root.parent / "gradebook.db", book)
    completes(root)


def test_a_gradebook_that_may_not_be_written_is_told(root: Path) -> None:
    book = root / "gradebook.db"
    book.chmod(0o444)
    assert "readonly database. Make the file and its folder writable for you." in refusal(root, first=OBEYING)
    book.chmod(0o644)
    completes(root)


def test_a_class_that_may_not_be_written_is_told(root: Path) -> None:
    grade(root, TINY)
    hand_in(root, "eve", as_bytes(with_answers(solved(tiny(root)), {"row_means": SUMS})))
    folders = [path for path in (root, *root.rglob("*")) if path.is_dir()]
    for folder in folders:
        folder.chmod(0o555)
    try:
        for folder in (root, root / "results" / TINY):
            said = refusal(root, first=OBEYING)
            assert "Permission denied" in said or "unable to open database file" in said
            assert AGAIN in said
            folder.chmod(0o755)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert points(root) == 3 * 9
    assert grade(root, TINY).graded == ("eve",)
    assert points(root) == 3 * 9 - 3


def test_a_damaged_ledger_means_that_everything_is_marked_again(root: Path) -> None:
    grade(root, TINY)
    path = root / "results" / f"{TINY}.graded.json"
    for text in (
        b"",
        b"{",
        b"[1]",
        b"null",
        b'{"ada": 7}',
        b'{"ada": {"submission": 1}}',
        ODD_EXTRA,
        b"[" * 100_000,
        b"\xff",
    ):
        path.write_bytes(text)
        assert Stamps(root, TINY).get("ada") is None, text[:20]
    report = grade(root, TINY)
    assert (len(report.graded), report.moved) == (3, ())
    path.unlink()
    path.mkdir()
    with pytest.raises(ClassError, match=rf"Is a directory.*{AGAIN}"):
        grade(root, TINY)
    path.rmdir()
    completes(root)


def test_a_damaged_result_is_made_again(root: Path) -> None:
    grade(root, TINY)
    right = json.loads(result_path(root, TINY, "bob").read_text())
    changes: list[dict[str, object]] = [{"items": None}, {"items": [7]}, {"items": ["x"]}, {"problems": 5}]
    texts = [json.dumps(right | change) for change in (*changes, {"version": 2}, {"items": [{}]})]
    for some in (texts[:3], texts[3:], ["", "[" * 100_000, "[]"]):
        for student, text in zip(("ada", "bob", "eve"), some, strict=True):
            result_path(root, TINY, student).write_text(text)
        assert len(grade(root, TINY).graded) == 3
    completes(root)


def test_what_is_deleted_is_made_again(root: Path) -> None:
    grade(root, TINY)
    book = rows(root, GRADES)
    for name in ("results", "autograded"):
        shutil.rmtree(root / name)
        report = grade(root, TINY)
        assert (len(report.graded), report.moved) == (3, ())
        assert rows(root, GRADES) == book
    completes(root)


@pytest.mark.parametrize("name", ["results", "autograded", "submitted"])
def test_a_folder_deleted_while_grading_is_made_whole_by_the_next_run(root: Path, name: str) -> None:
    shutil.copytree(root / "submitted", root.parent / "submitted")

    def delete(progress: Progress) -> None:
        if progress.done == 1:
            shutil.rmtree(root / name)

    assert len(grade(root, TINY, progress=delete).results) == 3
    if name == "submitted":
        shutil.copytree(root.parent / "submitted", root / "submitted")
    completes(root)


def test_a_submission_that_is_replaced_while_it_is_graded_is_graded_as_it_stays(root: Path, good: bytes) -> None:
    wrong = as_bytes(with_answers(solved(tiny(root)), {"row_means": SUMS}))
    done = threading.Event()

    def replace() -> None:
        path = hand_in(root, "eve", b"")
        while not done.wait(0.0005):
            path.write_bytes(good)
            path.write_bytes(wrong)
            path.unlink()
        path.write_bytes(wrong)

    student = threading.Thread(target=replace)
    student.start()
    try:
        grade(root, TINY)
    finally:
        done.set()
        student.join()
    grade(root, TINY)
    assert read_result(result_path(root, TINY, "eve").read_text()).points == 6
    assert points(root) == 3 * 9 - 3
    assert grade(root, TINY).graded == ()


def test_a_name_too_long_for_a_result_is_noted(root: Path, good: bytes) -> None:
    hand_in(root, "学" * 84, good)
    report = grade(root, TINY)
    assert report.graded == ("ada", "bob", "eve")
    assert "its name is longer than 250 bytes. Rename the folder." in report.notes[0]
