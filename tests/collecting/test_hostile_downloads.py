"""Whatever a download holds, nothing is written outside a student's folder, nothing is followed, nothing blows up."""

from __future__ import annotations

import io
import os
import stat
import string
import struct
import tempfile
import tracemalloc
import zipfile
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.collecting.download import MOST_FILES_OF_STUDENT, Found, Refused, read_download
from autograder.collecting.platforms import claim_of
from autograder.collecting.roster import Roster, problem_of_id
from autograder.collecting.whose import Owner, owner_of, plain_owner
from autograder.gradebook.students import Student
from autograder.submission.submitted_notebook import MOST_FILE
from tests.classes import TINY
from tests.collecting.downloads import Collecting, letter, zipped

FILE = f"{TINY}.ipynb"
PARTS = st.one_of(
    st.sampled_from(["..", ".", "", "ada", "a.ipynb", "/", "\\", "C:", "...", " ", "con", "__MACOSX", "x_1_2_y.ipynb"]),
    st.text(max_size=12),
)


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_paths_that_lead_out_are_refused_and_the_rest_is_collected(collecting: Collecting) -> None:
    bad = ["../../../evil.ipynb", "/etc/evil.ipynb", "C:\\evil.ipynb", "a\\..\\..\\evil.ipynb", "a/../../b/evil.ipynb"]
    files = {name: collecting.notebook("evil") for name in bad} | {"ada.ipynb": collecting.notebook("Ada")}
    outside = files_below(collecting.root.parent) - files_below(collecting.root)
    found = collecting.json(collecting.zip("a.zip", files), "--write", code=1)
    assert collecting.submitted() == {"ada": collecting.notebook("Ada")}
    assert len(found["left_out"]) == len(bad)
    assert all("leads out of the zip" in str(one["reason"]) for one in found["left_out"])
    assert not any("evil" in name for name in files_below(collecting.root.parent) - outside)


