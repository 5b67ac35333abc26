"""Feedback pages in a zip, named as the platform named what was collected from it."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.class_directory.paths import feedback_folder
from autograder.classroom.grading_run import grade
from autograder.cli import main
from autograder.gradebook.nbgrader_config import read_settings
from tests.classes import TINY, hand_in
from tests.collecting.conftest import collecting  # noqa: F401  # a fixture
from tests.collecting.downloads import Collecting, zipped
from tests.exports.platform_files import MOODLE, written
from tests.nbgrader_commands import nbgrader
from tests.review.conftest import WORDS, give

pytestmark = pytest.mark.slow
FILE = f"{TINY}.ipynb"
PAGE = f"{TINY}.html"


def exported(root: Path, *words: str | Path, code: int = 0) -> dict[str, bytes]:
    """The files of the zip that is written, by their name in it."""
    path = root.parent / "feedback.zip"
    path.unlink(missing_ok=True)
    arguments = ["export", "feedback", TINY, *map(str, words), "--class", str(root), "--output", str(path)]
    assert main(arguments) == code
    if not path.exists():
        return {}
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def with_feedback(root: Path) -> None:
    grade(root, TINY)
    with Gradebook(read_settings(root).db_url) as book:
        students = [student.id for student in book.students]
    for student in students:
        give(root, student, WORDS, manual_score=1.0) if is_graded(root, student) else None
    nbgrader(root, "generate_feedback", TINY)


def is_graded(root: Path, student: str) -> bool:
    return (root / "autograded" / student).is_dir()


def ids_that_canvas_reads(name: str) -> tuple[str, str]:
    """The student's and the file's number, as Canvas's infer_comment_context_from_filename takes them."""
    numbers = [part for part in name.split("_") if part != "LATE" and re.fullmatch(r"\d+", part)]
    return numbers[0], numbers[1]


@pytest.fixture
def from_canvas(collecting: Collecting) -> Path:  # noqa: F811
    files = {
        f"lovelaceada_101_9001_{FILE}": collecting.notebook("Ada"),
        f"smithbob_LATE_102_9002_{TINY}-1.ipynb": collecting.notebook("first Bob"),
        "müllerjörg_104_9004_work.zip": zipped({f"mine/{FILE}": collecting.notebook("Jörg")}),
    }
    collecting.run(collecting.zip("submissions.zip", files), *collecting.roster(), "--write")
    hand_in(collecting.root, "by-hand", collecting.notebook("not from Canvas"))
    with_feedback(collecting.root)
    return collecting.root


def test_canvas_finds_each_page_by_the_numbers_of_its_own_download(
    from_canvas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = exported(from_canvas, "--for", "canvas", code=1)
    assert {ids_that_canvas_reads(name) for name in found} == {("101", "9001"), ("102", "9002"), ("104", "9004")}
    assert all(name.endswith(".html") and "/" not in name for name in found)
    page = feedback_folder(from_canvas, TINY, "alovelace") / PAGE
    assert found[f"lovelaceada_101_9001_{PAGE}"] == page.read_bytes()
    assert "1 is left out: by-hand" in " ".join(capsys.readouterr().out.split())


@pytest.fixture(scope="module")
def moodle_class(fresh_class: Path, good: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two handed in through Moodle, and one by hand; all have feedback."""
    place = tmp_path_factory.mktemp("moodle")
    root = Path(shutil.copytree(fresh_class, place / "class"))
    names = (f"Ada Lovelace_9001_assignsubmission_file_/{FILE}", f"Bob Smith_9002_assignsubmission_file_/{FILE}")
    (place / "submissions.zip").write_bytes(zipped(dict.fromkeys(names, good)))
    assert main(["collect", str(place / "submissions.zip"), "--class", str(root), "--write"]) == 0
    hand_in(root, "ben", good)
    with_feedback(root)
    return root


@pytest.fixture
def from_moodle(moodle_class: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(moodle_class, tmp_path / "class"))


def test_moodle_finds_each_page_by_the_participants_number(from_moodle: Path) -> None:
    found = exported(from_moodle, "--for", "moodle", code=1)
    assert set(found) == {
        f"Ada Lovelace_9001_assignsubmission_file_/{PAGE}",
        f"Bob Smith_9002_assignsubmission_file_/{PAGE}",
    }


def test_a_worksheet_tells_the_numbers_of_what_was_not_collected(from_moodle: Path) -> None:
    with Gradebook(read_settings(from_moodle).db_url) as book:
        book.update_or_create_student("ben", first_name="Ben/_", last_name="Brown", email="ben@example.org")
    rows = [MOODLE[0], *(["Participant 9044", *row[1:]] if "Ben" in row[1] else row for row in MOODLE[1:])]
    sheet = written(from_moodle.parent / "sheet.csv", rows)
    found = exported(from_moodle, "--for", "moodle", "--worksheet", sheet)
    assert f"Ben Brown_9044_assignsubmission_file_/{PAGE}" in found
    assert all(name.count("/") == 1 and name.split("_")[1].isdecimal() for name in found)


def test_for_students_each_folder_has_the_students_id(from_moodle: Path) -> None:
    found = exported(from_moodle)
    assert set(found) == {f"{student}/{PAGE}" for student in ("Ada Lovelace", "Bob Smith", "ben")}


def test_a_page_that_is_missing_or_out_of_date_is_not_handed_out(
    from_moodle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (feedback_folder(from_moodle, TINY, "ben") / PAGE).unlink()
    give(from_moodle, "Bob Smith", WORDS, manual_score=3.0)  # after his page was made
    graded = from_moodle / "autograded" / "Ada Lovelace" / TINY / FILE
    later = (feedback_folder(from_moodle, TINY, "Ada Lovelace") / PAGE).stat().st_mtime + 10
    assert set(exported(from_moodle, code=1)) == {f"Ada Lovelace/{PAGE}"}
    said = " ".join(capsys.readouterr().out.split())
    assert f"1 has no page: ben. `nbgrader generate_feedback {TINY}`" in said
    assert "1 has one that is out of date: Bob Smith" in said
    os.utime(graded, (later, later))
    assert exported(from_moodle, code=2) == {}


FORMULAS = r"""Half: $\frac{1}{2}$, not `$code$`.

$$\sum_i x_i$$

\begin{align} a &= b \end{align}

$\href{javascript:alert(1)}{x}$ $\class{a" onload="alert(2)}{y}$ $\frac{$ $<script>alert(3)</script>$"""


def test_pages_fetch_nothing_and_show_formulas(collecting: Collecting) -> None:  # noqa: F811
    hand_in(collecting.root, "ada", collecting.notebook(FORMULAS))
    with_feedback(collecting.root)
    text = (feedback_folder(collecting.root, TINY, "ada") / PAGE).read_text()
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=[\"']?(https?:)?//", text)
    assert "MathJax" not in text
    answer = text[text.index("Half:") :]
    assert answer.count("<math") >= 3
    assert "<mfrac>" in answer
    assert 'display="block"' in answer
    assert "<code>$code$</code>" in answer
    assert not re.search(r"<[^>]*(javascript:|onload=)|<script>alert", text)
