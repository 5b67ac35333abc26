"""When it was handed in: as nbgrader's own commands write and read it, and as the class is configured."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.utils import parse_utc

from autograder.course.course import Course
from autograder.handed_in.hand_in_time import ExchangeTimes, read_time
from tests.handed_in.classes import UTC, look

TIMES = {
    "2026-11-23 10:15:11.123456 UTC": datetime(2026, 11, 23, 10, 15, 11, 123456),  # nbgrader collect
    "2026-11-23 10:15:11": datetime(2026, 11, 23, 10, 15, 11),  # nbgrader zip_collect
    "2026-11-23T10:15:11Z": datetime(2026, 11, 23, 10, 15, 11),
    "2026-11-23 10:15:11 Z": datetime(2026, 11, 23, 10, 15, 11),
    "2026-11-23 10:15:11 CET": datetime(2026, 11, 23, 9, 15, 11),
    "2026-07-23 10:15:11 America/Los_Angeles": datetime(2026, 7, 23, 17, 15, 11),
    "2026-11-23": datetime(2026, 11, 23),
    "Mon Nov 23 10:15:11 UTC 2026": datetime(2026, 11, 23, 10, 15, 11),
}
BETTER = {  # nbgrader takes +0900 for 900 seconds, and the afternoon for a zone
    "2026-11-23 10:15:11 +0900": datetime(2026, 11, 23, 1, 15, 11),
    "2026-11-23 10:15 -0530": datetime(2026, 11, 23, 15, 45),
    "2026-11-23 10:15:11 PM": datetime(2026, 11, 23, 22, 15, 11),
}
NO_TIMES = (
    *("1" * 40 + "h.5", "0001-01-01 00:00:00", "9999-12-31 23:59:59", "1999-12-31 00:00:00 UTC", "10:00", "Mon"),
    *("9999-12-31 23:59:59 -1200", "0001-01-01 00:00:00 +1200"),
    *("2026-13-01 00:00:00", "10:00 UTC", "yesterday, I think", "", "\0", "\xff", "UTC", "3"),
)
CLASSES = {
    ("Asia/Tokyo", "2027-07-02 10:00:00.123456 JST"): datetime(2027, 7, 2, 1, 0, 0, 123456),
    ("America/New_York", "2027-07-02 10:00:00 EDT"): datetime(2027, 7, 2, 14),
    ("America/New_York", "2027-01-02 10:00:00 EST"): datetime(2027, 1, 2, 15),
    ("Europe/Berlin", "2027-10-31 02:30:00 CEST"): datetime(2027, 10, 31, 0, 30),  # the hour comes twice
    ("Europe/Berlin", "2027-10-31 02:30:00 CET"): datetime(2027, 10, 31, 1, 30),
    ("Asia/Kolkata", "2027-07-02 10:00:00 IST"): datetime(2027, 7, 2, 4, 30),
}


def test_a_time_is_read_as_nbgrader_reads_it(tmp_path: Path, tiny_course: Course) -> None:
    for text, expected in (TIMES | BETTER).items():
        (tmp_path / "timestamp.txt").write_text(f"{text}\n")
        found = look(tmp_path, tiny_course)
        assert found.timestamp == expected, text
        assert found.nbgraders == parse_utc(text), text
        assert "timestamp" not in " ".join(found.notes), text
        assert (found.timestamp == found.nbgraders) == (text in TIMES), text


def test_what_tells_no_day_is_no_time(tmp_path: Path, tiny_course: Course) -> None:
    for text in NO_TIMES:
        (tmp_path / "timestamp.txt").write_text(text)
        found = look(tmp_path, tiny_course)
        assert found.timestamp is None, text
        assert "timestamp.txt holds no time" in found.notes[-1], text


def test_short_names_of_the_zone_of_the_class_are_known() -> None:
    for (zone, text), expected in CLASSES.items():
        found = read_time(text, ExchangeTimes(zone))
        assert (found.utc, found.note) == (expected, None), text


@pytest.mark.parametrize("zone", ["XYZ", "JST", "US", "/etc/passwd", "../../etc/localtime", "A" * 40])
def test_an_unknown_zone_is_taken_for_utc_as_nbgrader_does_and_told(zone: str) -> None:
    found = read_time(f"2026-11-23 10:15:11 {zone}", UTC)
    assert found.utc == parse_utc("2026-11-23 10:15:11 XYZ") == datetime(2026, 11, 23, 10, 15, 11)
    assert found.note is not None
    assert f"names the zone '{zone}', which isn't known here" in found.note


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d.%m.%Y %H:%M:%S %Z", "02.07.2027 10:00:00 JST"),
        ("%d.%m.%Y %H:%M %z", "02.07.2027 10:00 +0900"),
        ("%d/%m/%Y %I:%M:%S %p", "02/07/2027 01:00:00 AM"),
        ("%Y%m%dT%H%M%S.%f %Z", "20270702T100000.000000 Asia/Tokyo"),
    ],
)
def test_the_format_of_the_class_is_obeyed(form: str, text: str) -> None:
    assert read_time(text, ExchangeTimes("Asia/Tokyo", form)).utc == datetime(2027, 7, 2, 1)
