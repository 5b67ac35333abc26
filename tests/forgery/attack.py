"""What a hostile submission is: a solved notebook with another text in one answer cell, and what it may not get."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.course.course import Assignment
from autograder.course.solved_notebook import solved, with_answers
from autograder.course.source_notebook import Json, answer_id, grade_id_of

AVERAGE = "cumulative_average"
UPDATE = "cumavg_update"
MEAN = "RunningMean"
EXAMPLES = "cumulative_average_examples"

WRONG = "def cumulative_average(x):\n    return x * 0.0\n"  # what many attacks try to have taken for right
RIGHT = "def cumulative_average(x):\n    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]\n"
# The guest's own object that answers the host: a submission finds it among all objects.
CHILD = """import gc
child = next(o for o in gc.get_objects() if type(o).__name__ == "Child")
guest = type(child).reply.__globals__
wire = guest["wire"]
"""


@dataclass(frozen=True)
class Attack:
    """A forgery. `source` stands in the answer cell of `target`, the item it aims at.

    `before` and `after` are cells at the start and the end of the notebook. `change` may do anything to the notebook.
    `most` is what the target honestly earns in spite of the attack. `confined`: nothing but the target may lose points.
    `said` must stand in the problems. `long`: takes seconds, so it never runs in the short selection.
    """

    family: str
    name: str
    source: str
    target: str = AVERAGE
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    change: Callable[[Json], None] | None = None
    most: float = 0.0
    confined: bool = True
    said: str = ""
    long: bool = False
    notebook: str = "02_cumulative_average"

    @property
    def id(self) -> str:
        return f"{self.family}-{self.name}"

    def submission(self, assignment: Assignment) -> bytes:
        notebook = with_answers(solved(assignment), {self.target: self.source})
        notebook["cells"][:0] = map(code, self.before)
        notebook["cells"] += map(code, self.after)
        if self.change is not None:
            self.change(notebook)
        return json.dumps(notebook).encode()  # lone surrogates too


def code(source: str, **metadata: Any) -> Json:
    """A code cell that a student added."""
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": source}


def cell(notebook: Json, grade_id: str) -> Json:
    """The cell of a notebook that claims `grade_id`."""
    found: Json = next(c for c in notebook["cells"] if grade_id_of(c) == grade_id)
    return found


def answer(notebook: Json, item: str) -> Json:
    """The answer cell of an item."""
    return cell(notebook, answer_id(item))


def returning(value: str, before: str = "") -> str:
    """An answer cell whose function returns the expression `value`; `x` is the argument."""
    return f"{before}\ndef cumulative_average(x):\n    return {value}\n"


def doing(body: str, before: str = "") -> str:
    """An answer cell whose function runs `body` (it may return) and at last returns what is wrong."""
    lines = "".join(f"    {line}\n" for line in body.strip("\n").splitlines())
    return f"{before}\ndef cumulative_average(x):\n{lines}    return x * 0.0\n"
