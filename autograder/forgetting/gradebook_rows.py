"""Take a student out of nbgrader's database, as `nbgrader db student remove --force` does, and leave nothing behind."""

from __future__ import annotations

from contextlib import suppress

from autograder.errors import ClassError
from autograder.gradebook.database import open_gradebook, reading, telling_trouble
from autograder.gradebook.nbgrader_config import Settings

_SUBMISSIONS = "select id from submitted_assignment where student_id = :student"
_NOTEBOOKS = f"select id from submitted_notebook where assignment_id in ({_SUBMISSIONS})"
_COUNTS = {
    "entry as a student": "select count(*) from student where id = :student",
    "submissions": f"select count(*) from ({_SUBMISSIONS})",
    "grades": f"select count(*) from grade where notebook_id in ({_NOTEBOOKS})",
    "comments": f"select count(*) from comment where notebook_id in ({_NOTEBOOKS})",
}


def rows_of(settings: Settings, student: str) -> dict[str, int]:
    """How many rows of which kind the gradebook holds of a student, kinds with none left out. Raises ClassError."""
    from sqlalchemy import inspect, text

    with reading(settings.db_url) as connection:
        if connection is None or not inspect(connection).has_table("student"):
            return {}
        counts = {
            kind: connection.execute(text(query), {"student": student}).scalar() for kind, query in _COUNTS.items()
        }
    return {kind: int(count) for kind, count in counts.items() if count}


def remove_student(settings: Settings, student: str) -> None:
    """Remove a student and all that hangs on it, also from the file's pages that SQLite would only mark as free. A
    student who isn't there any more is no error. Raises ClassError."""
    from nbgrader.api import MissingEntry

    book = open_gradebook(settings.db_url, settings.course_id)
    try:
        with telling_trouble():
            with suppress(MissingEntry):
                book.remove_student(student)
            if settings.db_url.startswith("sqlite"):
                with book.db.get_bind().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("vacuum")
    except OSError as error:
        raise ClassError(f"The gradebook can't be written: {error.strerror or error}.") from error
    finally:
        book.close()
