"""The commands and their options. What each does, and what it prints, is in `commands/`."""

from __future__ import annotations

import argparse
import os
import select
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.commands.afterwards.decide_options import add_decisions
from autograder.commands.taking_out.options import add_exports, add_forget
from autograder.errors import AutograderError
from autograder.report.terminal import printable

STOPPED, UNREAD = 130, 141  # as of a program that ended by SIGINT, by SIGPIPE
_ENDED = f"{STOPPED} stopped; {UNREAD} whoever read the output read no more of it."
CODES = (
    "Exit codes: 0 all went well; 1 something was found wrong; 2 wrong use, no course, or a machine that can't grade; "
    f"{_ENDED} `mark`, `collect`, `grade`, `export csv`, `forget` and `doctor` say more on theirs."
)
MARK_CODES = (
    "Exit codes: 0 every notebook was marked, whatever it earned; 1 at least one couldn't be: it can't be opened, or "
    "it can't be told which assignment it is (its result then has no items, and its problems say why); "
    f"2 nothing was marked: wrong use, no course, or a machine that can't grade; {_ENDED}"
)
COLLECT_CODES = (
    "Exit codes: 0 everything found its place; 1 something was left out, as the preview says; 2 nothing was read or "
    f"written: wrong use, or no class; {_ENDED}"
)
GRADE_CODES = (
    "Exit codes: 0 all that was handed in is graded, whatever was wrong with it; 1 nothing was handed in for an "
    "assignment that was named, or for any; 2 grading stopped: wrong use, no class, a gradebook in trouble, or a "
    f"machine that can't grade (what was graded before is kept); {_ENDED}"
)
PSEUDONYMS = "show pseudonyms in place of students; pseudonyms.csv in the class tells who is who"
NAMED = "a name, or the beginning of one such as 02"
QUESTION_FORMS = {
    "moodle-xml": "the questions for Moodle's question bank",
    "gift": "the questions as GIFT, a text that Moodle and many quiz tools read",
    "qti12": "the questions as QTI 1.2, for Canvas",
    "qti21": "the questions as QTI 2.1, for OpenOlat, TAO and others",
    "qti30": "the questions as QTI 3.0, for what is newer",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; `CODES` says what the exit code means."""
    args = _parser().parse_args(argv)
    try:
        code = int(args.command(args))
        sys.stdout.flush()
        return code
    except AutograderError as error:
        print(f"autograder: {printable(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nautograder: stopped. Run the same command again to go on.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more when it ends
        return UNREAD


def _nobody_reads() -> bool:
    """Whether standard output is a pipe whose reader has gone, as after `| head`."""
    poll = select.poll()
    poll.register(sys.stdout, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder",
        description="Grade a course in notebooks: student code answers, it never judges.",
        epilog=CODES,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    _add_course_commands(commands)
    _add_class_commands(commands)
    _add_exports(commands)
    add_forget(commands)
    _add_trials(commands)
    return parser


def _add_course_commands(commands: Any) -> None:
    """What is done with a course."""
    new = commands.add_parser("new", help="make a class directory, ready for nbgrader and for `grade`")
    new.add_argument("directory", type=Path)
    new.add_argument("--course-id", help="what nbgrader's exchange calls the class (default: the folder's name)")
    new.add_argument("--exchange", type=Path, metavar="DIR", help="the exchange's folder, which students can write too")
    new.set_defaults(command=_new)

    build = commands.add_parser("build", help="make exercises/ from solutions/")
    build.add_argument("--check", action="store_true", help="write nothing; fail if exercises/ is out of date")
    build.set_defaults(command=_build)

    verify = commands.add_parser("verify", help="prove the grader: solutions, stubs, misconceptions, alternatives")
    verify.add_argument("assignment", nargs="*", help=f"{NAMED}; all assignments, if none is named")
    verify.add_argument("--quick", action="store_true", help="leave out the mutants of the references")
    verify.add_argument("--json", action="store_true", help="one JSON object for each proof")
    verify.set_defaults(command=_verify)

    mark = commands.add_parser("mark", help="mark single notebooks; no class is needed", epilog=MARK_CODES)
    mark.add_argument("notebook", nargs="+")
    mark.add_argument("--assignment", help=f"which it is, if the notebook doesn't tell: {NAMED}")
    mark.add_argument("--json", action="store_true", help="one JSON object for each notebook, one a line")
    mark.set_defaults(command=_mark)

    for command in (new, build, verify):
        _add_course(command, Path())
    _add_course(mark, None)


def _add_class_commands(commands: Any) -> None:
    """What is done with a class."""
    grade = commands.add_parser(
        "grade", help="grade what was handed in to a class and isn't graded yet", epilog=GRADE_CODES
    )
    grade.add_argument("assignment", nargs="*", help=f"{NAMED}; all assignments, if none is named")
    grade.add_argument("--all", action="store_true", help="grade everything again")
    grade.add_argument("--dry-run", action="store_true", help="mark, say what would move, and write nothing at all")
    grade.add_argument("--workers", type=_positive, default=None, help="processes at work (default: one for each core)")
    grade.add_argument("--json", action="store_true", help="one JSON object for each assignment, one a line")
    grade.set_defaults(command=_grade)

    report = commands.add_parser("report", help="who got what, who handed in nothing, what the class believes")
    report.add_argument("assignment", nargs="*", help=f"{NAMED}; all assignments, if none is named")
    report.add_argument("--json", action="store_true", help="one JSON object for each assignment, one a line")
    report.add_argument("--items", action="store_true", help="what figures say of each item, the most doubtful first")
    report.add_argument("--pseudonyms", action="store_true", help=PSEUDONYMS)
    report.set_defaults(command=_report)

    review = commands.add_parser("review", help="write the instructor's pages: what needs you, what the class believes")
    review.add_argument("assignment", nargs="*", help=f"{NAMED}; all assignments, if none is named")
    review.add_argument("--output", type=Path, metavar="DIR", help="where the pages go (default: review/ in the class)")
    review.add_argument("--pseudonyms", action="store_true", help=PSEUDONYMS)
    review.set_defaults(command=_review)

    read = commands.add_parser("read", help="read free texts and give them points, on a page of this machine")
    read.add_argument("assignment", nargs="*", help=f"{NAMED}; all assignments, if none is named")
    read.add_argument("--port", type=_port, default=0, help="where the page is served (default: a port that is free)")
    read.add_argument("--names", action="store_true", help="show who wrote what (default: numbers)")
    read.add_argument("--open", action="store_true", help="open the page in a browser")
    read.set_defaults(command=_read)

    collect = commands.add_parser(
        "collect", help="bring downloads of a learning platform into a class: a preview first", epilog=COLLECT_CODES
    )
    collect.add_argument("download", nargs="+", type=Path, help="a zip, a folder, an e-mail or a notebook")
    collect.add_argument("--write", action="store_true", help="do what the preview shows")
    collect.add_argument(
        "--assignment", help=f"take this one alone; also what a notebook is that doesn't tell: {NAMED}"
    )
    collect.add_argument("--roster", type=Path, help="a CSV table as `nbgrader db student import` takes it")
    collect.add_argument("--new-students", action="store_true", help="take in also whom the roster doesn't know")
    collect.add_argument("--replace", action="store_true", help="replace also where it isn't known which is newer")
    collect.add_argument("--json", action="store_true", help="one JSON object")
    collect.set_defaults(command=_collect)

    history = commands.add_parser("history", help="which run gave which points, what moved and why")
    history.add_argument("assignment", nargs="?", help=f"{NAMED}; all assignments, if none is named")
    history.add_argument("student", nargs="?", help="one student's points alone, item by item")
    history.add_argument("--json", action="store_true", help="one JSON object for each run, one a line")
    history.set_defaults(command=_history)

    decide = commands.add_parser("decide", help="drop a question, full marks for all, extra time; undo it")
    for command in (grade, report, review, read, collect, history, *add_decisions(decide, NAMED, _positive)):
        text = "the class directory (default: here)"
        command.add_argument("--class", dest="directory", type=Path, default=Path(), help=text)


def _add_exports(commands: Any) -> None:
    """What is written for other systems: a command for each form."""
    export = commands.add_parser("export", help="write questions, grades and feedback as other systems take them")
    forms = export.add_subparsers(title="forms", required=True, metavar="FORM")
    for form, text in QUESTION_FORMS.items():
        questions = forms.add_parser(form, help=text)
        questions.add_argument("assignment", nargs="*", help=f"{NAMED}; all assignments, if none is named")
        questions.add_argument("--output", type=Path, metavar="FILE", help="what is written (default: a file here)")
        _add_course(questions, Path())
        questions.set_defaults(command=_export_questions, form=form)
    add_exports(forms, NAMED)


def _add_trials(commands: Any) -> None:
    """What shows the whole, and the machine."""
    demo = commands.add_parser("demo", help="a simulated class through all of it")
    demo.add_argument(
        "directory", nargs="?", type=Path, help="where the class is made (default: a new temporary folder)"
    )
    demo.add_argument("--students", type=_positive, default=32)
    demo.add_argument("--verbose", action="store_true", help="print also what is written to demo.txt, on each student")
    demo.set_defaults(command=_demo)

    doctor = commands.add_parser(
        "doctor",
        help="which isolation this machine gives, tried for real",
        epilog="Exit codes: 0 full isolation; 3 the fallback; 4 none.",
    )
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(command=_doctor)

    _add_course(demo, Path())


def _add_course(command: argparse.ArgumentParser, default: Path | None) -> None:
    command.add_argument("--course", type=Path, default=default, help="the course's folder (default: here or above)")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a whole number from 1 on")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a port: a whole number from 1 to 65535")
    return int(text)


# Each command is imported when it is called: `--help` shall not wait for nbgrader.


def _new(args: argparse.Namespace) -> int:
    from autograder.commands.new import new
    from autograder.course.course import find_course

    return new(find_course(args.course), args.directory, args.course_id, args.exchange)


def _build(args: argparse.Namespace) -> int:
    from autograder.commands.build import build
    from autograder.course.course import find_course

    return build(find_course(args.course), only_check=args.check)


def _verify(args: argparse.Namespace) -> int:
    from autograder.commands.verify import verify
    from autograder.course.course import find_course

    return verify(find_course(args.course), args.assignment, with_mutants=not args.quick, as_json=args.json)


def _mark(args: argparse.Namespace) -> int:
    from autograder.commands.mark import mark

    return mark(args.course, args.notebook, args.assignment, as_json=args.json)


def _grade(args: argparse.Namespace) -> int:
    from autograder.commands.grade import grade_class

    try:
        return grade_class(
            args.directory,
            args.assignment,
            everything=args.all,
            workers=args.workers,
            as_json=args.json,
            dry=args.dry_run,
        )
    except KeyboardInterrupt:
        if not args.dry_run:
            print("\nWhat was graded is kept; run the same command again to go on.", file=sys.stderr)
        raise


def _report(args: argparse.Namespace) -> int:
    from autograder.commands.report import report

    return report(args.directory, args.assignment, items=args.items, as_json=args.json, pseudonymous=args.pseudonyms)


def _history(args: argparse.Namespace) -> int:
    from autograder.commands.afterwards.history import history

    return history(args.directory, args.assignment, args.student, as_json=args.json)


def _review(args: argparse.Namespace) -> int:
    from autograder.commands.review import review_class

    return review_class(args.directory, args.assignment, args.output, pseudonymous=args.pseudonyms)


def _read(args: argparse.Namespace) -> int:
    from autograder.commands.read import read

    return read(args.directory, args.assignment, args.port, show_names=args.names, open_browser=args.open)


def _collect(args: argparse.Namespace) -> int:
    from autograder.commands.collect import Choices, collect

    choices = Choices(args.assignment, args.roster, args.new_students, args.replace)
    return collect(args.directory, args.download, choices, write_it=args.write, as_json=args.json)


def _export_questions(args: argparse.Namespace) -> int:
    from autograder.commands.taking_out.export_questions import export_questions
    from autograder.course.course import find_course

    return export_questions(find_course(args.course), args.assignment, args.form, args.output)


def _demo(args: argparse.Namespace) -> int:
    from autograder.commands.demo import demo
    from autograder.course.course import find_course

    return demo(find_course(args.course), args.directory, args.students, verbose=args.verbose)


def _doctor(args: argparse.Namespace) -> int:
    from autograder.commands.doctor import diagnose_machine

    return diagnose_machine(as_json=args.json)


if __name__ == "__main__":
    sys.exit(main())
