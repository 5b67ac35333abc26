"""decisions.yaml is read strictly: what is wrong is told with its line, and nothing is graded by half of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.class_directory.lock import only_grader
from autograder.classroom.grading_run import grade
from autograder.cli import main
from autograder.decisions.in_force import in_force
from autograder.decisions.record import FILE, read_decisions
from autograder.errors import ClassError
from tests.classes import TINY, hand_in

DROP = "- decide: drop\n  assignment: 01_tiny\n  item: q1_2_one\n"
TIME = "- decide: extra-time\n  assignment: 01_tiny\n  student: ada\n"


@pytest.fixture
def root(fresh_class: Path, tmp_path: Path) -> Path:
    """A new class, nothing graded yet."""
    return Path(shutil.copytree(fresh_class, tmp_path / "class"))


def write(root: Path, entries: str) -> None:
    (root / FILE).write_text(f"decisions:\n{entries}")


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        (DROP + "- decide: dorp\n", "line 5, decision 2, key `decide`: expected drop, full-marks or extra-time, but found the text 'dorp' (did you mean `drop`?)."),
        (DROP + "  itme: x\n", "line 2, decision 1: the key `itme` isn't known with `decide: drop`; known: decide, "),
        ("- decide: drop\n  assignment: 01_tiny\n", "line 2, decision 1: the key `item` is missing; expected a text."),
        (TIME + "  hours: 2 days\n", "line 5, decision 1, key `hours`: expected a number of hours above 0, at most 10000, but found the text '2 days'."),
        (TIME + "  hours: 0\n", "line 5, decision 1, key `hours`: expected a number of hours above 0, at most 10000, but found 0."),
        (TIME, "line 2, decision 1: expected either `hours` or `until`, and not both."),
        (TIME + "  hours: 2\n  until: 2027-03-05 10:00 UTC\n", "line 2, decision 1: expected either `hours` or `until`, and not both."),
        (TIME + "  until: tomorrow\n", "line 5, decision 1, key `until`: expected a time such as 2027-03-05 23:59:00 UTC"),
        (TIME + "  until: 2027-02-30 10:00 UTC\n", "line 2, decision 1: there is no such time as '2027-02-30 10:00 UTC'"),
        (DROP + "  item: q1_1_number\n", "line 5: this isn't valid YAML: the key `item` stands twice in one mapping."),
        (DROP + DROP.replace("drop", "full-marks"), "line 5, decision 2: decision 1 is on q1_2_one, too. Undo one of them."),
        (DROP.replace("01_tiny", "01_tny"), "line 2, decision 1: there is no assignment '01_tny' (did you mean 01_tiny?); there are: 01_tiny."),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_told_with_its_line(root: Path, entries: str, says: str) -> None:
    write(root, entries)
    with pytest.raises(ClassError) as error:
        in_force(root, TINY, [TINY])
    assert str(error.value).startswith(f"{root / FILE}, ")
    assert says in str(error.value)


def test_an_item_that_there_is_not_stops_grading_before_anything_is_written(root: Path, good: bytes) -> None:
    hand_in(root, "ada", good)
    write(root, DROP.replace("q1_2_one", "q1_2_on"))
    with pytest.raises(ClassError, match=r"line 2, decision 1: there is no item 'q1_2_on' \(did you mean q1_2_one\?\)"):
        grade(root, TINY)
    assert not (root / "results" / TINY).exists()


def test_an_undone_decision_does_not_hold_and_a_missing_file_decides_nothing(root: Path) -> None:
    assert in_force(root, TINY, [TINY]).rulings == {}
    write(root, f"{DROP}  undone:\n    by: paul\n{DROP}")
    assert list(in_force(root, TINY, [TINY]).rulings) == ["q1_2_one"]
    write(root, f"{DROP}  undone: {{}}\n")
    assert in_force(root, TINY, [TINY]).rulings == {}


def test_decisions_are_listed_with_who_when_and_why(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["decide", *arguments, "--class", str(root)])
        return (code, *capsys.readouterr())

    assert "Nothing was decided" in run("list")[1]
    assert run("drop", "01", "q1_2_one", "--reason", "Ünclear\x1b[2J")[0] == 0
    assert run("extra-time", "O'Neil 名前", "01", "--hours", "48")[0] == 0
    again = run("full-marks", "01", "q1_2_one")
    assert again[0] == 2
    assert "Decided already: 1. drop q1_2_one of 01_tiny" in again[2]
    assert "did you mean q1_2_one?" in run("drop", "01", "q1_2_on")[2]
    assert "is no time such as" in run("extra-time", "ada", "01", "--until", "soon")[2]
    assert run("undo", "1", "--reason", "clear after all")[0] == 0
    assert "undone already" in run("undo", "1")[2]
    assert "There is no decision 9" in run("undo", "9")[2]
    code, listed, _ = run("list")
    first, second = listed.splitlines()
    assert code == 0
    assert first.startswith("1. drop q1_2_one of 01_tiny (")
    assert ": Ünclear [2J [undone (" in first
    assert first.endswith("): clear after all]")
    assert second.startswith("2. O'Neil 名前 has 48 hours more for 01_tiny (")
    records = [json.loads(line) for line in run("list", "--json")[1].splitlines()]
    assert [(one["version"], one["number"], one["decide"]) for one in records] == [(1, 1, "drop"), (1, 2, "extra-time")]
    assert records[0]["undone"]["reason"] == "clear after all"
    assert len(read_decisions(root)) == 2


def test_nothing_is_decided_while_the_class_is_graded(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with only_grader(root):
        assert main(["decide", "drop", "01", "q1_2_one", "--class", str(root)]) == 2
    assert "Another grader" in capsys.readouterr().err
    assert read_decisions(root) == ()
