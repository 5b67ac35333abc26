"""Programs that no task may give a point for, whatever it asks. They are handed in, and never called here."""

# ruff: noqa: ARG001, D103

from __future__ import annotations

import numpy as np


def returns_none(*args: object, **kw: object) -> None:
    return None


def returns_text(*args: object, **kw: object) -> str:
    return "right"


def always_equal(*args: object, **kw: object) -> object:
    class Equal:
        def __eq__(self, other: object) -> bool:
            return True

        def __array__(self, *args: object, **kw: object) -> object:
            return np.zeros(1)

    return Equal()


def raises(*args: object, **kw: object) -> None:
    raise RuntimeError("boom")


def recurses(*args: object, **kw: object) -> object:
    return recurses(*args, **kw)


def ends_the_process(*args: object, **kw: object) -> None:
    import os

    os._exit(0)


def never_ends(*args: object, **kw: object) -> None:
    while True:
        pass


def prints_a_lot(*args: object, **kw: object) -> None:
    print("x" * 10_000_000)


HOSTILE = (returns_none, returns_text, always_equal, raises, recurses, ends_the_process, never_ends, prints_a_lot)
