"""`autograder report`: who got what, who handed in nothing, what waits for a person, what the class believes."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.report.class_tables import Belief, beliefs, column_heads, points_table
from autograder.report.terminal import json_line, paragraph, printable, table
from autograder.result import Result
from autograder.review.class_review import review
from autograder.review.item_analysis import AnalysedAssignment, analysed
from autograder.review.item_table import items_record, items_text, totals_record
from autograder.review.pseudonymous import under_pseudonyms
from autograder.review.records import AssignmentReview, ClassReview, ReviewedStudent

MOST_BELIEFS = 8
NOTHING, UNGRADED, WAITS = "-", "?", "*"
SIGNS = {
    NOTHING: "nothing was handed in",
    UNGRADED: "handed in, not graded yet",
    WAITS: "more to come: an answer waits to be read",
}


def report(
    directory: Path, named: Sequence[str], *, items: bool = False, as_json: bool, pseudonymous: bool = False
) -> int:
    """Print how the named assignments of a class stand, or all; or what figures say of their `items`. With pseudonyms
    for students where `pseudonymous`. Raises ClassError or CourseError."""
    found = review(directory, named)
    if pseudonymous:
        found = under_pseudonyms(directory, found)
    if as_json:
        figures = {one.name: one for one in analysed(found)}
        for one in found.assignments:
            print(json_line(json.dumps(_record(one, found, figures.get(one.name)), ensure_ascii=False)))
    elif items:
        print(items_text(analysed(found)))
    else:
        print(report_text(found))
    return 0


def report_text(found: ClassReview) -> str:
    """The report as a person reads it."""
    if not any(one.in_state("graded", "ungraded") for one in found.assignments):
        sections = [f"Nothing was handed in yet: {', '.join(one.name for one in found.assignments)}."]
    else:
        sections = [_scores(found), _spread(found), *_missing(found), *_waiting(found), _beliefs(found)]
        sections += _troubles(found)
    return "\n\n".join([*sections, *_notes(found)])


def _scores(found: ClassReview) -> str:
    """A row for each student: the points that the gradebook has, with everything that counts."""
    names = {one.id: f"{one.first_name} {one.last_name}".strip() for one in found.roster.values()}
    named = any(names.values())
    total = ["sum"] if len(found.assignments) > 1 else []
    rows = [["student", *(["name"] if named else []), *column_heads([one.name for one in found.assignments]), *total]]
    for standing in zip(*(one.students for one in found.assignments), strict=True):
        id = standing[0].student
        row = [printable(id), *([printable(names.get(id, ""))] if named else []), *map(_cell, standing)]
        rows.append([*row, *([f"{sum(one.points or 0.0 for one in standing):g} "] if total else [])])
    most = [one.max_points for one in found.assignments]
    cells = ["" if points is None else f"{points:g} " for points in most]
    last = ["(maximum)", *([""] if named else []), *cells]
    rows.append([*last, *([f"{sum(points or 0.0 for points in most):g} "] if total else [])])
    shown = {sign for row in rows[1:-1] for cell in row[1:] for sign in SIGNS if cell.endswith((sign, f"{sign} "))}
    legend = [f"  {sign} {text}" for sign, text in SIGNS.items() if sign in shown]
    return "\n".join(["Who got what", table(rows, right=range(1 + named, len(rows[0]))), *legend])


def _cell(standing: ReviewedStudent) -> str:
    if standing.points is None:
        return f"{NOTHING if standing.state == 'missing' else UNGRADED} "
    return f"{standing.points:g}{WAITS if standing.waits else ' '}"


def _spread(found: ClassReview) -> str:
    most = {one.name: one.max_points for one in found.assignments if one.max_points}
    points = {one.name: list(one.points.values()) for one in found.assignments if one.name in most}
    return f"How points are spread\n{points_table(points, most)}" if points else "Nothing is graded yet."


def _missing(found: ClassReview) -> list[str]:
    """Who handed in nothing, of each assignment that somebody handed in."""
    lines = []
    for one in found.assignments:
        missing = one.in_state("missing")
        if missing and len(missing) < len(one.students):
            who = ", ".join(map(printable, missing))
            lines.append(paragraph(f"{one.name}, {len(missing)} of {len(one.students)}: {who}"))
        elif missing:
            lines.append(paragraph(f"{one.name}: nobody handed it in"))
    return ["\n".join(["Who handed in nothing", *lines])] if lines else []


def _waiting(found: ClassReview) -> list[str]:
    """Which answers wait for a person, by item."""
    lines = []
    for one in found.assignments:
        for item, count in sorted(Counter(answer.item for answer in one.waiting).items()):
            again = sum(answer.again for answer in one.waiting if answer.item == item)
            more = f", {again} of them again, as the answer changed after points were given by hand" if again else ""
            lines.append(paragraph(f"{one.name}, {item}: {count}{more}"))
    where = "autograder read, or jupyter lab, menu Nbgrader > Formgrader"
    return ["\n".join([f"What waits to be read ({where})", *lines])] if lines else []


def _beliefs(found: ClassReview) -> str:
    """The misconceptions in words, with the share of the students who have a result."""
    results: dict[str, list[Result]] = defaultdict(list)
    for one in found.assignments:
        for student, result in one.results.items():
            results[student].append(result)
    held = beliefs(results, found.course.misconceptions)
    if not held:
        return "What the class believes: no misconception was found"
    more = f" (the {MOST_BELIEFS} commonest misconceptions of {len(held)})" if len(held) > MOST_BELIEFS else ""
    return "\n".join([f"What the class believes{more}", *map(_belief, held[:MOST_BELIEFS])])


def _belief(belief: Belief) -> str:
    share = f"{belief.students} of {belief.of} ({belief.students / belief.of:.0%})"
    where = ", ".join(f"{count} in {item}" for item, count in belief.where.items())
    return paragraph(printable(f"{share}: {belief.words} ({belief.name}: {where})"))


def _troubles(found: ClassReview) -> list[str]:
    """Whose notebook had something wrong with it, a line for each thing."""
    lines = [
        f"  {printable(student)}, {one.name}: {printable(text)}"
        for one in found.assignments
        for student, result in one.results.items()
        for text in _trouble(result)
    ]
    return ["\n".join(["What was wrong with whose notebook", *lines])] if lines else []


def _trouble(result: Result) -> list[str]:
    problems = result.problems
    stopped = [f"{item.id}: {item.message}" for item in result.items if item.verdict in ("timeout", "error")]
    more = [f"... and {len(problems) - 2} more"] if len(problems) > 3 else problems[2:]
    return [*problems[:2], *more, *stopped[:2]]


def _notes(found: ClassReview) -> list[str]:
    lines = []
    for one in found.assignments:
        ungraded = one.in_state("ungraded")
        if ungraded:
            lines.append(f"{one.name}: {len(ungraded)} not graded yet. `autograder grade {one.name}` grades them.")
        lines += [f"{one.name}: {printable(note)}" for note in one.notes]
    return ["\n".join(f"note: {line}" for line in lines)] if lines else []


def _record(one: AssignmentReview, found: ClassReview, figures: AnalysedAssignment | None) -> dict[str, object]:
    graded = [each for each in one.students if each.state == "graded"]
    return {
        "version": 1,
        "assignment": one.name,
        "max_points": one.max_points,
        "scores": one.points,
        "late_penalties": {each.student: each.late_penalty for each in graded if each.late_penalty},
        "by_hand": {each.student: ids for each in graded if (ids := [i.asked.id for i in each.items if i.by_hand])},
        "missing": one.in_state("missing"),
        "ungraded": one.in_state("ungraded"),
        "waiting": [{"student": w.student, "item": w.item, "again": w.again} for w in one.waiting],
        "misconceptions": list(_misconceptions(one, found)),
        "problems": {student: list(result.problems) for student, result in one.results.items() if result.problems},
        "notes": list(one.notes),
        "items": items_record(figures) if figures else [],
        "test": totals_record(figures) if figures else None,
    }


def _misconceptions(one: AssignmentReview, found: ClassReview) -> Iterator[dict[str, object]]:
    """Each misconception in each item, the most frequent first; `share` is of the students with a result."""
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for student, result in one.results.items():
        for item in result.items:
            if item.misconception:
                held[item.misconception, item.id].append(student)
    for (name, id), students in sorted(held.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        share = round(len(students) / len(one.results), 4)
        words = found.course.misconceptions.get(name) or one.results[students[0]].item(id).message
        yield {"misconception": name, "says": words, "item": id, "students": students, "share": share}
