"""What `make setup` installs: the same versions everywhere, on each Python that the README promises."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

PYTHONS = ("3.11.2", "3.12", "3.13", "3.14")  # 3.11.2 is Debian 12's own
MACHINES = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28")
NO_INDEX = ("Failed to fetch", "error sending request", "not found in the cache")  # how uv says it


def resolved(python: str, machine: str) -> set[str]:
    """The pins that `.[dev,hub]` comes to for that Python, wheels only; skips the test where no index is reached."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--extra", "dev", "--extra", "hub"]
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


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment, and beside it a package that can be installed without an index."""
    folder = tmp_path_factory.mktemp("setup")
    venv.create(folder / "venv", with_pip=True)
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    return folder


def install(fresh: Path, *what: str) -> subprocess.CompletedProcess[str]:
    command = [
        str(fresh / "venv" / "bin" / "python"),
        ".ci/install.py",
        "--no-index",
        "--find-links",
        str(fresh),
        *what,
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_installing_says_how_much_it_did(fresh: Path) -> None:
    done = install(fresh, "tiny")
    assert done.returncode == 0
    assert "Installed 1 package in " in done.stdout
    assert len(done.stdout.splitlines()) < 10


def test_what_could_not_be_installed_is_told_in_pips_words(fresh: Path) -> None:
    done = install(fresh, "no-package-of-that-name")
    assert done.returncode != 0
    assert "No matching distribution found for no-package-of-that-name" in done.stderr
    assert (fresh / "venv" / "pip.log").read_text() in done.stderr
