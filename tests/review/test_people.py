"""Students as they are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograder.gradebook.students import Student
from autograder.review.people import People

ROSTER = {
    "ada": Student("ada", "Ada", "Lovelace", "ada@example.org"),
    "ben": Student("ben"),
    "zoe": Student("zoe", "Zoë", "Abel"),
}


def test_a_student_is_called_by_name_and_told_apart_by_id() -> None:
    people = People(ROSTER)
    assert [people.label(one) for one in ("ada", "ben", "eve")] == ["Ada Lovelace (ada)", "ben", "eve"]
    assert [people.name(one) for one in ("ada", "ben", "eve")] == ["Ada Lovelace", "ben", "eve"]
    assert people.in_order(["ada", "ben", "zoe"]) == ["zoe", "ben", "ada"]


def test_no_control_character_of_a_name_is_shown() -> None:
    assert People({}).label("a\u202eb\x1b[2J") == "a b [2J"


@given(st.lists(st.text(min_size=1, max_size=60), min_size=2, max_size=8, unique=True))
def test_each_student_has_a_file_of_their_own_that_any_disk_can_hold(students: list[str]) -> None:
    slugs = [People({}).slug(student) for student in students]
    assert len(set(slugs)) == len(students)
    for slug in slugs:
        assert slug
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-_")
        assert slug[0].isalnum()
        assert len(slug) < 60


def test_a_file_named_like_anothers_is_another() -> None:
    people = People({})
    assert people.slug("ada") == "ada"
    assert people.slug("ada.l_1-2") == "ada.l_1-2"
    assert people.slug(people.slug("Ada")) != people.slug("Ada")
    assert not {people.slug(name) for name in ("con", "con.a", "lpt1")} & {"con", "con.a", "lpt1"}


def test_a_pseudonym_stands_in_every_place_and_tells_nothing_of_the_name() -> None:
    people = People(ROSTER, {"ada": "heron", "ben": "wren", "zoe": "lark"})
    assert [people.label("ada"), people.name("ada"), people.slug("ada")] == ["heron", "heron", "heron"]
    assert people.in_order(["ada", "ben", "zoe"]) == ["ada", "zoe", "ben"]
    said = people.in_text("submitted/ada is Ada Lovelace's, not adamant ben's (ada@example.org)")
    assert said == "submitted/heron is heron's, not adamant wren's (heron)"
    assert people.slug("ada") == People({}, {"other": "heron"}).slug("other")


def test_without_pseudonyms_a_sentence_stays_as_it_is() -> None:
    assert People(ROSTER).in_text("ada is late") == "ada is late"
