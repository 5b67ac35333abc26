"""What the runs of grading gave and moved: a record of each, kept in the class."""
