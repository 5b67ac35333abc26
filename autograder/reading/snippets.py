"""Sentences that readers write again and again, kept in the class for each question: comment_snippets.json."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.errors import ClassError
from autograder.files import writable_for_the_group, write_whole

VERSION = 1
MOST, MOST_CHARACTERS = 26, 1_000  # a letter for each


class Snippets:
    """The snippets of a class, by question. Every change is written at once."""

    def __init__(self, root: Path, groupshared: bool) -> None:
        self.path, self._groupshared = root / "comment_snippets.json", groupshared

    def of(self, question: str) -> list[str]:
        """The snippets of a question, in the order of their letters. Raises ClassError."""
        return self._read().get(question, [])

    def add(self, question: str, text: str) -> list[str]:
        """Keep one more, once; returns them all. Raises ClassError where there is no room or nothing to keep."""
        text = text.strip()
        if not text:
            raise ClassError("There is nothing to keep: the comment is empty.")
        if len(text) > MOST_CHARACTERS:
            raise ClassError(f"A snippet has {MOST_CHARACTERS:,} characters at most. Keep a shorter one.")
        kept = self._read()
        mine = kept.setdefault(question, [])
        if text not in mine:
            if len(mine) >= MOST:
                raise ClassError(f"There are {MOST} snippets, one for each letter. Remove one first.")
            mine.append(text)
            self._write(kept)
        return mine

    def remove(self, question: str, text: str) -> list[str]:
        """Keep one no more; returns those that are left. Raises ClassError."""
        kept = self._read()
        kept[question] = [one for one in kept.get(question, []) if one != text]
        self._write(kept)
        return kept[question]

    def _read(self) -> dict[str, list[str]]:
        try:
            record = json.loads(self.path.read_text(encoding="utf-8"))
            if record["version"] != VERSION:
                raise ValueError(f"it is of version {record['version']}")
            return {str(question): list(map(str, texts)) for question, texts in record["snippets"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ClassError(f"{self.path} can't be read: {error}. Mend it or move it away.") from error

    def _write(self, kept: dict[str, list[str]]) -> None:
        record = {"version": VERSION, "snippets": {question: texts for question, texts in kept.items() if texts}}
        try:
            with writable_for_the_group(self._groupshared):
                write_whole(self.path, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            raise ClassError(f"{self.path} can't be written: {error.strerror or error}.") from error
