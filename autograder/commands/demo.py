"""A simulated class through all of it: made, handed in, graded, and what the instructor sees at the end."""

from __future__ import annotations

import json
import random
import shlex
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.answers.question import Question
from autograder.classroom.grading_run import ClassReport, grade
from autograder.classroom.new_class import new_class
from autograder.course.course import Assignment, Course
from autograder.course.program import Program
from autograder.course.solved_notebook import as_bytes, right_answer, solution, with_answers
from autograder.course.source_notebook import Json, marks_of
from autograder.marking.result import Result
from autograder.report.class_tables import misconception_table
from autograder.report.terminal import printable, table

NAMES = """
    ada ben chloe dario elif farid greta hugo ines jonas kaja luca mei nadia omar petra quentin rosa sven tara umut
    vera wim xenia yusuf zoe arne bea cem dina emil fay gil hana ivo jara kofi lena milo nora
""".split()  # noqa: SIM905
CHEAT = """\
import numpy as np, builtins, sys
np.allclose = np.array_equal = np.isclose = lambda *args, **kw: True
np.testing.assert_allclose = lambda *args, **kw: None

class Equal(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = float.__hash__
    def __array__(self, *args, **kw): return np.zeros((6, 2))

try:
    from IPython import get_ipython
    get_ipython().events.register("pre_run_cell", lambda *args: sys.displayhook(100.0))
except Exception:
    pass

def {name}(*args, **kw):
    return Equal(1.0)
"""
ENDLESS = "def {name}(*args, **kw):\n    while True:\n        pass\n"
CRASH = "import os\n\ndef {name}(*args, **kw):\n    os._exit(1)\n"


def demo(course: Course, directory: Path | None, students: int) -> int:
    """Make a class of simulated students, grade every assignment, print what an instructor wants to know."""
    folder = directory or Path(tempfile.mkdtemp(prefix="recurrent-memory-class-")) / "class"
    print(f"Making a class of {students} simulated students in {folder} ...", flush=True)
    new_class(course, folder)
    names = [NAMES[i] if i < len(NAMES) else f"student{i + 1}" for i in range(students)]
    reports = {}
    for name in course.names:
        assignment = course.assignment(name)
        hand_in_all(assignment, folder, names)
        print(f"Grading {name} ...", flush=True)
        reports[name] = grade(folder, name)
        print(f"  {len(reports[name].results)} notebooks in {reports[name].seconds:.1f} s", flush=True)
    print()
    print(scores(names, reports))
    print()
    print(misconception_table([result for report in reports.values() for result in report.results.values()], most=12))
    print()
    print(troubles(reports))
    print()
    print(next_steps(folder, course.names[0]))
    return 0


def hand_in_all(assignment: Assignment, folder: Path, names: Sequence[str], only_solid: bool = False) -> None:
    """Put one notebook of each student into submitted/, the same for the same names; `only_solid` leaves out whoever
    hands in what is damaged, hostile or endless."""
    release = json.loads((folder / "release" / assignment.name / f"{assignment.name}.ipynb").read_text("utf-8"))
    for place, name in enumerate(names):
        habits = SOLID if only_solid else HABITS
        notebook = habits[place % len(habits)](assignment, release, random.Random(f"{name} {assignment.name}"))
        path = folder / "submitted" / name / assignment.name / f"{assignment.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook if isinstance(notebook, bytes) else as_bytes(notebook))


def _typical(share_right: float, share_left: float) -> Callable[[Assignment, Json, random.Random], Json]:
    """A student who gets `share_right` of the items right and leaves `share_left` of the others alone."""

    def hand_in(assignment: Assignment, release: Json, chance: random.Random) -> Json:
        right, wrong = _right_answers(assignment), _wrong_answers(assignment)
        answers: dict[str, str] = {}
        for id in assignment.items:
            if chance.random() < share_right:
                answers[id] = chance.choice(right[id])
            elif chance.random() >= share_left:
                answers[id] = chance.choice(wrong[id])
        return with_answers(release, answers)

    return hand_in


def _right_answers(assignment: Assignment) -> dict[str, list[str]]:
    """Texts for the answer cell of each item that get full marks."""
    tasks = {
        task.id: [solution(assignment, task.id), *(program.source for program in task.alternatives)]
        for task in assignment.tasks
    }
    return tasks | {question.id: [right_answer(question)] for question in assignment.questions}


def _wrong_answers(assignment: Assignment) -> dict[str, list[str]]:
    """Texts for the answer cell of each item that show a misconception or are weak; what is common is in it often."""
    tasks = {task.id: _first_more_often(task.wrong_programs) for task in assignment.tasks}
    return tasks | {question.id: _wrong_texts(question) for question in assignment.questions}


def _first_more_often(programs: Sequence[Program]) -> list[str]:
    """Some misconceptions are much more common than others: the first ones of each list."""
    return [program.source for place, program in enumerate(programs) for _ in range(max(1, 6 - place))]


