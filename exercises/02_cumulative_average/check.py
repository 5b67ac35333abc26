"""The visible checks of this assignment: `from check import check`.

Generated from the course's autograder by `autograder build`: don't edit it, the next build would overwrite it.
It needs Python 3.10 or later, numpy, and the file public.json beside it.
"""

from __future__ import annotations

import array
import ast
import builtins
import collections
import copy
import decimal
import difflib
import dis
import html
import itertools
import json
import linecache
import math
import numpy as np
import os
import re
import signal
import sys
import textwrap
import threading
import time
import tracemalloc
import types
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal, DecimalTuple, ROUND_DOWN, ROUND_HALF_UP, localcontext
from fractions import Fraction
from functools import cached_property, partial
from numbers import Number, Real
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol


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
ELLIPSIS = "Ellipsis"
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
    ((type(Ellipsis),), ELLIPSIS),
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


def classes_of(error: BaseException) -> tuple[str, tuple[str, ...]]:
    """The name of an exception's class, and Python's own classes by whose names `except` would catch it."""
    kind = type(error)
    bases = [(_name_of(base), base) for base in type.__dict__["__mro__"].__get__(kind)]
    return _name_of(kind), tuple(name for name, base in bases if name in OWN and getattr(builtins, name) is base)


def _name_of(kind: type) -> str:
    """A class's name, whatever its own code says."""
    return str(type.__dict__["__name__"].__get__(kind))


STUB_STEPS = frozenset(
    (
        *("RESUME", "NOP", "CACHE", "EXTENDED_ARG", "PUSH_NULL", "PRECALL", "CALL", "CALL_FUNCTION", "RAISE_VARARGS"),
        *("LOAD_CONST", "LOAD_GLOBAL", "LOAD_COMMON_CONSTANT", "RETURN_VALUE", "RETURN_CONST"),
    )
)
UNFINISHED = "NotImplementedError"
OF_STUBS = ("RETURNS_NOTHING",)  # names that a stub earns, too, though its body is all there is to say
MOST_NAMES = 2_000
LONGEST_NAME = 60
ALIKE = 0.82  # running_mean and runing_mean have 0.96, ema and phi 0


def unwritten(subject: object) -> tuple[bool, tuple[str, ...]]:
    """Whether a function or class is still a stub; and of a class that is partly written, the methods that are stubs.

    A stub is a body of `pass`, `...`, a docstring, `return`, `return None`, or `raise NotImplementedError(...)` alone.
    """
    if type(subject) is types.FunctionType:
        return _is_stub(subject), ()
    if type(subject) is not type or subject.__bases__ != (object,):
        return False, ()
    methods = functions(subject)
    stubs = tuple(name for name, method in methods.items() if _is_stub(method))
    data = [name for name in vars(subject) if name not in methods and not name.startswith("__")]
    if len(stubs) == len(methods):
        return bool(methods) or not data, ()
    return False, stubs


def functions(subject: object) -> dict[str, types.FunctionType]:
    """A function, or the methods and properties that a class itself defines, by their names."""
    if type(subject) is types.FunctionType:
        return {subject.__name__: subject}
    parts = vars(subject) if type(subject) is type else {}
    found = {name: _function(part) for name, part in parts.items() if not name.startswith("__annotate")}
    return {name: function for name, function in found.items() if function is not None}


def _function(part: object) -> types.FunctionType | None:
    """The function of a method, a property or a static method."""
    if type(part) in (staticmethod, classmethod):
        part = part.__func__  # type: ignore[attr-defined]
    elif type(part) is property:
        part = part.fget
    return part if type(part) is types.FunctionType else None


def _is_stub(function: types.FunctionType) -> bool:
    """Read from the compiled body: the ways to write nothing all compile to the same few steps."""
    steps = list(dis.get_instructions(function.__code__))
    if any(step.opname not in STUB_STEPS for step in steps):
        return False
    named = {str(step.argval) for step in steps if step.opname in ("LOAD_GLOBAL", "LOAD_COMMON_CONSTANT")}
    if named:
        return all(UNFINISHED in name for name in named)
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return all(value is None or value is ... for value in constants)


def similar_name(name: str, namespace: Mapping[str, object], known: Iterable[str]) -> str:
    """The name of the student's own that is nearly `name`, or nothing. `known` are the names that are asked for; where
    `name` is a question's, names of values are looked at, else those of functions and classes."""
    wanted = {*known, name}
    values = name[:1] == "q" and name[1:2].isdigit()
    names = {_folded(other): other for other in _own_names(namespace, values) if other not in wanted}
    found = difflib.get_close_matches(_folded(name), names, n=1, cutoff=ALIKE)
    return names[found[0]] if found else ""


def misspelt(name: str, similar: str, stub: bool) -> str:
    """What is said where `name` isn't there or is a stub, but another of nearly this name is there."""
    how = "is still unwritten" if stub else "isn't there"
    return f"`{name}` {how}, but you define `{similar}`: if that is your answer, name it `{name}`."


def still_to_write(stubs: Iterable[str], used: Collection[str | None]) -> str:
    """What is said of a class of which methods that are used are still stubs; nothing if none is."""
    names = [f"`{name}`" for name in stubs if name in used]
    if not names:
        return ""
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}n't written yet. Go on with {names[0]}."


def _own_names(namespace: Mapping[str, object], values: bool) -> Iterator[str]:
    home = namespace.get("__name__")
    for name, value in list(namespace.items())[-MOST_NAMES:]:
        kind = type(value)
        defined = issubclass(kind, (types.FunctionType, type)) and getattr(value, "__module__", None) == home
        fits = kind in (str, int, float, list, tuple) if values else defined
        if fits and not name.startswith("_") and len(name) <= LONGEST_NAME:
            yield name


def _folded(name: str) -> str:
    return name.casefold().replace("_", "")


GROWTH_LIMIT = 500_000  # bytes that an object of constant size may seem to grow while it is watched
Aspect = Literal["values", "unchanged", "calls", "lazy", "memory"]
MOST_ITEMS = 100_001  # that are drawn from a returned iterator, which may never end: one more than is compared


@dataclass(frozen=True)
class Function:
    """A function argument, as a trusted Python expression: the student's code calls it, the host computes it."""

    source: str

    def compiled(self) -> Callable[..., Any]:
        return eval(self.source, {"np": np})  # type: ignore[no-any-return]  # written by the course, not by a student


@dataclass(frozen=True)
class Stream:
    """An argument that can be read once, item by item, like a live stream."""

    items: tuple[Any, ...]


@dataclass(frozen=True)
class Made:
    """An argument, or the target of a step: what an earlier step of the same case made."""

    step: int


@dataclass(frozen=True)
class Step:
    """One request. `kind`: call the subject, a method of an object, get an attribute, read a result again,
    call a method once for each row of an array, or hold an array that several steps are given."""

    kind: Literal["call", "method", "get", "read", "each", "hold"]
    on: int | None = None
    name: str | None = None
    args: tuple[Any, ...] = ()
    keep: bool = False
    watch: bool = False


@dataclass(frozen=True)
class Case:
    """One set of inputs. `part` names the part of the task's points that it belongs to; `traced` says whether it
    matters how often a function argument is called and when a stream is read."""

    name: str
    steps: tuple[Step, ...]
    public: bool = False
    part: str = "values"
    traced: bool = False

    @property
    def scale(self) -> float:
        """The largest absolute number among the inputs, at least 1: what a rounding error is measured against."""
        return max([1.0, *(_largest(arg) for step in self.steps for arg in step.args)])

    @property
    def watched(self) -> bool:
        """Whether memory is watched while it is played."""
        return any(step.watch for step in self.steps)


@dataclass(frozen=True)
class Part:
    """A share of a task's points.

    `aspect` "values": every case of this part has the right values. The other aspects look at what was seen on the
    way (arguments unchanged, calls of f, items read one at a time, constant memory); since a submission that
    returns nothing useful changes nothing either, they count only together with the task's first part. So does an
    `edge`, a part whose values one line gets right, such as returning the argument. A part whose cases all expect an
    exception counts only together with one that expects values: raising it always is no answer. A part about another
    aspect may have cases of its own: their values belong to it.
    `says` is the sentence for a student who lost it while the first part holds; it must be true whatever the cause is.
    A part of its `own_kind`, such as one of several formulas, tells it in any case.
    One cause is charged once: where the part named `excused_by` is lost, too, and every failing case of this one raised
    or changed an argument, only the dearer of the two is lost.
    """

    name: str
    points: float
    says: str = ""
    aspect: Aspect = "values"
    edge: bool = False
    own_kind: bool = False
    excused_by: str = ""

    @property
    def stands_alone(self) -> bool:
        """Whether it counts without the task's first part."""
        return self.aspect == "values" and not self.edge

    def sees(self, expected: Outcome, got: Outcome) -> bool:
        """Whether what the part looks at on the way is as it should be; values aren't compared here."""
        held: dict[Aspect, bool] = {
            "values": True,
            "unchanged": not got.changed,
            "calls": got.calls == expected.calls,
            "lazy": got.lazy or not expected.lazy,
            "memory": not got.grew,
        }
        return held[self.aspect]


@dataclass(frozen=True)
class Outcome:
    """What came of a case: the values of its steps, and what was seen on the way.

    `trace` has one letter for each request of the subject: r, an item was read; c, a function was called.
    """

    values: tuple[Any, ...] = ()
    failure: Failure | None = None
    changed: bool = False
    trace: str = ""
    grew: bool = False

    @property
    def calls(self) -> int:
        return self.trace.count("c")

    @property
    def lazy(self) -> bool:
        """Whether no item was read before the function had been called for the item before it."""
        ahead = 0
        for event in self.trace:
            ahead += 1 if event == "r" else -1
            if ahead > 1:
                return False
        return True


class Answer(Protocol):
    """What a subject answers to one step."""

    @property
    def value(self) -> Any: ...
    @property
    def failure(self) -> Any: ...
    @property
    def changed(self) -> tuple[int, ...]: ...
    @property
    def slot(self) -> int: ...


class Subject(Protocol):
    """Where a case is played: the sandbox's session, or `Local`."""

    def call(
        self, target: str | int, args: Sequence[object] = (), method: str | None = None, keep: bool = False
    ) -> Answer: ...
    def get(self, target: int, attribute: str) -> Answer: ...
    def read(self, slot: int) -> Answer: ...
    def each(self, target: int, method: str, rows: np.ndarray[Any, Any]) -> Answer: ...
    def hold(self, value: np.ndarray[Any, Any]) -> Answer: ...
    def memory(self) -> int: ...
    def made(self, slot: int) -> object: ...


def play(case: Case, name: str, subject: Subject) -> Outcome:
    """Play `case` with what `subject` calls `name`; stops at the first exception of the subject."""
    values: list[Any] = []
    slots: list[int] = []
    trace: list[str] = []
    changed = grew = False
    for step in case.steps:
        before = subject.memory() if step.watch else 0
        answer = _ask(step, name, subject, slots, trace)
        grew |= step.watch and subject.memory() - before > GROWTH_LIMIT
        changed |= bool(answer.changed)
        if answer.failure is not None:
            return Outcome(tuple(values), answer.failure, changed, "".join(trace) if case.traced else "", grew)
        slots.append(answer.slot)
        if not step.keep:
            values.append(answer.value)
    return Outcome(tuple(values), None, changed, "".join(trace) if case.traced else "", grew)


def _ask(step: Step, name: str, subject: Subject, slots: list[int], trace: list[str]) -> Answer:
    args = [_live(arg, trace, subject, slots) for arg in step.args]
    if step.kind == "call":
        return subject.call(name, args, keep=step.keep)
    if step.kind == "hold":
        return subject.hold(args[0])
    assert step.on is not None
    target = slots[step.on]
    if step.kind == "read":
        return subject.read(target)
    assert step.name is not None
    if step.kind == "get":
        return subject.get(target, step.name)
    if step.kind == "each":
        return subject.each(target, step.name, args[0])
    return subject.call(target, args, method=step.name, keep=step.keep)


def _live(arg: Any, trace: list[str], subject: Subject, slots: list[int]) -> Any:
    """The argument as the subject gets it: functions and streams write down that they were used."""
    if isinstance(arg, Function):
        function = arg.compiled()

        def called(*args: Any) -> Any:
            trace.append("c")
            return function(*args)

        return called
    if isinstance(arg, Stream):
        return _read_once(arg.items, trace)
    if isinstance(arg, Made):
        return subject.made(slots[arg.step])
    return copy.deepcopy(arg)


def _read_once(items: Sequence[Any], trace: list[str]) -> Iterator[Any]:
    for item in items:
        trace.append("r")
        yield copy.deepcopy(item)


def _largest(value: Any) -> float:
    if isinstance(value, Stream):
        return _largest(value.items)
    if isinstance(value, (list, tuple)):
        return max((_largest(item) for item in value), default=0.0)
    if isinstance(value, np.ndarray):
        return float(np.abs(value).max(initial=0.0))
    return abs(float(value)) if isinstance(value, (int, float)) else 0.0


@dataclass(frozen=True)
class LocalAnswer:
    """What a subject in this process answered."""

    value: Any
    failure: Failure | None
    changed: tuple[int, ...]
    slot: int


