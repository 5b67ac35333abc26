"""In the guest: run the cells of a notebook and keep what they show."""

from __future__ import annotations

import ast
import re
import sys
import types
from typing import Any, Protocol

from autograder.definitions import unwritten
from autograder.sandbox.guest.shown import Outputs, OutputStream, failure, steps, trace

EMPTY_START = re.compile(r"\A(?:[ \t]*\n)+(?=\S)(?!%%)")


class Shell(Protocol):
    """What runs cells: the names of the notebook, and what the cell at hand has shown."""

    user_ns: dict[str, Any]
    outputs: Outputs

    def execute(self, source: str, draw: bool, only_definitions: bool) -> BaseException | None:
        """Run a cell, or only its definitions, with its figures (with `draw`); returns how it failed."""
        ...


def run(
    shell: Shell, source: str, draw: bool, only_definitions: bool = False
) -> tuple[list[dict[str, object]], list[object] | None]:
    """Run one cell, or only its definitions; returns its outputs and, when it raised, its `failure`."""
    shell.outputs.clear()
    # IPython drops empty lines at the start, and then every line number would be too small.
    source = EMPTY_START.sub(lambda start: "#\n" * start.group().count("\n"), source)
    # An earlier cell may have replaced them, which must not keep this one from being understood.
    sys.stdout, sys.stderr = OutputStream(shell.outputs, "stdout"), OutputStream(shell.outputs, "stderr")
    error = shell.execute(source, draw, only_definitions)
    told = None
    if error is not None:
        kind, text, line, bases = failure(error)
        shell.outputs.error(str(kind), str(text), trace(error))
        told = [kind, text, next((line for line, _ in steps(error)), line), bases]  # the line of the cell itself
    for item in shell.outputs.items:
        if item["output_type"] == "stream":
            item["text"] = "".join(item["text"])  # type: ignore[arg-type]
    return shell.outputs.items, told


def offer_check(shell: Shell) -> None:
    """Let notebooks import the self-check of the exercises; while grading it checks nothing."""
    check = types.ModuleType("check", "The self-check of the exercises; while grading it checks nothing.")
    check.check = lambda *_args, **_options: None  # type: ignore[attr-defined]
    check.written = lambda *names: all(_is_written(shell, name) for name in names)  # type: ignore[attr-defined]
    sys.modules["check"] = check


def _is_written(shell: Shell, name: str) -> bool:
    return name in shell.user_ns and not any(unwritten(shell.user_ns[name]))


def defines(node: ast.AST) -> bool:
    """Whether a statement gives a name its meaning without computing much: imports, definitions, plain values."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and not _computes(node.value)


def _computes(node: ast.AST) -> bool:
    if isinstance(node, ast.Lambda):
        return False
    return isinstance(node, (ast.Call, ast.comprehension, ast.Await)) or any(map(_computes, ast.iter_child_nodes(node)))
