"""A submission that ran out of time by the clock alone is marked once more, alone, before anything is said about it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from autograder.classroom.grading_run import grade
from autograder.classroom.new_class import new_class
from autograder.course.course import Course, load_course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.marking.marker import MarkedSubmission, Marker
from autograder.marking.side_by_side import shared_turns
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import WALL_FACTOR
from autograder.submission.submitted_notebook import Submission, read_submission
from autograder.verify.prove import verify_all
from tests.classes import TINY, hand_in
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

SOLUTIONS = ROOT / "tests" / "fixtures" / "tiny_course" / "solutions"
HEAVY = 100 << 20  # bytes: more than any child has but the one that asks to be noticed
NOTICED = f"import time\nheavy = b'x' * {HEAVY}\ntime.sleep(0.3)\n"
QUICK = {"cell_seconds: 5": "cell_seconds: 0.5", "call_seconds: 2": "call_seconds: 0.3"}


@pytest.fixture
def quick_course(tmp_path: Path) -> Course:
    """The tiny course with short limits, and an accepted program that is noticed."""
    root = tmp_path / "course"
    shutil.copytree(SOLUTIONS, root / "solutions")
    settings = root / "solutions" / "course.yaml"
    text = settings.read_text()
    for slow, quick in QUICK.items():
        assert slow in text
        text = text.replace(slow, quick)
    settings.write_text(text)
    with (root / "solutions" / TINY / "tasks" / "row_means.py").open("a") as tasks:
        tasks.write(
            "\n\n@row_means_task.right\ndef noticed(x, heavy=[]):\n    if not heavy:\n"
            f"        import time\n        heavy.append(b'x' * {HEAVY})\n        time.sleep(0.3)\n"
            "    return np.mean(x, axis=1)\n"
        )
    return load_course(root)


@contextmanager
def child_held_up(number: int) -> Iterator[list[int]]:
    """Stop the heavy child of that number in this run for good, as if the machine had no time for it."""
    heavy: list[int] = []
    held: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not held and not over.wait(0.02):
            found = [process for process in descendants(os.getpid()) if confined(process)]
            heavy.extend(process for process in found if process not in heavy and own_memory(process) > HEAVY)
            if len(heavy) >= number:
                held.append(heavy[number - 1])
                os.kill(held[0], signal.SIGSTOP)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield held
    finally:
        over.set()
        watcher.join()


def descendants(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:  # it has ended
            continue
        for child in children:
            yield child
            yield from descendants(child)


def confined(process: int) -> bool:
    """Whether it runs the guest: any process looks like its parent for a moment."""
    try:
        return b"sandbox.guest" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def own_memory(process: int) -> int:
    try:
        found = re.search(r"^RssAnon:\s*(\d+) kB", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) << 10 if found else 0


def noticed_notebook(course: Course) -> bytes:
    notebook = solved(course.assignment(TINY))
    notebook["cells"].insert(1, {"cell_type": "code", "metadata": {}, "outputs": [], "source": NOTICED})
    return as_bytes(notebook)


def test_grade_marks_a_submission_that_stalled_once_more(quick_course: Course, tmp_path: Path) -> None:
    root = tmp_path / "class"
    new_class(quick_course, root)
    for student in ("ada", "bob", "eve"):
        notebook = (
            noticed_notebook(quick_course) if student == "bob" else as_bytes(solved(quick_course.assignment(TINY)))
        )
        hand_in(root, student, notebook)
    with child_held_up(1) as held:
        report = grade(root, TINY)
    assert held
    assert report.problems == {}
    assert {result.points for result in report.results.values()} == {9.0}


def test_verify_tries_a_claim_that_stalled_once_more(quick_course: Course) -> None:
    with child_held_up(2) as held:  # the first only sees the visible cases, and the second earns the points
        proofs = list(verify_all(quick_course, [TINY], 2, with_mutants=False))
    assert held
    assert [proof for proof in proofs if proof.problem] == []


def test_what_really_waits_is_told_so(tiny_course: Course, sandbox: Sandbox) -> None:
    limits = replace(tiny_course.limits, cell_seconds=0.3, call_seconds=0.2)
    marker = Marker(tiny_course.assignment(TINY), sandbox, limits)
    notebook = with_answers(
        solved(marker.assignment), {"row_means": "import time\ndef row_means(x):\n    time.sleep(1000)\n"}
    )
    notebook["cells"].insert(
        1, {"cell_type": "code", "metadata": {}, "outputs": [], "source": "import time; time.sleep(99)"}
    )
    marked = marker.mark(read_submission(as_bytes(notebook), "waits.ipynb"))
    assert marked.stalled
    assert marked.result.item("row_means").verdict == "timeout"
    assert "something that waits" in marked.result.item("row_means").message
    (problem,) = marked.result.problems
    assert problem == (
        f"Code cell 2 didn't finish within {WALL_FACTOR * 0.3:g} s and was left out but for its definitions, though "
        "its processor time wasn't used up: does it wait for something, as time.sleep does?"
    )


def test_what_computes_without_end_has_not_stalled(
    tiny_course: Course, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.sandbox.host.time_allowance.WALL_FACTOR", 100.0)
    marker = Marker(tiny_course.assignment(TINY), sandbox, replace(tiny_course.limits, call_seconds=0.2))
    endless = {"row_means": "def row_means(x):\n    while True: pass\n"}
    marked = marker.mark(read_submission(as_bytes(with_answers(solved(marker.assignment), endless)), "endless.ipynb"))
    assert marked.result.item("row_means").verdict == "timeout"
    assert "a loop that never ends, or work that grows" in marked.result.item("row_means").message
    assert not marked.stalled


def test_all_children_of_a_pass_share_the_time_by_the_clock(tiny_course: Course, sandbox: Sandbox) -> None:
    limits = replace(tiny_course.limits, cell_seconds=0.2, submission_seconds=0.5)
    marker = Marker(tiny_course.assignment(TINY), sandbox, limits)
    notebook = solved(marker.assignment)
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "import time; time.sleep(99)"}
    notebook["cells"][1:1] = [cell] * 50
    began = time.monotonic()
    marked = marker.mark(read_submission(as_bytes(notebook), "waits.ipynb"))
    assert time.monotonic() - began < 10 * WALL_FACTOR * limits.submission_seconds + 10
    assert marked.stalled
    assert f"took longer than {WALL_FACTOR * 0.5:g} s, though its processor time" in marked.result.problems[-1]
    assert {item.verdict for item in marked.result.items} == {"timeout", "needs_review"}, "a text takes no time"


class Watched:
    """In place of a marker: takes a while, and notes how many others were at it meanwhile."""

    def __init__(self, stalls: bool) -> None:
        self.stalls = stalls
        self.beside: list[int] = []

    def mark(self, submission: Submission, executed: bool) -> MarkedSubmission:
        Watched.at_work += 1
        most = 0
        for _ in range(20):
            most = max(most, Watched.at_work - 1)
            time.sleep(0.005)
        Watched.at_work -= 1
        self.beside.append(most)
        return MarkedSubmission(cast(Any, None), submission, {}, self.stalls or executed)

    at_work = 0


def test_what_stalls_is_marked_twice_the_second_time_alone() -> None:
    with shared_turns() as turns:
        others, enough = Watched(stalls=False), threading.Event()

        def keep_busy() -> None:
            while not enough.is_set():
                turns.mark(cast(Marker, others), read_submission(b"", "other"))

        busy = [threading.Thread(target=keep_busy) for _ in range(3)]
        for thread in busy:
            thread.start()
        stalling = Watched(stalls=True)
        for _ in range(3):
            turns.mark(cast(Marker, stalling), read_submission(b"", "stalls"))
        enough.set()
        for thread in busy:
            thread.join()
    first, second = stalling.beside[::2], stalling.beside[1::2]
    assert len(stalling.beside) == 6
    assert second == [0, 0, 0]
    assert max(first) > 0
    assert max(others.beside) > 0
