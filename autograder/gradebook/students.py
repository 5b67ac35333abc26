"""The students that a class's gradebook knows."""

from __future__ import annotations

from dataclasses import dataclass, fields

from autograder.gradebook.database import reading
from autograder.gradebook.nbgrader_config import Settings


@dataclass(frozen=True)
class Student:
    """A student as nbgrader's gradebook knows one; "" for what isn't known."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def is_named(self) -> bool:
        """Whether more than the id is known, as after an import of a roster."""
        return bool(self.first_name or self.last_name or self.email or self.lms_user_id)


def students_of(settings: Settings) -> list[Student]:
    """The students of the gradebook; none where there is no gradebook yet, and none is made. Raises ClassError."""
    from sqlalchemy import String, column, inspect, select, table

    columns = [column(field.name, String) for field in fields(Student)]
    with reading(settings.db_url) as connection:
        if connection is None or not inspect(connection).has_table("student"):
            return []
        rows = connection.execute(select(*columns).select_from(table("student")))
        return [Student(*(text or "" for text in row)) for row in rows]
