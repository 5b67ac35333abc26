"""The names of students' folders, which nbgrader takes for their ids: which can be one, and which are one person's."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from shlex import quote

from autograder.handed_in.layout import Layout
from autograder.handed_in.listing import made_by_a_machine, quoted

MOST_NAME = 128  # nbgrader's column
MOST_BYTES = 255 - len(".json")  # of a file's name: the result has the student's
_FORBIDDEN = set('/\\*?[]{}"<>|\0')


@dataclass(frozen=True)
class Enrolled:
    """A student of the gradebook: `names` are others that the roster knows them by, such as "Ada Lovelace"."""

    id: str
    names: tuple[str, ...] = ()


def spelled(name: str) -> str:
    """The one spelling of a name that can be encoded in two ways: "é" as one character (NFC), not as e and an accent,
    which is how macOS writes it into archives."""
    return unicodedata.normalize("NFC", name)


def not_a_student(name: str) -> str | None:
    """Why nbgrader can't take the name as a student's id; None if it can."""
    if not name.isprintable() or name != name.strip() or not _FORBIDDEN.isdisjoint(name):
        return "its name has characters that nbgrader can't take in a student's id. Rename the folder."
    if len(name) > MOST_NAME:
        return f"its name is longer than the {MOST_NAME} characters of a student's id. Rename the folder."
    if len(os.fsencode(name)) > MOST_BYTES:
        return f"its name is longer than {MOST_BYTES} bytes. Rename the folder."
    return None


def settle_spellings(layout: Layout, assignment: str) -> list[str]:
    """Rename the folders of students that aren't spelled as `spelled` has it, since nbgrader would take one name in two
    spellings for two students; returns a sentence for each. What can't be renamed stays as it is."""
    notes: list[str] = []
    place = layout.students(assignment)
    for name in sorted(path.name for path in place.iterdir()) if place.is_dir() else []:
        student = layout.student_of(name, assignment)
        if student is None or student == spelled(student) or made_by_a_machine(name):
            continue
        here, there = layout.folder(student, assignment), layout.folder(spelled(student), assignment)
        if layout.usual and not here.parent.is_symlink() and not os.path.lexists(there.parent):
            here, there = here.parent, there.parent  # with all its other assignments
        if here.is_dir() and not here.is_symlink() and not os.path.lexists(there):
            try:
                there.parent.mkdir(parents=True, exist_ok=True)
                here.rename(there)
            except OSError:
                continue
            notes.append(
                f"{layout.submitted}/{quoted(name)} was renamed: {quoted(spelled(name))} is how nbgrader knows the "
                "student; archives of macOS spell the name in another way."
            )
    return notes


def notes_on_doubles(
    layout: Layout, assignment: str, students: Iterable[str], enrolled: Iterable[Enrolled]
) -> list[str]:
    """A sentence for each student who handed in and who may be another one of the class, or of the gradebook."""
    handed_in = sorted(set(students))
    known = {one.id: one for one in enrolled}
    alike: dict[str, set[str]] = defaultdict(set)
    for name in {*handed_in, *known}:
        alike[_loosely(name)].add(name)
    named = {loosely: one.id for one in known.values() for name in one.names if (loosely := _loosely(name))}
    notes: list[str] = []
    for name in handed_in:
        others = sorted(alike[_loosely(name)] - {name})
        by_name = named.get(_loosely(name))
        other = by_name if by_name not in (None, name) else next(iter(others), None)
        if other is None or (other in handed_in and name > other and not by_name):
            continue
        notes.append(
            f"{quoted(name)} and {quoted(other)} may be one student, and nbgrader counts them as two. If they are one, "
            f"{_under_one_name(name, other, layout, assignment, other in handed_in, known)}"
        )
    return notes


def _under_one_name(
    name: str, other: str, layout: Layout, assignment: str, both: bool, known: Mapping[str, Enrolled]
) -> str:
    if both:
        return "move away what doesn't count."
    if name in known and known[name].names and not known[other].names:
        return f"{quoted(other)} is left over in the gradebook: nbgrader db student remove {quote(other)} --force"
    here, there = layout.folder(name, assignment), layout.folder(other, assignment)
    folder, source, target = (quote(layout.shown(path)) for path in (there.parent, here, there))
    return f"mkdir -p {folder} && mv {source} {target}"


def _loosely(name: str) -> str:
    """What the spellings of one person's name have in common, whatever capitals, spaces, hyphens and dots are in it."""
    words = re.split(r"[\s_.,-]+", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(sorted(filter(None, words)))
