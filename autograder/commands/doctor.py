"""Say which isolation this machine gives, from real attempts, and what to do for more."""

from __future__ import annotations

import json
from dataclasses import asdict

from autograder.errors import NoIsolation
from autograder.sandbox.host.probe import probe
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import Mode

EXIT_CODES: dict[Mode | None, int] = {"full": 0, "fallback": 3, None: 4}
MEANINGS: dict[Mode | None, str] = {
    "full": "Full isolation: students' code runs in namespaces of its own, without network, foreign files or other "
    "processes, behind Landlock and a system call filter.",
    "fallback": "Fallback isolation: a system call filter, Landlock and limits hold; namespaces don't. Grading works. "
    "A submission can't read or write foreign files or use the network, but it can see that files exist.",
    None: "No isolation that grading may rely on: `autograder grade` and `mark` refuse to run here.",
}


def diagnose_machine(as_json: bool = False) -> int:
    """Print every layer and the mode; the exit code is 0 for full, 3 for fallback, 4 for none."""
    layers = probe()
    mode, reason = _mode()
    if as_json:
        print(json.dumps({"isolation": mode, "reason": reason, "layers": [asdict(layer) for layer in layers]}))
        return EXIT_CODES[mode]
    for layer in layers:
        print(f"{'✓' if layer.holds else '✗'} {layer.name}: {layer.detail}")
        if not layer.holds and layer.remedy:
            print(f"    to do: {layer.remedy}")
    print()
    print(MEANINGS[mode])
    if reason:
        print(reason)
    return EXIT_CODES[mode]


def _mode() -> tuple[Mode | None, str]:
    try:
        with Sandbox() as sandbox:
            return sandbox.isolation, ""
    except NoIsolation as error:
        return None, str(error)
