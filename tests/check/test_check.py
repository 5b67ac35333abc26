"""What `check()` of a release says in a student's notebook."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.check.public_json import VERSION
from autograder.course.course import Assignment, load_course
from tests.check.conftest import TINY, Ask, asking, released


def test_right_is_no_promise_about_hidden_checks(ask: Ask) -> None:
    card = ask("row_means", "def row_means(x): return x.mean(axis=1)")
    assert card.headline == "Right in the visible checks"
    assert "Hidden checks also test: integer input, one column, and that x is unchanged." in repr(card)
    assert "No point is safe before those pass: each of the 3 points needs hidden cases too." in repr(card)
    assert "✓" in card._repr_html_()


def test_a_function_that_calls_an_unwritten_one_is_not_called_unwritten(ask: Ask) -> None:
    cells: dict[str, Any] = {}
    exec(compile("def helper(x):\n    raise NotImplementedError", "<another cell>", "exec"), cells)
    card = ask("row_means", "def row_means(x):\n    return helper(x)", helper=cells["helper"])
    assert card.headline == "Not finished"
    assert "return helper(x)" in repr(card)


def test_a_task_without_hidden_checks_says_so(ask: Ask) -> None:
    source = """
def echoes(f, inputs):
    found = [f(x) for x in inputs]
    if not found: raise ValueError
    return found"""
    assert "3 of 3 points" in repr(ask("echoes", source))


def test_a_misconception_is_named_with_the_first_row_that_differs(ask: Ask) -> None:
    card = ask("row_means", "def row_means(x): return x.sum(axis=1)")
    assert card.headline == "Not right yet"
    assert "These are sums. Divide by the number of columns." in repr(card)
    assert "expected entry 0: 2\n  your entry 0:     4" in repr(card)
    assert "row_means(np.array([[1.5, 2.5], [4.0, 1.0], [-1.0, 6.0]]))" in repr(card)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def row_means(x): return x", "The shape is (3, 2); (3,) is expected"),
        ("def row_means(x): print(end='')", "you returned None (is a `return` missing?)"),
        ("def row_means(x): return 'abc'", "you returned a str"),
        ("def row_means(x): return {'a': 1}", "you returned a dict"),
        ("def row_means(x): return [2, 2.5, 9]", "1 of 3 entries differs, the first is entry 2 (counted from 0)"),
        ("def row_means(x): return np.ma.masked_all(3)", "you returned a masked array with masked entries"),
    ],
)
def test_other_values_are_described(ask: Ask, source: str, says: str) -> None:
    assert says in repr(ask("row_means", source))


def test_an_untouched_or_missing_definition_is_not_attempted(ask: Ask) -> None:
    for source in ("", "def row_means(x): raise NotImplementedError('later')"):
        card = ask("row_means", source)
        assert (card.tone, card.headline) == ("open", "Not attempted")
    half = "class Counter:\n    def add(self, k):\n        raise NotImplementedError"
    assert ask("Counter", half).headline == "Not attempted"


def test_a_name_that_was_used_again_is_pointed_out(ask: Ask) -> None:
    assert "row_means is a value of type list" in repr(ask("row_means", "row_means = [1, 2]"))


def test_an_exception_is_shown_with_its_line_and_one_thing_to_try(ask: Ask) -> None:
    card = ask("row_means", "def row_means(x):\n    n = 0\n    return sum(range(3)) / n\n")
    assert card.headline == "Your code raised ZeroDivisionError in the case 'three rows of two'"
    assert "ZeroDivisionError: division by zero" in repr(card)
    assert "Line 3 of your cell: return sum(range(3)) / n" in repr(card)
    assert "Print the divisor" in repr(card)
    assert "Compare your definition with the task's" in repr(ask("row_means", "def row_means(): return 1"))


def test_what_to_try_after_an_exception_fits_the_line_that_raised_it(ask: Ask) -> None:
    own = "def row_means(x):\n    if len(x) < 5:\n        raise ValueError('too few rows')\n    return x.mean(axis=1)\n"
    assert "Your own code raises this" in repr(ask("row_means", own))
    assert ".shape" not in repr(ask("row_means", own))
    total = "class Counter:\n    count = property(lambda self: 0)\n    def add(self, k):\n        self.count = k\n"
    assert "A property has no value of its own" in repr(ask("Counter", total))


def test_what_else_was_seen_is_said(ask: Ask) -> None:
    assert "x was changed" in repr(ask("row_means", "def row_means(x):\n    x /= 2\n    return x.sum(axis=1)"))
    twice = "def echoes(f, inputs):\n    found = [(f(x), f(x))[0] for x in inputs]\n    return found or 1 / 0"
    assert "must be called 3 times here; you called it 6 times" in repr(ask("echoes", twice + " if found else found"))
    ahead = "def echoes(f, inputs):\n    found = [f(x) for x in list(inputs)]\n    return found or int(str())"
    assert "The stream was read ahead" in repr(ask("echoes", ahead))
    grows = "class Last:\n    seen = []\n    def see(self, x):\n        self.seen.append(x)\n        return x.copy()"
    assert "It grew: keep one row only." in repr(ask("Last", grows))


def test_an_expected_exception_must_come(ask: Ask) -> None:
    card = ask("echoes", "def echoes(f, inputs): return [f(x) for x in inputs]")
    assert "Case 'none': ValueError must be raised here; a value came back." in repr(card)


def test_a_cell_shows_a_card_once() -> None:
    """As the last line's value, not printed as well."""
    from IPython.core.interactiveshell import InteractiveShell

    from autograder.check.feedback_card import Feedback

    formatter = InteractiveShell.instance().display_formatter
    assert formatter is not None
    data, _ = formatter.format(Feedback("name", "open", "Not attempted"))
    assert data["text/plain"] == "○ name: Not attempted"
    assert data["text/html"].count("Not attempted</strong>") == 1


