"""Read a notebook written as text, in jupytext's percent format.

Only what this course needs of it: importing jupytext costs two seconds at the start of every command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

_MARK = re.compile(r"# %%(?P<markdown> \[markdown\])?(?P<options>.*)")
_OPTION = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Cell:
    """A cell of the source notebook. `options` are the words behind its mark, as in `# %% task="phi"`."""

    kind: Literal["markdown", "code"]
    source: str
    options: Mapping[str, str]


def read_percent(text: str) -> tuple[Cell, ...]:
    """The cells of a percent notebook; what stands before the first mark is left out."""
    cells: list[Cell] = []
    lines: list[str] = []
    mark: re.Match[str] | None = None
    for line in [*text.splitlines(), "# %%"]:
        found = _MARK.fullmatch(line)
        if found is None:
            lines.append(line)
            continue
        if mark is not None:
            cells.append(_cell(mark, lines))
        mark, lines = found, []
    return tuple(cells)


def _cell(mark: re.Match[str], lines: list[str]) -> Cell:
    options = dict(_OPTION.findall(mark["options"]))
    if mark["markdown"] is None:
        return Cell("code", "\n".join(lines).strip("\n"), options)
    prose = [line.removeprefix("#").removeprefix(" ") for line in lines]
    return Cell("markdown", "\n".join(prose).strip("\n"), options)
