"""Downloads as browsers, macOS and the platforms leave them, and the command as a person types it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from tests.classes import TINY

ROSTER = """\
id,first_name,last_name,email,lms_user_id
alovelace,Ada,Lovelace,ada.lovelace@example.edu,101
bsmith1,Bob,Smith,bob@example.edu,102
bsmith2,Bob,Smith,robert.smith@example.edu,103
jmueller,Jörg,Müller,jm@example.edu,104
"""


@dataclass(frozen=True)
class Collecting:
    """A class, a place for downloads, and what the command said last."""

    root: Path
    downloads: Path
    capsys: pytest.CaptureFixture[str]
    course: Course

    def notebook(self, text: str = "", **answers: str) -> bytes:
        """A solved notebook with a free text of its own."""
        return as_bytes(with_answers(solved(self.course.assignment(TINY)), {"q1_4_words": text} | answers))

    def untouched(self) -> bytes:
        return (self.root / "release" / TINY / f"{TINY}.ipynb").read_bytes()

    def zip(self, name: str, files: Mapping[str, bytes]) -> Path:
        path = self.downloads / name
        path.write_bytes(zipped(files))
        return path

    def folder(self, name: str, files: Mapping[str, bytes]) -> Path:
        for file, data in files.items():
            path = self.downloads / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return self.downloads / name

    def roster(self) -> list[str]:
        path = self.downloads / "roster.csv"
        path.write_text(ROSTER, encoding="utf-8")
        return ["--roster", str(path)]

    def run(self, *words: str | Path, code: int = 0) -> str:
        """What the command prints."""
        assert main(["collect", *map(str, words), "--class", str(self.root)]) == code
        return self.capsys.readouterr().out

    def json(self, *words: str | Path, code: int = 0) -> dict[str, list[dict[str, object]]]:
        found: dict[str, list[dict[str, object]]] = json.loads(self.run(*words, "--json", code=code))
        return found

    def changes(self, *words: str | Path, code: int = 0) -> dict[str, str]:
        """What would be done, by student."""
        submissions = self.json(*words, code=code)["submissions"]
        return {str(one["student"]): str(one["change"]) for one in submissions}

    def submitted(self) -> dict[str, bytes]:
        """The notebooks in the class, by student; each has the expected name."""
        found = (self.root / "submitted").rglob("*.ipynb")
        return {path.relative_to(self.root / "submitted").parts[0]: path.read_bytes() for path in found}

    def time(self, student: str) -> str:
        return (self.root / "submitted" / student / TINY / "timestamp.txt").read_text().strip()


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def letter(sender: str, name: str, data: bytes, received: str | None = None) -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "course@example.edu"
    message["Date"] = "Mon, 01 Mar 2027 20:00:00 +0100"
    if received:
        message["Received"] = f"from outside by mail.example.edu with ESMTPS id 1; {received}"
        message["Received"] = "from laptop by outside with SMTP; Sun, 28 Feb 2027 23:00:00 +0000"
    message.set_content("Here is my notebook.")
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
