"""One session: the host's side of the dialogue with one child. No byte that comes back is trusted."""

from __future__ import annotations

import math
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any

import msgpack
import numpy as np

from autograder.errors import BadMessage, Died, TimedOut, WantsIPython
from autograder.plain import MAX_TEXT, Failure
from autograder.sandbox import wire
from autograder.sandbox.host import outputs
from autograder.sandbox.host.time_allowance import ALL_TIME, Allowance, Shared, hindered_seconds, processor_seconds
from autograder.sandbox.host.zygote_handle import ZygoteHandle, memory, sender
from autograder.sandbox.records import CellRun, Ref, Reply
from autograder.sandbox.zygote_orders import READY

REQUESTS_PER_CALL = 20_000
MAX_SLOTS = 1_000_000
FIRST_SECONDS = 60.0  # the child has yet to meet the submission: only a very busy machine makes it late
MAX_REASON = 500
MAX_EXTENT = 4_000_000  # product of the sizes of a proxy's arguments, which is what they could broadcast to
MAX_SQUARE = 8_000_000  # size of one such argument times its longest axis: a function may set an axis against itself
MAX_WEIGHT = 24 << 20  # bytes, about, of all the answers that one child may have the host keep
MAX_SOURCE = 200_000
SIGNALS = {
    6: "it was aborted",
    7: "it accessed memory wrongly",
    9: "it was killed or cut its connection",
    11: "it accessed memory wrongly (a segmentation fault, or recursion that is far too deep)",
    14: "it let an alarm go off",
    24: "it used too much processor time",
    25: "it wrote a file that is too large",
    31: "it made a forbidden system call",
}


