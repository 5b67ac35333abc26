"""How texts of a group differ, to be seen at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.similarity.differences import MOST_WORDS, Piece, differences


def other_of(pieces: list[Piece]) -> str:
    return "".join(text for kind, text in pieces if kind != "left out")


def test_a_word_that_turns_the_meaning_round_is_marked() -> None:
    found = differences("The size of the state does not grow.", "The size of the state does grow.")
    assert found == [("same", "The size of the state does "), ("left out", "not "), ("same", "grow.")]


def test_case_and_spaces_are_no_differences() -> None:
    assert {kind for kind, _ in differences("It forgets  everything.", "it forgets\neverything.")} == {"same"}


def test_single_words_between_differences_are_shown_with_them() -> None:
    found = differences("It keeps a sum of all words.", "It drops a mean of some words.")
    assert found == [
        ("same", "It "),
        ("left out", "keeps a sum of all "),
        ("added", "drops a mean of some "),
        ("same", "words."),
    ]


def test_nothing_differs_from_nothing_by_all_of_it() -> None:
    assert differences("", "all new") == [("added", "all new")]
    assert differences("all gone", "") == [("left out", "all gone")]
    assert differences("", "") == []


words = st.text(st.sampled_from("ab '\n\t.É名"), max_size=60)


@given(words, words)
def test_the_pieces_make_up_the_other_text(one: str, other: str) -> None:
    assert other_of(differences(one, other)) == other
    assert all(kind == "same" for kind, _ in differences(other, other))


@pytest.mark.parametrize("piece", ["a b ", "a", "ab\n"])
def test_a_text_beyond_all_measure_is_compared_at_its_beginning(piece: str) -> None:
    long = piece * 5 * MOST_WORDS
    assert other_of(differences(long, f"b {long}")) == f"b {long}"
