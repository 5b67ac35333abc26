"""The ten promises to an administrator, one test for each, in both modes, as whoever runs the tests and, where that
is root, as an ordinary user too.

Most submissions here are bets: the task is answered rightly only if something happened that must not, so that a point
would tell of it. `test_a_bet_that_is_won_earns_the_points` shows that these points can be had.
"""

from __future__ import annotations

import hashlib
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course.course import Course, CourseLimits
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.course.task import Task, mixed
from autograder.errors import NoIsolation
from autograder.marking.marker import Marker
from autograder.report.item_feedback import item_feedback
from autograder.result import ItemResult
from autograder.sandbox.host import launch
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import WALL_FACTOR, Mode
from autograder.submission.submitted_notebook import read_submission
from tests.classes import damaged
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

LIMITS = CourseLimits(cell_seconds=3.0, call_seconds=0.5, submission_seconds=12.0, memory_mb=256)
TARGET = "cumulative_average"
RIGHT = "np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, None]"
FROZEN = "Simple JSON <https://json.org> decoder"  # of Python's json: nowhere but in the warm Python's memory
HIDDEN = re.compile(r"(?<![\d.])(?:9999|1000[0-3])(?!\d)")  # the rows near 10,000 of a hidden case


@pytest.fixture(scope="module", params=["full", "fallback"])
def mode(request: pytest.FixtureRequest) -> Mode:
    mode: Mode = request.param
    return mode


@pytest.fixture(scope="module")
def grader(course: Course, mode: Mode) -> Iterator[Marker]:
    try:
        sandbox = Sandbox(LIMITS, mode, forbidden=[course.root])
    except NoIsolation as error:
        pytest.skip(str(error))
    with sandbox:
        yield Marker(course.assignment("02_cumulative_average"), sandbox, LIMITS)


def answered(grader: Marker, source: str) -> bytes:
    return as_bytes(with_answers(solved(grader.assignment), {TARGET: source}))


def asked(grader: Marker, source: str) -> ItemResult:
    """The result of the answer `source`; everything else must be right."""
    result = grader.mark(read_submission(answered(grader, source), "bet.ipynb")).result
    lost = [item.id for item in result.items if item.points < item.max_points]
    assert lost in ([], [TARGET])
    return result.item(TARGET)


def earned(grader: Marker, source: str) -> float:
    return asked(grader, source).points


def won(grader: Marker, happened: str, before: str = "") -> float:
    """The points of a submission that answers rightly if the expression `happened` is true, however it is asked."""
    bet = f"""{before}
def happened(x):
    try:
        return {happened}
    except (OSError, MemoryError, RuntimeError, AttributeError, ImportError, NameError):
        return False

def cumulative_average(x):
    return {RIGHT} if happened(x) else x * 0.0
"""
    item = asked(grader, bet)
    assert item.verdict not in ("error", "timeout", "not_attempted"), "the bet itself failed"
    return item.points


def assert_unharmed(grader: Marker) -> None:
    result = grader.mark(read_submission(as_bytes(solved(grader.assignment)), "honest.ipynb")).result
    assert result.points == result.max_points


def test_a_bet_that_is_won_earns_the_points(grader: Marker) -> None:
    assert won(grader, "len(x) >= 0") == grader.assignment.items[TARGET].points
    assert won(grader, "len(x) < 0") == 0


SEEK = """
import gc, os, sys
gc.unfreeze()  # what was there before the fork is hidden from the collector

def texts(objects):
    yield from os.environ.values()
    yield from sys.orig_argv
    yield from sys.modules
    for place in ("/guest", "/tmp", os.getcwd(), "/etc", "/proc/self", "/home", "/srv"):
        for folder, _, names in os.walk(place):
            for name in names:
                try:
                    yield open(os.path.join(folder, name), errors="replace").read(1_000_000)
                except OSError:
                    pass
    for value in held(objects):
        if type(value) is str:
            yield value

def arrays():
    found = held(gc.get_objects())
    return (value for value in found if type(value) is np.ndarray and value.dtype.kind in "fiu")

def held(objects):
    for holder in objects:
        yield from holder.values() if type(holder) is dict else holder if type(holder) in (list, tuple) else ()

BACKWARDS = "|".join(texts(gc.get_objects()))[::-1]  # or a submission that looks for a word would find its own
"""


@pytest.mark.parametrize("word", ["", "# display"], ids=["plain Python", "with IPython"])
def test_promise_01_nothing_hidden_is_in_reach(grader: Marker, word: str) -> None:
    seek = SEEK + word

    def in_reach(words: list[str]) -> float:
        return won(grader, f"any(word in BACKWARDS for word in {[word[::-1] for word in words]})", seek)

    task = grader.assignment.items[TARGET]
    assert isinstance(task, Task)
    assert in_reach([FROZEN]) > 0
    assert won(grader, "any(a is x for a in arrays())", seek) > 0
    marks = [misconception.id for misconception in task.misconceptions] + [
        case.name for case in task.cases if not case.public
    ]
    words = [mark for mark in marks if len(mark) > 8]
    assert len(words) > 3
    assert in_reach(words) == 0
    # The rows near 10,000 are in sight while the last case is played, and not before.
    far = "abs(float(np.max(x, initial=0)) - 10_000) > 5"
    coming = f"{far} and any(abs(float(np.max(a, initial=0)) - 10_000) < 5 for a in arrays())"
    assert won(grader, coming, seek) == 0


