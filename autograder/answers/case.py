"""A case: one dialogue with a student's function, written down as data.

The same case is played in three places: with the reference and the wrong programs in the trusted process,
with a submission inside the sandbox, and with the student's own function in the student's own notebook.
Only numpy and the standard library are imported, since a release ships this file inside `check.py`.
"""

from __future__ import annotations

import copy
import itertools
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from autograder.plain import Failure, calm, classes_of, data_copy, failure_of, unchanged

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
