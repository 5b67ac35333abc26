"""Messages between host and guest: a msgpack header, then the raw bytes of its arrays.

Decoding runs no code that a message could choose, and its time and memory are bounded by the constants
below. Only exact plain types pass; there is no pickle anywhere.
"""

from __future__ import annotations

import gc
import math
import socket
import struct
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np

from autograder.errors import BadMessage
from autograder.plain import DTYPE_CODES, DTYPES, MAX_INT, MAX_NODES, MAX_TEXT, Opaque

MAX_HEADER = 1 << 20
MAX_FRAME = 16 << 20
MAX_ARRAYS = 10_000
MAX_DEPTH = 32
MAX_KEYS = 10_000
MAX_DIMENSIONS = 32
SMALL = 4096  # of a packer, which grows; with its own 256 KiB each message would be an mmap and a page fault

PREFIX = struct.Struct("<IQ")  # bytes of header, bytes of arrays
BIG_INT, COMPLEX, ARRAY, SCALAR, TUPLE, OPAQUE, REF, FUNCTION, ITERATOR = range(1, 10)
FROM_GUEST = frozenset({BIG_INT, COMPLEX, ARRAY, OPAQUE})

# The guest sends a position in this tuple, so no text of a submission can pass for a description.
DESCRIPTIONS = (
    "an object",
    "an object of a class defined in the notebook",
    "a function",
    "a class",
    "a module",
    "bytes",
    "a dict with keys that are not strings",
    "a date or time",
    "a pandas object",
    "a matplotlib object",
    "an array of objects",
    "an array of strings",
    "a structured array",
    "an array of dates",
    "an array with an unusual dtype",
    "a numpy scalar that is not a number",
    "a coroutine",
    "Ellipsis",
    "NotImplemented",
    "an integer with more than 300 digits",
    "more than 100,000 values",
    "lists nested more than 30 deep",
    "a value too large to send",
    "an exception",
    "a masked array with masked entries",
    "a number that no float can hold",
)

Special = Callable[[object], msgpack.ExtType]
Hook = Callable[[int, int], object]
Left = Callable[[], float]  # seconds to wait at most before asking again; raises TimedOut when there are none


def encode(message: list[object], special: Special | None = None) -> bytes:
    """The frame of a message. `special` turns what is not plain data into an extension, or raises.

    Raises TypeError for a value that is not plain, OverflowError when it is over the bounds.
    """
    buffers: list[bytes] = []

    def default(value: Any) -> msgpack.ExtType:
        kind = type(value)
        if kind is np.ndarray or isinstance(value, np.generic):
            if value.nbytes > MAX_FRAME:  # before it is copied
                raise OverflowError("an array is too large to send")
            code = DTYPE_CODES.get(value.dtype.newbyteorder("="))
            if code is None:
                raise TypeError(f"an array of dtype {value.dtype} is not plain data")
            buffers.append(value.astype(DTYPES[code], copy=False).tobytes())
            layout = struct.pack(f"<B{value.ndim}q", code, *value.shape)
            return msgpack.ExtType(ARRAY if kind is np.ndarray else SCALAR, layout)
        if kind is int:
            if abs(value) > MAX_INT:
                raise OverflowError("an integer is too large to send")
            return msgpack.ExtType(BIG_INT, value.to_bytes(129, "little", signed=True))
        if kind is complex:
            return msgpack.ExtType(COMPLEX, struct.pack("<dd", value.real, value.imag))
        if kind is tuple:
            return msgpack.ExtType(TUPLE, pack(list(value)))
        if kind is Opaque:
            return msgpack.ExtType(OPAQUE, bytes([DESCRIPTIONS.index(value.description)]))
        if special is None:
            raise TypeError(f"a {kind.__name__} is not plain data")
        return special(value)

    def pack(value: object) -> bytes:
        packed: bytes = msgpack.packb(
            value, default=default, strict_types=True, unicode_errors="replace", buf_size=SMALL
        )
        return packed

    header = pack(message)
    body = b"".join(buffers)
    if len(header) > MAX_HEADER or len(body) > MAX_FRAME:
        raise OverflowError("a message is too large to send")
    return b"".join((PREFIX.pack(len(header), len(body)), header, body))


