"""Who marks when: several processes side by side, or one of them alone.

A submission that stalled may have waited for nothing but a processor. It is marked once more while no other process of
the same run marks, and what comes of that counts.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.marking.marker import MarkedSubmission, Marker
from autograder.sandbox.host.scratch_folder import make_scratch
from autograder.submission.submitted_notebook import Submission


@dataclass(frozen=True)
class Turns:
    """The turns of the processes that share `folder`; None: there is but one process.

    The locks in there end with their holder, in whatever way that ends.
    """

    folder: Path | None = None

    def mark(self, marker: Marker, submission: Submission, executed: bool = False) -> MarkedSubmission:
        """The marked submission, marked once more alone if it stalled."""
        with self._side_by_side():
            marked = marker.mark(submission, executed)
        if not marked.stalled:
            return marked
        with self._alone():
            return marker.mark(submission, executed)

    @contextmanager
    def _side_by_side(self) -> Iterator[None]:
        with ExitStack() as stay:
            with self._holding("door", fcntl.LOCK_EX):
                stay.enter_context(self._holding("room", fcntl.LOCK_SH))
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Whoever waits for an empty room holds the door: else those who come and go might never leave it empty.
        with self._holding("door", fcntl.LOCK_EX), self._holding("room", fcntl.LOCK_EX):
            yield

    @contextmanager
    def _holding(self, name: str, how: int) -> Iterator[None]:
        if self.folder is None:
            yield
            return
        with (self.folder / name).open("a") as file:
            fcntl.flock(file, how)
            yield


ALONE = Turns()


@contextmanager
def shared_turns() -> Iterator[Turns]:
    """Turns that can be sent to the processes of one run."""
    meeting = make_scratch("autograder-turns-")
    try:
        yield Turns(meeting.path)
    finally:
        meeting.remove()
