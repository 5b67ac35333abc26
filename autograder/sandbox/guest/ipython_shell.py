"""In the guest: the shell for notebooks that use what is IPython's own (magics, display, plots). It takes a second to
load, and each cell longer."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import io
import os
import sys
import time
import types
import warnings
from typing import Any

from IPython.core import interactiveshell
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils import timing
from IPython.utils.text import SList
from traitlets import Type
from traitlets.config import Config

from autograder.sandbox.guest import refusals
from autograder.sandbox.guest.cells import defines, offer_check, run
from autograder.sandbox.guest.shown import Outputs, failure


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

    def execute(self, source: str, draw: bool, only_definitions: bool) -> BaseException | None:
        """Run a cell, as cells.Shell has it."""
        self.only_definitions = only_definitions
        try:
            result = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            figures(self, draw)
        except BaseException as escaped:  # from a hook that a cell put into IPython
            return escaped
        error: BaseException | None = result.error_before_exec or result.error_in_exec
        return error

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
        for node in filter(defines, nodelist) if self.only_definitions else nodelist:
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
    offer_check(shell)
    if importlib.util.find_spec("matplotlib"):
        import matplotlib

        matplotlib.use("agg")
        import matplotlib.pyplot as plt

        plt.show = lambda *_args, **_options: None
    refusals.install()
    interactiveshell.io_open = builtins.open  # type: ignore[attr-defined]  # what notebooks get
    warm = "import numpy as np\nprint(np.zeros(2))\nnp.zeros(2)"
    for source in (warm, "1 / 0", "1 +", "%lsmagic"):
        run(shell, source, draw=False)
    shell.reset(new_session=True)
    shell.execution_count = 1
    return shell


def _is_plain_python(source: str) -> bool:
    """Whether a cell holds nothing of IPython's own: Python understands it, and it doesn't start with an expression,
    which could be the name of a magic."""
    try:
        with warnings.catch_warnings(action="ignore"):
            body = ast.parse(source).body
    except Exception:  # IPython tells what is wrong, or understands it
        return False
    return not body or not isinstance(body[0], ast.Expr)


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
