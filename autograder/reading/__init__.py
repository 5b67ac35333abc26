"""Free texts, read by a person on a page of this machine, aspect by aspect."""
