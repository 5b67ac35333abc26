"""Which of several files is graded: the one that a person would take, and where that can't be told, none."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.grading_run import grade
from autograder.course.course import Course, load_course
from autograder.handed_in.which_notebook import choose
from tests.classes import TINY, hand_in, points
from tests.conftest import ROOT
from tests.handed_in.classes import Notebooks, look, sought

NAME = f"{TINY}.ipynb"
COPY = f"{TINY} (1).ipynb"
APPLE = b"\0\5\x16\7\0\2\0\0Mac OS X        " + b"\0" * 80


@pytest.fixture(scope="module")
def notebooks(tiny_course: Course) -> Notebooks:
    return Notebooks(tiny_course)


def chosen(folder: Path, course: Course, files: dict[str, bytes]) -> tuple[str | None, str]:
    """The name of the notebook that is graded, and what is said."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    found = look(folder, course)
    return str(found.notebook.relative_to(folder)) if found.notebook else None, " ".join(found.notes)


@pytest.mark.parametrize(
    "machines",
    [
        f".virtual_documents/{NAME}",
        f".Trash-1000/files/{NAME}",
        f"__MACOSX/._{COPY}",
        f"__MACOSX/{NAME}",
        f"._{NAME}",
        f".history/{TINY}_20270101120000.ipynb",
        f"{TINY}-checkpoint.ipynb",
        f".ipynb_checkpoints/{TINY}-checkpoint.ipynb",
        f".{NAME}",
        f".~{NAME}",
        f"feedback/{NAME}",
        f"__pycache__/{NAME}",
    ],
)
@pytest.mark.parametrize("holds", ["other_answers", "untouched", "apple"])
def test_what_machines_leave_is_passed_over(
    tmp_path: Path, tiny_course: Course, notebooks: Notebooks, machines: str, holds: str
) -> None:
    left = getattr(notebooks, holds, APPLE)
    name, said = chosen(tmp_path, tiny_course, {COPY: notebooks.finished, machines: left})
    assert (name, said) == (COPY, f"{NAME} was expected; '{COPY}' was taken in its place.")


@pytest.mark.parametrize("name", [f"{TINY}.ipynb.json", f"{TINY}.ipynb.txt", f"{TINY}.IPYNB", f"{TINY}.ipynb (1).json"])
def test_a_notebook_is_known_by_the_names_that_browsers_give_it(
    tmp_path: Path, tiny_course: Course, notebooks: Notebooks, name: str
) -> None:
    assert chosen(tmp_path, tiny_course, {name: notebooks.finished})[0] == name


CASES = {
    "an untouched original beside a copy": (
        {NAME: "untouched", f"{TINY}-Copy1.ipynb": "finished"},
        f"{TINY}-Copy1.ipynb",
    ),
    "an empty original beside a copy": ({NAME: "", COPY: "begun"}, COPY),
    "a damaged original beside a copy": ({NAME: "{", COPY: "finished"}, COPY),
    "a scratch original beside a copy": ({NAME: "scratch", COPY: "finished"}, COPY),
    "an original with an answer": ({NAME: "begun", COPY: "finished"}, NAME),
    "a notebook of one's own": ({"draft.ipynb": "finished", "Untitled.ipynb": "empty"}, "draft.ipynb"),
    "scratch paper": ({"draft.ipynb": "finished", "Untitled.ipynb": "scratch"}, "draft.ipynb"),
    "twice the same": ({"a.ipynb": "finished", "b.ipynb": "finished"}, "a.ipynb"),
    "one is further": ({"a.ipynb": "begun", "b.ipynb": "finished"}, "b.ipynb"),
    "one is untouched": ({"a.ipynb": "untouched", "b.ipynb": "begun"}, "b.ipynb"),
    "the right name in a folder": ({f"x/{NAME}": "begun", "b.ipynb": "finished"}, f"x/{NAME}"),
    "untouched, twice": ({"a.ipynb": "untouched", "b.ipynb": "untouched"}, "a.ipynb"),
    "without metadata": ({"a.ipynb": "elsewhere", "b.ipynb": "scratch"}, "a.ipynb"),
    "a checkpoint alone": ({f"{TINY}-checkpoint.ipynb": "finished"}, f"{TINY}-checkpoint.ipynb"),
    "a checkpoint beside scratch paper": (
        {"x-checkpoint.ipynb": "finished", "a.ipynb": "scratch"},
        "x-checkpoint.ipynb",
    ),
    "different answers": ({"a.ipynb": "finished", "b.ipynb": "other_answers"}, None),
    "nothing of the assignment, twice": ({"a.ipynb": "scratch", "b.ipynb": "scratch"}, None),
}


