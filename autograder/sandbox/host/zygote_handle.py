"""The host's handle on the zygote: start it, have it fork, end children, read memory from the kernel."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import NoIsolation
from autograder.sandbox.host import launch
from autograder.sandbox.host.scratch_folder import make_scratch
from autograder.sandbox.records import Limits, Mode
from autograder.sandbox.zygote_orders import END, ENDED, FORK, LIMIT, ORDER, READY, TELL

# The zygote runs no code of a submission: only a very busy machine makes it late.
START_SECONDS = 120.0
TIDY_SECONDS = 60.0
SIZES = re.compile(rb"^(VmSize|VmRSS|RssAnon|RssShmem):\s*(\d+) kB$", re.MULTILINE)
CREDENTIALS = struct.Struct("iII")  # pid, uid, gid, as the kernel tells them


def sender(connection: socket.socket) -> tuple[bytes, int]:
    """The next message and the process id of its sender, from the kernel; a passed descriptor is dropped."""
    data, ancillary, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(CREDENTIALS.size))
    for level, kind, value in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return data, CREDENTIALS.unpack(value[: CREDENTIALS.size])[0]
    return data, 0


@dataclass(frozen=True)
class Memory:
    """What a process has, in bytes. Its own is resident and in no file."""

    address_space: int
    resident: int
    own: int


def memory(process: int) -> Memory:
    """A process's memory, from the kernel; raises OSError when the process is gone."""
    status = Path(f"/proc/{process}/status").read_bytes()
    size = {name: int(kilobytes) << 10 for name, kilobytes in SIZES.findall(status)}
    if not size:  # dead, and not buried yet
        raise ProcessLookupError(process)
    return Memory(size[b"VmSize"], size[b"VmRSS"], size[b"RssAnon"] + size[b"RssShmem"])


class ZygoteHandle:
    """One warm Python in its sandbox, and the private folder that goes with it."""

    def __init__(self, mode: Mode, limits: Limits, roots: Sequence[str], draw: bool, plain: bool) -> None:
        self.mode, self.limits, self.plain = mode, limits, plain
        self.forks = self.open = 0
        self.sound = True
        self.scratch = make_scratch("autograder-sandbox-")
        self.canary = self.scratch.path / "canary"
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.process: subprocess.Popen[bytes] | None = None
        self.pid = 0
        self.handle: int | None = None  # unlike a number, it can't come to mean another process
        try:
            self._start(theirs, roots, draw, plain)
        except BaseException:
            self.close()
            raise
        finally:
            theirs.close()

    def _start(self, theirs: socket.socket, roots: Sequence[str], draw: bool, plain: bool) -> None:
        guest, home = self.scratch.path / "guest", self.scratch.path / "home"
        self.canary.write_text("A confined process must not be able to read this.")
        launch.copy_guest(guest)
        home.mkdir()
        inside = self.mode == "full"
        command, path = launch.command(self.mode, roots, str(guest))
        settings = {
            "output_chars": self.limits.output_chars,
            "home": launch.SCRATCH if inside else str(home),
            "guest": path,
            "readable": launch.readable(roots),
            "draw": draw,
            "plain": plain,
        }
        with tempfile.TemporaryFile() as log:
            self.process = subprocess.Popen(
                [*command, json.dumps(settings)],
                stdin=theirs.fileno(),
                start_new_session=True,  # Ctrl-C is for the host to answer
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=home,
                env=launch.environment(path, str(home)),
            )
            theirs.close()
            self.control.settimeout(START_SECONDS)
            try:
                data, self.pid = sender(self.control)
            except TimeoutError:
                data = b""
            if data != READY:
                log.seek(0)
                said = (data or log.read()[-400:]).decode(errors="replace").strip()
                raise NoIsolation(f"The sandbox did not start ({said or 'no message'}).")
        self.handle = os.pidfd_open(self.pid)
        self.control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        # For its children: it has all that it needs itself.
        self.control.send(ORDER.pack(LIMIT, memory(self.pid).address_space + (self.limits.memory_mb << 20)))

    def alive(self) -> bool:
        """Whether it runs and nothing unexpected has happened to it."""
        return self.sound and self.process is not None and self.process.poll() is None

    def fork(self) -> tuple[int, socket.socket]:
        """The number of a new child and a connection to it; raises OSError when the zygote is gone."""
        ours, theirs = socket.socketpair()
        number = self.forks
        with theirs:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            socket.send_fds(self.control, [ORDER.pack(FORK, number)], [theirs.fileno()])
        self.forks += 1
        self.open += 1
        return number, ours

    def end(self, number: int) -> None:
        """Have a child killed and buried, before any other is made."""
        self._end(END, number)

    def death(self, number: int) -> tuple[int, int]:
        """End a child; its wait status, and the most bytes of memory that it held beyond the zygote's."""
        self._end(TELL, number)
        try:
            self.control.settimeout(TIDY_SECONDS)
            session, status, peak = ENDED.unpack(self.control.recv(64))
            grown = (peak << 10) - memory(self.pid).resident
        except (OSError, struct.error):
            self.sound = False
            return 0, 0
        self.sound = self.sound and session == number
        return status, grown

    def _end(self, order: int, number: int) -> None:
        self.open -= 1
        try:
            self.control.send(ORDER.pack(order, number))
        except OSError:
            self.sound = False

    def close(self) -> None:
        self.control.close()
        if self.handle is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            os.close(self.handle)
        elif self.process is not None:
            self.process.kill()
        if self.process is not None:
            self.process.wait()  # bubblewrap ends when the zygote has
        self.scratch.remove()
