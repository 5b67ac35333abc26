"""Collecting again: nothing twice, nothing newer lost, nothing written in a preview, each whole or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from autograder.cli import main
from tests.classes import TINY, hand_in
from tests.collecting.downloads import Collecting, zipped

FILE = f"{TINY}.ipynb"


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_preview_writes_nothing_and_names_the_command_that_does(collecting: Collecting) -> None:
    download = collecting.zip("my class.zip", {"ada.ipynb": collecting.notebook()})
    before = everything(collecting.root)
    said = collecting.run(download, "--assignment", TINY)
    assert everything(collecting.root) == before
    *_, line = said.splitlines()
    assert line.strip() == f"autograder collect '{download}' --class {collecting.root} --assignment {TINY} --write"


def test_a_preview_of_a_class_without_its_gradebook_makes_none(collecting: Collecting) -> None:
    (collecting.root / "gradebook.db").unlink()
    collecting.run(collecting.zip("a.zip", {"ada.ipynb": collecting.notebook()}))
    assert not (collecting.root / "gradebook.db").exists()


def test_collecting_again_changes_nothing(collecting: Collecting) -> None:
    download = collecting.zip(
        "a.zip", {"ada.ipynb": collecting.notebook("Ada"), "bob.ipynb": collecting.notebook("Bob")}
    )
    (collecting.root / "collected" / ".writing-999999999" / "0").mkdir(parents=True)  # of a run that was killed
    assert "Written to" in collecting.run(download, "--write")
    assert not list((collecting.root / "collected").glob(".*"))
    before = everything(collecting.root)
    said = collecting.run(download, "--write")
    assert "2 there already" in said
    assert "There is nothing to write." in said
    assert everything(collecting.root) == before


def test_an_older_one_never_replaces_a_newer_one(collecting: Collecting) -> None:
    new = collecting.zip("new.zip", {f"T_ada_attempt_2027-03-02-10-00-00_{FILE}": collecting.notebook("new")})
    old = collecting.zip("old.zip", {f"T_ada_attempt_2027-03-01-10-00-00_{FILE}": collecting.notebook("old")})
    collecting.run(old, "--write")
    collecting.run(new, "--write")
    for words in (["--write"], ["--write", "--replace"]):
        assert "It isn't newer than submitted/ada/01_tiny/01_tiny.ipynb" in collecting.run(old, *words)
    collecting.run(old, new, "--write")
    assert collecting.submitted() == {"ada": collecting.notebook("new")}
    assert collecting.time("ada") == "2027-03-02 10:00:00 UTC"
    (kept,) = (collecting.root / "collected" / TINY / "replaced" / "ada").iterdir()
    assert kept.read_bytes() == collecting.notebook("old")


def test_times_of_the_exchange_count_as_nbgrader_reads_them(collecting: Collecting) -> None:
    config = collecting.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Exchange.timezone = "Asia/Tokyo"\n')
    hand_in(collecting.root, "ada", collecting.notebook("exchange"))
    hand_in(collecting.root, "ada", b"2027-03-02 17:00:00.000000 JST\n", "timestamp.txt")
    hand_in(collecting.root, "bob", collecting.notebook("exchange"))
    hand_in(collecting.root, "bob", b"2027-03-02 10:00:00 UTC", "timestamp.txt")
    files = {f"T_{one}_attempt_2027-03-02-18-00-00_{FILE}": collecting.notebook("LMS") for one in ("ada", "bob")}
    found = collecting.json(collecting.zip("a.zip", files))
    assert {one["student"]: one["change"] for one in found["submissions"]} == {"ada": "replaced"}


def test_of_canvas_the_later_upload_counts(collecting: Collecting) -> None:
    old = collecting.zip("w1.zip", {f"smithbob_1_10_{FILE}": collecting.notebook("old")})
    new = collecting.zip("w2.zip", {f"smithbob_1_11_{TINY}-1.ipynb": collecting.notebook("new")})
    collecting.run(old, "--write")
    assert collecting.changes(new, old) == {"smithbob_1": "replaced"}
    collecting.run(new, "--write")
    assert collecting.json(old)["passed_over"]
    assert collecting.submitted() == {"smithbob_1": collecting.notebook("new")}


def test_where_the_newer_one_isnt_known_nothing_is_replaced_unasked(collecting: Collecting) -> None:
    hand_in(collecting.root, "ada", collecting.notebook("by hand"))
    hand_in(collecting.root, "ada", b"2027-03-02 10:00:00 UTC", "timestamp.txt")
    download = collecting.zip("a.zip", {"ada.ipynb": collecting.notebook("download")})
    said = collecting.run(download, "--write", code=1)
    assert "it isn't known which is newer. Collect it with --replace" in said
    assert collecting.submitted() == {"ada": collecting.notebook("by hand")}
    collecting.run(download, "--write", "--replace")
    assert collecting.submitted() == {"ada": collecting.notebook("download")}
    assert not (collecting.root / "submitted" / "ada" / TINY / "timestamp.txt").exists()


def test_a_time_that_is_learnt_later_is_written(collecting: Collecting) -> None:
    hand_in(collecting.root, "ada", collecting.notebook())
    download = collecting.zip("a.zip", {f"T_ada_attempt_2027-03-02-10-00-00_{FILE}": collecting.notebook()})
    assert collecting.changes(download, "--write") == {"ada": "timed"}
    assert collecting.time("ada") == "2027-03-02 10:00:00 UTC"
    assert collecting.changes(download) == {"ada": "unchanged"}


def test_a_finished_copy_is_taken_in_place_of_an_untouched_one(collecting: Collecting) -> None:
    done = collecting.notebook("done")
    files = {
        f"ada/{FILE}": collecting.untouched(),
        f"ada/{TINY} (1).ipynb": done,
        f"bob/{FILE}": collecting.untouched(),
    }
    said = collecting.run(collecting.zip("a.zip", files), "--write")
    assert collecting.submitted() == {"ada": done, "bob": collecting.untouched()}
    assert "Nothing is answered in it" in said
    assert "nothing answered" in next(line for line in said.splitlines() if line.startswith("bob"))


def test_two_different_ones_that_nothing_tells_apart_are_both_left_out(collecting: Collecting) -> None:
    files = {f"ada/{name}.ipynb": collecting.notebook(name) for name in ("one", "two")}
    files |= {f"bob/{FILE}": collecting.notebook("Bob"), f"bob/{TINY}-Copy1.ipynb": collecting.notebook("before")}
    files |= {"eve/a.ipynb": collecting.notebook("same"), "eve/b.ipynb": collecting.notebook("same")}
    found = collecting.json(collecting.zip("a.zip", files), "--write", code=1)
    assert set(collecting.submitted()) == {"bob", "eve"}
    assert collecting.submitted()["bob"] == collecting.notebook("Bob")
    assert ["It can't be told whether" in str(one["reason"]) for one in found["left_out"]] == [True, True]
    assert len(found["passed_over"]) == 2


def test_names_of_a_mac_meet_the_folder_that_is_there(collecting: Collecting) -> None:
    there = "Jo\u0308rg"
    hand_in(collecting.root, there, collecting.notebook("a"))
    download = collecting.zip("a.zip", {"J\u00f6rg.ipynb": collecting.notebook("b")})
    collecting.run(download, "--write", "--replace")
    assert collecting.submitted() == {there: collecting.notebook("b")}


def test_a_student_who_is_there_keeps_the_spelling(collecting: Collecting) -> None:
    hand_in(collecting.root, "Ada", collecting.notebook("a"))
    download = collecting.zip("a.zip", {"ada.ipynb": collecting.notebook("a"), "Bob.ipynb": collecting.notebook("b")})
    assert collecting.changes(download) == {"Ada": "unchanged", "Bob": "new"}


def test_archives_that_were_put_into_submitted_are_collected_from_there(collecting: Collecting) -> None:
    loose = collecting.root / "submitted" / "ada.zip"
    loose.write_bytes(zipped({FILE: collecting.notebook("Ada")}))
    hand_in(collecting.root, "bob", zipped({f"work/{FILE}": collecting.notebook("Bob")}), "work.zip")
    inside = collecting.root / "submitted" / "bob" / TINY / "work.zip"
    assert collecting.changes(loose, inside, "--write") == {"ada": "new", "bob": "new"}
    assert collecting.submitted() == {"ada": collecting.notebook("Ada"), "bob": collecting.notebook("Bob")}


def test_the_folders_that_the_class_has_set_are_used(collecting: Collecting) -> None:
    config = collecting.root / "nbgrader_config.py"
    config.write_text(
        f"{config.read_text()}\nc.CourseDirectory.submitted_directory = 'in'\n"
        "c.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}/{student_id}'\n"
    )
    collecting.run(collecting.zip("a.zip", {"ada.ipynb": collecting.notebook("Ada")}), "--write")
    assert (collecting.root / "in" / TINY / "ada" / FILE).read_bytes() == collecting.notebook("Ada")
    assert main(["grade", TINY, "--class", str(collecting.root), "--workers", "1"]) == 0
    assert "1 graded" in collecting.capsys.readouterr().out


def test_zips_of_macos_that_do_not_say_that_they_are_utf_8(collecting: Collecting) -> None:
    data = zipped({"Jö.ipynb": collecting.notebook()})
    (collecting.downloads / "mac.zip").write_bytes(_without_utf8_flag(data))
    assert collecting.changes(collecting.downloads / "mac.zip") == {"Jö": "new"}


def _without_utf8_flag(data: bytes) -> bytes:
    """As macOS's Archive Utility writes it: flag 0x800 is missing, in the entry and in the list of entries."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature)
        changed[at + offset + 1] &= ~0x08
    return bytes(changed)


