"""`autograder collect`: show where the files of downloads would go, and bring them there if told to."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from dateutil.tz import gettz

from autograder.class_directory.frozen_course import class_course
from autograder.collecting.deliveries import LeftOut, Scanner
from autograder.collecting.kept import folder_of, students_present
from autograder.collecting.own_collector import own_collector
from autograder.collecting.plan import WRITTEN, Placement, Plan, make_plan
from autograder.collecting.platforms import EMAIL
from autograder.collecting.roster import merged, read_roster
from autograder.collecting.write import write
from autograder.errors import ClassError
from autograder.files import writable_for_the_group
from autograder.gradebook.nbgrader_config import Settings, read_settings
from autograder.gradebook.students import students_of
from autograder.handed_in.hand_in_time import ExchangeTimes
from autograder.handed_in.layout import Layout
from autograder.report.terminal import json_line, printable, table

_MOST_NAMED = 5
_OWN_FOLDERS = ("source", "release", "autograded", "feedback", "course", "results", "collected")


@dataclass(frozen=True)
class Choices:
    """What was asked for: one assignment, a roster, new students, replacing where it isn't known which is newer."""

    assignment: str | None = None
    roster: Path | None = None
    new_students: bool = False
    replace: bool = False


def collect(directory: Path, downloads: Sequence[Path], choices: Choices, *, write_it: bool, as_json: bool) -> int:
    """Print what collecting does, and do it where `write_it`; the exit code is 1 if something was left out. Raises
    ClassError or CourseError."""
    settings = read_settings(directory)
    plan = _plan(directory, settings, downloads, choices)
    if write_it:
        with writable_for_the_group(settings.groupshared):
            write(settings.layout, downloads, plan.to_write)
    if as_json:
        print(json_line(json.dumps(_record(settings.layout, plan, write_it), ensure_ascii=False)))
    else:
        after = _written(directory, settings.layout, plan) if write_it else _command(directory, downloads, choices)
        print(_text(settings.layout, plan, after))
    return 1 if plan.left_out else 0


def _plan(directory: Path, settings: Settings, downloads: Sequence[Path], choices: Choices) -> Plan:
    course, layout = class_course(directory), settings.layout
    assignment = course.name_of(choices.assignment) if choices.assignment is not None else None
    for path in downloads:
        if not path.exists():
            raise ClassError(f"{path} isn't there. Name the zip, folder or e-mail as it was downloaded.")
        if _is_of_class(layout, path.resolve()):
            raise ClassError(f"{path} holds the class's own files. Move the download out, and collect it from there.")
    listed = read_roster(choices.roster) if choices.roster else []
    roster = merged([*students_present(layout, course.names), *students_of(settings), *listed])
    scanner = Scanner(
        course,
        roster,
        layout.root / layout.submitted,
        _zone(settings.times),
        assignment,
        choices.new_students,
        own_collector(settings.config),
    )
    return make_plan(layout, settings.times, scanner.scan(downloads), choices.replace)


def _is_of_class(layout: Layout, path: Path) -> bool:
    """Whether a path leads to, or through, what a class itself keeps. A place for downloads may be in it, and a zip
    that was put into submitted/ by hand may be collected from there."""
    root = layout.root.resolve()
    own = _OWN_FOLDERS if path.is_file() else (*_OWN_FOLDERS, layout.submitted)
    return root.is_relative_to(path) or any(path.is_relative_to(root / name) for name in own)


def _zone(times: ExchangeTimes) -> tzinfo:
    """The zone of times that a platform writes without one: that of nbgrader's exchange in this class."""
    return gettz(times.timezone) or UTC


def _command(directory: Path, downloads: Sequence[Path], choices: Choices) -> list[str]:
    """That nothing is written yet, and the command that does what was shown."""
    words = ["autograder", "collect", *map(str, downloads)]
    words += ["--class", str(directory)] if directory != Path() else []
    words += ["--assignment", choices.assignment] if choices.assignment else []
    words += ["--roster", str(choices.roster)] if choices.roster else []
    words += ["--new-students"] if choices.new_students else []
    words += ["--replace"] if choices.replace else []
    return ["Nothing is written yet. To do it:", f"  {printable(shlex.join([*words, '--write']))}"]


def _written(directory: Path, layout: Layout, plan: Plan) -> list[str]:
    """That it was done, and what to do next."""
    names = sorted({placement.delivery.assignment for placement in plan.to_write})
    here = "" if directory == Path() else f" --class {shlex.quote(str(directory))}"
    written = f"Written to {layout.submitted}/. How each was collected is kept in collected/."
    return [written, *(f"Next: autograder grade {name}{here}" for name in names)]


