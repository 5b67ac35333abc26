"""Where a class's submissions lie, as nbgrader's CourseDirectory has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath

STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"
IGNORE = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")  # nbgrader's own
_STUDENT = "\0"


@dataclass(frozen=True)
class Layout:
    """The settings of c.CourseDirectory that tell where submissions lie. `left_out` are the students of its
    `student_id_exclude`."""

    root: Path
    submitted: str = "submitted"
    structure: str = STRUCTURE
    ignore: tuple[str, ...] = IGNORE
    left_out: tuple[str, ...] = ()

    def folder(self, student: str, assignment: str) -> Path:
        """Where a student's submission of the assignment belongs."""
        names = {"nbgrader_step": self.submitted, "student_id": student, "assignment_id": assignment}
        return self.root / self.structure.format(**names)

    def students(self, assignment: str) -> Path:
        """The folder whose entries stand for the students."""
        parts = self.folder(_STUDENT, assignment).parts
        return Path(*parts[: self._depth(parts)])

    def student_of(self, entry: str, assignment: str) -> str | None:
        """The student whom an entry of `students` stands for; None if it can't stand for one."""
        parts = self.folder(_STUDENT, assignment).parts
        before, _, after = parts[self._depth(parts)].partition(_STUDENT)
        found = re.fullmatch(f"{re.escape(before)}(.+){re.escape(after)}", entry, re.DOTALL)
        return found[1] if found else None

    @property
    def usual(self) -> bool:
        """Whether it is SUBMITTED/STUDENT/ASSIGNMENT."""
        return PurePath(self.structure) == PurePath(STRUCTURE)

    def ignores(self, name: str) -> bool:
        """Whether a file or folder of this name is to be passed over."""
        return any(fnmatch(name, pattern) for pattern in self.ignore)

    def shown(self, path: Path) -> str:
        """A path as it is named to the instructor: from the class's folder on, where it lies in it."""
        return str(path.relative_to(self.root) if path.is_relative_to(self.root) else path)

    @staticmethod
    def _depth(parts: tuple[str, ...]) -> int:
        return next(depth for depth, part in enumerate(parts) if _STUDENT in part)
