"""Text for the terminal: what may be printed, tables, paragraphs."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Sequence
from textwrap import wrap

WIDTH = 79  # characters: what a terminal shows side by side


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows of cells in aligned columns, the first row as the head; columns listed in `right` are right-aligned."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        cells = [
            text.rjust(width) if column in right else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([line(rows[0]), "  ".join("─" * width for width in widths), *map(line, rows[1:])])


def paragraph(text: str) -> str:
    """A text in lines that a terminal shows whole, the first one indented, the others more."""
    return "\n".join(wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      "))


def printable(text: str) -> str:
    """The text without control characters: a submission must not move the cursor of whoever reads its result."""
    return "".join(" " if unicodedata.category(char)[0] == "C" else char for char in text)


def json_line(record: str) -> str:
    """JSON of one line as a line that nothing breaks and nobody can mistake: what isn't printable, such as U+2028, is
    escaped as JSON escapes it. Nothing is lost."""
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in record)


def duration(seconds: float) -> str:
    """A length of time as a person says it: '40 s', '12 min', '3 h 5 min'; rounded up."""
    if seconds < 60:
        return f"{math.ceil(seconds)} s"
    hours, minutes = divmod(math.ceil(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
