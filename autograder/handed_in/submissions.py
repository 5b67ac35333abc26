"""The submissions of an assignment that lie in a class, and a sentence for everything else that looks like one.

The folders are as hostile as the notebooks in them: links are not followed, and of what isn't the notebook nothing is
read but the time in timestamp.txt.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.handed_in.hand_in_time import TIMESTAMP, ExchangeTimes, hand_in_time
from autograder.handed_in.layout import Layout
from autograder.handed_in.listing import files_below, is_checkpoint, quoted, some, where
from autograder.handed_in.misplaced import misplaced
from autograder.handed_in.student_name import not_a_student, spelled
from autograder.handed_in.which_notebook import Choice, Sought, choose, is_archive, is_notebook

SECRET = "submission_secret.txt"  # under its hash `nbgrader release_feedback` hands out
EXPECTED = (TIMESTAMP, SECRET, "check.py", "public.json")
_COLLECT = "`autograder collect DOWNLOAD` puts a download of your learning platform there."


@dataclass(frozen=True)
class HandedIn:
    """One student's folder of one assignment. `notes` are sentences; no `notebook`: there is none to be graded.
    `timestamp` is in UTC, and `nbgraders` is how nbgrader's pages read it here."""

    student: str
    folder: Path
    notebook: Path | None
    notes: tuple[str, ...]
    timestamp: datetime | None
    nbgraders: datetime | None = None


def find_submissions(layout: Layout, sought: Sought, times: ExchangeTimes) -> tuple[list[HandedIn], list[str]]:
    """The submissions of an assignment, by student, and notes on what can't be one or lies in another place."""
    found: list[HandedIn] = []
    notes: list[str] = []
    place = layout.students(sought.assignment)
    for entry in sorted(os.scandir(place), key=lambda entry: entry.name) if place.is_dir() else []:
        try:
            one = _of_student(entry, layout, sought, times)
        except Exception as error:  # whatever lies there, the others are graded
            reason = error.strerror if isinstance(error, OSError) else ascii(error)
            one = f"it can't be read: {reason}."
        if isinstance(one, HandedIn):
            found.append(one)
        elif one:
            notes.append(f"{layout.shown(place)}/{quoted(entry.name)} can't be graded: {one}")
    graded, doubled = _one_each(found, layout)
    notes += [*doubled, *_left_out(graded, layout), *misplaced(layout, sought), *_on_times(graded, times)]
    kept = [one for one in graded if one.student not in layout.left_out]
    return kept, notes if kept else [_nothing(layout, sought.assignment), *notes]


def look_at(folder: Path, student: str, layout: Layout, sought: Sought, times: ExchangeTimes) -> HandedIn:
    """What one student handed in. `folder` is the student's folder of this assignment."""
    files, notes = files_below(folder, layout)
    choice = choose(files, folder, sought)
    others = [where(path, folder) for path in files if _is_odd(path, folder, choice, sought)]
    if others:
        notes.append(f"Other files were handed in and aren't graded: {some(others)}.")
    time = hand_in_time(folder, times)
    said = tuple(filter(None, (*choice.notes, *notes, time.note)))
    return HandedIn(student, folder, choice.notebook, said, time.utc, time.nbgraders)


def _is_odd(path: Path, folder: Path, choice: Choice, sought: Sought) -> bool:
    """Whether a file is to be named as not graded: not what ought to be there, nor what the choice speaks of."""
    spoken_of = choice.notebook is None and (is_notebook(path.name) or is_archive(path.name))
    expected = path.name in EXPECTED or path in (choice.notebook, folder / sought.name)
    return not spoken_of and not expected and not is_checkpoint(path.relative_to(folder))


def _of_student(entry: os.DirEntry[str], layout: Layout, sought: Sought, times: ExchangeTimes) -> HandedIn | str | None:
    """What a student handed in, or why it can't be graded; None if there is nothing of the assignment.

    Raises OSError for a folder that can't be read.
    """
    name = layout.student_of(entry.name, sought.assignment)
    if name is None or entry.name.startswith("."):
        return None
    folder = layout.folder(name, sought.assignment)
    try:
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not layout.usual and not folder.is_dir():
        return None  # a file beside the students' folders, which is told as misplaced
    if entry.is_symlink() or folder.is_symlink():
        return "it is a link, and links aren't followed. Copy the files there."
    os.scandir(folder).close()  # raises where nothing can be read
    return not_a_student(spelled(name)) or look_at(folder, spelled(name), layout, sought, times)


def _one_each(found: list[HandedIn], layout: Layout) -> tuple[list[HandedIn], list[str]]:
    """The submissions of those who have one, and a sentence for each student who has two."""
    by_student: dict[str, list[HandedIn]] = {}
    for one in found:
        by_student.setdefault(one.student, []).append(one)
    notes = [
        f"{some([quoted(layout.shown(one.folder)) for one in several])} are one student's folder in two spellings of "
        "the name. Nothing of them was graded: keep the one that counts."
        for several in by_student.values()
        if len(several) > 1
    ]
    return [several[0] for several in by_student.values() if len(several) == 1], notes


def _left_out(found: list[HandedIn], layout: Layout) -> list[str]:
    names = [quoted(one.student) for one in found if one.student in layout.left_out]
    return [f"Left out, as c.CourseDirectory.student_id_exclude says: {some(names)}."] if names else []


def _on_times(found: list[HandedIn], times: ExchangeTimes) -> list[str]:
    """What to do where nbgrader's pages take a time for another one: they compare it with the gradebook's."""
    names = [quoted(one.student) for one in found if one.timestamp and one.timestamp != one.nbgraders]
    if not names:
        return []
    zone = f"start Jupyter with TZ={times.timezone}, or " if times.timezone != "UTC" else ""
    return [
        f"nbgrader's pages read the times of {some(names)} in another way on this machine, and may list them as not "
        f"graded. What counts as late is right. To mend the pages, {zone}write such times as 2027-03-02 10:00:00 UTC."
    ]


def _nothing(layout: Layout, assignment: str) -> str:
    expected = layout.shown(layout.folder("STUDENT", assignment))
    if not layout.students(assignment).is_dir():
        place = layout.shown(layout.students(assignment))
        return f"Nothing was graded: there is no folder {place}. Submissions are looked for in {expected}/. {_COLLECT}"
    return f"Nothing was graded: no submission was found. They are looked for in {expected}/. {_COLLECT}"
