"""`autograder forget`: nothing of a student is left in a class, and all of the others."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.class_directory.lock import only_grader
from autograder.class_directory.pseudonyms import pseudonyms, read_pseudonyms
from autograder.classroom.grading_run import grade
from autograder.cli import main
from autograder.decisions.record import ExtraTime, read_decisions
from autograder.gradebook.nbgrader_config import FILE, read_settings
from autograder.history.runs import kept_runs
from tests.classes import GRADES, TINY, rows
from tests.nbgrader_commands import nbgrader
from tests.review.conftest import ODD, graded_class  # noqa: F401  # a fixture

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def filled_class(graded_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """The class with all that a class may keep: feedback, records of runs and of collecting, a key, pages."""
    term = Path(shutil.copytree(graded_class, tmp_path_factory.mktemp("filled") / "class"))
    nbgrader(term, "generate_feedback", TINY)
    pseudonyms(term, ["ada", "ben", ODD])
    assert main(["decide", "extra-time", ODD, TINY, "--hours", "24", "--class", str(term)]) == 0
    assert main(["decide", "extra-time", "ada", TINY, "--hours", "24", "--class", str(term)]) == 0
    grade(term, TINY)  # leaves a record of the run
    write(term / "collected" / TINY / f"{ODD}.json", "{}")
    write(term / "review" / "students" / "o-neil.html", f"<h1>{ODD}</h1>")
    with Gradebook(read_settings(term).db_url) as book:
        book.update_or_create_student(ODD, first_name="Ünal", last_name="O'Neil", email="unal@example.org")
        (comment, *_) = book.find_submission_notebook(TINY, TINY, ODD).comments
        comment.manual_comment = f"Well done, {ODD}!"
        book.db.commit()
    with sqlite3.connect(term / "gradebook.db") as database:  # what some SQLites leave of a row that was deleted
        database.execute("pragma secure_delete = off")
        database.execute("create table old (text)")
        database.executemany("insert into old values (?)", [(f"{ODD} {'long ago ' * 90}",)] * 20)
        database.commit()
        database.execute("drop table old")
    database.close()
    return term


@pytest.fixture
def full(filled_class: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(filled_class, tmp_path / "class"))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def naming(root: Path, text: str) -> list[str]:
    """The files and folders of a class that have the text in their name or in their bytes, in any encoding of it."""
    forms = [text.encode(), json.dumps(text)[1:-1].encode(), text.encode("utf-16-le")]
    found = [path for path in root.rglob("*") if text in path.name]
    files = [path for path in root.rglob("*") if path.is_file()]
    found += [path for path in files if any(form in path.read_bytes() for form in forms)]
    return sorted({str(path.relative_to(root)) for path in found})


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_nothing_of_the_student_is_left_in_the_class_directory(full: Path) -> None:
    before = naming(full, ODD)
    assert {"gradebook.db", "pseudonyms.csv", f"submitted/{ODD}", f"autograded/{ODD}", f"feedback/{ODD}"} <= set(before)
    assert main(["forget", ODD, "--class", str(full), "--write"]) == 0
    assert naming(full, ODD) == []
    assert naming(full, "unal@example.org") == []


def test_the_others_keep_everything(full: Path) -> None:
    grades, key = rows(full, GRADES), read_pseudonyms(full)
    others = {name: data for name, data in contents(full).items() if name.split("/")[0] in ("submitted", "autograded")}
    assert main(["forget", ODD, "--class", str(full), "--write"]) == 0
    assert rows(full, GRADES) == [row for row in grades if row[0] != ODD]
    assert read_pseudonyms(full) == {student: name for student, name in key.items() if student != ODD}
    after = contents(full)
    assert {name for name in others if ODD not in name} == {
        name for name in after if name.split("/")[0] in ("submitted", "autograded")
    }
    assert all(after[name] == others[name] for name in others if ODD not in name)
    assert [one.student for one in read_decisions(full) if isinstance(one, ExtraTime)] == ["ada"]
    assert grade(full, TINY).graded == ()


def test_the_records_of_runs_can_be_read_and_tell_of_the_others(full: Path) -> None:
    before, _ = kept_runs(full)
    assert before
    assert main(["forget", ODD, "--class", str(full), "--write"]) == 0
    after, notes = kept_runs(full)
    assert notes == []
    for number, run in after.items():
        assert run.students == {who: marks for who, marks in before[number].students.items() if who != ODD}
        assert run.moved == tuple(one for one in before[number].moved if one.student != ODD)
        assert run.marked == tuple(who for who in before[number].marked if who != ODD)


def test_a_preview_deletes_nothing_and_tells_all(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(full)
    assert main(["forget", ODD, "--class", str(full)]) == 0
    said = capsys.readouterr().out
    assert contents(full).keys() - {".grading.lock"} == before.keys() - {".grading.lock"}
    assert all(contents(full)[name] == data for name, data in before.items())
    for word in ("submitted/", "feedback/", "results/", "collected/", "pseudonyms.csv", "decisions.yaml", "review:"):
        assert word in said


def test_files_that_it_does_not_understand_are_named(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(full / "grades.csv", f"student,points\n{ODD},3\n")
    write(full / "mails.txt", "to: unal@example.org\n")
    write(full / "notes.txt", "about ada\n")
    shutil.copy(full / "gradebook.db", full / "gradebook.db.before")
    assert main(["forget", ODD, "--class", str(full), "--write", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["named_in"] == ["gradebook.db.before", "grades.csv", "mails.txt"]


def test_submissions_in_the_exchange_are_named(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inbound = full.parent / "exchange" / read_settings(full).course_id / "inbound"
    write(inbound / f"{ODD}+{TINY}+2027-03-01 10:00:00 UTC" / f"{TINY}.ipynb", "{}")
    with (full / FILE).open("a") as config:
        config.write(f"c.Exchange.root = {str(full.parent / 'exchange')!r}\n")
    main(["forget", ODD, "--class", str(full)])
    assert "1 of the student's submissions lie" in " ".join(capsys.readouterr().out.split())


def test_a_student_without_an_entry_in_the_gradebook_is_forgotten(full: Path) -> None:
    write(full / "submitted" / "uma" / TINY / f"{TINY}.ipynb", "{}")
    assert main(["forget", "uma", "--class", str(full), "--write"]) == 0
    assert naming(full / "submitted", "uma") == []


def test_folders_are_found_where_the_class_keeps_them(root: Path) -> None:
    with (root / FILE).open("a") as config:
        config.write('c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"\n')
        config.write('c.CourseDirectory.submitted_directory = "handed in"\n')
    for step in ("handed in", "feedback"):
        for student in (ODD, "ben"):
            write(root / step / TINY / student / f"{TINY}.ipynb", "{}")
    assert main(["forget", ODD, "--class", str(root), "--write"]) == 0
    assert naming(root, ODD) == []
    assert (root / "handed in" / TINY / "ben" / f"{TINY}.ipynb").is_file()


def test_another_students_id_that_begins_alike_is_another(full: Path) -> None:
    write(full / "submitted" / "ada2" / TINY / f"{TINY}.ipynb", "{}")
    write(full / "grades.csv", "student,points\nada2,3\nada-lena,3\n")
    assert main(["forget", "ada", "--class", str(full), "--write"]) == 1  # "ada-lena" may be hers
    assert (full / "submitted" / "ada2" / TINY / f"{TINY}.ipynb").is_file()


@pytest.mark.parametrize("id", ["zoe", "", ".", "..", "../ben", "a/b", "*"])
def test_whoever_is_no_student_of_the_class_is_refused(full: Path, id: str) -> None:
    before = contents(full)
    assert main(["forget", id, "--class", str(full), "--write"]) == 2
    assert contents(full) == before


def test_a_link_of_the_students_name_goes_and_what_it_leads_to_stays(full: Path, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "mine.txt", "kept")
    (full / "feedback" / "uma").symlink_to(tmp_path / "elsewhere")
    assert main(["forget", "uma", "--class", str(full), "--write"]) == 0
    assert (tmp_path / "elsewhere" / "mine.txt").read_text() == "kept"
    assert not (full / "feedback" / "uma").is_symlink()


def test_nobody_is_forgotten_while_the_class_is_graded(full: Path) -> None:
    with only_grader(full):
        assert main(["forget", "ada", "--class", str(full), "--write"]) == 2
    assert (full / "submitted" / "ada").is_dir()


def test_the_key_stays_private(full: Path) -> None:
    main(["forget", "ada", "--class", str(full), "--write"])
    assert stat.S_IMODE((full / "pseudonyms.csv").stat().st_mode) == 0o600
