"""In the guest: run notebook cells with IPython and keep what they show, bounded."""

from __future__ import annotations

import ast
import base64
import collections
import importlib.util
import io
import linecache
import os
import re
import sys
import time
import types
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils import timing
from IPython.utils.text import SList
from traitlets import Type
from traitlets.config import Config

from autograder.definitions import unwritten
from autograder.plain import classes_of
from autograder.sandbox.guest import refusals

MAX_OUTPUTS = 200
MAX_PICTURES = 8 << 20  # bytes in one cell
MAX_FAILURE = 2_000
MAX_FRAMES = 20
EMPTY_START = re.compile(r"\A(?:[ \t]*\n)+(?=\S)(?!%%)")


class Outputs:
    """What one cell shows, as a list of plain dicts; past the limits it is dropped, not stored."""

    def __init__(self, characters: int) -> None:
        self.limit = characters
        self.clear()

    def clear(self) -> None:
        self.items: list[dict[str, object]] = []
        self.characters = self.limit
        self.pictures = MAX_PICTURES

    def cut(self, text: str) -> str:
        text = text[: self.characters]
        self.characters -= len(text)
        return text

    def stream(self, name: str, text: str) -> None:
        text = self.cut(text)
        last = self.items[-1] if self.items else {}
        if last.get("name") == name:
            parts = last["text"]
            assert isinstance(parts, list)
            if text and len(parts) < MAX_OUTPUTS * 10:
                parts.append(text)
            elif text:
                last["text"] = ["".join(parts), text]
        elif text and len(self.items) < MAX_OUTPUTS:
            self.items.append({"output_type": "stream", "name": name, "text": [text]})

    def data(self, kind: str, bundle: dict[str, object], count: int | None = None) -> None:
        if len(self.items) >= MAX_OUTPUTS:
            return
        data: dict[str, object] = {"text/plain": self.cut(str(bundle.get("text/plain", "")))}
        picture = bundle.get("image/png")
        if isinstance(picture, str):
            picture = base64.b64decode(picture)
        if isinstance(picture, bytes) and len(picture) <= self.pictures:
            self.pictures -= len(picture)
            data["image/png"] = np.frombuffer(picture, np.uint8)
        self.items.append({"output_type": kind, "data": data, "execution_count": count})

    def error(self, kind: str, text: str, trace: list[str]) -> None:
        lines = [self.cut(line) for line in trace]
        self.items = self.items[: MAX_OUTPUTS - 1]
        self.items.append({"output_type": "error", "ename": kind, "evalue": text, "traceback": lines})


class OutputStream(io.TextIOBase):
    """Stands in for stdout or stderr."""

    encoding = "utf-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self.outputs, self.stream_name = outputs, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.outputs.stream(self.stream_name, text)
        return len(text)


