"""Ways out of the process: other processes, system calls, children of its own, the network."""

from tests.forgery.attack import CHILD, WRONG, Attack, doing

LIBC = "import ctypes, os, signal, socket\nlibc = ctypes.CDLL(None, use_errno=True)\n"
# Machine code in a page of its own; `result` is what it leaves in the register of results.
MACHINE = (
    LIBC
    + """
import mmap
def run(code):
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
"""
)

PROCESSES = {
    "signals to every process": "for number in (os.getppid(), 1, -1, 0, 2, 3):\n    libc.kill(number, 9); libc.kill(number, 19)\n",
    "signals through pidfd": "fd = libc.syscall(434, os.getppid(), 0)\nlibc.syscall(424, fd, 9, 0, 0)\n",
    "ptrace of the parent": "libc.ptrace(16, os.getppid(), 0, 0)\nlibc.ptrace(0x4206, os.getppid(), 0, 0)\n",
    "memory of the parent": "buffer = ctypes.create_string_buffer(64)\nlibc.process_vm_readv(os.getppid(), buffer, 1, buffer, 1, 0)\n"
    "libc.process_vm_writev(os.getppid(), buffer, 1, buffer, 1, 0)\n",
    "descriptors of the parent": "fd = libc.syscall(434, os.getppid(), 0)\n"
    "taken = [libc.syscall(438, fd, n, 0) for n in range(10)]\n",
    "limits of the parent": "import resource\n"
    "libc.prlimit(os.getppid(), 9, (ctypes.c_long * 2)(0, 0), None)\n"
    "libc.setpriority(0, os.getppid(), 19)\nlibc.sched_setaffinity(os.getppid(), 8, b'\\1' + bytes(7))\n",
    "a real-time signal queue": "libc.sigqueue(os.getppid(), 34, 0)\nlibc.tgkill(os.getppid(), os.getppid(), 9)\n",
    "an owner of signals for its descriptor": "import fcntl\n"
    "for order in (8, 10, 15):\n    libc.fcntl(3, order, os.getppid())\n",
}
CALLS = {
    "another program": "libc.execve(b'/bin/sh', None, None)\nlibc.system(b'touch out')\n",
    "namespaces": "libc.unshare(0x10000000)\nlibc.setns(3, 0)\nlibc.syscall(165, 0, 0, 0, 0, 0)\nlibc.chroot(b'/')\n",
    "kernel interfaces": "[libc.syscall(n, 0, 0, 0, 0, 0, 0) for n in (321, 323, 425, 426, 427, 298, 250, 248, 175, 169)]\n",
    "nameless files": "fd = libc.memfd_create(b'x', 0)\nlibc.fexecve(fd, None, None)\nlibc.syscall(322, fd, b'', 0, 0, 4096)\n",
    "more privilege": "libc.setuid(0); libc.setgid(0); libc.prctl(38, 0, 0, 0, 0); libc.prctl(22, 0, 0, 0, 0); libc.personality(0x0400000)\n",
    "shared memory of System V": "libc.shmget(1, 4096, 0o1666); libc.semget(1, 1, 0o1666); libc.msgget(1, 0o1666); libc.shm_open(b'/x', 66, 438)\n",
    "terminal input": "import fcntl\nfor order in (0x5412, 0x541C, 0x5480, 0xC0189436):\n    libc.ioctl(3, order, b'x')\n",
    "every number there is": "for number in range(336, 470):\n    libc.syscall(number, -1, -1, -1, -1, -1, -1)\n",
    "loosening its own limits": "libc.syscall(444, 0, 0, 1)\nlibc.syscall(317, 1, 0, 0)\n"
    "libc.prlimit(0, 9, (ctypes.c_long * 2)(-1, -1), None)\n",
}
MACHINE_CALLS = {
    # fork, then exit in the child
    "the table of 32 bits": "run(bytes.fromhex('b802000000cd80c3'))\n",
    "the table of x32": "run(bytes.fromhex('b839000040' + '0f05' + 'c3'))\n",
    "a clone without the C library": "run(bytes.fromhex('48c7c0380000004831ff4831f64831d24d31d24d31c00f05c3'))\n",
    "a far jump into 32-bit code": "run(bytes.fromhex('6a23' + '68' + '00000000' + '48cb'))\n",
    "words written past Python": "run(bytes.fromhex('48c7c00100000048c7c703000000488d350000000048c7c2080000000f05c3'))\n",
}
BOMBS = {
    "forks": "for _ in range(1000):\n    if libc.fork() == 0:\n        while True: pass\n",
    "threads": "import _thread\nfor _ in range(1000):\n    try: _thread.start_new_thread(lambda: None, ())\n    except RuntimeError: break\n",
    "a detached child that acts later": "if libc.fork() == 0:\n    os.setsid()\n    libc.sleep(1)\n    os.write(3, b'4.0')\n    os._exit(0)\n",
    "a pool of processes": "import multiprocessing\ntry:\n    with multiprocessing.Pool(4) as pool: pool.map(abs, range(9))\n"
    "except (OSError, RuntimeError): pass\n",
    "threads of the C library": "start = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(lambda p: 0)\n"
    "handle = ctypes.c_ulong()\nfor _ in range(100): libc.pthread_create(ctypes.byref(handle), None, start, None)\n",
}
# What these leave behind ends the child in a later task of the same submission.
TIMERS = {
    "timers that fire later": "signal.signal(signal.SIGALRM, lambda *a: os.write(3, b'4.0'))\nsignal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)\n",
    "an alarm that kills it": "signal.signal(signal.SIGALRM, signal.SIG_DFL)\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\n",
}
NETWORK = {
    "a web server": "import urllib.request\ntry: urllib.request.urlopen('http://127.0.0.1:8080/', timeout=0.2)\nexcept OSError: pass\n",
    "the name service": "try: socket.getaddrinfo('example.org', 80)\nexcept OSError: pass\n"
    "try: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.53', 53))\nexcept OSError: pass\n",
    "abstract sockets": "try:\n    s = socket.socket(socket.AF_UNIX); s.connect('\\0/tmp/.X11-unix/X0')\nexcept OSError: pass\n",
    "raw and netlink sockets": "[libc.socket(family, kind, 0) for family in range(46) for kind in (1, 2, 3)]\n",
    "a server of its own": "try: socket.create_server(('127.0.0.1', 0))\nexcept OSError: pass\n",
    "descriptors sent over its own socket": "import array\ns = socket.socket(fileno=os.dup(3))\n"
    "try: s.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0, 1, 2]))])\nexcept OSError: pass\n",
}


def _calling(family: str, bodies: dict[str, str], before: str, confined: bool = True) -> tuple[Attack, ...]:
    return tuple(Attack(family, name, doing(body, before), confined=confined) for name, body in bodies.items())


ATTACKS = (
    *_calling("other processes", PROCESSES, LIBC),
    *_calling("system calls", CALLS, LIBC),
    *_calling("machine code", MACHINE_CALLS, MACHINE),
    *_calling("bombs", BOMBS, LIBC),
    *_calling("bombs", TIMERS, LIBC, confined=False),
    *_calling("network", NETWORK, LIBC),
    Attack(
        "bombs",
        "an alarm left behind by a cell",
        WRONG,
        before=("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)\nsignal.setitimer(signal.ITIMER_REAL, 0.3)",),
        confined=False,
    ),
    Attack("machine code", "the guest's descriptor closed under it", doing("libc.close(3)", LIBC)),
    Attack("other processes", "a plain hang-up of the host", doing("child.connection.shutdown(2)", CHILD)),
)  # fmt: skip
