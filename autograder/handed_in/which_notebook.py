"""Which of several files is the notebook to be graded: the one that a person would take who looks into each.

The right name counts first, unless nothing is answered under it; then the answers do. Where two notebooks have
different answers and neither is further than the other, nothing is graded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.course.course import Course
from autograder.course.source_notebook import grade_id_of, marks_of
from autograder.handed_in.listing import is_checkpoint, is_regular, some, where
from autograder.release.build import release_notebook
from autograder.submission.released_cells import (
    Released,
    most_shared,
    plain_text,
    recognised,
    released_cells_of,
    shared_cells,
    text_of,
)
from autograder.submission.submitted_notebook import Submission, read_notebook, read_submission

MOST_LOOKED_INTO = 20  # notebooks of one submission
# Safari adds what it takes the file for, and a browser counts what is downloaded again.
_NOTEBOOK = re.compile(r"\.ipynb(?:(?: ?\(\d+\))?\.(?:json|txt))?\Z", re.IGNORECASE)
_ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|gz|bz2|xz|7z|rar)\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Sought:
    """The notebook that is looked for: that of one assignment of a course, which is loaded only where it is needed."""

    course: Course
    assignment: str

    @property
    def name(self) -> str:
        return f"{self.assignment}.ipynb"

    @cached_property
    def released(self) -> Released:
        return released_cells_of(self.course.assignment(self.assignment))

    @cached_property
    def blank(self) -> dict[str, str]:
        """The text of each answer cell as students get it, by the cell's id."""
        cells = release_notebook(self.course.assignment(self.assignment))["cells"]
        return {
            id: plain_text(cell["source"]) for cell in cells if (id := grade_id_of(cell)) and marks_of(cell)["solution"]
        }

    def claimed_by(self, data: bytes) -> bool:
        """Whether a notebook says itself that it is of the assignment; looks at its bytes alone."""
        return re.search(rb'"assignment"\s*:\s*"' + re.escape(self.assignment.encode()) + rb'"', data) is not None

    def another(self, submission: Submission) -> str | None:
        """The other assignment of the course whose cells a notebook holds, if it holds none of this one."""
        if not submission.cells or shared_cells(submission, self.released):
            return None
        others = [name for name in self.course.names if name != self.assignment]
        return most_shared(submission, others, lambda name: released_cells_of(self.course.assignment(name)))


@dataclass(frozen=True)
class Candidate:
    """A file that may be the notebook. `answers` are the texts of its answered cells by id, `own` those of cells that
    the student added; `ours`: it holds cells of the assignment."""

    path: Path
    submission: Submission
    answers: frozenset[tuple[str, str]] = frozenset()
    own: frozenset[tuple[str, str]] = frozenset()
    ours: bool = False

    @property
    def answered(self) -> bool:
        return self.ours and bool(self.answers or self.own)

    def goes_beyond(self, other: Candidate) -> bool:
        """Whether it has all that the other has, or answers to more and to all that the other answers."""
        mine, others = ({id for id, _ in one.answers} for one in (self, other))
        if mine == others:
            return self.answers == other.answers and self.own >= other.own
        return mine > others


@dataclass(frozen=True)
class Choice:
    """The notebook to be graded, if there is one, and what is to be said about it."""

    notebook: Path | None
    notes: tuple[str, ...] = ()


def is_notebook(name: str) -> bool:
    """Whether a file of this name is a notebook, also as browsers rename it: `.IPYNB`, `.ipynb.json`, `.ipynb.txt`."""
    return _NOTEBOOK.search(name) is not None


def is_archive(name: str) -> bool:
    """Whether a file of this name holds other files."""
    return _ARCHIVE.search(name) is not None


def choose(files: Sequence[Path], folder: Path, sought: Sought) -> Choice:
    """The notebook to be graded among the files of a submission's folder. Never raises for what they hold."""
    notebooks = [path for path in files if is_notebook(path.name)]
    if folder / sought.name not in notebooks and is_regular(folder / sought.name):
        notebooks.append(folder / sought.name)  # it wasn't found among too many files
    if not notebooks:
        return _none(files, folder)
    notebooks.sort(key=lambda path: (path != folder / sought.name, path.name != sought.name))
    saved = [path for path in notebooks if not is_checkpoint(path.relative_to(folder))]
    if len(saved) == 1 and sought.claimed_by(_bytes(saved[0])):
        return _taken(saved[0], folder, sought)
    candidates = [look_into(path, _bytes(path), sought) for path in saved[:MOST_LOOKED_INTO]]
    if not any(one.ours for one in candidates):
        checkpoints = [path for path in notebooks if path not in saved]
        candidates += [look_into(path, _bytes(path), sought) for path in checkpoints[:MOST_LOOKED_INTO]]
    return _choice(candidates, folder, sought)


