"""A wrong function of an earlier task is blamed before those that call it."""

from __future__ import annotations

import pytest

from autograder.course.course import Course
from tests.check.conftest import Ask, asking, released

ATTENTION = """
def linear_attention(Q, K, V):
    weights = np.tril(phi(Q) @ phi(K).T)
    return weights @ V / weights.sum(axis=1, keepdims=True)
"""
RIGHT = "def phi(x):\n    return np.where(x > 0, x + 1.0, np.exp(np.minimum(x, 0)))\n"
WRONG = "def phi(x):\n    return x * 1.0\n"
BLAME = "`phi`, called here, isn't right in its own check yet"


@pytest.fixture(scope="module")
def ask(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return asking(released(course.assignment("04_linear_attention"), tmp_path_factory.mktemp("attention")))


def test_a_wrong_function_is_blamed_and_no_other_cause_is(ask: Ask) -> None:
    text = repr(ask("linear_attention", WRONG + ATTENTION))
    assert BLAME in text
    assert "phi wasn't applied at all" not in text


def test_a_right_one_is_not_blamed(ask: Ask) -> None:
    assert ask("linear_attention", RIGHT + ATTENTION).tone == "right"
    assert BLAME not in repr(ask("linear_attention", RIGHT + ATTENTION.replace("np.tril", "np.triu")))


def test_a_wrong_one_that_is_not_called_is_not_blamed(ask: Ask) -> None:
    own = ATTENTION.replace("phi(", "np.exp(")
    assert BLAME not in repr(ask("linear_attention", WRONG + own))
