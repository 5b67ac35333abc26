"""Where a class keeps the records of its runs: results/runs/, a file for each, numbered from the oldest on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder.files import write_whole
from autograder.history.record import VERSION, Run

DIGITS = 6


def keep(root: Path, run: Run, number: int | None = None) -> Path:
    """Keep a record, whole or not at all, as the newest one or in place of the one with this number; returns its
    file."""
    number = number or max((_number(path) for path in _files(root)), default=0) + 1
    path = _folder(root) / f"{number:0{DIGITS}}_{run.assignment}.json"
    write_whole(path, msgspec.json.encode(run, order="sorted") + b"\n")
    return path


def kept_runs(root: Path, assignment: str | None = None) -> tuple[dict[int, Run], list[str]]:
    """The records of a class by their number, the oldest first, and a sentence for each file that can't be read."""
    found: dict[int, Run] = {}
    notes: list[str] = []
    for path in _files(root):
        if assignment in (None, _assignment(path)):
            run = _read(path)
            if run:
                found[_number(path)] = run
            else:
                notes.append(f"{path.relative_to(root)} isn't a record of a run that this version can read.")
    return found, notes


def newest_runs(root: Path, assignment: str) -> Iterator[tuple[int, Run]]:
    """The records of an assignment that can be read with their numbers, the newest first; each is read when its turn
    comes."""
    for path in reversed(list(_files(root))):
        run = _read(path) if _assignment(path) == assignment else None
        if run:
            yield _number(path), run


def _folder(root: Path) -> Path:
    return root / "results" / "runs"


def _files(root: Path) -> Iterator[Path]:
    yield from sorted((path for path in _folder(root).glob("[0-9]*_*.json")), key=lambda path: (_number(path), path))


def _number(path: Path) -> int:
    digits = path.name.partition("_")[0]
    return int(digits) if digits.isdecimal() else 0


def _assignment(path: Path) -> str:
    return path.stem.partition("_")[2]


def _read(path: Path) -> Run | None:
    try:
        run = msgspec.json.decode(path.read_bytes(), type=Run)
    except (OSError, msgspec.DecodeError, RecursionError):
        return None
    return run if run.version == VERSION else None
