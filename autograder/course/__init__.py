"""A course as its authors write it: `solutions/` read into frozen records. The grader's half of an item is here."""
