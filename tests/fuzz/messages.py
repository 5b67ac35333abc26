"""Send hostile messages to the host's decoder, the only reader of what a submission's process says.

    python -m tests.fuzz.messages [--inputs 1000000] [--seed 0] [--only INDEX]

What must hold for each: it is read or refused with BadMessage (EOFError where the connection ends within a message)
and nothing else; what is read can be sent again and comes back the same; what reads it next refuses it in the same
way. Every message is made from the seed and its index alone, so `--only` repeats it.
"""

from __future__ import annotations

import argparse
import gc
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from autograder.errors import BadMessage
from autograder.report.terminal import table
from autograder.sandbox import wire
from autograder.sandbox.host.outputs import failure, outputs
from autograder.sandbox.host.session import MAX_EXTENT
from autograder.sandbox.host.zygote_handle import memory
from tests.fuzz.frames import KINDS

THROUGH_A_SOCKET = 20  # one message in so many, and each whose lengths are wrong
MOST_IN_A_SOCKET = 50_000  # bytes that a socket takes with nobody reading
SLOW_KINDS = ("giant",)  # each may keep the decoder busy for a tenth of a second


@dataclass(frozen=True)
class Judged:
    """Why a message was refused ("" if it was read), and the processor seconds that the decoder took."""

    refusal: str
    seconds: float


@dataclass(frozen=True)
class Slowest:
    """The message that took most processor time to be read or refused."""

    seconds: float = 0.0
    index: int = 0
    kind: str = ""


@dataclass
class Report:
    """What became of the messages. `failures` holds (index, kind, what was wrong)."""

    read: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    slowest: Slowest = field(default_factory=Slowest)
    failures: list[tuple[int, str, str]] = field(default_factory=list)
    seconds: float = 0.0
    grown: int = 0  # bytes of resident memory, from the first tenth of the messages to the end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, metavar="INDEX")
    args = parser.parse_args()
    if args.only is not None:
        kind, frame = message(args.seed, args.only)
        print(f"{kind}, {len(frame):,} bytes: {frame[:2_000].hex(' ')}")
        print(judge(frame, through_a_socket=args.only % THROUGH_A_SOCKET == 0).refusal or "read")
        return
    report = fuzz(args.inputs, args.seed)
    print(summary(report, args.seed))
    sys.exit(bool(report.failures))


def message(seed: int, index: int) -> tuple[str, bytes]:
    """The kind and the bytes of one message."""
    chance = Random(seed << 40 | index)
    kind = "giant" if index % 5_000 == 4_999 else chance.choice([kind for kind in KINDS if kind not in SLOW_KINDS])
    return kind, KINDS[kind](chance)


def fuzz(inputs: int, seed: int) -> Report:
    """Judge `inputs` messages; what is wrong with one is noted and does not end the run."""
    report = Report()
    start = time.perf_counter()
    settled = inputs // 10
    for index in range(inputs):
        if index == settled:
            gc.collect()
            report.grown = -memory(os.getpid()).resident
        kind, frame = message(seed, index)
        try:
            judged = judge(frame, through_a_socket=index % THROUGH_A_SOCKET == 0)
        except Exception as error:  # any is a finding
            report.failures.append((index, kind, f"{type(error).__name__}: {error}"))
            continue
        if judged.seconds > report.slowest.seconds:
            report.slowest = Slowest(judged.seconds, index, kind)
        (report.refused if judged.refusal else report.read)[kind] += 1
        report.reasons[judged.refusal or "read"] += 1
    gc.collect()
    report.grown += memory(os.getpid()).resident
    report.seconds = time.perf_counter() - start
    return report


def judge(frame: bytes, through_a_socket: bool = False) -> Judged:
    """Read a frame as the host does.

    Raises AssertionError where a promise is broken, and lets through whatever the decoder raises but must not.
    """
    start = time.process_time()
    try:
        received = _decoded(frame, through_a_socket)
    except BadMessage as error:
        return Judged(str(error), time.process_time() - start)
    except EOFError as error:
        assert not _fits(frame), "a whole frame must not be taken for a broken connection"
        return Judged(str(error), time.process_time() - start)
    judged = Judged("", time.process_time() - start)
    assert type(received) is list, "a message is a list"
    _next_readers(received)
    try:
        again = wire.encode(received)
    except OverflowError:  # short forms, such as 32-bit floats, come back longer
        assert len(frame) > wire.MAX_HEADER // 3, "only a large message may be too large to be sent again"
        return judged
    assert same(_direct(again), received), "what was read must come back the same"
    return judged


def _decoded(frame: bytes, through_a_socket: bool) -> list[Any]:
    if _fits(frame) and not (through_a_socket and len(frame) <= MOST_IN_A_SOCKET):
        return _direct(frame)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(frame[:MOST_IN_A_SOCKET])
        theirs.shutdown(socket.SHUT_WR)
        return wire.receive(ours, lambda: 20.0)


def _fits(frame: bytes) -> bool:
    """Whether the lengths that the frame begins with are its own, and allowed."""
    if len(frame) < wire.PREFIX.size:
        return False
    header, body = wire.PREFIX.unpack_from(frame)
    allowed = header <= wire.MAX_HEADER and body <= wire.MAX_FRAME
    return bool(allowed and len(frame) == wire.PREFIX.size + header + body)


def _direct(frame: bytes) -> list[Any]:
    header, _ = wire.PREFIX.unpack_from(frame)
    content = memoryview(frame)[wire.PREFIX.size :]
    return wire.decode(content[:header], content[header:])


def _next_readers(received: list[Any]) -> None:
    """What the session does with the parts of an answer: each part is either of the right form or refused."""
    readers: tuple[Callable[[Any], object], ...] = (lambda part: outputs(part, 1_000), failure)
    for part in received[:4]:
        for reader in readers:
            with suppress(BadMessage):
                reader(part)
        with suppress(TypeError, ValueError, OverflowError):  # these the session tells the child
            if wire.extent(part) <= MAX_EXTENT:
                wire.numeric(part)
    wire.weight(received)


def same(left: Any, right: Any) -> bool:
    """Whether two decoded values are of the same types and hold the same, NaN and -0.0 counting as themselves."""
    if type(left) is not type(right):
        return False
    if type(left) is np.ndarray:
        return (left.dtype, left.shape, left.tobytes()) == (right.dtype, right.shape, right.tobytes())
    if type(left) is list:
        return len(left) == len(right) and all(map(same, left, right))
    if type(left) is dict:
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return repr(left) == repr(right)


def summary(report: Report, seed: int) -> str:
    """The closing report, with the command that repeats each failure."""
    rows = [["kind", "read", "refused"]]
    rows += [[kind, f"{report.read[kind]:,}", f"{report.refused[kind]:,}"] for kind in KINDS]
    inputs = report.read.total() + report.refused.total() + len(report.failures)
    slowest = report.slowest
    lines = [
        f"{inputs:,} messages in {report.seconds:.0f} s",
        table(rows, right=(1, 2)),
        "why: " + "; ".join(f"{reason} {count:,}" for reason, count in report.reasons.most_common()),
        f"slowest {slowest.seconds * 1e3:.0f} ms (--only {slowest.index}, {slowest.kind})",
        f"memory grew by {report.grown / 1e6:.1f} MB",
        f"{len(report.failures)} failures",
    ]
    for index, kind, what in report.failures[:20]:
        lines.append(f"  {what} ({kind}): python -m tests.fuzz.messages --seed {seed} --only {index}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
