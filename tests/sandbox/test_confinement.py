"""Promises about what a submission can reach and fake, in each mode that this machine gives."""

from __future__ import annotations

import os
import platform
import resource
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.errors import NoIsolation, SandboxError
from autograder.sandbox.guest import seccomp
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import CellRun

from .conftest import text

Run = Callable[[str], CellRun]
CALLS = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"


@pytest.mark.parametrize(
    "attempt",
    [
        "os.fork()",
        "os.kill(os.getppid(), 0)",
        "os.kill(1, 9)",
        "os.kill(-1, 9)",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.setuid(0)",
        "os.link('/dev/null', 'null')",
        "os.symlink('/etc', 'etc')",
        "os.mkfifo('pipe')",
        "os.chmod('/tmp', 0o777)",
        "os.utime('/tmp')",
        "os.nice(-1)",
        "os.memfd_create('x')",
        "os.open('/dev/null', os.O_RDONLY | os.O_TRUNC)",
        "os.open('/dev/null', os.O_ACCMODE)",
        "os.open('/dev/null', os.O_ACCMODE | os.O_TRUNC)",
        "os.open('notes.txt', os.O_CREAT | os.O_WRONLY)",
        "tempfile.mkstemp()",
        "os.mkdir('folder')",
        "os.rename('/dev/null', 'null')",
        "os.remove('/dev/null')",
        "os.sendfile(3, os.open('/dev/zero', os.O_RDONLY), 0, 9)",
        "os.sched_getaffinity(1)",
        "os.getpriority(os.PRIO_PROCESS, 1)",
        "os.listdir('/')",
        "os.listdir('/tmp')",
        "os.listdir('/proc')",
        "os.listdir('/dev/shm')",
        "os.listdir(os.path.expanduser('~root'))",
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "open('/proc/1/environ')",
        "open('/dev/shm/x', 'w')",
        "open('/tmp/x', 'w')",
        "open('../x', 'w')",
        "open(sys.prefix + '/x', 'w')",
        "open(os.__file__, 'a')",
        "os.remove(os.__file__)",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socketpair(socket.AF_INET)",
        "socket.create_connection(('127.0.0.1', 80))",
        "socket.getaddrinfo('example.org', 80)",
        "_thread.start_new_thread(print, ())",
        "fcntl.flock(0, fcntl.LOCK_EX)",
        "fcntl.fcntl(0, fcntl.F_SETOWN, 1)",
        "fcntl.fcntl(0, 1024, 0)",
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
        "resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
        "signal.pidfd_send_signal(0, 9)",
        "os.pidfd_open(os.getpid())",
        "mmap.mmap(-1, 2**33)",
        "mmap.mmap(-1, 4096).madvise(8)",  # MADV_FREE
        "mmap.mmap(-1, 4096).madvise(12)",  # MADV_MERGEABLE
        "mmap.mmap(-1, 4096).madvise(21)",  # MADV_PAGEOUT
        "mmap.mmap(-1, 4096).madvise(22)",  # MADV_POPULATE_READ
        "time.clock_gettime(-6)",
        "(lambda one, other: one.send(b'x', socket.MSG_OOB))(*socket.socketpair())",
    ],
)
def test_what_is_forbidden_fails_with_an_ordinary_error(run: Run, attempt: str) -> None:
    imports = "import os, sys, socket, _thread, fcntl, resource, signal, mmap, tempfile, time\n"
    cell = run(f"{imports}try:\n    {attempt}\nexcept (OSError, RuntimeError, ValueError): print('refused')")
    assert text(cell) == "refused\n"


FORBIDDEN_CALLS = {
    # name: (x86_64, aarch64)
    "clone": (56, 220), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "clone3": (435, 435),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "socket": (41, 198), "connect": (42, 203), "sendmsg": (46, 211), "recvmsg": (47, 212),
    "bpf": (321, 280), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "keyctl": (250, 219),
    "memfd_create": (319, 279), "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "unshare": (272, 97), "setns": (308, 268),
    "perf_event_open": (298, 241), "prctl": (157, 167), "seccomp": (317, 277), "chroot": (161, 51),
    "open_by_handle_at": (304, 265), "openat2": (437, 437), "truncate": (76, 45), "chmod": (90, None),
    "fchmodat": (268, 53), "setxattr": (188, 5), "utimensat": (280, 88), "timer_create": (222, 107),
    "landlock_restrict_self": (446, 446), "personality": (135, 92), "inotify_add_watch": (254, 27),
    "mincore": (27, 232), "fadvise64": (221, 223), "cachestat": (451, 451), "preadv2": (327, 286),
    "getrusage": (98, 165), "sysinfo": (99, 179),  # what one process does and another sees
}  # fmt: skip


def test_forbidden_system_calls_are_refused(run: Run) -> None:
    column = seccomp.ARCHITECTURES[platform.machine()][0]
    numbers = {name: both[column] for name, both in FORBIDDEN_CALLS.items() if both[column] is not None}
    refused = "[n for n, i in numbers.items() if libc.syscall(i, 0, 0, 0, 0, 0, 0) == -1 and ctypes.get_errno() == 1]"
    assert text(run(f"{CALLS}numbers = {numbers}\nprint({refused})")) == f"{list(numbers)}\n"


