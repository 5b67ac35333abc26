"""Promises about what a submission can hold up, fill or break off, in each mode that this machine gives."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import Died, SandboxError, TimedOut
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import CellRun, Limits

from .conftest import SOON, honest, text

pytestmark = pytest.mark.slow

Run = Callable[[str], CellRun]


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "sum(range(10**13))",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
        "import signal\n[signal.signal(s, signal.SIG_IGN) for s in range(1, 30) if s not in (9, 19)]\nwhile True: pass",
        "while True: print('x' * 10**5)",
        "import os, struct\nos.write(3, struct.pack('<IQ', 10, 2**26))\nwhile True: pass",
        "import os, time\nwhile True:\n    os.write(3, b'\\0'); time.sleep(0.01)",
        "a = []\nwhile True:\n    try: a.append(bytearray(10**6))\n    except MemoryError: pass",
    ],
)
def test_every_run_ends(box: Sandbox, source: str) -> None:
    with box.session() as session, pytest.raises(SandboxError):
        session.run_cell(source, SOON)
    honest(box)


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos._exit(0)",
        "import ctypes\nctypes.string_at(0)",
        "import os\nos.closerange(0, 64)",
        "import os\nos.write(3, b'x' * 1000)",
        "import os\nos.write(3, b'')\nos.read(3, 1)",
        "from autograder.sandbox import wire\nimport os\nos.write(3, wire.encode([0, 'done', [], None]))",
        "from autograder.sandbox import wire\nimport os\nos.write(3, wire.encode([0, 'done', [], None]) * 3)",
    ],
)
def test_a_child_that_breaks_off_costs_its_session_only(box: Sandbox, source: str) -> None:
    with box.session() as session, pytest.raises(SandboxError):
        session.run_cell(source, SOON)
    honest(box)


def test_an_answer_prepared_in_advance_is_refused(box: Sandbox) -> None:
    prepare = """
from autograder.sandbox import wire
import gc, os
child = next(o for o in gc.get_objects() if type(o).__name__ == "Child")
def f():
    os.write(3, wire.encode([child.nonce, "done", 1, None, 0, []]))
    os.write(3, wire.encode([child.nonce, "done", 2, None, 0, []]))
    child.connection.recv(65536)
"""
    with box.session() as session:
        session.run_cell(prepare)
        with pytest.raises(SandboxError):  # noqa: PT012  (which of the two notices is a race)
            for _ in range(2):
                session.call("f", seconds=SOON)
    honest(box)


@pytest.mark.parametrize(
    "answer",
    [
        "'done'",
        "'done', 1",
        "'done', 1, None, 'x', []",
        "'done', 1, None, -2, []",
        "'done', 1, None, 0, [-1]",
        "'done', 1, None, 0, 'x'",
        "'done', 1, [1, 2, 3], 0, []",
        "'done', 1, ['A', 'b', -1], 0, []",
        "'done', 1, 'x', 0, []",
        "'ask', 0, [], {}",
        "'ask', -1, [], {}",
        "'ask', 'x', [], {}",
        "'ask'",
        "'cell', 'x'",
        "[]",
    ],
)
def test_answers_out_of_form_are_refused(box: Sandbox, answer: str) -> None:
    forge = f"""
from autograder.sandbox import wire
import gc, os
child = next(o for o in gc.get_objects() if type(o).__name__ == "Child")
def f():
    os.write(3, wire.encode([child.nonce, {answer}]))
    os.read(3, 1)
"""
    with box.session() as session:
        session.run_cell(forge)
        with pytest.raises(SandboxError):
            session.call("f", seconds=SOON)


def test_memory_is_bounded(run: Run) -> None:
    for source in ("bytearray(2**30)", "[bytearray(10**7) for _ in range(100)]", "import numpy\nnumpy.ones(10**9)"):
        failure = run(source).failure
        assert failure is not None
        assert failure.kind in ("MemoryError", "_ArrayMemoryError")


def test_a_death_for_want_of_memory_says_so(box: Sandbox) -> None:
    fill = "kept = []\ntry:\n    while True: kept.append(bytearray(10**6))\nexcept MemoryError: {end}"
    with box.session() as session, pytest.raises(Died, match="used most of the 256 MB"):
        session.run_cell(fill.format(end="__import__('os')._exit(1)"))
    with box.session() as session, pytest.raises(Died, match=r"status 1\.$"):
        session.run_cell("import os\nos._exit(1)")


def test_descriptors_and_pipes_are_bounded(run: Run) -> None:
    assert run("import os\nwhile True: os.pipe()").failure is not None
    assert text(run("print('alive')")) == "alive\n"


def test_output_is_bounded(box: Sandbox) -> None:
    for source in (
        "print('x' * 10**7)",
        "for i in range(10**5): print(i)",
        "'x' * 10**7",
        "raise ValueError('x' * 10**7)",
    ):
        with box.session() as session:
            cell = session.run_cell(source)
        assert len(repr(cell.outputs)) < 2 * box.limits.output_chars
        assert len(cell.outputs) <= 201


def test_a_lost_zygote_is_replaced(box: Sandbox) -> None:
    with Sandbox(Limits(call_seconds=5), box.isolation) as sandbox:
        honest(sandbox)
        for zygote in sandbox._zygotes.values():
            os.kill(zygote.pid, 9)
            assert zygote.process is not None
            zygote.process.wait()
        honest(sandbox)
        with sandbox.session(plain=True) as session:
            assert session.run_cell("1").failure is None


def test_a_zygote_is_replaced_after_many_children(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.sandbox.host.sandbox.CHILDREN_PER_ZYGOTE", 3)
    with Sandbox(box.limits, box.isolation) as sandbox:
        seen = set()
        for _ in range(4):
            honest(sandbox)
            seen.add(sandbox._zygotes[False].pid)
        assert len(seen) == 2


def test_nothing_is_left_behind(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made: list[Sandbox] = []
    maker = threading.Thread(target=lambda: made.append(Sandbox(box.limits, box.isolation)))
    maker.start()
    maker.join()  # the end of the thread that made it must not end a sandbox
    with made[0] as sandbox:
        honest(sandbox)
        pids = [zygote.pid for zygote in sandbox._zygotes.values()]
        assert len(pids) == 2
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_timeouts_say_so(box: Sandbox) -> None:
    with box.session() as session:
        session.run_cell("def f():\n    while True: pass")
        with pytest.raises(TimedOut):
            session.call("f", seconds=SOON)
