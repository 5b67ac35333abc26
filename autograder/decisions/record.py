"""A class's decisions.yaml: what an instructor decided after the fact, each decision once, undone ones included.

The commands of `autograder decide` write it; it may be written by hand, too.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec
import yaml
from msgspec import Meta

from autograder.course.course_files import Text
from autograder.course.strict_yaml import Entry, line_of, read_yaml
from autograder.decisions.who_and_when import TIME
from autograder.errors import ClassError, CourseError
from autograder.files import write_whole

FILE = "decisions.yaml"
HEAD = """\
# What was decided on this class. `autograder decide` writes this file, and `autograder grade` applies it.
# It may be changed by hand; comments are lost when a command writes it.
"""
ORDER = ("decide", "assignment", "item", "student", "hours", "until", "reason", "by", "when", "undone")  # of keys
When = Annotated[
    str,
    Meta(
        pattern=r"\A\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC\Z",
        description="a time such as 2027-03-05 23:59:00 UTC, in quotes if it stands alone",
    ),
]
Hours = Annotated[float, Meta(gt=0, le=10_000, description="a number of hours above 0, at most 10000")]


class Undone(Entry, frozen=True, kw_only=True, omit_defaults=True):
    """That a decision was taken back."""

    by: str = ""
    when: When | None = None
    reason: str = ""


class Decision(Entry, frozen=True, kw_only=True, omit_defaults=True, tag_field="decide"):
    """What every decision has."""

    called: ClassVar[str] = "decision"

    reason: str = ""
    by: str = ""
    when: When | None = None
    undone: Annotated[Undone | None, Meta(description="keys by, when and reason")] = None

    @property
    def kind(self) -> object:
        return self.__struct_config__.tag


class ItemDecision(Decision, frozen=True, kw_only=True, omit_defaults=True):
    """A decision on an item, for everybody."""

    assignment: Text
    item: Text


class Drop(ItemDecision, frozen=True, kw_only=True, omit_defaults=True, tag="drop"):
    """The item counts for nobody: no points, no maximum."""


class FullMarks(ItemDecision, frozen=True, kw_only=True, omit_defaults=True, tag="full-marks"):
    """Everybody who handed in has the item's full points."""


class ExtraTime(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="extra-time"):
    """A later due date for one student: so many hours, or until a time."""

    assignment: Text
    student: Text
    hours: Hours | None = None
    until: When | None = None

    @property
    def until_utc(self) -> datetime | None:
        """`until` as nbgrader has times: in UTC, without saying so. Raises ValueError for a day that doesn't exist."""
        return as_time(self.until) if self.until else None


AnyDecision = Drop | FullMarks | ExtraTime


class DecisionsFile(Entry, frozen=True):
    """decisions.yaml"""

    decisions: Annotated[tuple[AnyDecision, ...], Meta(description="a list of decisions")] = ()


def as_time(text: str) -> datetime:
    """A time as it stands in the file, in UTC without saying so. Raises ValueError."""
    form = TIME if text.count(":") == 2 else TIME.replace(":%S", "")
    return datetime.strptime(text, form)


def read_decisions(root: Path) -> tuple[AnyDecision, ...]:
    """All decisions of the class in `root`, undone ones included: number 1 is the first. Raises ClassError."""
    path = root / FILE
    if not path.exists():
        return ()
    try:
        found = read_yaml(path, DecisionsFile, with_line=True).decisions
    except CourseError as error:
        raise ClassError(str(error)) from error
    for number, one in enumerate(found, 1):
        wrong = _wrong(one)
        if wrong:
            raise refused(root, number, wrong)
    return found


def write_decisions(root: Path, decisions: tuple[AnyDecision, ...]) -> None:
    """Write the file whole or not at all."""
    entries: list[dict[str, object]] = msgspec.to_builtins(DecisionsFile(decisions))["decisions"]
    entries = [{key: entry[key] for key in ORDER if key in entry} for entry in entries]
    text = yaml.safe_dump({"decisions": entries}, sort_keys=False, allow_unicode=True, width=100)
    write_whole(root / FILE, HEAD + text)


def refused(root: Path, number: int, why: str) -> ClassError:
    """The error of a decision that can't be applied, with its line."""
    line = line_of(root / FILE, f".decisions[{number - 1}]")
    return ClassError(f"{root / FILE}, line {line}, decision {number}: {why}")


def _wrong(one: AnyDecision) -> str | None:
    if not isinstance(one, ExtraTime):
        return None
    if (one.hours is None) == (one.until is None):
        return "expected either `hours` or `until`, and not both."
    try:
        one.until_utc  # noqa: B018  (asked whether there is such a time)
        return None
    except ValueError:
        return f"there is no such time as {one.until!r}; expected a time such as 2027-03-05 23:59:00 UTC."