@pytest.mark.parametrize("case", CASES)
def test_the_notebook_with_the_answers_is_taken(
    tmp_path: Path, tiny_course: Course, notebooks: Notebooks, case: str
) -> None:
    files, expected = CASES[case]
    name, said = chosen(
        tmp_path, tiny_course, {name: getattr(notebooks, kind, kind.encode()) for name, kind in files.items()}
    )
    assert name == expected, said
    if expected is None:
        assert "Nothing was graded: 01_tiny.ipynb was expected, and it can't be told which of these" in said
    elif expected != NAME:
        assert NAME in said
        assert repr(expected) in said


def test_what_is_passed_over_is_told(tmp_path: Path, tiny_course: Course, notebooks: Notebooks) -> None:
    _, said = chosen(tmp_path, tiny_course, {NAME: notebooks.untouched, COPY: notebooks.finished})
    assert said == f"{NAME} holds no answers; '{COPY}', which has answers, was graded in its place."
    _, said = chosen(tmp_path, tiny_course, {NAME: notebooks.begun})
    assert said == (
        f"Other notebooks hold other answers and were left alone: '{COPY}'. "
        f"Other files were handed in and aren't graded: '{COPY}'."
    )


@pytest.mark.parametrize("name", ["ada.zip", f"{TINY}.ipynb.zip", "work.tar.gz", "work.7z"])
def test_an_archive_is_named_and_not_opened(tmp_path: Path, tiny_course: Course, name: str) -> None:
    assert chosen(tmp_path, tiny_course, {name: b"PK\3\4"}) == (
        None,
        f"Nothing was graded: there is no notebook in the folder, but an archive, '{name}', which isn't unpacked here. "
        "Unpack it there, or run `autograder collect` on it.",
    )


def test_another_assignments_notebook_is_known_by_its_cells(tmp_path: Path) -> None:
    from autograder.course.solved_notebook import as_bytes, solved

    course = load_course(ROOT)
    other = solved(course.assignment("03_recency"))
    other["metadata"].pop("autograder")
    name = "02_cumulative_average.ipynb"
    (tmp_path / name).write_bytes(as_bytes(other))
    choice = choose([tmp_path / name], tmp_path, sought(course, "02_cumulative_average"))
    assert (choice.notebook, choice.notes) == (
        None,
        (f"Nothing was graded: '{name}' is the notebook of 03_recency, by its cells.",),
    )
    (tmp_path / "mine.ipynb").write_bytes(as_bytes(solved(course.assignment("02_cumulative_average"))))
    choice = choose(sorted(tmp_path.iterdir()), tmp_path, sought(course, "02_cumulative_average"))
    assert choice.notebook == tmp_path / "mine.ipynb"
    assert choice.notes == (
        f"{name} isn't the assignment's; 'mine.ipynb', which has answers, was graded in its place.",
    )


def test_the_choice_is_what_is_graded(root: Path, notebooks: Notebooks) -> None:
    hand_in(root, "ada", notebooks.untouched)
    hand_in(root, "ada", notebooks.finished, COPY)
    report = grade(root, TINY)
    assert points(root) == {"ada": 9.0}
    assert report.problems["ada"] == (
        f"{NAME} holds no answers; '{COPY}', which has answers, was graded in its place.",
    )
    assert grade(root, TINY).unchanged == ("ada",)
    hand_in(root, "ada", notebooks.other_answers)
    assert grade(root, TINY).graded == ("ada",)
    assert points(root) == {"ada": 6.0}
