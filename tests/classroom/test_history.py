"""The history of grading: what each run gave, what moved and why; and a dry run, which writes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import __version__
from autograder.class_directory.frozen_course import class_course, course_digest
from autograder.class_directory.stamps import Stamps
from autograder.classroom.grading_run import grade
from autograder.classroom.run_record import marks_of
from autograder.cli import main
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.decisions.who_and_when import user_name
from autograder.errors import ClassError
from autograder.gradebook.nbgrader_config import FILE, read_settings
from autograder.gradebook.standing import read_standing
from autograder.history.record import Run
from autograder.history.runs import kept_runs
from tests.classes import SUMS, TINY, hand_in, points, tiny
from tests.nbgrader_commands import ROOT, nbgrader

pytestmark = pytest.mark.slow

QUESTIONS = f"course/solutions/{TINY}/questions.yaml"


def wrong(root: Path) -> bytes:
    return as_bytes(with_answers(solved(tiny(root)), {"row_means": SUMS}))


def runs(root: Path) -> list[Run]:
    found, notes = kept_runs(root)
    assert notes == []
    assert list(found) == list(range(1, len(found) + 1))
    return list(found.values())


def moved(run: Run) -> dict[str, tuple[object, ...]]:
    return {move.student: (move.before, move.after, *move.why) for move in run.moved}


def now(root: Path) -> object:
    return marks_of(read_standing(read_settings(root).db_url, TINY), Stamps(root, TINY))


def everything_in(root: Path) -> str:
    """A digest of all names, contents and times in a class."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        digest.update(f"{path.relative_to(root)} {path.lstat().st_mtime_ns}\0".encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def give(root: Path, student: str, item: str, score: float) -> None:
    with Gradebook(read_settings(root).db_url) as book:
        found = book.find_grade(item, TINY, TINY, student)
        found.manual_score, found.needs_manual_grade = score, False
        book.db.commit()


