"""What a class keeps of a student, and where: what `forget` deletes, and what it can only name."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.class_directory.frozen_course import class_course
from autograder.class_directory.pseudonyms import FILE as KEY
from autograder.class_directory.pseudonyms import read_pseudonyms
from autograder.decisions.record import FILE as DECISIONS
from autograder.decisions.record import AnyDecision, ExtraTime, read_decisions
from autograder.forgetting.gradebook_rows import rows_of
from autograder.gradebook.nbgrader_config import Settings
from autograder.gradebook.students import Student, students_of
from autograder.handed_in.student_name import spelled

PAGES = ("review", "review-pseudonyms")  # where `autograder review` writes: the whole class is on many a page
_OF_THE_COURSE = ("course", "source", "release", ".git")
_STEPS = ("autograded", "feedback")
_BY_ASSIGNMENT = ("results", "collected")  # a file NAME.json for each student
_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Traces:
    """What is kept of a student. `folders` and `files` are the student's own; `entries` counts what names the student
    in a file that others are in, too; `rows` the gradebook's; `pages`: those of the whole class, where they are.
    `named_in` are files that name the student and that `forget` doesn't understand; `outside`, sentences on what it
    doesn't reach."""

    student: Student
    folders: tuple[Path, ...]
    files: tuple[Path, ...]
    entries: dict[Path, int]
    rows: dict[str, int]
    in_key: bool
    pages: tuple[Path, ...]
    named_in: tuple[Path, ...]
    outside: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether there is something of the student to delete."""
        return bool(self.folders or self.files or self.entries or self.rows or self.in_key)


def traces_of(root: Path, settings: Settings, student: str) -> Traces:
    """What the class in `root` keeps of a student, by the id. Raises ClassError or CourseError."""
    known = next((one for one in students_of(settings) if one.id == student), Student(student))
    folders = tuple(_folders(root, settings, student))
    files = tuple(path for place in _BY_ASSIGNMENT for path in sorted(_entries(root / place, "*/*.json", student)))
    entries = {path: count for path in shared_records(root) if (count := without_student(_read(path), student)[1])}
    decided = len(read_decisions(root)) - len(decisions_without(root, student))
    entries |= {root / DECISIONS: decided} if decided else {}
    pages = tuple(root / name for name in PAGES if (root / name).is_dir())
    skipped = {*folders, *files, *entries, *pages, root / KEY}
    skipped |= {Path(settings.db_url.removeprefix("sqlite:///"))} if settings.db_url.startswith("sqlite") else set()
    return Traces(
        known,
        folders,
        files,
        entries,
        rows_of(settings, student),
        student in read_pseudonyms(root),
        pages,
        tuple(_named_in(root, settings, known, skipped)),
        tuple(_outside(root, settings, student)),
    )


def decisions_without(root: Path, student: str) -> tuple[AnyDecision, ...]:
    """The class's decisions but for those on the student alone. Raises ClassError."""
    return tuple(one for one in read_decisions(root) if not isinstance(one, ExtraTime) or one.student != student)


def shared_records(root: Path) -> list[Path]:
    """The JSON files of a class that many students are in: stamps, histories."""
    found = (path for path in (root / "results").rglob("*.json") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if not _is_a_result(root, path))


def without_student(document: Any, student: str) -> tuple[Any, int]:
    """A JSON document without what stands in it for the student, and how many such things there were: values under the
    id, lists' elements that are the id or have it as their `student`."""
    if isinstance(document, dict):
        kept = {key: without_student(value, student) for key, value in document.items() if key != student}
        gone = len(document) - len(kept)
        return {key: value for key, (value, _) in kept.items()}, gone + sum(count for _, count in kept.values())
    if isinstance(document, list):
        rest = [without_student(one, student) for one in document if not _means(one, student)]
        return [one for one, _ in rest], len(document) - len(rest) + sum(count for _, count in rest)
    return document, 0


def _means(one: Any, student: str) -> bool:
    return one == student or (isinstance(one, dict) and one.get("student") == student)


