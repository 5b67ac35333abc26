"""Calls: what the host sends and is answered, and what it learns of proxies and arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograder.errors import BadMessage, SandboxError
from autograder.plain import Opaque
from autograder.sandbox import wire
from autograder.sandbox.host.session import Session
from autograder.sandbox.records import CellRun, Ref

from .conftest import SOON

Run = Callable[[str], CellRun]

FUNCTIONS = """
import array, collections, decimal, fractions
import numpy as np
values = {
    "none": None, "flag": True, "int": 3, "big": 2**1000, "float": 0.5, "complex": 1j, "text": "abc",
    "list": [1, 2.0], "tuple": (1, 2), "range": range(3), "deque": collections.deque([1]), "dict": {"a": [1]},
    "map": map(abs, [-1]), "scalar": np.float32(2), "array": np.arange(3, dtype=np.int16), "keys": {"a": 1}.keys(),
    "inf": [float("inf"), -0.0],
    "swapped": np.array([1, 2], dtype=">i4"),
}
class Own: pass
class Text(str): pass
class Twin(float):
    def __eq__(self, other): return True
class Whole(int): pass
class Named(dict): pass
Pair = collections.namedtuple("Pair", "a b")
related = {
    "text": Text("a"), "twin": Twin(0.5), "whole": Whole(3), "pair": Pair(1, Twin(2)), "named": Named(a=Text("b")),
    "fraction": fractions.Fraction(1, 2), "decimal": decimal.Decimal("0.5"), "real": 0.5 + 0j,
    "typed": array.array("d", [1]), "numpy's text": np.str_("a"), "ordered": collections.OrderedDict(a=1),
    "ragged": np.array([[1], [2, 3]], dtype=object), "matrix": np.matrix("1 2"), "masked": np.ma.array([1.0]),
    "long": np.longdouble(1) / 4, "real numbers": np.array([1 + 0j]), "records": np.ones(2).view(np.recarray),
    "objects": np.array([[1, 0.5], [fractions.Fraction(1, 4), 2**70]], dtype=object),
    "own array": np.ones(2).view(type("Mine", (np.ndarray,), {})),
}
odd = {
    "objects": np.array([None]), "strings": np.array(["a"]), "masked": np.ma.array([1], mask=[True]),
    "record": np.zeros(1, "i4,i4"), "date": np.datetime64("2020-01-01"), "word": np.array(["a", 1], dtype=object),
    "own": Own(), "function": abs, "huge": 10**5000, "keys": {1: 2}, "fraction": fractions.Fraction(10**400),
    "many": [0] * 200_000, "deep": [], "endless": iter(int, 1), "nan": decimal.Decimal("sNaN"), "module": np,
    "all": np.ma.masked, "view": np.broadcast_to(1j, (40_000, 40_000, 40_000)),
}
for _ in range(50): odd["deep"] = [odd["deep"]]
def value(name): return values[name]
def oddity(name): return odd[name]
def relative(name): return related[name]
"""


def test_plain_values_come_back_exactly(session: Session) -> None:
    session.run_cell(FUNCTIONS)
    expected: dict[str, Any] = {
        "none": None, "flag": True, "int": 3, "big": 2**1000, "float": 0.5, "complex": 1j, "text": "abc",
        "list": [1, 2.0], "tuple": [1, 2], "range": [0, 1, 2], "deque": [1], "dict": {"a": [1]}, "map": [1],
        "keys": ["a"], "inf": [float("inf"), -0.0],
    }  # fmt: skip
    for name, value in expected.items():
        reply = session.call("value", [name])
        assert repr(reply.value) == repr(value)
        assert type(reply.value) is type(value)
    arrays: dict[str, np.ndarray] = {
        "scalar": np.array(2, np.float32),
        "array": np.arange(3, dtype=np.int16),
        "swapped": np.array([1, 2], np.int32),
    }
    for name, array in arrays.items():
        value = session.call("value", [name]).value
        assert type(value) is np.ndarray
        assert value.dtype == array.dtype
        assert np.array_equal(value, array)


def test_relatives_of_plain_values_come_back_plain(session: Session) -> None:
    session.run_cell(FUNCTIONS)
    expected: dict[str, Any] = {
        "text": "a", "twin": 0.5, "whole": 3, "pair": [1, 2.0], "named": {"a": "b"}, "fraction": 0.5, "decimal": 0.5,
        "real": 0.5, "typed": [1.0], "numpy's text": "a", "ordered": {"a": 1}, "ragged": [[1], [2, 3]],
    }  # fmt: skip
    for name, value in expected.items():
        assert repr(session.call("relative", [name]).value) == repr(value), name
    arrays: dict[str, Any] = {
        "matrix": [[1, 2]], "masked": [1.0], "long": 0.25, "real numbers": [1.0], "records": [1.0, 1.0],
        "objects": [[1, 0.5], [0.25, 2.0**70]], "own array": [1.0, 1.0],
    }  # fmt: skip
    for name, numbers in arrays.items():
        value = session.call("relative", [name]).value
        assert type(value) is np.ndarray, name
        assert value.dtype in (np.dtype(float), np.dtype(int)), name
        assert value.tolist() == numbers, name


def test_what_is_not_plain_is_opaque(session: Session) -> None:
    session.run_cell(FUNCTIONS)
    names = [
        *("objects", "strings", "masked", "record", "date", "word", "own", "function", "huge", "keys", "fraction"),
        *("many", "deep", "endless", "nan", "module", "all", "view"),
    ]
    for name in names:
        assert type(session.call("oddity", [name]).value) is Opaque, name
    assert session.call("oddity", ["masked"]).value == Opaque("a masked array with masked entries")


def test_arguments_keep_their_types(session: Session) -> None:
    session.run_cell('def kinds(*args): return [f\'{type(a).__name__} {getattr(a, "dtype", "")}\' for a in args]')
    args = [None, True, 1, 2**70, 0.5, 1j, "a", [1], (1, (2,)), np.zeros(1, np.float32), np.float32(1), np.array(1.0)]
    assert session.call("kinds", args).value == [
        *("NoneType ", "bool ", "int ", "int ", "float ", "complex ", "str ", "list ", "tuple "),
        *("ndarray float32", "float32 float32", "ndarray float64"),
    ]


def test_results_stay_in_slots(session: Session) -> None:
    session.run_cell(
        "class Box:\n    items = 0\n    def add(self, row): self.items += row.sum(); return self\n    size = 3"
    )
    made = session.call("Box", keep=True)
    assert (made.value, made.slot) == (None, 0)
    assert session.each(made.slot, "add", np.ones((4, 2))).failure is None
    assert session.get(made.slot, "items").value == np.array(8.0)
    added = session.call(made.slot, [np.ones(2)], method="add")
    assert type(added.value) is Opaque
    session.run_cell("def items(box): return float(box.items)")
    assert session.call("items", [Ref(added.slot)]).value == 10.0
    assert session.value("items").value == Opaque("a function")
    failed = session.call("items", [3])
    assert (failed.failure is not None, failed.slot) == (True, -1)


def test_a_missing_name_is_told(session: Session) -> None:
    for reply in (session.call("nothing"), session.value("nothing"), session.call(7), session.read(-1)):
        assert reply.failure is not None
        assert reply.failure.kind == "Missing"


def test_changed_arguments_are_told(session: Session) -> None:
    session.run_cell("def change(a, b, c, d):\n    a[0] = 9; c.append(1)\n    return b")
    nan = np.array([np.nan, 1.0])
    reply = session.call("change", [np.zeros(2), nan, [1], [float("nan")]])
    assert reply.changed == (0, 2)


def test_functions_are_called_on_the_host(session: Session) -> None:
    log: list[tuple[Any, ...]] = []

    def f(h: Any, x: float = 1.0) -> Any:
        log.append((h.tolist(), x))
        return h + x

    session.run_cell("def run(f, h, xs):\n    for x in xs: h = f(h, x)\n    return f(h, x=2.0)")
    reply = session.call("run", [f, np.zeros(1), [1.0, 2.0]])
    assert reply.value == np.array([5.0])
    assert log == [([0.0], 1.0), ([1.0], 2.0), ([3.0], 2.0)]


def test_a_function_of_an_earlier_case_answers_no_more(session: Session) -> None:
    session.run_cell("kept = []\ndef keep(f):\n    kept.append(f)\n    return kept[0](1)")
    assert session.call("keep", [lambda x: x + 1]).value == 2
    session.retire_functions()
    failure = session.call("keep", [lambda x: x + 1]).failure
    assert failure is not None
    assert failure.kind == "ValueError"


def test_a_defined_function_answers_to_the_end(session: Session) -> None:
    session.define("f", lambda x: x + 1)
    session.run_cell("kept = [f]\ndef call():\n    return kept[0](1)")
    session.retire_functions()
    assert session.call("call").value == 2


def test_a_function_of_the_hosts_can_be_handed_on_to_another_one(session: Session) -> None:
    session.run_cell("def run(twice, f, x):\n    return twice(f, x), twice(x=x, f=f)")
    reply = session.call("run", [lambda f, x: f(f(x)), lambda x: 3 * x, 2.0])
    assert reply.value == [18.0, 18.0]


@pytest.mark.parametrize("other", ["print", "lambda x: x", "iter([1])", "twice.__call__"])
def test_another_function_can_not_be_handed_on(session: Session, other: str) -> None:
    session.run_cell(f"def run(twice):\n    return twice({other}, 1)")
    failure = session.call("run", [lambda f, x: f(f(x))]).failure
    assert failure is not None
    assert failure.kind == "TypeError"


def test_a_held_array_shows_what_was_done_to_it(session: Session) -> None:
    session.run_cell("kept = []\ndef keep(x):\n    kept.append(x)\n    kept[0][0] += 1\n    return 0")
    held = session.hold(np.array([1, 2]))
    session.call("keep", [Ref(held.slot)])
    session.call("keep", [np.array([5, 5])])
    assert np.array_equal(np.asarray(session.read(held.slot).value), [3, 2])


def test_a_stream_gives_one_item_at_a_time(session: Session) -> None:
    log: list[str] = []

    def items() -> Iterator[int]:
        for i in range(3):
            log.append(f"item {i}")
            yield i

    def f(x: int) -> int:
        log.append(f"f {x}")
        return x

    session.run_cell(
        "def run(f, items):\n    return [f(x) for x in items] + list(items)\n"
        "def peek(items):\n    return hasattr(items, '__len__'), hasattr(items, '__getitem__'), hasattr(items, 'send')"
    )
    assert session.call("run", [f, items()]).value == [0, 1, 2]
    assert log == ["item 0", "f 0", "item 1", "f 1", "item 2", "f 2"]
    assert session.call("peek", [items()]).value == [False, False, False]


@pytest.mark.parametrize(
    ("argument", "kind"),
    [
        ("-1", "ValueError"),
        ("'text'", "TypeError"),
        ("np.ma.array([1])", "TypeError"),
        ("10**300", "ValueError"),
        ("np.zeros(10**6)", "ValueError"),
        ("[0] * 50_000", "ValueError"),
        ("[[1j] * 9] + [np.zeros(1_000, np.int8)] * 50", "ValueError"),
        ("[None]", "TypeError"),
    ],
)
def test_a_function_that_refuses_fails_in_the_guest(session: Session, argument: str, kind: str) -> None:
    def root(x: Any) -> float:
        if np.any(x < 0):
            raise KeyError("negative")
        return float(x**0.5)

    session.run_cell(f"import numpy as np\ndef run(f):\n    return f({argument})")
    failure = session.call("run", [root]).failure
    assert failure is not None
    assert failure.kind == kind
    assert failure.line == 3


def test_a_list_is_measured_before_it_becomes_an_array(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[object] = []
    monkeypatch.setattr(wire, "numeric", built.append)
    session.run_cell("import numpy as np\ndef run(f): return f([[[1]] + [np.zeros(10_000, np.int8)] * 5])")
    failure = session.call("run", [abs]).failure
    assert failure is not None
    assert "too large" in failure.text
    assert not built


def test_an_axis_that_may_be_set_against_itself_is_bounded(session: Session) -> None:
    called: list[object] = []

    def all_pairs(x: Any) -> Any:
        called.append(x)
        return x[:, None] - x

    session.run_cell("import numpy as np\ndef run(f, n): return f(np.ones(n)).shape")
    assert session.call("run", [all_pairs, 200]).value == [200, 200]
    failure = session.call("run", [all_pairs, 8_000]).failure
    assert failure is not None
    assert "too large" in failure.text
    assert len(called) == 1


CHILD = """
import gc
import numpy as np
child = next(o for o in gc.get_objects() if type(o).__name__ == "Child")
"""


@pytest.mark.parametrize(
    "answer",
    [
        "np.zeros(2), 1",
        "['done'], [], None",
        "np.array(['done']) == 'done', [], None",
        "'done', [{'output_type': np.zeros(2)}], None",
        "'done', [{'output_type': 'stream', 'name': np.zeros(2)}], None",
        "'done', np.zeros(2), None",
        "'done', [], np.zeros(3)",
        "'done', [], [np.zeros(2), '', 1]",
        "'done', [], ['A', '', np.ones(2)]",
        "'ask', np.zeros(2), [], {}",
        "'ask', 0, np.zeros(2), {}",
    ],
)
def test_an_array_where_a_text_belongs_is_refused(run: Run, answer: str) -> None:
    with pytest.raises(BadMessage):
        run(f"{CHILD}child.reply({answer})\nchild.receive()")


@pytest.mark.parametrize("answer", ["0, None, np.zeros(2), []", "0, None, 0, np.zeros(2)", "0, None, 0, [np.zeros(2)]"])
def test_an_array_where_a_number_belongs_is_refused(session: Session, answer: str) -> None:
    session.run_cell(f"{CHILD}def run():\n    child.reply('done', {answer})\n    child.receive()")
    with pytest.raises(BadMessage):
        session.call("run")


def test_a_function_whose_result_cannot_be_sent_fails_in_the_guest(session: Session) -> None:
    session.run_cell("def run(f):\n    return f(1)")
    for result in (object(), 10**5000, np.array([None])):
        failure = session.call("run", [lambda _, result=result: result]).failure
        assert failure is not None
        assert failure.kind in ("TypeError", "ValueError")


def test_endless_dialogues_end(session: Session) -> None:
    session.run_cell("def run(f):\n    while True:\n        try: f()\n        except BaseException: pass")
    with pytest.raises(SandboxError):
        session.call("run", [lambda: 1], seconds=SOON)


@pytest.mark.parametrize("kept", ["np.ones(8_000_000)", "mmap.mmap(-1, 64_000_000); kept[:] = bytes(64_000_000)"])
def test_memory_is_read_from_the_kernel(session: Session, kept: str) -> None:
    session.run_cell(f"import mmap\nimport numpy as np\ndef grow(): global kept; kept = {kept}")
    before = session.memory()
    session.call("grow", keep=True)
    assert 0.9 * 64e6 < session.memory() - before < 1.5 * 64e6


def test_a_session_that_failed_stays_dead(session: Session) -> None:
    with pytest.raises(SandboxError):
        session.run_cell("import os\nos._exit(0)")
    for request in (lambda: session.run_cell("1"), lambda: session.call("f"), session.memory):
        with pytest.raises(SandboxError):
            request()