def test_a_class_that_cant_be_written_stays_as_it_was(collecting: Collecting) -> None:
    download = collecting.zip("a.zip", {f"s{n}.ipynb": collecting.notebook(str(n)) for n in range(3)})
    (collecting.root / "collected").write_text("in the way")
    before = everything(collecting.root)
    assert main(["collect", str(download), "--class", str(collecting.root), "--write"]) == 2
    assert "The class can't be written" in collecting.capsys.readouterr().err
    assert everything(collecting.root) == before


def test_what_cant_be_put_leaves_the_student_as_before(collecting: Collecting) -> None:
    hand_in(collecting.root, "ada", collecting.notebook("old"), "my notebook.ipynb")
    (collecting.root / "submitted" / "ada" / TINY / "timestamp.txt").mkdir()
    (collecting.root / "submitted" / "bob").write_text("a file")
    files = {"ada.ipynb": collecting.notebook("new"), "bob.ipynb": collecting.notebook("new")}
    download = collecting.zip("a.zip", files)
    words = ["collect", str(download), "--class", str(collecting.root), "--write", "--replace"]
    assert main(words) == 1
    assert "timestamp.txt is a folder where a file is needed" in collecting.capsys.readouterr().out
    assert collecting.submitted() == {"ada": collecting.notebook("old")}
    (collecting.root / "submitted" / "ada" / TINY / "timestamp.txt").rmdir()
    assert main(words) == 1
    assert "submitted/bob is a file where a folder is needed" in collecting.capsys.readouterr().out
    assert collecting.submitted() == {"ada": collecting.notebook("new")}
    assert [path.name for path in (collecting.root / "submitted" / "ada" / TINY).iterdir()] == [f"{TINY}.ipynb"]
    assert not list((collecting.root / "collected").glob(".*"))


