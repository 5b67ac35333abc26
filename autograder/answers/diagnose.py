"""Say what a wrong answer did: the task's own misconceptions first, then what has the same shape in every task.

Only numpy and the standard library are imported, since a release ships this file inside `check.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.answers.case import Outcome
from autograder.answers.compare import Numbers, difference, numbers
from autograder.answers.misconception import TELLING, Cases, Misconception, Name, fitting
from autograder.answers.places import placed
from autograder.answers.relations import related
from autograder.answers.value_rules import MOST_COMPARED, ended

ARRAYS = (np.ndarray, np.generic)
SAME = 1e-9  # relative and absolute: two runs of the same code may part in the last digits
FEWEST = 3  # different inputs, where the same answer to all of them is no chance
FEWEST_OF_KIND = 2  # wrong cases of a kind, and right ones of others, where the kind is to blame
Found = Collection[str]
Finder = Callable[[Cases, Mapping[str, Outcome]], Found]
OfKind = Callable[[Cases, str], bool]


def diagnose(
    misconceptions: Sequence[Misconception],
    cases: Cases,
    got: Mapping[str, Outcome],
    seen: Mapping[str, Outcome],
    unsteady: Collection[str] = (),
) -> Name | None:
    """The name of what `got`, a wrong answer, did; None where no name is earned.

    `seen` are the visible cases, played where nothing hidden was met: where they show the mistake, what is said of its
    values must be true of them already, and where it stands follows from them alone, as in the student's own check.
    `unsteady` are those of them that came out otherwise when they were played once more.
    """
    found = fitting(misconceptions, cases, got)
    if found is None and unsteady:
        return Name("UNSTEADY", UNSTEADY, frozenset(unsteady))
    shown, once = seen if cases.failing(seen) else got, _once(cases, got)
    of_values = found or related(cases, _once(cases, shown), once)
    return of_values or _of_all_cases(cases, once) or placed(cases, seen)


def _once(cases: Cases, got: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
    """The outcomes of cases that show a mistake once; all where there is no other."""
    return {name: outcome for name, outcome in got.items() if not cases.hands_on(name)} or got


def parted(once: Mapping[str, Outcome], again: Mapping[str, Outcome]) -> list[str]:
    """The cases of `again` that came out otherwise than they had once before."""
    return [name for name, outcome in again.items() if not _equal_outcomes(once[name], outcome)]


def _equal_outcomes(one: Outcome, other: Outcome) -> bool:
    if one.failure or other.failure:
        return True  # what can't be computed a second time, such as a stream that was read, is no sign
    return _equal_answers(list(one.values), list(other.values))


def _equal_answers(one: Any, other: Any) -> bool:
    """Whether two values that came back are the same but for rounding; neither is trusted to be small or numbers."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_equal_answers, one, other))
    if isinstance(one, dict) and isinstance(other, dict):  # an array in it has no `==`
        return one.keys() == other.keys() and all(_equal_answers(one[key], other[key]) for key in one)
    if isinstance(one, ARRAYS) and isinstance(other, ARRAYS):
        comparable = one.shape == other.shape and {one.dtype.kind, other.dtype.kind} <= set("biufc")
        return comparable and one.size <= MOST_COMPARED and bool(np.allclose(one, other, SAME, SAME, equal_nan=True))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=SAME, abs_tol=SAME) or (one != one and other != other)
    return type(one) is type(other) and bool(one == other)


def _of_all_cases(cases: Cases, got: Mapping[str, Outcome]) -> Name | None:
    """The first relation that the cases show only together."""
    for id, (find, message) in OF_ALL_CASES.items():
        shown_by = find(cases, got)
        if shown_by:
            return Name(id, message, frozenset(shown_by))
    return None


