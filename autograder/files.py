"""Write a file whole or not at all, read one that a stranger put there, and remove what a process that was killed had
begun to write.

The name of an unfinished file tells which process makes it.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".writing-"


def write_whole(path: Path, content: str | bytes, private: bool = False) -> None:
    """Write a file so that a reader, or a run that is killed, finds the old or the new content and nothing between.
    Nobody but its owner may read a `private` one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(temporary_name())
    try:
        if private:
            new.touch(0o600)
            new.chmod(0o600)
        new.write_bytes(content.encode() if isinstance(content, str) else content)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def read_regular(path: Path, most: int, follow: bool = False) -> bytes:
    """The first `most` bytes of a file that a stranger may have put there. Raises OSError for what can't be read or is
    no file; follows a link only if told to."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "it isn't a file")
        return file.read(most) or b""  # None: a file of the kernel's, which has nothing to give yet


@contextmanager
def writable_for_the_group(wanted: bool) -> Iterator[None]:
    """Where wanted, what this process and its children make may be written by the group, too, as nbgrader's
    `groupshared` has it; whatever the umask says of the group."""
    before = os.umask(0o077)
    os.umask(before & ~0o070 if wanted else before)
    try:
        yield
    finally:
        os.umask(before)


def temporary_name() -> str:
    """A name for what this process is making and will rename or remove. One thing at a time in one folder."""
    return f"{PREFIX}{os.getpid()}"


def remove_leftovers(paths: Iterable[Path]) -> None:
    """Remove those of the files and folders that no living process is making any more. Raises OSError for one that
    can't be removed."""
    for path in paths:
        process = path.name.removeprefix(PREFIX).partition("-")[0]  # SQLite adds "-journal" to a database's name
        if not process.isdigit() or _lives(int(process)):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # another user's process; no process at all
        return True
    return True
