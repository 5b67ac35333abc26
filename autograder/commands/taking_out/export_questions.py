"""`autograder export`: write the course's questions as other systems take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from autograder.course.course import Assignment, Course
from autograder.errors import CourseError
from autograder.exports.questions.gift import gift
from autograder.exports.questions.moodle_xml import moodle_xml
from autograder.exports.questions.qti2 import qti21
from autograder.exports.questions.qti3 import qti30
from autograder.exports.questions.qti12 import qti12
from autograder.exports.questions.question_export import Loss
from autograder.files import write_whole
from autograder.report.terminal import paragraph, printable

FORMS = {
    "moodle-xml": (moodle_xml, "questions-moodle.xml", "In Moodle: Question bank > Import > Moodle XML format."),
    "gift": (gift, "questions.gift", "In Moodle: Question bank > Import > GIFT format."),
    "qti12": (
        qti12,
        "questions-qti12.zip",
        "In Canvas: Settings > Import Course Content > QTI .zip file; it takes each assignment as a quiz.",
    ),
    "qti21": (qti21, "questions-qti21.zip", "Import it where a QTI 2.1 package is taken. Canvas keeps more of qti12."),
    "qti30": (qti30, "questions-qti30.zip", "Import it where a QTI 3.0 package is taken."),
}


def export_questions(course: Course, named: Sequence[str], form: str, output: Path | None) -> int:
    """Write the questions of the named assignments, or all, and say what the form couldn't say. Raises CourseError."""
    write, usual, next_step = FORMS[form]
    assignments = [found for name in course.chosen(named) if (found := course.assignment(name)).questions]
    if not assignments:
        raise CourseError(f"No question in {', '.join(course.chosen(named))}: there is nothing to export.")
    path = output or Path(usual)
    export = write(course, assignments)
    try:
        write_whole(path, export.content)
    except OSError as error:
        raise CourseError(f"{path} can't be written ({error.strerror}). Name another file with --output.") from error
    print(f"wrote {printable(str(path))}: {_counts(assignments)}")
    print(next_step)
    print("The file holds the right answers: keep it from students.")
    if export.losses:
        print("\nWhat is lost or changed on the way")
        everything = [question.id for assignment in assignments for question in assignment.questions]
        print("\n".join(_loss(loss, everything) for loss in export.losses))
    return 0


def _counts(assignments: Sequence[Assignment]) -> str:
    kinds = Counter(question.kind for assignment in assignments for question in assignment.questions)
    total, of = sum(kinds.values()), len(assignments)
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return f"{total} question{'s' * (total != 1)} of {of} assignment{'s' * (of != 1)} ({listed})"


def _loss(loss: Loss, everything: Sequence[str]) -> str:
    return paragraph(printable(f"{loss.says} Questions: {_named(loss.ids, everything)}."))


def _named(ids: Sequence[str], everything: Sequence[str]) -> str:
    others = [id for id in everything if id not in ids]
    if len(others) > len(ids) / 4:
        return ", ".join(ids)
    return f"all but {', '.join(others)}" if others else "all"
