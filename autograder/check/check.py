"""The `check()` of a student's notebook: the visible checks, with the same comparison and diagnosis as the grading.

In a release this is `check.py`, beside `public.json`; numpy and the standard library are all it needs.
"""

from __future__ import annotations

import builtins
import linecache
import sys
import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.answers.case import Case, Outcome, Part, Step, failure_in, play_locally
from autograder.answers.compare import Difference, outcome_difference
from autograder.answers.diagnose import diagnose, parted
from autograder.answers.example_pairs import pairs_problem, shapes_problem
from autograder.answers.question import form_problem, judge, read_letters, read_number, untouched
from autograder.check.feedback_card import Comparison, Feedback, Quoted, blaming, call_to_try, in_case
from autograder.check.kernel import names_from_later, names_in, older_version
from autograder.check.public_json import Public, PublicExamples, PublicQuestion, PublicTask, read_public
from autograder.check.time_limit import OutOfTime, time_limit
from autograder.check.validation import validate, validating
from autograder.definitions import OF_STUBS, UNFINISHED, misspelt, similar_name, still_to_write, unwritten
from autograder.plain import Failure, Opaque, classes_of, failure_of, plain

MOST_TEXT = 300  # characters of an exception's text that are shown
STOPPED = OutOfTime.__name__
NOT_ATTEMPTED, NOT_ANSWERED = "Not attempted", "Not answered yet"
NO_LINE = "Compare your definition with the task's: the names in it, and the number and order of the arguments."
OWN_RAISE = "Your own code raises this: print what the condition above that line looks at."
NO_SETTER = "A property has no value of its own to be set: keep the value under another name, and compute the property."
ANY_ERROR = "Run the call in a cell of your own, and print the values that this line uses."

TRY = {
    "AssertionError": "One of your own `assert` lines says no: print what it compares.",
    "AttributeError": "Is it spelt as where it was made? Print `type(...)` of what stands before the dot in that line.",
    "FloatingPointError": "Print the numbers of that line just before it.",
    "ImportError": "Use only what the first cell of the notebook imports.",
    "IndexError": "Print the index and the length just before that line. The last index is the length minus 1.",
    "KeyError": "Print the keys that are there just before that line.",
    "MemoryError": "Print the shape of the array before it is made.",
    "ModuleNotFoundError": "Use only what the first cell of the notebook imports.",
    "NameError": "Is the name spelt as where you defined it, and was that cell run?",
    STOPPED: "Is there a loop that never ends? Print what its condition looks at, once a round.",
    "RecursionError": "The function calls itself without an end: which call must answer without calling again?",
    "SyntaxError": "Look at that line and at the brackets and quotes of the line before it.",
    "TypeError": "Print `type(...)` of each value in that line, and count the arguments of each call.",
    "UnboundLocalError": "Give the name its first value before that line, in every branch.",
    "ValueError": "Print the `.shape` of every array in that line.",
    "ZeroDivisionError": "Print the divisor just before that line. In which step is it 0?",
    UNFINISHED: "This part is still to be written: replace the line that raises it.",
}
SEEN = {
    "unchanged": "An argument was changed: whoever called still needs it. Work on a copy or build a new array.",
    "calls": "The function that was handed in must be called {wanted} times here; you called it {mine} times.",
    "lazy": "The stream was read ahead: read the next input only when its step is due.",
    "memory": "The object grew while it was used: what is the least that it must keep?",
}


def check(name: str) -> Feedback | None:
    """What the visible checks say about the function, class or answer called `name` in the notebook that asks.

    While nbgrader validates the notebook, nothing; and NotPassed is raised for what isn't passed.
    """
    namespace = sys._getframe(1).f_globals
    if not validating():
        return _checked(name, namespace)
    public = _public()
    extra = isinstance(public, Public) and getattr(public.items.get(name), "extra", False)
    validate(lambda: _checked(name, namespace), optional=extra)
    return None


def written(*names: str) -> bool:
    """Whether all these functions of the notebook that asks are written; prints which ones a cell waits for, if any."""
    namespace = sys._getframe(1).f_globals
    waits_for = [name for name in names if _checked(name, namespace).tone == "open"]
    if waits_for:
        them = "it" if len(waits_for) == 1 else "them"
        print(f"This cell waits for {' and '.join(waits_for)}: write {them} first, then run this cell again.")
    return not waits_for


