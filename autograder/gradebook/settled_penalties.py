"""Whether late penalties are as they were computed last, so that a run with nothing to do needn't load nbgrader."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from autograder.files import write_whole
from autograder.gradebook.standing import Late


def settled(root: Path, assignment: str, late: Sequence[Late]) -> bool:
    """Whether nothing of what penalties hang on has changed: scores, times, or the rule in the class's own programs."""
    try:
        return not late or _path(root, assignment).read_text(encoding="ascii") == _digest(root, late)
    except (OSError, ValueError):
        return False


def note_settled(root: Path, assignment: str, late: Sequence[Late]) -> None:
    """Note that the penalties have just been computed."""
    if late:
        write_whole(_path(root, assignment), _digest(root, late))


def _path(root: Path, assignment: str) -> Path:
    return root / "results" / f"{assignment}.penalties"


def _digest(root: Path, late: Sequence[Late]) -> str:
    digest = hashlib.sha256(repr(tuple(late)).encode())
    for path in sorted(root.glob("*.py")):  # nbgrader_config.py, and a plugin beside it
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()
