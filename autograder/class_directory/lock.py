"""Locks of a class: one at a time grades it or changes what was decided, and whoever writes a shared file waits."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import ClassError

LOCK = ".grading.lock"


@contextmanager
def only_grader(root: Path) -> Iterator[None]:
    """Hold the class's lock; the system gives it up when its holder ends, in whatever way. Raises ClassError where
    somebody else holds it."""
    with (root / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            raise ClassError(
                f"Another grader (process {holder}) is at work in {root}. Wait until it is done, or end it, then go on."
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


@contextmanager
def held(handle: int) -> Iterator[None]:
    """Wait until nobody else has the open file or folder locked, then hold its lock; it is closed at the end."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
