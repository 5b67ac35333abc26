"""Software of others that reads what is exported; `make strangers` installs it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / ".strangers"


def package(name: str) -> Path:
    """The folder of a package. The test is skipped where there is none."""
    found = FOLDER / "node_modules" / name
    if not found.is_dir():
        pytest.skip(f"{name} isn't installed: make strangers")
    return found


def node(program: str, given: object) -> Any:
    """What the program, an ES module that finds the packages, writes as JSON when it reads `given` as JSON."""
    if not shutil.which("node"):
        pytest.skip("no Node.js")
    command = ["node", "--input-type=module", "--eval", program]
    done = subprocess.run(command, cwd=FOLDER, input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
