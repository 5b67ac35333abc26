"""A release in use: as nbgrader itself would make it, and run untouched where no autograder is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.course import Assignment, load_course
from autograder.release.build import RELEASE_CONFIG, release_files, source_files

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
TINY = Path(__file__).parents[1] / "fixtures" / "tiny_course"
REAL = load_course(ROOT)


def test_nbgrader_makes_the_same_release_from_the_source(tmp_path: Path) -> None:
    assignment = load_course(TINY).assignment("01_tiny")
    source = tmp_path / "source" / assignment.name
    source.mkdir(parents=True)
    for name, content in source_files(assignment).items():
        (source / name).write_bytes(content)
    settings = [
        f"c.{group}.{name} = {value!r}" for group, held in RELEASE_CONFIG.items() for name, value in held.items()
    ]
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n" + "\n".join(settings))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls the program alembic
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment.name]
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"PATH": path}, check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in (tmp_path / "release" / assignment.name).iterdir()}
    assert made == release_files(assignment)


RUN_ALL = """
import contextlib, io, json, sys
sys.path.insert(0, ".")
namespace, shown = {}, []
for place, cell in enumerate(json.load(open(sys.argv[1]))["cells"]):
    if cell["cell_type"] == "code":
        source = "".join(cell["source"])
        try:
            if source.startswith("check("):
                shown.append(repr(eval(source, namespace)).splitlines()[0])
            else:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(source, f"<cell {place}>", "exec"), namespace)
        except NotImplementedError:
            pass
assert not any(name.startswith(("autograder", "msgpack")) for name in sys.modules)
print(json.dumps(shown))
"""


def untouched_checks(assignment: Assignment, folder: Path) -> list[str]:
    """What the checks of an untouched release say, in a Python that knows no autograder."""
    for name, content in release_files(assignment).items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-I", "-W", "error", "-c", RUN_ALL, f"{assignment.name}.ipynb"]
    done = subprocess.run(command, cwd=folder, env=os.environ | {"MPLBACKEND": "agg"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shown: list[str] = json.loads(done.stdout)
    return shown


@pytest.mark.parametrize("name", REAL.names)
def test_an_untouched_release_runs_and_says_not_attempted(name: str, tmp_path: Path) -> None:
    assignment = REAL.assignment(name)
    shown = untouched_checks(assignment, tmp_path)
    questions = [question for question in assignment.questions if question.kind != "free"]
    assert len(shown) == len(assignment.tasks) + len(questions)
    assert all(line.endswith((": Not attempted", ": Not answered yet")) for line in shown), shown
