"""Who is falling behind, by the stated rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.result import ItemResult, Result
from autograder.review.falling_behind import falling_behind
from autograder.review.records import AskedItem, AssignmentReview, ReviewedItem, ReviewedStudent
from autograder.submission.submitted_notebook import read_submission

CLASS = {f"s{place}": [7.0, 8.0, 7.0, 8.0, 7.0] for place in range(9)}


def term(points: Mapping[str, Sequence[float | None]]) -> list[AssignmentReview]:
    """Assignments of 10 points: what each student has in each, None where nothing was handed in."""
    return [
        AssignmentReview(
            f"0{place + 1}",
            10.0,
            tuple(
                ReviewedStudent(student, "missing" if each[place] is None else "graded", (), each[place])
                for student, each in points.items()
            ),
            (),
            (),
        )
        for place in range(len(next(iter(points.values()))))
    ]


def behind(points: Mapping[str, Sequence[float | None]]) -> list[str]:
    return [one.student for one in falling_behind(term(points))]


def test_who_has_far_less_than_before_is_listed_with_what_changed() -> None:
    (one,) = falling_behind(term({**CLASS, "eve": [9.0, 9.0, 9.0, 4.0, None]}))
    assert (one.student, round(one.earlier or 0, 2), one.newest, one.missing) == ("eve", 0.9, 0.2, ("05",))


def test_a_hard_assignment_sets_nobody_back() -> None:
    assert behind({student: [8.0, 8.0, 8.0, 3.0, 2.0] for student in ("a", "b", "c", "d")}) == []


def test_who_was_always_weak_isnt_falling() -> None:
    assert behind({**CLASS, "eve": [2.0, 2.0, 2.0, 2.0, 2.0]}) == []


def test_the_lowest_tenth_is_listed_where_two_assignments_are_missing() -> None:
    assert behind({**CLASS, "eve": [None, 2.0, None, 2.0, 2.0]}) == ["eve"]
    assert behind({**CLASS, "eve": [None, 2.0, 2.0, 2.0, 2.0]}) == []


def test_an_assignment_that_most_havent_handed_in_yet_doesnt_count() -> None:
    begun = {student: [*each, None] for student, each in CLASS.items()}
    assert behind({**begun, "eve": [9.0, 9.0, 9.0, 9.0, 9.0, 9.0]}) == []


def test_with_one_assignment_nobody_is_behind() -> None:
    assert behind({**{student: [8.0] for student in CLASS}, "eve": [0.0]}) == []


def changed(student: str, name: str, **fields: Any) -> list[AssignmentReview]:
    """A class in which this student has something else in an assignment."""
    assignments = term({**CLASS, student: [9.0, 9.0, 9.0, 9.0, 0.0]})
    place = [one.name for one in assignments].index(name)
    students = (replace(one, **fields) if one.student == student else one for one in assignments[place].students)
    assignments[place] = replace(assignments[place], students=tuple(students))
    return assignments


def test_a_notebook_that_couldnt_be_read_sets_nobody_back() -> None:
    items = (ItemResult("phi", "task", 0.0, 10.0, "not_attempted", None, "Not written yet."),)
    damaged = read_submission(b'{"cells": [', "05.ipynb").problems
    result = Result("05.ipynb", "05", 0.0, 10.0, "full", damaged, items)
    assert [one.student for one in falling_behind(changed("eve", "05"))] == ["eve"]
    assert falling_behind(changed("eve", "05", result=result)) == []
    harmless = replace(result, problems=("05.ipynb was expected; mine.ipynb was taken in its place.",))
    assert [one.student for one in falling_behind(changed("eve", "05", result=harmless))] == ["eve"]


def test_points_that_wait_to_be_read_arent_lost() -> None:
    waits = ReviewedItem(AskedItem("q5_6_text", "question", 6.0, False), waits=True)
    assert falling_behind(changed("eve", "05", points=3.5, items=(waits,))) == []
    assert falling_behind(changed("eve", "05", points=3.5)) != []


def test_whoever_isnt_of_the_class_isnt_listed() -> None:
    assert falling_behind(changed("eve", "05"), left_out={"eve"}) == []


def test_who_lost_most_comes_first() -> None:
    assert behind({**CLASS, "eve": [9.0, 9.0, 9.0, 5.0, 5.0], "kim": [9.0, 9.0, 9.0, None, 1.0]}) == ["kim", "eve"]
