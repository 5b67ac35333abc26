"""Who is falling behind, by the stated rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.review.falling_behind import falling_behind
from autograder.review.records import AssignmentReview, ReviewedStudent

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


def test_who_lost_most_comes_first() -> None:
    assert behind({**CLASS, "eve": [9.0, 9.0, 9.0, 5.0, 5.0], "kim": [9.0, 9.0, 9.0, None, 1.0]}) == ["kim", "eve"]
