"""The course that stands beside this engine. Its programs are as trusted as the engine, since they came with it."""

from __future__ import annotations

import filecmp
from pathlib import Path

from autograder.course.course import Course, load_course

ROOT = Path(__file__).resolve().parents[2]


def engines_twin_of(course: Course) -> Course | None:
    """The engine's own course, if `course` is that or a copy of it, such as the one in a class. Nothing of the copy is
    run: beside equal sources, compiled files may hold something else."""
    own, other = _files(ROOT), _files(course.root)
    same = own.keys() == other.keys() and all(filecmp.cmp(own[name], other[name], shallow=False) for name in own)
    return load_course(ROOT) if own and same else None


def _files(root: Path) -> dict[str, Path]:
    """The sources of a course by their names, without what Python and editors leave beside them."""
    solutions = root / "solutions"
    files = {str(path.relative_to(solutions)): path for path in solutions.rglob("*") if path.is_file()}
    return {name: path for name, path in files.items() if "/." not in f"/{name}" and "__pycache__" not in name}
