"""Students as they are shown: the one place where an id becomes a name, or a pseudonym."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from autograder.gradebook.students import Student
from autograder.report.terminal import printable

_LONGEST = 40  # characters of a file's name, before its digest
_RESERVED = re.compile(r"((con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?|.*-[0-9a-f]{12})\Z")  # Windows' names; our own
_WORD = re.compile(r"[^\W_]+")  # an underscore may stand beside a name, as in ada_homework.ipynb


@dataclass(frozen=True)
class _Name:
    """What a student may be called in a sentence; so many signs stand `before` its first word."""

    text: str
    before: int
    pseudonym: str


@dataclass(frozen=True)
class People:
    """The students of a class: those of the roster, and any other id that turns up. With `pseudonyms` (by id), nothing
    that is made here tells an id or a name of one who has one."""

    roster: Mapping[str, Student]
    pseudonyms: Mapping[str, str] = field(default_factory=dict)

    def name(self, student: str) -> str:
        """What a student is called: the roster's name, else the id."""
        return self._name_of(student) or self._id_of(student)

    def label(self, student: str) -> str:
        """The name, and the id where that is another: two people may have one name."""
        name, id = self._name_of(student), self._id_of(student)
        return f"{name} ({id})" if name and name != id else id

    def slug(self, student: str) -> str:
        """A name for the student's file: of small letters, digits and `.`, `_`, `-`, and no other student's."""
        shown = self.pseudonyms.get(student, student)
        plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode().lower()
        safe = re.sub(r"[^a-z0-9._]+", "-", plain).strip("-._")[:_LONGEST]
        if safe == shown and not _RESERVED.match(safe):
            return safe
        return f"{safe or 'student'}-{hashlib.sha256(shown.encode(errors='surrogatepass')).hexdigest()[:12]}"

    def in_order(self, students: Iterable[str]) -> list[str]:
        """Students as a list of a class has them: by last name, where names are known."""
        return sorted(students, key=self._place)

    def in_text(self, text: str) -> str:
        """A sentence that may name students, as the grader's notes do, with pseudonyms in place of ids and names."""
        shown, end = [], 0
        for word in _WORD.finditer(text) if self.pseudonyms else ():
            for name in self._instead.get(word[0], ()):
                start = word.start() - name.before
                if start >= end and text.startswith(name.text, start) and _ends(text, start + len(name.text)):
                    shown += [text[end:start], name.pseudonym]
                    end = start + len(name.text)
                    break
        return "".join([*shown, text[end:]])

    def _id_of(self, student: str) -> str:
        return printable(self.pseudonyms.get(student, student))

    def _name_of(self, student: str) -> str:
        known = self.roster.get(student)
        if student in self.pseudonyms or known is None:
            return ""
        return " ".join(printable(f"{known.first_name} {known.last_name}").split())

    def _place(self, student: str) -> tuple[str, str, str]:
        known = self.roster.get(student)
        if student in self.pseudonyms or known is None:
            shown = self._id_of(student)
            return (shown.casefold(), "", shown)
        return (known.last_name.casefold() or student.casefold(), known.first_name.casefold(), student)

    @cached_property
    def _instead(self) -> dict[str, list[_Name]]:
        """Each id and name that may stand in a sentence, by its first word, the longest first."""
        found: dict[str, list[_Name]] = {}
        for student, pseudonym in self.pseudonyms.items():
            known = self.roster.get(student, Student(student))
            full = f"{known.first_name} {known.last_name}"
            for text in {student, ascii(student)[1:-1], full.strip(), known.last_name, known.email}:
                first = _WORD.search(text)
                if first:
                    found.setdefault(first[0], []).append(_Name(text, first.start(), pseudonym))
        return {word: sorted(names, key=lambda name: (-len(name.text), name.text)) for word, names in found.items()}


def _ends(text: str, at: int) -> bool:
    """Whether a name that ends here isn't the beginning of a longer word."""
    return not (_WORD.match(text, at) and _WORD.match(text, at - 1))
