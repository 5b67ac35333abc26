"""Turn what a child says that a cell showed into nbformat outputs: known kinds, clean text, real pictures only."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np

from autograder.errors import BadMessage
from autograder.plain import OWN, Failure, failure_of

MAX_OUTPUTS = 200
MAX_TRACE = 100
MAX_NAME = 100
MAX_BASES = 100
MAX_SIDE = 8_000  # pixels
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def clean(text: object, limit: int) -> str:
    """Text without terminal escapes, control characters or reversed writing; raises BadMessage for non-text."""
    if type(text) is not str:
        raise BadMessage("Text was expected.")
    return CONTROLS.sub("", ESCAPES.sub("", text[:limit].replace("\r\n", "\n")))


def failure(told: Any) -> Failure | None:
    """The failure a child reports as [kind, text, line, bases], or None."""
    if told is None:
        return None
    if type(told) is not list or len(told) != 4:
        raise BadMessage("A malformed failure.")
    kind, text, line, bases = told
    kind = clean(kind, MAX_NAME)
    if line is not None and (type(line) is not int or not 0 < line < 1_000_000):
        raise BadMessage("A malformed line number.")
    if type(bases) is not list or len(bases) > MAX_BASES:
        raise BadMessage("A malformed list of classes.")
    named = tuple(name for name in bases if type(name) is str and name in OWN)
    text = clean(text, 2_000)
    return failure_of(kind, text, line, named) if kind.isidentifier() else Failure("Exception", text, line, named)


def outputs(told: Any, characters: int) -> tuple[dict[str, object], ...]:
    """The outputs of a cell, at most `characters` long; raises BadMessage when they are malformed."""
    if type(told) is not list or len(told) > MAX_OUTPUTS:
        raise BadMessage("Malformed outputs.")
    shown: list[dict[str, object]] = []
    left = characters
    for item in told:
        if type(item) is not dict:
            raise BadMessage("A malformed output.")
        output, used = _output(item, left)
        left -= used
        shown.append(output)
        if left <= 0:
            shown.append(_stream("stderr", f"\n(Output cut after {characters:,} characters.)\n"))
            break
    return tuple(shown)


def _stream(name: str, text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": name, "text": text}


def _output(item: dict[str, Any], left: int) -> tuple[dict[str, object], int]:
    kind, name = item.get("output_type"), item.get("name")
    if type(kind) is not str:  # an array compared with a text is an array, of which no `if` can be made
        raise BadMessage("An output of an unknown kind.")
    if kind == "stream" and type(name) is str and name in ("stdout", "stderr"):
        text = clean(item.get("text"), left)
        return _stream(name, text), len(text)
    if kind == "error":
        trace = item.get("traceback")
        if type(trace) is not list or len(trace) > MAX_TRACE:
            raise BadMessage("A malformed traceback.")
        text = clean("\n".join(clean(line, left) for line in trace), left)
        name, value = clean(item.get("ename"), MAX_NAME), clean(item.get("evalue"), 2_000)
        return {"output_type": kind, "ename": name, "evalue": value, "traceback": text.split("\n")}, len(text)
    if kind in ("display_data", "execute_result") and type(item.get("data")) is dict:
        text = clean(item["data"].get("text/plain"), left)
        data = {"text/plain": text} | _picture(item["data"].get("image/png"))
        output: dict[str, object] = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            count = item.get("execution_count")
            output["execution_count"] = count if type(count) is int and 0 < count < 1_000_000 else None
        return output, len(text)
    raise BadMessage("An output of an unknown kind.")


def _picture(pixels: Any) -> dict[str, str]:
    """A PNG of sensible size, encoded here: so what a page will embed is base64 and nothing else."""
    if pixels is None:
        return {}
    if type(pixels) is not np.ndarray or pixels.dtype != np.uint8 or pixels.ndim != 1:
        raise BadMessage("A malformed picture.")
    data = pixels.tobytes()
    sides = png_sides(data)
    return {"image/png": base64.b64encode(data).decode()} if sides and max(sides) <= MAX_SIDE else {}


def png_sides(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, as its first 33 bytes tell them; None for what is none."""
    if len(data) < 33 or not data.startswith(PNG):
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
