"""nbgrader's own commands on a class, as a person types them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(root: Path) -> dict[str, str]:
    """Jupyter's own settings of whoever runs the tests must not matter."""
    home = root.parent / "home"
    home.mkdir(exist_ok=True)
    mine = {f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    return os.environ | mine | {"HOME": str(home), "PYTHONPATH": str(ROOT)}


def nbgrader(root: Path, *arguments: str) -> str:
    """The log of a command of nbgrader that went well, typed in `root`."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment(root), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr
