"""Submissions that lie where neither nbgrader nor this grader looks, each with the command that mends it."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from shlex import quote

from autograder.handed_in.layout import Layout
from autograder.handed_in.listing import is_folder, is_regular, made_by_a_machine, quoted, some
from autograder.handed_in.student_name import not_a_student
from autograder.handed_in.which_notebook import MOST_LOOKED_INTO, Sought, is_archive, is_notebook, look_into
from autograder.submission.submitted_notebook import read_notebook

ALIKE = 0.85  # of two names, by difflib
MOST_SHOWN = 10  # sentences on the folders of single students
_DECIDE = "decide which one counts, and move the other away."
_COPY = re.compile(r"^copy of | ?\(\d+\)$|[ _-]+copy ?\d*$")


def misplaced(layout: Layout, sought: Sought) -> list[str]:
    """A sentence for each folder or kind of file below the submitted folder that looks like a submission of the
    assignment and isn't graded for its place."""
    place = layout.students(sought.assignment)
    entries = _entries(place)
    notes = list(_loose(entries, place, layout, sought))
    if layout.usual:
        found = (note for entry in entries if is_folder(entry) for note in _in_folder(entry, layout, sought))
        notes += islice(found, MOST_SHOWN)
    return notes


def meant(name: str, assignments: Iterable[str], loosely: bool = False) -> str | None:
    """The assignment that a folder or file of this name is meant for, if it is like one alone: other capitals or signs,
    "name (1)", a slip of the keyboard; loosely also a part, such as "02" or "cumulative average"."""
    known = {assignment: _letters(assignment) for assignment in assignments}
    letters = _letters(name)
    same = [assignment for assignment, its in known.items() if its == letters]
    near = [assignment for assignment, its in known.items() if SequenceMatcher(None, its, letters).ratio() >= ALIKE]
    part = [its for its in known if loosely and len(letters) > 1 and _is_part(letters, known[its])]
    return next((found[0] for found in (same, near, part) if len(found) == 1), None)


def _letters(name: str) -> str:
    plain = _COPY.sub("", unicodedata.normalize("NFKC", name[:200]).casefold().strip())
    return re.sub(r"[^a-z0-9]", "", plain)


def _is_part(letters: str, whole: str) -> bool:
    return whole.startswith(letters) or (len(letters) > 4 and whole.endswith(letters))


def _in_folder(folder: Path, layout: Layout, sought: Sought) -> Iterator[str]:
    """What is to be said of a folder that ought to be a student's."""
    if os.path.lexists(folder / sought.assignment):
        return
    inside = _entries(folder)
    if for_another := meant(folder.name, sought.course.names):
        if for_another == sought.assignment:
            yield from _exchanged(folder, inside, layout, sought)
        return
    yield from _loose(inside, folder, layout, sought)
    for place in inside:
        if not is_folder(place) or place.name in sought.course.names:
            continue
        here, there = layout.shown(place), layout.shown(folder / sought.assignment)
        if os.path.lexists(place / sought.assignment):
            up = layout.shown(folder.parent)
            yield (
                f"{quoted(here)} was not graded: it looks like a student's folder, one level too deep. "
                f"mv {quote(here)} {quote(up)}/"
            )
        elif meant(place.name, sought.course.names, loosely=True) == sought.assignment or _holds_ours(place, sought):
            yield (
                f"{quoted(here)} was not graded: the folder must be called {sought.assignment}. "
                f"mv {quote(here)} {quote(there)}"
            )


def _exchanged(folder: Path, inside: list[Path], layout: Layout, sought: Sought) -> Iterator[str]:
    """A folder of the assignment that holds the students, where each student's should hold the assignments."""
    students = [place.name for place in inside if is_folder(place)]
    wrong = f"{quoted(layout.shown(folder))} was not graded: the folders of students must hold the assignments, not "
    wrong += "the other way round."
    taken = [name for name in students if os.path.lexists(layout.folder(name, sought.assignment))]
    free = [name for name in students if name not in taken]
    if free:
        move = _move(folder / free[0], layout.folder(free[0], sought.assignment), layout)
        yield f"{wrong} For each of {some([*map(quoted, free)])}: {move}"
    if taken:
        yield f"{wrong} Of {some([*map(quoted, taken)])} there is another in the right place: {_DECIDE}"
    yield from _loose(inside, layout.students(sought.assignment), layout, sought)


def _loose(inside: list[Path], home: Path, layout: Layout, sought: Sought) -> Iterator[str]:
    """Notebooks and archives that lie beside folders. `home` is the folder of their student, or of all students."""
    files = [path for path in inside if is_regular(path)]
    notebooks = [path for path in files if is_notebook(path.name)][:MOST_LOOKED_INTO]
    notebooks = [path for path in notebooks if _may_be_ours(path, sought)]
    if notebooks:
        first = notebooks[0]
        student = home.name if home != layout.students(sought.assignment) else _student_of(first, sought)
        there = layout.folder(student, sought.assignment) / first.name
        mend = _move(first, there, layout)
        if os.path.lexists(there):
            mend = f"{quoted(layout.shown(there))} is there already: {_DECIDE}"
        yield (
            f"{some([quoted(layout.shown(path)) for path in notebooks])} was not graded: a notebook must lie in the "
            f"folder of its student and assignment. {mend}"
        )
    archives = [layout.shown(path) for path in files if is_archive(path.name)]
    if archives:
        yield (
            f"{some([*map(quoted, archives)])} was not looked into: it is an archive. "
            f"autograder collect {' '.join(map(quote, archives[:5]))}"
        )


def _student_of(notebook: Path, sought: Sought) -> str:
    """Whose a notebook is by its name alone, or a word in place of that."""
    name = notebook.name[: notebook.name.casefold().find(".ipynb")]
    return "STUDENT" if meant(name, sought.course.names) or not_a_student(name) else name


def _move(here: Path, there: Path, layout: Layout) -> str:
    folder, source, target = (quote(layout.shown(path)) for path in (there.parent, here, there))
    return f"mkdir -p {folder} && mv {source} {target}"


def _holds_ours(folder: Path, sought: Sought) -> bool:
    notebooks = [path for path in _entries(folder) if is_notebook(path.name) and is_regular(path)]
    return any(_is_ours(path, sought) for path in notebooks[:MOST_LOOKED_INTO])


def _may_be_ours(path: Path, sought: Sought) -> bool:
    """Whether a notebook isn't clearly another assignment's."""
    try:
        data = read_notebook(path)
    except OSError:
        return True
    if sought.claimed_by(data):
        return True
    return sought.another(look_into(path, data, sought).submission) is None


def _is_ours(path: Path, sought: Sought) -> bool:
    try:
        data = read_notebook(path)
    except OSError:
        return False
    return sought.claimed_by(data) or look_into(path, data, sought).ours


def _entries(folder: Path) -> list[Path]:
    """What a folder holds that is no link and no machine's, in a fixed order; nothing where it can't be read."""
    try:
        with os.scandir(folder) as found:
            names = [entry.name for entry in islice(found, 10_000) if not entry.is_symlink()]
    except OSError:
        return []
    return [folder / name for name in sorted(names) if not made_by_a_machine(name)]
