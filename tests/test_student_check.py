"""What `check()` of a release says in a student's notebook."""

from __future__ import annotations

import importlib.util
import linecache
import shutil
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.check.public import VERSION
from autograder.course.course import Assignment, load_course
from autograder.release.build import release_files

ROOT = Path(__file__).parents[1]
TINY = Path(__file__).parent / "fixtures" / "tiny_course"
Ask = Callable[..., Any]

MORE_CELLS = '''
# %% task="echoes"
def echoes(f, inputs):
    """f of each input, one at a time, as a list. An empty stream is a ValueError."""
    ### BEGIN SOLUTION
    found = [f(x) for x in inputs]
    if not found:
        raise ValueError("no input")
    return found
    ### END SOLUTION
# %% check="echoes"
check("echoes")
# %% task="Last"
class Last:
    def see(self, x):
        ### BEGIN SOLUTION
        self.last = x.copy()
        return self.last.copy()
        ### END SOLUTION
# %% check="Last"
check("Last")
# %% task="pairs"
def pairs():
    ### BEGIN SOLUTION
    return [([[1, 3]], [[2]])]
    ### END SOLUTION
# %% check="pairs"
check("pairs")
'''

MORE_TASKS = """
import numpy as np

from autograder.authoring import ExamplesSheet, Function, Part, Stream, TaskSheet, case, dialogue


def many(new):
    last = new()
    last.each("see", np.ones((300, 8)))
    last.each("see", np.ones((2000, 64)), watch=True)
    last.do("see", np.ones(8))


echoes_task = TaskSheet(
    "echoes", points=3, hidden="",
    cases=[case("three", Function("lambda x: 2 * x"), Stream((1, 4, -2)), public=True),
           case("none", Function("lambda x: 2 * x"), Stream(()), public=True, part="empty")],
    parts=[Part("values", 1), Part("empty", 1), Part("calls", 0.5, aspect="calls"), Part("lazy", 0.5, aspect="lazy")],
)
last_task = TaskSheet(
    "Last", points=1, hidden="", cases=[dialogue("many", many, public=True)],
    parts=[Part("values", 0.5), Part("memory", 0.5, "It grew: keep one row only.", aspect="memory")],
)
pairs_task = ExamplesSheet(
    "pairs", points=2, valid_points=1, hidden="if your examples are telling", of="row_means", targets=["SUM_FOR_MEAN"]
)
"""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """The tiny course's assignment with a task about calls and streams, one about memory, and one of examples."""
    root = Path(shutil.copytree(TINY, tmp_path_factory.mktemp("more") / "course"))
    folder = root / "solutions" / "01_tiny"
    (folder / "notebook.py").write_text((folder / "notebook.py").read_text() + MORE_CELLS)
    (folder / "tasks" / "more.py").write_text(MORE_TASKS)
    return load_course(root).assignment("01_tiny")


def released(assignment: Assignment, folder: Path) -> ModuleType:
    """The `check.py` of a release, imported from its folder."""
    for name, content in release_files(assignment).items():
        (folder / name).write_bytes(content)
    return imported(folder)


