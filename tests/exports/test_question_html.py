from __future__ import annotations

from xml.etree.ElementTree import tostring

import pytest

from autograder.errors import CourseError
from autograder.exports.questions.question_html import Texts, elements, mathml, tex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`a<b` and $x<1$", r"<p><code>a&lt;b</code> and \(x&lt;1\)</p>"),
        ("$$y^2$$", r"<p>\[y^2\]</p>"),
        ('<script>x</script> & "q"', '<p>&lt;script&gt;x&lt;/script&gt; &amp; "q"</p>'),
        ("3*x_i - h_{i-1} and 2*y", "<p>3*x_i - h_{i-1} and 2*y</p>"),
        ("it costs $5 or `$6$`", "<p>it costs $5 or <code>$6$</code></p>"),
        ("  ", ""),
    ],
)
def test_feedback_is_plain_text_with_code_and_formulas(text: str, expected: str) -> None:
    assert Texts(tex).feedback(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* `b_i`", "<p><em>a</em> <code>b_i</code></p>"),
        ("x_0, x_1 and $h_0$", r"<p>x_0, x_1 and \(h_0\)</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("[go](javascript:alert(1))", '<p><a href="#harmful-link">go</a></p>'),
    ],
)
def test_a_stem_is_markdown_in_which_html_is_shown_as_text(text: str, expected: str) -> None:
    assert Texts(tex).markdown(text) == expected


def test_an_option_of_one_paragraph_stands_beside_its_letter_and_a_longer_one_keeps_its_blocks() -> None:
    assert Texts(tex).option("one `x`") == "one <code>x</code>"
    assert Texts(tex).option("one\n\ntwo") == "<p>one</p>\n<p>two</p>"


def test_formulas_become_mathml_with_its_namespace_and_loose_text_a_paragraph() -> None:
    blocks = elements(Texts(mathml).option(r"the $\frac{a}{b}$ of `c`"))
    text = "".join(tostring(block, encoding="unicode") for block in blocks)
    assert text.startswith('<p>the <math display="inline" xmlns="http://www.w3.org/1998/Math/MathML">')
    assert "<mfrac>" in text
    assert text.endswith("of <code>c</code></p>")


def test_what_xml_cannot_hold_is_shown_as_a_replacement() -> None:
    assert Texts(tex).feedback("a\x07b\ud800") == "<p>a\ufffdb\ufffd</p>"


def test_a_formula_that_cannot_be_read_is_told() -> None:
    with pytest.raises(CourseError, match=r"\$\\frac\{\$ can't be turned into MathML"):
        Texts(mathml).markdown(r"$\frac{$")