def test_promise_02_points_follow_from_plain_values_alone(grader: Marker) -> None:
    wrong = "def cumulative_average(x):\n    return x * 0.0\n"
    patched = "for n in ('allclose', 'array_equal', 'isclose'): setattr(np, n, lambda *a, **k: True)\n"
    patched += "np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None\n"
    hook = "get_ipython().events.register('pre_run_cell', lambda i: globals().update(check=lambda *a: True))\n"
    tree = "import ast\nclass T(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
    tree += "get_ipython().ast_transformers.append(T())\n"
    equal = "class Equal(np.ndarray):\n    def __eq__(self, other): return True\n    __array_priority__ = 1e9\n"
    assert earned(grader, patched + hook + tree + wrong) == 0
    assert earned(grader, equal + wrong.replace("x * 0.0", "(x * 0.0).view(Equal)")) == 0
    assert earned(grader, "def cumulative_average(x):\n    return x * np.nan\n") == 0


def test_promise_03_decoding_runs_nothing_and_is_bounded(grader: Marker, tmp_path: Path) -> None:
    told = tmp_path / "told"
    pickled = f"class P:\n    def __reduce__(self): return (open, ({str(told)!r}, 'w'))\n"
    forged = """
import gc, os
child = next(o for o in gc.get_objects() if type(o).__name__ == "Child")
def cumulative_average(x):
    for data in (b"\\xff" * 64, (2 ** 31).to_bytes(4, "little") + (2 ** 63).to_bytes(8, "little"), b"\\x93" * 4096):
        os.write(child.connection.fileno(), data)
    return x * 0.0
"""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for value in ("P()", "[[[]] * 1000] * 1000", "10 ** 5000", "{i * (2 ** 61 - 1): 0 for i in range(9999)}"):
        assert earned(grader, f"{pickled}def cumulative_average(x):\n    return {value}\n") == 0
    assert earned(grader, forged) == 0
    assert not told.exists()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KiB


def test_promise_04_no_submission_affects_another(grader: Marker, course: Course, tmp_path: Path) -> None:
    neighbour = tmp_path / "submitted.ipynb"
    neighbour.write_text("theirs")
    course_before = digest(course.root / "solutions")
    places = [
        str(neighbour),
        str(course.root / "solutions" / "course.yaml"),
        f"/tmp/{tmp_path.name}",
        tmp_path.name,
        f"/guest/{tmp_path.name}",
    ]
    write = f"for path in {places}:\n    try: open(path, 'w').write('mine')\n    except OSError: pass\n"
    stay = "import builtins, os, sys\nbuiltins.left = sys.left = np.left = True\nos.environ['LEFT'] = '1'\n"
    assert earned(grader, f"{write}{stay}def cumulative_average(x):\n    return x * 0.0\n") == 0
    found = "hasattr(np, 'left') or 'left' in globals() or 'LEFT' in os.environ or any(map(os.path.exists, places))"
    assert won(grader, found, f"import os\nplaces = {places[2:]}") == 0
    assert neighbour.read_text() == "theirs"
    assert digest(course.root / "solutions") == course_before
    assert_unharmed(grader)


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


OUTSIDE = {
    "the network": "socket.socket(socket.AF_INET, socket.SOCK_STREAM) is not None",
    "datagrams": "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) is not None",
    "names of hosts": "socket.getaddrinfo('localhost', 80) != []",
    "a fork": "ctypes.CDLL(None).fork() >= 0",
    "a program": "ctypes.CDLL(None).execv(b'/bin/true', None) == 0",
    "a thread": "_thread.start_new_thread(id, (0,)) is not None",
    "a signal": "os.kill(os.getppid(), 0) is None",
    "a signal to all": "os.kill(-1, 0) is None",
    "another's memory": "ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0",
    "the password file": "open('/etc/passwd').read() != ''",
    "the grader's folder": f"os.listdir({str(ROOT)!r}) != ''",
    "a link to outside": f"os.symlink({str(ROOT)!r}, f'here{{next(number)}}') is None",
}


@pytest.mark.parametrize("attempt", OUTSIDE.values(), ids=list(OUTSIDE))
def test_promise_05_nothing_outside_is_reached(grader: Marker, attempt: str) -> None:
    assert won(grader, attempt, "import ctypes, itertools, os, socket, _thread\nnumber = itertools.count()") == 0


