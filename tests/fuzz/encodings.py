"""Damages the text and the bytes of a notebook's file: what no JSON writer would write, and what transfers do."""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Callable
from random import Random

SIGNATURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"GIF89a",
    b"%PDF-1.7",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\x00",
)
NUMBER = re.compile(r"(?<=: )-?\d+(?=,)")
KEY = re.compile(r'"(cells|cell_type|source|metadata|nbgrader|grade_id|points)": ')


def number_literals(text: str, chance: Random) -> str:
    """Numbers that Python's JSON reads and others don't, or that no number type holds."""
    odd = ("NaN", "Infinity", "-Infinity", "1e400", "9" * 4_299, "9" * 5_000, "-0", "1E5", "0x1", "01", "1_000")
    return NUMBER.sub(lambda found: chance.choice(odd) if chance.random() < 0.3 else found[0], text)


def duplicate_keys(text: str, chance: Random) -> str:
    """A key that comes twice: readers differ in which one they take."""
    odd = ("null", "[]", '""', "{}", "3")

    def doubled(found: re.Match[str]) -> str:
        return f"{found[0]}{chance.choice(odd)}, {found[0]}" if chance.random() < 0.05 else found[0]

    text = KEY.sub(doubled, text)
    return text[:-1] + ', "cells": []}' if chance.random() < 0.2 else text


def nesting(text: str, chance: Random) -> str:
    depth = chance.choice((50, 900, 1_100, 100_000, 1_000_000))
    deep = chance.choice(("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth, "[" * depth))
    return chance.choice(
        (deep, text[:-1] + f', "deep": {deep}}}', text.replace('"metadata": {}', f'"metadata": {deep}', 1))
    )


def not_quite_json(text: str, chance: Random) -> str:
    at = chance.randrange(len(text) + 1)
    return chance.choice(
        (
            text.replace('"', "'"),
            text.replace("]", ",]"),
            "// saved\n" + text,
            text + text,
            text + "\n\x00",
            f"x = {text}",
            text.replace("true", "True").replace("null", "None"),
            text.replace("\\n", "\n"),
            text[:at] + '"\\ud800\\udc00\\ud800"' + text[at:],
            f"<<<<<<< HEAD\n{text}\n=======\n{text}\n>>>>>>> theirs\n",
            f"<html><body>{text}</body></html>",
            "null",
            "NaN",
            '"' + text.replace('"', "") + '"',
        )
    )


def cut_text(text: str, chance: Random) -> str:
    at, end = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
    return chance.choice((text[:at], text[at:], text[at:end], text[:at] + text[end:]))


TEXT: dict[str, Callable[[str, Random], str]] = {
    "number literals": number_literals,
    "duplicate keys": duplicate_keys,
    "nesting": nesting,
    "not quite JSON": not_quite_json,
    "cut text": cut_text,
}


def another_encoding(data: bytes, chance: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    encodings = ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32", "latin-1", "cp1252", "utf-7", "cp037")
    return text.encode(chance.choice(encodings), "replace")


def cut_bytes(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return chance.choice((data[:at], data[at:], data[: len(data) // 2], data[:-1], b"", b" \n\t"))


def flip_bytes(data: bytes, chance: Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 100)) if found else 0):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def insert_bytes(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    odd = chance.choice(
        (b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", b"\r", chance.randbytes(50))
    )
    return data[:at] + odd + data[at:]


def prefix(data: bytes, chance: Random) -> bytes:
    return (
        chance.choice((*SIGNATURES, b"\xef\xbb\xbf\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe", b"#!/bin/sh\n", b"\n"))
        + data
    )


def packed(data: bytes, chance: Random) -> bytes:
    return chance.choice((gzip.compress(data, 1, mtime=0), base64.b64encode(data), data[::-1], data.hex().encode()))


def line_ends(data: bytes, chance: Random) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\r\r\n", b"", b"\x00\n")))


BYTES: dict[str, Callable[[bytes, Random], bytes]] = {
    "another encoding": another_encoding,
    "cut bytes": cut_bytes,
    "flipped bytes": flip_bytes,
    "inserted bytes": insert_bytes,
    "prefix": prefix,
    "packed": packed,
    "line ends": line_ends,
}
