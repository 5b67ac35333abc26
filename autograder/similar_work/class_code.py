"""The code of a class's students, assignment by assignment and over the term, and who has how much in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from autograder.course.notebook_py import read_percent
from autograder.report.work import Work
from autograder.similarity.common_code import Bits, CommonCode, Numbers, common_code, tokens_of
from autograder.similarity.likeness import ClassLikeness, likeness
from autograder.submission.released_cells import SOLUTION, plain_text


@dataclass(frozen=True)
class CourseCode:
    """The code of an assignment's course, by cell or file: what is `given` to students, the `references`, and the other
    right and wrong programs that are `known`."""

    given: tuple[str, ...]
    references: tuple[str, ...]
    known: tuple[str, ...]

    def own_cells(self, work: Work) -> tuple[tuple[str | None, str], ...]:
        """The code cells of a notebook that aren't the course's, with the ids of those that have one."""
        cells = ((cell.grade_id, cell.source) for cell in work.cells if cell.kind == "code")
        return tuple((id, source) for id, source in cells if plain_text(source) not in self._handed_out)

    @cached_property
    def _handed_out(self) -> frozenset[str]:
        return frozenset(plain_text(text) for text in (*self.given, ""))


@dataclass(frozen=True)
class AlikeCode:
    """How alike the code of students is in one assignment, or in all. `common` has the runs that count."""

    found: ClassLikeness
    common: CommonCode


def course_code(folder: Path) -> tuple[CourseCode, frozenset[str]]:
    """The code of an assignment in its folder of a course, and the texts of its other cells. Nothing in it is run."""
    cells = read_percent((folder / "notebook.py").read_text("utf-8"))
    code = [cell for cell in cells if cell.kind == "code"]
    files = tuple(path.read_text("utf-8") for path in sorted((folder / "tasks").glob("*.py")))
    given = tuple(SOLUTION.sub("", cell.source) for cell in code)
    references = tuple(cell.source for cell in code if "task" in cell.options)
    return CourseCode(given, references, files), frozenset(
        cell.source.strip() for cell in cells if cell.kind == "markdown"
    )


def alike_code(students: Sequence[str], notebooks: Sequence[Numbers], course: CourseCode) -> AlikeCode:
    """How alike the students' notebooks of one assignment are, given as `tokens_of` their own cells."""
    expected = [tokens_of([text]) for text in (*course.given, *course.references)]
    known = [tokens_of([text]) for text in course.known]
    common = common_code(notebooks, expected, known)
    return AlikeCode(likeness(students, common.bits, common.own), common)


def alike_in_all(students: Sequence[str], assignments: Iterable[tuple[Sequence[str], CommonCode]]) -> ClassLikeness:
    """The same over several assignments, each with its own students: what two have in common adds up."""
    places: Mapping[str, int] = {student: place for place, student in enumerate(students)}
    bits: Bits = np.zeros((len(students), len(students)))
    own: Bits = np.zeros(len(students))
    for some, common in assignments:
        at = [places[student] for student in some]
        bits[np.ix_(at, at)] += common.bits
        own[at] += common.own
    return likeness(students, bits, own)
