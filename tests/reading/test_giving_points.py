"""What a reader gives: in nbgrader's database, kept by aspect, and on the student's page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.grading_run import grade
from tests.classes import TINY
from tests.nbgrader_commands import nbgrader

from .conftest import (
    BETTER,
    CASE,
    HOSTILE,
    READ,
    TEXTS,
    WORDS,
    Held,
    Reader,
    close_page,
    give_in_formgrader,
    hand_in_text,
    held,
    open_page,
)

pytestmark = pytest.mark.slow


def kept(root: Path) -> dict[str, Any]:
    record = json.loads((root / "results" / "readings" / f"{TINY}.json").read_text())
    assert record["version"] == 1
    return dict(record["answers"][WORDS])


def test_texts_that_somebody_wrote_are_listed_and_untouched_ones_are_not(reader: Reader) -> None:
    reader.look()
    assert sorted(reader.seen) == READ
    assert {answer["state"] for answer in reader.seen.values()} == {"new"}
    assert reader.seen["dan"]["text"] == HOSTILE


def test_points_and_comment_are_where_formgrader_puts_them(reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada"], [2, 0.5], "Which median?")
    comment = f"- {CASE}: 2 of 2\n- {BETTER}: 0.5 of 1\n\nWhich median?"
    assert held(texts, "ada") == Held(2.5, False, comment, 2.5)
    assert held(texts, "ben") == Held(None, True, None, 0)
    assert kept(texts)["ada"]["points"] == {CASE: 2, BETTER: 0.5}


def test_a_comment_that_looks_like_html_stays_text_on_the_feedback_page(reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada"], [1, 0], "if mean<median & so on <script>alert(1)</script>")
    reader.look()
    assert reader.seen["ada"]["comment"] == "if mean<median & so on <script>alert(1)</script>"
    nbgrader(texts, "generate_feedback", TINY, "--student=ada")
    page = (texts / "feedback" / "ada" / TINY / f"{TINY}.html").read_text()
    assert "<script>alert(1)" not in page
    assert f"<li>{CASE}: 1 of 2</li>" in page
    assert f"<li>{BETTER}: 0 of 1</li>" in page
    assert "median &amp; so on" in page


def test_a_group_gets_the_same_and_who_was_taken_out_waits_on(reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada", "cleo"], [2, 1], "Good.")
    assert [held(texts, student).manual for student in ("ada", "ben", "cleo")] == [3, None, 3]
    reader.look()
    assert [reader.seen[student]["state"] for student in ("ada", "ben", "cleo")] == ["read", "new", "read"]


def test_points_of_some_aspects_are_kept_and_the_answer_waits_on(reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada"], [2, None], "more later")
    assert held(texts, "ada") == Held(None, True, None, 0)
    reader.look()
    ada = reader.seen["ada"]
    assert (ada["state"], ada["points"], ada["comment"]) == ("begun", {CASE: 2, BETTER: None}, "more later")
    reader.gave(["ada"], [2, 1], "now")
    assert held(texts, "ada").manual == 3


def test_one_aspect_is_changed_later_and_the_others_stay(reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada"], [2, 1], "Good.")
    again = open_page(texts)
    again.look()
    assert again.seen["ada"]["points"] == {CASE: 2, BETTER: 1}
    assert (again.seen["ada"]["comment"], again.seen["ada"]["total"]) == ("Good.", 3)
    again.gave(["ada"], [1, 1], "Good.")
    assert held(texts, "ada").manual == 2
    close_page(again)


def test_the_last_changes_are_taken_back_one_by_one(reader: Reader, texts: Path) -> None:
    give_in_formgrader(texts, "finn", 1.5, "from formgrader")
    reader.look()
    before = {student: held(texts, student) for student in READ}
    reader.gave(["ada", "ben"], [2, 1])
    reader.gave(["finn"], [0, 0], "no")
    assert reader.ask("/api/take-back", {})[0] == 200
    assert held(texts, "finn") == before["finn"]
    assert held(texts, "ada").manual == 3
    assert reader.ask("/api/take-back", {})[0] == 200
    assert {student: held(texts, student) for student in READ} == before
    assert kept(texts) == {}
    status, said = reader.ask("/api/take-back", {})
    assert (status, said["error"]) == (409, "There is nothing to take back.")


def test_what_another_reader_gave_meanwhile_is_not_overwritten(
    reader: Reader, other_reader: Reader, texts: Path
) -> None:
    reader.look()
    other_reader.look()
    other_reader.gave(["ada"], [1, 0], "theirs")
    status, said = reader.give(["ada", "ben"], [2, 1], "mine")
    assert status == 200
    assert [reader.ids[id] for id in said["refused"]] == ["ada"]
    assert (held(texts, "ada").manual, held(texts, "ben").manual) == (1, 3)
    shown = next(answer for answer in said["answers"] if reader.ids[answer["id"]] == "ada")
    assert (shown["total"], shown["comment"]) == (1, "theirs")
    reader.seen["ada"] |= shown  # who has seen it may change it
    reader.gave(["ada"], [2, 1], "mine")
    assert held(texts, "ada").manual == 3


def test_points_of_some_aspects_that_another_reader_gave_are_not_overwritten(
    reader: Reader, other_reader: Reader, texts: Path
) -> None:
    reader.look()
    other_reader.look()
    other_reader.gave(["ada"], [1, None])
    assert len(reader.give(["ada"], [2, 1])[1]["refused"]) == 1
    assert kept(texts)["ada"]["points"] == {CASE: 1, BETTER: None}


def test_taking_back_leaves_what_another_reader_gave_since(reader: Reader, other_reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada", "ben"], [2, 1])
    other_reader.look()
    other_reader.gave(["ada"], [0, 0])
    status, said = reader.ask("/api/take-back", {})
    assert (status, len(said["refused"])) == (200, 1)
    assert (held(texts, "ada").manual, held(texts, "ben").manual) == (0, None)


@pytest.mark.parametrize("comment", [None, "changed too"])
def test_what_formgrader_changed_counts_and_is_told(reader: Reader, texts: Path, comment: str | None) -> None:
    reader.look()
    reader.gave(["ada"], [2, 1], "Good.")
    give_in_formgrader(texts, "ada", 0.5, comment)
    assert len(reader.give(["ada"], [2, 1], "Good.")[1]["refused"]) == 1
    reader.look()
    ada = reader.seen["ada"]
    assert (ada["elsewhere"], ada["total"], ada["kept_total"], ada["state"]) == (True, 0.5, 3, "read")
    assert ada["points"] == {CASE: None, BETTER: None}
    assert ada["comment"] == (comment or "Good.")


def test_formgraders_points_alone_are_shown_as_given_elsewhere(reader: Reader, texts: Path) -> None:
    give_in_formgrader(texts, "ben", 2.5, "from formgrader")
    reader.look()
    ben = reader.seen["ben"]
    assert (ben["elsewhere"], ben["total"], ben["kept_total"], ben["comment"]) == (True, 2.5, None, "from formgrader")
    status, said = reader.give(["ben"], [2, None])
    assert (status, "the 2.5 points given before stay" in said["error"]) == (409, True)


def test_an_answer_that_changed_is_shown_first_with_the_points_it_had(reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada", "finn"], [2, 1], "Good.")
    seen = dict(reader.seen)
    hand_in_text(texts, "finn", "I thought again: a mean is always good.")
    grade(texts, TINY)
    found = reader.look()
    assert reader.ids[found["answers"][0]["id"]] == "finn"
    finn = reader.seen["finn"]
    assert (finn["state"], finn["changed"], finn["points"]) == ("again", True, {CASE: 2, BETTER: 1})
    assert finn["text"] == "I thought again: a mean is always good."
    reader.seen = seen
    assert len(reader.give(["finn"], [0, 0])[1]["refused"]) == 1  # another text was read
    reader.look()
    reader.gave(["finn"], [0, 0])
    assert held(texts, "finn").manual == 0


def test_a_text_that_changed_while_it_was_read_gets_no_points(reader: Reader, texts: Path) -> None:
    reader.look()
    hand_in_text(texts, "finn", "Something else.")
    grade(texts, TINY)
    assert len(reader.give(["finn"], [2, 1])[1]["refused"]) == 1
    assert held(texts, "finn").manual is None


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ({CASE: 3, BETTER: 1}, "3 points can't be given, but 0 to 2"),
        ({CASE: 1}, "The rubric has other aspects"),
        ({CASE: 1, "mine": 1}, "The rubric has other aspects"),
    ],
)
def test_points_that_the_rubric_does_not_give_are_refused(reader: Reader, points: dict[str, float], says: str) -> None:
    reader.look()
    seen = {reader.seen["ada"]["id"]: reader.seen["ada"]["seen"]}
    body = {"question": f"{TINY}/{WORDS}", "seen": seen, "points": points, "comment": ""}
    status, said = reader.ask("/api/give", body)
    assert (status, says in said["error"]) == (409, True)


def test_damaged_kept_points_are_told_and_nothing_is_written(reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada"], [2, 1])
    place = texts / "results" / "readings" / f"{TINY}.json"
    place.write_text('{"version": 1, "answers"')
    status, said = reader.give(["ben"], [2, 1])
    assert (status, "which keeps the points by aspect, can't be read" in said["error"]) == (409, True)
    assert held(texts, "ben").manual is None
    place.unlink()
    reader.look()
    assert (reader.seen["ada"]["elsewhere"], reader.seen["ada"]["total"]) == (True, 3)


def test_grading_again_keeps_what_was_read(reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada"], [2, 1], "Good.")
    before = held(texts, "ada")
    grade(texts, TINY, everything=True)
    assert held(texts, "ada") == before
    reader.look()
    assert reader.seen["ada"]["state"] == "read"


def test_alike_texts_stand_together_and_their_difference_is_told(reader: Reader) -> None:
    pytest.importorskip("sklearn")
    found = reader.look()
    groups = [sorted(reader.ids[id] for id in group["ids"]) for group in found["groups"]]
    assert groups[0] == ["ada", "ben", "cleo"]
    assert len(groups) == 3
    body = {"question": f"{TINY}/{WORDS}", "id": reader.seen["ada"]["id"], "ids": [reader.seen["cleo"]["id"]]}
    (pieces,) = reader.ask("/api/differences", body)[1].values()
    assert [piece for piece in pieces if piece[0] != "same"] == [["left out", "median"], ["added", "mode"]]


def test_snippets_are_kept_in_the_class_once_each(reader: Reader, texts: Path) -> None:
    question = f"{TINY}/{WORDS}"
    for text in ("Why?", "Which case?", " Why? "):
        status, said = reader.ask("/api/snippets", {"question": question, "text": text})
    assert (status, said["snippets"]) == (200, ["Why?", "Which case?"])
    assert reader.ask("/api/snippets", {"question": question, "text": " "})[0] == 409
    reader.ask("/api/snippets", {"question": question, "text": "Why?", "remove": True})
    assert reader.look()["snippets"] == ["Which case?"]
    record = json.loads((texts / "comment_snippets.json").read_text())
    assert record == {"version": 1, "snippets": {WORDS: ["Which case?"]}}


def test_who_wrote_what_is_told_only_where_it_is_wanted(reader: Reader, texts: Path) -> None:
    told = json.dumps([reader.look(), reader.ask("/api/questions")[1]])
    assert not any(f'"{student}"' in told or "Lovelace" in told for student in TEXTS)
    assert sorted(answer["number"] for answer in reader.seen.values()) == list(range(1, len(READ) + 1))
    named = open_page(texts, names=True)
    named.look()
    assert named.seen["ada"]["name"] == "Ada Lovelace (ada)"
    assert named.seen["ben"]["name"] == "ben"
    close_page(named)


def test_a_class_that_was_moved_is_read_on(reader: Reader, texts: Path, tmp_path: Path) -> None:
    reader.look()
    reader.gave(["ada"], [2, 1])
    moved = open_page(Path(shutil.copytree(texts, tmp_path / "elsewhere")))
    moved.look()
    assert moved.seen["ada"]["points"] == {CASE: 2, BETTER: 1}
    close_page(moved)
