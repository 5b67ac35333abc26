"""Makes hostile frames: noise, damaged good frames, msgpack that nobody would write, arrays that lie, giants."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np

from autograder.plain import DTYPES, Opaque
from autograder.sandbox import wire

Edit = Callable[[bytearray, Random], None]

COUNTS = (
    0,
    1,
    2,
    15,
    16,
    31,
    32,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    99_999,
    100_000,
    100_001,
    2**31 - 1,
    2**32 - 1,
)
LENGTHS = (
    0,
    0,
    1,
    1,
    2,
    3,
    8,
    255,
    2**16,
    2**31,
    2**32,
    2**40,
    2**61 - 1,
    2**62,
    2**63 - 1,
    -1,
    -2,
    -(2**63),
)
EXTENSIONS = (*range(11), 99, -1, -128, 127)
WORDS = (
    "",
    "a",
    "done",
    "ask",
    "stream",
    "stdout",
    "output_type",
    "text",
    "data",
    "image/png",
    "é😀",
    "x" * 40,
)
PRIME = 2**61 - 1  # Python's hashes of numbers are remainders by it: all of its multiples share one


def frame(header: bytes, body: bytes = b"") -> bytes:
    """The frame of a header and the bytes of its arrays, with honest lengths."""
    return wire.PREFIX.pack(len(header), len(body)) + header + body


def noise(chance: Random) -> bytes:
    if chance.random() < 0.2:
        return chance.randbytes(chance.randrange(60))
    return frame(chance.randbytes(chance.randrange(100)), chance.randbytes(chance.choice((0, 0, 8, 64))))


def damaged(chance: Random) -> bytes:
    """A good frame with a few bytes changed; mostly its lengths are made right again."""
    good = good_frames()
    found = bytearray(chance.choice(good))
    header, _ = wire.PREFIX.unpack_from(found)
    for _ in range(chance.choice((1, 1, 2, 4))):
        chance.choice(EDITS)(found, chance)
    if chance.random() < 0.1:
        other = chance.choice(good)
        cut = chance.randrange(len(other))
        found[chance.randrange(len(found) + 1) :] = other[cut:]
    if chance.random() < 0.75:
        content = bytes(found[wire.PREFIX.size :])
        moved = header + (chance.randrange(-2, 3) if chance.random() < 0.3 else 0)
        cut = min(max(0, moved), len(content))
        return frame(content[:cut], content[cut:])
    return bytes(found)


def grammar(chance: Random) -> bytes:
    """A list of well-formed and not so well-formed msgpack values."""
    parts = [value(chance, 0) for _ in range(chance.randrange(6))]
    count = len(parts) + (chance.choice((-1, 1, 7)) if chance.random() < 0.1 else 0)
    header = bytes([0x90 | (count & 15)]) + b"".join(parts)
    return frame(header, chance.randbytes(chance.choice((0, 0, 0, 8, 16))))


def arrays(chance: Random) -> bytes:
    """Arrays whose dtype, shape and bytes may contradict each other."""
    parts, size = [], 0
    for _ in range(chance.randrange(1, 5)):
        layout, bytes_needed = _layout(chance)
        size += bytes_needed
        parts.append(_extension(wire.ARRAY if chance.random() < 0.95 else wire.SCALAR, layout))
    size += chance.choice((0, 0, 0, 0, -1, 1, 8))
    return frame(bytes([0x90 | len(parts)]) + b"".join(parts), bytes(min(max(0, size), 100_000)))


def answers(chance: Random) -> bytes:
    """Answers of nearly the right form, as a process that was taken over would give them."""
    nonce = chance.choice((0, 1, 2**63 - 1))
    if chance.random() < 0.5:
        message: list[object] = [
            nonce,
            "done",
            [_output(chance) for _ in range(chance.randrange(4))],
            _failure(chance),
        ]
    else:
        slot, changed = chance.choice((0, -1, 2**40, None, 1.5)), chance.choice(([], [0], [-1], [True], None))
        message = [nonce, chance.choice(("done", "ask", 3)), _leaf(chance), _failure(chance), slot, changed]
    found = bytearray(wire.encode(message))
    if chance.random() < 0.2:
        set_byte(found, chance)
    return bytes(found)


def giant(chance: Random) -> bytes:
    """Few bytes that ask for much work or memory, up to the largest header."""
    count = chance.choice((9_999, 65_536, 99_999, 100_000, 100_001))
    many = b"\xdd" + struct.pack(">I", count)
    made: tuple[Callable[[], bytes], ...] = (
        lambda: many * chance.randrange(1, 200_000),
        lambda: (b"\xdf" + struct.pack(">I", min(count, 10_001)) + b"\xa0") * 2_000,
        lambda: b"\x9a" + (many + chance.choice((b"\x90", b"\x80", b"\xc0", b"\xa1a")) * count) * 10,
        lambda: many + _extension(wire.OPAQUE, b"\x01") * count,
        lambda: many + _extension(wire.ARRAY, struct.pack("<Bq", 3, 0)) * count,
        lambda: many + b"\xd6\xff" + bytes(4) * count,
        lambda: b"\x91\xde\xff\xff" + b"".join(b"\xcf" + struct.pack(">Q", PRIME * i) for i in (1, 2, 3, 4)) * 20_000,
        lambda: b"\x91\xdf" + struct.pack(">I", 9_000) + b"".join(_text(str(i)) + b"\x01" for i in range(9_000)),
        lambda: b"\x91\xdb" + struct.pack(">I", 900_000) + chance.choice((b"\xff", b"a", "😀".encode())) * 900_000,
        lambda: b"\x91" * chance.choice((31, 32, 33, 511, 1_023, 1_024, 500_000)) + b"\x90",
        lambda: chance.randbytes(wire.MAX_HEADER),
    )
    return frame(chance.choice(made)()[: wire.MAX_HEADER], bytes(chance.choice((0, 0, 100, 1 << 20))))


KINDS: dict[str, Callable[[Random], bytes]] = {
    made.__name__: made for made in (noise, damaged, grammar, arrays, answers, giant)
}


@lru_cache(maxsize=1)
def good_frames() -> list[bytes]:
    """Frames as an honest process sends them; the same in every run."""
    chance = Random(0)
    messages = [[_leaf(chance) for _ in range(chance.randrange(1, 5))] for _ in range(150)]
    cells = [[7, "done", [_output(chance)], ["ValueError", "no", 2]] for _ in range(50)]
    nested: list[Any] = [{"a": [[1.5, {"b": np.arange(6.0).reshape(2, 3)}], Opaque("a class")]}, [[[[[1]]]]]]
    return [wire.encode(message) for message in (*messages, *cells, nested)]


def flip_bit(found: bytearray, chance: Random) -> None:
    if found:
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)


def set_byte(found: bytearray, chance: Random) -> None:
    if found:
        found[chance.randrange(len(found))] = chance.choice((0, 1, 0x7F, 0x80, 0xC1, 0xC7, 0xDD, 0xDF, 0xFF))


def set_number(found: bytearray, chance: Random) -> None:
    """Overwrite some bytes with a count or a length that may matter."""
    at = chance.randrange(len(found) + 1)
    number = chance.choice((struct.pack(">I", chance.choice(COUNTS)), struct.pack("<q", chance.choice(LENGTHS))))
    found[at : at + len(number)] = number


def drop(found: bytearray, chance: Random) -> None:
    at = chance.randrange(len(found) + 1)
    del found[at : at + chance.choice((1, 2, 8, 100))]


def insert(found: bytearray, chance: Random) -> None:
    at = chance.randrange(len(found) + 1)
    found[at:at] = chance.choice((chance.randbytes(chance.randrange(9)), value(chance, 3), bytes(found[:at][-20:])))


EDITS: tuple[Edit, ...] = (flip_bit, flip_bit, set_byte, set_number, drop, insert)


def value(chance: Random, depth: int) -> bytes:
    """One msgpack value: now and then a forbidden type, a count that lies, or a nest."""
    roll = chance.random()
    if roll < 0.15 and depth < 40:
        parts = [value(chance, depth + 1) for _ in range(chance.randrange(4))]
        return _counted(chance, len(parts), 0x90, 0xDC) + b"".join(parts)
    if roll < 0.25 and depth < 40:
        return _map(chance, depth)
    if roll < 0.3:
        return b"\x91" * chance.randrange(1, 40) + value(chance, 40)
    if roll < 0.5:
        layout = chance.choice((b"", bytes(1), bytes(8), bytes(16), bytes(129), b"\xff" * 129, _layout(chance)[0]))
        return _extension(chance.choice(EXTENSIONS), layout)
    if roll < 0.6:
        return _text(chance.choice(WORDS)) if chance.random() < 0.8 else b"\xa3" + chance.randbytes(3)
    if roll < 0.65:
        return b"\xc4" + bytes([chance.randrange(3)]) + chance.randbytes(2)
    if roll < 0.7:
        return bytes([chance.choice((0xDD, 0xDF, 0xDB, 0xC6, 0xC9))]) + struct.pack(">I", chance.choice(COUNTS))
    if roll < 0.85:
        return b"\xcb" + struct.pack(">d", chance.choice((0.0, -0.0, 1.5, 1e308, float("nan"), float("inf"))))
    if roll < 0.9:
        return b"\xcf" + struct.pack(">Q", chance.choice((0, 2**63, 2**64 - 1, PRIME, PRIME * 2)))
    return bytes([chance.choice((0x00, 0x7F, 0xE0, 0xFF, 0xC0, 0xC1, 0xC2, 0xC3))])


def _map(chance: Random, depth: int) -> bytes:
    keys = [chance.choice((_text("same"), _text(chance.choice(WORDS)), value(chance, 40))) for _ in range(3)]
    kept = keys[: chance.randrange(4)]
    return _counted(chance, len(kept), 0x80, 0xDE) + b"".join(key + value(chance, depth + 1) for key in kept)


def _counted(chance: Random, count: int, short: int, long: int) -> bytes:
    told = count if chance.random() < 0.95 else chance.choice(COUNTS)
    if told < 16 and chance.random() < 0.7:
        return bytes([short | told])
    return bytes([long]) + struct.pack(">H", told) if told < 65_536 else bytes([long + 1]) + struct.pack(">I", told)


def _text(text: str) -> bytes:
    data = text.encode()
    return bytes([0xA0 | len(data)]) + data if len(data) < 32 else b"\xd9" + bytes([len(data)]) + data


def _extension(code: int, data: bytes) -> bytes:
    fixed = {1: 0xD4, 2: 0xD5, 4: 0xD6, 8: 0xD7, 16: 0xD8}
    if len(data) in fixed:
        return bytes([fixed[len(data)], code & 255]) + data
    return b"\xc8" + struct.pack(">H", len(data)) + bytes([code & 255]) + data


def _layout(chance: Random) -> tuple[bytes, int]:
    """An array's layout, and the bytes that it needs if it is an honest one."""
    code = chance.randrange(len(DTYPES))
    if chance.random() < 0.6:
        shape = [chance.randrange(4) for _ in range(chance.randrange(4))]
        return struct.pack(f"<B{len(shape)}q", code, *shape), int(np.prod(shape)) * DTYPES[code].itemsize
    shape = [chance.choice(LENGTHS) for _ in range(chance.choice((1, 2, 2, 3, 4, 31, 32, 33, 64)))]
    layout = struct.pack(f"<B{len(shape)}q", chance.choice((code, 14, 200, 255)), *shape)
    return layout[: len(layout) - chance.choice((0, 0, 0, 1, 5))], chance.choice((0, 8, 16))


