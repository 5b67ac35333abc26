"""The same program as another student would have written it: other names, other small habits, the same values."""

from __future__ import annotations

import ast
import builtins
import random
from collections.abc import Callable

WORDS = """
    acc ans avg block buf cnt cols cur cut data diff dist done elem entry first frac full grp inner item keep last left
    length line mat means mid nums old one outs part piece pos prev prod ratio rem res rest ret row_sum run score seen
    seq shape side size so_far span state step stop store summ table tail temp tmp top tot upd vals vec width work
""".split()  # noqa: SIM905
REMARKS = (
    "see the formula above",
    "TODO: ask whether there is a shorter way",
    "this took me an hour",
    "counting from 0 here",
    "print(type({}))",
    "tested with the example of the notebook",
    "works for the small case",
)
ARRAYS = ("x", "Q", "V", "R")


def in_own_hand(source: str, chance: random.Random) -> str:
    """The program with other names for what is local, and with remarks and statements that change no value."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and chance.random() < 0.4:
            node.left, node.right = node.right, node.left
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            _with_habits(node, chance)
    renamed(tree, lambda taken: chance.choice([word for word in WORDS if word not in taken]))
    return _with_remarks(ast.unparse(ast.fix_missing_locations(tree)), chance)


def renamed(tree: ast.Module, name: Callable[[set[str]], str]) -> None:
    """Give every local name of the program another one; `name` is told which are taken."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    parameters = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    fixed = parameters | {
        name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for name in _attributes(node)
    }
    taken = {node.id for node in nodes} | fixed | set(dir(builtins))
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node.ctx, ast.Store) and node.id not in fixed | names.keys():
            names[node.id] = name(taken)
            taken.add(names[node.id])
    for node in nodes:
        node.id = names.get(node.id, node.id)


def _attributes(definition: ast.ClassDef) -> set[str]:
    """The names that are assigned to in the class's own body, such as `mean = property(...)`."""
    assigned = [target for node in definition.body if isinstance(node, ast.Assign) for target in node.targets]
    return {target.id for target in assigned if isinstance(target, ast.Name)}


def _with_habits(function: ast.FunctionDef, chance: random.Random) -> None:
    """Statements that others leave out."""
    array = next((one.arg for one in function.args.args if one.arg in ARRAYS), None)
    first = (
        [f"{array} = np.asarray({array})", f"n_all = np.size({array})", f"dims = np.shape({array})"] if array else []
    )
    chosen = [text for text in first if chance.random() < 0.25]
    last = function.body[-1]
    if isinstance(last, ast.Return) and last.value is not None and chance.random() < 0.5:
        result = ast.Assign([ast.Name("result_", ast.Store())], last.value)
        function.body[-1:] = [result, ast.Return(ast.Name("result_", ast.Load()))]
    function.body[:0] = ast.parse("\n".join(chosen)).body


def _with_remarks(source: str, chance: random.Random) -> str:
    lines: list[str] = []
    for line in source.splitlines():
        starts_block = lines and lines[-1].endswith(":")
        if line.startswith("    ") and not starts_block and chance.random() < 0.08:
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}# {chance.choice(REMARKS).format('x')}")
        lines.append(line)
    return "\n".join(lines)
