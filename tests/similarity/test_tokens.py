"""Code as tokens: without names, comments and layout, whatever it is that somebody calls code."""

from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.similarity.common_code import MOST_TOKENS, RUN, runs_of, tokens_of
from autograder.similarity.marked_code import marked
from autograder.similarity.tokens import MOST_CHARACTERS, numbered, placed

HOSTILE = {
    "brackets": "(" * 1_000_000,
    "quotes": '"' * 1_000_000,
    "texts without an end": "'''x\"\"\"y" * 150_000 + "\\",
    "backslashes": "\\" * 1_000_000,
    "exponents": "1e+" * 300_000,
    "spaces after self": "self" + " " * 1_000_000,
    "dots": (". " * 500_000),
    "odd characters": "\0\u202e\ud800\U0010ffffé\x85" * 150_000,
    "one name": "a" * 1_000_000,
    "many names": " ".join(f"name{n}" for n in range(100_000)),
    "numbers": " ".join(map(str, range(150_000))),
}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("total = x + 1", "s=y+1  # the sum"),
        ("def mean(x):\n    return x.sum() / len(x)", 'def f(rows):\n  """Doc."""\n  return rows . sum() / len(rows)'),
        ("print('a')", 'print(f"another {text}")'),
        ("y = np.zeros((3, 1.0))", "out = numpy.zeros(\n    (3, 1)\n)"),
        ("self.total += 0.50", "self.n += .5"),
        ("x.memory", "y.state"),
    ],
)
def test_names_comments_texts_and_layout_make_no_difference(one: str, other: str) -> None:
    assert numbered(one) == numbered(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("x + 1", "x - 1"), ("x.sum()", "x.cumsum()"), ("len(x)", "range(x)"), ("x[1]", "x[2]"), ("x ** 2", "x * 2")],
)
def test_what_is_done_makes_a_difference(one: str, other: str) -> None:
    assert numbered(one) != numbered(other)


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_a_megabyte_of_anything_costs_no_more_than_its_beginning(source: str) -> None:
    short = source[:MOST_CHARACTERS]
    started = time.process_time()
    for _ in range(10):
        numbered(short)
    ten = time.process_time() - started
    started = time.process_time()
    assert len(tokens_of([source] * 3)) <= MOST_TOKENS
    assert time.process_time() - started < ten
    assert "".join(piece.text for piece in marked(source, [source], np.array([], np.uint64))) == short


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_every_token_has_its_place(source: str) -> None:
    places = list(placed(source))
    assert len(places) == len(numbered(source))
    assert all(start < stop for start, stop in places)
    assert places == sorted(places)


def test_runs_stay_within_a_cell() -> None:
    cell = "a = b + c * d - e"
    assert np.count_nonzero(runs_of(tokens_of([cell]))) == len(numbered(cell)) - RUN + 1
    assert np.count_nonzero(runs_of(tokens_of(["a = b + c", "d = e - f"]))) == 0
    assert set(runs_of(tokens_of([cell, "pass"]))) == set(runs_of(tokens_of(["pass", cell])))


def test_what_two_have_in_common_is_marked_where_it_stands() -> None:
    mine = "x = 1\nfor i in range(len(rows)):\n    out[i] = rows[i] * 2 - 1  # mine\nprint(x)"
    yours = "while True:\n    pass\nfor n in range(len(xs)):\n    ys[n] = xs[n] * 2 - 1\n"
    counting = np.unique(runs_of(tokens_of([yours])))
    pieces = marked(mine, [yours], counting)
    assert "".join(piece.text for piece in pieces) == mine
    common = "".join(piece.text for piece in pieces if piece.mark == "common")
    assert common == "for i in range(len(rows)):out[i] = rows[i] * 2 - 1"
    known = marked(mine, [yours], np.array([], np.uint64))
    assert {piece.mark for piece in known} == {"", "known"}