def test_one_assignment_can_be_asked_for(collecting: Collecting) -> None:
    assert main(["collect", str(collecting.downloads), "--class", str(collecting.root), "--assignment", "07"]) == 2
    assert "There is no assignment '07'. There are: 01_tiny." in collecting.capsys.readouterr().err
    unknown = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    download = collecting.zip("a.zip", {"ada.ipynb": unknown})
    assert "Name it with --assignment, one of 01_tiny." in collecting.run(download, code=1)
    assert collecting.changes(download, "--assignment", TINY) == {"ada": "new"}


def test_wrong_use_is_told(collecting: Collecting, tmp_path: Path) -> None:
    hand_in(collecting.root, "ada", collecting.notebook())
    roster = tmp_path / "roster.csv"
    roster.write_text("name,mail\nAda,a@b\n")
    here = str(shutil.copytree(collecting.downloads, tmp_path / "empty"))
    for words, sentence in (
        ([str(tmp_path / "gone.zip")], "gone.zip isn't there"),
        ([str(collecting.root / "submitted")], "holds the class's own files"),
        ([str(collecting.root / "release" / TINY / FILE)], "holds the class's own files"),
        ([str(collecting.root)], "holds the class's own files"),
        ([here, "--roster", str(roster)], "no column `id`"),
        ([here, "--roster", str(tmp_path)], "can't be read"),
    ):
        assert main(["collect", *words, "--class", str(collecting.root)]) == 2
        assert sentence in collecting.capsys.readouterr().err
    assert main(["collect", here, "--class", str(tmp_path)]) == 2
    assert "is no class directory" in collecting.capsys.readouterr().err
    assert "No notebook was found." in collecting.run(here)
