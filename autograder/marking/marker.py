"""Mark one submission: what was read and a frozen assignment in, a result out. No disk, no database, no global state.

The cells run in order, in two passes. The first meets no hidden input: everything that people are shown comes from it
(outputs, what visible cases gave, which cells failed), and so do the answers to questions. The second plays every case
of each task where its check cell stands, and only points and verdicts come from it. Were it the first, it could leave
hidden inputs where the other finds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from autograder.course.course import Assignment, CourseLimits
from autograder.course.source_notebook import answer_id
from autograder.errors import TimedOut, WantsIPython
from autograder.marking.definition import missing_name
from autograder.marking.execution import Execution, RunCell
from autograder.marking.item_markers import Look, answer_failure, item_marker
from autograder.marking.notes import failed_lines, left_out, other_python, without_the_slow
from autograder.marking.plan import CheckItem, Plan, is_plain, plan_of, to_lend
from autograder.marking.slow_cells import slow_cells
from autograder.plain import Failure
from autograder.result import ItemResult, Result
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import CellRun
from autograder.submission.free_text import FoundText
from autograder.submission.released_cells import differences, recognised, released_cells_of
from autograder.submission.submitted_notebook import Submission

MOST_OUTPUT = 32_000_000  # characters of all outputs of one submission
MOST_LOANS = 3  # times that a pass is begun anew because a name of a plot was missing
CellOutputs = Mapping[int, tuple[dict[str, object], ...]]


@dataclass(frozen=True)
class MarkedSubmission:
    """A marked submission: the result, what was read, the outputs of its cells by place (if asked for), and what was
    found for each free text.

    It has `stalled` if anything in it ended by the clock on the wall alone: it waited, or the machine was too busy.
    """

    result: Result
    submission: Submission
    outputs: CellOutputs
    stalled: bool = False
    texts: Mapping[str, FoundText] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What the first pass saw.

    `steps` are those that it reached, in the order for the second; the items in `late` were found only at the end; the
    cells that hold the answers of those in `failed` raised; `dead` cells ended their process or were left out, `took`
    says how many seconds each other cell took; `unknown` has places, and the name that was missing there; of its time
    it `used` so much, and `too_long` says how, if that is all. It was `plain` if children for plain Python did; where
    they didn't, a try in vain took the `vain` seconds.
    """

    looks: Mapping[str, Look]
    steps: Plan
    late: tuple[str, ...]
    failed: frozenset[str]
    runs: dict[RunCell, CellRun]
    dead: Mapping[RunCell, CellRun]
    took: Mapping[RunCell, float]
    unknown: tuple[tuple[int, str], ...]
    used: float
    too_long: type[TimedOut] | None
    stalled: bool
    plain: bool
    vain: float

    def without(self, slow: Sequence[RunCell]) -> dict[RunCell, CellRun]:
        """What to know of the cells that another pass should leave out: the dead ones and the `slow` ones."""
        last = next(reversed(self.runs), None) if self.too_long else None  # it may have ended with all the time
        late = {run: replace(self.runs[run], failure=Failure("TimedOut")) for run in slow}
        return {run: cell for run, cell in self.dead.items() if run != last} | late

    @property
    def outputs(self) -> CellOutputs:
        """What the student's cells showed, by their place."""
        outputs: dict[int, tuple[dict[str, object], ...]] = {}
        for run, cell in self.runs.items():
            if run.place is not None and not run.lent and not run.only_definitions:
                outputs[run.place] = (*outputs.get(run.place, ()), *cell.outputs)
        return outputs


@dataclass(frozen=True)
class Scored:
    """What came of the second pass: the results of all items, how its time was used up, if it was, and the seconds of
    a try in `vain`."""

    results: Mapping[str, ItemResult]
    too_long: type[TimedOut] | None
    stalled: bool
    vain: float


@dataclass(frozen=True)
class Passes:
    """Both passes; without the `slow` cells if, with them, all the time was used up in the way of `too_long`."""

    seen: Seen
    scored: Scored
    slow: Sequence[RunCell]
    too_long: type[TimedOut] | None
    stalled: bool


