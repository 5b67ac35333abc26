"""Where a student works: a folder, and the Jupyter that shows it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.jupyter_servers import JupyterServer, environment, running

Settings = Mapping[str, Mapping[str, object]]
EVERYWHERE: Settings = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # all cells are in the page, not only those in sight
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
PLACES = {"jupyterlab": "lab/tree", "notebook": "notebooks"}


@dataclass(frozen=True)
class Desk:
    """`program` is the front end: jupyterlab, or notebook, which is Notebook 7."""

    program: str
    server: JupyterServer
    folder: Path

    def take(self, files: Mapping[str, bytes]) -> Path:
        """A folder of its own with these files, as a student has it who unpacked a release."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        for name, content in files.items():
            (place / name).write_bytes(content)
        return place

    def address(self, notebook: Path) -> str:
        """Of a notebook, in a front end that has forgotten what was open before."""
        path = f"{PLACES[self.program]}/{notebook.relative_to(self.folder).as_posix()}"
        return f"{self.server.address(path)}&reset"

    @contextmanager
    def set(self, settings: Settings) -> Iterator[None]:
        """With these settings of the front end, by its plugins' names."""
        paths = [
            self.server.home / f"jupyterlab_settings_dir/@jupyterlab/{name}.jupyterlab-settings" for name in settings
        ]
        for path, values in zip(paths, settings.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))
        yield
        for path in paths:
            path.unlink()


@contextmanager
def desk(program: str, home: Path) -> Iterator[Desk]:
    """An empty desk; the server's own files are beside its folder."""
    folder = home / "work"
    folder.mkdir()
    # Matplotlib's list of fonts may take long the first time, and then it says so in a cell's output.
    fonts = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(fonts, env=environment(home), check=True, capture_output=True)
    with running(program, folder, home) as server:
        found = Desk(program, server, folder)
        with found.set(EVERYWHERE):
            yield found
