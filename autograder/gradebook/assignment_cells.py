"""An assignment in nbgrader's database, as `nbgrader generate_assignment` (its step SaveCells) writes it.

nbgrader refuses to add or remove cells once there are submissions. Here the assignment follows its course: what is
new is added to the submissions too, what is gone is taken out of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.course.source_notebook import Json, marks_of
from autograder.gradebook.sql_rows import cell_rows


@dataclass(frozen=True)
class Wanted:
    """The cells of a release: the columns of each kind of nbgrader's rows, by grade_id."""

    grade: Mapping[str, Mapping[str, Any]]
    solution: Mapping[str, Mapping[str, Any]]
    source: Mapping[str, Mapping[str, Any]]


def register(db: Any, course_id: str, name: str, release: Json) -> list[str]:
    """Write the assignment in the session `db` without committing; returns sentences on what changed."""
    from nbgrader import api

    notebook = _notebook(db, api, course_id, name, release)
    wanted = _wanted(release)
    known = bool(notebook.source_cells)
    changes = _follow(db, api.GradeCell, notebook, wanted.grade)
    changes += _follow(db, api.SolutionCell, notebook, wanted.solution)
    changes += _follow(db, api.SourceCell, notebook, wanted.source)
    db.flush()
    db.expire(notebook)
    sheets = [sheet.id for sheet in notebook.submissions]
    if sheets:
        cell_rows(db, api.Grade, sheets, [cell.id for cell in notebook.grade_cells])
        cell_rows(db, api.Comment, sheets, [cell.id for cell in notebook.solution_cells])
    return changes if known else []


def _notebook(db: Any, api: Any, course_id: str, name: str, release: Json) -> Any:
    assignment = db.query(api.Assignment).filter_by(name=name).one_or_none()
    if assignment is None:
        assignment = api.Assignment(name=name, course_id=course_id)
        db.add(assignment)
        db.flush()
    notebook = db.query(api.Notebook).filter_by(name=name, assignment_id=assignment.id).one_or_none()
    kernel = json.dumps(release["metadata"].get("kernelspec", {}))
    if notebook is None:
        notebook = api.Notebook(name=name, assignment=assignment, kernelspec=kernel)
        db.add(notebook)
        db.flush()
    elif notebook.kernelspec != kernel:
        notebook.kernelspec = kernel
    return notebook


def _wanted(release: Json) -> Wanted:
    """The same rule as nbgrader's: graded cells, solution cells, and the source of both and of locked ones."""
    grade: dict[str, dict[str, Any]] = {}
    solution: dict[str, dict[str, Any]] = {}
    source: dict[str, dict[str, Any]] = {}
    for cell in release["cells"]:
        marks = marks_of(cell)
        name, kind = str(marks.get("grade_id")), cell["cell_type"]
        if marks.get("grade"):
            grade[name] = {"max_score": float(marks["points"]), "cell_type": kind}
        if marks.get("solution"):
            solution[name] = {}
        locked = not marks.get("solution") and bool(marks.get("grade") or marks.get("locked"))
        if locked or marks.get("solution"):
            texts = {"source": cell["source"], "checksum": marks.get("checksum")}
            source[name] = {"cell_type": kind, "locked": locked, **texts}
    return Wanted(grade, solution, source)


def _follow(db: Any, model: Any, notebook: Any, wanted: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Make the cells of one kind what is wanted."""
    cells = {cell.name: cell for cell in db.query(model).filter_by(notebook_id=notebook.id)}
    changes: list[str] = []
    for name, columns in wanted.items():
        if name not in cells:
            db.add(model(name=name, notebook=notebook, **columns))
            changes += [f"{name} is new, worth {columns['max_score']:g}."] if "max_score" in columns else []
            continue
        for column, value in columns.items():
            old = getattr(cells[name], column)
            if old != value:
                setattr(cells[name], column, value)
                changes += [f"{name} is worth {value:g} now, not {old:g}."] if column == "max_score" else []
    for name in cells.keys() - wanted.keys():
        changes += _remove(db, model, cells[name])
    return changes


def _remove(db: Any, model: Any, cell: Any) -> list[str]:
    """Take a cell out, and out of every submission."""
    from nbgrader import api

    name, identity = cell.name, cell.id
    tables: Iterable[Any]
    said: list[str] = []
    if model is api.SourceCell:
        tables = []
    else:
        by_hand = db.query(api.Grade).filter(api.Grade.cell_id == identity, api.Grade.manual_score.is_not(None)).count()
        lost = f" {by_hand} scores given by hand went with it." if by_hand else ""
        said = [f"{name} is no longer part of the assignment.{lost}"] if model is api.GradeCell else []
        tables = [api.Grade.__table__, api.Comment.__table__]
    for table in tables:
        db.execute(table.delete().where(table.c.cell_id == identity))
    db.expunge(cell)
    db.execute(model.__table__.delete().where(model.__table__.c.id == identity))
    if model is not api.SourceCell:
        base = api.BaseCell.__table__
        db.execute(base.delete().where(base.c.id == identity))
    return said
