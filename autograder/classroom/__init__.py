"""A class: its directory, the run that grades it, and nbgrader's database."""
