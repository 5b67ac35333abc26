"""Which number of the system a person's pods run as: the same in hub and class, and another for each name."""

import hashlib


def number_of(name: str) -> int:
    """A number above those that systems and images give their own accounts. It follows from the name alone."""
    return 1_000_000 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % 2_000_000_000
