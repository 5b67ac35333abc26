"""The demo: a simulated class through all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.cli import main
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

TINY = ROOT / "tests" / "fixtures" / "tiny_course"


def test_the_demo_ends_with_scores_beliefs_troubles_and_what_to_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "class"
    assert main(["demo", str(folder), "--students", "32", "--course", str(TINY)]) == 0
    text = capsys.readouterr().out
    for heading in (
        "Who got what",
        "What the class believes",
        "What was wrong with whose notebook",
        "What to type next",
    ):
        assert heading in text
    assert "SUM_FOR_MEAN" in text
    assert "JPEG photo" in text
    assert "never end" in text
    assert len(list((folder / "results" / "01_tiny").iterdir())) == 32
    assert len(list((folder / "autograded").iterdir())) == 32


def test_a_cheat_gets_nothing_for_the_forged_task(tmp_path: Path) -> None:
    from autograder.marking.result import read_result

    folder = tmp_path / "class"
    assert main(["demo", str(folder), "--students", "5", "--course", str(TINY)]) == 0
    cheat = read_result((folder / "results" / "01_tiny" / "elif.json").read_text())
    assert cheat.items[0].points == 0
