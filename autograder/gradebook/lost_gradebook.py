"""A gradebook that doesn't hold what was graded before: a new one would hide that points given by hand are gone."""

from __future__ import annotations

from pathlib import Path

from autograder.class_directory.stamps import Stamps, graded_before
from autograder.errors import ClassError
from autograder.gradebook.database import shown
from autograder.gradebook.nbgrader_config import Settings
from autograder.gradebook.standing import Standing


def refuse_a_lost_gradebook(root: Path, settings: Settings, assignment: str, standing: Standing) -> None:
    """Raises ClassError if the assignment of the class in `root`, or any, was graded and nothing stands of it."""
    lost = [assignment] if Stamps(root, assignment) and not standing.scores else []
    lost = lost or (graded_before(root) if standing.empty else [])
    if lost:
        raise ClassError(
            f"The gradebook {shown(settings.db_url)} holds nothing of what was graded before ({', '.join(lost)}). "
            "If it was moved, or c.CourseDirectory.db_url was changed, put the gradebook or a copy of it there again. "
            f"If it is lost, `autograder grade {assignment} --all` fills a new "
            "one from submitted/. Points and comments given by hand, due dates and students' names are not in that."
        )
