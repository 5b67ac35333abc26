"""`check()` in a real kernel: what it knows of cells that ran, and loops that never end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from autograder.course.course import Assignment
from autograder.release.build import release_files
from tests.check.conftest import Ask, asking, released

pytestmark = pytest.mark.slow
Run = Callable[[str], str]
SETUP = "import numpy as np\nfrom check import check"
RIGHT = "def row_means(x):\n    return x.mean(axis=1)"


@pytest.fixture
def run(assignment: Assignment, tmp_path: Path) -> Iterator[Run]:
    """Run a cell in a fresh kernel beside a release; returns the text of its last value, or the name of its error."""
    for name, content in release_files(replace(assignment, call_seconds=0.5)).items():
        (tmp_path / name).write_bytes(content)
    manager, client = start_new_kernel(cwd=str(tmp_path))

    def run(source: str) -> str:
        shown: list[str] = []

        def hook(message: dict[str, Any]) -> None:
            content = message["content"]
            shown.extend(filter(None, [content.get("ename"), content.get("data", {}).get("text/plain")]))

        client.execute_interactive(source, timeout=60, output_hook=hook)
        return "\n".join(shown)

    try:
        run(SETUP)
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_an_older_version_is_told(run: Run) -> None:
    run(RIGHT)
    assert run('check("row_means")').startswith("✓")
    assert "SyntaxError" in run(RIGHT.replace(":", ""))
    shown = run('check("row_means")')
    assert "This is the version of cell [2]. Cell [4] defines row_means anew, but that version isn't in use" in shown
    run(f"1 / 0\n{RIGHT}")
    assert "Cell [6] defines row_means anew" in run('check("row_means")')
    run(f"{RIGHT}\n1 / 0")
    assert "version" not in run('check("row_means")')
    run(f"text = '''\n{RIGHT}\n'''\nprint(text)")
    assert "version" not in run('check("row_means")')


def test_a_definition_that_never_came_to_be_is_told(run: Run) -> None:
    run("class Counter:\n    def add(self, k)\n        return k")
    assert "Cell [2] defines it, but ended before it did" in run('check("Counter")')


def test_a_name_that_came_up_after_the_check_is_told(run: Run) -> None:
    run("def mine(x):\n    return x.mean(axis=1)\ndef row_means(x):\n    return mine(x)")
    run('check("row_means")')
    assert "It uses" not in run('check("row_means")')
    run("def row_means(x):\n    return later(x) * FACTOR")
    assert "NameError" in run('check("row_means")')
    run("def later(x):\n    return x.mean(axis=1)\nFACTOR = 1")
    assert "It uses `FACTOR`, `later`, which came up only after this check first ran." in run('check("row_means")')


def test_a_loop_that_never_ends_is_stopped_and_shown(run: Run) -> None:
    run("def row_means(x):\n    n = 0\n    while n < 1:\n        n -= 1\n    return n")
    shown = run('check("row_means")')
    assert (
        "Stopped in the case 'three rows of two': no end after 0.5 s of computing, the most that grading gives a call"
        in shown
    )
    assert "Line 4 of your cell: n -= 1" in shown or "Line 3 of your cell: while n < 1:" in shown
    assert "Is there a loop that never ends?" in shown
    run(RIGHT)
    assert run('check("row_means")').startswith("✓")
    assert run("sum(range(20_000_000)) > 0") == "True"


def test_a_loop_that_catches_exceptions_is_stopped_too(run: Run) -> None:
    run("def row_means(x):\n    while True:\n        try:\n            x = x + 1\n        except Exception: pass")
    assert "Stopped in the case" in run('check("row_means")')
    run("def row_means(x):\n    try:\n        while True: pass\n    finally:\n        while True: pass")
    assert "Stopped in the case" in run('check("row_means")')
    run("def pairs():\n    while True: pass")
    assert "Stopped in the case 'your examples'" in run('check("pairs")')


def test_outside_the_main_thread_it_is_stopped_too(run: Run) -> None:
    run("def row_means(x):\n    while True: pass")
    run(
        "import threading\nfound = []\n"
        "def ask():\n    found.append(check('row_means'))\n    sum(range(10**6))\n    found.append(3)\n"
        "thread = threading.Thread(target=ask)\nthread.start()\nthread.join()"
    )
    assert "Stopped in the case" in run("found[0]")
    assert run("found[1]") == "3"


def test_a_timer_of_ones_own_is_left_alone(assignment: Assignment, tmp_path: Path) -> None:
    import signal

    ask: Ask = asking(released(assignment, tmp_path))
    before = signal.signal(signal.SIGVTALRM, lambda *_: None)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, 1000)
        assert ask("row_means", RIGHT).tone == "right"
        assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] > 900
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
