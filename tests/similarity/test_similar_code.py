"""Who has more code in common than two who work alone: copies are found, honest variety isn't."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from autograder.course.course import Assignment, find_course
from autograder.course.solved_notebook import solution
from autograder.similar_work.class_code import AlikeCode, CourseCode, alike_code, alike_in_all, course_code
from autograder.similarity.common_code import common_code, tokens_of
from autograder.similarity.likeness import FEWEST, CodePair, likeness
from benchmarks.varied_code import COPIES, Answers
from benchmarks.varied_code import honest_class as fresh_class

pytestmark = pytest.mark.slow

COURSE = find_course(Path(__file__).parents[2])
NAMES = ("03_recency", "05_gates_and_delta")


@cache
def assignment_of(name: str) -> Assignment:
    return COURSE.assignment(name)


@cache
def code_of(name: str) -> CourseCode:
    return course_code(COURSE.folder(name))[0]


@cache
def honest_class(name: str, students: int, seed: int) -> tuple[Answers, ...]:
    return tuple(fresh_class(assignment_of(name), students, seed))


def compared(classmates: Sequence[Answers], name: str) -> AlikeCode:
    ids = [f"s{place:03}" for place in range(len(classmates))]
    return alike_code(ids, [tokens_of(list(answers.values())) for answers in classmates], code_of(name))


def students_of(pairs: Sequence[CodePair]) -> list[tuple[str, str]]:
    return [(pair.first, pair.second) for pair in pairs]


def with_copy(kind: str, honest: Sequence[Answers], seed: int) -> tuple[list[Answers], list[tuple[str, str]]]:
    """The class with one more student who copied from one, or from two; and the pairs that this makes."""
    chance = random.Random(seed)
    whom = chance.sample(range(len(honest)), 2)
    copied = COPIES[kind]([honest[place] for place in whom], chance)
    sources = whom if kind == "merged" else whom[:1]
    return [*honest, copied], [(f"s{place:03}", f"s{len(honest):03}") for place in sources]


@pytest.mark.parametrize("kind", COPIES)
def test_copies_are_most_of_what_is_most_alike(kind: str) -> None:
    first = planted = 0
    for name in NAMES:
        for seed in range(3):
            classmates, pairs = with_copy(kind, honest_class(name, 40, seed), seed)
            found = compared(classmates, name).found
            top = students_of([*found.pairs, *found.next])[: len(pairs)]
            first += len({*top} & {*pairs})
            planted += len(pairs)
    assert first >= (0.25 if kind == "merged" else 0.6) * planted, name


@pytest.mark.parametrize("students", [15, 40])
def test_few_classes_have_a_pair_above_the_threshold_where_everybody_works_alone(students: int) -> None:
    above = [
        bool(compared(honest_class(name, students, seed), name).found.pairs) for name in NAMES for seed in range(10)
    ]
    assert np.mean(above) <= 0.2  # as benchmarks/similar_code.py tells of more classes


def test_what_is_given_and_the_references_count_for_nothing_and_other_programs_of_the_course_for_little() -> None:
    for name in NAMES:
        reference = {task.id: solution(assignment_of(name), task.id) for task in assignment_of(name).tasks}
        given = {f"given {place}": text for place, text in enumerate(code_of(name).given)}
        other = {task.id: task.alternatives[0].source for task in assignment_of(name).tasks}
        pairs = [both for one in (given, reference, other) for both in (one, dict(one))]
        classmates = [*honest_class(name, 40, 1), *pairs]
        found = compared(classmates, name).common
        assert found.bits[40, 41] == found.bits[42, 43] == 0
        copied, _ = with_copy("renamed", honest_class(name, 40, 1), 3)
        assert found.bits[44, 45] < 0.5 * compared(copied, name).common.bits.max()


def test_a_solution_that_many_come_to_is_worth_less_the_more_they_are() -> None:
    rare = "def f(x):\n    out = []\n    for i, v in enumerate(x):\n        out.append(v / (i + 1) - x[0] * 3)"
    others = [f"def f(x):\n    return np.{name}(x, axis={n}) * {n} + x[{n}:]" for n, name in enumerate(dir(np)[90:130])]
    worth = []
    for times in (2, 6, 12, 24):
        cells = [*([rare] * times), *others[: 40 - times]]
        worth.append(common_code([tokens_of([cell]) for cell in cells], [], []).bits[0, 1])
    assert worth == sorted(worth, reverse=True)
    assert worth[0] > 4 * worth[-1]


def test_order_of_cells_and_of_students_changes_nothing() -> None:
    name = "05_gates_and_delta"
    classmates, _ = with_copy("renamed", honest_class(name, 30, 2), 2)
    turned = [dict(reversed(answers.items())) for answers in classmates]
    here, there = compared(classmates, name), compared(turned[::-1], name)
    assert np.allclose(here.common.bits, there.common.bits[::-1, ::-1])
    assert compared(classmates, name).found == here.found


def test_small_things_in_common_add_up_over_assignments() -> None:
    parts, ids = [], [f"s{place:03}" for place in range(41)]
    alone = []
    for name in NAMES:
        classmates, pairs = with_copy("loops", honest_class(name, 40, 5), 7)
        one = compared(classmates, name)
        alone += [pair.bits for pair in (*one.found.pairs, *one.found.next) if (pair.first, pair.second) in pairs]
        parts.append((ids, one.common))
        assert pairs == [pairs[0]], name
    term = alike_in_all(ids, parts)
    assert students_of(term.pairs)[:1] == pairs
    assert term.pairs[0].bits == pytest.approx(sum(alone))


def test_students_who_handed_in_different_assignments_are_put_together_by_their_ids() -> None:
    cells = [tokens_of([f"a = b + c[{n}] * {n} - d / e ** {n}"]) for n in (1, 1, 2, 3)]
    first, second = common_code(cells, [], []), common_code(cells[:3], [], [])
    term = alike_in_all(["a", "b", "c", "d"], [(["d", "a", "b", "c"], first), (["a", "d", "c"], second)])
    (pair,) = term.next
    assert (pair.first, pair.second) == ("a", "d")
    assert pair.bits == pytest.approx(first.bits[0, 1] + second.bits[0, 1])


def test_small_classes_have_no_threshold_and_empty_ones_no_pairs() -> None:
    cells = [tokens_of([f"a = b + c[{n}] * {n} - d / e ** {n}"]) for n in range(FEWEST - 1)]
    found = common_code([*cells, cells[0]][: FEWEST - 1], [], [])
    small = likeness([str(n) for n in range(FEWEST - 1)], found.bits, found.own)
    assert small.threshold is None
    assert small.pairs == ()
    for notebooks in ([], [tokens_of([])], [tokens_of(["x = 1"]), tokens_of([])]):
        nothing = common_code(notebooks, [], [])
        assert likeness([str(n) for n in range(len(notebooks))], nothing.bits, nothing.own).nearest == {}


def test_whoever_hands_in_everything_is_not_like_everybody() -> None:
    name = "03_recency"
    honest = honest_class(name, 40, 8)
    chance = random.Random(3)
    flood = {f"own {n}": " ".join(chance.choices(tuple("ab()[]+-*/=12.:"), k=12_000)) for n in range(9)}
    dump = {f"own {n}": text for n, text in enumerate(text for answers in honest[:30] for text in answers.values())}
    found = compared([*honest, flood, dump], name).found
    assert [pair for pair in students_of(found.pairs) if "s040" in pair] == []
    assert {pair for pair in students_of(found.pairs) if "s041" not in pair} == set()
