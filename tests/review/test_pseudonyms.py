"""With pseudonyms, nothing that the class's own records say tells who somebody is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.class_directory.pseudonyms import FILE, read_pseudonyms
from autograder.cli import main
from autograder.gradebook.nbgrader_config import read_settings
from autograder.review import table
from tests.classes import hand_in
from tests.review.conftest import ODD

pytestmark = pytest.mark.slow
STUDENTS = ("ada", "ben", "lea", "nora", "paul", "ugo", ODD)


@pytest.fixture
def named(term: Path) -> Path:
    """The class with a roster of names, and notes of the grader that name people."""
    with Gradebook(read_settings(term).db_url) as book:
        book.update_or_create_student("ada", first_name="Ada", last_name="Lovelace", email="al@example.org")
        book.update_or_create_student(ODD, first_name="Ünal", last_name="O'Neil")
    hand_in(term, "Ada", b"{}")  # may be the same person, as a note says
    return term


def told(text: str) -> list[str]:
    """The ids and names that stand in a text."""
    names = [*STUDENTS, ascii(ODD)[1:-1], "Lovelace", "O'Neil", "Ünal", "al@example.org"]
    return [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_report_names_nobody(named: Path, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    main(["report", "--class", str(named), *options])
    assert told(capsys.readouterr().out)
    assert main(["report", "--class", str(named), "--pseudonyms", *options]) == 0
    said = capsys.readouterr().out
    assert told(said) == []
    assert all(name in said for name in read_pseudonyms(named).values())


def test_the_report_gives_everybody_the_same_points(named: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["report", "--class", str(named), "--json"])
    plain = json.loads(capsys.readouterr().out)
    main(["report", "--class", str(named), "--json", "--pseudonyms"])
    under = json.loads(capsys.readouterr().out)
    key = read_pseudonyms(named)
    assert under["scores"] == {key[student]: points for student, points in plain["scores"].items()}
    assert sorted(under["missing"]) == sorted(key[student] for student in plain["missing"])
    assert list(under["scores"]) == sorted(under["scores"])  # the order of ids would tell


def test_the_table_names_nobody(named: Path) -> None:
    plain, under = table(named), table(named, pseudonyms=True)
    key = read_pseudonyms(named)
    assert told(under.to_csv()) == []
    assert set(under.student) == set(key.values())
    theirs = under[under.student == key["ben"]].drop(columns="student").reset_index(drop=True)
    assert theirs.equals(plain[plain.student == "ben"].drop(columns="student").reset_index(drop=True))


def test_the_pages_name_nobody_and_lie_apart_from_those_with_names(named: Path) -> None:
    assert main(["review", "--class", str(named)]) == 0
    assert main(["review", "--class", str(named), "--pseudonyms"]) == 0
    pages = {path: path.read_text() for path in (named / "review-pseudonyms").rglob("*.html")}
    assert len(pages) > len(STUDENTS)
    assert {path.name: told(text) for path, text in pages.items() if told(text)} == {}
    assert [path.name for path in pages if told(path.stem)] == []
    assert "Lovelace" in (named / "review" / "students.html").read_text()


def test_a_key_that_is_damaged_stops_it_rather_than_naming_anybody(
    named: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (named / FILE).write_text("ada\n")
    assert main(["report", "--class", str(named), "--pseudonyms"]) == 2
    assert capsys.readouterr().out == ""


def test_without_pseudonyms_no_key_is_made(named: Path) -> None:
    main(["report", "--class", str(named)])
    assert not (named / FILE).exists()
