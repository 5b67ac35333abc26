"""Downloads of each platform find their students: with a roster, and without one."""

from __future__ import annotations

import unicodedata

import pytest

from autograder.cli import main
from autograder.course.solved_notebook import as_bytes, solved
from tests.classes import TINY, points
from tests.collecting.downloads import Collecting, letter, zipped

FILE = f"{TINY}.ipynb"
MAC = {
    "__MACOSX/._work": b"\0\5\x16\7",
    "mine/.DS_Store": b"\0",
    f"mine/.ipynb_checkpoints/{TINY}-checkpoint.ipynb": b"{}",
}


def canvas(collecting: Collecting) -> dict[str, bytes]:
    """As Canvas names them: two people of one name, one of them late, a second upload, a zip made on a Mac."""
    return {
        f"lovelaceada_101_9001_{FILE}": collecting.notebook("Ada"),
        f"smithbob_LATE_102_9002_{TINY}-1.ipynb": collecting.notebook("first Bob"),
        f"smithbob_103_9003_{TINY} (1).ipynb": collecting.notebook("second Bob"),
        "müllerjörg_104_9004_work.zip": zipped(
            {f"mine/{FILE}": collecting.notebook("Jörg"), "mine/check.py": b""} | MAC
        ),
    }


def test_canvas_tells_two_people_of_one_name_apart(collecting: Collecting) -> None:
    download = collecting.zip("submissions.zip", canvas(collecting))
    said = collecting.run(download, *collecting.roster(), "--write")
    assert set(collecting.submitted()) == {"alovelace", "bsmith1", "bsmith2", "jmueller"}
    assert collecting.submitted()["bsmith1"] == collecting.notebook("first Bob")
    assert collecting.submitted()["jmueller"] == collecting.notebook("Jörg")
    assert "late" in next(line for line in said.splitlines() if line.startswith("bsmith1"))
    assert "Late by the platform's word: 1." in said
    assert '"late": true' in (collecting.root / "collected" / TINY / "bsmith1.json").read_text()


def test_a_name_with_another_number_is_another_person(collecting: Collecting) -> None:
    files = {f"lovelaceada_999_1_{FILE}": collecting.notebook(), f"smithbob_7_2_{FILE}": collecting.notebook()}
    found = collecting.json(collecting.zip("submissions.zip", files), *collecting.roster(), code=1)
    assert "isn't alovelace, who has the number 101" in str(found["left_out"][0]["reason"])
    assert "may be any of bsmith1, bsmith2" in str(found["left_out"][1]["reason"])


def test_without_a_roster_the_ids_are_those_of_the_download(collecting: Collecting) -> None:
    found = collecting.json(collecting.zip("submissions.zip", canvas(collecting)))
    assert {one["student"] for one in found["submissions"]} == {
        "lovelaceada_101",
        "smithbob_102",
        "smithbob_103",
        "müllerjörg_104",
    }
    assert all(one["new_student"] for one in found["submissions"])


def test_what_was_collected_before_the_roster_came_is_told(collecting: Collecting) -> None:
    download = collecting.zip("submissions.zip", {f"lovelaceada_101_9001_{FILE}": collecting.notebook()})
    collecting.run(download, "--write")
    said = collecting.run(download, *collecting.roster())
    assert "submitted/lovelaceada_101 holds what was collected before alovelace was known." in said


def test_what_canvas_packs_that_is_no_notebook_is_listed(collecting: Collecting) -> None:
    files = {"roejim_106_text.html": b"<p>", "poepat_LATE_107_9007_a.pdf": b"%PDF", f"anon_x7Kq_9_{FILE}": b"{}"}
    found = collecting.json(collecting.zip("submissions.zip", files), code=1)
    assert [one["student"] for one in found["submissions"]] == ["anon_x7Kq"]
    assert {str(one["file"]).split("/")[1] for one in found["left_out"]} == {*files} - {f"anon_x7Kq_9_{FILE}"}


@pytest.mark.parametrize("as_folders", [True, False])
def test_moodle_with_and_without_folders(collecting: Collecting, as_folders: bool) -> None:
    end = "_/" if as_folders else "_"
    files = {
        f"Ada Lovelace_555_assignsubmission_file{end}{FILE}": collecting.notebook("Ada"),
        f"{unicodedata.normalize('NFD', 'Jörg Müller')}_556_assignsubmission_file{end}Kopie von x.ipynb": (
            collecting.notebook("Jörg")
        ),
        "Pat Poe_557_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
    }
    found = collecting.json(collecting.zip("CS-1-77.zip", files), *collecting.roster(), code=1)
    assert {one["student"] for one in found["submissions"]} == {"alovelace", "jmueller"}
    assert [str(one["file"]).split("/")[1][:7] for one in found["left_out"]] == ["Pat Poe"]


