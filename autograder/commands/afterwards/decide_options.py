"""The options of `autograder decide`. What each decision does is in `decide.py`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

MOST_HOURS = 10_000


def add_decisions(
    decide: argparse.ArgumentParser, named: str, number: Callable[[str], int]
) -> list[argparse.ArgumentParser]:
    """Add what can be decided to the command; returns the parsers. `named` says how an assignment is named, `number`
    reads a whole number."""
    kinds = decide.add_subparsers(title="decisions", required=True, metavar="DECISION")
    drop = kinds.add_parser("drop", help="a question or task counts for nobody: no points, no maximum")
    full = kinds.add_parser("full-marks", help="everybody who handed in gets a question's full points")
    for effect, command in (("drop", drop), ("full-marks", full)):
        command.add_argument("assignment", help=named)
        command.add_argument("item", help="the question's or task's id")
        command.set_defaults(command=_decide_item, effect=effect)

    time = kinds.add_parser("extra-time", help="another due date for one student")
    time.add_argument("student", help="the student's id, the name of the folder in submitted/")
    time.add_argument("assignment", help=named)
    which = time.add_mutually_exclusive_group(required=True)
    which.add_argument("--hours", type=_hours, help="so long beyond the due date")
    which.add_argument("--until", metavar="TIME", help='such as "2027-03-05 23:59:00 UTC"')
    time.set_defaults(command=_decide_time)

    undo = kinds.add_parser("undo", help="take a decision back: the exact points return")
    undo.add_argument("number", type=number, help="as `autograder decide list` shows it")
    undo.set_defaults(command=_undo)
    for command in (drop, full, time, undo):
        command.add_argument("--reason", default="", help="kept with it; of a question's, students are told")

    listing = kinds.add_parser("list", help="what was decided, undone decisions included")
    listing.add_argument("--json", action="store_true", help="one JSON object for each decision, one a line")
    listing.set_defaults(command=_list)
    return [drop, full, time, undo, listing]


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= MOST_HOURS:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a number of hours above 0, at most {MOST_HOURS}")
    return hours


def _decide_item(args: argparse.Namespace) -> int:
    from autograder.commands.afterwards.decide import class_of, decide_item

    return decide_item(class_of(args.directory, args.reason), args.effect, args.assignment, args.item)


def _decide_time(args: argparse.Namespace) -> int:
    from autograder.commands.afterwards.decide import class_of, decide_time

    return decide_time(class_of(args.directory, args.reason), args.student, args.assignment, args.hours, args.until)


def _undo(args: argparse.Namespace) -> int:
    from autograder.commands.afterwards.decide import class_of, undo

    return undo(class_of(args.directory, args.reason), args.number)


def _list(args: argparse.Namespace) -> int:
    from autograder.commands.afterwards.decide import list_decisions

    return list_decisions(args.directory, as_json=args.json)
