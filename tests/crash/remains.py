"""What killed graders have left of a class, and what must hold of it: at any moment, and once it is complete."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.class_directory.paths import notebook_path, result_path
from autograder.result import read_result
from tests.classes import COMMENTS, GRADES, TINY

JOURNAL = "gradebook.db-journal"
Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Right:
    """What an undisturbed run leaves, and the seconds that a whole run and one without work take."""

    results: Mapping[str, str]
    notebooks: Mapping[str, str]
    grades: Rows
    comments: Rows
    whole: float
    idle: float


class Remains:
    """What lies in a class directory at this moment, read without changing it. `temporary`: its graders' own folder."""

    def __init__(self, root: Path, temporary: Path) -> None:
        self.root, self.temporary = root, temporary

    def results(self) -> list[Path]:
        """The results that are there, written in this run or before."""
        return list((self.root / "results" / TINY).glob("[!.]*.json"))

    def written(self) -> dict[Path, int]:
        """When each result was written, in nanoseconds."""
        return {path: path.stat().st_mtime_ns for path in self.results()}

    def stamps(self) -> list[str]:
        """The students whose grading is noted as done."""
        path = self.root / "results" / f"{TINY}.graded.json"
        return list(json.loads(path.read_text())) if path.exists() else []

    def unfinished(self) -> list[Path]:
        """Temporary files and folders; not nbgrader's own one, of which it leaves one when it makes a gradebook."""
        own = [path for path in self.temporary.iterdir() if not path.name.startswith("tmp")]
        return [*self.root.rglob(".writing-*"), *own]

    def has_journal(self) -> bool:
        """Whether something is being written into the gradebook."""
        return (self.root / JOURNAL).exists()

    def has_gradebook(self) -> bool:
        return (self.root / "gradebook.db").exists()

    def select(self, query: str) -> Rows:
        """Rows of a copy of the gradebook: what a killed run left unfinished there is the grader's to take back."""
        with tempfile.TemporaryDirectory(dir=self.root.parent) as folder:
            for path in self.root.glob("gradebook.db*"):
                shutil.copyfile(path, Path(folder, path.name))
            with closing(sqlite3.connect(Path(folder, "gradebook.db"))) as database:
                return database.execute(query).fetchall()

    def graded(self) -> set[str]:
        """The students who have scores in the gradebook."""
        return {str(student) for student, *_ in self.select(GRADES)}

    def as_right(self, whole: float, idle: float) -> Right:
        names = [path.stem for path in self.results()]
        return Right(
            {name: result_path(self.root, TINY, name).read_text() for name in names},
            {name: notebook_path(self.root, TINY, name).read_text() for name in names},
            self.select(GRADES),
            self.select(COMMENTS),
            whole,
            idle,
        )


def broken_now(remains: Remains, right: Right, most_unfinished: int) -> Iterator[str]:
    """What doesn't hold of those promises that hold at any moment."""
    yield from _wrong_files(remains, right)
    unfinished = remains.unfinished()
    if len(unfinished) > most_unfinished:
        yield f"leftovers pile up: {', '.join(path.name for path in unfinished)}"
    if remains.has_gradebook():
        yield from _wrong_gradebook(remains, right)


def _wrong_files(remains: Remains, right: Right) -> Iterator[str]:
    for kind, place, expected in (
        ("result", remains.root / "results" / TINY, right.results),
        ("notebook", remains.root / "autograded", right.notebooks),
    ):
        for path in place.rglob("[!.]*.json" if kind == "result" else "[!.]*.ipynb"):
            name = path.stem if kind == "result" else path.relative_to(place).parts[0]
            if path.read_text() != expected.get(name):
                yield f"the {kind} {path.name} of {name} isn't right"
    for path in remains.results():
        read_result(path.read_text())


def _wrong_gradebook(remains: Remains, right: Right) -> Iterator[str]:
    if remains.select("pragma integrity_check") != [("ok",)]:
        yield "the gradebook is damaged"
    if len(remains.select("select * from alembic_version")) != 1:
        yield "the gradebook's version is missing"
    for query, expected in ((GRADES, right.grades), (COMMENTS, right.comments)):
        rows = remains.select(query)
        wrong = set(rows) - set(expected)
        if wrong or len(rows) != len(set(rows)):
            yield f"the gradebook holds wrong or doubled rows: {sorted(map(str, wrong or rows))[:3]}"
    if not set(remains.stamps()) <= remains.graded():
        yield "the ledger notes what the gradebook doesn't hold"


def broken_when_complete(remains: Remains, right: Right, noted: set[str], report: Mapping[str, Any]) -> Iterator[str]:
    """How a complete class differs from an undisturbed one, and what of `noted` its last run didn't keep."""
    if set(report["unchanged"]) != noted:
        yield f"{sorted(noted ^ set(report['unchanged']))} were noted and not kept"
    if report["moved"] or report["notes"]:
        yield f"the last run reports {report['moved']} {report['notes']}"
    notebooks = {path.name for path in (remains.root / "autograded").iterdir()}
    if not {path.stem for path in remains.results()} == notebooks == set(right.results):
        yield "results or notebooks are missing"
    for query, expected in ((GRADES, right.grades), (COMMENTS, right.comments)):
        if remains.select(query) != expected:
            yield "the gradebook isn't that of an undisturbed class"
    if unfinished := remains.unfinished():
        yield f"a complete run left {', '.join(str(path.relative_to(remains.root.parent)) for path in unfinished)}"
