"""Code as tokens without its names, comments and layout.

Read by one regular expression, never parsed: what students wrote is hostile, and need not be Python. Time and memory
grow with the length of the text alone, of which only a beginning is read.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

MOST_CHARACTERS = 50_000  # of a cell
_TOKEN = re.compile(
    r'''
    (?: [rbfutRBFUT]{0,2} (?: """ [^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )* (?: """ | \\?\Z )
                            | \'\'\' [^'\\]* (?: (?: \\. | '(?!'') ) [^'\\]* )* (?: \'\'\' | \\?\Z ) )
      | \# [^\n]* )
    | [rbfutRBFUT]{0,2} (?: " [^"\\\n]* (?: \\. [^"\\\n]* )* "? | ' [^'\\\n]* (?: \\. [^'\\\n]* )* '? )
    | self \s* \. \s* [^\W\d]\w* | \. \s* [^\W\d]\w* | [^\W\d]\w*
    | (?: \d | \.\d ) [\w.]* (?: (?<=[eE]) [+-]\d+ )?
    | \*\*= | //= | >>= | <<= | \.\.\. | -> | := | == | != | <= | >= | \*\* | // | << | >> | [-+*/%@&|^]=
    | [^\s\w;\\]
    ''',
    re.VERBOSE | re.DOTALL,
)
_STRING = re.compile(r"""[rbfutRBFUT]{0,2}["']""")
_NAMES = frozenset((*dir(builtins), *keyword.kwlist, *keyword.softkwlist))
_OWNERS = (np, np.linalg, np.random, np.ndarray, np.random.Generator, list, dict, str, set, tuple)
_ATTRIBUTES = frozenset(name for owner in _OWNERS for name in dir(owner))


def numbered(source: str) -> list[int]:
    """The tokens of a cell in their order, each as a number of 64 bits that is never 0 and the same everywhere."""
    return [number for word in _TOKEN.findall(source[:MOST_CHARACTERS]) if (number := _number(word))]


def placed(source: str) -> Iterator[tuple[int, int]]:
    """Where each of the tokens that `numbered` gives begins and ends in the source."""
    for found in _TOKEN.finditer(source[:MOST_CHARACTERS]):
        if _number(found[0]):
            yield found.span()


@lru_cache(maxsize=20_000)
def _number(word: str) -> int:
    plain = _plain(word)
    return int.from_bytes(hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8).digest()) | 1 if plain else 0


def _plain(word: str) -> str:
    """What stands for a token: itself, or the kind of thing that it is; "" for a comment or a docstring."""
    if word[0] == "#" or _STRING.match(word):
        return "" if word[0] == "#" or word.lstrip("rbfutRBFUT")[:3] in ('"""', "'''") else "a text"
    if word[0].isdigit() or (word[0] == "." and word[1:2].isdigit()):
        return _number_in_short(word.lower().replace("_", ""))
    if word.startswith("self") and "." in word:
        return "self.an attribute"
    if word[0] == "." and len(word) > 1 and word != "...":
        name = word[1:].strip()
        return f".{name}" if name in _ATTRIBUTES else ".an attribute"
    return "a name" if word.isidentifier() and word not in _NAMES else word


def _number_in_short(word: str) -> str:
    """1.0, 1. and 1 are one number, .5 and 0.50 another."""
    if "." not in word or "e" in word:
        return word
    return word.strip("0").removesuffix(".") or "0"
