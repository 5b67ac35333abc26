"""Lets `nbgrader autograde` and formgrader's Autograde button mark with this grader, makes feedback pages, and has
`nbgrader export` tell late penalties that are up to date.

nbgrader converts a submission twice: from submitted/ to autograded/ ("sanitize"), then again in place ("autograde"),
where its step SaveAutoGrades reads the points from the outputs of the check cells. Here the first conversion starts
from the marked notebook, which is made from the submitted file's own bytes: nbgrader never parses them. Nothing is
left to be executed. Assignments that are not the course's pass through as nbgrader would have them.

Before it asks any class that can be configured, nbgrader looks for notebooks of the right name and reads the time;
whoever has none is skipped without a record. So two of its methods are replaced below, as soon as this module is
imported, which nbgrader does when it reads the class's configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import nbgrader
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import from_dict
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import ClearOutput, Execute, SaveAutoGrades
from nbgrader.utils import determine_grade
from traitlets.config import Config

from autograder.class_directory.frozen_course import class_course, course_digest
from autograder.class_directory.paths import result_path
from autograder.class_directory.spreadsheet import csv_text
from autograder.class_directory.stamps import Stamps
from autograder.classroom.autograded_folder import HandedBack
from autograder.classroom.run_record import after_nbgrader
from autograder.classroom.worker import KEPT, ClassMarker, write_result
from autograder.course.source_notebook import Json
from autograder.decisions.in_force import in_force
from autograder.decisions.rulings import Ruling, apply, decided_release
from autograder.decisions.set_aside import set_aside
from autograder.errors import AutograderError
from autograder.files import writable_for_the_group, write_whole
from autograder.gradebook.by_hand import OwnScores, becomes
from autograder.gradebook.grades import Grades, auto_score
from autograder.gradebook.late_penalties import assign_penalties
from autograder.gradebook.nbgrader_config import layout_of, read_settings, times_of
from autograder.handed_in.hand_in_time import ExchangeTimes, hand_in_time
from autograder.handed_in.student_name import settle_spellings, spelled
from autograder.handed_in.submissions import find_submissions, look_at
from autograder.handed_in.which_notebook import Sought
from autograder.release.build import release_notebook
from autograder.report.feedback_page import TEMPLATE, TEMPLATES, contents
from autograder.report.marked_notebook import EXTRA_CREDIT
from autograder.result import kept_result
from autograder.site.page.course_text import formula

LONGEST_FORMULA = 5000  # characters: students write some, too
EXPORTED = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


class MarkedExporter(NotebookExporter):
    """The exporter of `nbgrader autograde` that starts from the marked notebook instead of the submitted file."""

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Any:
        """The notebook in `filename` after nbgrader's steps; `resources` says whose it is, as nbgrader sets it."""
        student, assignment = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        converter: Any = self.parent
        directory = converter.coursedir
        marked = Path(directory.format_path(directory.autograded_directory, student, assignment))
        root = Path(directory.root).resolve()
        # Whatever isn't known to be the outcome of the first conversion is marked: outputs count as points below.
        if not of_the_course(root, assignment) or Path(filename).parent == marked:
            return super().from_filename(filename, resources, **options)
        layout = layout_of(directory)
        folder = layout.folder(student, assignment)
        handed_in = look_at(folder, student, layout, Sought(class_course(root), assignment), _times(directory))
        handed_back = HandedBack(root, assignment)
        with writable_for_the_group(directory.groupshared):
            graded, notebook = _marker(root, assignment).mark(handed_in)
            write_result(root, student, graded.result)
            handed_back.follow(handed_in)
            handed_back.remove_feedback(student)
        for note in (*(f"{student}: {problem}" for problem in graded.result.problems), *handed_back.notes()):
            self.log.warning("%s", note)
        return self.from_notebook_node(from_dict(notebook), resources, **options)  # type: ignore[no-untyped-call]


class FormulaRenderer(IPythonRenderer):
    """nbconvert's Markdown, with formulas as MathML, which browsers show without fetching anything."""

    def block_math(self, body: str) -> str:
        """A formula on lines of its own."""
        return formula(body, "block") if len(body) <= LONGEST_FORMULA else super().block_math(body)

    def inline_math(self, body: str) -> str:
        """A formula in a line."""
        return formula(body) if len(body) <= LONGEST_FORMULA else super().inline_math(body)

    def latex_environment(self, name: str, body: str) -> str:
        """Such as an `align`."""
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")


