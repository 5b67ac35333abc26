"""What there is of an answer: whether it is written at all, and what may be meant where it isn't there.

A submission says so itself, as it says what its functions return. It is believed only where no visible case is right,
and for what is said to its reader: a lie costs its own points.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from autograder.answers.case import Outcome
from autograder.course.task import Task
from autograder.definitions import LONGEST_NAME, still_to_write
from autograder.errors import SandboxError
from autograder.marking.execution import Execution
from autograder.plain import Failure
from autograder.submission.submitted_notebook import Submission

UNDEFINED = re.compile(rf"name '(\w{{1,{LONGEST_NAME}}})' is not defined")


@dataclass(frozen=True)
class Definition:
    """Whether it is a stub; of a class that is partly written, its stubs; of what isn't there, the name that may be
    meant."""

    stub: bool = False
    stubs: tuple[str, ...] = ()
    similar: str = ""


def definition(id: str, known: Collection[str], execution: Execution) -> Definition:
    """What stands behind the name `id` in the submission; nothing is known where it doesn't answer in form."""
    try:
        seconds = execution.limits.call_seconds
        reply = execution.ask(lambda session: session.definition(id, sorted(known), seconds))
    except SandboxError:
        return Definition()
    told = reply.value
    if type(told) is not list or [type(part) for part in told] != [bool, list, str]:
        return Definition()
    stub, stubs, similar = told
    return Definition(stub, tuple(dict.fromkeys(filter(_is_name, stubs[:20]))), similar if _is_name(similar) else "")


def _is_name(text: object) -> bool:
    return type(text) is str and len(text) <= LONGEST_NAME and text.isidentifier() and text.isprintable()


def unwritten_methods(task: Task, found: Definition) -> str:
    """What is said of a class of which the task uses methods that are still stubs; nothing if it uses none."""
    return still_to_write(found.stubs, {step.name for case in task.cases for step in case.steps})


def missing_name(failure: Failure) -> str | None:
    """The name that isn't defined, if that is why something failed."""
    missing = UNDEFINED.match(failure.text) if failure.is_a("NameError") else None
    return missing[1] if missing else None


def defined_below(id: str, outcomes: Mapping[str, Outcome], submission: Submission) -> str:
    """What is said where a visible case misses a name that a cell below the check defines; nothing if none does."""
    failures = [outcome.failure for outcome in outcomes.values() if outcome.failure]
    name = next((missing_name(failure) for failure in failures if failure.is_a("NameError")), None)
    places = submission.find(id)
    if name is None or not places:
        return ""
    defines = re.compile(rf"^(?:(?:async )?def|class) {name}\b|^{name} ?(?::[^=\n]+)?=(?!=)", re.MULTILINE)
    for place, cell in enumerate(submission.cells):
        if place > places[-1] and cell.kind == "code" and defines.search(cell.source):
            return (
                f"Your code uses `{name}`, which cell {place + 1} defines, below the check. The notebook is graded "
                f"from top to bottom: move what defines `{name}` above."
            )
    return ""