def _text(layout: Layout, plan: Plan, after: Sequence[str]) -> str:
    counts = Counter(placement.change for placement in plan.placements)
    some = [f"{counts[change]} {_CHANGES[change]}" for change in WRITTEN if counts[change]]
    some += [f"{counts['unchanged']} there already"] if counts["unchanged"] else []
    some += [f"{len(plan.left_out)} left out"] if plan.left_out else []
    lines = [f"{', '.join(some) or 'No notebook was found'}."]
    if plan.to_write:
        skipped = int(len({one.delivery.place[0] for one in plan.to_write}) == 1)  # the name of the only download
        lines += [
            "",
            table(
                [
                    ["student", "assignment", "what", "time (UTC)", "notes", "from"],
                    *(_row(one, skipped) for one in plan.to_write),
                ]
            ),
        ]
    lines += _listed("Left out", plan.left_out)
    lines += _listed("Passed over", plan.passed_over)
    if plan.aside:
        names = ", ".join(map(_shown, plan.aside[:_MOST_NAMED]))
        kind = "file" if len(plan.aside) == 1 else "files"
        lines += ["", f"Not needed, and not copied: {len(plan.aside)} other {kind}, such as {names}."]
    lines += _remarks(layout, plan)
    return "\n".join([*lines, "", *(after if plan.to_write else ["There is nothing to write."])])


_CHANGES = {"new": "new", "replaced": "replaced", "timed": "given a time", "unchanged": "there already"}


def _row(placement: Placement, skipped: int) -> list[str]:
    one = placement.delivery
    notes = ["late"] if one.claim.late else []
    notes += ["new student"] if one.owner.is_new else []
    notes += ["nothing answered"] if one.untouched else []
    time = one.claim.when.isoformat(" ", "minutes") if one.claim.when else "-"
    notes += [f"sent from {one.claim.texts[0]}"] if one.claim.platform == EMAIL else []
    file = _shown(one.place[skipped:] or one.place)
    row = one.owner.id, one.assignment, _CHANGES[placement.change], time, ", ".join(notes), file
    return [printable(text) for text in row]


def _listed(head: str, files: Iterable[LeftOut]) -> list[str]:
    lines = [line for one in files for line in (f"  {_shown(one.place)}", f"    {printable(one.reason)}")]
    return ["", head, *lines] if lines else []


def _remarks(layout: Layout, plan: Plan) -> list[str]:
    """What the table doesn't tell by itself."""
    deliveries = [placement.delivery for placement in plan.to_write]
    untimed = sum(one.claim.late and one.claim.when is None for one in deliveries)
    clocks = Counter(one.claim.clock for one in deliveries if one.claim.when)
    assignments = {one.assignment for one in deliveries}
    present = {student.id for student in students_present(layout, assignments)}
    lines = []
    if any(one.owner.is_new for one in deliveries):
        lines.append(
            "New students get the ids that the download gives. If they have others, import your roster first: "
            "nbgrader db student import FILE.csv, or name it here with --roster FILE.csv."
        )
    if clocks:
        lines.append(
            f"Times are by {', '.join(f'{clock} clock ({count})' for clock, count in sorted(clocks.items()))}."
        )
    if any(one.claim.when is None for one in deliveries):
        lines.append("Where no time is known, nbgrader takes a submission as in time.")
    if untimed:
        lines.append(
            f"Late by the platform's word: {untimed}. If lateness costs points, write the time into timestamp.txt "
            "beside the notebook, such as 2027-03-02 10:00:00 UTC."
        )
    lines += [
        f"{layout.submitted}/{one.claim.new_id} holds what was collected before {one.owner.id} was known. Remove it."
        for one in deliveries
        if one.claim.new_id in present and one.claim.new_id != one.owner.id
    ]
    return ["", *lines] if lines else []


def _record(layout: Layout, plan: Plan, written: bool) -> dict[str, object]:
    return {
        "version": 1,
        "written": written,
        "submissions": [_placement_record(layout, placement) for placement in plan.placements],
        "left_out": [{"file": "/".join(one.place), "reason": one.reason} for one in plan.left_out],
        "passed_over": [{"file": "/".join(one.place), "reason": one.reason} for one in plan.passed_over],
        "not_needed": ["/".join(place) for place in plan.aside],
    }


def _placement_record(layout: Layout, placement: Placement) -> dict[str, object]:
    one = placement.delivery
    return {
        "student": one.owner.id,
        "new_student": one.owner.is_new,
        "assignment": one.assignment,
        "change": placement.change,
        "folder": layout.shown(folder_of(layout, one.owner.id, one.assignment)),
        "file": "/".join(one.place),
        "platform": one.claim.platform,
        "late": one.claim.late,
        "time": f"{one.claim.when.isoformat(' ', 'seconds')} UTC" if one.claim.when else None,
        "clock": one.claim.clock or None,
        "untouched": one.untouched,
        "names": list(one.claim.texts),
    }


def _shown(place: tuple[str, ...]) -> str:
    return printable("/".join(place))
