"""The demo: a simulated class through all of it."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from autograder.cli import main
from autograder.commands.simulated_students import names_of, tricks_of
from autograder.result import read_result
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

TINY = ROOT / "tests" / "fixtures" / "tiny_course"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The class of a demo, and what the demo printed."""
    folder = tmp_path_factory.mktemp("demo") / "class"
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert main(["demo", str(folder), "--students", "32", "--course", str(TINY)]) == 0
    return folder, printed.getvalue()


def test_the_demo_ends_on_one_screen(played: tuple[Path, str]) -> None:
    folder, text = played
    headings = (
        *("Who got what", "What the class believes", "What was tried", "For your browser", "Where to look"),
        "What to type next",
    )
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)
    last = text[places[0] :].splitlines()
    assert len(last) + 6 <= 40  # the course has six assignments more
    assert max(len(line) for line in last if str(folder.parent) not in line) <= 80


def test_the_demo_says_in_words_what_is_believed_by_how_many(played: tuple[Path, str]) -> None:
    believed = played[1].partition("What the class believes")[2].partition("\n\n")[0]
    shares = [int(share) for share in re.findall(r"(?m)^  (\d+) of 32: ", believed)]
    assert len(shares) == 3
    assert shares == sorted(shares, reverse=True)
    assert "sum in place of mean" in believed or "(SUM_FOR_MEAN)" in believed


def test_the_demo_says_truly_what_a_trick_earned(played: tuple[Path, str]) -> None:
    folder, text = played
    tricks = tricks_of(names_of(32))
    assert set(tricks) == {"elif", "nadia", "xenia"}
    for student in tricks:
        result = read_result((folder / "results" / "01_tiny" / f"{student}.json").read_text())
        assert result.item("row_means").points == 0
        assert f"  {student}, 0 of {result.item('row_means').max_points:g} points: " in text


def test_the_instructors_pages_are_where_the_demo_says(played: tuple[Path, str]) -> None:
    folder, text = played
    (address,) = re.findall(r"(?m)^For your browser: (file:.*)$", text)
    page = Path(unquote(urlsplit(address).path))
    assert page == folder.resolve() / "review" / "index.html"
    assert "For the next lecture" in page.read_text(encoding="utf-8")


def test_everything_is_in_the_files(played: tuple[Path, str]) -> None:
    folder, text = played
    everything = (folder / "demo.txt").read_text()
    for told in ("Who got what", "umut", "SUM_FOR_MEAN", "JPEG photo", "never end", "was cut off"):
        assert told in everything
    assert "JPEG photo" not in text
    assert len(list((folder / "results" / "01_tiny").iterdir())) == 32
    assert len(list((folder / "autograded").iterdir())) == 32


def test_verbose_prints_what_is_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "class"
    assert main(["demo", str(folder), "--students", "2", "--verbose", "--course", str(TINY)]) == 0
    text = capsys.readouterr().out
    assert (folder / "demo.txt").read_text() in text
    assert "What was tried" not in text  # the two try nothing
