"""How many points what came back earns: the only place that decides points."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from autograder.answers.case import Outcome, Part
from autograder.answers.compare import Difference
from autograder.answers.question import Judged, Question
from autograder.course.examples_task import ExamplesTask, Review
from autograder.course.task import Task
from autograder.result import PartResult

Differences = Mapping[str, Difference | None]
NOT_ALONE = "It counts once the values are right."
NOT_YET = "Look at it again once the values are right."


def parts_of(task: Task, got: Mapping[str, Outcome], differences: Differences) -> tuple[PartResult, ...]:
    """Each part with its points."""
    held = [part for part in task.parts if _holds(task, part, got, differences)]
    excused = _excused(task, held, got, differences)
    results = []
    for part in task.parts:
        waits = _waits(task, part, held)
        counts = not waits and (part in held or part in excused)
        told = part.own_kind or part is task.parts[0] or task.parts[0] in held
        says = "" if counts else NOT_ALONE if waits else part.says if told else NOT_YET
        results.append(PartResult(part.name, part.points if counts else 0.0, part.points, says))
    return tuple(results)


def _excused(task: Task, held: Collection[Part], got: Mapping[str, Outcome], differences: Differences) -> list[Part]:
    """Of each two parts that were lost by one cause, a changed argument, which may also make it raise: the cheaper."""
    lost = {part.name: part for part in task.parts if part not in held}
    excused = []
    for part in lost.values():
        failing = [got[case.name] for case in task.cases if case.part == part.name and differences[case.name]]
        same_cause = all(outcome.changed or outcome.failure for outcome in failing)
        if part.excused_by in lost and task.parts[0] in held and same_cause:
            excused.append(min(part, lost[part.excused_by], key=lambda one: one.points))
    return excused


def _waits(task: Task, part: Part, held: Collection[Part]) -> bool:
    """Whether the part can't count yet: to leave things alone, or only to refuse, is no answer by itself."""
    if not part.stands_alone:
        return task.parts[0] not in held
    return _refuses(task, part) and not any(other.stands_alone and not _refuses(task, other) for other in held)


def _refuses(task: Task, part: Part) -> bool:
    """Whether every case of the part expects an exception."""
    cases = [case for case in task.cases if case.part == part.name]
    return part.aspect == "values" and all(task.expected[case.name].failure for case in cases)


def _holds(task: Task, part: Part, got: Mapping[str, Outcome], differences: Differences) -> bool:
    if not all(differences[case.name] is None for case in task.cases if case.part == part.name):
        return False
    return all(part.sees(task.expected[case.name], got[case.name]) for case in task.cases)


def parts_of_examples(task: ExamplesTask, found: Review) -> tuple[PartResult, ...]:
    """Some points for valid pairs, the rest for the share of known wrong programs that they reject."""
    targets = len(task.targets)
    caught, missed = len(found.caught), targets - len(found.caught)
    most = task.points - task.valid_points
    says = f"{missed} of {targets} known wrong programs would pass your examples: vary rows, columns, signs, integers."
    if found.problem:
        says = (
            f"Only right examples are held against the known wrong programs: yours reject {caught} of {targets} so far."
        )
    valid = task.valid_points if found.problem is None else 0.0
    return (
        PartResult("valid", valid, task.valid_points, found.problem or ""),
        PartResult("thorough", _quarter(most * caught / targets), most, says if missed else ""),
    )


def points_of_question(question: Question, judged: Judged) -> float:
    """The share of the question's points that the answer earns."""
    return _quarter(question.points * judged.share)


def points_of(parts: tuple[PartResult, ...]) -> float:
    """What the parts earn together."""
    return sum(part.points for part in parts)


def _quarter(points: float) -> float:
    return math.floor(points * 4 + 1e-9) / 4
