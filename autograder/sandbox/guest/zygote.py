"""Inside the sandbox: a zygote that forks one confined child per submission.

Started by the host as a plain script with its control socket as standard input and its settings in JSON.
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
import sys
import traceback
from typing import Any

import numpy as np
import numpy.random  # lazy: unless it is here, every child pays for it

from autograder.sandbox.guest import confine, plain_shell, seccomp
from autograder.sandbox.guest.cells import Shell
from autograder.sandbox.guest.child import Child
from autograder.sandbox.zygote_orders import ENDED, FORK, LIMIT, ORDER, READY, TELL

MMAP_THRESHOLD = -3  # of mallopt(3)
CONNECTION = 3  # the descriptor of a child's connection to the host
MOST_DESCRIPTORS = 1024


class Zygote:
    """Forks children and cleans up after them. It never reads a byte that a submission wrote."""

    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self.control, self.settings = control, settings
        self.children: dict[int, int] = {}
        self.filter = confine.Filter(seccomp.for_child())
        self.files = confine.ruleset(settings["readable"], ["/dev/null"])
        # Freed large blocks go back to the kernel at once, so that a child's memory shows what it keeps.
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, 128 * 1024)
        self.shell = _shell(settings)
        os.chdir("/")
        os.environ |= {"TMPDIR": "/", "HOME": "/", "USER": "student"}  # a child can write nowhere
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


FORK_PROCESS = os.fork  # the shells replace os.fork by a kind refusal


def _shell(settings: dict[str, Any]) -> Shell:
    if settings["plain"]:
        return plain_shell.create(settings["output_chars"])
    from autograder.sandbox.guest import ipython_shell  # takes a second

    shell: Shell = ipython_shell.create(settings["output_chars"], settings["home"])
    return shell


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
