"""Rows of nbgrader's tables, many at a time: find, add what is missing, change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

Row = dict[str, Any]


def cell_rows(
    db: Any, model: Any, sheets: Iterable[str], cells: Iterable[str]
) -> dict[tuple[str, str], tuple[Any, bool]]:
    """nbgrader's grade or comment of each cell in each submitted notebook, and whether it was made here and now."""
    table = model.__table__
    sheets, cells = list(sheets), list(cells)
    wanted = select_columns(table).where(table.c.notebook_id.in_(sheets))
    known = {(row.notebook_id, row.cell_id): (row, False) for row in db.execute(wanted)}
    lacking = [(sheet, cell) for sheet in sheets for cell in cells if (sheet, cell) not in known]
    if lacking:
        blank = {"needs_manual_grade": True} if "needs_manual_grade" in table.c else {}
        rows = [{"id": uuid4().hex, "notebook_id": sheet, "cell_id": cell, **blank} for sheet, cell in lacking]
        db.execute(table.insert(), rows)
        added = {(row.notebook_id, row.cell_id): (row, True) for row in db.execute(wanted)}
        known = {**added, **known}
    return known


def select_columns(*what: Any) -> Any:
    """A SELECT of tables or columns; SQLAlchemy is loaded when it is first asked for."""
    from sqlalchemy import select

    return select(*what)


def insert_missing(db: Any, model: Any, key: str, rows: Sequence[Row], within: str | None = None) -> dict[str, Any]:
    """The rows of a table by their `key`, after adding those that aren't there; all have one value of `within`."""
    table = model.__table__
    wanted = select_columns(table).where(table.c[key].in_([row[key] for row in rows]))
    if within:
        wanted = wanted.where(table.c[within] == rows[0][within])
    known = {row._mapping[key]: row for row in db.execute(wanted)}
    lacking = [row if "id" in row else {"id": uuid4().hex, **row} for row in rows if row[key] not in known]
    if not lacking:
        return known
    db.execute(table.insert(), lacking)
    return {row._mapping[key]: row for row in db.execute(wanted)}


def update(db: Any, model: Any, rows: Sequence[Row]) -> None:
    """Set the given columns of rows, found by their id."""
    if rows:
        from sqlalchemy import bindparam

        table = model.__table__
        values = [{"row_id" if column == "id" else column: value for column, value in row.items()} for row in rows]
        db.execute(table.update().where(table.c.id == bindparam("row_id")), values)
