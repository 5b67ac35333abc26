"""Mark one submission: what was read and a frozen assignment in, a result out. No disk, no database, no global state.

The cells run in order, in two passes. The first meets no hidden input: everything that people are shown comes from it
(outputs, what visible cases gave, which cells failed), and so do the answers to questions. The second plays every case
of each task where its check cell stands, and only points and verdicts come from it. Were it the first, it could leave
hidden inputs where the other finds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from autograder.course.course import Assignment, CourseLimits
from autograder.course.source_notebook import answer_id, source_notebook
from autograder.errors import TimedOut
from autograder.marking.execution import Execution, RunCell
from autograder.marking.item_markers import Look, item_marker
from autograder.marking.left_out_cells import failed_lines, left_out, without_the_slow
from autograder.marking.result import ItemResult, Result
from autograder.marking.slow_cells import slow_cells
from autograder.marking.submitted_notebook import Expected, Submission, compare_with_release
from autograder.plain import Failure
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import CellRun

MOST_OUTPUT = 32_000_000  # characters of all outputs of one submission
CellOutputs = Mapping[int, tuple[dict[str, object], ...]]


@dataclass(frozen=True)
class MarkedSubmission:
    """A marked submission: the result, what was read, and the outputs of its cells by place (if asked for).

    It has `stalled` if anything in it ended by the clock on the wall alone: it waited, or the machine was too busy.
    """

    result: Result
    submission: Submission
    outputs: CellOutputs
    stalled: bool = False


@dataclass(frozen=True)
class CheckItem:
    """A step of the plan: look at the item `id` here."""

    id: str


@dataclass(frozen=True)
class Seen:
    """What the first pass saw. `steps` are those that it reached, in the order for the second; the items in `late` were
    found only at the end; `dead` cells ended their process or were left out; `took` says how many seconds each other
    cell took, and `too_long` how all the time was used up, if it was."""

    looks: Mapping[str, Look]
    steps: tuple[RunCell | CheckItem, ...]
    late: tuple[str, ...]
    runs: dict[RunCell, CellRun]
    dead: Mapping[RunCell, CellRun]
    took: Mapping[RunCell, float]
    too_long: type[TimedOut] | None
    stalled: bool

    def without(self, slow: Sequence[RunCell]) -> dict[RunCell, CellRun]:
        """What to know of the cells that another pass should leave out: the dead ones and the `slow` ones."""
        last = next(reversed(self.runs), None) if self.too_long else None  # it may have ended with all the time
        late = {run: replace(self.runs[run], failure=Failure("TimedOut")) for run in slow}
        return {run: cell for run, cell in self.dead.items() if run != last} | late


@dataclass(frozen=True)
class Scored:
    """What came of the second pass: the results of all items, and how its time was used up, if it was."""

    results: Mapping[str, ItemResult]
    too_long: type[TimedOut] | None
    stalled: bool


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
        self.release = release_cells(assignment)
        self.answers = {answer_id(id) for id in assignment.items}
        self.markers = {id: item_marker(item) for id, item in assignment.items.items()}

    def mark(self, submission: Submission, executed: bool = False) -> MarkedSubmission:
        """The result of a submission. With `executed`, the outputs of its cells are recorded too.

        Raises nothing that depends on the submission: whatever it holds, there is a result that says what was found.
        """
        passes = self._passes(self._plan(submission), submission, MOST_OUTPUT if executed else 0)
        seen, slow, items = passes.seen, passes.slow, passes.scored.results
        ordered = tuple(replace(items[id], extra=item.extra) for id, item in self.assignment.items.items())
        problems = (
            *submission.problems,
            *compare_with_release(submission, self.release),
            *without_the_slow(slow, passes.too_long, self.limits),
            *left_out({run: cell for run, cell in seen.dead.items() if run not in slow}, seen.too_long, self.limits),
            *failed_lines(seen.runs, self.answers),
            *(f"{id} was found only below its check cell; it was checked at the end." for id in seen.late),
        )
        points = sum(item.points for item in ordered)
        most, isolation = self.assignment.max_points, self.sandbox.isolation
        result = Result(submission.name, self.assignment.name, points, most, isolation, problems, ordered)
        outputs = {run.place: cell.outputs for run, cell in seen.runs.items() if not run.only_definitions}
        shown = {place: items for place, items in outputs.items() if place is not None}
        return MarkedSubmission(result, submission, shown, passes.stalled)

    def _passes(self, plan: Sequence[RunCell | CheckItem], submission: Submission, room: int) -> Passes:
        """Both passes. The one that runs out of time is made once more without what is known to be slow."""
        seen = first = self._see(plan, submission, room, {})
        slow: list[RunCell] = []
        if first.too_long:
            slow = self._slow(first)
            known = first.without(slow)
            seen = self._see(plan, submission, room, known) if known else first
        scored = self._score(seen)
        too_long, stalled = first.too_long, first.stalled or seen.stalled or scored.stalled
        if scored.too_long and not too_long:
            slow = self._slow(first)
            if slow:
                too_long, seen = scored.too_long, replace(first, dead=first.without(slow))
                scored = self._score(seen)
        return Passes(seen, scored, slow, too_long, stalled or scored.stalled)

    def _slow(self, seen: Seen) -> list[RunCell]:
        return slow_cells(seen.took, self.answers, self.limits.submission_seconds)

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
                    plan.append(CheckItem(grade_id))
            elif fixed is not None and fixed.locked:
                if grade_id == "setup":
                    plan.append(RunCell(place, fixed.source, "setup"))
            elif cell.kind == "code" and cell.source.strip():
                plan.append(RunCell(place, cell.source, cell.grade_id))
        placed = {step.id for step in plan if isinstance(step, CheckItem)}
        return (*plan, *(CheckItem(id) for id in items if id not in placed))

    @contextmanager
    def _execution(self, room: int, known: Mapping[RunCell, CellRun]) -> Iterator[Execution]:
        execution = Execution(self.sandbox, self.limits, room, runs=dict(known))
        try:
            yield execution
        finally:
            execution.end()

    def _steps(self, plan: Sequence[RunCell | CheckItem], execution: Execution) -> Iterator[str]:
        """Run the cells of the plan; each item's id when its turn has come."""
        for step in plan:
            if isinstance(step, CheckItem):
                yield step.id
            else:
                execution.run(step)

    def _see(
        self,
        plan: Sequence[RunCell | CheckItem],
        submission: Submission,
        room: int,
        known: Mapping[RunCell, CellRun],
    ) -> Seen:
        looks: dict[str, Look] = {}
        late: dict[str, Look] = {}

        def look(id: str) -> Look:
            right = {id for id, look in looks.items() if look.right}
            return self.markers[id].look(submission, execution, right)

        with self._execution(room, known) as execution:
            for id in self._steps(plan, execution):
                looks[id] = look(id)
            too_long = execution.out_of_time
            # What wasn't there at its check cell may stand below it: cells get moved.
            for id in [id for id in self.assignment.items if looks[id].missing]:
                again = look(id)
                if not execution.out_of_time and not again.missing:
                    late[id] = again
            stalled = execution.stalled
        runs, done = execution.runs, set(execution.done)
        dead = {run: cell for run, cell in runs.items() if run not in done}
        there = {CheckItem(id) for id in looks if id not in late}
        steps = (*(step for step in plan if step in runs or step in there), *map(CheckItem, late))
        return Seen(looks | late, steps, tuple(late), runs, dead, execution.took, too_long, stalled)

    def _score(self, seen: Seen) -> Scored:
        """The result of each item, those of tasks with an answer from the second pass."""
        results = {id: look.result for id, look in seen.looks.items() if look.result is not None}
        waiting = [CheckItem(id) for id in seen.looks if id not in results]
        end = max((seen.steps.index(step) + 1 for step in waiting), default=0)
        with self._execution(0, seen.dead) as execution:
            for id in self._steps(seen.steps[:end], execution):
                if id not in results:
                    right = {id for id, result in results.items() if result.verdict == "correct"}
                    results[id] = self.markers[id].score(seen.looks[id], execution, right)
            return Scored(results, execution.out_of_time, execution.stalled)


def release_cells(assignment: Assignment) -> dict[str, Expected]:
    """What the release holds under each grade_id."""
    cells = source_notebook(assignment)["cells"]
    marked = [(cell, cell["metadata"]["nbgrader"]) for cell in cells if "nbgrader" in cell["metadata"]]
    return {marks["grade_id"]: Expected(cell["cell_type"], cell["source"], marks["locked"]) for cell, marks in marked}
