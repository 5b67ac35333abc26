"""A temporary folder that goes when its owner ends: if the owner is killed, the next one to make a folder removes it.

A living owner holds a lock on its folder, which the kernel gives up with the process, in whatever way that ends. A
process number in the name would not do: in another container sharing the folder it means another process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Scratch:
    """A private folder and the descriptor that holds its lock."""

    path: Path
    lock: int

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        try:
            shutil.rmtree(self.path)
        finally:
            os.close(self.lock)


def make_scratch(prefix: str) -> Scratch:
    """A new folder among the system's temporary ones; those of the same prefix without an owner are removed first."""
    for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        _remove_if_left(path)
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix))
        lock = _lock(path)
        if lock is not None and path.is_dir():  # else another took it for one that was left
            return Scratch(path, lock)
        if lock is not None:
            os.close(lock)


def _remove_if_left(path: Path) -> None:
    with suppress(OSError, RecursionError):  # no folder, gone by now, or made by somebody to be in the way
        lock = _lock(path)
        if lock is None:
            return
        try:
            if os.fstat(lock).st_uid == os.geteuid():
                shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(lock)


def _lock(path: Path) -> int | None:
    """A descriptor that holds the folder's lock; None when somebody else holds it or the folder is gone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError:
        os.close(handle)
        raise
    return handle
