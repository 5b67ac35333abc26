"""From what a submission returned to a verdict and a message; the points come from `points.py`."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Literal

from autograder.answers import question as questions
from autograder.answers.case import Outcome
from autograder.answers.compare import outcome_difference
from autograder.answers.diagnose import diagnose
from autograder.answers.misconception import Name
from autograder.answers.question import Question
from autograder.course.examples_task import ExamplesTask, Review
from autograder.course.task import Task
from autograder.marking.points import Differences, parts_of, parts_of_examples, points_of, points_of_question
from autograder.plain import Failure
from autograder.result import ItemResult, PartResult, Shown, Verdict
from autograder.submission.free_text import FoundText

STOPPED = {
    "TimedOut": "It didn't finish in time. Look for a loop that never ends, or work that grows with each step.",
    "Stalled": (
        "It didn't finish in time, and for most of that time it wasn't computing. Look for something that waits, such "
        "as time.sleep."
    ),
    "Died": "The Python process ended while it ran: too much memory, or a crash.",
    "BadMessage": "What came back couldn't be read as plain data: return numbers, arrays, lists or tuples.",
}
TIMEOUTS = ("TimedOut", "Stalled")
NAMES_OF_ASPECTS = {  # where all values are right: what else was seen
    "unchanged": "ARGUMENT_CHANGED",
    "calls": "OTHER_NUMBER_OF_CALLS",
    "lazy": "READS_AHEAD",
    "memory": "MEMORY_GROWS",
}
OUT_OF_TIME = "The notebook's time was used up before this was checked. Look for the cell that takes so long."


def judge_task(
    task: Task, got: Mapping[str, Outcome], seen: Mapping[str, Outcome], unsteady: Collection[str] = ()
) -> ItemResult:
    """The result of a task from the outcome of each of its cases.

    Points and verdict follow from `got`. Every value, place and exception that is told comes from `seen`, the visible
    cases played in a process that met no hidden one: it could else tell the arguments of a hidden case. `unsteady` are
    those of them that came out otherwise when they were played once more.
    """
    scales = {case.name: case.scale for case in task.cases}
    differences = {
        name: outcome_difference(task.expected[name], outcome, task.tolerance, scales[name])
        for name, outcome in got.items()
    }
    parts = parts_of(task, got, differences)
    if points_of(parts) == task.points:
        return _item(task, "correct", None, "Right in every check.", parts)
    if not_attempted(got):
        return untouched_task(task)
    stopped = _stopped(got)
    if stopped:
        verdict: Verdict = "timeout" if stopped in TIMEOUTS else "error"
        return _item(task, verdict, None, STOPPED[stopped], parts)
    visible = _seen_differences(task, seen)
    diagnosis = diagnose(task.misconceptions, task.compared, got, seen, unsteady)
    if diagnosis:
        result = _item(task, "misconception", diagnosis.id, diagnosis.message, parts)
    else:
        result = _unnamed(task, got, seen, differences, visible, parts)
    return replace(result, shown=_shown(visible, seen, diagnosis))


def _unnamed(
    task: Task,
    got: Mapping[str, Outcome],
    seen: Mapping[str, Outcome],
    differences: Differences,
    visible: Differences,
    parts: tuple[PartResult, ...],
) -> ItemResult:
    points = points_of(parts)
    failing = [case for case in task.cases if differences[case.name]]
    errors = [case for case in failing if got[case.name].failure and not task.expected[case.name].failure]
    if errors and len(errors) == len(failing):
        return _item(task, "partial" if points else "error", None, _error_message(task, seen), parts)
    first_wrong = next((name for name, found in visible.items() if found), None)
    first = visible[first_wrong] if first_wrong else None
    if first and first_wrong and seen[first_wrong].failure and not task.expected[first_wrong].failure:
        message = _error_message(task, seen)
    elif first:
        place = first.place
        message = (
            f"The values differ from the expected ones. Follow {place} by hand."
            if place
            else "What came back isn't what the task asks for. Run the visible case in a cell of your own."
        )
    elif failing:
        message = f"Right in the visible check, not in every hidden one. The hidden checks test: {task.hidden}."
    else:
        lost = [part for part, earned in zip(task.parts, parts, strict=True) if earned.points < part.points]
        message = " ".join(part.says for part in lost) or "Some checks failed."
        return _item(task, "misconception", NAMES_OF_ASPECTS[lost[0].aspect], message, parts)
    return _item(task, "partial" if points else "wrong", None, message, parts)


def right_where_seen(task: Task, seen: Mapping[str, Outcome]) -> bool:
    """Whether every visible case gave what is expected."""
    return not any(_seen_differences(task, seen).values())


def wrong_where_seen(task: Task, seen: Mapping[str, Outcome]) -> bool:
    """Whether no visible case gave what is expected."""
    return all(_seen_differences(task, seen).values())


def _seen_differences(task: Task, seen: Mapping[str, Outcome]) -> Differences:
    return {
        case.name: outcome_difference(task.expected[case.name], seen[case.name], task.tolerance, case.scale)
        for case in task.cases
        if case.name in seen
    }


def not_attempted(got: Mapping[str, Outcome]) -> bool:
    """A stub raises NotImplementedError; what isn't defined at all was not attempted either."""
    failures = [outcome.failure for outcome in got.values()]
    return all(failure is not None and failure.kind in ("NotImplementedError", "Missing") for failure in failures)