class Hook(DisplayHook):
    """Keeps the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, object], _metadata: object = None) -> None:
        assert isinstance(self.shell, NotebookShell)
        self.shell.outputs.data("execute_result", format_dict, self.prompt_count)

    def finish_displayhook(self) -> None:
        pass


class Publisher(DisplayPublisher):
    """Keeps what display() shows."""

    def publish(self, data: dict[str, object], *_args: object, **_options: object) -> None:
        self.shell.outputs.data("display_data", data)

    def clear_output(self, _wait: bool = False) -> None:
        self.shell.outputs.clear()


class NotebookShell(InteractiveShell):
    """An IPython shell without history, colours, start-up files, threads or a terminal."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)
    outputs: Outputs
    only_definitions = False

    def enable_gui(self, _gui: object = None) -> None:
        pass

    def enable_matplotlib(self, _gui: object = None) -> tuple[None, str]:
        return None, "agg"  # drawing is the sandbox's business, whatever `%matplotlib` asks for

    def ask_exit(self) -> None:
        pass

    def transform_cell(self, raw_cell: str) -> str:
        # IPython takes each cell apart to look for its own syntax, which costs more than most cells do.
        return raw_cell if _is_plain_python(raw_cell) else str(super().transform_cell(raw_cell))  # type: ignore[no-untyped-call]

    def should_run_async(self, raw_cell: str, **options: Any) -> bool:
        # IPython compiles each cell once more to see whether it awaits.
        return ("await" in raw_cell or "async" in raw_cell) and bool(super().should_run_async(raw_cell, **options))

    async def run_ast_nodes(
        self,
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Any = compile,
        result: Any = None,
    ) -> bool:
        """Run the statements of a cell. One that fails here may work where the student worked, so it must not take the
        definitions below it along: the others run all the same, unless it says itself that here is the end. The
        failure that is told is the first."""
        result = result or types.SimpleNamespace(error_in_exec=None)
        first = None
        for node in filter(_defines, nodelist) if self.only_definitions else nodelist:
            shown = interactivity if node is nodelist[-1] else "none"
            if await super().run_ast_nodes([node], cell_name, shown, compiler, result):
                first = result.error_in_exec if first is None else first
                if isinstance(node, ast.Raise) or not isinstance(result.error_in_exec, Exception):
                    break
        result.error_in_exec = first
        return first is not None

    # A shell command that fails raises nothing in Jupyter either.
    def system(self, _command: str) -> None:
        print(refusals.unavailable("Running a shell command"), file=sys.stderr)

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> SList | str:  # noqa: ARG002
        self.system(cmd)
        return SList() if split else ""

    # The failure is told from the result of run_cell; IPython's own tracebacks are slow and hold its frames.
    def showtraceback(self, *_args: object, **_options: object) -> None:
        pass

    def showsyntaxerror(self, *_args: object, **_options: object) -> None:
        pass

    def _format_exception_for_storage(self, *_args: object, **_options: object) -> dict[str, object]:
        return {}


def create(output_chars: int, home: str) -> Any:
    """The shell that the zygote makes once, for all its children."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.banner1 = ""
    config.InteractiveShell.ipython_dir = home
    shell: Any = NotebookShell.instance(config=config)  # most of IPython is not typed
    shell.outputs = Outputs(output_chars)
    shell.display_formatter.active_types = ["text/plain", "image/png"]
    warnings.filterwarnings("ignore", "To exit: use")  # there is no prompt to leave
    # For `%time`, which would ask getrusage: what that tells of pages, another submission can have prepared.
    timing.clock, timing.clock2 = time.process_time, lambda: os.times()[:2]
    check = types.ModuleType("check", "The self-check of the exercises; while grading it checks nothing.")
    check.check = lambda *_args, **_options: None  # type: ignore[attr-defined]
    check.written = lambda *names: all(_is_written(shell, name) for name in names)  # type: ignore[attr-defined]
    sys.modules["check"] = check
    if importlib.util.find_spec("matplotlib"):
        import matplotlib

        matplotlib.use("agg")
        import matplotlib.pyplot as plt

        plt.show = lambda *_args, **_options: None
    refusals.install()
    warm = "import numpy as np\nprint(np.zeros(2))\nnp.zeros(2)"
    for source in (warm, "1 / 0", "1 +", "%lsmagic"):
        run(shell, source, draw=False)
    shell.reset(new_session=True)
    shell.execution_count = 1
    return shell


def _is_written(shell: Any, name: str) -> bool:
    return name in shell.user_ns and not any(unwritten(shell.user_ns[name]))


def run(
    shell: Any, source: str, draw: bool, only_definitions: bool = False
) -> tuple[list[dict[str, object]], list[object] | None]:
    """Run one cell, or only its definitions; returns its outputs and, when it raised, its `failure`."""
    shell.outputs.clear()
    shell.only_definitions = only_definitions
    # IPython drops empty lines at the start, and then every line number would be too small.
    source = EMPTY_START.sub(lambda start: "#\n" * start.group().count("\n"), source)
    # An earlier cell may have replaced them, which must not keep this one from being understood.
    sys.stdout, sys.stderr = OutputStream(shell.outputs, "stdout"), OutputStream(shell.outputs, "stderr")
    try:
        result = shell.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        figures(shell, draw)
    except BaseException as escaped:  # from a hook that a cell put into IPython
        error = escaped
    told = None
    if error is not None:
        kind, text, line, bases = failure(error)
        shell.outputs.error(str(kind), str(text), trace(error))
        told = [kind, text, next((line for line, _ in _steps(error)), line), bases]  # the line of the cell itself
    for item in shell.outputs.items:
        if item["output_type"] == "stream":
            item["text"] = "".join(item["text"])
    return shell.outputs.items, told


def _is_plain_python(source: str) -> bool:
    """Whether a cell holds nothing of IPython's own: Python understands it, and it doesn't start with an expression,
    which could be the name of a magic."""
    try:
        with warnings.catch_warnings(action="ignore"):
            body = ast.parse(source).body
    except Exception:  # IPython tells what is wrong, or understands it
        return False
    return not body or not isinstance(body[0], ast.Expr)


def _defines(node: ast.AST) -> bool:
    """Whether a statement gives a name its meaning without computing much: imports, definitions, plain values."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and not _computes(node.value)


