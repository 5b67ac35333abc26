"""The reference of a task, written in other ways that must count as it does, and in the ways to write nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.course.program import Program
from autograder.course.task import Task

NOTHING = ("pass", "...", "return", "return None", '"""To do."""', "raise NotImplementedError('later')")

# What an array or a number v comes back as; tuples and lists come back as subclasses of them.
TYPES = {
    "long_doubles": "np.asarray(v, np.longdouble)[()]",
    "complex_numbers": "np.asarray(v, complex)[()]",
    "objects": "np.asarray(v, object)",
    "masked_arrays": "np.ma.asarray(v)",
    "records": "np.atleast_1d(v).view(np.recarray).reshape(np.shape(v))",
    "decimals": "decimals(np.asarray(v).tolist())",
}
DRESSED = """

def dress(reference):
    import decimal

    def decimals(v):
        return [decimals(part) for part in v] if isinstance(v, list) else decimal.Decimal(float(v))

    def dressed(v):
        if isinstance(v, (list, tuple)):
            return type("Own", (type(v),), {})(map(dressed, v))
        return {form} if isinstance(v, (int, float, np.ndarray, np.generic)) else v

    return lambda *args: dressed(reference(*args))


{id} = dress({id})
"""


def is_class(task: Task, solution: str) -> bool:
    """Whether the task asks for a class, by the text of its solution."""
    return any(isinstance(node, ast.ClassDef) and node.name == task.id for node in ast.parse(solution).body)


def other_types(task: Task, solution: str) -> Iterator[Program]:
    """The reference of a task with right values of other types; nothing for a class, nor for a function that must go on
    with what it returned."""
    if is_class(task, solution) or any(task.compared.hands_on(case.name) for case in task.cases):
        return
    for name, form in TYPES.items():
        yield Program(name, solution + DRESSED.replace("{form}", form).replace("{id}", task.id))


def emptied(solution: str, body: str) -> str:
    """The text of a solution cell with `body` in place of what its functions and methods do."""
    tree = ast.parse(solution)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body = ast.parse(f"def f():\n    {body}").body[0].body  # type: ignore[attr-defined]
    return ast.unparse(tree)
