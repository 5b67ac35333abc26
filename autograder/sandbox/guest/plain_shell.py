"""In the guest: the shell for notebooks of plain Python. It shows what IPython would show, and holds none of it.

What only IPython or matplotlib can do isn't tried here: the shell says so, and the host runs the notebook in the other
shell from the start. The code of a submission can have it say so; that gains nothing.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import importlib.util
import io
import linecache
import re
import sys
import tokenize
import types
from collections.abc import Iterator
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any, NoReturn

import numpy as np

from autograder.sandbox.guest import refusals
from autograder.sandbox.guest.cells import defines, offer_check, run
from autograder.sandbox.guest.shown import CELL_FILES, Outputs

ELSEWHERE = frozenset({"IPython", "ipykernel", "matplotlib", "matplotlib_inline", "pylab"})
OF_IPYTHON = re.compile(r"In|Out|_[iod]h|_+i+|_i*\d+|get_ipython|display|exit|quit|__IPYTHON__|__builtin__")
BEHIND_CODE = frozenset({tokenize.ENDMARKER, tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT})
OF_PLOTS = frozenset({"__all__", "__bibtex__", "__version__", "__version_info__"})  # what the real ones have
SCALARS = frozenset({bool, int, float, complex, str, bytes, type(None)})
MOST_WIDTH = 70  # of what IPython surely leaves on one line
MOST_ITEMS = 500  # of what it surely doesn't cut


class OtherShell(BaseException):
    """What is asked for needs the other shell."""


class PlainShell:
    """Runs cells of plain Python in the module `__main__`."""

    def __init__(self, output_chars: int) -> None:
        self.outputs = Outputs(output_chars)
        self.wants_other = False
        self.reset()

    def reset(self) -> None:
        """Begin with a new notebook."""
        module = types.ModuleType("__main__")
        self.user_ns: dict[str, Any] = module.__dict__
        self.user_ns.clear()  # as IPython does when it begins anew
        self.user_ns |= {"__name__": "__main__", "__builtins__": builtins, "open": builtins.open}
        self.count = 0
        sys.modules["__main__"] = module

    def execute(self, source: str, draw: bool, only_definitions: bool) -> BaseException | None:  # noqa: ARG002
        """Run a cell, as cells.Shell has it: it can hold no figures."""
        if not source.strip():
            return None
        self.count += 1
        self.user_ns.pop("__warningregistry__", None)  # each cell warns anew
        name = _kept_lines(source, self.count)
        try:
            return self._run(self._parsed(source, name), name, source, only_definitions)
        except OtherShell as error:
            self.wants_other = True
            return error

    def elsewhere(self, *_args: object, **_options: object) -> NoReturn:
        """What is called for in the other shell alone."""
        self.wants_other = True
        raise OtherShell

    def _parsed(self, source: str, name: str) -> list[ast.stmt]:
        try:
            tree = ast.parse(source, name)
        except Exception as error:  # IPython may understand it, and tells what is wrong
            raise OtherShell from error
        if "await" in source or "async" in source or "__future__" in source or "displayhook" in source:
            raise OtherShell
        last_value = any(isinstance(node, ast.Name) and not node.id.strip("_") for node in _loaded(tree))
        if last_value or (len(source.splitlines()) == 1 and self._may_be_magic(tree.body)):
            raise OtherShell
        return tree.body

    def _may_be_magic(self, body: list[ast.stmt]) -> bool:
        """Whether a single line begins with a word that nobody gave a meaning: `pwd` is a command to IPython."""
        if not body or not isinstance(body[0], ast.Expr):
            return False
        first = next((node for node in ast.walk(body[0]) if isinstance(node, ast.Name)), None)
        return first is not None and first.id not in self.user_ns and not hasattr(builtins, first.id)

    def _run(self, body: list[ast.stmt], name: str, source: str, only_definitions: bool) -> BaseException | None:
        """Run the statements one by one. One that fails doesn't take those below it along, unless it says itself that
        here is the end; the failure that is told is the first."""
        quiet = _ends_in_semicolon(source)
        first: BaseException | None = None
        for node in filter(defines, body) if only_definitions else body:
            shows = node is body[-1] and isinstance(node, ast.Expr)
            try:
                code = _compiled(node, name, shows)
            except BaseException as error:  # such as `return` outside a function
                return error
            if any(map(OF_IPYTHON.fullmatch, _names(code))) and _uses(node):
                raise OtherShell
            failed = self._run_one(code, quiet)
            if self.wants_other:
                raise OtherShell
            first = failed if first is None else first
            if failed is not None and (isinstance(node, ast.Raise) or not isinstance(failed, Exception)):
                break
        return first

    def _run_one(self, code: types.CodeType, quiet: bool) -> BaseException | None:
        hook, sys.displayhook = sys.displayhook, (lambda _value: None) if quiet else self._show
        try:
            exec(code, self.user_ns)
        except BaseException as error:
            return error
        finally:
            sys.displayhook = hook
        return None

    def _show(self, value: object) -> None:
        """Keep the value of a cell's last line."""
        if value is None:
            return
        text = as_shown(value)
        if text is None:
            self.elsewhere()
        self.outputs.data("execute_result", {"text/plain": text}, self.count)


