"""What the host orders of the zygote over its control socket, and what the zygote says."""

from __future__ import annotations

import struct

LIMIT, FORK, END, TELL = range(4)  # TELL ends a child as END does, and then says how it ended
READY = b"ready"
ORDER = struct.Struct("<BQ")  # what to do, session (for LIMIT: bytes of address space)
ENDED = struct.Struct("<QiQ")  # session, wait status, peak memory in KiB