def test_two_people_whom_moodle_gives_one_name_are_not_mixed_up(collecting: Collecting) -> None:
    files = {
        f"Bob Smith_{number}_assignsubmission_file_/{FILE}": collecting.notebook(f"Bob {number}") for number in (1, 2)
    }
    download = collecting.zip("moodle.zip", files)
    for roster in ([], collecting.roster()):
        found = collecting.json(download, *roster, code=1)
        assert found["submissions"] == []
        assert len(found["left_out"]) == 2
        assert "folder named after" in str(found["left_out"][0]["reason"])


def test_blackboard_tells_the_time_by_the_clock_of_the_class(collecting: Collecting) -> None:
    config = collecting.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Exchange.timezone = "Europe/Berlin"\n')
    files = {
        f"Tiny_alovelace_attempt_2027-03-01-10-30-00_{FILE}": collecting.notebook("early"),
        f"Tiny_alovelace_attempt_2027-03-02-10-30-00_{FILE}": collecting.notebook("late"),
        "Tiny_alovelace_attempt_2027-03-02-10-30-00.txt": b"Name: Ada Lovelace (alovelace)",
    }
    said = collecting.run(collecting.zip("gradebook.zip", files), *collecting.roster(), "--write")
    assert collecting.submitted() == {"alovelace": collecting.notebook("late")}
    assert collecting.time("alovelace") == "2027-03-02 09:30:00 UTC"
    assert "Times are by Blackboard's clock (1)." in said


def test_github_classroom_repositories_are_their_users(collecting: Collecting) -> None:
    folder = collecting.folder(
        "tiny-1-submissions",
        {
            f"tiny-1-ada-l/{FILE}": collecting.notebook("Ada"),
            "tiny-1-ada-l/.git/HEAD": b"ref: refs/heads/main",
            "tiny-1-ada-l/README.md": b"",
            f"tiny-1-bob/{TINY}/{FILE}": collecting.notebook("Bob"),
        },
    )
    assert collecting.changes(folder.parent) == {"ada-l": "new", "bob": "new"}
    assert collecting.changes(folder) == {"ada-l": "new", "bob": "new"}


def test_single_repositories_are_known_by_the_roster(collecting: Collecting) -> None:
    packed = collecting.zip("tiny-1-jmueller-main.zip", {f"tiny-1-jmueller-main/{FILE}": collecting.notebook("Jörg")})
    cloned = collecting.folder("tiny-1-alovelace", {FILE: collecting.notebook("Ada")})
    assert collecting.changes(packed, cloned, *collecting.roster()) == {"jmueller": "new", "alovelace": "new"}


def test_google_drive_and_classroom(collecting: Collecting) -> None:
    files = {
        f"Tiny-20270301T101010Z-001/Ada Lovelace - {FILE}": collecting.notebook("Ada"),
        f"Tiny-20270301T101010Z-001/{TINY} - Jörg Müller.ipynb": collecting.notebook("Jörg"),
        f"Tiny-20270301T101010Z-001/Copy of {TINY}.ipynb": collecting.notebook("nobody"),
    }
    download = collecting.zip("drive-download-20270301T101010Z-001.zip", files)
    for words, students in (([], {"Ada Lovelace", "Jörg Müller"}), (collecting.roster(), {"alovelace", "jmueller"})):
        found = collecting.json(download, *words, code=1)
        assert {one["student"] for one in found["submissions"]} == students
        assert "whose it is" in str(found["left_out"][0]["reason"])


def test_letters_tell_the_sender_and_when_the_server_had_them(collecting: Collecting) -> None:
    received = "Tue, 02 Mar 2027 01:00:00 +0100"
    folder = collecting.folder(
        "Inbox",
        {
            "1.eml": letter("Ada <Ada.Lovelace@example.edu>", FILE, collecting.notebook("Ada"), received),
            "2.eml": letter(
                '"Müller, Jörg" <jm@example.edu>', "work.zip", zipped({f"a/{FILE}": collecting.notebook("J")})
            ),
            "3.eml": letter("stranger@example.org", FILE, collecting.notebook("?")),
            "4.eml": b"not a letter",
        },
    )
    said = collecting.run(folder, *collecting.roster(), "--write", code=1)
    assert set(collecting.submitted()) == {"alovelace", "jmueller"}
    assert collecting.time("alovelace") == "2027-03-02 00:00:00 UTC"
    assert collecting.time("jmueller") == "2027-03-01 19:00:00 UTC"
    assert "sent from ada.lovelace@example.edu" in said
    assert "the mail server's clock (1), the sender's own clock (1)" in said
    assert "stranger@example.org isn't in the roster" in said
    assert "no attachment" in said


