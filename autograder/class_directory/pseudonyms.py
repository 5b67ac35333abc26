"""The key of a class's pseudonyms: pseudonyms.csv, the one file that tells who is who.

It is made when a pseudonym is first needed, and kept: a student has the same pseudonym as long as the file is there.
Pseudonyms are drawn at random, so nobody can work out from one whose it is.
"""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from autograder.class_directory.lock import held
from autograder.class_directory.spreadsheet import csv_text, unsafe
from autograder.errors import ClassError
from autograder.files import write_whole

FILE = "pseudonyms.csv"
HEAD = ["student", "pseudonym"]
# Words that are nobody's name, praise or insult.
_PLACES = """
    alpine arctic autumn azure bronze cedar chalk cobalt copper coral cotton crimson desert eastern evening forest
    garden glass golden granite harbour harvest indigo island lagoon lake lunar maple marble marsh meadow midnight
    morning mountain northern ocean orchard polar prairie river silver snowy solar southern spring steppe summer tidal
    timber topaz tundra turquoise valley velvet western winter woodland
"""
_ANIMALS = """
    avocet badger bison bittern bunting condor cormorant crane curlew dipper dolphin dunlin egret eider falcon finch
    flamingo gecko godwit goldfinch grebe harrier heron hoopoe ibex ibis kestrel kingfisher kite lapwing lark lemur
    lynx nightingale nuthatch oriole osprey otter owl pelican penguin petrel pipit plover puffin redstart sandpiper seal
    skylark sparrow starling stork swallow swan swift tern thrush toucan turtle wagtail warbler waxwing wombat
"""


def pseudonyms(root: Path, students: Collection[str]) -> Mapping[str, str]:
    """The pseudonym of each student whom the key of the class in `root` knows, among them all these, such as
    "copper-heron". Students who are new to the key are added to it. Raises ClassError."""
    with _alone(root):
        known = read_pseudonyms(root)
        new = sorted(set(students) - known.keys())
        if new:
            drawn = _drawn(len(new), {name.casefold() for name in (*known.values(), *known, *new)})
            known |= dict(zip(new, drawn, strict=True))
            _write(root, known)
    return known


def read_pseudonyms(root: Path) -> dict[str, str]:
    """The key as it is: the pseudonym of each student, none where there is no key yet. Raises ClassError for one that
    can't be read or that leaves it open who is who."""
    path = root / FILE
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except FileNotFoundError:
        return {}
    except PermissionError as error:
        raise ClassError(
            f"{path} is readable by {_owner(path)} alone, who has the key: ask for what it says."
        ) from error
    except (OSError, ValueError, csv.Error) as error:
        raise ClassError(f"{path} can't be read: {error}. {_MEND}") from error
    trouble = _trouble(rows)
    if trouble:
        raise ClassError(f"{path} doesn't tell who is who: {trouble}. {_MEND}")
    return {unsafe(student): pseudonym for student, pseudonym in rows[1:]}


def forget_pseudonym(root: Path, student: str) -> bool:
    """Take a student out of the key; returns whether it had one. Raises ClassError."""
    with _alone(root):
        known = read_pseudonyms(root)
        if known.pop(student, None) is None:
            return False
        _write(root, known)
    return True


_MEND = (
    f"Its first line is {','.join(HEAD)}, every other one a student and a pseudonym, each once, with a comma between. "
    "Mend it, or put a copy of yours in its place; without it, new pseudonyms are drawn, and nobody can tell any more "
    "whom pages that were made before mean."
)


def _trouble(rows: list[list[str]]) -> str:
    if not rows or rows[0] != HEAD:
        return "its first line is another one"
    seen: set[str] = set()
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(HEAD) or not all(cell.strip() for cell in row):
            return f"row {line} isn't a student and a pseudonym"
        student, pseudonym = row
        for said in (f"the student {student!r}", f"the pseudonym {pseudonym.casefold()!r}"):
            if said in seen:
                return f"row {line} names {said} for the second time"
            seen.add(said)
    return ""


def _write(root: Path, known: Mapping[str, str]) -> None:
    try:
        write_whole(root / FILE, csv_text([HEAD, *known.items()]), private=True)
    except OSError as error:
        raise ClassError(f"{root / FILE} can't be written: {error.strerror or error}.") from error


def _drawn(many: int, taken: Collection[str]) -> list[str]:
    """So many new pseudonyms, by the machine's randomness; with a number at the end once all pairs are taken."""
    drawn: list[str] = []
    for number in count(1):
        free = [name for name in _pairs("" if number == 1 else f"-{number}") if name not in taken]
        drawn += secrets.SystemRandom().sample(free, min(many - len(drawn), len(free)))
        if len(drawn) == many:
            break
    return drawn


def _pairs(end: str) -> Iterable[str]:
    return (f"{place}-{animal}{end}" for place in _PLACES.split() for animal in _ANIMALS.split())


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Whoever else would write the key waits: two must not draw for the same student."""
    try:
        handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise ClassError(f"{root} can't be opened: {error.strerror or error}.") from error
    with held(handle):
        yield


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, OSError):
        return "its owner"
