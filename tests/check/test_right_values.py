"""Right values in other types than the course's own are right, in `check()` and in the grading alike."""

from __future__ import annotations

import pytest

from tests.check.conftest import Ask, MarkOne

RIGHT = {
    "a namedtuple": "__import__('collections').namedtuple('Means', [f'm{i}' for i in range(len(m))])(*m)",
    "a list of one's own": "type('Mine', (list,), {})(m)",
    "floats of one's own": "[type('Mine', (float,), {})(v) for v in m]",
    "long doubles": "m.astype(np.longdouble)",
    "a list of long doubles": "[np.longdouble(v) for v in m]",
    "complex": "m.astype(complex)",
    "a list of complex": "[complex(v) for v in m]",
    "objects": "m.astype(object)",
    "objects of Python": "np.array([float(v) for v in m], dtype=object)",
    "fractions": "[__import__('fractions').Fraction(float(v)) for v in m]",
    "decimals": "[__import__('decimal').Decimal(float(v)) for v in m]",
    "0-d arrays": "[np.array(v) for v in m]",
    "a masked array": "np.ma.masked_array(m)",
    "a masked array with a mask": "np.ma.masked_array(m, mask=np.zeros(len(m), bool))",
    "a recarray": "m.view(np.recarray)",
    "an array of one's own": "m.view(type('Mine', (np.ndarray,), {}))",
    "another order of bytes": "m.astype('>f8')",
    "array.array": "__import__('array').array('d', m)",
    "an iterator": "map(float, m)",
}
WRONG = {
    "a masked entry": ("np.ma.masked_array(m, mask=[True] + [False] * (len(m) - 1))", "with masked entries"),
    "an imaginary part": ("m + 1e-300j", "complex numbers"),
    "a matrix": ("m.reshape(1, 3).view(np.matrix)", "The shape is (1, 3); (3,) is expected."),
    "texts": ("m.astype(str)", "an array of strings"),
}
ECHOES = """def echoes(f, inputs):
    found = [f(x) for x in inputs]
    if not found:
        raise Empty('nothing')
    return found"""


@pytest.mark.parametrize("form", RIGHT)
def test_right_numbers_of_any_type_are_right(ask: Ask, mark_one: MarkOne, form: str) -> None:
    source = f"def row_means(x):\n    m = x.mean(axis=1)\n    return {RIGHT[form]}"
    assert ask("row_means", source).tone == "right"
    assert mark_one("row_means", source).verdict == "correct"


@pytest.mark.parametrize("form", WRONG)
def test_what_no_colleague_would_take_is_described(ask: Ask, mark_one: MarkOne, form: str) -> None:
    value, says = WRONG[form]
    source = f"def row_means(x):\n    m = x.mean(axis=1)\n    return {value}"
    assert says in repr(ask("row_means", source))
    shown = mark_one("row_means", source).shown
    assert shown is not None
    assert says in shown.sentence


@pytest.mark.parametrize(
    "raised", ["ValueError", "class Empty(ValueError): pass", "UnicodeError", "np.exceptions.AxisError"]
)
def test_a_subclass_of_the_exception_asked_for_counts(ask: Ask, mark_one: MarkOne, raised: str) -> None:
    source = f"{raised}\n{ECHOES}" if raised.startswith("class") else f"Empty = {raised}\n{ECHOES}"
    if "Axis" in raised:
        source = source.replace("'nothing'", "1, 1")
    assert ask("echoes", source).tone == "right"
    assert mark_one("echoes", source).verdict == "correct"


@pytest.mark.parametrize("raised", ["class Empty(Exception): pass", "Empty = KeyError"])
def test_another_exception_does_not(ask: Ask, mark_one: MarkOne, raised: str) -> None:
    assert ask("echoes", f"{raised}\n{ECHOES}").tone == "wrong"
    assert mark_one("echoes", f"{raised}\n{ECHOES}").points < 3


def test_a_class_that_is_only_called_like_pythons_is_told_apart(ask: Ask, mark_one: MarkOne) -> None:
    source = f"class ValueError(Exception): pass\n{ECHOES.replace('Empty', 'ValueError')}"
    card = ask("echoes", source)
    assert card.tone == "wrong"
    assert "It raised ValueError (a class of your own); ValueError is expected here." in repr(card)
    assert mark_one("echoes", source).points < 3