def numeric(value: Any) -> Any:
    """A decoded value as a number or an array, fit for arithmetic; None and arrays stay as they are.

    Ask for its `extent` first: an array takes up to 16 bytes for each of its entries. Lists become arrays, since a list
    times a number would be that many lists. Raises TypeError for what holds no numbers and OverflowError for an
    integer beyond 64 bits, with which a power would never end.
    """
    if type(value) is list:
        if any(part is None for part in value):  # of which numpy would make an array of objects
            raise TypeError("This function takes plain numbers, lists and arrays, not None in a list.")
        return np.asarray([numeric(part) for part in value])
    if type(value) is int and abs(value) >= 2**63:
        raise OverflowError("an integer is too large")
    if type(value) not in (type(None), bool, int, float, complex, np.ndarray):
        what = value.description if type(value) is Opaque else f"a {type(value).__name__}"
        raise TypeError(f"This function takes plain numbers, lists and arrays, not {what}.")
    return value


def extent(value: object) -> int:
    """The size of an array without its empty dimensions, which a product of matrices would drop; for a list, that of
    the array it would become; else 1."""
    if type(value) is list:
        return max(sum(map(extent, value)), 1)
    return math.prod(max(length, 1) for length in value.shape) if type(value) is np.ndarray else 1


def longest_axis(value: object) -> int:
    """The length of the longest axis of an array, or of the array that a list would become."""
    if type(value) is list:
        return max([len(value), *map(longest_axis, value)])
    return max(value.shape, default=1) if type(value) is np.ndarray else 1


def weight(value: object) -> int:
    """About how many bytes a decoded value takes."""
    if type(value) is np.ndarray:
        return value.nbytes
    if type(value) is list:
        return 64 + sum(map(weight, value))
    if type(value) is dict:
        return 64 + sum(map(weight, value)) + sum(map(weight, value.values()))
    return 4 * len(value) if type(value) is str else 32


def number_extension(code: int, number: int) -> msgpack.ExtType:
    """The extension for a Ref, a function or an iterator: nothing but its number."""
    return msgpack.ExtType(code, struct.pack("<I", number))


class _Decoder:
    """Decodes one message; `special` is given by the guest, which trusts the host, and never by the host."""

    def __init__(self, body: memoryview, special: Hook | None) -> None:
        self.body = body
        self.offset = 0
        self.extensions = 0
        self.arrays = 0
        self.special = special

    def unpack(self, header: bytes | memoryview) -> object:
        return msgpack.unpackb(
            header,
            ext_hook=self.extension,
            strict_map_key=True,
            max_array_len=MAX_NODES,
            max_map_len=MAX_KEYS,
            max_str_len=MAX_HEADER,
            max_bin_len=0,
            max_ext_len=MAX_HEADER if self.special else 1024,
        )

    def extension(self, code: int, data: bytes) -> object:
        self.extensions += 1
        if self.extensions > MAX_NODES or (self.special is None and code not in FROM_GUEST):
            raise BadMessage("The message holds something unexpected.")
        if code in (ARRAY, SCALAR):
            array = self.array(data)
            return array[()] if code == SCALAR else array
        if code == BIG_INT and len(data) == 129:
            number = int.from_bytes(data, "little", signed=True)
            if abs(number) <= MAX_INT:
                return number
        if code == COMPLEX and len(data) == 16:
            return complex(*struct.unpack("<dd", data))
        if code == OPAQUE and len(data) == 1 and data[0] < len(DESCRIPTIONS):
            return Opaque(DESCRIPTIONS[data[0]])
        if self.special is not None and code == TUPLE:
            return tuple(self.unpack(data))  # type: ignore[arg-type]
        if self.special is not None and code in (REF, FUNCTION, ITERATOR):
            return self.special(code, struct.unpack("<I", data)[0])
        raise BadMessage("The message holds a malformed value.")

    def array(self, layout: bytes) -> np.ndarray[Any, Any]:
        self.arrays += 1
        dimensions, rest = divmod(len(layout) - 1, 8)
        if self.arrays > MAX_ARRAYS or rest or not 0 <= dimensions <= MAX_DIMENSIONS or layout[0] >= len(DTYPES):
            raise BadMessage("The message holds a malformed array.")
        dtype = DTYPES[layout[0]]
        shape = struct.unpack(f"<{dimensions}q", layout[1:])
        # Empty arrays too: (0, 2**40) has no bytes, yet products over its shape would overflow later.
        extent = math.prod(max(length, 1) for length in shape) * dtype.itemsize
        size = math.prod(shape) * dtype.itemsize
        if min(shape, default=0) < 0 or extent > MAX_FRAME or self.offset + size > len(self.body):
            raise BadMessage("The message holds an array that does not fit its bytes.")
        view: np.ndarray[Any, Any] = np.ndarray(shape, dtype, self.body, self.offset)
        self.offset += size
        return view.copy()


