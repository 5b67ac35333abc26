"""The points that readers gave by aspect, kept in the class: nbgrader's database holds their sum alone.

They lie in results/readings/ASSIGNMENT.json.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.class_directory.lock import held
from autograder.errors import ClassError
from autograder.files import write_whole

VERSION = 1


@dataclass(frozen=True)
class KeptPoints:
    """What a reader gave an answer: points by the aspect's name (None: not yet), and the comment below them. `text`
    stands for the answer as it was read, `at` is the time in UTC."""

    points: Mapping[str, float | None]
    comment: str
    reader: str
    at: str
    text: str

    @property
    def total(self) -> float | None:
        """The sum; None while an aspect has no points."""
        given = [points for points in self.points.values() if points is not None]
        return round(sum(given), 6) if len(given) == len(self.points) else None


Kept = dict[str, dict[str, KeptPoints]]  # by item, then by student


class KeptReadings:
    """The kept points of one assignment."""

    def __init__(self, root: Path, assignment: str) -> None:
        self.path = root / "results" / "readings" / f"{assignment}.json"

    def read(self) -> Kept:
        """What is kept; nothing where nobody read yet. Raises ClassError for a file that can't be read."""
        try:
            record = json.loads(self.path.read_text(encoding="utf-8"))
            if record["version"] != VERSION:
                raise ValueError(f"it is of version {record['version']}")
            return {item: dict(map(_kept, given.items())) for item, given in record["answers"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ClassError(
                f"{self.path}, which keeps the points by aspect, can't be read: {error}. Put a copy of yours in its "
                "place, or move it away: the gradebook's points and comments stay as they are."
            ) from error

    def write(self, kept: Kept) -> None:
        """Keep this in place of what was kept. Raises ClassError."""
        answers = {item: {student: asdict(given[student]) for student in sorted(given)} for item, given in kept.items()}
        try:
            write_whole(self.path, json.dumps({"version": VERSION, "answers": answers}, ensure_ascii=False, indent=1))
        except OSError as error:
            raise ClassError(f"{self.path} can't be written: {error.strerror or error}.") from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While this lasts, no other reader of the class reads or writes what is kept. Raises ClassError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path.with_suffix(".lock"), os.O_RDONLY | os.O_CREAT, 0o666)
        except OSError as error:
            raise ClassError(f"{error.filename} can't be written: {error.strerror}.") from error
        with held(handle):
            yield


def _kept(entry: tuple[str, Any]) -> tuple[str, KeptPoints]:
    student, record = entry
    points = {str(name): None if value is None else float(value) for name, value in record["points"].items()}
    return student, KeptPoints(**record | {"points": points})