def _checked(name: str, namespace: Mapping[str, Any]) -> Feedback:
    if not isinstance(name, str):
        return Feedback("check", "warned", "A name in quotes is needed", ('Write it as in check("name").',))
    public = _public()
    if isinstance(public, str):
        return Feedback(name, "warned", "This can't be checked", (public,))
    item = public.items.get(name)
    if item is None:
        return Feedback(name, "warned", "Nothing here has this name", (f"There are: {', '.join(public.items)}.",))
    if isinstance(item, PublicQuestion):
        return _misspelt(_check_question(name, item, namespace.get(name)), namespace, public.items)
    problem = _no_function(name, namespace)
    if problem:
        return _misspelt(problem, namespace, public.items)
    subject = namespace[name]
    card = (
        _check_examples(name, item, subject, public.call_seconds)
        if isinstance(item, PublicExamples)
        else _check_task(name, item, subject, public.call_seconds)
    )
    called = names_in(subject) & set(getattr(item, "uses", ())) if card.tone == "wrong" else set()
    first = [used for used in sorted(called) if _checked(used, namespace).tone == "wrong"]
    return _misspelt(_with_history(blaming(card, first), subject, namespace), namespace, public.items)


def _public() -> Public | str:
    return read_public(Path(__file__).with_name("public.json"))


def _misspelt(card: Feedback, namespace: Mapping[str, Any], known: Collection[str]) -> Feedback:
    """The card; where there is no answer, with the name that may be meant."""
    open_yet = card.headline in (NOT_ATTEMPTED, NOT_ANSWERED)
    similar = similar_name(card.name, namespace, known) if open_yet else ""
    says = (misspelt(card.name, similar, card.name in namespace),)
    return replace(card, paragraphs=says) if similar else card


def _no_function(name: str, namespace: Mapping[str, Any]) -> Feedback | None:
    if name not in namespace:
        says = f"{name} isn't defined yet: run the cell above that defines it, then this one."
        return Feedback(name, "open", NOT_ATTEMPTED, (older_version(name, None, namespace) or says,))
    if not callable(namespace[name]):
        kind = type(namespace[name]).__name__
        says = f"{name} is a value of type {kind}, so it can't be called. Was the name used again for something else?"
        return Feedback(name, "warned", "Not a function", (f"{says} Run the cell that defines it once more.",))
    return None


def _with_history(card: Feedback, subject: Any, namespace: Mapping[str, Any]) -> Feedback:
    """The card, with what the kernel remembers of the cells that made its subject."""
    older = older_version(card.name, subject, namespace)
    if older:
        return replace(card, paragraphs=(older, *card.paragraphs))
    later = names_from_later(card.name, subject, namespace) if card.tone in ("right", "noted") else []
    if not later:
        return card
    listed = ", ".join(f"`{name}`" for name in later)
    says = (
        f"It uses {listed}, which came up only after this check first ran. Grading goes from top to bottom: does what "
        "defines it stand above this cell? Restart and Run All shows it."
    )
    return replace(card, notes=(*card.notes, says))


def _stub_feedback(name: str) -> Feedback:
    return Feedback(name, "open", NOT_ATTEMPTED, ("Write your code in place of the placeholder.",))


def _unfinished(name: str, subject: Any, failure: Failure | None) -> Feedback:
    """The stub is still there, or the function calls another one that is still a stub."""
    line = failure.line if failure else None
    source = _line_of(subject, line) if line else ""
    if not source or UNFINISHED in source:
        return _stub_feedback(name)
    says = Quoted(f"Line {line} calls a function that isn't written yet: {source}")
    return Feedback(name, "open", "Not finished", (says, "Write that function first, then run this check again."))


