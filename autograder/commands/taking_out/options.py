"""The options of the commands that take something out of a class."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

EXPORT_CODES = (
    "Exit codes: 0 it was written; 1 it was written, and something is to be looked at: points that may change still, "
    "students whom it couldn't be told; 2 nothing was written."
)
FORGET_CODES = (
    "Exit codes: 0 it was shown, or nothing of the class names the student any more; 1 it was deleted, and files that "
    "are named still name the student; 2 nothing was deleted: wrong use, no class, no such student."
)
_SHEETS = {
    "canvas": ("--gradebook", "Canvas's own file (Grades > Export), in which the assignment's column is filled"),
    "moodle": ("--worksheet", "the assignment's grading worksheet from Moodle, which is filled"),
}
_FORMS = {"canvas": "grades as Canvas's gradebook imports them", "moodle": "grades as Moodle imports them"}


def add_exports(forms: Any, named: str) -> None:
    """`export csv`, `canvas`, `moodle` and `feedback`."""
    table = forms.add_parser("csv", help="grades as a table: a row for each student", epilog=EXPORT_CODES)
    _add_class(table, f"{named}; all assignments, if none is named")
    table.add_argument("--items", action="store_true", help="a row for each student and item")
    table.add_argument("--pseudonyms", action="store_true", help="pseudonyms in place of students")
    table.set_defaults(command=_csv)
    for form, text in _FORMS.items():
        grades = forms.add_parser(form, help=text, epilog=EXPORT_CODES)
        _add_class(grades, f"{named}; all that are graded, if none is named")
        option, says = _SHEETS[form]
        grades.add_argument(option, dest="sheet", type=Path, metavar="FILE", help=says)
        grades.add_argument("--column", metavar="HEAD", help="what the assignment's column is called")
        grades.add_argument(
            "--scale", action="store_true", help="convert points where the platform has another maximum"
        )
        grades.set_defaults(command=_grades, form=form)
    feedback = forms.add_parser("feedback", help="feedback pages of an assignment as a zip", epilog=EXPORT_CODES)
    _add_class(feedback, named)
    text = "whose names the pages get (default: a folder for each student)"
    feedback.add_argument(
        "--for", dest="platform", choices=("canvas", "moodle", "students"), default="students", help=text
    )
    text = "the assignment's grading worksheet from Moodle, which tells the participants' numbers"
    feedback.add_argument("--worksheet", type=Path, metavar="FILE", help=text)
    feedback.set_defaults(command=_feedback)


def add_forget(commands: Any) -> None:
    """`forget`."""
    forget = commands.add_parser("forget", help="delete a student from a class: a preview first", epilog=FORGET_CODES)
    forget.add_argument("student", help="the student's id")
    forget.add_argument("--write", action="store_true", help="delete what the preview shows, for good")
    forget.add_argument("--json", action="store_true", help="one JSON object")
    _add_directory(forget)
    forget.set_defaults(command=_forget)


def _add_class(parser: argparse.ArgumentParser, assignment: str) -> None:
    parser.add_argument("assignment", nargs="*", help=assignment)
    parser.add_argument("--output", type=Path, metavar="FILE", help="what is written (default: a file here)")
    _add_directory(parser)


def _add_directory(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--class", dest="directory", type=Path, default=Path(), help="the class directory (default: here)"
    )


def _csv(args: argparse.Namespace) -> int:
    from autograder.commands.taking_out.export_grades import export_csv

    return export_csv(args.directory, args.assignment, args.output, items=args.items, pseudonymous=args.pseudonyms)


def _grades(args: argparse.Namespace) -> int:
    from autograder.commands.taking_out.export_grades import Target, export_canvas, export_moodle

    export = {"canvas": export_canvas, "moodle": export_moodle}[args.form]
    return export(args.directory, args.assignment, Target(args.output, args.sheet, args.column, args.scale))


def _feedback(args: argparse.Namespace) -> int:
    from autograder.commands.taking_out.export_grades import export_feedback

    return export_feedback(args.directory, args.assignment, args.platform, args.output, args.worksheet)


def _forget(args: argparse.Namespace) -> int:
    from autograder.commands.taking_out.forget import forget

    return forget(args.directory, args.student, write_it=args.write, as_json=args.json)