def _wrong_texts(question: Question) -> list[str]:
    letters = [letter for letter, option in question.lettered() if not option.correct]
    values = [*letters, *(wrong.value for wrong in question.wrong)]
    return [f"{question.id} = {value!r}" for value in values] or [question.weak]


def _with_first_task(source: str) -> Callable[[Assignment, Json, random.Random], Json]:
    def hand_in(assignment: Assignment, release: Json, chance: random.Random) -> Json:
        good = _typical(0.8, 0.1)(assignment, release, chance)
        id = assignment.tasks[0].id
        return with_answers(good, {id: source.format(name=id)})

    return hand_in


def _endless(assignment: Assignment, release: Json, chance: random.Random) -> Json:
    """Hangs in the first two assignments and has learnt it by the third: each such task takes its whole time limit."""
    source = ENDLESS if assignment.name[:2] in ("01", "02") else CRASH
    return _with_first_task(source)(assignment, release, chance)


def _untouched(assignment: Assignment, release: Json, chance: random.Random) -> Json:  # noqa: ARG001
    return release


def _cut_off(assignment: Assignment, release: Json, chance: random.Random) -> bytes:
    data = as_bytes(_typical(0.9, 0.0)(assignment, release, chance))
    return data[: len(data) // 2]


def _photo(assignment: Assignment, release: Json, chance: random.Random) -> bytes:  # noqa: ARG001
    return b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(1_000)


def _without_checks(assignment: Assignment, release: Json, chance: random.Random) -> Json:
    notebook = _typical(0.9, 0.0)(assignment, release, chance)
    kept = [cell for cell in notebook["cells"] if not marks_of(cell).get("grade")]
    return {**notebook, "cells": kept}


def _copied_cells(assignment: Assignment, release: Json, chance: random.Random) -> Json:
    notebook = _typical(0.7, 0.1)(assignment, release, chance)
    return {**notebook, "cells": [cell for cell in notebook["cells"] for _ in range(2)]}


STRONG, GOOD, MIDDLING, STARTED = _typical(0.97, 0.0), _typical(0.75, 0.1), _typical(0.5, 0.2), _typical(0.25, 0.7)
SOLID = (STRONG, GOOD, MIDDLING)
HABITS: tuple[Callable[[Assignment, Json, random.Random], Json | bytes], ...] = (
    *(STRONG, GOOD, MIDDLING, GOOD, _with_first_task(CHEAT), GOOD, MIDDLING, STARTED, STRONG, GOOD, _untouched, GOOD),
    *(MIDDLING, _endless, GOOD, STRONG, _cut_off, MIDDLING, GOOD, STARTED, _without_checks, GOOD),
    *(MIDDLING, _with_first_task(CRASH), STRONG, GOOD, _copied_cells, MIDDLING, GOOD, MIDDLING, _photo, STRONG),
)


def scores(names: Sequence[str], reports: dict[str, ClassReport]) -> str:
    """Who got what, a row for each student."""
    rows = [["student", *reports, "sum"]]
    for name in names:
        results = [report.results.get(name) for report in reports.values()]
        points = [f"{result.points:g}" if result else "-" for result in results]
        rows.append([name, *points, f"{sum(result.points for result in results if result):g}"])
    most = [next(iter(report.results.values())).max_points for report in reports.values()]
    rows.append(["(maximum)", *(f"{points:g}" for points in most), f"{sum(most):g}"])
    return "Who got what\n" + table(rows, right=range(1, len(rows[0])))


def troubles(reports: dict[str, ClassReport]) -> str:
    """Whose notebook had something wrong with it, in one line each."""
    lines = ["What was wrong with whose notebook"]
    for name, report in reports.items():
        for student, result in report.results.items():
            lines += [f"  {student}, {name}: {text}" for text in _trouble(result)]
    return "\n".join(lines)


def _trouble(result: Result) -> list[str]:
    problems = [printable(problem) for problem in result.problems]
    stopped = [f"{item.id}: {item.message}" for item in result.items if item.verdict in ("timeout", "error")]
    more = [f"... and {len(problems) - 2} more"] if len(problems) > 3 else problems[2:]
    return [*problems[:2], *more, *stopped[:2]]


def next_steps(folder: Path, assignment: str) -> str:
    """Where the files are and what to type next."""
    place = shlex.quote(str(folder))
    return "\n".join(
        [
            "Where the files are",
            f"  {folder}/submitted    what was handed in",
            f"  {folder}/autograded   the notebooks with outputs and feedback",
            f"  {folder}/results      one JSON record for each submission",
            f"  {folder}/gradebook.db nbgrader's gradebook with the scores",
            "What to type next",
            f"  cd {place}",
            "  jupyter lab                        # menu Nbgrader > Formgrader: read, grade free text by hand",
            f"  nbgrader generate_feedback {assignment}",
            f"  autograder grade {assignment}       # again after new submissions: only what changed is graded",
        ]
    )
