"""A class: made, graded, graded again, and unharmed by a submission that kills its grader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.class_directory.frozen_course import class_course
from autograder.class_directory.lock import LOCK
from autograder.class_directory.paths import notebook_path, result_path
from autograder.classroom.batches import Progress
from autograder.classroom.grading_run import grade
from autograder.classroom.new_class import new_class
from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.errors import ClassError, CourseError
from autograder.gradebook.grades import Moved
from autograder.gradebook.nbgrader_config import read_settings
from autograder.result import read_result
from tests.classes import COMMENTS, GRADES, SUMS, TINY, damaged, hand_in, points, rows, tiny

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_a_new_class_is_an_nbgrader_course_directory(fresh_class: Path) -> None:
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
        assert (fresh_class / place).is_file(), place
    assert list((fresh_class / "submitted").iterdir()) == []
    assert rows(fresh_class, "select name from assignment") == [(TINY,)]
    assert "BEGIN SOLUTION" not in (fresh_class / "release" / TINY / f"{TINY}.ipynb").read_text()


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


def test_a_text_below_its_cell_waits_for_a_person(root: Path) -> None:
    hand_in(root, "ada", damaged(tiny(root))["text below its cell"])
    grade(root, TINY)
    assert ("ada", "q1_4_words", None, None, 1) in rows(root, GRADES)
    assert ("ada", "q1_4_words", None, None) in rows(root, COMMENTS), "nothing says that there is no response"


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
    assert len(grade(root, TINY, everything=True).graded) == 4, "a lost gradebook is filled again"
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


DEADLY = """
from autograder.task import Function, Part, TaskSheet, case

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


def test_a_database_that_is_still_empty_is_filled(root: Path, good: bytes) -> None:
    """As one is that a server of databases has just made."""
    (root / "gradebook.db").write_bytes(b"")
    hand_in(root, "ada", good)
    assert grade(root, TINY, workers=1).graded == ("ada",)
