"""What is planted in the class is really there, as the grader and the gradebook have it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from statistics import mean

import pytest

from autograder.answers.question import EMPTY_TEXT
from autograder.commands.simulated_students import CHEAT
from autograder.report.work import read_work
from autograder.result import ItemResult, Result
from autograder.review.class_review import review
from autograder.review.records import AssignmentReview, ClassReview
from tests.planted.facts import ASSIGNMENTS, ATTENTION, AVERAGE, CAPSTONE, FACTS, ROSTER, TEXT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(planted: Path) -> ClassReview:
    return review(planted)


@pytest.fixture(scope="module")
def by_name(found: ClassReview) -> dict[str, AssignmentReview]:
    return {one.name: one for one in found.assignments}


def results(by_name: dict[str, AssignmentReview], student: str) -> dict[str, Result]:
    return {name: one.results[student] for name, one in by_name.items() if student in one.results}


def test_strong_students_choose_what_is_right_and_get_nothing_for_it(by_name: dict[str, AssignmentReview]) -> None:
    bad = FACTS.bad_key
    marked = by_name[bad.assignment].results
    answers = {student: result.item(bad.question).answer for student, result in marked.items()}
    others = {student: result.points - result.item(bad.question).points for student, result in marked.items()}
    strong = sorted(others, key=others.__getitem__)[-len(others) // 4 :]
    assert mean(answers[student] == bad.right for student in strong) > 0.8
    assert {marked[student].item(bad.question).points for student in strong if answers[student] == bad.right} == {0}
    keyed = [others[student] for student, answer in answers.items() if answer == bad.key]
    assert len(keyed) >= 5
    assert mean(keyed) < mean(others.values())


def test_the_pair_has_the_same_points_for_code_that_looks_different(
    planted: Path, by_name: dict[str, AssignmentReview]
) -> None:
    first, second = (results(by_name, student) for student in FACTS.copied)
    for name in ASSIGNMENTS:
        tasks = [item.id for item in first[name].items if item.kind == "task"]
        works = [read_work(planted, name, student) for student in FACTS.copied]
        assert [item.points for item in first[name].items] == [item.points for item in second[name].items]
        for task in tasks:
            assert first[name].item(task).verdict == "correct"
            own, changed = ([line.strip() for line in work.answer(task).splitlines()] for work in works)
            assert len(set(own) & set(changed)) <= 8  # what the notebook prescribes: names, properties, blank lines
            assert own != [line for line in changed if not line.startswith("#")]


def test_one_text_was_handed_in_five_times_and_every_other_once(planted: Path) -> None:
    texts = {one.id: read_work(planted, CAPSTONE, one.id).answer(TEXT) for one in ROSTER}
    (text, times), (_, second) = Counter(text for text in texts.values() if text not in ("", EMPTY_TEXT)).most_common(2)
    assert (times, second) == (5, 1)
    assert {student for student, other in texts.items() if other == text} == set(FACTS.equal_texts)
    assert len(text.split()) >= 30


def test_a_third_of_the_class_holds_the_misconception(by_name: dict[str, AssignmentReview]) -> None:
    def shows(item: ItemResult) -> bool:
        return item.misconception == FACTS.misconception

    held = {
        name: {student for student, result in one.results.items() if any(map(shows, result.items))}
        for name, one in by_name.items()
    }
    assert len(FACTS.holders) == len(ROSTER) / 3
    assert set(FACTS.holders) <= held[AVERAGE] & held[ATTENTION]
    assert len((held[AVERAGE] | held[ATTENTION]) - set(FACTS.holders)) <= 2
    assert any(shows(result.item("linear_attention")) for result in by_name[ATTENTION].results.values())


def test_one_student_falls_behind(by_name: dict[str, AssignmentReview]) -> None:
    points = {name: one.points.get(FACTS.behind) for name, one in by_name.items()}
    most = {name: one.max_points or 0 for name, one in by_name.items()}
    well, little, nothing = (points[name] for name in ASSIGNMENTS)
    assert well is not None
    assert well > 0.9 * most[AVERAGE]
    assert little is not None
    assert little < 0.2 * most[ATTENTION]
    assert nothing is None


def test_the_cheat_earns_nothing(by_name: dict[str, AssignmentReview], planted: Path) -> None:
    first = {AVERAGE: "cumulative_average", ATTENTION: "phi", CAPSTONE: "recall_accuracy"}
    for name, task in first.items():
        assert "np.allclose = " in read_work(planted, name, FACTS.cheat).answer(task)
        assert by_name[name].results[FACTS.cheat].item(task).points == 0
    assert "prints 100 points" in CHEAT.tried


def test_the_rest_of_what_happens_in_a_class_is_there_too(
    found: ClassReview, by_name: dict[str, AssignmentReview]
) -> None:
    assert len([one for one in found.roster.values() if one.is_named]) == len(ROSTER) == 150
    assert not found.roster[FACTS.stranger].is_named
    student, name = FACTS.damaged
    assert by_name[name].results[student].problems
    for student, name in FACTS.missing:
        assert student in by_name[name].in_state("missing")


def test_abilities_show_in_all_assignments(by_name: dict[str, AssignmentReview]) -> None:
    ordered = sorted(ROSTER, key=lambda one: one.ability)
    for one in by_name.values():
        thirds = ordered[:50], ordered[-50:]
        weak, strong = ([one.points[each.id] for each in third if each.id in one.points] for third in thirds)
        assert mean(strong) > mean(weak) + 0.2 * (one.max_points or 0)
