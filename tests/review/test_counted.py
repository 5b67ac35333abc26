"""Which students and items figures are made of."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.review.counted import counted
from autograder.review.records import AskedItem, AssignmentReview, ReviewedItem, ReviewedStudent

ITEMS = (
    AskedItem("one", "question", 1.0, False),
    AskedItem("two", "task", 4.0, False),
    AskedItem("text", "question", 2.0, False),
    AskedItem("more", "task", 1.0, True),
)
UNREAD = ReviewedItem(ITEMS[2], None, "needs_review", waits=True)


def student(name: str, *points: float | None) -> ReviewedStudent:
    """A graded student; None stands for an answer that waits to be read."""
    items = [
        UNREAD if given is None else ReviewedItem(asked, given, "correct" if given else "wrong")
        for asked, given in zip(ITEMS, points, strict=True)
    ]
    return ReviewedStudent(name, "graded", tuple(items), sum(given or 0.0 for given in points))


def class_of(students: Sequence[ReviewedStudent]) -> AssignmentReview:
    return AssignmentReview("01", 7.0, tuple(students), (), ())


def test_who_handed_in_nothing_or_answered_nothing_is_not_counted() -> None:
    blank = ReviewedStudent("blank", "graded", tuple(ReviewedItem(one, 0.0, "not_attempted") for one in ITEMS), 0.0)
    missing = ReviewedStudent("missing", "missing", tuple(map(ReviewedItem, ITEMS)))
    found = counted(class_of([blank, missing, student("ada", 1, 4, 2, 0), student("ben", 0, 0, 0, 0)]))
    assert [one.student for one in found.students] == ["ada", "ben"]
    assert (found.answered_nothing, found.unread, found.waiting) == (1, 0, {})


def test_a_blank_answer_is_worth_nothing_and_extra_credit_is_no_part_of_the_total() -> None:
    partly = ReviewedStudent(
        "cleo", "graded", (ReviewedItem(ITEMS[0], 0.0, "not_attempted"), *student("", 0, 4, 1.5, 1).items[1:]), 6.5
    )
    found = counted(class_of([student("ada", 1, 2, 2, 1), partly]))
    assert [one.id for one in found.items] == ["one", "two", "text", "more"]
    assert found.scores.points.tolist() == [[1, 2, 2, 1], [0, 4, 1.5, 1]]
    assert found.scores.counted.tolist() == [True, True, True, False]
    assert found.scores.totals.tolist() == [5, 5.5]


def test_an_item_that_waits_with_many_is_set_aside_and_nobody_is_lost() -> None:
    found = counted(class_of([student("ada", 1, 4, None, 0), *(student(f"s{i}", 1, 2, 1, 0) for i in range(4))]))
    assert [one.id for one in found.items] == ["one", "two", "more"]
    assert (len(found.students), found.waiting, found.unread) == (5, {"text": 1}, 0)
    assert found.scores.totals.tolist() == [5, 3, 3, 3, 3]


def test_a_student_of_whom_an_answer_waits_is_left_out_where_the_others_are_read() -> None:
    found = counted(class_of([student("ada", 1, 4, None, 0), *(student(f"s{i}", 1, 2, 1, 0) for i in range(9))]))
    assert [one.id for one in found.items] == ["one", "two", "text", "more"]
    assert (len(found.students), found.waiting, found.unread) == (9, {}, 1)


def test_a_class_without_any_answer_has_nothing_to_count() -> None:
    found = counted(class_of([ReviewedStudent("nora", "missing", ())]))
    assert (found.students, found.items, found.scores.students) == ((), (), 0)
