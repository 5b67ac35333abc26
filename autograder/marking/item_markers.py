"""How each kind of item is marked: what a look in the first pass finds, and what the second pass makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from autograder.answers.case import Case, Outcome, play
from autograder.answers.diagnose import parted
from autograder.answers.question import Question
from autograder.course.course import Item
from autograder.course.examples_task import ExamplesTask, review
from autograder.course.source_notebook import answer_id
from autograder.course.task import Task, mixed
from autograder.definitions import OF_STUBS, UNFINISHED, misspelt
from autograder.errors import SandboxError
from autograder.marking.definition import Definition, defined_below, definition, unwritten_methods
from autograder.marking.execution import Execution, InSandbox
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
    wrong_where_seen,
)
from autograder.plain import Failure
from autograder.result import ItemResult, Verdict
from autograder.sandbox.host.session import Session
from autograder.sandbox.records import Reply
from autograder.submission.free_text import FoundText, find_text
from autograder.submission.released_cells import Released
from autograder.submission.submitted_notebook import Submission

MISSING = "Missing"  # the failure's kind when the namespace holds no such name


@dataclass(frozen=True)
class Look:
    """What the first pass found of an item: its result where that is settled, else what its visible cases gave.

    `missing`: there was no answer; `right`: every visible case of a task gave what is expected; `unsteady` are those
    that came out otherwise when they were played once more. `remark` is what there is to say if a task turns out wrong
    in a way that has no name; `text`: what was found of a free text.
    """

    result: ItemResult | None = None
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    missing: bool = False
    right: bool = False
    unsteady: tuple[str, ...] = ()
    remark: str = ""
    text: FoundText | None = None


class ItemMarker(Protocol):
    """Marks one item. `right` names the tasks that the student has got right so far, as far as is known then."""

    def look(self, submission: Submission, execution: Execution, right: Collection[str]) -> Look: ...
    def score(self, look: Look, execution: Execution, right: Collection[str]) -> ItemResult: ...


def item_marker(item: Item, released: Released, known: Collection[str]) -> ItemMarker:
    """The marker for an item's kind; `known` are the names of all items."""
    if isinstance(item, Task):
        return TaskMarker(item, known)
    if isinstance(item, ExamplesTask):
        return ExamplesMarker(item, known)
    return TextMarker(item, released) if item.kind == "free" else QuestionMarker(item, known)


class Settled:
    """The kinds of items that the first look settles: they have no hidden case."""

    def score(self, look: Look, execution: Execution, right: Collection[str]) -> ItemResult:  # noqa: ARG002
        assert look.result is not None
        return look.result


@dataclass(frozen=True)
class TextMarker(Settled):
    """A text that a person reads."""

    question: Question
    released: Released

    def look(self, submission: Submission, execution: Execution, right: Collection[str]) -> Look:  # noqa: ARG002
        found = find_text(submission, self.released, self.question.id)
        return replace(_settled(judge_text(self.question, found)), text=found)


@dataclass(frozen=True)
class QuestionMarker(Settled):
    """A question whose answer is a variable."""

    question: Question
    known: Collection[str]

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
            if failure:
                return unreadable_cell(self.question, failure)
            return _or_misspelt(missing_question(self.question), definition(self.question.id, self.known, execution))
        return judge_question(self.question, reply.value)


@dataclass(frozen=True)
class ExamplesMarker(Settled):
    """A task whose answer is examples: the host checks them, so that nothing is hidden from a pass."""

    task: ExamplesTask
    known: Collection[str]

    def look(self, submission: Submission, execution: Execution, right: Collection[str]) -> Look:  # noqa: ARG002
        if execution.out_of_time:
            return Look(unreached_item(self.task))
        seconds, stand_ins = execution.limits.call_seconds, _stand_ins(self.task, right)
        try:
            execution.ask(partial(_define, stand_ins, seconds))
            reply = execution.ask(lambda session: session.call(self.task.id, (), seconds=seconds))
        except SandboxError as error:
            return _settled(_in_time(failed_examples(self.task, type(error).__name__), execution))
        look = _settled(_in_time(self._result(reply, execution), execution))
        if stand_ins:
            execution.end()
        return replace(look, outcomes={"the examples": Outcome(failure=reply.failure)})

    def _result(self, reply: Reply, execution: Execution) -> ItemResult:
        if reply.failure is None:
            result = judge_examples(self.task, review(self.task, reply.value))
            found = Definition() if result.points else definition(self.task.id, self.known, execution)
            return _or_misspelt(failed_examples(self.task, UNFINISHED), found) if found.stub else result
        failure = answer_failure(self.task, execution)
        if reply.failure.kind == MISSING and failure:
            return unreadable_cell(self.task, failure)
        result = failed_examples(self.task, reply.failure.kind)
        unwritten = result.verdict == "not_attempted"
        return _or_misspelt(result, definition(self.task.id, self.known, execution)) if unwritten else result


