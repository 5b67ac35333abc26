"""What the page asks, and the answers."""

from __future__ import annotations

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
        self._session, self._page, self._snippets = session, page, Snippets(session.root)
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
            return self._post[address.path](body) if address.path in self._post else None
        asked = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if address.path == "/api/questions":
            return self._questions()
        return self._answers(asked) if address.path == "/api/answers" else None

    def _questions(self) -> Record:
        found = [self._page.question(sheet) for sheet in self._session.sheets.values()]
        return {"questions": found, "finds_alike": finds_alike(), "names": self._page.show_names}

    def _answers(self, asked: dict[str, str]) -> Record:
        sheet, width = self._sheet(asked.get("question", "")), asked.get("width", "middle")
        answers = self._session.answers(sheet)
        self._texts[sheet.id] = {self._page.id_of(student): answer.text for student, answer in answers.items()}
        groups = groups_of(compared_texts(answers), _width_of(width))
        return {
            "answers": self._page.answers(sheet, answers),
            "groups": self._page.groups(groups, answers),
            "snippets": self._snippets.of(sheet.question.id),
        }

    def _give(self, body: bytes) -> Record:
        request = _read(body, GiveRequest)
        sheet = self._sheet(request.question)
        return self._page.written(self._session.give(sheet, self._page.given(request)))

    def _take_back(self, body: bytes) -> Record:
        del body
        found = self._session.take_back()
        if found is None:
            raise ClassError("There is nothing to take back.")
        sheet, written = found
        return self._page.written(written) | {"question": sheet.id}

    def _differences(self, body: bytes) -> Record:
        request = _read(body, DifferencesRequest)
        texts = self._texts.get(request.question, {})
        typical = texts.get(request.id, "")
        return {id: differences(typical, texts[id]) for id in request.ids if id in texts}

    def _change_snippets(self, body: bytes) -> Record:
        request = _read(body, SnippetRequest)
        question = self._sheet(request.question).question.id
        change = self._snippets.remove if request.remove else self._snippets.add
        return {"snippets": change(question, request.text)}

    def _sheet(self, id: str) -> ReadQuestion:
        if id not in self._session.sheets:
            raise ClassError("There is no such question. Load the page again.")
        return self._session.sheets[id]


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
