"""What makes a notebook large and is never read: outputs, the state of widgets, pasted pictures.

They are cut out of the file's bytes before it is parsed: what is parsed costs ten times its size.
"""

from __future__ import annotations

import re

MOST_CUTS = 10_000  # a notebook of 2,000 cells has 4,000 of them, and one for its widgets
MOST_BRACKETS = 10_000_000  # passed over in one file: half a second for each million
# Inside of a text the key would be \"outputs\".
_HEAVY = re.compile(rb'(?<!\\)"(?:outputs|widgets|attachments)"\s*+:\s*+(?=[\[{])')
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+([\[\]{}])", re.DOTALL)


def without_heavy_parts(data: bytes) -> bytes:
    """The notebook's JSON with null in place of each of these parts. What follows a part that doesn't end, or too many
    of them, stays as it is.

    Reads `data` once, whatever it holds, and keeps at most as much again.
    """
    kept = bytearray()
    start, left = 0, MOST_BRACKETS
    for _ in range(MOST_CUTS):
        found = _HEAVY.search(data, start)
        end, passed = _end_of_value(data, found.end(), left) if found else (None, 0)
        if found is None or end is None:
            break
        kept += data[start : found.end()] + b"null"
        start, left = end, left - passed
    kept += memoryview(data)[start:]
    return bytes(kept)


def _end_of_value(data: bytes, start: int, most: int) -> tuple[int | None, int]:
    """Where the array or object that begins at `start` ends, if it does within so many brackets, and their number."""
    depth, place = 0, start
    for passed in range(most):
        found = _BRACKET.match(data, place)
        if found is None:
            break
        depth += 1 if found[1] in b"[{" else -1
        place = found.end()
        if depth == 0:
            return place, passed + 1
    return None, most
