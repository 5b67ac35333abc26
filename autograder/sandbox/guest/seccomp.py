"""The system calls a submission may make, as seccomp filters assembled here: no library, no build step.

The kernel takes a call through all filters of a process, and the strictest decides. The long one with all that is
allowed is installed in the zygote, once; each child adds a short one against what only the zygote may do.
"""

from __future__ import annotations

import errno
import platform
import struct

# name: (x86_64, aarch64); None where the architecture has no such call.
ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # reading and writing what is open
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67),
    "preadv": (295, 69), "lseek": (8, 62), "close": (3, 57),
    "close_range": (436, 436), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "pipe": (22, None),
    "pipe2": (293, 59), "shutdown": (48, 210), "getsockname": (51, 204),
    # files: Landlock decides which are read, and nothing is ever written, not even the time of an access
    "stat": (4, None), "fstat": (5, 80), "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291),
    "statfs": (137, 43), "fstatfs": (138, 44), "access": (21, None), "faccessat": (269, 48),
    "faccessat2": (439, 439), "getdents": (78, None), "getdents64": (217, 61), "getcwd": (79, 17),
    "chdir": (80, 49), "fchdir": (81, 50), "readlink": (89, None), "readlinkat": (267, 78),
    # memory
    "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "mremap": (25, 216),
    "msync": (26, 227),
    # time and waiting
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72), "pause": (34, None),
    "nanosleep": (35, 101), "getitimer": (36, 102), "alarm": (37, None),
    "setitimer": (38, 103), "gettimeofday": (96, 169), "time": (201, None), "times": (100, 153),
    "sched_yield": (24, 124),
    "epoll_create": (213, None), "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None),
    "epoll_pwait": (281, 22), "epoll_pwait2": (441, 441), "eventfd2": (290, 19), "timerfd_settime": (286, 86),
    "timerfd_gettime": (287, 87),
    # its own signals
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132), "restart_syscall": (219, 128),
    # asking about itself
    "getpid": (39, 172), "getppid": (110, 173), "gettid": (186, 178), "getpgrp": (111, None),
    "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "getgroups": (115, 158), "getresuid": (118, 148),
    "getresgid": (120, 150), "uname": (63, 160), "getrlimit": (97, 163),
    "getcpu": (309, 168), "getrandom": (318, 278),
    # the C library's own housekeeping
    "arch_prctl": (158, None), "set_robust_list": (273, 99), "rseq": (334, 293),
    "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip

# Calls that are allowed only with certain arguments; see _checked.
CHECKED: dict[str, tuple[int | None, int | None]] = {
    "open": (2, None), "openat": (257, 56), "fcntl": (72, 25), "ioctl": (16, 29),
    "socketpair": (53, 199), "sendto": (44, 206), "recvfrom": (45, 207),
    "getsockopt": (55, 209), "futex": (202, 98), "madvise": (28, 233), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "timerfd_create": (283, 85), "mmap": (9, 222),
    "sched_getaffinity": (204, 123), "sched_getparam": (143, 121), "sched_getscheduler": (145, 120),
    "getpgid": (121, 155), "getsid": (124, 156), "getpriority": (140, 141),
}  # fmt: skip

# Only the zygote may fork, end and bury children, take their connections from the host, and close layers around them.
ZYGOTE: dict[str, tuple[int, int]] = {
    "clone": (56, 220), "kill": (62, 129), "wait4": (61, 260), "recvmsg": (47, 212), "prctl": (157, 167),
    "landlock_restrict_self": (446, 446), "prlimit64": (302, 261),
}  # fmt: skip

# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: no locks, no F_SETOWN, no F_SETSIG
FCNTL = (0, 1, 2, 3, 4, 1030)
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# SO_TYPE, SO_ERROR, SO_PROTOCOL, SO_DOMAIN: nothing about who is at the other end
SOCKOPT = (3, 4, 38, 39)
# MADV_DONTNEED, MADV_HUGEPAGE, MADV_NOHUGEPAGE: nothing that fetches, merges or drops what others share
MADVICE = (4, 14, 15)
# FUTEX_WAIT, WAKE, CMP_REQUEUE, WAKE_OP, WAIT_BITSET, WAKE_BITSET, and both that wait with the clock of the day; all
# of them PRIVATE: what isn't wakes whoever maps the same file, another submission
FUTEX = (128, 129, 132, 133, 137, 138, 384, 393)
O_TRUNC, O_ACCMODE, AF_UNIX, MSG_OOB, MAP_HUGETLB, NEGATIVE = 0o1000, 0o3, 1, 1, 1 << 18, 1 << 31

ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
X32_BIT = 0x40000000

ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
LOAD, AND, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCH = 0, 4

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def low(argument: int) -> int:
    """Offset of the low half of a system call's argument (both architectures are little-endian)."""
    return 16 + 8 * argument


