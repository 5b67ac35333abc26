"""Play cells and a released `check()` as in a student's notebook: `python play_check.py RELEASE < PROGRAMS`.

Standard input holds a list of [name, cells]; each is played in a process of its own, which prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def played(name: str, cells: list[str]) -> dict[str, Any]:
    """What the card of `check(name)` says after these cells."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        try:
            exec(compile(cell, "<cell>", "exec"), namespace)
        except Exception as error:
            return {"tone": "failed", "headline": f"A cell raised {type(error).__name__}: {error}"}
    try:
        card = eval(f"check({name!r})", namespace)
    except BaseException as error:
        return {"tone": "escaped", "headline": f"check() raised {type(error).__name__}"}
    sides = card.comparison and [card.comparison.expected, card.comparison.got]
    return {"tone": card.tone, "headline": card.headline, "text": repr(card), "sides": sides}


def main() -> None:
    """Play them all."""
    sys.path.insert(0, sys.argv[1])
    for module in ("check", "matplotlib.pyplot"):  # once, for all that are forked
        __import__(module)
    for name, cells in json.load(sys.stdin):
        reading, writing = os.pipe()
        if os.fork() == 0:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            os.write(writing, json.dumps(played(name, cells)).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            print(answer.read().decode() or '{"tone": "died", "headline": ""}', flush=True)
        os.wait()


if __name__ == "__main__":
    main()
