"""Looking for answers where a careless grader leaves them; hidden inputs carried out to where a student can read them."""

from autograder.course.source_notebook import Json
from tests.forgery.attack import AVERAGE, CHILD, MEAN, UPDATE, Attack, answer, doing

FRAMES = """
import sys
frame = sys._getframe()
while frame is not None:
    for scope in (frame.f_locals, frame.f_globals):
        for name, value in list(scope.items()):
            if name in ("expected", "reference", "solution", "namespace") or "grading" in str(name):
                return value
    frame = frame.f_back
"""
OBJECTS = """
import gc
gc.unfreeze()  # what was there before the fork is hidden from the collector
for found in gc.get_objects():
    for value in (found.values() if type(found) is dict else found if type(found) is list else ()):
        if type(value) is np.ndarray and value.shape == x.shape and value is not x:
            return value
"""
REFERRERS = """
import gc
for holder in gc.get_referrers(x):
    for other in gc.get_referents(holder):
        if type(other) is np.ndarray and other is not x and other.shape == x.shape:
            return other
"""
WALK = """
import os
for root in (".", "..", "/", "/home", "/tmp", "/srv", "/proc/self/cwd", os.path.expanduser("~")):
    for place, _, names in os.walk(root):
        for name in names:
            if name in ("cumulative_average.py", "tasks.py", "notebook.py", "public.json", "check.py", "gradebook.db", "nbgrader_config.py"):
                exec(open(os.path.join(place, name)).read(), globals())
                return globals()["cumulative_average"](x)
        if place.count("/") > 4: break
"""
HISTORY = """
for name in ("In", "Out", "_", "__", "_ih", "_oh", "_i", "_1"):
    value = globals().get(name)
    if type(value) is np.ndarray and value.shape == x.shape: return value
import sys, os
for text in (*sys.argv, *sys.orig_argv, *os.environ.values()):
    if "expected" in text or "solution" in text: return eval(text)
"""
PROC = """
import os
for path in ("/proc/self/environ", "/proc/1/environ", "/proc/self/cmdline", "/proc/%d/environ" % os.getppid(),
             "/proc/self/maps", "/proc/self/fd/3", "/proc/self/root" "/etc/passwd", "/proc/self/mem"):
    try: data = open(path, "rb").read(1000)
    except OSError: continue
    return np.frombuffer(data[: x.size * 8]).reshape(x.shape)
"""
NEIGHBOURS = """
import os, glob
for pattern in ("/tmp/*/*", "../*/*.ipynb", "/**/submitted/*/*/*.ipynb", "/**/gradebook.db", "/tmp/autograder-*/*"):
    for path in glob.glob(pattern, recursive=False):
        try: found = open(path, "rb").read(16)
        except OSError: continue
        return np.zeros(x.shape) + len(found)
"""
LINKS = """
import os
for target in ("/etc/passwd", "/home", "/proc/1/root", "/dev/mem", "/dev/kmsg", "/dev/fd/3"):
    for act in (os.symlink, os.link):
        try: act(target, "way-out"); return np.zeros(x.shape) + len(open("way-out").read())
        except (OSError, RuntimeError): pass
"""
PLANT = """
import os, sys
text = "def allclose(*a, **k): return True\\ndef cumsum(*a, **k): return 0\\n"
for path in ("numpy.py", "../numpy.py", "check.py", "sitecustomize.py", os.path.dirname(np.__file__) + "/extra.py",
             "/guest/autograder/plain.py", os.path.expanduser("~/.ipython/profile_default/startup/00.py"),
             "/tmp/profile_default/startup/00.py", sys.prefix + "/lib/sitecustomize.py"):
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        open(path, "w").write(text)
    except OSError: pass
sys.path.insert(0, os.getcwd())
"""
GUEST = "import sys\nsys.path.append('/guest')\n" + CHILD

