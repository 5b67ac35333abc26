"""In the guest: what a notebook writes into files beside itself stays in the memory of its process and ends with it.

No file can be written in here. But students save pictures, arrays and notes, and read them again: a relative name that
is opened for writing is a buffer instead, of which no other submission learns. This is kindness, not a barrier.
"""

from __future__ import annotations

import builtins
import io
import os
from pathlib import Path
from typing import Any

REAL_OPEN = io.open
HERE = Path("/")  # where a notebook runs
Held = dict[str, "bytes | Buffer"]


class Buffer(io.BytesIO):
    """An open file; its bytes stay when it is closed."""

    def __init__(self, held: Held, name: str, mode: str, content: bytes) -> None:
        super().__init__(content)
        self.held, self.name, self.how = held, name, mode
        if mode.strip("bt") != "r":
            held[name] = self
        if "a" in mode:
            self.seek(0, io.SEEK_END)

    def readable(self) -> bool:
        return "r" in self.how or "+" in self.how

    def writable(self) -> bool:
        return self.how.strip("bt") != "r"

    def close(self) -> None:
        if not self.closed and self.held.get(self.name) is self:
            self.held[self.name] = self.getvalue()
        super().close()


class MemoryFiles:
    """The files of one process, and an `open` that knows them."""

    def __init__(self) -> None:
        self.held: Held = {}

    def install(self) -> None:
        """Let every `open` of the process be this one."""
        builtins.open = io.open = self.open

    def open(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        """As Python's own, but for what is here or can't be written anywhere."""
        name = _beside(file)
        kept = self.held.get(name) if name else None
        made = kept is None and any(letter in mode for letter in "wax")
        if name is None or opener is not None or not (made or kept is not None):
            return REAL_OPEN(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if kept is not None and "x" in mode:
            raise FileExistsError(f"File exists: {name!r}")
        content = kept.getvalue() if isinstance(kept, Buffer) else kept or b""
        buffer = Buffer(self.held, name, mode, b"" if "w" in mode else content)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding or "utf-8", errors, newline)


def _beside(file: Any) -> str | None:
    """The name of a file beside the notebook or below; None for everything else."""
    if isinstance(file, int):
        return None
    path = Path(os.fsdecode(file))
    if path.parent == HERE:  # the absolute name of what is beside it, as logging makes one
        path = path.relative_to(HERE)
    return None if path.is_absolute() or os.pardir in path.parts else str(path)
