"""One pass over a submission's cells in fresh children, within its time, and the child as a subject for cases."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.course.course import CourseLimits
from autograder.errors import SandboxError, Stalled, TimedOut
from autograder.plain import Failure
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.host.session import Session
from autograder.sandbox.host.time_allowance import Shared
from autograder.sandbox.records import WALL_FACTOR, CellRun, Ref, Reply


@dataclass(frozen=True)
class RunCell:
    """A step of the plan: run the code cell at `place` of the submission (None: the setup, which isn't there), or only
    those of its statements that define a name without computing.

    `lent`: it is a plot as the course wrote it, run for the names that it makes; what it shows isn't kept.
    """

    place: int | None
    source: str
    grade_id: str | None
    lent: bool = False
    only_definitions: bool = False

    @property
    def definitions(self) -> RunCell:
        return replace(self, only_definitions=True)


@dataclass
class Execution:
    """One pass over the plan in fresh children; a child that dies or hangs is replaced and the cells run again.

    The children together, and the host for them, have the submission's seconds of processor time, and WALL_FACTOR times
    as many by the clock. Outputs of cells are kept while there is `room` for them, in characters. With `plain`, the
    children hold plain Python alone; what needs more raises WantsIPython.
    """

    sandbox: Sandbox
    limits: CourseLimits
    room: int = 0
    plain: bool = False
    session: Session | None = None
    done: list[RunCell] = field(default_factory=list)
    runs: dict[RunCell, CellRun] = field(default_factory=dict)
    took: dict[RunCell, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._began = time.monotonic()
        self._stop_at = self._began + WALL_FACTOR * self.limits.submission_seconds
        self._host_began = time.thread_time()
        self._spent = 0.0  # by the children that have ended
        self._stalled = False

    def run(self, step: RunCell) -> None:
        """Run a cell if there is time for it. Of one that kills its child, or is known to have done so, the definitions
        are run: what the student worked out there mustn't go with what is slow."""
        for part in (step, step.definitions):
            if self.out_of_time or (part not in self.runs and self._run(part)):
                return

    def _run(self, step: RunCell) -> bool:
        try:
            session = self._alive()
            before, began = session.spent, time.monotonic()
            cell = session.run_cell(step.source, self.limits.cell_seconds, step.only_definitions)
            self.took[step] = max(session.spent - before, (time.monotonic() - began) / WALL_FACTOR)
            self.runs[step] = CellRun(self._kept(cell.outputs), cell.failure)
            self.done.append(step)
            return True
        except SandboxError as error:
            self._ended_by(error)
            self.runs[step] = CellRun((), Failure(type(error).__name__, str(error), None))
            return False

    def _kept(self, outputs: tuple[dict[str, object], ...]) -> tuple[dict[str, object], ...]:
        size = len(repr(outputs)) if self.room else 1
        if size > self.room:
            return ()
        self.room -= size
        return outputs

    def ask(self, act: Callable[[Session], Any]) -> Any:
        """Let `act` talk to a living child. A SandboxError passes through, and the child is gone."""
        try:
            return act(self._alive())
        except SandboxError as error:
            self._ended_by(error)
            raise

    def end(self) -> None:
        if self.session is not None:
            self.session.close()
            self._spent += self.session.spent
            self._stop_at += self.session.hindered()
            self.session = None

    @property
    def out_of_time(self) -> type[TimedOut] | None:
        """How the submission's time is used up, if it is."""
        if self._left() <= 0:
            return TimedOut
        late = time.monotonic() - self._stop_at
        return Stalled if late > 0 and late > (self.session.hindered() if self.session else 0.0) else None

    @property
    def stalled(self) -> bool:
        """Whether anything ended by the clock on the wall alone."""
        return self._stalled or self.out_of_time is Stalled

    @property
    def used(self) -> float:
        """How much of the submission's seconds is used up: by computing, or at WALL_FACTOR to one by waiting."""
        hindered = self.session.hindered() if self.session else 0.0
        left = self._stop_at + hindered - time.monotonic()
        return max(self._computed(), self.limits.submission_seconds - left / WALL_FACTOR)

    def _computed(self) -> float:
        return self._spent + (self.session.spent if self.session else 0.0) + time.thread_time() - self._host_began

    def _left(self) -> float:
        """Seconds of the submission's processor time; or fewer, if they are more than enough for a request."""
        # Neither a child nor the host computes for longer than time passes: the kernel needn't be asked each time.
        surely = self.limits.submission_seconds - 2 * (time.monotonic() - self._began)
        if surely >= max(self.limits.cell_seconds, self.limits.call_seconds):
            return surely
        return self.limits.submission_seconds - self._computed()

    def _alive(self) -> Session:
        """A child in which every cell that ran has run. Raises TimedOut when the submission's time is used up."""
        self._still_time()
        while self.session is None:
            self.session = self.sandbox.session(Shared(self._left, self._stop_at), plain=self.plain)
            for step in tuple(self.done):
                try:
                    self._still_time()
                    self.session.run_cell(step.source, self.limits.cell_seconds, step.only_definitions)
                except SandboxError as error:
                    self._still_time()
                    self._leave_out(step)  # it ran before, but not again: start over without it
                    self._ended_by(error)
                    break
        return self.session

    def _leave_out(self, step: RunCell) -> None:
        rest = () if step.only_definitions else (step.definitions,)
        place = self.done.index(step)
        self.done[place : place + 1] = rest

    def _still_time(self) -> None:
        error = self.out_of_time
        if error:
            raise error("The submission's time is used up.")

    def _ended_by(self, error: SandboxError) -> None:
        self._stalled = self._stalled or isinstance(error, Stalled)
        self.end()


@dataclass(frozen=True)
class InSandbox:
    """A session as a subject that cases are played with."""

    session: Session
    seconds: float

    def call(
        self, target: str | int, args: Sequence[object] = (), method: str | None = None, keep: bool = False
    ) -> Reply:
        return self.session.call(target, args, method, keep, self.seconds)

    def get(self, target: int, attribute: str) -> Reply:
        return self.session.get(target, attribute, self.seconds)

    def read(self, slot: int) -> Reply:
        return self.session.read(slot, self.seconds)

    def each(self, target: int, method: str, rows: np.ndarray[Any, Any]) -> Reply:
        return self.session.each(target, method, rows, self.seconds)

    def hold(self, value: np.ndarray[Any, Any]) -> Reply:
        return self.session.hold(value, self.seconds)

    def memory(self) -> int:
        return self.session.memory()

    def made(self, slot: int) -> object:
        return Ref(slot)
