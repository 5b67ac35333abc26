"""Messages to the host that the guest never meant to send."""

from tests.forgery.attack import CHILD, MEAN, RIGHT, UPDATE, Attack, doing

FIND = CHILD + "import os, stat, struct, msgpack\n"
# The descriptor, found as a stranger would find it.
FSTAT = FIND + "fd = next(n for n in range(64) if stat.S_ISSOCK(os.fstat(n).st_mode))\n"
BODIES = {
    "garbage": "os.write(3, os.urandom(1000))",
    "a giant header": "os.write(3, struct.pack('<IQ', 2**32 - 1, 0))",
    "a giant body": "os.write(3, struct.pack('<IQ', 10, 2**63))",
    "the longest frame, never finished": "os.write(3, struct.pack('<IQ', 2**20, 2**26) + bytes(100))\nwhile True: pass",
    "a byte at a time": "import time\nfor byte in struct.pack('<IQ', 2**20, 0) + bytes(500):\n    os.write(3, bytes([byte])); time.sleep(0.01)",
    "an early answer": "os.write(3, wire.encode([child.nonce, 'done', 1.0, None, 0, []]))",
    "answers to numbers not yet asked": "for n in range(100): os.write(3, wire.encode([n, 'done', 1.0, None, 0, []]))",
    "the request sent back": "child.reply('call', 'cumulative_average', None, False, [])",
    "a question about nothing": "os.write(3, wire.encode([child.nonce, 'ask', 0, [], {}, []]))\nos.read(3, 9)",
    "a question about what it never got": "os.write(3, wire.encode([child.nonce, 'ask', 10**6, [], {}, []]))\nos.read(3, 9)",
    "a function handed on that it never got": "os.write(3, wire.encode([child.nonce, 'ask', 0, [1], {}, [99]]))\nos.read(3, 9)",
    "a closed connection": "os.close(3)",
    "half a connection": "import socket\nchild.connection.shutdown(socket.SHUT_WR)",
    "its own end of another pair": "import socket\na, b = socket.socketpair()\nos.dup2(a.fileno(), 3)",
    "a pipe in its place": "r, w = os.pipe()\nos.dup2(w, 3)",
    "standard input in its place": "os.dup2(0, 3)",
    "deep lists": "os.write(3, struct.pack('<IQ', 900, 0) + b'\\x91' * 900)",
    "lists of lists of lists": "h = b'\\xdd' + struct.pack('>I', 99_999) + b'\\x90' * 99_999\nos.write(3, struct.pack('<IQ', len(h), 0) + h)",
    "keys of one hash": "h = b'\\x94' + msgpack.packb(child.nonce) + b'\\xa4done' + msgpack.packb({i * (2**61 - 1): 0 for i in range(3, 8)}) + b'\\xc0'\n"
    "os.write(3, struct.pack('<IQ', len(h), 0) + h)",
    "a timestamp and bytes": "h = msgpack.packb([child.nonce, 'done', msgpack.Timestamp(1), b'x', 0, []])\nos.write(3, struct.pack('<IQ', len(h), 0) + h)",
    "a pickle in an extension": "import pickle\nh = msgpack.packb([child.nonce, 'done', msgpack.ExtType(1, pickle.dumps(print)), None, 0, []])\n"
    "os.write(3, struct.pack('<IQ', len(h), 0) + h)",
    "an array larger than its bytes": "h = msgpack.packb([child.nonce, 'done', msgpack.ExtType(3, struct.pack('<Bqq', 11, 2**40, 2**40)), None, 0, []])\n"
    "os.write(3, struct.pack('<IQ', len(h), 0) + h)",
    "an array of negative shape": "h = msgpack.packb([child.nonce, 'done', msgpack.ExtType(3, struct.pack('<Bqq', 11, -1, -8)), None, 0, []])\n"
    "os.write(3, struct.pack('<IQ', len(h), 64) + h + bytes(64))",
    "an empty array of giant shape": "h = msgpack.packb([child.nonce, 'done', msgpack.ExtType(3, struct.pack('<Bqq', 5, 0, 2**62)), None, 0, []])\n"
    "os.write(3, struct.pack('<IQ', len(h), 0) + h)",
    "a Ref of its own": "h = msgpack.packb([child.nonce, 'done', msgpack.ExtType(7, struct.pack('<I', 0)), None, 0, []])\n"
    "os.write(3, struct.pack('<IQ', len(h), 0) + h)",
    "the other shell wanted without an end": "type(child).reply = lambda self, *_: wire.send(self.connection, wire.encode([self.nonce, 'other shell']))",
    "another kind of answer": "os.write(3, wire.encode([child.nonce, 'correct', 4.0, None]))",
}
ANSWER = """
def answer(self, run, keep=False, store=True):
    try: run()
    except BaseException: pass
    return [{value}, {failure}, {slot}]
type(child).answer = answer
"""
CLASS = "class RunningMean:\n    def __init__(self): pass\n    def update(self, x): return x * 0\n    mean = 0.0\n    def merge(self, other): return self\n"

TAKEN_OVER = (
    Attack("frames", "the guest's answers replaced", FIND + ANSWER.format(value="True", failure="None", slot="0")
           + "def cumulative_average(x): return 0\n", confined=False),
    Attack("frames", "results without a slot", FIND + ANSWER.format(value="None", failure="None", slot="-1") + CLASS,
           target=MEAN, confined=False),
    Attack("frames", "slots that never were", FIND + ANSWER.format(value="0.0", failure="None", slot="999_999") + CLASS,
           target=MEAN, confined=False),
    Attack("frames", "failures of the reference's kind",
           FIND + ANSWER.format(value="None", failure="['ValueError', 'x', 1]", slot="0") + CLASS, target=MEAN, confined=False),
    Attack("frames", "an answer held back for the next request",
           FIND + "old = type(child).reply\nlate = []\n"
           "def reply(self, *parts):\n    late.append(parts)\n    old(self, *late[max(0, len(late) - 2)])\ntype(child).reply = reply\n"
           "def cumulative_average(x): return x * 0.0\n", confined=False),
    Attack("frames", "the descriptor found by its kind", doing("os.write(fd, b'4.0' * 1000)", FSTAT)),
    Attack("frames", "a wire that says it changed what is asked", FIND
           + "old = wire.receive\ndef receive(*a, **k):\n    message = old(*a, **k)\n    message[1:3] = ['value', 'np']\n    return message\n"
           "wire.receive = receive\ndef cumulative_average(x): return 0\n", confined=False),
    Attack("frames", "a garbled answer from a cell", RIGHT.replace("cumulative_average", "cumavg_update"), target=UPDATE,
           before=(FIND + "os.write(3, b'4.0')",), said="ended the Python process"),
)  # fmt: skip

ATTACKS = (*(Attack("frames", name, doing(body, FIND)) for name, body in BODIES.items()), *TAKEN_OVER)
