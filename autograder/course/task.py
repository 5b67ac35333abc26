"""What a coding task is, and how a file of an assignment's `tasks/` says it.

    averages = TaskSheet("cumulative_average", points=4, hidden="integers, ...", cases=[...], parts=[...])

Its wrong and alternative programs stand below it, as `program.py` tells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, overload

import numpy as np

from autograder.answers.case import Case, Made, Outcome, Part, Step, play_locally
from autograder.answers.compare import EXACT, Tolerance
from autograder.answers.misconception import Cases, Misconception
from autograder.course.program import Definition, Program, Sheet
from autograder.errors import CourseError
from autograder.plain import plain


class Played(Mapping[str, Outcome]):
    """The outcomes of cases by their names, computed when the first of them is asked for: right answers ask for none,
    and a task may have forty wrong programs."""

    def __init__(self, play_all: Callable[[], Mapping[str, Outcome]]) -> None:
        self._play_all = play_all

    @cached_property
    def _outcomes(self) -> Mapping[str, Outcome]:
        return self._play_all()

    def __getitem__(self, name: str) -> Outcome:
        return self._outcomes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)


@dataclass(frozen=True)
class Task:
    """A coding task with what its cases give, computed once: hidden inputs and answers included."""

    id: str
    points: float
    hidden: str
    cases: tuple[Case, ...]
    parts: tuple[Part, ...]
    tolerance: Tolerance
    wrong_programs: tuple[Program, ...]
    alternatives: tuple[Program, ...]
    uses: Mapping[str, Callable[..., Any]]
    extra: bool
    expected: Mapping[str, Outcome]
    misconceptions: tuple[Misconception, ...]

    @property
    def compared(self) -> Cases:
        """What its cases are compared by."""
        return Cases({case.name: case for case in self.cases}, self.expected, self.tolerance)

    def play_wrong_programs(self) -> None:
        """Compute what the wrong programs give, if that isn't done yet."""
        for misconception in self.misconceptions:
            len(misconception.outcomes)


@dataclass
class TaskSheet(Sheet):
    """A coding task as its author writes it. `hidden` tells students what the hidden cases test, without values;
    `uses` names earlier tasks' functions that this one's solution may call; where a student's isn't right, the
    course's stands in, so that one failure isn't punished twice. `extra` points are on top of the maximum."""

    points: float
    hidden: str
    cases: Sequence[Case]
    parts: Sequence[Part]
    tolerance: Tolerance = EXACT
    uses: Sequence[str] = ()
    extra: bool = False

    @overload
    def wrong(self, definition: Definition) -> Definition: ...

    @overload
    def wrong(self, *, looseness: float) -> Callable[[Definition], Definition]: ...

    def wrong(self, definition: Any = None, *, looseness: float | None = None) -> Any:
        """A decorator for a wrong program, as every sheet has it. `looseness` replaces the task's tolerance where an
        answer is compared with this program: for errors of precision, which never give the same digits."""

        def add(definition: Definition) -> Definition:
            self._add_wrong(definition, looseness)
            return definition

        return add if definition is None else add(definition)

    def solved(self, reference: Mapping[str, Any]) -> Task:
        """The task with the outcomes of the reference (found in a namespace by the task's id) and of every
        wrong program. Raises CourseError where the sheet contradicts itself."""
        self._check()
        traced = any(part.aspect in ("calls", "lazy") for part in self.parts)
        cases = tuple(replace(case, traced=traced) for case in self.cases)
        expected = {case.name: play_locally(case, self.id, reference) for case in cases}
        for name, outcome in expected.items():
            if outcome.changed or outcome.grew:
                raise CourseError(f"{self.id}: the reference changes its arguments or grows in the case {name!r}")
        misconceptions = tuple(self._misconception(program, cases, reference) for program in self.wrong_programs)
        return Task(
            self.id,
            self.points,
            self.hidden,
            cases,
            tuple(self.parts),
            self.tolerance,
            tuple(self.wrong_programs),
            tuple(self.alternatives),
            {name: reference[name] for name in self.uses},
            self.extra,
            expected,
            misconceptions,
        )

    def _misconception(self, program: Program, cases: Sequence[Case], reference: Mapping[str, Any]) -> Misconception:
        def play_all() -> dict[str, Outcome]:
            namespace = {"np": np} | {name: reference[name] for name in self.uses}
            exec(compile(program.source, f"<{self.id}: {program.id}>", "exec"), namespace)
            return {case.name: _as_received(play_locally(case, self.id, namespace)) for case in mixed(cases)}

        return Misconception(program.id, program.message, Played(play_all), program.looseness)

    def _check(self) -> None:
        names = [case.name for case in self.cases]
        parts = [part.name for part in self.parts]
        if len(set(names)) != len(names):
            raise CourseError(f"{self.id}: two cases have the same name")
        if not any(case.public for case in self.cases):
            raise CourseError(f"{self.id}: no case is public, so the student's check would have nothing to show")
        if not parts or self.parts[0].aspect != "values":
            raise CourseError(f"{self.id}: the first part must be about values")
        for part in self.parts:
            if part.aspect == "values" and part.name not in {case.part for case in self.cases}:
                raise CourseError(f"{self.id}: no case belongs to the part {part.name!r}")
        for part in self.parts:
            if part.excused_by and part.excused_by not in parts:
                raise CourseError(f"{self.id}: {part.name!r} is excused by {part.excused_by!r}, which is no part")
        strangers = {case.part for case in self.cases} - set(parts)
        if strangers:
            raise CourseError(f"{self.id}: cases name unknown parts: {', '.join(sorted(strangers))}")
        total = sum(part.points for part in self.parts)
        if abs(total - self.points) > 1e-9:
            raise CourseError(f"{self.id}: the parts add up to {total:g} points, the task has {self.points:g}")


