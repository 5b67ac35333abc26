"""All students in one table, each with a page of its own."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.report.class_tables import column_heads
from autograder.review.records import ReviewedStudent
from autograder.site.history_page import moves_by_student
from autograder.site.page.records import Column, Content, DataTable, Page
from autograder.site.sources import Sources
from autograder.site.student_page import CourseTexts, StudentSources, points_so_far

LEGEND = (
    "– nothing was handed in. “new”: handed in, not graded yet. * more to come: an answer waits to be read. "
    "Late penalties are taken off. A student's page may be shown to the student: it names nobody else."
)


def students_page(sources: Sources) -> Iterator[Page]:
    """The table of points by assignment."""
    standings = standings_by_student(sources)
    rows: list[tuple[Content, ...]] = []
    for student in sources.students:
        each = standings[student].values()
        total = sum(one.points or 0.0 for one in each)
        rows.append((sources.student(student), *map(_cell, each), total))
    most = [one.max_points for one in sources.assignments]
    rows.append(("Maximum", *most, sum(number or 0.0 for number in most)))
    columns = (
        Column("Student"),
        *(Column(head, True) for head in column_heads([one.name for one in sources.assignments])),
        Column("Sum", True),
    )
    table = DataTable("students", "Points by assignment", columns, tuple(rows))
    lead = f"{sources.size}."
    values = {"table": table, "legend": LEGEND, "lead": lead}
    yield Page("students.html", "Students", "students.html.j2", values, entry="Students")


def course_texts(sources: Sources) -> CourseTexts:
    """What the pages of all students share."""
    course = sources.found.course
    most = {one.name: one.max_points for one in sources.assignments}
    doubtful = frozenset(sources.doubtful_keys)
    return CourseTexts(sources.root, sources.questions, course.misconceptions, most, doubtful)


def student_sources(sources: Sources) -> list[StudentSources]:
    """What the page of each student is made from."""
    standings, moved = standings_by_student(sources), moves_by_student(sources)
    return [
        StudentSources(
            student,
            sources.student(student).path,
            sources.people.name(student),
            standings[student],
            {
                name: tuple(map(sources.told, one.result.problems))
                for name, one in standings[student].items()
                if one.result and one.result.problems
            },
            {name: found for name in standings[student] if (found := sources.comments.get((name, student)))},
            moved.get(student),
        )
        for student in sources.students
    ]


def standings_by_student(sources: Sources) -> dict[str, dict[str, ReviewedStudent]]:
    """How each student stands in each assignment."""
    found: dict[str, dict[str, ReviewedStudent]] = {student: {} for student in sources.students}
    for one in sources.assignments:
        for standing in one.students:
            found[standing.student][one.name] = standing
    return found


def _cell(standing: ReviewedStudent) -> Content:
    if standing.points is None:
        return None if standing.state == "missing" else "new"
    return points_so_far(standing.points, standing.waits)
