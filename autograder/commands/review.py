"""`autograder review`: write the instructor's pages of a class, and say where they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from autograder.class_directory.pseudonyms import FILE as KEY
from autograder.files import writable_for_the_group
from autograder.gradebook.nbgrader_config import read_settings
from autograder.report.terminal import printable
from autograder.review.class_review import review
from autograder.review.pseudonymous import people_of
from autograder.site.build import BuiltSite, build_site
from autograder.site.sources import Sources

NAMED, UNNAMED = "review", "review-pseudonyms"  # where the pages go: those without names must not be taken for others
HIDES = (
    f"Students have pseudonyms; {KEY} tells who is who. Names in code, texts, comments and file names stay, "
    "and who knows somebody's points can tell whose page it is: keep the pages where you keep the class."
)


def review_class(directory: Path, named: Sequence[str], output: Path | None, *, pseudonymous: bool = False) -> int:
    """Write the pages of the named assignments, or of all; with pseudonyms for students where `pseudonymous`. Raises
    ClassError or CourseError."""
    root = directory.resolve()
    shared = read_settings(root).groupshared
    found = review(root, named)
    with writable_for_the_group(shared):
        sources = Sources(root, found, people_of(root, found, pseudonymous=pseudonymous))
        built = build_site(
            sources, output or directory / (UNNAMED if pseudonymous else NAMED), datetime.now(), os.cpu_count() or 1
        )
    print(_text(built, pseudonymous))
    return 0


def _text(built: BuiltSite, pseudonymous: bool) -> str:
    pages = f"{built.pages} page{'' if built.pages == 1 else 's'}"
    lines = [f"{pages} in {printable(str(built.folder))}."]
    if built.removed:
        lines.append(f"Removed as out of date: {', '.join(map(printable, built.removed[:5]))}{_more(built)}.")
    lines += [
        f"Next: open {printable(str(built.folder / 'index.html'))} in a browser. It needs no network.",
        "The pages tell everybody's points: keep them where you keep the class.",
    ]
    if pseudonymous:
        lines[-1] = HIDES
    return "\n".join(lines)


def _more(built: BuiltSite) -> str:
    more = len(built.removed) - 5
    return f" and {more} more" if more > 0 else ""
