"""A grader that is killed, or whose worker is, loses nothing, counts nothing twice and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.classroom.batches import Progress
from autograder.classroom.grading_run import ClassReport, grade
from tests.classes import GRADES, TINY, hand_in, points, rows
from tests.crash.conftest import ROOT, start
from tests.processes import children, still_running, workers_of

pytestmark = pytest.mark.slow


def test_graders_killed_at_random_moments_lose_nothing() -> None:
    command = [sys.executable, "-m", "tests.crash.kill", "--kills", "4", "--seed", "5", "--students", "8"]
    done = subprocess.run([*command, "--json"], cwd=ROOT, capture_output=True, text=True)
    figures = json.loads(done.stdout)
    assert figures["problems"] == []
    assert figures["kills"] == 4
    assert done.returncode == 0


def test_a_worker_that_is_killed_costs_no_submission(root: Path, good: bytes) -> None:
    for number in range(9):
        hand_in(root, f"s{number:02}", good)
    killed: list[int] = []

    def kill_one(_: Progress) -> None:
        if not killed:
            killed.append(workers_of(os.getpid())[0])
            os.kill(killed[0], signal.SIGKILL)

    report = grade(root, TINY, progress=kill_one)
    assert killed
    assert len(report.graded) == 12
    assert set(points(root).values()) == {9.0}


@pytest.fixture
def grader_process(root: Path, good: bytes) -> Iterator[subprocess.Popen[str]]:
    """`grade` in a process of its own, which tells each student it has marked."""
    for number in range(41):
        hand_in(root, f"s{number:02}", good)
    command = [sys.executable, "-c", GRADER, str(root)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        yield process


GRADER = """
import sys
from pathlib import Path
from autograder.classroom.grading_run import grade
if __name__ == "__main__":
    grade(Path(sys.argv[1]), "01_tiny", progress=lambda progress: print(progress.student, flush=True))
"""


def test_a_grader_that_is_killed_goes_on_where_it_was(root: Path, grader_process: subprocess.Popen[str]) -> None:
    assert grader_process.stdout is not None
    marked = [grader_process.stdout.readline() for _ in range(24)]
    workers = children(grader_process.pid)
    grader_process.kill()
    grader_process.wait()
    assert all(marked)
    noted = json.loads((root / "results" / f"{TINY}.graded.json").read_text())
    assert 20 <= len(noted) < 44
    assert set(noted) <= set(points(root)), "what is noted is in the gradebook"
    report: ClassReport = grade(root, TINY)
    assert set(report.unchanged) == set(noted)
    assert len(report.results) == 44
    assert set(points(root).values()) == {9.0}
    assert not still_running(workers)


def test_a_killed_worker_leaves_no_files(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    killed: list[int] = []

    def kill_one(_: Progress) -> None:
        if not killed:
            killed.append(workers_of(os.getpid())[0])
            os.kill(killed[0], signal.SIGKILL)

    assert len(grade(root, TINY, progress=kill_one).graded) == 3
    assert killed
    assert list((tmp_path / "temporary").iterdir()) == []


def test_what_a_killed_run_began_to_write_is_removed(root: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        pass
    grade(root, TINY)
    left = [
        root / "results" / TINY / f".writing-{dead.pid}",
        root / "results" / f".writing-{dead.pid}",
        root / "autograded" / "ada" / TINY / f".writing-{dead.pid}",
        root / f".writing-{dead.pid}-journal",
    ]
    alive = root / "results" / TINY / f".writing-{os.getppid()}"
    foreign = root / "results" / TINY / f".writing-{10**30}"
    for path in (*left, alive, foreign):
        path.write_text("{")
    assert grade(root, TINY).graded == ()
    assert not [path for path in left if path.exists()]
    assert alive.exists(), "nbgrader's pages may be writing it"
    assert foreign.exists(), "no process of ours began it"


def begin(command: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)


def told(process: subprocess.Popen[str]) -> str:
    """The next line that it prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_folder_goes_when_its_owner_was_killed_and_not_before(tmp_path: Path) -> None:
    make = (
        "from autograder.sandbox.host.scratch_folder import make_scratch as m; "
        "print(m('own-').path, flush=True); input()"
    )
    command = [sys.executable, "-c", make]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    foreign, link = tmp_path / "other-x", tmp_path / "own-link"
    foreign.mkdir()
    link.symlink_to(foreign)
    kept = [foreign, link]
    deep = tmp_path / "own-deep"
    make_deep(deep)
    for _ in range(3):
        with begin(command, environment) as first, begin(command, environment) as other:
            folders = [Path(told(process)) for process in (first, other)]
            assert sorted(tmp_path.iterdir()) == sorted([*kept, *([deep] if deep.exists() else []), *folders])
            first.kill()
            other.kill()
    subprocess.run(["rm", "-rf", deep], check=True)


def make_deep(path: Path) -> None:
    """A folder so deep that Python's own way of removing it gives up."""
    path.mkdir()
    place = os.open(path, os.O_RDONLY)
    for _ in range(1_500):
        os.mkdir("in", dir_fd=place)
        below = os.open("in", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)


def test_a_gradebook_is_made_whole_or_not_at_all(root: Path) -> None:
    (root / "gradebook.db").unlink()
    with start(root) as grader:
        while grader.poll() is None and not any(begun(path) for path in root.iterdir()):
            time.sleep(0.001)
        grader.kill()
    grade(root, TINY)
    assert len(rows(root, "select * from alembic_version")) == 1
    assert len(rows(root, GRADES)) == 3 * 6
    assert list(root.glob(".writing-*")) == []


def begun(path: Path) -> bool:
    """Whether it is a gradebook, under whatever name, in which there are most of the tables."""
    try:
        return path.name.startswith((".writing-", "gradebook.db")) and path.stat().st_size > 100_000
    except FileNotFoundError:
        return False


def test_graders_started_at_once_count_nothing_twice(root: Path) -> None:
    graders = [start(root) for _ in range(2)]
    said = [grader.communicate()[1] for grader in graders]
    codes = [grader.returncode for grader in graders]
    assert 0 in codes
    assert set(codes) <= {0, 2}
    for code, words in zip(codes, said, strict=True):
        assert code == 0 or ("Another grader (process" in words and words.endswith("end it, then go on.\n")), words
    assert len(rows(root, GRADES)) == 3 * 6
    assert len(grade(root, TINY).unchanged) == 3
