"""Texts in groups: how many, how pure, and which always stand together."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.similarity.texts import CUTS, TextGroup, equal_texts, finds_alike, groups_of

HERE = Path(__file__).parent
Answers = list[tuple[str, str]]


def answers(name: str) -> Answers:
    """What each answer means, and its text."""
    found, meaning = [], ""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            meaning = line
        elif line and not line.startswith("#"):
            found.append((meaning, line.removeprefix("+ ")))
    return found


def near_copies(name: str) -> list[tuple[str, str]]:
    """Each planted near-copy, with the answer that it was made from."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [(line[2:], lines[place - 1]) for place, line in enumerate(lines) if line.startswith("+ ")]


def purity(found: Sequence[TextGroup], given: Answers) -> float:
    """The share of the answers that mean what most in their group mean."""
    most = [Counter(given[member][0] for member in group.members).most_common(1)[0][1] for group in found]
    return sum(most) / len(given)


def texts_of(found: Sequence[TextGroup], texts: Sequence[str]) -> list[list[str]]:
    return [[texts[member] for member in group.members] for group in found]


def test_a_hundred_answers_are_read_as_few_groups_that_mean_one_thing() -> None:
    pytest.importorskip("sklearn")
    given = answers("answers.txt")
    found = groups_of([text for _, text in given])
    assert len(given) > 100
    assert len(found) <= 26
    assert sum(len(group.members) == 1 for group in found) <= 8
    assert purity(found, given) >= 0.95


def test_narrow_groups_are_more_and_purer() -> None:
    pytest.importorskip("sklearn")
    for name in ("answers.txt", "answers_on_means.txt"):
        given = answers(name)
        found = {width: groups_of([text for _, text in given], width) for width in CUTS}
        sizes = [len(found[width]) for width in ("wide", "middle", "narrow")]
        assert sizes == sorted(sizes)
        assert purity(found["narrow"], given) >= max(0.93, purity(found["wide"], given))


def test_a_near_copy_stands_with_what_it_was_copied_from() -> None:
    pytest.importorskip("sklearn")
    texts = [text for _, text in answers("answers.txt")]
    together = {frozenset(group) for group in texts_of(groups_of(texts), texts)}
    copies = near_copies("answers.txt")
    apart = [copy for copy, original in copies if not any({copy, original} <= group for group in together)]
    assert len(copies) >= 20
    assert apart == []


def test_long_answers_on_one_question_are_not_one_group() -> None:
    pytest.importorskip("sklearn")
    texts, draw = [text for _, text in answers("answers.txt")], random.Random(7)
    essays = [" ".join([text, *draw.sample(texts, 5)]) for text in texts]
    assert len(groups_of(essays)[0].members) < len(essays) / 5


def test_each_text_is_in_one_group_and_the_largest_comes_first() -> None:
    texts = [text for _, text in answers("answers.txt")]
    for found in (groups_of(texts), equal_texts(texts)):
        assert sorted(member for group in found for member in group.members) == list(range(len(texts)))
        assert [len(group.members) for group in found] == sorted((len(g.members) for g in found), reverse=True)


def test_the_order_of_the_texts_changes_no_group() -> None:
    texts = [text for _, text in answers("answers.txt")]
    again = texts[::-1]
    groups = [{frozenset(group) for group in texts_of(groups_of(one), one)} for one in (texts, again)]
    assert groups[0] == groups[1]


def test_equal_texts_differ_by_case_spaces_and_punctuation_alone() -> None:
    given = ["It forgets.", "it  forgets", "\nIT FORGETS!\n", "It forgets…", "it for\u200bgets", "It forgot."]
    equal, other = equal_texts(given)
    assert (equal.members, equal.equal, other.members) == ((0, 1, 2, 3, 4), True, (5,))


@pytest.mark.parametrize(
    ("one", "other"),
    [("1/n", "1 n"), ("It is -1.", "It is 1."), ("50 %", "50"), ("n+1", "n=1"), ("It is 0.5", "It is 5"), ("a", "")],
)
def test_texts_that_a_sign_tells_apart_are_not_equal(one: str, other: str) -> None:
    assert len(equal_texts([one, other])) == 2


def test_without_scikit_learn_equal_texts_are_grouped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)  # as Python has it of a module that can't be imported
    assert not finds_alike()
    texts = [text for _, text in answers("answers.txt")]
    assert groups_of(texts) == equal_texts(texts)


@pytest.mark.parametrize(
    "given", [[], [""], ["", " ", "?!"], ["one"], ["one", ""], ["?", "a", "名前", "ab"], ["x" * 10**6, "y"]]
)
def test_odd_texts_are_grouped_too(given: list[str]) -> None:
    members = [member for group in groups_of(given) for member in group.members]
    assert sorted(members) == list(range(len(given)))


def test_two_copies_are_one_group_and_two_other_texts_are_not() -> None:
    pytest.importorskip("sklearn")
    copy, original = near_copies("answers.txt")[1]
    copies = [original, copy]
    assert copy != original
    assert len(groups_of(copies)) == 1
    assert len(groups_of(["A bag of words has no order.", "Old words fade away."])) == 2
