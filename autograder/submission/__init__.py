"""A submission as it was read: its cells as hostile data, which are the course's, texts that stand elsewhere."""
