"""The package's rooms: imports point downwards only, and each module is small and has one job."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from autograder.sandbox.host import launch

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "autograder"
MOST_LINES, MOST_MODULES, MOST_FLOORS = 350, 12, 10
GROUND = {"plain", "definitions", "errors", "files", "result"}
GUEST = {*(Path(module).with_suffix("").as_posix() for module in launch.GUEST_MODULES), "sandbox/guest"}


def modules() -> dict[str, Path]:
    """Every module of the package by its name, such as "answers/case"; a package's own file has the folder's name."""
    files = sorted(PACKAGE.rglob("*.py"))
    return {file.relative_to(PACKAGE).with_suffix("").as_posix().removesuffix("/__init__"): file for file in files}


def imported(file: Path) -> Iterator[str]:
    """The modules of the package that a module imports, lazily or not."""
    known = modules()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").partition(".")[0] != "autograder":
            continue
        base = (node.module or "").removeprefix("autograder").lstrip(".").replace(".", "/")
        for alias in node.names:
            name = f"{base}/{alias.name}".lstrip("/")
            yield name if name in known else base or "__init__"


def room(module: str) -> str:
    """The room that a module stands in: its folder, or itself where it stands at the top."""
    folder = module.rpartition("/")[0]
    return folder or ("ground" if module in GROUND else module)


def floors(below: dict[str, set[str]]) -> dict[str, int]:
    """How many floors each stands above the ground. Raises graphlib.CycleError where imports go in a circle."""
    found: dict[str, int] = {}
    for name in TopologicalSorter(below).static_order():
        found[name] = 1 + max((found[other] for other in below.get(name, ())), default=-1)
    return found


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    return {name: set(imported(file)) - {"__init__"} for name, file in modules().items() if name != "__init__"}


def test_rooms_import_downwards_only(imports: dict[str, set[str]], capsys: pytest.CaptureFixture[str]) -> None:
    below: dict[str, set[str]] = {}
    for module, others in imports.items():
        below.setdefault(room(module), set()).update(room(other) for other in others if room(other) != room(module))
    found = floors(below)
    with capsys.disabled():
        print()
        for floor in sorted(set(found.values()), reverse=True):
            print(f"floor {floor}: {', '.join(sorted(name for name in found if found[name] == floor))}")
    assert len(set(found.values())) <= MOST_FLOORS
    assert found["ground"] == 0


def test_no_modules_import_each_other(imports: dict[str, set[str]]) -> None:
    assert floors(imports)


def test_a_release_needs_nothing_but_its_own_rooms(imports: dict[str, set[str]]) -> None:
    for module, others in imports.items():
        if room(module) in ("check", "answers"):
            assert {room(other) for other in others} <= {"check", "answers", "ground"}, module


def test_only_the_guest_enters_the_sandbox(imports: dict[str, set[str]]) -> None:
    for module, others in imports.items():
        if module in GUEST or room(module) in GUEST:
            assert all(other in GUEST or room(other) in GUEST for other in others), module


def test_modules_are_short_and_folders_are_small() -> None:
    files = [file for top in ("autograder", "tests", "benchmarks") for file in (ROOT / top).rglob("*.py")]
    long = {str(file): lines for file in files if (lines := file.read_text("utf-8").count("\n")) > MOST_LINES}
    assert not long
    folders = Counter(file.parent for file in files if file.name != "__init__.py")
    assert max(folders.values()) <= MOST_MODULES, folders


def test_no_two_classes_have_one_name() -> None:
    trees = (ast.parse(text) for text in texts().values())
    names = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1] == []


def texts() -> dict[str, str]:
    return {name: file.read_text(encoding="utf-8") for name, file in modules().items()}