@dataclass
class Local:
    """A subject in this very process: for trusted programs, and for students at their own machine."""

    namespace: Mapping[str, Any]
    slots: list[Any] = field(default_factory=list)

    def call(
        self, target: str | int, args: Sequence[object] = (), method: str | None = None, keep: bool = False
    ) -> LocalAnswer:
        subject = self.namespace[target] if isinstance(target, str) else self.slots[target]
        before = [data_copy(arg) for arg in args]
        answer = self._answer(lambda: (subject if method is None else getattr(subject, method))(*args), keep)
        changed = tuple(i for i, (old, arg) in enumerate(zip(before, args, strict=True)) if not unchanged(old, arg))
        return LocalAnswer(answer.value, answer.failure, changed, answer.slot)

    def get(self, target: int, attribute: str) -> LocalAnswer:
        return self._answer(lambda: getattr(self.slots[target], attribute), False)

    def read(self, slot: int) -> LocalAnswer:
        return self._answer(lambda: self.slots[slot], False)

    def each(self, target: int, method: str, rows: np.ndarray[Any, Any]) -> LocalAnswer:
        def call_for_each() -> None:
            for row in rows:
                getattr(self.slots[target], method)(row.copy())

        return self._answer(call_for_each, False)

    def hold(self, value: np.ndarray[Any, Any]) -> LocalAnswer:
        return self._answer(lambda: value, True)

    def memory(self) -> int:
        if not tracemalloc.is_tracing():
            tracemalloc.start()
        return tracemalloc.get_traced_memory()[0]

    def made(self, slot: int) -> object:
        return self.slots[slot]

    def _answer(self, act: Callable[[], Any], keep: bool) -> LocalAnswer:
        try:
            with calm():
                result = act()
                if isinstance(result, Iterator):
                    result = list(itertools.islice(result, MOST_ITEMS))
        except Exception as error:
            self.slots.append(None)
            return LocalAnswer(None, failure_in(error), (), len(self.slots) - 1)
        self.slots.append(result)
        return LocalAnswer(None if keep else _snapshot(result), None, (), len(self.slots) - 1)


def play_locally(case: Case, name: str, namespace: Mapping[str, Any]) -> Outcome:
    """Play `case` with `namespace[name]` in this process; memory is watched only while a case asks for it."""
    tracing = tracemalloc.is_tracing()
    try:
        return play(case, name, Local(namespace))
    finally:
        if tracemalloc.is_tracing() and not tracing:
            tracemalloc.stop()


def failure_in(error: BaseException) -> Failure:
    """The failure with its deepest line in the file (or cell) of the function that was called."""
    file, line, trace = None, None, error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if file is None and name != __file__:
            file = name
        if name == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    name, bases = classes_of(error)
    return failure_of(name, str(error), line, bases)


def _snapshot(result: object) -> object:
    """A copy that later steps can't change; what can't be copied is no plain data, as the comparison will say."""
    if type(result) in (set, frozenset):  # a copy may have another order
        return list(result)  # type: ignore[call-overload]
    try:
        return copy.deepcopy(result)
    except Exception:
        return result


Numbers = np.ndarray[Any, np.dtype[np.float64]]
FLOOR = 1e-9  # what a relative tolerance adds, so that an expected 0 can be met


@dataclass(frozen=True)
class Tolerance:
    """How far from the reference is still right: `size` times the scale of the inputs, or of each expected value.

    A mean near 0 has no relative accuracy, so "inputs" is the rule and "values" the exception.
    """

    size: float = 1e-9
    relative_to: Literal["inputs", "values"] = "inputs"

    def around(self, expected: Numbers, scale: float) -> Numbers:
        if self.relative_to == "inputs":
            return np.full(expected.shape, self.size * scale)
        return self.size * np.abs(expected) + FLOOR


EXACT = Tolerance()  # accepts every right float64 form of up to 2,000 steps, with orders of magnitude to spare


@dataclass(frozen=True)
class Difference:
    """Where two values part: a sentence, and the first differing row or entry of each; `place` says which, such as
    "row 3"."""

    sentence: str
    place: str = ""
    expected: str = ""
    got: str = ""


def numbers(value: Any) -> Numbers | None:
    """`value` as a float64 array, or None if it isn't made of real numbers in one shape."""
    return None if shape_of(value) is None else _array(value)


def _array(value: Any) -> Numbers | None:
    try:
        return np.asarray(value, dtype=np.float64)  # told its type, numpy makes no array of objects on the way
    except (ValueError, TypeError, OverflowError, MemoryError):
        return None


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape of the array that `value` would become, or None if it isn't made of real numbers in one shape.

    Nothing is converted: a few megabytes of small arrays in lists could become an array of hundreds.
    """
    if isinstance(value, (list, tuple)):
        shapes = map(shape_of, value)
        first = next(shapes, ())
        return (len(value), *first) if first is not None and all(shape == first for shape in shapes) else None
    if isinstance(value, (np.ndarray, np.generic)):
        return value.shape if value.dtype.kind in "biuf" or _big_integers(value) else None
    return () if isinstance(value, (int, float)) else None


def _big_integers(array: Any) -> bool:
    """Whether it is what numpy makes of Python integers beyond 64 bits: an array of objects."""
    return bool(array.dtype == object and array.size and all(type(item) is int for item in array.flat))


def difference(expected: Any, got: Any, tolerance: Tolerance, scale: float) -> Difference | None:
    """None if `got` is as good as `expected`, else the first difference."""
    right = numbers(expected)
    if right is None:
        return _tuple_difference(expected, got, tolerance, scale)
    if isinstance(got, (list, tuple)) and right.ndim and len(got) != len(right):
        return Difference(f"{len(right)} rows are expected; you returned {len(got)}.")
    if isinstance(got, np.ndarray) and got.shape != right.shape:
        return Difference(f"The shape is {_shape(got.shape)}; {_shape(right.shape)} is expected.")
    shape = shape_of(got)
    if shape is not None and shape != right.shape:
        return Difference(f"The shape is {_shape(shape)}; {_shape(right.shape)} is expected.")
    mine = None if shape is None else _array(got)
    if mine is None:
        return Difference(f"Numbers are expected, of shape {_shape(right.shape)}; you returned {_kind(got)}.")
    wrong = wrong_numbers(right, mine, tolerance, scale)
    if not wrong.any():
        return None
    if right.ndim == 0:
        return Difference("The value differs.", "", *_side_by_side(right, mine))
    first = int(np.argwhere(wrong)[0][0])
    count = int(wrong.reshape(len(wrong), -1).any(axis=1).sum())
    one, many = ("row", "rows") if right.ndim > 1 else ("entry", "entries")
    differ = "differs" if count == 1 else "differ"
    sentence = f"{count} of {len(right)} {many} {differ}, the first is {one} {first} (counted from 0)."
    return Difference(sentence, f"{one} {first}", *_side_by_side(right[first], mine[first]))


def wrong_numbers(right: Numbers, mine: Numbers, tolerance: Tolerance, scale: float) -> np.ndarray[Any, Any]:
    """Which numbers of `mine`, an array of the same shape, aren't as good as those of `right`."""
    with np.errstate(all="ignore"):
        close = np.abs(mine - right) <= tolerance.around(right, scale)
    same = (mine == right) | (np.isnan(mine) & np.isnan(right))
    return np.asarray(~(close | same))


def _tuple_difference(expected: Any, got: Any, tolerance: Tolerance, scale: float) -> Difference | None:
    if not isinstance(expected, (list, tuple)):
        return None if _same(expected, got, tolerance, scale) else Difference("Another value is expected.")
    if not isinstance(got, (list, tuple)):
        return Difference(f"{len(expected)} values are expected; you returned {_kind(got)}.")
    if len(got) != len(expected):
        return Difference(f"{len(expected)} values are expected; you returned {len(got)}.")
    for place, (right, mine) in enumerate(zip(expected, got, strict=True)):
        found = difference(right, mine, tolerance, scale)
        if found is not None:
            return Difference(
                f"Value {place + 1} of {len(expected)}: {found.sentence}", found.place, found.expected, found.got
            )
    return None


def _same(expected: Any, got: Any, tolerance: Tolerance, scale: float) -> bool:
    """Whether two values that are no numbers and no lists agree, such as texts; an array in a mapping has no `==`."""
    if type(expected) is complex and isinstance(got, (int, float)):  # what is plain has no imaginary part of 0
        return expected == got
    if type(expected) is not type(got):
        return False
    if isinstance(expected, dict):
        alike = expected.keys() == got.keys()
        return alike and all(difference(expected[key], got[key], tolerance, scale) is None for key in expected)
    return bool(np.array_equal(expected, got) if isinstance(expected, np.ndarray) else expected == got)


def outcome_difference(expected: Outcome, got: Outcome, tolerance: Tolerance, scale: float) -> Difference | None:
    """The first difference of the values of two outcomes; what else was seen is not looked at."""
    if got.failure is not None:
        if expected.failure is not None and got.failure.is_a(expected.failure.kind):
            return None
        wanted = f"; {expected.failure.kind} is expected here" if expected.failure else ""
        return Difference(f"It raised {got.failure.kind}{wanted}.")
    if expected.failure is not None:
        return Difference(f"{expected.failure.kind} must be raised here; a value came back.")
    steps = len(expected.values)
    for place, (right, mine) in enumerate(zip(expected.values, got.values, strict=True)):
        found = difference(right, mine, tolerance, scale)
        if found is not None:
            where = f"Step {place + 1} of {steps}: " if steps > 1 else ""
            return Difference(where + found.sentence, found.place, found.expected, found.got)
    return None


def _shape(shape: tuple[int, ...]) -> str:
    return str(shape) if shape else "() (one number)"


def _kind(value: Any) -> str:
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, complex) or (isinstance(value, np.ndarray) and value.dtype.kind == "c"):
        return "complex numbers"
    described = getattr(value, "description", None)
    name = type(value).__name__
    return str(described) if described else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _side_by_side(right: Numbers, mine: Numbers) -> tuple[str, str]:
    """Both as text, with so many digits that the difference can be seen."""
    for digits in (6, 9, 12):
        shown = _row(right, digits), _row(mine, digits)
        if shown[0] != shown[1]:
            return shown
    return _row(right, 17), _row(mine, 17)


def _row(values: Numbers, digits: int) -> str:
    flat = np.atleast_1d(values).ravel()
    shown = ", ".join(f"{float(value):.{digits}g}" for value in flat[:8])
    return f"[{shown}{', ...' if flat.size > 8 else ''}]" if np.ndim(values) else shown


TELLING = 3  # distinct signs that agree, where an agreement of fewer could be chance
COMMON = frozenset({0.0, 1.0, -1.0})  # numbers that come of too many mistakes to tell one
RIGHT_BESIDE = 2  # right cases, beside which the same exceptions in all others are no chance
CROWD = 2  # other known programs that give the same single number: it tells nothing then


@dataclass(frozen=True)
class Misconception:
    """A misconception as it shows: what its wrong program gives in each case, by the case's name.

    `looseness`, if given, replaces the task's tolerance: for errors of precision, which never give the same digits.
    """

    id: str
    message: str
    outcomes: Mapping[str, Outcome]
    looseness: float | None = None


@dataclass(frozen=True)
class Cases:
    """What a task's cases are compared by: each case by its name, what is expected, and how exactly."""

    cases: Mapping[str, Case]
    expected: Mapping[str, Outcome]
    tolerance: Tolerance

    def alike(self, name: str, one: Outcome, other: Outcome, tolerance: Tolerance | None = None) -> bool:
        """Whether two outcomes of a case are the same, in values and in all that was seen on the way."""
        return _alike(one, other, tolerance or self.tolerance, self.cases[name].scale)

    def hands_on(self, name: str) -> bool:
        """Whether the case hands what came back to the function again, so that a mistake comes twice."""
        called = [step for step in self.cases[name].steps if step.kind == "call"]
        return any(isinstance(arg, Made) for step in called for arg in step.args)

    def right(self, name: str, got: Outcome) -> bool:
        """Whether the outcome is the expected one."""
        return self.alike(name, self.expected[name], got)

    def failing(self, got: Mapping[str, Outcome]) -> list[str]:
        """The cases whose outcome isn't the expected one."""
        return [name for name, outcome in got.items() if not self.right(name, outcome)]

    def telling(self, name: str, got: Outcome) -> Iterator[str]:
        """What in the values of a wrong outcome could tell one mistake from another."""
        for right, mine in zip(self.expected[name].values, got.values, strict=False):
            yield from telling(right, mine, self.tolerance, self.cases[name].scale)


@dataclass(frozen=True)
class Name:
    """The name of what a wrong answer did, what the student reads of it, and the cases that show it."""

    id: str
    message: str
    shown_by: frozenset[str]


def fitting(misconceptions: Sequence[Misconception], cases: Cases, got: Mapping[str, Outcome]) -> Name | None:
    """The misconception that explains what came back, or None.

    One is out if it disagrees in any case in which it shows (but for an exception, which may hide what would have
    come), if it explains fewer than half of the failing cases, or if the agreement could be chance. Of those left, the
    one that explains most is named; if two do, neither.
    """
    failing = set(cases.failing(got))
    found = []
    for place, misconception in enumerate(misconceptions):
        explained = _explained(misconception, cases, got, failing)
        others = [*misconceptions[:place], *misconceptions[place + 1 :]]
        if 2 * len(explained) >= max(1, len(failing)) and _earned(others, cases, got, explained, failing):
            found.append(Name(misconception.id, misconception.message, explained))
    most = max((len(diagnosis.shown_by) for diagnosis in found), default=0)
    best = [diagnosis for diagnosis in found if len(diagnosis.shown_by) == most]
    return best[0] if len(best) == 1 else None


