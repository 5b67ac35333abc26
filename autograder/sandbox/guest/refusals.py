"""In the guest: say in words what the confinement refuses anyway; this is kindness, not a barrier.

What is refused raises the kind of exception that Python itself raises where it can't be had, so that a library which
does without goes on. Where an answer that tells nothing serves as well, there is one.
"""

from __future__ import annotations

import builtins
import getpass
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, NoReturn

from autograder.sandbox.guest.memory_files import MemoryFiles


def unavailable(what: str) -> str:
    """The sentence about something that isn't to be had in here."""
    return f"{what} is not available while your notebook is graded."


def install() -> None:
    """Put the words in place, for the zygote and all its children."""
    builtins.input = _refused("input()", RuntimeError)
    getpass.getpass = _refused("getpass()", RuntimeError)
    threading.Thread.start = _refused("Starting a thread", RuntimeError)  # type: ignore[method-assign]
    subprocess.Popen.__init__ = _refused("Starting another program", PermissionError)  # type: ignore[method-assign]
    for name in ("popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "execv", "execve"):
        setattr(os, name, _refused(f"os.{name}()", PermissionError))
    MemoryFiles().install()
    os.system = _no_command  # type: ignore[assignment]
    os.getloadavg = lambda: (0.0, 0.0, 0.0)
    # What the kernel tells of pages, another submission can have prepared.
    resource.getrusage = lambda _who: resource.struct_rusage((*os.times()[:2], *[0] * 14))


def _refused(what: str, kind: type[Exception]) -> Callable[..., NoReturn]:
    def refused(*_args: Any, **_options: Any) -> NoReturn:
        raise kind(unavailable(what))

    return refused


def _no_command(_command: object) -> int:
    print(unavailable("Running a shell command"), file=sys.stderr)
    return 1
