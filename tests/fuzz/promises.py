"""What must hold for every notebook that is handed in, whatever it holds: sentences about what does not."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping

from autograder.course.course import Assignment
from autograder.course.source_notebook import Json, grade_id_of
from autograder.marking.marker import MarkedSubmission
from autograder.report.marked_notebook import released_cells
from autograder.result import read_result
from autograder.submission.released_cells import ReleasedCell
from tests.fuzz.mutations import Mutant

# They move, drop and mark cells, but put no text into the answer cells of an exercise.
WITHOUT_ANSWERS = frozenset(
    {
        *("delete cells", "delete checks", "duplicate cells", "reorder cells", "retype cells", "drop keys", "add tags"),
        *("no cells among cells", "rename keys", "swap grade ids", "change marks", "notebook metadata", "bad outputs"),
        *("cell ids", "old format", "many cells", "giant keys", "giant output", "too many cells", "dying cells"),
        *("cut text", "cut bytes", "line ends", "another encoding", "prefix", "packed", "nesting", "duplicate keys"),
    }
)
LONGEST_SENTENCE = 2_000


def broken_promises(
    assignment: Assignment,
    expected: Mapping[str, ReleasedCell],
    mutant: Mutant,
    marked: MarkedSubmission,
    written: Json,
) -> Iterator[str]:
    """Which promises the result and the marked notebook of a mutant break."""
    yield from _wrong_points(assignment, marked)
    yield from _wrong_words(expected, mutant, marked)
    result = marked.result
    if mutant.base.endswith(" release") and result.points and WITHOUT_ANSWERS.issuperset(mutant.done):
        yield f"an exercise without an answer got {result.points:g} points"
    line = result.to_json()
    if "\n" in line or read_result(line.encode("utf-8").decode("utf-8")) != result:
        yield "the result isn't the same after it was written and read"
    ids = Counter(grade_id_of(cell) for cell in written["cells"])
    kept = [id for id, cell in expected.items() if _in_nbgraders_database(cell, id, assignment)]
    if any(ids[id] != 1 for id in kept):
        yield "a cell of the assignment isn't exactly once in the marked notebook"
    json.dumps(written, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _in_nbgraders_database(cell: ReleasedCell, id: str, assignment: Assignment) -> bool:
    return cell.locked or id in assignment.items


def _wrong_points(assignment: Assignment, marked: MarkedSubmission) -> Iterator[str]:
    result = marked.result
    if [item.id for item in result.items] != list(assignment.items):
        yield "the result doesn't hold exactly the assignment's items"
    for item in result.items:
        if not 0 <= item.points <= item.max_points or item.max_points != assignment.items[item.id].points:
            yield f"{item.id} got {item.points} of {item.max_points} points"
        if item.points and item.verdict in ("not_attempted", "needs_review"):
            yield f"{item.id} is {item.verdict} and got {item.points:g} points"
    if not math.isclose(result.points, sum(item.points for item in result.items)):
        yield "the points aren't the sum of the items' points"


def _wrong_words(expected: Mapping[str, ReleasedCell], mutant: Mutant, marked: MarkedSubmission) -> Iterator[str]:
    problems = marked.result.problems
    for problem in problems:
        if not problem.isprintable() or not problem.endswith((".", "?")) or len(problem) > LONGEST_SENTENCE:
            yield f"this is no sentence for a page: {problem[:200]!a}"
    if not marked.submission.cells and not problems:
        yield "nothing was read, and nothing is said about it"
    told = " ".join(problems)
    if not marked.submission.cells or "None of the assignment's cells" in told:
        return
    # Wherever an id no longer occurs as a JSON string, in one-byte or two-byte characters, its cell is gone, or was
    # found without it.
    text = mutant.data.replace(b"\0", b"")
    lost = [id for id in expected if f'"{id}"'.encode() not in text]
    noted = "Missing cells: " in told or "had lost their metadata" in told
    missed = [id for id in lost if not noted or (id not in told and " more." not in told)]
    if missed:
        yield f"cells are gone and not named: {', '.join(missed)}"


def broken_when_written(marked: MarkedSubmission, written: Json) -> Iterator[str]:
    """Which promises the marked notebook breaks once nbformat and nbgrader read it, which takes a while."""
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.utils import determine_grade

    notebook = nbformat.from_dict(written)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    cells = released_cells(notebook)
    for item in marked.result.items:
        score, most = determine_grade(cells[item.id])
        points = None if item.verdict == "needs_review" else item.points
        wanted = (0.0, 0.0) if item.extra else (points, item.max_points)
        if (score, most) != wanted:
            yield f"nbgrader reads {score} of {most} points for {item.id} in place of {wanted[0]} of {wanted[1]}"
