"""Formulas, plots and tables: what pages are put together from."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from autograder.site.page.course_text import block, formula, inline, with_code
from autograder.site.page.layout import points
from autograder.site.page.plots import ACCENT, INK, plot
from autograder.site.page.records import DataTable
from autograder.statistics.percentage import percent


def test_a_formula_becomes_mathml() -> None:
    page = BeautifulSoup(block(r"Take $h_i = \frac{1}{i} \sum_{j=1}^{i} x_j$ and `h[0] < 1`."), "html.parser")
    assert page.math is not None
    assert page.math.find("mfrac") is not None
    assert "$" not in page.text
    assert [code.text for code in page.select("code")] == ["h[0] < 1"]


@pytest.mark.parametrize(
    "latex",
    [r"\text{<img src=x onerror=alert(1)>}", r"\href{javascript:alert(1)}{x}", r"\frac{", r"\style{x:url(//e)}{y}"],
)
def test_a_formula_that_is_no_formula_is_shown_as_it_is_written(latex: str) -> None:
    page = BeautifulSoup(formula(latex), "html.parser")
    assert {part.name for part in page.find_all(True)} == {"code"}
    assert page.text == latex


def test_a_text_of_the_course_fetches_and_links_nothing() -> None:
    page = BeautifulSoup(
        block("![a](http://a.example/x.png) [b](http://b.example) <script>alert(1)</script> <http://c.example>"),
        "html.parser",
    )
    assert not page.select("img, a, script")


def test_an_option_stands_in_one_line() -> None:
    assert inline("`Mem_i`  is\n*kept*") == "<code>Mem_i</code> is <em>kept</em>"
    assert inline("- not a list & nothing else") == "- not a list &amp; nothing else"
    assert isinstance(with_code("`a<b` is"), Markup)
    assert with_code("`a<b` is") == "<code>a&lt;b</code> is"


def test_two_plots_on_a_page_share_no_ids_and_have_the_pages_colours() -> None:
    def draw(axes: Any) -> None:
        axes.bar(range(3), [1, 2, 3], color=ACCENT)
        axes.plot([0, 2], [1, 3], color=INK)
        axes.set_xlabel("a < b")

    numbers = DataTable("t", "Numbers", (), ())
    drawn = [plot(name, "A <title>", "What it shows", draw, numbers).svg for name in ("first", "second")]
    ids = [{str(part["id"]) for part in BeautifulSoup(svg, "html.parser").select("[id]")} for svg in drawn]
    assert ids[0]
    assert not ids[0] & ids[1]
    for svg, own in zip(drawn, ids, strict=True):
        page = BeautifulSoup(svg, "html.parser")
        assert {str(part["href"]).removeprefix("#") for part in page.select("[href]")} <= own
        assert not page.select("style, metadata")
        assert "var(--accent)" in svg
        assert "a < b" in page.text
        assert drawn[0] == plot("first", "A <title>", "What it shows", draw, numbers).svg


def test_numbers_are_written_as_people_write_them() -> None:
    assert [points(number) for number in (2.0, 2.5, 7 / 3, 0, None)] == ["2", "2.5", "2.33", "0", "–"]
    assert percent(1 / 3) == "33\N{NARROW NO-BREAK SPACE}%"
