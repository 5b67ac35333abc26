"""The kernel that a student's notebook runs in: what it remembers of the cells that ran, and an end to endless loops.

It remembers which version of a definition is in use, and what that was made of. A cell that was edited and not run is
not known to it. The limit is one of processor time.
"""

from __future__ import annotations

import ast
import linecache
import re
import signal
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from autograder.definitions import functions

MOST_CELLS = 1_000  # of more, none is read
AGAIN = 0.5  # seconds until a stop is repeated, for code that catches everything


def cells_run(namespace: Mapping[str, Any]) -> list[str]:
    """The texts of the cells that ran, by their numbers; empty where no IPython keeps them."""
    cells = namespace.get("In")
    if not isinstance(cells, list) or len(cells) > MOST_CELLS:
        return []
    return cells if all(type(cell) is str for cell in cells) else []


def older_version(name: str, subject: object, namespace: Mapping[str, Any]) -> str:
    """The sentence for a definition that a later cell should have replaced and didn't, else nothing."""
    cells = cells_run(namespace)
    latest = _latest(name, cells)
    if name not in namespace:
        return f"Cell [{latest}] defines it, but ended before it did: read the error below that cell." if latest else ""
    made = _made_in(subject, cells)
    if not made or not latest or latest <= made:
        return ""
    return (
        f"This is the version of cell [{made}]. Cell [{latest}] defines {name} anew, but that version isn't in use: "
        "did it end with an error? Run it again and read what stands below it."
    )


def names_from_later(name: str, subject: object, namespace: Mapping[str, Any]) -> list[str]:
    """The names that a function uses and that came up only after its check had run: their cells may stand below it."""
    cells = cells_run(namespace)
    asked = re.compile(rf"\bcheck\(\s*['\"]{re.escape(name)}['\"]")
    first = next((place for place, cell in enumerate(cells[:-1]) if asked.search(cell)), 0)
    if not first or not _made_in(subject, cells):
        return []
    before = {defined for cell in cells[: first + 1] for defined in _defined(cell)}
    since = {defined for cell in cells[first + 1 :] for defined in _defined(cell)} - before
    return sorted(used for used in names_in(subject) if used in since and used != name)


def _made_in(subject: object, cells: Sequence[str]) -> int:
    """The number of the last cell whose text is the one that `subject` was compiled from; 0 if none is."""
    text = "".join(line for code in _codes(subject)[:1] for line in linecache.getlines(code.co_filename)).strip()
    return max((place for place, cell in enumerate(cells) if text and cell.strip() == text), default=0)


def _latest(name: str, cells: Sequence[str]) -> int:
    """The number of the last cell that defines `name` at its top level, whether it ran through or not, or 0."""
    start = re.compile(rf"^(?:async\s+)?(?:def|class)\s+{re.escape(name)}\b", re.MULTILINE)
    found = [place for place, cell in enumerate(cells) if start.search(cell)]
    return next((place for place in reversed(found) if name in _defined(cells[place]) or not _parsed(cells[place])), 0)


def _codes(subject: object) -> list[types.CodeType]:
    """The compiled bodies of a function, or of a class's methods."""
    return [function.__code__ for function in functions(subject).values()]


def names_in(subject: object) -> set[str]:
    """The names that a function, or the methods of a class, look up outside themselves, and attributes."""
    waiting = _codes(subject)
    used: set[str] = set()
    while waiting:
        code = waiting.pop()
        used.update(code.co_names)
        waiting += [part for part in code.co_consts if isinstance(part, types.CodeType)]
    return used


def _parsed(cell: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _defined(cell: str) -> set[str]:
    """The functions and classes that a cell defines, and the names that it assigns, at its top level."""
    found: set[str] = set()
    for statement in _parsed(cell):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name).partition(".")[0] for alias in statement.names)
        else:
            stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            found.update(node.id for node in stored if isinstance(node.ctx, ast.Store))
    return found


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
