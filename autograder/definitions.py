"""What stands behind a name in a student's notebook: something written or still a stub, and which name may be meant.

It needs the standard library alone: it stands beside the submission in the sandbox, and in a release it is a part of
`check.py`. Nothing of the student's is run or parsed here.
"""

from __future__ import annotations

import difflib
import dis
import types
from collections.abc import Collection, Iterable, Iterator, Mapping

STUB_STEPS = frozenset(
    (
        *("RESUME", "NOP", "CACHE", "EXTENDED_ARG", "PUSH_NULL", "PRECALL", "CALL", "CALL_FUNCTION", "RAISE_VARARGS"),
        *("LOAD_CONST", "LOAD_GLOBAL", "LOAD_COMMON_CONSTANT", "RETURN_VALUE", "RETURN_CONST"),
    )
)
UNFINISHED = "NotImplementedError"
OF_STUBS = ("RETURNS_NOTHING",)  # names that a stub earns, too, though its body is all there is to say
MOST_NAMES = 2_000
LONGEST_NAME = 60
ALIKE = 0.82  # running_mean and runing_mean have 0.96, ema and phi 0


def unwritten(subject: object) -> tuple[bool, tuple[str, ...]]:
    """Whether a function or class is still a stub; and of a class that is partly written, the methods that are stubs.

    A stub is a body of `pass`, `...`, a docstring, `return`, `return None`, or `raise NotImplementedError(...)` alone.
    """
    if type(subject) is types.FunctionType:
        return _is_stub(subject), ()
    if type(subject) is not type or subject.__bases__ != (object,):
        return False, ()
    methods = functions(subject)
    stubs = tuple(name for name, method in methods.items() if _is_stub(method))
    data = [name for name in vars(subject) if name not in methods and not name.startswith("__")]
    if len(stubs) == len(methods):
        return bool(methods) or not data, ()
    return False, stubs


def functions(subject: object) -> dict[str, types.FunctionType]:
    """A function, or the methods and properties that a class itself defines, by their names."""
    if type(subject) is types.FunctionType:
        return {subject.__name__: subject}
    parts = vars(subject) if type(subject) is type else {}
    found = {name: _function(part) for name, part in parts.items() if not name.startswith("__annotate")}
    return {name: function for name, function in found.items() if function is not None}


def _function(part: object) -> types.FunctionType | None:
    """The function of a method, a property or a static method."""
    if type(part) in (staticmethod, classmethod):
        part = part.__func__  # type: ignore[attr-defined]
    elif type(part) is property:
        part = part.fget
    return part if type(part) is types.FunctionType else None


def _is_stub(function: types.FunctionType) -> bool:
    """Read from the compiled body: the ways to write nothing all compile to the same few steps."""
    steps = list(dis.get_instructions(function.__code__))
    if any(step.opname not in STUB_STEPS for step in steps):
        return False
    named = {str(step.argval) for step in steps if step.opname in ("LOAD_GLOBAL", "LOAD_COMMON_CONSTANT")}
    if named:
        return all(UNFINISHED in name for name in named)
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return all(value is None or value is ... for value in constants)


def similar_name(name: str, namespace: Mapping[str, object], known: Iterable[str]) -> str:
    """The name of the student's own that is nearly `name`, or nothing. `known` are the names that are asked for; where
    `name` is a question's, names of values are looked at, else those of functions and classes."""
    wanted = {*known, name}
    values = name[:1] == "q" and name[1:2].isdigit()
    names = {_folded(other): other for other in _own_names(namespace, values) if other not in wanted}
    found = difflib.get_close_matches(_folded(name), names, n=1, cutoff=ALIKE)
    return names[found[0]] if found else ""


def misspelt(name: str, similar: str, stub: bool) -> str:
    """What is said where `name` isn't there or is a stub, but another of nearly this name is there."""
    how = "is still unwritten" if stub else "isn't there"
    return f"`{name}` {how}, but you define `{similar}`: if that is your answer, name it `{name}`."


def still_to_write(stubs: Iterable[str], used: Collection[str | None]) -> str:
    """What is said of a class of which methods that are used are still stubs; nothing if none is."""
    names = [f"`{name}`" for name in stubs if name in used]
    if not names:
        return ""
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}n't written yet. Go on with {names[0]}."


def _own_names(namespace: Mapping[str, object], values: bool) -> Iterator[str]:
    home = namespace.get("__name__")
    for name, value in list(namespace.items())[-MOST_NAMES:]:
        kind = type(value)
        defined = issubclass(kind, (types.FunctionType, type)) and getattr(value, "__module__", None) == home
        fits = kind in (str, int, float, list, tuple) if values else defined
        if fits and not name.startswith("_") and len(name) <= LONGEST_NAME:
            yield name


def _folded(name: str) -> str:
    return name.casefold().replace("_", "")
