"""`autograder new`: make a class directory."""

from __future__ import annotations

import shlex
from pathlib import Path

from autograder.classroom.new_class import new_class
from autograder.course.course import Course
from autograder.gradebook.nbgrader_config import FILE, default_id

ROSTER = "id,first_name,last_name,email"


def new(course: Course, directory: Path, course_id: str | None, exchange: Path | None) -> int:
    """Make the class and say what to do next. Raises ClassError or CourseError."""
    new_class(course, directory, course_id=course_id, exchange=exchange, progress=_say)
    print(
        f"Made the class {directory}, for nbgrader's exchange {course_id or default_id(directory)!r} ({FILE} says so)."
    )
    if exchange and not exchange.is_dir():
        place = shlex.quote(str(exchange.absolute()))
        print(f"The exchange isn't there yet: mkdir -p {place} && chmod ugo+rwx {place}")
    print()
    print(_next_steps(directory, course.names[0], with_exchange=exchange is not None))
    return 0


def _say(step: str) -> None:
    print(f"  {step} ...", flush=True)


def _next_steps(directory: Path, first: str, *, with_exchange: bool) -> str:
    """What to type, from the roster to the feedback."""
    if with_exchange:
        out, back = (f"nbgrader release_assignment {first}", ""), (f"nbgrader collect {first}", "")
        given = f"nbgrader release_feedback {first}"
    else:
        out = (f"# hand out the folder release/{first}", "")
        back = ("autograder collect DOWNLOAD", "a learning platform's; a preview, which --write carries out")
        given = f"# hand back the pages in feedback/STUDENT/{first}/"
    steps = [
        ("nbgrader db student import students.csv", f'columns {ROSTER}; until then names are "None, None"'),
        out,
        back,
        (f"autograder grade {first}", f"a beginning such as {first[:2]} will do; without a name, all assignments"),
        ("jupyter lab", "menu Nbgrader > Formgrader: scores, texts to read, comments"),
        (f"nbgrader generate_feedback {first} --force", "again after any change"),
        (given, ""),
    ]
    width = max(len(command) for command, note in steps if note)
    lines = [f"{command:<{width}}  # {note}" if note else command for command, note in steps]
    return "\n  ".join(["Next", f"cd {shlex.quote(str(directory))}", *lines])
