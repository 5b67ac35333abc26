"""Processes as the kernel tells of them: who started whom, by which command, and who still runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path


def children(process: int) -> list[int]:
    """Those that a process started; none if it has ended."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def command_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def workers_of(process: int) -> list[int]:
    """The worker processes that a grader has started."""
    return [child for child in children(process) if b"spawn_main" in command_of(child)]


def still_running(processes: Sequence[int]) -> list[int]:
    """Those that don't end by themselves although nobody waits for their work any more."""
    deadline = time.monotonic() + 60
    running = list(processes)
    while running and time.monotonic() < deadline:
        running = [process for process in running if _state(process) != "Z"]
        time.sleep(0.05)
    return running


def _state(process: int) -> str:
    """The kernel's letter for what it does; Z if it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return "Z"
