"""Similar code: which pairs have more in common than two who work alone, and their code side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.course.source_notebook import answer_id
from autograder.report.work import read_work
from autograder.similar_work.class_code import CourseCode, course_code
from autograder.similar_work.similar_code import SimilarCode
from autograder.similarity.common_code import Numbers
from autograder.similarity.likeness import FEWEST, ClassLikeness, CodePair
from autograder.similarity.marked_code import MarkedText, marked
from autograder.site.page.plots import ACCENT, MUTED, SECOND, Plot, plot
from autograder.site.page.records import Column, Concern, Content, DataTable, Link, Page
from autograder.site.sources import Sources, item_name
from autograder.statistics.percentage import SPACE, percent

PATH = "similar.html"
TALK = "Talk to both before you conclude anything."
HOW = (
    "What two students have in common is compared without names, comments, layout and order, and counted in bits: how "
    "hard it would be to guess for somebody who has read the course's own programs, right and wrong, and what the rest "
    "of the class wrote. What everybody writes is worth nothing, and two short standard solutions next to nothing. The "
    "share is that of all such code of the one who wrote less; likeness is the share times the square root of the bits."
)
THRESHOLD = (
    "The threshold comes from the class itself: from the middle and the spread of each student's likeness to whoever "
    "is most alike. Few who work alone reach it, but some do, as two people may have the same idea."
)
OFTEN = (
    f"In simulated classes in which everybody worked alone, 5{SPACE}% of the classes of 20 students, 21{SPACE}% of "
    f"those of 40 and 12{SPACE}% of those of 100 had a pair above their threshold: up to one such class in five."
)
COLUMNS = (
    Column("Student"),
    Column("Student"),
    Column("In common", True),
    Column("Bits", True),
    Column("Likeness", True),
    Column("Side by side"),
)


@dataclass(frozen=True)
class ShownLikeness:
    """The pairs of an assignment, or of the term (`name` is "" then), as the page shows them."""

    id: str
    name: str
    heading: str
    sentence: str
    above: DataTable | None
    below: DataTable | None
    distribution: Plot | None


@dataclass(frozen=True)
class CodeBeside:
    """A cell, or the cells, of each of two students under one heading."""

    heading: str
    first: tuple[MarkedText, ...]
    second: tuple[MarkedText, ...]


def similar_pages(sources: Sources) -> Iterator[Page]:
    """The page of all assignments, and one for each pair that is shown side by side."""
    similar = sources.similar
    if not similar.assignments:
        return
    shown = [_shown(sources, similar, "", similar.term)] if similar.term else []
    shown += [_shown(sources, similar, name, one.found) for name, one in reversed(list(similar.assignments.items()))]
    values = {"lead": _lead(similar), "shown": shown, "how": HOW, "often": OFTEN, "threshold": THRESHOLD}
    yield Page(PATH, "Similar code", "similar.html.j2", values, entry="Similar code")
    for name, one in similar.assignments.items():
        code, _ = course_code(sources.found.course.folder(name))
        for pair in similar.shown(name):
            yield _pair_page(sources, name, pair, one.common.runs, code, pair in one.found.pairs)


def much_in_common(sources: Sources) -> Iterator[Concern]:
    """The pairs above a threshold, the newest assignment first."""
    similar = sources.similar
    every = [(name, pair) for name, one in reversed(list(similar.assignments.items())) for pair in one.found.pairs]
    term = [("all assignments", pair) for pair in similar.term.pairs] if similar.term else []
    pairs = similar.pairs
    if not pairs:
        return
    rows = tuple((name, *_row(sources, similar, name, pair)) for name, pair in (*term, *every))
    heading = "Two notebooks have" if len(pairs) == 1 else f"{len(pairs)} pairs of notebooks have"
    _, most = max((*term, *every), key=lambda found: found[1].likeness)
    first, second = (sources.people.label(student) for student in (most.first, most.second))
    yield Concern(
        "similar",
        f"{heading} much in common",
        f"{'Most of all, ' if len(pairs) > 1 else ''}{first} and {second} have more than two who work alone "
        "usually have.",
        f"{THRESHOLD} {TALK}",
        links=(Link("Similar code", PATH),),
        details=DataTable("similar-table", "Pairs above the threshold", (Column("Assignment"), *COLUMNS), rows),
    )


def _lead(similar: SimilarCode) -> str:
    if not similar.pairs:
        return "No two students have more in common than two who work alone may have."
    if len(similar.pairs) == 1:
        return f"Two students have more in common than two who work alone usually have. {TALK}"
    return f"{len(similar.pairs)} pairs of students have more in common than two who work alone usually have. {TALK}"


def _shown(sources: Sources, similar: SimilarCode, name: str, found: ClassLikeness) -> ShownLikeness:
    id, where = name or "term", name or "all assignments"
    many = len(found.pairs)
    if found.threshold is None:
        sentence = f"There is no threshold, as fewer than {FEWEST} students have code of their own here."
    elif not found.pairs:
        sentence = f"No pair is above the threshold, a likeness of {found.threshold:.1f}."
    else:
        sentence = f"{many} pair{'s are' if many > 1 else ' is'} above the threshold, a likeness of "
        sentence += f"{found.threshold:.1f}. {'These two have' if many == 1 else 'They have'} more in common than any "
        sentence += f"other{' pair' if many == 1 else 's'}; talk to both before you conclude anything."
    return ShownLikeness(
        id,
        name,
        name or "All assignments together",
        sentence,
        _table(sources, similar, name, f"{id}-above", f"Pairs above the threshold in {where}", found.pairs),
        _table(sources, similar, name, f"{id}-below", f"The next pairs in {where}", found.next),
        _distribution(id, found) if len(found.nearest) >= FEWEST else None,
    )


def _table(
    sources: Sources, similar: SimilarCode, name: str, id: str, caption: str, pairs: Sequence[CodePair]
) -> DataTable | None:
    rows = tuple(_row(sources, similar, name, pair) for pair in pairs)
    return DataTable(id, caption, COLUMNS, rows) if rows else None


def _row(sources: Sources, similar: SimilarCode, name: str, pair: CodePair) -> tuple[Content, ...]:
    names = [name] if name in similar.assignments else list(similar.assignments)
    who = (pair.first, pair.second)
    links = tuple(
        Link(each, _path(sources, each, pair))
        for each in names
        if who in [(one.first, one.second) for one in similar.shown(each)]
    )
    anchor = name if name in similar.assignments else ""
    return (
        sources.student(pair.first, anchor),
        sources.student(pair.second, anchor),
        percent(pair.share),
        round(pair.bits),
        round(pair.likeness, 1),
        links or None,
    )


def _path(sources: Sources, name: str, pair: CodePair) -> str:
    first, second = (sources.people.slug(student) for student in (pair.first, pair.second))
    return f"similar/{name}-{first}-{second}.html"


def _distribution(id: str, found: ClassLikeness) -> Plot:
    import numpy as np

    values = np.array(sorted(found.nearest.values()))
    top = max(float(values[-1]), (found.threshold or 0.0) * 1.1, 1.0)
    edges = np.linspace(0, top, 25)
    counts, _ = np.histogram(values, edges)

    def draw(axes: Any) -> None:
        axes.bar(edges[:-1], counts, np.diff(edges), align="edge", color=ACCENT, linewidth=0)
        if found.threshold is not None:
            axes.axvline(found.threshold, color=SECOND, linewidth=1.5, linestyle="--")
            axes.text(found.threshold, max(counts), " threshold", color=MUTED, va="top")
        axes.set_xlabel("likeness to whoever is most alike")
        axes.set_ylabel("students")

    rows = tuple(
        (f"{low:.1f} to {high:.1f}", int(count))
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
        if count
    )
    numbers = DataTable(
        f"{id}-nearest",
        f"Students by likeness{f' in {id}' if id != 'term' else ''}",
        (Column("Likeness"), Column("Students", True)),
        rows,
    )
    high = sum(value > (found.threshold or top) for value in values)
    says = f"{len(values)} students by their likeness to the one who is most alike; {high} above the threshold."
    return plot(f"nearest-{id}", "How alike each student is to the nearest", says, draw, numbers)


def _pair_page(sources: Sources, name: str, pair: CodePair, counting: Numbers, course: CourseCode, above: bool) -> Page:
    works = [read_work(sources.root, name, student) for student in (pair.first, pair.second)]
    cells = [course.own_cells(work) for work in works]
    said = f"In {name}, {percent(pair.share)} of what the one wrote who wrote less is in the other's code, too, beyond "
    said += f"what the course and others explain: {round(pair.bits)} bits, a likeness of {pair.likeness:.1f}. "
    said += TALK if above else "That is not above the threshold; it is here for comparison."
    values = {
        "says": said,
        "students": tuple(sources.student(student, name) for student in (pair.first, pair.second)),
        "rows": tuple(_beside(cells[0], cells[1], counting)),
        "back": Link("All pairs", f"{PATH}#{name}"),
    }
    title = " and ".join(sources.people.label(student) for student in (pair.first, pair.second))
    return Page(_path(sources, name, pair), title, "similar_pair.html.j2", values, under=PATH)


def _beside(
    first: Sequence[tuple[str | None, str]], second: Sequence[tuple[str | None, str]], counting: Numbers
) -> Iterator[CodeBeside]:
    """The answers to each task beside each other, then cells of their own: where they have what few others have."""
    texts = [[text for _, text in cells] for cells in (first, second)]
    ids = dict.fromkeys(id for id, _ in (*first, *second))
    for id in sorted(ids, key=lambda id: id is None):
        sides = []
        for cells, others in ((first, texts[1]), (second, texts[0])):
            mine = [marked(text, others, counting) for one, text in cells if one == id]
            sides.append(tuple(piece for pieces in mine for piece in (*pieces, MarkedText("\n\n", ""))))
        if any(piece.mark == "common" for side in sides for piece in side):
            item = (id or "").removesuffix(answer_id(""))
            yield CodeBeside(item_name(item) if item else "Cells of their own", sides[0], sides[1])
