"""What of the hub on Kubernetes can be tried without a cluster."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml

from autograder.course.course import load_course
from autograder.course.solved_notebook import as_bytes, solved
from tests.hub.conftest import HUB
from tests.hub.page import ROOT

HERE = ROOT / "deploy" / "kubernetes"
ASSIGNMENT = "01_state_updates"
URL = "postgresql+psycopg://someone@host/name"
DOCUMENTED = {  # by values.yaml and values.schema.yaml of the chart's 4.4; below "..." the chart asks for nothing
    "custom": ...,
    "hub": {"config": ..., "extraEnv": ...},
    "singleuser": {
        "image": {"name": str, "tag": str},
        "cmd": list,
        "defaultUrl": str,
        "fsGid": (int, type(None)),
        "extraEnv": ...,
        "networkPolicy": {"egress": list},
        "storage": {"extraVolumes": ...},
    },
}


def undocumented(values: Any, documented: Any, place: str = "") -> Iterator[str]:
    if isinstance(documented, dict):
        for key, value in values.items():
            yield from undocumented(value, documented.get(key), f"{place}.{key}")
    elif documented is None or (documented is not ... and not isinstance(values, documented)):
        yield place


def chosen() -> Any:
    return yaml.safe_load((HERE / "values.yaml").read_text(encoding="utf-8"))


def test_the_values_are_those_that_the_chart_documents() -> None:
    assert not list(undocumented(chosen(), DOCUMENTED))


def test_the_page_names_every_file() -> None:
    page = (HERE / "README.md").read_text(encoding="utf-8")
    assert all(path.name in page for path in HERE.iterdir() if path.is_file() and path.name != "README.md")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Gives a person's spawner as the hub's settings leave it, with the numbers of user and group that they give."""
    values = chosen() | {"hub": {}}
    values["singleuser"]["storage"]["dynamic"] = {"volumeNameTemplate": "volume-{user_server}"}

    def get_config(key: str) -> Any:
        found = values
        for part in key.split("."):
            found = found[part]
        return found

    z2jh = ModuleType("z2jh")  # the chart's own module, which is in the hub's image
    z2jh.get_config = get_config  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "z2jh", z2jh)
    monkeypatch.setenv("GRADEBOOK_URL", URL)
    settings = SimpleNamespace(init_containers=[])
    names: dict[str, Any] = {"c": SimpleNamespace(KubeSpawner=settings)}
    for file in ("identity.py", "hub_config.py"):
        exec(compile((HERE / file).read_text(encoding="utf-8"), file, "exec"), names)

    def start(name: str) -> Any:
        spawner = SimpleNamespace(user=SimpleNamespace(name=name), environment={}, volume_mounts={}, notebook_dir="")
        settings.pre_spawn_hook(spawner)
        spawner.numbers = (settings.uid(spawner), settings.gid(spawner))
        return spawner

    return start


def test_only_an_instructors_pod_holds_the_class_and_knows_the_gradebook(started: Callable[[str], Any]) -> None:
    ada, cleo = started("ada"), started("cleo")
    assert {mount["mountPath"] for mount in ada.volume_mounts.values()} == {"/srv/course/class", "/srv/course/exchange"}
    assert {mount["mountPath"] for mount in cleo.volume_mounts.values()} == {"/srv/course/exchange"}
    assert ada.environment["GRADEBOOK_URL"] == URL
    assert "GRADEBOOK_URL" not in cleo.environment
    assert 2000 in ada.supplemental_gids
    assert 2000 not in cleo.supplemental_gids


def test_each_name_has_a_number_of_its_own_that_kubernetes_takes(started: Callable[[str], Any]) -> None:
    numbers = {number for name in ("ada", "ben", "cleo", "dan", "Cleo") for number in started(name).numbers}
    assert len(numbers) == 5
    assert all(1_000_000 <= number < 2**31 for number in numbers)
    assert started("ada").numbers == started("ada").numbers


@pytest.fixture
def database() -> Iterator[str]:
    """An empty PostgreSQL of its own; its programs don't run as root."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs or os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("No PostgreSQL (apt-get install postgresql), or not root.")
    place = Path(tempfile.mkdtemp(prefix="rmc-postgresql-"))
    shutil.chown(place, "nobody")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def run(program: str, *options: str) -> None:
        command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", str(programs[-1] / program)]
        subprocess.run(
            [*command, "-D", str(place / "data"), *options], cwd=place, check=True, stdout=subprocess.DEVNULL
        )

    try:
        run("initdb", "-A", "trust", "-U", "grader")
        run("pg_ctl", "-w", "-l", f"{place / 'log'}", "-o", f"-h 127.0.0.1 -p {port} -k {place}", "start")
        yield f"postgresql+psycopg://grader@127.0.0.1:{port}/postgres"
        run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place)


@pytest.mark.slow
def test_a_class_that_was_set_up_for_the_volume_is_graded_into_postgresql(tmp_path: Path, database: str) -> None:
    if not (HUB / "ready").exists():
        pytest.skip("The hub isn't installed: make hub.")
    setting = os.environ | {"PATH": f"{HUB / 'bin'}{os.pathsep}{os.environ['PATH']}", "GRADEBOOK_URL": database}
    subprocess.run([HERE / "set_up.sh", tmp_path, "2000"], cwd=ROOT, env=setting, check=True)
    place = tmp_path / "class"
    assert not (place / "gradebook.db").exists()
    assert (place.stat().st_gid, place.stat().st_mode & 0o7777) == (2000, 0o2770)
    config = place / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("/opt/course", str(ROOT)).replace("/srv/course", str(tmp_path)), encoding="utf-8")
    handed_in = place / "submitted" / "cleo" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    handed_in.parent.mkdir(parents=True)
    assignment = load_course(ROOT).assignment(ASSIGNMENT)
    handed_in.write_bytes(as_bytes(solved(assignment)))
    for command in (["autograder", "grade", ASSIGNMENT], ["nbgrader", "export", "--to", "grades.csv"]):
        subprocess.run(command, cwd=place, env=setting, check=True)
    assert f",{assignment.max_points:.1f}," in (place / "grades.csv").read_text(encoding="utf-8")
