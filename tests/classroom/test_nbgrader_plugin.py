"""nbgrader's own commands and pages on a class: the same scores as `autograder grade`, and nothing lost."""

from __future__ import annotations

import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from autograder.classroom.grading_run import ClassReport, grade
from autograder.classroom.new_class import new_class
from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from tests.classes import (
    CELLS,
    COMMENTS,
    GRADED,
    GRADES,
    TINY,
    by_id,
    class_with_extra_credit,
    damaged,
    hand_in,
    rows,
    tiny,
)
from tests.jupyter_servers import running
from tests.nbgrader_commands import nbgrader

pytestmark = pytest.mark.slow

SPY = "def row_means(x):\n    print(x)\n    raise ValueError(str(x.tolist()) + '<script>alert(1)</script>')"


@dataclass(frozen=True)
class Graded:
    """A class that nbgrader graded first and `grade` after it, and what was in the gradebook each time."""

    root: Path
    names: dict[str, str]
    log: str
    by_nbgrader: list[Any]
    comments: list[Any]
    report: ClassReport


@pytest.fixture(scope="module")
def graded(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    root = tmp_path_factory.mktemp("nbgrader") / "class"
    new_class(tiny_course, root)
    submissions = damaged(tiny(root))
    submissions["spy"] = as_bytes(with_answers(solved(tiny(root)), {"row_means": SPY}))
    names = {f"s{number:02}": name for number, name in enumerate(submissions)}
    for student, name in names.items():
        hand_in(root, student, submissions[name])
    link = hand_in(root, "link", b"")
    link.unlink()
    link.symlink_to(forged(root))
    names["link"] = "a link to a file with forged outputs"
    log = nbgrader(root, "autograde", TINY)
    by_nbgrader, comments = rows(root, GRADES), rows(root, COMMENTS)
    return Graded(root, names, log, by_nbgrader, comments, grade(root, TINY))


def forged(root: Path) -> Path:
    """A notebook outside of submitted/ whose outputs say that every check gave full points."""
    notebook = solved(tiny(root))
    for item in GRADED[:-1]:
        cell = by_id(notebook, item)
        points = {"text/plain": str(cell["metadata"]["nbgrader"]["points"])}
        cell["outputs"] = [{"output_type": "execute_result", "data": points, "metadata": {}, "execution_count": 1}]
    path = root.parent / "forged.ipynb"
    path.write_bytes(as_bytes(notebook))
    return path


def test_nbgrader_and_grade_give_the_same_scores(graded: Graded) -> None:
    assert {student for student, *_ in graded.by_nbgrader} == set(graded.names)
    assert len(graded.by_nbgrader) == len(graded.names) * len(GRADED)
    assert sorted(graded.report.graded) == sorted(graded.names)
    assert graded.report.moved == ()
    assert rows(graded.root, GRADES) == graded.by_nbgrader
    assert rows(graded.root, COMMENTS) == graded.comments
    for student, item, score, *_ in graded.by_nbgrader:
        found = graded.report.results[student].item(item)
        assert score == (None if found.verdict == "needs_review" else found.points)
    assert graded.report.results["link"].points == 0
    assert "ERROR" not in graded.log
    assert "s02: The file is empty." in graded.log
    assert "has changed!" not in graded.log


@pytest.fixture(scope="module")
def class_with_extra(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class in which the points of one task are extra, and one solved notebook."""
    root = class_with_extra_credit(tiny_course, tmp_path_factory.mktemp("extra"))
    hand_in(root, "ada", as_bytes(solved(tiny(root))))
    return root


@pytest.mark.parametrize("by_nbgrader", [True, False], ids=["nbgrader autograde", "grade"])
def test_extra_points_come_on_top_of_the_maximum(class_with_extra: Path, tmp_path: Path, by_nbgrader: bool) -> None:
    root = Path(shutil.copytree(class_with_extra, tmp_path / "class"))
    if by_nbgrader:
        nbgrader(root, "autograde", TINY)
    else:
        grade(root, TINY)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        submission = book.find_submission(TINY, "ada")
        assert (submission.max_score, submission.score) == (10.0, 9.0)  # 3 for the text wait for their reader
        counter = book.find_grade("Counter", TINY, TINY, "ada")
        assert (counter.auto_score, counter.max_score, counter.extra_credit) == (0.0, 0.0, 2.0)


def test_generate_assignment_writes_what_was_registered(graded: Graded) -> None:
    registered = rows(graded.root, CELLS)
    release = graded.root / "release" / TINY / f"{TINY}.ipynb"
    before = nbformat.read(release, 4)
    nbgrader(graded.root, "generate_assignment", TINY, "--force")
    assert rows(graded.root, CELLS) == registered
    assert nbformat.read(release, 4) == before
    assert rows(graded.root, GRADES) == graded.by_nbgrader


def test_a_feedback_page_lists_tasks_questions_and_comments_by_name(graded: Graded, tmp_path: Path) -> None:
    root = Path(shutil.copytree(graded.root, tmp_path / "class"))
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        book.find_comment("q1_4_words", TINY, TINY, "s00").manual_comment = "Well said."
        book.db.commit()
    nbgrader(root, "generate_feedback", TINY)
    page = BeautifulSoup((root / "feedback" / "s00" / TINY / f"{TINY}.html").read_text(), "html.parser")
    entries = [[cell.get_text(strip=True) for cell in row.find_all("td")] for row in page.select("#contents tr")]
    assert entries == [
        ["row_means", "3 of 3", ""],
        ["Counter", "2 of 2", ""],
        ["Question 1.1", "1 of 1", ""],
        ["Question 1.2", "1 of 1", ""],
        ["Question 1.3", "2 of 2", ""],
        ["Question 1.4", "0 of 3", "Comment"],
    ]
    anchors = {anchor.get("name") for anchor in page.find_all("a")}
    assert {str(link["href"])[1:] for link in page.select("#contents a")} <= anchors
    assert "Well said." in page.get_text()


def test_the_feedback_pages_tell_no_hidden_case_and_run_nothing(graded: Graded) -> None:
    nbgrader(graded.root, "generate_feedback", TINY)
    pages = {path.parent.parent.name: path.read_text() for path in graded.root.glob("feedback/*/*/*.html")}
    assert set(pages) == set(graded.names)
    wrong, spy = (pages[student] for student, name in graded.names.items() if name in ("wrong", "spy"))
    assert "These are sums. Divide by the number of columns." in wrong
    assert f"{TINY}: 5 of 12 points" in wrong
    assert "[[1.5, 2.5]" in spy
    assert "<script>alert(1)" not in spy
    for page in pages.values():
        assert not re.search(r"Test cell|Out\[", page)
        for hidden in ("7.25", "3.125", "one column", "[[1, 2], [9, 4]]"):
            assert hidden not in page


@dataclass(frozen=True)
class Server:
    """A Jupyter server with formgrader in the class directory."""

    url: str
    token: str

    def ask(self, path: str, body: object = None, method: str | None = None) -> tuple[int, str]:
        """Status and text of the answer; a body is sent as JSON."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.url}/formgrader/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def read(self, path: str, body: object = None, method: str | None = None) -> Any:
        status, text = self.ask(path, body, method)
        assert status == 200, text
        return json.loads(text)


@pytest.fixture(scope="module")
def server(graded: Graded) -> Iterator[Server]:
    with running("jupyter_server", graded.root, graded.root.parent / "server") as jupyter:
        yield Server(jupyter.url, jupyter.token)


def student_called(graded: Graded, name: str) -> str:
    return next(student for student, called in graded.names.items() if called == name)


def test_formgrader_lists_the_scores(graded: Graded, server: Server) -> None:
    for page in ("gradebook", f"gradebook/{TINY}", f"gradebook/{TINY}/{TINY}", f"manage_submissions/{TINY}"):
        assert server.ask(page)[0] == 200
    (assignment,) = server.read("api/assignments")
    assert (assignment["name"], assignment["max_score"]) == (TINY, 12)
    listed = {found["student"]: found for found in server.read(f"api/submissions/{TINY}")}
    assert {student: found["score"] for student, found in listed.items()} == {
        student: result.points for student, result in graded.report.results.items()
    }
    assert all(found["autograded"] for found in listed.values())


def test_formgrader_shows_every_submission(graded: Graded, server: Server) -> None:
    submissions = server.read(f"api/submitted_notebooks/{TINY}/{TINY}")
    assert len(submissions) == len(graded.names)
    for found in submissions:
        status, page = server.ask(f"submissions/{found['id']}/")
        assert status == 200
        for item in GRADED:
            assert page.count(f'<input class="score tabbable" id="{item}"') == 1, graded.names[found["student"]]
        assert "<script>alert(1)" not in page
        assert not re.search(r"In&nbsp;\[|Out\[", page)


def test_a_score_given_in_formgrader_survives_its_autograde_button(graded: Graded, server: Server) -> None:
    student = student_called(graded, "wrong")
    before = server.read(f"api/submission/{TINY}/{student}")
    notebooks = server.read(f"api/submitted_notebooks/{TINY}/{TINY}")
    sheet = next(found["id"] for found in notebooks if found["student"] == student)
    grades = {found["name"]: found for found in server.read(f"api/grades?submission_id={sheet}")}
    server.read(f"api/grade/{grades['q1_4_words']['id']}", {"manual_score": 2.5}, "PUT")
    server.read(f"api/grade/{grades['row_means']['id']}", {"manual_score": 1, "extra_credit": 0.5}, "PUT")
    done = server.read(f"api/submission/{TINY}/{student}/autograde", {}, "POST")
    assert done["success"], done
    after = server.read(f"api/submission/{TINY}/{student}")
    assert after["score"] == before["score"] + 2.5 + 1.5
    grade(graded.root, TINY, everything=True)
    assert server.read(f"api/submission/{TINY}/{student}")["score"] == after["score"]
    assert server.read(f"api/assignment/{TINY}/{student}/generate_feedback", {}, "POST")["success"]


def test_an_assignment_of_the_instructors_own_is_graded_by_nbgrader(graded: Graded, server: Server) -> None:
    """Here nothing marks the notebook but its own test cell, so it must run."""
    marks = {"schema_version": 3, "task": False}
    answer = nbformat.v4.new_code_cell("x = 1", metadata={"nbgrader": marks | {
        "grade": False, "solution": True, "locked": False, "grade_id": "x"}})  # fmt: skip
    test = nbformat.v4.new_code_cell("assert x == 2", metadata={"nbgrader": marks | {
        "grade": True, "solution": False, "locked": True, "grade_id": "test_x", "points": 4}})  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for place, cells in (("source", [answer, test]), ("submitted/ada", [answer, test])):
        folder = graded.root / place / "own"
        folder.mkdir(parents=True)
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "own.ipynb")
    assert server.read("api/assignment/own/assign", {}, "POST")["success"]
    done = server.read("api/submission/own/ada/autograde", {}, "POST")
    assert done["success"], done
    notebook = nbformat.read(graded.root / "autograded" / "ada" / "own" / "own.ipynb", 4)
    assert [output.output_type for output in by_id(notebook, "test_x")["outputs"]] == ["error"]
    assert server.read("api/submission/own/ada")["score"] == 0
