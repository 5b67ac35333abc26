"""How answers to questions are read and judged."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.check.question import Option, Question, WrongNumber, form_problem, judge, read_letters, read_number
from autograder.course.course import Course

NUMBER = Question(
    "n", "numeric", 1.0, "?", ("S1",), "why", answer=13 / 3, tolerance=6e-4, wrong=(WrongNumber(4.5, "HALF", "hint"),)
)
OPTIONS = tuple(Option(f"option {i}", i in (0, 3), None if i in (0, 3) else f"WRONG_{i}", f"f{i}") for i in range(4))
MULTI = Question("m", "multi", 2.0, "?", ("S1",), "why", options=OPTIONS)
SINGLE = Question("s", "single", 1.0, "?", ("S1",), "why", options=OPTIONS[:3])


@pytest.mark.parametrize(
    "answer",
    [13 / 3, "13/3", " 39 / 9 ", "4.3333", 4.3333, np.float64(4.3333), np.array(4.3333), [4.3333], Fraction(13, 3)],
)
def test_a_number_is_read_in_many_forms(answer: object) -> None:
    assert judge(NUMBER, answer).verdict == "correct"


@pytest.mark.parametrize(
    "answer", ["four", "1e999", "1/0", "", float("nan"), 10**400, True, [1, 2], {}, 3j, "__import__('os')"]
)
def test_what_is_no_number_gets_a_sentence(answer: object) -> None:
    judged = judge(NUMBER, answer)
    assert judged.share == 0
    assert judged.verdict in ("error", "not_attempted")
    assert judged.message


def test_a_typical_wrong_number_is_named() -> None:
    judged = judge(NUMBER, "9/2")
    assert (judged.verdict, judged.misconception, judged.message) == ("misconception", "HALF", "hint")


THIRDS = (
    WrongNumber(14 / 3, "ONE_MORE", "more"),
    WrongNumber(5, "FIVE", "five"),
    WrongNumber(0.0669670085, "SMALL", ""),
)
WHOLE = Question("w", "numeric", 1.0, "?", ("S1",), "why", answer=4, tolerance=1e-9, wrong=THIRDS)
HALF = Question(
    "h", "numeric", 1.0, "?", ("S1",), "why", answer=0.5, tolerance=1e-9, wrong=(WrongNumber(50 / 99, "ONE_LESS", ""),)
)


@pytest.mark.parametrize("answer", [14 / 3, "14/3", 4.67, 4.667, 4.6667, "4.666667", 4.66, 4.666, np.float32(14 / 3)])
def test_a_wrong_number_is_read_as_people_write_it(answer: object) -> None:
    assert judge(WHOLE, answer).misconception == "ONE_MORE"


@pytest.mark.parametrize("answer", [0.067, 0.06697, 0.0669])
def test_zeros_before_a_number_are_no_digits_of_it(answer: float) -> None:
    assert judge(WHOLE, answer).misconception == "SMALL"


@pytest.mark.parametrize("answer", [4.7, 4.68, 4.65, 4.665, 4.6665, 0.07, 4.99, -4.67])
def test_a_number_that_says_too_little_or_something_else_has_no_name(answer: float) -> None:
    assert judge(WHOLE, answer).misconception is None


def test_what_may_as_well_be_the_right_answer_has_no_name() -> None:
    assert judge(HALF, 0.51).misconception is None
    assert judge(HALF, 0.505).misconception == judge(HALF, 0.5051).misconception == "ONE_LESS"


def test_a_coarse_tolerance_of_the_answer_is_none_of_a_wrong_number() -> None:
    coarse = replace(WHOLE, answer=4096, tolerance=0.5, wrong=(WrongNumber(1, "ONE", ""),))
    assert judge(coarse, 0.6).misconception is None


@pytest.mark.parametrize(
    ("question", "answer", "says"),
    [
        (WHOLE, 3.99, "the answer is a whole one"),
        (WHOLE, 7, "Not this number. Write"),
        (NUMBER, 4.33, "give 3 decimals or more"),
        (NUMBER, 4.3, "give 3 decimals or more"),
        (NUMBER, 4.336, "check the last decimal"),
        (NUMBER, 4, "Not this number. Write"),
        (NUMBER, 0, "Not this number. Write"),
        (HALF, 0.5003, "Close, but not exact"),
        (HALF, 0.6, "Not this number. Write"),
    ],
)
def test_what_is_said_of_a_near_miss_fits_the_number(question: Question, answer: float, says: str) -> None:
    judged = judge(question, answer)
    assert (judged.verdict, judged.share) == ("wrong", 0)
    assert says in judged.message


@pytest.mark.parametrize("answer", ["A", "a", " a ", "(a)", ["A"], ("a",), "A."])
def test_one_letter_is_read_in_many_forms(answer: object) -> None:
    assert judge(SINGLE, answer).verdict == "correct"


@pytest.mark.parametrize("answer", ["AD", "d, a", "A and D", ["A", "D"], ["ad"], "{A, D}", "A;D", "A+D"])
def test_a_selection_is_read_in_many_forms(answer: object) -> None:
    assert judge(MULTI, answer).verdict == "correct"


@pytest.mark.parametrize("answer", ["E", "AB", 1, 1.5, ["A", 2], "option A", "A" * 1000])
def test_what_is_no_letter_gets_a_sentence_that_says_what_is_expected(answer: object) -> None:
    judged = judge(SINGLE, answer)
    assert judged.verdict == "error"
    assert "one letter" in judged.message


@pytest.mark.parametrize("answer", [None, "", [], ()])
def test_no_answer_is_not_wrong(answer: object) -> None:
    assert judge(SINGLE, answer).verdict == "not_attempted"


@pytest.mark.parametrize(
    ("answer", "share"), [("AD", 1), ("A", 0.75), ("ABD", 0.75), ("ABCD", 0.5), ("B", 0.25), ("BC", 0)]
)
def test_a_selection_earns_the_share_of_options_judged_rightly(answer: str, share: float) -> None:
    assert judge(MULTI, answer).share == share


def test_feedback_on_a_selection_never_names_a_missing_option() -> None:
    message = judge(MULTI, "A").message
    assert "missing" in message
    assert "D" not in message


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda x: st.lists(x, max_size=3))
)
def test_no_plain_value_breaks_a_question(answer: object) -> None:
    for question in (NUMBER, MULTI, SINGLE):
        assert 0 <= judge(question, answer).share <= 1
    read_number(answer)
    read_letters(answer, "ABCD")


def test_the_form_says_nothing_about_the_key() -> None:
    assert all(form_problem("single", "ABC", letter) is None for letter in "ABCabc")


def test_no_example_in_a_sentence_is_the_key_of_a_question(course: Course) -> None:
    sentence = form_problem("numeric", "", "?") or ""
    examples = [read_number(text) for text in re.findall(r"\d+[/.]\d+", sentence)]
    assert examples
    for name in course.names:
        for question in course.assignment(name).questions:
            if question.kind == "numeric":
                assert all(abs(question.answer - example) > question.tolerance for example in examples if example)
