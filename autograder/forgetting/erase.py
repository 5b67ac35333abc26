"""Delete what a class keeps of a student."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from autograder.class_directory.lock import only_grader
from autograder.class_directory.pseudonyms import forget_pseudonym
from autograder.decisions.record import FILE as DECISIONS
from autograder.decisions.record import write_decisions
from autograder.errors import ClassError
from autograder.files import write_whole
from autograder.forgetting.gradebook_rows import remove_student
from autograder.forgetting.traces import Traces, decisions_without, without_student
from autograder.gradebook.nbgrader_config import Settings


def erase(root: Path, settings: Settings, traces: Traces) -> None:
    """Delete it while nobody grades. Whoever is stopped on the way starts again: what is left is found again. Raises
    ClassError."""
    student = traces.student.id
    with only_grader(root):
        try:
            for path in (*traces.folders, *traces.files, *traces.pages):
                _delete(path)
            for path in traces.entries:
                if path.name == DECISIONS:
                    write_decisions(root, decisions_without(root, student))
                    continue
                document, _ = without_student(json.loads(path.read_text(encoding="utf-8")), student)
                write_whole(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            raise ClassError(
                f"{error.filename or root} can't be deleted or written: {error.strerror or error}. Mend that and run "
                "the same command again: it deletes what is left."
            ) from error
        if traces.rows:
            remove_student(settings, student)
        forget_pseudonym(root, student)


def _delete(path: Path) -> None:
    """A folder with all that is in it; of a link, the link alone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