def _leaf(chance: Random) -> object:
    shape = tuple(chance.randrange(4) for _ in range(chance.randrange(3)))
    dtype = DTYPES[chance.randrange(len(DTYPES))]
    return chance.choice(
        (
            *(None, True, 3, -(2**63), 10**30, 2.5, float("nan"), 1 - 2j, "text", [1, [2]], {"a": 1}),
            np.zeros(shape, dtype),
            Opaque(chance.choice(wire.DESCRIPTIONS)),
        )
    )


def _output(chance: Random) -> object:
    text = chance.choice(("x", "x" * 500, "\x1b[31mred\x1b[0m", "\x00\u202e", "é😀", "\n" * 9, None, 3))
    pixels = chance.choice((None, np.zeros(40, np.uint8), np.zeros((2, 2), np.uint8), np.zeros(40), "aGk="))
    picture = np.frombuffer(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + chance.randbytes(30), np.uint8)
    data = {"text/plain": text, "text/html": "<b>", "image/png": chance.choice((pixels, picture))}
    kind = chance.choice(("display_data", "execute_result", "update_display_data"))
    count = chance.choice((1, 0, -1, 2**70, True, None))
    return chance.choice(
        (
            {
                "output_type": "stream",
                "name": chance.choice(("stdout", "stderr", "stdin", 1, [])),
                "text": text,
            },
            {
                "output_type": "error",
                "ename": text,
                "evalue": text,
                "traceback": [text] * chance.randrange(110),
            },
            {"output_type": kind, "data": data, "execution_count": count},
            {"output_type": chance.choice(([], {}, None))},
            text,
        )
    )


def _failure(chance: Random) -> object:
    kind = chance.choice(("ValueError", "<b>", "", "x" * 200, "Missing", "TimedOut", None))
    line = chance.choice((1, None, 0, -1, 2**70, True, 1.5))
    bases: object = chance.choice((["Exception"], ["ValueError", "<b>", 3], [[]], ["x"] * 200, None))
    return chance.choice((None, None, [kind, "no", line, bases], [kind, 3, line, bases], [kind], {}, "x"))
