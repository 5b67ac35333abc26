"""Read an e-mail with notebooks as its attachments."""

from __future__ import annotations

import email
import email.policy
import email.utils
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

_MOST_PARTS = 200


@dataclass(frozen=True)
class Letter:
    """Who sent an e-mail, as it says itself, and when it was received, in UTC. `by_server`: the time is that of the
    server that delivered it, not of the sender's clock."""

    address: str
    name: str
    when: datetime | None
    by_server: bool = False


def read_letter(data: bytes) -> tuple[Letter, list[tuple[str, bytes]]]:
    """The e-mail, and its attachments with the last part of their names. May raise anything on a broken one."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    name, address = email.utils.parseaddr(str(message["From"] or ""))
    when, by_server = _time(message)
    return Letter(address.casefold(), name, when, by_server), list(_attachments(message))


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return
        name = part.get_filename()
        content = part.get_payload(decode=True)
        if name and isinstance(content, bytes):
            yield name.replace("\\", "/").rpartition("/")[2] or "attachment", content


def _time(message: EmailMessage) -> tuple[datetime | None, bool]:
    """When the last server received it, by the `Received` line that it put on top (RFC 5321, 4.4); else the `Date`,
    which is the sender's own clock."""
    received = message.get_all("Received") or []
    texts = [(str(received[0]).rpartition(";")[2], True)] if received else []
    texts.append((str(message["Date"] or ""), False))
    for text, by_server in texts:
        try:
            when = email.utils.parsedate_to_datetime(" ".join(text.split()))
        except (ValueError, TypeError):
            continue
        utc = when.astimezone(UTC).replace(tzinfo=None, microsecond=0) if when.tzinfo else when.replace(microsecond=0)
        return utc, by_server
    return None, False
