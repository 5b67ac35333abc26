"""Grade one submission: bytes and a frozen assignment in, a result out. No disk, no database, no global state.

The cells run in order, in two passes. The first meets no hidden input: everything that people are shown comes from it
(outputs, what visible cases gave, which cells failed), and so do the answers to questions. The second plays every case
of each task where its check cell stands, and only points and verdicts come from it. Were it the first, it could leave
hidden inputs where the other finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from autograder.check.case import Case, Outcome, play
from autograder.check.question import Question
from autograder.course.course import Assignment, CourseLimits, Item, is_extra
from autograder.course.examples import ExamplesTask, review
from autograder.course.source_notebook import answer_id, source_notebook
from autograder.course.task import Task, mixed
from autograder.errors import SandboxError, TimedOut
from autograder.marking.execution import Execution, InSandbox, RunCell
from autograder.marking.left_out import left_out
from autograder.marking.result import ItemResult, Result
from autograder.marking.submission import Expected, Submission, compare_with_release, read_submission
from autograder.marking.verdict import (
    failed_examples,
    judge_examples,
    judge_question,
    judge_task,
    judge_text,
    missing_question,
    not_attempted,
    out_of_time,
    right_where_seen,
    unreached_item,
    unreadable_cell,
    untouched_task,
)
from autograder.plain import Failure
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.host.session import Session
from autograder.sandbox.records import CellRun

MOST_OUTPUT = 32_000_000  # characters of all outputs of one submission
MISSING = "Missing"  # the failure's kind when the namespace holds no such name
CellOutputs = Mapping[int, tuple[dict[str, object], ...]]


@dataclass(frozen=True)
class MarkedSubmission:
    """A graded submission: the result, what was read, and the outputs of its cells by place (if asked for).

    It has `stalled` if anything in it ended by the clock on the wall alone: it waited, or the machine was too busy.
    """

    result: Result
    submission: Submission
    outputs: CellOutputs
    stalled: bool = False


@dataclass(frozen=True)
class CheckItem:
    """A step of the plan: look at an item here."""

    item: Item


@dataclass(frozen=True)
class Look:
    """What the first pass found of an item: why its answer's cell failed, and what the visible cases of a task gave, or
    the result of what is no task or wasn't reached."""

    failure: Failure | None = None
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    result: ItemResult | None = None

    @property
    def missing(self) -> bool:
        """Whether there was no answer."""
        return not_attempted(self.outcomes) if self.result is None else self.result.verdict == "not_attempted"


@dataclass(frozen=True)
class Seen:
    """What the first pass saw. `steps` are those that it reached, in the order for the second; the items in `late` were
    found only at the end; `dead` cells ended their process; `too_long` says how all the time was used up, if it was."""

    looks: Mapping[str, Look]
    steps: tuple[RunCell | CheckItem, ...]
    late: tuple[str, ...]
    dead: Mapping[RunCell, CellRun]
    outputs: CellOutputs
    too_long: type[TimedOut] | None
    stalled: bool


