"""The page's server: on this machine alone, and only for who knows the token.

The token comes in the fragment of the address, which no browser sends. It goes back in a header of each request: unlike
a cookie, it reaches no other server of this machine, and no page of another origin can send it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError, ClassError

PAGE = Path(__file__).with_name("page")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
TOKEN_HEADER = "X-Reading-Token"
MOST_BODY = 2_000_000  # bytes
MOST_SECONDS = 30  # that a request may take to arrive
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
Answer = Callable[
    [str, str, bytes], Any
]  # of a method, a path with its query, and a body; None: there is no such thing


class PageServer(ThreadingHTTPServer):
    """Serves the page, and what `answer` says of all under /api/. Port 0 takes one that is free.

    Raises ClassError where the port is taken.
    """

    daemon_threads = True  # a browser may hold a connection open that nothing will come of

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self.answer, self.token = answer, secrets.token_urlsafe(32)
        self.files = {f"/{path.name}": path.read_bytes() for path in PAGE.iterdir() if path.suffix in TYPES}
        try:
            super().__init__(("127.0.0.1", port), _Request)
        except OSError as error:
            raise ClassError(
                f"Port {port} can't be taken: {error.strerror}. Name another one with --port, or none."
            ) from error

    @property
    def address(self) -> str:
        """What to open: it holds the token."""
        return f"http://127.0.0.1:{self.server_port}/#{self.token}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that a browser may know this server by; another one is how a page elsewhere would get in."""
        return f"127.0.0.1:{self.server_port}", f"localhost:{self.server_port}"


class _Request(BaseHTTPRequestHandler):
    server: PageServer
    server_version, sys_version = "autograder", ""
    timeout = MOST_SECONDS

    def do_GET(self) -> None:
        if self._is_from_here():
            self._file() if not self.path.startswith("/api/") else self._api()

    def do_POST(self) -> None:
        if self._is_from_here():
            self._api()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what is asked is no news to whoever sits at the terminal."""

    def _is_from_here(self) -> bool:
        """Whether the request names this server and, where it comes from a page, comes from this one."""
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        if host not in self.server.hosts:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, f"This server is http://{self.server.hosts[0]}.")
            return False
        if origin not in (None, f"http://{host}"):
            self._refuse(HTTPStatus.FORBIDDEN, "Pages of other servers may ask nothing here.")
            return False
        return True

    def _file(self) -> None:
        path = self.path.partition("?")[0]
        name = "/index.html" if path == "/" else path
        if name not in self.server.files:
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such page.")
            return
        self._send(HTTPStatus.OK, self.server.files[name], TYPES[Path(name).suffix])

    def _api(self) -> None:
        if not secrets.compare_digest(self.headers.get(TOKEN_HEADER, "").encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.FORBIDDEN, "Open the address that `autograder read` printed last.")
            return
        body = self._body() if self.command == "POST" else b""
        if body is None:
            return
        try:
            found = self.server.answer(self.command, self.path, body)
        except AutograderError as error:
            self._refuse(HTTPStatus.CONFLICT, str(error))
            return
        except ValueError as error:  # a body that isn't what it should be
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
            return
        if found is None:
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such thing.")
        else:
            self._send(HTTPStatus.OK, json.dumps(found).encode(), "application/json")

    def _body(self) -> bytes | None:
        """The JSON of a request; None where it was refused."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "JSON is expected.")
        elif not length.isdecimal() or int(length) > MOST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is too long.")
        else:
            return self.rfile.read(int(length))
        return None

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._send(status, json.dumps({"error": why}).encode(), "application/json")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
