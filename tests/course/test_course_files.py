"""What is wrong with a course's files is one sentence that says where, what was found and what is known."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from autograder.course.course import CourseLimits, load_course
from autograder.course.course_files import LimitsEntry, read_course, read_equivalents, read_questions
from autograder.errors import CourseError
from tests.conftest import ROOT

TINY = ROOT / "tests" / "fixtures" / "tiny_course"
COURSE = "course.yaml"
QUESTIONS = "01_tiny/questions.yaml"
MUTANTS = "01_tiny/equivalent_mutants.yaml"

ANY = "type, id, points, stem, topics, why"
NUMERIC = f"known: {ANY}, answer, tol, wrong."
SETTINGS = "known: title, mode, limits, misconceptions."
LIMITS = "known: cell_seconds, call_seconds, submission_seconds, memory_mb, output_chars."
NUMBER, ONE = ", question q1_1_number", ", question q1_2_one"
AN_ID = "a name like q2_3_count (q, the numbers of assignment and question, a word)"
QUOTES = "which needs quotes to be a text."
NINE_MORE = "".join(f"  - {{text: '{i}', correct: false, misconception: FORGETS, feedback: '?'}}\n" for i in range(9))

# What stands in the file, what takes its place, and what is said of it.
Slip = tuple[str, str, str]
# fmt: off
MISSPELT_KEYS: list[Slip] = [
    ("  tol:", "  tolerance:", f"{NUMBER}: the key `tolerance` isn't known with `type: numeric` (did you mean `tol`?); {NUMERIC}"),
    ("  answer: 5", "  anwser: 42", f"{NUMBER}: the key `anwser` isn't known with `type: numeric` (did you mean `answer`?); {NUMERIC}"),
    ("  answer: 5\n", "", f"{NUMBER}: the key `answer` is missing; expected a number."),
    ("  - value: 7.5\n    misconception: OFF_BY_ONE", "  - value: 7.5", f"{NUMBER}, wrong number 2: the key `misconception` is missing; expected a text."),
    ("type: single", "typ: single", f"{ONE}: the key `type` is missing (did you mean `typ`?); expected single, multi, numeric or free."),
    ("text: The last", "txt: The last", f"{ONE}, option 1: the key `txt` isn't known (did you mean `text`?); known: text, correct, misconception, feedback."),
    ('    levels: "1', '    level: "1', ", question q1_4_words, rubric line 2: the key `level` isn't known (did you mean `levels`?); known: name, points, levels."),
    ("items:", "item:", ": the key `item` isn't known (did you mean `items`?); known: items."),
]
KEYS_OF_ANOTHER_TYPE: list[Slip] = [
    ("  why: It", f"  {key}: {value}\n  why: It", f"{ONE}: the key `{key}` isn't known with `type: single`; known: {ANY}, options.")
    for key, value in {"answer": 1, "wrong": [], "rubric": [], "model": "'x'"}.items()
] + [
    ("  answer: 5", "  answer: 5\n  options: []", f"{NUMBER}: the key `options` isn't known with `type: numeric`; {NUMERIC}")
]
POINTS: list[Slip] = [
    ("points: 1", f"points: {points}", f"{NUMBER}, key `points`: expected a number above 0, but found {found}.")
    for points, found in {
        "one": "the text 'one'",
        "'1'": "the text '1'",
        "-1": "-1",
        "0": "0",
        ".nan": "nan",
        ".inf": "inf",
        "true": "true",
        "": "nothing",
        "[1]": "a list of 1",
        "{a: 1}": "keys with values",
    }.items()
]
IDS: list[Slip] = [
    ("id: q1_2_one", f"id: '{id}'", f", question {id}, key `id`: expected {AN_ID}, but found the text '{id}'.")
    for id in ("one", "q1", "q1_two", "x1_2_one", "q1_2one", "q1_2-one", "q1_2_o ne")
] + [
    ("id: q1_2_one", "id: 12", f", question 2, key `id`: expected {AN_ID}, but found 12, {QUOTES}"),
    ("id: q1_2_one", "id: q1_1_number", f"{NUMBER}: found 2 questions with this id, but each needs its own."),
]
VALUES: list[Slip] = [
    ("type: single", "type: sngle", f"{ONE}, key `type`: expected single, multi, numeric or free, but found the text 'sngle' (did you mean `single`?)."),
    ("correct: false", 'correct: "false"', f"{ONE}, option 1, key `correct`: expected true or false, but found the text 'false'."),
    ("text: The last number", "text: yes", f"{ONE}, option 1, key `text`: expected a text, but found true, {QUOTES}"),
    ("  options:\n", f"  options:\n{NINE_MORE}", f"{ONE}, key `options`: expected a list of 2 to 10 options, but found a list of 12."),
    ("topics: [mean]", "topics: mean", f"{NUMBER}, key `topics`: expected a list, such as [S1, S2], but found the text 'mean'."),
    ("topics: [mean]", "topics: [mean, 3]", f"{NUMBER}, key `topics`, item 2: expected a text, but found 3, {QUOTES}"),
    ("answer: 5", "answer: 1/3", f"{NUMBER}, key `answer`: expected a number, but found the text '1/3'."),
    ("tol: 1.0e-9", "tol: -1", f"{NUMBER}, key `tol`: expected a number from 0 on, but found -1."),
    ("value: 15", "value: many", f"{NUMBER}, wrong number 1, key `value`: expected a number, but found the text 'many'."),
]
NO_YAML: list[Slip] = [
    ("  points: 1\n", "  points: 1\n  points: 2\n", ", line 6: this isn't valid YAML: the key `points` stands twice in one mapping."),
    ("stem: What is", "stem: What: is", ", line 6: this isn't valid YAML: mapping values are not allowed in this context."),
    ("stem: What", "stem: W\x07hat", ", line 6: this isn't valid YAML: control characters are not allowed, found '\\x07'."),
    ("stem: What", "stem: 2026-13-01 #", ": this isn't valid YAML: month must be in 1..12."),
]
COURSE_SLIPS: list[Slip] = [
    ("title:", "titel:", f": the key `titel` isn't known (did you mean `title`?); {SETTINGS}"),
    ("limits:", "limit:", f": the key `limit` isn't known (did you mean `limits`?); {SETTINGS}"),
    ("title: A tiny course for the tests\n", "", ": the key `title` is missing; expected a text."),
    ("mode: graded", "mode: gradd", ", key `mode`: expected practice or graded, but found the text 'gradd' (did you mean `graded`?)."),
    ("cell_seconds:", "cell_second:", f", key `limits`: the key `cell_second` isn't known (did you mean `cell_seconds`?); {LIMITS}"),
    ("cell_seconds: 5", "cell_seconds: 0", ", key `limits`, key `cell_seconds`: expected a number of seconds above 0, but found 0."),
    ("cell_seconds: 5", "cell_seconds: five", ", key `limits`, key `cell_seconds`: expected a number of seconds above 0, but found the text 'five'."),
    ("cell_seconds: 5", "memory_mb: 0.5", ", key `limits`, key `memory_mb`: expected a whole number of MiB above 0, but found 0.5."),
    ("cell_seconds: 5", "output_chars: 300000", ", key `limits`, key `output_chars`: expected a whole number from 1 to 200000, as a message is bounded, but found 300000."),
    ("FORGETS: a later input", "FORGETS: [] #", ", key `misconceptions`, `FORGETS`: expected a text, but found a list of 0."),
    ("  FORGETS:", "  1:", f", key `misconceptions`: expected a text as each key, but found 1, {QUOTES}"),
    ("limits:", "mode: practice\nlimits:", ", line 3: this isn't valid YAML: the key `mode` stands twice in one mapping."),
]
MUTANT_SLIPS: list[Slip] = [
    ("  why: axis 1", "  because: axis 1", ", `row_means`, mutant 1: the key `because` isn't known; known: before, after, why."),
    ("  why: axis 1 is the last of two axes", "  why: ' '", ", `row_means`, mutant 1, key `why`: expected a reason, as a text, but found the text ' '."),
]
# fmt: on
QUESTION_SLIPS = MISSPELT_KEYS + KEYS_OF_ANOTHER_TYPE + POINTS + IDS + VALUES + NO_YAML
SLIPS = [
    (file, *slip)
    for file, slips in [(QUESTIONS, QUESTION_SLIPS), (COURSE, COURSE_SLIPS), (MUTANTS, MUTANT_SLIPS)]
    for slip in slips
]


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    """The solutions of a copy of the tiny course, to spoil."""
    return Path(shutil.copytree(TINY, tmp_path / "course")) / "solutions"


def read(solutions: Path) -> None:
    load_course(solutions.parent).assignment("01_tiny")
    read_equivalents(solutions / "01_tiny")


def complaint(solutions: Path) -> str:
    with pytest.raises(CourseError) as raised:
        read(solutions)
    return str(raised.value).removeprefix(f"{solutions}/")


@pytest.mark.parametrize(("file", "old", "new", "says"), SLIPS)
def test_a_slip_is_one_sentence(solutions: Path, file: str, old: str, new: str, says: str) -> None:
    path = solutions / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert complaint(solutions) == file + says


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        (QUESTIONS, b"", ": the key `items` is missing; expected a list of questions, [] if there are none."),
        (
            QUESTIONS,
            b"items:\n",
            ", key `items`: expected a list of questions, [] if there are none, but found nothing.",
        ),
        (QUESTIONS, b"- id: q1_1\n", ": expected keys with their values, but found a list of 1."),
        (QUESTIONS, b"items: [q1_1]", ", question 1: expected keys with their values, but found the text 'q1_1'."),
        (
            QUESTIONS,
            "items: []\n# caf\xe9\n".encode("latin-1"),
            " isn't UTF-8: line 2 holds the byte 0xe9. Save the file as UTF-8.",
        ),
        ("01_tiny/notebook.py", b"\xff\xfe#", " isn't UTF-8: line 1 holds the byte 0xff. Save the file as UTF-8."),
        (COURSE, b"", ": the key `title` is missing; expected a text."),
        (COURSE, b"title: T\nlimits:\n", ", key `limits`: expected keys with their values, but found nothing."),
        (
            COURSE,
            b"title: T\nmisconceptions: [A]\n",
            ", key `misconceptions`: expected keys with their values, but found a list of 1.",
        ),
        (
            MUTANTS,
            b"row_means: {before: a}\n",
            ", `row_means`: expected a list of mutants, but found keys with values.",
        ),
    ],
)
def test_a_file_of_another_shape_is_one_sentence(solutions: Path, file: str, content: bytes, says: str) -> None:
    (solutions / file).write_bytes(content)
    assert complaint(solutions) == file + says


def test_a_missing_file_is_one_sentence(solutions: Path) -> None:
    (solutions / QUESTIONS).unlink()
    assert complaint(solutions) == f"{QUESTIONS} can't be read: No such file or directory"


def test_what_may_be_left_out_has_its_default(solutions: Path) -> None:
    (solutions / COURSE).write_text("title: T\n")
    course = load_course(solutions.parent)
    assert (course.mode, course.limits, course.misconceptions) == ("graded", CourseLimits(), {})
    (solutions / MUTANTS).write_text("# none\n")
    assert read_equivalents(solutions / "01_tiny") == {}
    (solutions / MUTANTS).unlink()
    assert read_equivalents(solutions / "01_tiny") == {}


def test_numbers_are_read_as_people_write_them(solutions: Path) -> None:
    path = solutions / QUESTIONS
    path.write_text(path.read_text().replace("1.0e-9", "1e-9").replace("value: 7.5", "value: 75e-1"))
    first, *_ = read_questions(solutions / "01_tiny")
    assert (first.tolerance, first.wrong[1].value) == (1e-9, 7.5)


def test_every_limit_can_be_set_in_the_course_file() -> None:
    assert {field.name for field in msgspec.structs.fields(LimitsEntry)} == {
        field.name for field in fields(CourseLimits)
    }


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in nested lists and mappings: the one that holds it, and its key there."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def test_no_change_of_a_value_or_a_key_ends_in_a_traceback(tmp_path: Path) -> None:
    chance = random.Random(7)
    odd: list[Any] = [
        None,
        True,
        3,
        -0.5,
        float("nan"),
        10**400,
        "",
        "a - at `$.items[9]`",
        [],
        {},
        [None],
        {"type": []},
        {3: 4},
    ]
    readers = {COURSE: read_course, QUESTIONS: read_questions, MUTANTS: read_equivalents}
    for file, reader in readers.items():
        path = tmp_path / Path(file).name
        for _ in range(200):
            loaded = yaml.safe_load((TINY / "solutions" / file).read_text())
            holder, key = chance.choice(list(places(loaded)))
            held = holder[key]
            holder[key] = chance.choice(odd)
            if isinstance(holder, dict) and chance.random() < 0.3:
                del holder[key]
                holder[chance.choice([3, None, True, "odd`.x", "two\nlines"])] = held
            path.write_text(yaml.safe_dump(loaded))
            with suppress(CourseError):
                reader(tmp_path)
