"""A small class's pages, as a browser would read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from autograder.cli import main
from tests.review.conftest import graded_class, term

__all__ = ["graded_class", "term"]
Build = Callable[..., "Site"]


class Site:
    """The pages of a site in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))

    def page(self, path: str) -> BeautifulSoup:
        return BeautifulSoup((self.folder / path).read_text(encoding="utf-8"), "html.parser")

    def student(self, name: str) -> BeautifulSoup:
        """The page that the list of students links under a name."""
        (link,) = [link for link in self.page("students.html").select("tbody a") if link.text == name]
        return self.page(str(link["href"]))

    def concern(self, id: str) -> Tag | None:
        return self.page("index.html").select_one(f"section.concern#{id}")


def build(root: Path, *arguments: str) -> Site:
    assert main(["review", "--class", str(root), *arguments]) == 0
    return Site(root / "review")


@pytest.fixture(scope="session")
def site(graded_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The pages of the class that has a bit of everything."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    assert main(["review", "--class", str(graded_class), "--output", str(folder)]) == 0
    return Site(folder)


def words(part: Tag | None) -> str:
    """What a part of a page says, in one line."""
    assert part is not None
    return " ".join(part.get_text(" ").split()).replace("\N{NARROW NO-BREAK SPACE}", " ")


def table(part: Tag | None) -> list[list[str]]:
    """The rows of the first table in a part of a page, without its head."""
    assert part is not None
    found = part.select_one("table")
    assert found is not None
    return [[words(cell) for cell in row.select("th, td")] for row in found.select("tbody tr")]
