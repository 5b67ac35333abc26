"""Grade one submission: bytes and a frozen assignment in, a result out. No disk, no database, no global state.

The cells run in order, and each task is played where its check cell stands. Scores come from one child. What people
are shown (outputs of cells, values of visible cases) comes from a second child that never meets a hidden input.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.case import Case, Failure, Outcome, play
from autograder.course import Assignment, Item, Limits, is_extra
from autograder.examples import ExamplesTask, review
from autograder.layout import answer_id, source_notebook
from autograder.notebook import Expected, Submission, compare_with_release, read_submission
from autograder.question import Question
from autograder.result import ItemResult, Result
from autograder.sandbox import CellRun, Ref, Reply, Sandbox, SandboxError, Session, TimedOut
from autograder.sandbox import Failure as CellFailure
from autograder.task import Task, mixed
from autograder.verdict import (
    STOPPED,
    failed_examples,
    judge_examples,
    judge_question,
    judge_task,
    judge_text,
    missing_question,
    shown_difference,
    unreadable_cell,
)

UNTOLD = Failure("Exception")
MOST_OUTPUT = 32_000_000  # characters of all outputs of one submission
MISSING = "Missing"  # the failure's kind when the namespace holds no such name
SHOWABLE = ("misconception", "wrong", "partial", "error")
Outputs = Mapping[int, tuple[dict[str, object], ...]]


@dataclass(frozen=True)
class Marked:
    """A graded submission: the result, what was read, and the outputs of its cells by place (if asked for)."""

    result: Result
    submission: Submission
    outputs: Outputs


@dataclass(frozen=True)
class Run:
    """A step of the plan: run the code cell at `place` of the submission (None: the course's own cell)."""

    place: int | None
    source: str
    grade_id: str | None


@dataclass(frozen=True)
class Check:
    """A step of the plan: look at an item here."""

    item: Item


@dataclass
class Walk:
    """One pass over the plan in fresh children; a child that dies or hangs is replaced and the cells run again.

    Outputs of cells are kept while there is `room` for them, in characters.
    """

    sandbox: Sandbox
    limits: Limits
    stop_at: float
    room: int = 0
    session: Session | None = None
    done: list[Run] = field(default_factory=list)
    runs: dict[Run, CellRun] = field(default_factory=dict)

    def run(self, step: Run) -> None:
        """Run a cell. One that kills its child is noted and never run again."""
        try:
            cell = self._alive().run_cell(step.source, self._seconds(self.limits.cell_seconds))
            self.runs[step] = CellRun(self._kept(cell.outputs), cell.failure)
            self.done.append(step)
        except SandboxError as error:
            self.end()
            self.runs[step] = CellRun((), CellFailure(type(error).__name__, str(error), None))

    def _kept(self, outputs: tuple[dict[str, object], ...]) -> tuple[dict[str, object], ...]:
        size = len(repr(outputs)) if self.room else 1
        if size > self.room:
            return ()
        self.room -= size
        return outputs

    def ask(self, act: Callable[[Session], Any]) -> Any:
        """Let `act` talk to a living child. A SandboxError passes through, and the child is gone."""
        try:
            return act(self._alive())
        except SandboxError:
            self.end()
            raise

    def end(self) -> None:
        if self.session is not None:
            self.session.close()
            self.session = None

    def seconds(self) -> float:
        return self._seconds(self.limits.call_seconds)

    def _alive(self) -> Session:
        """A child in which every cell that ran has run. Raises TimedOut when the submission's time is used up."""
        self._still_time()
        while self.session is None:
            self.session = self.sandbox.session()
            for step in self.done:
                try:
                    self._still_time()
                    self.session.run_cell(step.source, self._seconds(self.limits.cell_seconds))
                except SandboxError:
                    self._still_time()
                    self.done.remove(step)  # it ran before, but not again: start over without it
                    self.end()
                    break
        return self.session

    def _still_time(self) -> None:
        if time.monotonic() > self.stop_at:
            raise TimedOut(f"The submission took longer than {self.limits.submission_seconds:g} s.")

    def _seconds(self, most: float) -> float:
        return max(0.01, min(most, self.stop_at - time.monotonic()))


@dataclass(frozen=True)
class InSandbox:
    """A session as a subject that cases are played with."""

    session: Session
    seconds: Callable[[], float]

    def call(
        self, target: str | int, args: Sequence[object] = (), method: str | None = None, keep: bool = False
    ) -> Reply:
        return self.session.call(target, args, method, keep, self.seconds())

    def get(self, target: int, attribute: str) -> Reply:
        return self.session.get(target, attribute, self.seconds())

    def read(self, slot: int) -> Reply:
        return self.session.read(slot, self.seconds())

    def each(self, target: int, method: str, rows: np.ndarray[Any, Any]) -> Reply:
        return self.session.each(target, method, rows, self.seconds())

    def memory(self) -> int:
        return self.session.memory()

    def made(self, slot: int) -> object:
        return Ref(slot)


class Grader:
    """Grades submissions of one assignment, one at a time, in one sandbox."""

    def __init__(self, assignment: Assignment, sandbox: Sandbox, limits: Limits) -> None:
        self.assignment = assignment
        self.sandbox = sandbox
        self.limits = limits
        self.release = release_cells(assignment)

    def mark(self, data: bytes, name: str, executed: bool = False) -> Marked:
        """Grade the notebook in `data`. With `executed`, the outputs of its cells are recorded too.

        Raises nothing that depends on the submission: whatever it holds, there is a result that says what was found.
        """
        submission = read_submission(data)
        plan = self._plan(submission)
        with self._walk(0) as walk:
            items: dict[str, ItemResult] = {}
            for step in self._steps(plan, walk):
                items[step.item.id] = self._score(step.item, submission, walk, items)
            late = self._look_again(items, submission, walk)
            items |= late
            dead = {run: shown for run, shown in walk.runs.items() if run not in walk.done}
        failing = [item.id for item in items.values() if item.verdict in SHOWABLE]
        outputs: Outputs = {}
        if executed or failing:
            outputs, told = self._show(plan, dead, failing, items)
            items |= told
        ordered = tuple(replace(items[id], extra=is_extra(item)) for id, item in self.assignment.items.items())
        problems = (
            *submission.problems,
            *compare_with_release(submission, self.release),
            *_stopped(dead, self.limits),
            *(f"{id} was found only below its check cell; it was checked at the end." for id in late),
        )
        points = sum(item.points for item in ordered)
        result = Result(
            name, self.assignment.name, points, self.assignment.max_points, self.sandbox.isolation, problems, ordered
        )
        return Marked(result, submission, outputs)

    def _look_again(self, items: Mapping[str, ItemResult], submission: Submission, walk: Walk) -> dict[str, ItemResult]:
        """What wasn't there at its check cell may stand below it: cells get moved."""
        missed = [item for id, item in self.assignment.items.items() if items[id].verdict == "not_attempted"]
        again = {item.id: self._score(item, submission, walk, items) for item in missed}
        return {id: item for id, item in again.items() if item.verdict != "not_attempted"}

    def _plan(self, submission: Submission) -> tuple[Run | Check, ...]:
        """The student's code cells in their order, and each item at the place of its (last) check cell.

        The check cells' own text is never run. A fixed cell runs as the course wrote it; plots don't run, since
        drawing them again earns nothing. What has no place left in the notebook comes at the end.
        """
        items = self.assignment.items
        plan: list[Run | Check] = []
        if not submission.find("setup") and "setup" in self.release:
            plan.append(Run(None, self.release["setup"].source, "setup"))
        for place, cell in enumerate(submission.cells):
            grade_id = cell.grade_id or ""
            fixed = self.release.get(grade_id)
            if grade_id in items:
                if place == submission.find(grade_id)[-1]:
                    plan.append(Check(items[grade_id]))
            elif fixed is not None and fixed.locked:
                if grade_id == "setup":
                    plan.append(Run(place, fixed.source, "setup"))
            elif cell.kind == "code" and cell.source.strip():
                plan.append(Run(place, cell.source, cell.grade_id))
        placed = {step.item.id for step in plan if isinstance(step, Check)}
        return (*plan, *(Check(item) for item in items.values() if item.id not in placed))

    @contextmanager
    def _walk(self, room: int, dead: Mapping[Run, CellRun] | None = None) -> Iterator[Walk]:
        stop_at = time.monotonic() + self.limits.submission_seconds
        walk = Walk(self.sandbox, self.limits, stop_at, room, runs=dict(dead or {}))
        try:
            yield walk
        finally:
            walk.end()

    def _steps(self, plan: Sequence[Run | Check], walk: Walk) -> Iterator[Check]:
        for step in plan:
            if isinstance(step, Check):
                yield step
            elif step not in walk.runs:
                walk.run(step)

    def _score(self, item: Item, submission: Submission, walk: Walk, earlier: Mapping[str, ItemResult]) -> ItemResult:
        failure = _untold(_answer_failure(item, walk))
        if isinstance(item, Question):
            return _score_question(item, submission, walk, failure)
        if isinstance(item, ExamplesTask):
            return _score_examples(item, walk, failure)
        outcomes = _play(item, mixed(item.cases), walk, _stand_ins(item, earlier))
        missing = any(outcome.failure and outcome.failure.kind == MISSING for outcome in outcomes.values())
        return unreadable_cell(item, failure) if missing and failure else judge_task(item, outcomes)

    def _show(
        self,
        plan: Sequence[Run | Check],
        dead: Mapping[Run, CellRun],
        failing: Sequence[str],
        scored: Mapping[str, ItemResult],
    ) -> tuple[Outputs, dict[str, ItemResult]]:
        """What people are shown: the outputs of the cells, and the failing items with what a visible case gave or why
        the answer's cell could not be run."""
        told: dict[str, ItemResult] = {}
        with self._walk(MOST_OUTPUT, dead) as walk:
            for step in self._steps(plan, walk):
                if step.item.id in failing:
                    told[step.item.id] = self._tell(step.item, scored, walk)
            outputs = {run.place: cell.outputs for run, cell in walk.runs.items() if run.place is not None}
        return outputs, told

    def _tell(self, item: Item, scored: Mapping[str, ItemResult], walk: Walk) -> ItemResult:
        result = scored[item.id]
        failure = _answer_failure(item, walk)
        if failure and result == unreadable_cell(item, UNTOLD):
            return unreadable_cell(item, failure)
        if not isinstance(item, Task):
            return result
        public = [case for case in item.cases if case.public]
        return replace(result, shown=shown_difference(item, _play(item, public, walk, _stand_ins(item, scored))))


def release_cells(assignment: Assignment) -> dict[str, Expected]:
    """What the release holds under each grade_id."""
    cells = source_notebook(assignment)["cells"]
    marked = [(cell, cell["metadata"]["nbgrader"]) for cell in cells if "nbgrader" in cell["metadata"]]
    return {marks["grade_id"]: Expected(cell["cell_type"], cell["source"], marks["locked"]) for cell, marks in marked}


def _stand_ins(task: Task, earlier: Mapping[str, ItemResult]) -> dict[str, Callable[..., Any]]:
    """The course's functions for what this task uses and the student hasn't got right."""
    right = {id for id, item in earlier.items() if item.verdict == "correct"}
    return {name: function for name, function in task.uses.items() if name not in right}


def _define(functions: Mapping[str, Callable[..., Any]], session: Session) -> None:
    for name, function in functions.items():
        session.define(name, function)


def _play(
    task: Task, cases: Sequence[Case], walk: Walk, stand_ins: Mapping[str, Callable[..., Any]]
) -> dict[str, Outcome]:
    """The outcome of each case. After one that ends the child, this task's other cases count as ended too.

    A child that was given a stand-in ends with the task: it would pass for the student's own at that item's check.
    """
    outcomes: dict[str, Outcome] = {}
    try:
        for case in cases:
            walk.ask(partial(_define, stand_ins))
            outcomes[case.name] = walk.ask(partial(_play_one, case, task.id, walk.seconds))
    except SandboxError as error:
        ended = Outcome(failure=Failure(type(error).__name__))
        return {case.name: outcomes.get(case.name, ended) for case in cases}
    if stand_ins:
        walk.end()
    return outcomes


def _play_one(case: Case, name: str, seconds: Callable[[], float], session: Session) -> Outcome:
    return play(case, name, InSandbox(session, seconds))


def _answer_failure(item: Item, walk: Walk) -> Failure | None:
    """Why the cell that should define the answer failed, if it did."""
    for run, cell in walk.runs.items():
        if run.grade_id == answer_id(item.id) and cell.failure is not None:
            lines = run.source.count("\n") + 1
            line = cell.failure.line if cell.failure.line and 0 < cell.failure.line <= lines else None
            return Failure(cell.failure.kind, "", line)
    return None


def _untold(failure: Failure | None) -> Failure | None:
    """The failure without its line and its own class: a cell below a check has met hidden inputs and could tell them
    by either. Both are told from the pass that meets none."""
    known = (*STOPPED, "NotImplementedError")
    return failure if failure is None or failure.kind in known else UNTOLD


def _score_question(question: Question, submission: Submission, walk: Walk, failure: Failure | None) -> ItemResult:
    if question.kind == "free":
        places = submission.find(question.id)
        return judge_text(question, submission.cells[places[-1]].source if places else None)
    try:
        reply = walk.ask(lambda session: session.value(question.id, walk.seconds()))
    except SandboxError:
        return missing_question(question)
    if reply.failure is not None:
        return unreadable_cell(question, failure) if failure else missing_question(question)
    return judge_question(question, reply.value)


def _score_examples(task: ExamplesTask, walk: Walk, failure: Failure | None) -> ItemResult:
    try:
        reply = walk.ask(lambda session: session.call(task.id, (), seconds=walk.seconds()))
    except SandboxError as error:
        return failed_examples(task, type(error).__name__)
    if reply.failure is None:
        return judge_examples(task, review(task, reply.value))
    if reply.failure.kind == MISSING and failure:
        return unreadable_cell(task, failure)
    return failed_examples(task, reply.failure.kind)


def _stopped(dead: Mapping[Run, CellRun], limits: Limits) -> list[str]:
    """Sentences about the cells that were left out, by why."""
    late = [run for run, cell in dead.items() if cell.failure and cell.failure.kind == "TimedOut"]
    ended = [run for run in dead if run not in late]
    sentences = []
    if late:
        sentences.append(f"{_places(late)} didn't finish within {limits.cell_seconds:g} s and was left out.")
    if ended:
        sentences.append(f"{_places(ended)} ended the Python process (too much memory, or a crash) and was left out.")
    return sentences


def _places(runs: Sequence[Run], most: int = 10) -> str:
    names = ["the setup" if run.place is None else str(run.place + 1) for run in runs]
    more = f" and {len(names) - most} more, each of which" if len(names) > most else ""
    return f"Code cell {', '.join(names[:most])}{more}"
