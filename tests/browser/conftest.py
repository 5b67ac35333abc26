"""A real JupyterLab with every assignment, released and solved, and a real Chromium looking at it."""

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
from typing import TYPE_CHECKING

import pytest

from autograder.course.course import load_course
from autograder.course.solved_notebook import as_bytes, solved
from autograder.release.build import release_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
PATIENCE = 60_000  # milliseconds, for a kernel that starts and a cell that runs on a busy machine
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
SETTINGS: dict[str, dict[str, object]] = {
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

    def notebook(self, path: str) -> str:
        """The address of a notebook: `NAME/NAME.ipynb` as it is released, `NAME/solved.ipynb` with every answer."""
        return f"{self.url}/lab/tree/{path}?token={self.token}&reset"


@pytest.fixture(scope="session")
def chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip("no Chromium: install one, or name it in the environment variable CHROMIUM")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 900}, device_scale_factor=1.5)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: a folder of the test, or the one that the environment variable PICTURES names."""
    return Path(os.environ.get("PICTURES", tmp_path))


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Lab]:  # noqa: ARG001  # skips without one
    home = tmp_path_factory.mktemp("lab")
    work = home / "work"
    work.mkdir()
    course = load_course(ROOT)
    for name in course.names:
        assignment = course.assignment(name)
        for file, content in (release_files(assignment) | {"solved.ipynb": as_bytes(solved(assignment))}).items():
            (work / name / file).parent.mkdir(parents=True, exist_ok=True)
            (work / name / file).write_bytes(content)
    (work / "troubled.ipynb").write_text(json.dumps(_notebook("import warnings; warnings.warn('a warning')", "1 / 0")))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lab = Lab(f"http://127.0.0.1:{port}", secrets.token_hex(16), home / "settings")
    for plugin, values in SETTINGS.items():
        lab.choose(plugin, values)
    # Its list of fonts may take long the first time, and then it says so in a cell's output.
    fonts = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(fonts, env=_environment(home, lab), check=True, capture_output=True)
    with (home / "log").open("w") as log:
        server = subprocess.Popen(_command(port), cwd=work, env=_environment(home, lab), stdout=log, stderr=log)
        try:
            _wait(lab, server, home / "log")
            yield lab
        finally:
            server.terminate()
            server.wait(timeout=60)


def _notebook(*sources: str) -> dict[str, object]:
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": s} for s in sources
    ]
    kernel = {"name": "python3", "display_name": "Python 3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}


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
            with urllib.request.urlopen(f"{lab.url}/api", timeout=10):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab didn't start:\n{log.read_text()[-3000:]}")
