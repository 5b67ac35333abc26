"""Read a download, a folder, a zip or an e-mail, as hostile data: what it holds comes back file by file, and nothing of
it is ever written under a name or at a place that it chose.

A zip in a zip is opened once, as students hand in zips. What makes no sense in a download (links, `..`, absolute paths,
passwords, sizes that no class has) is refused with a sentence, and the rest is read.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from autograder.collecting.letter import Letter, read_letter
from autograder.handed_in.listing import is_checkpoint, made_by_a_machine
from autograder.handed_in.student_name import spelled
from autograder.handed_in.which_notebook import is_notebook
from autograder.submission.submitted_notebook import MOST_FILE, read_notebook

MOST_FILES = 50_000  # in a folder or a zip
MOST_FILES_OF_STUDENT = 2_000  # in a zip within a zip
MOST_UNPACKED = 20_000_000_000  # bytes, as a zip declares them; no more than that is ever unpacked
MOST_UNPACKED_OF_STUDENT = 500_000_000
MOST_RATIO = 200  # of a whole zip: text shrinks to a tenth, an empty file of a bomb to a thousandth
HANDED_IN_LETTER = (
    "It is an e-mail that was handed in as a file, and whoever made it chose its sender and its time. "
    "Take the notebook out of it, and collect that."
)
_SMALL = 50_000_000  # bytes unpacked that harm nobody, whatever the ratio
MOST_LETTER = 100_000_000  # bytes; mail servers take a quarter of it
_MOST_DEPTH = 2  # a zip in a zip
_MOST_NAME = 1_000  # characters of a path
# zipfile unpacks all of bzip2 and LZMA at once, whatever size is declared: 14 KB become 20 GB.
_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1  # flags of a zip's entry
_PACKED = re.compile(r"\.(7z|rar|tar|tgz|tar\.\w+|gz|xz|bz2)$", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A file of a download. `place` leads to it, from the download's own name through folders and zips to its name,
    each as NFC; `data` is there for notebooks alone; `letter` is the e-mail that it came with."""

    place: tuple[str, ...]
    data: bytes | None = None
    letter: Letter | None = None


@dataclass(frozen=True)
class Refused:
    """What wasn't read, and the sentence why."""

    place: tuple[str, ...]
    reason: str


def read_download(path: Path, submitted: Path) -> Iterator[Found | Refused]:
    """Everything in a download, in a fixed order, without what machines leave. Of one that lies in the class's
    `submitted` folder, the folders there tell, too. Raises OSError where it isn't there."""
    real = path.resolve()  # whoever typed a link's name means what it leads to
    home = submitted.resolve()
    inside = real.relative_to(home.parent).parts if real.is_relative_to(home) else (real.name,)
    place = tuple(map(spelled_out, inside))
    yield from _folder(real, place) if real.is_dir() else _file(real, place)


def _folder(root: Path, place: tuple[str, ...]) -> Iterator[Found | Refused]:
    looked = 0
    waiting = [(root, place)]
    while waiting:
        folder, at = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: spelled_out(entry.name))
        except OSError as error:
            yield Refused(at, f"The folder can't be read: {error.strerror}.")
            continue
        looked += len(entries)
        if looked > MOST_FILES:
            yield Refused(at, f"There are more than {MOST_FILES:,} files. Collect its folders one by one.")
            return
        folders = []
        for entry in entries:
            inner = (*at, spelled_out(entry.name))
            if _is_machines([entry.name]):
                continue
            if entry.is_symlink():
                yield Refused(inner, "It is a link, and links aren't followed. Copy the file there.")
            elif entry.is_dir(follow_symlinks=False):
                folders.append((Path(entry.path), inner))
            elif entry.is_file(follow_symlinks=False):
                yield from _file(Path(entry.path), inner)
            else:
                yield Refused(inner, "It isn't a file.")
        waiting += reversed(folders)


def _file(path: Path, place: tuple[str, ...]) -> Iterator[Found | Refused]:
    """A file on the disk."""
    try:
        if is_notebook(path.name):
            yield _notebook(place, read_notebook(path), None)
        elif path.suffix.lower() == ".zip":
            with path.open("rb") as file:
                yield from _zip(file, place, 1, None)
        elif path.suffix.lower() == ".eml":
            large = path.stat().st_size > MOST_LETTER
            yield from [_too_large(place, MOST_LETTER)] if large else _letter(path.read_bytes(), place, 1)
        else:
            yield _other(place)
    except OSError as error:
        yield Refused(place, f"It can't be read: {error.strerror}.")


def _zip(file: IO[bytes], place: tuple[str, ...], depth: int, letter: Letter | None) -> Iterator[Found | Refused]:
    if depth > _MOST_DEPTH:
        yield Refused(place, "It is a zip in a zip in a zip. Unpack it and collect the folder.")
        return
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:  # zipfile has many ways to fail on a damaged file
        what = str(error) if isinstance(error, zipfile.BadZipFile) else type(error).__name__
        yield Refused(place, f"It isn't a zip that can be read ({what[:100]}). Download it again.")
        return
    with archive:
        entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
        if problem := _bomb(entries, depth):
            yield Refused(place, problem)
            return
        seen: set[tuple[str, ...]] = set()
        for one in (one for entry in entries for one in _entry(archive, entry, place, depth, letter)):
            if one.place in seen and isinstance(one, Found):
                yield Refused(one.place, "The zip holds two files of this name; only the first is read.")
            else:
                seen.add(one.place)
                yield one


