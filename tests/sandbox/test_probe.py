"""Isolation is tried for real, told in words, and never lower than asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.sandbox import NoIsolation, Sandbox, probe, seccomp


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


@pytest.mark.parametrize("machine", list(seccomp.ARCHITECTURES))
def test_every_jump_of_the_filter_stays_inside_it(machine: str) -> None:
    import struct

    program = list(struct.iter_unpack("<HBBI", seccomp.build(machine)))
    assert len(program) < 4096
    for at, (code, when, otherwise, _) in enumerate(program):
        if code in (seccomp.EQUAL, seccomp.ANY_BIT):
            assert at + 1 + max(when, otherwise) < len(program)
    assert program[-1][0] == seccomp.RETURN