def test_promise_06_every_run_ends_and_is_bounded(grader: Marker) -> None:
    began = time.monotonic()
    assert earned(grader, "def cumulative_average(x):\n    while True: pass\n") == 0
    assert earned(grader, "import time\ndef cumulative_average(x):\n    time.sleep(1000)\n") == 0
    stubborn = "import signal\nsignal.signal(14, signal.SIG_IGN)\ndef cumulative_average(x):\n    while True:\n"
    assert earned(grader, f"{stubborn}        try:\n            while True: pass\n        except: pass\n") == 0
    assert time.monotonic() - began < 3 * 10 * WALL_FACTOR * LIMITS.submission_seconds  # on a busy machine, too
    assert won(grader, "len(bytearray(LIMIT << 21)) > 0", f"LIMIT = {LIMITS.memory_mb}") == 0
    assert won(grader, "os.open('notes.txt', os.O_CREAT | os.O_WRONLY) > 0") == 0
    loud = f"for _ in range(3000): print('x' * 1000)\ndef cumulative_average(x):\n    return {RIGHT}\n"
    outputs = grader.mark(read_submission(answered(grader, loud), "loud.ipynb"), executed=True).outputs
    assert 0 < max(len(repr(shown)) for shown in outputs.values()) < 1.1 * LIMITS.output_chars + 1000


def test_promise_07_isolation_is_tried_and_fails_closed(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out = launch.copy_guest

    def without(layer: str) -> None:
        def copy(place: Path) -> None:
            lay_out(place)
            confine = place / "autograder" / "sandbox" / "guest" / "confine.py"
            confine.write_text(confine.read_text().replace(f"    {layer}\n", ""))

        monkeypatch.setattr(launch, "copy_guest", copy)

    without("filter_system_calls(Filter(seccomp.for_zygote()))")
    with pytest.raises(NoIsolation, match=r"still managed: .*a network socket"):
        Sandbox(LIMITS, mode)
    without("filter_system_calls(filter)")
    with pytest.raises(NoIsolation, match=r"still managed: .*only the zygote"):
        Sandbox(LIMITS, mode)
    if mode == "fallback":  # in full mode there is no foreign file to be seen
        without("landlock(files)")
        with pytest.raises(NoIsolation, match="reading a foreign file"):
            Sandbox(LIMITS, mode)


def test_promise_08_feedback_tells_nothing_hidden(grader: Marker) -> None:
    tells = [
        "print(x)\n    raise ValueError(str(x))",
        "raise type('E' + ''.join(c for c in str(x.max()) if c.isdigit()), (Exception,), {})()",
        "return x",
        "return [str(x.tolist())]",
    ]
    for tell in tells:
        marked = grader.mark(
            read_submission(answered(grader, f"def cumulative_average(x):\n    {tell}\n"), "tell.ipynb"), executed=True
        )
        item = marked.result.item(TARGET)
        assert item.points == 0
        seen = f"{marked.result.to_json()}{item_feedback(item)._repr_html_()}{marked.outputs}"
        assert not HIDDEN.search(seen)
    task = grader.assignment.items[TARGET]
    assert isinstance(task, Task)
    order = [case.public for case in mixed(task.cases)]
    assert order not in (sorted(order), sorted(order, reverse=True))


@pytest.mark.parametrize("end", ["os._exit(0)", "os.abort()", "ctypes.string_at(0)", "f(x)", "next(iter(int, 1))"])
def test_promise_09_a_crash_costs_its_own_task(grader: Marker, end: str) -> None:
    deep = "import ctypes, os, sys\nsys.setrecursionlimit(10 ** 9)\ndef f(x): return f(x)\n"
    assert earned(grader, f"{deep}def cumulative_average(x):\n    {end}\n") == 0


def test_promise_10_one_bad_notebook_never_stops_the_batch(grader: Marker, tiny_course: Course) -> None:
    tiny = Marker(tiny_course.assignment("01_tiny"), grader.sandbox, LIMITS)
    for name, data in damaged(tiny.assignment).items():
        result = tiny.mark(read_submission(data, name)).result
        assert len(result.items) == len(tiny.assignment.items)
        assert bool(result.problems) == (name not in ("in order", "wrong", "byte order mark", "forged marks")), name
        assert tiny.mark(read_submission(as_bytes(solved(tiny.assignment)), "next")).result.points == 9, (
            f"the one after {name}"
        )


def test_the_promises_hold_for_an_ordinary_user(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("These tests are run by an ordinary user already.")
    if shutil.which("unshare") is None:
        pytest.skip("No `unshare` here: run these tests as an ordinary user once.")
    # Number 1000 and no rights beyond it, but for the files that root owns: Python may lie among them.
    ordinary = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*ordinary, "true"], capture_output=True, check=False).returncode:
        pytest.skip("No user namespace can be made here: run these tests as an ordinary user once.")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "promise_", __file__]
    environment = os.environ | {"HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path)}
    run = subprocess.run([*ordinary, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, (run.stdout + run.stderr)[-3000:]
    full = [sys.executable, "-c", "from autograder.sandbox.host.sandbox import Sandbox; Sandbox(mode='full').close()"]
    gives_full = subprocess.run([*ordinary, *full], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert ("skipped" in run.stdout) == bool(gives_full.returncode)
