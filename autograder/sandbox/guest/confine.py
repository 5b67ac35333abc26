"""The layers around a child process: limits, no capabilities, Landlock, seccomp. What the zygote can do without is
given up there, once; the rest closes around each child just after the fork."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox.guest import seccomp

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
CAPSET = {"x86_64": 126, "aarch64": 91}

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REFER, TRUNCATE = 1 << 13, 1 << 14
READ = EXECUTE | READ_FILE | READ_DIR
WRITE = READ_FILE | WRITE_FILE | TRUNCATE
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE

GIVEN_UP = {
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CPU: 3600,  # a backstop only: the host's deadlines are what ends a run
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_MEMLOCK: 0,
}


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _syscall(what: str, number: int, *arguments: object) -> int:
    return _check(int(libc.syscall(ctypes.c_long(number), *arguments)), what)


def _prctl(what: str, option: int, argument: int, second: int = 0) -> None:
    _check(libc.prctl(option, argument, second, 0, 0), what)


def landlock_version() -> int:
    """The kernel's Landlock version; 0 when there is none."""
    return max(0, int(libc.syscall(ctypes.c_long(LANDLOCK_CREATE), None, ctypes.c_size_t(0), ctypes.c_uint(1))))


def limit(name: int, most: int) -> None:
    """Bound a resource (one of resource.RLIMIT_...) of this process and of those that it forks, for good."""
    hard = resource.getrlimit(name)[1]
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(name, (allowed, allowed))


def no_new_privileges() -> None:
    """No program may give this process more rights than it has; Landlock and seccomp ask for this first."""
    _prctl("no_new_privs", PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability; with no_new_privs there is no way back."""
    header = struct.pack("<Ii", 0x20080522, 0)
    _syscall("capset", CAPSET[os.uname().machine], header, bytes(24))


def _handled(version: int) -> int:
    """The rights over files that a version of Landlock can take away. Raises OSError for 0, where there is none."""
    if version < 1:
        raise OSError("the kernel has no Landlock")
    handled = (1 << 13) - 1
    handled |= REFER if version >= 2 else 0
    handled |= TRUNCATE if version >= 3 else 0
    return handled | (1 << 15 if version >= 5 else 0)  # ioctl on devices


def ruleset(readable: Sequence[str], writable: Sequence[str]) -> int:
    """A descriptor of Landlock's rules: all under `readable` may be read, the files in `writable` be read and written,
    nothing else, and no TCP. Raises OSError when the kernel has no Landlock or a path isn't there."""
    version = landlock_version()
    handled = _handled(version)
    # Versions 4 and 6 added TCP, and signals and abstract sockets to processes outside.
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    attributes = struct.pack("<QQQ", handled, 3, 3)[:size]
    made = _syscall("landlock", LANDLOCK_CREATE, attributes, ctypes.c_size_t(size), ctypes.c_uint(0))
    for path, rights in [*((path, READ) for path in readable), *((path, WRITE) for path in writable)]:
        here = rights if Path(path).is_dir() else rights & ON_FILES
        descriptor = os.open(path, os.O_PATH)
        rule = struct.pack("<Qi", here & handled, descriptor)
        _syscall("landlock", LANDLOCK_ADD, ctypes.c_int(made), ctypes.c_int(1), rule, ctypes.c_uint(0))
        os.close(descriptor)
    return made


def landlock(files: int) -> None:
    """Put this process under a ruleset, for good."""
    _syscall("landlock", LANDLOCK_RESTRICT, ctypes.c_int(files), ctypes.c_uint(0))


class Filter(ctypes.Structure):
    """A seccomp filter as the kernel takes it: the number of its instructions, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))

    def __init__(self, program: bytes) -> None:
        super().__init__(len(program) // 8, program)


def filter_system_calls(filter: Filter) -> None:
    """Allow only the system calls of a filter (from seccomp); all others fail with EPERM."""
    _prctl("seccomp", PR_SET_SECCOMP, 2, ctypes.addressof(filter))


def give_up() -> None:
    """Close the layers that a zygote needs no more than its children, which have them from it. Raises OSError when one
    of them does not hold."""
    no_new_privileges()
    drop_capabilities()
    for name, most in GIVEN_UP.items():
        limit(name, most)
    filter_system_calls(Filter(seccomp.for_zygote()))


def confine(files: int, filter: Filter) -> None:
    """Close the other layers around a child. Raises OSError when one of them does not hold."""
    _prctl("pdeathsig", PR_SET_PDEATHSIG, 9)
    landlock(files)
    limit(resource.RLIMIT_NPROC, 0)
    filter_system_calls(filter)


def new_process() -> None:
    """Try to fork without any help of Python's; raises OSError where that is refused."""
    if _check(libc.fork(), "fork") == 0:
        os._exit(0)


def supported_platform() -> bool:
    """Whether this is Linux on an architecture whose system calls are listed."""
    return sys.platform == "linux" and os.uname().machine in seccomp.ARCHITECTURES
