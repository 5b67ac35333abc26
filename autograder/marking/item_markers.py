"""How each kind of item is marked: what a look in the first pass finds, and what the second pass makes of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from autograder.check.case import Case, Outcome, play
from autograder.check.diagnose import parted
from autograder.check.question import Question
from autograder.course.course import Item
from autograder.course.examples_task import ExamplesTask, review
from autograder.course.source_notebook import answer_id
from autograder.course.task import Task, mixed
from autograder.errors import SandboxError
from autograder.marking.execution import Execution, InSandbox
from autograder.marking.result import ItemResult
from autograder.marking.submitted_notebook import Submission
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
from autograder.sandbox.host.session import Session

MISSING = "Missing"  # the failure's kind when the namespace holds no such name


@dataclass(frozen=True)
class Look:
    """What the first pass found of an item: its result where that is settled, else what its visible cases gave.

    `missing`: there was no answer; `right`: every visible case of a task gave what is expected; `unsteady` are those
    that came out otherwise when they were played once more.
    """

    result: ItemResult | None = None
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    missing: bool = False
    right: bool = False
    unsteady: tuple[str, ...] = ()


class ItemMarker(Protocol):
    """Marks one item. `right` names the tasks that the student has got right so far, as far as is known then."""

    def look(self, submission: Submission, execution: Execution, right: Collection[str]) -> Look: ...
    def score(self, look: Look, execution: Execution, right: Collection[str]) -> ItemResult: ...


def item_marker(item: Item) -> ItemMarker:
    """The marker for an item's kind."""
    if isinstance(item, Task):
        return TaskMarker(item)
    if isinstance(item, ExamplesTask):
        return ExamplesMarker(item)
    return TextMarker(item) if item.kind == "free" else QuestionMarker(item)


class Settled:
    """The kinds of items that the first look settles: they have no hidden case."""

    def score(self, look: Look, execution: Execution, right: Collection[str]) -> ItemResult:  # noqa: ARG002
        assert look.result is not None
        return look.result


@dataclass(frozen=True)
class TextMarker(Settled):
    """A text that a person reads."""

    question: Question

    def look(self, submission: Submission, execution: Execution, right: Collection[str]) -> Look:  # noqa: ARG002
        places = submission.find(self.question.id)
        return _settled(judge_text(self.question, submission.cells[places[-1]].source if places else None))


@dataclass(frozen=True)
class QuestionMarker(Settled):
    """A question whose answer is a variable."""

    question: Question

    def look(self, submission: Submission, execution: Execution, right: Collection[str]) -> Look:  # noqa: ARG002
        if execution.out_of_time:
            return Look(unreached_item(self.question))
        return _settled(_in_time(self._result(execution), execution))

    def _result(self, execution: Execution) -> ItemResult:
        try:
            reply = execution.ask(lambda session: session.value(self.question.id, execution.limits.call_seconds))
        except SandboxError as error:
            return unreadable_cell(self.question, _as_failure(error))
        if reply.failure is not None:
            failure = answer_failure(self.question, execution)
            return unreadable_cell(self.question, failure) if failure else missing_question(self.question)
        return judge_question(self.question, reply.value)


@dataclass(frozen=True)
class ExamplesMarker(Settled):
    """A task whose answer is examples: the host checks them, so that nothing is hidden from a pass."""

    task: ExamplesTask

    def look(self, submission: Submission, execution: Execution, right: Collection[str]) -> Look:  # noqa: ARG002
        if execution.out_of_time:
            return Look(unreached_item(self.task))
        stand_ins = _stand_ins(self.task, right)
        result = _in_time(self._result(execution, stand_ins), execution)
        if stand_ins:
            execution.end()
        return _settled(result)

    def _result(self, execution: Execution, stand_ins: Mapping[str, Callable[..., Any]]) -> ItemResult:
        seconds = execution.limits.call_seconds
        try:
            execution.ask(partial(_define, stand_ins, seconds))
            reply = execution.ask(lambda session: session.call(self.task.id, (), seconds=seconds))
        except SandboxError as error:
            return failed_examples(self.task, type(error).__name__)
        if reply.failure is None:
            return judge_examples(self.task, review(self.task, reply.value))
        failure = answer_failure(self.task, execution)
        if reply.failure.kind == MISSING and failure:
            return unreadable_cell(self.task, failure)
        return failed_examples(self.task, reply.failure.kind)


