"""The commands as a person types them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course.course import Assignment
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.submission.submitted_notebook import MOST_FILE, Submission, read_submission
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

COURSE = ["--course", str(ROOT)]
TINY = ROOT / "tests" / "fixtures" / "tiny_course"


@pytest.fixture
def notebooks(tmp_path: Path, average: Assignment) -> list[Path]:
    """A good notebook, and three that are none."""
    files = {
        "02_cumulative_average.ipynb": as_bytes(solved(average)),
        "empty.ipynb": b"",
        "photo.ipynb": b"\xff\xd8\xff\xe0 not a notebook",
        "cleared.ipynb": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in files]


def test_mark_prints_one_json_object_a_line(notebooks: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mark", *map(str, notebooks), "--json", "--assignment", "02_cumulative_average", *COURSE]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["notebook"] for record in records] == [str(path) for path in notebooks]
    assert records[0]["points"] == records[0]["max_points"]
    for record in records[1:]:
        assert record["points"] == 0
        assert record["problems"]


def test_mark_finds_the_assignment_by_itself(notebooks: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    other = notebooks[0].rename(notebooks[0].with_name("my homework.ipynb"))
    without_metadata = json.loads(other.read_bytes())
    for part in (without_metadata, *without_metadata["cells"]):
        part["metadata"] = {}
    bare = other.with_name("bare.ipynb")
    bare.write_text(json.dumps(without_metadata))
    assert main(["mark", str(other), str(bare), str(notebooks[1]), "--json", *COURSE]) == 1
    said = capsys.readouterr()
    first, same, second = (json.loads(line) for line in said.out.splitlines())
    assert "1 of 3 couldn't be marked" in said.err
    assert first["assignment"] == same["assignment"] == "02_cumulative_average"
    assert first["items"] == same["items"]
    assert (second["assignment"], second["items"]) == ("", [])
    assert "--assignment" in second["problems"][-1]


def test_mark_in_words_shows_expected_and_own_values(
    tmp_path: Path, average: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "def cumulative_average(x):\n    return np.cumsum(x, axis=0)\n"
    path = tmp_path / "02_cumulative_average.ipynb"
    path.write_bytes(as_bytes(with_answers(solved(average), {"cumulative_average": wrong})))
    assert main(["mark", str(path), *COURSE]) == 0
    text = capsys.readouterr().out
    assert "SUM_FOR_MEAN" in text
    assert "expected" in text
    assert "yours" in text


def test_a_missing_file_is_a_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mark", str(tmp_path / "nowhere.ipynb"), *COURSE]) == 1
    said = capsys.readouterr()
    assert "nowhere.ipynb can't be read: No such file" in said.out
    assert "1 of 1 couldn't be marked" in said.err


def test_what_is_no_file_is_a_clear_error_and_never_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "device.ipynb").symlink_to("/dev/null")
    for name in ("pipe.ipynb", "device.ipynb"):
        assert main(["mark", str(tmp_path / name), *COURSE]) == 1
        assert f"{name} can't be read: it isn't a file" in capsys.readouterr().out


def test_no_more_of_a_file_is_read_than_is_ever_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "sparse.ipynb").open("wb") as file:
        file.truncate(3_000_000_000)
    read: list[int] = []

    def counted(data: bytes, name: str) -> Submission:
        read.append(len(data))
        return read_submission(data, name)

    monkeypatch.setattr("autograder.marking.mark_files.read_submission", counted)
    assert main(["mark", str(tmp_path / "sparse.ipynb"), "--assignment", "02_cumulative_average", *COURSE]) == 0
    assert read == [MOST_FILE + 1]


def test_a_link_named_on_the_command_line_is_followed(
    notebooks: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    link = notebooks[0].with_name("link.ipynb")
    link.symlink_to(notebooks[0])
    assert main(["mark", str(link), "--json", *COURSE]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["points"] == record["max_points"]


def test_what_cannot_be_read_does_not_keep_others_from_being_marked(
    notebooks: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = notebooks[0].with_name("a\x1b[31mfolder.ipynb")
    folder.mkdir()
    assert main(["mark", str(folder), str(notebooks[0]), "--json", *COURSE]) == 1
    said = capsys.readouterr()
    unread, read = (json.loads(line) for line in said.out.splitlines())
    assert (unread["notebook"], unread["items"]) == (str(folder), [])
    assert "folder.ipynb can't be read" in unread["problems"][0]
    assert read["notebook"] == str(notebooks[0])
    assert read["points"] == read["max_points"]
    assert "\x1b" not in said.out + said.err


def test_names_that_are_no_clean_text_are_printed_as_clean_text(notebooks: list[Path]) -> None:
    names = (b"\xff.ipynb", b"\x1b[2J.ipynb", "\x9b\u202e.ipynb".encode())
    paths = [os.fsencode(notebooks[0].parent) + b"/" + name for name in names]
    for path in paths:
        shutil.copy(notebooks[0], os.fsdecode(path))
    command: list[str | bytes] = [sys.executable, "-m", "autograder.cli", "mark", "--json", *COURSE, *paths]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    lines = run.stdout.removesuffix("\n").split("\n")
    assert len(lines) == len(names)
    for line, path in zip(lines, paths, strict=True):
        assert json.loads(line)["points"] > 0
        assert os.fsencode(json.loads(line)["notebook"]) == path
        assert line.isprintable()


def test_each_notebook_is_called_by_its_path_as_it_was_given(
    notebooks: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = notebooks[0].parent / "other" / notebooks[0].name
    other.parent.mkdir()
    shutil.copy(notebooks[0], other)
    monkeypatch.chdir(other.parent)
    given = [f"./{other.name}", f"..//{other.name}", str(other)]
    assert main(["mark", *given, "--json", *COURSE]) == 0
    assert [json.loads(line)["notebook"] for line in capsys.readouterr().out.splitlines()] == given


def test_a_line_is_a_line_for_everybody(
    notebooks: list[Path], average: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    breaks = "a\u2028b\u2029c"
    raising = f"def cumulative_average(x):\n    raise ValueError({breaks!r})\n"
    path = notebooks[0].with_name(f"02\x85{breaks}.ipynb")
    path.write_bytes(as_bytes(with_answers(solved(average), {"cumulative_average": raising})))
    assert main(["mark", str(path), "--json", *COURSE]) == 0
    (line,) = capsys.readouterr().out.splitlines()  # str.splitlines takes all of them for line ends
    assert json.loads(line)["notebook"] == str(path)
    (item,) = [item for item in json.loads(line)["items"] if item["id"] == "cumulative_average"]
    assert breaks in item["shown"]["sentence"]


@pytest.mark.parametrize("command", ["mark", "verify"])
def test_a_closed_pipe_ends_quietly(notebooks: list[Path], command: str) -> None:
    given = [str(notebooks[0])] * 3 if command == "mark" else ["01_tiny", "--quick"]
    course = COURSE if command == "mark" else ["--course", str(TINY)]
    run = [sys.executable, "-m", "autograder.cli", command, *given, "--json", *course]
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        if command == "mark":
            assert json.loads(process.stdout.readline())["version"] == 1
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_the_help_says_what_the_exit_codes_of_mark_mean(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["mark", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for meaning in ("0 every notebook was marked", "1 at least one couldn't be", "2 nothing was marked", "130", "141"):
        assert meaning in said


@pytest.mark.parametrize("course", [".", "course", "../course"])
def test_a_course_that_was_handed_in_is_not_run(
    tmp_path: Path, course: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "submitted" / "eve" / "01_tiny"
    place.mkdir(parents=True)
    (place / "01_tiny.ipynb").write_bytes(b"{}")
    shutil.copytree(TINY, place / course, dirs_exist_ok=True)
    tasks = place / course / "solutions" / "01_tiny" / "tasks" / "row_means.py"
    tasks.write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n{tasks.read_text()}")
    monkeypatch.chdir(place)
    assert main(["mark", "01_tiny.ipynb"]) == 2
    assert not (tmp_path / "ran").exists()
    assert "may have been handed in" in capsys.readouterr().err
    assert main(["mark", "01_tiny.ipynb", "--course", course]) == 0


def test_a_course_beside_a_link_that_goes_round_is_not_run_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = shutil.copytree(TINY, tmp_path / "eve")
    (place / "round.ipynb").symlink_to("round.ipynb")
    monkeypatch.chdir(place)
    assert main(["mark", "round.ipynb"]) == 2
    assert "may have been handed in" in capsys.readouterr().err


def test_links_that_lead_nowhere_do_not_keep_others_from_being_marked(
    notebooks: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "round.ipynb").symlink_to("round.ipynb")
    (tmp_path / "folder").symlink_to("folder")
    for step in range(1200):
        (tmp_path / f"on{step}.ipynb").symlink_to(f"on{step + 1}.ipynb")
    odd = [tmp_path / name for name in ("round.ipynb", "folder/in_it.ipynb", "on0.ipynb")]
    monkeypatch.chdir(ROOT)
    for course in (COURSE, []):
        assert main(["mark", *map(str, [*odd, *notebooks]), *course]) == 1
        said = capsys.readouterr()
        assert all(f"{path.name} can't be read" in said.out for path in odd)
        assert all(path.name in said.out for path in notebooks)


def test_a_class_marks_with_its_own_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "submitted" / "ada" / "01_tiny"
    place.mkdir(parents=True)
    (place / "01_tiny.ipynb").write_bytes(b"{}")
    shutil.copytree(TINY, tmp_path / "course")
    monkeypatch.chdir(place)
    assert main(["mark", "01_tiny.ipynb"]) == 0


def test_an_unknown_assignment_lists_the_known_ones(notebooks: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mark", str(notebooks[0]), "--assignment", "99_none", *COURSE]) == 2
    assert "02_cumulative_average" in capsys.readouterr().err


def test_no_course_is_a_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mark", "x.ipynb", "--course", str(tmp_path)]) == 2
    assert "--course" in capsys.readouterr().err


@pytest.mark.parametrize("count", ["0", "-1", "two", "1.5"])
def test_a_count_that_is_none_is_a_clear_error(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["grade", "02_cumulative_average", f"--workers={count}"])
    assert "a whole number from 1 on" in capsys.readouterr().err


def test_doctor_tells_the_mode_that_grading_has(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (code, report["isolation"]) in [(0, "full"), (3, "fallback")]
    assert all(layer["detail"] for layer in report["layers"])


def test_the_program_starts_without_loading_nbgrader() -> None:
    """Each of nbgrader and nbformat costs seconds at start; marking needs neither."""
    code = (
        "import sys; from autograder import cli; from autograder.marking import mark_files, marker; "
        "print([name for name in ('nbgrader', 'nbformat', 'IPython', 'matplotlib.pyplot') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "[]"
