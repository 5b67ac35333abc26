"""What isolation costs a submission: a confined child beside a bare fork of the same warm Python, in one run.

    python -m benchmarks.isolation_cost [--rounds 200]

Each round starts a child of each kind in turn, asks it one thing and ends it, so that all kinds meet the same load.
A bare fork shares the grader's files, network and memory limits: it is what is left when every layer is taken away.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, redirect_stderr, redirect_stdout

from autograder.sandbox import Limits, NoIsolation, Sandbox, cells, guest, wire
from autograder.sandbox.host import CHILDREN_PER_ZYGOTE

Start = Callable[[], Callable[[], None]]  # starts a child, waits for its first answer; what it returns ends the child


def main() -> None:
    """Print the median milliseconds of starting and ending each kind of child."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    args = parser.parse_args()
    # The warm shell forbids new programs to this process, and a sandbox is started anew after so many children.
    rounds = min(args.rounds, CHILDREN_PER_ZYGOTE - 1)
    kinds: dict[str, Start] = {}
    with ExitStack() as stack:
        for mode in ("full", "fallback"):
            try:
                kinds[mode] = confined(stack.enter_context(Sandbox(Limits(), mode)))
            except NoIsolation as error:
                print(f"{mode}: {error}")
        with redirect_stdout(sys.stdout), redirect_stderr(sys.stderr):  # put them back
            shell = cells.create(Limits().output_chars, tempfile.gettempdir())
        kinds["bare fork"] = lambda: bare(shell)
        times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
        for _ in range(rounds):
            for kind, start in kinds.items():
                times[kind].append(timed(start))
    print(f"{'':12}{'first answer':>14}{'end':>10}{'together':>11}   beyond a bare fork")
    plain = sum(map(statistics.median, zip(*times["bare fork"], strict=True)))
    for kind, pairs in times.items():
        first, end = map(statistics.median, zip(*pairs, strict=True))
        print(f"{kind:12}{first:>11.2f} ms{end:>7.2f} ms{first + end:>8.2f} ms{first + end - plain:>9.2f} ms")


def timed(start: Start) -> tuple[float, float]:
    """Milliseconds until the first answer, and of ending the child."""
    began = time.perf_counter()
    end = start()
    answered = time.perf_counter()
    end()
    return (answered - began) * 1e3, (time.perf_counter() - answered) * 1e3


def confined(sandbox: Sandbox) -> Start:
    """Children of a sandbox."""

    def start() -> Callable[[], None]:
        session = sandbox.session()
        session.value("nothing")
        return session.close

    return start


def bare(shell: object) -> Callable[[], None]:
    """A fork of this process that answers as a child of the sandbox does, with no layer around it."""
    ours, theirs = socket.socketpair()
    process = guest.FORK_PROCESS()
    if process == 0:
        try:
            guest.Child(theirs, shell, draw=False).serve()
        finally:
            os._exit(1)
    theirs.close()
    wire.send(ours, wire.encode([0, "value", "nothing"]))
    wire.receive(ours)

    def end() -> None:
        ours.close()
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)

    return end


if __name__ == "__main__":
    main()