@dataclass(frozen=True)
class TaskMarker:
    """A coding task: the first look plays its visible cases, all of them are played for the score."""

    task: Task

    def look(self, submission: Submission, execution: Execution, right: Collection[str]) -> Look:  # noqa: ARG002
        if execution.out_of_time:
            return Look(unreached_item(self.task))
        failure = answer_failure(self.task, execution)
        public = [case for case in self.task.cases if case.public]
        outcomes = _play(self.task, public, execution, _stand_ins(self.task, right))
        missing = not_attempted(outcomes)
        result = self._without_answer(outcomes, failure) if missing else None
        right_there = right_where_seen(self.task, outcomes)
        unsteady = () if missing or right_there else self._unsteady(public, outcomes, execution, right)
        return Look(result, outcomes, missing, right_there, unsteady)

    def _unsteady(
        self, cases: Sequence[Case], outcomes: Mapping[str, Outcome], execution: Execution, right: Collection[str]
    ) -> tuple[str, ...]:
        ended = [case for case in cases if outcomes[case.name].failure is None]
        again = _play(self.task, ended, execution, _stand_ins(self.task, right))
        return tuple(parted(outcomes, again))

    def _without_answer(self, outcomes: Mapping[str, Outcome], failure: Failure | None) -> ItemResult:
        absent = any(outcome.failure and outcome.failure.kind == MISSING for outcome in outcomes.values())
        return unreadable_cell(self.task, failure) if absent and failure else untouched_task(self.task)

    def score(self, look: Look, execution: Execution, right: Collection[str]) -> ItemResult:
        if execution.out_of_time:
            return unreached_item(self.task)
        got = _play(self.task, mixed(self.task.cases), execution, _stand_ins(self.task, right))
        return _in_time(judge_task(self.task, got, look.outcomes, look.unsteady), execution)


def _settled(result: ItemResult) -> Look:
    return Look(result, missing=result.verdict == "not_attempted")


def _stand_ins(task: Task | ExamplesTask, right: Collection[str]) -> dict[str, Callable[..., Any]]:
    """The course's functions for what this task uses and the student hasn't got right."""
    return {name: function for name, function in task.uses.items() if name not in right}


def _play(
    task: Task, cases: Sequence[Case], execution: Execution, stand_ins: Mapping[str, Callable[..., Any]]
) -> dict[str, Outcome]:
    """The outcome of each case. After one that ends the child, the cases that follow it count as ended too: of `mixed`
    ones, those that watch memory are the last.

    A child that was given a stand-in ends with the task: it would pass for the student's own at that item's check.
    """
    outcomes: dict[str, Outcome] = {}
    try:
        execution.ask(partial(_define, stand_ins, execution.limits.call_seconds))
        for case in cases:
            outcomes[case.name] = execution.ask(partial(_play_one, case, task.id, execution.limits.call_seconds))
    except SandboxError as error:
        ended = Outcome(failure=_as_failure(error))
        return {case.name: outcomes.get(case.name, ended) for case in cases}
    if stand_ins:
        execution.end()
    return outcomes


def _define(functions: Mapping[str, Callable[..., Any]], seconds: float, session: Session) -> None:
    for name, function in functions.items():
        session.define(name, function, seconds)


def _play_one(case: Case, name: str, seconds: float, session: Session) -> Outcome:
    session.retire_functions()
    return play(case, name, InSandbox(session, seconds))


def answer_failure(item: Item, execution: Execution) -> Failure | None:
    """Why the cell that should define the answer failed, if it did."""
    for run, cell in execution.runs.items():
        if run.grade_id == answer_id(item.id) and cell.failure is not None:
            lines = run.source.count("\n") + 1
            line = cell.failure.line if cell.failure.line and 0 < cell.failure.line <= lines else None
            return Failure(cell.failure.kind, "", line)
    return None


def _in_time(result: ItemResult, execution: Execution) -> ItemResult:
    return out_of_time(result) if execution.out_of_time and result.verdict == "timeout" else result


def _as_failure(error: SandboxError) -> Failure:
    return Failure(type(error).__name__)
