"""`autograder export csv|canvas|moodle|feedback`: write grades and feedback as people and platforms take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.collecting.roster import Roster, merged
from autograder.errors import ClassError
from autograder.exports.feedback_zip import For, names_for, pages_of, participants, write_zip
from autograder.exports.grades_canvas import canvas_gradebook, new_gradebook
from autograder.exports.grades_csv import items_csv, students_csv, unfinished
from autograder.exports.grades_moodle import gradebook_import, moodle_worksheet
from autograder.exports.grades_sheet import Filled, fill, read_sheet
from autograder.files import write_whole
from autograder.gradebook.students import Student
from autograder.handed_in.listing import some
from autograder.report.terminal import paragraph, printable
from autograder.review.class_review import review
from autograder.review.pseudonymous import under_pseudonyms
from autograder.review.records import AssignmentReview, ClassReview

CANVAS_NEXT = "In Canvas: Grades > Import. It shows what changes before anything is saved."
WORKSHEET_NEXT = "In Moodle, in the assignment: View all submissions > Upload grading worksheet."
GRADEBOOK_NEXT = (
    "In Moodle: Grades > Import > CSV file, separator Comma. Map users from Email address, or from Student id to what "
    "that is in Moodle (Username, ID number), and the last column to the assignment's grade."
)

ZIP_NEXT: Mapping[For, str] = {
    "canvas": (
        "In Canvas, on the assignment's page: Upload Submissions. Canvas gives each page the name of the file that was "
        "handed in, such as homework.ipynb: tell students to save it as homework.html."
    ),
    "moodle": "In Moodle, in the assignment: View all submissions > Upload multiple feedback files in a zip.",
    "students": "Each folder in it is named after its student.",
}


@dataclass(frozen=True)
class Target:
    """Where grades go: the `output` file; a table that the platform exported, to be filled; the `column` that is meant
    in it; whether points are to be scaled to the platform's maximum."""

    output: Path | None = None
    sheet: Path | None = None
    column: str | None = None
    scale: bool = False


def export_csv(directory: Path, named: Sequence[str], output: Path | None, *, items: bool, pseudonymous: bool) -> int:
    """Write the points of students, or of students and items; the exit code is 1 if some may change still. Raises
    ClassError or CourseError."""
    found = review(directory, named)
    found = under_pseudonyms(directory, found) if pseudonymous else found
    path = output or Path("items.csv" if items else "grades.csv")
    _write(path, items_csv(found) if items else students_csv(found))
    students = len(found.assignments[0].students)
    says = [f"Wrote {path}: {students} student{'s' * (students != 1)}, {_names(found)}."]
    if pseudonymous:
        says.append("Students have pseudonyms; pseudonyms.csv in the class tells who is who.")
    return _tell(says, [f"{one.name}: {note}" for one in found.assignments for note in unfinished(one)])


def export_canvas(directory: Path, named: Sequence[str], target: Target) -> int:
    """Write grades as Canvas imports them; the exit code is 1 if something is to be looked at. Raises ClassError or
    CourseError."""
    found = _graded(review(directory, named))
    _only_one(found, target)
    path = target.output or Path("grades-canvas.csv")
    notes = [f"{one.name}: {note}" for one in found.assignments for note in unfinished(one)]
    if target.sheet is None:
        titles = [target.column or one.name for one in found.assignments]
        _write(path, new_gradebook(found.assignments, titles, _roster(directory, found, "canvas")))
        says = [
            f"Wrote {path}: {_names(found)}.",
            "Canvas finds the assignment by the column's head: give it the title that it has there with --column, such "
            "as 'Recency (1234)', or better fill Canvas's own file, with --gradebook. Where a cell is empty, Canvas "
            "clears the grade.",
        ]
        return _tell([*says, CANVAS_NEXT], notes)
    sheet, says = read_sheet(target.sheet), [f"Wrote {path}: {target.sheet} with the points of {_names(found)}."]
    for one in found.assignments:
        gradebook = canvas_gradebook(sheet)
        column = gradebook.column(target.column or one.name)
        filling = gradebook.filling(column, one.max_points or 0.0, scale=target.scale)
        roster = _roster(directory, found, "canvas")
        filled = fill(sheet, filling, one.points, roster, {})
        sheet = filled.sheet
        says.append(f"{one.name}: {len(filled.written)} in the column {sheet.head[column]!r}.")
        notes += [f"{one.name}: {note}" for note in _left(filled, one)]
    _write(path, sheet.text)
    return _tell([*says, CANVAS_NEXT], notes)


def export_moodle(directory: Path, named: Sequence[str], target: Target) -> int:
    """Write the grades of one assignment as Moodle imports them; the exit code is 1 if something is to be looked at.
    Raises ClassError or CourseError."""
    found = _graded(review(directory, named))
    one = _one(found)
    roster, notes = _roster(directory, found, "moodle"), [f"{one.name}: {note}" for note in unfinished(one)]
    path = target.output or Path(f"grades-moodle-{one.name}.csv")
    if target.sheet is None:
        _write(path, gradebook_import(one, target.column or one.name, roster))
        without = sorted(student.id for student in roster.students if student.id in one.points and not student.email)
        if without:
            notes.append(
                f"No e-mail address is known of {some(without)}: where Moodle finds users by that, it stops there."
            )
        return _tell([f"Wrote {path}: {len(one.points)} students with points.", GRADEBOOK_NEXT], notes)
    worksheet = moodle_worksheet(read_sheet(target.sheet), target.column)
    filling = worksheet.filling(one.max_points or 0.0, scale=target.scale)
    filled = fill(
        worksheet.sheet, filling, one.points, roster, participants(directory, one.name, list(one.points), "moodle")
    )
    _write(path, filled.sheet.text)
    says = [f"Wrote {path}: {target.sheet} with the points of {len(filled.written)} students."]
    return _tell([*says, WORKSHEET_NEXT], [*notes, *(f"{one.name}: {note}" for note in _left(filled, one))])


