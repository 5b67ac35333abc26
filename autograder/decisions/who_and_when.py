"""Who does something to a class, and when: the only use of the clock, and nothing depends on it."""

from __future__ import annotations

import os
import pwd
from datetime import UTC, datetime

TIME = "%Y-%m-%d %H:%M:%S UTC"


def now() -> str:
    """The time in UTC, as records of a class have it."""
    return datetime.now(UTC).strftime(TIME)


def user_name() -> str:
    """Whose process this is."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # an account that the machine doesn't know, as in a container
        return f"user {os.geteuid()}"
