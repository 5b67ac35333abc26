"""Reading what was handed in: every file gives cells and sentences, never an exception."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submission.submitted_notebook import MOST_BYTES, MOST_FILE, MOST_PARTS, is_unread, read_submission


def notebook(*cells: object) -> bytes:
    return json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x89PNG\r\n\x1a\n....", "PNG picture"),
        (b"\xff\xd8\xff\xe0 photo", "JPEG photo"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x80\x81\x82", "UTF-8"),
        (b'{"cells": [', "valid JSON"),
        (b"[]", "not a notebook"),
        (b"{}", "no list of cells"),
        (b"[" * 100_000, "nested"),
        (notebook(), "no cells"),
        (notebook(3, "x", None), "isn't a cell"),
        (notebook({"cell_type": "code", "source": 7}), "no readable text"),
        (notebook({"cell_type": "poem", "source": ""}), "unknown type"),
        (json.dumps({"worksheets": [{"cells": []}]}).encode(), "old format 3"),
    ],
)
def test_what_is_wrong_is_said_in_words(data: bytes, words: str) -> None:
    problems = read_submission(data, "n.ipynb").problems
    assert any(words in problem for problem in problems), problems


NOT_READ = (b"", b"\x89PNG\r\n", b"%PDF", b"\x80", b'{"cells": [', b"[]", b"{}", b"[" * 99_999, b"[" * (MOST_PARTS + 1))


@pytest.mark.parametrize("data", [*NOT_READ, b" " * MOST_BYTES + b"{}"], ids=lambda data: ascii(data[:9]))
def test_a_file_of_which_nothing_is_read_is_told_from_one_that_is_read(data: bytes) -> None:
    assert any(map(is_unread, read_submission(data, "n.ipynb").problems))


HEAVY = {"cell_type": "code", "source": "", "outputs": ["A" * MOST_BYTES]}


@pytest.mark.parametrize("cells", [(), (3, "x"), ({"source": 7},), (HEAVY,)], ids=lambda cells: ascii(cells)[:20])
def test_what_is_odd_in_a_notebook_that_is_read_doesnt_make_it_unread(cells: tuple[object, ...]) -> None:
    problems = read_submission(notebook(*cells), "n.ipynb").problems
    assert problems
    assert not any(map(is_unread, problems))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_notebook_is_read_in_its_encodings(encoding: str) -> None:
    data = notebook({"cell_type": "code", "source": ["x = 'ü'\n", "y"]}).decode().encode(encoding)
    submission = read_submission(data, "n.ipynb")
    assert submission.cells[0].source == "x = 'ü'\ny"
    assert not submission.problems


def test_a_large_file_is_refused_with_what_to_do() -> None:
    (problem,) = read_submission(notebook() + b" " * MOST_BYTES, "n.ipynb").problems
    assert "more than 50 MB without its outputs and wasn't read. Clear its outputs" in problem
    (problem,) = read_submission(notebook() + b" " * MOST_FILE, "n.ipynb").problems
    assert "more than 100 MB and wasn't read. Clear its outputs" in problem
    (problem,) = read_submission(b"%PDF" + b" " * MOST_BYTES, "n.ipynb").problems
    assert "PDF" in problem


@pytest.mark.parametrize("sign", ["\U0001f600", "\\ud83d\\ude00"])
def test_reading_takes_half_a_gigabyte_at_most(sign: str) -> None:
    """One sign beyond 16 bits, itself or as JSON's escape, has Python keep 4 bytes for every character beside it."""
    before, after = b'{"cells":[{"cell_type":"code","source":"', sign.encode() + b'"}]}'
    data = before + b"a" * (MOST_BYTES - len(before) - len(after)) + after
    tracemalloc.start()
    try:
        assert read_submission(data, "n.ipynb").problems
        assert tracemalloc.get_traced_memory()[1] + len(data) < 500_000_000
    finally:
        tracemalloc.stop()


CODE = {"cell_type": "code", "source": 'print({"outputs": [1]})', "metadata": {}}


@pytest.mark.parametrize("text", ["A" * 60_000_000, '<b id="1">' * 6_000_000, "[[1, 2], [3, 4]], " * 1_000_000])
@pytest.mark.parametrize("place", ["outputs", "widgets", "attachments"])
def test_a_notebook_is_read_without_what_makes_it_large(text: str, place: str) -> None:
    heavy = [{"data": {"text/html": text, "list": [1, {"a": "]}"}]}}]
    cell = {**CODE, "metadata": {"nbgrader": {"grade_id": "a"}}}
    before, after = notebook({**cell, "x": "HERE"}, cell).split(b'"x": "HERE"')
    data = before + json.dumps({place: heavy}).encode()[1:-1] + after
    submission = read_submission(data, "n.ipynb")
    assert [(cell.source, cell.grade_id) for cell in submission.cells] == [(CODE["source"], "a")] * 2
    assert submission.problems == (f"The file has {len(data) / 1e6:.0f} MB; its outputs and widgets were not read.",)


@pytest.mark.parametrize(
    "piece", [b"[", b'"outputs":[', b'{"widgets":{"a":"', b'\\"outputs":["]', b'"attachments":   ']
)
def test_what_only_looks_like_outputs_is_refused(piece: bytes) -> None:
    data = b'{"cells":[' + b'{"outputs":' + piece * (MOST_BYTES // len(piece) + 1)
    assert "wasn't read" in read_submission(data, "n.ipynb").problems[0]


def test_outputs_without_end_are_left_out_in_bounded_memory() -> None:
    data = b'{"cells":[' + b'{"outputs":[]},' * (MOST_FILE // 15 - 1)
    tracemalloc.start()
    try:
        assert "wasn't read" in read_submission(data, "n.ipynb").problems[0]
        assert tracemalloc.get_traced_memory()[1] < 3 * len(data)
    finally:
        tracemalloc.stop()


def test_a_lone_surrogate_does_not_travel_on() -> None:
    cells = read_submission(notebook({"cell_type": "code", "source": "\ud800"}), "n.ipynb").cells
    cells[0].source.encode("utf-8")


KEYS = [
    "cells",
    "cell_type",
    "source",
    "metadata",
    "nbgrader",
    "grade_id",
    "outputs",
    "data",
    "image/png",
    "worksheets",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_give_a_submission(data: bytes) -> None:
    submission = read_submission(data, "n.ipynb")
    assert submission.problems or submission.cells


@given(st.lists(JSON, max_size=4))
def test_any_cells_give_a_submission(cells: list[object]) -> None:
    read_submission(notebook(*cells), "n.ipynb")


@pytest.mark.parametrize(
    ("language", "python"),
    [
        ({"name": "python", "version": "3.9.1"}, (3, 9)),
        ({"name": "python", "version": "3.13.0rc1+"}, (3, 13)),
        ({"name": "python", "version": "2.7"}, (2, 7)),
        ({"name": "R", "version": "3.9.1"}, None),
        ({"name": "python"}, None),
        ({"name": "python", "version": 3.9}, None),
        ({"name": "python", "version": "3.999"}, None),
        ({"name": "python", "version": "٣.٩"}, None),
        ({"name": "python", "version": "x3.9"}, None),
        ("python", None),
    ],
)
def test_the_version_of_python_is_read_strictly(language: object, python: object) -> None:
    data = json.dumps({"cells": [], "metadata": {"language_info": language}}).encode()
    assert read_submission(data, "n.ipynb").python == python
