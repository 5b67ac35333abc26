"""Whose a file of a download is: by what its platform wrote, else by the folders and names that lead to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.collecting.platforms import Claim, stem_of, without_branch
from autograder.collecting.roster import Roster, problem_of_id
from autograder.gradebook.students import Student

# Names of folders and files that say nothing of a person.
_GENERAL = re.compile(
    r"submi(tted|ssions?)|downloads?|(drive-download|takeout)([- ].*)?|uploads?|"
    r"attachments?|inbox|e?mails?|home(work)?s?|"
    r"assignments?|exercises?|solutions?|notebooks?|untitled.*|new folder.*|archiv(e|es)|autograder|files?",
    re.IGNORECASE,
)
_DRIVE_SUFFIX = re.compile(r"-[0-9]{8}T[0-9]{6}Z(-[0-9]+)*$")  # Google Drive, of a folder that was downloaded as a zip


@dataclass(frozen=True)
class Owner:
    """The student of a file; `is_new`: nobody in the class was known by this id."""

    id: str
    is_new: bool


def owner_of(claim: Claim, roster: Roster, new_students: bool) -> Owner | str:
    """The student whom a platform's words mean, or the sentence why it can't be told. Where the class has no roster,
    or `new_students` says so, whom nobody knows is a new student."""
    found = roster.by_number(claim.number) if claim.number else []
    for text in claim.texts:
        found = found or roster.by_text(text)
    if not found and claim.new_id:
        found = roster.by_text(claim.new_id)
    who = " ".join(filter(None, (*claim.texts, claim.number))) or claim.new_id or "The sender"
    if len(found) > 1:
        return _several(who, found)
    if found:
        return _of_another_number(claim, who, found[0]) or _known(found[0])
    return _new(claim.new_id or who, who, roster, new_students)


def _of_another_number(claim: Claim, who: str, student: Student) -> str | None:
    """Why a student isn't meant by a name: the platform knows that student by another number."""
    if not claim.number or claim.number in (student.lms_user_id, student.id) or not student.lms_user_id:
        return None
    return (
        f"{who} isn't {student.id}, who has the number {student.lms_user_id}. Correct lms_user_id in the roster, or "
        "leave it empty."
    )


def plain_owner(
    place: Sequence[str], shared: set[str], assignments: Sequence[str], roster: Roster, new_students: bool
) -> Owner | str:
    """The same by the names alone that lead to a file; `shared` are those that tell nothing, as all files have them."""
    names = list(_names(place, assignments))
    for text in (*names, stem_of(place[0])):
        found = roster.by_text(text) or roster.by_ending(without_branch(text))
        if len(found) > 1:
            return _several(text, found)
        if found:
            return _known(found[0])
    telling = [name for name in names if name not in shared]
    if not telling:
        return "Its name and its folders don't tell whose it is. Put it into a folder named after the student."
    return _new(telling[0], " or ".join(names), roster, new_students)


def shared_names(places: Sequence[Sequence[str]], assignments: Sequence[str]) -> set[str]:
    """The names that lead to every notebook of a download; none of them, if they are all there is."""
    names = [set(_names(place, assignments)) for place in places]
    shared = set.intersection(*names) if len(names) > 1 else set()
    return shared if any(one - shared for one in names) else set()


def is_assignment(name: str, assignments: Sequence[str]) -> bool:
    """Whether a folder or a file is named after an assignment, in any spelling of it."""
    return _simple(_DRIVE_SUFFIX.sub("", stem_of(name))) in map(_simple, assignments)


def _names(place: Sequence[str], assignments: Sequence[str]) -> Iterator[str]:
    """The parts of a path that may name a person: folders from the outside in, then the file."""
    for folder in place[1:-1]:
        name = _DRIVE_SUFFIX.sub("", stem_of(folder)).strip()
        if not is_assignment(name, assignments) and not _GENERAL.fullmatch(name):
            yield _without(name, assignments)
    for part in stem_of(place[-1]).split(" - "):  # Google Classroom: PERSON - FILE; Google Forms: FILE - PERSON
        rest = _without(stem_of(part), assignments)
        if rest and not _GENERAL.fullmatch(rest):
            yield rest


def _without(name: str, assignments: Sequence[str]) -> str:
    """A name without the assignment's: "ada_02_cumulative_average" is "ada"."""
    for assignment in sorted(assignments, key=len, reverse=True):
        spelt = re.escape(assignment).replace("_", "[-_ ]").replace(r"\-", "[-_ ]")
        name = re.sub(rf"(^|[-_. ]+){spelt}($|[-_. ]+)", " ", name, flags=re.IGNORECASE).strip()
    return name


def _simple(name: str) -> str:
    return re.sub(r"[-_ .]+", "_", name.casefold()).strip("_")


def _several(who: str, found: Sequence[Student]) -> str:
    ids = ", ".join(student.id for student in found[:5])
    return f"{who} may be any of {ids}. Put the file into a folder named after the right one, and collect that folder."


def _known(student: Student) -> Owner | str:
    return problem_of_id(student.id) or Owner(student.id, False)


def _new(id: str, who: str, roster: Roster, new_students: bool) -> Owner | str:
    if roster.is_known and not new_students:
        return f"{who} isn't in the roster. Correct the roster, or take in new students with --new-students."
    return problem_of_id(id) or Owner(id, True)
