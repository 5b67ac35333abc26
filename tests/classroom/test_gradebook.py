"""nbgrader's database: what is written there, what is never lost there, and what changes with the course."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course.course import Assignment, Course
from autograder.course.source_notebook import Json
from autograder.errors import ClassError
from autograder.gradebook.grades import Graded, Grades, Moved
from autograder.gradebook.nbgrader_config import FILE, config_text, read_settings
from autograder.gradebook.standing import read_standing
from autograder.release.build import RELEASE_CONFIG, release_notebook
from autograder.result import ItemResult, Result
from tests.classes import CELLS, COMMENTS, GRADED, GRADES, TINY, by_id, rows

FREE = "q1_4_words"


@pytest.fixture(scope="module")
def assignment(tiny_course: Course) -> Assignment:
    return tiny_course.assignment(TINY)


@pytest.fixture(scope="module")
def release(assignment: Assignment) -> Json:
    return release_notebook(assignment)


@pytest.fixture(scope="module")
def template(release: Json, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class as far as the gradebook needs one, made where no program is on the path."""
    root = tmp_path_factory.mktemp("template")
    (root / FILE).write_text(config_text("a-tiny-course", None, RELEASE_CONFIG))
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("PATH", "/nowhere")
        with Grades(read_settings(root)) as grades:
            grades.register(TINY, release)
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def grades(root: Path) -> Iterator[Grades]:
    with Grades(read_settings(root)) as grades:
        yield grades


@pytest.fixture
def result(assignment: Assignment) -> Callable[..., Result]:
    def result(**points: float) -> Result:
        items = tuple(
            ItemResult(item.id, "task", points.get(item.id, item.points), item.points, "correct", None, "")
            if item.id != FREE or FREE in points
            else ItemResult(FREE, "question", 0.0, item.points, "needs_review", None, "")
            for item in assignment.items.values()
        )
        return Result("n.ipynb", TINY, sum(item.points for item in items), 12, "full", (), items)

    return result


def entry(
    result: Result,
    student: str = "ada",
    unanswered: frozenset[str] = frozenset(),
    timestamp: datetime | None = None,
    new: bool = True,
) -> Graded:
    return Graded(student, result, unanswered, timestamp, new=new)


