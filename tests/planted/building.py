"""Make the class: the course with its bad key, the roster, what is handed in and when, and the grader's results."""

from __future__ import annotations

import fcntl
import json
import random
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.class_directory.frozen_course import class_course
from autograder.classroom.grading_run import ClassReport, grade
from autograder.classroom.new_class import new_class
from autograder.commands.simulated_students import CHEAT
from autograder.course.course import Assignment, Course
from autograder.course.solved_notebook import as_bytes, with_answers
from autograder.course.source_notebook import Json
from autograder.gradebook.nbgrader_config import read_settings
from tests.planted.answers import answers
from tests.planted.class_course import course_with_a_bad_key
from tests.planted.facts import ASSIGNMENTS, DUE, FACTS, ROSTER, STRANGER
from tests.planted.people import Person


def planted_class(course: Course, root: Path) -> Mapping[str, ClassReport]:
    """Make the class in `root`, and grade it; `course` is the real one."""
    new_class(course_with_a_bad_key(course, FACTS.bad_key, root.parent / f"{root.name} course"), root)
    _enrol(root)
    frozen = class_course(root)
    for name in ASSIGNMENTS:
        _hand_in_all(root, frozen.assignment(name))
    return {name: grade(root, name) for name in ASSIGNMENTS}


def made_once(course: Course, shared: Path) -> Path:
    """The class in the folder `shared`; of several processes that ask, the first makes it and the others wait."""
    with (shared / "planted class.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        root, done = shared / "planted" / "class", shared / "planted class is made"
        if not done.exists():
            root.parent.mkdir()
            planted_class(course, root)
            done.touch()
    return root


def _enrol(root: Path) -> None:
    """The roster and the due dates."""
    settings = read_settings(root)
    with Gradebook(settings.db_url, settings.course_id) as book:
        for name, day in DUE.items():
            book.update_or_create_assignment(name, duedate=f"{day} 23:59:00 UTC")
        for one in ROSTER:
            names = {"first_name": one.first_name, "last_name": one.last_name}
            book.update_or_create_student(one.id, **names, email=f"{one.id}@students.example")


def _hand_in_all(root: Path, assignment: Assignment) -> None:
    release = json.loads((root / "release" / assignment.name / f"{assignment.name}.ipynb").read_text("utf-8"))
    for person in (*ROSTER, STRANGER):
        data = _handed_in(person, assignment, release)
        if data is not None:
            folder = root / "submitted" / person.id / assignment.name
            folder.mkdir(parents=True)
            (folder / f"{assignment.name}.ipynb").write_bytes(data)
            (folder / "timestamp.txt").write_text(_time(person, assignment.name), encoding="utf-8")


def _handed_in(person: Person, assignment: Assignment, release: Json) -> bytes | None:
    """The student's file, or None if nothing is handed in."""
    name = assignment.name
    if (person.id, name) in FACTS.missing or (person.id == FACTS.behind and name == ASSIGNMENTS[-1]):
        return None
    if person.id == STRANGER.id and name != ASSIGNMENTS[-1]:
        return None
    if person.id == FACTS.cheat:
        return as_bytes(CHEAT(assignment, release, random.Random(f"{person.id} {name}")))
    data = as_bytes(with_answers(release, answers(person, assignment)))
    return data[: len(data) // 2] if (person.id, name) == FACTS.damaged else data


def _time(person: Person, name: str) -> str:
    """On one of the three days before the end, or in the night after it."""
    chance = random.Random(f"{person.id} {name} hands in")
    due = date.fromisoformat(DUE[name])
    if (person.id, name) in FACTS.late:
        return f"{due + timedelta(days=1)} {chance.randrange(9):02}:{chance.randrange(60):02}:00 UTC"
    return f"{due - timedelta(days=chance.randrange(3))} {chance.randrange(8, 23):02}:{chance.randrange(60):02}:00 UTC"
