"""A sandbox in each mode that this machine gives, shared by all tests: no test may leave a trace in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.errors import NoIsolation
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.host.session import Session
from autograder.sandbox.records import CellRun, Limits, Mode

LIMITS = Limits(cell_seconds=30, call_seconds=30, memory_mb=256)
SOON = 0.2  # seconds, for what would never end by itself


@pytest.fixture(scope="session", params=["full", "fallback"])
def box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    mode: Mode = request.param
    try:
        sandbox = Sandbox(LIMITS, mode)
    except NoIsolation as error:
        pytest.skip(str(error))
    with sandbox:
        yield sandbox


@pytest.fixture
def session(box: Sandbox) -> Iterator[Session]:
    with box.session() as session:
        yield session


@pytest.fixture
def run(session: Session) -> Callable[[str], CellRun]:
    """Run a cell in a fresh child."""
    return session.run_cell


def text(cell: CellRun) -> str:
    """All that a cell printed."""
    return "".join(str(output.get("text", "")) for output in cell.outputs)


def honest(box: Sandbox) -> None:
    with box.session() as session:
        session.run_cell("def double(x):\n    return 2 * x")
        assert session.call("double", [21]).value == 42