def test_a_graded_course_says_only_whether_an_answer_can_be_read(ask: Ask) -> None:
    for name, answer, read in (
        ("q1_1_number", "'15/3'", "5"),
        ("q1_1_number", "np.float64(15)", "15"),
        ("q1_2_one", "' b '", "B"),
        ("q1_3_many", "['c', 'A']", "A, C"),
    ):
        card = ask(name, f"{name} = {answer}")
        assert card.tone == "noted"
        assert f"read as {read}." in repr(card)
    assert ask("q1_2_one").headline == ask("q1_2_one", "q1_2_one = None").headline == "Not answered yet"
    assert ask("q1_2_one", "q1_2_one = ...").headline == "Not answered yet"
    assert "one of A, B, C" in repr(ask("q1_2_one", "q1_2_one = 'D'"))
    assert "one of A, B, C" in repr(ask("q1_2_one", "q1_2_one = 'AB'"))
    assert "Write one number" in repr(ask("q1_1_number", "q1_1_number = 'five'"))
    assert "instructor" in repr(ask("q1_4_words"))


def test_a_practice_course_gives_the_verdict_at_once(tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "course"))
    settings = root / "solutions" / "course.yaml"
    settings.write_text(settings.read_text().replace("mode: graded", "mode: practice"))
    (tmp_path / "release").mkdir()
    ask = asking(released(load_course(root).assignment("01_tiny"), tmp_path / "release"))
    assert ask("q1_2_one", "q1_2_one = 'b'").tone == "right"
    assert "do the first three vanish?" in repr(ask("q1_2_one", "q1_2_one = 'A'"))
    assert "How many numbers are there?" in repr(ask("q1_1_number", "q1_1_number = 15"))
    partly = ask("q1_3_many", "q1_3_many = 'AB'")
    assert (partly.tone, partly.headline) == ("partly", "Partly right")


def test_of_examples_only_the_form_is_checked(ask: Ask) -> None:
    card = ask("pairs", "def pairs(): return [([[1, 3]], [[9]]), (np.ones((2, 2)), np.ones((2, 1)))]")
    assert card.tone == "noted"
    assert "2 examples for row_means" in repr(card)
    assert "Grading tests: if your examples are telling. Right examples earn 1 of 2 points" in repr(card)
    assert "isn't a pair" in repr(ask("pairs", "def pairs(): return [1, 2]"))
    assert ask("pairs", "def pairs(): raise NotImplementedError").headline == "Not attempted"


def test_an_example_of_another_shape_is_told(average: Assignment, tmp_path: Path) -> None:
    ask = asking(released(average, tmp_path))
    name = "cumulative_average_examples"
    pairs = "[([[1, 3], [3, 5]], [[1, 3], [2, 4]]), (np.ones((3, 2)), [[1, 1]])]"
    card = ask(name, f"def {name}(): return {pairs}")
    assert card.headline == "Not right yet"
    assert "Example 2: x has the shape (3, 2), expected has (1, 2)." in repr(card)
    assert ask(name, f"def {name}(): return {pairs[:-1].rpartition(', (')[0]}]").tone == "noted"


def test_missing_or_damaged_data_is_explained(assignment: Assignment, tmp_path: Path) -> None:
    ask = asking(released(assignment, tmp_path))
    public = tmp_path / "public.json"
    for content, says in (
        (public.read_text().replace(f'"version":{VERSION}', '"version":99'), "from different releases"),
        ('{"is":"Public"', "is damaged"),
        ('{"is":"Unknown"}', "is damaged"),
        ("[]", "from different releases"),
    ):
        public.write_text(content)
        assert says in repr(ask("row_means"))
    public.unlink()
    assert "The file public.json is missing. Copy it from the release to" in repr(ask("row_means"))


def test_an_unknown_name_is_answered_with_the_known_ones(ask: Ask) -> None:
    assert "There are: row_means, Counter, q1_1_number" in repr(ask("row_mean"))
    assert "A name in quotes" in repr(ask(len))