@dataclass(frozen=True)
class TaskMarker:
    """A coding task: the first look plays its visible cases, all of them are played for the score."""

    task: Task
    known: Collection[str]

    def look(self, submission: Submission, execution: Execution, right: Collection[str]) -> Look:
        if execution.out_of_time:
            return Look(unreached_item(self.task))
        failure = answer_failure(self.task, execution)
        public = [case for case in self.task.cases if case.public]
        outcomes = _play(self.task, public, execution, _stand_ins(self.task, right))
        all_right = right_where_seen(self.task, outcomes)
        found = Definition() if all_right else definition(self.task.id, self.known, execution)
        missing = not_attempted(outcomes) or (found.stub and wrong_where_seen(self.task, outcomes))
        result = self._without_answer(outcomes, failure, found) if missing else None
        unsteady = () if missing or all_right else self._unsteady(public, outcomes, execution, right)
        remark = unwritten_methods(self.task, found) or defined_below(self.task.id, outcomes, submission)
        return Look(result, outcomes, missing, all_right, unsteady, remark)

    def _unsteady(
        self, cases: Sequence[Case], outcomes: Mapping[str, Outcome], execution: Execution, right: Collection[str]
    ) -> tuple[str, ...]:
        ended = [case for case in cases if outcomes[case.name].failure is None]
        again = _play(self.task, ended, execution, _stand_ins(self.task, right))
        return tuple(parted(outcomes, again))

    def _without_answer(
        self, outcomes: Mapping[str, Outcome], failure: Failure | None, found: Definition
    ) -> ItemResult:
        absent = any(outcome.failure and outcome.failure.kind == MISSING for outcome in outcomes.values())
        if absent and failure:
            return unreadable_cell(self.task, failure)
        result = untouched_task(self.task)
        return _or_misspelt(replace(result, message=unwritten_methods(self.task, found) or result.message), found)

    def score(self, look: Look, execution: Execution, right: Collection[str]) -> ItemResult:
        if execution.out_of_time:
            return unreached_item(self.task)
        got = _play(self.task, mixed(self.task.cases), execution, _stand_ins(self.task, right))
        result = judge_task(self.task, got, look.outcomes, look.unsteady)
        if look.remark and (result.misconception in OF_STUBS or result.verdict in ("partial", "wrong", "error")):
            verdict: Verdict = "error" if result.verdict == "error" else "partial" if result.points else "wrong"
            result = replace(result, verdict=verdict, misconception=None, message=look.remark)
        return _in_time(result, execution)


def _or_misspelt(result: ItemResult, found: Definition) -> ItemResult:
    """The result of an item that isn't there, with the name that may be meant."""
    return replace(result, message=misspelt(result.id, found.similar, found.stub)) if found.similar else result


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
    """Why the cell that should define the answer failed, if it did: the cell for it, or another that holds it."""
    own = answer_id(item.id)
    holds = re.compile(rf"^[ \t]*(?:def|class)[ \t]+{item.id}\b|^[ \t]*{item.id}[ \t]*=(?!=)", re.MULTILINE)
    for run, cell in sorted(execution.runs.items(), key=lambda ran: ran[0].grade_id != own):
        if cell.failure is not None and (run.grade_id == own or holds.search(run.source)):
            lines = run.source.count("\n") + 1
            line = cell.failure.line if cell.failure.line and 0 < cell.failure.line <= lines else None
            return Failure(cell.failure.kind, "", line)
    return None


def _in_time(result: ItemResult, execution: Execution) -> ItemResult:
    return out_of_time(result) if execution.out_of_time and result.verdict == "timeout" else result


def _as_failure(error: SandboxError) -> Failure:
    return Failure(type(error).__name__)
