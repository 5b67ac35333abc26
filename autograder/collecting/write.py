"""Bring what was planned into a class: everything is read and laid ready first, and then put in its place."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.collecting.deliveries import Delivery
from autograder.collecting.download import Found, read_download
from autograder.collecting.kept import Record, folder_of, kept_notebooks, record_path, record_text
from autograder.collecting.plan import Placement
from autograder.errors import ClassError
from autograder.files import remove_leftovers, temporary_name, write_whole
from autograder.handed_in.hand_in_time import TIMESTAMP
from autograder.handed_in.layout import Layout


@dataclass(frozen=True)
class _Ready:
    """A placement whose files lie ready in a folder of the class."""

    placement: Placement
    folder: Path


def write(layout: Layout, downloads: Sequence[Path], placements: Sequence[Placement]) -> None:
    """Write the placements into the class, each whole or not at all, and none before all are laid ready.

    What is replaced is kept below collected/. Raises ClassError where a download changed meanwhile, or the disk is
    full; the class is then as it was. One that is stopped later goes on when it is run again.
    """
    if not placements:
        return
    collected = layout.root / "collected"
    try:
        collected.mkdir(exist_ok=True)
        remove_leftovers(collected.glob(".*"))
        staging = collected / temporary_name()
        staging.mkdir()
        try:
            for ready in _lay_ready(layout, staging, downloads, placements):
                _put(layout, ready)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise ClassError(f"The class can't be written: {error.strerror} ({error.filename}).") from error


def _lay_ready(
    layout: Layout, staging: Path, downloads: Sequence[Path], placements: Sequence[Placement]
) -> list[_Ready]:
    """Each placement's notebook, time and record. Raises ClassError unless all are there as they were planned."""
    wanted = {(placement.delivery.place, placement.delivery.digest): placement for placement in placements}
    ready: list[_Ready] = []
    for found in (one for path in downloads for one in read_download(path, layout.root / layout.submitted)):
        if not isinstance(found, Found) or found.data is None:
            continue
        placement = wanted.pop((found.place, hashlib.sha256(found.data).hexdigest()), None)
        if placement:
            folder = staging / str(len(ready))
            folder.mkdir()
            _fill(folder, placement, found.data)
            ready.append(_Ready(placement, folder))
    if wanted:
        missing = ", ".join("/".join(place) for place, _ in sorted(wanted)[:3])
        raise ClassError(f"The download changed while it was read: {missing}. Nothing was written; run it again.")
    return ready


def _fill(folder: Path, placement: Placement, data: bytes) -> None:
    one = placement.delivery
    time = f"{one.claim.when.isoformat(' ', 'seconds')} UTC" if one.claim.when else None
    record = Record(one.digest, one.place, one.claim.platform, one.claim.late, one.claim.order, time, one.claim.clock)
    (folder / "notebook").write_bytes(data)
    (folder / "record").write_text(record_text(record), encoding="utf-8")
    if time:
        (folder / "time").write_text(f"{time}\n", encoding="utf-8")


def _put(layout: Layout, ready: _Ready) -> None:
    """Move a placement's files to their places. Wherever it is stopped, the student has the old notebook or the new
    one, and none has another one's time."""
    one = ready.placement.delivery
    target = folder_of(layout, one.owner.id, one.assignment)
    record = record_path(layout.root, one.owner.id, one.assignment)
    target.mkdir(parents=True, exist_ok=True)
    record.parent.mkdir(parents=True, exist_ok=True)
    time = target / TIMESTAMP
    if ready.placement.change != "timed":
        new = target / f"{one.assignment}.ipynb"
        old = kept_notebooks(target, one.assignment)[:1]
        _keep(layout.root, one, old)
        time.unlink(missing_ok=True)
        (ready.folder / "notebook").replace(new)
        for path in old:
            if path != new:
                path.unlink()
    if one.claim.when:
        (ready.folder / "time").replace(time)
    (ready.folder / "record").replace(record)


def _keep(root: Path, one: Delivery, notebooks: Sequence[Path]) -> None:
    """Keep what is replaced, under a name that stands for its content."""
    for old in notebooks:
        data = old.read_bytes()
        folder = root / "collected" / one.assignment / "replaced" / one.owner.id
        write_whole(folder / f"{hashlib.sha256(data).hexdigest()[:12]}.ipynb", data)