class Marker:
    """Marks submissions of one assignment, one at a time, in one sandbox."""

    def __init__(self, assignment: Assignment, sandbox: Sandbox, limits: CourseLimits) -> None:
        self.assignment = assignment
        self.sandbox = sandbox
        self.limits = limits
        self.release = released_cells_of(assignment)
        self.answers = {answer_id(id) for id in assignment.items}
        self.markers = {id: item_marker(item, self.release, assignment.items) for id, item in assignment.items.items()}

    def mark(self, submission: Submission, executed: bool = False) -> MarkedSubmission:
        """The result of a submission. With `executed`, the outputs of its cells are recorded too.

        Raises nothing that depends on the submission: whatever it holds, there is a result that says what was found.
        """
        submission, found_again = recognised(submission, self.release)
        passes = self._passes(submission, MOST_OUTPUT if executed else 0)
        seen, slow, items = passes.seen, passes.slow, passes.scored.results
        ordered = tuple(replace(items[id], extra=item.extra) for id, item in self.assignment.items.items())
        raised = [
            item for item in ordered if item.verdict == "error" and (item.kind == "task" or item.id in seen.failed)
        ]
        texts = {id: look.text for id, look in seen.looks.items() if look.text}
        problems = (
            *submission.problems,
            *differences(submission, self.release, found_again),
            *(text.note for text in texts.values() if text.note),
            *without_the_slow(slow, passes.too_long, self.limits),
            *left_out({run: cell for run, cell in seen.dead.items() if run not in slow}, seen.too_long, self.limits),
            *failed_lines(seen.runs, self.answers),
            *(f"{id} was found only below its check cell; it was checked at the end." for id in seen.late),
            *(other_python(submission) if raised else ()),
        )
        points = sum(item.points for item in ordered)
        most, isolation = self.assignment.max_points, self.sandbox.isolation
        result = Result(submission.name, self.assignment.name, points, most, isolation, problems, ordered)
        return MarkedSubmission(result, submission, seen.outputs, passes.stalled, texts)

    def _passes(self, submission: Submission, room: int) -> Passes:
        """Both passes. The one that runs out of time is made once more without what is known to be slow.

        A try in vain with plain Python takes no time from the pass itself, which alone is what the student can know of,
        but from that second chance: together they have the time of three passes.
        """
        seen = first = self._see_all(submission, room, {})
        slow: list[RunCell] = []
        if first.too_long:
            slow = self._slow(first)
            known = first.without(slow)
            seen = self._see_all(submission, room, known, first.vain, plain=False) if known else first
        scored = self._score(seen)
        too_long, stalled = first.too_long, first.stalled or seen.stalled or scored.stalled
        if scored.too_long and not too_long:
            slow = self._slow(first)
            if slow:
                too_long, seen = scored.too_long, replace(first, dead=first.without(slow), plain=False)
                scored = self._score(seen, first.vain + scored.vain)
        return Passes(seen, scored, slow, too_long, stalled or scored.stalled)

    def _slow(self, seen: Seen) -> list[RunCell]:
        return slow_cells(seen.took, self.answers, self.limits.submission_seconds)

    @contextmanager
    def _execution(self, room: int, known: Mapping[RunCell, CellRun], used: float, plain: bool) -> Iterator[Execution]:
        limits = replace(self.limits, submission_seconds=self.limits.submission_seconds - used)
        execution = Execution(self.sandbox, limits, room, plain, runs=dict(known))
        try:
            yield execution
        finally:
            execution.end()

    def _steps(self, plan: Plan, execution: Execution) -> Iterator[str]:
        """Run the cells of the plan; each item's id when its turn has come."""
        for step in plan:
            if isinstance(step, CheckItem):
                yield step.id
            else:
                execution.run(step)

    def _see_all(
        self,
        submission: Submission,
        room: int,
        known: Mapping[RunCell, CellRun],
        used: float = 0.0,
        plain: bool = True,
    ) -> Seen:
        """The first pass, begun anew with the course's plots whose names were missing in it, if there is time: few
        notebooks use them, and drawing takes longer than all the rest."""
        lent: frozenset[str] = frozenset()
        seen = self._see(self._plan(submission, lent), submission, room, known, used, plain)
        for _ in range(MOST_LOANS):
            more = lent.union(to_lend(submission, self.release.makes, seen.unknown))
            if more == lent or seen.too_long or seen.used >= self.limits.submission_seconds:
                break
            lent = more
            again = self._see(self._plan(submission, lent), submission, room, seen.dead, seen.used, plain=False)
            stalled = seen.stalled or again.stalled
            if again.too_long:
                return replace(seen, stalled=stalled)
            seen = replace(again, stalled=stalled, vain=seen.vain)
        return seen

    def _plan(self, submission: Submission, lent: frozenset[str]) -> Plan:
        return plan_of(submission, self.assignment, self.release, lent)

    def _see(
        self,
        plan: Plan,
        submission: Submission,
        room: int,
        known: Mapping[RunCell, CellRun],
        used: float = 0.0,
        plain: bool = True,
        vain: float = 0.0,
    ) -> Seen:
        """One try of the first pass, in children for `plain` Python if they will do; earlier tries have `used` so much
        of its time, and one in `vain` so many seconds more."""
        plain = plain and is_plain(plan)
        with self._execution(room, known, used, plain) as execution:
            try:
                looks, late, too_long = self._look_at_all(plan, submission, execution)
            except WantsIPython:
                execution.end()
                return self._see(plan, submission, room, known, used, plain=False, vain=execution.used)
            stalled = execution.stalled
        used += execution.used
        failed = frozenset(id for id, item in self.assignment.items.items() if answer_failure(item, execution))
        runs, done = execution.runs, set(execution.done)
        dead = {run: cell for run, cell in runs.items() if run not in done}
        there = {CheckItem(id) for id in looks if id not in late}
        steps = (*(step for step in plan if step in runs or step in there), *map(CheckItem, late))
        unknown = tuple(_unknown_names(runs, looks, submission))
        looks |= late
        took = execution.took
        return Seen(looks, steps, tuple(late), failed, runs, dead, took, unknown, used, too_long, stalled, plain, vain)

    def _look_at_all(
        self, plan: Plan, submission: Submission, execution: Execution
    ) -> tuple[dict[str, Look], dict[str, Look], type[TimedOut] | None]:
        """What was seen of each item at its check cell, of which items more was seen at the end, and how the time was
        used up, if it was."""
        looks: dict[str, Look] = {}
        late: dict[str, Look] = {}

        def look(id: str) -> Look:
            right = {other for other, found in looks.items() if found.right}
            return self.markers[id].look(submission, execution, right)

        for id in self._steps(plan, execution):
            looks[id] = look(id)
        too_long = execution.out_of_time
        # What wasn't there at its check cell may stand below it: cells get moved.
        for id in [id for id in self.assignment.items if looks[id].missing]:
            again = look(id)
            if not execution.out_of_time and not again.missing:
                late[id] = again
        return looks, late, too_long

    def _score(self, seen: Seen, used: float = 0.0, vain: float = 0.0) -> Scored:
        """The result of each item, those of tasks with an answer from the second pass; so much of its time is `used`
        by now, and a try in `vain` took so many seconds."""
        results = {id: look.result for id, look in seen.looks.items() if look.result is not None}
        waiting = [CheckItem(id) for id in seen.looks if id not in results]
        end = max((seen.steps.index(step) + 1 for step in waiting), default=0)
        with self._execution(0, seen.dead, used, seen.plain) as execution:
            try:
                for id in self._steps(seen.steps[:end], execution):
                    if id not in results:
                        right = {id for id, result in results.items() if result.verdict == "correct"}
                        results[id] = self.markers[id].score(seen.looks[id], execution, right)
            except WantsIPython:
                execution.end()  # what is shown stays as plain Python gave it: no hidden input may change that
                return self._score(replace(seen, plain=False), used, execution.used)
            return Scored(results, execution.out_of_time, execution.stalled, vain)


def _unknown_names(
    runs: Mapping[RunCell, CellRun], looks: Mapping[str, Look], submission: Submission
) -> Iterator[tuple[int, str]]:
    """Each name that was missing, after the place of the cell, or of the check cell, where it was."""
    failures = [(run.place, cell.failure) for run, cell in runs.items() if run.place is not None and cell.failure]
    for id, look in looks.items():
        place = max(submission.find(id), default=len(submission.cells))
        failures += [(place, outcome.failure) for outcome in look.outcomes.values() if outcome.failure]
    for place, failure in failures:
        name = missing_name(failure) if failure.kind == "NameError" else None
        if name:
            yield place, name