def test_plain_zips_and_folders_in_every_order(collecting: Collecting) -> None:
    ada, jm = collecting.notebook("Ada"), collecting.notebook("Jörg")
    layouts = [
        {"alovelace.ipynb": ada, "jmueller.ipynb": jm},
        {f"alovelace/{FILE}": ada, f"jmueller/{FILE}": jm},
        {f"all/alovelace/{TINY}/{FILE}": ada, f"all/jmueller/{TINY}/{FILE}": jm},
        {f"{TINY}/alovelace/{FILE}": ada, f"{TINY}/jmueller/x (1).ipynb": jm},
        {f"alovelace_{TINY}.ipynb": ada, f"{TINY}-jmueller.ipynb": jm},
        {"alovelace.zip": zipped({FILE: ada}), "jmueller.zip": zipped({f"My Work/{FILE}": jm})},
        {f"tiny_2027_03_01/alovelace/{FILE}": ada, f"tiny_2027_03_01/jmueller/{FILE}": jm},
        {"alovelace.ipynb.json": ada, "jmueller.IPYNB": jm},
    ]
    for number, files in enumerate(layouts):
        download = collecting.zip(f"class {number}.zip", files)
        for roster in ([], collecting.roster()):
            assert collecting.changes(download, *roster) == {"alovelace": "new", "jmueller": "new"}, (number, roster)


def test_nbgraders_own_collector_of_the_class_is_asked_first(collecting: Collecting) -> None:
    config = collecting.root / "nbgrader_config.py"
    pattern = r".*/(?P<student_id>\w+)--(?P<timestamp>[0-9T:]+Z)--(?P<file_id>.*)"
    text = config.read_text()
    config.write_text(f"{text}\nc.FileNameCollectorPlugin.named_regexp = r'{pattern}'\n")
    files = {f"alovelace--20270301T10:00:00Z--{FILE}": collecting.notebook(), f"bsmith1/{FILE}": collecting.notebook()}
    collecting.run(collecting.zip("ilias.zip", files), *collecting.roster(), "--write")
    assert set(collecting.submitted()) == {"alovelace", "bsmith1"}
    assert collecting.time("alovelace") == "2027-03-01 10:00:00 UTC"
    config.write_text(f"{text}\nc.FileNameCollectorPlugin.named_regexp = '(('\n")
    assert main(["collect", str(collecting.downloads), "--class", str(collecting.root)]) == 2
    assert "collector of this class fails" in collecting.capsys.readouterr().err


def test_who_handed_in_something_else_is_told(collecting: Collecting) -> None:
    files = {
        f"all/ada/{FILE}": collecting.notebook("Ada"),
        "all/ada/data/rain.csv": b"",
        f"all/eva/mine/{FILE}": collecting.notebook("Eva"),
        "all/eva/images/rain.png": b"",
        "all/bob/answers.pdf": b"%PDF",
        "all/bob/check.py": b"",
        "all/eve/mail.msg": b"",
        "all/readme.txt": b"",
    }
    found = collecting.json(collecting.zip("a.zip", files), code=1)
    assert {one["file"]: one["reason"] for one in found["left_out"]} == {
        "a.zip/all/bob/answers.pdf": "It isn't a notebook, and there is none beside it.",
        "a.zip/all/eve/mail.msg": "Outlook's .msg isn't read. Save the e-mail as .eml, or its attachment.",
    }
    assert len(found["not_needed"]) == 4


def test_one_file_is_its_students_by_the_roster_alone(collecting: Collecting) -> None:
    mine = collecting.folder("mail", {FILE: collecting.notebook("Ada")}) / FILE
    named = collecting.folder("Ada Lovelace", {FILE: collecting.notebook("Ada")})
    assert collecting.changes(mine, code=1) == {}
    link = collecting.downloads / "link"
    link.symlink_to(named)
    for one in (named, link):  # whoever typed a link means what it leads to
        assert collecting.changes(one, *collecting.roster()) == {"alovelace": "new"}
    assert collecting.changes(collecting.zip("Lovelace, Ada.zip", {FILE: b"{}"}), *collecting.roster()) == {
        "alovelace": "new"
    }


def test_all_that_is_collected_is_graded(collecting: Collecting) -> None:
    """From the downloads of four platforms to points, in one class."""
    wrong = as_bytes(solved(collecting.course.assignment(TINY))).replace(
        b"x.sum(axis=1) / x.shape[1]", b"x.sum(axis=1)"
    )
    downloads = [
        collecting.zip("submissions.zip", {f"lovelaceada_101_9001_{TINY}-2.ipynb": collecting.notebook("Ada")}),
        collecting.zip("Moodle-1.zip", {f"Jörg Müller_5_assignsubmission_file_/{FILE}": wrong} | MAC),
        collecting.folder("mails", {"a.eml": letter("bob@example.edu", FILE, collecting.notebook("Bob"))}),
        collecting.folder("by hand", {f"bsmith2/{FILE}": collecting.untouched()}),
    ]
    said = collecting.run(*downloads, *collecting.roster(), "--write")
    assert f"Next: autograder grade {TINY} --class {collecting.root}" in said
    assert main(["grade", TINY, "--class", str(collecting.root), "--workers", "1"]) == 0
    collecting.capsys.readouterr()
    graded = points(collecting.root)
    assert graded["alovelace"] == graded["bsmith1"] == 9.0
    assert 0 < graded["jmueller"] < 9.0
    assert graded["bsmith2"] == 0.0
