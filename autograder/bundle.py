"""Make one importable file of a function of this package and of all that it reaches, so that a release needs no
installation.

Definitions are followed name by name: what the function doesn't use isn't shipped.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "autograder"
HEADER = '''\
"""The visible checks of this assignment: `from check import check`.

Generated from the course's autograder by `autograder build`: don't edit it, the next build would overwrite it.
It needs Python 3.10 or later, numpy, and the file public.json beside it.
"""

from __future__ import annotations
'''


class BundleError(Exception):
    """The modules can't be put into one file as they are; the text says which names are in the way."""


@dataclass(frozen=True)
class _Module:
    """A parsed module: its definitions by name, and where its imported names come from."""

    name: str
    lines: list[str]
    definitions: dict[str, ast.stmt]
    inside: dict[str, tuple[str, str]]
    outside: dict[str, str]


@dataclass
class _Bundle:
    """What was reached so far: statements by module and line, import lines, and who owns each top-level name."""

    root: Path
    modules: dict[str, _Module] = field(default_factory=dict)
    reached: dict[str, dict[int, ast.stmt]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    owners: dict[str, str] = field(default_factory=dict)

    def module(self, name: str) -> _Module:
        if name not in self.modules:
            self.modules[name] = _parse(self.root, name)
        return self.modules[name]

    def reach(self, module_name: str, name: str) -> None:
        """Add the definition of `name` in that module and, before it, everything that it mentions."""
        module = self.module(module_name)
        if name in module.outside:
            self.imports.add(module.outside[name])
            self._own(name, module.outside[name])
        elif name in module.inside:
            self.reach(*module.inside[name])
        elif name in module.definitions:
            statement = module.definitions[name]
            if statement.lineno in self.reached.setdefault(module_name, {}):
                return
            self.reached[module_name][statement.lineno] = statement
            for defined in _defined(statement):
                self._own(defined, module_name)
            for mentioned in _mentioned(statement):
                self.reach(module_name, mentioned)
            if module_name not in self.order:
                self.order.append(module_name)

    def _own(self, name: str, owner: str) -> None:
        if self.owners.setdefault(name, owner) != owner:
            raise BundleError(f"{owner} and {self.owners[name]} both define {name}: rename one of them")


def bundle(module: str, name: str) -> str:
    """The text of a file that defines `name` of `autograder.<module>`; the same for the same sources.

    Raises BundleError where two of the modules use one name for different things.
    """
    found = _Bundle(Path(__file__).parent)
    found.reach(f"{PACKAGE}.{module}", name)
    parts = [HEADER + "\n" + "\n".join(_import_lines(found.imports))]
    for module_name in _by_dependency(found):
        for line in sorted(found.reached[module_name]):
            parts.append(_source(found.module(module_name), found.reached[module_name][line]))
    text = "\n\n\n".join(parts) + "\n"
    ast.parse(text, feature_version=(3, 10))
    return text


def _parse(root: Path, name: str) -> _Module:
    path = root.joinpath(*name.split(".")[1:]).with_suffix(".py")
    text = path.read_text(encoding="utf-8")
    module = _Module(name, text.splitlines(), {}, {}, {})
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").split(".")[0] == PACKAGE:
            for alias in statement.names:
                if alias.asname:
                    raise BundleError(f"{name}: an import of the package must keep its name: {alias.name}")
                module.inside[alias.name] = (statement.module or "", alias.name)
        elif isinstance(statement, ast.ImportFrom) and statement.module != "__future__":
            for alias in statement.names:
                module.outside[alias.asname or alias.name] = ast.unparse(
                    ast.ImportFrom(statement.module, [alias], statement.level)
                )
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                module.outside[alias.asname or alias.name.split(".")[0]] = ast.unparse(ast.Import([alias]))
        else:
            module.definitions.update(dict.fromkeys(_defined(statement), statement))
    return module


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)]


def _mentioned(statement: ast.stmt) -> list[str]:
    return sorted({node.id for node in ast.walk(statement) if isinstance(node, ast.Name)})


def _import_lines(single: set[str]) -> list[str]:
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


def _by_dependency(found: _Bundle) -> list[str]:
    """The modules in an order in which each stands behind those that it imports from."""
    order: list[str] = []

    def visit(name: str) -> None:
        for imported, _ in found.module(name).inside.values():
            if imported in found.reached and imported not in order:
                visit(imported)
        if name not in order:
            order.append(name)

    for name in found.order:
        visit(name)
    return order


def _source(module: _Module, statement: ast.stmt) -> str:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while first and module.lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(module.lines[first : statement.end_lineno])