class FeedbackPage(HTMLExporter):
    """The exporter of `nbgrader generate_feedback`: nbgrader's page, with contents that name tasks and questions, and
    with nothing to be fetched from the network."""

    def __init__(self, config: Config | None = None, **options: Any) -> None:
        nbgraders = str(Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates")
        own = Config(config or {})
        own.FeedbackPage.template_name = TEMPLATE
        own.FeedbackPage.extra_template_basedirs = [str(TEMPLATES), nbgraders]
        own.FeedbackPage.extra_template_paths = [*own.HTMLExporter.get("extra_template_paths", []), nbgraders]
        super().__init__(config=own, **options)  # type: ignore[no-untyped-call]

    def default_filters(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        """nbconvert's filters, and `contents` for the template."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "contents", contents

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """A cell's Markdown as HTML, as nbconvert has it but for formulas."""
        renderer = FormulaRenderer(
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            embed_images=self.embed_images,
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
            anchor_link_text=self.anchor_link_text,
            exclude_anchor_links=self.exclude_anchor_links,
        )
        return str(MarkdownWithMath(renderer=renderer).render(source))


class ClearOtherOutput(ClearOutput):  # type: ignore[misc]
    """nbgrader's ClearOutput, for assignments that are not the course's: in a marked notebook outputs are points."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Clear the outputs, or leave a marked notebook as it is."""
        return (nb, resources) if _marked(self, resources) else super().preprocess(nb, resources)


class ExecuteOther(Execute):  # type: ignore[misc]
    """nbgrader's Execute, for assignments that are not the course's."""

    def preprocess(self, nb: Any, resources: Any, *args: Any, **options: Any) -> Any:
        """Execute the notebook, or leave a marked one as it is."""
        return (nb, resources) if _marked(self, resources) else super().preprocess(nb, resources, *args, **options)


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's SaveAutoGrades, which also saves what was decided, and a marked notebook's points for extra credit.

    Extra credit that was given by hand stays, and waits to be looked at again, as nbgrader has it with scores.
    """

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Save the grades, and note which extra credit is the grader's."""
        if not _marked(self, resources):
            return super().preprocess(nb, resources)
        root, assignment, student = _root(self), *map(resources["nbgrader"].get, ("assignment", "student"))
        stamps, rulings = Stamps(root, assignment), _rulings(root, assignment)
        result = kept_result(result_path(root, assignment, student))
        items = apply(result, rulings).items if result else ()
        self.decided = {item.id: item for item in items if item.decision}
        self.aside = set_aside(root, assignment)
        self.extra_before, self.extra = stamps.extra(student), dict[str, float]()
        done = super().preprocess(nb, resources)
        stamps.note_written(student, self.extra, rulings)
        return done

    def _add_score(self, cell: Any, resources: Any) -> None:
        if not _marked(self, resources):
            super()._add_score(cell, resources)
            return
        id = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(id, self.notebook_id, self.assignment_id, self.student_id)
        extras = [output.get("metadata", {}).get(EXTRA_CREDIT) for output in cell.get("outputs", ())]
        found = next((float(extra) for extra in extras if extra is not None), None)
        if found is not None:
            self.extra[id] = found
        item = self.decided.get(id)
        score = determine_grade(cell, self.log)[0] if item is None else auto_score(item)
        own = OwnScores(score, found, self.extra_before.get(id), new=True)
        for column, value in becomes(grade, id, item, own, self.aside, self.student_id).items():
            setattr(grade, column, value)
        self.aside.write_more()
        self.gradebook.db.commit()
        self.aside.write()


class CsvExport(CsvExportPlugin):  # type: ignore[misc]
    """nbgrader's CSV export, with its columns and its options, after late penalties were brought up to date with scores
    that were given by hand. Unlike nbgrader's own, it quotes cells with commas, writes UTF-8 everywhere, and no cell is
    a formula to a spreadsheet."""

    def export(self, gradebook: Any) -> None:
        """Write the grades. As nbgrader has it, whoever handed in nothing has 0 points."""
        for assignment in gradebook.assignments:
            assign_penalties(gradebook.db, assignment, self.config)
        gradebook.db.commit()
        rows = [
            _grade_row(gradebook, assignment, student)
            for assignment in gradebook.assignments
            for student in gradebook.students
            if not self.assignment or assignment.name in map(str, self.assignment)
            if not self.student or student.id in map(str, self.student)
        ]
        self.log.info("Exporting grades to %s", self.to or "grades.csv")
        write_whole(Path(self.to or "grades.csv"), csv_text([EXPORTED, *rows]))


def _grade_row(gradebook: Any, assignment: Any, student: Any) -> list[str | None]:
    """The cells of a student's assignment, in the order of EXPORTED."""
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        time, score, penalty = None, 0.0, 0.0
    else:
        time, score, penalty = submission.timestamp, submission.score, submission.late_submission_penalty
    known = student.id, student.last_name, student.first_name, student.email
    numbers = score, penalty, max(0.0, score - penalty), assignment.max_score
    cells = (assignment.name, assignment.duedate, time, *known, *numbers)
    return [None if cell is None else str(cell) for cell in cells]


def find_notebooks(converter: Any) -> None:
    """nbgrader's `Autograde.init_notebooks`, which finds what `autograder grade` finds where the assignment is the
    course's: one notebook of the assignment's name for each student, whatever the file is called."""
    directory = converter.coursedir
    root, assignment = Path(directory.root).resolve(), directory.assignment_id
    if not of_the_course(root, assignment):
        _NBGRADERS_NOTEBOOKS(converter)
        return
    layout = layout_of(directory)
    notes = settle_spellings(layout, assignment)
    found, more = find_submissions(layout, Sought(class_course(root), assignment), _times(directory))
    for note in (*notes, *more):
        converter.log.warning("%s", note)
    wanted = [one for one in found if fnmatchcase(one.student, spelled(directory.student_id))]
    if not wanted or not fnmatchcase(assignment, directory.notebook_id):
        _NBGRADERS_NOTEBOOKS(converter)  # says that there are none
        return
    converter.notebooks = []
    converter.assignments = {str(one.folder): [str(one.folder / f"{assignment}.ipynb")] for one in wanted}


def read_timestamp(directory: Any, folder: str) -> datetime | None:
    """nbgrader's `CourseDirectory.get_existing_timestamp`, which reads times as `autograder grade` does."""
    time = hand_in_time(Path(folder), _times(directory))
    if time.note:
        directory.log.warning("%s: %s", folder, time.note)
    return time.utc


def convert_notebooks(converter: Any) -> None:
    """nbgrader's `Autograde.convert_notebooks`, after which other due dates are heeded and what moved is recorded."""
    directory = converter.coursedir
    root, assignment = Path(directory.root).resolve(), directory.assignment_id
    try:
        _NBGRADERS_CONVERSION(converter)
    finally:
        if of_the_course(root, assignment):
            try:
                course = class_course(root)
                decisions = in_force(root, assignment, course.names)
                with writable_for_the_group(directory.groupshared):
                    after_nbgrader(read_settings(root), course_digest(course, assignment), assignment, decisions)
            except (AutograderError, OSError) as error:  # the next run tells what moved
                converter.log.warning("%s", error)


_NBGRADERS_NOTEBOOKS = Autograde.init_notebooks
_NBGRADERS_CONVERSION = Autograde.convert_notebooks
Autograde.init_notebooks = find_notebooks
Autograde.convert_notebooks = convert_notebooks
CourseDirectory.get_existing_timestamp = read_timestamp


def of_the_course(root: Path, assignment: str) -> bool:
    """Whether the assignment is one of the frozen course's, by its name alone: what a notebook says doesn't count."""
    return (root / "course" / "solutions" / assignment / "notebook.py").is_file()


def _root(step: Any) -> Path:
    converter = step.parent.parent  # nbgrader makes the exporter, and the exporter its steps
    return Path(converter.coursedir.root)


def _marked(step: Any, resources: Any) -> bool:
    return of_the_course(_root(step), resources["nbgrader"]["assignment"])


def _times(directory: Any) -> ExchangeTimes:
    # nbgrader makes the directory before it reads the class's configuration, and then tells it its own part alone.
    return times_of((directory.parent or directory).config)


def _rulings(root: Path, assignment: str) -> Mapping[str, Ruling]:
    return in_force(root, assignment, class_course(root).names).rulings


def _marker(root: Path, assignment: str) -> ClassMarker:
    course, rulings = class_course(root), _rulings(root, assignment)

    def registered() -> Json:
        """The release; nbgrader's steps compare with the database, so that follows the frozen course first."""
        release = decided_release(release_notebook(course.assignment(assignment)), rulings)
        with Grades(read_settings(root)) as grades:
            grades.register(assignment, release)
        return release

    return KEPT.get(root, assignment, course_digest(course, assignment), rulings, registered)