def _stopped(got: Mapping[str, Outcome]) -> str | None:
    kinds = [outcome.failure.kind for outcome in got.values() if outcome.failure]
    return next((kind for kind in kinds if kind in STOPPED), None)


def _shown(visible: Differences, seen: Mapping[str, Outcome], diagnosis: Name | None) -> Shown | None:
    """The first difference in the visible cases, of those that show the diagnosis if there is one."""
    for name, found in visible.items():
        if found and (diagnosis is None or name in diagnosis.shown_by):
            return Shown(name, found.sentence + _error_text(seen[name]), found.expected, found.got)
    return None


def _error_text(outcome: Outcome) -> str:
    if outcome.failure is None or not outcome.failure.text:
        return ""
    where = f" (line {outcome.failure.line} of your cell)" if outcome.failure.line else ""
    return f" Python says: {outcome.failure.text[:300]}{where}"


def _error_message(task: Task, seen: Mapping[str, Outcome]) -> str:
    """What was raised, by its class where a visible case raised it."""
    raised = {name: outcome.failure for name, outcome in seen.items() if not task.expected[name].failure}
    name, failure = next(((name, failure) for name, failure in raised.items() if failure), ("", None))
    if failure is None:
        told = "Right in the visible check, but a hidden one made your code raise."
        return f"{told} Think of other shapes, types and lengths."
    kind = class_name(failure)
    if kind in ("NameError", "UnboundLocalError"):
        return (
            f"Your code raised {kind}: it uses a name that isn't defined above its check. "
            "The notebook is run from top to bottom; Restart and Run All shows where."
        )
    return f"Your code raised {kind} in the case '{name}'. Run that call in a cell of your own to see where."


def untouched_task(task: Task) -> ItemResult:
    """A task whose answer is still the stub, or is not there."""
    parts = tuple(PartResult(part.name, 0.0, part.points) for part in task.parts)
    return _item(task, "not_attempted", None, "Not written yet.", parts)


def judge_question(question: Question, answer: Any) -> ItemResult:
    """The result of a question from the plain value of the student's variable."""
    judged = questions.judge(question, answer)
    points = points_of_question(question, judged)
    return ItemResult(
        question.id,
        "question",
        points,
        question.points,
        judged.verdict,
        judged.misconception,
        judged.message,
        answer=_as_read(question, answer),
    )


def _as_read(question: Question, answer: Any) -> str:
    """An answer as it was understood: letters such as "AC", or a number; "" where there is none, or none of these."""
    letters = questions.LETTERS[: len(question.options)]
    if questions.untouched(answer) or questions.form_problem(question.kind, letters, answer):
        return ""
    if question.kind == "numeric":
        return f"{questions.read_number(answer):.12g}"
    return "".join(questions.read_letters(answer, letters) or ())


