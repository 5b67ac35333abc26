"""What the tests of submitted/ look with: an ordinary class's settings, and the notebook of the tiny course."""

from __future__ import annotations

import copy
from pathlib import Path

from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.course.source_notebook import Json
from autograder.handed_in.hand_in_time import ExchangeTimes
from autograder.handed_in.layout import Layout
from autograder.handed_in.submissions import HandedIn, find_submissions, look_at
from autograder.handed_in.which_notebook import Sought
from autograder.release.build import release_notebook
from tests.classes import SUMS, TINY

UTC = ExchangeTimes()


def sought(course: Course, assignment: str = TINY) -> Sought:
    return Sought(course, assignment)


def find(root: Path, course: Course) -> tuple[list[HandedIn], list[str]]:
    return find_submissions(Layout(root), sought(course), UTC)


def look(folder: Path, course: Course, times: ExchangeTimes = UTC) -> HandedIn:
    return look_at(folder, "ada", Layout(folder), sought(course), times)


class Notebooks:
    """Notebooks of the tiny course as students leave them."""

    def __init__(self, course: Course) -> None:
        assignment = course.assignment(TINY)
        whole = solved(assignment)
        self.untouched = as_bytes(release_notebook(assignment))
        self.finished = as_bytes(whole)
        self.other_answers = as_bytes(with_answers(whole, {"row_means": SUMS}))
        self.begun = as_bytes(_with_one_answer(release_notebook(assignment), whole))
        self.empty = as_bytes({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        self.scratch = as_bytes(self._note("x = 1"))
        self.elsewhere = as_bytes(_without_ids(whole))

    @staticmethod
    def _note(source: str) -> Json:
        cell: Json = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _with_one_answer(release: Json, whole: Json) -> Json:
    begun = copy.deepcopy(release)
    for cell, answered in zip(begun["cells"], whole["cells"], strict=True):
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "row_means_answer":
            cell["source"] = answered["source"]
    return begun


def _without_ids(whole: Json) -> Json:
    plain = copy.deepcopy(whole)
    plain["metadata"] = {}
    for cell in plain["cells"]:
        cell["metadata"] = {}
    return plain
