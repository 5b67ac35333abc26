"""A real JupyterLab with a released assignment, and a real Chromium looking at it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.build import release_files
from autograder.course import load_course

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "02_cumulative_average"
START_SECONDS = 40
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab; `settings` is the folder in which a theme can be chosen."""

    url: str
    token: str
    settings: Path

    def choose(self, plugin: str, values: dict[str, object]) -> None:
        path = self.settings / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def notebook(self) -> str:
        return f"{self.url}/lab/tree/{ASSIGNMENT}.ipynb?token={self.token}&reset"


@pytest.fixture(scope="session")
def chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip("no Chromium: install one, or name it in the environment variable CHROMIUM")
    return found


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Lab]:  # noqa: ARG001  # skips without one
    home = tmp_path_factory.mktemp("lab")
    work = home / "work"
    work.mkdir()
    for name, content in release_files(load_course(ROOT).assignment(ASSIGNMENT)).items():
        (work / name).write_bytes(content)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lab = Lab(f"http://127.0.0.1:{port}", secrets.token_hex(16), home / "settings")
    for plugin, values in SETTINGS.items():
        lab.choose(plugin, dict(values))
    with (home / "log").open("w") as log:
        server = subprocess.Popen(_command(port), cwd=work, env=_environment(home, lab), stdout=log, stderr=log)
        try:
            _wait(lab, server, home / "log")
            yield lab
        finally:
            server.terminate()
            server.wait(timeout=20)


def _command(port: int) -> list[str]:
    options = {"ip": "127.0.0.1", "port": port, "port_retries": 0, "open_browser": False, "allow_root": True}
    return [sys.executable, "-m", "jupyterlab", *(f"--ServerApp.{name}={value}" for name, value in options.items())]


def _environment(home: Path, lab: Lab) -> dict[str, str]:
    own = {name: str(home / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    own |= {"JUPYTER_RUNTIME_DIR": str(home / "runtime"), "MPLCONFIGDIR": str(home / "mpl"), "HOME": str(home)}
    return os.environ | own | {"JUPYTER_TOKEN": lab.token, "JUPYTERLAB_SETTINGS_DIR": str(lab.settings)}


def _wait(lab: Lab, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers; raises with its log if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{lab.url}/api", timeout=1):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab didn't start:\n{log.read_text()[-3000:]}")
