"""`autograder build`: bring exercises/ up to date, or say where it isn't."""

from __future__ import annotations

from autograder.course.course import Course
from autograder.release import build as release


def build(course: Course, *, only_check: bool) -> int:
    """Write what is out of date; with `only_check` write nothing, and the exit code is 1 if something is."""
    exercises = course.root / "exercises"
    if only_check:
        problems = release.stale(course, exercises)
        for problem in problems:
            print(problem)
        print("Run `autograder build` and commit what it writes." if problems else "exercises/ agrees with solutions/.")
        return 1 if problems else 0
    written = release.build(course, exercises)
    for path in written:
        print(f"wrote {path}")
    if not written:
        print("exercises/ agrees with solutions/; nothing was written.")
    return 0
