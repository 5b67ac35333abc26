"""What lateness costs, by the plugin that the class configures, as nbgrader's own step AssignLatePenalties has it; and
whether that is as it was computed last, so that a run with nothing to do needn't load nbgrader.

nbgrader computes it when a submission is graded. A score that is given by hand later, a due date that moves, or another
rule make it wrong; so it is computed again for all submissions of an assignment whenever one of these may have changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.files import write_whole
from autograder.gradebook.standing import Late

if TYPE_CHECKING:
    from traitlets.config.loader import Config


def assign_penalties(db: Any, assignment: Any, config: Config) -> list[str]:
    """Bring the penalties of all submissions of nbgrader's `assignment` up to date in the session `db`, without
    committing; returns the students whose penalty changed."""
    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(config=config)
    step.init_plugin()
    db.expire_all()
    changed = []
    for submission in assignment.submissions:
        late = submission.total_seconds_late if assignment.duedate else 0
        for notebook in submission.notebooks:
            penalty = _penalty(step, notebook, submission.student_id, late) if late > 0 else None
            if notebook.late_submission_penalty != penalty:
                notebook.late_submission_penalty = penalty
                changed.append(submission.student_id)
    return changed


def _penalty(step: Any, notebook: Any, student: str, late: float) -> float | None:
    penalty = step.plugin_inst.late_submission_penalty(student, notebook.score, late)
    checked: float | None = None if penalty is None else step._check_late_penalty(notebook, penalty)
    return checked


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
