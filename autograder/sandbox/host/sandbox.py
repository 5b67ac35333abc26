"""The trusted side's front door: a sandbox that hands out sessions, one fresh confined child each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from autograder.errors import NoIsolation, SandboxError
from autograder.sandbox.guest.confine import supported_platform
from autograder.sandbox.host import launch
from autograder.sandbox.host.session import Session
from autograder.sandbox.host.time_allowance import ALL_TIME, Shared
from autograder.sandbox.host.zygote_handle import ZygoteHandle
from autograder.sandbox.records import Limits, Mode

MODES: tuple[Mode, ...] = ("full", "fallback")
CHILDREN_PER_ZYGOTE = 300


class Sandbox:
    """Runs submissions, each in a fresh confined child. For one thread; use it as a context manager.

    Args:
        limits: what one submission may use.
        mode: the isolation to insist on; None takes the best that this machine really gives. It is tried here
            and never lowered afterwards.
        draw: render matplotlib figures into cell outputs.
        forbidden: directories that students' code must not see, such as the course and the class.

    Raises:
        NoIsolation: when the machine gives less than asked for, saying what to do.
    """

    isolation: Mode

    def __init__(
        self,
        limits: Limits = Limits(),  # noqa: B008  (frozen)
        mode: Mode | None = None,
        *,
        draw: bool = False,
        forbidden: Sequence[Path] = (),
    ) -> None:
        if not supported_platform():
            raise NoIsolation("Grading needs Linux on x86-64 or ARM64: run it in a container or in WSL2.")
        self.limits, self.draw = limits, draw
        self._roots = launch.interpreter_roots()
        launch.refuse_exposed(self._roots, forbidden)
        refusals = []
        for candidate in MODES if mode is None else (mode,):
            self.isolation = candidate
            try:
                self._zygotes = {True: self._start(plain=True)}
                return
            except NoIsolation as error:
                refusals.append(f"{candidate}: {error}")
        raise NoIsolation(
            "This machine does not isolate students' code well enough to grade it. "
            + " ".join(refusals)
            + " Run `autograder doctor` to see what to do."
        )

    def _start(self, plain: bool) -> ZygoteHandle:
        zygote = ZygoteHandle(self.isolation, self.limits, self._roots, self.draw, plain)
        try:
            with Session(zygote) as session:
                holes = session.attempts(str(zygote.canary))
        except (SandboxError, OSError) as error:
            zygote.close()
            raise NoIsolation(f"A confined process could not be started ({error}).") from error
        if holes:
            zygote.close()
            raise NoIsolation(f"A confined process still managed: {', '.join(holes)}.")
        return zygote

    def session(self, shared: Shared = ALL_TIME, *, plain: bool = False) -> Session:
        """A fresh child; a context manager whose exit ends it. What it may take in all is `shared` with others.

        One for `plain` Python is made sooner; what needs IPython or matplotlib raises WantsIPython in it.
        """
        zygote = self._zygotes.get(plain)
        if zygote is None or (zygote.open == 0 and (zygote.forks >= CHILDREN_PER_ZYGOTE or not zygote.alive())):
            self._zygotes[plain] = self._start(plain)  # first, so that a failure leaves something to try again with
            if zygote is not None:
                zygote.close()
        return Session(self._zygotes[plain], shared)

    def close(self) -> None:
        for zygote in self._zygotes.values():
            zygote.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
