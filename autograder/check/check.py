"""The `check()` of a student's notebook: the visible checks, with the same comparison and diagnosis as the grading.

In a release this is `check.py`, beside `public.json`; numpy and the standard library are all it needs.
"""

from __future__ import annotations

import builtins
import json
import linecache
import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.check.case import Case, Function, Made, Outcome, Part, Step, Stream, play_locally
from autograder.check.compare import Difference, outcome_difference
from autograder.check.diagnose import diagnose, parted
from autograder.check.example_pairs import pairs_problem
from autograder.check.feedback_card import Comparison, Feedback, Quoted, in_case
from autograder.check.public_json import VERSION, Public, PublicExamples, PublicQuestion, PublicTask, decode
from autograder.check.question import form_problem, judge, read_letters, read_number, untouched
from autograder.plain import Failure, Opaque, plain

MOST_TEXT = 300  # characters of an exception's text that are shown
MOST_LINES = 12  # of a call to try
LONGEST_ARRAY = 60  # of an array in a call to try
UNFINISHED = "NotImplementedError"
NO_LINE = "Compare your definition with the task's: the names in it, and the number and order of the arguments."
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


def check(name: str) -> Feedback:
    """What the visible checks say about the function, class or answer called `name` in the notebook that asks."""
    return _checked(name, sys._getframe(1).f_globals)


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
    public = _public(Path(__file__).with_name("public.json"))
    if isinstance(public, str):
        return Feedback(name, "warned", "This can't be checked", (public,))
    item = public.items.get(name)
    if item is None:
        return Feedback(name, "warned", "Nothing here has this name", (f"There are: {', '.join(public.items)}.",))
    if isinstance(item, PublicQuestion):
        return _check_question(name, item, namespace.get(name))
    problem = _no_function(name, namespace)
    if problem:
        return problem
    if isinstance(item, PublicExamples):
        return _check_examples(name, item, namespace[name])
    return _check_task(name, item, namespace[name])