def _explained(
    misconception: Misconception, cases: Cases, got: Mapping[str, Outcome], failing: set[str]
) -> frozenset[str]:
    """The failing cases that the misconception explains; none if it is contradicted."""
    loose = _tolerance(misconception, cases)
    explained = set()
    for name, outcome in got.items():
        shown = misconception.outcomes[name]
        if cases.right(name, shown):
            continue
        if cases.alike(name, shown, outcome, loose):
            explained.add(name)
        elif name not in failing or outcome.failure is None:
            return frozenset()
    return frozenset(explained & failing)


def _tolerance(misconception: Misconception, cases: Cases) -> Tolerance:
    if misconception.looseness is None:
        return cases.tolerance
    return Tolerance(misconception.looseness, cases.tolerance.relative_to)


def _earned(
    others: Sequence[Misconception],
    cases: Cases,
    got: Mapping[str, Outcome],
    explained: frozenset[str],
    failing: set[str],
) -> bool:
    """Whether the agreement in the `explained` cases can hardly be chance.

    What was seen on the way (a changed argument, a missing exception) is a fact, and so are exceptions where they are
    all that went wrong and other cases came out right. Values must tell by several distinct signs: whole results of
    several numbers, or single numbers that few known programs give.
    """
    if any(observed(cases.expected[name], got[name]) for name in explained):
        return True
    if explained == failing and all(got[name].failure for name in failing):
        return len(got) - len(failing) >= RIGHT_BESIDE
    evidence: set[str] = set()
    for name in explained:
        several = len(set(_flat(got[name].values)))
        if several > 1:
            evidence.add(f"case {name}")
        if several > 1 or sum(cases.alike(name, other.outcomes[name], got[name]) for other in others) < CROWD:
            evidence |= {*cases.telling(name, got[name])}
    return len(evidence) >= TELLING


def observed(expected: Outcome, got: Outcome) -> bool:
    """Whether something else than a value differs, which no chance can bring about."""
    if expected.failure is not None:
        return got.failure is None or not got.failure.is_a(expected.failure.kind)
    if got.failure is not None:
        return False
    nothing = any(mine is None and right is not None for right, mine in zip(expected.values, got.values, strict=False))
    seen = (expected.changed, expected.grew, expected.calls, expected.lazy)
    return nothing or seen != (got.changed, got.grew, got.calls, got.lazy)


def telling(right: Any, mine: Any, tolerance: Tolerance, scale: float) -> Iterator[str]:
    """The numbers of `mine`, as text of six digits, where they aren't the expected ones and aren't common. All that
    aren't finite are one together, by where they begin."""
    wanted, came = numbers(right), numbers(mine)
    if wanted is not None and came is not None:
        if wanted.shape == came.shape:
            with np.errstate(all="ignore"):
                came = np.where(np.abs(came - wanted) <= tolerance.around(wanted, scale), 0.0, came)
        yield from _told(came.ravel())
    elif isinstance(right, (list, tuple)) and isinstance(mine, (list, tuple)) and len(right) == len(mine):
        for part, other in zip(right, mine, strict=True):
            yield from telling(part, other, tolerance, scale)
    else:
        yield from _told(np.array(list(_flat(mine))))


def _told(came: Numbers) -> Iterator[str]:
    finite = np.isfinite(came)
    yield from (f"{number:.6g}" for number in came[finite] if float(number) not in COMMON)
    if not finite.all():
        yield f"not finite from {int(np.argmin(finite))} of {came.size} on"


def _flat(value: Any) -> Iterator[float]:
    """All numbers in a value, in order."""
    array = numbers(value)
    if array is not None:
        yield from map(float, array.flat)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _flat(part)


def _alike(one: Outcome, other: Outcome, tolerance: Tolerance, scale: float) -> bool:
    if one.changed != other.changed or one.grew != other.grew:
        return False
    if other.failure is None and (one.calls != other.calls or one.lazy != other.lazy):
        return False
    if other.failure is None and one.failure is None and not all(map(_may_fit, one.values, other.values)):
        return False
    return outcome_difference(one, other, tolerance, scale) is None


def _may_fit(expected: Any, got: Any) -> bool:
    """Whether `got` is as large as `expected`. It ends at the first part that isn't, so it takes no longer for a larger
    value: each misconception asks it again."""
    right = numbers(expected)
    if right is not None:
        return _is_as_large(right.shape, got)
    if isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        return len(expected) == len(got) and all(map(_may_fit, expected, got))
    return True


