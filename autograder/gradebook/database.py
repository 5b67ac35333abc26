"""Open nbgrader's database of a class, and tell in a sentence what is wrong with it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.errors import ClassError
from autograder.files import temporary_name

_LOCKED_SECONDS = 60
_AGAIN = "Then run the same command again: what was graded is kept."
_DAMAGED = (
    "It is damaged: put a copy of yours in its place. Without one, move it away, and `autograder grade NAME --all` "
    "fills a new one from submitted/; what was given by hand is only in the old one."
)
_ADVICE = {  # by SQLite's words
    "is locked": f"Another program works in it: wait until it is done, or end it. {_AGAIN}",
    "is full": f"Make room on the disk. {_AGAIN}",
    "disk I/O error": f"The disk is full, over a quota, or broken. {_AGAIN}",
    "readonly": f"Make the file and its folder writable for you. {_AGAIN}",
    "unable to open": f"It has to be a file that you may write, in a folder that you may write. {_AGAIN}",
    "not a database": _DAMAGED,
    "malformed": _DAMAGED,
}
_GONE = "Put it or a copy of it there again; `autograder grade NAME` makes a new one, without what was given by hand."
_UPGRADE = "After an update of nbgrader, make a copy of the database and run `nbgrader db upgrade`."


def open_gradebook(url: str, course_id: str) -> Any:
    """nbgrader's Gradebook at `url`; a file that isn't there is made whole or not at all. Raises ClassError."""
    from nbgrader import api
    from sqlalchemy.engine import make_url

    with _naming_the_database(), _environment_on_path(), telling_trouble():
        file = _missing_file(url)
        if file:
            new = file.with_name(temporary_name())
            try:
                new.touch()  # SQLite would make it so that the group may never write it, whatever the umask
                api.Gradebook(str(make_url(url).set(database=str(new))), course_id).close()
                new.replace(file)
            finally:
                new.unlink(missing_ok=True)
        return api.Gradebook(_patient(url), course_id)


@contextmanager
def reading(url: str) -> Iterator[Any]:
    """A connection for reading; None where there is no database yet. Needs no nbgrader, which takes seconds to load.
    Raises ClassError."""
    with _naming_the_database(), telling_trouble():
        if _missing_file(url):
            yield None
            return
        with _connected(url) as connection:
            yield connection


@contextmanager
def writing(url: str) -> Iterator[Any]:
    """A connection for changing what is there, each transaction begun by whoever writes. Needs no nbgrader. Raises
    ClassError, also where there is no database."""
    with _naming_the_database(), telling_trouble():
        if file := _missing_file(url):
            raise ClassError(f"The gradebook {file} isn't there. {_GONE}")
        with _connected(url) as connection:
            yield connection


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    from sqlalchemy import create_engine

    engine = create_engine(_patient(url))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def shown(url: str) -> str:
    """The database's address as it may be printed: without a password."""
    from sqlalchemy.engine import make_url

    with _naming_the_database():
        return make_url(url).render_as_string(hide_password=True)


@contextmanager
def telling_trouble() -> Iterator[None]:
    """Tell what a database reports as a ClassError with advice."""
    from sqlalchemy.exc import DatabaseError

    try:
        yield
    except DatabaseError as error:
        said = str(error.orig)
        advice = next((advice for words, advice in _ADVICE.items() if words in said), _UPGRADE)
        raise ClassError(f"The gradebook can't be used: {said}. {advice}") from error


def _missing_file(url: str) -> Path | None:
    """The file of the database at `url`, if it is one and isn't there."""
    from sqlalchemy.engine import make_url

    place = make_url(url)
    file = Path(place.database or "")
    is_file = place.drivername.startswith("sqlite") and file.is_absolute()
    return file if is_file and not file.exists() else None


def _patient(url: str) -> str:
    """SQLite waits for another writer, such as formgrader, before it gives up."""
    if not url.startswith("sqlite") or "timeout=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}timeout={_LOCKED_SECONDS}"


@contextmanager
def _naming_the_database() -> Iterator[None]:
    """Tell of an address that names no database, or one that needs a package that isn't installed."""
    from sqlalchemy.exc import ArgumentError

    try:
        yield
    except ArgumentError as error:
        raise ClassError(f"c.CourseDirectory.db_url names no database that is known: {error}.") from error
    except ModuleNotFoundError as error:
        raise ClassError(f"The gradebook's database needs the Python package {error.name}: install it.") from error


@contextmanager
def _environment_on_path() -> Iterator[None]:
    """nbgrader calls the program `alembic` when it makes a database; it is installed next to this Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        if shutil.which("alembic") is None:
            raise ClassError("The program alembic isn't installed next to this Python: `pip install alembic`.")
        yield
    finally:
        os.environ["PATH"] = before
