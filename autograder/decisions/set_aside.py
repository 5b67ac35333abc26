"""What people gave for an item on which something else was decided: kept until the decision is undone.

nbgrader counts a score given by hand before any other. So a decision that is to hold takes that score out of the
gradebook, and here it stays, in results/<assignment>.set_aside.json.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.errors import ClassError
from autograder.files import write_whole


@dataclass(frozen=True)
class Given:
    """What nbgrader's grade of an item holds: the grader's score, a person's, extra credit, and whether it waits for a
    person. `extra` of what is set aside: a person's extra credit alone."""

    auto: float | None
    manual: float | None
    extra: float | None
    waits: bool


class SetAside:
    """What is set aside of an assignment, by student and item; without a path, in memory alone.

    Raises ClassError where the file is there and can't be read, as points given by hand would be lost.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._kept = _read(path) if path else {}
        self._written = copy.deepcopy(self._kept)

    def get(self, student: str, item: str) -> Given | None:
        """What is set aside of a student's item."""
        return self._kept.get(student, {}).get(item)

    def put(self, student: str, item: str, given: Given) -> None:
        """Set something aside, in place of what was."""
        self._kept.setdefault(student, {})[item] = given

    def take(self, student: str, item: str) -> None:
        """What was set aside is in the gradebook again."""
        self._kept.get(student, {}).pop(item, None)

    def write_more(self) -> None:
        """Before the gradebook is written: keep what is set aside, and still what is taken back."""
        self._write({student: {**self._written.get(student, {}), **items} for student, items in self._all().items()})

    def write(self) -> None:
        """After the gradebook is written: keep what is set aside, and no more."""
        self._write({student: items for student, items in self._kept.items() if items})

    def _all(self) -> dict[str, dict[str, Given]]:
        return {student: self._kept.get(student, {}) for student in sorted({*self._kept, *self._written})}

    def _write(self, kept: dict[str, dict[str, Given]]) -> None:
        if self.path and kept != self._written:
            write_whole(self.path, msgspec.json.encode(kept, order="sorted") + b"\n")
            self._written = copy.deepcopy(kept)


def set_aside(root: Path, assignment: str) -> SetAside:
    """What is set aside of an assignment of the class in `root`. Raises ClassError."""
    return SetAside(root / "results" / f"{assignment}.set_aside.json")


def _read(path: Path) -> dict[str, dict[str, Given]]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, Given]])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        raise ClassError(
            f"{path} can't be read: {error}. It holds points given by hand that decisions set aside. Put a copy of it "
            "back, or move it away to go on without them."
        ) from error
