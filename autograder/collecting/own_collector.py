"""A collector of nbgrader that a class has in its nbgrader_config.py, for platforms whose names aren't known here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from autograder.collecting.platforms import Claim, stem_of
from autograder.errors import ClassError

if TYPE_CHECKING:
    from traitlets.config.loader import Config

Collector = Callable[[tuple[str, ...]], Claim | None]


def own_collector(config: Config) -> Collector | None:
    """What the class's `c.FileNameCollectorPlugin.named_regexp` or `c.ZipCollectApp.collector_plugin` says of a path;
    None where it sets neither. Raises ClassError for one that can't be used."""
    plugin = config.ZipCollectApp.get("collector_plugin")
    if plugin is None and not config.FileNameCollectorPlugin.get("named_regexp"):
        return None
    from nbgrader.plugins import FileNameCollectorPlugin
    from traitlets.utils.importstring import import_item

    try:
        made = (import_item(plugin) if isinstance(plugin, str) else plugin or FileNameCollectorPlugin)(config=config)
    except Exception as error:  # the class is the instructor's own: it may fail in any way
        raise ClassError(f"c.ZipCollectApp.collector_plugin can't be used: {type(error).__name__}: {error}") from error
    made.log = logging.getLogger(__name__)
    made.log.setLevel(logging.CRITICAL)  # it warns of each file that isn't its own

    def collector(place: tuple[str, ...]) -> Claim | None:
        try:
            found = made.collect("/" + "/".join(place))
        except Exception as error:  # such as a regular expression that is none
            raise ClassError(f"nbgrader's collector of this class fails on {place[-1]}: {error}.") from error
        return _claim(found) if found and found.get("student_id") else None

    return collector


def _claim(found: dict[str, str | None]) -> Claim:
    id = found["student_id"] or ""
    name = " ".join(filter(None, (found.get("first_name"), found.get("last_name"))))
    texts = tuple(text for text in (id, found.get("email"), name) if text)
    when = _time(found.get("timestamp"))
    clock = "the platform's own" if when else ""
    stem = stem_of((found.get("file_id") or "").rpartition("/")[2])
    return Claim("nbgrader's collector", texts, new_id=id, stem=stem, when=when, clock=clock)


def _time(text: str | None) -> datetime | None:
    from nbgrader.utils import parse_utc

    try:
        found = parse_utc(text) if text else None
    except (ValueError, OverflowError):
        return None
    return found if isinstance(found, datetime) else None
