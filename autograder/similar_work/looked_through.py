"""What a comparison of the class needs of each notebook, each read once: code as tokens, long texts, odd lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.course.course import Course
from autograder.course.course_files import read_questions
from autograder.course.source_notebook import answer_id
from autograder.processes.jobs import run_jobs
from autograder.report.work import Work, read_work
from autograder.similar_work.class_code import CourseCode, course_code
from autograder.similar_work.odd_code import OddLine, odd_lines
from autograder.similarity.common_code import Numbers, tokens_of
from autograder.similarity.texts import plain

FEWEST_WORDS = 15  # of a text that people don't write twice by chance
MOST_CHARACTERS = 5_000  # of a text
AT_ONCE, WORTH_WORKERS = 100, 300  # notebooks


@dataclass(frozen=True)
class KnownTexts:
    """What a course has of an assignment: its code, its texts in cells, and its free questions with the texts that come
    with them."""

    code: CourseCode
    prose: frozenset[str]
    questions: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class LookedThrough:
    """One notebook: its own code as tokens, the texts of free questions (in lower case, without punctuation) that are
    long and not the course's, and its odd lines."""

    tokens: Numbers
    texts: Mapping[str, str]
    odd: tuple[OddLine, ...]


def look_through(work: Work, course: KnownTexts) -> LookedThrough:
    """What the comparison needs of a notebook."""
    code = [source for _, source in course.code.own_cells(work)]
    own = {None, *course.questions, *map(answer_id, course.questions)}
    prose = [
        (cell.kind, cell.source)
        for cell in work.cells
        if cell.kind != "code" and cell.grade_id in own and cell.source.strip() not in course.prose
    ]
    texts = {item: plain(work.answer(item)[:MOST_CHARACTERS]) for item in course.questions}
    long = {
        item: text
        for item, text in texts.items()
        if len(text.split()) >= FEWEST_WORDS and text not in course.questions[item]
    }
    return LookedThrough(tokens_of(code), long, odd_lines([*(("code", source) for source in code), *prose]))


def course_texts_of(course: Course, assignment: str) -> KnownTexts:
    """What the course has of an assignment, read as text. Raises CourseError."""
    folder = course.folder(assignment)
    code, prose = course_code(folder)
    free = [question for question in read_questions(folder) if question.kind == "free"]
    return KnownTexts(code, prose, {one.id: frozenset((plain(one.model), plain(one.weak))) for one in free})


def class_looked_through(
    root: Path, course: Course, graded: Mapping[str, Sequence[str]], workers: int
) -> dict[str, dict[str, LookedThrough]]:
    """The notebooks of the students who are graded, by assignment: in worker processes where they are many."""
    look = partial(_look_through_some, root, {name: course_texts_of(course, name) for name in graded})
    each = [(name, student) for name, students in graded.items() for student in students]
    jobs = [tuple(each[first : first + AT_ONCE]) for first in range(0, len(each), AT_ONCE)]
    found: dict[str, dict[str, LookedThrough]] = {name: {} for name in graded}
    several = run_jobs(look, jobs, workers) if workers > 1 and len(each) > WORTH_WORKERS else map(look, jobs)
    for outcome in several:
        looked = outcome[1] if isinstance(outcome, tuple) else outcome
        if isinstance(looked, Exception):
            raise looked
        for name, student, one in looked:
            found[name][student] = one
    return {name: dict(sorted(some.items())) for name, some in found.items()}


def _look_through_some(
    root: Path, courses: Mapping[str, KnownTexts], notebooks: Sequence[tuple[str, str]]
) -> list[tuple[str, str, LookedThrough]]:
    return [(name, student, look_through(read_work(root, name, student), courses[name])) for name, student in notebooks]
