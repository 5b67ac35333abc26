"""The comment that a student gets on a text: the points of each aspect, then the reader's words.

It is nbgrader's comment, which formgrader shows as text and feedback pages as Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from autograder.answers.question import Question
from autograder.report.sanitize import sanitized, unsanitized


def comment_text(question: Question, points: Mapping[str, float | None], words: str) -> str:
    """The comment for points by the aspect's name, of which none is missing."""
    lines = [f"- {line.name}: {points[line.name]:g} of {line.points:g}" for line in question.rubric]
    return sanitized("\n".join(lines) + (f"\n\n{words.strip()}" if words.strip() else ""))


def own_words(question: Question, comment: str | None) -> str:
    """The reader's words in a comment, whoever wrote it: without the lines of the aspects that it begins with."""
    names = "|".join(re.escape(line.name) for line in question.rubric)
    head = re.compile(rf"\s*(- ({names}): [\d.]+ of [\d.]+\s*(\n|$))+")
    text = unsanitized(comment or "")
    found = head.match(text)
    return text[found.end() :].strip() if found else text.strip()
