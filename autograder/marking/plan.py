"""In which order the cells of a submission run, and where in it each item is looked at."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.course.course import Assignment
from autograder.marking.execution import RunCell
from autograder.submission.released_cells import SETUP, Released, is_changed
from autograder.submission.submitted_notebook import Submission


@dataclass(frozen=True)
class CheckItem:
    """A step of the plan: look at the item `id` here."""

    id: str


BEYOND_PYTHON = re.compile(r"^[ \t]*[%!]|\?[ \t]*$|\bplt\.|\b(IPython|get_ipython|display)\b", re.MULTILINE)
Plan = Sequence[RunCell | CheckItem]


def plan_of(submission: Submission, assignment: Assignment, released: Released, lent: Collection[str]) -> Plan:
    """The student's code cells in their order, and each item at the place of its (last) check cell.

    The setup runs as the course wrote it; the plots that are `lent` do so too, the others don't, since drawing them
    again earns nothing. Where a fixed cell was changed, what stands in it now runs as the student's own code. What has
    no place left in the notebook comes at the end.
    """
    items, release = assignment.items, released.by_id
    plan: list[RunCell | CheckItem] = []
    if not submission.find(SETUP) and SETUP in release:
        plan.append(RunCell(None, release[SETUP].source, SETUP))
    for place, cell in enumerate(submission.cells):
        grade_id = cell.grade_id or ""
        fixed = release.get(grade_id)
        if fixed is not None and (grade_id == SETUP or grade_id in lent):
            plan.append(RunCell(place, fixed.source, grade_id, lent=grade_id != SETUP))
        own = grade_id not in items if fixed is None or not fixed.locked else is_changed(cell, fixed)
        if own and cell.kind == "code" and cell.source.strip():
            plan.append(RunCell(place, cell.source, cell.grade_id))
        if grade_id in items and place == submission.find(grade_id)[-1]:
            plan.append(CheckItem(grade_id))
    placed = {step.id for step in plan if isinstance(step, CheckItem)}
    return (*plan, *(CheckItem(id) for id in items if id not in placed))


def is_plain(plan: Plan) -> bool:
    """Whether its cells look as if plain Python can run them. Where that turns out wrong, they run again in a child
    that holds IPython and matplotlib: this only saves time."""
    return not any(BEYOND_PYTHON.search(step.source) for step in plan if isinstance(step, RunCell))


def to_lend(submission: Submission, makes: Mapping[str, Collection[str]], unknown: Unknown) -> Iterator[str]:
    """The plots that made the missing names where the student worked: of those above, the nearest."""
    for place, name in unknown:
        above = [cell.grade_id for cell in submission.cells[:place] if cell.grade_id in makes]
        yield from [id for id in above if id and name in makes[id]][-1:]


Unknown = Sequence[tuple[int, str]]  # places, and the name that was missing there
