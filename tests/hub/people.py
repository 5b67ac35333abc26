"""People of a hub: what they do in the browser, asked of the same addresses, and what they type in a terminal."""

from __future__ import annotations

import secrets
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

START_SECONDS = 180
Answer = Any  # what a page of nbgrader or Jupyter sends as JSON


@dataclass(frozen=True)
class Person:
    """An account of the system. `environment` holds the PATH of the hub's own programs."""

    name: str
    environment: dict[str, str]
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)

    @property
    def home(self) -> Path:
        return Path("/home", self.name)

    def types(self, command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, as in a terminal that a login opened."""
        become = ["setpriv", f"--reuid={self.name}", f"--regid={self.name}", "--init-groups", "--reset-env"]
        setting = [f"{name}={value}" for name, value in self.environment.items()]
        whole = [*become, "env", *setting, "bash", "-c", command]
        return subprocess.run(whole, cwd=folder or self.home, capture_output=True, text=True, check=False)

    def may_not(self, command: str) -> bool:
        """Whether the system refuses it, and nothing is told."""
        done = self.types(command)
        return done.returncode != 0 and "Permission denied" in done.stderr and not done.stdout


class Desk:
    """A person who is logged in to the hub and has a server. Raises PermissionError where the hub lets nobody in."""

    def __init__(self, person: Person, address: str) -> None:
        self.person = person
        self.base = f"/user/{person.name}"
        self.client = httpx.Client(base_url=address, follow_redirects=True, timeout=120, trust_env=False)
        self._log_in()
        self._start()

    def _log_in(self) -> None:
        self.client.get("/hub/login")
        form = {"username": self.person.name, "password": self.person.password, "_xsrf": self._token("/hub/")}
        entered = self.client.post("/hub/login", params={"next": "/hub/home"}, data=form)
        if entered.url.path != "/hub/home":
            self.client.close()
            raise PermissionError(f"{self.person.name} can't log in: {entered.status_code} {entered.url}")

    def _start(self) -> None:
        """Open the server's page, as the browser does after the button Start My Server."""
        deadline = time.monotonic() + START_SECONDS
        self.client.get(f"/hub/spawn/{self.person.name}")
        while time.monotonic() < deadline:
            page = self.client.get(f"{self.base}/lab")
            if page.status_code == 200 and page.url.path.startswith(f"{self.base}/lab"):
                return
            time.sleep(0.5)
        raise RuntimeError(f"The server of {self.person.name} didn't start: {page.status_code} {page.url}")

    def _token(self, path: str) -> str:
        (token,) = [one.value for one in self.client.cookies.jar if one.name == "_xsrf" and one.path == path]
        return token or ""

    def stop(self) -> None:
        """The button Stop My Server."""
        headers = {"X-XSRFToken": self._token("/hub/")}
        deadline = time.monotonic() + START_SECONDS
        while self.client.delete(f"/hub/api/users/{self.person.name}/server", headers=headers).status_code == 202:
            assert time.monotonic() < deadline
            time.sleep(0.5)

    def ask(self, path: str, **params: str) -> Answer:
        answer = self.client.get(f"{self.base}/{path}", params=params)
        assert answer.is_success, f"{answer.status_code} {answer.text[-2000:]}"
        return answer.json()

    def click(self, path: str, json: Answer = None, method: str = "POST") -> Answer:
        """What a button sends; the JSON that comes back."""
        headers = {"X-XSRFToken": self._token(f"{self.base}/")}
        answer = self.client.request(method, f"{self.base}/{path}", json=json, headers=headers)
        assert answer.is_success, f"{answer.status_code} {answer.text[-2000:]}"
        return answer.json()
