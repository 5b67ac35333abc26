"""A class: made, graded, graded again, and unharmed by whatever lies in submitted/ and by a grader that is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.classroom.config import read_settings
from autograder.classroom.frozen import class_course
from autograder.classroom.grade import LOCK, ClassReport, Progress, grade
from autograder.classroom.gradebook import Moved
from autograder.classroom.new import new_class
from autograder.classroom.places import notebook_path, result_path
from autograder.classroom.submitted import MOST_FILES, HandedIn, find_submissions, look_at
from autograder.classroom.worker import read
from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.errors import ClassError, CourseError
from autograder.marking.result import read_result
from tests.classes import GRADES, SUMS, TINY, damaged, hand_in, rows, tiny
from tests.processes import children, still_running, workers_of

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def fresh(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fresh") / "class"
    new_class(tiny_course, root)
    return root


@pytest.fixture
def root(fresh: Path, tmp_path: Path) -> Path:
    """A new class that a test may fill."""
    return Path(shutil.copytree(fresh, tmp_path / "class"))


@pytest.fixture(scope="module")
def good(tiny_course: Course) -> bytes:
    return as_bytes(solved(tiny_course.assignment(TINY)))


def points(root: Path) -> dict[str, float]:
    """Each student's points in the gradebook."""
    found: dict[str, float] = {}
    for student, _, score, *_ in rows(root, GRADES):
        found[str(student)] = found.get(str(student), 0.0) + (score if isinstance(score, (int, float)) else 0.0)
    return found


def test_a_new_class_is_an_nbgrader_course_directory(fresh: Path) -> None:
    for place in (
        f"source/{TINY}/{TINY}.ipynb",
        f"release/{TINY}/{TINY}.ipynb",
        f"release/{TINY}/check.py",
        f"release/{TINY}/public.json",
        "course/solutions/course.yaml",
        f"course/solutions/{TINY}/tasks/row_means.py",
        "course/frozen.json",
        "nbgrader_config.py",
        "gradebook.db",
    ):
        assert (fresh / place).is_file(), place
    assert list((fresh / "submitted").iterdir()) == []
    assert rows(fresh, "select name from assignment") == [(TINY,)]
    assert "BEGIN SOLUTION" not in (fresh / "release" / TINY / f"{TINY}.ipynb").read_text()


