"""Small systematic changes of a reference: each is a slip that somebody could make, and none may earn full marks.

A mutant that still earns them shows a hole in the task's cases, or computes the same thing in another way; the latter
are listed with a reason in the assignment's `equivalent_mutants.yaml`.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

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
    for statement in _statements(tree):
        for old, new in (*_changes(statement), *_other_names(statement, parameters)):
            text = ast.unparse(ast.fix_missing_locations(_replaced(tree, old, new)))
            if text not in seen:
                seen.add(text)
                yield Mutant(_head(statement), _head(_replaced(statement, old, new)), text)


class _Replacing(ast.NodeTransformer):
    """Puts `new` where `old` stands in a tree."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _replaced(tree: ast.AST, old: ast.AST, new: ast.AST) -> ast.AST:
    """A copy of the tree with `new` where `old` stands."""
    place = next(place for place, node in enumerate(ast.walk(tree)) if node is old)
    copied = copy.deepcopy(tree)
    target = next(itertools.islice(ast.walk(copied), place, None))
    changed: ast.AST = _Replacing(target, copy.deepcopy(new)).visit(copied)
    return changed


def _variant(node: ast.AST, **changed: object) -> ast.AST:
    """The node with other values in some of its fields."""
    return type(node)(**dict(ast.iter_fields(node)) | changed)


def _statements(tree: ast.AST) -> list[ast.stmt]:
    """All statements in the order of the text, but docstrings and the definitions themselves."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    kept = [node for node in found if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))]
    kept = [node for node in kept if not _is_docstring(node)]
    return sorted(kept, key=lambda node: (node.lineno, node.col_offset))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _head(statement: ast.AST) -> str:
    """The statement without the block below it."""
    return ast.unparse(statement).splitlines()[0]


def _changes(statement: ast.stmt) -> Iterator[tuple[ast.AST, ast.AST]]:
    """A node of the statement, or itself, and what is put in its place."""
    if isinstance(statement, SIMPLE):
        yield statement, ast.Pass()
    if isinstance(statement, ast.If):
        yield statement, _variant(statement, test=ast.Constant(True))
        yield statement, _variant(statement, test=ast.Constant(False))
    if isinstance(statement, ast.AugAssign):
        for operator in BINARY.get(type(statement.op), ()):
            yield statement, _variant(statement, op=operator())
    if isinstance(statement, ast.Assign) and _rebinds(statement):
        assert isinstance(statement.value, ast.BinOp)
        yield statement, ast.AugAssign(statement.targets[0], statement.value.op, statement.value.right)  # type: ignore[arg-type]
    for node in _expressions(statement):
        for new in _node_changes(node):
            yield node, new


def _rebinds(statement: ast.Assign) -> bool:
    """Whether it is like `h = h + x`, whose slip is `h += x`: the same array is changed under every name."""
    target, value = statement.targets[0], statement.value
    return (
        isinstance(target, ast.Name)
        and isinstance(value, ast.BinOp)
        and isinstance(value.left, ast.Name)
        and value.left.id == target.id
    )


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


def _node_changes(node: ast.AST) -> Iterator[ast.AST]:
    """What is put in place of one expression."""
    if isinstance(node, ast.BinOp):
        for operator in BINARY.get(type(node.op), ()):
            yield _variant(node, op=operator())
        if not isinstance(node.op, (ast.Add, ast.Mult)):
            yield _variant(node, left=node.right, right=node.left)
    elif isinstance(node, ast.Compare):
        for comparison in COMPARE.get(type(node.ops[0]), ()):
            yield _variant(node, ops=[comparison()])
    elif isinstance(node, ast.BoolOp):
        yield _variant(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _constant_changes(node)
    elif isinstance(node, ast.Call):
        yield from _call_changes(node)
    elif isinstance(node, ast.Slice):
        yield _variant(node, lower=ast.Constant(1) if node.lower is None else None)
        yield _variant(node, upper=ast.UnaryOp(ast.USub(), ast.Constant(1)) if node.upper is None else None)


def _parameters(tree: ast.AST) -> list[str]:
    arguments = [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    return sorted(set(arguments) - {"self"})


def _other_names(statement: ast.stmt, parameters: list[str]) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Each parameter that is read, taken for each other one."""
    for node in _expressions(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in parameters:
            for other in parameters:
                yield node, _variant(node, id=other)


def _constant_changes(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        others = {value + 1, value - 1, -value, 0, 1} - {value}
        for other in sorted(others):
            yield ast.Constant(other)


def _call_changes(node: ast.Call) -> Iterator[ast.AST]:
    name = ast.unparse(node.func).rpartition(".")[2]
    if len(node.args) >= 2 and name not in SYMMETRIC and not any(isinstance(arg, ast.Starred) for arg in node.args[:2]):
        yield _variant(node, args=[node.args[1], node.args[0], *node.args[2:]])
    for place, keyword in enumerate(node.keywords):
        if keyword.arg != "strict":
            yield _variant(node, keywords=[*node.keywords[:place], *node.keywords[place + 1 :]])
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("copy", "sum", "cumsum"):
        yield node.func.value
    elif node.args and not isinstance(node.args[0], (ast.GeneratorExp, ast.Starred)):
        yield node.args[0]
