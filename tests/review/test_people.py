"""Where pseudonyms are shown, no sentence names a student."""

from __future__ import annotations

import pytest

from autograder.gradebook.students import Student
from autograder.review.people import People

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