class Marker:
    """Grades submissions of one assignment, one at a time, in one sandbox."""

    def __init__(self, assignment: Assignment, sandbox: Sandbox, limits: CourseLimits) -> None:
        self.assignment = assignment
        self.sandbox = sandbox
        self.limits = limits
        self.release = release_cells(assignment)

    def mark(self, data: bytes, name: str, executed: bool = False) -> MarkedSubmission:
        """Grade the notebook in `data`. With `executed`, the outputs of its cells are recorded too.

        Raises nothing that depends on the submission: whatever it holds, there is a result that says what was found.
        """
        submission = read_submission(data)
        plan = self._plan(submission)
        seen = self._see(plan, submission, MOST_OUTPUT if executed else 0)
        items, stalled = self._score(seen)
        ordered = tuple(replace(items[id], extra=is_extra(item)) for id, item in self.assignment.items.items())
        problems = (
            *submission.problems,
            *compare_with_release(submission, self.release),
            *left_out(seen.dead, seen.too_long, self.limits),
            *(f"{id} was found only below its check cell; it was checked at the end." for id in seen.late),
        )
        points = sum(item.points for item in ordered)
        result = Result(
            name, self.assignment.name, points, self.assignment.max_points, self.sandbox.isolation, problems, ordered
        )
        return MarkedSubmission(result, submission, seen.outputs, seen.stalled or stalled)

    def _plan(self, submission: Submission) -> tuple[RunCell | CheckItem, ...]:
        """The student's code cells in their order, and each item at the place of its (last) check cell.

        The check cells' own text is never run. A fixed cell runs as the course wrote it; plots don't run, since
        drawing them again earns nothing. What has no place left in the notebook comes at the end.
        """
        items = self.assignment.items
        plan: list[RunCell | CheckItem] = []
        if not submission.find("setup") and "setup" in self.release:
            plan.append(RunCell(None, self.release["setup"].source, "setup"))
        for place, cell in enumerate(submission.cells):
            grade_id = cell.grade_id or ""
            fixed = self.release.get(grade_id)
            if grade_id in items:
                if place == submission.find(grade_id)[-1]:
                    plan.append(CheckItem(items[grade_id]))
            elif fixed is not None and fixed.locked:
                if grade_id == "setup":
                    plan.append(RunCell(place, fixed.source, "setup"))
            elif cell.kind == "code" and cell.source.strip():
                plan.append(RunCell(place, cell.source, cell.grade_id))
        placed = {step.item.id for step in plan if isinstance(step, CheckItem)}
        return (*plan, *(CheckItem(item) for item in items.values() if item.id not in placed))

    @contextmanager
    def _execution(self, room: int, dead: Mapping[RunCell, CellRun] | None = None) -> Iterator[Execution]:
        execution = Execution(self.sandbox, self.limits, room, runs=dict(dead or {}))
        try:
            yield execution
        finally:
            execution.end()

    def _steps(self, plan: Sequence[RunCell | CheckItem], execution: Execution) -> Iterator[CheckItem]:
        for step in plan:
            if isinstance(step, CheckItem):
                yield step
            elif step not in execution.runs:
                execution.run(step)

    def _see(self, plan: Sequence[RunCell | CheckItem], submission: Submission, room: int) -> Seen:
        looks: dict[str, Look] = {}
        late: dict[str, Look] = {}
        with self._execution(room) as execution:
            for step in self._steps(plan, execution):
                looks[step.item.id] = self._look(step.item, submission, execution, looks)
            too_long = execution.out_of_time
            # What wasn't there at its check cell may stand below it: cells get moved.
            for item in [item for id, item in self.assignment.items.items() if looks[id].missing]:
                again = self._look(item, submission, execution, looks)
                if not execution.out_of_time and not again.missing:
                    late[item.id] = again
            stalled = execution.stalled
        dead = {run: shown for run, shown in execution.runs.items() if run not in execution.done}
        outputs = {run.place: cell.outputs for run, cell in execution.runs.items() if run.place is not None}
        there = [
            step
            for step in plan
            if (step.item.id not in late if isinstance(step, CheckItem) else step in execution.runs)
        ]
        steps = (*there, *(CheckItem(self.assignment.items[id]) for id in late))
        return Seen(looks | late, steps, tuple(late), dead, outputs, too_long, stalled)

    def _look(self, item: Item, submission: Submission, execution: Execution, looks: Mapping[str, Look]) -> Look:
        if isinstance(item, Question) and item.kind == "free":
            return Look(result=_answered_text(item, submission))
        if execution.out_of_time:
            return Look(result=unreached_item(item))
        failure = _answer_failure(item, execution)
        if isinstance(item, Task):
            right = {id for id, look in looks.items() if _right_where_seen(self.assignment.items[id], look)}
            public = [case for case in item.cases if case.public]
            return Look(failure, _play(item, public, execution, _stand_ins(item, right)))
        result = (
            _answered_question(item, execution, failure)
            if isinstance(item, Question)
            else _answered_examples(item, execution, failure)
        )
        return Look(failure, result=_in_time(result, execution))

    def _score(self, seen: Seen) -> tuple[dict[str, ItemResult], bool]:
        """The result of each item, those of tasks with an answer from the second pass; whether that stalled."""
        results: dict[str, ItemResult] = {}
        for id, look in seen.looks.items():
            item = self.assignment.items[id]
            if look.result is not None:
                results[id] = look.result
            elif isinstance(item, Task) and look.missing:
                results[id] = _without_answer(item, look)
        with self._execution(0, seen.dead) as execution:
            steps = self._steps(seen.steps, execution)
            while len(results) < len(seen.looks):
                item = next(steps).item
                if isinstance(item, Task) and item.id not in results:
                    results[item.id] = _in_time(_scored_task(item, seen.looks[item.id], execution, results), execution)
            return results, execution.stalled


