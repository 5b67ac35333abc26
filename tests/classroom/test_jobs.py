"""Jobs in worker processes end when whoever waits for them is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
LONG = 60  # seconds: a bound for what is quick, on a machine that is busy
SCRIPT = """
import os, signal, sys, time
from pathlib import Path
from autograder.processes.jobs import run_jobs

def never_ends(place):
    Path(place).write_text(str(os.getpid()))
    time.sleep(100_000)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it runs in the background ignore it
    for _ in run_jobs(never_ends, sys.argv[1:], 2):
        pass
"""


def test_an_interrupt_ends_the_jobs_under_way(tmp_path: Path) -> None:
    script, places = tmp_path / "script.py", [tmp_path / str(number) for number in range(12)]
    script.write_text(SCRIPT)
    with subprocess.Popen([sys.executable, script, *places], stderr=subprocess.PIPE) as process:
        try:
            worker = _number_in(places[0])
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=LONG)
        finally:
            process.kill()
    assert b"KeyboardInterrupt" in said
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def _number_in(path: Path) -> int:
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.05)
    raise AssertionError("no job began")