def test_each_run_that_changes_something_keeps_what_moved_and_why(
    root: Path, good: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(root, "ada", good)
    hand_in(root, "ben", wrong(root))
    grade(root, TINY)
    grade(root, TINY)
    grade(root, TINY, everything=True)
    (first,) = runs(root)
    assert moved(first) == {"ada": (None, 9.0, "first"), "ben": (None, 6.0, "first")}
    assert (first.by, first.engine) == (user_name(), __version__)
    assert first.course == course_digest(class_course(root), TINY)
    assert first.marked == ("ada", "ben")
    assert first.students["ben"].items["row_means"] == 0.0
    assert first.students["ben"].items["q1_4_words"] is None, "nobody has read it"

    give(root, "ada", "q1_4_words", 2.0)
    hand_in(root, "ben", good)
    grade(root, TINY)
    assert moved(runs(root)[1]) == {"ada": (9.0, 11.0, "by hand"), "ben": (6.0, 9.0, "submission")}

    questions = root / QUESTIONS
    questions.write_text(questions.read_text().replace("points: 1\n", "points: 2\n", 1))
    results = root / "results"
    for path in (results / f"{TINY}.graded.json", results / "runs" / f"000002_{TINY}.json"):
        path.write_text(path.read_text().replace(__version__, "0.0.1"))
    main(["decide", "full-marks", "01", "q1_4_words", "--class", str(root)])
    grade(root, TINY)
    third = runs(root)[2]
    assert moved(third)["ben"] == (9.0, 13.0, "course", "engine", "decision")
    assert {(item.item, item.before, item.after) for item in third.moved[1].items} == {
        ("q1_1_number", 1.0, 2.0),
        ("q1_4_words", None, 3.0),
    }
    assert third.decided == {"q1_4_words": "full-marks"}
    assert third.students == now(root)

    capsys.readouterr()
    assert main(["history", "--class", str(root)]) == 0
    said = capsys.readouterr().out
    assert "a decision" in said
    assert "1 decisions, undone ones included" in said
    assert main(["history", "01", "ben", "--class", str(root)]) == 0
    said = capsys.readouterr().out
    assert "another submission" in said
    assert "q1_1_number" in said
    assert main(["history", "01", "ben", "--json", "--class", str(root)]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["number"] for one in records] == [1, 2, 3]
    assert [list(one["students"]) for one in records] == [["ben"]] * 3


def test_what_a_killed_run_wrote_is_told_once_by_the_next(root: Path, good: bytes) -> None:
    for number in range(44):
        hand_in(root, f"s{number:02}", good)
    command = [sys.executable, "-c", GRADER, str(root)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        marked = [process.stdout.readline() for _ in range(24)]
        process.kill()
    assert all(marked)
    assert runs(root) == []
    assert len(points(root)) >= 20, "a batch is in the gradebook"
    report = grade(root, TINY)
    assert len(report.graded) <= 24
    (run,) = runs(root)
    assert run.students == now(root)
    assert moved(run) == {f"s{number:02}": (None, 9.0, "first") for number in range(44)}
    give(root, "s00", "q1_4_words", 1.0)
    grade(root, TINY)
    assert moved(runs(root)[1]) == {"s00": (9.0, 10.0, "by hand")}


GRADER = """
import sys
from pathlib import Path
from autograder.classroom.grading_run import grade
if __name__ == "__main__":
    grade(Path(sys.argv[1]), "01_tiny", progress=lambda progress: print(progress.student, flush=True))
"""


def test_a_dry_run_says_what_would_move_and_writes_nothing(
    root: Path, good: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything_in(root)
    hand_in(root, "ada", good)
    hand_in(root, "ben", wrong(root))
    untouched = everything_in(root)
    assert untouched != before
    tried = grade(root, TINY, dry=True)
    assert everything_in(root) == untouched
    done = grade(root, TINY)
    assert (tried.graded, tried.points, tried.run.students) == (done.graded, done.points, done.run.students)

    give(root, "ada", "q1_4_words", 2.0)
    hand_in(root, "ben", good)
    hand_in(root, "cle\u0301a", good)
    questions = root / QUESTIONS
    questions.write_text(questions.read_text().replace("points: 1\n", "points: 2\n", 1))
    main(["decide", "drop", "01", "row_means", "--class", str(root)])
    with (root / FILE).open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    nbgrader(root, "db", "assignment", "add", TINY, "--duedate=2027-03-01 12:00:00 UTC")
    (root / "submitted" / "ben" / TINY / "timestamp.txt").write_text("2027-03-02 10:00:00 UTC")
    feedback = root / "feedback" / "ben" / TINY
    feedback.mkdir(parents=True)
    untouched = everything_in(root)
    capsys.readouterr()
    assert main(["grade", "01", "--dry-run", "--json", "--class", str(root)]) == 0
    record = json.loads(capsys.readouterr().out)
    tried = grade(root, TINY, dry=True)
    assert everything_in(root) == untouched
    assert record["dry_run"] is True
    assert record["scores"] == dict(tried.points)
    done = grade(root, TINY)
    assert set(tried.graded) == set(done.graded) == {"ada", "ben", "cl\u00e9a"}
    assert (tried.moved, tried.points) == (done.moved, done.points)
    assert tried.points["ben"] == 0.0, "it is late"
    assert tried.run.moved == done.run.moved
    assert not feedback.exists()


def test_a_dry_run_needs_a_gradebook_that_can_be_copied(root: Path, good: bytes) -> None:
    hand_in(root, "ada", good)
    with (root / FILE).open("a") as config:
        config.write('c.CourseDirectory.db_url = "postgresql://ann:secret@host/name"\n')
    with pytest.raises(ClassError, match="can only be made of an SQLite file") as error:
        grade(root, TINY, dry=True)
    assert "secret" not in str(error.value)


def test_nbgrader_autograde_is_recorded_as_one_run_of_its_user(root: Path, good: bytes) -> None:
    for student in ("ada", "ben"):
        hand_in(root, student, good)
        nbgrader(root, "autograde", TINY, f"--student={student}")
    (run,) = runs(root)
    assert (run.command, moved(run)) == (
        "nbgrader autograde",
        {"ada": (None, 9.0, "first"), "ben": (None, 9.0, "first")},
    )
    assert run.students == now(root)
    hand_in(root, "ben", wrong(root))
    grade(root, TINY)
    assert moved(runs(root)[1])["ben"][:2] == (9.0, 6.0)


def test_a_record_that_can_not_be_read_is_named(root: Path, good: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(root, "ada", good)
    grade(root, TINY)
    (path,) = (root / "results" / "runs").iterdir()
    path.write_text("{")
    assert main(["history", "--class", str(root)]) == 0
    assert f"note: results/runs/{path.name} isn't a record" in capsys.readouterr().out
    hand_in(root, "ben", good)
    grade(root, TINY)
    assert [path.name for path in sorted((root / "results" / "runs").iterdir())] == [
        f"000001_{TINY}.json",
        f"000002_{TINY}.json",
    ]