def _check_question(name: str, question: PublicQuestion, raw: object) -> Feedback:
    if question.kind == "free":
        return Feedback(name, "noted", "A text", ("Your instructor reads it; nothing is checked here.",))
    outcome = _guarded(lambda: Outcome((plain(raw),)))
    answer = outcome.values[0] if outcome.failure is None else Opaque("an object")
    if untouched(answer):
        return Feedback(name, "open", NOT_ANSWERED, ("Write your answer in place of None, and run that cell.",))
    problem = form_problem(question.kind, question.letters, answer)
    if problem:
        return Feedback(name, "warned", "This can't be read as an answer", (problem,))
    if question.full is None:
        given = read_letters(answer, question.letters) if question.letters else [f"{read_number(answer):.10g}"]
        says = f"Your answer is read as {', '.join(given or ())}. Whether it is right, you learn after grading."
        return Feedback(name, "noted", "Answered", (says,))
    judged = judge(question.full, answer)
    if judged.verdict == "correct":
        return Feedback(name, "right", "Right", (judged.message,))
    if judged.share:
        return Feedback(name, "partly", "Partly right", (judged.message,))
    return Feedback(name, "wrong", "Not right yet", (judged.message,))


def _check_examples(name: str, task: PublicExamples, subject: Any, seconds: float) -> Feedback:
    case = Case("your examples", (Step("call"),))
    outcome = _played(case, name, subject, seconds)
    if unwritten(subject)[0]:
        return _stub_feedback(name)
    if outcome.failure is not None:
        stub = outcome.failure.kind == UNFINISHED
        return _stub_feedback(name) if stub else _failed(name, case, subject, outcome.failure, "")
    problem = pairs_problem(outcome.values[0])
    if problem:
        return Feedback(name, "warned", "These can't be read as examples", (problem,))
    shapes = shapes_problem(outcome.values[0], task.of) if task.like_x else None
    if shapes:
        return Feedback(name, "wrong", "Not right yet", (shapes,))
    count = len(outcome.values[0])
    says = (
        f"{count} example{'s' if count > 1 else ''} for {task.of}: the form is right, nothing else is checked here. "
        f"Grading tests: {task.hidden.rstrip('.')}. Right examples earn {task.valid_points:g} of {task.points:g} "
        "points, the wrong programs that they reject earn the rest."
    )
    return Feedback(name, "noted", "Your examples can be read", (says,))


def _check_task(name: str, task: PublicTask, subject: Any, seconds: float) -> Feedback:
    got: dict[str, Outcome] = {}
    for case in task.cases:
        got[case.name] = outcome = _played(case, name, subject, seconds)
        if outcome.failure and outcome.failure.kind == STOPPED:
            return _failed(name, case, subject, outcome.failure, "")
    stub, stubs = unwritten(subject)
    unfinished = still_to_write(stubs, {step.name for case in task.cases for step in case.steps})
    failures = [outcome.failure for outcome in got.values()]
    if not unfinished and all(failure is not None and failure.kind == UNFINISHED for failure in failures):
        return _unfinished(name, subject, failures[0])
    differences = {
        case.name: outcome_difference(task.expected[case.name], got[case.name], task.tolerance, case.scale)
        for case in task.cases
    }
    seen = [says for part in task.parts for says in _seen(part, task, got)]
    if not seen and not any(differences.values()):
        return _passed(name, task)
    if stub and all(differences.values()):
        return _stub_feedback(name)
    ended = [case for case in task.cases if got[case.name].failure is None]
    again = {case.name: _played(case, name, subject, seconds) for case in ended}
    diagnosis = diagnose(task.misconceptions, task.compared, got, got, parted(got, again))
    message = diagnosis.message if diagnosis else ""
    if unfinished and (diagnosis is None or diagnosis.id in OF_STUBS):
        return Feedback(name, "open", "Not finished", (unfinished,))
    for case in task.cases:
        found, outcome = differences[case.name], got[case.name]
        if diagnosis and case.name not in diagnosis.shown_by:
            continue
        if found and outcome.failure and task.expected[case.name].failure is None:
            return _failed(name, case, subject, outcome.failure, message)
        if found:
            return _differs(name, case, found, message, tuple(seen))
    says = (message,) if message else tuple(seen)
    return Feedback(name, "wrong", "Not right yet", says, code=call_to_try(name, task.cases[0]))


def _passed(name: str, task: PublicTask) -> Feedback:
    if not task.hidden:
        says = f"Every check of this task is visible: {task.points:g} of {task.points:g} points."
        return Feedback(name, "right", "Right in every check", (says,))
    safe = task.points - task.open_points
    counted = (
        f"{task.open_points:g} of the {task.points:g} points need those too"
        if safe
        else (f"No point is safe before those pass: each of the {task.points:g} points needs hidden cases too")
    )
    says = f"Hidden checks also test: {task.hidden.rstrip('.')}. {counted}."
    return Feedback(name, "right", "Right in the visible checks", (says,))