def _same_for_all(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """All cases that ask for a value, if the very same came back for at least three that ask for different ones."""
    asked_for = [name for name in got if cases.expected[name].failure is None]
    answers = [list(got[name].values) for name in asked_for if got[name].failure is None]
    asked = {repr(cases.expected[name].values) for name in asked_for}
    same = len(answers) == len(asked_for) > 0 and all(_equal_answers(answers[0], answer) for answer in answers)
    return asked_for if same and len(asked) >= FEWEST else ()


def _argument(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """The failing cases, if what came back in every one is the argument at the same place."""
    if any(len(cases.cases[name].steps) > 1 for name in got):
        return ()
    most = min((len(cases.cases[name].steps[0].args) for name in got), default=0)
    for place in range(most):
        shown_by = list(_returning(place, cases, got))
        telling = {text for name in shown_by for text in cases.telling(name, got[name])}
        if len(telling) >= TELLING and len(shown_by) == sum(outcome.failure is None for outcome in got.values()):
            return [name for name in shown_by if not cases.right(name, got[name])]
    return ()


def _returning(place: int, cases: Cases, got: Mapping[str, Outcome]) -> Iterator[str]:
    for name, outcome in got.items():
        argument = numbers(cases.cases[name].steps[0].args[place])
        if outcome.failure is not None or argument is None:
            continue
        if difference(argument, outcome.values[0], cases.tolerance, cases.cases[name].scale) is None:
            yield name


def _one_change(change: Callable[[Numbers, Numbers], Numbers], undo: Callable[[Numbers, float], Numbers]) -> Finder:
    """A finder for one and the same `change` from what is expected to what came back, in all numbers of all cases."""

    def find(cases: Cases, got: Mapping[str, Outcome]) -> Found:
        leaves = [leaf for case in ended(cases, got) for leaf in case.leaves]
        arrays = [leaf.arrays for leaf in leaves if leaf.arrays]
        first = next((both for both in arrays if both[0].any()), None)  # a number that is 0 tells no factor
        if first is None or len(arrays) < len(leaves):
            return ()
        with np.errstate(all="ignore"):
            amount = float(change(*first).flat[int(np.argmax(np.abs(first[0])))])
        same = (leaf.same(undo(right, amount), mine) for leaf, (right, mine) in zip(leaves, arrays, strict=True))
        if not np.isfinite(amount) or not all(same):
            return ()
        failing = cases.failing(got)
        telling = {text for name in failing for text in cases.telling(name, got[name])}
        return failing if len(telling) >= TELLING else ()

    return find


def _only(kind: OfKind, misshapen: bool = False) -> Finder:
    """A finder for submissions that fail in all cases of a kind and in no other; `misshapen`: by no number of them."""

    def find(cases: Cases, got: Mapping[str, Outcome]) -> Found:
        of_kind = cases_of(kind, cases)
        failing = cases.failing(got)
        shaped = any(_has_numbers_in_shape(cases, name, got[name]) for name in failing)
        enough = len(failing) >= FEWEST_OF_KIND and len(got) - len(failing) >= FEWEST_OF_KIND
        return failing if enough and of_kind == set(failing) and not (misshapen and shaped) else ()

    return find


def cases_of(kind: OfKind, cases: Cases) -> set[str]:
    """The names of the cases of a kind."""
    return {name for name in cases.cases if kind(cases, name)}


def _has_numbers_in_shape(cases: Cases, name: str, outcome: Outcome) -> bool:
    leaves = [leaf for case in ended(cases, {name: outcome}) for leaf in case.leaves]
    return bool(leaves) and all(leaf.arrays is not None for leaf in leaves)


def _for_one_text(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """The failing cases, if they are those in which the text arguments are certain ones, and there are right ones."""
    failing = cases.failing(got)
    texts = {name: tuple(arg for arg in cases.cases[name].steps[0].args if isinstance(arg, str)) for name in got}
    blamed = {texts[name] for name in failing}
    right = {texts[name] for name in got} - blamed
    apart = all((texts[name] in blamed) == (name in failing) for name in got)
    return failing if len(blamed) == 1 and right and apart and len(failing) >= FEWEST_OF_KIND else ()


def _value_for_exception(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """The failing cases, if each should have raised an exception and gave a value."""
    failing = cases.failing(got)
    return failing if all(cases.expected[name].failure and not got[name].failure for name in failing) else ()


def _other_exception(cases: Cases, got: Mapping[str, Outcome]) -> Found:
    """The failing cases, if each should have raised an exception and raised another one."""
    failing = cases.failing(got)
    return failing if all(cases.expected[name].failure and got[name].failure for name in failing) else ()


def _with_integers(cases: Cases, name: str) -> bool:
    return any(array.dtype.kind in "iu" for array in _array_arguments(cases, name))


def _with_an_edge(cases: Cases, name: str) -> bool:
    return any(length <= 1 for array in _array_arguments(cases, name) for length in array.shape)


def _of_another_size(cases: Cases, name: str) -> bool:
    """Whether no visible case has arguments of these shapes."""
    shown = {_shapes(cases, case.name) for case in cases.cases.values() if case.public}
    return _shapes(cases, name) not in shown


def _shapes(cases: Cases, name: str) -> tuple[tuple[int, ...], ...]:
    return tuple(array.shape for array in _array_arguments(cases, name))


def _array_arguments(cases: Cases, name: str) -> list[np.ndarray[Any, Any]]:
    return [arg for step in cases.cases[name].steps for arg in step.args if isinstance(arg, np.ndarray)]


KINDS: dict[str, OfKind] = {
    "INTEGERS_ONLY": _with_integers,
    "EDGES_ONLY": _with_an_edge,
    "VISIBLE_SIZES_ONLY": _of_another_size,
}
UNSTEADY = (
    "The same call gave different results when it was made again. What does your code keep between two calls, or "
    "share between two objects, or draw at random?"
)
OF_ALL_CASES: dict[str, tuple[Finder, str]] = {
    "NO_EXCEPTION": (
        _value_for_exception,
        "A value came back where the task asks for an exception. Is the exception raised (by `raise`), and for every "
        "input that the task says?",
    ),
    "OTHER_EXCEPTION": (
        _other_exception,
        "Another exception was raised than the one that the task asks for. Compare its name with the task.",
    ),
    "WRONG_FOR_ONE_KIND": (
        _for_one_text,
        "It is wrong in one kind only, and right in every other. The case below shows which: run it in a cell of your "
        "own, and follow it line by line.",
    ),
    "SAME_FOR_ALL": (
        _same_for_all,
        "The same values came back for every input. Follow two different inputs by hand: in which line do they become "
        "the same?",
    ),
    "RETURNS_ARGUMENT": (
        _argument,
        "What came back is one of the arguments, as it was handed in. Which line computes something new from it, and "
        "is that what you return?",
    ),
    "CONSTANT_FACTOR": (
        _one_change(lambda right, mine: mine / right, lambda right, factor: right * factor),
        "Every number is the expected one times the same factor. Divide one of yours by the expected one, and look for "
        "where that factor comes from.",
    ),
    "CONSTANT_ADDED": (
        _one_change(lambda right, mine: mine - right, lambda right, summand: right + summand),
        "Every number is off by the same amount. Subtract the expected one from one of yours, and look for where that "
        "amount comes from.",
    ),
    "INTEGERS_ONLY": (
        _only(KINDS["INTEGERS_ONLY"]),
        "It is right in every case with floats, and in none of those with integers. Print the `.dtype` of each array "
        "that your code makes or writes into when it is called with integers.",
    ),
    "EDGES_ONLY": (
        _only(KINDS["EDGES_ONLY"], misshapen=True),
        "It is right in every case but those in which an axis of an input has length 1 or 0. Call it with a single "
        "row, with a single column and with nothing at all, as far as the task allows them, and look at the shapes.",
    ),
    "VISIBLE_SIZES_ONLY": (
        _only(KINDS["VISIBLE_SIZES_ONLY"]),
        "It is right in every case of a size that the visible check shows, and wrong in those of other sizes. Is a "
        "size written as a number in your code?",
    ),
}
