"""The commands. Each says what it did and what to do next; the work is done elsewhere."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from autograder import __version__
from autograder.course.course import Course, find_course
from autograder.errors import AutograderError
from autograder.report.terminal import printable, result_text


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 if all went well, 1 if something was found wrong, 2 for bad input."""
    args = _parser().parse_args(argv)
    try:
        return int(args.command(args))
    except AutograderError as error:
        print(f"autograder: {printable(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nautograder: stopped. What was graded is kept; run the same command again to go on.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder", description="Grade a course in notebooks: student code answers, it never judges."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    new = commands.add_parser("new", help="make a class directory, ready for nbgrader and for `grade`")
    new.add_argument("directory", type=Path)
    new.set_defaults(command=_new)

    build = commands.add_parser("build", help="make exercises/ from solutions/")
    build.add_argument("--check", action="store_true", help="write nothing; fail if exercises/ is out of date")
    build.set_defaults(command=_build)

    verify = commands.add_parser("verify", help="prove the grader: solutions, stubs, misconceptions, alternatives")
    verify.add_argument("assignment", nargs="*", help="all assignments, if none is named")
    verify.add_argument("--quick", action="store_true", help="leave out the mutants of the references")
    verify.add_argument("--json", action="store_true", help="one JSON object for each proof")
    verify.set_defaults(command=_verify)

    mark = commands.add_parser("mark", help="mark single notebooks; no class is needed")
    mark.add_argument("notebook", nargs="+", type=Path)
    mark.add_argument("--assignment", help="which assignment it is, if the notebook doesn't tell")
    mark.add_argument("--json", action="store_true", help="one JSON object for each notebook, one a line")
    mark.set_defaults(command=_mark)

    grade = commands.add_parser("grade", help="grade what was handed in to a class and isn't graded yet")
    grade.add_argument("assignment")
    grade.add_argument(
        "--class", dest="directory", type=Path, default=Path(), help="the class directory (default: here)"
    )
    grade.add_argument("--all", action="store_true", help="grade everything again")
    grade.add_argument("--workers", type=_positive, default=None, help="processes at work (default: one for each core)")
    grade.add_argument("--json", action="store_true", help="the report as one JSON object")
    grade.set_defaults(command=_grade)

    demo = commands.add_parser("demo", help="a simulated class through all of it")
    demo.add_argument(
        "directory", nargs="?", type=Path, help="where the class is made (default: a new temporary folder)"
    )
    demo.add_argument("--students", type=_positive, default=32)
    demo.set_defaults(command=_demo)

    doctor = commands.add_parser("doctor", help="which isolation this machine gives, tried for real")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(command=_doctor)

    for command in (new, build, verify, mark, demo):
        here = None if command is mark else Path()
        command.add_argument("--course", type=Path, default=here, help="the course's folder (default: here or above)")
    return parser


def _course(args: argparse.Namespace) -> Course:
    return find_course(args.course)


def _new(args: argparse.Namespace) -> int:
    from autograder.classroom.new import new_class

    new_class(_course(args), args.directory)
    print(f"Made the class directory {args.directory}.")
    print(f"Next: hand out {args.directory}/release/, collect into {args.directory}/submitted/STUDENT/ASSIGNMENT/,")
    print(f"then: cd {args.directory} && autograder grade ASSIGNMENT && jupyter lab (menu Nbgrader > Formgrader)")
    return 0


def _build(args: argparse.Namespace) -> int:
    from autograder.release.build import build, stale

    course = _course(args)
    exercises = course.root / "exercises"
    if args.check:
        problems = stale(course, exercises)
        for problem in problems:
            print(problem)
        print("Run `autograder build` and commit what it writes." if problems else "exercises/ agrees with solutions/.")
        return 1 if problems else 0
    written = build(course, exercises)
    for path in written:
        print(f"wrote {path}")
    if not written:
        print("exercises/ agrees with solutions/; nothing was written.")
    return 0


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a whole number from 1 on")
    return int(text)


def _verify(args: argparse.Namespace) -> int:
    from autograder.verify.prove import Report, verify_all

    course = _course(args)
    report = Report()
    for proof in verify_all(course, args.assignment or course.names, os.cpu_count() or 1, not args.quick):
        report.add(proof)
        if args.json:
            print(json.dumps(asdict(proof), ensure_ascii=False), flush=True)
        elif proof.problem:
            print(f"✗ {proof.assignment} {proof.kind}: {proof.claim}: {proof.problem}", flush=True)
    if not args.json:
        print(report.text())
    return 1 if report.failed else 0


def _mark(args: argparse.Namespace) -> int:
    from autograder.marking.mark import course_to_mark_with, mark_files

    course = course_to_mark_with(args.course, args.notebook)
    for result in mark_files(course, args.notebook, args.assignment):
        print(printable(result.to_json()) if args.json else result_text(result), flush=True)
    return 0


def _grade(args: argparse.Namespace) -> int:
    from autograder.commands.grade import grade_class

    return grade_class(args.directory, args.assignment, everything=args.all, workers=args.workers, as_json=args.json)


def _demo(args: argparse.Namespace) -> int:
    from autograder.commands.demo import demo

    return demo(_course(args), args.directory, args.students)


def _doctor(args: argparse.Namespace) -> int:
    from autograder.commands.doctor import diagnose_machine

    return diagnose_machine(as_json=args.json)


if __name__ == "__main__":
    sys.exit(main())
