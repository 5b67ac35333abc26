"""The nbgrader_config.py of a class: what a new one says, and what the one that is there sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import ClassError
from autograder.handed_in.hand_in_time import FORMAT, ExchangeTimes
from autograder.handed_in.layout import IGNORE, STRUCTURE, Layout

if TYPE_CHECKING:
    from traitlets.config.loader import Config

FILE = "nbgrader_config.py"
TEMPLATE = '''\
"""nbgrader's settings for this class. Every command of nbgrader and its pages read this file."""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader defines it)
ROOT = Path(__file__).resolve().parent

# The exchange keeps the class under this name.
c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.root = str(ROOT)
# Another database can stand here, such as "postgresql://user:password@host/name" (and `pip install psycopg`).
c.CourseDirectory.db_url = f"sqlite:///{{ROOT / 'gradebook.db'}}"
{exchange}
# What students see in place of a solution.
c.ClearSolutions.code_stub = {code_stub!r}
c.ClearSolutions.text_stub = {text_stub!r}

# `nbgrader autograde` and formgrader's Autograde button mark this course's assignments with the same grader as
# `autograder grade`: students' code never runs in the process that scores it. Assignments that you add to source/
# yourself are graded by nbgrader as ever.
c.Autograde.exporter_class = "autograder.plugin.MarkedExporter"
c.Autograde.sanitize_preprocessors = [
    "autograder.plugin.ClearOtherOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograder.plugin.ExecuteOther",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.plugin.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Scores that are given by hand change late penalties, too: these are computed again before feedback is made and grades
# are exported. `nbgrader generate_feedback` makes every page anew, as pages don't tell whether they are outdated.
c.GenerateFeedback.force = True
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.ExportApp.plugin_class = "autograder.plugin.CsvExport"

# Feedback pages list tasks and questions by name; they and formgrader show no "In [ ]" and no "Out[ ]".
c.GenerateFeedback.exporter_class = "autograder.plugin.FeedbackPage"
c.HTMLExporter.exclude_input_prompt = True
c.HTMLExporter.exclude_output_prompt = True
c.HTMLExporter.exclude_anchor_links = True

# From the exchange, `nbgrader collect` and formgrader's Collect button take what is a student's own, and no links.
c.ExchangeFactory.collect = "autograder.exchange.Collect"
'''


@dataclass(frozen=True)
class Settings:
    """What the grader needs of nbgrader's configuration: where submissions lie (`layout`), how their `times` are
    written, all of it for nbgrader's own plugins (`config`), and whether several instructors of one group work in the
    class (`groupshared`)."""

    course_id: str
    db_url: str
    config: Config
    layout: Layout
    times: ExchangeTimes
    groupshared: bool = False


def config_text(course_id: str, exchange: Path | None, release_config: Mapping[str, Mapping[str, object]]) -> str:
    """The nbgrader_config.py of a new class. Raises ClassError where `course_id` can't be a folder of the exchange."""
    if not re.fullmatch(r"\w[\w.-]*", course_id):
        raise ClassError(
            f"{course_id!r} can't be a course id, as nbgrader's exchange names a folder so. "
            "Take letters, digits, '-', '_' and '.', such as --course-id memory-2027."
        )
    line = f"\nc.Exchange.root = {str(exchange.absolute())!r}\n" if exchange else ""
    return TEMPLATE.format(course_id=course_id, exchange=line, **release_config["ClearSolutions"])


def default_id(root: Path) -> str:
    """The course id of a class in the folder `root`: the folder's name, as far as an id can be written so."""
    return re.sub(r"[^\w.-]+", "-", root.absolute().name).strip("-.") or "class"


def read_settings(root: Path) -> Settings:
    """The settings of the class in `root`. Raises ClassError where it has none or they can't be read."""
    from traitlets.config.loader import PyFileConfigLoader

    if not (root / FILE).is_file():
        raise ClassError(f"{root} is no class directory: it has no {FILE}. Make one with `autograder new DIR`.")
    try:
        config = PyFileConfigLoader(FILE, path=str(root.resolve())).load_config()
    except Exception as error:  # the file is a program of the instructor's: it may fail in any way
        raise ClassError(f"{root / FILE} can't be read: {type(error).__name__}: {error}") from error
    directory = config.CourseDirectory
    place = Path(directory.get("root") or root).absolute()
    url = directory.get("db_url") or f"sqlite:///{place / 'gradebook.db'}"
    name, shared = directory.get("course_id") or "default_course", bool(directory.get("groupshared"))
    return Settings(name, url, config, _layout(config, place), times_of(config), shared)


def times_of(config: Config) -> ExchangeTimes:
    """How the class's exchange writes times."""
    exchange = config.Exchange
    return ExchangeTimes(exchange.get("timezone") or "UTC", exchange.get("timestamp_format") or FORMAT)


def layout_of(directory: Any) -> Layout:
    """Where submissions lie by nbgrader's own CourseDirectory, which also heeds the command line."""
    return Layout(
        Path(directory.root).absolute(),
        directory.submitted_directory,
        directory.directory_structure,
        tuple(directory.ignore),
        _names(directory.student_id_exclude),
    )


def _layout(config: Config, root: Path) -> Layout:
    """The same by the configuration alone, without the seconds that nbgrader's import takes."""
    directory = config.CourseDirectory
    ignore = directory.get("ignore", list(IGNORE))
    return Layout(
        root,
        directory.get("submitted_directory") or "submitted",
        directory.get("directory_structure") or STRUCTURE,
        tuple(
            ignore if isinstance(ignore, list) else ignore.get_value(list(IGNORE))
        ),  # c.CourseDirectory.ignore.append(...)
        _names(directory.get("student_id_exclude") or ""),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))
