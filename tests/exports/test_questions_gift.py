from __future__ import annotations

from typing import Any

import pytest

from autograder.course.course import Course
from autograder.exports.questions.gift import TEXTS
from tests.exports.asked import answers, assignments, hints, judged, near, questions
from tests.exports.conftest import Exported
from tests.exports.strangers import node, package

READ = """
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const { parse } = createRequire(process.cwd() + '/')('gift-pegjs');
console.log(JSON.stringify(parse(JSON.parse(readFileSync(0, 'utf8')))));
"""


@pytest.fixture(scope="module")
def read(exported: Exported) -> list[dict[str, Any]]:
    package("gift-pegjs")
    found: list[dict[str, Any]] = node(READ, exported("gift").decode())
    return found


@pytest.fixture(scope="module")
def by_id(read: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["title"]: one for one in read if one["type"] != "Category"}


def test_another_reader_finds_every_question_and_category(
    read: list[dict[str, Any]], by_id: dict[str, dict[str, Any]], course: Course
) -> None:
    kinds = {"single": "MC", "multi": "MC", "numeric": "Numerical", "free": "Essay"}
    assert [(id, one["type"], one["id"]) for id, one in by_id.items()] == [
        (question.id, kinds[question.kind], question.id) for question in questions(course)
    ]
    categories = [one["title"].rpartition("/")[2] for one in read if one["type"] == "Category"]
    assert categories == [one.name for one in assignments(course)]


def test_another_reader_finds_the_texts_and_the_topics(by_id: dict[str, dict[str, Any]], course: Course) -> None:
    for question in questions(course):
        one = by_id[question.id]
        assert one["stem"] == {"format": "html", "text": TEXTS.markdown(question.stem)}
        assert ((one["globalFeedback"] or {}).get("text", "")) == TEXTS.feedback(question.why)
        assert [topic.strip("[]") for topic in question.topics] == (one["tags"] or [])


def test_another_reader_finds_the_options_with_their_feedback_and_the_key(
    by_id: dict[str, dict[str, Any]], course: Course
) -> None:
    for question in (one for one in questions(course) if one.options):
        choices = by_id[question.id]["choices"]
        texts = [choice["text"]["text"].replace("&#37;", "%") for choice in choices]
        assert texts == [TEXTS.option(option.text) for option in question.options]
        told = [(choice["feedback"] or {}).get("text", "") for choice in choices]
        assert told == [TEXTS.feedback(option.feedback) for option in question.options]
        right = [choice["isCorrect"] or (choice["weight"] or 0) > 0 for choice in choices]
        assert right == [option.correct for option in question.options]


def test_another_reader_finds_the_number_and_the_hints_on_typical_wrong_ones(
    by_id: dict[str, dict[str, Any]], course: Course
) -> None:
    for question in (one for one in questions(course) if one.kind == "numeric"):
        for answer in answers(question):
            found = first_match(by_id[question.id], float(answer))
            verdict = judged(question, answer)
            assert near(share(found), verdict.share), (question.id, answer)
            if verdict.verdict != "correct":
                assert told(found) == "".join(map(TEXTS.feedback, hints(question, answer))), (question.id, answer)


def first_match(question: dict[str, Any], number: float) -> dict[str, Any] | None:
    for choice in question["choices"]:
        if abs(number - choice["text"]["number"]) <= choice["text"]["range"] + 1e-15:
            return dict(choice)
    return None


def share(choice: dict[str, Any] | None) -> float:
    return 0.0 if choice is None else 1.0 if choice["weight"] is None else choice["weight"] / 100


def told(choice: dict[str, Any] | None) -> str:
    return str(((choice or {}).get("feedback") or {}).get("text", ""))


def test_a_question_is_one_block_without_an_empty_line(exported: Exported, course: Course) -> None:
    blocks = exported("gift").decode().strip().split("\n\n")
    heads = [block.split("\n")[1].split("::")[1] for block in blocks if not block.startswith("$CATEGORY: ")]
    assert heads == [question.id for question in questions(course)]


def test_an_option_that_begins_with_a_percent_sign_is_no_share_of_the_points(exported: Exported) -> None:
    assert "~&\\#37;50% of it#" in exported("gift").decode()