def look_into(path: Path, data: bytes, sought: Sought) -> Candidate:
    """What a notebook's bytes hold of the assignment."""
    submission = read_submission(data, path.name)
    if not submission.cells or not shared_cells(submission, sought.released):
        return Candidate(path, submission)
    submission, _ = recognised(submission, sought.released)
    cells = [(cell.grade_id, plain_text(cell.source), text_of(cell)) for cell in submission.cells]
    answers = {(id, text) for id, text, _ in cells if id in sought.blank and text and text != sought.blank[id]}
    own = {whole for id, text, whole in cells if id is None and text and whole not in sought.released.texts}
    return Candidate(path, submission, frozenset(answers), frozenset(own), ours=True)


def _choice(candidates: Sequence[Candidate], folder: Path, sought: Sought) -> Choice:
    answered = [one for one in candidates if one.answered]
    if answered:
        in_place = [one for one in answered if one.path == folder / sought.name]
        named = [one for one in answered if one.path.name == sought.name]
        best = _furthest(in_place) or _furthest(named) or _furthest(answered)
        return _of_answered(best, answered, candidates, folder, sought)
    ours = [one for one in candidates if one.ours]
    if ours:  # untouched, all of them
        return _taken(ours[0].path, folder, sought)
    foreign = {one.path: name for one in candidates if (name := sought.another(one.submission))}
    unknown = [one for one in candidates if one.path not in foreign]
    if not unknown:
        path, name = next(iter(foreign.items()))
        return Choice(None, (f"Nothing was graded: {where(path, folder)} is the notebook of {name}, by its cells.",))
    with_cells = [one for one in unknown if one.submission.cells] or unknown
    if len(with_cells) == 1 or with_cells[0].path.name == sought.name:
        return _taken(with_cells[0].path, folder, sought)
    return _undecided(with_cells, folder, sought)


def _of_answered(
    best: Candidate | None, answered: Sequence[Candidate], candidates: Sequence[Candidate], folder: Path, sought: Sought
) -> Choice:
    if best is None:
        return _undecided(answered, folder, sought)
    passed = next((one for one in candidates if one.path == folder / sought.name and one is not best), None)
    if passed is None:
        choice = _taken(best.path, folder, sought)
    else:
        note = (
            f"{sought.name} {_fault(passed)}; {where(best.path, folder)}, which has answers, was graded in its place."
        )
        choice = Choice(best.path, (note,))
    others = [where(one.path, folder) for one in answered if one is not best and not best.goes_beyond(one)]
    if others:
        return Choice(
            best.path, (*choice.notes, f"Other notebooks hold other answers and were left alone: {some(others)}.")
        )
    return choice


def _fault(passed: Candidate) -> str:
    """Why the notebook with the right name isn't graded."""
    if passed.ours:
        return "holds no answers"
    return "isn't the assignment's" if passed.submission.cells else "can't be read"


def _furthest(candidates: Sequence[Candidate]) -> Candidate | None:
    """The first that goes beyond all others, if one does."""
    return next((one for one in candidates if all(one.goes_beyond(other) for other in candidates)), None)


def _taken(path: Path, folder: Path, sought: Sought) -> Choice:
    if path == folder / sought.name:
        return Choice(path)
    what = ", a checkpoint," if is_checkpoint(path.relative_to(folder)) else ""
    return Choice(path, (f"{sought.name} was expected; {where(path, folder)}{what} was taken in its place.",))


def _undecided(candidates: Sequence[Candidate], folder: Path, sought: Sought) -> Choice:
    names = some([where(one.path, folder) for one in candidates])
    note = f"Nothing was graded: {sought.name} was expected, and it can't be told which of these it should be: {names}."
    return Choice(None, (note,))


def _none(files: Sequence[Path], folder: Path) -> Choice:
    archives = [where(path, folder) for path in files if is_archive(path.name)]
    if not archives:
        return Choice(None, ("Nothing was handed in: there is no notebook in the folder.",))
    return Choice(
        None,
        (
            f"Nothing was graded: there is no notebook in the folder, but an archive, {some(archives)}, which isn't "
            "unpacked here. Unpack it there, or run `autograder collect` on it.",
        ),
    )


def _bytes(path: Path) -> bytes:
    try:
        return read_notebook(path)
    except OSError:  # told when it is marked
        return b""
