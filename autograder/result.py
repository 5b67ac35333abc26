"""What grading a submission gives: one typed, versioned record, the only thing that later stages read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

VERSION = 1
Verdict = Literal["correct", "partial", "misconception", "wrong", "error", "not_attempted", "timeout", "needs_review"]


@dataclass(frozen=True)
class PartResult:
    """A share of a task's points, and what to say to a student who lost it."""

    name: str
    points: float
    max_points: float
    says: str = ""


@dataclass(frozen=True)
class Shown:
    """The first difference in a public case, side by side. Never made from a hidden case."""

    case: str
    sentence: str
    expected: str = ""
    got: str = ""


@dataclass(frozen=True)
class ItemResult:
    """The result of one task or question. `message` is plain text and holds nothing of a hidden case; the points of
    an `extra` item come on top of the maximum. `answer` is what was chosen or written in a question, as it was read
    ("B", "AC", "0.25"); "" for a task, a text, and what can't be read. `decision` is what an instructor decided on the
    item, as its student is told; it is never in the record of a result, as decisions are applied to that."""

    id: str
    kind: Literal["task", "question"]
    points: float
    max_points: float
    verdict: Verdict
    misconception: str | None
    message: str
    parts: tuple[PartResult, ...] = ()
    shown: Shown | None = None
    extra: bool = False
    answer: str = ""
    decision: str = ""

    @property
    def dropped(self) -> bool:
        """Whether an instructor decided that the item counts for nobody."""
        return bool(self.decision) and not self.max_points


@dataclass(frozen=True)
class Result:
    """The result of one submission. `notebook` is the file's name; from `mark_files`, the path as it was given.
    `problems` are sentences."""

    notebook: str
    assignment: str
    points: float
    max_points: float
    isolation: str
    problems: tuple[str, ...]
    items: tuple[ItemResult, ...]
    version: int = VERSION

    def item(self, id: str) -> ItemResult:
        return next(item for item in self.items if item.id == id)

    def to_json(self) -> str:
        """One line of JSON: the keys that `mark` promises, and each item's parts and shown difference."""
        record = asdict(self)
        return json.dumps({"version": record.pop("version"), **record}, ensure_ascii=False)


def read_result(text: str) -> Result:
    """The inverse of `Result.to_json`. Raises ValueError for another version or a damaged record."""
    record = json.loads(text)
    if not isinstance(record, dict) or record.get("version") != VERSION:
        raise ValueError(f"not a result of version {VERSION}")
    try:
        items = tuple(_item(item) for item in record.pop("items"))
        return Result(**record | {"items": items, "problems": tuple(record["problems"])})
    except (KeyError, TypeError) as error:
        raise ValueError(f"a damaged result: {error}") from error


def kept_result(path: Path) -> Result | None:
    """The result in a file; None where there is none, or none that can be read."""
    try:
        return read_result(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _item(record: Mapping[str, Any]) -> ItemResult:
    parts = tuple(PartResult(**part) for part in record["parts"])
    shown = Shown(**record["shown"]) if record["shown"] else None
    return ItemResult(**{**record, "parts": parts, "shown": shown})