class Session:
    """A fresh child. Any SandboxError ends it: a later request raises Died at once.

    Each request has its seconds of processor time, and WALL_FACTOR times as many by the clock, while what is `shared`
    lasts. In a child for plain Python, a request that needs more raises WantsIPython.
    """

    def __init__(self, zygote: ZygoteHandle, shared: Shared = ALL_TIME) -> None:
        self._zygote = zygote
        self._limits = zygote.limits
        self._shared = shared
        self._spent = self._hindered = 0.0
        self._hindered_before = hindered_seconds("thread-self")
        self._proxies: list[Callable[..., Any] | Iterator[Any]] = []
        self._lasting: set[int] = set()
        self._retired = 0
        self._weight = 0
        self._pid = 0
        self._dead = False
        try:
            self._number, self._connection = zygote.fork()
        except OSError as error:
            zygote.sound = False
            raise Died("The sandbox has ended; the next session starts a new one.") from error
        self._connection.settimeout(FIRST_SECONDS)
        try:
            # The child says this before it runs any of the submission's code.
            greeting, self._pid = sender(self._connection)
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        except OSError:
            greeting = b""
        if greeting != READY or not self._pid:
            self.close()
            zygote.sound = False
            raise Died(f"A confined process could not be started. {greeting.decode(errors='replace')[:MAX_REASON]}")

    def run_cell(self, source: str, seconds: float | None = None, only_definitions: bool = False) -> CellRun:
        """Run one cell of the notebook, or only those statements of it that define a name without computing: imports,
        functions, classes, plain values. Raises SandboxError when the child does not survive it."""
        if len(source) > MAX_SOURCE:
            told = f"This cell has more than {MAX_SOURCE:,} characters and was not run."
            return CellRun((), Failure("ValueError", told, None))
        with self._ending_on_error():
            parts = self._exchange(
                seconds or self._limits.cell_seconds, ["cell", source, only_definitions], wire.MAX_HEADER
            )
            if len(parts) != 2:
                raise BadMessage("A malformed answer to a cell.")
            shown = outputs.outputs(parts[0], self._limits.output_chars)
            return CellRun(shown, outputs.failure(parts[1]))

    def call(
        self,
        target: str | int,
        args: Sequence[object] = (),
        method: str | None = None,
        keep: bool = False,
        seconds: float | None = None,
    ) -> Reply:
        """Call a name of the notebook (or the result in a slot), or a method of it.

        A name or slot that does not exist is a Failure of kind "Missing".

        Arguments are plain values, arrays, Refs, functions (the child gets a proxy; each call comes back here) and
        iterators (the child draws one item at a time). `keep` leaves the value in its slot and does not send it.
        The child may call a function with any plain arguments: keep no state in its default arguments.
        """
        return self._reply(seconds, "call", target, method, keep, list(args))

    def get(self, target: int, attribute: str, seconds: float | None = None) -> Reply:
        """An attribute of an earlier result."""
        return self._reply(seconds, "get", target, attribute)

    def read(self, slot: int, seconds: float | None = None) -> Reply:
        """An earlier result as it is now."""
        return self._reply(seconds, "read", slot)

    def value(self, name: str, seconds: float | None = None) -> Reply:
        """A variable of the notebook."""
        return self._reply(seconds, "value", name)

    def define(self, name: str, function: Callable[..., Any], seconds: float | None = None) -> Reply:
        """Let `name` in the notebook be a function of the host's, for good: each call of it comes back here."""
        self._lasting.add(len(self._proxies))
        return self._reply(seconds, "define", name, function)

    def definition(self, name: str, known: Sequence[str], seconds: float | None = None) -> Reply:
        """What stands behind `name` in the notebook: [whether it is a stub, the stubs of a class that is partly
        written, which other name may be meant]. `known` are the names that are asked for. It is the child's own word.
        """
        return self._reply(seconds, "definition", name, list(known))

    def retire_functions(self) -> None:
        """Let the functions and iterators handed to earlier calls answer no more: their uses have been counted."""
        self._retired = len(self._proxies)

    def each(self, target: int, method: str, rows: np.ndarray[Any, Any], seconds: float | None = None) -> Reply:
        """Call a method of an earlier result with each row in turn, results dropped, in one round trip."""
        return self._reply(seconds, "each", target, method, rows)

    def hold(self, value: np.ndarray[Any, Any], seconds: float | None = None) -> Reply:
        """Have the child keep an array in a slot, as if it were an earlier result."""
        return self._reply(seconds, "hold", value)

    def memory(self) -> int:
        """Bytes of resident memory of the child that are in no file, as the kernel counts them."""
        try:
            return memory(self._pid).own
        except OSError as error:
            self.close()
            raise Died("The child process has ended.") from error

    @property
    def spent(self) -> float:
        """Seconds for which the child has computed, as the kernel counts them."""
        if not self._dead:
            with suppress(ProcessLookupError):  # gone with its zygote
                self._spent = processor_seconds(self._pid)
        return self._spent

    def hindered(self) -> float:
        """Seconds for which the child, or this thread since, could have computed but other work had the processors."""
        if not self._dead:
            self._hindered = hindered_seconds(self._pid) + hindered_seconds("thread-self") - self._hindered_before
        return self._hindered

    def attempts(self, path: str) -> list[str]:
        """What the child can do that it must not; asked before it runs anything else."""
        with self._ending_on_error():
            (holes,) = self._exchange(self._limits.call_seconds, ["attempt", path])
            return [str(hole) for hole in holes]

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if not self._dead:
            self._leave()
            self._zygote.end(self._number)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _reply(self, seconds: float | None, *request: object) -> Reply:
        with self._ending_on_error():
            parts = self._exchange(seconds or self._limits.call_seconds, list(request))
            if len(parts) != 4:
                raise BadMessage("A malformed answer to a call.")
            # Each answer is bounded, but whoever asks may keep them all.
            self._weight += wire.weight(parts)
            if self._weight > MAX_WEIGHT:
                raise BadMessage("The child has sent too much.")
            value, failure, slot, changed = parts
            if type(slot) is not int or not -1 <= slot < MAX_SLOTS:
                raise BadMessage("A malformed slot.")
            if type(changed) is not list or any(type(i) is not int or not 0 <= i < MAX_SLOTS for i in changed):
                raise BadMessage("A malformed list of changed arguments.")
            return Reply(value, outputs.failure(failure), tuple(changed), slot)

    def _exchange(self, seconds: float, request: list[object], longest: int = MAX_TEXT) -> list[Any]:
        """Send a request, answer what the child asks meanwhile, return the parts of its final answer.

        Each message carries a fresh number that the next one from the child must repeat, so an answer
        prepared in advance fits no request.
        """
        if self._dead:
            raise Died("This session has ended.")
        allowance = Allowance(self._pid, seconds, self._shared, self.hindered)
        nonce = secrets.randbits(63)
        frame = wire.encode([nonce, *request], self._special)
        for _ in range(REQUESTS_PER_CALL + 1):
            wire.send(self._connection, frame, allowance.left)
            answer = wire.receive(self._connection, allowance.left, longest=longest)
            if len(answer) < 2 or type(answer[0]) is not int or answer[0] != nonce:
                raise BadMessage("The answer does not belong to the request.")
            if type(answer[1]) is not str:  # an array compared with a text is an array, of which no `if` can be made
                raise BadMessage("The child did not say what it wants.")
            if answer[1] == "done":
                return answer[2:]
            if answer[1] == "other shell" and self._zygote.plain:
                raise WantsIPython("The notebook needs what a child for plain Python doesn't hold.")
            allowance.count_host()
            nonce = secrets.randbits(63)
            frame = self._serve(nonce, answer)
        raise TimedOut(f"One call asked for more than {REQUESTS_PER_CALL:,} function calls or items.")

    def _serve(self, nonce: int, message: list[Any]) -> bytes:
        """The frame that answers what the child asks of a function or an iterator that it was given."""
        _, operation, *rest = message
        if operation != "ask" or [type(part) for part in rest] != [int, list, dict, list]:
            raise BadMessage("The child asked for something unknown.")
        number, args, options, functions = rest
        if not 0 <= number < len(self._proxies):
            raise BadMessage("The child asked for a function that it was not given.")
        if len(functions) != len(args) + len(options) or not all(map(self._is_function, functions)):
            raise BadMessage("The child handed on a function that it was not given.")
        proxy = self._proxies[number]
        try:
            for used in (number, *(handed for handed in functions if handed >= 0)):
                if used < self._retired and used not in self._lasting:
                    raise ValueError("This was handed to an earlier call, which has ended.")
            # The submission chose these: two long vectors could broadcast to more than memory holds, and a list of
            # arrays could become an array many times as large.
            chosen = (*args, *options.values())
            extents = [wire.extent(value) for value in chosen]
            squares = [extent * wire.longest_axis(value) for extent, value in zip(extents, chosen, strict=True)]
            if math.prod(extents) > MAX_EXTENT or max(squares, default=0) > MAX_SQUARE:
                raise ValueError("The arguments of this function are too large.")
            given = [
                wire.numeric(value) if handed < 0 else self._proxies[handed]
                for value, handed in zip(chosen, functions, strict=True)
            ]
            named = dict(zip(options, given[len(args) :], strict=True))
            with np.errstate(all="ignore"):  # as when the reference was computed
                value = proxy(*given[: len(args)], **named) if callable(proxy) else next(proxy)
            return wire.encode([nonce, "answer", value])
        except StopIteration:
            return wire.encode([nonce, "stop"])
        except Exception as error:  # whatever the submission's arguments made go wrong, it is told
            kind = "TypeError" if isinstance(error, TypeError) else "ValueError"
            return wire.encode([nonce, kind, str(error)[:MAX_REASON]])

    def _is_function(self, number: object) -> bool:
        """Whether it is -1, for no function at all, or the number of a function that the child was given."""
        return type(number) is int and (
            number == -1 or (0 <= number < len(self._proxies) and callable(self._proxies[number]))
        )

    def _special(self, value: object) -> msgpack.ExtType:
        if isinstance(value, Ref):
            if value.slot < 0:
                raise BadMessage("The child kept no result to refer to.")
            return wire.number_extension(wire.REF, value.slot)
        code = wire.ITERATOR if hasattr(value, "__next__") else wire.FUNCTION
        if code == wire.FUNCTION and not callable(value):
            raise TypeError(f"A {type(value).__name__} can't be sent to a submission: use plain data or arrays.")
        self._proxies.append(value)  # type: ignore[arg-type]
        return wire.number_extension(code, len(self._proxies) - 1)

    @contextmanager
    def _ending_on_error(self) -> Iterator[None]:
        """End the session on any error; tell how the child died when that is what happened."""
        try:
            yield
        except (EOFError, ConnectionError, ProcessLookupError) as error:
            raise Died(self._death()) from error
        except BaseException:
            self.close()
            raise

    def _leave(self) -> None:
        # Now: once the child is buried, its number may come to mean another process.
        self._spent, self._hindered = self.spent, self.hindered()
        self._dead = True
        self._connection.close()

    def _death(self) -> str:
        """End the session of a child that has died; returns how it did."""
        self._leave()
        status, grown = self._zygote.death(self._number)
        room = self._limits.memory_mb << 20
        if os.WIFSIGNALED(status):
            how = SIGNALS.get(os.WTERMSIG(status), f"signal {os.WTERMSIG(status)}")
        else:
            how = f"it exited with status {os.waitstatus_to_exitcode(status)}"
        memory = f" It had used most of the {self._limits.memory_mb} MB it may." if grown > 0.8 * room else ""
        return f"The notebook's process ended: {how}.{memory}"
