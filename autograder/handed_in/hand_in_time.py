"""When a submission was handed in: timestamp.txt as nbgrader reads it, and right where nbgrader errs.

nbgrader's `collect` writes the time with c.Exchange.timezone and c.Exchange.timestamp_format, and `parse_utc` reads it
without them: it knows a zone's short name, such as JST, only on a machine of that zone, takes "+0900" for 900 seconds
and 02.07. for the 7th of February.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dateutil.parser import parse
from dateutil.tz import gettz

from autograder.files import read_regular
from autograder.handed_in.listing import quoted

TIMESTAMP = "timestamp.txt"
FORMAT = "%Y-%m-%d %H:%M:%S.%f %Z"  # nbgrader's own
_ZONE = re.compile(r"(?!(?:AM|PM)$)[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_YEARS = range(2000, 2200)  # far years overflow in nbgrader's pages
_DEFAULTS = datetime(2001, 1, 1), datetime(2002, 2, 2)
_NO_TIME = (
    f"{TIMESTAMP} holds no time such as 2027-03-02 10:00:00 UTC, so whether it was late isn't known. Correct or "
    "delete the file: nbgrader's pages may not list this assignment until then."
)


@dataclass(frozen=True)
class ExchangeTimes:
    """How the class's nbgrader writes times: c.Exchange.timezone and c.Exchange.timestamp_format."""

    timezone: str = "UTC"
    timestamp_format: str = FORMAT


@dataclass(frozen=True)
class HandInTime:
    """The time in UTC (without a zone, as nbgrader has it), if there is one, and what is to be said about it.
    `nbgraders` is the same time as nbgrader's pages read it on this machine."""

    utc: datetime | None = None
    note: str | None = None
    nbgraders: datetime | None = None


def hand_in_time(folder: Path, times: ExchangeTimes) -> HandInTime:
    """The time in a submission's timestamp.txt; never raises for what lies there."""
    path = folder / TIMESTAMP
    if not os.path.lexists(path):
        return HandInTime()
    try:
        return read_time(read_regular(path, 100).decode().strip(), times)
    except (OSError, ValueError, OverflowError):  # a time at the ends of the calendar is in no year in UTC
        return HandInTime(note=_NO_TIME)


def read_time(text: str, times: ExchangeTimes) -> HandInTime:
    """The time that a text tells. Without a zone it is in UTC, as for nbgrader; a zone that isn't known is told."""
    zones = _Zones(times)
    when = _formatted(text, times.timestamp_format, zones) or _free(text, zones)
    if when is None:
        return HandInTime(note=_NO_TIME)
    note = None
    if zones.unknown:
        note = (
            f"{TIMESTAMP} names the zone {quoted(zones.unknown[0])}, which isn't known here, so its time was taken for "
            "UTC, as nbgrader does. If that is wrong, set c.Exchange.timezone in nbgrader_config.py."
        )
    return HandInTime(when, note, _as_nbgrader(text))


@dataclass(frozen=True)
class _Zones:
    """Knows zones by the names that nbgrader writes, and notes those that it doesn't know."""

    times: ExchangeTimes
    unknown: list[str] = field(default_factory=list)

    def at(self, naive: datetime, name: str) -> datetime | None:
        """The time in UTC of a clock in the zone; None, and noted, if it isn't known."""
        found = self._of_the_class(naive, name)
        if found is None:
            zone = gettz("UTC" if name == "Z" else name) if _ZONE.fullmatch(name) else None
            if zone is None:
                self.unknown.append(name)
                return None
            found = naive.replace(tzinfo=zone)
        return _utc(found)

    def _of_the_class(self, naive: datetime, name: str) -> datetime | None:
        zone = gettz(self.times.timezone)
        for fold in (0, 1):  # of the hour that comes twice when summer ends, the short name tells which
            there = naive.replace(tzinfo=zone, fold=fold)
            if zone is not None and name in (there.tzname(), self.times.timezone):
                return there
        return None


def _formatted(text: str, form: str, zones: _Zones) -> datetime | None:
    """The time in the class's own format, which may end in a zone's name."""
    zone = None
    if form.endswith(" %Z"):
        form = form.removesuffix(" %Z")
        text, _, zone = text.rpartition(" ")
        if not _ZONE.fullmatch(zone):
            return None
    try:
        when = datetime.strptime(text, form)
    except (ValueError, re.error):
        return None
    return _plausible((zones.at(when, zone) if zone else None) or _utc(when))


def _free(text: str, zones: _Zones) -> datetime | None:
    """The time in any form that nbgrader reads and that tells the day."""
    when, zone = _parsed(text)
    if when is None:
        head, _, name = text.rpartition(" ")
        when, zone = _parsed(head)[0], name  # a name such as America/Los_Angeles
    if when is None:
        return None
    return _plausible((zones.at(when, zone) if zone and when.tzinfo is None else None) or _utc(when))


def _parsed(text: str) -> tuple[datetime | None, str | None]:
    """What dateutil reads, and the short name of the zone, which is known elsewhere; no time for a text that leaves out
    the day, which it would fill with today."""
    names: list[str | None] = []

    def zone(name: str | None, offset: int | None) -> int | None:
        names.append(name)
        return offset

    try:
        one, other = (parse(text, default=default, tzinfos=zone) for default in _DEFAULTS)
    except Exception:  # the text is a stranger's: it may fail in any way
        return None, None
    return (one, names[-1] if names else None) if one == other else (None, None)


def _as_nbgrader(text: str) -> datetime | None:
    """`nbgrader.utils.parse_utc`, without the seconds that its import takes; None where it raises."""
    parts = text.split(" ")
    try:
        if len(parts) == 3:
            seconds = re.fullmatch(r"[+-]?\d{1,6}", parts[2])
            zone = int(parts[2]) if seconds else gettz(parts[2]) if _ZONE.fullmatch(parts[2]) else None
            return _utc(parse(" ".join([*parts[:2], "TZ"]), tzinfos={"TZ": zone}))
        return _utc(parse(text, tzinfos=lambda _name, offset: offset))
    except Exception:  # as above
        return None


def _utc(when: datetime) -> datetime:
    return when if when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None)


def _plausible(when: datetime) -> datetime | None:
    return when if when.year in _YEARS else None
