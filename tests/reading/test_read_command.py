"""`autograder read` as a person types it, and formgrader beside it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.reading.page_server import TOKEN_HEADER
from tests.classes import TINY
from tests.jupyter_servers import running
from tests.nbgrader_commands import ROOT

from .conftest import BETTER, CASE, READ, WORDS, Reader, give_in_formgrader, held

pytestmark = pytest.mark.slow

Capture = pytest.CaptureFixture[str]


def test_it_says_where_the_page_is_and_ctrl_c_ends_it(texts: Path) -> None:
    started, said = started_reading(texts)
    assert f"0 of {len(READ)} texts are read." in said
    address, token = re.findall(r"(http://127\.0\.0\.1:\d+)/#(\S+)", said)[0]
    request = urllib.request.Request(f"{address}/api/questions", headers={TOKEN_HEADER: token})
    with urllib.request.urlopen(request) as answer:
        (question,) = json.load(answer)["questions"]
    assert [aspect["name"] for aspect in question["aspects"]] == [CASE, BETTER]
    assert f"0 of {len(READ)} texts are read. Run the same command again to go on." in ended(started)


def test_when_all_is_read_it_says_what_comes_next(texts: Path) -> None:
    for student in READ:
        give_in_formgrader(texts, student, 2.0)
    started, said = started_reading(texts)
    assert f"All {len(READ)} are read. See them here" in said
    assert f"All {len(READ)} texts are read. Next: nbgrader generate_feedback {TINY} --force" in ended(started)


def started_reading(texts: Path) -> tuple[subprocess.Popen[str], str]:
    """The running command, and what it said when the page was there."""
    command = [sys.executable, "-m", "autograder.cli", "read", "01", "--class", str(texts)]
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert started.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = started.stdout.readline()
        assert line, said
        said += line
    return started, said


def ended(started: subprocess.Popen[str]) -> str:
    """What it says after Ctrl-C."""
    os.kill(started.pid, signal.SIGINT)
    out, errors = started.communicate(timeout=60)
    assert (started.returncode, errors) == (0, "")
    return out


def test_where_nothing_is_to_be_read_it_says_so(root: Path, capsys: Capture) -> None:
    assert main(["read", "--class", str(root)]) == 0
    assert "Nothing is there to read" in capsys.readouterr().out


def test_what_cannot_be_read_is_told(root: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["read", "99", "--class", str(root)]) == 2
    assert "There is no assignment '99'" in capsys.readouterr().err
    assert main(["read", "--class", str(tmp_path)]) == 2
    assert "is no class directory" in capsys.readouterr().err
    questions = root / "course" / "solutions" / TINY / "questions.yaml"
    questions.write_text(questions.read_text().partition("- id: q1_4_words")[0])
    assert main(["read", "--class", str(root)]) == 2
    assert "No question of 01_tiny is answered by a text." in capsys.readouterr().err


def test_two_aspects_of_one_name_are_told(root: Path, capsys: Capture) -> None:
    questions = root / "course" / "solutions" / TINY / "questions.yaml"
    questions.write_text(questions.read_text().replace(BETTER, CASE))
    assert main(["read", "--class", str(root)]) == 2
    assert "two aspects of the rubric have one name" in capsys.readouterr().err


def test_grade_and_report_send_to_it_while_texts_wait(texts: Path, capsys: Capture) -> None:
    assert main(["grade", TINY, "--class", str(texts)]) == 0
    assert f"autograder read {TINY}" in capsys.readouterr().out
    assert main(["report", TINY, "--class", str(texts)]) == 0
    assert "What waits to be read (autograder read" in capsys.readouterr().out


def test_formgrader_shows_what_was_given(reader: Reader, texts: Path) -> None:
    reader.look()
    reader.gave(["ada"], [2, 0.5], "Good.")
    with running("jupyter_server", texts, texts.parent / "server") as server:

        def formgrader(path: str) -> str:
            headers = {"Authorization": f"token {server.token}"}
            with urllib.request.urlopen(
                urllib.request.Request(f"{server.url}/formgrader/{path}", headers=headers)
            ) as page:
                return str(page.read().decode())

        sheets = json.loads(formgrader(f"api/submitted_notebooks/{TINY}/{TINY}"))
        sheet = next(one for one in sheets if one["student"] == "ada")
        grades = {one["name"]: one for one in json.loads(formgrader(f"api/grades?submission_id={sheet['id']}"))}
        comments = {one["name"]: one for one in json.loads(formgrader(f"api/comments?submission_id={sheet['id']}"))}
        assert (grades[WORDS]["manual_score"], grades[WORDS]["needs_manual_grade"]) == (2.5, False)
        assert comments[WORDS]["manual_comment"] == f"- {CASE}: 2 of 2\n- {BETTER}: 0.5 of 1\n\nGood."
        assert not sheet["needs_manual_grade"]
        assert f'id="{WORDS}"' in formgrader(f"submissions/{sheet['id']}/")
    assert held(texts, "ada").score == 2.5
