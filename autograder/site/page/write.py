"""Write the pages of a site into its folder, each whole, and remove old ones; nothing else is touched."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from autograder.errors import ClassError
from autograder.files import PREFIX, read_regular, remove_leftovers, write_whole
from autograder.site.page.layout import GENERATOR, rendered
from autograder.site.page.records import Frame, Page

_MARK = f'<meta name="generator" content="{GENERATOR}">'.encode()
_HEAD = 400  # bytes, in which the mark stands


def write_page(folder: Path, page: Page, frame: Frame) -> None:
    """Write the page into the site's folder. Raises ClassError where it can't be written."""
    try:
        write_whole(folder / page.path, rendered(page, frame))
    except OSError as error:
        raise ClassError(
            f"{folder / page.path} can't be written: {error.strerror or error}. Mend that, or name another folder with "
            "--output DIR; then run `autograder review` again."
        ) from error


def remove_old_pages(folder: Path, written: Collection[str]) -> list[str]:
    """Remove the pages of an earlier run that aren't among those written; their paths. What isn't a page of a site
    stays. Raises ClassError."""
    found = [path for pattern in ("*.html", "*/*.html") for path in sorted(folder.glob(pattern))]
    old = [path for path in found if path.relative_to(folder).as_posix() not in written and _is_ours(path)]
    try:
        remove_leftovers([*folder.glob(f"{PREFIX}*"), *folder.glob(f"*/{PREFIX}*")])  # of a run that was killed
        for path in old:
            path.unlink()
    except OSError as error:
        raise ClassError(f"{error.filename} is out of date and can't be removed: {error.strerror}.") from error
    return [path.relative_to(folder).as_posix() for path in old]


def _is_ours(path: Path) -> bool:
    try:
        return _MARK in read_regular(path, _HEAD)
    except OSError:
        return False
