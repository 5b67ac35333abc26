"""Mark one submission: what was read and a frozen assignment in, a result out. No disk, no database, no global state.

The cells run in order, in two passes. The first meets no hidden input: everything that people are shown comes from it
(outputs, what visible cases gave, which cells failed), and so do the answers to questions. The second plays every case
of each task where its check cell stands, and only points and verdicts come from it. Were it the first, it could leave
hidden inputs where the other finds them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from autograder.course.course import Assignment, CourseLimits
from autograder.errors import TimedOut
from autograder.marking.execution import Execution, RunCell
from autograder.marking.free_text import FoundText
from autograder.marking.item_markers import Look, answer_failure, item_marker
from autograder.marking.notes import left_out, other_python
from autograder.marking.released_cells import SETUP, differences, is_changed, recognised, released_cells_of
from autograder.marking.result import ItemResult, Result
from autograder.marking.submitted_notebook import Submission
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import CellRun

MOST_OUTPUT = 32_000_000  # characters of all outputs of one submission
MOST_LOANS = 3  # times that a pass is begun anew because a name of a plot was missing
NO_NAME = re.compile(r"name '(\w{1,80})' is not defined")
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
class CheckItem:
    """A step of the plan: look at the item `id` here."""

    id: str


@dataclass(frozen=True)
class Seen:
    """What the first pass saw.

    `steps` are those that it reached, in the order for the second; the items in `late` were found only at the end; the
    cells that hold the answers of those in `failed` raised; `dead` cells ended their process; `unknown` has places, and
    the name that was missing there; of its time it `used` so much, and `too_long` says how, if that is all.
    """

    looks: Mapping[str, Look]
    steps: tuple[RunCell | CheckItem, ...]
    late: tuple[str, ...]
    failed: frozenset[str]
    dead: Mapping[RunCell, CellRun]
    outputs: CellOutputs
    unknown: tuple[tuple[int, str], ...]
    used: float
    too_long: type[TimedOut] | None
    stalled: bool


class Marker:
    """Marks submissions of one assignment, one at a time, in one sandbox."""

    def __init__(self, assignment: Assignment, sandbox: Sandbox, limits: CourseLimits) -> None:
        self.assignment = assignment
        self.sandbox = sandbox
        self.limits = limits
        self.release = released_cells_of(assignment)
        self.markers = {id: item_marker(item, self.release, assignment.items) for id, item in assignment.items.items()}

    def mark(self, submission: Submission, executed: bool = False) -> MarkedSubmission:
        """The result of a submission. With `executed`, the outputs of its cells are recorded too.

        Raises nothing that depends on the submission: whatever it holds, there is a result that says what was found.
        """
        submission, found_again = recognised(submission, self.release)
        seen = self._see_all(submission, MOST_OUTPUT if executed else 0)
        items, stalled = self._score(seen)
        ordered = tuple(replace(items[id], extra=item.extra) for id, item in self.assignment.items.items())
        raised = [
            item for item in ordered if item.verdict == "error" and (item.kind == "task" or item.id in seen.failed)
        ]
        texts = {id: look.text for id, look in seen.looks.items() if look.text}
        problems = (
            *submission.problems,
            *differences(submission, self.release, found_again),
            *(text.note for text in texts.values() if text.note),
            *left_out(seen.dead, seen.too_long, self.limits),
            *(f"{id} was found only below its check cell; it was checked at the end." for id in seen.late),
            *(other_python(submission) if raised else ()),
        )
        points = sum(item.points for item in ordered)
        most, isolation = self.assignment.max_points, self.sandbox.isolation
        result = Result(submission.name, self.assignment.name, points, most, isolation, problems, ordered)
        return MarkedSubmission(result, submission, seen.outputs, seen.stalled or stalled, texts)

    def _plan(self, submission: Submission, lent: Collection[str]) -> tuple[RunCell | CheckItem, ...]:
        """The student's code cells in their order, and each item at the place of its (last) check cell.

        The setup runs as the course wrote it; the plots that are `lent` do so too, the others don't, since drawing
        them again earns nothing. Where a fixed cell was changed, what stands in it now runs as the student's own code.
        What has no place left in the notebook comes at the end.
        """
        items, release = self.assignment.items, self.release.by_id
        plan: list[RunCell | CheckItem] = []
        if not submission.find(SETUP) and SETUP in release:
            plan.append(RunCell(None, release[SETUP].source, SETUP))
        for place, cell in enumerate(submission.cells):
            grade_id = cell.grade_id or ""
            fixed = release.get(grade_id)
            if fixed is not None and (grade_id == SETUP or grade_id in lent):
                plan.append(RunCell(place, fixed.source, grade_id, lent=grade_id != SETUP))
            own = grade_id not in items if fixed is None or not fixed.locked else is_changed(cell, fixed)
            if own and cell.kind == "code" and cell.source.strip():
                plan.append(RunCell(place, cell.source, cell.grade_id))
            if grade_id in items and place == submission.find(grade_id)[-1]:
                plan.append(CheckItem(grade_id))
        placed = {step.id for step in plan if isinstance(step, CheckItem)}
        return (*plan, *(CheckItem(id) for id in items if id not in placed))

    def _to_lend(self, submission: Submission, unknown: Sequence[tuple[int, str]]) -> Iterator[str]:
        """The plots that made the missing names where the student worked: of those above, the nearest."""
        for place, name in unknown:
            above = [cell.grade_id for cell in submission.cells[:place] if cell.grade_id in self.release.makes]
            yield from [id for id in above if id and name in self.release.makes[id]][-1:]

    @contextmanager
    def _execution(self, room: int, dead: Mapping[RunCell, CellRun], used: float = 0.0) -> Iterator[Execution]:
        limits = replace(self.limits, submission_seconds=self.limits.submission_seconds - used)
        execution = Execution(self.sandbox, limits, room, runs=dict(dead))
        try:
            yield execution
        finally:
            execution.end()

    def _steps(self, plan: Sequence[RunCell | CheckItem], execution: Execution) -> Iterator[str]:
        """Run the cells of the plan; each item's id when its turn has come."""
        for step in plan:
            if isinstance(step, CheckItem):
                yield step.id
            elif step not in execution.runs:
                execution.run(step)

    def _see_all(self, submission: Submission, room: int) -> Seen:
        """The first pass, begun anew with the course's plots whose names were missing in it, if there is time: few
        notebooks use them, and drawing takes longer than all the rest."""
        lent: frozenset[str] = frozenset()
        seen = self._see(self._plan(submission, lent), submission, room)
        for _ in range(MOST_LOANS):
            more = lent.union(self._to_lend(submission, seen.unknown))
            if more == lent or seen.too_long or seen.used >= self.limits.submission_seconds:
                break
            lent = more
            again = self._see(self._plan(submission, lent), submission, room, seen)
            stalled = seen.stalled or again.stalled
            if again.too_long:
                return replace(seen, stalled=stalled)
            seen = replace(again, stalled=stalled)
        return seen

    def _see(
        self, plan: Sequence[RunCell | CheckItem], submission: Submission, room: int, before: Seen | None = None
    ) -> Seen:
        """One try of the first pass; it has the time that the tries `before` have left over."""
        looks: dict[str, Look] = {}
        late: dict[str, Look] = {}

        def look(id: str) -> Look:
            right = {id for id, look in looks.items() if look.right}
            return self.markers[id].look(submission, execution, right)

        dead, used = (before.dead, before.used) if before else ({}, 0.0)
        with self._execution(room, dead, used) as execution:
            for id in self._steps(plan, execution):
                looks[id] = look(id)
            too_long = execution.out_of_time
            # What wasn't there at its check cell may stand below it: cells get moved.
            for id in [id for id in self.assignment.items if looks[id].missing]:
                again = look(id)
                if not execution.out_of_time and not again.missing:
                    late[id] = again
            stalled = execution.stalled
        used += execution.used
        failed = frozenset(id for id, item in self.assignment.items.items() if answer_failure(item, execution))
        dead = {run: shown for run, shown in execution.runs.items() if run not in execution.done}
        outputs: dict[int, tuple[dict[str, object], ...]] = {}
        for run, cell in execution.runs.items():
            if run.place is not None and not run.lent:
                outputs[run.place] = (*outputs.get(run.place, ()), *cell.outputs)
        there = {CheckItem(id) for id in looks if id not in late}
        steps = (*(step for step in plan if step in execution.runs or step in there), *map(CheckItem, late))
        unknown = tuple(_unknown_names(execution.runs, looks, submission))
        return Seen(looks | late, steps, tuple(late), failed, dead, outputs, unknown, used, too_long, stalled)

    def _score(self, seen: Seen) -> tuple[dict[str, ItemResult], bool]:
        """The result of each item, those of tasks with an answer from the second pass; whether that stalled."""
        results = {id: look.result for id, look in seen.looks.items() if look.result is not None}
        waiting = [CheckItem(id) for id in seen.looks if id not in results]
        end = max((seen.steps.index(step) + 1 for step in waiting), default=0)
        with self._execution(0, seen.dead) as execution:
            for id in self._steps(seen.steps[:end], execution):
                if id not in results:
                    right = {id for id, result in results.items() if result.verdict == "correct"}
                    results[id] = self.markers[id].score(seen.looks[id], execution, right)
            return results, execution.stalled


def _unknown_names(
    runs: Mapping[RunCell, CellRun], looks: Mapping[str, Look], submission: Submission
) -> Iterator[tuple[int, str]]:
    """Each name that was missing, after the place of the cell, or of the check cell, where it was."""
    failures = [(run.place, cell.failure) for run, cell in runs.items() if run.place is not None and cell.failure]
    for id, look in looks.items():
        place = max(submission.find(id), default=len(submission.cells))
        failures += [(place, outcome.failure) for outcome in look.outcomes.values() if outcome.failure]
    for place, failure in failures:
        name = NO_NAME.match(failure.text) if failure.kind == "NameError" else None
        if name:
            yield place, name[1]
