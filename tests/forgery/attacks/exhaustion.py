"""Time, memory, disk and output used up; crashes."""

from tests.forgery.attack import CHILD, MEAN, UPDATE, WRONG, Attack, doing

LOOPS = {
    "in Python": "while True: pass",
    "in C": "sum(range(10**13))",
    "in C, without a look at signals": "import re\nre.match(r'(a+)+$', 'a' * 50 + 'b')",
    "of big integers": "10 ** 10 ** 9",
    "with signals blocked": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
    "with signals ignored": "import signal\n[signal.signal(s, signal.SIG_IGN) for s in range(1, 30) if s not in (9, 19)]\nwhile True: pass",
    "that swallows everything": "while True:\n    try:\n        while True: raise SystemExit\n    except BaseException: pass",
    "asleep": "import time\ntime.sleep(1000)",
    "in an iterator that never ends": "import itertools\nreturn (x for _ in itertools.repeat(0))",
    "in a destructor": "class Slow:\n    def __del__(self):\n        while True: pass\nSlow()",
    "in the text of an exception": "class Slow(Exception):\n    def __str__(self):\n        while True: pass\nraise Slow",
    "of output": "while True: print('x' * 100_000)",
    "that takes turns with the host": "while True: child.connection.send(b'')",
}  # fmt: skip
EXITS = {
    "sys.exit": "raise SystemExit(0)",
    "an interrupt": "raise KeyboardInterrupt",
    "a generator's exit": "raise GeneratorExit",
    "os._exit": "import os\nos._exit(0)",
    "an abort": "import os\nos.abort()",
    "a segmentation fault": "import ctypes\nctypes.string_at(0)",
    "a signal to itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nos.kill(os.getpid(), 9)",
    "a stop": "import ctypes\nctypes.CDLL(None).raise_(19)",
    "recursion in Python": "import sys\nsys.setrecursionlimit(10**9)\ndef deep(n): return deep(n + 1)\ndeep(0)",
    "recursion in C": "value = []\nfor _ in range(10**6): value = [value]\nreturn repr(value)",
    "the interpreter torn down": "import ctypes\nctypes.pythonapi.Py_FinalizeEx()",
    "an exception that isn't one": "raise type('NotImplementedError', (BaseException,), {})()",
}
MEMORY = {
    "lists": "kept = []\nwhile True: kept.append([0] * 10**6)",
    "an array": "return np.ones((10**6, 10**6))",
    "lists, out of memory swallowed": "kept = []\nwhile True:\n    try: kept.append(bytearray(10**6))\n    except MemoryError: pass",
    "mapped memory": "import mmap\nkept = []\nwhile True: kept.append(mmap.mmap(-1, 2**24)); kept[-1].write(bytes(2**24))",
    "pipes": "import os\nkept = []\nwhile True:\n    kept.append(os.pipe()); os.set_blocking(kept[-1][1], False); os.write(kept[-1][1], bytes(65536))",
    "pairs of sockets": "import socket\nkept = []\nwhile True:\n    kept.append(socket.socketpair()); kept[-1][0].setblocking(False); kept[-1][0].send(bytes(200_000))",
    "a file that fills the disk": "with open('big', 'wb') as file:\n    while True: file.write(bytes(10**6))",
    "a file with a hole": "import os\nfd = os.open('hole', os.O_CREAT | os.O_RDWR)\nos.ftruncate(fd, 2**60)\nos.pwrite(fd, b'x', 2**59)",
    "small files without end": "for i in range(10**7):\n    open(f'f{i}', 'w').close()",
    "nested folders": "import os\nfor i in range(10**5):\n    os.mkdir('d'); os.chdir('d')",
    "shared memory": "import os\nopen('/dev/shm/big', 'wb').write(bytes(10**8))",
    "timers and events of the kernel": "import ctypes\nlibc = ctypes.CDLL(None)\nfor _ in range(10**5): libc.eventfd(0, 0); libc.timerfd_create(1, 0); libc.epoll_create1(0)",
    "a string of all memory": "return 'x' * 10**9 + str(x)",
}  # fmt: skip
OUTPUT = {
    "a giant line": "print('x' * 10**7)",
    "many lines": "for i in range(10**5): print(i)",
    "a giant exception": "raise ValueError('x' * 10**7)",
    "an exception without text": "class Mute(Exception):\n    def __str__(self): raise self\nraise Mute",
    "an exception whose name is no text": "raise type('\\ud800 <b>', (Exception,), {'__name__': 5})()",
    "a chain of a thousand exceptions": "error = None\nfor i in range(1000):\n    new = ValueError(i); new.__cause__ = error; error = new\nraise error",
    "an exception group": "raise ExceptionGroup('x', [ExceptionGroup('y', [ValueError(i) for i in range(1000)])] * 100)",
    "displays without end": "from IPython.display import display, clear_output\nfor i in range(10**4): display(i)\nclear_output()",
    "standard streams replaced": "import sys, io\nsys.stdout = sys.stderr = sys.__stdout__ = None\nprint('x')",
}  # fmt: skip


def _family(name: str, bodies: dict[str, str], slow: tuple[str, ...] = (), before: str = "") -> tuple[Attack, ...]:
    return tuple(Attack(name, of, doing(body, before), long=of in slow) for of, body in bodies.items())


CELLS = (
    Attack("loops", "in a cell", WRONG, before=("while True: pass",), said="didn't finish within"),
    Attack("loops", "in a cell that swallows everything", WRONG, said="didn't finish within", before=(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",)),
    Attack("loops", "in each task at once", doing("while True: pass"), confined=False, long=True, after=(
        "def cumavg_update(mem, x, i):\n    while True: pass",)),
    Attack("crashes", "in a cell", WRONG, before=("import os\nos._exit(3)",), said="ended the Python process"),
    Attack("crashes", "in the constructor", "class RunningMean:\n    def __init__(self): import os; os._exit(0)\n", target=MEAN),
    Attack("output", "a giant value at the end of a cell", WRONG, before=("'x' * 10**7", "[list(range(10**4))] * 1000")),
    Attack("output", "a deep value at the end of a cell", WRONG, before=(
        "value = []\nfor _ in range(10**5): value = [value]\nvalue",)),
    Attack("output", "a repr that raises", WRONG, before=(
        "class Mute:\n    def __repr__(self): raise SystemExit\nMute()",)),
    Attack("memory", "kept by a cell until none is left", "def cumavg_update(mem, x, i):\n    return [0.0] * len(x)\n",
           target=UPDATE, confined=False, before=(
        "kept = []\ntry:\n    while True: kept.append(bytearray(10**6))\nexcept MemoryError: pass",)),
)  # fmt: skip

ATTACKS = (
    *_family("loops", LOOPS, ("of big integers", "in a destructor", "asleep", "with signals ignored"), CHILD),
    *_family("crashes", EXITS),
    *_family("memory", MEMORY, ("pipes", "pairs of sockets", "lists, out of memory swallowed")),
    *_family("output", OUTPUT),
    *CELLS,
)
