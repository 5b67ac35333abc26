"""What isolation costs a submission: confined children beside bare forks of the same warm Python, in one run.

    python -m benchmarks.isolation_cost [--rounds 140] [--cores 1]

Each round ends a child of each kind in turn and has the first answer of a fresh one, so that every step is counted once
and all kinds meet the same load. On one core nothing that a child costs can hide behind what another core does. A bare
fork shares the grader's files, network and memory limits: it is what is left when every layer is taken away.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, redirect_stderr, redirect_stdout

from autograder.errors import NoIsolation
from autograder.sandbox import wire
from autograder.sandbox.guest import cells, ipython_shell, zygote
from autograder.sandbox.guest.child import Child
from autograder.sandbox.host.sandbox import CHILDREN_PER_ZYGOTE, Sandbox
from autograder.sandbox.records import Limits

CHILDREN = 2  # of a submission: one for each pass
SETTLED = 0.005  # seconds
Start = Callable[[], Callable[[], None]]  # starts a child, waits for its first answer; what it returns ends the child


def main() -> None:
    """Print the median milliseconds of ending a child and having the first answer of the next, for each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=140)
    parser.add_argument("--cores", type=int, default=1)
    args = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.cores])
    # The warm shell forbids new programs to this process, and a sandbox is started anew after so many children.
    rounds = min(args.rounds, CHILDREN_PER_ZYGOTE // 2 - 1)
    kinds: dict[str, Start] = {}
    with ExitStack() as stack:
        for mode in ("full", "fallback"):
            try:
                kinds[mode] = confined(stack.enter_context(Sandbox(Limits(), mode)))
            except NoIsolation as error:
                print(f"{mode}: {error}")
        with redirect_stdout(sys.stdout), redirect_stderr(sys.stderr):  # put them back
            shell = ipython_shell.create(Limits().output_chars, tempfile.gettempdir())
        kinds["bare fork"] = lambda: bare(shell)
        gc.collect()
        gc.freeze()  # as the zygote does
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(rounds):
            for kind, start in kinds.items():
                times[kind].append(renewal(start))
    print(f"{'':12}{'a child':>11}   beyond a bare fork: {'a child':>9}   {CHILDREN} children, a submission")
    plain = statistics.median(times["bare fork"])
    for kind, values in times.items():
        child = statistics.median(values)
        print(f"{kind:12}{child:>8.2f} ms{child - plain:>27.2f} ms{CHILDREN * (child - plain):>16.2f} ms")


def renewal(start: Start) -> float:
    """Milliseconds from ending one child to the first answer of the next."""
    end = start()
    began = time.perf_counter()
    end()
    end = start()
    answered = time.perf_counter()
    end()
    time.sleep(SETTLED)  # a confined child is buried after its session has ended
    return (answered - began) * 1e3


def confined(sandbox: Sandbox) -> Start:
    """Children of a sandbox."""

    def start() -> Callable[[], None]:
        session = sandbox.session()
        session.value("nothing")
        return session.close

    return start


def bare(shell: cells.Shell) -> Callable[[], None]:
    """A fork of this process that answers as a child of the sandbox does, with no layer around it."""
    ours, theirs = socket.socketpair()
    process = zygote.FORK_PROCESS()
    if process == 0:
        try:
            Child(theirs, shell, draw=False).serve()
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
