"""What is not written yet, or not under the name that is asked for, is told so: by `check()` and the grading alike."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.course.course import Assignment, Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.definitions import similar_name
from autograder.marking.marker import Marker
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission
from tests.check.conftest import Ask, MarkOne

BODIES = [
    *("pass", "...", "return", "return None", "return ...", '"""To do."""', '"""To do."""; pass', "# later\n    pass"),
    *("raise NotImplementedError", "raise NotImplementedError('later')", "return NotImplementedError('later')"),
]
PARTS = {"row_means": "x", "pairs": "", "echoes": "f, inputs"}
WRITTEN = ["return 0", "print('no')", "x = None\n    return x", "assert False", "raise ValueError", "yield"]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_does_nothing_is_not_attempted(ask: Ask, mark_one: MarkOne, body: str) -> None:
    sources = {name: f"def {name}({arguments}):\n    {body}\n" for name, arguments in PARTS.items()}
    sources["Counter"] = f"class Counter:\n  def __init__(self):\n    {body}\n  def add(self, k):\n    {body}\n"
    for name, source in sources.items():
        card, result = ask(name, source), mark_one(name, source)
        assert (card.tone, card.headline) == ("open", "Not attempted"), name
        assert (result.verdict, result.points) == ("not_attempted", 0), name


@pytest.mark.parametrize("body", ["pass", "...", '"""To do."""', "def add(self, k): pass"])
def test_a_class_that_does_nothing_is_not_attempted(ask: Ask, mark_one: MarkOne, body: str) -> None:
    source = f"class Counter:\n    {body}\n"
    assert ask("Counter", source).headline == "Not attempted"
    assert mark_one("Counter", source).verdict == "not_attempted"


@pytest.mark.parametrize("body", WRITTEN)
def test_a_body_that_does_something_is_an_attempt(ask: Ask, mark_one: MarkOne, body: str) -> None:
    source = f"def row_means(x):\n    {body}\n"
    assert ask("row_means", source).tone == "wrong"
    assert mark_one("row_means", source).verdict in ("wrong", "error", "misconception")


def test_a_class_with_data_alone_is_an_attempt(mark_one: MarkOne) -> None:
    assert mark_one("Counter", "class Counter:\n    total = 0").verdict != "not_attempted"


@pytest.mark.parametrize("body", ["pass", "raise NotImplementedError"])
def test_of_a_class_that_is_partly_written_the_rest_is_named(ask: Ask, mark_one: MarkOne, body: str) -> None:
    source = f"class Counter:\n    def __init__(self): self.total = 0\n    def add(self, k):\n        {body}\n"
    card, result = ask("Counter", source), mark_one("Counter", source)
    assert card.headline == "Not finished"
    says = "`add` isn't written yet."
    assert says in repr(card)
    assert says in result.message


def test_a_method_that_rightly_does_nothing_is_not_missed(ask: Ask, mark_one: MarkOne) -> None:
    source = "class Counter:\n    total = 0\n    def __init__(self): pass\n    def reset(self): pass\n"
    right = source + "    def add(self, k):\n        self.total += k\n        return self.total"
    assert ask("Counter", right).tone == "right"
    assert mark_one("Counter", right).verdict == "correct"
    wrong = right.replace("+= k", "-= k")
    assert ask("Counter", wrong).headline == "Not right yet"
    assert "written" not in mark_one("Counter", wrong).message


@pytest.mark.parametrize(
    ("name", "other", "source"),
    [
        ("row_means", "row_mean", "def row_mean(x): return x.mean(axis=1)"),
        ("row_means", "RowMeans", "def RowMeans(x): return x.mean(axis=1)"),
        ("Counter", "counter", "class counter: pass"),
        ("pairs", "pair", "def pair(): return []"),
        ("q1_1_number", "q1_1_numbr", "q1_1_numbr = 5"),
        ("q1_1_number", "q1_1_numbers", "q1_1_numbers = 5"),
    ],
)
def test_a_name_that_is_nearly_the_asked_one_is_told(
    ask: Ask, mark_one: MarkOne, name: str, other: str, source: str
) -> None:
    says = f"`{name}` isn't there, but you define `{other}`: if that is your answer, name it `{name}`."
    card, result = ask(name, source), mark_one(name, source)
    assert card.tone == "open"
    assert says in repr(card)
    assert (result.verdict, result.message) == ("not_attempted", says)


def test_a_stub_that_was_left_beside_the_answer_is_told(ask: Ask, mark_one: MarkOne) -> None:
    source = "def row_means(x): pass\ndef row_mean(x): return x.mean(axis=1)"
    says = "`row_means` is still unwritten, but you define `row_mean`"
    assert says in repr(ask("row_means", source))
    assert says in mark_one("row_means", source).message


@pytest.mark.parametrize("source", ["def means(x): return x", "import numpy as row_mean", "row_mean = 3", ""])
def test_another_name_is_not_taken_for_it(ask: Ask, mark_one: MarkOne, source: str) -> None:
    assert "you define" not in repr(ask("row_means", source))
    assert mark_one("row_means", source).message == "Not written yet."


def test_a_name_that_another_item_asks_for_is_not_taken_for_it() -> None:
    def ema_steps() -> None: ...

    there = {"ema_steps": ema_steps, "__name__": __name__}
    assert similar_name("ema_step", there, ["ema_step"]) == "ema_steps"
    assert similar_name("ema_step", there, ["ema_step", "ema_steps"]) == ""


def test_the_courses_own_names_are_none_that_are_nearly_asked_for(course: Course) -> None:
    for name in course.names:
        assignment = course.assignment(name)
        names = [word for cell in assignment.cells for word in _defined(cell.source)]
        assert names
        there = {other: _stand_in(other) for other in names} | {"__name__": __name__}
        for task in assignment.tasks:
            assert similar_name(task.id, there, assignment.items) == ""


def _stand_in(name: str) -> object:
    def function() -> None: ...

    function.__name__ = name
    return function


def _defined(source: str) -> list[str]:
    words = (line.split("(")[0].split() for line in source.splitlines() if line.startswith(("def ", "class ")))
    return [found[1].rstrip(":") for found in words]


def test_a_name_that_comes_from_a_cell_below_is_told_with_its_cell(
    assignment: Assignment, course: Course, sandbox: Sandbox
) -> None:
    notebook = with_answers(solved(assignment), {"row_means": "def row_means(x): return helper(x)"})
    source = "import math\ndef helper(x):\n    return x.mean(axis=1)"
    cell: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
        "id": "z",
    }
    notebook["cells"].append(cell)
    marked = Marker(assignment, sandbox, course.limits).mark(read_submission(as_bytes(notebook), "01_tiny.ipynb"))
    message = marked.result.item("row_means").message
    assert f"Your code uses `helper`, which cell {len(notebook['cells'])} defines, below the check." in message


@pytest.mark.parametrize(
    ("stub", "similar", "message"),
    [
        ("(True, [])", "'fine'", "`row_means` is still unwritten, but you define `fine`"),
        ("(True, ['<b>', 3, 'a b'])", "'`x`'", "Not written yet."),
        ("(True, [])", "'y' * 100", "Not written yet."),
        ("(1, [])", "'fine'", "The same values came back for every input."),
        ("(True, [])", "3", "The same values came back for every input."),
        ("(1 / 0, [])", "''", "The same values came back for every input."),
    ],
)
def test_what_a_submission_says_of_itself_is_read_as_hostile(
    mark_one: MarkOne, stub: str, similar: str, message: str
) -> None:
    """It can choose what its own process says of a definition, and nothing but that is what it loses."""
    source = (
        "import autograder.sandbox.guest.child as child\n"
        f"child.unwritten, child.similar_name = lambda *_: {stub}, lambda *_: {similar}\n"
        "def row_means(x): return 3"
    )
    result = mark_one("row_means", source)
    assert result.points == 0
    assert result.message.startswith(message)
