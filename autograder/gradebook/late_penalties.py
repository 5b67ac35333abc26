"""What lateness costs, by the plugin that the class configures, as nbgrader's own step AssignLatePenalties has it.

nbgrader computes it when a submission is graded. A score that is given by hand later, a due date that moves, or another
rule make it wrong; so it is computed again for all submissions of an assignment whenever one of these may have changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
