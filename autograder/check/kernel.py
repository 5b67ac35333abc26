"""What the kernel of a student's notebook remembers of the cells that ran: which version of a definition is in use, and
what that was made of. A cell that was edited and not run is not known to it."""

from __future__ import annotations

import ast
import linecache
import re
import types
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.definitions import functions

MOST_CELLS = 1_000  # of more, none is read


def cells_run(namespace: Mapping[str, Any]) -> list[str]:
    """The texts of the cells that ran, by their numbers; empty where no IPython keeps them."""
    cells = namespace.get("In")
    if not isinstance(cells, list) or len(cells) > MOST_CELLS:
        return []
    return cells if all(type(cell) is str for cell in cells) else []


def older_version(name: str, subject: object, namespace: Mapping[str, Any]) -> str:
    """The sentence for a definition that a later cell should have replaced and didn't, else nothing."""
    cells = cells_run(namespace)
    latest = _latest(name, cells)
    if name not in namespace:
        return f"Cell [{latest}] defines it, but ended before it did: read the error below that cell." if latest else ""
    made = _made_in(subject, cells)
    if not made or not latest or latest <= made:
        return ""
    return (
        f"This is the version of cell [{made}]. Cell [{latest}] defines {name} anew, but that version isn't in use: "
        "did it end with an error? Run it again and read what stands below it."
    )


def names_from_later(name: str, subject: object, namespace: Mapping[str, Any]) -> list[str]:
    """The names that a function uses and that came up only after its check had run: their cells may stand below it."""
    cells = cells_run(namespace)
    asked = re.compile(rf"\bcheck\(\s*['\"]{re.escape(name)}['\"]")
    first = next((place for place, cell in enumerate(cells[:-1]) if asked.search(cell)), 0)
    if not first or not _made_in(subject, cells):
        return []
    before = {defined for cell in cells[: first + 1] for defined in _defined(cell)}
    since = {defined for cell in cells[first + 1 :] for defined in _defined(cell)} - before
    return sorted(used for used in names_in(subject) if used in since and used != name)


def _made_in(subject: object, cells: Sequence[str]) -> int:
    """The number of the last cell whose text is the one that `subject` was compiled from; 0 if none is."""
    text = "".join(line for code in _codes(subject)[:1] for line in linecache.getlines(code.co_filename)).strip()
    return max((place for place, cell in enumerate(cells) if text and cell.strip() == text), default=0)


def _latest(name: str, cells: Sequence[str]) -> int:
    """The number of the last cell that defines `name` at its top level, whether it ran through or not, or 0."""
    start = re.compile(rf"^(?:async\s+)?(?:def|class)\s+{re.escape(name)}\b", re.MULTILINE)
    found = [place for place, cell in enumerate(cells) if start.search(cell)]
    return next((place for place in reversed(found) if name in _defined(cells[place]) or not _parsed(cells[place])), 0)


def _codes(subject: object) -> list[types.CodeType]:
    """The compiled bodies of a function, or of a class's methods."""
    return [function.__code__ for function in functions(subject).values()]


def names_in(subject: object) -> set[str]:
    """The names that a function, or the methods of a class, look up outside themselves, and attributes."""
    waiting = _codes(subject)
    used: set[str] = set()
    while waiting:
        code = waiting.pop()
        used.update(code.co_names)
        waiting += [part for part in code.co_consts if isinstance(part, types.CodeType)]
    return used


def _parsed(cell: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _defined(cell: str) -> set[str]:
    """The functions and classes that a cell defines, and the names that it assigns, at its top level."""
    found: set[str] = set()
    for statement in _parsed(cell):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name).partition(".")[0] for alias in statement.names)
        else:
            stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            found.update(node.id for node in stored if isinstance(node.ctx, ast.Store))
    return found
