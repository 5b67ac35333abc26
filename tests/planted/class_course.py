"""The course of the class: three assignments of the real one, in which one key is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course.course import Course, load_course
from tests.planted.facts import ASSIGNMENTS, BadKey

MARK, NO_MARK = "    correct: true\n    misconception: null\n", "    correct: false\n    misconception: {}\n"


def course_with_a_bad_key(course: Course, bad: BadKey, place: Path) -> Course:
    """A copy of the chosen assignments of the course in `place`, in which the question has its wrong key."""
    place.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ASSIGNMENTS:
        shutil.copytree(course.folder(name), place / "solutions" / name, ignore=ignored)
    shutil.copy(course.root / "solutions" / "course.yaml", place / "solutions")
    file = place / "solutions" / bad.assignment / "questions.yaml"
    file.write_text(_with_key(file.read_text("utf-8"), bad), encoding="utf-8")
    return load_course(place)


def _with_key(questions: str, bad: BadKey) -> str:
    """The file's text with the right option and the one that is taken for it exchanged in all but their words."""
    before, found, after = questions.partition(f"- id: {bad.question}\n")
    assert found
    question, end = after.split("\n- id: ", 1)
    options = question.split("  - text: ")
    right, key = options["ABCDEF".index(bad.right) + 1], options["ABCDEF".index(bad.key) + 1]
    misconception = key.partition("    misconception: ")[2].partition("\n")[0]
    wrong_mark = NO_MARK.format(misconception)
    assert MARK in right
    assert wrong_mark in key
    question = question.replace(right, right.replace(MARK, wrong_mark)).replace(key, key.replace(wrong_mark, MARK))
    return f"{before}{found}{question}\n- id: {end}"
