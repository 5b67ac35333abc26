"""Whom the page's server answers, and whom not."""

from __future__ import annotations

import http.client
import socket

import pytest

from autograder.errors import ClassError
from autograder.reading.page_server import MOST_BODY, TOKEN_HEADER, PageServer

from .conftest import QUESTION, Reader

pytestmark = pytest.mark.slow


def test_who_has_no_token_is_told_nothing(reader: Reader) -> None:
    for token in ("", "wrong", reader.server.token[:-1], "é"):
        for path, body in (("/api/questions", None), (f"/api/answers?question={QUESTION}", None), ("/api/give", {})):
            status, said = reader.ask(path, body, {TOKEN_HEADER: token.encode().decode("latin-1")})
            assert status == 403
            assert list(said) == ["error"]


def test_another_run_has_another_token(reader: Reader, other_reader: Reader) -> None:
    assert other_reader.ask("/api/questions", headers={TOKEN_HEADER: reader.server.token})[0] == 403
    assert len(reader.server.token) >= 40


def test_what_the_token_does_not_guard_holds_nothing_of_the_class(reader: Reader) -> None:
    for path in reader.server.files:
        page = reader.server.files[path].decode()
        assert reader.ask(path, headers={TOKEN_HEADER: ""}) == (200, page)
        assert reader.server.token not in page
        assert "mean" not in page


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_name_that_leads_here_by_a_trick_is_refused(reader: Reader, host: str) -> None:
    name = host.format(port=reader.server.server_port)
    for path in ("/", "/api/questions"):
        assert reader.ask(path, headers={"Host": name})[0] == 421


def test_localhost_is_this_server_too(reader: Reader) -> None:
    assert reader.ask("/api/questions", headers={"Host": f"localhost:{reader.server.server_port}"})[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1"])
def test_pages_of_other_origins_are_refused(reader: Reader, origin: str) -> None:
    sent = {"Origin": origin.format(port=reader.server.server_port)}
    assert reader.ask("/api/take-back", {}, sent)[0] == 403
    assert reader.ask("/api/questions", headers=sent)[0] == 403


def test_its_own_page_is_answered(reader: Reader) -> None:
    assert reader.ask("/api/questions", headers={"Origin": reader.url})[0] == 200


def test_what_a_form_could_send_is_refused(reader: Reader) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert reader.ask("/api/take-back", b"{}", {"Content-Type": kind})[0] == 415


@pytest.mark.parametrize(
    "path",
    [
        "/../page_server.py",
        "/..%2fpage_server.py",
        "/%2e%2e/%2e%2e/cli.py",
        "//etc/passwd",
        "/page/../reading.js",
        "/nbgrader_config.py",
        "/gradebook.db",
        "/.",
        "/api/../reading.js",
        "/api/",
        "/api/nothing",
    ],
)
def test_no_path_leads_out_of_the_page(reader: Reader, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", reader.server.server_port)
    connection.request("GET", path, headers={TOKEN_HEADER: reader.server.token})
    assert connection.getresponse().status == 404
    connection.close()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_not_known(reader: Reader, method: str) -> None:
    assert reader.ask("/api/questions", method=method)[0] == 501


def test_bodies_that_are_not_what_they_should_be_are_refused(reader: Reader) -> None:
    reader.look()
    whole = {"question": QUESTION, "seen": {"x": "y"}, "points": {}, "comment": ""}
    for body in (b"", b"{", b"[]", b"\xff", {}, whole | {"more": 1}, whole | {"points": {"a": -1}}, whole, b"[" * 9000):
        assert reader.ask("/api/give", body)[0] == 400, body
    assert reader.ask("/api/give", whole | {"points": {"a": "1e999"}})[0] == 400
    assert reader.ask("/api/give", whole | {"question": "none"})[0] == 409
    assert reader.ask(f"/api/answers?question={QUESTION}&width=huge")[0] == 400


def test_a_body_that_is_too_long_is_not_even_read(reader: Reader) -> None:
    for length in (str(MOST_BODY + 1), "-1", "ten", ""):
        connection = http.client.HTTPConnection("127.0.0.1", reader.server.server_port)
        connection.putrequest("POST", "/api/take-back")
        for name, value in {TOKEN_HEADER: reader.server.token, "Content-Type": "application/json"}.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()


def test_a_connection_that_says_nothing_keeps_nobody_waiting(reader: Reader) -> None:
    with socket.create_connection(("127.0.0.1", reader.server.server_port)):
        assert reader.ask("/api/questions")[0] == 200


def test_every_answer_forbids_what_the_page_does_not_need(reader: Reader) -> None:
    for path in ("/", "/reading.js", "/api/questions", "/nothing"):
        connection = http.client.HTTPConnection("127.0.0.1", reader.server.server_port)
        connection.request("GET", path)
        headers = connection.getresponse().headers
        connection.close()
        rules = headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in rules
        assert "unsafe" not in rules
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Access-Control-Allow-Origin"] is None
        assert headers["Set-Cookie"] is None


def test_it_listens_on_this_machine_alone(reader: Reader) -> None:
    assert reader.server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_told(reader: Reader) -> None:
    with pytest.raises(ClassError, match=f"Port {reader.server.server_port} can't be taken"):
        PageServer(lambda *_: None, reader.server.server_port)
