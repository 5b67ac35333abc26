"""What is said of a class as a whole."""

from __future__ import annotations

from autograder.report.class_tables import beliefs, misconception_table, points_line, points_table
from autograder.result import ItemResult, Result


def result(points: float, *misconceptions: str) -> Result:
    items = [
        ItemResult(f"q{place}", "question", 0, 1, "misconception", name, "")
        for place, name in enumerate(misconceptions)
    ]
    return Result("a.ipynb", "01_tiny", points, 9, "full", (), tuple(items))


def test_the_median_of_an_even_class_lies_between_the_two_in_the_middle() -> None:
    assert points_line([9, 2, 3, 0], 9) == ("points of 9: lowest 0, median 2.5, highest 9")


def test_the_most_frequent_misconceptions_come_first_with_their_item() -> None:
    results = [result(0, "OFF_BY_ONE"), result(0, "SUM_FOR_MEAN", "OFF_BY_ONE"), result(0, "SUM_FOR_MEAN"), result(9)]
    head, columns, _, first, second = misconception_table(results, most=2).splitlines()
    assert head == "What the class believes (the 2 most frequent of 3)"
    assert columns.split() == ["misconception", "in", "students"]
    assert first.split() == ["SUM_FOR_MEAN", "q0", "2"]
    assert second.split() == ["OFF_BY_ONE", "q0", "1"]


def test_a_class_without_a_misconception_is_told_so() -> None:
    assert misconception_table([result(9)], most=8) == "What the class believes: no misconception was found"


def test_a_row_shows_how_points_are_spread_from_none_to_all() -> None:
    *_, row = points_table({"01_tiny": [0, 9, 9, 4.5]}, {"01_tiny": 9}).splitlines()
    assert row == "01_tiny       0    6.75        9   9  ▄    ▄   █"


def test_a_belief_is_counted_once_for_each_student_and_told_in_words() -> None:
    found = {"ada": [result(0, "OFF_BY_ONE", "OFF_BY_ONE"), result(0, "OFF_BY_ONE")], "ben": [result(9, "OTHER")]}
    found |= {"cem": [result(3, "OTHER")], "dora": [result(9)]}
    held = beliefs(found, {"OTHER": "something else"})
    assert [str(one) for one in held] == ["2 of 4: something else (OTHER)", "1 of 4:  (OFF_BY_ONE)"]
    assert held[1].where == {"q0": 2, "q1": 1}
