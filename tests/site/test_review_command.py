"""`autograder review`: what it writes, removes and leaves, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.files import PREFIX
from autograder.gradebook.nbgrader_config import FILE, read_settings
from autograder.site.build import WORTH_WORKERS
from tests.classes import TINY
from tests.review.conftest import ODD
from tests.site.conftest import build

pytestmark = pytest.mark.slow
Capture = pytest.CaptureFixture[str]


def test_it_says_where_the_pages_are_and_what_to_do_next(term: Path, capsys: Capture) -> None:
    pages = len(build(term).paths)
    said = capsys.readouterr().out
    assert f"{pages} pages in {term / 'review'}." in said
    assert f"Next: open {term / 'review' / 'index.html'}" in said


def test_pages_of_students_who_are_gone_are_removed_and_nothing_else(term: Path, capsys: Capture) -> None:
    site = build(term)
    own = {"notes.html": "<p>mine</p>", "students/photo.html": "mine", "students/list.txt": "ben"}
    for name, text in own.items():
        (site.folder / name).write_text(text)
    (site.folder / "students" / "link.html").symlink_to(site.folder / "index.html")
    with (term / FILE).open("a") as config:
        config.write('c.CourseDirectory.student_id_exclude = "ben"\n')
    capsys.readouterr()
    after = build(term)
    assert set(site.paths) - set(after.paths) == {"students/ben.html"}
    assert {name: (site.folder / name).read_text() for name in own} == own
    assert (site.folder / "students" / "link.html").is_symlink()
    assert "Removed as out of date: students/ben.html." in capsys.readouterr().out


def test_what_a_run_that_was_killed_had_begun_is_removed(term: Path) -> None:
    begun = build(term).folder / "students" / f"{PREFIX}{2**22 + 1}"  # no process has a number so high
    begun.write_text("half a page")
    build(term)
    assert not begun.exists()


def test_the_class_itself_is_left_as_it_was(term: Path) -> None:
    def files() -> dict[Path, bytes]:
        found = (path for path in term.rglob("*") if path.is_file() and "review" not in path.relative_to(term).parts)
        return {path: path.read_bytes() for path in found if path.suffix != ".pyc"}

    before = files()
    build(term)
    assert files() == before


def test_the_same_class_gives_the_same_pages(term: Path) -> None:
    first = build(term)
    texts = {path: (first.folder / path).read_text() for path in first.paths}
    again = build(term)
    for path, text in texts.items():
        now = (again.folder / path).read_text()
        assert now.partition("<footer>")[0] == text.partition("<footer>")[0], path


def test_names_that_no_file_can_have_get_one(term: Path) -> None:
    with Gradebook(read_settings(term).db_url) as book:
        for name in ("Nora", "con", "..", "index", "ﬁ", "a" * 120):
            book.update_or_create_student(name)
    site = build(term)
    students = [path for path in site.paths if path.startswith("students/")]
    assert len(students) == 7 + 6
    assert len({path.casefold() for path in students}) == len(students)
    assert all(path.isascii() and len(path) < 80 for path in students)
    assert site.student("Nora").title != site.student("nora").title
    assert ODD in str(site.student(ODD).title)


@pytest.mark.parametrize("place", ["review", "review/students"])
def test_where_pages_cant_be_written_it_is_told(term: Path, capsys: Capture, place: str) -> None:
    (term / place).parent.mkdir(exist_ok=True)
    (term / place).write_text("a file")
    assert main(["review", "--class", str(term)]) == 2
    assert "can't be written" in capsys.readouterr().err


def test_a_large_class_gets_a_page_for_everybody(term: Path) -> None:
    with Gradebook(read_settings(term).db_url) as book:
        for place in range(WORTH_WORKERS):
            book.update_or_create_student(f"s{place:03}", first_name="Kim")
    site = build(term)
    names = {link.text for link in site.page("students.html").select("tbody a")}
    assert len(names) == WORTH_WORKERS + 7
    assert "Kim" in str(site.student("Kim (s042)").title)
    assert "2.5 of 3" in str(site.student("ben"))


def test_one_assignment_can_be_reviewed_alone(term: Path, tmp_path: Path) -> None:
    assert main(["review", "01", "--class", str(term), "--output", str(tmp_path / "one")]) == 0
    assert (tmp_path / "one" / "index.html").is_file()
    assert not (term / "review").exists()
    assert main(["review", "99", "--class", str(term)]) == 2


def test_what_is_no_class_is_told(tmp_path: Path, capsys: Capture) -> None:
    assert main(["review", "--class", str(tmp_path)]) == 2
    assert "is no class directory" in capsys.readouterr().err
    assert TINY not in capsys.readouterr().err
