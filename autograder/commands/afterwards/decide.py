"""`autograder decide`: drop a question, full marks for all, another due date for one student; list, and undo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.class_directory.frozen_course import class_course
from autograder.class_directory.lock import only_grader
from autograder.course.course import Course
from autograder.decisions.in_force import unknown
from autograder.decisions.record import (
    FILE,
    AnyDecision,
    Drop,
    ExtraTime,
    FullMarks,
    ItemDecision,
    Undone,
    as_time,
    read_decisions,
    write_decisions,
)
from autograder.decisions.who_and_when import now, user_name
from autograder.errors import ClassError
from autograder.files import writable_for_the_group
from autograder.gradebook.nbgrader_config import Settings, read_settings
from autograder.gradebook.standing import read_standing
from autograder.gradebook.students import students_of
from autograder.report.terminal import json_line, printable


@dataclass(frozen=True)
class Deciding:
    """The class that is decided on, and the reason that was given."""

    root: Path
    settings: Settings
    course: Course
    reason: str


def class_of(directory: Path, reason: str) -> Deciding:
    """The class in a directory. Raises ClassError or CourseError where it is none."""
    root = directory.resolve()
    return Deciding(root, read_settings(root), class_course(root), reason)


def decide_item(given: Deciding, effect: str, assignment: str, item: str) -> int:
    """Drop an item, or give full marks for it. Raises ClassError or CourseError."""
    name = given.course.name_of(assignment)
    items = given.course.assignment(name).items
    if item not in items:
        raise ClassError(f"In {name}, {unknown('item', item, items)}")
    kind = Drop if effect == "drop" else FullMarks
    return _add(given, kind(assignment=name, item=item))


def decide_time(given: Deciding, student: str, assignment: str, hours: float | None, until: str | None) -> int:
    """Another due date for a student, who needn't have handed in yet. Raises ClassError or CourseError."""
    name = given.course.name_of(assignment)
    time = None if until is None else _time(until)
    code = _add(given, ExtraTime(assignment=name, student=student, hours=hours, until=time))
    standing = read_standing(given.settings.db_url, name)
    if student not in {one.id for one in students_of(given.settings)}:
        print(
            f"note: the gradebook doesn't know {printable(student)} yet. The id has to be the folder's in submitted/."
        )
    elif student not in standing.extensions:
        print(f"note: {printable(student)} hasn't handed in yet. It holds as soon as what they hand in is graded.")
    return code


def undo(given: Deciding, number: int) -> int:
    """Take a decision back; it stays in the file, as undone. Raises ClassError."""
    with _writing(given):
        found = read_decisions(given.root)
        if not 1 <= number <= len(found):
            raise ClassError(f"There is no decision {number}: `autograder decide list` shows {len(found)}.")
        one = found[number - 1]
        if one.undone:
            raise ClassError(f"Decision {number} is undone already: {_line(number, one)}")
        undone = msgspec.structs.replace(one, undone=Undone(by=user_name(), when=now(), reason=given.reason))
        write_decisions(given.root, (*found[: number - 1], undone, *found[number:]))
    print(f"Undone: {_line(number, undone)}\n{_next(undone)}")
    return 0


def list_decisions(directory: Path, *, as_json: bool) -> int:
    """Print all decisions of a class. Raises ClassError."""
    read_settings(directory)
    for number, one in enumerate(read_decisions(directory), 1):
        record = {"version": 1, "number": number, **msgspec.to_builtins(one)}
        print(json_line(json.dumps(record, ensure_ascii=False)) if as_json else _line(number, one))
    if not as_json and not read_decisions(directory):
        print("Nothing was decided. `autograder decide --help` says what can be.")
    return 0


def _add(given: Deciding, decision: AnyDecision) -> int:
    with _writing(given):
        found = read_decisions(given.root)
        for number, other in enumerate(found, 1):
            if other.undone is None and _on(other) == _on(decision):
                raise ClassError(
                    f"Decided already: {_line(number, other)}. `autograder decide undo {number}` undoes it."
                )
        signed = msgspec.structs.replace(decision, reason=given.reason, by=user_name(), when=now())
        write_decisions(given.root, (*found, signed))
    print(f"Decided: {_line(len(found) + 1, signed)}\n{_next(signed)}")
    return 0


@contextmanager
def _writing(given: Deciding) -> Iterator[None]:
    """For one at a time, and not while the class is graded. Raises ClassError where it can't be written."""
    try:
        with writable_for_the_group(given.settings.groupshared), only_grader(given.root):
            yield
    except OSError as error:
        raise ClassError(f"{given.root / FILE} can't be written: {error.strerror or error}.") from error


def _on(one: AnyDecision) -> tuple[str, str]:
    """What a decision is on: there can be one of each."""
    return one.assignment, one.item if isinstance(one, ItemDecision) else f"student {one.student}"


def _line(number: int, one: AnyDecision) -> str:
    """A decision in words."""
    if isinstance(one, ItemDecision):
        what = f"{one.kind} {one.item} of {one.assignment}"
    else:
        more = f"{one.hours:g} hours more" if one.until is None else f"until {one.until}"
        what = f"{one.student} has {more} for {one.assignment}"
    signed = ", ".join(filter(None, (one.by, one.when)))
    line = f"{number}. {what}" + (f" ({signed})" if signed else "") + (f": {one.reason}" if one.reason else "")
    if one.undone:
        signed = ", ".join(filter(None, (one.undone.by, one.undone.when)))
        line += f" [undone{f' ({signed})' if signed else ''}{f': {one.undone.reason}' if one.undone.reason else ''}]"
    return printable(line)


def _next(one: AnyDecision) -> str:
    command = f"autograder grade {one.assignment}"
    return f"Next: {command} --dry-run shows what would move, {command} applies it. {FILE} keeps it."


def _time(text: str) -> str:
    """A time as the file has it. Raises ClassError."""
    try:
        as_time(text)
    except ValueError as error:
        raise ClassError(f"--until {text!r} is no time such as '2027-03-05 23:59:00 UTC'.") from error
    return text
