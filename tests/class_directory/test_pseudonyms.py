"""One file of a class tells who is who."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.class_directory.pseudonyms import FILE, forget_pseudonym, pseudonyms, read_pseudonyms
from autograder.errors import ClassError

CLASS = ["ada", "ben", "=cmd|' /C calc'!A0", "'quoted", 'says "hi", twice', "O'Neil Ünal 名前"]


def test_pseudonyms_stay_and_new_students_are_added(tmp_path: Path) -> None:
    first = pseudonyms(tmp_path, CLASS)
    second = pseudonyms(tmp_path, ["zoe", "ada"])
    assert {student: second[student] for student in CLASS} == dict(first)
    assert set(second) == {*CLASS, "zoe"}
    assert len(set(second.values())) == len(second)


def test_the_file_says_the_same_as_was_told(tmp_path: Path) -> None:
    told = pseudonyms(tmp_path, CLASS)
    assert read_pseudonyms(tmp_path) == told


def test_no_cell_of_the_file_is_a_formula(tmp_path: Path) -> None:
    pseudonyms(tmp_path, CLASS)
    assert not [line for line in (tmp_path / FILE).read_text().splitlines() if line.strip('"')[0] in "=+-@"]


def test_nobody_but_the_owner_may_read_the_key(tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        pseudonyms(tmp_path, ["ada"])
        (tmp_path / FILE).chmod(0o644)
        pseudonyms(tmp_path, ["ada", "ben"])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_pseudonyms_do_not_come_from_ids(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    students = [f"s{number}" for number in range(20)]
    assert pseudonyms(tmp_path / "a", students) != pseudonyms(tmp_path / "b", students)


def test_a_pseudonym_is_two_words_and_nobodys_id(tmp_path: Path) -> None:
    taken = dict(pseudonyms(tmp_path, ["ada"]))["ada"]
    (tmp_path / FILE).unlink()
    students = [taken, *(f"s{number}" for number in range(300))]
    found = pseudonyms(tmp_path, students)
    assert taken not in found.values()
    assert all(name.count("-") == 1 and name.islower() for name in found.values())


def test_there_are_enough_for_a_very_large_class(tmp_path: Path) -> None:
    found = pseudonyms(tmp_path, [f"s{number}" for number in range(8000)])
    assert len(set(found.values())) == 8000
    assert read_pseudonyms(tmp_path) == found


def test_several_who_need_it_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: dict(pseudonyms(tmp_path, CLASS)), range(8)))
    assert told == [read_pseudonyms(tmp_path)] * 8


def test_a_forgotten_student_is_no_longer_in_the_key(tmp_path: Path) -> None:
    before = dict(pseudonyms(tmp_path, CLASS))
    assert forget_pseudonym(tmp_path, "ben")
    assert not forget_pseudonym(tmp_path, "ben")
    assert read_pseudonyms(tmp_path) == {student: name for student, name in before.items() if student != "ben"}


def test_without_a_key_nobody_is_known_and_none_is_made(tmp_path: Path) -> None:
    assert read_pseudonyms(tmp_path) == {}
    assert not forget_pseudonym(tmp_path, "ada")
    assert not list(tmp_path.iterdir())


def test_a_key_that_a_spreadsheet_saved_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes("\ufeffstudent,pseudonym\r\nada,copper-heron\r\n".encode())
    assert read_pseudonyms(tmp_path) == {"ada": "copper-heron"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line"),
        ("ada,copper-heron\n", "first line"),
        ("student;pseudonym\nada;copper-heron\n", "first line"),
        ("student,pseudonym\nada\n", "row 2 isn't"),
        ("student,pseudonym\nada,copper-heron,x\n", "row 2 isn't"),
        ("student,pseudonym\nada, \n", "row 2 isn't"),
        ("student,pseudonym\nada,copper-heron\nada,lunar-owl\n", "row 3 names the student 'ada' for the second time"),
        ("student,pseudonym\nada,copper-heron\nben,Copper-Heron\n", "row 3 names the pseudonym 'copper-heron'"),
        ('student,pseudonym\n"ada,copper-heron\n', "can't be read"),
        (b"student,pseudonym\nad\xff,copper-heron\n", "can't be read"),
    ],
)
def test_a_key_that_leaves_it_open_who_is_who_is_refused_and_kept(tmp_path: Path, text: str | bytes, said: str) -> None:
    data = text.encode() if isinstance(text, str) else text
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(ClassError, match=said):
        pseudonyms(tmp_path, ["ada", "zoe"])
    assert (tmp_path / FILE).read_bytes() == data
