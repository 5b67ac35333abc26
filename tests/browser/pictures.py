"""The pictures of the documentation: taken by the tests, and current as long as the page says what it said then."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Locator

FOLDER = Path(__file__).parents[2] / "course" / "images"
CARDS = "[role=group][aria-label^='Check of']"
COLOURS = 64  # they make a third of the file, and look the same


@dataclass(frozen=True)
class Pictures:
    """Takes pictures into `folder`, or, where the environment variable PICTURES is "new", into the documentation.

    Beside each picture stands what it shows, as text, with a digest of the cards' HTML, which holds their looks. Pixels
    aren't compared: they differ from one machine's fonts to another's. A picture that is current is left as it is.
    """

    folder: Path

    def take(self, name: str, *shown: Locator, margin: int = 0) -> None:
        """Of parts of one page that are in sight together, and of `margin` pixels around them. Raises AssertionError
        where the documentation's picture shows something else."""
        words = "\n".join(map(described, shown))
        record = FOLDER / f"{name}.txt"
        current = record.is_file() and record.read_text(encoding="utf-8") == words
        if os.environ.get("PICTURES") != "new":
            _save(shown, self.folder / f"{name}.png", margin)
            assert current, (
                f"{name}.png is no longer what the page shows: `make pictures`, and look at it. Now:\n{words}"
            )
        elif not (current and (FOLDER / f"{name}.png").is_file()):
            _save(shown, FOLDER / f"{name}.png", margin)
            record.write_text(words, encoding="utf-8")


def _save(shown: Sequence[Locator], path: Path, margin: int) -> None:
    shown[-1].evaluate("part => part.scrollIntoView({block: 'end'})")
    boxes = [box for part in shown if (box := part.bounding_box())]
    left, top = (min(box[side] for box in boxes) - margin for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes) + margin
    bottom = max(box["y"] + box["height"] for box in boxes) + margin
    taken = shown[0].page.screenshot(clip={"x": left, "y": top, "width": right - left, "height": bottom - top})
    Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def described(shown: Locator) -> str:
    """What a part of a page says, and the looks of the cards in it."""
    text = re.sub(r"\s*\n\s*", "\n", shown.inner_text()).strip()
    cards = "".join(shown.locator(CARDS).evaluate_all("cards => cards.map(card => card.outerHTML)"))
    return f"{text}\n\ncards: {hashlib.sha256(cards.encode()).hexdigest()[:16]}\n"
