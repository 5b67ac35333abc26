"""Small systematic changes of a reference: each is a slip that somebody could make, and none may earn full marks.

A mutant that still earns them shows a hole in the task's cases, or computes the same thing in another way; the latter
are listed with a reason in the assignment's `equivalent_mutants.yaml`.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

Change = Callable[[Any], None]

BINARY: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
SYMMETRIC = ("max", "min", "maximum", "minimum")  # swapped arguments change nothing
SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.Raise)


@dataclass(frozen=True)
class Mutant:
    """A changed reference: the statement `before` became `after`; `source` is the whole changed cell."""

    before: str
    after: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of the definitions in a solution cell, each once."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    parameters = _parameters(tree)
    for place, statement in enumerate(_statements(tree)):
        for change in (*_changes(statement), *_other_names(statement, parameters)):
            changed = copy.deepcopy(tree)
            mutated = _statements(changed)[place]
            change(mutated)
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text not in seen:
                seen.add(text)
                yield Mutant(_head(statement), _head(mutated), text)


def _statements(tree: ast.AST) -> list[ast.stmt]:
    """All statements in the order of the text, but docstrings and the definitions themselves."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    kept = [node for node in found if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))]
    kept = [node for node in kept if not _is_docstring(node)]
    return sorted(kept, key=lambda node: (node.lineno, node.col_offset))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _head(statement: ast.stmt) -> str:
    """The statement without the block below it."""
    return ast.unparse(statement).splitlines()[0]


def _changes(statement: ast.stmt) -> Iterator[Change]:
    """Functions that change a copy of the statement, each in one place."""
    if isinstance(statement, SIMPLE):
        yield _dropped
    if isinstance(statement, ast.If):
        yield _set("test", ast.Constant(True))
        yield _set("test", ast.Constant(False))
    if isinstance(statement, ast.AugAssign):
        for operator in BINARY.get(type(statement.op), ()):
            yield _set("op", operator())
    if isinstance(statement, ast.Assign) and _rebinds(statement):
        yield _in_place
    for place, node in enumerate(_expressions(statement)):
        for change in _node_changes(node):
            yield _at(place, change)


def _rebinds(statement: ast.Assign) -> bool:
    """Whether it is like `h = h + x`, whose slip is `h += x`: the same array is changed under every name."""
    target, value = statement.targets[0], statement.value
    return (
        isinstance(target, ast.Name)
        and isinstance(value, ast.BinOp)
        and isinstance(value.left, ast.Name)
        and value.left.id == target.id
    )


def _in_place(statement: Any) -> None:
    value = statement.value
    changed = ast.AugAssign(statement.targets[0], value.op, value.right)
    statement.__class__ = ast.AugAssign
    statement.__dict__ = changed.__dict__ | {"lineno": 1, "col_offset": 0}


def _dropped(statement: Any) -> None:
    statement.__class__ = ast.Pass
    statement.__dict__ = {"lineno": statement.lineno, "col_offset": statement.col_offset}


def _expressions(statement: ast.stmt) -> list[ast.AST]:
    """The expressions of the statement itself, not those of statements inside it."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = [child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt)]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.keyword) and node.arg == "strict"):
            continue  # the words of a message; zip's own check of lengths, which the contract fixes
        found.append(node)
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
    return found


def _at(place: int, change: Change) -> Change:
    return lambda statement: change(_expressions(statement)[place])


def _node_changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp):
        for operator in BINARY.get(type(node.op), ()):
            yield _set("op", operator())
        if not isinstance(node.op, (ast.Add, ast.Mult)):
            yield _swap_sides
    elif isinstance(node, ast.Compare):
        for comparison in COMPARE.get(type(node.ops[0]), ()):
            yield _set("ops", [comparison()])
    elif isinstance(node, ast.BoolOp):
        yield _set("op", ast.And() if isinstance(node.op, ast.Or) else ast.Or())
    elif isinstance(node, ast.UnaryOp):
        yield _without_operator
    elif isinstance(node, ast.Constant):
        yield from _constant_changes(node)
    elif isinstance(node, ast.Call):
        yield from _call_changes(node)
    elif isinstance(node, ast.Slice):
        yield from _slice_changes(node)


def _parameters(tree: ast.AST) -> list[str]:
    arguments = [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    return sorted(set(arguments) - {"self"})


def _other_names(statement: ast.stmt, parameters: list[str]) -> Iterator[Change]:
    """Each parameter that is read, taken for each other one."""
    for place, node in enumerate(_expressions(statement)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in parameters:
            for other in parameters:
                yield _at(place, _set("id", other))


def _swap_sides(node: Any) -> None:
    node.left, node.right = node.right, node.left


def _without_operator(node: Any) -> None:
    _replace(node, node.operand)


def _replace(node: Any, by: ast.AST) -> None:
    node.__class__ = by.__class__
    node.__dict__ = copy.deepcopy(by.__dict__)


def _set(attribute: str, value: object) -> Change:
    return lambda node: setattr(node, attribute, value)


def _constant_changes(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield _set("value", not value)
    elif isinstance(value, (int, float)):
        others = {value + 1, value - 1, -value, 0, 1} - {value}
        for other in sorted(others):
            yield _set("value", other)


def _call_changes(node: ast.Call) -> Iterator[Change]:
    name = ast.unparse(node.func).rpartition(".")[2]
    if len(node.args) >= 2 and name not in SYMMETRIC and not any(isinstance(arg, ast.Starred) for arg in node.args[:2]):
        yield _swap_arguments
    for place, keyword in enumerate(node.keywords):
        if keyword.arg != "strict":
            yield _set("keywords", [*node.keywords[:place], *node.keywords[place + 1 :]])
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("copy", "sum", "cumsum"):
        yield partial(_replace, by=node.func.value)
    elif node.args and not isinstance(node.args[0], (ast.GeneratorExp, ast.Starred)):
        yield partial(_replace, by=node.args[0])


def _swap_arguments(node: Any) -> None:
    node.args[0], node.args[1] = node.args[1], node.args[0]


def _slice_changes(node: ast.Slice) -> Iterator[Change]:
    if node.lower is None:
        yield _set("lower", ast.Constant(1))
    else:
        yield _set("lower", None)
    if node.upper is None:
        yield _set("upper", ast.UnaryOp(ast.USub(), ast.Constant(1)))
    else:
        yield _set("upper", None)
