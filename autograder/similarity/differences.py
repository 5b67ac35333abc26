"""How one text differs from another, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

MOST_WORDS = 1_000  # and signs of each text that are compared: the time grows with their product, at worst
LEAST_SAME = 3  # words in a row that are the same between two that aren't: fewer are shown with these
_TOKEN = re.compile(r"(?:^\s+|\w+|[^\w\s])\s*")

Piece = tuple[Literal["same", "added", "left out"], str]
_Span = tuple[bool, int, int, int, int]  # same or not, from where to where in the one, and in the other


def differences(text: str, other: str) -> list[Piece]:
    """The `other` text in pieces, and between them what `text` has there instead; case and spaces don't count.

    The pieces that aren't "left out" make up `other`, to its end; what is beyond the first words is told as "same".
    """
    ours, theirs = _tokens(text), _tokens(other)
    pieces: list[Piece] = []
    for same, start, end, begin, stop in _spans(ours, theirs):
        lost, new = "".join(ours[start:end]), "".join(theirs[begin:stop])
        if not same and lost.strip():
            pieces.append(("left out", lost))
        if new:
            pieces.append(("same" if same or not new.strip() else "added", new))
    rest = other[sum(map(len, theirs)) :]
    return [*pieces, ("same", rest)] if rest else pieces


def _spans(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[_Span]:
    """Where the words are the same and where they aren't, in turns."""
    one, other = ([token.strip().casefold() for token in tokens] for tokens in (ours, theirs))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    codes = matcher.get_opcodes()
    pending: _Span | None = None
    for place, (kind, start, end, begin, stop) in enumerate(codes):
        is_between = 0 < place < len(codes) - 1
        same = kind == "equal" and not (is_between and _words(ours[start:end]) < LEAST_SAME)
        if pending and pending[0] == same:
            pending = (same, pending[1], end, pending[3], stop)
        else:
            if pending:
                yield pending
            pending = (same, start, end, begin, stop)
    if pending:
        yield pending


def _words(tokens: Sequence[str]) -> int:
    return sum(token[0].isalnum() for token in tokens)


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        if len(found) == MOST_WORDS:
            break
        found.append(match[0])
    return found
