"""Which submission the gradebook holds for each student, and what its result was made with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.decisions.rulings import Ruling
from autograder.files import write_whole

_LEDGER = ".graded.json"


@dataclass(frozen=True)
class Stamp:
    """What a result was made of: digests of the submission and of the course's files, and the grader's version.

    A `submission` of "" is none: it has to be marked again. `extra` is the extra credit by item as the grader gave it;
    another number in the gradebook is a person's. `decided` are the decisions, by item, that the gradebook's scores are
    made with.
    """

    submission: str
    course: str
    engine: str = __version__
    extra: Mapping[str, float] = field(default_factory=dict, compare=False)
    decided: Mapping[str, Ruling] = field(default_factory=dict, compare=False)


class Stamps:
    """The stamps of one assignment by student, kept in results/<assignment>.graded.json."""

    def __init__(self, root: Path, assignment: str) -> None:
        self.path = root / "results" / f"{assignment}{_LEDGER}"
        self._stamps = _read(self.path)

    def get(self, student: str) -> Stamp | None:
        """The stamp of what the gradebook holds, if it holds anything."""
        return self._stamps.get(student)

    def submission(self, student: str) -> str:
        """The digest of the submission that the gradebook's scores are of; "" where none is known."""
        stamp = self.get(student)
        return stamp.submission if stamp else ""

    def decided(self, student: str) -> Mapping[str, Ruling]:
        """The decisions that the student's scores in the gradebook are made with."""
        stamp = self.get(student)
        return stamp.decided if stamp else {}

    def __len__(self) -> int:
        return len(self._stamps)

    def extra(self, student: str) -> Mapping[str, float]:
        """The extra credit by item that the grader wrote to the gradebook last."""
        stamp = self.get(student)
        return stamp.extra if stamp else {}

    def note(self, stamps: Mapping[str, Stamp]) -> None:
        """Note what was written to the gradebook."""
        self._stamps |= stamps
        records = {student: asdict(self._stamps[student]) for student in sorted(self._stamps)}
        write_whole(self.path, json.dumps(records, ensure_ascii=False, indent=1) + "\n")

    def note_written(self, student: str, extra: Mapping[str, float], decided: Mapping[str, Ruling]) -> None:
        """Note the extra credit and the decisions alone, where nbgrader's own command wrote them."""
        self.note({student: replace(self.get(student) or Stamp("", ""), extra=extra, decided=decided)})


def graded_before(root: Path) -> list[str]:
    """The assignments of which something was graded."""
    names = (path.name.removesuffix(_LEDGER) for path in (root / "results").glob(f"*{_LEDGER}"))
    return sorted(name for name in names if Stamps(root, name))


def _read(path: Path) -> dict[str, Stamp]:
    """A ledger that is missing or damaged means that everything is marked again, and nothing worse."""
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
        return {student: _stamp(record) for student, record in records.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _stamp(record: Mapping[str, Any]) -> Stamp:
    decided = {item: Ruling(**ruling) for item, ruling in record.get("decided", {}).items()}
    return Stamp(**{**record, "extra": dict(record.get("extra", {})), "decided": decided})
