"""A released `check.py`, as a student imports it, and what it says to a cell."""

from __future__ import annotations

import importlib.util
import linecache
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.course.course import Assignment, Course, load_course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.marking.marker import Marker
from autograder.release.build import release_files
from autograder.result import ItemResult
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "fixtures" / "tiny_course"
Ask = Callable[..., Any]
MarkOne = Callable[[str, str], ItemResult]

MORE_CELLS = '''
# %% task="echoes"
def echoes(f, inputs):
    """f of each input, one at a time, as a list. An empty stream is a ValueError."""
    ### BEGIN SOLUTION
    found = [f(x) for x in inputs]
    if not found:
        raise ValueError("no input")
    return found
    ### END SOLUTION
# %% check="echoes"
check("echoes")
# %% task="Last"
class Last:
    def see(self, x):
        ### BEGIN SOLUTION
        self.last = x.copy()
        return self.last.copy()
        ### END SOLUTION
# %% check="Last"
check("Last")
# %% task="pairs"
def pairs():
    ### BEGIN SOLUTION
    return [([[1, 3]], [[2]])]
    ### END SOLUTION
# %% check="pairs"
check("pairs")
'''

MORE_TASKS = """
import numpy as np

from autograder.authoring import ExamplesSheet, Function, Part, Stream, TaskSheet, case, dialogue


def many(new):
    last = new()
    last.each("see", np.ones((300, 8)))
    last.each("see", np.ones((2000, 64)), watch=True)
    last.do("see", np.ones(8))


echoes_task = TaskSheet(
    "echoes", points=3, hidden="",
    cases=[case("three", Function("lambda x: 2 * x"), Stream((1, 4, -2)), public=True),
           case("none", Function("lambda x: 2 * x"), Stream(()), public=True, part="empty")],
    parts=[Part("values", 1), Part("empty", 1), Part("calls", 0.5, aspect="calls"), Part("lazy", 0.5, aspect="lazy")],
)
last_task = TaskSheet(
    "Last", points=1, hidden="", cases=[dialogue("many", many, public=True)],
    parts=[Part("values", 0.5), Part("memory", 0.5, "It grew: keep one row only.", aspect="memory")],
)
pairs_task = ExamplesSheet(
    "pairs", points=2, valid_points=1, hidden="if your examples are telling", of="row_means", targets=["SUM_FOR_MEAN"]
)
"""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """The tiny course's assignment with a task about calls and streams, one about memory, and one of examples."""
    root = Path(shutil.copytree(TINY, tmp_path_factory.mktemp("more") / "course"))
    folder = root / "solutions" / "01_tiny"
    (folder / "notebook.py").write_text((folder / "notebook.py").read_text() + MORE_CELLS)
    (folder / "tasks" / "more.py").write_text(MORE_TASKS)
    return load_course(root).assignment("01_tiny")


def released(assignment: Assignment, folder: Path) -> ModuleType:
    """The `check.py` of a release, imported from its folder."""
    for name, content in release_files(assignment).items():
        (folder / name).write_bytes(content)
    return imported(folder)


def imported(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"check_of_{folder.name}", folder / "check.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ask(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return asking(released(assignment, tmp_path_factory.mktemp("release")))


@pytest.fixture(scope="module")
def mark_one(assignment: Assignment, course: Course, sandbox: Sandbox) -> MarkOne:
    """The result of one item of the assignment with another text in its answer cell, the rest being right."""
    marker = Marker(assignment, sandbox, replace(course.limits, call_seconds=1.0))

    def mark_one(item: str, source: str) -> ItemResult:
        notebook = as_bytes(with_answers(solved(assignment), {item: source}))
        return marker.mark(read_submission(notebook, "01_tiny.ipynb")).result.item(item)

    return mark_one


def asking(module: ModuleType) -> Ask:
    def ask(name: str, source: str = "", **names: object) -> Any:
        """The card of `check(name)` in a notebook whose one other cell is `source`."""
        namespace = {"__name__": "__main__", "np": np, "check": module.check, **names}
        linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
        exec(compile(source, "<cell>", "exec"), namespace)
        return eval("check(name)", namespace | {"name": name})

    return ask
