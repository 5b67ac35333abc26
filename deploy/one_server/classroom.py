"""What classroom.toml says, for set_up.py, jupyterhub_config.py and a student's nbgrader_config.py."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.prefix) / "bin"


@dataclass(frozen=True)
class Classroom:
    """The names are those of classroom.toml; `course` is the folder from which the class is made."""

    course_id: str
    folder: Path
    address: str
    inner_ports: tuple[int, int]
    instructor_group: str
    student_group: str
    instructors: tuple[str, ...]
    students: tuple[str, ...]
    course: Path = HERE.parents[1]

    @property
    def class_folder(self) -> Path:
        """nbgrader's course directory."""
        return self.folder / "class"

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange."""
        return self.folder / "exchange"

    @property
    def hub_folder(self) -> Path:
        """The hub's database and secrets."""
        return self.folder / "hub"


def read_classroom() -> Classroom:
    """Read the file beside this one. Ends the program with a sentence where it isn't as it has to be."""
    try:
        said = tomllib.loads((HERE / "classroom.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        sys.exit(f"classroom.toml can't be read: {error}.")
    wanted = {field.name for field in fields(Classroom)} - {"course"}
    if said.keys() != wanted:
        sys.exit(f"classroom.toml has to say these, no more and no less: {', '.join(sorted(wanted))}.")
    return Classroom(**said | {"folder": Path(said["folder"])})