def export_feedback(
    directory: Path, named: Sequence[str], platform: For, output: Path | None, worksheet: Path | None
) -> int:
    """Write the feedback pages of one assignment as a zip; the exit code is 1 if one that should be isn't in it. Raises
    ClassError or CourseError."""
    root = directory.resolve()
    found = _graded(review(root, named))
    one = _one(found)
    numbers = dict[str, str]()
    if worksheet:
        numbers = moodle_worksheet(read_sheet(worksheet), None).numbers(_roster(root, found, "moodle"))
    pages = pages_of(root, one, names_for(platform, root, one.name, found.roster, numbers))
    again = f"`nbgrader generate_feedback {one.name}` in the class"
    notes = [f"{one.name}: {note}" for note in unfinished(one)]
    if pages.missing:
        notes.append(f"{_many(pages.missing, 'has', 'have')} no page: {some(list(pages.missing))}. {again} makes it.")
    if pages.outdated:
        whose = some(list(pages.outdated))
        notes.append(f"{_many(pages.outdated, 'has', 'have')} one that is out of date: {whose}. {again} makes it anew.")
    if pages.unnamed:
        whose = some(list(pages.unnamed))
        notes.append(f"{_many(pages.unnamed, 'is', 'are')} left out: {whose}. {_why_unnamed(platform)}")
    if not pages.pages:
        raise ClassError(" ".join(["There is no page to be written.", *notes]))
    path = output or Path(f"feedback-{platform}-{one.name}.zip")
    write_zip(path, pages.pages)
    size = path.stat().st_size / 1e6
    return _tell([f"Wrote {path}: {len(pages.pages)} pages, {size:.1f} MB.", ZIP_NEXT[platform]], notes)


def _why_unnamed(platform: For) -> str:
    if platform == "canvas":
        return "Canvas knows a page by the name that a file had in its download, and none was collected from there."
    return "Moodle knows a page by a number: collect from its download, or name its worksheet with --worksheet."


def _left(filled: Filled, one: AssignmentReview) -> Iterator[str]:
    """Sentences on what of a sheet was not filled."""
    for reason in sorted(set(filled.kept.values())):
        yield f"left as it was, {reason}: {some([student for student, why in filled.kept.items() if why == reason])}."
    if filled.absent:
        yield f"{_many(filled.absent, 'has', 'have')} points and no row in the table: {some(list(filled.absent))}."
    if filled.strangers:
        yield (
            f"{_many(filled.strangers, 'row is', 'rows are')} nobody who is known in the class: "
            f"{some(list(filled.strangers))}. A "
            "roster with e-mail addresses or lms_user_id tells more (`nbgrader db student import`)."
        )
    if filled.cut:
        yield f"more than the maximum isn't taken there, so these get the maximum: {some(list(filled.cut))}."
    none = [student.student for student in one.students if student.points is None]
    if none and filled.written:
        yield f"without points, left as it was: {some(none)}."


def _graded(found: ClassReview) -> ClassReview:
    """The class with those assignments that are graded. Raises ClassError if none is."""
    graded = tuple(one for one in found.assignments if one.points)
    if not graded:
        names = ", ".join(one.name for one in found.assignments)
        raise ClassError(f"Nothing is graded of {names}: there are no points to export. `autograder grade` grades it.")
    return ClassReview(found.course, found.roster, graded)


def _only_one(found: ClassReview, target: Target) -> None:
    if target.column and len(found.assignments) > 1:
        raise ClassError(f"--column names the column of one assignment, and these are several: {_names(found)}.")


def _one(found: ClassReview) -> AssignmentReview:
    if len(found.assignments) > 1:
        raise ClassError(f"Name one assignment: the platform takes one at a time, and these are {_names(found)}.")
    return found.assignments[0]


def _roster(root: Path, found: ClassReview, platform: For) -> Roster:
    """Everybody in the class, with Canvas's number where the roster has none and files were collected from there."""
    everybody = {one.student for each in found.assignments for one in each.students}
    known = [found.roster.get(student, Student(student)) for student in sorted(everybody)]
    if platform != "canvas":
        return Roster(tuple(known))
    numbers = dict[str, str]()
    for one in found.assignments:
        numbers |= {
            student: number for number, student in participants(root, one.name, list(everybody), platform).items()
        }
    told = [Student(student, lms_user_id=number) for student, number in numbers.items() if number.isdecimal()]
    return merged([*told, *known])


def _many(of: Sequence[str], one: str, several: str) -> str:
    return f"{len(of)} {one if len(of) == 1 else several}"


def _names(found: ClassReview) -> str:
    return ", ".join(one.name for one in found.assignments)


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise ClassError(f"{path} can't be written ({error.strerror}). Name another file with --output.") from error


def _tell(says: Sequence[str], notes: Sequence[str]) -> int:
    """Print what was done and what is to be looked at; the exit code."""
    print("\n".join(printable(line) for line in says))
    if notes:
        print("\nTo be looked at")
        print("\n".join(paragraph(printable(note)) for note in notes))
    return 1 if notes else 0
