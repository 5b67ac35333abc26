"""Students as they are shown: by name, or by a pseudonym, which no sentence betrays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.gradebook.students import Student
from autograder.review.people import People

CLASS = {
    "ada": Student("ada", "Ada", "Lovelace", "ada@example.org"),
    "ben": Student("ben"),
    "zoe": Student("zoe", "Zoë", "Abel"),
}
ROSTER = {
    "ada": Student("ada", "Ada", "Lovelace", "ada@example.org"),
    "ada2": Student("ada2", "Ben", "O'Neil"),
    "名前": Student("名前"),
    "=1+1": Student("=1+1"),
    "de la_cruz": Student("de la_cruz", "", "de la Cruz"),
}
PSEUDONYMS = {
    "ada": "lunar-owl",
    "ada2": "opal-ibis",
    "名前": "river-seal",
    "=1+1": "snowy-tern",
    "de la_cruz": "lake-kite",
}


def test_a_student_is_called_by_name_and_told_apart_by_id() -> None:
    people = People(CLASS)
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
    people = People(CLASS, {"ada": "heron", "ben": "wren", "zoe": "lark"})
    assert [people.label("ada"), people.name("ada"), people.slug("ada")] == ["heron", "heron", "heron"]
    assert people.in_order(["ada", "ben", "zoe"]) == ["ada", "zoe", "ben"]
    said = people.in_text("submitted/ada is Ada Lovelace's, not adamant ben's (ada@example.org)")
    assert said == "submitted/heron is heron's, not adamant wren's (heron)"
    assert people.slug("ada") == People({}, {"other": "heron"}).slug("other")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ada and ada2 hand in", "lunar-owl and opal-ibis hand in"),
        ("'ada', (ada), ada.", "'lunar-owl', (lunar-owl), lunar-owl."),
        ("ada_homework.ipynb by Ada Lovelace", "lunar-owl_homework.ipynb by lunar-owl"),
        ("adage, canada, ada3 and Ada", "adage, canada, ada3 and Ada"),
        ("write to ada@example.org", "write to lunar-owl"),
        ("Lovelace; O'Neil", "lunar-owl; opal-ibis"),
        ("名前 and '\\u540d\\u524d'", "river-seal and 'river-seal'"),
        ("submitted/=1+1/x", "submitted/snowy-tern/x"),
        ("de la_cruz, de la Cruz, de la", "lake-kite, lake-kite, de la"),
        ("", ""),
        ("adaada ada ada", "adaada lunar-owl lunar-owl"),
    ],
)
def test_ids_and_names_become_pseudonyms_as_whole_words(text: str, shown: str) -> None:
    assert People(ROSTER, PSEUDONYMS).in_text(text) == shown
    assert People(ROSTER).in_text(text) == text