def _differs(name: str, case: Case, found: Difference, message: str, seen: tuple[str, ...]) -> Feedback:
    if not found.expected:
        hint = "Run the call in a cell of your own and look at what comes back."
    else:
        hint = f"Follow {found.place} by hand." if found.place else "Work this case out by hand."
    where = in_case(case.name, found.sentence)
    comparison = Comparison(found.place, found.expected, found.got) if found.expected else None
    paragraphs, notes = ((message, where), ()) if message else ((where,), (hint, *seen))
    return Feedback(name, "wrong", "Not right yet", paragraphs, comparison, notes, call_to_try(name, case))


def _failed(name: str, case: Case, subject: Any, failure: Failure, message: str) -> Feedback:
    text = failure.text[:MOST_TEXT] + ("..." if len(failure.text) > MOST_TEXT else "")
    says = [Quoted(f"{failure.kind}: {text}" if text else failure.kind)]
    source = "" if failure.line is None else _line_of(subject, failure.line)
    if failure.line is not None:
        says.append(Quoted(f"Line {failure.line} of your cell{': ' + source if source else ''}"))
    if failure.kind == UNFINISHED:
        return Feedback(name, "open", "Not finished", (*says, TRY[UNFINISHED]))
    if failure.kind == STOPPED:
        headline = f"Stopped in the case '{case.name}': {failure.text}"
        return Feedback(name, "wrong", headline, (*says[1:], TRY[STOPPED]), code=call_to_try(name, case))
    hint = message or _hint(failure, source)
    known = failure.kind if isinstance(getattr(builtins, failure.kind, None), type) else "an exception"
    headline = f"Your code raised {known} in the case '{case.name}'"
    return Feedback(name, "wrong", headline, (*says, hint), code=call_to_try(name, case))


def _hint(failure: Failure, source: str) -> str:
    """One thing to try after an exception that the line `source` raised."""
    if failure.line is None:
        return NO_LINE
    if source.startswith("raise"):
        return OWN_RAISE
    return NO_SETTER if "setter" in failure.text else TRY.get(failure.kind, ANY_ERROR)


def _seen(part: Part, task: PublicTask, got: Mapping[str, Outcome]) -> list[str]:
    """The sentence for the first case in which what `part` looks at was not as it should be."""
    for name, outcome in got.items():
        wanted = task.expected[name]
        stopped_calling = part.aspect == "calls" and outcome.failure is not None
        if not stopped_calling and not part.sees(wanted, outcome):
            counted = SEEN[part.aspect].format(wanted=wanted.calls, mine=outcome.calls)
            return [counted if part.aspect == "calls" else part.says or counted]
    return []


def _played(case: Case, name: str, subject: Any, seconds: float) -> Outcome:
    def play_it() -> Outcome:
        outcome = play_locally(case, name, {name: subject})
        return replace(outcome, values=tuple(plain(value) for value in outcome.values))

    try:
        with time_limit(seconds):
            return _guarded(play_it)
    except OutOfTime as error:
        told = f"no end after {seconds:g} s of computing, the most that grading gives a call"
        return Outcome(failure=replace(failure_in(error), kind=STOPPED, text=told))


def _guarded(act: Callable[[], Outcome]) -> Outcome:
    """The outcome of `act`; an exception of the student's objects, whatever they do when looked at, is a failure."""
    try:
        return act()
    except (KeyboardInterrupt, OutOfTime):
        raise
    except BaseException as error:
        try:
            text = str(error)
        except Exception:
            text = ""
        name, bases = classes_of(error)
        return Outcome(failure=failure_of(name, text, None, bases))


def _line_of(subject: Any, line: int) -> str:
    """The text of a line of the cell that defines `subject`, as far as Python still has it."""
    members = vars(subject).values() if isinstance(subject, type) else [subject]
    codes = (getattr(member, "__code__", None) for member in members)
    code = next((code for code in codes if isinstance(code, types.CodeType)), None)
    return linecache.getline(code.co_filename, line).strip() if code else ""
