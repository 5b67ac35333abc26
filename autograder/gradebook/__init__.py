"""nbgrader's settings and database of a class."""
