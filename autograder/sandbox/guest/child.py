"""Inside the sandbox: what a confined child does for its session.

It holds nothing about the course: no reference, no expected value, no hidden input but that of the call in progress.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from autograder.definitions import similar_name, unwritten
from autograder.plain import TOO_LARGE, calm, data_copy, plain, unchanged
from autograder.sandbox import wire
from autograder.sandbox.guest import cells, confine
from autograder.sandbox.guest.cells import Shell
from autograder.sandbox.guest.plain_shell import PlainShell
from autograder.sandbox.guest.shown import failure


class Missing(Exception):
    """The notebook defines no such name: another thing than a NameError inside a function of it."""


class Child:
    """Answers one session's requests, one at a time."""

    def __init__(self, connection: socket.socket, shell: Shell, draw: bool) -> None:
        self.connection, self.shell, self.draw = connection, shell, draw
        self.slots: list[object] = []
        self.handed: dict[object, int] = {}  # the functions that stand for the host's, and their numbers
        self.nonce: object = None

    def serve(self) -> None:
        operations: dict[str, Callable[..., list[object]]] = {
            "cell": self.cell,
            "call": self.call,
            "get": self.get,
            "read": self.read,
            "value": self.value,
            "define": self.define,
            "definition": self.definition,
            "each": self.each,
            "hold": self.hold,
            "attempt": self.attempt,
        }
        while True:
            answer = self.perform(operations)
            self.reply("other shell") if self.wants_other else self.reply("done", *answer)

    @property
    def wants_other(self) -> bool:
        """Whether anything needed what this shell doesn't have, whatever the submission made of that."""
        return isinstance(self.shell, PlainShell) and self.shell.wants_other

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
        return self.function(number) if code == wire.FUNCTION else LiveStream(self, number)

    def function(self, number: int) -> Callable[..., object]:
        def function(*args: object, **options: object) -> object:
            return self.ask(number, args, options)

        self.handed[function] = number
        return function

    def ask(self, number: int, args: tuple[object, ...], options: dict[str, object]) -> Any:
        """Have the host compute a call of its function (or the next item of its stream).

        A function of the host's may be an argument again: its number is told, and -1 for all else.
        """
        functions = [self.number_of(arg) for arg in (*args, *options.values())]
        wire.send(self.connection, wire.encode([self.nonce, "ask", number, plain(args), plain(options), functions]))
        _, outcome, *values = self.receive()
        if outcome == "answer":
            return values[0]
        if outcome == "stop":
            raise StopIteration
        raise TypeError(values[0]) if outcome == "TypeError" else ValueError(values[0])

    def number_of(self, arg: object) -> int:
        return self.handed.get(arg, -1) if type(arg) is FunctionType else -1

    def cell(self, source: str, only_definitions: bool) -> list[object]:
        return list(cells.run(self.shell, source, self.draw, only_definitions))

    def call(self, target: str | int, method: str | None, keep: bool, args: list[Any]) -> list[object]:
        watched = {i: data_copy(arg) for i, arg in enumerate(args) if type(arg) in (np.ndarray, list)}

        def run() -> object:
            function = self.find(target)
            return (function if method is None else getattr(function, method))(*args)

        answer = self.answer(run, keep)
        return [*answer, [i for i, before in watched.items() if not unchanged(before, args[i])]]

    def get(self, target: int, attribute: str) -> list[object]:
        return [*self.answer(lambda: getattr(self.find(target), attribute)), []]

    def value(self, name: str) -> list[object]:
        return [*self.answer(lambda: self.find(name)), []]

    def define(self, name: str, function: Callable[..., object]) -> list[object]:
        self.shell.user_ns[name] = function
        return [None, None, -1, []]

    def definition(self, name: str, known: list[str]) -> list[object]:
        """What stands behind a name: [whether it is a stub, a class's stubs, the name that may be meant by it]."""

        def look() -> object:
            names = self.shell.user_ns
            stub, stubs = unwritten(names[name]) if name in names else (False, ())
            meant = similar_name(name, names, known) if stub or name not in names else ""
            return [stub, list(stubs), meant]

        return [*self.answer(look, store=False), []]

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

    def hold(self, value: np.ndarray[Any, Any]) -> list[object]:
        return [*self.answer(lambda: value, keep=True), []]

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
            with calm():
                result = run()
                value = None if keep else plain(result)
        except BaseException as error:  # SystemExit and KeyboardInterrupt are a submission's failures too
            return [None, failure(error), -1]
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


class LiveStream:
    """A one-shot iterator whose items the host hands out one by one: no length, no index, no second look."""

    __slots__ = ("_child", "_number")

    def __init__(self, child: Child, number: int) -> None:
        self._child, self._number = child, number

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._child.ask(self._number, (), {})
