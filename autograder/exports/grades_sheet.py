"""A table of grades that a platform exported, to be imported there again: one column is filled, all else stays."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.class_directory.spreadsheet import number
from autograder.collecting.roster import Roster, squashed
from autograder.errors import ClassError

_MOST_BYTES = 50_000_000
_MARK = "\ufeff"
Row = tuple[str, ...]


@dataclass(frozen=True)
class GradeSheet:
    """A CSV table as it was read; the first of the `rows` is its head. `start` and `end` are what a file begins with
    (a byte order mark or nothing) and what ends its lines."""

    path: Path
    rows: tuple[Row, ...]
    delimiter: str
    start: str
    end: str

    @property
    def head(self) -> Row:
        return self.rows[0]

    def column(self, *names: str) -> int | None:
        """Where the first of the names stands in the head; None if none does."""
        return next((self.head.index(name) for name in names if name in self.head), None)

    @property
    def text(self) -> str:
        """The table as a file, written as it was read."""
        written = io.StringIO()
        csv.writer(written, delimiter=self.delimiter, lineterminator=self.end).writerows(self.rows)
        return self.start + written.getvalue()


@dataclass(frozen=True)
class Person:
    """Whom a row of a sheet means: a `number` of the platform's, which is the roster's lms_user_id where `is_user`, and
    texts that may each be an id, an address or a name."""

    number: str
    texts: tuple[str, ...]
    is_user: bool = False


@dataclass(frozen=True)
class Filled:
    """A sheet with the points in it. `kept`: students whose cell stayed as it was, with the reason; `strangers`: rows
    that are nobody in the class; `absent`: students with points who are in no row; `cut`: those who have more points
    than the platform takes."""

    sheet: GradeSheet
    written: tuple[str, ...]
    kept: Mapping[str, str]
    strangers: tuple[str, ...]
    absent: tuple[str, ...]
    cut: tuple[str, ...]


@dataclass(frozen=True)
class Filling:
    """How a sheet is to be filled: `person` tells whom a row means (None: it is no student's), `keeps` why its cell
    has to stay ("" if it hasn't). `most`: no more points than that are taken."""

    column: int
    person: Callable[[Row], Person | None]
    keeps: Callable[[Row], str]
    factor: float = 1.0
    most: float | None = None


def read_sheet(path: Path) -> GradeSheet:
    """The table in a file that a platform wrote. Raises ClassError."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8")
        start = _MARK if text.startswith(_MARK) else ""
        body = text.removeprefix(_MARK)
        head = body.partition("\n")[0]
        delimiter = max(",;\t", key=head.count)
        rows = tuple(tuple(row) for row in csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True))
    except OSError as error:
        raise ClassError(f"{path} can't be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ClassError(f"{path} is no CSV table in UTF-8: {error}. Export it from the platform again.") from error
    if not rows or len(rows[0]) < 2:
        raise ClassError(f"{path} is no CSV table: its first line names no columns. Export it from the platform again.")
    if any(row and len(row) != len(rows[0]) for row in rows):
        raise ClassError(f"Some row of {path} has more or fewer cells than the first one. Export it again.")
    return GradeSheet(path, rows, delimiter, start, "\r\n" if head.endswith("\r") else "\n")


def find_column(sheet: GradeSheet, wanted: str, among: Sequence[int], option: str) -> int:
    """The column that a text means: its head is the text, or the text with a number in parentheses after it, as
    Canvas has it; else whose head is alike but for signs and capitals. Raises ClassError for none, or several."""
    heads = {at: sheet.head[at] for at in among}
    for same in (
        lambda head: head == wanted,
        lambda head: _title(head) == wanted,
        lambda head: squashed(_title(head)) == squashed(wanted),
    ):
        found = [at for at, head in heads.items() if same(head)]
        if len(found) == 1:
            return found[0]
        if found:
            break
    known = "; ".join(heads.values()) or "none"
    which = "Several columns" if found else "No column"
    raise ClassError(f"{which} of {sheet.path} can be meant by {wanted!r}. Name one with {option}: {known}.")


def fill(
    sheet: GradeSheet, filling: Filling, points: Mapping[str, float], roster: Roster, numbers: Mapping[str, str]
) -> Filled:
    """The sheet with each student's points; who has none keeps the cell as it is. `numbers` are the platform's, with
    the students whom they are known to mean."""
    rows, written = [sheet.head], list[str]()
    kept, strangers, cut = dict[str, str](), list[str](), list[str]()
    for row in sheet.rows[1:]:
        rows.append(row)
        person = filling.person(row) if row else None
        student = _student(person, roster, numbers) if person else None
        if person and student is None:
            strangers.append(next(filter(None, (*person.texts, person.number)), "?"))
        if student is None or student not in points:
            continue
        if student in (*written, *kept):
            raise ClassError(f"{sheet.path} has two rows for {student}. Export it from the platform again.")
        if reason := filling.keeps(row):
            kept[student] = reason
            continue
        rows[-1] = _with_points(row, filling, points[student])
        written.append(student)
        if filling.most is not None and points[student] * filling.factor > filling.most:
            cut.append(student)
    absent = tuple(sorted(points.keys() - {*written, *kept}))
    return Filled(replace(sheet, rows=tuple(rows)), tuple(written), kept, tuple(strangers), absent, tuple(cut))


def _with_points(row: Row, filling: Filling, points: float) -> Row:
    value = points * filling.factor
    value = value if filling.most is None else min(value, filling.most)
    return (*row[: filling.column], number(value), *row[filling.column + 1 :])


def factor_to(most_here: float, most_there: float | None, *, scale: bool, where: str) -> float:
    """What points are multiplied with so that the maximum there is reached. Raises ClassError where the maxima differ
    and it isn't wanted that points are scaled."""
    if most_there is None or abs(most_here - most_there) < 1e-9:
        return 1.0
    if not scale or most_there <= 0 or most_here <= 0:
        raise ClassError(
            f"{where} counts {number(most_there)} points and the class {number(most_here)}: copied points would be "
            f"wrong. Set the maximum there to {number(most_here)} and export again, or let --scale convert them."
        )
    return most_there / most_here


def a_number(text: str) -> float | None:
    """A number as platforms write it, with a point or a comma; None for another text."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _title(head: str) -> str:
    """The name of an assignment in a head such as "Recency (1234)", as Canvas reads it."""
    name, _, id = head.rpartition(" (")
    return name if name and id.endswith(")") and id[:-1].isdecimal() else head


def _student(person: Person, roster: Roster, numbers: Mapping[str, str]) -> str | None:
    """The one student whom a row means: by a number that is known, else by the first text that means anybody."""
    if person.number in numbers:
        return numbers[person.number]
    user = person.number if person.is_user else ""
    found = [one for one in roster.students if user and one.lms_user_id == user]
    for text in person.texts:
        found = found or (roster.by_text(text) if text else [])
    if len(found) != 1:
        return None
    (one,) = found
    return None if user and one.lms_user_id not in ("", user) else one.id
