"""CSV tables that a spreadsheet opens without taking a cell for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_QUOTE = "'"


def csv_text(rows: Iterable[Sequence[str | float | None]]) -> str:
    """Rows as CSV: commas, lines that end with LF, cells quoted where they need it, numbers with a point, None empty.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP's "CSV injection" advises.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula. `unsafe` gives back what it was."""
    return _QUOTE + text if text.startswith((*_FORMULA, _QUOTE)) else text


def unsafe(text: str) -> str:
    """The text that `safe` made this of."""
    return text.removeprefix(_QUOTE)


def number(value: float) -> str:
    """A number with a point and as few digits as tell it within a billionth: 3, 2.5, 0.333333333."""
    return f"{round(value, 9):.9f}".rstrip("0").rstrip(".")


def _cell(cell: str | float | None) -> str:
    if cell is None:
        return ""
    return safe(cell) if isinstance(cell, str) else number(cell)
