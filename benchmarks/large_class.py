"""A large class out of a small one that is graded: the same work under new ids, in other handwritings."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from autograder.class_directory.paths import notebook_path, result_path
from autograder.course.source_notebook import grade_id_of
from tests.planted.handwriting import in_own_hand
from tests.planted.people import Person

Copies = Mapping[str, Sequence[Person]]


def enlarge(root: Path, copies: Copies) -> None:
    """For each student who is graded in the class, hand in the same as these others, with the same points. The code is
    written in each one's own hand, so that comparing it costs what it would."""
    names = sorted(path.name for path in (root / "results").iterdir() if path.is_dir())
    with ProcessPoolExecutor() as processes:
        for _ in processes.map(partial(_copy_files, root, names), copies.items(), chunksize=5):
            pass
    for name in names:
        _copy_stamps(root / "results" / f"{name}.graded.json", copies)
    with sqlite3.connect(root / "gradebook.db") as book:
        _copy_rows(book, copies)
    book.close()


def _copy_files(root: Path, names: Sequence[str], entry: tuple[str, Sequence[Person]]) -> None:
    student, others = entry
    for name in names:
        result = result_path(root, name, student)
        if not result.exists():
            continue
        notebook = notebook_path(root, name, student).read_text(encoding="utf-8")
        code = _code(notebook)
        for other in others:
            shutil.copy(result, result_path(root, name, other.id))
            shutil.copytree(root / "submitted" / student, root / "submitted" / other.id, dirs_exist_ok=True)
            path = notebook_path(root, name, other.id)
            path.parent.mkdir(parents=True)
            path.write_text(_rewritten(notebook, code, random.Random(f"{other.id} {name}")), encoding="utf-8")


def _code(notebook: str) -> list[str]:
    """The code that students wrote in a graded notebook."""
    cells = json.loads(notebook)["cells"]
    answers = [cell["source"] for cell in cells if (grade_id_of(cell) or "").endswith("_answer")]
    return [source for source in answers if source.startswith(("def ", "class "))]


def _rewritten(notebook: str, code: Sequence[str], chance: random.Random) -> str:
    for source in code:
        old, new = (json.dumps(text, ensure_ascii=False) for text in (source, in_own_hand(source, chance)))
        notebook = notebook.replace(old, new)
    return notebook


def _copy_stamps(path: Path, copies: Copies) -> None:
    stamps = json.loads(path.read_text(encoding="utf-8"))
    for student, others in copies.items():
        if student in stamps:
            stamps |= {other.id: stamps[student] for other in others}
    path.write_text(json.dumps(stamps), encoding="utf-8")


def _copy_rows(book: sqlite3.Connection, copies: Copies) -> None:
    """The rows of the students, and of what they handed in down to each grade and comment."""
    for student, others in copies.items():
        for other in others:
            row = other.id, other.first_name, other.last_name
            book.execute("insert into student (id, first_name, last_name) values (?, ?, ?)", row)
            new = {student: other.id}
            new = _copied(book, "submitted_assignment", "student_id", new)
            new = _copied(book, "submitted_notebook", "assignment_id", new)
            for table in ("grade", "comment"):
                _copied(book, table, "notebook_id", new)


def _copied(book: sqlite3.Connection, table: str, column: str, new: Mapping[str, str]) -> dict[str, str]:
    """Copy the rows whose `column` is a key of `new`, with its value in its place; the copies' ids by the old ones."""
    ids: dict[str, str] = {}
    for old, value in new.items():
        found = book.execute(f"select * from {table} where {column} = ?", (old,))
        columns = [description[0] for description in found.description]
        for row in found.fetchall():
            values = dict(zip(columns, row, strict=True))
            ids[values["id"]] = uuid.uuid4().hex
            values |= {"id": ids[values["id"]], column: value}
            marks = ", ".join("?" * len(columns))
            book.execute(f"insert into {table} values ({marks})", [values[name] for name in columns])
    return ids
