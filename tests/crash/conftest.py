"""A class of the tiny course that a test may harm, and `autograder grade` as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.classes import TINY, hand_in

ROOT = Path(__file__).parents[2]
Start = Callable[..., "subprocess.Popen[str]"]
# Root may write everywhere; without this capability the permissions of files hold for it too.
OBEYING = "import ctypes; [ctypes.CDLL(None).prctl(24, capability, 0, 0, 0) for capability in (1, 2)]"
RUN = "import os, sys; os.execv(sys.executable, [sys.executable, '-m', 'autograder.cli', *sys.argv[1:]])"


@pytest.fixture
def root(root: Path, good: bytes) -> Path:
    """A class of three students, nothing graded yet."""
    for student in ("ada", "bob", "eve"):
        hand_in(root, student, good)
    return root


def start(root: Path, *options: str, first: str = "pass") -> subprocess.Popen[str]:
    """`autograder grade` as a process, after the statement `first`."""
    command = [sys.executable, "-c", f"{first}; {RUN}", "grade", TINY, "--class", str(root), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def refusal(root: Path, *options: str, first: str = "pass") -> str:
    """What `autograder grade` says when it can't: one line."""
    with start(root, *options, first=first) as grader:
        _, said = grader.communicate()
    assert grader.returncode == 2, said
    assert said.count("\n") == 1, said
    return said
