"""Work done by several processes at once."""
