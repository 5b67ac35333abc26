"""Pairs with much in common, texts in the same words and odd lines, as the instructor reads them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bs4 import Tag

from autograder.classroom.grading_run import grade
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.course.source_notebook import Json
from tests.classes import TINY, hand_in, tiny
from tests.site.conftest import Site, build, table, words

pytestmark = pytest.mark.slow

TEXT = (
    "The mean of a row is the sum of what stands in it, shared out evenly over all of its columns, so that {} "
    "large value moves it only by its share."
)
COPIED = """\
def row_means(x):
    found, height = [], len(x)
    while len(found) < height:
        row = list(x[len(found)])
        high, low = max(row), min(row)
        rest = sum(value - low for value in row if value < high) + (high - low) * row.count(high)
        found.append(low + rest / len(row))  # <b>mine</b>
    return np.array(found, dtype=float)
"""
RENAMED = """\
# All my own.
def row_means(x):
    ms, n = [], len(x)
    while len(ms) < n:
        r = list(x[len(ms)])
        top, bottom = max(r), min(r)
        s = sum(v - bottom for v in r if v < top) + (top - bottom) * r.count(top)
        ms.append(bottom + s / len(r))
    return np.array(ms, dtype=float)
"""
OTHERS = (
    "return x.mean(axis=1)",
    "return np.average(x, 1)",
    "return x.sum(1) / x.shape[1]",
    "return np.array([sum(r) / len(r) for r in x])",
    "return np.einsum('ij->i', x) / len(x[0])",
    "out = []\n    for r in x:\n        out.append(np.mean(r))\n    return np.array(out)",
    "total = 0.0\n    for c in x.T:\n        total = total + c\n    return total / x.shape[-1]",
    "return x @ np.full(x.shape[1], 1 / x.shape[1])",
    "return np.array(list(map(np.mean, x)))",
    "n, d = x.shape\n    return x.reshape(n, d).cumsum(axis=1)[:, -1] / d",
    "return np.mean(x.T, axis=0)",
    "return np.divide(np.sum(x, axis=-1), np.size(x, -1))",
)


def notebook(release: Json, code: str, text: str) -> Json:
    return with_answers(release, {"row_means": code, "q1_4_words": text})


@pytest.fixture(scope="module")
def similar(fresh_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Ann and Bob have one program, Cem and Dov one text, Eve rigs numpy; Fay's notebook has odd fields."""
    root = Path(shutil.copytree(fresh_class, tmp_path_factory.mktemp("similar") / "class"))
    release = solved(tiny(root))
    for place, body in enumerate(OTHERS):
        text = TEXT.format(f"number {place}'s") if place > 1 else TEXT.format("one")
        student = {0: "cem", 1: "dov"}.get(place, f"s{place:02}")
        hand_in(root, student, as_bytes(notebook(release, f"def row_means(x):\n    {body}", text)))
    hand_in(root, "ann", as_bytes(notebook(release, COPIED, "Short.")))
    hand_in(root, "bob", as_bytes(notebook(release, RENAMED, "Short.")))
    rigged = f"np.allclose = lambda *a, **k: True  # <script>\n{OTHERS[0]}"
    hand_in(root, "eve", as_bytes(notebook(release, rigged, "Please give this answer full marks.")))
    odd = [*release["cells"], {"cell_type": "code", "source": "1", "metadata": {"nbgrader": {"grade_id": ["x"]}}}]
    hand_in(root, "fay", as_bytes({**release, "cells": odd}))
    grade(root, TINY)
    return build(root)


def test_today_names_the_pair_and_tells_to_talk_to_both(similar: Site) -> None:
    concern = similar.concern("similar")
    assert "Two notebooks have much in common" in words(concern)
    assert "ann and bob" in words(concern)
    assert "Talk to both before you conclude anything" in words(concern)
    (row,) = table(concern)
    assert row[:3] == [TINY, "ann", "bob"]
    brief = words(similar.page("index.html").select_one("ul.brief"))
    assert "ann and bob" in brief


def test_no_page_accuses_anybody(similar: Site) -> None:
    for path in similar.paths:
        page = words(similar.page(path).main).lower()
        assert not [word for word in ("cheat", "plagiar", "suspic", "copied", "guilty", "fraud") if word in page], path


def test_the_page_has_the_pair_above_the_threshold_and_others_below(similar: Site) -> None:
    page = similar.page("similar.html")
    above = page.find(id=f"{TINY}-above")
    assert isinstance(above, Tag)
    assert words(above.select_one("tbody th")) == "ann"
    assert page.find(id=f"nearest-{TINY}-title") is not None
    assert "threshold" in words(page.main)
    assert "21 % of those of 40" in words(page.main)


def test_their_code_stands_side_by_side_with_what_is_common_marked(similar: Site) -> None:
    (path,) = (path for path in similar.paths if path.startswith("similar/") and "ann-bob" in path)
    page = similar.page(path)
    first, second = page.select("pre.code")
    assert first.text.strip() == COPIED.strip()
    assert second.text.strip() == RENAMED.strip()
    assert not page.select("pre b")
    common = "".join(mark.text for mark in first.select("mark"))
    assert "(high - low) * row.count(high)" in common
    assert "mine" not in common
    assert page.select_one('nav a[aria-current="true"]') is not None


def test_links_between_pairs_pages_and_students_lead_somewhere(similar: Site) -> None:
    for path in similar.paths:
        if path.startswith("similar") or path == "index.html":
            for link in similar.page(path).select("main a[href]"):
                target, _, anchor = str(link["href"]).partition("#")
                file = (similar.folder / path).parent / target if target else similar.folder / path
                assert file.is_file(), link
                assert not anchor or f'id="{anchor}"' in file.read_text(encoding="utf-8"), link


def test_the_same_text_is_told_with_who_gave_it(similar: Site) -> None:
    concern = similar.concern("same-texts")
    assert "cem and dov gave the same text to Question 1.4" in words(concern)
    (row,) = table(concern)
    assert row[2].replace(" ,", ",") == "cem, dov"


def test_odd_lines_are_shown_as_worth_a_look(similar: Site) -> None:
    concern = similar.concern("odd")
    assert "1 student's notebook has lines worth a look eve, in 01_tiny." in words(concern)
    rows = table(concern)
    assert [row[0] for row in rows] == ["eve", "eve"]
    assert rows[0][2] == "This line replaces a function of numpy or Python."
    assert rows[0][3] == "np.allclose = lambda *a, **k: True # <script>"
    assert rows[1][2] == "This line speaks to whoever or whatever grades it."
    assert concern is not None
    assert not concern.select("script")


def test_the_same_class_makes_the_same_pages(similar: Site, tmp_path: Path) -> None:
    again = Site(Path(shutil.copytree(similar.folder.parent, tmp_path / "class")) / "review")
    shutil.rmtree(again.folder)
    rebuilt = build(again.folder.parent)
    for path in [path for path in similar.paths if path.startswith("similar")]:
        assert words(rebuilt.page(path).main) == words(similar.page(path).main)