def judge_examples(task: ExamplesTask, found: Review) -> ItemResult:
    """The result of an examples task: some points for valid pairs, the rest for the wrong programs they reject."""
    parts = parts_of_examples(task, found)
    targets = len(task.targets)
    if points_of(parts) == task.points:
        message = f"All your examples are valid, and together they reject all {targets} known wrong programs."
        return _item(task, "correct", None, message, parts)
    if found.misconception:
        return _item(task, "misconception", found.misconception, found.problem or "", parts)
    verdict: Verdict = "partial" if points_of(parts) else "wrong"
    return _item(task, verdict, None, found.problem or parts[-1].says, parts)


def failed_examples(task: ExamplesTask, failure_kind: str) -> ItemResult:
    """The result of an examples task whose function raised or never came back."""
    parts = (
        PartResult("valid", 0.0, task.valid_points),
        PartResult("thorough", 0.0, task.points - task.valid_points),
    )
    if failure_kind in ("NotImplementedError", "Missing"):
        return _item(task, "not_attempted", None, "Not written yet.", parts)
    verdict: Verdict = "timeout" if failure_kind in TIMEOUTS else "error"
    message = STOPPED.get(failure_kind, "Your function raised an exception. Run it in a cell of your own to see where.")
    return _item(task, verdict, None, message, parts)


def judge_text(question: Question, found: FoundText) -> ItemResult:
    """A free-text answer: a person reads it, unless there is none."""
    if found.text:
        return nothing_checked(question, "needs_review", "Your text will be read and graded by your instructor.")
    if found.elsewhere:
        cell = "missing" if found.place is None else "empty"
        message = (
            f"The cell for your answer is {cell}, but other cells hold text that may be your answer. Your instructor "
            "will read it."
        )
        return nothing_checked(question, "needs_review", message)
    if found.place is None:
        return missing_question(question)
    return nothing_checked(question, "not_attempted", "No answer yet.")


def missing_question(question: Question) -> ItemResult:
    """A question whose answer is gone from the notebook."""
    return nothing_checked(question, "not_attempted", "No answer was found: the cell that holds it is missing.")


def unreadable_cell(item: Task | ExamplesTask | Question, failure: Failure) -> ItemResult:
    """An item whose answer cell could not be run; of the exception only class and line are told."""
    if failure.kind in STOPPED:
        verdict: Verdict = "timeout" if failure.kind in TIMEOUTS else "error"
        message = STOPPED[failure.kind]
    elif failure.kind == "NotImplementedError":
        verdict, message = "not_attempted", "Not written yet."
    else:
        where = f" in line {failure.line}" if failure.line else ""
        raised = f"{class_name(failure)}{where}"
        verdict, message = "error", f"The cell with your answer raised {raised}, so there was nothing to check."
    return nothing_checked(item, verdict, message)


def unreached_item(item: Task | ExamplesTask | Question) -> ItemResult:
    """An item that no time was left for."""
    return nothing_checked(item, "timeout", OUT_OF_TIME)


def out_of_time(result: ItemResult) -> ItemResult:
    """The result of an item during which the submission's time ran out: the item itself may be quick enough."""
    return replace(result, message=OUT_OF_TIME)


def nothing_checked(item: Task | ExamplesTask | Question, verdict: Verdict, message: str) -> ItemResult:
    """The result, without a point, of an item of which nothing could be checked."""
    kind: Literal["task", "question"] = "question" if isinstance(item, Question) else "task"
    return ItemResult(item.id, kind, 0.0, item.points, verdict, None, message)


def class_name(failure: Failure) -> str:
    """The exception's class if it is one of Python's own: a name that a submission made could tell something."""
    return failure.kind if isinstance(getattr(builtins, failure.kind, None), type) else "an exception"


def _item(
    task: Task | ExamplesTask,
    verdict: Verdict,
    misconception: str | None,
    message: str,
    parts: tuple[PartResult, ...],
) -> ItemResult:
    return ItemResult(task.id, "task", points_of(parts), task.points, verdict, misconception, message, parts)