def release_cells(assignment: Assignment) -> dict[str, Expected]:
    """What the release holds under each grade_id."""
    cells = source_notebook(assignment)["cells"]
    marked = [(cell, cell["metadata"]["nbgrader"]) for cell in cells if "nbgrader" in cell["metadata"]]
    return {marks["grade_id"]: Expected(cell["cell_type"], cell["source"], marks["locked"]) for cell, marks in marked}


def _right_where_seen(item: Item, look: Look) -> bool:
    return isinstance(item, Task) and look.result is None and right_where_seen(item, look.outcomes)


def _stand_ins(task: Task, right: Collection[str]) -> dict[str, Callable[..., Any]]:
    """The course's functions for what this task uses and the student hasn't got right."""
    return {name: function for name, function in task.uses.items() if name not in right}


def _define(functions: Mapping[str, Callable[..., Any]], seconds: Callable[[], float], session: Session) -> None:
    for name, function in functions.items():
        session.define(name, function, seconds())


def _play(
    task: Task, cases: Sequence[Case], execution: Execution, stand_ins: Mapping[str, Callable[..., Any]]
) -> dict[str, Outcome]:
    """The outcome of each case. After one that ends the child, this task's other cases count as ended too.

    A child that was given a stand-in ends with the task: it would pass for the student's own at that item's check.
    """
    outcomes: dict[str, Outcome] = {}
    try:
        execution.ask(partial(_define, stand_ins, execution.seconds))
        for case in cases:
            outcomes[case.name] = execution.ask(partial(_play_one, case, task.id, execution.seconds))
    except SandboxError as error:
        ended = Outcome(failure=_as_failure(error))
        return {case.name: outcomes.get(case.name, ended) for case in cases}
    if stand_ins:
        execution.end()
    return outcomes


def _play_one(case: Case, name: str, seconds: Callable[[], float], session: Session) -> Outcome:
    session.retire_functions()
    return play(case, name, InSandbox(session, seconds))


def _answer_failure(item: Item, execution: Execution) -> Failure | None:
    """Why the cell that should define the answer failed, if it did."""
    for run, cell in execution.runs.items():
        if run.grade_id == answer_id(item.id) and cell.failure is not None:
            lines = run.source.count("\n") + 1
            line = cell.failure.line if cell.failure.line and 0 < cell.failure.line <= lines else None
            return Failure(cell.failure.kind, "", line)
    return None


def _answered_text(question: Question, submission: Submission) -> ItemResult:
    places = submission.find(question.id)
    return judge_text(question, submission.cells[places[-1]].source if places else None)


def _answered_question(question: Question, execution: Execution, failure: Failure | None) -> ItemResult:
    try:
        reply = execution.ask(lambda session: session.value(question.id, execution.seconds()))
    except SandboxError as error:
        return unreadable_cell(question, _as_failure(error))
    if reply.failure is not None:
        return unreadable_cell(question, failure) if failure else missing_question(question)
    return judge_question(question, reply.value)


def _answered_examples(task: ExamplesTask, execution: Execution, failure: Failure | None) -> ItemResult:
    try:
        reply = execution.ask(lambda session: session.call(task.id, (), seconds=execution.seconds()))
    except SandboxError as error:
        return failed_examples(task, type(error).__name__)
    if reply.failure is None:
        return judge_examples(task, review(task, reply.value))
    if reply.failure.kind == MISSING and failure:
        return unreadable_cell(task, failure)
    return failed_examples(task, reply.failure.kind)


def _without_answer(task: Task, look: Look) -> ItemResult:
    absent = any(outcome.failure and outcome.failure.kind == MISSING for outcome in look.outcomes.values())
    return unreadable_cell(task, look.failure) if absent and look.failure else untouched_task(task)


def _scored_task(task: Task, look: Look, execution: Execution, earlier: Mapping[str, ItemResult]) -> ItemResult:
    if execution.out_of_time:
        return unreached_item(task)
    right = {id for id, item in earlier.items() if item.verdict == "correct"}
    return judge_task(task, _play(task, mixed(task.cases), execution, _stand_ins(task, right)), look.outcomes)


def _in_time(result: ItemResult, execution: Execution) -> ItemResult:
    return out_of_time(result) if execution.out_of_time and result.verdict == "timeout" else result


def _as_failure(error: SandboxError) -> Failure:
    return Failure(type(error).__name__)