@pytest.mark.parametrize(
    "call",
    [
        "recv(3, ctypes.create_string_buffer(1), 1, 1)",  # MSG_OOB
        "mmap(None, ctypes.c_size_t(1 << 21), 3, 0x40022, -1, 0)",  # MAP_HUGETLB
        "sched_getparam(1, ctypes.create_string_buffer(8))",
        "sendfile(3, 0, None, ctypes.c_size_t(1))",
    ],
)
def test_calls_are_refused_by_their_arguments(run: Run, call: str) -> None:
    assert text(run(f"{CALLS}libc.{call}\nprint(ctypes.get_errno())")) == "1\n"


def test_a_futex_wakes_nobody_else(run: Run) -> None:
    number = {"x86_64": 202, "aarch64": 98}[platform.machine()]
    operations = (1, 6, 134, 129)  # WAKE, LOCK_PI, the same PRIVATE, WAKE PRIVATE
    wake = f"word = ctypes.c_int()\nprint([libc.syscall({number}, ctypes.byref(word), op, 1) for op in {operations}])"
    assert text(run(CALLS + wake)) == "[-1, -1, -1, 0]\n"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="these doors exist on x86-64 only")
@pytest.mark.parametrize(
    "source",
    [
        "libc.syscall(0x40000000 + 39)",
        "import mmap\ncode = mmap.mmap(-1, 4096, prot=7)\ncode.write(b'\\xb8\\x14\\0\\0\\0\\xcd\\x80\\xc3')\n"
        "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()",
    ],
)
def test_other_system_call_tables_are_deadly(box: Sandbox, source: str) -> None:
    with box.session() as session, pytest.raises(SandboxError, match="forbidden system call"):
        session.run_cell(CALLS + source)


def test_nothing_stays_for_the_next_submission(box: Sandbox) -> None:
    leave = """
import os, builtins, sys, json, numpy
for number in range(0, 64):
    try: os.write(number, b"") if number != 3 else None
    except OSError: pass
with open("left.txt", "w") as file: file.write("for you")
print(open("left.txt").read())
os.environ["LEFT"] = "for you"
builtins.left = json.left = numpy.left = "for you"
numpy.allclose = lambda *_: True
"""
    look = """
import os, builtins, json, numpy
print(os.listdir(".") if os.getcwd() != "/" else [], "LEFT" in os.environ)
print(hasattr(builtins, "left"), hasattr(json, "left"))
print(numpy.allclose(1, 2), "left" in vars(numpy))
try: print(open("left.txt").read())
except OSError: print("no file")
"""
    with box.session() as session:
        assert text(session.run_cell(leave)) == "for you\n"
    with box.session() as session:
        assert text(session.run_cell(look)) == "[] False\nFalse False\nFalse False\nno file\n"


OPEN_FILES = """
import os
kinds = []
for n in range(2048):
    try: kinds.append((n, os.fstat(n).st_ino))
    except OSError: pass
print(kinds)
"""


def test_two_children_share_no_open_file(box: Sandbox) -> None:
    with box.session() as one, box.session() as two:
        seen = [dict(eval(text(session.run_cell(OPEN_FILES)))) for session in (one, two)]
    null = Path("/dev/null").stat().st_ino
    assert [set(files) for files in seen] == [{0, 1, 2, 3}] * 2
    assert {seen[0][n] for n in (0, 1, 2)} == {null}
    assert seen[0][3] != seen[1][3]


@pytest.mark.usefixtures("many_open_files")
def test_a_child_has_no_open_file_of_a_host_with_very_many(box: Sandbox) -> None:
    with Sandbox(box.limits, box.isolation) as fresh, fresh.session() as session:
        assert {n for n, _ in eval(text(session.run_cell(OPEN_FILES)))} == {0, 1, 2, 3}


@pytest.fixture
def many_open_files() -> Iterator[None]:
    """More files open in this process than most programs ever have."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 1300
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(most + 50, limits[0]), limits[1]))
    files = [os.open("/dev/null", os.O_RDONLY) for _ in range(most)]
    yield
    for file in files:
        os.close(file)
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_the_child_knows_nothing_of_the_host(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "the-hidden-value-5273"
    (tmp_path / "solutions.txt").write_text(secret)
    monkeypatch.setenv("GRADER_SECRET", secret)
    look = f"""
import gc, os, sys
found = [n for n, v in os.environ.items() if "SECRET" in n]
found += [o for o in gc.get_objects() if type(o) is dict and "GRADER_SECRET" in o]
try: found.append(open({str(tmp_path / "solutions.txt")!r}).read())
except OSError: pass
print(found, sys.argv, sys.orig_argv)
"""
    # The interpreter itself may lie in a directory that must stay hidden, as a .venv in the course does.
    hidden = [tmp_path, Path(sys.prefix).parent]
    with Sandbox(box.limits, box.isolation, forbidden=hidden) as fresh, fresh.session() as session:
        assert text(session.run_cell(look)) == "[] ['notebook'] ['notebook']\n"


def test_no_network_reaches_the_host(box: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        with box.session() as session:
            session.run_cell(f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)")
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_hidden_directory_under_the_interpreter_is_refused(box: Sandbox) -> None:
    with pytest.raises(NoIsolation, match="Move"):
        Sandbox(box.limits, box.isolation, forbidden=[Path(sys.prefix) / "share" / "course"])


def test_sessions_side_by_side_do_not_meet(box: Sandbox) -> None:
    with box.session() as one, box.session() as two:
        one.run_cell("x = 1")
        two.run_cell("x = 2")
        assert (one.value("x").value, two.value("x").value) == (1, 2)
