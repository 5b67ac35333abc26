"""The hostile submissions in a class, each between two honest students: nobody is harmed, only scores change.

As in test_forgery.py, plain `pytest` runs a selection, `--long` or FORGERY=long runs all.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from pathlib import Path

import pytest

from autograder.class_directory.frozen_course import class_course
from autograder.classroom.grading_run import grade
from autograder.classroom.new_class import new_class
from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved
from tests.classes import GRADES, hand_in, rows
from tests.forgery.attacks import ATTACKS, long, short

pytestmark = pytest.mark.slow

NOTEBOOKS = sorted({attack.notebook for attack in ATTACKS})
QUICK = {"cell_seconds: 10": "cell_seconds: 1", "call_seconds: 5": "call_seconds: 0.5"}
QUICK |= {"submission_seconds: 60": "submission_seconds: 8", "memory_mb: 512": "memory_mb: 256"}
KEPT = ("course", "source", "release", "submitted", "nbgrader_config.py")
LATER = 1.0  # seconds, for what a submission left running and would act after it was graded


@pytest.fixture(scope="module")
def impatient_class(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of the course with short limits."""
    root = tmp_path_factory.mktemp("impatient") / "class"
    new_class(course, root)
    settings = root / "course" / "solutions" / "course.yaml"
    text = settings.read_text()
    for slow, quick in QUICK.items():
        assert slow in text
        text = text.replace(slow, quick)
    settings.write_text(text)
    return root


@pytest.fixture
def root(impatient_class: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(impatient_class, tmp_path / "class"))


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_between_two_honest_students(request: pytest.FixtureRequest, root: Path, notebook: str) -> None:
    chosen = ATTACKS if long(request.config) else short()
    attacks = {f"s{place:03}": attack for place, attack in enumerate(chosen) if attack.notebook == notebook}
    honest = ["s", *(f"{student}z" for student in attacks)]
    assignment = class_course(root).assignment(notebook)
    for student, attack in attacks.items():
        hand_in(root, student, attack.submission(assignment), assignment=notebook)
    for student in honest:
        hand_in(root, student, as_bytes(solved(assignment)), assignment=notebook)
    before = {place: digest(root / place) for place in KEPT}

    report = grade(root, notebook)

    assert sorted(report.results) == sorted([*attacks, *honest])
    for student in honest:
        found = [item for item in report.results[student].items if item.verdict not in ("correct", "needs_review")]
        assert not found, f"{student}: {found}"
    for student, attack in attacks.items():
        target = report.results[student].item(attack.target)
        assert target.points <= attack.most, f"{attack.id}: {target}"
    assert gradebook(root) == {student: result.points for student, result in report.results.items()}
    time.sleep(LATER)
    assert {place: digest(root / place) for place in KEPT} == before
    again = grade(root, notebook)
    assert (again.graded, again.results) == ((), report.results)


def digest(place: Path) -> str:
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.suffix != ".pyc")
    named = [f"{path.relative_to(place)}".encode() + (path.read_bytes() if path.is_file() else b"/") for path in files]
    return hashlib.sha256(b"\0".join(named)).hexdigest()


def gradebook(root: Path) -> dict[str, float]:
    """The points of each student in nbgrader's database."""
    points: dict[str, float] = {}
    for student, _, auto, *_ in rows(root, GRADES):
        assert isinstance(student, str)
        points[student] = points.get(student, 0.0) + (float(auto) if isinstance(auto, (int, float)) else 0.0)
    return points
