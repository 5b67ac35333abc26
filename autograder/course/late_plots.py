"""Let a notebook's setup import matplotlib without loading it: references hardly draw, and it takes half a second."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

LATE = ("matplotlib", "matplotlib.pyplot")


class LateModule(ModuleType):
    """Stands for a module, which is loaded when anything of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def late_plots() -> Iterator[None]:
    """While it lasts, `import matplotlib.pyplot` gives a LateModule, unless it is loaded or isn't installed."""
    if "matplotlib" in sys.modules or importlib.util.find_spec("matplotlib") is None:
        yield
        return
    stand_ins = {name: LateModule(name) for name in LATE}
    stand_ins["matplotlib"].__dict__.update(__path__=[], pyplot=stand_ins["matplotlib.pyplot"])
    sys.modules |= stand_ins
    try:
        yield
    finally:
        for name in LATE:
            if sys.modules.get(name) is stand_ins[name]:
                del sys.modules[name]
