"""No object, exception or text of a student breaks `check()` or the page that shows its card."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.check.conftest import Ask

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
    shown = ask("row_means", "def row_means(x):\n    return float('`a` $b$')  # `c` $d$")._repr_html_()
    own = [part for part in shown.split("<div") if "$b$" in part]
    assert len(own) == 2
    assert "`a` $b$" in own[0]
    assert "`c` $d$" in own[1]
    assert all(part.startswith(' class="tex2jax_ignore mathjax_ignore"') for part in own)
    assert ">.shape</code>" in shown, "the course's own sentence"
