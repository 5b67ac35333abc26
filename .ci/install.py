"""Install into the Python that runs this, at the versions of constraints.txt, and say how far it is.

    python .ci/install.py --editable '.[dev]'        what stands there goes to pip

On a terminal one line is kept up to date; elsewhere, such as in a log, a line is added now and then.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import time
from pathlib import Path

LOG = Path(sys.prefix) / "pip.log"
INSTALLING = "Installing collected packages: "
SECONDS_BETWEEN_LINES = 10.0
WIDTH = 60  # of the line that is kept up to date


def main(what: list[str]) -> int:
    """Run pip; its exit code is returned, and all that it said is shown if it fails."""
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    started = time.monotonic()
    before = installed()
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen([*pip, "--constraint", "constraints.txt", *what], stdout=log, stderr=log)
    watch(process, before)
    said = LOG.read_text(encoding="utf-8")
    if process.returncode:
        print(said, file=sys.stderr)
        return process.returncode
    count = len(installed() - before)
    print(f"Installed {count} package{'' if count == 1 else 's'} in {time.monotonic() - started:.0f} s.")
    return 0


def watch(process: subprocess.Popen[bytes], before: set[str]) -> None:
    """Show how far pip is until it ends."""
    shown, last = "", time.monotonic()
    while process.poll() is None:
        now = stage(LOG.read_text(encoding="utf-8", errors="replace"), before)
        if now != shown and sys.stdout.isatty():
            print(f"\r{now:<{WIDTH}}", end="", flush=True)
            shown = now
        elif now != shown and time.monotonic() - last > SECONDS_BETWEEN_LINES:
            print(now, flush=True)
            shown, last = now, time.monotonic()
        time.sleep(0.2)
    if sys.stdout.isatty():
        print(f"\r{'':<{WIDTH}}\r", end="")


def stage(said: str, before: set[str]) -> str:
    """How far it is, from what pip said so far."""
    if INSTALLING in said:
        most = said.partition(INSTALLING)[2].partition("\n")[0].count(",") + 1
        return f"  installing: {len(installed() - before)} of {most} packages"
    return f"  looking for packages: {said.count('Collecting ')} found"


def installed() -> set[str]:
    """The packages that are there, by the folders in which pip notes them."""
    return {path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
