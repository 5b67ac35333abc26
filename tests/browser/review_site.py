"""The pages of an instructor's review as files: their kinds, their links, and which way of clicks leads to each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

HOME = "index.html"
OF_A_KIND = 3  # pages of a folder that are looked at


@dataclass(frozen=True)
class PageLink:
    """A link as a page has it, and the page of the site and the place on it that it leads to; `target` is None for one
    that leads out of the site."""

    href: str
    target: str | None
    fragment: str


@dataclass(frozen=True)
class SitePage:
    """A page's links, the ids of its elements, and what a browser would load along with it."""

    links: tuple[PageLink, ...]
    ids: frozenset[str]
    loads: tuple[str, ...]


@dataclass(frozen=True)
class ReviewSite:
    """A site in a folder."""

    folder: Path

    @cached_property
    def pages(self) -> Mapping[str, SitePage]:
        """Every page by its path from the site's folder."""
        files = sorted(self.folder.rglob("*.html"))
        return {file.relative_to(self.folder).as_posix(): self._read(file) for file in files}

    def chosen(self, named: Iterable[str] = ()) -> list[str]:
        """Every page of the top folder; of each other folder the largest page, the smallest, and those whose name holds
        one of the words `named`."""
        folders: dict[str, list[str]] = {}
        for path in self.pages:
            folders.setdefault(path.rpartition("/")[0], []).append(path)
        found = folders.pop("")
        for paths in folders.values():
            by_size = sorted(paths, key=lambda path: (self.folder / path).stat().st_size)
            wanted = [path for path in paths if any(word in path for word in named)]
            found += dict.fromkeys([by_size[0], by_size[-1], *wanted[:OF_A_KIND]])
        return found

    def ways(self) -> Mapping[str, tuple[str, ...]]:
        """For each page that can be reached from the first one, the hrefs to click, as few as possible."""
        ways: dict[str, tuple[str, ...]] = {HOME: ()}
        waiting = deque([HOME])
        while waiting:
            page = waiting.popleft()
            for link in self.pages[page].links:
                target = link.target
                if target and target in self.pages and target not in ways:
                    ways[target] = (*ways[page], link.href)
                    waiting.append(target)
        return ways

    def _read(self, file: Path) -> SitePage:
        reader = _Reader()
        reader.feed(file.read_text(encoding="utf-8"))
        links = tuple(self._link(file, href) for href in reader.hrefs)
        return SitePage(links, frozenset(reader.ids), tuple(reader.loads))

    def _link(self, file: Path, href: str) -> PageLink:
        parts = urlsplit(href)
        if parts.scheme or parts.netloc:
            return PageLink(href, None, "")
        target = (file.parent / unquote(parts.path)).resolve() if parts.path else file.resolve()
        return PageLink(href, _relative(target, self.folder.resolve()), unquote(parts.fragment))


def _relative(target: Path, folder: Path) -> str:
    return target.relative_to(folder).as_posix() if target.is_relative_to(folder) else f"outside: {target.name}"


class _Reader(HTMLParser):
    """Collects what a page links to, has as ids, and loads."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if tag in ("a", "area") and "href" in values:
            self.hrefs.append(values["href"])
        elif tag == "link" and "href" in values:
            self.loads.append(values["href"])
        if tag in ("img", "script", "iframe", "source", "audio", "video", "embed", "object"):
            self.loads += [values[name] for name in ("src", "data") if name in values]
