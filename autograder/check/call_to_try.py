"""A case as Python text, for a student to run in a cell of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.check.case import Case, Function, Made, Stream

MOST_LINES = 12
LONGEST_ARRAY = 60


def call_to_try(name: str, case: Case) -> str:
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