class Elsewhere(MetaPathFinder):
    """Finds what the other shell alone has: that shell is called for."""

    def __init__(self, shell: PlainShell) -> None:
        self.shell = shell

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> None:
        if fullname.partition(".")[0] in ELSEWHERE:
            self.shell.elsewhere()


class UnusedPlots(types.ModuleType):
    """Stands for matplotlib, which most notebooks import and few cells use."""

    def __init__(self, spec: ModuleSpec, shell: PlainShell) -> None:
        super().__init__(spec.name)
        self.__dict__.update(__spec__=spec, __file__=spec.origin, __shell=shell)

    def __dir__(self) -> NoReturn:
        shell: PlainShell = self.__dict__["__shell"]
        shell.elsewhere()

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name not in OF_PLOTS:
            raise AttributeError(name)
        return self.__dict__["__shell"].elsewhere()

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("__"):
            self.__dict__["__shell"].elsewhere()
        super().__setattr__(name, value)


def create(output_chars: int) -> PlainShell:
    """The shell that the zygote makes once, for all its children."""
    shell = PlainShell(output_chars)
    offer_check(shell)
    for name in ("get_ipython", "display"):
        setattr(builtins, name, shell.elsewhere)
    builtins.__IPYTHON__ = True  # type: ignore[attr-defined]  # a library may look for it, and for the prompts
    library = importlib.util.find_spec("matplotlib")
    plots = library and PathFinder.find_spec("matplotlib.pyplot", library.submodule_search_locations)
    if library and plots:
        pyplot, matplotlib = UnusedPlots(plots, shell), UnusedPlots(library, shell)
        matplotlib.__dict__.update(__path__=[], pyplot=pyplot)
        sys.modules |= {"matplotlib": matplotlib, "matplotlib.pyplot": pyplot}
    sys.meta_path.insert(0, Elsewhere(shell))
    sys.ps1, sys.ps2, sys.ps3 = "In : ", "...: ", "Out: "  # type: ignore[attr-defined]
    refusals.install()
    for source in ("import numpy as np\nprint(np.zeros(2))\nnp.zeros(2)", "1 / 0"):
        run(shell, source, draw=False)
    shell.reset()
    return shell


def as_shown(value: object) -> str | None:
    """The text that IPython shows for a value; None where that isn't sure to be Python's own."""
    alone = type(value) in SCALARS or _is_numpys(value)
    try:
        text = repr(value) if alone or _is_simple(value, MOST_ITEMS) else None
    except Exception:  # such as an integer of too many digits: what IPython can't show is no failure of the cell
        return None
    return text if alone or (text is not None and len(text) <= MOST_WIDTH and "\n" not in text) else None


def _is_numpys(value: object) -> bool:
    return type(value) is np.ndarray or (isinstance(value, np.generic) and type(value).__module__ == "numpy")


def _is_simple(value: object, most: int) -> bool:
    """Whether it is a list, tuple or mapping of scalars and of such, with few items."""
    if type(value) in (list, tuple):
        items: Any = value
    elif type(value) is dict:
        items = [*value.keys(), *value.values()]
    else:
        return type(value) in SCALARS or _is_numpys(value)
    return len(items) <= most and all(_is_simple(item, most // 10) for item in items)


def _compiled(node: ast.stmt, name: str, shows: bool) -> types.CodeType:
    if shows:
        return compile(ast.Interactive([node]), name, "single", dont_inherit=True)
    return compile(ast.Module([node], []), name, "exec", dont_inherit=True)


def _uses(node: ast.AST) -> bool:
    """Whether it names what IPython alone knows; an attribute such as `sys.exit` is something else."""
    return any(isinstance(part, ast.Name) and OF_IPYTHON.fullmatch(part.id) for part in ast.walk(node))


def _loaded(tree: ast.AST) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if isinstance(getattr(node, "ctx", None), ast.Load))


def _names(code: types.CodeType) -> Iterator[str]:
    """The names that a piece of code looks up or gives a meaning to, outside and inside its functions."""
    yield from code.co_names
    for held in code.co_consts:
        if isinstance(held, types.CodeType):
            yield from _names(held)


def _ends_in_semicolon(source: str) -> bool:
    """Whether the last piece of code is a semicolon: then the cell shows no value."""
    if ";" not in source:
        return False
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except Exception as error:  # it reads more strictly than Python itself
        raise OtherShell from error
    code = [token.string for token in tokens if token.type not in BEHIND_CODE]
    return code[-1:] == [";"]


def _kept_lines(source: str, count: int) -> str:
    """The name of the cell's file as IPython makes it; tracebacks find the cell's lines by it."""
    digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()[:12]
    name = f"{CELL_FILES}{count}-{digest}>"
    linecache.cache[name] = (len(source), None, [f"{line}\n" for line in source.splitlines()], name)
    return name