def _is_as_large(shape: tuple[int, ...], value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        fits = bool(shape) and len(value) == shape[0]
        return fits and all(_is_as_large(shape[1:], part) for part in value)
    return (value.shape if isinstance(value, (np.ndarray, np.generic)) else ()) == shape


MOST_DECIMALS = 6  # that a result is taken to be rounded to
MOST_PARTS = 4  # of a value whose parts are tried in another order
MOST_COMPARED = 1 << 20  # of a value that is made an array


@dataclass(frozen=True)
class Pair:
    """A value that is expected and the one that came back, with what they are compared by."""

    expected: Any
    got: Any
    tolerance: Tolerance
    scale: float

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values agree within the task's tolerance."""
        return difference(one, other, self.tolerance, self.scale) is None

    @cached_property
    def agrees(self) -> bool:
        return self.same(self.expected, self.got)

    @cached_property
    def right(self) -> Numbers | None:
        return numbers(self.expected)

    @cached_property
    def mine(self) -> Numbers | None:
        return few_numbers(self.got)

    @cached_property
    def parts(self) -> list[Pair]:
        """Pairs of the parts, where both are lists of as many; else none."""
        if not all(isinstance(value, (list, tuple)) for value in (self.expected, self.got)):
            return []
        if len(self.expected) != len(self.got):
            return []
        both = zip(self.expected, self.got, strict=True)
        return [Pair(right, mine, self.tolerance, self.scale) for right, mine in both]

    @property
    def arrays(self) -> tuple[Numbers, Numbers] | None:
        """Both as arrays, if they are numbers in the same shape."""
        if self.right is None or self.mine is None or self.right.shape != self.mine.shape:
            return None
        return self.right, self.mine

    @property
    def leaves(self) -> list[Pair]:
        """Its parts, down to those that should be arrays; itself, where it should be one or hasn't as many parts."""
        if self.right is not None or not self.parts:
            return [self]
        return [leaf for part in self.parts for leaf in part.leaves]


@dataclass(frozen=True)
class Compared:
    """A case that came to an end: its values beside the expected ones."""

    name: str
    pairs: tuple[Pair, ...]

    @property
    def differing(self) -> list[Pair]:
        return [pair for pair in self.pairs if not pair.agrees]

    @property
    def leaves(self) -> list[Pair]:
        """All its values, part by part."""
        return [leaf for pair in self.pairs for leaf in pair.leaves]


def ended(cases: Cases, got: Mapping[str, Outcome]) -> Iterator[Compared]:
    """The cases that came to an end, and should have."""
    for name, outcome in got.items():
        expected, scale = cases.expected[name], cases.cases[name].scale
        if outcome.failure is None and expected.failure is None:
            values = zip(expected.values, outcome.values, strict=True)
            yield Compared(name, tuple(Pair(right, mine, cases.tolerance, scale) for right, mine in values))


def few_numbers(value: Any) -> Numbers | None:
    """`value` as an array, if it isn't too large to be made one beside the expected value: it may be hostile."""
    shape = shape_of(value)
    return numbers(value) if shape is not None and math.prod(shape) <= MOST_COMPARED else None


Holds = Callable[[Pair], bool]
Rule = Callable[[Numbers, Numbers, Pair], bool]


def between_arrays(rule: Rule) -> Holds:
    """A relation between arrays of numbers; between lists of arrays it holds if it does for all parts that differ."""

    def holds(pair: Pair) -> bool:
        right, mine = pair.right, pair.mine
        if right is not None and mine is not None:
            return rule(right, mine, pair)
        parts = pair.parts
        return bool(parts) and all(map(holds, [part for part in parts if not part.agrees] or parts))

    return holds


def only_row(place: int) -> Holds:
    """The row at this place came back alone. A tuple holds several values, which are no rows."""

    def rule(right: Numbers, mine: Numbers, pair: Pair) -> bool:
        if isinstance(pair.expected, tuple) or right.ndim == 0 or len(right) == 0:
            return False
        return pair.same(right[place], mine) or pair.same(right[place][None], mine)

    return between_arrays(rule)


def rows_are(change: Callable[[Numbers], Numbers]) -> Holds:
    """What came back is made of the expected rows by `change`."""
    return between_arrays(
        lambda right, mine, pair: right.ndim > 0 and len(right) > 0 and pair.same(change(right), mine)
    )


def rows_become(change: Callable[[Numbers], Numbers], more: int) -> Holds:
    """`change` of what came back gives the expected rows; there are `more` of them than expected."""
    return between_arrays(
        lambda right, mine, pair: (
            right.ndim == mine.ndim > 0
            and len(mine) == len(right) + more
            and len(right) > 0
            and pair.same(right, change(mine))
        )
    )


def shifted(by: slice, to: slice) -> Holds:
    """The rows `by` of what is expected stand at `to` in what came back."""
    return between_arrays(
        lambda right, mine, pair: (
            right.shape == mine.shape and right.ndim > 0 and (len(right) == 1 or pair.same(right[by], mine[to]))
        )
    )


def each_is(change: Callable[[Numbers], Numbers]) -> Holds:
    """Every number that came back is `change` of the expected one."""

    def rule(right: Numbers, mine: Numbers, pair: Pair) -> bool:
        with np.errstate(all="ignore"):
            return right.shape == mine.shape and pair.same(change(right), mine)

    return between_arrays(rule)


def any_of(*changes: Callable[[Numbers], Numbers]) -> Holds:
    """`each_is` for one of the changes."""
    each = [each_is(change) for change in changes]
    return lambda pair: any(holds(pair) for holds in each)


def rounded(pair: Pair) -> bool:
    """Whether what came back is the expected value, rounded to some decimals."""
    return any(each_is(partial(_round, decimals))(pair) for decimals in range(1, MOST_DECIMALS + 1))


def _round(decimals: int, right: Numbers) -> Numbers:
    return np.round(right, decimals)


def rows(right: Numbers) -> int:
    """The number of rows; 1 for a single number."""
    return len(right) if right.ndim else 1


def axis_of_one(right: Numbers, mine: Numbers, pair: Pair) -> bool:
    """Whether an axis of length 1 is all that parts the shapes."""
    longer = [[length for length in shape if length != 1] for shape in (right.shape, mine.shape)]
    return longer[0] == longer[1] and pair.same(right.ravel(), mine.ravel())


def other_shape(right: Numbers, mine: Numbers, pair: Pair) -> bool:
    """Whether the same numbers came back in their order, in another shape."""
    return right.size == mine.size and pair.same(right.ravel(), mine.ravel())


def has_nan(right: Numbers, mine: Numbers, pair: Pair) -> bool:
    """Whether something that isn't a number came back among them."""
    return bool(right.shape == mine.shape and (np.isnan(mine).any() or pair.agrees))


def nothing(pair: Pair) -> bool:
    """Whether None came back where something is expected."""
    return pair.got is None and pair.expected is not None


def is_function(pair: Pair) -> bool:
    """Whether a function came back."""
    return isinstance(pair.got, Opaque) and pair.got.description == "a function"


def wrapped(pair: Pair) -> bool:
    """Whether a list came back that holds the right value."""
    held = isinstance(pair.got, (list, tuple)) and 1 <= len(pair.got) <= MOST_PARTS
    return held and not pair.agrees and any(pair.same(pair.expected, part) for part in pair.got)


def one_part(pair: Pair) -> bool:
    """Whether one of the several values that are expected came back alone."""
    several = isinstance(pair.expected, (list, tuple)) and 2 <= len(pair.expected) <= MOST_PARTS
    return several and any(pair.same(part, pair.got) for part in pair.expected)


def other_order(pair: Pair) -> bool:
    """Whether the parts of the right value came back in another order."""
    if not 2 <= len(pair.parts) <= MOST_PARTS:
        return False
    orders = itertools.permutations(pair.expected)
    return any(all(map(pair.same, order, pair.got)) for order in orders)


def is_text(pair: Pair) -> bool:
    """Whether a text came back that holds the right number."""
    try:
        return isinstance(pair.got, str) and pair.same(pair.expected, float(pair.got))
    except ValueError:
        return False


@dataclass(frozen=True)
class Relation:
    """A relation of a wrong value to the expected one, with its name and what the student reads.

    `evidence`: the distinct numbers that must show it. "differing" ones for most; "all" for those where the numbers are
    right and only their arrangement isn't; "none" for what no chance brings about.
    """

    id: str
    message: str
    holds: Holds
    evidence: str = "differing"


def related(cases: Cases, shown: Mapping[str, Outcome], got: Mapping[str, Outcome]) -> Name | None:
    """The first relation that holds in every case of `shown` and of `got` that came to an end, if hardly by chance."""
    failing = len(cases.failing(shown))
    few, many = list(ended(cases, shown)), list(ended(cases, got))
    for relation in RELATIONS:
        shown_by, evidence = _shown_by(relation, few)
        if not shown_by or 2 * len(shown_by) < failing:
            continue
        everywhere, more = _shown_by(relation, many)
        if everywhere and (max(evidence, more) >= TELLING or relation.evidence == "none"):
            return Name(relation.id, relation.message, shown_by)
    return None


def _shown_by(relation: Relation, compared: Sequence[Compared]) -> tuple[frozenset[str], int]:
    """The cases that show the relation and how many distinct numbers tell it; none if it doesn't hold in all."""
    shown: set[str] = set()
    evidence: set[str] = set()
    for case in compared:
        if not all(map(relation.holds, case.differing or _with_numbers(case.pairs[:1]))):
            return frozenset(), 0
        if case.differing:
            shown.add(case.name)
            evidence |= set(_evidence(relation, case.pairs))
    return frozenset(shown), len(evidence)


def _with_numbers(pairs: Sequence[Pair]) -> list[Pair]:
    """Those that aren't empty: of an empty result nothing can be said."""
    return [pair for pair in pairs if pair.right is None or pair.right.size]


def _evidence(relation: Relation, pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        got = pair.expected if relation.evidence == "all" else pair.got
        against = None if relation.evidence == "all" else pair.expected
        yield from telling(against, got, pair.tolerance, pair.scale)


RELATIONS = (
    Relation(
        "RETURNS_NOTHING",
        "Nothing came back (None). Only `return` gives a value to whoever called; to print it or to store it isn't "
        "enough. Does every path through your code end with a `return`?",
        nothing,
        "none",
    ),
    Relation(
        "RETURNS_FUNCTION",
        "A function came back, and not what it computes. Look for a name without the parentheses that call it, or for "
        "a function that is defined inside yours and returned.",
        is_function,
        "none",
    ),
    Relation(
        "TEXT_FOR_NUMBER",
        "The right number came back as a text. A text can't be computed with: return the number itself, without str() "
        "or an f-string.",
        is_text,
        "none",
    ),
    Relation(
        "VALUE_IN_A_LIST",
        "The right value came back inside a list or tuple. Return it alone: look for brackets or a comma in your "
        "`return` line.",
        wrapped,
        "all",
    ),
    Relation(
        "ONLY_LAST_ROW",
        "Only the last row (or entry) came back, and all are asked for. Which line keeps those before it?",
        only_row(-1),
        "all",
    ),
    Relation(
        "ONLY_FIRST_ROW",
        "Only the first row (or entry) came back, and all are asked for. Does a `return` stand inside a loop?",
        only_row(0),
        "all",
    ),
    Relation(
        "EXTRA_FIRST_ROW",
        "One row too many stands at the front; the others are right. Is something kept before the loop begins?",
        rows_become(lambda mine: mine[1:], 1),
        "all",
    ),
    Relation(
        "EXTRA_LAST_ROW",
        "One row too many stands at the end; the others are right. How many steps does your loop take?",
        rows_become(lambda mine: mine[:-1], 1),
        "all",
    ),
    Relation(
        "FIRST_ROW_MISSING",
        "The first row is missing; the others are right. Where does your loop or your slice begin?",
        rows_are(lambda right: right[1:]),
        "all",
    ),
    Relation(
        "LAST_ROW_MISSING",
        "The last row is missing; the others are right. Where does your loop or your slice end?",
        rows_are(lambda right: right[:-1]),
        "all",
    ),
    Relation(
        "ROWS_TOO_LATE",
        "The rows stand one place too late: from row 1 on, your row i is the expected row i-1. Is each one kept before "
        "or after its own step?",
        shifted(slice(None, -1), slice(1, None)),
    ),
    Relation(
        "ROWS_TOO_EARLY",
        "The rows stand one place too early: but for the last, your row i is the expected row i+1. With which input "
        "does your loop begin?",
        shifted(slice(1, None), slice(None, -1)),
    ),
    Relation(
        "REVERSED",
        "The rows are right, but in reverse order: the last one comes first. Which end do you begin at?",
        rows_are(lambda right: right[::-1]),
    ),
    Relation(
        "ONE_OF_SEVERAL",
        "Only one of the values that are asked for came back. Return all of them, in the order that the task states.",
        one_part,
        "all",
    ),
    Relation(
        "OTHER_ORDER",
        "The right values came back in another order than the task states. Compare your `return` line with the task.",
        other_order,
        "all",
    ),
    Relation(
        "TRANSPOSED",
        "Rows and columns are exchanged. Axis 0 must count what the task says it counts: print the `.shape` of what "
        "you return.",
        rows_are(np.transpose),
        "all",
    ),
    Relation(
        "AXIS_OF_LENGTH_1",
        "The numbers are right, the shape isn't: an axis of length 1 is missing, or is one too many. Print the "
        "`.shape` of what you return, and compare it with the one that the task asks for.",
        between_arrays(axis_of_one),
        "all",
    ),
    Relation(
        "OTHER_SHAPE",
        "The numbers are right and in the right order, but in another shape. Print the `.shape` of what you return, "
        "and compare it with the one that the task asks for.",
        between_arrays(other_shape),
        "all",
    ),
    Relation(
        "CUT_TO_INTEGERS",
        "The fractions are gone: each number is the expected one as an integer. Look for `//`, int(), round(), or an "
        "array of integers that you write into.",
        any_of(np.trunc, np.floor, np.round, np.ceil),
    ),
    Relation(
        "WRONG_SIGN",
        "The sign is wrong: each number is minus the expected one. Which difference is taken the wrong way round?",
        each_is(np.negative),
    ),
    Relation(
        "TWICE",
        "Each number is twice the expected one. Is something counted or added twice, or divided by half of "
        "what it should be?",
        each_is(lambda right: 2 * right),
    ),
    Relation(
        "HALF",
        "Each number is half of the expected one. Which factor halves it, or which of two terms is missing?",
        each_is(lambda right: right / 2),
    ),
    Relation(
        "TIMES_LENGTH",
        "Each number is the expected one times the number of rows (or of entries). Is a sum left where a mean is "
        "asked for?",
        each_is(lambda right: right * rows(right)),
    ),
    Relation(
        "DIVIDED_BY_LENGTH",
        "Each number is the expected one divided by the number of rows (or of entries). Where do you divide by it "
        "once too often?",
        each_is(lambda right: right / rows(right)),
    ),
    Relation(
        "SQUARED",
        "Each number is the square of the expected one. Where is it squared once too often?",
        each_is(np.square),
    ),
    Relation(
        "SQUARE_ROOT",
        "Each number is the square root of the expected one. Is a root taken that the task doesn't ask for?",
        each_is(np.sqrt),
    ),
    Relation(
        "RECIPROCAL",
        "Each number is 1 divided by the expected one. Which division is the wrong way round?",
        each_is(lambda right: 1 / right),
    ),
    Relation(
        "COMPLEMENT",
        "Each number is 1 minus the expected one. Which of the two shares does the task ask for?",
        each_is(lambda right: 1 - right),
    ),
    Relation(
        "ROUNDED",
        "The numbers are right, but rounded. Others go on to compute with them: return them as they are.",
        rounded,
    ),
    Relation(
        "NAN",
        "`nan` came back where a number is expected. It usually comes from 0/0, from inf - inf or from the mean of "
        "nothing: print each step, and find the first line that gives it.",
        between_arrays(has_nan),
        "none",
    ),
)


MOST_ENTRIES = 4  # of a result, where its entries are things of different kinds
FEWEST_ROWS = 3  # of a result, where a place in it can be told
FEWEST_WRONG = 2  # numbers of which something is said in general
CLOSE = 0.02  # of its size, where a number is imprecise rather than another one


@dataclass(frozen=True)
class Results:
    """A case's results beside the expected ones. `arrays`: those with numbers in the expected shape; `misshapen`:
    whether there are others."""

    case: str
    arrays: tuple[Array, ...]
    misshapen: bool

    @property
    def wrong(self) -> bool:
        return self.misshapen or any(array.wrong.any() for array in self.arrays)


@dataclass(frozen=True)
class Array:
    """Numbers that came back in the expected shape, and which of them are wrong."""

    right: Numbers
    mine: Numbers
    wrong: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    @property
    def wrong_rows(self) -> list[int]:
        return [int(row) for row in np.flatnonzero(self.wrong.reshape(len(self.wrong), -1).any(axis=1))]

    @property
    def last(self) -> int:
        return len(self.wrong) - 1


def placed(cases: Cases, got: Mapping[str, Outcome]) -> Name | None:
    """The first statement about where or how the numbers are wrong that is true of every case, or None."""
    results = list(map(_result, ended(cases, got)))
    wrong = [result for result in results if result.wrong]
    shown_by = frozenset(result.case for result in wrong)
    if wrong and all(result.misshapen and not result.arrays for result in wrong):
        return Name("OTHER_FORM", OTHER_FORM, shown_by)
    arrays = [array for result in wrong for array in result.arrays if array.wrong.any()]
    if any(result.misshapen for result in wrong) or sum(int(array.wrong.sum()) for array in arrays) < FEWEST_WRONG:
        return None
    return next((Name(id, message, shown_by) for id, (holds, message) in PLACES.items() if holds(arrays)), None)


def _result(case: Compared) -> Results:
    both = [(leaf, _as_array(leaf)) for leaf in case.leaves]
    arrays = tuple(array for _, array in both if array is not None)
    return Results(case.name, arrays, any(array is None and not leaf.agrees for leaf, array in both))


def _as_array(pair: Pair) -> Array | None:
    if pair.arrays is None:
        return None
    return Array(*pair.arrays, wrong_numbers(*pair.arrays, pair.tolerance, pair.scale))


Arrays = Sequence[Array]


def _of_rows(holds: Callable[[Array], bool], of_one_row: bool = False) -> Callable[[Arrays], bool]:
    """A statement about the rows of each array of at least two; it needs one of at least three. `of_one_row`: whether
    it is also true of a single row that is wrong."""

    def of_all(arrays: Arrays) -> bool:
        of_rows = [array for array in arrays if array.right.ndim and len(array.right)]
        longer = [array for array in of_rows if len(array.right) > 1]
        enough = any(len(array.right) >= FEWEST_ROWS for array in longer)
        all_told = len(of_rows if of_one_row else longer) == len(arrays)
        return enough and all_told and all(map(holds, longer))

    return of_all


def _of_table(holds: Callable[[Array], bool]) -> Callable[[Arrays], bool]:
    """A statement about the rows and columns of each array; of a single row or column it says nothing, and where
    other numbers than tables are wrong it isn't made."""

    def of_all(arrays: Arrays) -> bool:
        tables = [array for array in arrays if array.right.ndim > 1]
        larger = [array for array in tables if min(array.right.shape[:2]) > 1]
        enough = any(len(array.right) >= FEWEST_ROWS for array in larger)
        return enough and len(tables) == len(arrays) and all(map(holds, larger))

    return of_all


def _of_numbers(holds: Callable[[Array], bool]) -> Callable[[Arrays], bool]:
    """A statement about the wrong numbers of each array."""
    return lambda arrays: all(map(holds, arrays))


def _rows_alike(array: Array) -> bool:
    return bool(np.allclose(array.mine, array.mine[:1]) and not np.allclose(array.right, array.right[:1]))


def _columns_alike(array: Array) -> bool:
    alike = np.allclose(array.mine, array.mine[:, :1])
    return bool(alike and not np.allclose(array.right, array.right[:, :1]))


def _zeros(array: Array) -> bool:
    return bool((array.mine[array.wrong] == 0).all())


def _only_first(array: Array) -> bool:
    return array.wrong_rows == [0]


def _only_last(array: Array) -> bool:
    return array.wrong_rows == [array.last]


def _some_columns(array: Array) -> bool:
    wrong = array.wrong.any(axis=0)
    return bool(wrong.any() and not wrong.all() and len(array.wrong_rows) > 1)


def _mixed_up(array: Array) -> bool:
    same = np.allclose(np.sort(array.mine, axis=None), np.sort(array.right, axis=None))
    same &= not np.allclose(array.mine, array.right)
    return bool(same and len(np.unique(array.right)) >= FEWEST_ROWS)


def _scaled_rows(array: Array) -> bool:
    with np.errstate(all="ignore"):
        right, mine = (values.reshape(len(values), -1) for values in (array.right, array.mine))
        products = right[:, :, None] * mine[:, None, :]
    return bool(np.allclose(products, np.swapaxes(products, 1, 2), rtol=1e-7, atol=1e-12) and array.mine.any())


def _close(array: Array) -> bool:
    with np.errstate(all="ignore"):
        return bool((np.abs(array.mine - array.right) <= CLOSE * np.abs(array.right)).all())


def _one_entry(arrays: Arrays) -> bool:
    """Whether all have the same few entries, of which always the same one is wrong."""
    shapes = {array.right.shape for array in arrays}
    places = {tuple(array.wrong_rows) for array in arrays if array.right.ndim == 1}
    few = len(shapes) == 1 and arrays[0].right.ndim == 1 and 2 <= len(arrays[0].right) <= MOST_ENTRIES
    return few and len(places) == 1 and len(*places) == 1


def _right_at_first(array: Array) -> bool:
    return array.wrong_rows[0] > 0 and array.wrong_rows[-1] == array.last


def _right_at_last(array: Array) -> bool:
    return array.wrong_rows[0] == 0 and array.wrong_rows[-1] < array.last


def _too_large(array: Array) -> bool:
    return bool((np.abs(array.mine) > np.abs(array.right))[array.wrong].all())


def _too_small(array: Array) -> bool:
    return bool((np.abs(array.mine) < np.abs(array.right))[array.wrong].all())


OTHER_FORM = (
    "What came back hasn't the form that is asked for, so its numbers can't be compared. Print its type and its "
    "`.shape` (or its length), and compare them with the task."
)
PLACES: dict[str, tuple[Callable[[Arrays], bool], str]] = {
    "ROWS_ALIKE": (
        _of_rows(_rows_alike, of_one_row=True),
        "All rows (or numbers) that came back are the same, where they should differ. Does each use its own inputs "
        "only, and is it a copy that nothing changes later?",
    ),
    "COLUMNS_ALIKE": (
        _of_table(_columns_alike),
        "Each row that came back holds one and the same number in all its columns. Does a mean or a sum run over the "
        "features as well? Look at its `axis`.",
    ),
    "STILL_ZERO": (
        _of_numbers(_zeros),
        "Every number that is wrong here is 0. Is that place ever written to, what is it multiplied by, and does `//` "
        "or an array of integers cut off its fraction?",
    ),
    "ONE_ENTRY_WRONG": (
        _one_entry,
        "Where your result is wrong here, it is always the same entry, and the rest is right. Write down how that one "
        "is made.",
    ),
    "ONLY_FIRST_ROW_WRONG": (
        _of_rows(_only_first, of_one_row=True),
        "The first row (or number) is wrong here, all others are right. Follow it by hand: what is special about it?",
    ),
    "ONLY_LAST_ROW_WRONG": (
        _of_rows(_only_last, of_one_row=True),
        "The last row (or number) is wrong here, all others are right. Follow it by hand: does your loop reach it?",
    ),
    "SOME_COLUMNS_RIGHT": (
        _of_table(_some_columns),
        "Some columns are right here from top to bottom, others aren't. What do the inputs of those columns have "
        "that the others' haven't, or does one column begin with what another left behind?",
    ),
    "OTHER_PLACES": (
        _of_numbers(_mixed_up),
        "The right numbers came back, but at other places. Compare the order of your rows and columns with the task's.",
    ),
    "ROWS_SCALED": (
        _of_table(_scaled_rows),
        "Within each row the numbers stand in the right proportion; where it is wrong, only their size is. What is "
        "each row divided or multiplied by?",
    ),
    "IMPRECISE": (
        _of_numbers(_close),
        "Every number here is nearly right, but not as exact as the task asks. Look for rounding, for numbers of less "
        "precision than float64, for a small number that is added or taken as a step, or for a search that "
        "ends too early.",
    ),
    "RIGHT_AT_FIRST": (
        _of_rows(_right_at_first),
        "The first row (or number) is right here, the last isn't. Follow the first one that differs by hand: what "
        "comes in, or goes out, there that those before it didn't need?",
    ),
    "RIGHT_AT_LAST": (
        _of_rows(_right_at_last),
        "The last row (or number) is right here, the first isn't. What does the first use that only the last one "
        "should, or leave out that the last one has?",
    ),
    "TOO_LARGE": (
        _of_numbers(_too_large),
        "Every number that is wrong here is too large in size. Work the case below out by hand, one step a line: where "
        "does yours become the larger one?",
    ),
    "TOO_SMALL": (
        _of_numbers(_too_small),
        "Every number that is wrong here is too small in size. Work the case below out by hand, one step a line: where "
        "does yours become the smaller one?",
    ),
}


ARRAYS = (np.ndarray, np.generic)
SAME = 1e-9  # relative and absolute: two runs of the same code may part in the last digits
FEWEST = 3  # different inputs, where the same answer to all of them is no chance
FEWEST_OF_KIND = 2  # wrong cases of a kind, and right ones of others, where the kind is to blame
Found = Collection[str]
Finder = Callable[[Cases, Mapping[str, Outcome]], Found]
OfKind = Callable[[Cases, str], bool]


def diagnose(
    misconceptions: Sequence[Misconception],
    cases: Cases,
    got: Mapping[str, Outcome],
    seen: Mapping[str, Outcome],
    unsteady: Collection[str] = (),
) -> Name | None:
    """The name of what `got`, a wrong answer, did; None where no name is earned.

    `seen` are the visible cases, played where nothing hidden was met: where they show the mistake, what is said of its
    values must be true of them already, and where it stands follows from them alone, as in the student's own check.
    `unsteady` are those of them that came out otherwise when they were played once more.
    """
    found = fitting(misconceptions, cases, got)
    if found is None and unsteady:
        return Name("UNSTEADY", UNSTEADY, frozenset(unsteady))
    shown, once = seen if cases.failing(seen) else got, _once(cases, got)
    of_values = found or related(cases, _once(cases, shown), once)
    return of_values or _of_all_cases(cases, once) or placed(cases, seen)


def _once(cases: Cases, got: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
    """The outcomes of cases that show a mistake once; all where there is no other."""
    return {name: outcome for name, outcome in got.items() if not cases.hands_on(name)} or got


def parted(once: Mapping[str, Outcome], again: Mapping[str, Outcome]) -> list[str]:
    """The cases of `again` that came out otherwise than they had once before."""
    return [name for name, outcome in again.items() if not _equal_outcomes(once[name], outcome)]


def _equal_outcomes(one: Outcome, other: Outcome) -> bool:
    if one.failure or other.failure:
        return True  # what can't be computed a second time, such as a stream that was read, is no sign
    return _equal_answers(list(one.values), list(other.values))


def _equal_answers(one: Any, other: Any) -> bool:
    """Whether two values that came back are the same but for rounding; neither is trusted to be small or numbers."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_equal_answers, one, other))
    if isinstance(one, dict) and isinstance(other, dict):  # an array in it has no `==`
        return one.keys() == other.keys() and all(_equal_answers(one[key], other[key]) for key in one)
    if isinstance(one, ARRAYS) and isinstance(other, ARRAYS):
        comparable = one.shape == other.shape and {one.dtype.kind, other.dtype.kind} <= set("biufc")
        return comparable and one.size <= MOST_COMPARED and bool(np.allclose(one, other, SAME, SAME, equal_nan=True))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=SAME, abs_tol=SAME) or (one != one and other != other)
    return type(one) is type(other) and bool(one == other)


def _of_all_cases(cases: Cases, got: Mapping[str, Outcome]) -> Name | None:
    """The first relation that the cases show only together."""
    for id, (find, message) in OF_ALL_CASES.items():
        shown_by = find(cases, got)
        if shown_by:
            return Name(id, message, frozenset(shown_by))
    return None


def _same_for_all(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """All cases that ask for a value, if the very same came back for at least three that ask for different ones."""
    asked_for = [name for name in got if cases.expected[name].failure is None]
    answers = [list(got[name].values) for name in asked_for if got[name].failure is None]
    asked = {repr(cases.expected[name].values) for name in asked_for}
    same = len(answers) == len(asked_for) > 0 and all(_equal_answers(answers[0], answer) for answer in answers)
    return asked_for if same and len(asked) >= FEWEST else ()


def _argument(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """The failing cases, if what came back in every one is the argument at the same place."""
    if any(len(cases.cases[name].steps) > 1 for name in got):
        return ()
    most = min((len(cases.cases[name].steps[0].args) for name in got), default=0)
    for place in range(most):
        shown_by = list(_returning(place, cases, got))
        telling = {text for name in shown_by for text in cases.telling(name, got[name])}
        if len(telling) >= TELLING and len(shown_by) == sum(outcome.failure is None for outcome in got.values()):
            return [name for name in shown_by if not cases.right(name, got[name])]
    return ()


def _returning(place: int, cases: Cases, got: Mapping[str, Outcome]) -> Iterator[str]:
    for name, outcome in got.items():
        argument = numbers(cases.cases[name].steps[0].args[place])
        if outcome.failure is not None or argument is None:
            continue
        if difference(argument, outcome.values[0], cases.tolerance, cases.cases[name].scale) is None:
            yield name


def _one_change(change: Callable[[Numbers, Numbers], Numbers], undo: Callable[[Numbers, float], Numbers]) -> Finder:
    """A finder for one and the same `change` from what is expected to what came back, in all numbers of all cases."""

    def find(cases: Cases, got: Mapping[str, Outcome]) -> Found:
        leaves = [leaf for case in ended(cases, got) for leaf in case.leaves]
        arrays = [leaf.arrays for leaf in leaves if leaf.arrays]
        first = next((both for both in arrays if both[0].any()), None)  # a number that is 0 tells no factor
        if first is None or len(arrays) < len(leaves):
            return ()
        with np.errstate(all="ignore"):
            amount = float(change(*first).flat[int(np.argmax(np.abs(first[0])))])
        same = (leaf.same(undo(right, amount), mine) for leaf, (right, mine) in zip(leaves, arrays, strict=True))
        if not np.isfinite(amount) or not all(same):
            return ()
        failing = cases.failing(got)
        telling = {text for name in failing for text in cases.telling(name, got[name])}
        return failing if len(telling) >= TELLING else ()

    return find


def _only(kind: OfKind, misshapen: bool = False) -> Finder:
    """A finder for submissions that fail in all cases of a kind and in no other; `misshapen`: by no number of them."""

    def find(cases: Cases, got: Mapping[str, Outcome]) -> Found:
        of_kind = cases_of(kind, cases)
        failing = cases.failing(got)
        shaped = any(_has_numbers_in_shape(cases, name, got[name]) for name in failing)
        enough = len(failing) >= FEWEST_OF_KIND and len(got) - len(failing) >= FEWEST_OF_KIND
        return failing if enough and of_kind == set(failing) and not (misshapen and shaped) else ()

    return find


def cases_of(kind: OfKind, cases: Cases) -> set[str]:
    """The names of the cases of a kind."""
    return {name for name in cases.cases if kind(cases, name)}


def _has_numbers_in_shape(cases: Cases, name: str, outcome: Outcome) -> bool:
    leaves = [leaf for case in ended(cases, {name: outcome}) for leaf in case.leaves]
    return bool(leaves) and all(leaf.arrays is not None for leaf in leaves)


def _for_one_text(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """The failing cases, if they are those in which the text arguments are certain ones, and there are right ones."""
    failing = cases.failing(got)
    texts = {name: tuple(arg for arg in cases.cases[name].steps[0].args if isinstance(arg, str)) for name in got}
    blamed = {texts[name] for name in failing}
    right = {texts[name] for name in got} - blamed
    apart = all((texts[name] in blamed) == (name in failing) for name in got)
    return failing if len(blamed) == 1 and right and apart and len(failing) >= FEWEST_OF_KIND else ()


def _value_for_exception(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """The failing cases, if each should have raised an exception and gave a value."""
    failing = cases.failing(got)
    return failing if all(cases.expected[name].failure and not got[name].failure for name in failing) else ()


def _other_exception(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """The failing cases, if each should have raised an exception and raised another one."""
    failing = cases.failing(got)
    return failing if all(cases.expected[name].failure and got[name].failure for name in failing) else ()


def _with_integers(cases: Cases, name: str) -> bool:
    return any(array.dtype.kind in "iu" for array in _array_arguments(cases, name))


def _with_an_edge(cases: Cases, name: str) -> bool:
    return any(length <= 1 for array in _array_arguments(cases, name) for length in array.shape)


def _of_another_size(cases: Cases, name: str) -> bool:
    """Whether no visible case has arguments of these shapes."""
    shown = {_shapes(cases, case.name) for case in cases.cases.values() if case.public}
    return _shapes(cases, name) not in shown


def _shapes(cases: Cases, name: str) -> tuple[tuple[int, ...], ...]:
    return tuple(array.shape for array in _array_arguments(cases, name))


def _array_arguments(cases: Cases, name: str) -> list[np.ndarray[Any, Any]]:
    return [arg for step in cases.cases[name].steps for arg in step.args if isinstance(arg, np.ndarray)]


KINDS: dict[str, OfKind] = {
    "INTEGERS_ONLY": _with_integers,
    "EDGES_ONLY": _with_an_edge,
    "VISIBLE_SIZES_ONLY": _of_another_size,
}
UNSTEADY = (
    "The same call gave different results when it was made again. What does your code keep between two calls, or "
    "share between two objects, or draw at random?"
)
OF_ALL_CASES: dict[str, tuple[Finder, str]] = {
    "NO_EXCEPTION": (
        _value_for_exception,
        "A value came back where the task asks for an exception. Is the exception raised (by `raise`), and for every "
        "input that the task says?",
    ),
    "OTHER_EXCEPTION": (
        _other_exception,
        "Another exception was raised than the one that the task asks for. Compare its name with the task.",
    ),
    "WRONG_FOR_ONE_KIND": (
        _for_one_text,
        "It is wrong in one kind only, and right in every other. The case below shows which: run it in a cell of your "
        "own, and follow it line by line.",
    ),
    "SAME_FOR_ALL": (
        _same_for_all,
        "The same values came back for every input. Follow two different inputs by hand: in which line do they become "
        "the same?",
    ),
    "RETURNS_ARGUMENT": (
        _argument,
        "What came back is one of the arguments, as it was handed in. Which line computes something new from it, and "
        "is that what you return?",
    ),
    "CONSTANT_FACTOR": (
        _one_change(lambda right, mine: mine / right, lambda right, factor: right * factor),
        "Every number is the expected one times the same factor. Divide one of yours by the expected one, and look for "
        "where that factor comes from.",
    ),
    "CONSTANT_ADDED": (
        _one_change(lambda right, mine: mine - right, lambda right, summand: right + summand),
        "Every number is off by the same amount. Subtract the expected one from one of yours, and look for where that "
        "amount comes from.",
    ),
    "INTEGERS_ONLY": (
        _only(KINDS["INTEGERS_ONLY"]),
        "It is right in every case with floats, and in none of those with integers. Print the `.dtype` of each array "
        "that your code makes or writes into when it is called with integers.",
    ),
    "EDGES_ONLY": (
        _only(KINDS["EDGES_ONLY"], misshapen=True),
        "It is right in every case but those in which an axis of an input has length 1 or 0. Call it with a single "
        "row, with a single column and with nothing at all, as far as the task allows them, and look at the shapes.",
    ),
    "VISIBLE_SIZES_ONLY": (
        _only(KINDS["VISIBLE_SIZES_ONLY"]),
        "It is right in every case of a size that the visible check shows, and wrong in those of other sizes. Is a "
        "size written as a number in your code?",
    ),
}


MOST_PAIRS = 20
MOST_NUMBERS = 2_000  # per input: enough for any example a person writes, too few to slow the host


def pairs_problem(answer: Any) -> str | None:
    """What is wrong with the form of the pairs (plain data: lists, numbers, arrays), as a sentence; None if nothing."""
    if not isinstance(answer, list) or not answer:
        return "Return a list with at least one pair (x, expected)."
    if len(answer) > MOST_PAIRS:
        return f"{len(answer)} examples are more than the {MOST_PAIRS} that are read: keep the telling ones."
    if len(answer) == 2 and all(_is_table(numbers(part)) for part in answer):
        return (
            "This can't be read as pairs. Return a list of pairs, also if it is only one: [(x, expected)]. Each x is "
            "an array of shape (n, d), also if d is 1."
        )
    for place, pair in enumerate(answer, start=1):
        if not isinstance(pair, list) or len(pair) != 2:
            return f"Example {place} isn't a pair (x, expected)."
        for name, value in zip(("x", "expected"), pair, strict=True):
            too_large = f"Example {place}: {name} is too large; at most {MOST_NUMBERS:,} numbers up to 1e9 are read."
            if math.prod(shape_of(value) or ()) > MOST_NUMBERS:
                return too_large
            array = numbers(value)
            if array is None or array.ndim != 2 or not array.size or not np.isfinite(array).all():
                return (
                    f"Example {place}: {name} must be finite numbers in rows of one length: an array of shape (n, d)."
                )
            if np.abs(array).max() > 1e9:
                return too_large
    return None


def _is_table(array: Numbers | None) -> bool:
    return array is not None and array.ndim == 2


def shapes_problem(answer: Any, of: str) -> str | None:
    """The first pair whose `expected` hasn't the shape of its `x`, as a sentence for a task whose function keeps it."""
    for place, (x, expected) in enumerate(answer, start=1):
        if shape_of(x) != shape_of(expected):
            shapes = f"x has the shape {shape_of(x)}, expected has {shape_of(expected)}"
            return f"Example {place}: {shapes}. What {of} returns has the shape of x."
    return None


Kind = Literal["single", "multi", "numeric", "free"]
LETTERS = "ABCDEFGHIJ"
EXACTLY = 1e-6  # a tolerance below it asks for the number itself, not for decimals of it
EMPTY_TEXT = "*Write your answer here, in place of this line.*"


@dataclass(frozen=True)
class Option:
    """An answer to choose. A wrong one names its misconception; the feedback gives something to try."""

    text: str
    correct: bool
    misconception: str | None
    feedback: str


@dataclass(frozen=True)
class WrongNumber:
    """A typical wrong number of a numeric question, with the misconception behind it."""

    value: float
    misconception: str
    feedback: str


@dataclass(frozen=True)
class RubricLine:
    """One aspect that a free text is graded by, and what each number of points asks for."""

    name: str
    points: float
    levels: str


@dataclass(frozen=True)
class Question:
    """A question of a notebook. Which of `options`, `answer`, `rubric` is filled follows from `kind`."""

    extra: ClassVar[bool] = False
    id: str
    kind: Kind
    points: float
    stem: str
    topics: tuple[str, ...]
    why: str
    options: tuple[Option, ...] = ()
    answer: float = 0.0
    tolerance: float = 0.0
    wrong: tuple[WrongNumber, ...] = ()
    rubric: tuple[RubricLine, ...] = ()
    model: str = ""
    weak: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The letters of the right options, in the order shown."""
        return tuple(letter for letter, option in self.lettered() if option.correct)

    def lettered(self) -> list[tuple[str, Option]]:
        return list(zip(LETTERS, self.options, strict=False))


@dataclass(frozen=True)
class Judged:
    """What an answer earns: `share` of the points, from 0 to 1."""

    verdict: Literal["correct", "partial", "misconception", "wrong", "error", "not_attempted", "needs_review"]
    share: float
    misconception: str | None
    message: str


def read_letters(answer: Any, letters: str) -> tuple[str, ...] | None:
    """The letters meant by 'b', ' B ', 'A, C', 'ac', ['A', 'C'], ...; None if it can't be read so."""
    parts: Sequence[Any] = answer if isinstance(answer, (list, tuple)) else [answer]
    if not all(isinstance(part, str) and len(part) <= 100 for part in parts):
        return None
    found = [char for part in parts for char in re.sub(r"[\s,;/&+()\[\]{}.'\"]|\band\b", "", part).upper()]
    if any(char not in letters for char in found):
        return None
    return tuple(sorted(set(found)))


def read_number(answer: Any) -> float | None:
    """The number meant by 4, 4.0, '39/9', ' 4.333 ', np.float64(4); None if none is, or a comma leaves it open."""
    if isinstance(answer, str):
        text = answer.strip().replace("−", "-")
        if not re.fullmatch(r"[+-]?[\d_.]{1,40}(e[+-]?\d{1,3})?(\s*/\s*[\d.]{1,40})?", text, re.IGNORECASE):
            return None
        over, _, under = text.partition("/")
        try:
            return float(Fraction(over.strip()) / Fraction(under.strip() or "1"))
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
    if isinstance(answer, bool) or answer is None:
        return None
    try:
        if isinstance(answer, (list, tuple)):
            return read_number(answer[0]) if len(answer) == 1 and not isinstance(answer[0], str) else None
        array = np.asarray(answer)
        if array.dtype.kind not in "iufO" or array.size != 1:
            return None
        number = float(array.reshape(())[()])
    except (ValueError, TypeError, OverflowError):
        return None
    return number if np.isfinite(number) else None


def untouched(answer: Any) -> bool:
    """Whether the answer is still the placeholder: None, `...` or nothing at all."""
    if isinstance(answer, (str, list, tuple)):
        return not len(answer)
    return answer is None or answer is ... or (isinstance(answer, Opaque) and answer.description == ELLIPSIS)


def form_problem(kind: Kind, letters: str, answer: Any) -> str | None:
    """What is wrong with the answer's form, as a sentence that says what is expected; None if it is well-formed."""
    if kind == "numeric":
        expected = "Write one number, such as 0.25, or a fraction in quotes, such as '1/4': no comma, no %."
        return None if read_number(answer) is not None else expected
    found = read_letters(answer, letters)
    if kind == "single":
        expected = f"Write one letter in quotes: one of {', '.join(letters)}."
        return None if found is not None and len(found) == 1 else expected
    choice = ", ".join(letters)
    expected = f"Write the letters of all options that apply in quotes, such as '{letters[:2]}'; choose from {choice}."
    return None if found else expected


def judge(question: Question, answer: Any) -> Judged:
    """The verdict on an answer as it came from the student's variable (plain data)."""
    if question.kind == "free":
        return Judged("needs_review", 0.0, None, "Your text will be read and graded by your instructor.")
    if untouched(answer):
        return Judged("not_attempted", 0.0, None, "No answer yet.")
    letters = LETTERS[: len(question.options)]
    problem = form_problem(question.kind, letters, answer)
    if problem:
        return Judged("error", 0.0, None, f"This can't be read as an answer. {problem}")
    if question.kind == "numeric":
        return _judge_number(question, read_number(answer) or 0.0)
    chosen = read_letters(answer, letters) or ()
    return _judge_choice(question, chosen) if question.kind == "single" else _judge_selection(question, chosen)


def is_written(number: float, exact: float) -> bool:
    """Whether a person may well write `number` for `exact`: it is that, rounded or cut to three digits or more, or to
    two decimals (two digits at least)."""
    given = _digits(number)
    decimals = -int(given.exponent)
    return decimals >= 0 and len(given.digits) >= (2 if decimals >= 2 else 3) and _is_shortened(number, exact)


def _is_shortened(number: float, exact: float) -> bool:
    """Whether `number` is `exact`, rounded or cut to the decimals that it has."""
    unit = Decimal(1).scaleb(int(_digits(number).exponent))
    with localcontext() as context:
        context.prec = 800  # any float has so many digits at most
        forms = [Decimal(repr(float(exact))).quantize(unit, rounding) for rounding in (ROUND_HALF_UP, ROUND_DOWN)]
    return Decimal(repr(float(number))) in forms


def _digits(number: float) -> DecimalTuple:
    """The digits that were written, as far as they can be known: 4.50 and 4.5 are one number."""
    return Decimal(repr(float(number))).normalize().as_tuple()


def _judge_number(question: Question, number: float) -> Judged:
    error = abs(number - question.answer)
    if error <= question.tolerance:
        return Judged("correct", 1.0, None, f"Right. {question.why}")
    for wrong in question.wrong:
        off = abs(number - wrong.value)
        exact = off <= max(min(question.tolerance, 1e-3 * abs(wrong.value)), 1e-6 * abs(wrong.value), 1e-9)
        nearest = 3 * off < error and all(off <= abs(number - other.value) for other in question.wrong)
        if exact or (nearest and is_written(number, wrong.value)):
            return Judged("misconception", 0.0, wrong.misconception, wrong.feedback)
    return Judged("wrong", 0.0, None, _not_this(question, number))


def _not_this(question: Question, number: float) -> str:
    """What is said of a number that nothing is known about."""
    follow = "Write the rule down with its numbers, one step a line."
    error, tolerance = abs(number - question.answer), question.tolerance
    if question.answer == round(question.answer):
        return f"Not this number{'' if number == round(number) else ': the answer is a whole one'}. {follow}"
    if tolerance < EXACTLY:
        near = error <= 1e-3 * abs(question.answer)
        says = "Close, but not exact: round nothing on the way, or write a fraction in quotes."
        return says if near else f"Not this number. {follow}"
    if number == round(number) or not _is_shortened(number, question.answer):
        near = error <= 10 * tolerance
        return "Close, but not close enough: check the last decimal." if near else f"Not this number. {follow}"
    asked = math.ceil(-math.log10(2 * tolerance))
    return f"Close, but not close enough: give {asked} decimals or more."


def _judge_choice(question: Question, chosen: tuple[str, ...]) -> Judged:
    option = dict(question.lettered())[chosen[0]]
    if option.correct:
        return Judged("correct", 1.0, None, option.feedback)
    return Judged("misconception", 0.0, option.misconception, option.feedback)


def _judge_selection(question: Question, chosen: tuple[str, ...]) -> Judged:
    """Select-every: the share of options that were judged rightly, chosen or left out."""
    misjudged = [(letter, option) for letter, option in question.lettered() if option.correct != (letter in chosen)]
    share = 1 - len(misjudged) / len(question.options)
    if not misjudged:
        return Judged("correct", 1.0, None, f"Right. {question.why}")
    wrongly = [(letter, option) for letter, option in misjudged if not option.correct]
    hints = [f"{letter}: {option.feedback}" for letter, option in wrongly]
    if len(wrongly) < len(misjudged):
        hints.append("At least one option that applies is missing.")
    misconception = wrongly[0][1].misconception if wrongly else None
    return Judged("misconception" if misconception else "partial", share, misconception, " ".join(hints))


VERSION = 4


@dataclass(frozen=True)
class PublicTask:
    """The public side of a coding task. `hidden` is "" if no case is; `open_points` can be lost in
    hidden cases; `uses` names the earlier tasks' functions that it may call; `extra`: its points are on top of
    the maximum."""

    points: float
    hidden: str
    open_points: float
    cases: tuple[Case, ...]
    parts: tuple[Part, ...]
    tolerance: Tolerance
    expected: Mapping[str, Outcome]
    misconceptions: tuple[Misconception, ...]
    uses: tuple[str, ...] = ()
    extra: bool = False

    @property
    def compared(self) -> Cases:
        """What its cases are compared by."""
        return Cases({case.name: case for case in self.cases}, self.expected, self.tolerance)


@dataclass(frozen=True)
class PublicExamples:
    """The public side of a task whose answer is examples for the task `of`; `like_x`: whether what that returns always
    has the shape of its argument."""

    points: float
    valid_points: float
    hidden: str
    of: str
    like_x: bool = False


@dataclass(frozen=True)
class PublicQuestion:
    """How an answer must look; `full`, in a practice course only, says what it is worth."""

    kind: Kind
    points: float
    letters: str
    full: Question | None = None


@dataclass(frozen=True)
class Public:
    """What `public.json` holds: the public side of each item, by its id, and how many seconds a call may compute."""

    version: int
    assignment: str
    call_seconds: float
    items: Mapping[str, PublicTask | PublicExamples | PublicQuestion]


RECORDS: tuple[type, ...] = (
    *(
        Case,
        Failure,
        Function,
        Made,
        Opaque,
        Option,
        Outcome,
        Part,
        Misconception,
        Public,
        PublicExamples,
        PublicQuestion,
    ),
    *(PublicTask, Question, Step, Stream, Tolerance, WrongNumber),
)


def read_public(path: Path) -> Public | str:
    """What the release tells, or the sentence that says why it can't be read."""
    again = f"Copy it from the release to {path.parent}, beside check.py, and run this cell again."
    try:
        public = decode(json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        return f"The file public.json is missing. {again}"
    except (ValueError, LookupError, TypeError):
        return f"The file public.json is damaged. {again}"
    if not isinstance(public, Public) or public.version != VERSION:
        return f"The files public.json and check.py are from different releases. {again}"
    return public


def decode(value: Any) -> Any:
    """The inverse of `encode`. Raises ValueError or KeyError for what `encode` didn't write."""
    if isinstance(value, list):
        return tuple(decode(item) for item in value)
    if not isinstance(value, dict):
        return value
    held = {key: decode(item) for key, item in value.items() if key != "is"}
    kind = value.get("is")
    if kind is None:
        return held
    if kind == "float":
        return float(held["text"])
    if kind == "list":
        return list(held["items"])
    if kind == "array":
        return np.array(held["numbers"], dtype=held["dtype"]).reshape(held["shape"])
    return {record.__name__: record for record in RECORDS}[kind](**held)


Tone = Literal["right", "partly", "noted", "wrong", "warned", "open"]
TONES: dict[Tone, tuple[str, str]] = {
    "right": ("✓", "#2a9d5c"),
    "partly": ("◐", "#c98a1b"),
    "noted": ("✎", "#3f86c9"),
    "wrong": ("✗", "#d9603b"),
    "warned": ("!", "#c98a1b"),
    "open": ("○", "#8b9099"),
}
MOST_LINES = 12  # of a call to try
LONGEST_ARRAY = 60  # of an array in a call to try
CALL = "The call, to try in a cell of your own"
NO_MATH = 'class="tex2jax_ignore mathjax_ignore"'
MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:0.92em"
CODE = f"{MONO};color:inherit;background:transparent;padding:0"
CELL = "padding:3px 14px 3px 0;text-align:left;vertical-align:top;border:none;background:transparent"
INDENTED = "margin:5px 0 0 1.4em"


class Quoted(str):
    """Text that holds a submission's own words: it is shown as it is, so that `x` and $x$ in it stay what they are."""


@dataclass(frozen=True)
class Comparison:
    """What was expected beside what came back; `place` is the first part that differs, such as "row 3"."""

    place: str
    expected: str
    got: str

    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Whose value it is, and the value."""
        mine = f"your {self.place}" if self.place else "yours"
        return (f"expected {self.place}".rstrip(), self.expected), (mine, self.got)


@dataclass(frozen=True, repr=False)
class Feedback:
    """The last line of a cell shows it. All is plain text, with `names` in backquotes; `lost` are the parts of the
    points that were lost, `code` is a call to try."""

    name: str
    tone: Tone
    headline: str
    paragraphs: tuple[str, ...] = ()
    comparison: Comparison | None = None
    notes: tuple[str, ...] = ()
    code: str = ""
    points: str = ""
    lost: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        return TONES[self.tone][0]

    def lines(self) -> list[str]:
        """What stands below the headline, as text."""
        lines = list(self.paragraphs)
        if self.comparison:
            sides = self.comparison.sides()
            width = max(len(whose) for whose, _ in sides) + 1
            lines += [f"  {whose + ':':<{width}} {value}" for whose, value in sides]
        lines += [*(f"- {part}" for part in self.lost), *self.notes]
        if self.code:
            lines += [f"{CALL}:", *(f"  {line}" for line in self.code.splitlines())]
        return lines

    def __repr__(self) -> str:
        return "\n".join([f"{self.sign} {self.name}: {self._summary()}", *self.lines()])

    def _repr_html_(self) -> str:
        sign, colour = TONES[self.tone]
        points = f" · {html.escape(self.points)}" if self.points else ""
        inside = [
            f'<div><span aria-hidden="true" style="color:{colour};font-weight:700;display:inline-block;'
            f'min-width:1.4em">{sign}</span><strong>{html.escape(self.headline)}</strong>{points}'
            f'<code style="{CODE};opacity:0.7;margin-left:0.9em">{html.escape(self.name)}</code></div>',
            *(_paragraph(text) for text in self.paragraphs),
            _table(self.comparison, colour) if self.comparison else "",
            _list(self.lost) if self.lost else "",
            *(_paragraph(text, "opacity:0.8") for text in self.notes),
            _call(self.code) if self.code else "",
        ]
        return (
            f'<div role="group" aria-label="{html.escape(f"Check of {self.name}: {self._summary()}")}" style="'
            f"border-left:4px solid {colour};background:rgba(128,128,128,0.08);border-radius:3px;padding:9px 16px 10px;"
            f'margin:4px 0;max-width:46em;font-size:14px;line-height:1.5;color:inherit">{"".join(inside)}</div>'
        )

    def _summary(self) -> str:
        return f"{self.headline} · {self.points}" if self.points else self.headline


def in_case(case: str, sentence: str) -> str:
    """The sentence, with the name of the case that it is about."""
    return f"Case '{case}': {sentence}"


def blaming(card: Feedback, first: Sequence[str]) -> Feedback:
    """The card; where functions that its subject calls are wrong themselves, they are blamed, and no other cause is."""
    if not first:
        return card
    names = " and ".join(f"`{name}`" for name in first)
    fault, them = (
        ("isn't right in its own check yet", "it") if len(first) == 1 else ("aren't right themselves yet", "them")
    )
    says = f"{names}, called here, {fault}, so the fault may be there. Mend {them} first, then run this check again."
    return replace(card, paragraphs=(says, *(card.paragraphs[-1:] if card.comparison else card.paragraphs)))


def _paragraph(text: str, style: str = "") -> str:
    if isinstance(text, Quoted):
        style = f"{INDENTED};overflow-wrap:anywhere;white-space:pre-wrap;{style}"
        return f'<div {NO_MATH} style="{style}">{html.escape(text)}</div>'
    return f'<div style="{INDENTED};overflow-wrap:anywhere;{style}">{_with_code(text)}</div>'


def _with_code(text: str) -> str:
    """Plain text as HTML, with what stands between backquotes as code."""
    return re.sub(r"`([^`\n]+)`", rf'<code style="{CODE}">\1</code>', html.escape(text))


def _table(comparison: Comparison, colour: str) -> str:
    rows = "".join(
        f'<tr style="background:transparent"><th scope="row" style="{CELL};font-weight:400;opacity:0.8">{whose}</th>'
        f'<td style="{CELL};{MONO};white-space:pre-wrap;overflow-wrap:anywhere">'
        f'<span style="border-bottom:2px solid {line}">{html.escape(value)}</span></td></tr>'
        for (whose, value), line in zip(comparison.sides(), ("transparent", colour), strict=True)
    )
    return (
        f'<table {NO_MATH} style="border:none;border-collapse:collapse;background:transparent;color:inherit;'
        f'font-size:inherit;margin:6px 0 0 1.4em"><tbody>{rows}</tbody></table>'
    )


def _list(parts: tuple[str, ...]) -> str:
    rows = "".join(f'<li style="margin:0">{_with_code(part)}</li>' for part in parts)
    return f'<ul style="{INDENTED};padding:0 0 0 1.2em;list-style:disc outside">{rows}</ul>'


def _call(code: str) -> str:
    return (
        '<details style="margin:7px 0 0 1.4em"><summary style="cursor:pointer;opacity:0.8">'
        f'{CALL}</summary><pre style="{MONO};margin:5px 0 0;padding:7px 10px;background:rgba(128,128,128,0.12);'
        f'color:inherit;white-space:pre-wrap;overflow-wrap:anywhere">{html.escape(code)}</pre></details>'
    )


def call_to_try(name: str, case: Case) -> str:
    """The case as Python text, cut after some lines; empty where an array is too large to be written down."""
    if any(isinstance(arg, np.ndarray) and arg.size > LONGEST_ARRAY for step in case.steps for arg in step.args):
        return ""
    lines = []
    for place, step in enumerate(case.steps):
        arguments = ", ".join(_literal(arg) for arg in step.args)
        target = f"r{step.on}"
        call = {
            "call": f"{name}({arguments})",
            "method": f"{target}.{step.name}({arguments})",
            "get": f"r{place} = {target}.{step.name}; print(r{place})",
            "read": f"print({target})  # once more: it must not have changed",
            "each": f"for row in {arguments}: {target}.{step.name}(row)",
            "hold": f"r{place} = {arguments}",
        }[step.kind]
        made = len(case.steps) > 1 and step.kind in ("call", "method")
        shown = "" if step.keep else f"; print(r{place})"
        lines.append(f"r{place} = {call}{shown}" if made else call)
    more = [f"# ... {len(lines) - MOST_LINES} more steps"] if len(lines) > MOST_LINES else []
    return "\n".join([*lines[:MOST_LINES], *more])


def _literal(arg: Any) -> str:
    if isinstance(arg, Function):
        return f"({arg.source})"
    if isinstance(arg, Stream):
        return f"iter([{', '.join(_literal(item) for item in arg.items)}])"
    if isinstance(arg, Made):
        return f"r{arg.step}"
    if isinstance(arg, np.ndarray):
        dtype = "" if arg.dtype in (np.dtype(float), np.dtype(int)) else f", dtype=np.{arg.dtype.name}"
        return f"np.array({arg.tolist()}{dtype})"
    return repr(arg)


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


AGAIN = 0.5  # seconds until a stop is repeated, for code that catches everything


class OutOfTime(BaseException):
    """Raised in the student's code; not an Exception, so that `except Exception` lets it pass."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in what runs inside after so many seconds of processor time of this process.

    What waits, as `input()` does, isn't stopped; nor is a single long step of compiled code before its end. An
    interrupt by the student works as ever. Where neither signals nor threads are to be had, there is no limit.
    """
    with _by_signal(seconds) if _has_signals() else _by_thread(seconds):
        yield


def _has_signals() -> bool:
    """Whether a timer can interrupt this thread, and nobody else is using it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    idle = signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0
    return idle and signal.getsignal(signal.SIGVTALRM) in (signal.SIG_DFL, signal.SIG_IGN)


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise OutOfTime

    def end() -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
        yield
    finally:
        _surely(end)


def _surely(act: Callable[[], object]) -> None:
    """Do `act` even if a last stop comes in between."""
    try:
        act()
    except OutOfTime:
        act()


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    """The same from a second thread: on Windows, and where the cell doesn't run in the main thread."""
    over = threading.Event()
    thread = threading.get_ident()
    latest = time.process_time() + seconds

    def watch() -> None:
        while not over.wait(AGAIN if time.process_time() > latest else min(AGAIN, seconds / 4)):
            if time.process_time() > latest:
                _raise_in(thread, OutOfTime)

    def end() -> None:
        over.set()
        if watcher.ident is not None:
            watcher.join()
            _raise_in(thread, None)  # what was sent and hasn't come yet

    watcher = threading.Thread(target=watch, daemon=True)
    with suppress(RuntimeError):  # a Python that has no threads
        watcher.start()
    try:
        yield
    finally:
        _surely(end)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    import ctypes  # not every Python has it, and few need it

    given = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), given)


WIDTH = 80  # characters: nbgrader's command cuts longer lines
PASSED = ("right", "noted")  # of a card; an answer that can be read is passed where only the grading judges it


class NotPassed(Exception):
    """A check of a notebook that nbgrader validates was not passed; the text is its card's."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: where a check raises this tells a student nothing."""
        return [str(self)]


def validating() -> bool:
    """Whether nbgrader's Validate, the command or the button, runs this."""
    return os.environ.get("NBGRADER_EXECUTION") == "validate"


def validate(checked: Callable[[], Feedback], optional: bool = False) -> None:
    """Raise NotPassed, with the text of the card that `checked` returns, where the check isn't passed.

    What is `optional` may also be left unwritten. A cell without a result passes for nbgrader.
    """
    with redirect_stderr(sys.stdout):  # nbgrader takes any text on stderr for a failure
        card = checked()
    if card.tone not in PASSED and not (optional and card.tone == "open"):
        raise NotPassed(_as_text(card))


def _as_text(card: Feedback) -> str:
    lines = repr(replace(card, code="")).splitlines()
    return "\n".join(textwrap.fill(line, WIDTH, break_on_hyphens=False) for line in lines)


MOST_TEXT = 300  # characters of an exception's text that are shown
STOPPED = OutOfTime.__name__
NOT_ATTEMPTED, NOT_ANSWERED = "Not attempted", "Not answered yet"
NO_LINE = "Compare your definition with the task's: the names in it, and the number and order of the arguments."
OWN_RAISE = "Your own code raises this: print what the condition above that line looks at."
NO_SETTER = "A property has no value of its own to be set: keep the value under another name, and compute the property."
ANY_ERROR = "Run the call in a cell of your own, and print the values that this line uses."

TRY = {
    "AssertionError": "One of your own `assert` lines says no: print what it compares.",
    "AttributeError": "Is it spelt as where it was made? Print `type(...)` of what stands before the dot in that line.",
    "FloatingPointError": "Print the numbers of that line just before it.",
    "ImportError": "Use only what the first cell of the notebook imports.",
    "IndexError": "Print the index and the length just before that line. The last index is the length minus 1.",
    "KeyError": "Print the keys that are there just before that line.",
    "MemoryError": "Print the shape of the array before it is made.",
    "ModuleNotFoundError": "Use only what the first cell of the notebook imports.",
    "NameError": "Is the name spelt as where you defined it, and was that cell run?",
    STOPPED: "Is there a loop that never ends? Print what its condition looks at, once a round.",
    "RecursionError": "The function calls itself without an end: which call must answer without calling again?",
    "SyntaxError": "Look at that line and at the brackets and quotes of the line before it.",
    "TypeError": "Print `type(...)` of each value in that line, and count the arguments of each call.",
    "UnboundLocalError": "Give the name its first value before that line, in every branch.",
    "ValueError": "Print the `.shape` of every array in that line.",
    "ZeroDivisionError": "Print the divisor just before that line. In which step is it 0?",
    UNFINISHED: "This part is still to be written: replace the line that raises it.",
}
SEEN = {
    "unchanged": "An argument was changed: whoever called still needs it. Work on a copy or build a new array.",
    "calls": "The function that was handed in must be called {wanted} times here; you called it {mine} times.",
    "lazy": "The stream was read ahead: read the next input only when its step is due.",
    "memory": "The object grew while it was used: what is the least that it must keep?",
}


def check(name: str) -> Feedback | None:
    """What the visible checks say about the function, class or answer called `name` in the notebook that asks.

    While nbgrader validates the notebook, nothing; and NotPassed is raised for what isn't passed.
    """
    namespace = sys._getframe(1).f_globals
    if not validating():
        return _checked(name, namespace)
    public = _public()
    extra = isinstance(public, Public) and getattr(public.items.get(name), "extra", False)
    validate(lambda: _checked(name, namespace), optional=extra)
    return None


def written(*names: str) -> bool:
    """Whether all these functions of the notebook that asks are written; prints which ones a cell waits for, if any."""
    namespace = sys._getframe(1).f_globals
    waits_for = [name for name in names if _checked(name, namespace).tone == "open"]
    if waits_for:
        them = "it" if len(waits_for) == 1 else "them"
        print(f"This cell waits for {' and '.join(waits_for)}: write {them} first, then run this cell again.")
    return not waits_for


def _checked(name: str, namespace: Mapping[str, Any]) -> Feedback:
    if not isinstance(name, str):
        return Feedback("check", "warned", "A name in quotes is needed", ('Write it as in check("name").',))
    public = _public()
    if isinstance(public, str):
        return Feedback(name, "warned", "This can't be checked", (public,))
    item = public.items.get(name)
    if item is None:
        return Feedback(name, "warned", "Nothing here has this name", (f"There are: {', '.join(public.items)}.",))
    if isinstance(item, PublicQuestion):
        return _misspelt(_check_question(name, item, namespace.get(name)), namespace, public.items)
    problem = _no_function(name, namespace)
    if problem:
        return _misspelt(problem, namespace, public.items)
    subject = namespace[name]
    card = (
        _check_examples(name, item, subject, public.call_seconds)
        if isinstance(item, PublicExamples)
        else _check_task(name, item, subject, public.call_seconds)
    )
    called = names_in(subject) & set(getattr(item, "uses", ())) if card.tone == "wrong" else set()
    first = [used for used in sorted(called) if _checked(used, namespace).tone == "wrong"]
    return _misspelt(_with_history(blaming(card, first), subject, namespace), namespace, public.items)


def _public() -> Public | str:
    return read_public(Path(__file__).with_name("public.json"))


def _misspelt(card: Feedback, namespace: Mapping[str, Any], known: Collection[str]) -> Feedback:
    """The card; where there is no answer, with the name that may be meant."""
    open_yet = card.headline in (NOT_ATTEMPTED, NOT_ANSWERED)
    similar = similar_name(card.name, namespace, known) if open_yet else ""
    says = (misspelt(card.name, similar, card.name in namespace),)
    return replace(card, paragraphs=says) if similar else card


def _no_function(name: str, namespace: Mapping[str, Any]) -> Feedback | None:
    if name not in namespace:
        says = f"{name} isn't defined yet: run the cell above that defines it, then this one."
        return Feedback(name, "open", NOT_ATTEMPTED, (older_version(name, None, namespace) or says,))
    if not callable(namespace[name]):
        kind = type(namespace[name]).__name__
        says = f"{name} is a value of type {kind}, so it can't be called. Was the name used again for something else?"
        return Feedback(name, "warned", "Not a function", (f"{says} Run the cell that defines it once more.",))
    return None


def _with_history(card: Feedback, subject: Any, namespace: Mapping[str, Any]) -> Feedback:
    """The card, with what the kernel remembers of the cells that made its subject."""
    older = older_version(card.name, subject, namespace)
    if older:
        return replace(card, paragraphs=(older, *card.paragraphs))
    later = names_from_later(card.name, subject, namespace) if card.tone in ("right", "noted") else []
    if not later:
        return card
    listed = ", ".join(f"`{name}`" for name in later)
    says = (
        f"It uses {listed}, which came up only after this check first ran. Grading goes from top to bottom: does what "
        "defines it stand above this cell? Restart and Run All shows it."
    )
    return replace(card, notes=(*card.notes, says))


def _stub_feedback(name: str) -> Feedback:
    return Feedback(name, "open", NOT_ATTEMPTED, ("Write your code in place of the placeholder.",))


def _unfinished(name: str, subject: Any, failure: Failure | None) -> Feedback:
    """The stub is still there, or the function calls another one that is still a stub."""
    line = failure.line if failure else None
    source = _line_of(subject, line) if line else ""
    if not source or UNFINISHED in source:
        return _stub_feedback(name)
    says = Quoted(f"Line {line} calls a function that isn't written yet: {source}")
    return Feedback(name, "open", "Not finished", (says, "Write that function first, then run this check again."))


def _check_question(name: str, question: PublicQuestion, raw: object) -> Feedback:
    if question.kind == "free":
        return Feedback(name, "noted", "A text", ("Your instructor reads it; nothing is checked here.",))
    outcome = _guarded(lambda: Outcome((plain(raw),)))
    answer = outcome.values[0] if outcome.failure is None else Opaque("an object")
    if untouched(answer):
        return Feedback(name, "open", NOT_ANSWERED, ("Write your answer in place of None, and run that cell.",))
    problem = form_problem(question.kind, question.letters, answer)
    if problem:
        return Feedback(name, "warned", "This can't be read as an answer", (problem,))
    if question.full is None:
        given = read_letters(answer, question.letters) if question.letters else [f"{read_number(answer):.10g}"]
        says = f"Your answer is read as {', '.join(given or ())}. Whether it is right, you learn after grading."
        return Feedback(name, "noted", "Answered", (says,))
    judged = judge(question.full, answer)
    if judged.verdict == "correct":
        return Feedback(name, "right", "Right", (judged.message,))
    if judged.share:
        return Feedback(name, "partly", "Partly right", (judged.message,))
    return Feedback(name, "wrong", "Not right yet", (judged.message,))


def _check_examples(name: str, task: PublicExamples, subject: Any, seconds: float) -> Feedback:
    case = Case("your examples", (Step("call"),))
    outcome = _played(case, name, subject, seconds)
    if unwritten(subject)[0]:
        return _stub_feedback(name)
    if outcome.failure is not None:
        stub = outcome.failure.kind == UNFINISHED
        return _stub_feedback(name) if stub else _failed(name, case, subject, outcome.failure, "")
    problem = pairs_problem(outcome.values[0])
    if problem:
        return Feedback(name, "warned", "These can't be read as examples", (problem,))
    shapes = shapes_problem(outcome.values[0], task.of) if task.like_x else None
    if shapes:
        return Feedback(name, "wrong", "Not right yet", (shapes,))
    count = len(outcome.values[0])
    says = (
        f"{count} example{'s' if count > 1 else ''} for {task.of}: the form is right, nothing else is checked here. "
        f"Grading tests: {task.hidden.rstrip('.')}. Right examples earn {task.valid_points:g} of {task.points:g} "
        "points, the wrong programs that they reject earn the rest."
    )
    return Feedback(name, "noted", "Your examples can be read", (says,))


def _check_task(name: str, task: PublicTask, subject: Any, seconds: float) -> Feedback:
    got: dict[str, Outcome] = {}
    for case in task.cases:
        got[case.name] = outcome = _played(case, name, subject, seconds)
        if outcome.failure and outcome.failure.kind == STOPPED:
            return _failed(name, case, subject, outcome.failure, "")
    stub, stubs = unwritten(subject)
    unfinished = still_to_write(stubs, {step.name for case in task.cases for step in case.steps})
    failures = [outcome.failure for outcome in got.values()]
    if not unfinished and all(failure is not None and failure.kind == UNFINISHED for failure in failures):
        return _unfinished(name, subject, failures[0])
    differences = {
        case.name: outcome_difference(task.expected[case.name], got[case.name], task.tolerance, case.scale)
        for case in task.cases
    }
    seen = [says for part in task.parts for says in _seen(part, task, got)]
    if not seen and not any(differences.values()):
        return _passed(name, task)
    if stub and all(differences.values()):
        return _stub_feedback(name)
    ended = [case for case in task.cases if got[case.name].failure is None]
    again = {case.name: _played(case, name, subject, seconds) for case in ended}
    diagnosis = diagnose(task.misconceptions, task.compared, got, got, parted(got, again))
    message = diagnosis.message if diagnosis else ""
    if unfinished and (diagnosis is None or diagnosis.id in OF_STUBS):
        return Feedback(name, "open", "Not finished", (unfinished,))
    for case in task.cases:
        found, outcome = differences[case.name], got[case.name]
        if diagnosis and case.name not in diagnosis.shown_by:
            continue
        if found and outcome.failure and task.expected[case.name].failure is None:
            return _failed(name, case, subject, outcome.failure, message)
        if found:
            return _differs(name, case, found, message, tuple(seen))
    says = (message,) if message else tuple(seen)
    return Feedback(name, "wrong", "Not right yet", says, code=call_to_try(name, task.cases[0]))


def _passed(name: str, task: PublicTask) -> Feedback:
    if not task.hidden:
        says = f"Every check of this task is visible: {task.points:g} of {task.points:g} points."
        return Feedback(name, "right", "Right in every check", (says,))
    safe = task.points - task.open_points
    counted = (
        f"{task.open_points:g} of the {task.points:g} points need those too"
        if safe
        else (f"No point is safe before those pass: each of the {task.points:g} points needs hidden cases too")
    )
    says = f"Hidden checks also test: {task.hidden.rstrip('.')}. {counted}."
    return Feedback(name, "right", "Right in the visible checks", (says,))


def _differs(name: str, case: Case, found: Difference, message: str, seen: tuple[str, ...]) -> Feedback:
    if not found.expected:
        hint = "Run the call in a cell of your own and look at what comes back."
    else:
        hint = f"Follow {found.place} by hand." if found.place else "Work this case out by hand."
    where = in_case(case.name, found.sentence)
    comparison = Comparison(found.place, found.expected, found.got) if found.expected else None
    paragraphs, notes = ((message, where), ()) if message else ((where,), (hint, *seen))
    return Feedback(name, "wrong", "Not right yet", paragraphs, comparison, notes, call_to_try(name, case))


def _failed(name: str, case: Case, subject: Any, failure: Failure, message: str) -> Feedback:
    text = failure.text[:MOST_TEXT] + ("..." if len(failure.text) > MOST_TEXT else "")
    says = [Quoted(f"{failure.kind}: {text}" if text else failure.kind)]
    source = "" if failure.line is None else _line_of(subject, failure.line)
    if failure.line is not None:
        says.append(Quoted(f"Line {failure.line} of your cell{': ' + source if source else ''}"))
    if failure.kind == UNFINISHED:
        return Feedback(name, "open", "Not finished", (*says, TRY[UNFINISHED]))
    if failure.kind == STOPPED:
        headline = f"Stopped in the case '{case.name}': {failure.text}"
        return Feedback(name, "wrong", headline, (*says[1:], TRY[STOPPED]), code=call_to_try(name, case))
    hint = message or _hint(failure, source)
    known = failure.kind if isinstance(getattr(builtins, failure.kind, None), type) else "an exception"
    headline = f"Your code raised {known} in the case '{case.name}'"
    return Feedback(name, "wrong", headline, (*says, hint), code=call_to_try(name, case))


def _hint(failure: Failure, source: str) -> str:
    """One thing to try after an exception that the line `source` raised."""
    if failure.line is None:
        return NO_LINE
    if source.startswith("raise"):
        return OWN_RAISE
    return NO_SETTER if "setter" in failure.text else TRY.get(failure.kind, ANY_ERROR)


def _seen(part: Part, task: PublicTask, got: Mapping[str, Outcome]) -> list[str]:
    """The sentence for the first case in which what `part` looks at was not as it should be."""
    for name, outcome in got.items():
        wanted = task.expected[name]
        stopped_calling = part.aspect == "calls" and outcome.failure is not None
        if not stopped_calling and not part.sees(wanted, outcome):
            counted = SEEN[part.aspect].format(wanted=wanted.calls, mine=outcome.calls)
            return [counted if part.aspect == "calls" else part.says or counted]
    return []


def _played(case: Case, name: str, subject: Any, seconds: float) -> Outcome:
    def play_it() -> Outcome:
        outcome = play_locally(case, name, {name: subject})
        return replace(outcome, values=tuple(plain(value) for value in outcome.values))

    try:
        with time_limit(seconds):
            return _guarded(play_it)
    except OutOfTime as error:
        told = f"no end after {seconds:g} s of computing, the most that grading gives a call"
        return Outcome(failure=replace(failure_in(error), kind=STOPPED, text=told))


def _guarded(act: Callable[[], Outcome]) -> Outcome:
    """The outcome of `act`; an exception of the student's objects, whatever they do when looked at, is a failure."""
    try:
        return act()
    except (KeyboardInterrupt, OutOfTime):
        raise
    except BaseException as error:
        try:
            text = str(error)
        except Exception:
            text = ""
        name, bases = classes_of(error)
        return Outcome(failure=failure_of(name, text, None, bases))


def _line_of(subject: Any, line: int) -> str:
    """The text of a line of the cell that defines `subject`, as far as Python still has it."""
    members = vars(subject).values() if isinstance(subject, type) else [subject]
    codes = (getattr(member, "__code__", None) for member in members)
    code = next((code for code in codes if isinstance(code, types.CodeType)), None)
    return linecache.getline(code.co_filename, line).strip() if code else ""
