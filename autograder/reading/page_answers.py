"""What the page asks, and the answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from autograder.errors import ClassError
from autograder.reading.answers import ReadQuestion
from autograder.reading.page_data import (
    DifferencesRequest,
    GiveRequest,
    PageData,
    Record,
    SnippetRequest,
    compared_texts,
)
from autograder.reading.reading_session import ReadingSession
from autograder.reading.snippets import Snippets
from autograder.similarity.differences import differences
from autograder.similarity.texts import CUTS, Width, finds_alike, groups_of

Request = TypeVar("Request", GiveRequest, DifferencesRequest, SnippetRequest)


class PageAnswers:
    """Answers the page's requests about a session. Raises ClassError, and ValueError for what can't be read."""

    def __init__(self, session: ReadingSession, page: PageData) -> None:
        self._session, self._page = session, page
        self._snippets = Snippets(session.root, session.groupshared)
        self._one_at_a_time = threading.Lock()
        self._texts: dict[str, dict[str, str]] = {}  # as the page shows them, by question
        self._post: dict[str, Callable[[bytes], Record]] = {
            "/api/give": self._give,
            "/api/take-back": self._take_back,
            "/api/differences": self._differences,
            "/api/snippets": self._change_snippets,
        }

    def __call__(self, method: str, target: str, body: bytes) -> Any:
        """What is asked by a method of a path with its query; None where there is no such thing."""
        address = urlsplit(target)
        if method == "POST":
            with self._one_at_a_time:
                return self._post[address.path](body) if address.path in self._post else None
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if address.path == "/api/questions":
            return self._questions()
        return self._answers(query) if address.path == "/api/answers" else None

    def _questions(self) -> Record:
        found = [self._page.question(asked) for asked in self._session.questions.values()]
        return {"questions": found, "finds_alike": finds_alike(), "names": self._page.show_names}

    def _answers(self, query: dict[str, str]) -> Record:
        asked, width = self._asked(query.get("question", "")), query.get("width", "middle")
        answers = self._session.answers(asked)
        self._texts[asked.id] = {self._page.id_of(student): answer.text for student, answer in answers.items()}
        groups = groups_of(compared_texts(answers), _width_of(width))
        return {
            "answers": self._page.answers(asked, answers),
            "groups": self._page.groups(groups, answers),
            "snippets": self._snippets.of(asked.question.id),
        }

    def _give(self, body: bytes) -> Record:
        request = _read(body, GiveRequest)
        asked = self._asked(request.question)
        return self._page.written(self._session.give(asked, self._page.given(request)))

    def _take_back(self, body: bytes) -> Record:
        del body
        found = self._session.take_back()
        if found is None:
            raise ClassError("There is nothing to take back.")
        asked, written = found
        return self._page.written(written) | {"question": asked.id}

    def _differences(self, body: bytes) -> Record:
        request = _read(body, DifferencesRequest)
        texts = self._texts.get(request.question, {})
        typical = texts.get(request.id, "")
        return {id: differences(typical, texts[id]) for id in request.ids if id in texts}

    def _change_snippets(self, body: bytes) -> Record:
        request = _read(body, SnippetRequest)
        question = self._asked(request.question).question.id
        change = self._snippets.remove if request.remove else self._snippets.add
        return {"snippets": change(question, request.text)}

    def _asked(self, id: str) -> ReadQuestion:
        if id not in self._session.questions:
            raise ClassError("There is no such question. Load the page again.")
        return self._session.questions[id]


def _read(body: bytes, kind: type[Request]) -> Request:
    """The request in a body. Raises ValueError."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error


def _width_of(name: str) -> Width:
    for width in CUTS:
        if width == name:
            return width
    raise ValueError(f"Groups are {', '.join(CUTS)}.")
