"""The pages for the first ten minutes: every command of them is run word for word, as a newcomer would."""

from __future__ import annotations

import csv
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

PAGES = ROOT / "course" / "first_ten_minutes"
# What other tests run (`make`, the demo), what serves until it is stopped, and what takes this Python's place.
ELSEWHERE = re.compile(r"make |jupyter lab$|source \.venv/bin/activate$")


def commands(page: str) -> list[str]:
    """Every line of a page's shell blocks but those that are run elsewhere."""
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", (PAGES / page).read_text(encoding="utf-8"))
    return [line for block in blocks for line in block.splitlines() if not ELSEWHERE.match(line)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def run(home: Path, lines: list[str], after: Mapping[str, str] | None = None) -> str:
    """Run the lines in one shell, from the course's folder, with an empty home directory; what they print. Each may
    have another line `after` it."""
    script = [line for command in lines for line in (command, (after or {}).get(command, ""))]
    environment = {**os.environ, "HOME": str(home), "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-e"], input="\n".join(script), cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_an_instructor_grades_two_students_and_sees_what_they_get(home: Path) -> None:
    export, throw_away = "nbgrader export --to grades.csv", "rm -r ~/trial"
    lines = commands("instructor.md")
    look = f"cp -r grades.csv feedback review {home}"
    said = run(home, lines, after={export: look})
    assert "01_state_updates: 2 graded" in said
    with (home / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == "01_state_updates"}
    assert {name: (row["first_name"], float(row["score"])) for name, row in rows.items()} == {
        "ada": ("Ada", 10.0),
        "ben": ("Ben", 0.0),
    }
    page = (home / "feedback" / "ada" / "01_state_updates" / "01_state_updates.html").read_text(encoding="utf-8")
    assert "01_state_updates: 10 of 17 points" in page
    assert "Ada Example" in (home / "review" / "students.html").read_text(encoding="utf-8")
    assert throw_away in lines
    assert not (home / "trial").exists()


def test_an_administrator_makes_a_class_an_exchange_and_a_backup(home: Path) -> None:
    lines = commands("administrator.md")
    hand_in = "mkdir -p submitted && cp -r release submitted/ada"
    doctor = lines.index("autograder doctor")
    lines[doctor] += " || [ $? = 3 ]"  # what the page says of it
    said = run(home, lines, after={"nbgrader list": hand_in})
    assert "memory-2027 01_state_updates" in said
    assert "07_capstone_recall: 1 graded" in said
    assert (home / "class").stat().st_mode & 0o777 == 0o700
    assert (home / "restored" / "class" / "results" / "01_state_updates" / "ada.json").is_file()


def test_a_student_gets_the_three_files_that_the_page_names() -> None:
    page = (PAGES / "student.md").read_text(encoding="utf-8")
    released = {path.name for path in (ROOT / "exercises" / "01_state_updates").iterdir() if path.is_file()}
    assert released == set(re.findall(r"`([\w.]+\.(?:ipynb|py|json))`", page.split("## 1")[0]))
    assert "~/memory/bin/jupyter lab 01_state_updates.ipynb" in commands("student.md")