def decode(
    header: bytes | memoryview, body: memoryview, special: Hook | None = None, longest: int = MAX_TEXT
) -> list[Any]:
    """The message in a frame, as a list; raises BadMessage when anything at all is wrong with it.

    `longest` is the number of characters that one text may have. With `special` the sender is trusted.
    """
    decoder = _Decoder(body, special)
    collecting = gc.isenabled()
    gc.disable()  # a hostile million of small lists would have it run over and over
    try:
        message = decoder.unpack(header)
    except (ValueError, msgpack.UnpackException) as error:  # UnicodeDecodeError is a ValueError
        raise BadMessage("The message is not well formed.") from error
    finally:
        if collecting:
            gc.enable()
    if decoder.offset != len(body):
        raise BadMessage("The message has bytes left over.")
    if type(message) is not list:
        raise BadMessage("The message is not a list.")
    if special is None:
        _check(message, 0, [MAX_NODES], longest)
    return message


_LEAVES = frozenset({type(None), bool, int, float, complex, np.ndarray, Opaque})


def _check(value: Any, depth: int, budget: list[int], longest: int) -> None:
    """Refuse messages with too many parts, too deep, with keys that are not short strings, or of other types."""
    if depth > MAX_DEPTH:
        raise BadMessage("The message is nested too deeply.")
    budget[0] -= len(value)
    if budget[0] < 0:
        raise BadMessage("The message has too many parts.")
    if type(value) is dict:
        if any(type(key) is not str or len(key) > MAX_TEXT for key in value):
            raise BadMessage("The message has a key that is not a short string.")
        value = value.values()
    for part in value:
        kind = type(part)
        if kind in _LEAVES:
            continue
        if kind is list or kind is dict:
            _check(part, depth + 1, budget, longest)
        elif kind is not str or len(part) > longest:  # bytes and timestamps, which msgpack has too
            raise BadMessage("The message holds something unexpected.")


def send(connection: socket.socket, frame: bytes, left: Left | None = None) -> None:
    """Send a frame, waiting for the other side to read it as long as `left` allows (None: without end)."""
    rest = memoryview(frame)
    while rest:
        if left is not None:
            connection.settimeout(left())
        try:
            rest = rest[connection.send(rest) :]
        except TimeoutError:
            continue


def receive(
    connection: socket.socket,
    left: Left | None = None,
    special: Hook | None = None,
    longest: int = MAX_TEXT,
) -> list[Any]:
    """The next message. The dialogue alternates strictly, so a byte beyond its frame is a BadMessage.

    The whole frame must come in the time that `left` allows. Raises EOFError when the connection is closed.
    """
    start = _some(connection, 65536, left)
    while len(start) < PREFIX.size:
        start += _some(connection, 65536, left)
    header_size, body_size = PREFIX.unpack_from(start)
    if header_size > MAX_HEADER or body_size > MAX_FRAME:
        raise BadMessage("The message is too large.")
    frame = memoryview(bytearray(header_size + body_size))
    have = len(start) - PREFIX.size
    if have > len(frame):
        raise BadMessage("The message has bytes left over.")
    frame[:have] = start[PREFIX.size :]
    while have < len(frame):
        part = _some(connection, min(len(frame) - have, 1 << 20), left)
        frame[have : have + len(part)] = part
        have += len(part)
    return decode(frame[:header_size], frame[header_size:], special, longest)


def _some(connection: socket.socket, size: int, left: Left | None) -> bytes:
    while True:
        if left is not None:
            connection.settimeout(left())
        try:
            part = connection.recv(size)
        except TimeoutError:
            continue
        if not part:
            raise EOFError("The connection is closed.")
        return part
