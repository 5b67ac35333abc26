"""Grades as tables for people and for platforms: the gradebook's points, and nobody else's."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pandas
import pytest
from nbgrader.api import Gradebook
from pandas.testing import assert_frame_equal

from autograder.classroom.grading_run import grade
from autograder.cli import main
from autograder.gradebook.nbgrader_config import read_settings
from autograder.review import table
from autograder.review.dataframe import COLUMNS
from tests.classes import GRADES, TINY, rows
from tests.exports.platform_files import CANVAS, MOODLE, canvas_rows, enrol, read, written
from tests.nbgrader_commands import nbgrader
from tests.review.conftest import ODD, WORDS, give, graded_class  # noqa: F401  # a fixture

pytestmark = pytest.mark.slow
FORMULAS = ("=cmd|' /C calc'!A0", "+1", "-1", "@sum(1)")


@pytest.fixture
def term(graded_class: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """The class with a roster; files are written into a folder beside it."""
    root = Path(shutil.copytree(graded_class, tmp_path / "term"))
    enrol(root)
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    return root


def export(root: Path, *words: str | Path, code: int = 0) -> None:
    assert main(["export", *map(str, words), "--class", str(root)]) == code


def column(path: Path, head: str, key: int = 0, delimiter: str = ",") -> dict[str, str]:
    """The cells of a column by those of another."""
    first, *others = read(path, delimiter)
    return {row[key]: row[first.index(head)] for row in others}


class TestCsv:
    def test_points_are_the_gradebooks_and_an_empty_cell_is_no_points(self, term: Path) -> None:
        export(term, "csv", code=1)  # texts wait, and Ugo isn't graded
        assert column(Path("grades.csv"), TINY) == {
            "ada": "9",
            "ben": "7.5",
            "lea": "0",
            "nora": "",
            "paul": "0",
            "ugo": "",
            ODD: "9",
        }
        assert column(Path("grades.csv"), "last_name")[ODD] == "O'Neil"

    def test_excel_is_told_that_it_is_utf8(self, term: Path) -> None:
        export(term, "csv", code=1)
        assert Path("grades.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,")

    def test_what_waits_or_is_not_graded_is_said(self, term: Path, capsys: pytest.CaptureFixture[str]) -> None:
        export(term, "csv", code=1)
        said = " ".join(capsys.readouterr().out.split())
        assert f"the points of 3 are not final, as an answer waits to be read: {ODD}, ada, lea" in said
        assert "1 handed in and aren't graded yet: ugo" in said

    def test_once_all_is_read_and_graded_the_exit_code_is_0(self, term: Path) -> None:
        for student in ("ada", "lea", ODD):
            give(term, student, WORDS, manual_score=1.0)
        grade(term, TINY)  # brings Lea's late penalty up to date, too
        give(term, "ugo", WORDS, manual_score=1.0)
        export(term, "csv")

    def test_the_items_are_those_of_the_table(self, term: Path) -> None:
        export(term, "csv", "--items", "--output", "all.csv", code=1)
        assert_frame_equal(pandas.read_csv("all.csv").astype(COLUMNS), table(term))

    def test_no_cell_is_a_formula_whatever_a_student_is_called(self, term: Path) -> None:
        with Gradebook(read_settings(term).db_url) as book:
            for number, name in enumerate(FORMULAS):
                book.update_or_create_student(f"f{number}", first_name=name, last_name="x,y", email=name)
            book.update_or_create_student("=1+1", first_name="Eve")
        export(term, "csv", code=1)
        nbgrader(term, "export", "--to=nb.csv")
        for path in (Path("grades.csv"), term / "nb.csv"):
            cells = [cell for row in read(path) for cell in row]
            assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
            assert "'=1+1" in cells

    def test_with_pseudonyms_nobody_is_named(self, term: Path) -> None:
        export(term, "csv", "--pseudonyms", code=1)
        text = Path("grades.csv").read_text()
        assert not [name for name in ("ada", "ben", "Ünal", "Lovelace", "@example") if name in text]
        assert sorted(column(Path("grades.csv"), TINY).values()) == ["", "", "0", "0", "7.5", "9", "9"]


def test_nbgraders_own_export_quotes_its_cells(term: Path) -> None:
    with Gradebook(read_settings(term).db_url) as book:
        book.update_or_create_student("ada", last_name='Lovelace, "Countess"')
        book.update_or_create_student("comma, student")
    nbgrader(term, "export", "--to=nb.csv")
    head, *others = read(term / "nb.csv")
    assert {len(row) for row in others} == {len(head)}
    assert column(term / "nb.csv", "last_name", key=3)["ada"] == 'Lovelace, "Countess"'
    assert column(term / "nb.csv", "score", key=3) | {"lea": "0.0"} == {
        "ada": "9.0",
        "ben": "7.5",
        "comma, student": "0.0",
        "lea": "0.0",
        "nora": "0.0",
        "paul": "0.0",
        ODD: "9.0",
    }


def test_nbgraders_own_export_heeds_its_options(term: Path) -> None:
    nbgrader(term, "export", "--to=nb.csv", "--student=ada", f"--assignment={TINY}")
    assert [row[3] for row in read(term / "nb.csv")[1:]] == ["ada"]


class TestCanvas:
    def test_the_column_is_filled_and_all_else_stays(self, term: Path) -> None:
        before = canvas_rows()
        export(term, "canvas", "01", "--gradebook", written(Path("canvas.csv"), before), code=1)
        after = read(Path("grades-canvas.csv"))
        assert column(Path("grades-canvas.csv"), "01 Tiny (78)") == {
            "": "Manual Posting",
            "    Points Possible": "12.00",
            "Lovelace, Ada": "9",
            "Brown, Ben": "7.5",
            "O'Neil, Ünal": "EX",  # excused
            "Nobody, Nora": "1.50",  # nothing was handed in: an empty cell would clear what Canvas has
            "Stranger, Sam": "",
            "Student, Test": "",
        }
        at = before[0].index("01 Tiny (78)")
        assert [row[:at] + row[at + 1 :] for row in after] == [row[:at] + row[at + 1 :] for row in before]

    @pytest.mark.parametrize(("delimiter", "end", "start"), [(";", "\r\n", "\ufeff"), (",", "\n", "")])
    def test_the_file_stays_as_canvas_wrote_it(self, term: Path, delimiter: str, end: str, start: str) -> None:
        path = written(Path("canvas.csv"), canvas_rows(), delimiter, end, start)
        export(term, "canvas", "01", "--gradebook", path, code=1)
        rows_with_points = canvas_rows()
        rows_with_points[3][7], rows_with_points[4][7] = "9", "7.5"
        expected = written(Path("expected.csv"), rows_with_points, delimiter, end, start)
        assert Path("grades-canvas.csv").read_bytes() == expected.read_bytes()

    def test_who_is_left_out_is_named(self, term: Path, capsys: pytest.CaptureFixture[str]) -> None:
        export(term, "canvas", "01", "--gradebook", written(Path("canvas.csv"), canvas_rows()), code=1)
        said = " ".join(capsys.readouterr().out.split())
        assert f"excused in Canvas: {ODD}" in said
        assert "2 have points and no row in the table: lea, paul" in said
        assert "1 row is nobody who is known in the class: sam" in said

    def test_another_maximum_stops_it_unless_points_are_to_be_scaled(
        self, term: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows_of_100 = canvas_rows()
        rows_of_100[2][7] = "100"
        path = written(Path("canvas.csv"), rows_of_100)
        export(term, "canvas", "01", "--gradebook", path, code=2)
        assert "counts 100 points and the class 12" in capsys.readouterr().err
        assert not Path("grades-canvas.csv").exists()
        export(term, "canvas", "01", "--gradebook", path, "--scale", code=1)
        assert column(Path("grades-canvas.csv"), "01 Tiny (78)")["Lovelace, Ada"] == "75"

    def test_a_number_of_somebody_else_is_not_a_name(self, term: Path) -> None:
        changed = canvas_rows()
        changed[5][1:4] = ["777", "", ""]  # another Ünal O'Neil than the one with the number 503
        changed[5][7] = ""
        export(term, "canvas", "01", "--gradebook", written(Path("canvas.csv"), changed), code=1)
        assert column(Path("grades-canvas.csv"), "01 Tiny (78)")["O'Neil, Ünal"] == ""

    def test_of_two_people_of_one_name_neither_is_guessed(self, term: Path) -> None:
        with Gradebook(read_settings(term).db_url) as book:
            book.update_or_create_student("lea", first_name="Ada", last_name="Lovelace")
        changed = canvas_rows()
        changed[3][3] = "unknown"
        export(term, "canvas", "01", "--gradebook", written(Path("canvas.csv"), changed), code=1)
        assert column(Path("grades-canvas.csv"), "01 Tiny (78)")["Lovelace, Ada"] == ""

    def test_two_rows_for_one_student_are_refused(self, term: Path) -> None:
        twice = [*canvas_rows(), canvas_rows()[3]]
        export(term, "canvas", "01", "--gradebook", written(Path("canvas.csv"), twice), code=2)

    @pytest.mark.parametrize("head", ["Tiny one", "Current Score"])
    def test_a_column_that_is_not_found_is_asked_for(
        self, term: Path, capsys: pytest.CaptureFixture[str], head: str
    ) -> None:
        renamed = canvas_rows()
        renamed[0][7] = "Tiny one (78)"
        path = written(Path("canvas.csv"), renamed)
        export(term, "canvas", "01", "--gradebook", path, code=2)
        assert "Warm-up (77); Tiny one (78)" in capsys.readouterr().err
        export(term, "canvas", "01", "--gradebook", path, "--column", head, code=1 if head == "Tiny one" else 2)

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"a\n",
            b"student,points\nada,3\n",
            b"Student,ID,Section\nada,1\n",
            b"\xff\xfe",
            b'Student,ID,"Section\n',
        ],
    )
    def test_another_file_is_refused(self, term: Path, data: bytes) -> None:
        Path("canvas.csv").write_bytes(data)
        export(term, "canvas", "01", "--gradebook", "canvas.csv", code=2)

    def test_without_canvas_own_file_one_is_made_of_those_with_points(self, term: Path) -> None:
        export(term, "canvas", "01", "--column", "01 Tiny (78)", code=1)
        head, most, *others = read(Path("grades-canvas.csv"))
        assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01 Tiny (78)"]
        assert most == ["    Points Possible", "", "", "", "", "12"]
        assert {row[3]: (row[0], row[1], row[5]) for row in others} == {
            "ada": ("Lovelace, Ada", "", "9"),
            "ben": ("Brown, Ben", "", "7.5"),
            "lea": ("lea", "", "0"),
            "paul": ("paul", "", "0"),
            ODD: ("O'Neil, Ünal", "503", "9"),
        }


class TestMoodle:
    def test_the_worksheet_is_filled_and_all_else_stays(self, term: Path) -> None:
        export(term, "moodle", "01", "--worksheet", written(Path("moodle.csv"), MOODLE), code=1)
        after = read(Path(f"grades-moodle-{TINY}.csv"))
        assert [row[4] for row in after] == ["Grade", "9", "7.5", "", "", ""]  # Ünal's can't be changed
        assert [row[:4] + row[5:] for row in after] == [row[:4] + row[5:] for row in MOODLE]

    def test_a_worksheet_in_another_language_is_filled(self, term: Path) -> None:
        head = ["ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung", *MOODLE[0][6:]]
        people = [[f"Teilnehmer/in{row[0][-4:]}", *row[1:5], "12,00", *row[6:]] for row in MOODLE[1:]]
        path = written(Path("moodle.csv"), [head, *people], ";")
        export(term, "moodle", "01", "--worksheet", path, code=2)
        export(term, "moodle", "01", "--worksheet", path, "--column", "Bewertung", code=1)
        assert column(Path(f"grades-moodle-{TINY}.csv"), "Bewertung", delimiter=";")["Teilnehmer/in9001"] == "9"

    def test_more_than_the_maximum_becomes_the_maximum_and_is_said(
        self, term: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        give(term, "ada", WORDS, manual_score=3.0, extra_credit=5.0)
        export(term, "moodle", "01", "--worksheet", written(Path("moodle.csv"), MOODLE), code=1)
        assert column(Path(f"grades-moodle-{TINY}.csv"), "Grade")["Participant 9001"] == "12"
        assert "these get the maximum: ada" in " ".join(capsys.readouterr().out.split())

    def test_the_table_for_the_gradebook_has_only_those_with_points(self, term: Path) -> None:
        export(term, "moodle", "01", "--column", "Tiny", code=1)
        head, *others = read(Path(f"grades-moodle-{TINY}.csv"))
        assert head == ["Student id", "First name", "Last name", "Email address", "Tiny"]
        points = {"ada": "9", "ben": "7.5", "lea": "0", "paul": "0", ODD: "9"}
        assert {row[0]: row[4] for row in others} == points

    def test_a_participants_number_is_nobodys_number_in_the_roster(self, term: Path) -> None:
        with Gradebook(read_settings(term).db_url) as book:
            book.update_or_create_student("lea", lms_user_id="9005")
        export(term, "moodle", "01", "--worksheet", written(Path("moodle.csv"), MOODLE), code=1)
        assert column(Path(f"grades-moodle-{TINY}.csv"), "Grade")["Participant 9005"] == ""


def test_nothing_is_written_of_what_is_not_graded(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("canvas", "moodle", "feedback"):
        export(root, form, "01", code=2)
        assert "Nothing is graded" in capsys.readouterr().err


def test_the_gradebook_stays_as_it_is(term: Path) -> None:
    before = rows(term, GRADES)
    export(term, "csv", code=1)
    export(term, "canvas", "01", "--gradebook", written(Path("canvas.csv"), CANVAS), code=1)
    assert rows(term, GRADES) == before


def test_a_table_reads_the_same_in_any_csv_reader() -> None:
    from autograder.class_directory.spreadsheet import csv_text

    cells = ['a "b", c', "line\nbreak", "tab\tinside", "semi;colon", "Ünal 名前", " space ", "'quoted", "1/3"]
    (row,) = csv.reader(io.StringIO(csv_text([cells]), newline=""), strict=True)
    assert row == [*cells[:6], "''quoted", "1/3"]
    assert list(pandas.read_csv(io.StringIO(csv_text([cells, cells]))).iloc[0]) == row
