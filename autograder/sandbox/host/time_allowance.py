"""How long a request may take: so much processor time, and several times as long by the clock on the wall.

The kernel keeps a clock of each process that runs only while the process computes, and another one for the time in
which it could compute but other work has the processors. The first bounds what computes; what sleeps or is stuck ends
by the clock on the wall, from which the second is taken off. So an honest program needs no more of either on a busy
day.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.errors import Stalled, TimedOut
from autograder.sandbox.records import WALL_FACTOR

OF_A_PROCESS = 2  # the kernel's CPUCLOCK_SCHED: exact, and of all its threads
LEAST = 0.01  # seconds that any request gets, and between two looks at the child's clock


def processor_seconds(process: int) -> float:
    """How long a process has computed, from the kernel; raises ProcessLookupError when it is gone and buried."""
    try:
        return time.clock_gettime(~process << 3 | OF_A_PROCESS)
    except OSError as error:
        raise ProcessLookupError(process) from error


def hindered_seconds(process: int | Literal["thread-self"]) -> float:
    """For how long a process (or this thread) was ready to compute while other work had the processors; 0.0 where the
    kernel doesn't tell, or the process is gone."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_bytes().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _without_end() -> float:
    return math.inf


@dataclass(frozen=True)
class Shared:
    """What several requests share: the processor time `left` to all, and the moment of time.monotonic() to stop at."""

    left: Callable[[], float] = _without_end
    stop_at: float = math.inf


ALL_TIME = Shared()


class Allowance:
    """What one request to a child may take from now on; `hindered` tells how long other work has had the processors."""

    def __init__(self, process: int, seconds: float, shared: Shared, hindered: Callable[[], float]) -> None:
        now = time.monotonic()
        self._process, self._hindered = process, hindered
        self._seconds = max(LEAST, min(seconds, shared.left()))
        self._most = processor_seconds(process) + self._seconds
        self._host_began: float | None = None
        self._stop_at = min(now + WALL_FACTOR * seconds, shared.stop_at)
        # A child doesn't compute for longer than time passes: until then its clock needn't be read again.
        self._look_at = min(now + self._seconds, self._stop_at)

    def count_host(self) -> None:
        """From now on, what the host computes in this thread counts too: the child asks for it."""
        if self._host_began is None:
            self._host_began = time.thread_time()

    def left(self) -> float:
        """Seconds to wait at most before asking again. Raises TimedOut; Stalled if it is only the wall's clock that
        ran out."""
        now = time.monotonic()
        if now >= self._look_at:
            left = self._most - self._spent()
            if left <= 0:
                raise TimedOut(f"It didn't finish within {self._seconds:.3g} s of processor time.")
            stop_at = self._stop_at + self._hindered()
            if now >= stop_at:
                raise Stalled("It didn't finish in time, though it had processor time left.")
            self._look_at = min(now + max(left, LEAST), stop_at)
        return self._look_at - now

    def _spent(self) -> float:
        host = 0.0 if self._host_began is None else time.thread_time() - self._host_began
        return processor_seconds(self._process) + host
