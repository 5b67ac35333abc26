"""Make one importable file of `check/` and `answers/`, module after module, so that a release needs no installation."""

from __future__ import annotations

import ast
from pathlib import Path

from autograder.errors import BundleError

PACKAGE = "autograder"
ROOT = Path(__file__).parents[1]
MODULES = (
    "plain",
    "definitions",
    "answers.case",
    "answers.compare",
    "answers.misconception",
    "answers.value_rules",
    "answers.relations",
    "answers.places",
    "answers.diagnose",
    "answers.example_pairs",
    "answers.question",
    "check.public_json",
    "check.feedback_card",
    "check.kernel",
    "check.time_limit",
    "check.validation",
    "check.check",
)
HEADER = '''\
"""The visible checks of this assignment: `from check import check`.

Generated from the course's autograder by `autograder build`: don't edit it, the next build would overwrite it.
It needs Python 3.10 or later, numpy, and the file public.json beside it.
"""

from __future__ import annotations
'''


def bundle(modules: tuple[str, ...] = MODULES, root: Path = ROOT) -> str:
    """The text of one file with all that the modules of the package define; the same for the same sources.

    A module stands behind those that it imports from. Raises BundleError where one doesn't, where it imports what isn't
    shipped, or where two of them use one name for different things.
    """
    outside: set[str] = set()
    owners: dict[str, str] = {}
    texts: list[str] = []
    for name in modules:
        text = root.joinpath(*name.split(".")).with_suffix(".py").read_text(encoding="utf-8")
        body = ast.parse(text).body
        imports = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
        for node in imports:
            outside.update(_outside(name, node, owners))
        for defined in (defined for node in body for defined in _defined(node)):
            if owners.setdefault(defined, name) != name:
                raise BundleError(f"{name} and {owners[defined]} both define {defined}: rename one of them")
        texts.append("\n".join(text.splitlines()[imports[-1].end_lineno :]).strip("\n"))
    whole = "\n\n\n".join([HEADER + "\n" + "\n".join(_joined(outside)), *texts]) + "\n"
    ast.parse(whole, feature_version=(3, 10))
    return whole


def _outside(module: str, node: ast.Import | ast.ImportFrom, owners: dict[str, str]) -> list[str]:
    """The import lines, of one name each, for what a statement imports from elsewhere than the package."""
    if isinstance(node, ast.Import):
        return [ast.unparse(ast.Import([alias])) for alias in node.names]
    if node.module == "__future__":
        return []
    if (node.module or "").split(".")[0] != PACKAGE:
        return [ast.unparse(ast.ImportFrom(node.module, [alias], node.level)) for alias in node.names]
    for alias in node.names:
        if alias.asname:
            raise BundleError(f"{module}: an import of the package must keep its name: {alias.name}")
        if owners.get(alias.name) != (node.module or "").removeprefix(f"{PACKAGE}."):
            raise BundleError(f"{module} needs {alias.name} of {node.module}, which isn't shipped before it")
    return []


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)]


def _joined(single: set[str]) -> list[str]:
    """Import lines of one name each, those from one module joined, in the usual order."""
    joined: dict[str, list[str]] = {}
    for line in sorted(single):
        source, _, name = line.rpartition("import ")
        joined.setdefault(source or line, []).append(name)
    lines = [
        f"{source}import {', '.join(names)}" if source.startswith("from") else source
        for source, names in joined.items()
    ]
    return sorted(lines, key=lambda line: (line.startswith("from"), line))
