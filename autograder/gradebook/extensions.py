"""Another due date for one student: nbgrader's own column `extension` of a submission, the time beyond the due date.

It follows what was decided. What another program or a person wrote there is kept, and comes back when the decision is
undone; results/<assignment>.extensions.json tells which extensions are the decisions' own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from autograder.decisions.in_force import OtherDueDate
from autograder.files import write_whole
from autograder.gradebook.standing import Standing


@dataclass(frozen=True)
class WrittenExtension:
    """An extension that was written for a decision, and what stood there before, in seconds."""

    seconds: float
    before: float | None


class Extensions:
    """What is decided for the students of an assignment, and what was written of it before."""

    def __init__(self, root: Path, assignment: str, wanted: Mapping[str, OtherDueDate]) -> None:
        self.path = root / "results" / f"{assignment}.extensions.json"
        self.wanted = wanted
        self.written = _read(self.path)

    def settled(self, standing: Standing) -> bool:
        """Whether the gradebook has what is decided."""
        if not self.wanted and not self.written:
            return True
        here = {student: one for student, one in self.wanted.items() if student in standing.extensions}
        expected = {student: one.extension(standing.due) for student, one in here.items()}
        owned = {student for student, extension in expected.items() if extension is not None}
        return owned == self.written.keys() and all(standing.extensions[one] == expected[one] for one in owned)

    def write(self, db: Any, assignment: Any) -> None:
        """Write them to nbgrader's `assignment` in the session `db`, and commit."""
        written: dict[str, WrittenExtension] = {}
        for submission in assignment.submissions:
            student, before = submission.student_id, self.written.get(submission.student_id)
            wanted = self.wanted.get(student)
            extension = wanted.extension(assignment.duedate) if wanted else None
            if extension is not None:
                stood = before.before if before else _seconds(submission.extension)
                written[student] = WrittenExtension(extension.total_seconds(), stood)
                submission.extension = extension
            elif before and _seconds(submission.extension) == before.seconds:
                submission.extension = None if before.before is None else timedelta(seconds=before.before)
        self._note(self.written | written)
        db.commit()
        self._note(written)

    def _note(self, written: Mapping[str, WrittenExtension]) -> None:
        if written != self.written:
            write_whole(self.path, msgspec.json.encode(written, order="sorted") + b"\n")
            self.written = dict(written)


def _seconds(extension: timedelta | None) -> float | None:
    return None if extension is None else extension.total_seconds()


def _read(path: Path) -> dict[str, WrittenExtension]:
    """A file that is missing or damaged means that extensions in the gradebook count as a person's."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, WrittenExtension])
    except (OSError, msgspec.DecodeError, RecursionError):
        return {}
