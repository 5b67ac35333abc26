"""A class in which several instructors of one group work, whatever the umask of who works in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cli import main
from tests.classes import TINY, hand_in

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def made_for_one(root: Path, before: set[Path]) -> list[str]:
    """What was made since, and can't be written by the group."""
    made = set(root.rglob("*")) - before
    return sorted(str(path.relative_to(root)) for path in made if not path.lstat().st_mode & stat.S_IWGRP)


def work(root: Path, good: bytes) -> set[Path]:
    """Grade into a new gradebook and collect; what was there before."""
    hand_in(root, "ada", good)
    download = root.parent / "download"
    (download / "ben").mkdir(parents=True)
    (download / "ben" / f"{TINY}.ipynb").write_bytes(good)
    (root / "gradebook.db").unlink()
    before = set(root.rglob("*"))
    assert main(["grade", TINY, "--class", str(root), "--workers", "1"]) == 0
    assert main(["collect", str(download), "--class", str(root), "--new-students", "--write"]) == 0
    return before


def test_what_is_made_may_be_written_by_the_group_where_the_class_is_shared(root: Path, good: bytes) -> None:
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.CourseDirectory.groupshared = True\n")
    before = work(root, good)
    assert made_for_one(root, before) == []
    assert os.umask(0o077) == 0o077


def test_else_it_is_as_the_umask_says(root: Path, good: bytes) -> None:
    before = work(root, good)
    assert set(made_for_one(root, before)) == {str(path.relative_to(root)) for path in set(root.rglob("*")) - before}