def test_a_class_is_made_in_an_empty_folder_only(tiny_course: Course, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("something")
    with pytest.raises(ClassError, match=r"isn't empty\. Name a folder that doesn't exist yet"):
        new_class(tiny_course, tmp_path)
    with pytest.raises(ClassError, match="isn't empty"):
        new_class(tiny_course, tmp_path / "old.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["old.txt"]


def test_whatever_is_handed_in_gets_a_result(root: Path) -> None:
    handed_in = damaged(tiny(root))
    for number, data in enumerate(handed_in.values()):
        hand_in(root, f"s{number:02}", data)
    seen: list[Progress] = []
    report = grade(root, TINY, progress=seen.append)
    students = [f"s{number:02}" for number in range(len(handed_in))]
    assert sorted(report.graded) == students
    assert sorted(progress.done for progress in seen) == list(range(1, len(students) + 1))
    scores = points(root)
    for student, name in zip(students, handed_in, strict=True):
        result = read_result(result_path(root, TINY, student).read_text())
        assert result == report.results[student]
        assert scores[student] == result.points, name
        nbformat.validate(nbformat.read(notebook_path(root, TINY, student), 4))
        assert (name in ("in order", "wrong", "byte order mark", "forged marks")) == (student not in report.problems), (
            name
        )
    assert scores["s00"] == 9
    assert scores["s02"] == scores["s03"] == 0
    assert not list(root.glob("**/.tmp*"))


def test_only_what_changed_is_graded_again(root: Path, good: bytes) -> None:
    for student in ("ada", "bob", "eve", "tim"):
        hand_in(root, student, good)
    first = grade(root, TINY)
    assert (len(first.graded), first.unchanged, first.moved) == (4, (), ())
    again = grade(root, TINY)
    assert (again.graded, len(again.unchanged)) == ((), 4)
    assert again.results == first.results

    hand_in(root, "bob", as_bytes(with_answers(solved(tiny(root)), {"row_means": SUMS})))
    notebook_path(root, TINY, "eve").unlink()
    result_path(root, TINY, "tim").write_text("{")
    changed = grade(root, TINY)
    assert sorted(changed.graded) == ["bob", "eve", "tim"]
    assert changed.moved == (Moved("bob", "row_means", 3.0, 0.0),)
    assert changed.results["bob"].item("row_means").misconception == "SUM_FOR_MEAN"

    (root / "gradebook.db").unlink()
    assert len(grade(root, TINY).graded) == 4, "a lost gradebook is filled again"
    assert points(root)["bob"] == 6


def test_a_frozen_course_that_is_changed_on_purpose_grades_again(root: Path, good: bytes) -> None:
    hand_in(root, "ada", good)
    grade(root, TINY)
    tasks = root / "course" / "solutions" / TINY / "tasks" / "Counter.py"
    text = tasks.read_text().replace("    points=2,", "    points=4,")
    tasks.write_text(text.replace('Part("values", 1),', 'Part("values", 3),'))
    report = grade(root, TINY)
    assert report.graded == ("ada",)
    assert report.notes == ("Counter is worth 4 now, not 2.",)
    assert report.moved == (Moved("ada", "Counter", 2.0, 4.0),)


def test_a_score_given_by_hand_survives_grading_again(root: Path, good: bytes) -> None:
    hand_in(root, "ada", good)
    grade(root, TINY)
    with Gradebook(read_settings(root).db_url) as book:
        for item, score in (("q1_4_words", 2.5), ("Counter", 0.0)):
            given = book.find_grade(item, TINY, TINY, "ada")
            given.manual_score, given.needs_manual_grade = score, False
        book.find_comment("q1_4_words", TINY, TINY, "ada").manual_comment = "Well said."
        book.db.commit()
    for everything in (False, True):
        grade(root, TINY, everything=everything)
        with Gradebook(read_settings(root).db_url) as book:
            assert book.find_submission(TINY, "ada").score == 9 - 2 + 2.5
            assert not book.find_submission(TINY, "ada").needs_manual_grade
            assert book.find_comment("q1_4_words", TINY, TINY, "ada").comment == "Well said."


def test_odd_folders_are_noted_and_links_are_not_followed(root: Path, good: bytes, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(good)
    hand_in(root, "renamed", good, "my homework.ipynb")
    hand_in(root, "nested", good, f"folder/in folder/{TINY}.ipynb")
    hand_in(root, "several", good, "one.ipynb")
    hand_in(root, "several", good, "two.ipynb")
    hand_in(root, "extra", good)
    hand_in(root, "extra", b"raise SystemExit", "numpy.py")
    hand_in(root, "time", good)
    hand_in(root, "time", b"yesterday, I think", "timestamp.txt")
    (root / "submitted" / "nothing" / TINY).mkdir(parents=True)
    (root / "submitted" / "other" / "02_other").mkdir(parents=True)
    (root / "submitted" / "linked" / TINY).mkdir(parents=True)
    (root / "submitted" / "linked" / TINY / f"{TINY}.ipynb").symlink_to(secret)
    (root / "submitted" / "pipe" / TINY).mkdir(parents=True)
    os.mkfifo(root / "submitted" / "pipe" / TINY / f"{TINY}.ipynb")
    (root / "submitted" / "whole").symlink_to(root / "submitted" / "extra")
    hand_in(root, "bad\nname", good)
    hand_in(root, "no text", good, os.fsdecode(b"\xff.ipynb"))
    hand_in(root, "a file", good).parent.rename(root / "submitted" / "moved")
    (root / "submitted" / "a file" / TINY).write_text("")
    hand_in(root, "x" * 200, good)
    report = grade(root, TINY)
    said = {student: " ".join(problems) for student, problems in report.problems.items()}
    assert "01_tiny.ipynb was expected; 'my homework.ipynb' was taken in its place." in said["renamed"]
    assert "'folder/in folder/01_tiny.ipynb' was taken" in said["nested"]
    assert "it can't be told which of these it should be: 'one.ipynb', 'two.ipynb'" in said["several"]
    assert "Other files were handed in and left alone: 'numpy.py'." in said["extra"]
    assert "timestamp.txt holds no time" in said["time"]
    assert "Nothing was handed in" in said["nothing"]
    assert "is a link, and links aren't followed" in said["linked"]
    assert "Nothing was handed in" in said["pipe"]
    assert "'\\udcff.ipynb' was taken" in said["no text"]
    full = ("renamed", "nested", "extra", "time", "no text")
    assert {student: 9.0 if student in full else 0.0 for student in said} == points(root)
    assert report.results["nothing"].item("row_means").verdict == "not_attempted"
    assert report.notes == (
        "submitted/'a file' can't be graded: it can't be read: Not a directory.",
        "submitted/'bad\\nname' can't be graded: its name has characters that nbgrader can't take in a student's id. "
        "Rename the folder.",
        "submitted/'whole' can't be graded: it is a link, and links aren't followed. Copy the files there.",
        f"submitted/'{'x' * 100}...' can't be graded: its name is longer than the 128 characters of a student's id. "
        "Rename the folder.",
    )
    assert sorted(grade(root, TINY).unchanged) == sorted(said)


TIMES = {
    "2026-11-23 10:15:11.123456 UTC": datetime(2026, 11, 23, 10, 15, 11, 123456),  # nbgrader collect
    "2026-11-23 10:15:11": datetime(2026, 11, 23, 10, 15, 11),  # nbgrader zip_collect
    "2026-11-23T10:15:11Z": datetime(2026, 11, 23, 10, 15, 11),
    "2026-11-23 10:15:11 +0000\n": datetime(2026, 11, 23, 10, 15, 11),
    "2026-11-23 10:15 -0530": datetime(2026, 11, 23, 15, 45),
    "2026-11-23 10:15:11 CET": datetime(2026, 11, 23, 9, 15, 11),
}
NO_TIMES = (
    *("1" * 40 + "h.5", "0001-01-01 00:00:00", "9999-12-31 23:59:59", "1999-12-31 00:00:00 UTC", "10:00", "Mon"),
    *("2026-13-01 00:00:00", "2026-11-23 10:15:11 XYZ", "2026-11-23 10:15:11 US", "2026-11-23", "", "\0"),
)


def test_only_a_time_as_nbgrader_writes_it_is_taken(tmp_path: Path) -> None:
    def read(text: str) -> HandedIn:
        (tmp_path / "timestamp.txt").write_text(text)
        return look_at(tmp_path, "ada", TINY)

    assert {text: read(text).timestamp for text in TIMES} == TIMES
    for text in NO_TIMES:
        assert read(text).timestamp is None, text
        assert "timestamp.txt holds no time" in read(text).notes[-1], text


@contextmanager
def ordinary_account() -> Iterator[Path]:
    """A folder, and no right to read what is forbidden in it: root may read everything."""
    root, account = Path(tempfile.mkdtemp()), os.geteuid()
    root.chmod(0o777)
    try:
        if account == 0:
            os.seteuid(65534)
        yield root
    finally:
        os.seteuid(account)
        subprocess.run(["chmod", "-R", "u+rwx", root], check=True)
        shutil.rmtree(root)


def test_folders_that_may_not_be_entered_are_noted() -> None:
    with ordinary_account() as root:
        for student in ("ada", "bob", "eve"):
            hand_in(root, student, b"{}")
            hand_in(root, student, b"", "pictures/one.png")
        (root / "submitted" / "ada" / TINY / "pictures").chmod(0)
        (root / "submitted" / "bob").chmod(0o444)
        (root / "submitted" / "eve" / TINY / "pictures").chmod(0o444)
        found, notes = find_submissions(root, TINY)
    assert {one.student: one.notes for one in found} == {
        "ada": ("The folder 'pictures' can't be read: Permission denied.",),
        "eve": ("Other files were handed in and left alone: 'pictures/one.png'.",),
    }
    assert notes == ["submitted/'bob' can't be graded: it can't be read: Permission denied."]


def test_a_notebook_that_may_not_be_read_is_named_in_text() -> None:
    with ordinary_account() as root:
        hand_in(root, "ada", b"{}", os.fsdecode(b"\xff.ipynb")).chmod(0)
        (one,), _ = find_submissions(root, TINY)
        assert read(one) == "?.ipynb can't be read: Permission denied."


def test_a_path_longer_than_the_system_takes_is_noted(tmp_path: Path) -> None:
    hand_in(tmp_path, "ada", b"{}")
    hand_in(tmp_path, "bob", b"{}")
    there = os.open(tmp_path / "submitted" / "ada" / TINY, os.O_RDONLY)
    try:
        for _ in range(17):
            os.mkdir("d" * 240, dir_fd=there)
            deeper = os.open("d" * 240, os.O_RDONLY, dir_fd=there)
            os.close(there)
            there = deeper
        os.close(os.open("x" * 200, os.O_CREAT | os.O_WRONLY, dir_fd=there))
        os.mkdir("y" * 200, dir_fd=there)
        found, notes = find_submissions(tmp_path, TINY)
    finally:
        os.close(there)
        subprocess.run(["rm", "-rf", tmp_path / "submitted" / "ada"], check=True)
    assert [one.student for one in found] == ["ada", "bob"]
    assert "can't be read: File name too long." in " ".join(found[0].notes)
    assert notes == []


def test_a_folder_that_nobody_thought_of_does_not_stop_the_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(folder: Path, student: str, assignment: str) -> HandedIn:
        if student == "bob":
            raise ValueError("odd\n")
        return look_at(folder, student, assignment)

    monkeypatch.setattr("autograder.classroom.submitted.look_at", look)
    for student in ("ada", "bob", "eve"):
        hand_in(tmp_path, student, b"{}")
    (tmp_path / "submitted" / "loop").symlink_to("loop")
    found, notes = find_submissions(tmp_path, TINY)
    assert [one.student for one in found] == ["ada", "eve"]
    assert notes == [
        "submitted/'bob' can't be graded: it can't be read: ValueError('odd\\n').",
        "submitted/'loop' can't be graded: it can't be read: Too many levels of symbolic links.",
    ]


def test_folders_within_folders_are_looked_at_up_to_a_number(tmp_path: Path) -> None:
    ada = hand_in(tmp_path, "ada", b"{}").parent
    subprocess.run(["mkdir", "-p", ada / "/".join(["d"] * 1_200)], check=True)
    notes = find_submissions(tmp_path, TINY)[0][0].notes
    assert notes[-1] == "There are more than 1,000 files and folders; the rest was not looked at."
    subprocess.run(["rm", "-rf", tmp_path / "submitted"], check=True)


def test_the_notebook_is_found_among_too_many_files(tmp_path: Path) -> None:
    folder = tmp_path / "submitted" / "ada" / TINY
    folder.mkdir(parents=True)
    for number in range(3 * MOST_FILES):
        (folder / f"{number}.txt").touch()
    (folder / f"{TINY}.ipynb").touch()
    ((found,), _) = find_submissions(tmp_path, TINY)
    assert found.notebook == folder / f"{TINY}.ipynb"
    assert f"more than {MOST_FILES:,} files" in " ".join(found.notes)


def test_nothing_is_written_outside_the_class(root: Path, good: bytes, tiny_course: Course) -> None:
    before = {path: path.stat().st_mtime_ns for path in tiny_course.root.rglob("*") if "__pycache__" not in path.parts}
    hand_in(root, "ada", good)
    grade(root, TINY)
    after = {path: path.stat().st_mtime_ns for path in tiny_course.root.rglob("*") if "__pycache__" not in path.parts}
    assert before == after
    assert [path.name for path in root.parent.iterdir()] == ["class"]


def test_an_assignment_or_class_that_is_not_there_is_named(root: Path, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"There is no assignment '02_none'\. There are: 01_tiny"):
        grade(root, "02_none")
    with pytest.raises(ClassError, match="is no class directory"):
        grade(tmp_path, TINY)


def test_two_graders_do_not_work_at_once(root: Path) -> None:
    (root / LOCK).write_text("999999\n")
    assert grade(root, TINY).graded == (), "the lock of a dead process is taken over"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root / LOCK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(ClassError, match=rf"Another grader \(process {holder.pid}\) is at work"):
        grade(root, TINY)
    holder.communicate()
    grade(root, TINY)


HOLDER = """
import fcntl, os, sys
with open(sys.argv[1], "w") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print(os.getpid(), file=file, flush=True)
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_worker_that_is_killed_costs_no_submission(root: Path, good: bytes) -> None:
    for number in range(12):
        hand_in(root, f"s{number:02}", good)
    killed: list[int] = []

    def kill_one(_: Progress) -> None:
        if not killed:
            killed.append(workers_of(os.getpid())[0])
            os.kill(killed[0], signal.SIGKILL)

    report = grade(root, TINY, progress=kill_one)
    assert killed
    assert len(report.graded) == 12
    assert set(points(root).values()) == {9.0}


DEADLY = """
from autograder.authoring import Function, Part, TaskSheet, case

twice_task = TaskSheet("twice", points=2, hidden="nothing", parts=[Part("values", 2)], cases=[
    case("four", Function("lambda v: __import__('os')._exit(3) if v == 13 else 2 * v"), 4, public=True)])
"""
DEADLY_NOTEBOOK = '''# %% [markdown]
# # Deadly
# %% task="twice"
def twice(f, x):
    """f(x)."""
    ### BEGIN SOLUTION
    return f(x)
    ### END SOLUTION
# %% check="twice"
check("twice")
'''


def test_a_submission_that_kills_the_grader_is_left_to_a_person(root: Path) -> None:
    folder = root / "course" / "solutions" / "02_deadly"
    (folder / "tasks").mkdir(parents=True)
    (folder / "notebook.py").write_text(DEADLY_NOTEBOOK)
    (folder / "tasks" / "twice.py").write_text(DEADLY)
    (folder / "questions.yaml").write_text("items: []\n")
    assignment = class_course(root).assignment("02_deadly")
    for student in ("ada", "bob", "eve"):
        answer = {"twice": "def twice(f, x):\n    return f(13)"} if student == "bob" else {}
        path = root / "submitted" / student / "02_deadly" / "02_deadly.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(as_bytes(with_answers(solved(assignment), answer)))
    report = grade(root, "02_deadly")
    assert report.graded == ("ada", "bob", "eve")
    assert "The grader itself stopped at this submission" in " ".join(report.problems["bob"])
    assert rows(root, GRADES) == [
        ("ada", "twice", 2.0, None, 0),
        ("bob", "twice", None, None, 1),
        ("eve", "twice", 2.0, None, 0),
    ]
    (root / "submitted" / "bob" / "02_deadly" / "02_deadly.ipynb").write_bytes(as_bytes(solved(assignment)))
    assert grade(root, "02_deadly").graded == ("bob",)
    assert rows(root, GRADES)[1] == ("bob", "twice", 2.0, None, 0)


@pytest.fixture
def grader_process(root: Path, good: bytes) -> Iterator[subprocess.Popen[str]]:
    """`grade` in a process of its own, which tells each student it has marked."""
    for number in range(44):
        hand_in(root, f"s{number:02}", good)
    command = [sys.executable, "-c", GRADER, str(root)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        yield process


GRADER = """
import sys
from pathlib import Path
from autograder.classroom.grade import grade
if __name__ == "__main__":
    grade(Path(sys.argv[1]), "01_tiny", progress=lambda progress: print(progress.student, flush=True))
"""


def test_a_grader_that_is_killed_goes_on_where_it_was(root: Path, grader_process: subprocess.Popen[str]) -> None:
    assert grader_process.stdout is not None
    marked = [grader_process.stdout.readline() for _ in range(24)]
    workers = children(grader_process.pid)
    grader_process.kill()
    grader_process.wait()
    assert all(marked)
    noted = json.loads((root / "results" / f"{TINY}.graded.json").read_text())
    assert 20 <= len(noted) < 44
    assert set(noted) <= set(points(root)), "what is noted is in the gradebook"
    report: ClassReport = grade(root, TINY)
    assert set(report.unchanged) == set(noted)
    assert len(report.results) == 44
    assert set(points(root).values()) == {9.0}
    assert not still_running(workers)
