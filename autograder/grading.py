"""Grade one submission: bytes and a frozen assignment in, a result out. No disk, no database, no global state.

The cells run in order, and each task is played where its check cell stands. Scores come from one child. What people
are shown (outputs of cells, values of visible cases) comes from a second child that never meets a hidden input; where
nothing is to be shown there is no second child.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from autograder.case import Case, Failure, Outcome, play
from autograder.course import Assignment, Item, Limits, is_extra
from autograder.examples import ExamplesTask, review
from autograder.layout import answer_id, source_notebook
from autograder.notebook import Expected, Submission, compare_with_release, read_submission
from autograder.question import Question
from autograder.result import ItemResult, Result
from autograder.sandbox import CellRun, Sandbox, SandboxError, Session
from autograder.task import Task, mixed
from autograder.verdict import (
    STOPPED,
    failed_examples,
    judge_examples,
    judge_question,
    judge_task,
    judge_text,
    missing_question,
    out_of_time,
    shown_difference,
    unreached_item,
    unreadable_cell,
)
from autograder.walk import InSandbox, Run, Walk

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
class Check:
    """A step of the plan: look at an item here."""

    item: Item


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
            too_long = walk.out_of_time
            late = self._look_again(items, submission, walk)
            items |= late
            dead = {run: shown for run, shown in walk.runs.items() if run not in walk.done}
            reached = [step for step in plan if isinstance(step, Check) or step in walk.runs]
        failing = [item.id for item in items.values() if item.verdict in SHOWABLE]
        outputs: Outputs = {}
        if failing or (executed and walk.showed):
            outputs, told = self._show(reached, dead, failing, items)
            items |= told
        ordered = tuple(replace(items[id], extra=is_extra(item)) for id, item in self.assignment.items.items())
        problems = (
            *submission.problems,
            *compare_with_release(submission, self.release),
            *_stopped(dead, self.limits, too_long),
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
        found = {}
        for item in missed:
            again = self._score(item, submission, walk, items)
            if walk.out_of_time:  # it isn't known what is there
                break
            if again.verdict != "not_attempted":
                found[item.id] = again
        return found

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
        if isinstance(item, Question) and item.kind == "free":
            return _score_text(item, submission)
        if walk.out_of_time:
            return unreached_item(item)
        failure = _untold(_answer_failure(item, walk))
        if isinstance(item, Question):
            result = _score_question(item, walk, failure)
        elif isinstance(item, ExamplesTask):
            result = _score_examples(item, walk, failure)
        else:
            result = _score_task(item, walk, failure, _stand_ins(item, earlier))
        return out_of_time(result) if walk.out_of_time and result.verdict == "timeout" else result

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
        outcomes = _play(item, public, walk, _stand_ins(item, scored))
        return result if walk.out_of_time else replace(result, shown=shown_difference(item, outcomes))


def release_cells(assignment: Assignment) -> dict[str, Expected]:
    """What the release holds under each grade_id."""
    cells = source_notebook(assignment)["cells"]
    marked = [(cell, cell["metadata"]["nbgrader"]) for cell in cells if "nbgrader" in cell["metadata"]]
    return {marks["grade_id"]: Expected(cell["cell_type"], cell["source"], marks["locked"]) for cell, marks in marked}


def _stand_ins(task: Task, earlier: Mapping[str, ItemResult]) -> dict[str, Callable[..., Any]]:
    """The course's functions for what this task uses and the student hasn't got right."""
    right = {id for id, item in earlier.items() if item.verdict == "correct"}
    return {name: function for name, function in task.uses.items() if name not in right}


def _define(functions: Mapping[str, Callable[..., Any]], seconds: Callable[[], float], session: Session) -> None:
    for name, function in functions.items():
        session.define(name, function, seconds())


def _play(
    task: Task, cases: Sequence[Case], walk: Walk, stand_ins: Mapping[str, Callable[..., Any]]
) -> dict[str, Outcome]:
    """The outcome of each case. After one that ends the child, this task's other cases count as ended too.

    A child that was given a stand-in ends with the task: it would pass for the student's own at that item's check.
    """
    outcomes: dict[str, Outcome] = {}
    try:
        for case in cases:
            walk.ask(partial(_define, stand_ins, walk.seconds))
            outcomes[case.name] = walk.ask(partial(_play_one, case, task.id, walk.seconds))
    except SandboxError as error:
        ended = Outcome(failure=_named(error))
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


def _score_text(question: Question, submission: Submission) -> ItemResult:
    places = submission.find(question.id)
    return judge_text(question, submission.cells[places[-1]].source if places else None)


def _score_task(
    task: Task, walk: Walk, failure: Failure | None, stand_ins: Mapping[str, Callable[..., Any]]
) -> ItemResult:
    outcomes = _play(task, mixed(task.cases), walk, stand_ins)
    missing = any(outcome.failure and outcome.failure.kind == MISSING for outcome in outcomes.values())
    return unreadable_cell(task, failure) if missing and failure else judge_task(task, outcomes)


def _score_question(question: Question, walk: Walk, failure: Failure | None) -> ItemResult:
    try:
        reply = walk.ask(lambda session: session.value(question.id, walk.seconds()))
    except SandboxError as error:
        return unreadable_cell(question, _named(error))
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


def _named(error: SandboxError) -> Failure:
    return Failure(type(error).__name__)


def _stopped(dead: Mapping[Run, CellRun], limits: Limits, too_long: bool) -> list[str]:
    """Sentences about the cells that were left out, by why."""
    late = [run for run, cell in dead.items() if cell.failure and cell.failure.kind == "TimedOut"]
    ended = [run for run in dead if run not in late]
    sentences = []
    if late:
        within = "in time" if too_long else f"within {limits.cell_seconds:g} s"
        sentences.append(f"{_places(late)} didn't finish {within} and was left out.")
    if ended:
        sentences.append(f"{_places(ended)} ended the Python process (too much memory, or a crash) and was left out.")
    if too_long:
        sentences.append(
            f"The notebook took longer than {limits.submission_seconds:g} s; what was left by then wasn't run."
        )
    return sentences


def _places(runs: Sequence[Run], most: int = 10) -> str:
    names = ["the setup" if run.place is None else str(run.place + 1) for run in runs]
    more = f" and {len(names) - most} more, each of which" if len(names) > most else ""
    return f"Code cell {', '.join(names[:most])}{more}"
