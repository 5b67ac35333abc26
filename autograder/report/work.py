"""What a student handed in, read from the graded notebook: its cells, the text of each answer, and what of it a page
shows. All of it is the student's: text to be escaped, and pictures that are PNG and small.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.class_directory.paths import notebook_path
from autograder.course.source_notebook import Json, answer_id
from autograder.files import read_regular
from autograder.report.picture import png_anew
from autograder.report.sanitize import unsanitized
from autograder.submission.submitted_notebook import MOST_FILE

MOST_TEXT = 20_000  # characters of one answer
MOST_OUTPUT = 4_000  # characters printed below one answer
MOST_PICTURE = 150_000  # characters of a picture's base64
MOST_PICTURES = 600_000  # characters of all pictures of one notebook
CUT = "\n… (cut here; the notebook has all of it)"


@dataclass(frozen=True)
class WorkCell:
    """A cell of a graded notebook. `source` is the student's text as it was written, to be escaped where it is shown;
    `outputs` are nbformat's."""

    grade_id: str | None
    kind: str
    source: str
    outputs: tuple[Json, ...]


@dataclass(frozen=True)
class Work:
    """A student's notebook of an assignment, its cells in their order."""

    cells: tuple[WorkCell, ...]

    def answer(self, item: str) -> str:
        """The text of the cell that holds an item's answer, code or prose; "" where there is no such cell."""
        found = self._by_id.get(answer_id(item)) or self._by_id.get(item)
        return found.source if found and not (found.grade_id == item and found.kind == "code") else ""

    @cached_property
    def _by_id(self) -> Mapping[str, WorkCell]:
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id}


def read_work(root: Path, assignment: str, student: str) -> Work:
    """The graded notebook of a class in `root`; one without cells where there is none, or none that can be read."""
    try:
        notebook = json.loads(read_regular(notebook_path(root, assignment, student), MOST_FILE))
        return Work(tuple(map(_cell, notebook["cells"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Work(())


def _cell(cell: Json) -> WorkCell:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return WorkCell(grade_id, cell["cell_type"], unsanitized(_text(cell["source"])), tuple(cell.get("outputs", ())))


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


@dataclass(frozen=True)
class ShownWork:
    """An item's answer as it was written ("" for none), what was printed below it, and pictures as base64 of PNG."""

    answer: str = ""
    printed: str = ""
    pictures: tuple[str, ...] = ()


def shown_work(work: Work, items: Sequence[str]) -> dict[str, ShownWork]:
    """The work on each of the items. What a cell shows belongs to the last answer before it."""
    outputs = dict(_outputs(work, items))
    left = MOST_PICTURES
    found = {}
    for item in items:
        printed, pictures = outputs.get(item, ("", ()))
        shown = []
        for picture in pictures:
            left -= len(picture)
            if left >= 0:
                shown.append(picture)
        found[item] = ShownWork(_cut(work.answer(item), MOST_TEXT), _cut(printed, MOST_OUTPUT), tuple(shown))
    return found


def _outputs(work: Work, items: Sequence[str]) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    answers: Mapping[str | None, str] = {answer_id(item): item for item in items}
    last, printed, pictures = "", list[str](), list[str]()
    for cell in work.cells:
        if cell.grade_id in answers:
            yield last, ("".join(printed), tuple(pictures))
            last, printed, pictures = answers[cell.grade_id], [], []
        if cell.grade_id not in items:  # a check's cell shows the feedback, which the result tells, too
            printed += map(_said, cell.outputs)
            pictures += filter(None, map(_picture, cell.outputs))
    yield last, ("".join(printed), tuple(pictures))


def _said(output: Json) -> str:
    """What an output says as text, on lines of its own."""
    data = output.get("data")
    if output.get("output_type") == "stream":
        found = output.get("text")
    elif output.get("output_type") == "error":
        found = f"{output.get('ename')}: {output.get('evalue')}"
    else:
        found = data.get("text/plain") if isinstance(data, dict) and "image/png" not in data else ""
    text = "".join(map(str, found)) if isinstance(found, list) else found if isinstance(found, str) else ""
    return f"{text.rstrip()}\n" if text.strip() else ""


def _picture(output: Json) -> str:
    """A picture's base64, written anew, so that it is nothing else; "" where there is none that can be shown."""
    data = output.get("data")
    text = data.get("image/png") if isinstance(data, dict) else None
    if not isinstance(text, str) or len(text) > MOST_PICTURE:
        return ""
    return png_anew(text)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + CUT