def _computes(node: ast.AST) -> bool:
    if isinstance(node, ast.Lambda):
        return False
    return isinstance(node, (ast.Call, ast.comprehension, ast.Await)) or any(map(_computes, ast.iter_child_nodes(node)))


def figures(shell: Any, draw: bool) -> None:
    """Show (with `draw`) and close every open figure, as a notebook does at the end of a cell."""
    plt = sys.modules.get("matplotlib.pyplot")
    if plt is None or not plt.get_fignums():
        return
    try:
        for number in plt.get_fignums() if draw else ():
            picture = io.BytesIO()
            plt.figure(number).savefig(picture, format="png")
            shell.outputs.data("display_data", {"text/plain": "<Figure>", "image/png": picture.getvalue()})
    except Exception as error:  # a figure may fail to draw only here; the student sees it as in Jupyter
        shell.outputs.stream("stderr", f"A figure could not be drawn: {failure(error)[1]}\n")
    plt.close("all")


def failure(error: BaseException) -> list[object]:
    """[class name, text, line in a cell or None, Python's own classes that it is one of] of an exception, whatever its
    own code does."""
    kind, bases = classes_of(error)
    if kind == "_IncompleteInputError":  # what Python 3.13 and later call a cell that ends too early
        kind = "SyntaxError"
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        text = str.__str__(text)[:MAX_FAILURE]
    except BaseException:  # its text is the submission's own code
        text = "(this exception's text could not be shown)"
    frames = _frames(error)
    line = frames[-1][0] if frames else error.lineno if isinstance(error, SyntaxError) else None
    return [kind, text, line if type(line) is int else None, list(bases)]


def trace(error: BaseException) -> list[str]:
    """A short traceback: the lines of the notebook that led to the exception."""
    kind, text, *_ = failure(error)
    lines = [f"line {line}, in {name}: {source}" for line, name, source in _frames(error)]
    if isinstance(error, SyntaxError):
        lines.append(f"line {error.lineno}: {str(error.text or '').rstrip()[:200]}")
    return [*lines, f"{kind}: {text}"]


def _frames(error: BaseException) -> list[tuple[int, str, str]]:
    """(line, function, source) of the notebook's frames, the innermost last."""
    found = collections.deque(_steps(error), maxlen=MAX_FRAMES)
    return [(line, code.co_name, linecache.getline(code.co_filename, line).strip()[:200]) for line, code in found]


def _steps(error: BaseException) -> Iterator[tuple[int, types.CodeType]]:
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename.startswith("<ipython-input-"):
            yield step.tb_lineno, step.tb_frame.f_code
        step = step.tb_next
