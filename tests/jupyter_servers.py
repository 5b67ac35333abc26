"""Jupyter's own servers, started as people start them: a free port, a token, and nobody's settings but their own."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 300  # on a machine that does much else


@dataclass(frozen=True)
class JupyterServer:
    """A running server; `home` holds its settings and its log."""

    url: str
    token: str
    home: Path

    def address(self, path: str) -> str:
        return f"{self.url}/{path}?token={self.token}"


def environment(home: Path) -> dict[str, str]:
    """The settings of whoever runs the tests must not matter."""
    kinds = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    places = {kind: str(home / kind.lower()) for kind in (*kinds, "JUPYTERLAB_SETTINGS_DIR")}
    return os.environ | places | {"HOME": str(home)}


@contextmanager
def running(program: str, folder: Path, home: Path) -> Iterator[JupyterServer]:
    """`python -m PROGRAM`, such as jupyterlab, in a folder; raises with its log if it ends or takes too long."""
    home.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = JupyterServer(f"http://127.0.0.1:{port}", secrets.token_hex(16), home)
    options = {"ip": "127.0.0.1", "port": port, "port_retries": 0, "open_browser": False, "allow_root": True}
    command = [sys.executable, "-m", program, *(f"--ServerApp.{name}={value}" for name, value in options.items())]
    log = home / "log"
    with log.open("w") as file:
        surroundings = environment(home) | {"JUPYTER_TOKEN": server.token}
        process = subprocess.Popen(command, cwd=folder, env=surroundings, stdout=file, stderr=file)
        try:
            _wait(server, process, log)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait(server: JupyterServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/api", timeout=10):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"Jupyter didn't start:\n{log.read_text()[-3000:]}")
