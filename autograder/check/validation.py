"""What nbgrader's Validate is told.

It runs the notebook anew, and a check cell has failed for it where an error ends it; what it shows is the error's text.
In every other run, a check that isn't passed is a card and no error.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable
from contextlib import redirect_stderr
from dataclasses import replace

from autograder.check.feedback_card import Feedback

WIDTH = 80  # characters: nbgrader's command cuts longer lines
PASSED = ("right", "noted")  # of a card; an answer that can be read is passed where only the grading judges it


class NotPassed(Exception):
    """A check of a notebook that nbgrader validates was not passed; the text is its card's."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: where a check raises this tells a student nothing."""
        return [str(self)]


def validating() -> bool:
    """Whether nbgrader's Validate, the command or the button, runs this."""
    return os.environ.get("NBGRADER_EXECUTION") == "validate"


def validate(checked: Callable[[], Feedback], optional: bool = False) -> None:
    """Raise NotPassed, with the text of the card that `checked` returns, where the check isn't passed.

    What is `optional` may also be left unwritten. A cell without a result passes for nbgrader.
    """
    with redirect_stderr(sys.stdout):  # nbgrader takes any text on stderr for a failure
        card = checked()
    if card.tone not in PASSED and not (optional and card.tone == "open"):
        raise NotPassed(_as_text(card))


def _as_text(card: Feedback) -> str:
    lines = repr(replace(card, code="")).splitlines()
    return "\n".join(textwrap.fill(line, WIDTH, break_on_hyphens=False) for line in lines)
