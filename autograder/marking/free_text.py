"""Find the text that answers a free question, wherever it stands: nothing that a student wrote may be lost unread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.check.question import EMPTY_TEXT
from autograder.marking.released_cells import Released, text_of
from autograder.marking.submitted_notebook import Submission, SubmittedCell

MOST_PLACES = 5  # that a note lists


@dataclass(frozen=True)
class FoundText:
    """The answer in the question's cell at `place` (None: that is missing), or else what stands elsewhere and may be
    the answer: `elsewhere`, from the cells that `note` tells."""

    place: int | None
    text: str = ""
    elsewhere: str = ""
    note: str = ""


def find_text(submission: Submission, released: Released, question: str) -> FoundText:
    """The text for the free question with this id.

    Of copies of its cell the last that holds a text counts. If none does, the student's own cells around it and around
    the question, what was added to the question itself, and cells that mention the question's number are taken
    together, for a person to judge.
    """
    places = submission.find(question)
    answered = [place for place in places if _is_answer(submission.cells[place].source)]
    if answered:
        return FoundText(answered[-1], submission.cells[answered[-1]].source)
    place = places[-1] if places else None
    found = {at: text for at in _near(submission, released, question) if (text := _own_text(submission, released, at))}
    if not found:
        return FoundText(place)
    cell = "the answer's cell is missing" if place is None else "the answer's cell is empty"
    note = f"{question}: {cell}, but there is text in {_listed(list(found))}, which waits for a reader."
    return FoundText(place, elsewhere="\n\n".join(found.values()), note=note)


def _is_answer(source: str) -> bool:
    return source.strip() not in ("", EMPTY_TEXT)


def _near(submission: Submission, released: Released, question: str) -> list[int]:
    """The places where an answer that isn't in its cell may stand, in their order."""
    cells = submission.cells
    about = (f"{question}_stem", question)
    ends = [place for place, cell in enumerate(cells) if cell.grade_id in about]
    own = [_is_own(cell, released) for cell in cells]
    near = {place for place in ends if cells[place].grade_id != question}
    for end in ends:
        for way in (range(end + 1, len(cells)), range(end - 1, -1, -1)):
            near.update(_stretch(way, own))
    number = _number(question)
    for place, cell in enumerate(cells):
        if own[place] and cell.kind != "code" and (not ends or (number and number.search(cell.source))):
            near.add(place)
    return sorted(near)


def _is_own(cell: SubmittedCell, released: Released) -> bool:
    return cell.grade_id not in released.by_id and text_of(cell) not in released.texts


def _stretch(way: Sequence[int], own: Sequence[bool]) -> Iterator[int]:
    for place in way:
        if not own[place]:
            return
        yield place


def _number(question: str) -> re.Pattern[str] | None:
    """What a mention of a question such as q7_6_evaluate looks like: 7.6, or its id."""
    numbers = re.match(r"q(\d+)_(\d+)_", question)
    return numbers and re.compile(rf"(?<![\d.]){numbers[1]}\.{numbers[2]}(?!\d|\.\d)|\b{re.escape(question)}\b")


def _own_text(submission: Submission, released: Released, place: int) -> str:
    """The lines of a cell that aren't the release's; code is set as code."""
    cell = submission.cells[place]
    lines = [line for line in cell.source.splitlines() if not line.strip() or line.strip() not in released.lines]
    text = "\n".join(f"    {line}" if cell.kind == "code" else line for line in lines)
    return text.strip("\n") if re.search(r"\w", text) else ""


def _listed(places: Sequence[int]) -> str:
    names = ", ".join(str(place + 1) for place in places[:MOST_PLACES])
    more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    return f"cell{'s' if len(places) > 1 else ''} {names}{more}"
