"""A hub of the files in deploy/one_server, set up as its page says, with people who are accounts of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.hub.page import ROOT, commands
from tests.hub.people import Desk, Person

HUB = ROOT / ".hub"
GROUPS = {"instructors": ("rmc-ada", "rmc-ben"), "students": ("rmc-cleo", "rmc-dan")}
LATECOMER = "rmc-eve"  # a student who isn't there at first
PROGRAMS = ("useradd", "usermod", "userdel", "groupadd", "groupdel", "chpasswd", "setpriv", "node")
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
START_SECONDS = 120


@dataclass
class HubInUse:
    """A running hub, set up in the folder `course`; its `folder` holds class, exchange and the hub's own files."""

    course: Path
    folder: Path
    address: str
    people: dict[str, Person]
    desks: dict[str, Desk] = field(default_factory=dict)

    @property
    def class_folder(self) -> Path:
        return self.folder / "class"

    @property
    def inbound(self) -> Path:
        return self.folder / "exchange" / "memory" / "inbound"

    def desk(self, name: str) -> Desk:
        """Of a person who has logged in, now or before."""
        if name not in self.desks:
            self.desks[name] = Desk(self.people[name], self.address)
        return self.desks[name]


def what_is_missing() -> str:
    """One sentence, or ""."""
    if os.geteuid() != 0:
        return "These tests make accounts on this machine, so only root can run them."
    if not (HUB / "ready").exists():
        return "The hub isn't installed: make hub."
    if absent := [program for program in PROGRAMS if not shutil.which(program)]:
        return f"These programs aren't installed: {', '.join(absent)}."
    tried = subprocess.run(
        [*NOBODY, HUB / "bin" / "python", "-c", "import autograder, jupyterhub"], capture_output=True
    )
    return "" if tried.returncode == 0 else f"Other accounts can't run what lies in {HUB}: open its folders to them."


@pytest.fixture(scope="session")
def hub() -> Iterator[HubInUse]:
    if missing := what_is_missing():
        pytest.skip(missing)
    _remove_people()  # of a run that was killed
    place = Path(tempfile.mkdtemp(prefix="rmc-hub-"))
    place.chmod(0o711)
    try:
        yield from _hub(place)
    finally:
        _remove_people()
        shutil.rmtree(place)


def _hub(place: Path) -> Iterator[HubInUse]:
    """Follow the page in a folder that looks as the repository does there."""
    course = place / "course"
    shutil.copytree(ROOT / "deploy", course / "deploy")
    for name in (".hub", "solutions"):
        (course / name).symlink_to(ROOT / name)
    address = _choose(course / "deploy" / "one_server" / "classroom.toml", place / "srv")
    environment = {"PATH": os.pathsep.join([str(HUB / "bin"), os.environ["PATH"]])}
    names = [name for group in GROUPS.values() for name in group]
    people = {name.removeprefix("rmc-"): Person(name, environment) for name in (*names, LATECOMER)}
    set_up(course, [people[name.removeprefix("rmc-")] for name in names])
    with _running(course, address, place / "log"):
        hub = HubInUse(course, place / "srv", address, people)
        yield hub
        for desk in hub.desks.values():
            desk.client.close()


def set_up(course: Path, new: Iterable[Person]) -> None:
    """As the page says, with passwords for those who are new."""
    subprocess.run(["bash", "-e", "-c", commands("Set up")], cwd=course, check=True)
    passwords = "".join(f"{person.name}:{person.password}\n" for person in new)
    subprocess.run(["chpasswd"], input=passwords, text=True, check=True)


def _choose(settings: Path, folder: Path) -> str:
    """Change the settings' file as an administrator would; returns the hub's address."""
    ports = _free_ports(3)
    address = f"http://127.0.0.1:{ports[0]}"
    changes = {
        '"/srv/memory"': f'"{folder}"',
        '"http://127.0.0.1:8000"': f'"{address}"',
        "[8001, 8081]": f"{ports[1:]}",
        '"memory-instructors"': '"rmc-instructors"',
        '"memory-students"': '"rmc-students"',
        '["ada", "ben"]': str(list(GROUPS["instructors"])),
        '["cleo", "dan"]': str(list(GROUPS["students"])),
    }
    text = settings.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    settings.write_text(text, encoding="utf-8")
    return address


def _free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


@contextmanager
def _running(course: Path, address: str, log: Path) -> Iterator[None]:
    """The hub, as the page starts it; with all that it has started, it is ended."""
    start = ["bash", "-c", f"exec {commands('Start')}"]
    with log.open("w") as file:
        process = subprocess.Popen(start, cwd=course, stdout=file, stderr=file)
    try:
        _wait(address, process, log)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/hub/health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"The hub didn't start:\n{log.read_text()[-3000:]}")


def _remove_people() -> None:
    """Accounts, homes, groups, and whatever still runs for them."""
    for name in (*(name for group in GROUPS.values() for name in group), LATECOMER):
        subprocess.run(["pkill", "--signal", "KILL", "--uid", name], check=False, capture_output=True)
        subprocess.run(["userdel", "--force", "--remove", name], check=False, capture_output=True)
    for group in GROUPS:
        subprocess.run(["groupdel", f"rmc-{group}"], check=False, capture_output=True)
