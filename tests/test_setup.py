"""What `make setup` installs: the same versions everywhere, on each Python that the README promises."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

PYTHONS = ("3.11.2", "3.12", "3.13", "3.14")  # 3.11.2 is Debian 12's own
MACHINES = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28")
NO_INDEX = ("Failed to fetch", "error sending request", "not found in the cache")  # how uv says it


def resolved(python: str, machine: str) -> set[str]:
    """The pins that `.[dev]` comes to for that Python, wheels only; skips the test where no index can be reached."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--extra", "dev"]
    command += ["--constraint", "constraints.txt", "--python-version", python, "--python-platform", machine]
    command += ["--python", sys.executable, "--no-python-downloads", "--only-binary", ":all:"]
    command += ["--quiet", "--no-header", "--no-annotate"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode and any(words in done.stderr for words in NO_INDEX):
        pytest.skip("No package index can be reached, so constraints.txt was not resolved.")
    assert done.returncode == 0, f"Python {python} on {machine}: {done.stderr}"
    return {pin for pin in map(canonical, done.stdout.splitlines()) if "==" in pin}


def canonical(pin: str) -> str:
    name, equals, version = pin.partition("==")
    return re.sub(r"[-_.]+", "-", name).lower() + equals + version


def test_each_promised_python_can_install_the_pins_and_needs_each_of_them() -> None:
    pins = set(map(canonical, (ROOT / "constraints.txt").read_text().split()))
    with ThreadPoolExecutor(len(PYTHONS)) as pool:
        found = list(pool.map(resolved, PYTHONS * len(MACHINES), sorted(MACHINES * len(PYTHONS))))
    needed = set.union(*found)
    assert needed - pins == set(), "needed, but not pinned"
    assert pins - needed == set(), "pinned, but not needed"
