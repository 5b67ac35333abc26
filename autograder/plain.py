"""Plain values: what may pass between a submission and the grader, and what whatever else it returned becomes.

It needs numpy alone: it stands beside the submission in the sandbox, and in a release it is a part of `check.py`.
"""

from __future__ import annotations

import collections
import copy
import fractions
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_NODES = 100_000
MAX_INT = 2**1023
MAX_TEXT = 10_000
DTYPES = tuple(
    np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
)
DTYPE_CODES = {dtype: code for code, dtype in enumerate(DTYPES)}
DEEPEST = 30


@dataclass(frozen=True)
class Opaque:
    """Something that is not plain data; the description comes from a fixed list, never from a submission."""

    description: str


@dataclass(frozen=True)
class Failure:
    """An exception in the student's code: class name, text, and line within the cell it came from."""

    kind: str
    text: str = ""
    line: int | None = None


AS_LISTS: tuple[type, ...] = (
    list,
    tuple,
    range,
    collections.deque,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
    set,
    frozenset,
)
ELLIPSIS = "Ellipsis"
TOO_MANY = Opaque("more than 100,000 values")
TOO_DEEP = Opaque("lists nested more than 30 deep")
TOO_LARGE = Opaque("a value too large to send")

BY_TYPE: tuple[tuple[tuple[type, ...], str], ...] = (
    ((types.FunctionType, types.BuiltinFunctionType, types.MethodType), "a function"),
    ((type,), "a class"),
    ((types.ModuleType,), "a module"),
    ((bytes, bytearray, memoryview), "bytes"),
    ((str,), "a string subclass"),
    ((np.ma.MaskedArray,), "a masked array"),
    ((np.matrix,), "a numpy matrix"),
    ((np.ndarray,), "an array subclass"),
    ((np.generic,), "a numpy scalar that is not a number"),
    ((int, float, complex), "a number subclass"),
    ((list, dict, tuple), "a list or dict subclass"),
    ((BaseException,), "an exception"),
    ((types.CoroutineType,), "a coroutine"),
    ((type(Ellipsis),), ELLIPSIS),
    ((type(NotImplemented),), "NotImplemented"),
)
BY_MODULE = {
    "fractions": "a Fraction",
    "decimal": "a Decimal",
    "datetime": "a date or time",
    "pandas": "a pandas object",
    "matplotlib": "a matplotlib object",
    "__main__": "an object of a class defined in the notebook",
}
BY_KIND = {
    "O": "an array of objects",
    "U": "an array of strings",
    "S": "an array of strings",
    "V": "a structured array",
    "M": "an array of dates",
    "m": "an array of dates",
}


class _TooMuch(Exception):
    def __init__(self, instead: Opaque) -> None:
        self.instead = instead


def plain(value: object) -> object:
    """`value` as plain data.

    Tuples, ranges, deques, dict views, sets and iterators become lists, fractions floats; iterators are used up.
    What is not plain becomes an Opaque, at any depth. An exception raised by the submission's own iterator passes.
    """
    try:
        return _plain(value, 0, [MAX_NODES])
    except _TooMuch as error:
        return error.instead


def _plain(value: Any, depth: int, budget: list[int]) -> object:
    kind = type(value)
    budget[0] -= 1
    if budget[0] < 0:
        raise _TooMuch(TOO_MANY)
    if value is None or kind in (bool, float, complex):
        return value
    if kind is int:
        return value if abs(value) <= MAX_INT else Opaque("an integer with more than 300 digits")
    if kind is str:
        return value[:MAX_TEXT]
    if kind is np.ndarray:
        odd = Opaque(BY_KIND.get(value.dtype.kind, "an array with an unusual dtype"))
        return value if _sendable(value.dtype) else odd
    if isinstance(value, np.generic) and _sendable(value.dtype):
        return np.asarray(value)
    if kind is fractions.Fraction:
        return float(value)
    if depth > DEEPEST:
        raise _TooMuch(TOO_DEEP)
    if kind is dict:
        if any(type(key) is not str for key in value):
            return Opaque("a dict with keys that are not strings")
        return {key[:MAX_TEXT]: _plain(part, depth + 1, budget) for key, part in value.items()}
    if kind in AS_LISTS or hasattr(kind, "__next__"):
        return [_plain(part, depth + 1, budget) for part in value]
    return Opaque(describe(value))


def _sendable(dtype: np.dtype[Any]) -> bool:
    return dtype.newbyteorder("=") in DTYPE_CODES


def data_copy(value: object) -> object:
    """A copy of an array or a list, to see later whether it was changed."""
    return copy.deepcopy(value) if isinstance(value, (list, np.ndarray)) else value


def unchanged(old: object, new: object) -> bool:
    """Whether an array or a list still holds what a copy of it from before holds; NaN equals itself."""
    try:
        return _unchanged(old, new)
    except Exception:  # a call may have put anything at all into a list
        return False


def _unchanged(old: object, new: object) -> bool:
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        alike = old.shape == new.shape and old.dtype == new.dtype
        return alike and (old.tobytes() == new.tobytes() or bool(np.array_equal(old, new, equal_nan=True)))
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_unchanged, old, new))
    return old is new or bool(np.array_equal(np.asarray(old), np.asarray(new)))


@contextmanager
def calm() -> Iterator[None]:
    """Let numpy's and Python's warnings be none, whatever the submission has set: in here no calculation raises for
    one of them, neither in a student's notebook nor in the grading."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def describe(value: object) -> str:
    """Which of wire.DESCRIPTIONS fits an object that is not plain data."""
    for kinds, words in BY_TYPE:
        if isinstance(value, kinds):
            return words
    module = getattr(type(value), "__module__", None)
    return BY_MODULE.get(module.partition(".")[0], "an object") if type(module) is str else "an object"
