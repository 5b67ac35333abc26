"""Which submission the gradebook holds for each student, and what its result was made with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder import __version__
from autograder.files import write_whole


@dataclass(frozen=True)
class Stamp:
    """What a result was made of: digests of the submission and of the course's files, and the grader's version."""

    submission: str
    course: str
    engine: str = __version__


class Stamps:
    """The stamps of one assignment by student, kept in results/<assignment>.graded.json."""

    def __init__(self, root: Path, assignment: str) -> None:
        self.path = root / "results" / f"{assignment}.graded.json"
        self._stamps = _read(self.path)

    def get(self, student: str) -> Stamp | None:
        """The stamp of what the gradebook holds, if it holds anything."""
        return self._stamps.get(student)

    def note(self, stamps: Mapping[str, Stamp | None]) -> None:
        """Note what was written to the gradebook; None: something that has to be marked again."""
        for student, stamp in stamps.items():
            self._stamps.pop(student, None)
            if stamp:
                self._stamps[student] = stamp
        records = {student: asdict(self._stamps[student]) for student in sorted(self._stamps)}
        write_whole(self.path, json.dumps(records, ensure_ascii=False, indent=1) + "\n")


def _read(path: Path) -> dict[str, Stamp]:
    """A ledger that is missing or damaged means that everything is marked again, and nothing worse."""
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
        return {student: Stamp(**record) for student, record in records.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
