"""The page of an administrator as a test follows it: its commands, by the heading that they stand under."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]
ONE_SERVER = ROOT / "deploy" / "one_server"


def commands(heading: str, page: Path = ONE_SERVER / "README.md") -> str:
    """The shell commands under a heading, one after the other. Raises KeyError where the page has no such heading."""
    parts = re.split(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", sections[heading], flags=re.MULTILINE | re.DOTALL)
    return "".join(map(dedent, blocks))