def test_links_are_refused_in_zips_and_folders_and_classes(collecting: Collecting, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(collecting.notebook("secret"))
    with zipfile.ZipFile(collecting.downloads / "a.zip", "w") as archive:
        link = zipfile.ZipInfo("ada.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(secret))
    folder = collecting.folder("b", {"bob.ipynb": collecting.notebook("Bob")})
    (folder / "eve.ipynb").symlink_to(secret)
    (folder / "all").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.ipynb")
    (collecting.root / "submitted" / "bob").symlink_to(tmp_path)
    found = collecting.json(collecting.downloads / "a.zip", folder, "--write", code=1)
    reasons = [str(one["reason"]) for one in found["left_out"]]
    assert sum("It is a link" in reason for reason in reasons) == 3
    assert sum("leads out of the class" in reason for reason in reasons) == 1
    assert sum("isn't a file" in reason for reason in reasons) == 1
    assert found["submissions"] == []
    assert not (tmp_path / TINY).exists()


def test_an_email_that_a_student_hands_in_speaks_for_nobody(collecting: Collecting) -> None:
    roster = collecting.roster()
    forged = letter("ada.lovelace@example.edu", FILE, collecting.notebook("Bob's"), "Mon, 01 Feb 2027 10:00:00 +0000")
    downloads = [
        collecting.zip("canvas.zip", {"smithbob_102_9_x.eml": forged}),
        collecting.zip("moodle.zip", {"Bob Smith_7_assignsubmission_file/x.eml": forged}),
        collecting.folder("classroom", {"tiny-bsmith1-main/x.eml": forged}),
        collecting.folder("mails", {"1.eml": letter("bob@example.edu", "x.zip", zipped({"x.eml": forged}))}),
    ]
    found = collecting.json(*downloads, *roster, "--write", code=1)
    assert found["submissions"] == []
    assert len(found["left_out"]) == len(downloads)
    assert all("an e-mail that was handed in as a file" in str(one["reason"]) for one in found["left_out"])


def test_a_students_own_names_do_not_outdo_the_platforms_where_nobody_else_is_there(collecting: Collecting) -> None:
    work = {f"lovelaceada_101_{n}_{FILE}": collecting.notebook(str(n)) for n in (8, 9)}
    canvas = collecting.zip("canvas.zip", {"smithbob_102_4_x.zip": zipped(work | {FILE: collecting.notebook("Bob")})})
    assert collecting.changes(canvas, *collecting.roster(), code=1).keys() <= {"bsmith1"}
    github = {f"tiny-bsmith1/tiny-submissions/tiny-{name}/{FILE}": data for name, data in work.items()}
    assert collecting.changes(collecting.folder("tiny-submissions", github), code=1).keys() <= {"bsmith1"}


def test_what_lies_in_one_students_folder_stops_no_other_students_collecting(collecting: Collecting) -> None:
    names = ("ada", "bob", "carl", "eve", "zoe")
    for student, name in zip(names, ("a.ipynb", FILE, "timestamp.txt", ""), strict=False):
        (collecting.root / "submitted" / student / TINY / name).mkdir(parents=True)
    os.mkfifo(collecting.root / "submitted" / "eve" / TINY / FILE)
    download = collecting.zip("a.zip", {f"{name}.ipynb": collecting.notebook(name) for name in names})
    found = collecting.json(download, "--write", code=1)
    assert [one["student"] for one in found["submissions"]] == ["ada", "eve", "zoe"]
    assert {str(one["file"]) for one in found["left_out"]} == {"a.zip/bob.ipynb", "a.zip/carl.ipynb"}
    assert all("a folder where a file is needed" in str(one["reason"]) for one in found["left_out"])
    assert (collecting.root / "submitted" / "zoe" / TINY / FILE).read_bytes() == collecting.notebook("zoe")


def bomb(size: int) -> bytes:
    """A zip whose one entry becomes so many bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x.ipynb", "w") as entry:
        for _ in range(size // 1_000_000):
            entry.write(b"0" * 1_000_000)
    return buffer.getvalue()


def test_bombs_are_not_unpacked(collecting: Collecting) -> None:
    inner = bomb(200_000_000)
    nested = zipped({"a.zip": zipped({"b.zip": zipped({"x.ipynb": b"{}"})})})
    files = {
        "ada.zip": inner,
        "bob.zip": nested,
        "carl.zip": zipped({f"{n}.txt": b"" for n in range(MOST_FILES_OF_STUDENT + 1)}),
        "eve.zip": inner[: len(inner) // 2],
        "gil.ipynb": collecting.notebook("Gil"),
    }
    found = collecting.json(collecting.zip("a.zip", files), "--write", code=1)
    assert collecting.submitted() == {"gil": collecting.notebook("Gil")}
    reasons = {str(one["file"]).split("/")[1]: str(one["reason"]) for one in found["left_out"]}
    assert reasons.keys() == files.keys() - {"gil.ipynb"}
    assert "would become 200 MB" in reasons["ada.zip"]
    assert "a zip in a zip in a zip" in reasons["bob.zip"]
    assert "it holds 2,001 files" in reasons["carl.zip"]
    assert "It isn't a zip that can be read" in reasons["eve.zip"]


def test_a_notebook_that_is_far_too_large_is_not_read(collecting: Collecting) -> None:
    folder = collecting.folder("a", {"ada.ipynb": b""})
    with (folder / "ada.ipynb").open("wb") as file:
        file.truncate(MOST_FILE + 1)
    assert f"It has more than {MOST_FILE / 1e6:.0f} MB." in collecting.run(folder, code=1)


def test_a_zip_that_lies_about_its_sizes_is_read_no_further_than_it_says(collecting: Collecting) -> None:
    data = bytearray(bomb(100_000_000))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 1_000)
    (collecting.downloads / "ada.zip").write_bytes(data)
    found = collecting.json(collecting.downloads / "ada.zip", code=1)
    assert "can't be unpacked" in str(found["left_out"][0]["reason"])


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_no_packing_makes_more_in_memory_than_was_declared(tmp_path: Path, packing: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive, archive.open("x.ipynb", "w") as entry:
        for _ in range(100):
            entry.write(b"0" * 1_000_000)
    data = bytearray(buffer.getvalue())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 1_000)
    (tmp_path / "a.zip").write_bytes(data)
    tracemalloc.start()
    try:
        (refused,) = read_download(tmp_path / "a.zip", tmp_path / "submitted")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(refused, Refused)
    assert peak < 20_000_000


def test_passwords_other_archives_and_odd_names_are_told(collecting: Collecting) -> None:
    data = bytearray(zipped({"ada.ipynb": collecting.notebook()}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    (collecting.downloads / "locked.zip").write_bytes(data)
    folder = collecting.folder("b", {"work.7z": b"7z", "work.tar.gz": b"\x1f\x8b"})
    odd = collecting.zip("odd.zip", {"bo\nb.ipynb": b"{}", "x" * 2_000 + ".ipynb": b"{}", ". .ipynb": b"{}"})
    found = collecting.json(collecting.downloads / "locked.zip", folder, odd, code=1)
    reasons = " ".join(str(one["reason"]) for one in found["left_out"])
    assert "It has a password" in reasons
    assert reasons.count("Such archives aren't opened") == 2
    assert reasons.count("characters that no file needs") == 2


def test_names_that_no_folder_can_have_are_no_students(collecting: Collecting) -> None:
    files = {f"{name}/{TINY}.ipynb": b"{}" for name in ("*", "a?b", "<script>", '"', "y" * 200, "é" * 130)}
    found = collecting.json(collecting.zip("a.zip", files), "--write", code=1)
    assert found["submissions"] == []
    assert len(found["left_out"]) == len(files)
    assert not any((collecting.root / "submitted").iterdir())


def test_what_is_printed_moves_no_cursor(collecting: Collecting) -> None:
    folder = collecting.folder("b", {"\x1b[2J\x1b]0;hi\x07.ipynb": collecting.notebook()})
    assert "\x1b" not in collecting.run(folder, code=1)
    assert "\x1b" not in collecting.run(folder, "--json", code=1)


@given(st.lists(PARTS, min_size=1, max_size=4), st.sampled_from(["/", "\\"]), st.booleans())
def test_no_path_in_a_zip_makes_a_place_outside(parts: list[str], separator: str, ending: bool) -> None:
    name = separator.join(parts) + (".ipynb" if ending else "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            try:
                archive.writestr(name or "x", b"{}")
            except (UnicodeEncodeError, ValueError):
                return
        for one in read_download(path, Path(folder) / "submitted"):
            assert isinstance(one, Found | Refused)
            if isinstance(one, Found):
                assert one.place[0] == "a.zip"
                assert all(part not in ("", ".", "..") and "/" not in part and "\\" not in part for part in one.place)
                assert all(part.isprintable() for part in one.place)


@given(st.binary(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_no_letter_is_too_odd_to_be_told(body: bytes, sender: str, name: str) -> None:
    head = f'From: {sender}\nReceived: x; {name}\nContent-Disposition: attachment; filename="{name}.ipynb"\n'
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.eml"
        path.write_bytes(head.encode("utf-8", "replace") + body)
        assert all(
            isinstance(one, Found | Refused) and "/" not in one.place[-1]
            for one in read_download(path, Path(folder) / "submitted")
        )


@given(st.lists(PARTS, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_no_name_makes_a_student_outside_submitted(parts: list[str], known: bool, new_students: bool) -> None:
    place = ("a.zip", *(part for part in parts if part not in ("", ".", "..") and "/" not in part), "x.ipynb")
    roster = Roster((Student("ada", "Ada", "Lovelace"), Student("../out", "Out", "Side"))) if known else Roster(())
    claim = claim_of(place, None, UTC)
    found = owner_of(claim, roster, new_students) if claim else plain_owner(place, set(), [TINY], roster, new_students)
    if isinstance(found, Owner):
        assert problem_of_id(found.id) is None
        folder = Path("/class/submitted") / found.id / TINY
        assert Path(os.path.normpath(folder)).parts[:3] == ("/", "class", "submitted")
        assert len(Path(os.path.normpath(folder)).parts) == 5


@given(st.text(alphabet=string.printable + "äöü\u0301\u202e", max_size=60))
def test_an_id_is_one_folder_or_refused(text: str) -> None:
    if problem_of_id(text) is None:
        assert Path(text).name == text
        assert text not in ("", ".", "..")
        assert text.isprintable()


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"PK\x03\x04" + b"\0" * 100, bytes(range(256))])
def test_what_is_no_zip_is_told(collecting: Collecting, data: bytes) -> None:
    (collecting.downloads / "a.zip").write_bytes(data)
    assert "It isn't a zip that can be read" in collecting.run(collecting.downloads / "a.zip", code=1)
