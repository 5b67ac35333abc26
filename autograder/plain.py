"""Plain values: what may pass between a submission and the grader, and what whatever else it returned becomes.

It needs numpy alone: it stands beside the submission in the sandbox, and in a release it is a part of `check.py`.
"""

from __future__ import annotations

import array
import builtins
import collections
import decimal
import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Number, Real
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
MOST_CONVERTED = 2**21  # numbers of one array; a view can have any number of them without holding any


@dataclass(frozen=True)
class Opaque:
    """Something that is not plain data; the description comes from a fixed list, never from a submission."""

    description: str


OWN = {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)}


@dataclass(frozen=True)
class Failure:
    """An exception in the student's code: class name, text, and line within the cell it came from; `bases` are Python's
    own exceptions by whose names `except` would catch it."""

    kind: str
    text: str = ""
    line: int | None = None
    bases: tuple[str, ...] = field(default=(), compare=False)

    def is_a(self, kind: str) -> bool:
        """Whether `except kind` would catch it."""
        return self.kind == kind or kind in self.bases


def failure_of(name: str, text: str, line: int | None, bases: tuple[str, ...]) -> Failure:
    """The failure that a class of this name is; one that is only called as one of Python's own says so."""
    stranger = name in OWN and name not in bases
    return Failure(f"{name} (a class of your own)" if stranger else name, text, line, bases)


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
    array.array,
)
TOO_MANY = Opaque("more than 100,000 values")
TOO_DEEP = Opaque("lists nested more than 30 deep")
TOO_LARGE = Opaque("a value too large to send")

MASKED = Opaque("a masked array with masked entries")

BY_TYPE: tuple[tuple[tuple[type, ...], str], ...] = (
    ((types.FunctionType, types.BuiltinFunctionType, types.MethodType), "a function"),
    ((type,), "a class"),
    ((types.ModuleType,), "a module"),
    ((bytes, bytearray, memoryview), "bytes"),
    ((BaseException,), "an exception"),
    ((types.CoroutineType,), "a coroutine"),
    ((type(Ellipsis),), "Ellipsis"),
    ((type(NotImplemented),), "NotImplemented"),
)
BY_MODULE = {
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
    """`value` as plain data, read as a colleague would read it.

    Tuples, ranges, deques, dict views, sets and iterators become lists; iterators are used up. Subclasses become what
    they derive from, arrays of every kind plain arrays, other real numbers floats (Fraction, Decimal, np.longdouble,
    and complex ones without an imaginary part). What is not plain becomes an Opaque, at any depth. An exception raised
    by the submission's own code passes.
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
    if value is None or kind in (bool, float):
        return value
    if issubclass(kind, str):
        return str.__str__(value)[:MAX_TEXT]
    if issubclass(kind, (np.ndarray, np.generic)):
        return _plain_array(value, depth, budget)
    if issubclass(kind, Number):
        return _plain_number(value)
    if depth > DEEPEST:
        raise _TooMuch(TOO_DEEP)
    if issubclass(kind, Mapping):
        if not all(issubclass(type(key), str) for key in value):
            return Opaque("a dict with keys that are not strings")
        return {str.__str__(key)[:MAX_TEXT]: _plain(value[key], depth + 1, budget) for key in value}
    if issubclass(kind, AS_LISTS) or hasattr(kind, "__next__"):
        return [_plain(part, depth + 1, budget) for part in value]
    return Opaque(describe(value))


def _plain_number(value: Any) -> object:
    if isinstance(value, int):
        return int(value) if abs(value) <= MAX_INT else Opaque("an integer with more than 300 digits")
    if isinstance(value, complex):
        return value.real if value.imag == 0 else complex(value)
    if isinstance(value, (Real, decimal.Decimal)):
        try:
            return float(value)
        except (ValueError, OverflowError):  # a signalling NaN, a fraction beyond all floats
            return Opaque("a number that no float can hold")
    return Opaque(describe(value))


def _plain_array(value: Any, depth: int, budget: list[int]) -> object:
    """An array or a numpy scalar as a plain array."""
    bare = np.asarray(value)
    if type(value) is np.ndarray and _sendable(bare.dtype) and bare.dtype.kind != "c":
        return value
    if bare.size > MOST_CONVERTED:
        raise _TooMuch(TOO_LARGE)
    if np.ma.is_masked(value):
        return MASKED
    if bare.dtype.kind in "fc" and not _sendable(bare.dtype):
        with np.errstate(all="ignore"):
            bare = bare.astype(np.float64 if bare.dtype.kind == "f" else np.complex128)
    if bare.dtype.kind == "c" and not bare.imag.any():
        bare = bare.real.copy()
    if bare.dtype.kind == "O":
        return _plain_objects(bare, depth, budget)
    if _sendable(bare.dtype):
        return bare
    if isinstance(value, np.generic):
        return Opaque("a numpy scalar that is not a number")
    return Opaque(BY_KIND.get(bare.dtype.kind, "an array with an unusual dtype"))


def _plain_objects(value: np.ndarray[Any, Any], depth: int, budget: list[int]) -> object:
    """An array of objects: of numbers, an array of floats; of arrays or lists, a list."""
    if depth > DEEPEST:
        raise _TooMuch(TOO_DEEP)
    if value.size > budget[0]:
        raise _TooMuch(TOO_MANY)
    parts = [_plain(part, depth + 1, budget) for part in value.flat]
    if all(isinstance(part, (int, float)) or (isinstance(part, np.ndarray) and not part.ndim) for part in parts):
        return np.array([float(part) for part in parts]).reshape(value.shape)  # type: ignore[arg-type]
    if value.ndim == 1 and all(isinstance(part, (list, np.ndarray)) for part in parts):
        return parts
    return Opaque(BY_KIND["O"])


def _sendable(dtype: np.dtype[Any]) -> bool:
    return dtype.newbyteorder("=") in DTYPE_CODES


def describe(value: object) -> str:
    """Which of wire.DESCRIPTIONS fits an object that is not plain data."""
    for kinds, words in BY_TYPE:
        if isinstance(value, kinds):
            return words
    module = getattr(type(value), "__module__", None)
    return BY_MODULE.get(module.partition(".")[0], "an object") if type(module) is str else "an object"


def classes_of(error: BaseException) -> tuple[str, tuple[str, ...]]:
    """The name of an exception's class, and Python's own classes by whose names `except` would catch it."""
    kind = type(error)
    bases = [(_name_of(base), base) for base in type.__dict__["__mro__"].__get__(kind)]
    return _name_of(kind), tuple(name for name, base in bases if name in OWN and getattr(builtins, name) is base)


def _name_of(kind: type) -> str:
    """A class's name, whatever its own code says."""
    return str(type.__dict__["__name__"].__get__(kind))
