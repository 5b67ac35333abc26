"""In the guest: what a cell shows and how it failed, bounded."""

from __future__ import annotations

import base64
import collections
import io
import linecache
import types
from collections.abc import Iterator

import numpy as np

from autograder.plain import classes_of

MAX_OUTPUTS = 200
MAX_PICTURES = 8 << 20  # bytes in one cell
MAX_FAILURE = 2_000
MAX_FRAMES = 20
CELL_FILES = "<ipython-input-"  # how the names begin that IPython compiles cells under


class Outputs:
    """What one cell shows, as a list of plain dicts; past the limits it is dropped, not stored."""

    def __init__(self, characters: int) -> None:
        self.limit = characters
        self.clear()

    def clear(self) -> None:
        self.items: list[dict[str, object]] = []
        self.characters = self.limit
        self.pictures = MAX_PICTURES

    def cut(self, text: str) -> str:
        text = text[: self.characters]
        self.characters -= len(text)
        return text

    def stream(self, name: str, text: str) -> None:
        text = self.cut(text)
        last = self.items[-1] if self.items else {}
        if last.get("name") == name:
            parts = last["text"]
            assert isinstance(parts, list)
            if text and len(parts) < MAX_OUTPUTS * 10:
                parts.append(text)
            elif text:
                last["text"] = ["".join(parts), text]
        elif text and len(self.items) < MAX_OUTPUTS:
            self.items.append({"output_type": "stream", "name": name, "text": [text]})

    def data(self, kind: str, bundle: dict[str, object], count: int | None = None) -> None:
        if len(self.items) >= MAX_OUTPUTS:
            return
        data: dict[str, object] = {"text/plain": self.cut(str(bundle.get("text/plain", "")))}
        picture = bundle.get("image/png")
        if isinstance(picture, str):
            picture = base64.b64decode(picture)
        if isinstance(picture, bytes) and len(picture) <= self.pictures:
            self.pictures -= len(picture)
            data["image/png"] = np.frombuffer(picture, np.uint8)
        self.items.append({"output_type": kind, "data": data, "execution_count": count})

    def error(self, kind: str, text: str, trace: list[str]) -> None:
        lines = [self.cut(line) for line in trace]
        self.items = self.items[: MAX_OUTPUTS - 1]
        self.items.append({"output_type": "error", "ename": kind, "evalue": text, "traceback": lines})


class OutputStream(io.TextIOBase):
    """Stands in for stdout or stderr."""

    encoding = "utf-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self.outputs, self.stream_name = outputs, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.outputs.stream(self.stream_name, text)
        return len(text)


def failure(error: BaseException) -> list[object]:
    """[class name, text, line in a cell or None, Python's own classes that it is one of] of an exception, whatever its
    own code does."""
    kind, bases = classes_of(error)
    if kind == "_IncompleteInputError":  # what Python 3.13 and later call a cell that ends too early
        kind = "SyntaxError"
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        text = str.__str__(text)[:MAX_FAILURE]
    except BaseException:  # its text is the submission's own code
        text = "(this exception's text could not be shown)"
    frames = _frames(error)
    line = frames[-1][0] if frames else error.lineno if isinstance(error, SyntaxError) else None
    return [kind, text, line if type(line) is int else None, list(bases)]


def trace(error: BaseException) -> list[str]:
    """A short traceback: the lines of the notebook that led to the exception."""
    kind, text, *_ = failure(error)
    lines = [f"line {line}, in {name}: {source}" for line, name, source in _frames(error)]
    if isinstance(error, SyntaxError):
        lines.append(f"line {error.lineno}: {str(error.text or '').rstrip()[:200]}")
    return [*lines, f"{kind}: {text}"]


def _frames(error: BaseException) -> list[tuple[int, str, str]]:
    """(line, function, source) of the notebook's frames, the innermost last."""
    found = collections.deque(steps(error), maxlen=MAX_FRAMES)
    return [(line, code.co_name, linecache.getline(code.co_filename, line).strip()[:200]) for line, code in found]


def steps(error: BaseException) -> Iterator[tuple[int, types.CodeType]]:
    """(line, code) of each frame of the notebook, the outermost first."""
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename.startswith(CELL_FILES):
            yield step.tb_lineno, step.tb_frame.f_code
        step = step.tb_next
