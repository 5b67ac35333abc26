"""Messages: what is plain comes back the same; anything else is refused quickly, and runs nothing."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.errors import BadMessage
from autograder.plain import DTYPES, MAX_NODES, MAX_TEXT, Opaque
from autograder.sandbox import wire

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
ARRAYS = hnp.arrays(st.sampled_from(DTYPES), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**1023), 2**1023),
    st.floats(),
    st.complex_numbers(),
    TEXT,
    ARRAYS,
    st.sampled_from([Opaque(words) for words in wire.DESCRIPTIONS]),
)
PLAIN = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))

REPEATABLE = settings(derandomize=True)


def parts(frame: bytes) -> tuple[bytes, memoryview]:
    header, body = wire.PREFIX.unpack_from(frame)
    start = wire.PREFIX.size
    assert len(frame) == start + header + body
    return frame[start : start + header], memoryview(frame)[start + header :]


def decode(frame: bytes) -> Any:
    return wire.decode(*parts(frame))


def same(left: Any, right: Any) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        return (left.dtype, left.shape, left.tobytes()) == (right.dtype, right.shape, right.tobytes())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return repr(left) == repr(right)  # NaN and -0.0 count as themselves


@REPEATABLE
@given(st.lists(PLAIN, max_size=5))
def test_plain_values_come_back_the_same(message: list[Any]) -> None:
    assert same(decode(wire.encode(message)), message)


@REPEATABLE
@given(st.binary(max_size=200), st.binary(max_size=64))
def test_garbage_is_a_list_or_refused(header: bytes, body: bytes) -> None:
    with suppress(BadMessage):
        assert type(wire.decode(header, memoryview(body))) is list


@REPEATABLE
@given(st.lists(PLAIN, max_size=3), st.data())
def test_a_damaged_frame_is_a_list_or_refused(message: list[Any], data: st.DataObject) -> None:
    header, body = parts(wire.encode(message))
    at = data.draw(st.integers(0, len(header) - 1))
    damaged = header[:at] + bytes([data.draw(st.integers(0, 255))]) + header[at + 1 :]
    with suppress(BadMessage):
        assert type(wire.decode(damaged, body)) is list


def array(code: int, *shape: int) -> msgpack.ExtType:
    return msgpack.ExtType(wire.ARRAY, struct.pack(f"<B{len(shape)}q", code, *shape))


@pytest.mark.parametrize(
    "value",
    [
        array(11, 2**40),
        array(11, -1),
        array(11, 2**62, 2**62, 4),
        array(11, 0, 2**40),
        array(11, *[1] * 33),
        array(200, 1),
        array(11, 3),  # more bytes than came
        array(11, 1),  # fewer
        msgpack.ExtType(wire.ARRAY, b""),
        msgpack.ExtType(wire.REF, struct.pack("<I", 0)),
        msgpack.ExtType(wire.FUNCTION, struct.pack("<I", 0)),
        msgpack.ExtType(wire.ITERATOR, struct.pack("<I", 0)),
        msgpack.ExtType(wire.TUPLE, b"\x90"),
        msgpack.ExtType(wire.SCALAR, struct.pack("<B", 11)),
        msgpack.ExtType(wire.OPAQUE, b"\xff"),
        msgpack.ExtType(wire.COMPLEX, b"1"),
        msgpack.ExtType(wire.BIG_INT, b"\x7f" * 129),  # over 2**1023
        msgpack.ExtType(wire.BIG_INT, b"\x7f" * 1000),
        msgpack.ExtType(99, b"abc"),
        msgpack.Timestamp(1, 2),
        b"bytes",
        "x" * (MAX_TEXT + 1),
        {"x" * (MAX_TEXT + 1): 1},
        {1: 1},
        {(2**61 - 1) * 2: 1},
        {str(i): i for i in range(wire.MAX_KEYS + 1)},
        [0] * (MAX_NODES + 1),
        [[0] * 60_000] * 2,
        [array(11, 0)] * (wire.MAX_ARRAYS + 1),
    ],
)
def test_hostile_values_are_refused(value: object) -> None:
    header = msgpack.packb([value], use_bin_type=True)
    with pytest.raises(BadMessage):
        wire.decode(header, memoryview(bytes(16)))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\xc0",  # not a list
        b"\x90\x90",  # one and a half messages
        b"\x91" * 1_000 + b"\x90",
        b"\x91" * 100_000 + b"\x90",
        b"\xdd\xff\xff\xff\xff",
        (b"\xdd" + struct.pack(">I", 99_999)) * 200_000,
        b"\xdf\xff\xff\xff\xff",
        b"\x91\xa2\xff\xff",  # not UTF-8
        b"\x91\xdb\xff\xff\xff\xff",
        b"\x91\x81\x90\x01",  # a list as a key
    ],
)
def test_malformed_headers_are_refused(header: bytes) -> None:
    with pytest.raises(BadMessage):
        wire.decode(header, memoryview(b""))


@pytest.mark.parametrize(
    ("value", "extent"),
    [
        (3, 1),
        ("text", 1),
        ([], 1),
        ([[], []], 2),
        ([[1, 2], [3, 4]], 4),
        (np.zeros((3, 0)), 3),
        ([np.zeros((2, 3)), np.zeros((2, 3))], 12),
        ([[None] * 9] + [np.zeros(9)] * 4, 45),
    ],
)
def test_the_extent_of_a_list_is_that_of_the_array_it_would_become(value: object, extent: int) -> None:
    assert wire.extent(value) == extent


@pytest.mark.parametrize("value", [[None], [[1], [None]], [np.zeros(2), None]])
def test_no_array_of_objects_is_made(value: object) -> None:
    with pytest.raises(TypeError, match="None"):
        wire.numeric(value)
    assert wire.numeric(None) is None


def test_what_is_not_plain_is_not_sent() -> None:
    for value in (object(), np.array([object()]), np.ma.array([1]), {1, 2}, np.float64):
        with pytest.raises(TypeError):
            wire.encode([value])
    for big in (10**5000, [0.5] * 200_000):
        with pytest.raises(OverflowError):
            wire.encode([big])


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def far() -> wire.Left:
    end = time.monotonic() + 60
    return lambda: end - time.monotonic()


@pytest.mark.parametrize("prefix", [(2**32 - 1, 0), (1, 2**63), (wire.MAX_HEADER + 1, 0), (0, wire.MAX_FRAME + 1)])
def test_giant_lengths_are_refused(pair: tuple[socket.socket, socket.socket], prefix: tuple[int, int]) -> None:
    pair[1].sendall(wire.PREFIX.pack(*prefix))
    with pytest.raises(BadMessage):
        wire.receive(pair[0], far())


def test_bytes_beyond_the_frame_are_refused(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[1].sendall(wire.encode([1]) + b"x")
    with pytest.raises(BadMessage):
        wire.receive(pair[0], far())


def test_a_large_frame_arrives_in_pieces(pair: tuple[socket.socket, socket.socket]) -> None:
    values = np.arange(2_000_000.0)
    sender = threading.Thread(target=wire.send, args=(pair[1], wire.encode([values])))
    sender.start()
    (received,) = wire.receive(pair[0], far())
    sender.join()
    assert np.array_equal(received, values)


def test_a_closed_connection_is_told(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[1].sendall(wire.encode([1])[:-1])
    pair[1].close()
    with pytest.raises(EOFError):
        wire.receive(pair[0], far())