def imported(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"check_of_{folder.name}", folder / "check.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ask(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return asking(released(assignment, tmp_path_factory.mktemp("release")))


def asking(module: ModuleType) -> Ask:
    def ask(name: str, source: str = "", **names: object) -> Any:
        """The card of `check(name)` in a notebook whose one other cell is `source`."""
        namespace = {"np": np, "check": module.check, **names}
        linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
        exec(compile(source, "<cell>", "exec"), namespace)
        return eval("check(name)", namespace | {"name": name})

    return ask


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
    assert "row_means(np.array([[1.5, 2.5], [4.0, 0.0], [-1.0, 5.0]]))" in repr(card)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def row_means(x): return x", "The shape is (3, 2); (3,) is expected"),
        ("def row_means(x): print(end='')", "you returned None (is a `return` missing?)"),
        ("def row_means(x): return 'abc'", "you returned a str"),
        ("def row_means(x): return {'a': 1}", "you returned a dict"),
        ("def row_means(x): return [2, 2, 9]", "1 of 3 entries differ, the first is entry 2 (counted from 0)"),
        ("def row_means(x): return np.ma.array(x.mean(axis=1))", "you returned a masked array"),
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


STRANGE = {
    "repr raises": "class Odd:\n    def __repr__(self): raise RuntimeError\nodd = Odd()",
    "eq raises": "class Odd:\n    def __eq__(self, other): raise RuntimeError\nodd = Odd()",
    "array raises": "class Odd:\n    def __array__(self, *a, **k): raise RuntimeError\nodd = Odd()",
    "len raises": "class Odd(list):\n    def __len__(self): raise RuntimeError\nodd = Odd()",
    "copy raises": "class Odd:\n    def __deepcopy__(self, memo): raise RuntimeError\nodd = Odd()",
    "class lies": "class Odd:\n    @property\n    def __class__(self): raise RuntimeError\nodd = Odd()",
    "getattr raises": "class Odd:\n    def __getattribute__(self, name): raise RuntimeError\nodd = Odd()",
    "iterates for ever": "class Odd:\n __iter__ = lambda self: self\n def __next__(self): return 1\nodd = Odd()",
    "next raises": "class Odd:\n __iter__ = lambda self: self\n def __next__(self): raise OSError\nodd = Odd()",
    "a generator in a list": "odd = [(i for i in range(3))]",
    "an endless generator": "import itertools\nodd = itertools.count()",
    "a list in itself": "odd = []\nodd.append(odd)",
    "a huge view": "odd = np.broadcast_to(1.0, (40_000, 40_000, 40_000))",
    "a huge integer": "odd = 10 ** 5000",
    "objects": "odd = np.array([None, 'a', 3], dtype=object)",
    "masked": "odd = np.ma.masked_array([1.0, 2.0, 3.0], mask=[True, False, False])",
    "a class": "class odd: pass",
    "a module": "import math as odd",
    "not numbers": "odd = np.array([np.nan, np.inf, -np.inf])",
    "complex": "odd = 1j",
    "dates": "odd = np.array(['2020-01-01'], dtype='datetime64[D]')",
    "a surrogate": "odd = chr(0xD800)",
}


@pytest.mark.parametrize("strange", STRANGE)
def test_no_object_breaks_the_check(ask: Ask, strange: str) -> None:
    for name, source in (
        ("row_means", f"{STRANGE[strange]}\ndef row_means(x): return odd"),
        ("pairs", f"{STRANGE[strange]}\ndef pairs(): return odd"),
        ("pairs", f"{STRANGE[strange]}\ndef pairs(): return [(odd, odd)]"),
        *(
            (name, f"{STRANGE[strange]}\n{name} = odd")
            for name in ("row_means", "q1_1_number", "q1_2_one", "q1_3_many")
        ),
    ):
        card = ask(name, source)
        assert card.tone in ("wrong", "warned", "open"), (name, repr(card))
        assert card._repr_html_()


@pytest.mark.parametrize(
    "source",
    [
        "def row_means(x): raise SystemExit(3)",
        "class Bad(Exception):\n    def __str__(self): raise RuntimeError\ndef row_means(x): raise Bad",
        "def row_means(x): return row_means(x)",
        "def row_means(x):\n    yield 1\n    raise OSError('later')",
    ],
)
def test_no_exception_breaks_the_check(ask: Ask, source: str) -> None:
    card = ask("row_means", source)
    assert card.headline.startswith("Your code raised")
    assert card._repr_html_()


def test_an_interrupt_stops_the_check(ask: Ask) -> None:
    with pytest.raises(KeyboardInterrupt):
        ask("row_means", "def row_means(x): raise KeyboardInterrupt")


class Tags(HTMLParser):
    """Collects what a browser would see; fails on tags that don't match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def cards(ask: Ask) -> Iterator[Any]:
    yield ask("row_means", "def row_means(x): return x.mean(axis=1)")
    yield ask("row_means", "def row_means(x): return x.sum(axis=1)")
    yield ask("row_means", "def row_means(x): raise ValueError('<script>alert(1)</script><img src=x onerror=y>')")
    yield ask("row_means", "class Odd(Exception): pass\nOdd.__name__ = '<b>\"'\ndef row_means(x): raise Odd('`<i>`')")
    yield ask("q1_1_number")


def test_the_html_is_escaped_styled_inline_and_loads_nothing(ask: Ask) -> None:
    for card in cards(ask):
        tags = Tags()
        tags.feed(card._repr_html_())
        assert tags.open == []
        names = {tag for tag, _ in tags.seen}
        assert names <= {
            "div",
            "span",
            "strong",
            "table",
            "tbody",
            "tr",
            "th",
            "td",
            "details",
            "summary",
            "pre",
            "code",
        }
        assert {name for _, held in tags.seen for name in held} <= {
            *("style", "role", "aria-label", "aria-hidden", "scope", "class"),
        }
        assert {held["class"] for _, held in tags.seen if "class" in held} <= {"tex2jax_ignore mathjax_ignore"}
        assert "url(" not in card._repr_html_()
        assert tags.seen[0][1]["role"] == "group"
        assert card.headline in (tags.seen[0][1]["aria-label"] or "")


def test_an_exceptions_text_is_shown_as_it_is_and_only_the_courses_own_has_code(ask: Ask) -> None:
    shown = ask("row_means", "def row_means(x):\n    raise ValueError('`a` $b$')  # `c` $d$")._repr_html_()
    own = [part for part in shown.split("<div") if "$b$" in part]
    assert len(own) == 2
    assert "ValueError: `a` $b$" in own[0]
    assert "`c` $d$" in own[1]
    assert all(part.startswith(' class="tex2jax_ignore mathjax_ignore"') for part in own)
    assert ">.shape</code>" in shown, "the course's own sentence"


def test_a_cell_shows_a_card_once() -> None:
    """As the last line's value, not printed as well."""
    from IPython.core.interactiveshell import InteractiveShell

    from autograder.check.feedback import Feedback

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
