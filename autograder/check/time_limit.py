"""An end to endless loops in a student's own notebook: a limit of processor time."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

AGAIN = 0.5  # seconds until a stop is repeated, for code that catches everything


class OutOfTime(BaseException):
    """Raised in the student's code; not an Exception, so that `except Exception` lets it pass."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in what runs inside after so many seconds of processor time of this process.

    What waits, as `input()` does, isn't stopped; nor is a single long step of compiled code before its end. An
    interrupt by the student works as ever. Where neither signals nor threads are to be had, there is no limit.
    """
    with _by_signal(seconds) if _has_signals() else _by_thread(seconds):
        yield


def _has_signals() -> bool:
    """Whether a timer can interrupt this thread, and nobody else is using it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    idle = signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0
    return idle and signal.getsignal(signal.SIGVTALRM) in (signal.SIG_DFL, signal.SIG_IGN)


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise OutOfTime

    def end() -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
        yield
    finally:
        _surely(end)


def _surely(act: Callable[[], object]) -> None:
    """Do `act` even if a last stop comes in between."""
    try:
        act()
    except OutOfTime:
        act()


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    """The same from a second thread: on Windows, and where the cell doesn't run in the main thread."""
    over = threading.Event()
    thread = threading.get_ident()
    latest = time.process_time() + seconds

    def watch() -> None:
        while not over.wait(AGAIN if time.process_time() > latest else min(AGAIN, seconds / 4)):
            if time.process_time() > latest:
                _raise_in(thread, OutOfTime)

    def end() -> None:
        over.set()
        if watcher.ident is not None:
            watcher.join()
            _raise_in(thread, None)  # what was sent and hasn't come yet

    watcher = threading.Thread(target=watch, daemon=True)
    with suppress(RuntimeError):  # a Python that has no threads
        watcher.start()
    try:
        yield
    finally:
        _surely(end)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    import ctypes  # not every Python has it, and few need it

    given = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), given)
