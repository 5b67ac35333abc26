"""Which isolation this machine gives: each layer tried for real and told in an administrator's words."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

from autograder.errors import NoIsolation
from autograder.sandbox.guest import confine
from autograder.sandbox.host import launch
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.records import Layer, Mode

KERNEL = Path("/proc/sys")
APPARMOR = KERNEL / "kernel/apparmor_restrict_unprivileged_userns"
CLONE = KERNEL / "kernel/unprivileged_userns_clone"
MOST = KERNEL / "user/max_user_namespaces"

MACHINE = "Grade on Linux 5.13 or newer, on x86-64 or ARM64: a container or WSL2 will do."
LANDLOCK = "Use Linux 5.13 or newer with `landlock` among the kernel's `lsm=`; with Docker, version 23 or newer."
SECCOMP = "Use a kernel with CONFIG_SECCOMP_FILTER, and a container that lets programs install filters."

# Each prints "held" when what must fail does fail.
TRY_LANDLOCK = """
confine.no_new_privileges()
confine.landlock(confine.ruleset([], []))
expect(PermissionError, lambda: os.listdir("/"))
"""
TRY_SECCOMP = """
confine.no_new_privileges()
confine.filter_system_calls(confine.Filter(seccomp.for_zygote()))
expect(PermissionError, socket.socket)
"""
TRY_LIMITS = """
room = 1 << 33
confine.limit(resource.RLIMIT_AS, room)
expect(MemoryError, lambda: bytearray(2 * room))
"""
TRY_NETWORK = """
def connect():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 53))
expect(OSError, connect)
"""
PREAMBLE = """
import os, resource, socket, sys
sys.path.insert(0, {place!r})
from autograder.sandbox.guest import confine, seccomp
def expect(error, attempt):
    try:
        attempt()
    except error:
        print("held")
    else:
        print("What must be refused was allowed.")
"""


def probe() -> list[Layer]:
    """The layers of isolation and what they add up to, each tried for real; takes about 3 seconds."""
    if not confine.supported_platform():
        return [Layer("Linux", False, f"This is {platform.system()} on {platform.machine()}.", MACHINE)]
    version = confine.landlock_version()
    return [
        _layer("File access rules (Landlock)", TRY_LANDLOCK, f"Version {version}.", LANDLOCK),
        _layer("System call filter (seccomp)", TRY_SECCOMP, "A forbidden call was refused.", SECCOMP),
        _layer("Memory and file limits", TRY_LIMITS, "Memory over the limit was refused.", MACHINE),
        *_bubblewrap(),
        _mode("fallback"),
        _mode("full"),
    ]


def _attempt(code: str, wrapper: tuple[str, ...] = ()) -> str:
    """Run `code` in a Python of its own; "" when the layer held, else what was said."""
    place = str(Path(__file__).parents[2])
    script = PREAMBLE.format(place=place) + code
    done = subprocess.run(
        [*wrapper, sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    if done.stdout.strip() == "held":
        return ""
    return (done.stdout + done.stderr).strip()[-300:] or f"It ended with status {done.returncode}."


def _layer(name: str, code: str, detail: str, remedy: str, wrapper: tuple[str, ...] = ()) -> Layer:
    said = _attempt(code, wrapper)
    return Layer(name, not said, said or detail, remedy if said else "")


def _bubblewrap() -> list[Layer]:
    """Bubblewrap's own layers: separate files, processes and users; and no network in there."""
    name, path = "Separate files, processes and users (bubblewrap)", launch.find_bubblewrap()
    if path is None:
        return [Layer(name, False, "bubblewrap is not installed.", "Install your system's package `bubblewrap`.")]
    wrapper = (path, "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--")
    alone = _layer(name, 'print("held")', f"{path} works.", _namespace_remedy(), wrapper)
    if not alone.holds:
        return [alone]
    network = _layer("No network inside", TRY_NETWORK, "A connection was refused.", _namespace_remedy(), wrapper)
    return [alone, network]


def _namespace_remedy() -> str:
    """What most likely keeps an ordinary user from making namespaces here."""
    if _says(APPARMOR, "1") and os.geteuid() != 0:
        return (
            "AppArmor keeps ordinary users from making user namespaces (Ubuntu 23.10 and newer). Install the system's "
            "package `bubblewrap` and give it an AppArmor profile with `userns,` (the package `apparmor-profiles` has "
            "one, `bwrap-userns-restrict`), or: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if _says(CLONE, "0") and os.geteuid() != 0:
        return "Ordinary users may not make user namespaces: sudo sysctl kernel.unprivileged_userns_clone=1"
    if _says(MOST, "0"):
        return "User namespaces are switched off: sudo sysctl user.max_user_namespaces=10000"
    return (
        "Something forbids new namespaces, as a container's default profile does: run on the machine itself, in "
        "Podman, or in Docker with --security-opt seccomp=unconfined --security-opt apparmor=unconfined."
    )


def _says(path: Path, value: str) -> bool:
    return path.exists() and path.read_text().strip() == value


def _mode(mode: Mode) -> Layer:
    what = {"full": "in namespaces of their own", "fallback": "without namespaces"}[mode]
    name = f"Grading in {mode} isolation"
    try:
        Sandbox(mode=mode).close()
    except NoIsolation as error:
        return Layer(name, False, str(error), "See the layers above.")
    return Layer(name, True, f"Confined processes start {what}; what they must not do was refused.", "")
