"""Whatever students write, and whatever they are called, is text on the instructor's pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bs4 import Tag
from nbgrader.api import Gradebook

from autograder.classroom.grading_run import grade
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.gradebook.nbgrader_config import read_settings
from tests.classes import SUMS, TINY, hand_in, tiny
from tests.site.conftest import Site, build, words

pytestmark = pytest.mark.slow

ALERT = "<img src=x onerror=alert(1)>"
CODE = f"{SUMS}\n# </pre></style><script>alert(1)</script> {{{{ 751 * 857 }}}} {{% raw %}} &lt;b&gt; {ALERT}"
TEXT = f"$\\href{{javascript:alert(1)}}{{x}}$ `{ALERT}` [x](javascript:alert(1)) <a href=http://e.example>here</a> $1$"
NAME = f"</title><script>alert(2)</script>{{{{751*857}}}}{ALERT}"
STUDENT = "o' &amp; onload=alert(1)"


@pytest.fixture(scope="module")
def hostile(fresh_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The pages of a class of two who try what they can."""
    root = Path(shutil.copytree(fresh_class, tmp_path_factory.mktemp("hostile") / "class"))
    printing = f"{CODE}\nprint({ALERT!r} * 3)\nraise ValueError({ALERT!r})"
    for student, code in ((STUDENT, CODE), ("mallory", printing)):
        hand_in(root, student, as_bytes(with_answers(solved(tiny(root)), {"row_means": code, "q1_4_words": TEXT})))
    with Gradebook(read_settings(root).db_url, read_settings(root).course_id) as book:
        book.update_or_create_student("mallory", first_name=NAME, last_name="\u202eyrollaM")
        book.update_or_create_student(ALERT)
    grade(root, TINY)
    return build(root)


def test_no_page_holds_an_element_that_a_student_wrote(hostile: Site) -> None:
    for path in hostile.paths:
        page = hostile.page(path)
        assert not page.select("script, img:not(.picture), [onerror], a[href*=':']"), path
        assert len(page.select("style")) == 1
        assert page.title is not None
        assert page.title.text.endswith("· A tiny course for the tests")


def test_code_and_texts_are_shown_as_they_were_written(hostile: Site) -> None:
    page = hostile.student(STUDENT)
    for id, written in (("row_means", CODE), ("q1_4_words", TEXT)):
        shown = page.find(id=f"{TINY}-{id}")
        assert isinstance(shown, Tag)
        assert shown.pre is not None
        assert shown.pre.get_text().strip("\n") == written


def test_no_template_is_made_of_what_a_student_wrote(hostile: Site) -> None:
    for path in hostile.paths:
        assert str(751 * 857) not in words(hostile.page(path).main)


def test_what_a_notebook_printed_and_raised_is_text(hostile: Site) -> None:
    (shown,) = (page for path in hostile.paths if "mallory" in path for page in [hostile.page(path)])
    printed = " ".join(pre.text for pre in shown.select("pre.output"))
    assert ALERT * 3 in printed


def test_names_turn_nothing_around(hostile: Site) -> None:
    for path in hostile.paths:
        assert "\u202e" not in (hostile.folder / path).read_text()


def test_the_list_leads_to_whoever_it_names(hostile: Site) -> None:
    names = [link.text for link in hostile.page("students.html").select("tbody a")]
    assert set(names) == {STUDENT, ALERT, f"{NAME} yrollaM (mallory)"}
    for name in (STUDENT, ALERT):
        assert words(hostile.student(name).h1) == name
    assert words(hostile.student(f"{NAME} yrollaM (mallory)").h1) == f"{NAME} yrollaM"
