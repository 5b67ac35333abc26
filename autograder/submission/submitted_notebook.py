"""Read a submitted notebook as hostile data: whatever it holds, a list of cells and a list of problems come back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.files import read_regular
from autograder.submission.heavy_parts import without_heavy_parts

MOST_FILE = 100_000_000  # bytes: nbgrader's own `max_file_size`
MOST_BYTES = 50_000_000  # parsing takes ten times as much: with one emoji, Python keeps 4 bytes for each character
MOST_PARTS = 3_000_000  # brackets and commas, wherever they stand: reading takes a hundred bytes and more for each
MOST_CELLS = 2_000
MOST_SOURCE = 1_000_000  # characters of one cell
VERSION = re.compile(r"([23])\.([0-9]{1,2})(?:\.[0-9]{1,3})?(?:[a-z]{1,2}[0-9]{1,2})?\+?")  # of Python
SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG photo",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive (or an Office document)",
    b"\x1f\x8b": "a gzip archive",
}
# The sentences on a file of which nothing is read: those of `_load`, `_cell_list` and classroom/worker.py.
UNREAD = re.compile(
    r"The file (?:is empty\.|isn't (?:text|valid JSON)|is JSON, but|has (?:more than|too many parts|no list of cells))"
    r"|The file's JSON is nested|This is .*, not a notebook\.\Z|.* can't be read: ",
    re.DOTALL,
)


@dataclass(frozen=True)
class SubmittedCell:
    """A cell as it was handed in. `grade_id` is the nbgrader id it claims, if it is a string."""

    kind: Literal["code", "markdown", "raw"]
    source: str
    grade_id: str | None
    picture: str | None = None


@dataclass(frozen=True)
class Submission:
    """What could be read of the file called `name`; of a file that can't be read, no cells and the sentence why.

    `assignment` is the name that the notebook itself claims, `python` the version (3, 11) that it claims to have been
    saved with.
    """

    name: str
    cells: tuple[SubmittedCell, ...] = ()
    problems: tuple[str, ...] = ()
    assignment: str | None = None
    python: tuple[int, int] | None = None

    def find(self, grade_id: str) -> list[int]:
        """The places of all cells that claim `grade_id`."""
        return [place for place, cell in enumerate(self.cells) if cell.grade_id == grade_id]


def read_submission(data: bytes, name: str) -> Submission:
    """Read the bytes of the file called `name`; never raises."""
    heavy = len(data) > MOST_BYTES or _parts(data) > MOST_PARTS
    loaded = _load(without_heavy_parts(data) if heavy and len(data) <= MOST_FILE else data)
    if isinstance(loaded, str):
        return Submission(name, problems=(loaded,))
    problems = [f"The file has {len(data) / 1e6:.0f} MB; its outputs and widgets were not read."] if heavy else []
    found = _cell_list(loaded, problems)
    if len(found) > MOST_CELLS:
        problems.append(f"It has {len(found):,} cells; only the first {MOST_CELLS:,} are read.")
    cells = [_cell(place, raw, problems) for place, raw in enumerate(found[:MOST_CELLS])]
    claimed = _path(loaded, "metadata", "autograder", "assignment")
    assignment = claimed if isinstance(claimed, str) else None
    read = tuple(cell for cell in cells if cell)
    return Submission(name, read, tuple(problems[:50]), assignment, _python(loaded))


def read_notebook(path: Path, follow: bool = False) -> bytes:
    """The bytes of a notebook, one more than is ever graded at most. Raises OSError; follows a link only if told to."""
    return read_regular(path, MOST_FILE + 1, follow)


def is_unread(problem: str) -> bool:
    """Whether a problem of a submission is that nothing of a file could be read."""
    return UNREAD.match(problem) is not None


def name_of(path: Path) -> str:
    """A file's name; one that is no text in any encoding is made text, since it is written and shown."""
    return path.name.encode("utf-8", "replace").decode()


