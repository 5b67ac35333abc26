"""The course's questions as they are exported, each form once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from autograder.commands.taking_out.export_questions import FORMS
from autograder.course.course import Course
from tests.exports.asked import assignments

Exported = Callable[[str], bytes]


@pytest.fixture(scope="session")
def exported(course: Course) -> Exported:
    """The file of a form, with all questions of the course and the odd ones."""
    kept: dict[str, bytes] = {}

    def of(form: str) -> bytes:
        if form not in kept:
            kept[form] = FORMS[form][0](course, assignments(course)).content
        return kept[form]

    return of


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip by their paths."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