SEARCHES = tuple(
    Attack("leftovers", name, source)
    for name, source in {
        "the frames of the caller": doing(FRAMES),
        "every object in memory": doing(OBJECTS),
        "what refers to the argument": doing(REFERRERS),
        "the file system": doing(WALK),
        "history, arguments and environment": doing(HISTORY),
        "the process table": doing(PROC),
        "other submissions and the gradebook": doing(NEIGHBOURS),
        "symbolic and hard links": doing(LINKS),
        "modules planted for later": doing(PLANT),
        "the grader's own modules": doing(
            "try: import autograder.marking.verdict, autograder.course.course\nexcept ImportError: return x * 0", GUEST
        ),
        "the course's solution by name": doing(
            "import importlib\nfor name in ('solutions', 'tasks', 'notebook'):\n"
            "    try: return importlib.import_module(name).cumulative_average(x)\n    except ImportError: pass"
        ),
        "the host's process by number": doing(
            "import os\nfor n in range(1, 50):\n    try: os.kill(n, 0); return x\n    except (OSError, RuntimeError): pass"
        ),
    }.items()
)

KEEP = "seen = []\ndef cumulative_average(x):\n    seen.append(x + 0.0)\n"
STEAL = {
    "printed": KEEP + "    print(np.array2string(seen[-1]))\n    return x * 0.0\n",
    "as the text of an exception": KEEP + "    raise ValueError(repr([s[:3].tolist() for s in seen]))\n",
    "as the class of an exception": KEEP + "    raise type('E' + str(seen[-1].flat[0])[:3], (Exception,), {})()\n",
    "returned for another case": KEEP + "    return seen[-2] if len(seen) > 1 else x * 0\n",
    "shown by the object": KEEP
    + "    class Shown:\n        def __repr__(self): return str(seen)\n    return Shown()\n",
    "as a string": KEEP + "    return str(seen)[:9000]\n",
    "as a warning": KEEP + "    import warnings; warnings.warn(str(seen))\n    return x * 0.0\n",
    "by the name of the result's class": KEEP + "    return type(str(seen)[:90], (), {})()\n",
}
STOLEN = tuple(Attack("stolen inputs", name, source) for name, source in STEAL.items())


def _average_that_keeps(notebook: Json) -> None:
    answer(notebook, AVERAGE)["source"] = KEEP + "    return x * 0.0\n"


LATER = (
    Attack("stolen inputs", "printed by a later cell", KEEP + "    return x * 0.0\n",
           after=("print(seen)\ndisplay(seen)\nseen", "raise ValueError(str(seen))")),
    Attack("stolen inputs", "written to a file for the second run",
           KEEP + "    open('seen.txt', 'a').write(repr(seen))\n    return x * 0.0\n",
           before=("import os\nprint(open('seen.txt').read() if os.path.exists('seen.txt') else 'none')",)),
    Attack("stolen inputs", "kept in the environment and in modules",
           KEEP + "    import os, sys; os.environ['SEEN'] = sys.seen = str(seen)\n    return x * 0.0\n",
           before=("import os, sys\nprint(os.environ.get('SEEN'), getattr(sys, 'seen', None))",)),
    Attack("stolen inputs", "as a doc string, a line and a cell's own output",
           KEEP + "    cumulative_average.__doc__ = str(seen)\n    return x * 0.0\n",
           after=("print(cumulative_average.__doc__)", "%%latex\n$\\\\frac12$")),
    Attack("stolen inputs", "through another task's answers",
           "def cumavg_update(mem, x, i):\n    print(seen)\n    return np.array(seen[-1]).ravel() if seen else x\n",
           target=UPDATE, most=0.5, confined=False, before=("seen = []",), after=(
               KEEP.replace("seen = []\n", "") + "    return x * 0.0\n",)),
    # A cell below a check has met hidden inputs, and the line where it fails is told.
    Attack("stolen inputs", "as the line where a later cell fails",
           "def fail(line):\n    exec(compile('\\n' * (line - 1) + '1 / 0', '<ipython-input-9>', 'exec'))\n"
           "if 'seen' in globals():\n    fail(int(max(abs(s).max() for s in seen)))\n" + "#\n" * 20_000,
           target=UPDATE, confined=False, change=_average_that_keeps),
    Attack("stolen inputs", "as attributes of an object",
           "class RunningMean:\n    def __init__(self): self.seen = []\n"
           "    def update(self, x): self.seen.append(x); print(self.seen); return x\n"
           "    @property\n    def mean(self): raise ValueError(str(self.seen))\n    def merge(self, other): return self\n",
           target=MEAN, most=0.5),
)  # fmt: skip

ATTACKS = SEARCHES + STOLEN + LATER
