"""A small class whose texts wait to be read, and a browser's view of the page that shows them."""

from __future__ import annotations

import json
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.classroom.grading_run import grade
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.gradebook.nbgrader_config import read_settings
from autograder.reading.page_answers import PageAnswers
from autograder.reading.page_data import PageData
from autograder.reading.page_server import TOKEN_HEADER, PageServer
from autograder.reading.reading_session import ReadingSession, open_reading
from tests.classes import TINY, hand_in, tiny

WORDS, QUESTION = "q1_4_words", f"{TINY}/q1_4_words"
CASE, BETTER = "names a case", "says what would be better"
HOSTILE = "<img src=x onerror=\"document.title='taken'\"> & <b>bold</b> [me](javascript:alert(1)) `code`"
TEXTS = {
    "ada": "When one value is far away from all the others, it pulls the mean. Take the median.",
    "ben": "when one value is far away from all the others it pulls the mean, take the median",
    "cleo": "When one value is far away from all the others, it pulls the mean. Take the mode.",
    "dan": HOSTILE,
    "eva": None,  # left it alone
    "finn": "There are two groups, and nobody is near the mean.",
}
READ = sorted(student for student, text in TEXTS.items() if text)


def hand_in_text(root: Path, student: str, text: str | None) -> None:
    answers = {} if text is None else {WORDS: text}
    notebook = with_answers(solved(tiny(root)), answers)
    if text is None:
        notebook = with_answers(notebook, {WORDS: "*Write your answer here, in place of this line.*"})
    hand_in(root, student, as_bytes(notebook))


@pytest.fixture(scope="session")
def written_class(fresh_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Graded, and nothing is read yet."""
    root = Path(shutil.copytree(fresh_class, tmp_path_factory.mktemp("reading") / "class"))
    with Gradebook(read_settings(root).db_url, read_settings(root).course_id) as book:
        book.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
    for student, text in TEXTS.items():
        hand_in_text(root, student, text)
    grade(root, TINY)
    return root


@pytest.fixture
def texts(written_class: Path, tmp_path: Path) -> Path:
    """The same, to be read."""
    return Path(shutil.copytree(written_class, tmp_path / "texts"))


@dataclass(frozen=True)
class Held:
    """What nbgrader says of a student's text."""

    manual: float | None
    waits: bool
    comment: str | None
    score: float


def held(root: Path, student: str) -> Held:
    with Gradebook(read_settings(root).db_url) as book:
        grade = book.find_grade(WORDS, TINY, TINY, student)
        comment = book.find_comment(WORDS, TINY, TINY, student)
        return Held(grade.manual_score, grade.needs_manual_grade, comment.manual_comment, grade.score)


def give_in_formgrader(root: Path, student: str, points: float | None, comment: str | None = None) -> None:
    """Points and a comment as formgrader's page saves them."""
    with Gradebook(read_settings(root).db_url) as book:
        grade = book.find_grade(WORDS, TINY, TINY, student)
        grade.manual_score, grade.needs_manual_grade = points, points is None
        if comment is not None:
            book.find_comment(WORDS, TINY, TINY, student).manual_comment = comment
        book.db.commit()


@dataclass
class Reader:
    """Whoever has the page open."""

    server: PageServer
    session: ReadingSession
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def ask(
        self, path: str, body: object = None, headers: Mapping[str, str] | None = None, method: str | None = None
    ) -> tuple[int, Any]:
        """The status and what the server says; a header of None is left out."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        usual = {TOKEN_HEADER: self.server.token} | ({"Content-Type": "application/json"} if data is not None else {})
        request = urllib.request.Request(self.url + path, data, usual | dict(headers or {}), method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, _content(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _content(error)

    def look(self, width: str = "middle") -> dict[str, Any]:
        """Load the page; what it was told of each student is in `seen`."""
        status, found = self.ask(f"/api/answers?question={QUESTION}&width={width}")
        assert status == 200, found
        by_id = {answer["id"]: answer for answer in found["answers"]}
        students = {student: by_id[id] for id, student in self.ids.items() if id in by_id}
        self.seen = students
        return dict(found)

    @property
    def ids(self) -> dict[str, str]:
        page = self.server.answer._page  # type: ignore[attr-defined]
        return {page.id_of(student): student for student in TEXTS}

    def give(self, students: list[str], points: list[float | None], comment: str = "") -> tuple[int, Any]:
        """Save points for what was seen."""
        seen = {self.seen[student]["id"]: self.seen[student]["seen"] for student in students}
        given = dict(zip((CASE, BETTER), points, strict=True))
        return self.ask("/api/give", {"question": QUESTION, "seen": seen, "points": given, "comment": comment})

    def gave(self, students: list[str], points: list[float | None], comment: str = "") -> None:
        status, said = self.give(students, points, comment)
        assert (status, said.get("refused")) == (200, []), said
        for answer in said["answers"]:
            self.seen[self.ids[answer["id"]]] |= answer


def _content(answer: Any) -> Any:
    body = answer.read()
    return json.loads(body) if answer.headers.get_content_type() == "application/json" else body.decode()


def open_page(root: Path, *, assignment: str = TINY, names: bool = False) -> Reader:
    session = open_reading(root, [assignment])
    server = PageServer(PageAnswers(session, PageData({"ada": "Ada Lovelace (ada)"}, names)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return Reader(server, session)


def close_page(reader: Reader) -> None:
    reader.server.shutdown()
    reader.server.server_close()


@pytest.fixture
def reader(texts: Path) -> Iterator[Reader]:
    reader = open_page(texts)
    yield reader
    close_page(reader)


@pytest.fixture
def other_reader(texts: Path, reader: Reader) -> Iterator[Reader]:  # noqa: ARG001  # reads the same class
    other = open_page(texts)
    yield other
    close_page(other)
