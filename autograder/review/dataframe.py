"""A class as a table for an instructor's own notebook: `from autograder.review import table`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import ClassError
from autograder.review.class_review import review
from autograder.review.pseudonymous import under_pseudonyms
from autograder.review.records import AssignmentReview

if TYPE_CHECKING:
    import pandas

COLUMNS = {
    "student": "string",
    "assignment": "string",
    "item": "string",
    "kind": "string",
    "points": "Float64",
    "max_points": "Float64",
    "verdict": "string",
    "misconception": "string",
    "by_hand": "bool",
    "waits": "bool",
    "extra": "bool",
    "state": "string",
    "late_penalty": "Float64",
}


def table(class_dir: str | Path, assignments: Sequence[str] = (), pseudonyms: bool = False) -> pandas.DataFrame:
    """A row for each student and item of the assignments (names or their beginnings; all if none is named).

    - `student`, `assignment`, `item`: their ids; items stand in the order of the notebook. An assignment of which
      nothing is graded yet has no rows. Every student of the gradebook has, also one who handed in nothing.
    - `kind`: "task" or "question"; missing if only the gradebook knows the item.
    - `points`: what the gradebook counts, with points given by hand and extra credit, before the late penalty; missing
      where nothing was given: nothing was handed in or graded, or the answer waits to be read.
    - `max_points`: of the item. The points of an `extra` item come on top of the assignment's maximum.
    - `verdict`: the grader's ("correct", "partial", "misconception", "wrong", "error", "not_attempted", "timeout",
      "needs_review"), whatever a person gave; `misconception`: the id of the one that was found.
    - `by_hand`: a person gave points. `waits`: a person has to look at the answer, for the first time or again.
    - `state` of the student's assignment: "missing" (nothing was handed in), "ungraded" or "graded".
    - `late_penalty`: points taken off the student's assignment, the same in each of its rows; what nbgrader exports
      is max(0, sum of points - late_penalty).

    With `pseudonyms`, `student` is a pseudonym; the class's pseudonyms.csv, which is made or extended, tells whose.

    Missing values are pandas.NA. Raises ClassError or CourseError where the class can't be read, or where pandas isn't
    installed.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise ClassError("A table needs the Python package pandas: `pip install pandas`.") from error
    named = [assignments] if isinstance(assignments, str) else assignments
    root = Path(class_dir).expanduser()
    found = review(root, named)
    shown = under_pseudonyms(root, found) if pseudonyms else found
    rows = [row for one in shown.assignments for row in item_rows(one)]
    return pandas.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def item_rows(assignment: AssignmentReview) -> Iterator[tuple[Any, ...]]:
    """The rows of an assignment, with the values of COLUMNS; None where one is missing."""
    for student in assignment.students:
        for item in student.items:
            asked = item.asked
            yield (
                student.student,
                assignment.name,
                asked.id,
                asked.kind,
                item.points,
                asked.max_points,
                item.verdict,
                item.misconception,
                item.by_hand,
                item.waits,
                asked.extra,
                student.state,
                student.late_penalty,
            )
