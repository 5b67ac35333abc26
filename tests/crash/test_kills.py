"""A grader that is killed, or whose worker is, loses nothing, counts nothing twice and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder.classroom.grade import Progress, grade
from tests.classes import GRADES, TINY, rows
from tests.crash.conftest import ROOT, start
from tests.processes import workers_of


def test_graders_killed_at_random_moments_lose_nothing() -> None:
    command = [sys.executable, "-m", "tests.crash.kill", "--kills", "4", "--seed", "5", "--students", "8"]
    done = subprocess.run([*command, "--json"], cwd=ROOT, capture_output=True, text=True)
    figures = json.loads(done.stdout)
    assert figures["problems"] == []
    assert figures["kills"] == 4
    assert done.returncode == 0


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
    make = "from autograder.sandbox.host.scratch import make_scratch as m; print(m('own-').path, flush=True); input()"
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
