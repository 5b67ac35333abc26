"""What holds for every page: it stands alone, its links lead somewhere, and it can be used without eyes or mouse."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest

from tests.site.conftest import Site, words

pytestmark = pytest.mark.slow


def test_there_are_pages_for_everybody(site: Site) -> None:
    assert {"index.html", "misconceptions.html", "students.html"} <= set(site.paths)
    assert len([path for path in site.paths if path.startswith("students/")]) == 7


def test_links_lead_to_pages_and_parts_that_are_there(site: Site) -> None:
    checked = 0
    for path in site.paths:
        for link in site.page(path).select("a[href]"):
            target, _, part = unquote(str(link["href"])).partition("#")
            found = (site.folder / PurePosixPath(path).parent / target).resolve() if target else site.folder / path
            assert found.is_relative_to(site.folder.resolve()) or not target
            assert found.is_file(), (path, link)
            page = site.page(found.relative_to(site.folder.resolve()).as_posix()) if target else site.page(path)
            assert not part or page.find(id=part) is not None, (path, link)
            checked += 1
    assert checked > 50


def test_ids_are_there_once_and_labels_name_what_is_there(site: Site) -> None:
    for path in site.paths:
        page = site.page(path)
        ids = [str(part["id"]) for part in page.select("[id]")]
        assert len(ids) == len(set(ids)), path
        for part in page.select("[aria-labelledby], [aria-describedby]"):
            for attribute in ("aria-labelledby", "aria-describedby"):
                assert set(str(part.get(attribute, "")).split()) <= set(ids), (path, part)


def test_nothing_is_fetched_or_run(site: Site) -> None:
    for path in site.paths:
        page = site.page(path)
        assert not page.select("script, iframe, object, embed, base, form, link[rel=stylesheet]")
        assert all(str(part["src"]).startswith("data:image/png;base64,") for part in page.select("[src]"))
        assert not re.search(r"url\(\s*['\"]?(?!#)", str(page.style))
        handlers = [name for part in page.find_all(True) for name in part.attrs if name.startswith("on")]
        assert not handlers
        assert "default-src 'none'" in str(page.select_one("meta[http-equiv=Content-Security-Policy]"))


def test_pages_have_landmarks_headings_in_order_and_a_way_past_the_navigation(site: Site) -> None:
    for path in site.paths:
        page = site.page(path)
        assert page.html is not None
        assert page.html["lang"] == "en"
        assert [len(page.select(landmark)) for landmark in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
        first = page.select("a[href]")[0]
        assert page.find(id=str(first["href"]).removeprefix("#")) == page.main
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), (path, levels)


def test_tables_have_captions_heads_and_a_region_that_scrolls(site: Site) -> None:
    found = 0
    for path in site.paths:
        captions = [words(caption) for caption in site.page(path).select("caption")]
        assert len(captions) == len(set(captions))
        for table in site.page(path).select("table"):
            assert table.caption is not None
            assert table.parent is not None
            assert (table.parent["role"], table.parent["tabindex"]) == ("region", "0")
            assert all(head["scope"] == "col" for head in table.select("thead th"))
            assert all(len(row.select("th[scope=row]")) == 1 for row in table.select("tbody tr"))
            widths = {len(row.select("th, td")) for row in table.select("tr")}
            assert len(widths) == 1
            found += 1
    assert found > 10


def test_plots_have_a_name_a_description_and_a_table_behind(site: Site) -> None:
    plots = [plot for path in site.paths for plot in site.page(path).select("figure.plot")]
    assert plots
    for plot in plots:
        svg = plot.svg
        assert svg is not None
        assert svg["role"] == "img"
        assert svg.title is not None
        assert len(svg.title.text) > 5
        assert plot.select("details table tbody tr")
        colours = set(re.findall(r"#[0-9a-f]{6}\b|var\(--[a-z]+\)", str(svg)))
        assert colours <= {f"var(--{name})" for name in ("ink", "muted", "line", "accent", "second", "ground")}


def test_the_navigation_says_where_one_is(site: Site) -> None:
    entries = {str(link["href"]) for link in site.page("index.html").select("nav a")}
    for path in site.paths:
        here = [link for link in site.page(path).select("nav a") if link.get("aria-current")]
        assert len(here) == 1, path
        assert here[0]["aria-current"] == ("page" if path in entries else "true")