def _bomb(entries: list[zipfile.ZipInfo], depth: int) -> str | None:
    """Why a zip isn't unpacked. zipfile reads no more of an entry than the size that is declared here."""
    files, size = (MOST_FILES, MOST_UNPACKED) if depth == 1 else (MOST_FILES_OF_STUDENT, MOST_UNPACKED_OF_STUDENT)
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > files:
        return f"It isn't unpacked: it holds {len(entries):,} files; at most {files:,} are read."
    if unpacked > size or (unpacked > _SMALL and unpacked > MOST_RATIO * packed):
        return f"It isn't unpacked: it would become {unpacked / 1e6:,.0f} MB, more than notebooks need."
    return None


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: tuple[str, ...], depth: int, letter: Letter | None
) -> Iterator[Found | Refused]:
    name = _name_of(entry)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    inner = (*place, *parts)
    if entry.is_dir() or name.endswith("/") or _is_machines(parts):
        return
    problem = _refusal(entry, name, parts)
    is_book, is_zip, is_letter = is_notebook(name), name.lower().endswith(".zip"), name.lower().endswith(".eml")
    most = MOST_FILE if is_book else MOST_UNPACKED_OF_STUDENT if is_zip else MOST_LETTER
    if problem:
        yield Refused(inner, problem)
    elif not (is_book or is_zip or is_letter):
        yield _other(inner)
    elif is_letter and (letter or depth > 1):
        yield Refused(inner, HANDED_IN_LETTER)
    elif entry.file_size > most:
        yield _too_large(inner, most)
    else:
        try:
            with archive.open(entry) as file:
                data = file.read(entry.file_size)  # without a number, zlib makes up to 2 GB before any are cut off
        except Exception as error:  # damaged, or packed in a way that this Python doesn't know
            yield Refused(inner, f"It can't be unpacked ({type(error).__name__}). Download it again.")
            return
        if is_book:
            yield Found(inner, data, letter)
        elif is_zip:
            yield from _zip(io.BytesIO(data), inner, depth + 1, letter)
        else:
            yield from _letter(data, inner, depth)


def _refusal(entry: zipfile.ZipInfo, name: str, parts: list[str]) -> str | None:
    """What makes an entry one that no platform writes."""
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in parts:
        return "Its path leads out of the zip. No platform makes such a zip: look where it comes from."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "It is a link, and links aren't followed. Hand in the file itself."
    if entry.flag_bits & _ENCRYPTED:
        return "It has a password. Unpack it and collect the folder."
    if entry.compress_type not in _BOUNDED:
        return "It is packed in a way that few programs know. Unpack it and collect the folder."
    if not name.isprintable() or len(name) > _MOST_NAME:
        return "Its name has characters that no file needs, or is far too long. Rename it."
    return None


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The path as it was meant: macOS writes UTF-8 without saying so, old Windows programs write backslashes."""
    name = entry.orig_filename.partition("\0")[0]
    if not entry.flag_bits & _UTF8_NAME:
        with suppress(UnicodeError):  # else it is in the zip's own old encoding, as zipfile read it
            name = name.encode("cp437").decode("utf-8")
    return spelled_out(name.replace("\\", "/"))


def _letter(data: bytes, place: tuple[str, ...], depth: int) -> Iterator[Found | Refused]:
    """The attachments of an e-mail."""
    try:
        letter, attachments = read_letter(data)
    except Exception as error:  # the standard library's parser has many ways to fail on a broken header
        yield Refused(place, f"It isn't an e-mail that can be read ({type(error).__name__}).")
        return
    for name, content in attachments:
        inner = (*place, spelled_out(name))
        if _is_machines([name]):
            continue
        if is_notebook(name):
            yield _notebook(inner, content, letter)
        elif name.lower().endswith(".zip"):
            yield from _zip(io.BytesIO(content), inner, depth + 1, letter)
        else:
            yield Found(inner, letter=letter)
    if not attachments:
        yield Refused(place, "The e-mail has no attachment.")


def _notebook(place: tuple[str, ...], data: bytes, letter: Letter | None) -> Found | Refused:
    return Found(place, data, letter) if len(data) <= MOST_FILE else _too_large(place, MOST_FILE)


def _too_large(place: tuple[str, ...], most: int) -> Refused:
    return Refused(place, f"It has more than {most / 1e6:.0f} MB. Outputs have to be cleared before it is handed in.")


def _other(place: tuple[str, ...]) -> Found | Refused:
    if place[-1].lower().endswith(".msg"):
        return Refused(place, "Outlook's .msg isn't read. Save the e-mail as .eml, or its attachment.")
    if _PACKED.search(place[-1]):
        return Refused(place, "Such archives aren't opened. Unpack it and collect the folder.")
    return Found(place)


def spelled_out(name: str) -> str:
    """One spelling of a name; what is no text in any encoding is made text, since it is shown."""
    return spelled(name.encode("utf-8", "replace").decode())


def _is_machines(parts: Sequence[str]) -> bool:
    """Whether a machine made a file, as one part of its path tells."""
    return any(made_by_a_machine(part) for part in parts if part != "..") or is_checkpoint(Path(*parts))