def by_hand(root: Path, item: str, score: float, student: str = "ada") -> None:
    """A score given in formgrader, as its page saves it."""
    with Gradebook(read_settings(root).db_url, "x") as book:
        grade = book.find_grade(item, TINY, TINY, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.db.commit()


def grade_rows(root: Path, student: str = "ada") -> dict[str, tuple[object, ...]]:
    return {str(item): tuple(found) for who, item, *found in rows(root, GRADES) if who == student}


def test_an_assignment_is_registered_with_every_cell(grades: Grades, root: Path, release: Json) -> None:
    found = rows(root, CELLS)
    assert [name for kind, name, *_ in found if kind == "grade"] == sorted(GRADED)
    assert [name for kind, name, *_ in found if kind == "solution"] == ["Counter_answer", FREE, "row_means_answer"]
    sources = {name: rest for kind, name, *rest in found if kind == "source"}
    for name, (locked, cell_type, source, checksum) in sources.items():
        cell = by_id(release, str(name))
        marks = cell["metadata"]["nbgrader"]
        assert (cell_type, source, checksum) == (cell["cell_type"], cell["source"], marks["checksum"])
        assert bool(locked) == (marks["locked"] and not marks["solution"])
    assert grades.register(TINY, release) == []
    assert rows(root, CELLS) == found


def test_a_new_database_knows_its_version_without_alembic_on_the_path(root: Path) -> None:
    assert len(rows(root, "select version_num from alembic_version")) == 1
    assert rows(root, "select id from course") == [("a-tiny-course",)]


def test_scores_are_written_and_wait_for_a_reader_where_one_is_needed(
    grades: Grades, root: Path, result: Callable[..., Result]
) -> None:
    moved = grades.write(TINY, [entry(result(row_means=1.5)), entry(result(), "bob")])
    assert moved == []
    found = grade_rows(root)
    assert found["row_means"] == (1.5, None, 0)
    assert found["Counter"] == (2.0, None, 0)
    assert found[FREE] == (None, None, 1)
    assert read_standing(read_settings(root).db_url, TINY).scores["bob"]["row_means"] == 3.0
    with Gradebook(read_settings(root).db_url) as book:
        assert book.find_submission(TINY, "ada").score == 7.5
        assert book.find_submission(TINY, "ada").max_score == 12


def test_an_unanswered_text_is_zero_and_needs_nobody(grades: Grades, root: Path, result: Callable[..., Result]) -> None:
    grades.write(TINY, [entry(result(**{FREE: 0.0}), unanswered=frozenset({FREE, "row_means_answer"}))])
    assert grade_rows(root)[FREE] == (0.0, None, 0)
    comments = {name: text for _, name, text, _ in rows(root, COMMENTS)}
    assert comments == {"Counter_answer": None, FREE: "No response.", "row_means_answer": "No response."}


def test_a_score_given_by_hand_is_never_lost(grades: Grades, root: Path, result: Callable[..., Result]) -> None:
    grades.write(TINY, [entry(result())])
    by_hand(root, FREE, 2.0)
    by_hand(root, "Counter", 0.5)
    grades.write(TINY, [entry(result(), new=False)])
    assert grade_rows(root)[FREE] == (None, 2.0, 0), "nothing new was handed in: it stays as it was resolved"
    grades.write(TINY, [entry(result(Counter=1.0), new=False)])
    assert grade_rows(root)["Counter"] == (1.0, 0.5, 1), "the grader sees it differently now: a person looks again"
    assert grade_rows(root)[FREE] == (None, 2.0, 0)
    grades.write(TINY, [entry(result(), new=True)])
    assert grade_rows(root)[FREE] == (None, 2.0, 1), "something new was handed in: a person looks again"


def test_moved_scores_are_told(grades: Grades, result: Callable[..., Result]) -> None:
    grades.write(TINY, [entry(result(row_means=1.0)), entry(result(), "bob")])
    moved = grades.write(TINY, [entry(result(row_means=3.0)), entry(result(), "bob"), entry(result(), "eve")])
    assert moved == [Moved("ada", "row_means", 1.0, 3.0)]


def test_points_and_items_may_change_while_there_are_submissions(
    grades: Grades, root: Path, release: Json, result: Callable[..., Result]
) -> None:
    grades.write(TINY, [entry(result())])
    by_hand(root, "Counter", 0.5)
    by_hand(root, "q1_1_number", 1.0)
    changed = copy.deepcopy(release)
    by_id(changed, "Counter")["metadata"]["nbgrader"]["points"] = 5
    gone = by_id(changed, "q1_1_number")
    gone["metadata"]["nbgrader"]["grade_id"] = "q1_5_new"
    notes = grades.register(TINY, changed)
    assert notes == [
        "Counter is worth 5 now, not 2.",
        "q1_5_new is new, worth 1.",
        "q1_1_number is no longer part of the assignment. 1 scores given by hand went with it.",
    ]
    found = grade_rows(root)
    assert found["Counter"] == (2.0, 0.5, 0)
    assert found["q1_5_new"] == (None, None, 1)
    assert "q1_1_number" not in found
    with Gradebook(read_settings(root).db_url) as book:
        assert book.find_submission(TINY, "ada").max_score == 15
        assert book.find_grade("q1_5_new", TINY, TINY, "ada").max_score == 1
        book.remove_assignment(TINY)


def test_late_penalties_are_nbgraders_own(root: Path, result: Callable[..., Result]) -> None:
    with (root / FILE).open("a") as config:
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    due = datetime(2024, 5, 1, 12)
    with Grades(read_settings(root)) as grades:
        with Gradebook(read_settings(root).db_url) as book:
            book.update_or_create_assignment(TINY, duedate=due)
        late = entry(result(), "late", timestamp=due + timedelta(hours=1))
        timely = entry(result(), "timely", timestamp=due - timedelta(hours=1))
        grades.write(TINY, [late, timely, entry(result(), "unknown")])
        assert grades.assign_penalties(TINY) == ["late"]
        assert grades.assign_penalties(TINY) == []
        query = """select student_id, timestamp, late_submission_penalty
            from submitted_notebook join submitted_assignment
            on submitted_assignment.id = submitted_notebook.assignment_id order by 1"""
        assert rows(root, query) == [
            ("late", "2024-05-01 13:00:00.000000", 9.0),
            ("timely", "2024-05-01 11:00:00.000000", None),
            ("unknown", None, None),
        ]
        grades.write(TINY, [replace(late, timestamp=due)])
        assert grades.assign_penalties(TINY) == ["late"]
        assert rows(root, query)[0][2] is None, "handed in again, in time"


def test_a_locked_database_is_told_in_a_sentence(root: Path, result: Callable[..., Result]) -> None:
    settings = read_settings(root)
    impatient = replace(settings, db_url=settings.db_url + "?timeout=0.1")
    with Grades(impatient) as grades, Gradebook(settings.db_url) as other:
        other.db.connection().exec_driver_sql("begin immediate")
        with pytest.raises(ClassError, match="Another program works in it: wait until it is done"):
            grades.write(TINY, [entry(result())])


def test_settings_come_from_the_class(root: Path) -> None:
    settings = read_settings(root)
    assert settings.course_id == "a-tiny-course"
    assert settings.db_url == f"sqlite:///{root.resolve() / 'gradebook.db'}"
    with (root / FILE).open("a") as config:
        config.write("c.CourseDirectory.db_url = 'postgresql://host/name'\n")
    assert read_settings(root).db_url == "postgresql://host/name"
    with pytest.raises(ClassError, match="needs the Python package pymssql: install it"):
        Grades(replace(settings, db_url="mssql+pymssql://host/name"))
    with pytest.raises(ClassError, match="names no database that is known"):
        Grades(replace(settings, db_url="gradebook.db"))
    (root / FILE).write_text("c = get_config()\n1 / 0\n")
    with pytest.raises(ClassError, match="can't be read: ZeroDivisionError"):
        read_settings(root)
    with pytest.raises(ClassError, match="autograder new DIR"):
        read_settings(root / "elsewhere")
