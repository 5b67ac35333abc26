"""`autograder forget`: show what a class keeps of a student, and delete it if told to."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.class_directory.pseudonyms import FILE as KEY
from autograder.class_directory.pseudonyms import read_pseudonyms
from autograder.decisions.record import FILE as DECISIONS
from autograder.errors import ClassError
from autograder.forgetting.erase import erase
from autograder.forgetting.traces import Traces, near, traces_of
from autograder.gradebook.nbgrader_config import Settings, read_settings
from autograder.gradebook.students import students_of
from autograder.handed_in.student_name import not_a_student, spelled
from autograder.report.terminal import json_line, paragraph, printable

_MOST_SHOWN = 3


def forget(directory: Path, student: str, *, write_it: bool, as_json: bool) -> int:
    """Print what is kept of a student, and delete it where `write_it`; the exit code is then 1 if files of the class
    still name the student. Raises ClassError or CourseError."""
    root = directory.resolve()
    settings, id = read_settings(root), spelled(student)
    if not_a_student(id) or id in ("", ".", ".."):
        raise ClassError(f"{student!a} can't be a student's id.")
    traces = traces_of(root, settings, id)
    if not traces.anything:
        _refuse_unknown(root, settings, traces)
    if write_it:
        erase(root, settings, traces)
    if as_json:
        print(json_line(json.dumps(_record(root, traces, write_it), ensure_ascii=False)))
    else:
        print(_text(root, traces, write_it, _command(directory, student)))
    return 1 if write_it and traces.named_in else 0


def _refuse_unknown(root: Path, settings: Settings, traces: Traces) -> None:
    student = traces.student.id
    known = near({*(one.id for one in students_of(settings)), *read_pseudonyms(root)}, student)
    alike = f" Did you mean {', '.join(known)}?" if known else ""
    still = f" These files name it: {_some(root, traces.named_in)}." if traces.named_in else ""
    raise ClassError(f"The class keeps nothing of a student {student!r}.{alike}{still}")


def _text(root: Path, traces: Traces, written: bool, command: str) -> str:
    name = printable(traces.student.id)
    deleted = f"Deleted: what the class kept of {name}" if written else f"What the class keeps of {name}"
    lines = [deleted, *(paragraph(printable(line)) for line in _kept(root, traces))]
    if traces.named_in:
        lines += ["", f"These files name {name}; delete or change them yourself, if they are to go, too"]
        lines += [f"  {printable(str(path.relative_to(root)))}" for path in traces.named_in]
    lines += ["", "What no command here reaches", *(paragraph(printable(line)) for line in traces.outside)]
    lines += [paragraph("what others handed in and may have written of the student")]
    lines += ["", *_end(traces, written, command)]
    return "\n".join(lines)


def _kept(root: Path, traces: Traces) -> Iterator[str]:
    if traces.folders:
        yield f"{len(traces.folders)} folder{'' if len(traces.folders) == 1 else 's'}: {_some(root, traces.folders)}"
    if traces.files:
        yield f"{len(traces.files)} file{'' if len(traces.files) == 1 else 's'}: {_some(root, traces.files)}"
    shared = {path: count for path, count in traces.entries.items() if path.name != DECISIONS}
    if shared:
        yield f"{_entries(sum(shared.values()))} in {_some(root, list(shared))}"
    for path in traces.entries.keys() - shared.keys():
        yield f"{_entries(traces.entries[path])} in {path.name}; the later ones get other numbers"
    if traces.rows:
        yield f"the gradebook: {', '.join(f'{count} {kind}' for kind, count in traces.rows.items())}"
    if traces.in_key:
        yield f"{KEY}: who the pseudonym stands for"
    if traces.pages:
        yield f"{_some(root, traces.pages)}: all pages of the class, as the student is on many of them"


def _entries(count: int) -> str:
    return f"{count} entr{'y' if count == 1 else 'ies'}"


def _end(traces: Traces, written: bool, command: str) -> list[str]:
    again = "`autograder review` writes the pages again, without the student." if traces.pages else ""
    if written:
        return [line for line in (again, "This can't be undone.") if line]
    return [f"Nothing was deleted. This deletes it, for good: {command}", *([again] if again else [])]


def _some(root: Path, paths: Sequence[Path]) -> str:
    shown = [str(path.relative_to(root) if path.is_relative_to(root) else path) for path in paths[:_MOST_SHOWN]]
    more = f" and {len(paths) - _MOST_SHOWN} more" if len(paths) > _MOST_SHOWN else ""
    return f"{', '.join(shown)}{more}"


def _command(directory: Path, student: str) -> str:
    place = [] if directory == Path() else ["--class", str(directory)]
    return shlex.join(["autograder", "forget", student, *place, "--write"])


def _record(root: Path, traces: Traces, written: bool) -> dict[str, object]:
    def shown(paths: Sequence[Path]) -> list[str]:
        return [str(path.relative_to(root) if path.is_relative_to(root) else path) for path in paths]

    return {
        "version": 1,
        "student": traces.student.id,
        "written": written,
        "folders": shown(traces.folders),
        "files": shown(traces.files),
        "entries": {str(path.relative_to(root)): count for path, count in traces.entries.items()},
        "rows": traces.rows,
        "key": traces.in_key,
        "pages": shown(traces.pages),
        "named_in": shown(traces.named_in),
        "outside": list(traces.outside),
    }
