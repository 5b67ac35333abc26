"""One pass over a submission's cells in fresh children, within its time, and the child as a subject for cases."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.course.course import CourseLimits
from autograder.errors import SandboxError, TimedOut
from autograder.plain import Failure
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.host.session import Session
from autograder.sandbox.records import CellRun, Ref, Reply


@dataclass(frozen=True)
class RunCell:
    """A step of the plan: run the code cell at `place` of the submission (None: the course's own cell)."""

    place: int | None
    source: str
    grade_id: str | None


@dataclass
class Execution:
    """One pass over the plan in fresh children; a child that dies or hangs is replaced and the cells run again.

    Outputs of cells are kept while there is `room` for them, in characters.
    """

    sandbox: Sandbox
    limits: CourseLimits
    stop_at: float
    room: int = 0
    session: Session | None = None
    done: list[RunCell] = field(default_factory=list)
    runs: dict[RunCell, CellRun] = field(default_factory=dict)

    def run(self, step: RunCell) -> None:
        """Run a cell if there is time for it. One that kills its child is noted and never run again."""
        if self.out_of_time:
            return
        try:
            cell = self._alive().run_cell(step.source, self._seconds(self.limits.cell_seconds))
            self.runs[step] = CellRun(self._kept(cell.outputs), cell.failure)
            self.done.append(step)
        except SandboxError as error:
            self.end()
            self.runs[step] = CellRun((), Failure(type(error).__name__, str(error), None))

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
        except SandboxError:
            self.end()
            raise

    def end(self) -> None:
        if self.session is not None:
            self.session.close()
            self.session = None

    @property
    def out_of_time(self) -> bool:
        """Whether the submission's time is used up."""
        return time.monotonic() > self.stop_at

    def seconds(self) -> float:
        return self._seconds(self.limits.call_seconds)

    def _alive(self) -> Session:
        """A child in which every cell that ran has run. Raises TimedOut when the submission's time is used up."""
        self._still_time()
        while self.session is None:
            self.session = self.sandbox.session()
            for step in self.done:
                try:
                    self._still_time()
                    self.session.run_cell(step.source, self._seconds(self.limits.cell_seconds))
                except SandboxError:
                    self._still_time()
                    self.done.remove(step)  # it ran before, but not again: start over without it
                    self.end()
                    break
        return self.session

    def _still_time(self) -> None:
        if self.out_of_time:
            raise TimedOut(f"The submission took longer than {self.limits.submission_seconds:g} s.")

    def _seconds(self, most: float) -> float:
        return max(0.01, min(most, self.stop_at - time.monotonic()))


@dataclass(frozen=True)
class InSandbox:
    """A session as a subject that cases are played with."""

    session: Session
    seconds: Callable[[], float]

    def call(
        self, target: str | int, args: Sequence[object] = (), method: str | None = None, keep: bool = False
    ) -> Reply:
        return self.session.call(target, args, method, keep, self.seconds())

    def get(self, target: int, attribute: str) -> Reply:
        return self.session.get(target, attribute, self.seconds())

    def read(self, slot: int) -> Reply:
        return self.session.read(slot, self.seconds())

    def each(self, target: int, method: str, rows: np.ndarray[Any, Any]) -> Reply:
        return self.session.each(target, method, rows, self.seconds())

    def memory(self) -> int:
        return self.session.memory()

    def made(self, slot: int) -> object:
        return Ref(slot)