def _public(path: Path) -> Public | str:
    """What the release tells, or the sentence that says why it can't be read."""
    again = f"Copy it from the release to {path.parent}, beside check.py, and run this cell again."
    try:
        public = decode(json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        return f"The file public.json is missing. {again}"
    except (ValueError, LookupError, TypeError):
        return f"The file public.json is damaged. {again}"
    if not isinstance(public, Public) or public.version != VERSION:
        return f"The files public.json and check.py are from different releases. {again}"
    return public


def _no_function(name: str, namespace: Mapping[str, Any]) -> Feedback | None:
    if name not in namespace:
        says = f"{name} isn't defined yet: run the cell above that defines it, then this one."
        return Feedback(name, "open", "Not attempted", (says,))
    if not callable(namespace[name]):
        kind = type(namespace[name]).__name__
        says = f"{name} is a value of type {kind}, so it can't be called. Was the name used again for something else?"
        return Feedback(name, "warned", "Not a function", (f"{says} Run the cell that defines it once more.",))
    return None


def _stub_feedback(name: str) -> Feedback:
    return Feedback(name, "open", "Not attempted", ("Write your code in place of the line that raises the error.",))


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
    if raw is ... or untouched(answer):
        return Feedback(name, "open", "Not answered yet", ("Write your answer in place of None, and run that cell.",))
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


def _check_examples(name: str, task: PublicExamples, subject: Any) -> Feedback:
    case = Case("your examples", (Step("call"),))
    outcome = _played(case, name, subject)
    if outcome.failure is not None:
        stub = outcome.failure.kind == UNFINISHED
        return _stub_feedback(name) if stub else _failed(name, case, subject, outcome.failure, "")
    problem = pairs_problem(outcome.values[0])
    if problem:
        return Feedback(name, "warned", "These can't be read as examples", (problem,))
    count = len(outcome.values[0])
    says = (
        f"{count} example{'s' if count > 1 else ''} for {task.of}: the form is right, nothing else is checked here. "
        f"Grading tests: {task.hidden.rstrip('.')}. Right examples earn {task.valid_points:g} of {task.points:g} "
        "points, the wrong programs that they reject earn the rest."
    )
    return Feedback(name, "noted", "Your examples can be read", (says,))


def _check_task(name: str, task: PublicTask, subject: Any) -> Feedback:
    got = {case.name: _played(case, name, subject) for case in task.cases}
    failures = [outcome.failure for outcome in got.values()]
    if all(failure is not None and failure.kind == UNFINISHED for failure in failures):
        return _unfinished(name, subject, failures[0])
    differences = {
        case.name: outcome_difference(task.expected[case.name], got[case.name], task.tolerance, case.scale)
        for case in task.cases
    }
    seen = [says for part in task.parts for says in _seen(part, task, got)]
    if not seen and not any(differences.values()):
        return _passed(name, task)
    again = {case.name: _played(case, name, subject) for case in task.cases if differences[case.name]}
    diagnosis = diagnose(task.misconceptions, task.compared, got, parted(got, again))
    message = diagnosis.message if diagnosis else ""
    for case in task.cases:
        found, outcome = differences[case.name], got[case.name]
        if diagnosis and case.name not in diagnosis.shown_by:
            continue
        if found and outcome.failure and task.expected[case.name].failure is None:
            return _failed(name, case, subject, outcome.failure, message)
        if found:
            return _differs(name, case, found, message, tuple(seen))
    says = (message,) if message else tuple(seen)
    return Feedback(name, "wrong", "Not right yet", says, code=_code(name, task.cases[0]))


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
    return Feedback(name, "wrong", "Not right yet", paragraphs, comparison, notes, _code(name, case))


def _failed(name: str, case: Case, subject: Any, failure: Failure, message: str) -> Feedback:
    text = failure.text[:MOST_TEXT] + ("..." if len(failure.text) > MOST_TEXT else "")
    says = [Quoted(f"{failure.kind}: {text}" if text else failure.kind)]
    if failure.line is not None:
        source = _line_of(subject, failure.line)
        says.append(Quoted(f"Line {failure.line} of your cell{': ' + source if source else ''}"))
    if failure.kind == UNFINISHED:
        return Feedback(name, "open", "Not finished", (*says, TRY[UNFINISHED]))
    hint = message or (NO_LINE if failure.line is None else TRY.get(failure.kind, ANY_ERROR))
    known = failure.kind if isinstance(getattr(builtins, failure.kind, None), type) else "an exception"
    headline = f"Your code raised {known} in the case '{case.name}'"
    return Feedback(name, "wrong", headline, (*says, hint), code=_code(name, case))


def _seen(part: Part, task: PublicTask, got: Mapping[str, Outcome]) -> list[str]:
    """The sentence for the first case in which what `part` looks at was not as it should be."""
    for name, outcome in got.items():
        wanted = task.expected[name]
        holds = {
            "values": True,
            "unchanged": not outcome.changed,
            "calls": outcome.failure is not None or outcome.calls == wanted.calls,
            "lazy": outcome.lazy or not wanted.lazy,
            "memory": not outcome.grew,
        }
        if not holds[part.aspect]:
            counted = SEEN[part.aspect].format(wanted=wanted.calls, mine=outcome.calls)
            return [counted if part.aspect == "calls" else part.says or counted]
    return []


def _played(case: Case, name: str, subject: Any) -> Outcome:
    def play_it() -> Outcome:
        outcome = play_locally(case, name, {name: subject})
        return replace(outcome, values=tuple(plain(value) for value in outcome.values))

    return _guarded(play_it)


def _guarded(act: Callable[[], Outcome]) -> Outcome:
    """The outcome of `act`; an exception of the student's objects, whatever they do when looked at, is a failure."""
    try:
        return act()
    except (Exception, SystemExit) as error:
        try:
            text = str(error)
        except Exception:
            text = ""
        return Outcome(failure=Failure(type(error).__name__, text))


def _line_of(subject: Any, line: int) -> str:
    """The text of a line of the cell that defines `subject`, as far as Python still has it."""
    members = vars(subject).values() if isinstance(subject, type) else [subject]
    codes = (getattr(member, "__code__", None) for member in members)
    code = next((code for code in codes if isinstance(code, types.CodeType)), None)
    return linecache.getline(code.co_filename, line).strip() if code else ""


def _code(name: str, case: Case) -> str:
    """The case as Python text, cut after some lines; empty where an array is too large to be written down."""
    if any(isinstance(arg, np.ndarray) and arg.size > LONGEST_ARRAY for step in case.steps for arg in step.args):
        return ""
    lines = []
    for place, step in enumerate(case.steps):
        arguments = ", ".join(_literal(arg) for arg in step.args)
        target = f"r{step.on}"
        call = {
            "call": f"{name}({arguments})",
            "method": f"{target}.{step.name}({arguments})",
            "get": f"r{place} = {target}.{step.name}; print(r{place})",
            "read": f"print({target})  # once more: it must not have changed",
            "each": f"for row in {arguments}: {target}.{step.name}(row)",
            "hold": f"r{place} = {arguments}",
        }[step.kind]
        made = len(case.steps) > 1 and step.kind in ("call", "method")
        shown = "" if step.keep else f"; print(r{place})"
        lines.append(f"r{place} = {call}{shown}" if made else call)
    more = [f"# ... {len(lines) - MOST_LINES} more steps"] if len(lines) > MOST_LINES else []
    return "\n".join([*lines[:MOST_LINES], *more])


def _literal(arg: Any) -> str:
    if isinstance(arg, Function):
        return f"({arg.source})"
    if isinstance(arg, Stream):
        return f"iter([{', '.join(_literal(item) for item in arg.items)}])"
    if isinstance(arg, Made):
        return f"r{arg.step}"
    if isinstance(arg, np.ndarray):
        dtype = "" if arg.dtype in (np.dtype(float), np.dtype(int)) else f", dtype=np.{arg.dtype.name}"
        return f"np.array({arg.tolist()}{dtype})"
    return repr(arg)