def _load(data: bytes) -> dict[str, Any] | str:
    """The notebook's JSON, or the sentence that says why there is none."""
    if not data.strip():
        return "The file is empty. Save the notebook and hand it in again."
    for signature, what in SIGNATURES.items():
        if data.startswith(signature):
            return f"This is {what}, not a notebook."
    if len(data) > MOST_BYTES:
        most, what = (MOST_FILE, "") if len(data) > MOST_FILE else (MOST_BYTES, " without its outputs")
        size = f"{most / 1e6:.0f} MB{what}"
        return f"The file has more than {size} and wasn't read. Clear its outputs, save it and hand it in again."
    if _parts(data) > MOST_PARTS:
        return "The file has too many parts to be a notebook. Clear its outputs and save it again."
    text = _text(data)
    if text is None:
        return "The file isn't text in UTF-8, so it isn't a notebook that Jupyter saved."
    try:
        loaded = json.loads(text)
    except RecursionError:
        return "The file's JSON is nested too deeply to be a notebook."
    except ValueError as error:
        position = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        return f"The file isn't valid JSON{position}: it was cut off or edited by hand. Save it again in Jupyter."
    return loaded if isinstance(loaded, dict) else "The file is JSON, but not a notebook."


def _parts(data: bytes) -> int:
    return sum(map(data.count, (b"[", b"{", b",")))


def _text(data: bytes) -> str | None:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _cell_list(loaded: Mapping[str, Any], problems: list[str]) -> Sequence[Any]:
    found = loaded.get("cells")
    if found is None and isinstance(loaded.get("worksheets"), list):
        problems.append(
            "The notebook has the old format 3; its first worksheet is read. Save it again in a newer Jupyter."
        )
        worksheets = loaded["worksheets"]
        found = worksheets[0].get("cells") if worksheets and isinstance(worksheets[0], dict) else None
    if not isinstance(found, list):
        problems.append("The file has no list of cells, so it isn't a notebook.")
        return []
    if not found:
        problems.append("The notebook has no cells.")
    return found


def _cell(place: int, raw: Any, problems: list[str]) -> SubmittedCell | None:
    if not isinstance(raw, dict):
        problems.append(f"Cell {place + 1} isn't a cell; it was left out.")
        return None
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        problems.append(f"Cell {place + 1} has no readable text; it was taken as empty.")
        source = ""
    if len(source) > MOST_SOURCE:
        problems.append(f"Cell {place + 1} has {len(source):,} characters; it was left out.")
        source = ""
    kind: Literal["code", "markdown", "raw"] = "raw"
    if raw.get("cell_type") in ("code", "markdown", "raw"):
        kind = raw["cell_type"]
    else:
        problems.append(f"Cell {place + 1} has an unknown type; it was taken as raw text.")
    grade_id = _path(raw, "metadata", "nbgrader", "grade_id")
    # A lone surrogate is legal in JSON and in no encoding; the notebook must be written and shown again.
    clean = source.encode("utf-8", "replace").decode("utf-8")
    return SubmittedCell(kind, clean, grade_id if isinstance(grade_id, str) else None, _picture(raw))


def _python(loaded: Mapping[str, Any]) -> tuple[int, int] | None:
    language, version = (_path(loaded, "metadata", "language_info", key) for key in ("name", "version"))
    found = VERSION.fullmatch(version) if language == "python" and isinstance(version, str) else None
    return (int(found[1]), int(found[2])) if found else None


def _picture(raw: Mapping[str, Any]) -> str | None:
    """The first PNG among the cell's own outputs, as base64 text, if it is a small one."""
    outputs = raw.get("outputs")
    for output in outputs[:20] if isinstance(outputs, list) else ():
        picture = _path(output, "data", "image/png")
        if isinstance(picture, list) and all(isinstance(line, str) for line in picture):
            picture = "".join(picture)
        if isinstance(picture, str) and picture.startswith("iVBORw0KGgo") and len(picture) < 2_000_000:
            return picture
    return None


def _path(value: Any, *keys: str) -> Any:
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value
