"""What runs of grading moved and why, and what was decided: a page, a concern on Today, a table for each student."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from autograder.decisions.record import AnyDecision, ItemDecision, read_decisions
from autograder.history.record import REASONS, Run, StudentMove
from autograder.report.terminal import printable
from autograder.site.page.records import Column, Concern, Content, DataTable, Link, Page
from autograder.site.sources import Sources, item_name

PATH = "history.html"
MOST_RUNS = 20  # whose moves are listed one by one; `autograder history` has all
STUDENT, BEFORE, AFTER, WHY = Column("Student"), Column("Before", True), Column("After", True), Column("Why")


def history_page(sources: Sources) -> Iterator[Page]:
    """All runs, the newest first, with whose points moved, and what was decided."""
    runs = dict(sorted(sources.runs.items(), reverse=True))
    moved = [_moves(sources, number, run) for number, run in runs.items() if run.changed]
    values = {
        "lead": _lead(runs),
        "decisions": _decisions(sources),
        "runs": _runs(runs) if runs else None,
        "moved": moved[:MOST_RUNS],
        "left_out": max(0, len(moved) - MOST_RUNS),
    }
    yield Page(PATH, "History", "history.html.j2", values, entry="History")


def what_moved(sources: Sources) -> Iterator[Concern]:
    """Whose points the newest run of each assignment moved, of those who had points before."""
    newest = {run.assignment: (number, run) for number, run in sources.runs.items()}
    rows: list[tuple[Content, ...]] = []
    for _, run in sorted(newest.values(), key=lambda one: -one[0]):
        names = {move.student: move for move in run.changed if move.before != move.after}
        for student in sources.people.in_order(names):
            rows.append((sources.student(student, run.assignment), run.assignment, *_row(names[student])))
    if rows:
        graded = sum(len(run.marked) for _, run in newest.values() if run.changed)
        students = len({row[0] for row in rows})
        whose = "1 student has" if students == 1 else f"{students} students have"
        marked = f"{graded} hand-in{' was' if graded == 1 else 's were'} marked in that. " if graded else ""
        yield Concern(
            "moved",
            f"{whose} other points since the last grading",
            f"{marked}Tell those whose points moved, and why.",
            links=(Link("All that moved, and what was decided", PATH),),
            details=DataTable(
                "moved-table", "What moved", (STUDENT, Column("Assignment"), BEFORE, AFTER, WHY), tuple(rows)
            ),
        )


def moves_by_student(sources: Sources) -> Mapping[str, DataTable]:
    """How the points of each student came about, where they moved after they were graded first."""
    found: dict[str, list[tuple[Content, ...]]] = defaultdict(list)
    moved: set[str] = set()
    for run in sources.runs.values():
        for move in run.moved:
            found[move.student].append((run.when, run.assignment, *_row(move)))
            moved |= {move.student} if move.before is not None else set()
    columns = (Column("When"), Column("Assignment"), BEFORE, AFTER, WHY)
    return {
        student: DataTable("moves", "How the points came about", columns, tuple(found[student])) for student in moved
    }


def _row(move: StudentMove) -> tuple[Content, ...]:
    reasons = ", ".join(REASONS[reason] for reason in move.why)
    items = ", ".join(item_name(item.item) for item in move.items)
    return move.before, move.after, f"{reasons} ({items})" if items else reasons


def _moves(sources: Sources, number: int, run: Run) -> DataTable:
    names = {move.student: move for move in run.changed}
    rows = ((sources.student(student), *_row(names[student])) for student in sources.people.in_order(names))
    caption = f"Run {number}, {run.assignment}, {run.when}"
    return DataTable(f"run-{number}", caption, (STUDENT, BEFORE, AFTER, WHY), tuple(rows))


def _runs(runs: Mapping[int, Run]) -> DataTable:
    columns = (
        *(Column("Run", True), Column("When (UTC)"), Column("Assignment"), Column("Who: command")),
        *(Column("Marked", True), Column("New", True), Column("Moved", True), Column("Grader"), Column("Course")),
    )
    rows = tuple(
        (
            *(number, run.when[:16], run.assignment, f"{printable(run.by)}: {run.command}"),
            *(len(run.marked), sum(move.before is None for move in run.moved), len(run.changed)),
            *(run.engine, run.course[:8]),
        )
        for number, run in runs.items()
    )
    return DataTable("runs", "Runs of grading that changed anything, the newest first", columns, rows)


def _decisions(sources: Sources) -> DataTable | None:
    """All decisions, those in force first."""
    numbered = sorted(enumerate(read_decisions(sources.root), 1), key=lambda one: one[1].undone is not None)
    rows = tuple((number, *_decided(sources, one)) for number, one in numbered)
    columns = (
        *(Column("Number", True), Column("Decided"), Column("Assignment"), Column("On")),
        *(Column("Reason"), Column("Who and when"), Column("Now")),
    )
    return DataTable("decisions", "What was decided", columns, rows) if rows else None


def _decided(sources: Sources, one: AnyDecision) -> tuple[Content, ...]:
    if isinstance(one, ItemDecision):
        what: Content = str(one.kind)
        on: Content = item_name(one.item)
    else:
        what = f"{one.hours:g} hours more" if one.until is None else f"until {one.until}"
        on = sources.student(one.student) if one.student in sources.students else sources.told(one.student)
    signed = ", ".join(filter(None, (one.by, one.when)))
    return (
        what,
        one.assignment,
        on,
        sources.told(one.reason) or None,
        signed or None,
        "undone" if one.undone else "holds",
    )


def _lead(runs: Mapping[int, Run]) -> str:
    if not runs:
        return "No run of grading is recorded yet."
    return (
        f"{len(runs)} run{'' if len(runs) == 1 else 's'} of grading changed something. Undo a decision by its number."
    )
