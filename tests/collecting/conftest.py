"""A class and a folder for downloads."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.course import Course
from tests.collecting.downloads import Collecting


@pytest.fixture
def collecting(root: Path, tmp_path: Path, tiny_course: Course, capsys: pytest.CaptureFixture[str]) -> Collecting:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    return Collecting(root, downloads, capsys, tiny_course)
