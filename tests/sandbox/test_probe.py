"""Isolation is tried for real, told in words, and never lower than asked for."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import termios
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from autograder.errors import NoIsolation
from autograder.sandbox.guest import seccomp
from autograder.sandbox.host.probe import probe
from autograder.sandbox.host.sandbox import Sandbox

pytestmark = pytest.mark.slow


def test_the_doctor_names_every_layer_and_a_remedy_for_what_is_missing() -> None:
    layers = probe()
    assert len(layers) >= 6
    for layer in layers:
        assert layer.name
        assert layer.detail
        assert layer.holds == (layer.remedy == "")


@pytest.fixture
def broken_bubblewrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bwrap that may not make namespaces, as on machines that restrict them."""
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")


@pytest.mark.usefixtures("broken_bubblewrap")
def test_without_namespaces_the_fallback_is_taken_and_named() -> None:
    with Sandbox() as sandbox:
        assert sandbox.isolation == "fallback"


@pytest.mark.usefixtures("broken_bubblewrap")
def test_what_is_insisted_on_is_not_lowered() -> None:
    with pytest.raises(NoIsolation, match="Permission denied"):
        Sandbox(mode="full")


@pytest.mark.usefixtures("broken_bubblewrap")
def test_the_doctor_says_what_to_do_about_namespaces() -> None:
    held = {layer.name: layer for layer in probe()}
    assert not held["Grading in full isolation"].holds
    broken = next(layer for name, layer in held.items() if "bubblewrap" in name)
    assert "Permission denied" in broken.detail
    assert broken.remedy


def decide(machine: str, audit: int, number: int, arguments: Sequence[int] = ()) -> int:
    """What becomes of a child's system call: the strictest of what its two filters say."""
    said = [run(program, audit, number, arguments) for program in filters(machine)]
    return min(said, key=[seccomp.KILL, seccomp.REFUSE, seccomp.ALLOW].index)


@cache
def filters(machine: str) -> list[list[tuple[int, int, int, int]]]:
    """The zygote's filter, which its children have too, and a child's own."""
    return [list(struct.iter_unpack("<HBBI", build(machine))) for build in (seccomp.for_zygote, seccomp.for_child)]


def run(program: list[tuple[int, int, int, int]], audit: int, number: int, arguments: Sequence[int]) -> int:
    """What a filter returns for a system call, step by step as the kernel's documentation of classic BPF says."""
    data = struct.pack("<IIQ6Q", number, audit, 0, *arguments, *(0,) * (6 - len(arguments)))
    at = loaded = 0
    while True:
        code, when, otherwise, operand = program[at]
        if code == 0x06:
            return operand
        if code == 0x20:
            loaded = int.from_bytes(data[operand : operand + 4], "little")
        elif code == 0x54:
            loaded &= operand
        else:
            holds = {0x15: loaded == operand, 0x35: loaded >= operand, 0x45: bool(loaded & operand)}[code]
            at += when if holds else otherwise
        at += 1


@pytest.mark.parametrize("machine", list(seccomp.ARCHITECTURES))
def test_the_filter_allows_what_is_listed_and_nothing_else(machine: str) -> None:
    column, audit = seccomp.ARCHITECTURES[machine]
    allowed = {numbers[column] for numbers in seccomp.ALLOWED.values()}
    checked = {numbers[column] for numbers in [*seccomp.CHECKED.values(), seccomp.ZYGOTE["prlimit64"]]}
    for number in [*range(600), 0x3FFFFFFF]:
        if number not in checked:
            expected = seccomp.ALLOW if number in allowed else seccomp.REFUSE
            assert decide(machine, audit, number) == expected, number
        assert decide(machine, audit, number | seccomp.X32_BIT) == seccomp.KILL
        assert decide(machine, audit ^ 1, number) == seccomp.KILL
    assert decide(machine, audit, 0xFFFFFFFF) == seccomp.KILL


SOME_ARGUMENTS = [
    ("openat", (0, 0, os.O_RDONLY), True),
    ("openat", (0, 0, os.O_WRONLY | os.O_TRUNC), True),
    ("openat", (0, 0, os.O_RDONLY | os.O_TRUNC), False),
    ("fcntl", (0, fcntl.F_GETFD), True),
    ("fcntl", (0, fcntl.F_SETOWN), False),
    ("ioctl", (1, termios.TCGETS), True),
    ("ioctl", (1, termios.TIOCSTI), False),
    ("socketpair", (socket.AF_UNIX,), True),
    ("socketpair", (socket.AF_INET,), False),
    ("prlimit64", (0, 7, 0), True),
    ("prlimit64", (0, 7, 1), False),
    ("prlimit64", (0, 7, 1 << 32), False),
    ("prlimit64", (1, 7, 0), False),
    ("getsockopt", (3, socket.SOL_SOCKET, socket.SO_TYPE), True),
    ("getsockopt", (3, socket.SOL_SOCKET, socket.SO_PEERCRED), False),
    ("getsockopt", (3, socket.SOL_SOCKET, 77), False),  # SO_PEERPIDFD
    ("sendto", (0, 0, 0, 0, 0), True),
    ("sendto", (0, 0, 0, 0, 1), False),
]


@pytest.mark.parametrize("machine", list(seccomp.ARCHITECTURES))
@pytest.mark.parametrize(("name", "arguments", "allowed"), SOME_ARGUMENTS)
def test_some_calls_are_allowed_with_some_arguments_only(
    machine: str, name: str, arguments: tuple[int, ...], allowed: bool
) -> None:
    column, audit = seccomp.ARCHITECTURES[machine]
    number = (seccomp.CHECKED | seccomp.ZYGOTE)[name][column]
    assert number is not None
    assert decide(machine, audit, number, arguments) == (seccomp.ALLOW if allowed else seccomp.REFUSE)