def _one_of(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    program: list[Instruction] = [(LOAD, 0, 0, low(argument))]
    for value in values:
        program += [(EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW)]
    return [*program, (RETURN, 0, 0, REFUSE)]


def _null(argument: int) -> list[Instruction]:
    return [
        (LOAD, 0, 0, low(argument)),
        (EQUAL, 0, 3, 0),
        (LOAD, 0, 0, low(argument) + 4),
        (EQUAL, 0, 1, 0),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]


def _without(argument: int, bits: int) -> list[Instruction]:
    return [(LOAD, 0, 0, low(argument)), (ANY_BIT, 0, 1, bits), (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]


def _opening(argument: int) -> list[Instruction]:
    """Landlock is asked for nothing where neither reading nor writing is, which the third access mode means; and
    truncating while opening for reading needs no right to write under its older versions."""
    return [
        (LOAD, 0, 0, low(argument)),
        (AND, 0, 0, O_ACCMODE),
        (EQUAL, 0, 1, O_ACCMODE),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, low(argument)),
        (AND, 0, 0, O_TRUNC | O_ACCMODE),
        (EQUAL, 0, 1, O_TRUNC),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]


def _own_limits() -> list[Instruction]:
    """A process may ask for its own limits and set none."""
    return [(LOAD, 0, 0, low(0)), (EQUAL, 1, 0, 0), (RETURN, 0, 0, REFUSE), *_null(2)]


def _checked() -> dict[str, list[Instruction]]:
    return {
        "open": _opening(1),
        "openat": _opening(2),
        "fcntl": _one_of(1, FCNTL),
        "ioctl": _one_of(1, IOCTL),
        "socketpair": _one_of(0, (AF_UNIX,)),
        "sendto": [*_without(3, MSG_OOB)[:-1], *_null(4)],
        "recvfrom": _without(3, MSG_OOB),
        "getsockopt": _one_of(2, SOCKOPT),
        "futex": _one_of(1, FUTEX),
        "madvise": _one_of(2, MADVICE),
        "mmap": _without(3, MAP_HUGETLB),
        # 0 is the process itself.
        "sched_getaffinity": _one_of(0, (0,)),
        "sched_getparam": _one_of(0, (0,)),
        "sched_getscheduler": _one_of(0, (0,)),
        "getpgid": _one_of(0, (0,)),
        "getsid": _one_of(0, (0,)),
        "getpriority": _one_of(1, (0,)),
        # Below 0 are the clocks of other processes.
        "clock_gettime": _without(0, NEGATIVE),
        "clock_getres": _without(0, NEGATIVE),
        "clock_nanosleep": _without(0, NEGATIVE),
        "timerfd_create": _without(0, NEGATIVE),
    }


def _stretches(column: int) -> list[tuple[int, list[Instruction]]]:
    """What to do in the zygote from each number on, until the next one of the list; the first is 0."""
    refuse: list[Instruction] = [(RETURN, 0, 0, REFUSE)]
    allow: list[Instruction] = [(RETURN, 0, 0, ALLOW)]
    numbers = {name: pair[column] for name, pair in (ALLOWED | CHECKED | ZYGOTE).items()}
    checked = _checked()
    acts = {number: checked.get(name, allow) for name, number in numbers.items() if number is not None}
    stretches = [(0, acts.get(0, refuse))]
    for number in range(1, max(acts) + 2):
        act = acts.get(number, refuse)
        if act != stretches[-1][1]:
            stretches.append((number, act))
    return stretches


def _tree(stretches: list[tuple[int, list[Instruction]]]) -> list[Instruction]:
    """Find the stretch of the loaded number by halving."""
    if len(stretches) == 1:
        return stretches[0][1]
    middle = len(stretches) // 2
    below, above = _tree(stretches[:middle]), _tree(stretches[middle:])
    return [(AT_LEAST, len(below), 0, stretches[middle][0]), *below, *above]


def for_zygote(machine: str | None = None) -> bytes:
    """The filter of all that the zygote and its children may do, for `machine` (this one by default), as the kernel
    takes it: 8 bytes an instruction.

    Raises KeyError for an architecture whose system calls are not listed here.
    """
    column, audit = ARCHITECTURES[machine or platform.machine()]
    program: list[Instruction] = [
        (LOAD, 0, 0, ARCH),
        (EQUAL, 1, 0, audit),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (ANY_BIT, 0, 1, X32_BIT),
        (RETURN, 0, 0, KILL),
    ]
    return _packed(program + _tree(_stretches(column)))


def for_child(machine: str | None = None) -> bytes:
    """The filter that a child adds: it refuses what only the zygote may do. Other architectures end at the zygote's."""
    column, _ = ARCHITECTURES[machine or platform.machine()]
    program: list[Instruction] = [(LOAD, 0, 0, NUMBER)]
    for name, numbers in ZYGOTE.items():
        act = _own_limits() if name == "prlimit64" else [(RETURN, 0, 0, REFUSE)]
        program += [(EQUAL, 0, len(act), numbers[column]), *act]
    return _packed([*program, (RETURN, 0, 0, ALLOW)])


def _packed(program: list[Instruction]) -> bytes:
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in program)
