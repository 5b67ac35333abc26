"""The code of two students with what they have in common marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autograder.similarity.common_code import RUN, Numbers, runs_of, tokens_of
from autograder.similarity.tokens import MOST_CHARACTERS, placed

Mark = Literal["", "known", "common"]
Levels = NDArray[np.int8]
_MARKS: tuple[Mark, ...] = ("", "known", "common")


@dataclass(frozen=True)
class MarkedText:
    """A piece of code; "common": only these two, or few, have it; "known": both have it, as others or the course do."""

    text: str
    mark: Mark


def marked(cell: str, others: Sequence[str], counting: Numbers) -> tuple[MarkedText, ...]:
    """A cell in pieces, marked where it has runs in common with the other student's cells. `counting` are the runs that
    the class and the course don't explain, in order. A cell longer than is compared is cut off."""
    runs = runs_of(tokens_of([cell]))
    levels = np.zeros(len(runs), np.int8)
    shared = (runs != 0) & np.isin(runs, runs_of(tokens_of(others)))
    levels[shared] = 1
    levels[shared & np.isin(runs, counting)] = 2
    whole = levels.copy()
    for before in range(1, RUN):
        whole[:-before] = np.maximum(whole[:-before], levels[before:])
    return tuple(_pieces(cell[:MOST_CHARACTERS], whole[1:]))


def _pieces(cell: str, levels: Levels) -> Iterator[MarkedText]:
    """Spaces between two marked tokens of a line are marked as the lesser of the two is."""
    found: list[tuple[str, int]] = []
    end, last = 0, 0
    for (start, stop), level in zip(placed(cell), levels.tolist(), strict=False):
        between = cell[end:start]
        found += [(between, min(last, level) if between.isspace() and "\n" not in between else 0)]
        found += [(cell[start:stop], level)]
        end, last = stop, level
    found.append((cell[end:], 0))
    for level, several in groupby((piece for piece in found if piece[0]), key=lambda piece: piece[1]):
        yield MarkedText("".join(text for text, _ in several), _MARKS[level])