def _is_a_result(root: Path, path: Path) -> bool:
    """Whether it is results/ASSIGNMENT/STUDENT.json: one student's own."""
    return (root / "results" / f"{path.parent.name}.graded.json").is_file() and path.parent.parent == root / "results"


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _folders(root: Path, settings: Settings, student: str) -> Iterator[Path]:
    """The student's folders, in any spelling of the id; a whole one where only the student's are in it."""
    steps = [replace(settings.layout, submitted=step) for step in (settings.layout.submitted, *_STEPS)]
    if settings.layout.usual:
        for step in steps:
            yield from sorted(_entries(settings.layout.root / step.submitted, "*", student))
        return
    for step in steps:
        for assignment in class_course(root).names:
            place = step.students(assignment)
            names = [path.name for path in place.iterdir()] if place.is_dir() else []
            found = (step.student_of(name, assignment) for name in sorted(names))
            yield from (step.folder(one, assignment) for one in found if one is not None and spelled(one) == student)


def _entries(folder: Path, pattern: str, student: str) -> Iterator[Path]:
    """The entries of a folder that are named after the student, with or without .json."""
    suffix = Path(pattern).suffix
    return (path for path in folder.glob(pattern) if spelled(path.name.removesuffix(suffix)) == student)


def _named_in(root: Path, settings: Settings, student: Student, skipped: set[Path]) -> Iterator[Path]:
    """Other files of the class that name the student by id, by both names or by e-mail. What others handed in isn't
    looked at."""
    steps = {settings.layout.root / step for step in (settings.layout.submitted, *_STEPS)}
    skipped |= steps | {root / name for name in _OF_THE_COURSE}
    names = _pattern(student)
    for folder, below, files in os.walk(root):
        here = Path(folder)
        below[:] = sorted(name for name in below if here / name not in skipped)
        for path in (here / name for name in sorted(files)):
            if path in skipped or path.is_symlink() or _is_a_result(root, path):
                continue
            if names.search(os.fsencode(path.relative_to(root))) or names.search(_start(path)):
                yield path


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError:
        return b""


def _pattern(student: Student) -> re.Pattern[bytes]:
    """The student's id, full name and address as whole words, as they stand in texts, in JSON, in HTML and in URLs."""
    full = [student.first_name, student.last_name] if student.first_name and student.last_name else []
    texts = {student.id, student.email, " ".join(full), ", ".join(reversed(full))} - {""}
    forms = {form for text in texts for form in (text, json.dumps(text)[1:-1], html.escape(text), quote(text))}
    words = b"|".join(re.escape(form.encode()) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rb"(?<![0-9A-Za-z_\x80-\xff])(?:" + words + rb")(?![0-9A-Za-z_\x80-\xff])")


def _outside(root: Path, settings: Settings, student: str) -> Iterator[str]:
    exchange = Path(str(settings.config.Exchange.get("root") or "/srv/nbgrader/exchange"))
    inbound = exchange / settings.course_id / "inbound"
    found = _inbound(inbound, student)
    if found:
        shown = ", ".join(map(str, found[:3])) + (", ..." if len(found) > 3 else "")
        yield f"nbgrader's exchange, where {len(found)} of the student's submissions lie: {shown}"
    else:
        yield f"nbgrader's exchange; nothing of the student was found in {inbound}"
    history = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if history:
        yield f"the git repository {history}, whose history keeps what was committed"
    if not settings.db_url.startswith("sqlite"):
        yield "backups and logs of the database's server"
    yield "the downloads that you collected from, and what you exported or handed on: pages, tables, feedback"
    yield "backups, e-mails, the learning platform, the student's own copies"


def _inbound(place: Path, student: str) -> list[Path]:
    try:
        return sorted(path for path in place.iterdir() if spelled(path.name.partition("+")[0]) == student)
    except OSError:
        return []


def near(names: Iterable[str], student: str) -> list[str]:
    """Ids that look like the one that nobody has."""
    from difflib import get_close_matches

    return get_close_matches(student, list(names), n=3)
