"""What a request may take: processor time that other work on the machine doesn't use up, and a bound for what waits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from autograder.errors import Stalled, TimedOut
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.host.session import Session
from autograder.sandbox.host.time_allowance import Shared
from autograder.sandbox.records import WALL_FACTOR

LIMIT = 0.3  # seconds of processor time
MOST = WALL_FACTOR * LIMIT
COMPUTE = """
import time
def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
    return "done"
"""


@contextmanager
def crowd(loops: int, process: int) -> Iterator[None]:
    """So many busy loops on one core with the process, each as good as a stranger to the scheduler."""
    core = {max(os.sched_getaffinity(0))}
    os.sched_setaffinity(process, core)
    with ExitStack() as stack:
        for _ in range(loops):
            loop = subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)
            stack.enter_context(loop)
            stack.callback(loop.kill)
            os.sched_setaffinity(loop.pid, core)
        yield


def test_an_honest_program_passes_beside_eight_busy_loops(session: Session) -> None:
    session.run_cell(COMPUTE)
    with crowd(8, session._pid):
        began = time.monotonic()
        assert session.call("compute", [0.8 * LIMIT], seconds=LIMIT).value == "done"
        assert time.monotonic() - began > MOST, "it wasn't crowded enough to tell anything"


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """So much time by the clock that even the busiest machine leaves a child its processor time."""
    monkeypatch.setattr("autograder.sandbox.host.time_allowance.WALL_FACTOR", 100.0)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("source", ["while True: pass", "sum(range(10**13))", "10 ** 10 ** 9"])
def test_what_never_ends_is_stopped_after_its_processor_time(session: Session, source: str) -> None:
    before = session.spent
    with pytest.raises(TimedOut, match=r"within 0\.3 s of processor time"):
        session.run_cell(source, LIMIT)
    assert 0.9 * LIMIT < session.spent - before < 2 * LIMIT  # what the host computes for it counts too


@pytest.mark.parametrize(
    "source",
    [
        "time.sleep(1000)",
        "while True: time.sleep(0.01)",
        "os.read(3, 1)",
        "os.read(os.pipe()[0], 1)",
        "os.write(3, struct.pack('<IQ', 2**20, 0))\nwhile True: os.write(3, b'x'); time.sleep(0.01)",
    ],
)
def test_what_waits_is_stopped_by_the_clock(session: Session, source: str) -> None:
    session.run_cell("import os, struct, time")
    began = time.monotonic()
    with pytest.raises(Stalled):
        session.run_cell(source, LIMIT)
    assert MOST <= time.monotonic() - began < MOST + 5  # a moment more on a machine that is busy
    assert session.spent < LIMIT


def test_waiting_somewhat_longer_than_the_processor_time_is_no_fault(session: Session) -> None:
    assert session.run_cell(f"import time\ntime.sleep({1.5 * LIMIT})", LIMIT).failure is None


def test_a_child_that_is_held_up_stalls(session: Session) -> None:
    session.run_cell(COMPUTE)
    os.kill(session._pid, signal.SIGSTOP)
    with pytest.raises(Stalled):
        session.call("compute", [0.01], seconds=LIMIT)


@pytest.mark.usefixtures("patience")
def test_many_short_calls_dont_add_up(session: Session) -> None:
    session.run_cell(COMPUTE)
    for _ in range(5):
        assert session.call("compute", [0.5 * LIMIT], seconds=LIMIT).value == "done"
    assert session.spent > 2 * LIMIT


@pytest.mark.usefixtures("patience")
def test_what_the_host_computes_for_a_child_counts_too(session: Session) -> None:
    asked: list[float] = []

    def slow() -> int:
        end = time.thread_time() + LIMIT / 6
        while time.thread_time() < end:
            pass
        asked.append(end)
        return 1

    session.run_cell("def ask(f):\n    while True: f()")
    with pytest.raises(TimedOut) as raised:
        session.call("ask", [slow], seconds=LIMIT)
    assert raised.type is TimedOut
    assert 3 <= len(asked) <= 6


def test_no_request_goes_on_after_the_moment_that_all_must_stop_at(box: Sandbox) -> None:
    began = time.monotonic()
    with box.session(Shared(stop_at=began + 0.5)) as session, pytest.raises(Stalled):
        session.run_cell("import time\ntime.sleep(1000)")
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("patience")
def test_no_request_computes_for_longer_than_is_left_to_all(box: Sandbox) -> None:
    with box.session(Shared(left=lambda: LIMIT)) as session:
        session.run_cell(COMPUTE)
        assert session.call("compute", [0.5 * LIMIT], seconds=30).value == "done"
        before = session.spent
        with pytest.raises(TimedOut):
            session.call("compute", [30], seconds=30)
        assert session.spent - before < 2 * LIMIT


def test_what_waits_may_wait_as_long_when_little_processor_time_is_left(box: Sandbox) -> None:
    with box.session(Shared(left=lambda: 0.1 * LIMIT)) as session:
        assert session.run_cell(f"import time\ntime.sleep({1.5 * LIMIT})", LIMIT).failure is None


def test_what_a_dead_child_has_computed_is_still_known(session: Session) -> None:
    session.run_cell(COMPUTE)
    session.call("compute", [0.1])
    spent = session.spent
    session.close()
    assert spent <= session.spent < spent + 0.1
    assert spent > 0.1
