"""What a class's gradebook, its results and submitted/ say together: who got what, who is missing, what waits.

Points are the gradebook's; verdicts and misconceptions are the grader's. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.class_directory.frozen_course import class_course
from autograder.class_directory.paths import result_path
from autograder.class_directory.stamps import Stamps
from autograder.course.course import Course
from autograder.decisions.in_force import in_force
from autograder.decisions.rulings import apply
from autograder.errors import ClassError
from autograder.gradebook.by_hand import kept_by_hand
from autograder.gradebook.extensions import Extensions
from autograder.gradebook.grades import auto_scores
from autograder.gradebook.late_penalties import settled
from autograder.gradebook.lost_gradebook import refuse_a_lost_gradebook
from autograder.gradebook.nbgrader_config import Settings, read_settings
from autograder.gradebook.standing import ItemGrade, Standing, read_standing
from autograder.gradebook.students import students_of
from autograder.handed_in.listing import quoted, some
from autograder.handed_in.submissions import find_submissions
from autograder.handed_in.which_notebook import Sought
from autograder.result import ItemResult, Result, kept_result
from autograder.review.records import AskedItem, AssignmentReview, ClassReview, ReviewedItem, ReviewedStudent, State


def review(directory: Path, named: Sequence[str] = ()) -> ClassReview:
    """The named assignments of a class, or all. Raises ClassError or CourseError."""
    root = directory.resolve()
    settings, course = read_settings(root), class_course(root)
    roster = {one.id: one for one in students_of(settings) if one.id not in settings.layout.left_out}
    try:
        found = [_read(root, settings, course, name) for name in course.chosen(named)]
    except OSError as error:
        raise ClassError(f"{error.filename or root} can't be read: {error.strerror or error}.") from error
    students = sorted({*roster, *(student for one in found for student in one.handed_in)})
    return ClassReview(course, roster, tuple(_assignment(one, students) for one in found))


@dataclass(frozen=True)
class _Found:
    """What a class holds of one assignment. `results` are those that the gradebook's scores are from; `settled`:
    late penalties are up to date; `decided`: so is what was decided."""

    name: str
    handed_in: frozenset[str]
    standing: Standing
    stamps: Stamps
    results: Mapping[str, Result]
    settled: bool
    decided: bool
    notes: tuple[str, ...]


def _read(root: Path, settings: Settings, course: Course, name: str) -> _Found:
    everyone = read_standing(settings.db_url, name)
    refuse_a_lost_gradebook(root, settings, name, everyone)
    standing = everyone.without(settings.layout.left_out)
    submissions, notes = find_submissions(settings.layout, Sought(course, name), settings.times)
    if not submissions:
        notes = notes[1:]  # the first one says so
    handed_in = frozenset({one.student for one in submissions} | standing.grades.keys())
    stamps, decisions = Stamps(root, name), in_force(root, name, course.names)
    found = {student: _result(root, name, student, standing, stamps) for student in standing.grades}
    results = {student: result for student, result in found.items() if result}
    applied = all(stamps.decided(student) == decisions.rulings for student in results)
    decided = applied and Extensions(root, name, decisions.due_dates).settled(everyone)
    late = settled(root, name, everyone.late)
    return _Found(name, handed_in, standing, stamps, results, late, decided, tuple(notes))


def _result(root: Path, assignment: str, student: str, standing: Standing, stamps: Stamps) -> Result | None:
    """A student's result, with what was decided when the gradebook was written."""
    found = kept_result(result_path(root, assignment, student))
    result = found and apply(found, stamps.decided(student))
    return result if result and auto_scores(result) == standing.scores[student] else None


def _assignment(found: _Found, students: Sequence[str]) -> AssignmentReview:
    """The assignment, with a place for each of the students."""
    grades = next(iter(found.standing.grades.values()), None)
    most = sum(grade.max_points for grade in grades.values()) if grades else None
    asked = _asked(next(iter(found.results.values()), None), grades or {})
    reviewed = tuple(_student(found, student, asked) for student in students)
    return AssignmentReview(found.name, most, reviewed, found.standing.waiting, tuple(_notes(found)))


def _asked(result: Result | None, grades: Mapping[str, ItemGrade]) -> list[AskedItem]:
    """The items in the order of the notebook, then what the gradebook alone knows. Loading the course's assignment
    would take seconds."""
    asked = [AskedItem(item.id, item.kind, item.max_points, item.extra) for item in (result.items if result else ())]
    known = {item.id for item in asked}
    return asked + [AskedItem(id, None, grades[id].max_points, False) for id in sorted(grades.keys() - known)]


def _student(found: _Found, student: str, asked: Sequence[AskedItem]) -> ReviewedStudent:
    grades = found.standing.grades.get(student)
    if grades is None:
        state: State = "ungraded" if student in found.handed_in else "missing"
        return ReviewedStudent(student, state, tuple(map(ReviewedItem, asked)))
    result, extra = found.results.get(student), found.stamps.extra(student)
    marked = {item.id: item for item in result.items} if result else {}
    items = tuple(_item(one, grades.get(one.id), marked.get(one.id), extra.get(one.id)) for one in asked)
    points, penalty = found.standing.points[student], found.standing.penalties.get(student, 0.0)
    return ReviewedStudent(student, "graded", items, points, penalty, result, found.standing.seconds.get(student, 0.0))


def _item(asked: AskedItem, grade: ItemGrade | None, marked: ItemResult | None, extra: float | None) -> ReviewedItem:
    """A student's item; `extra` is the extra credit that the grader gave."""
    if grade is None:
        return ReviewedItem(asked)
    by_hand = grade.manual is not None or kept_by_hand(grade.extra, extra, None)
    verdict, misconception = (marked.verdict, marked.misconception) if marked else (None, None)
    return ReviewedItem(asked, grade.points, verdict, misconception, by_hand, grade.waits)


def _notes(found: _Found) -> Iterator[str]:
    yield from found.notes
    again = f"`autograder grade {found.name}`"
    lost = [quoted(student) for student in found.standing.grades if student not in found.results]
    if lost:
        yield f"No verdicts are known of {some(lost)}: no result fits the gradebook's scores. {again} makes them anew."
    if not found.decided:
        yield f"What was decided changed since the last grading. {again} applies it."
    if not found.settled:
        yield f"Late penalties may be out of date, as scores, due dates or the rule changed. {again} mends that."