def _as_received(outcome: Outcome) -> Outcome:
    """The outcome as it would come from a submission: objects of other kinds become their description."""
    return replace(outcome, values=tuple(plain(value) for value in outcome.values))


def mixed(cases: Sequence[Case]) -> list[Case]:
    """Visible and hidden cases in one order, the order of grading: what a program keeps between cases shows alike.

    Those that watch memory come last: an object that grows may end its process, which then takes no other case along.
    """
    return sorted(cases, key=lambda case: (case.watched, hashlib.sha256(case.name.encode()).digest()))


def case(name: str, *args: Any, public: bool = False, part: str = "values") -> Case:
    """A case of one call with `args`: numbers, lists, arrays, a Function or a Stream."""
    return Case(name, (Step("call", args=args),), public, part)


@dataclass(frozen=True)
class Recorded:
    """An object that an earlier step made, while a dialogue is being written down."""

    steps: list[Step]
    step: int

    def do(self, method: str, *args: Any) -> Recorded:
        """Call a method and look at the value."""
        return _add(self.steps, Step("method", self.step, method, _plain(args)))

    def make(self, method: str, *args: Any) -> Recorded:
        """Call a method that returns another object to go on with."""
        return _add(self.steps, Step("method", self.step, method, _plain(args), keep=True))

    def get(self, attribute: str) -> Recorded:
        return _add(self.steps, Step("get", self.step, attribute))

    def again(self) -> Recorded:
        """Look once more at what this step returned: it must not have changed since."""
        return _add(self.steps, Step("read", self.step))

    def each(self, method: str, rows: np.ndarray[Any, Any], watch: bool = False) -> None:
        """Call a method for each row; with `watch` the memory must not grow meanwhile."""
        _add(self.steps, Step("each", self.step, method, (rows,), keep=True, watch=watch))


@dataclass(frozen=True)
class Script:
    """What a dialogue is written down with."""

    steps: list[Step] = field(default_factory=list)

    def __call__(self, *args: Any) -> Recorded:
        """Make an object of the subject's."""
        return _add(self.steps, Step("call", args=_plain(args), keep=True))

    def hold(self, array: np.ndarray[Any, Any]) -> Recorded:
        """An array of the caller's, to give to several steps, or to look at `again`."""
        return _add(self.steps, Step("hold", args=(array,), keep=True))


def dialogue(name: str, talk: Callable[[Script], object], public: bool = False, part: str = "values") -> Case:
    """A case of several steps: `talk(new)` is played once to write them down; `new(...)` makes an object."""
    new = Script()
    talk(new)
    return Case(name, tuple(new.steps), public, part)


def _add(steps: list[Step], step: Step) -> Recorded:
    steps.append(step)
    return Recorded(steps, len(steps) - 1)


def _plain(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(Made(arg.step) if isinstance(arg, Recorded) else arg for arg in args)
