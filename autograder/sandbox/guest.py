"""Inside the sandbox: a zygote that forks one confined child per submission, and what that child does.

Started by the host as a plain script with its control socket as standard input and its settings in JSON. It holds
nothing about the course: no reference, no expected value, no hidden input but that of the call in progress.
"""

from __future__ import annotations

import array
import ctypes
import gc
import json
import os
import random
import resource
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.random  # lazy: unless it is here, every child pays for it

from autograder.sandbox import cells, confine, seccomp, wire
from autograder.sandbox.plain import TOO_LARGE, plain

LIMIT, FORK, END, TELL = range(4)  # TELL ends a child as END does, and then says how it ended
READY = b"ready"
ORDER = struct.Struct("<BQ")  # what to do, session (for LIMIT: bytes of address space)
ENDED = struct.Struct("<QiQ")  # session, wait status, peak memory in KiB
MMAP_THRESHOLD = -3  # of mallopt(3)
CONNECTION = 3  # the descriptor of a child's connection to the host
MOST_DESCRIPTORS = 1024


class Missing(Exception):
    """The notebook defines no such name: another thing than a NameError inside a function of it."""


class Child:
    """Answers one session's requests, one at a time."""

    def __init__(self, connection: socket.socket, shell: Any, draw: bool) -> None:
        self.connection, self.shell, self.draw = connection, shell, draw
        self.slots: list[object] = []
        self.nonce: object = None

    def serve(self) -> None:
        operations: dict[str, Callable[..., list[object]]] = {
            "cell": self.cell,
            "call": self.call,
            "get": self.get,
            "read": self.read,
            "value": self.value,
            "define": self.define,
            "each": self.each,
            "attempt": self.attempt,
        }
        while True:
            self.reply("done", *self.perform(operations))

    def perform(self, operations: dict[str, Callable[..., list[object]]]) -> list[object]:
        """Answer the next request. Its arguments are gone when the answer is sent: the host may measure memory then."""
        _, operation, *arguments = self.receive()
        return operations[operation](*arguments)

    def receive(self) -> list[Any]:
        message = wire.receive(self.connection, special=self.special)
        self.nonce = message[0]
        return message

    def reply(self, *parts: object) -> None:
        try:
            frame = wire.encode([self.nonce, *parts])
        except OverflowError:
            frame = wire.encode([self.nonce, parts[0], TOO_LARGE, *parts[2:]])
        wire.send(self.connection, frame)

    def special(self, code: int, number: int) -> object:
        if code == wire.REF:
            return self.slots[number]
        return self.function(number) if code == wire.FUNCTION else Stream(self, number)

    def function(self, number: int) -> Callable[..., object]:
        def function(*args: object, **options: object) -> object:
            return self.ask(number, args, options)

        return function

    def ask(self, number: int, args: tuple[object, ...], options: dict[str, object]) -> Any:
        """Have the host compute a call of its function (or the next item of its stream)."""
        wire.send(self.connection, wire.encode([self.nonce, "ask", number, plain(args), plain(options)]))
        _, outcome, *values = self.receive()
        if outcome == "answer":
            return values[0]
        if outcome == "stop":
            raise StopIteration
        raise TypeError(values[0]) if outcome == "TypeError" else ValueError(values[0])

    def cell(self, source: str) -> list[object]:
        return list(cells.run(self.shell, source, self.draw))

    def call(self, target: str | int, method: str | None, keep: bool, args: list[Any]) -> list[object]:
        watched = {i: fingerprint(arg) for i, arg in enumerate(args) if type(arg) in (np.ndarray, list)}

        def run() -> object:
            function = self.find(target)
            return (function if method is None else getattr(function, method))(*args)

        answer = self.answer(run, keep)
        return [*answer, [i for i, before in watched.items() if fingerprint(args[i]) != before]]

    def get(self, target: int, attribute: str) -> list[object]:
        return [*self.answer(lambda: getattr(self.find(target), attribute)), []]

    def value(self, name: str) -> list[object]:
        return [*self.answer(lambda: self.find(name)), []]

    def define(self, name: str, function: Callable[..., object]) -> list[object]:
        self.shell.user_ns[name] = function
        return [None, None, -1, []]

    def read(self, slot: int) -> list[object]:
        value, failure, _ = self.answer(lambda: self.find(slot), store=False)
        return [value, failure, slot, []]

    def each(self, target: int, method: str, rows: np.ndarray[Any, Any]) -> list[object]:
        def run() -> None:
            step = getattr(self.find(target), method)
            for row in rows:
                step(row.copy())

        _, failure, _ = self.answer(run, keep=True, store=False)
        return [None, failure, target, []]

    def find(self, target: str | int) -> Any:
        if isinstance(target, int):
            if not 0 <= target < len(self.slots):
                raise Missing(f"result {target}")
            return self.slots[target]
        if target not in self.shell.user_ns:
            raise Missing(target)
        return self.shell.user_ns[target]

    def answer(self, run: Callable[[], object], keep: bool = False, store: bool = True) -> list[object]:
        """[value, failure, slot] of what `run` returns."""
        self.shell.outputs.clear()
        try:
            result = run()
            value = None if keep else plain(result)
        except BaseException as error:  # SystemExit and KeyboardInterrupt are a submission's failures too
            return [None, cells.failure(error), -1]
        if not store:
            return [value, None, -1]
        self.slots.append(result)
        return [value, None, len(self.slots) - 1]

    def attempt(self, path: str) -> list[object]:
        """Try what must fail; returns the names of what did not. Runs before any code of a submission."""
        attempts: dict[str, Callable[[], object]] = {
            "reading a foreign file": lambda: os.close(os.open(path, os.O_RDONLY)),
            "listing a foreign directory": lambda: list(Path(path).parent.iterdir()),
            "writing a foreign file": lambda: os.open(path + "-new", os.O_CREAT | os.O_WRONLY),
            "emptying a foreign file": lambda: os.open(path, os.O_ACCMODE | os.O_TRUNC),
            "a network socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
            "a signal to the parent": lambda: os.kill(os.getppid(), 0),
            "another process": confine.new_process,
            "a call that only the zygote may make": confine.no_new_privileges,
        }
        held = []
        for name, attempt in attempts.items():
            try:
                attempt()
            except OSError:
                held.append(name)
        return [[name for name in attempts if name not in held]]


