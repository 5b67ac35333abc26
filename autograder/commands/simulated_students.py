"""Simulated students: what each of them hands in, from the diligent to the one who cheats."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.answers.question import Question
from autograder.course.course import Assignment
from autograder.course.program import Program
from autograder.course.solved_notebook import as_bytes, right_answer, solution, with_answers
from autograder.course.source_notebook import Json, marks_of
from autograder.course.task import Task

NAMES = """
    ada ben chloe dario elif farid greta hugo ines jonas kaja luca mei nadia omar petra quentin rosa sven tara umut
    vera wim xenia yusuf zoe arne bea cem dina emil fay gil hana ivo jara kofi lena milo nora
""".split()  # noqa: SIM905
Written = Callable[[Assignment, Json, random.Random], Json]
HandIn = Written | Callable[[Assignment, Json, random.Random], bytes]


@dataclass(frozen=True)
class Trick:
    """What somebody writes in place of the first function that a notebook asks for. `tried` says in words what it is
    for; `only_in` names the assignment that it is tried in, if not in each."""

    tried: str
    source: str
    only_in: str = ""

    def item(self, assignment: Assignment) -> str | None:
        """The id of the task that it is tried on."""
        functions = (task.id for task in assignment.tasks if isinstance(task, Task))
        return next(functions, None) if assignment.name.startswith(self.only_in) else None

    def __call__(self, assignment: Assignment, release: Json, chance: random.Random) -> Json:
        """The notebook of somebody who tries it, and is otherwise a good student."""
        good = _typical(0.8, 0.1)(assignment, release, chance)
        id = self.item(assignment)
        return with_answers(good, {id: self.source.format(name=id)}) if id else good


CHEAT = Trick(
    "rigs numpy's comparisons, returns an object that equals everything, prints 100 points in every cell",
    """\
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
""",
)
CRASH = Trick("ends Python while it is graded", "import os\n\ndef {name}(*args, **kw):\n    os._exit(1)\n")
# Each such task takes its whole time limit, so one of them will do.
ENDLESS = Trick("a loop that never ends", "def {name}(*args, **kw):\n    while True:\n        pass\n", only_in="01")


def names_of(students: int) -> list[str]:
    """The names of so many students."""
    return [NAMES[i] if i < len(NAMES) else f"student{i + 1}" for i in range(students)]


def tricks_of(names: Sequence[str]) -> dict[str, Trick]:
    """What is tried by each of the students who try something."""
    habits = {name: HABITS[place % len(HABITS)] for place, name in enumerate(names)}
    return {name: habit for name, habit in habits.items() if isinstance(habit, Trick)}


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


def _typical(share_right: float, share_left: float) -> Written:
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
HABITS: tuple[HandIn, ...] = (
    *(STRONG, GOOD, MIDDLING, GOOD, CHEAT, GOOD, MIDDLING, STARTED, STRONG, GOOD, _untouched, GOOD),
    *(MIDDLING, ENDLESS, GOOD, STRONG, _cut_off, MIDDLING, GOOD, STARTED, _without_checks, GOOD),
    *(MIDDLING, CRASH, STRONG, GOOD, _copied_cells, MIDDLING, GOOD, MIDDLING, _photo, STRONG),
)
