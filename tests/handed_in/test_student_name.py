"""One student under several spellings: one in the gradebook where that is certain, told where it may be."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.classroom.grading_run import grade
from autograder.course.course import Course
from autograder.gradebook.nbgrader_config import read_settings
from autograder.handed_in.layout import Layout
from autograder.handed_in.student_name import Enrolled, notes_on_doubles, settle_spellings
from tests.classes import TINY, hand_in, points
from tests.handed_in.classes import find

JOSE = "José"
APPLES = unicodedata.normalize("NFD", JOSE)
LAYOUT = Layout(Path("class"))


def test_a_name_in_macos_spelling_is_the_same_student(root: Path, good: bytes) -> None:
    hand_in(root, APPLES, good)
    report = grade(root, TINY)
    assert list(report.results) == list(points(root)) == [JOSE]
    assert report.notes == (
        "submitted/'Jose\\u0301' was renamed: 'Jos\\xe9' is how nbgrader knows the student; archives of macOS spell "
        "the name in another way.",
    )
    assert grade(root, TINY).notes == ()
    assert [path.name for path in (root / "submitted").iterdir()] == [JOSE]


def test_another_assignment_of_the_student_joins_the_others(tmp_path: Path) -> None:
    hand_in(tmp_path, JOSE, b"{}", assignment="02_other")
    hand_in(tmp_path, APPLES, b"{}")
    hand_in(tmp_path, APPLES, b"{}", assignment="03_other")
    assert len(settle_spellings(Layout(tmp_path), TINY)) == 1
    assert sorted(path.name for path in (tmp_path / "submitted" / JOSE).iterdir()) == [TINY, "02_other"]
    assert [path.name for path in (tmp_path / "submitted" / APPLES).iterdir()] == ["03_other"]


def test_of_two_submissions_in_two_spellings_neither_is_graded(
    tmp_path: Path, tiny_course: Course, good: bytes
) -> None:
    hand_in(tmp_path, JOSE, good)
    hand_in(tmp_path, APPLES, good)
    assert settle_spellings(Layout(tmp_path), TINY) == []
    found, notes = find(tmp_path, tiny_course)
    assert found == []
    assert (
        "'submitted/Jose\\u0301/01_tiny', 'submitted/Jos\\xe9/01_tiny' are one student's folder in two spellings of "
        "the name. Nothing of them was graded: keep the one that counts."
    ) in notes


def test_a_folder_that_cannot_be_renamed_is_graded_under_the_one_name(
    tmp_path: Path, tiny_course: Course, good: bytes
) -> None:
    hand_in(tmp_path, APPLES, good)
    (one,), _ = find(tmp_path, tiny_course)
    assert (one.student, one.folder.parent.name) == (JOSE, APPLES)


def test_two_spellings_of_one_person_are_told(root: Path, good: bytes) -> None:
    with Gradebook(read_settings(root).db_url) as book:
        book.add_student("al123", first_name="Ada", last_name="Lovelace", email="ada@example.org")
        book.add_student("bob")
    for name in ("Bob", "lovelace, ada", "eve smith", "Eve_Smith", "tim"):
        hand_in(root, name, good)
    two = "may be one student, and nbgrader counts them as two. If they are one,"
    mended = f"'submitted/lovelace, ada/{TINY}' submitted/al123/{TINY}"
    assert grade(root, TINY).notes == (
        f"'Bob' and 'bob' {two} mkdir -p submitted/bob && mv submitted/Bob/{TINY} submitted/bob/{TINY}",
        f"'Eve_Smith' and 'eve smith' {two} move away what doesn't count.",
        f"'lovelace, ada' and 'al123' {two} mkdir -p submitted/al123 && mv {mended}",
    )


def test_a_name_left_over_in_the_gradebook_takes_nobodys_place() -> None:
    roster = [Enrolled("s01", ("Zoe Miller",)), Enrolled("S01")]
    (note,) = notes_on_doubles(LAYOUT, TINY, ["s01"], roster)
    assert note.endswith("'S01' is left over in the gradebook: nbgrader db student remove S01 --force")


def test_people_who_differ_are_not_spoken_of() -> None:
    roster = [Enrolled("ada", ("Ada Lovelace",)), Enrolled("adab"), Enrolled("ada2", ("Ada Lovelace",)), Enrolled("x")]
    assert notes_on_doubles(LAYOUT, TINY, ["ada", "adab", "ada2", "y"], roster) == []