class Stream:
    """A one-shot iterator whose items the host hands out one by one: no length, no index, no second look."""

    __slots__ = ("_child", "_number")

    def __init__(self, child: Child, number: int) -> None:
        self._child, self._number = child, number

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._child.ask(self._number, (), {})


def fingerprint(value: object) -> object:
    """Bytes that change when an array or a list changes; NaN equals itself."""
    try:
        if type(value) is np.ndarray:
            return value.dtype, value.shape, value.tobytes()
        return wire.encode([plain(value)])
    except Exception:  # a call may have put anything at all into a list
        return None


class Zygote:
    """Forks children and cleans up after them. It never reads a byte that a submission wrote."""

    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self.control, self.settings = control, settings
        self.children: dict[int, int] = {}
        self.filter = confine.Filter(seccomp.for_child())
        self.files = confine.ruleset(settings["readable"], ["/dev/null"])
        # Freed large blocks go back to the kernel at once, so that a child's memory shows what it keeps.
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, 128 * 1024)
        self.shell = cells.create(settings["output_chars"], settings["home"])
        os.chdir("/")
        os.environ |= {"TMPDIR": "/", "HOME": "/"}  # a child can write nowhere
        np.random.seed(0)  # the same numbers at every grading: each child starts from this state
        gc.collect()
        gc.freeze()
        confine.give_up()

    def serve(self) -> None:
        while True:
            data, ancillary, _, _ = self.control.recvmsg(ORDER.size, socket.CMSG_SPACE(4))
            if not data:  # the host has gone
                for process in self.children.values():
                    os.kill(process, signal.SIGKILL)
                return
            order, number = ORDER.unpack(data)
            if order == LIMIT:
                confine.limit(resource.RLIMIT_AS, number)
            elif order == FORK:
                (connection,) = array.array("i", ancillary[0][2])
                self.fork(number, connection)
            else:
                status, peak = self.end(number)
                if order == TELL:
                    self.control.send(ENDED.pack(number, status, peak))

    def fork(self, session: int, connection: int) -> None:
        process = FORK_PROCESS()
        if process == 0:
            self.control.detach()
            self.child(connection)
        os.close(connection)
        self.children[session] = process

    def child(self, connection: int) -> None:
        """Confine this process and answer the host until it closes the connection. Never returns."""
        status = 1
        try:
            try:
                confine.confine(self.files, self.filter)
            except OSError as error:
                os.write(connection, str(error).encode())
                return
            # Whatever the zygote has open would be a channel from one submission to the next.
            os.dup2(connection, CONNECTION)
            os.closerange(CONNECTION + 1, MOST_DESCRIPTORS)
            null = os.open("/dev/null", os.O_RDWR)
            for standard in (0, 1, 2):
                os.dup2(null, standard)
            os.close(null)
            random.seed(0)  # again, because Python seeds this one anew after every fork
            child = Child(socket.socket(fileno=CONNECTION), self.shell, self.settings["draw"])
            os.write(CONNECTION, READY)
            child.serve()
        except (EOFError, ConnectionError):  # the host has closed it
            status = 0
        finally:
            os._exit(status)

    def end(self, session: int) -> tuple[int, int]:
        process = self.children.pop(session)
        os.kill(process, signal.SIGKILL)
        _, status, usage = os.wait4(process, 0)
        return status, usage.ru_maxrss


FORK_PROCESS = os.fork  # cells.create replaces os.fork by a kind refusal


def main() -> None:
    """Be the zygote."""
    control = socket.socket(fileno=0)
    settings = json.loads(sys.argv[1])
    sys.argv[:] = sys.orig_argv[:] = ["notebook"]
    # A notebook imports from beside itself and from the environment, not from the grader's package.
    sys.path[:] = ["", *(path for path in sys.path if path not in ("", settings["guest"]))]
    try:
        try:
            zygote = Zygote(control, settings)
        except OSError as error:  # a layer that this kernel doesn't have
            control.send(str(error).encode())
            return
        control.send(READY)
        zygote.serve()
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)  # sys.stderr collects what cells show
        raise


if __name__ == "__main__":
    main()
